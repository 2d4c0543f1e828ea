import { Composer, isAlias, isCollection, isMap, isPair, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';
import type { Alias, CST, Document, Node, Pair, ParsedNode } from 'yaml';
import type { Json } from '../model/document.js';
import { limits } from './limits.js';

export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

export interface YamlDocument {
  readonly value: Json;
  /**
   * Place of the value at a location (keys and indexes from the root); of a map's value it is the place of its key. A location
   * that does not exist has the place of its nearest known ancestor. Lines and columns start at 1.
   */
  place(location: readonly (string | number)[]): YamlPlace;
}

export interface YamlResult {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly (YamlPlace & { readonly message: string })[];
}

export interface YamlOptions {
  /** `1.1` reads yes/no/on/off as booleans; the default, `1.2`, keeps them (and the key `on:`) as strings. */
  readonly version?: '1.1' | '1.2';
  readonly maxAliases?: number;
  readonly maxNodes?: number;
  readonly maxDepth?: number;
}

class TooMuch extends Error {}

/** Of one file; a file with more is no YAML. */
const mostProblems = 100;

/**
 * All documents of a YAML text as plain data with places. Never throws: what cannot be read is a problem, and a document with
 * a syntax error is left out since its data would be a guess. Merge keys are resolved, unknown tags (!Ref, !vault) read as
 * plain values, repeated keys are a problem and the last one holds. Aliases, nodes and depth are capped (limits.ts).
 */
export function parseYaml(text: string, options: YamlOptions = {}): YamlResult {
  const documents: YamlDocument[] = [];
  const problems: (YamlPlace & { message: string })[] = [];
  const lines = new LineCounter();
  const place = (offset: number): YamlPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const report = (problem: YamlPlace & { message: string }): void => {
    if (problems.length < mostProblems) problems.push(problem);
  };
  const add = (document: Document.Parsed<ParsedNode>): void => {
    for (const error of document.errors) report({ ...place(error.pos[0]), message: firstLine(error) });
    if (document.errors.length > 0 || isEmpty(document.contents)) return;
    try {
      documents.push(plain(document, budget, place, report));
    } catch (error) {
      report({ ...place(document.range[0]), message: firstLine(error) });
    }
  };
  const deepest = options.maxDepth ?? limits.documentDepth;
  const budget = { aliases: options.maxAliases ?? limits.yamlAliases, nodes: options.maxNodes ?? limits.yamlNodes, depth: deepest };
  const composer = new Composer({
    logLevel: 'silent',
    prettyErrors: false,
    uniqueKeys: false,
    strict: false,
    version: options.version ?? '1.2',
    merge: true,
    resolveKnownTags: false,
  });
  try {
    for (const document of composer.compose(tokens(text, lines, deepest), false, text.length)) add(document as Document.Parsed<ParsedNode>);
  } catch (error) {
    report({ ...place(text.length), message: firstLine(error) });
  }
  return { documents, problems };
}

/**
 * The parser's tokens, stopped before nesting gets deep: composing is recursive, and a stack that overflows inside the regular
 * expression compiler ends the whole process.
 */
function* tokens(text: string, lines: LineCounter, deepest: number): Generator<CST.Token, void> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > deepest * 3 + 10) throw new TooMuch(`nested deeper than ${deepest} levels`);
  }
  yield* parser.end();
}

const firstLine = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));

type Budget = { aliases: number; nodes: number; readonly depth: number };

function plain(
  document: Document.Parsed<ParsedNode>,
  budget: Budget,
  place: (offset: number) => YamlPlace,
  report: (problem: YamlPlace & { message: string }) => void,
): YamlDocument {
  const anchors = anchorsOf(document.contents);
  /** Nodes being read: an alias to one of them would never end. */
  const active = new Set<unknown>();

  const resolve = (alias: Alias): Node => {
    if (--budget.aliases < 0) throw new TooMuch(`more than ${limits.yamlAliases} aliases`);
    const target = anchors
      .get(alias.source)
      ?.filter((n) => startOf(n) < startOf(alias))
      .at(-1);
    if (!target) throw new TooMuch(`alias *${alias.source} has no anchor`);
    if (active.has(target)) throw new TooMuch(`alias *${alias.source} refers to itself`);
    return target;
  };

  const read = (node: unknown, depth: number): Json => {
    if (--budget.nodes < 0) throw new TooMuch(`more than ${limits.yamlNodes} values`);
    if (depth > budget.depth) throw new TooMuch(`nested deeper than ${budget.depth} levels`);
    if (isAlias(node)) return read(resolve(node), depth);
    if (isScalar(node)) return scalar(node.value, node.source);
    if (!isCollection(node)) return null;
    active.add(node);
    let value: Json;
    if (isSeq(node))
      value = node.items.map((item) => (isPair(item) ? { [keyOf(item.key)]: read(item.value, depth + 2) } : read(item, depth + 1)));
    else value = isMap(node) ? readMap(node.items, depth) : null;
    active.delete(node);
    return value;
  };

  const readMap = (items: readonly Pair[], depth: number): Json => {
    const own = new Map<string, Json>();
    const merged = new Map<string, Json>();
    for (const pair of items) {
      const key = keyOf(pair.key);
      const value = read(pair.value, depth + 1);
      if (isMerge(pair)) {
        for (const source of Array.isArray(value) ? value : [value]) {
          if (source && typeof source === 'object' && !Array.isArray(source))
            for (const [k, v] of Object.entries(source)) if (!merged.has(k)) merged.set(k, v);
        }
        continue;
      }
      if (own.has(key)) report({ ...place(startOf(pair.key)), message: `key ${JSON.stringify(key.slice(0, 100))} is repeated` });
      own.set(key, value);
    }
    for (const [k, v] of merged) if (!own.has(k)) own.set(k, v);
    return Object.fromEntries(own);
  };

  const contents = document.contents;
  return {
    value: read(contents, 0),
    place: (location) => {
      let node: unknown = contents;
      let offset = startOf(contents);
      for (const step of location) {
        const next = child(
          node,
          step,
          (alias) =>
            anchors
              .get(alias.source)
              ?.filter((n) => startOf(n) < startOf(alias))
              .at(-1),
          0,
        );
        if (!next) break;
        offset = next.offset;
        node = next.node;
      }
      return place(offset);
    },
  };
}

/** Nothing between two `---`. */
const isEmpty = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null && !node.source);

/** Anchored nodes by name, in the order of the text; a name may be used again. */
function anchorsOf(root: unknown): Map<string, Node[]> {
  const anchors = new Map<string, Node[]>();
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (isPair(node)) pending.push(node.value, node.key);
    else if (isScalar(node) || isCollection(node)) {
      if (node.anchor) {
        const same = anchors.get(node.anchor);
        if (same) same.push(node);
        else anchors.set(node.anchor, [node]);
      }
      if (isCollection(node)) for (let i = node.items.length - 1; i >= 0; i--) pending.push(node.items[i]);
    }
  }
  return anchors;
}

const startOf = (node: unknown): number => (node as { range?: [number, number, number] | null } | null)?.range?.[0] ?? 0;
const isMerge = (pair: Pair): boolean =>
  isScalar(pair.key) && (pair.key.value === '<<' || typeof pair.key.value === 'symbol') && (pair.key.type ?? 'PLAIN') === 'PLAIN';

/** A key as text: `8080:` is "8080", `on:` is "on", a complex key is its YAML flow form. */
function keyOf(key: unknown): string {
  if (isScalar(key)) return key.source ?? String(key.value ?? '');
  if (isAlias(key)) return `*${key.source}`;
  return key === null || key === undefined ? '' : `complex key`;
}

function scalar(value: unknown, source: string | undefined): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : (source ?? String(value));
  return source ?? String(value);
}

type Found = { node: unknown; offset: number };

/** One step of a location: through aliases, and into merged maps where a map has no such key itself. */
function child(node: unknown, step: string | number, resolve: (alias: Alias) => Node | undefined, hops: number): Found | null {
  if (hops > limits.documentDepth) return null;
  if (isAlias(node)) return child(resolve(node), step, resolve, hops + 1);
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { node: item, offset: isPair(item) ? startOf(item.key) : startOf(item) };
  }
  if (isPair(node)) return keyOf(node.key) === String(step) ? { node: node.value, offset: startOf(node.key) } : null;
  if (!isMap(node)) return null;
  const own = node.items.findLast((pair) => keyOf(pair.key) === String(step) && !isMerge(pair));
  if (own) return { node: own.value, offset: startOf(own.key) };
  for (const pair of node.items) {
    if (!isMerge(pair)) continue;
    const sources = isSeq(pair.value) ? pair.value.items : [pair.value];
    for (const source of sources) {
      const found = child(source, step, resolve, hops + 1);
      if (found) return found;
    }
  }
  return null;
}
