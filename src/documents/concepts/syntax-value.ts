import type { Json, Value } from '../../model/document.js';
import { closing, entriesOf, skipToken, splitTop } from './syntax-text.js';

/**
 * Values of expressions as far as they are certain, from text, for all languages: literals, look-ups of environment variables
 * with their defaults, names assigned once in the same file, and settings read by name.
 */

const number = /^[-+]?\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?[fFdDLlmM]?$/;
const words: Record<string, Json> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
  null: null,
  None: null,
  nil: null,
  undefined: null,
};
const listOpen =
  /^(?:new\s+)?(?:\[\]\s*[\w.]*|[\w.]*\[\]|Arrays\.asList|(?:List|Set)\.of|listOf|arrayOf|setOf|mutableListOf|array|list|set|tuple|vec!|frozenset|Object\.freeze|Collections\.singletonList)?\s*([[({])/;

/** The plain data that a literal denotes; undefined where the text is anything else (interpolated strings included). */
export function literal(source: string): Json | undefined {
  const text = source.trim();
  if (text in words) return words[text]!;
  if (number.test(text)) return Number(text.replace(/_/g, '').replace(/[fFdDLlmM]$/, ''));
  const string = stringLiteral(text);
  if (string !== undefined) return string;
  if (/^[\d_.]+(?:\s*[*+]\s*[\d_.]+)+$/.test(text)) return arithmetic(text);
  const ruby = /^%[wi]([[({])([^\])}]*)[\])}]$/.exec(text);
  if (ruby) return ruby[2]!.split(/\s+/).filter(Boolean);
  return listLiteral(text);
}

function arithmetic(text: string): number {
  return text.split('+').reduce((sum, term) => sum + term.split('*').reduce((product, n) => product * Number(n.replace(/_/g, '')), 1), 0);
}

function stringLiteral(text: string): string | undefined {
  const prefix = /^(?:[rRbBuU]{1,2}|@)?(?=["'`])/.exec(text);
  if (!prefix) return undefined;
  const body = text.slice(prefix[0].length);
  if (skipToken(body, 0) !== body.length || body.length < 2) return undefined;
  const width = /^("""|''')/.test(body) && body.length >= 6 ? 3 : 1;
  const inner = body.slice(width, -width);
  if ((body[0] === '`' && inner.includes('${')) || (body[0] === '"' && /#\{|^\$\{?\w/.test(inner) && !inner.startsWith('${')))
    return undefined;
  return inner.replace(/\\(["'`\\/])/g, '$1');
}

function listLiteral(text: string): Json | undefined {
  const match = listOpen.exec(text);
  if (!match) return undefined;
  const open = match[0].length - 1;
  if (closing(text, open) !== text.length - 1) return undefined;
  const inner = text.slice(open + 1, -1);
  const parts = splitTop(inner);
  const isCall = match[1] === '(' && open > 0;
  if (match[1] === '(' && !isCall && parts.length === 1 && !inner.trimEnd().endsWith(',')) return literal(inner);
  const values: Json[] = [];
  for (const part of parts) {
    const value = literal(part.text);
    if (value === undefined) return undefined;
    if (isCall && Array.isArray(value) && parts.length === 1) return value;
    values.push(value);
  }
  return values;
}

const envPatterns: readonly RegExp[] = [
  /^(?:\w+\.)?(?:process|Deno|Bun)\.env\.(?:get\(\s*)?(["']?)([A-Za-z_]\w*)\1\s*\)?/,
  /^process\.env\[\s*(["'])([A-Za-z_]\w*)\1\s*\]/,
  /^import\.meta\.env\.()([A-Z_]\w*)/,
  /^(?:os\.)?environ\[\s*(["'])(\w+)\1\s*\]/,
  /^(?:os\.)?environ\.get\(\s*(["'])(\w+)\1/,
  /^(?:os\.)?getenv\(\s*(["'])(\w+)\1/i,
  /^os\.(?:Getenv|LookupEnv)\(\s*(["'])(\w+)\1/,
  /^System\.getenv\(\s*(["'])(\w+)\1/,
  /^ENV(?:\.fetch\(|\[)\s*(["'])(\w+)\1/,
  /^(?:env|config|Env::get|getEnv|decouple\.config)(?:\.\w+)?\(\s*(["'])(\w+)\1/,
  /^(?:\w+\.)*(?:get|getOrThrow|GetString|GetStringSlice|GetValue<[^>]*>|GetSection|getProperty)\(\s*(["'])([\w.:-]+)\1/,
  /^(?:\w+\.)*[Cc]onfiguration\[\s*(["'])([\w:.]+)\1\s*\]/,
  /^(?:std::)?env::var\(\s*(["'])(\w+)\1/,
  /^\$_(?:ENV|SERVER)\[\s*(["'])(\w+)\1\s*\]/,
];

/** The environment variable or setting an expression reads first, and the default it falls back to; null where it reads none. */
export function envRead(text: string): { name: string; fallback: string | null } | null {
  // Python: getattr(configuration, "NAME", default)
  const attribute = /^getattr\(\s*[\w.]+\s*,\s*(["'])(\w+)\1\s*(?:,\s*([\s\S]*))?\)$/.exec(text);
  if (attribute) return { name: attribute[2]!, fallback: attribute[3]?.trim() ?? null };
  for (const pattern of envPatterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const name = match[2]!;
    const or = splitTop(text, ['??', '||', '?:', ' or ']);
    if (or.length > 1) return { name, fallback: or[or.length - 1]!.text };
    const open = text.indexOf('(');
    if (open < 0) return { name, fallback: null };
    const end = closing(text, open);
    const inner = splitTop(text.slice(open + 1, end < 0 ? undefined : end));
    const fallback =
      inner.find((a) => /^default\s*[=:]/.test(a.text))?.text.replace(/^default\s*[=:]\s*/, '') ??
      inner.slice(1).find((a) => !/^\w+\s*=(?!=)/.test(a.text) && literal(a.text) !== undefined)?.text;
    return { name, fallback: fallback ?? null };
  }
  return null;
}

/** Spring and shell placeholders in a string: `${NAME:default}`, `${NAME:-default}`, `#{...}`; null for ordinary strings. */
export function placeholderRead(text: string): { name: string; fallback: string | null } | null {
  const match = /^[$#]\{\s*([\w.-]+)\s*(?::-?([^}]*))?\}$/.exec(text);
  return match ? { name: match[1]!, fallback: match[2] ?? null } : null;
}

/** Assignments of the file looked at last, by name. */
let last: { code: string; found: Map<string, { text: string; offset: number } | null> } = { code: '', found: new Map() };

/** What `name` is assigned in this file, when it is assigned exactly once; null otherwise. `offset` is the start of the text. */
export function assigned(code: string, name: string): { text: string; offset: number } | null {
  if (!/^[$@]?[A-Za-z_]\w{0,100}$/.test(name)) return null;
  if (last.code !== code) last = { code, found: new Map() };
  const known = last.found.get(name);
  if (known !== undefined) return known;
  const found = findAssigned(code, name);
  last.found.set(name, found);
  return found;
}

function findAssigned(code: string, name: string): { text: string; offset: number } | null {
  const bare = name.replace('$', '\\$');
  const pattern = new RegExp(`(^|[^\\w.$@])${bare}\\s*(?::\\s*[\\w.[\\]<>, |"']{1,80})?\\s*(?::=|=(?![=>~]))\\s*`, 'g');
  const first = pattern.exec(code);
  if (!first || pattern.exec(code)) return null;
  const start = first.index + first[0].length;
  return { text: code.slice(start, expressionEnd(code, start)).trim(), offset: start };
}

/** Where the expression that starts at `start` ends: at the end of the statement outside of brackets. */
export function expressionEnd(code: string, start: number): number {
  let depth = 0;
  let i = start;
  for (const last = Math.min(code.length, start + 20_000); i < last;) {
    const char = code[i]!;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth < 0) return i;
    else if (depth === 0 && char === ';') return i;
    else if (depth === 0 && char === ',') return i;
    else if (
      depth === 0 &&
      char === '\n' &&
      !/^\s*(?:[.?:|&+]|or\b|and\b)/.test(code.slice(i + 1, i + 80)) &&
      !/(?:[=+|&?:,(\\]|\bor|\band)\s*$/.test(code.slice(Math.max(start, i - 20), i))
    )
      return i;
    i = skipToken(code, i);
  }
  return i;
}

const unknown = (text: string, env = ''): Value => ({ known: false, value: null, env, text: text.slice(0, 200) });

/**
 * The value of an expression (see model/document.ts `Value`). `code` is the file's comment-free text, in which plain names are
 * looked up; a dotted name keeps its last part as `env` when it reads like a setting (settings.ALLOWED_ORIGINS, config.origin).
 */
export function valueOf(source: string, code: string, depth = 0): Value {
  const text = source.trim().replace(/[;,]\s*$/, '');
  const plain = literal(text);
  if (plain !== undefined) {
    const read = typeof plain === 'string' ? placeholderRead(plain) : null;
    if (read) return { known: read.fallback !== null, value: read.fallback, env: read.name, text };
    return { known: true, value: plain, env: '', text: text.slice(0, 200) };
  }
  const split = /^([\s\S]+?)\.split\(\s*(["'])(.*?)\2\s*\)[\s\S]*$/.exec(text);
  if (split) {
    const whole = valueOf(split[1]!.replace(/^\(([\s\S]*)\)$/, '$1'), code, depth);
    return typeof whole.value === 'string' ? { ...whole, value: listed(whole.value, split[3]!), text } : { ...whole, text };
  }
  const read = envRead(text);
  if (read) {
    const fallback = read.fallback === null ? undefined : depth < 4 ? valueOf(read.fallback, code, depth + 1) : undefined;
    return { known: fallback?.known ?? false, value: fallback?.known ? fallback.value : null, env: read.name, text: text.slice(0, 200) };
  }
  const single = /^(?:this\.|self\.|static::\$?|self::\$?)?([$@]?[A-Za-z_]\w*)!?$/.exec(text);
  if (single && depth < 4) {
    const found = assigned(code, single[1]!);
    if (found && found.text !== text) return { ...valueOf(found.text, code, depth + 1), text: text.slice(0, 200) };
    return unknown(text, /^[A-Z][A-Z0-9_]+$/.test(single[1]!) ? single[1]! : '');
  }
  const dotted = /^(?:\w+\.)+(\w+)$/.exec(text) ?? /^(?:\w+\.)+(\w+)[.(]/.exec(text);
  return unknown(text, dotted && /settings|config|env|options|cfg|conf|properties/i.test(text) ? dotted[1]! : '');
}

function listed(text: string, separator: string): string[] {
  return text.split(separator || ',').map((s) => s.trim()).filter(Boolean); // prettier-ignore
}

/** Every string literal in an expression, in order: `["a", env("B"), "c"]` gives a, B, c. */
export function stringsIn(text: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < text.length;) {
    const next = skipToken(text, i);
    if (next > i + 1 && text[i] !== '/') found.push(text.slice(i, next).replace(/^("""|'''|["'`])([\s\S]*)\1$/, '$2'));
    i = next;
  }
  return found;
}

/** An options argument as entries: an object literal, or a name assigned one in the same file. */
export function optionsOf(text: string, code: string): Map<string, { text: string; offset: number }> | null {
  const own = entriesOf(text);
  if (own) return own;
  const found = assigned(code, text.trim().replace(/^[&*]/, ''));
  return found ? entriesOf(found.text) : null;
}
