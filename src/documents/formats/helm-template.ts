import type { Json } from '../../model/document.js';
import { isRecord, type JsonMap } from '../json.js';

/**
 * The part of Go's templates and of Helm's functions that charts are written with, evaluated on a chart's values without Helm.
 * Nothing is looked up outside of what is given; what cannot be known becomes `unknown`, which counts as true in conditions.
 */
export const unknown = '__unknown__';

const maxSteps = 60_000;
const maxOutput = 500_000;
const maxDepth = 40;

type Node =
  | { type: 'text'; text: string; line: number }
  | { type: 'action'; source: string; line: number }
  | { type: 'if' | 'with' | 'range'; source: string; line: number; body: Node[]; otherwise: Node[] };

/** Named templates (`define`) of a chart, by name. */
export type Definitions = Map<string, Node[]>;

interface Piece {
  readonly text: string;
  readonly line: number;
  readonly action: boolean;
}

/** Offset of the `}}` that closes an action begun at `from`, quotes respected; -1 where none does. */
function closing(source: string, from: number): number {
  const comment = /^-?\s*\/\*/.test(source.slice(from, from + 8));
  if (comment) {
    const end = source.indexOf('*/', from);
    return end < 0 ? -1 : source.indexOf('}}', end);
  }
  for (let i = from; i < source.length; i++) {
    const c = source[i];
    if (c === '}' && source[i + 1] === '}') return i;
    if (c === '"' || c === '`') {
      for (i++; i < source.length && source[i] !== c; i++) {
        if (c === '"' && source[i] === '\\') i++;
        if (c === '"' && source[i] === '\n') break;
      }
    }
  }
  return -1;
}

function pieces(source: string): Piece[] {
  const out: Piece[] = [];
  let line = 1;
  let trim = false;
  const linesIn = (text: string): number => text.split('\n').length - 1;
  const push = (raw: string, trimEnd: boolean): void => {
    let text = raw;
    let start = line;
    if (trim) {
      const cut = text.length - text.trimStart().length;
      start += linesIn(text.slice(0, cut));
      text = text.trimStart();
    }
    if (trimEnd) text = text.trimEnd();
    if (text !== '') out.push({ text, line: start, action: false });
    line += linesIn(raw);
  };
  let last = 0;
  for (let open = source.indexOf('{{'); open >= 0; open = source.indexOf('{{', last)) {
    const close = closing(source, open + 2);
    if (close < 0) break;
    const inner = source.slice(open + 2, close);
    const before = /^-\s/.test(inner);
    const after = /\s-$/.test(inner) || inner.endsWith('*/-');
    push(source.slice(last, open), before);
    const text = inner.slice(before ? 1 : 0, after ? -1 : undefined).trim();
    if (!text.startsWith('/*')) out.push({ text, line, action: true });
    line += linesIn(inner);
    trim = after;
    last = close + 2;
  }
  push(source.slice(last), false);
  return out;
}

/** The tree of a template file; its `define`s go into `definitions`. */
export function parseTemplate(source: string, definitions: Definitions): Node[] {
  const root: Node[] = [];
  const stack: { nodes: Node[]; node: Extract<Node, { body: Node[] }> | null }[] = [{ nodes: root, node: null }];
  for (const piece of pieces(source)) {
    const top = stack.at(-1)!;
    if (!piece.action) {
      top.nodes.push({ type: 'text', text: piece.text, line: piece.line });
      continue;
    }
    const [word = ''] = piece.text.split(/\s/, 1);
    const rest = piece.text.slice(word.length).trim();
    if (word === 'if' || word === 'with' || word === 'range') {
      const node = { type: word, source: rest, line: piece.line, body: [], otherwise: [] } as Extract<Node, { body: Node[] }>;
      top.nodes.push(node);
      if (stack.length < 200) stack.push({ nodes: node.body, node });
    } else if (word === 'define' || word === 'block') {
      const nodes: Node[] = [];
      definitions.set(/"([^"]*)"/.exec(rest)?.[1] ?? '', nodes);
      if (stack.length < 200) stack.push({ nodes, node: null });
    } else if (word === 'else') {
      if (!top.node) continue;
      if (/^if\b/.test(rest)) {
        const node = { type: 'if', source: rest.slice(2).trim(), line: piece.line, body: [], otherwise: [] } as Extract<
          Node,
          { body: Node[] }
        >;
        top.node.otherwise.push(node);
        stack[stack.length - 1] = { nodes: node.body, node };
      } else stack[stack.length - 1] = { nodes: top.node.otherwise, node: top.node };
    } else if (word === 'end') {
      if (stack.length > 1) stack.pop();
    } else top.nodes.push({ type: 'action', source: piece.text, line: piece.line });
  }
  return root;
}

type Scope = { dot: Json; root: Json; variables: Map<string, Json> };

const truthy = (value: Json): boolean =>
  !(
    value === null ||
    value === false ||
    value === 0 ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0)
  );

const show = (value: Json): string => (value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Block style YAML of plain data, as Helm's toYaml gives it. */
function toYaml(value: Json, indent = ''): string {
  const scalar = (v: Json): string =>
    v === unknown ? unknown : typeof v === 'string' ? JSON.stringify(v) : v === null ? 'null' : String(v);
  const nested = (v: Json): boolean => v !== null && typeof v === 'object' && (Array.isArray(v) ? v.length > 0 : Object.keys(v).length > 0);
  const flat = (v: Json): string => (v !== null && typeof v === 'object' ? (Array.isArray(v) ? '[]' : '{}') : scalar(v));
  if (!nested(value) || indent.length > 2 * maxDepth) return flat(value);
  if (Array.isArray(value)) return value.map((v) => `${indent}- ${nested(v) ? toYaml(v, `${indent}  `).trimStart() : flat(v)}`).join('\n');
  return Object.entries(value as JsonMap)
    .map(
      ([k, v]) => `${indent}${/^[\w./-]+$/.test(k) ? k : JSON.stringify(k)}:${nested(v) ? `\n${toYaml(v, `${indent}  `)}` : ` ${flat(v)}`}`,
    )
    .join('\n');
}

function field(value: Json, path: readonly string[]): Json {
  let current = value;
  for (const name of path) {
    if (current === unknown) return unknown;
    current = isRecord(current) && Object.hasOwn(current, name) ? current[name]! : null;
  }
  return current;
}

const pad = (text: string, n: Json): string => {
  const spaces = ' '.repeat(Math.min(200, Math.max(0, Number(n) || 0)));
  return text
    .split('\n')
    .map((line) => (line === '' ? line : spaces + line))
    .join('\n');
};
const number = (value: Json | undefined): number => Number(value) || 0;
const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
const merged = (base: Json, over: Json): Json =>
  isRecord(base) && isRecord(over)
    ? Object.fromEntries(
        [...new Set([...Object.keys(base), ...Object.keys(over)])].map((k) => [
          k,
          k in over ? (k in base ? merged(base[k]!, over[k]!) : over[k]!) : base[k]!,
        ]),
      )
    : over;
export const mergeValues = merged;

/** Functions of Go templates, Sprig and Helm that shape manifests; the last argument is what a pipeline passes on. */
const functions: Record<string, (...args: Json[]) => Json> = {
  default: (fallback, value = null) => (value === unknown ? unknown : truthy(value) ? value : (fallback ?? null)),
  quote: (...a) => (a.length === 1 && a[0] === unknown ? unknown : a.map((v) => JSON.stringify(show(v))).join(' ')),
  squote: (...a) => a.map((v) => `'${show(v)}'`).join(' '),
  toYaml: (v: Json = null): Json => toYaml(v),
  toJson: (v = null) => (v === unknown ? unknown : JSON.stringify(v)),
  toString: (v: Json = null) => show(v),
  indent: (n = 0, v = '') => pad(show(v), n),
  nindent: (n = 0, v = '') => `\n${pad(show(v), n)}`,
  trim: (v = '') => show(v).trim(),
  trunc: (n = 0, v = '') => (show(v).includes(unknown) ? show(v) : number(n) < 0 ? show(v).slice(number(n)) : show(v).slice(0, number(n))),
  trimSuffix: (s = '', v = '') => (show(v).endsWith(show(s)) && show(s) !== '' ? show(v).slice(0, -show(s).length) : show(v)),
  trimPrefix: (s = '', v = '') => (show(v).startsWith(show(s)) ? show(v).slice(show(s).length) : show(v)),
  trimAll: (_s = '', v = '') => show(v),
  replace: (from = '', to = '', v = '') => show(v).replaceAll(show(from) || '\0', show(to)),
  lower: (v = '') => (show(v).includes(unknown) ? v : show(v).toLowerCase()),
  upper: (v = '') => (show(v).includes(unknown) ? v : show(v).toUpperCase()),
  title: (v = '') => show(v),
  kebabcase: (v = '') => show(v),
  print: (...a) => a.map(show).join(''),
  println: (...a) => `${a.map(show).join(' ')}\n`,
  printf: (format = '', ...a) => {
    let i = 0;
    return show(format).replace(/%(?:[-+#0-9.]*[a-zA-Z]|%)/g, (m) => (m === '%%' ? '%' : m === '%q' ? JSON.stringify(show(a[i++] ?? null)) : show(a[i++] ?? null)));
  },
  eq: (a = null, ...b) => (a === unknown || b.includes(unknown) ? unknown : b.some((v) => same(a, v))),
  ne: (a = null, b = null) => (a === unknown || b === unknown ? unknown : !same(a, b)),
  lt: (a, b) => (a === unknown || b === unknown ? unknown : number(a) < number(b)),
  le: (a, b) => (a === unknown || b === unknown ? unknown : number(a) <= number(b)),
  gt: (a, b) => (a === unknown || b === unknown ? unknown : number(a) > number(b)),
  ge: (a, b) => (a === unknown || b === unknown ? unknown : number(a) >= number(b)),
  and: (...a) => a.find((v) => !truthy(v)) ?? a.at(-1) ?? null,
  or: (...a) => a.find((v) => truthy(v) && v !== unknown) ?? (a.includes(unknown) ? unknown : (a.at(-1) ?? null)),
  not: (v = null) => (v === unknown ? unknown : !truthy(v)),
  empty: (v = null) => (v === unknown ? unknown : !truthy(v)),
  coalesce: (...a) => a.find(truthy) ?? null,
  ternary: (yes = null, no = null, test = null) => (test === unknown ? unknown : truthy(test) ? yes : no),
  required: (_message, value = null) => (truthy(value) ? value : unknown),
  int: (v) => (v === unknown ? unknown : Math.trunc(number(v))),
  int64: (v) => (v === unknown ? unknown : Math.trunc(number(v))),
  float64: (v) => (v === unknown ? unknown : number(v)),
  add: (...a) => (a.includes(unknown) ? unknown : a.reduce<number>((sum, v) => sum + number(v), 0)),
  sub: (a, b) => number(a) - number(b),
  mul: (...a) => a.reduce<number>((product, v) => product * number(v), 1),
  list: (...a) => a,
  tuple: (...a) => a,
  dict: (...a) => Object.fromEntries(a.flatMap((v, i) => (i % 2 === 0 ? [[show(v), a[i + 1] ?? null]] : []))),
  hasKey: (map = null, key = '') => (map === unknown ? unknown : isRecord(map) && Object.hasOwn(map, show(key))),
  get: (map = null, key = '') => field(map, [show(key)]),
  index: (value = null, ...keys) => keys.reduce<Json>((v, k) => (v === unknown ? unknown : Array.isArray(v) ? (v[number(k)] ?? null) : field(v, [show(k)])), value),
  merge: (...a) => a.reduceRight<Json>((base, over) => merged(base, over), {}),
  mergeOverwrite: (...a) => a.reduce<Json>((base, over) => merged(base, over), {}),
  deepCopy: (v = null) => v,
  concat: (...a) => a.flatMap((v) => (Array.isArray(v) ? v : [])),
  append: (a = null, v = null) => [...(Array.isArray(a) ? a : []), v],
  join: (by = '', v = null) => (Array.isArray(v) ? v.map(show).join(show(by)) : show(v)),
  keys: (v = null) => (isRecord(v) ? Object.keys(v) : []),
  values: (v = null) => (isRecord(v) ? Object.values(v) : []),
  first: (v = null) => (Array.isArray(v) ? (v[0] ?? null) : v === unknown ? unknown : null),
  last: (v = null) => (Array.isArray(v) ? (v.at(-1) ?? null) : v === unknown ? unknown : null),
  len: (v = null) => (v === unknown ? unknown : Array.isArray(v) ? v.length : isRecord(v) ? Object.keys(v).length : show(v).length),
  uniq: (v = null) => v,
  compact: (v = null) => (Array.isArray(v) ? v.filter(truthy) : v),
  sortAlpha: (v = null) => (Array.isArray(v) ? v.map(show).sort() : v),
  splitList: (by = '', v = '') => show(v).split(show(by) || '\0'),
  contains: (part = '', v = '') => (show(v).includes(unknown) ? unknown : show(v).includes(show(part))),
  hasPrefix: (part = '', v = '') => (show(v).includes(unknown) ? unknown : show(v).startsWith(show(part))),
  hasSuffix: (part = '', v = '') => (show(v).includes(unknown) ? unknown : show(v).endsWith(show(part))),
  has: (v = null, of = null) => (Array.isArray(of) ? of.some((o) => same(o, v)) : of === unknown ? unknown : false),
  kindIs: (kind = '', v = null) => (v === unknown ? unknown : show(kind) === (Array.isArray(v) ? 'slice' : isRecord(v) ? 'map' : v === null ? 'invalid' : typeof v === 'boolean' ? 'bool' : typeof v === 'number' ? 'float64' : 'string')),
  fail: () => '',
  lookup: () => ({}),
  b64enc: (v = '') => (truthy(v) ? unknown : ''),
}; // prettier-ignore

/** One rendering: the text and for each of its lines the template's line that it came from. */
export class Rendering {
  text = '';
  readonly lines: number[] = [];
  private steps = 0;

  constructor(private readonly definitions: Definitions) {}

  private emit(text: string, line: number, literal: boolean): void {
    if (this.text.length + text.length > maxOutput) return;
    let at = line;
    text.split('\n').forEach((content, i) => {
      if (i > 0) {
        if (literal) at++;
        this.lines.push(at);
      }
      // A line that begins in an action and goes on in literal text is where the text is.
      if (this.lines.length === 0 || (literal && content.trim() !== '')) this.lines[Math.max(0, this.lines.length - 1)] = at;
    });
    this.text += text;
  }

  render(nodes: readonly Node[], scope: Scope, depth = 0): void {
    if (depth > maxDepth) return;
    for (const node of nodes) {
      if (++this.steps > maxSteps) return;
      if (node.type === 'text') this.emit(node.text, node.line, true);
      else if (node.type === 'action') {
        const assignment = /^(\$\w+)\s*:?=\s*([^]*)$/.exec(node.source);
        if (assignment) scope.variables.set(assignment[1]!, this.evaluate(assignment[2]!, scope, depth));
        else {
          const [word] = node.source.split(/\s/, 1);
          const source = word === 'template' ? `include${node.source.slice(8)}` : node.source;
          this.emit(show(this.evaluate(source, scope, depth)), node.line, false);
        }
      } else {
        const assignment = /^(\$\w+)(?:\s*,\s*(\$\w+))?\s*:=\s*([^]*)$/.exec(node.source);
        const value = this.evaluate(assignment ? assignment[3]! : node.source, scope, depth);
        if (node.type === 'range') {
          const entries: [Json, Json][] =
            value === unknown ? [] : Array.isArray(value) ? value.map((v, i) => [i, v]) : isRecord(value) ? Object.entries(value) : [];
          if (entries.length === 0) this.render(node.otherwise, scope, depth + 1);
          for (const [key, entry] of entries.slice(0, 200)) {
            const variables = new Map(scope.variables);
            if (assignment) {
              if (assignment[2]) variables.set(assignment[1]!, key).set(assignment[2], entry);
              else variables.set(assignment[1]!, entry);
            }
            this.render(node.body, { ...scope, dot: entry, variables }, depth + 1);
          }
        } else if (truthy(value)) {
          if (assignment) scope.variables.set(assignment[1]!, value);
          this.render(node.body, node.type === 'with' ? { ...scope, dot: value } : scope, depth + 1);
        } else this.render(node.otherwise, scope, depth + 1);
      }
    }
  }

  /** The value of a pipeline; `unknown` for what is not understood. */
  private evaluate(source: string, scope: Scope, depth: number): Json {
    if (++this.steps > maxSteps) return unknown;
    const words = source.slice(0, 4000).match(/"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'|\(|\)(?:\.[\w.]+)?|\||[^\s()|"`]+/g) ?? [];
    let i = 0;
    const operand = (): Json => {
      const word = words[i++] ?? '';
      if (word === '(') {
        const value = pipeline();
        const close = words[i++] ?? ')';
        return close.length > 1 ? field(value, close.slice(2).split('.').filter(Boolean)) : value;
      }
      if (word.startsWith('"')) {
        try {
          return JSON.parse(word) as string;
        } catch {
          return word.slice(1, -1);
        }
      }
      if (word.startsWith('`') || word.startsWith("'")) return word.slice(1, -1);
      if (/^-?\d+(?:\.\d+)?$/.test(word)) return Number(word);
      if (word === 'true' || word === 'false') return word === 'true';
      if (word === 'nil') return null;
      if (word === '.') return scope.dot;
      if (word.startsWith('.')) return field(scope.dot, word.split('.').filter(Boolean));
      if (word.startsWith('$')) {
        const [name = '', ...path] = word.split('.');
        return field(
          name === '$' ? scope.root : (scope.variables.get(name) ?? (scope.variables.has(name) ? null : unknown)),
          path.filter(Boolean),
        );
      }
      return call(word, []);
    };
    const call = (name: string, args: Json[]): Json => {
      if (name === 'include') {
        const nodes = this.definitions.get(show(args[0] ?? ''));
        if (!nodes || depth > maxDepth) return unknown;
        const inner = new Rendering(this.definitions);
        inner.steps = this.steps;
        inner.render(nodes, { dot: args[1] ?? null, root: args[1] ?? null, variables: new Map() }, depth + 1);
        this.steps = inner.steps;
        return inner.text;
      }
      if (name === 'tpl') {
        const text = show(args[0] ?? '');
        if (!text.includes('{{') || depth > maxDepth) return text;
        const inner = new Rendering(this.definitions);
        inner.steps = this.steps;
        inner.render(parseTemplate(text, new Map()), { dot: args[1] ?? null, root: args[1] ?? null, variables: new Map() }, depth + 1);
        this.steps = inner.steps;
        return inner.text;
      }
      return Object.hasOwn(functions, name) ? functions[name]!(...args) : unknown;
    };
    const command = (piped: Json[]): Json => {
      const word = words[i] ?? '';
      const isCall = /^[a-zA-Z]\w*$/.test(word) && !/^(?:true|false|nil)$/.test(word);
      if (isCall) i++;
      const args: Json[] = [];
      while (i < words.length && words[i] !== '|' && !words[i]!.startsWith(')')) args.push(operand());
      // `.Capabilities.APIVersions.Has "x"` calls a method: its arguments say nothing here.
      return isCall ? call(word, [...args, ...piped]) : args.length > 1 ? unknown : (args[0] ?? null);
    };
    const pipeline = (): Json => {
      let value = command([]);
      while (words[i] === '|') {
        i++;
        value = command([value]);
      }
      return value;
    };
    return pipeline();
  }
}
