import { builtinModules } from 'node:module';
import type { Language } from '../model/file.js';

/** A module as the source names it, with the offset of the statement. Type-only imports are left out. */
export interface Import {
  readonly module: string;
  readonly offset: number;
}

type Extractor = (code: string) => Import[];

/** Imports by language; `code` has its comments blanked. Relative imports are left out. Each is linear in the text. */
export const extractors: Partial<Record<Language, Extractor>> = {
  python: pythonImports,
  javascript: scriptImports,
  typescript: scriptImports,
  tsx: scriptImports,
  vue: scriptImports,
  svelte: scriptImports,
  go: goImports,
  java: dottedImports,
  kotlin: dottedImports,
  scala: dottedImports,
  ruby: (code) => all(code, /^[ \t]*(?:begin[ \t]+)?require[ \t]*\(?[ \t]*['"]([^'"\n]{1,200})['"]/gm),
  php: phpImports,
  csharp: (code) => all(code, /^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?([\w.]+)[ \t]*;/gm),
  rust: rustImports,
};

function all(code: string, pattern: RegExp): Import[] {
  return [...code.matchAll(pattern)].map((found) => ({ module: found[1]!, offset: found.index }));
}

function pythonImports(code: string): Import[] {
  const found: Import[] = [];
  for (const m of code.matchAll(/(?:^|;)[ \t]*import[ \t]+([\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*)/gm))
    for (const name of m[1]!.split(',')) found.push({ module: name.trim().split(/\s/)[0]!, offset: m.index });
  for (const m of code.matchAll(/(?:^|;)[ \t]*from[ \t]+(\w[\w.]*)[ \t]+import[ \t]*(?:\(([^)]{0,4000})\)|([^\n;]*))/gm)) {
    found.push({ module: m[1]!, offset: m.index });
    for (const name of (m[2] ?? m[3] ?? '').split(',')) {
      const first = /^[\s\\]*(\w+)/.exec(name)?.[1];
      if (first) found.push({ module: `${m[1]}.${first}`, offset: m.index });
    }
  }
  found.push(...all(code, /\b(?:import_module|__import__)\(\s*['"](\w[\w.]{0,200})['"]/g));
  const typeOnly = typeCheckingBlocks(code);
  return found.filter((one) => !typeOnly.some(([from, to]) => one.offset >= from && one.offset < to));
}

/** Ranges of the bodies of `if TYPE_CHECKING:`. */
function typeCheckingBlocks(code: string): [number, number][] {
  const blocks: [number, number][] = [];
  for (const m of code.matchAll(/^([ \t]*)if[ \t]+(?:\w+\.)?TYPE_CHECKING[ \t]*:/gm)) {
    if (blocks.length > 0 && m.index < blocks.at(-1)![1]) continue;
    const line = /^[ \t]*(?=[^\s])/gm;
    line.lastIndex = m.index + m[0].length;
    let end = code.length;
    for (let next = line.exec(code); next; next = line.exec(code)) {
      if (next[0].length <= m[1]!.length) {
        end = next.index;
        break;
      }
      line.lastIndex = next.index + next[0].length + 1;
    }
    blocks.push([m.index, end]);
  }
  return blocks;
}

const nodeModules = new Set(builtinModules);
/** `http` and `node:http` are the same module: always the latter. */
const scriptName = (name: string): string => (nodeModules.has(name) ? `node:${name.replace(/^node:/, '')}` : name);

function scriptImports(code: string): Import[] {
  const found: Import[] = [];
  for (const m of code.matchAll(/\bfrom\s{0,20}(['"])([^'"\n]{1,200})\1/g)) {
    const head = code.slice(Math.max(0, m.index - 2000), m.index);
    const start = Math.max(lastWord(head, 'import'), lastWord(head, 'export'));
    if (start >= 0 && isValueClause(head.slice(start))) found.push({ module: scriptName(m[2]!), offset: m.index - head.length + start });
  }
  for (const m of code.matchAll(/\bimport\s{0,20}(['"])([^'"\n]{1,200})\1/g)) found.push({ module: scriptName(m[2]!), offset: m.index });
  for (const m of code.matchAll(/\b(require|require\.resolve|import)\s{0,20}\(\s{0,200}(['"`])([^'"`\n]{1,200})\2/g)) {
    if (m[1] === 'import' && /(?:[:<|&]|\btypeof)\s{0,20}$/.test(code.slice(Math.max(0, m.index - 30), m.index))) continue;
    found.push({ module: scriptName(m[3]!), offset: m.index });
  }
  return found.filter(({ module }) => !/^[./]/.test(module)).sort((a, b) => a.offset - b.offset);
}

function lastWord(text: string, word: string): number {
  for (let at = text.lastIndexOf(word); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(word, at - 1)) {
    if (!/[\w$.]/.test(text.charAt(at - 1)) && !/[\w$]/.test(text.charAt(at + word.length))) return at;
  }
  return -1;
}

/** `import a, {b}`, `export *`: brings values in; `import type`, and braces that hold types only, do not. */
function isValueClause(clause: string): boolean {
  const body = clause.slice(6).trim();
  if (!/^[\w$*{},\s'"-]*$/.test(body)) return false;
  if (/^type\s+[\w${*]/.test(body) && !/^type\s*,/.test(body)) return false;
  const braces = /^\{([^}]*)\}$/.exec(body);
  if (!braces) return body !== '';
  const names = braces[1]!.split(',').filter((name) => name.trim() !== '');
  return names.length === 0 || names.some((name) => !/^\s*type\s+\S/.test(name));
}

function goImports(code: string): Import[] {
  const found = all(code, /^import[ \t]+(?:[\w.]+[ \t]+)?["`]([^"`\n]{1,300})["`]/gm);
  for (const block of code.matchAll(/^import[ \t]*\(([^)]{0,50000})\)/gm))
    for (const m of block[1]!.matchAll(/["`]([^"`\n]{1,300})["`]/g))
      found.push({ module: m[1]!, offset: block.index + block[0].indexOf('(') + 1 + m.index });
  return found;
}

function dottedImports(code: string): Import[] {
  return [...code.matchAll(/^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+)(\{[^}\n]{0,1000}\})?/gm)].flatMap((m) => {
    const base = m[1]!.replace(/\.(?:_)?$/, '');
    const names = m[2]?.slice(1, -1).split(',') ?? [];
    return [base, ...names.map((name) => `${base}.${name.trim().split(/\s/)[0]}`)].map((module) => ({ module, offset: m.index }));
  });
}

/** Qualified names anywhere count: configuration lists classes as `Vendor\Package\Provider::class`. Namespaces don't. */
function phpImports(code: string): Import[] {
  const found: Import[] = [];
  for (const m of code.matchAll(/(?<![\w\\])\\?([A-Za-z_]\w{0,100}(?:\\\w{1,100}){1,20})(\\\{[^}]{0,2000}\})?/g)) {
    if (/\bnamespace[ \t]+$/.test(code.slice(Math.max(0, m.index - 12), m.index))) continue;
    found.push({ module: m[1]!, offset: m.index });
    for (const name of m[2]?.slice(2, -1).split(',') ?? [])
      found.push({ module: `${m[1]}\\${name.trim().split(/\s/)[0]}`, offset: m.index });
  }
  found.push(...all(code, /^[ \t]*use[ \t]+\\?([A-Z]\w*)[ \t]*;/gm));
  return found;
}

/** `use a::b`, `extern crate a`, and paths such as `a::b()` that need no import. */
function rustImports(code: string): Import[] {
  const found = all(code, /^[ \t]*extern[ \t]+crate[ \t]+(\w+)/gm);
  found.push(...all(code, /(?<![\w:])(?:::)?([a-z_]\w{0,100}(?:::\w{1,100}){0,10})::/g));
  found.push(...all(code, /^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?use[ \t]+(?:::)?(\w+(?:::\w+){0,10})/gm));
  return found.filter(({ module }) => !/^(?:crate|self|super)\b/.test(module));
}

/** Between the parts of a module's name, by language. */
const separators: Partial<Record<Language, string>> = {
  python: '.',
  java: '.',
  kotlin: '.',
  scala: '.',
  csharp: '.',
  php: '\\',
  rust: ':',
};

/** Whether the patterns ask for a module by name, for one that holds it (`redis` for `redis.asyncio`), or not at all. */
export type ModuleMatcher = (module: string, language: Language) => 'exact' | 'within' | null;

/** A matcher for module patterns; a trailing * is a wildcard. */
export function moduleMatcher(patterns: Iterable<string>): ModuleMatcher {
  const exact = new Set<string>();
  const prefixes: string[] = [];
  for (const pattern of patterns) {
    if (pattern.endsWith('*')) prefixes.push(pattern.slice(0, -1));
    else exact.add(pattern);
  }
  return (module, language) => {
    const separator = separators[language] ?? '/';
    if (exact.has(module) || (separator === '/' && module.startsWith('node:') && exact.has(module.slice(5)))) return 'exact';
    for (let cut = module.lastIndexOf(separator); cut > 0; cut = module.lastIndexOf(separator, cut - 1))
      if (exact.has(separator === ':' ? module.slice(0, cut - 1) : module.slice(0, cut))) return 'within';
    return prefixes.some((prefix) => module.startsWith(prefix)) ? 'within' : null;
  };
}

/** The imports of a file that the patterns ask for, each module once, in order. */
export function wantedImports(code: string, language: Language, matches: ModuleMatcher): Import[] {
  const kept: Import[] = [];
  const seen = new Set<string>();
  for (const one of extractors[language]?.(code) ?? []) {
    if (seen.has(one.module)) continue;
    const how = matches(one.module, language);
    // `from redis import Redis` names redis and redis.Redis: the second says nothing new unless somebody asked for it
    if (how === null || (how === 'within' && kept.some((k) => k.offset === one.offset && one.module.startsWith(k.module)))) continue;
    seen.add(one.module);
    kept.push(one);
  }
  return kept.sort((a, b) => a.offset - b.offset);
}

/** Literals of which one occurs in every file that imports the module, in whatever way its language writes that. */
export function moduleLiterals(pattern: string): string[] {
  const name = pattern.replace(/^node:|\*$/g, '').toLowerCase();
  const parts = name.includes('/') ? [name.replace(/\/$/, '')] : name.split(/[.\\:]/);
  const longest = parts.reduce((a, b) => (b.length > a.length ? b : a), '');
  if (longest.length >= 3) return [longest];
  return longest === '' ? [] : [' ', '\t', '"', "'", '`', ',', '(', '.', ':'].map((lead) => lead + longest);
}
