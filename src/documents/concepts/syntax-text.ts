/**
 * Calls, arguments and brackets read from comment-free text, the same way for every language whose strings are quoted with
 * ' " ` and whose brackets nest. Every function is linear in what it looks at and tolerates broken input.
 */

/** One argument or entry: `name` is '' where it is positional; `offset` is the start of `text` in the text it was read from. */
export interface Argument {
  readonly name: string;
  readonly text: string;
  readonly offset: number;
}

/** `name(arguments)`: offsets into the text; `end` is just behind the closing bracket. `inner` is what stands between the brackets. */
export interface Call {
  readonly name: string;
  readonly offset: number;
  readonly end: number;
  readonly inner: string;
  readonly arguments: readonly Argument[];
}

/** Arguments longer than this are not looked into: no real call of interest is. */
const callChars = 20_000;
/** Calls looked at in one file: hostile files hold more, real ones do not. */
const callsPerFile = 2_000;
const openers: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/** The offset behind the string, regular expression or character that starts at `at`; `at + 1` where none does. */
export function skipToken(text: string, at: number): number {
  const char = text[at];
  if (char === '"' || char === "'" || char === '`') {
    const triple = char.repeat(3);
    if (char !== '`' && text.startsWith(triple, at)) {
      const end = text.indexOf(triple, at + 3);
      return end < 0 ? text.length : end + 3;
    }
    for (let i = at + 1; i < text.length; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === char) return i + 1;
      else if (text[i] === '\n' && char !== '`') break;
    }
    return at + 1;
  }
  if (char === '/' && startsRegex(text, at)) {
    let inClass = false;
    for (let i = at + 1; i < text.length && text[i] !== '\n'; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === '[') inClass = true;
      else if (text[i] === ']') inClass = false;
      else if (text[i] === '/' && !inClass) return i + 1;
    }
  }
  return at + 1;
}

function startsRegex(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && (text[i] === ' ' || text[i] === '\n' || text[i] === '\t')) i--;
  return i < 0 || '(,=:[!&|?{;'.includes(text[i]!);
}

/** The offset of the bracket that closes the one at `open`, or -1. Strings are skipped. */
export function closing(text: string, open: number, limit = callChars): number {
  const stack: string[] = [];
  const last = Math.min(text.length, open + limit);
  for (let i = open; i < last;) {
    const char = text[i]!;
    const close = openers[char];
    if (close) stack.push(close);
    else if (char === ')' || char === ']' || char === '}') {
      if (stack.pop() !== char) return -1;
      if (stack.length === 0) return i;
    }
    i = skipToken(text, i);
  }
  return -1;
}

/** The parts of `text` between separators that stand outside brackets and strings; empty parts are left out. */
export function splitTop(text: string, separator: string | readonly string[] = ','): { text: string; offset: number }[] {
  const separators = typeof separator === 'string' ? [separator] : separator;
  const parts: { text: string; offset: number }[] = [];
  let start = 0;
  let depth = 0;
  const push = (end: number) => {
    const raw = text.slice(start, end);
    if (raw.trim()) parts.push({ text: raw.trim(), offset: start + raw.length - raw.trimStart().length });
  };
  for (let i = 0; i < text.length;) {
    const char = text[i]!;
    if (openers[char]) depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (depth === 0) {
      const found = separators.find((s) => text.startsWith(s, i));
      if (found) {
        push(i);
        i += found.length;
        start = i;
        continue;
      }
    }
    i = skipToken(text, i);
  }
  push(text.length);
  return parts;
}

const quotedName = /^[rRbBuUfF]?(?:"([^"\n]*)"|'([^'\n]*)')\s*(?:=>|:(?!:)|=(?![=>~]))\s*/;
const bareName = /^([A-Za-z_$@][\w$.-]*)\s*(?::(?![:=])|=(?![=>~]))\s*/;
const rocketName = /^:([\w]+)\s*=>\s*/;
const method = /^(?:async\s+)?([A-Za-z_$][\w$]*)\s*\([^)]*\)\s*\{/;

/**
 * `f(a, b=1, c: 2, 'd' => 3)`: named and positional arguments of Python, Ruby, Kotlin, C#, Java annotations, PHP arrays,
 * JavaScript object literals and Go composite literals. `offset` is added to every argument's own.
 */
export function parseArguments(inner: string, offset = 0): Argument[] {
  return splitTop(inner, [',']).map((part) => {
    const match = quotedName.exec(part.text) ?? rocketName.exec(part.text) ?? bareName.exec(part.text);
    if (match) {
      const text = part.text.slice(match[0].length);
      return { name: match[1] ?? match[2] ?? '', text, offset: offset + part.offset + match[0].length };
    }
    const shorthand = method.exec(part.text);
    return { name: shorthand?.[1] ?? '', text: part.text, offset: offset + part.offset };
  });
}

/**
 * All calls whose callee matches `name` (a global regular expression that ends right before the opening bracket; white space
 * between is allowed). Decorators, annotations, constructors and Go composite literals (`{`) are read the same way.
 */
export function findCalls(code: string, name: RegExp, open = '(', most = callsPerFile): Call[] {
  const calls: Call[] = [];
  let looked = 0;
  let unclosed = 0;
  for (const match of code.matchAll(name.global ? name : new RegExp(name.source, `${name.flags}g`))) {
    let at = match.index + match[0].length;
    while (code[at] === ' ' || code[at] === '\n' || code[at] === '\t' || code[at] === '\r') at++;
    if (code[at] !== open) continue;
    if (++looked > callsPerFile || calls.length >= most) break;
    const end = closing(code, at);
    if (end < 0) {
      if (++unclosed > 200) break;
      continue;
    }
    const inner = code.slice(at + 1, end);
    calls.push({ name: match[0].trim(), offset: match.index, end: end + 1, inner, arguments: parseArguments(inner, at + 1) });
  }
  return calls;
}

/** All matches of a global expression, as far as a real file holds that many. */
export function matchesOf(code: string, pattern: RegExp, most = callsPerFile): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of code.matchAll(pattern)) {
    if (found.length >= most) break;
    found.push(match);
  }
  return found;
}

/** The first such call at or after an offset, no further than `reach` characters away; offsets count from `from`. */
export function firstCall(code: string, name: RegExp, from = 0, reach = callChars): Call | undefined {
  return findCalls(code.slice(from, from + reach), name, '(', 1)[0];
}

/** The value of a named argument, or of the nth positional one. */
export function argument(from: readonly Argument[], name: string, position = -1): Argument | undefined {
  return from.find((a) => a.name === name) ?? (position >= 0 ? from.filter((a) => a.name === '')[position] : undefined);
}

/**
 * Entries of an object-like literal by name: `{a: 1}`, `['a' => 1]`, `dict(a=1)`, `Options{A: 1}`, `&cors.Config{A: 1}`,
 * and JavaScript's shorthand `{ a }`. Null where the text is no such literal.
 */
export function entriesOf(text: string): Map<string, Argument> | null {
  const open = text.search(/[{[(]/);
  if (open < 0 || !/^&?[\w.<>:\s*]*$/.test(text.slice(0, open))) return null;
  const end = closing(text, open);
  if (end < 0) return null;
  const entries = new Map<string, Argument>();
  for (const entry of parseArguments(text.slice(open + 1, end), open + 1)) {
    const name = entry.name || (/^[A-Za-z_$][\w$]*$/.test(entry.text) ? entry.text : '');
    if (name) entries.set(name, entry);
  }
  return entries;
}

/** The header text of every block that encloses the offset, innermost first: what stands before `{`, or Python's `if x:` lines. */
export function enclosing(code: string, offset: number, indented: boolean): string[] {
  return indented ? enclosingIndents(code, offset) : enclosingBraces(code, offset);
}

function enclosingIndents(code: string, offset: number): string[] {
  const headers: string[] = [];
  let start = code.lastIndexOf('\n', offset - 1);
  let indent = /^[ \t]*/.exec(code.slice(start + 1, start + 200))![0].length;
  while (start > 0 && indent > 0 && headers.length < 60) {
    const end = start;
    start = code.lastIndexOf('\n', end - 1);
    const line = code.slice(start + 1, Math.min(end, start + 500));
    const own = line.length - line.trimStart().length;
    if (own >= indent || !line.trim() || /^\s*[)\]}]/.test(line)) continue;
    headers.push(line.trim());
    indent = own;
  }
  return headers;
}

/** The braces of the file looked at last, closing ones negative: one file is asked about many times in a row. */
let last: { code: string; braces: number[] } = { code: '', braces: [] };

function bracesOf(code: string): number[] {
  if (last.code === code) return last.braces;
  const braces: number[] = [];
  for (let i = 0; i < code.length;) {
    if (code[i] === '{') braces.push(i + 1);
    else if (code[i] === '}') braces.push(-(i + 1));
    i = skipToken(code, i);
  }
  last = { code, braces };
  return braces;
}

function enclosingBraces(code: string, offset: number): string[] {
  const opens: number[] = [];
  for (const brace of bracesOf(code)) {
    if (Math.abs(brace) > offset) break;
    if (brace > 0) opens.push(brace - 1);
    else opens.pop();
  }
  return opens
    .reverse()
    .slice(0, 60)
    .map((open) => {
      const before = code.slice(Math.max(0, open - 2_000), open);
      const from = Math.max(before.lastIndexOf(';'), before.lastIndexOf('\n', before.length - 2), before.lastIndexOf('}'), 0);
      return before
        .slice(from)
        .replace(/^[;}\s]+/, '')
        .trim();
    });
}
