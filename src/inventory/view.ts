import type { Item } from '../model/document.js';
import type { Evidence } from '../model/evidence.js';
import type { Facts } from '../model/facts.js';
import { queryKey } from '../model/facts.js';
import type { FileInfo, FileSelector } from '../model/file.js';
import type { GitFacts, View } from '../model/probe.js';
import type { Match, Query } from '../model/query.js';
import { compileCel } from '../safe/cel.js';
import { pathMatcher } from '../safe/glob.js';
import { renderMessage } from '../safe/message.js';
import { compileJsonPath } from '../safe/jsonpath.js';

/** What a view adds to the facts: whose it is, what belongs to it, and what is known of it. */
export interface ViewParts {
  readonly facts: Facts;
  readonly git: GitFacts;
  readonly deployable: string | null;
  /** The part of the repository that is seen; absent: all of it. */
  readonly share?: Share;
  /** Items that name a deployable themselves (workloads) override their path. */
  readonly ownsItem?: (kind: string, item: Item) => boolean | undefined;
  readonly uses?: ReadonlyMap<string, readonly Evidence[]>;
  readonly has?: ReadonlyMap<string, readonly Evidence[]>;
  readonly passes?: (id: string) => boolean;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly today: string;
}

/** Which deployables each path belongs to: `ownersOf` gives their roots, null for what all of them share; equal answers are one object. */
export interface Partition {
  readonly ownersOf: (path: string) => readonly string[] | null;
  /** Lists by owners, remembered for each list, since every deployable asks for the same ones. */
  readonly groups: WeakMap<readonly { readonly path: string }[], Map<readonly string[] | null, readonly number[]>>;
}

/** One deployable's share of a partition. */
export interface Share {
  readonly partition: Partition;
  readonly owner: string;
}

/** The members of a list that belong to the share, and those that are shared, in the order of the list. */
export function ofShare<T extends { readonly path: string }>(list: readonly T[], share: Share | undefined): readonly T[] {
  if (!share || list.length === 0) return list;
  const { groups, ownersOf } = share.partition;
  let byOwners = groups.get(list);
  if (!byOwners) {
    const made = new Map<readonly string[] | null, number[]>();
    list.forEach(({ path }, index) => {
      const owners = ownersOf(path);
      const group = made.get(owners);
      if (group) group.push(index);
      else made.set(owners, [index]);
    });
    groups.set(list, (byOwners = made));
  }
  const mine = [...byOwners].filter(([owners]) => owners === null || owners.includes(share.owner)).map(([, group]) => group);
  const indexes = mine.length === 1 ? mine[0]! : mine.flat().sort((a, b) => a - b);
  return indexes.length === list.length ? list : indexes.map((index) => list[index] as T);
}

/** Caches that all views over the same facts share. */
interface Caches {
  readonly byPath: ReadonlyMap<string, FileInfo>;
  /** By selector (as JSON): which of the paths that were asked about it selects. */
  readonly selected: Map<string, Map<string, boolean>>;
  /** By selector (as JSON): the files that it selects. */
  readonly files: Map<string, readonly FileInfo[]>;
  readonly lines: readonly Counted[];
}

const fileCaches = new WeakMap<Facts, Caches>();

function cachesOf(facts: Facts): Caches {
  let caches = fileCaches.get(facts);
  if (!caches) {
    caches = {
      byPath: new Map(facts.files.map((f) => [f.path, f])),
      selected: new Map(),
      files: new Map(),
      lines: [...facts.linesByFile].map(([path, lines]) => ({ path, lines })),
    };
    fileCaches.set(facts, caches);
  }
  return caches;
}

/** The facts as one deployable (or the repository) sees them. Pure; results are memoised by query, kind and selector. */
export function makeView(parts: ViewParts): View {
  const { facts } = parts;
  const caches = cachesOf(facts);
  const memo = new Map<string, unknown>();
  const once = <T>(key: string, make: () => T): T => {
    if (!memo.has(key)) memo.set(key, make());
    return memo.get(key) as T;
  };
  const mine = <T extends { readonly path: string }>(list: readonly T[] | undefined): readonly T[] => ofShare(list ?? [], parts.share);
  const itemsOf = (kind: string): readonly Item[] => {
    const { ownsItem } = parts;
    const all = facts.items.get(kind) ?? [];
    if (!ownsItem) return mine(all);
    const byPath = new Set(mine(all));
    return all.filter((item) => ownsItem(kind, item) ?? byPath.has(item));
  };
  const selects = new Map<FileSelector, (path: string) => boolean>();
  const matches = new Map<Query, readonly Match[]>();
  const uses = new Set(parts.uses?.keys() ?? []);
  const has = new Set(parts.has?.keys() ?? []);
  return {
    deployable: parts.deployable,
    uses,
    has,
    git: parts.git,
    because: (id) => parts.uses?.get(id) ?? parts.has?.get(id) ?? [],
    file: (path) => caches.byPath.get(path),
    matches: (query) => {
      let found = matches.get(query);
      if (!found) matches.set(query, (found = mine(facts.matches.get(queryKey(query)))));
      return found;
    },
    documents: (kind) => once(`d${kind}`, () => mine(facts.documents.get(kind))),
    items: (kind) =>
      once(`i${kind}`, () => (kind === 'languages' ? languagesOf(caches.byPath, mine(caches.lines), caches.lines) : itemsOf(kind))),
    problems: (kind) => once(`p${kind}`, () => mine(facts.problems.get(kind))),
    files: (selector) => once(`f${JSON.stringify(selector)}`, () => mine(filesOf(facts, caches, selector))),
    selects: (selector) => {
      let test = selects.get(selector);
      if (!test) selects.set(selector, (test = pathTest(caches, selector, parts.share)));
      return test;
    },
    ...expressions(uses, has, parts),
    select: (path, root) => compileJsonPath(path).select(root as never),
  };
}

/** The same view once more is known of it; memoised answers are shared. */
export function withTraits(
  view: View,
  has: ReadonlyMap<string, readonly Evidence[]>,
  uses: ReadonlyMap<string, readonly Evidence[]>,
  today: string,
): View {
  const held = new Set(has.keys());
  const used = new Set(uses.keys());
  return { ...view, has: held, uses: used, because: (id) => uses.get(id) ?? has.get(id) ?? [], ...expressions(used, held, { today }) };
}

/** The same view with a check's parameters and `passes()`; memoised answers are shared. */
export function withParams(view: View, parts: Pick<ViewParts, 'params' | 'passes' | 'today'> & Pick<View, 'measured'>): View {
  return { ...view, ...expressions(view.uses, view.has, parts), ...(parts.measured ? { measured: parts.measured } : {}) };
}

function expressions(
  uses: ReadonlySet<string>,
  has: ReadonlySet<string>,
  parts: Pick<ViewParts, 'params' | 'passes' | 'today'>,
): Pick<View, 'cel' | 'render'> {
  const known = { uses, has, param: parts.params ?? {}, passes: parts.passes ?? (() => false), today: parts.today };
  return {
    cel: (expression, variables = {}) => compileCel(expression).evaluate(variables, known),
    render: (template, variables = {}) => renderMessage(template, { ...known, ...variables }),
  };
}

interface Counted {
  readonly path: string;
  readonly lines: number;
}

/**
 * Product lines by language (terms: MAIN LANGUAGE): `{language, lines, share, total, repository}`, the place is the largest file;
 * `repository` is the total of all deployables.
 */
function languagesOf(byPath: ReadonlyMap<string, FileInfo>, counted: readonly Counted[], everywhere: readonly Counted[]): Item[] {
  const lines = new Map<string, { lines: number; path: string; largest: number }>();
  for (const { path, lines: count } of counted) {
    const file = byPath.get(path);
    if (!file?.language) continue;
    const name = ({ tsx: 'typescript' } as Record<string, string>)[file.language] ?? file.language;
    const entry = lines.get(name) ?? { lines: 0, path, largest: 0 };
    entry.lines += count;
    if (count > entry.largest) Object.assign(entry, { largest: count, path });
    lines.set(name, entry);
  }
  const total = [...lines.values()].reduce((sum, l) => sum + l.lines, 0);
  const repository = everywhere.reduce((sum, { path, lines: count }) => (byPath.get(path)?.language ? sum + count : sum), 0);
  return [...lines]
    .sort(([a, x], [b, y]) => y.lines - x.lines || (a < b ? -1 : 1))
    .map(([language, l]) => ({ path: l.path, line: 1, language, lines: l.lines, share: total ? l.lines / total : 0, total, repository }));
}

/** All files that a selector selects; the same list for all deployables, so that it is parted once. */
function filesOf(facts: Facts, { files }: Caches, selector: FileSelector): readonly FileInfo[] {
  const key = JSON.stringify(selector);
  let selected = files.get(key);
  if (!selected) files.set(key, (selected = facts.files.filter(matcherOf(selector))));
  return selected;
}

/** Whether a selector holds for a path in the share; each path is matched once for all deployables. */
function pathTest({ byPath, selected }: Caches, selector: FileSelector, share: Share | undefined): (path: string) => boolean {
  const key = JSON.stringify(selector);
  let known = selected.get(key);
  if (!known) selected.set(key, (known = new Map()));
  const answers = known;
  const holds = matcherOf(selector);
  return (path) => {
    let answer = answers.get(path);
    if (answer === undefined) {
      const file = byPath.get(path);
      answers.set(path, (answer = file !== undefined && holds(file)));
    }
    if (!answer || !share) return answer;
    const owners = share.partition.ownersOf(path);
    return owners === null || owners.includes(share.owner);
  };
}

function matcherOf(selector: FileSelector): (file: FileInfo) => boolean {
  const paths = selector.paths?.map(pathMatcher);
  const except = selector.except?.map(pathMatcher);
  return (file) =>
    (!selector.roles?.length || selector.roles.includes(file.role)) &&
    (!selector.languages || (file.language !== null && selector.languages.includes(file.language))) &&
    (!selector.variants || selector.variants.includes(file.variant)) &&
    (!paths || paths.some((p) => p(file.path))) &&
    !except?.some((p) => p(file.path));
}
