import { Composer, isMap, isPair, isScalar, isSeq, Lexer, LineCounter, Parser, type CST, type Document, type Node } from 'yaml';
import type { Problem } from '../model/error.js';

type Path = readonly (string | number)[];
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Checks and checklists are short; what is larger is no checklist. */
const MAX_BYTES = 400_000;
const MAX_ALIASES = 100;
const MAX_DEPTH = 40;

/** One YAML file of ours as data, with the exact place of every key and value. Lines and columns start at 1. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** Syntax errors; when there are any, `value` is not to be used. */
  readonly problems: readonly Problem[];
  /** The key at a path (for list members: the member), or its nearest known ancestor. */
  keyAt(path: Path): Position;
  /** The value at a path, or its nearest known ancestor. */
  valueAt(path: Path): Position;
  /** A character of the string at a path: `offset` counts in the string, not in the file. */
  inside(path: Path, offset: number): Position;
}

/** Parses one YAML document strictly: duplicate keys, tabs, several documents, excessive aliases and nesting are problems. */
export function parseSource(file: string, text: string): YamlSource {
  const counter = new LineCounter();
  const problems: Problem[] = [];
  const at = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const report = (offset: number, message: string, hint?: string) => problems.push({ file, ...at(offset), message, hint });

  let document: Document | undefined;
  let value: unknown = null;
  if (text.length > MAX_BYTES) report(0, `the file is larger than ${MAX_BYTES / 1000} kB`);
  else {
    try {
      const composer = new Composer({ logLevel: 'silent', prettyErrors: false, uniqueKeys: true });
      const [first, second] = [...composer.compose(tokens(text, counter), false, text.length)];
      document = first;
      if (!first || first.contents === null) report(0, 'the file is empty');
      else {
        for (const error of [...first.errors, ...first.warnings]) report(error.pos[0], error.message);
        if (second) report(second.range[0], 'one file holds one YAML document');
        if (problems.length === 0) value = first.toJS({ maxAliasCount: MAX_ALIASES });
      }
    } catch (error) {
      report(0, `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  const find = (path: Path): { key: Node | null; value: Node | null } => {
    let found: { key: Node | null; value: Node | null } = { key: null, value: document?.contents ?? null };
    for (const step of path) {
      const next = child(found.value, step);
      if (!next) break;
      found = next;
    }
    return found;
  };
  const start = (node: Node | null): Position => at(node?.range?.[0] ?? 0);

  return {
    file,
    value,
    problems,
    keyAt(path) {
      const found = find(path);
      return start(found.key ?? found.value);
    },
    valueAt(path) {
      const found = find(path);
      return start(found.value ?? found.key);
    },
    inside(path, offset) {
      const node = find(path).value;
      if (!isScalar(node) || !node.range) return start(node);
      return at(offsetInside(text, node.range[0], node.type ?? 'PLAIN', String(node.value), offset));
    },
  };
}

/** The parser's tokens, stopped before nesting gets deep: composing is recursive, and an overflowing stack can end the process. */
function* tokens(text: string, counter: LineCounter): Generator<CST.Token, void> {
  counter.addNewLine(0);
  const parser = new Parser(counter.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_DEPTH * 3) throw new Error(`nested deeper than ${MAX_DEPTH} levels`);
  }
  yield* parser.end();
}

function child(node: Node | null, step: string | number): { key: Node | null; value: Node | null } | null {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step));
    return pair ? { key: pair.key as Node, value: (pair.value as Node | null) ?? null } : null;
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item ? { key: null, value: item } : null;
  }
  return null;
}

/** Where the character `offset` of a scalar's value stands in the file. Folded scalars give the start of their text. */
function offsetInside(text: string, begin: number, type: string, value: string, offset: number): number {
  const wanted = Math.min(offset, value.length);
  if (type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE') {
    let position = begin + 1;
    for (let i = 0; i < wanted; i++)
      position += type === 'QUOTE_SINGLE' ? (text[position] === "'" ? 2 : 1) : text[position] === '\\' ? 2 : 1;
    return position;
  }
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') {
    const lines = value.slice(0, wanted).split('\n');
    let position = text.indexOf('\n', begin) + 1;
    const indent = /^[ ]*/.exec(text.slice(position).replace(/^(?:[ ]*\n)+/, ''))?.[0].length ?? 0;
    if (type === 'BLOCK_FOLDED') return position + indent;
    for (let i = 1; i < lines.length; i++) position = text.indexOf('\n', position) + 1;
    return position + indent + lines.at(-1)!.length;
  }
  return begin + wanted;
}
