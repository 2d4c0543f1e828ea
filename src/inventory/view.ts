import picomatch from 'picomatch';
import type { Document, Item } from '../model/document.js';
import type { Evidence } from '../model/evidence.js';
import type { Facts } from '../model/facts.js';
import { queryKey } from '../model/facts.js';
import type { FileInfo, FileSelector, Place } from '../model/file.js';
import type { GitFacts, View } from '../model/probe.js';
import type { Match, Query } from '../model/query.js';
import { compileCel } from '../safe/cel.js';
import { renderMessage } from '../safe/message.js';
import { compileJsonPath } from '../safe/jsonpath.js';

/** What a view adds to the facts: whose it is, what belongs to it, and what is known of it. */
export interface ViewParts {
  readonly facts: Facts;
  readonly git: GitFacts;
  readonly deployable: string | null;
  /** Does a file (or an item at that path) belong here? */
  readonly owns: (path: string) => boolean;
  /** Items that name a deployable themselves (workloads) override their path. */
  readonly ownsItem?: (kind: string, item: Item) => boolean | undefined;
  readonly uses?: ReadonlyMap<string, readonly Evidence[]>;
  readonly has?: ReadonlyMap<string, readonly Evidence[]>;
  readonly passes?: (id: string) => boolean;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly today: string;
}

/** Caches that all views over the same facts share. */
const fileCaches = new WeakMap<Facts, { byPath: Map<string, FileInfo>; selected: Map<string, FileInfo[]> }>();

function cachesOf(facts: Facts) {
  let caches = fileCaches.get(facts);
  if (!caches) {
    caches = { byPath: new Map(facts.files.map((f) => [f.path, f])), selected: new Map() };
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
  const uses = new Set(parts.uses?.keys() ?? []);
  const has = new Set(parts.has?.keys() ?? []);
  return {
    deployable: parts.deployable,
    uses,
    has,
    git: parts.git,
    because: (id) => parts.uses?.get(id) ?? parts.has?.get(id) ?? [],
    file: (path) => caches.byPath.get(path),
    matches: (query: Query) => {
      const key = queryKey(query);
      return once(`m${key}`, () => (facts.matches.get(key) ?? ([] as readonly Match[])).filter((m) => parts.owns(m.path)));
    },
    documents: (kind) =>
      once(`d${kind}`, () => (facts.documents.get(kind) ?? ([] as readonly Document[])).filter((d) => parts.owns(d.path))),
    items: (kind) =>
      kind === 'languages'
        ? once('languages', () => languagesOf(facts, parts.owns))
        : once(`i${kind}`, () =>
            (facts.items.get(kind) ?? ([] as readonly Item[])).filter((i) => parts.ownsItem?.(kind, i) ?? parts.owns(i.path)),
          ),
    problems: (kind) =>
      once(`p${kind}`, () =>
        (facts.problems.get(kind) ?? ([] as readonly (Place & { message: string })[])).filter((p) => parts.owns(p.path)),
      ),
    files: (selector) =>
      once(`f${JSON.stringify(selector)}`, () => {
        const key = JSON.stringify(selector);
        let all = caches.selected.get(key);
        if (!all) caches.selected.set(key, (all = facts.files.filter(matcherOf(selector))));
        return all.filter((f) => parts.owns(f.path));
      }),
    ...expressions(uses, has, parts),
    select: (path, root) => compileJsonPath(path).select(root as never),
  };
}

/** The same view with a check's parameters and `passes()`; memoised answers are shared. */
export function withParams(view: View, parts: Pick<ViewParts, 'params' | 'passes' | 'today'>): View {
  return { ...view, ...expressions(view.uses, view.has, parts) };
}

function expressions(
  uses: ReadonlySet<string>,
  has: ReadonlySet<string>,
  parts: Pick<ViewParts, 'params' | 'passes' | 'today'>,
): Pick<View, 'cel' | 'render'> {
  const known = { uses, has, param: parts.params ?? {}, passes: parts.passes ?? (() => false), today: parts.today };
  return {
    cel: (expression, variables = {}) => compileCel(expression).evaluate({ ...known, ...variables }),
    render: (template, variables = {}) => renderMessage(template, { ...known, ...variables }),
  };
}

/** Product lines by language (terms: MAIN LANGUAGE): `{language, lines, share, total}`, the place is the largest file. */
function languagesOf(facts: Facts, owns: (path: string) => boolean): Item[] {
  const { byPath } = cachesOf(facts);
  const lines = new Map<string, { lines: number; path: string; largest: number }>();
  for (const [path, count] of facts.linesByFile) {
    const file = byPath.get(path);
    if (!file?.language || !owns(path)) continue;
    const name = ({ tsx: 'typescript' } as Record<string, string>)[file.language] ?? file.language;
    const entry = lines.get(name) ?? { lines: 0, path, largest: 0 };
    entry.lines += count;
    if (count > entry.largest) Object.assign(entry, { largest: count, path });
    lines.set(name, entry);
  }
  const total = [...lines.values()].reduce((sum, l) => sum + l.lines, 0);
  return [...lines]
    .sort(([a, x], [b, y]) => y.lines - x.lines || (a < b ? -1 : 1))
    .map(([language, l]) => ({ path: l.path, line: 1, language, lines: l.lines, share: total ? l.lines / total : 0, total }));
}

function matcherOf(selector: FileSelector): (file: FileInfo) => boolean {
  const paths = selector.paths?.map(glob);
  const except = selector.except?.map(glob);
  return (file) =>
    (!selector.roles?.length || selector.roles.includes(file.role)) &&
    (!selector.languages || (file.language !== null && selector.languages.includes(file.language))) &&
    (!selector.variants || selector.variants.includes(file.variant)) &&
    (!paths || paths.some((p) => p(file.path))) &&
    !except?.some((p) => p(file.path));
}

/** A pattern without a slash matches at any depth. */
const glob = (pattern: string): ((path: string) => boolean) => picomatch(pattern.includes('/') ? pattern : `**/${pattern}`, { dot: true });
