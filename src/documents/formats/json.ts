import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Json, Reader } from '../../model/document.js';
import type { Source } from '../../model/source.js';
import { limits } from '../../safe/limits.js';
import { documentOf, messageOf, type Location } from './text-positions.js';

/**
 * Any JSON file, comments and trailing commas tolerated (tsconfig.json, appsettings.json and renovate.json have them).
 * `root` is the value itself; places are those of the property, so its key's line.
 */
export const json: Reader = {
  name: 'format/json',
  kind: 'json',
  files: {
    paths: ['*.json', '*.jsonc', '*.json5', '.eslintrc', '.prettierrc', '.babelrc', '.swcrc', '.stylelintrc'],
    roles: ['product', 'config', 'ci', 'script', 'docs', 'template'],
  },
  read(source) {
    const parsed = parseJson(source);
    const problems = parsed.problem ? [{ ...source.at(parsed.problem.offset), message: `not valid JSON: ${parsed.problem.message}` }] : [];
    if (parsed.root === undefined) return { problems };
    return { documents: [documentOf('json', source.path, parsed.root, parsed.placeOf)], problems };
  },
};

/** The value of a JSON text with the places of its parts; `root` is undefined where nothing could be read. */
export function parseJson(source: Pick<Source, 'text' | 'at'>): {
  root: Json | undefined;
  placeOf(location: Location): { line: number; column: number };
  problem: { offset: number; message: string } | null;
} {
  const start = source.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const at = (offset: number) => {
    const { line, column } = source.at(offset);
    return { line, column };
  };
  const nowhere = { root: undefined, placeOf: () => at(0) };
  if (tooDeep(source.text)) return { ...nowhere, problem: { offset: 0, message: `nested deeper than ${limits.documentDepth} levels` } };
  const errors: ParseError[] = [];
  let tree: Node | undefined;
  try {
    tree = parseTree(start ? ` ${source.text.slice(1)}` : source.text, errors, { allowTrailingComma: true, disallowComments: false });
  } catch (error) {
    return { ...nowhere, problem: { offset: 0, message: messageOf(error) } };
  }
  const first = errors[0];
  const problem = first ? { offset: first.offset, message: printParseErrorCode(first.error) } : null;
  if (!tree) return { ...nowhere, problem: problem ?? { offset: 0, message: 'empty' } };
  const root = tree;
  return { root: valueOf(root), placeOf: (location) => at(nodeAt(root, location).offset), problem };
}

/** Brackets deeper than the limit, strings left out: checked before parsing, since parsers recurse. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34 || c === 10) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 123 || c === 91) {
      if (++depth > limits.documentDepth) return true;
    } else if (c === 125 || c === 93) depth--;
  }
  return false;
}

function valueOf(node: Node): Json {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return (node.value ?? null) as Json;
  const entries: [string, Json][] = [];
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key) entries.push([String(key.value), value ? valueOf(value) : null]);
  }
  return Object.fromEntries(entries);
}

function nodeAt(root: Node, location: Location): Node {
  for (let length = location.length; length > 0; length--) {
    const node = findNodeAtLocation(root, location.slice(0, length));
    if (node) return node.parent?.type === 'property' ? node.parent : node;
  }
  return root;
}
