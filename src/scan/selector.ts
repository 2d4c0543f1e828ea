import type { FileInfo, FileSelector, Role, Variant } from '../model/file.js';
import picomatch from 'picomatch';

const defaultRoles: readonly Role[] = ['product', 'test', 'sample', 'script', 'docs', 'ci', 'config', 'template'];
const defaultVariants: readonly Variant[] = ['base', 'production'];

/** Which of many selectors hold for a file, as ascending indexes. */
export type SelectorIndex = (file: FileInfo) => readonly number[];

/** A predicate for one selector: the rules of FileSelector with their defaults. */
export function compileSelector(selector: FileSelector): (file: FileInfo) => boolean {
  const index = indexSelectors([selector]);
  return (file) => index(file).length > 0;
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
  const groups = new Map<string, { always: number[]; excepted: number[]; byPattern: Map<number, number[]> }>();

  const groupOf = (file: FileInfo) => {
    const key = `${file.role} ${file.language} ${file.variant}`;
    let group = groups.get(key);
    if (!group) {
      group = { always: [], excepted: [], byPattern: new Map() };
      for (let s = 0; s < selectors.length; s++) {
        if (!kindHolds(selectors[s]!, file)) continue;
        const own = paths[s];
        if (own) for (const p of own) group.byPattern.set(p, [...(group.byPattern.get(p) ?? []), s]);
        else if (excepts[s]) group.excepted.push(s);
        else group.always.push(s);
      }
      groups.set(key, group);
    }
    return group;
  };

  return (file) => {
    const group = groupOf(file);
    if (group.byPattern.size === 0 && group.excepted.length === 0) return group.always;
    const matched = matching(file.path);
    if (matched.size === 0) return merge(group.always, group.excepted);
    const allowed = (s: number): boolean => !excepts[s]?.some((p) => matched.has(p));
    const chosen = new Set<number>();
    for (const p of matched) for (const s of group.byPattern.get(p) ?? []) if (allowed(s)) chosen.add(s);
    for (const s of group.excepted) if (allowed(s)) chosen.add(s);
    return merge(group.always, [...chosen]);
  };
}

const merge = (a: readonly number[], b: readonly number[]): readonly number[] => (b.length === 0 ? a : [...a, ...b].sort((x, y) => x - y));

function kindHolds(selector: FileSelector, file: FileInfo): boolean {
  return (
    (selector.roles ?? defaultRoles).includes(file.role) &&
    (selector.variants ?? defaultVariants).includes(file.variant) &&
    (!selector.languages || (file.language !== null && selector.languages.includes(file.language)))
  );
}

/** Ids of the patterns that match a path. A pattern without `/` matches at any depth. */
function indexPatterns(patterns: readonly string[]): (path: string) => ReadonlySet<number> {
  const byName = new Map<string, number[]>();
  const byPath = new Map<string, number[]>();
  /** By the text after the last dot of the name; `test` runs for files with this ending only. */
  const byEnding = new Map<string, Tested[]>();
  const byNameTested = new Map<string, Tested[]>();
  const others: Tested[] = [];
  const put = <T>(map: Map<string, T[]>, key: string, value: T): void => void (map.get(key)?.push(value) ?? map.set(key, [value]));

  patterns.forEach((pattern, id) => {
    for (const one of expandBraces(pattern)) {
      const glob = (one.includes('/') ? one : `**/${one}`).replace(/^\.?\//, '');
      const slash = glob.lastIndexOf('/');
      const name = glob.slice(slash + 1);
      const folder = glob.slice(0, slash);
      if (!isGlob(glob)) put(byPath, glob, id);
      else if (folder === '**' && !isGlob(name)) put(byName, name, id);
      else {
        const rest = name.slice(1);
        const plainEnding = name.startsWith('*') && !isGlob(rest) && rest.startsWith('.');
        const test = folder === '**' && plainEnding ? (path: string) => path.endsWith(rest) : globTest(glob);
        if (!isGlob(name)) put(byNameTested, name, { id, test });
        else if (plainEnding) put(byEnding, rest.slice(rest.lastIndexOf('.') + 1), { id, test });
        else others.push({ id, test });
      }
    }
  });

  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const found = new Set<number>();
    for (const id of byPath.get(path) ?? []) found.add(id);
    for (const id of byName.get(name) ?? []) found.add(id);
    const tests = (list: readonly Tested[] | undefined): void => {
      if (list) for (const { id, test } of list) if (!found.has(id) && test(path)) found.add(id);
    };
    tests(byNameTested.get(name));
    tests(byEnding.get(name.slice(name.lastIndexOf('.') + 1)));
    tests(others);
    return found;
  };
}

interface Tested {
  readonly id: number;
  readonly test: (path: string) => boolean;
}

const isGlob = (text: string): boolean => /[*?[\](){}!+@\\]/.test(text);

/** A glob behind the cheapest necessary condition that its fixed parts give. */
function globTest(glob: string): (path: string) => boolean {
  const start = glob.slice(0, glob.search(/[*?[\](){}!+@\\]/));
  const base = start.slice(0, start.lastIndexOf('/') + 1);
  const middle = /^\*\*\/([^*?[\](){}!+@\\]+)\/\*\*$/.exec(glob)?.[1];
  if (middle) return (path) => path.startsWith(`${middle}/`) || path.includes(`/${middle}/`);
  const namePrefix = /^\*\*\/([^*?[\](){}!+@\\/]+)\*$/.exec(glob)?.[1];
  if (namePrefix) return (path) => path.startsWith(namePrefix, path.lastIndexOf('/') + 1);
  const part = [...glob.matchAll(/[^*?[\](){}!+@\\/]{3,}/g)].map((m) => m[0]).sort((a, b) => b.length - a.length)[0] ?? '';
  const needed = /[[\](){}!+@\\?]/.test(glob) ? '' : part;
  let match: ((path: string) => boolean) | null = null;
  return (path) => path.startsWith(base) && path.includes(needed) && (match ??= picomatch(glob, { dot: true }))(path);
}

/** `a.{yml,yaml}` to `a.yml`, `a.yaml`; at most 64 results, else the pattern as it is. */
export function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0) {
    if (done.length + open.length > 64) return [pattern];
    const next = open.pop()!;
    const braces = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (!braces) done.push(next);
    else
      for (const option of braces[1]!.split(','))
        open.push(next.slice(0, braces.index) + option + next.slice(braces.index + braces[0].length));
  }
  return [...new Set(done.reverse())];
}
