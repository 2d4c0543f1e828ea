import { parse } from 'smol-toml';
import type { Json, Reader } from '../../model/document.js';
import { documentOf, messageOf, Places, plain } from './text-positions.js';

/** Any TOML file; places come from a scan over table headers and keys, which TOML keeps one a line. */
export const toml: Reader = {
  name: 'format/toml',
  kind: 'toml',
  files: { paths: ['*.toml', 'Pipfile'], roles: ['product', 'config', 'ci', 'script', 'docs', 'template'] },
  read(source) {
    const text = source.text.replace(/^\uFEFF/, '');
    let root: Json;
    try {
      root = plain(parse(text));
    } catch (error) {
      const line = typeof error === 'object' && error !== null && 'line' in error ? Number(error.line) : 1;
      return { problems: [{ path: source.path, line: line || 1, message: `not valid TOML: ${messageOf(error)}` }] };
    }
    const places = tomlPlaces(text);
    return { documents: [documentOf('toml', source.path, root, (location) => places.nearest(location))] };
  },
};

/** Lines of tables, array-of-tables members and keys; keys inside multi-line values belong to the value's line. */
function tomlPlaces(text: string): Places {
  const places = new Places();
  const counts = new Map<string, number>();
  let table: (string | number)[] = [];
  let until = '';
  text.split('\n').forEach((line, index) => {
    if (until) {
      if (line.includes(until)) until = '';
      return;
    }
    const header = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?/.exec(line);
    if (header && !line.includes('=')) {
      table = withIndexes(keys(header[2]!), counts, header[1] === '[[');
      for (let length = 1; length <= table.length; length++) places.set(table.slice(0, length), index + 1);
      return;
    }
    const pair = /^\s*((?:"[^"]*"|'[^']*'|[\w.-])+(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-])+)*)\s*=(.*)$/.exec(line);
    if (!pair) return;
    const path = [...table, ...keys(pair[1]!)];
    for (let length = table.length + 1; length <= path.length; length++) places.set(path.slice(0, length), index + 1);
    for (const quotes of ['"""', "'''"]) {
      const open = pair[2]!.indexOf(quotes);
      if (open >= 0 && pair[2]!.indexOf(quotes, open + 3) < 0) until = quotes;
    }
  });
  return places;
}

function keys(dotted: string): string[] {
  return [...dotted.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
}

/** `[[a]]` opens a new member of the list `a`; `[a.b]` below it belongs to the newest member. */
function withIndexes(path: string[], counts: Map<string, number>, isList: boolean): (string | number)[] {
  const out: (string | number)[] = [];
  path.forEach((key, i) => {
    out.push(key);
    const name = JSON.stringify(path.slice(0, i + 1));
    const last = i === path.length - 1;
    if (last && isList) counts.set(name, (counts.get(name) ?? -1) + 1);
    const count = counts.get(name);
    if (count !== undefined) out.push(count);
  });
  return out;
}
