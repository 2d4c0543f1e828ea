import type { Variant } from '../../../model/file.js';
import type { Value } from '../../../model/document.js';
import { closing, entriesOf, parseArguments, skipToken, splitTop } from '../syntax-text.js';
import { literal, valueOf } from '../syntax-value.js';
import { unknownValue, literalValue } from './shared.js';

/** One logical line of Python: `blocks` are the headers of the blocks around it, outermost first. */
export interface Statement {
  readonly text: string;
  readonly offset: number;
  readonly blocks: readonly string[];
}

/** The logical lines of comment-free Python text. An `else:` is given the header it negates: `else of if DEBUG:`. Linear. */
export function statements(code: string): Statement[] {
  const found: Statement[] = [];
  const stack: { indent: number; header: string }[] = [];
  let lastIf = new Map<number, string>();
  for (let i = 0; i < code.length;) {
    const start = i;
    while (code[i] === ' ' || code[i] === '\t') i++;
    const indent = i - start;
    if (code[i] === '\n' || code[i] === '\r') {
      i++;
      continue;
    }
    const begin = i;
    let depth = 0;
    while (i < code.length) {
      const char = code[i]!;
      if (char === '\n' && depth <= 0) break;
      if (char === '\\' && (code[i + 1] === '\n' || code[i + 1] === '\r')) {
        i += code[i + 1] === '\r' ? 3 : 2;
        continue;
      }
      if (char === '(' || char === '[' || char === '{') depth++;
      else if (char === ')' || char === ']' || char === '}') depth--;
      // A slash opens no regular expression in Python.
      i = char === '/' ? i + 1 : skipToken(code, i);
    }
    const text = code.slice(begin, i).trimEnd();
    i++;
    if (!text) continue;
    while (stack.length > 0 && stack.at(-1)!.indent >= indent) stack.pop();
    for (const level of lastIf.keys()) if (level > indent) lastIf.delete(level);
    found.push({ text, offset: begin, blocks: stack.map((block) => block.header) });
    if (!text.endsWith(':') || !/^(?:async |if|elif|else|for|while|try|except|finally|with|def|class|match|case)\b/.test(text)) continue;
    const before = lastIf.get(indent);
    const header = /^else\b/.test(text) && before ? `else of ${before}` : text;
    if (/^(?:if|elif)\b/.test(text)) lastIf = new Map(lastIf).set(indent, text);
    stack.push({ indent, header });
  }
  return found;
}

const simpleAssignment = /^([A-Za-z_]\w*)\s*(?::[^=\n]+?)?([+|]?=)(?!=)\s*/;
let indexed: { code: string; names: ReadonlyMap<string, string | null> } = { code: '', names: new Map() };

/** What a name is assigned in this file when it is assigned exactly once. The newest file's index is kept: lookups are many. */
function assignedOnce(code: string, name: string): string | null {
  if (indexed.code !== code) {
    const names = new Map<string, string | null>();
    for (const { text } of statements(code)) {
      const match = simpleAssignment.exec(text);
      if (match) names.set(match[1]!, names.has(match[1]!) || match[2] !== '=' ? null : text.slice(match[0].length));
    }
    indexed = { code, names };
  }
  return indexed.names.get(name) ?? null;
}

const debug = /\bDEBUG\b|\bdebug\b|is_?debug|is_?dev|\bdev(?:elopment)?\b|\blocal\b/i;
const production = /is_?prod|\bprod(?:uction)?\b/i;
const testing = /sys\.argv|\bTEST(?:ING|_MODE)?\b|pytest|\bCI\b|['"]test['"]/;

/** The variant that the conditions around a statement select, and what cannot be told: the text of such a condition. */
export function conditionOf(blocks: readonly string[], file: Variant): { variant: Variant; unclear: string } {
  let variant = file;
  let unclear = '';
  for (const block of blocks) {
    const match = /^(else of )?(?:el)?if\b(.*):$/s.exec(block);
    if (!match) continue;
    const condition = match[2]!.trim();
    if (/__name__|TYPE_CHECKING/.test(condition)) continue;
    const negative = (match[1] !== undefined) !== (/^not\b/.test(condition) || /!=|\bnot in\b|\bis not\b/.test(condition));
    if (testing.test(condition) && !negative) variant = 'test';
    else if (testing.test(condition)) continue;
    else if (production.test(condition)) variant = negative ? 'development' : 'production';
    else if (debug.test(condition)) variant = negative ? 'production' : 'development';
    else unclear = condition;
  }
  return { variant, unclear };
}

const wrapper =
  /^(?:bool|int|float|str|strtobool|bool\(strtobool|str2bool|to_bool|parse_bool|Path|timedelta|distutils\.util\.strtobool|literal_eval|ast\.literal_eval|json\.loads|list|set|tuple|cast)\s*\(/;
const lookup =
  /^\(?\s*(?:(?:os\.)?environ\s*(?:\[|\.get\s*\()|(?:\w+\.){0,3}\w{0,40}env(?:iron)?\w{0,40}(?:\.\w+)?\s*\(|(?:decouple\.)?config\s*\()/i;

/**
 * The value of a Python expression: literals, sums of lists, environment look-ups of the standard library, django-environ,
 * environs, and decouple with their defaults, casts, and comparisons (`os.getenv("DEBUG", "0") == "1"` has the default false).
 * A list with unknown members is not known, and its value holds the members that are.
 */
export function pythonValue(source: string, code: string, depth = 0): Value {
  const text = source.replace(/\\\r?\n\s*/g, ' ').trim();
  if (depth > 6 || text.length > 20_000) return unknownValue(text);
  const plain = literal(text);
  if (plain !== undefined) return literalValue(plain, text);
  const inner = wrapper.exec(text);
  if (inner && closing(text, inner[0].length - 1) === text.length - 1) {
    const value = pythonValue(splitTop(text.slice(inner[0].length, -1))[0]?.text ?? '', code, depth + 1);
    return { ...value, value: cast(inner[0], value), text: text.slice(0, 200) };
  }
  const compared = comparison(text, code, depth);
  if (compared) return compared;
  const environment = lookup.test(text) ? fromEnvironment(text, code, depth) : null;
  if (environment) return environment;
  const sum = splitTop(text, '+');
  if (sum.length > 1)
    return joined(
      sum.map((part) => pythonValue(part.text, code, depth + 1)),
      text,
    );
  if (text.startsWith('[') || text.startsWith('(')) {
    if (closing(text, 0) === text.length - 1) {
      const parts = splitTop(text.slice(1, -1));
      if (text.startsWith('(') && parts.length === 1 && !/,\s*\)$/.test(text)) return pythonValue(parts[0]!.text, code, depth + 1);
      return joined(
        parts.map((part) =>
          part.text.startsWith('*') ? pythonValue(part.text.slice(1), code, depth + 1) : wrapped(pythonValue(part.text, code, depth + 1)),
        ),
        text,
      );
    }
  }
  if (/^[A-Za-z_]\w*$/.test(text)) {
    const found = assignedOnce(code, text);
    return found !== null && found !== text ? { ...pythonValue(found, code, depth + 1), text } : unknownValue(text);
  }
  if (/\.split\(|\bif\b.*\belse\b/s.test(text)) {
    const ternary = splitTop(text, [' if ', ' else ']);
    if (ternary.length === 3) return unknownValue(text, pythonValue(ternary[1]!.text, code, depth + 1).env);
  }
  return { ...valueOf(text, ''), text: text.slice(0, 200) };
}

const wrapped = (value: Value): Value => ({ ...value, value: value.known ? [value.value] : value.value });

function joined(parts: readonly Value[], text: string): Value {
  const known = parts.every((part) => part.known);
  const env = parts.find((part) => part.env)?.env ?? '';
  if (parts.every((part) => typeof part.value === 'string'))
    return { known, value: known ? parts.map((part) => part.value).join('') : null, env, text: text.slice(0, 200) };
  return { known, value: parts.flatMap((part) => (Array.isArray(part.value) ? part.value : [])), env, text: text.slice(0, 200) };
}

function cast(name: string, value: Value): Value['value'] {
  if (!value.known) return null;
  if (/bool/.test(name)) return truth(value.value, name.startsWith('bool'));
  if (/^(?:int|float)/.test(name)) return Number.isNaN(Number(value.value)) ? value.value : Number(value.value);
  return value.value;
}

/** strtobool's words; plain bool() of a text is true unless it is empty. */
function truth(value: Value['value'], python: boolean): boolean {
  if (typeof value !== 'string') return Boolean(value);
  return python ? value !== '' : /^(?:1|y|yes|t|true|on)$/i.test(value);
}

function comparison(text: string, code: string, depth: number): Value | null {
  if (/^not\s/.test(text)) {
    const value = pythonValue(text.slice(4), code, depth + 1);
    return { ...value, value: value.known ? !value.value : null, text };
  }
  const sides = splitTop(text, [' == ', ' != ', '==', '!=', ' not in ', ' in ']);
  if (sides.length !== 2) return null;
  const [left, right] = sides as [{ text: string; offset: number }, { text: string; offset: number }];
  const operator = text.slice(left.offset + left.text.length, right.offset).trim();
  const lowered = /\.(?:lower|casefold|strip)\(\)/.test(left.text);
  const subject = pythonValue(left.text.replace(/(?:\.(?:lower|upper|strip|casefold|title|capitalize)\(\))+$/, ''), code, depth + 1);
  const other = literal(right.text.replace(/^\{([\s\S]*)\}$/, '[$1]'));
  if (!subject.env) return right.text === 'os.environ' ? unknownValue(text, String(literal(left.text) ?? '')) : null;
  // A missing variable without default compares as None.
  const value = subject.known ? subject.value : null;
  if (other === undefined || (!subject.known && /\[/.test(left.text))) return unknownValue(text, subject.env);
  const is = typeof value === 'string' && lowered ? value.toLowerCase() : value;
  const holds = Array.isArray(other) ? other.includes(is as never) : is === other;
  return { known: true, value: /!|not/.test(operator) ? !holds : holds, env: subject.env, text: text.slice(0, 200) };
}

function fromEnvironment(text: string, code: string, depth: number): Value | null {
  const open = text.search(/[([]\s*["']/);
  if (open < 0) return null;
  const end = closing(text, open);
  if (end < 0) return null;
  const given = parseArguments(text.slice(open + 1, end));
  const name = literal(given[0]?.text ?? '');
  if (typeof name !== 'string') return null;
  const callee = text.slice(0, open).trim();
  const fallback = given.find((a) => a.name === 'default') ?? given.filter((a) => a.name === '')[1];
  const method = /(\w+)$/.exec(callee)?.[1] ?? '';
  const kind =
    given.find((a) => a.name === 'cast')?.text ??
    (/bool|flag/i.test(method) ? 'bool' : (/(?:^|_)(int|float|list)(?:_|$)/i.exec(method)?.[1] ?? ''));
  const or = splitTop(text.slice(end + 1), [' or ']);
  const alternative = /^\s*or\b/.test(text.slice(end + 1)) ? or[0]?.text.replace(/^or\s+/, '') : undefined;
  const source = alternative ?? fallback?.text ?? schemaDefault(code, callee, name);
  if (source === undefined) return unknownValue(text, name);
  const value = pythonValue(source, code, depth + 1);
  const split = /\.split\(\s*(["'])(.*?)\1/.exec(text.slice(end + 1));
  let result = value.value;
  if (value.known && typeof result === 'string') {
    if (split) result = result.split(split[2] || ',').map((s) => s.trim()).filter(Boolean); // prettier-ignore
    else if (/bool/.test(kind)) result = truth(result, false);
    else if (/^int$|^float$/.test(kind) && result !== '' && !Number.isNaN(Number(result))) result = Number(result);
    else if (/^list$|Csv/.test(kind)) result = result.split(',').map((s) => s.trim()).filter(Boolean); // prettier-ignore
  }
  return { known: value.known, value: value.known ? result : null, env: name, text: text.slice(0, 200) };
}

/** `env = environ.Env(DEBUG=(bool, False))`: the default that django-environ's schema gives. */
function schemaDefault(code: string, callee: string, name: string): string | undefined {
  const schema = callee.startsWith('env') ? assignedOnce(code, 'env') : null;
  const entry = schema && /Env\s*\(/.test(schema) ? entriesOf(schema.replace(/^[^(]*/, ''))?.get(name) : undefined;
  return entry ? splitTop(entry.text.replace(/^\(([\s\S]*)\)$/, '$1'))[1]?.text : undefined;
}

/** Leaves of a Python expression: dicts (and dict() calls) by dotted keys, dicts in lists by index, everything else itself. */
export function pythonLeaves(
  source: string,
  offset: number,
  code: string,
  key: string,
  depth = 0,
): { key: string; value: Value; offset: number }[] {
  const text = source.trim();
  const entries = depth < 8 && /^(?:\{|dict\s*\()/.test(text) ? entriesOf(text) : null;
  if (entries)
    return [...entries].flatMap(([name, entry]) => pythonLeaves(entry.text, offset + entry.offset, code, `${key}.${name}`, depth + 1));
  if (depth < 8 && /^\[\s*\{/.test(text) && closing(text, 0) === text.length - 1)
    return splitTop(text.slice(1, -1)).flatMap((part, i) =>
      pythonLeaves(part.text, offset + 1 + part.offset, code, `${key}[${i}]`, depth + 1),
    );
  return [{ key, value: pythonValue(text, code), offset }];
}
