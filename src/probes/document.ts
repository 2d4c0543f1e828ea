import type { Document, Item } from '../model/document.js';
import type { Evidence, Judgement } from '../model/evidence.js';
import type { FileSelector, Place } from '../model/file.js';
import type { Probe, View } from '../model/probe.js';
import type { Query } from '../model/query.js';
import { keptPlaces, liveRoles, missing, oncePer, plural, say, selectorOf, type Where } from './common.js';

export interface DocumentParams extends Where {
  kind: string;
  select?: string;
  where?: string;
  require?: string;
  find?: string;
  empty?: 'yes' | 'no' | 'unknown' | 'not-applicable';
  failing?: 'violation' | 'missing';
  message?: string;
}

/** One value to judge: `doc` is the whole document, or all items of the concept. */
interface Value {
  readonly item: unknown;
  readonly doc: unknown;
  readonly place: Place;
}

/** Formats of which a repository may hold thousands of files; where a check names paths, only those are parsed. */
const generalFormats = new Set(['json', 'yaml', 'toml', 'ini', 'xml', 'properties']);

/**
 * Facts + `select` + `require` | `find`: every value must satisfy `require` (one that doesn't is a violation at its place),
 * or at least one must satisfy `find`. A CEL error on a value makes that value undecided.
 */
export const document: Probe<DocumentParams> = {
  name: 'document',
  queries: (params) => [query(params)],
  judge(params, view) {
    const values = valuesOf(params, view);
    if (values.length === 0 && (params.find === undefined || problemsOf(params, view).length > 0)) return nothing(params, view);
    return params.require !== undefined ? every(params, values, view) : some(params, values, view);
  },
};

const query = oncePer((params: DocumentParams): Query => ({
  type: 'kind',
  kind: params.kind,
  ...(generalFormats.has(params.kind) && params.paths ? { paths: [params.paths].flat() } : {}),
}));

function valuesOf(params: DocumentParams, view: View): Value[] {
  const selects = view.selects(selector(params));
  const values: Value[] = [];
  const items = itemsOf(params, view);
  for (const item of items) values.push({ item, doc: items, place: { path: item.path, line: item.line } });
  for (const doc of view.documents(params.kind)) if (selects(doc.path)) values.push(...selected(params, doc, view));
  if (params.where === undefined) return values;
  const where = params.where;
  return values.filter((v) => test(where, v, view) !== false);
}

/** By all items of a kind in a view and by selector, since many leaves ask for the same ones. */
const selectedItems = new WeakMap<readonly Item[], Map<string, readonly Item[]>>();

/** The items that the parameters select; the same list for the same selection, which is what `doc` is remembered by. */
function itemsOf(params: DocumentParams, view: View): readonly Item[] {
  const all = view.items(params.kind);
  if (all.length === 0) return all;
  let known = selectedItems.get(all);
  if (!known) selectedItems.set(all, (known = new Map()));
  let items = known.get(selectorKey(params));
  if (!items) {
    const selects = view.selects(selector(params));
    const { variants } = selector(params);
    const inVariant = (variant: unknown): boolean => typeof variant !== 'string' || (variants as readonly string[]).includes(variant);
    known.set(selectorKey(params), (items = all.filter((i) => selects(i.path) && inVariant(i.variant))));
  }
  return items;
}

const selectorKey = oncePer((params: DocumentParams): string => JSON.stringify(selector(params)));

const selector = oncePer((params: DocumentParams): FileSelector => selectorOf(params, params.in ? [] : liveRoles));

function selected(params: DocumentParams, doc: Document, view: View): Value[] {
  if (params.select === undefined) return [{ item: doc.root, doc: doc.root, place: doc.place([]) }];
  return view.select(params.select, doc.root).map(({ value, location }) => ({ item: value, doc: doc.root, place: doc.place(location) }));
}

/** Only of the files that were asked for: an unreadable tsconfig.json says nothing about package.json. */
function problemsOf(params: DocumentParams, view: View): ReturnType<View['problems']> {
  const problems = view.problems(params.kind);
  if (problems.length === 0) return problems;
  const selects = view.selects(selector(params));
  return problems.filter((p) => selects(p.path));
}

/** true, false, or undefined where the expression cannot be evaluated for this value. */
function test(expression: string, value: Value, view: View): boolean | undefined {
  try {
    return view.cel(expression, variables(value, view)) === true;
  } catch {
    return undefined;
  }
}

const variables = (value: Value, view: View): Record<string, unknown> => ({
  item: value.item,
  doc: value.doc,
  file: value.place.path,
  line: value.place.line ?? 0,
  git: view.git,
});

function nothing(params: DocumentParams, view: View): Judgement {
  const problems = problemsOf(params, view);
  if (problems.length > 0)
    return {
      answer: 'unknown',
      evidence: problems.slice(0, keptPlaces).map((p) => evidence('unknown', false, p, `could not be read: ${p.message}`)),
    };
  const answer = params.empty ?? 'unknown';
  return { answer, evidence: answer === 'not-applicable' ? [] : [{ ...missing('document', `no ${params.kind} found to judge`), answer }] };
}

function every(params: DocumentParams, values: readonly Value[], view: View): Judgement {
  const expression = params.require as string;
  const judged = values.map((value) => ({ value, holds: test(expression, value, view) }));
  const of = (answer: boolean | undefined) => judged.filter((j) => j.holds === answer).map((j) => j.value);
  const good = of(true);
  const counts = { held: good.length, total: values.length };
  const broken = of(false);
  if (broken.length > 0)
    return {
      answer: 'no',
      evidence: broken.map((v) =>
        evidence(
          'no',
          params.failing !== 'missing',
          v.place,
          say(view, params.message, `does not satisfy ${expression}`, variables(v, view)),
          v,
        ),
      ),
      ...counts,
    };
  const undecided = of(undefined);
  if (undecided.length > 0)
    return {
      answer: 'unknown',
      evidence: undecided.slice(0, keptPlaces).map((v) => evidence('unknown', false, v.place, `cannot be judged: ${expression}`)),
    };
  const kept = good
    .slice(0, keptPlaces)
    .map((v, n) => evidence('yes', false, v.place, n === 0 ? `${describe(v)} is as required` : describe(v)));
  return { answer: 'yes', evidence: summarise(kept, values.length), ...counts };
}

function some(params: DocumentParams, values: readonly Value[], view: View): Judgement {
  const expression = params.find as string;
  const hits: Value[] = [];
  let undecided: Value | undefined;
  for (const value of values) {
    const holds = test(expression, value, view);
    if (holds === true) hits.push(value);
    else if (holds === undefined) undecided ??= value;
    // What is kept is enough, where only the first places are told.
    if (hits.length > keptPlaces) break;
  }
  if (hits.length > 0)
    return {
      answer: 'yes',
      evidence: hits
        .slice(0, keptPlaces)
        .map((v) => evidence('yes', false, v.place, say(view, params.message, describe(v), variables(v, view)), v)),
    };
  if (undecided) return { answer: 'unknown', evidence: [evidence('unknown', false, undecided.place, `cannot be judged: ${expression}`)] };
  return {
    answer: 'no',
    evidence: [
      missing(
        'document',
        values.length === 0
          ? `no ${params.kind} found`
          : `none of ${plural(values.length, params.kind.replace(/s$/, ''))} has what was looked for`,
      ),
    ],
  };
}

function evidence(answer: Evidence['answer'], violation: boolean, place: Place, message: string, value?: Value): Evidence {
  const excerpt =
    value && typeof (value.item as Item | null)?.text === 'string' ? String((value.item as Item).text).slice(0, 120) : undefined;
  return { probe: 'document', answer, violation, location: place, ...(excerpt ? { excerpt } : {}), message };
}

/** A short name for the value: its own name where it has one. */
function describe(value: Value): string {
  const item = value.item as Record<string, unknown> | null;
  if (item && typeof item === 'object')
    for (const key of ['name', 'key', 'header', 'route', 'job', 'heading', 'technology', 'step'])
      if (typeof item[key] === 'string' && item[key]) return String(item[key]).slice(0, 80);
  return value.place.path;
}

function summarise(good: readonly Evidence[], total: number): Evidence[] {
  const kept = good.slice(0, keptPlaces);
  return total > keptPlaces && kept[0]
    ? [{ ...kept[0], message: `${plural(total, 'value')} judged, all as required` }, ...kept.slice(1)]
    : [...kept];
}
