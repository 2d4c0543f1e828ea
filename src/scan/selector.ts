import type { FileInfo, FileSelector, Role, Variant } from '../model/file.js';
import { compileGlob, isGlob, pathMatcher, wholePaths } from '../safe/glob.js';

const defaultRoles: readonly Role[] = ['product', 'test', 'sample', 'script', 'docs', 'ci', 'config', 'template'];
const defaultVariants: readonly Variant[] = ['base', 'production'];

/** Which of many selectors hold for a file, as indexes. */
export interface Holding {
  /** Those that hold for every file of its role, language and variant: the same list for all of them. */
  readonly always: readonly number[];
  /** Those that its path adds. */
  readonly more: readonly number[];
}

/** Files of one kind that match the same patterns get the same object. */
export type SelectorIndex = (file: FileInfo) => Holding;

/** A predicate for one selector: the rules of FileSelector with their defaults. For many selectors at once use `indexSelectors`. */
export function compileSelector(selector: FileSelector): (file: FileInfo) => boolean {
  const paths = selector.paths?.map(pathMatcher);
  const except = selector.except?.map(pathMatcher) ?? [];
  return (file) => {
    const matches = (test: (path: string) => boolean): boolean => test(file.path);
    return kindHolds(selector, file) && (!paths || paths.some(matches)) && !except.some(matches);
  };
}

/**
 * An index over many selectors. Role, language and variant are decided once for each combination; paths by tables of
 * names, endings and whole paths, so that a file meets only the few globs that could match it.
 */
export function indexSelectors(selectors: readonly FileSelector[]): SelectorIndex {
  const patterns = new Map<string, number>();
  const idOf = (pattern: string): number => {
    const known = patterns.get(pattern);
    if (known !== undefined) return known;
    patterns.set(pattern, patterns.size);
    return patterns.size - 1;
  };
  const paths = selectors.map((s) => (s.paths ? s.paths.map(idOf) : null));
  const excepts = selectors.map((s) => (s.except && s.except.length > 0 ? s.except.map(idOf) : null));
  const matching = indexPatterns([...patterns.keys()]);
  const groups = new Map<string, Group>();

  const groupOf = (file: FileInfo): Group => {
    const key = `${file.role} ${file.language} ${file.variant}`;
    let group = groups.get(key);
    if (!group) {
      group = { always: [], excepted: [], byPattern: new Map(), known: new Map() };
      for (let s = 0; s < selectors.length; s++) {
        if (!kindHolds(selectors[s]!, file)) continue;
        const own = paths[s];
        if (own)
          for (const p of own) {
            const list = group.byPattern.get(p);
            if (list) list.push(s);
            else group.byPattern.set(p, [s]);
          }
        else if (excepts[s]) group.excepted.push(s);
        else group.always.push(s);
      }
      groups.set(key, group);
    }
    return group;
  };

  return (file) => {
    const group = groupOf(file);
    const matched = group.byPattern.size === 0 && group.excepted.length === 0 ? nothing : matching(file.path);
    const key = [...matched].join();
    let holding = group.known.get(key);
    if (!holding) group.known.set(key, (holding = { always: group.always, more: addedIn(group, matched) }));
    return holding;
  };

  function addedIn(group: Group, matched: ReadonlySet<number>): readonly number[] {
    const allowed = (s: number): boolean => !excepts[s]?.some((p) => matched.has(p));
    const chosen = new Set<number>();
    for (const p of matched) for (const s of group.byPattern.get(p) ?? []) if (allowed(s)) chosen.add(s);
    for (const s of group.excepted) if (allowed(s)) chosen.add(s);
    return [...chosen];
  }
}

const nothing: ReadonlySet<number> = new Set();

/** Selectors that hold for one combination of role, language and variant: for any path, for any but some, for some. */
interface Group {
  readonly always: number[];
  readonly excepted: number[];
  readonly byPattern: Map<number, number[]>;
  /** By the patterns that a path matches. */
  readonly known: Map<string, Holding>;
}

function kindHolds(selector: FileSelector, file: FileInfo): boolean {
  return (
    (selector.roles ?? defaultRoles).includes(file.role) &&
    (selector.variants ?? defaultVariants).includes(file.variant) &&
    (!selector.languages || (file.language !== null && selector.languages.includes(file.language)))
  );
}

interface Tested {
  readonly id: number;
  readonly test: (path: string) => boolean;
}

/** Globs in drawers by a fixed part that a path must have, so that a path meets few of them. */
class Drawers {
  readonly #map = new Map<string, Tested[]>();

  add(key: string, tested: Tested): void {
    const list = this.#map.get(key);
    if (list) list.push(tested);
    else this.#map.set(key, [tested]);
  }

  find(key: string, path: string, found: Set<number>): void {
    const list = this.#map.get(key);
    if (list) for (const { id, test } of list) if (!found.has(id) && test(path)) found.add(id);
  }
}

const ending = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Ids of the patterns that match a path. A pattern without `/` matches at any depth. */
function indexPatterns(patterns: readonly string[]): (path: string) => ReadonlySet<number> {
  const byPath = new Drawers();
  const byName = new Drawers();
  const byEnding = new Drawers();
  const byStart = new Drawers();
  const byFolder = new Drawers();
  const byTop = new Drawers();
  const others = new Drawers();

  const file = (glob: string, id: number): void => {
    const slash = glob.lastIndexOf('/');
    const name = glob.slice(slash + 1);
    const anywhere = glob.slice(0, slash) === '**';
    const rest = name.slice(1);
    const fixedEnding = /\.([^.*?[\](){}!+@\\]+)$/.exec(name)?.[1];
    const top = /^[^/*?[\](){}!+@\\]+(?=\/)/.exec(glob)?.[0];
    const folder = /^\*\*\/([^/*?[\](){}!+@\\]+)\//.exec(glob)?.[1];
    const start = /^[^*?[\](){}!+@\\]{2}/.exec(name)?.[0];
    if (!isGlob(glob)) byPath.add(glob, { id, test: compileGlob(glob) });
    else if (!isGlob(name)) byName.add(name, { id, test: compileGlob(glob) });
    else if (name.startsWith('*.') && !isGlob(rest)) byEnding.add(ending(rest), { id, test: compileGlob(glob) });
    else if (fixedEnding) byEnding.add(fixedEnding, { id, test: compileGlob(glob) });
    else if (top) byTop.add(top, { id, test: compileGlob(glob) });
    else if (folder) byFolder.add(folder, { id, test: compileGlob(glob) });
    else if (anywhere && start) byStart.add(start, { id, test: compileGlob(glob) });
    else others.add('', { id, test: compileGlob(glob) });
  };
  patterns.forEach((pattern, id) => {
    for (const glob of wholePaths(pattern)) file(glob, id);
  });

  return (path) => {
    const parts = path.split('/');
    const name = parts.at(-1)!;
    const found = new Set<number>();
    byPath.find(path, path, found);
    byName.find(name, path, found);
    byEnding.find(ending(name), path, found);
    byStart.find(name.slice(0, 2), path, found);
    byTop.find(parts[0]!, path, found);
    for (let i = 0; i < parts.length - 1; i++) byFolder.find(parts[i]!, path, found);
    others.find('', path, found);
    return found;
  };
}
