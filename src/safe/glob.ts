import picomatch from 'picomatch';

/** A pattern as whole-path globs without braces; one without `/` matches at any depth. */
export const wholePaths = (pattern: string): string[] =>
  expandBraces(pattern).map((one) => (one.includes('/') ? one : `**/${one}`).replace(/^\.?\//, ''));

export const isGlob = (text: string): boolean => /[*?[\](){}!+@\\]/.test(text);

/** A glob, behind the fixed folders that it starts with; the commonest forms without a regular expression. */
export function compileGlob(glob: string): (path: string) => boolean {
  if (!isGlob(glob)) return (path) => path === glob;
  const name = /^\*\*\/([^*?[\](){}!+@\\/]+)$/.exec(glob)?.[1];
  if (name) return (path) => path.endsWith(name) && (path.length === name.length || path.charAt(path.length - name.length - 1) === '/');
  const suffix = /^\*\*\/\*(\.[^*?[\](){}!+@\\/]+)$/.exec(glob)?.[1];
  if (suffix) return (path) => path.endsWith(suffix);
  const start = glob.slice(0, glob.search(/[*?[\](){}!+@\\]/));
  const base = start.slice(0, start.lastIndexOf('/') + 1);
  const middle = /^\*\*\/([^*?[\](){}!+@\\]+)\/\*\*$/.exec(glob)?.[1];
  if (middle) return (path) => `/${path}/`.includes(`/${middle}/`);
  const prefix = /^\*\*\/([^*?[\](){}!+@\\/]+)\*$/.exec(glob)?.[1];
  if (prefix) return (path) => path.startsWith(prefix, path.lastIndexOf('/') + 1);
  let match: ((path: string) => boolean) | null = null;
  // The longest fixed part is looked for first: most paths end there.
  const fixed = /[[\](){}!+@\\]/.test(glob) ? '' : longest(glob.split(/[*?]+\/?/));
  return (path) => path.startsWith(base) && path.includes(fixed) && (match ??= plainGlob(glob) ?? picomatch(glob, { dot: true }))(path);
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

const longest = (texts: readonly string[]): string => texts.reduce((best, text) => (text.length > best.length ? text : best), '');

/** A glob of nothing but names, `?`, `*` and `**`, as picomatch reads it with `dot: true`; compiling it takes a fiftieth of the time. */
export function plainGlob(glob: string): ((path: string) => boolean) | null {
  if (/[[\](){}!+@\\]/.test(glob)) return null;
  const parts = glob.split('/');
  if (parts.some((part) => part.includes('**') && part !== '**')) return null;
  const source = parts
    .map((part, i) => {
      const last = i === parts.length - 1;
      if (part === '**') return last ? '.*' : '(?:[^/]+/)*';
      const name = part
        .replace(/[.^$|]/g, '\\$&')
        .replace(/\?/g, '[^/]')
        .replace(/\*/g, '[^/]*');
      return `${name}${last ? '' : '/'}`;
    })
    .join('')
    // `a/**` holds for `a` too, `a*/**` does not.
    .replace(/(?<=[^/*])\/\.\*$/, '(?:/.*)?');
  // `**/name` asks for the last part of the path alone.
  if (parts.length === 2 && parts[0] === '**' && parts[1] !== '**') {
    const name = new RegExp(source.replace('(?:[^/]+/)*', '^') + '$');
    return (path) => name.test(path.slice(path.lastIndexOf('/') + 1));
  }
  const regex = new RegExp(`^${source}$`);
  return (path) => regex.test(path);
}

const compiled = new Map<string, (path: string) => boolean>();

/** A pattern of a check (picomatch, `dot: true`; without `/` at any depth) as a predicate; the same text gives the same one. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  let matcher = compiled.get(pattern);
  if (!matcher) {
    if (compiled.size > 5_000) compiled.clear();
    const tests = wholePaths(pattern).map(compileGlob);
    compiled.set(pattern, (matcher = tests.length === 1 ? tests[0]! : (path) => tests.some((test) => test(path))));
  }
  return matcher;
}
