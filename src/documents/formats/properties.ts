import type { Reader } from '../../model/document.js';
import { documentOf, Places } from './text-positions.js';

/** Java properties: `root` is flat, `{'server.port': '8080'}`; the last of equal keys wins, as in java.util.Properties. */
export const properties: Reader = {
  name: 'format/properties',
  kind: 'properties',
  files: { paths: ['*.properties'], roles: ['product', 'config', 'ci', 'script'] },
  read(source) {
    const places = new Places();
    const entries = parseProperties(source.text);
    for (const entry of [...entries].reverse()) places.set([entry.key], entry.line);
    const root = Object.fromEntries(entries.map((entry) => [entry.key, entry.value]));
    return { documents: [documentOf('properties', source.path, root, (location) => places.nearest(location))] };
  },
};

/** Keys and values in the order of the file: `=`, `:` or white space between them, `\` at a line's end continues it. */
export function parseProperties(text: string): { key: string; value: string; line: number }[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const entries: { key: string; value: string; line: number }[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (/^\s*(?:[#!].*)?$/.test(lines[i]!)) continue;
    const line = i + 1;
    const parts = [lines[i]!.trimStart()];
    while (/(?:^|[^\\])(?:\\\\)*\\$/.test(parts.at(-1)!) && i + 1 < lines.length) {
      parts[parts.length - 1] = parts.at(-1)!.slice(0, -1);
      parts.push(lines[++i]!.trimStart());
    }
    const pair = /^((?:\\.|[^\\=:\s])+)(?:\s*[=:]\s*|\s+|$)([^]*)$/.exec(parts.join(''));
    if (pair) entries.push({ key: unescape(pair[1]!), value: unescape(pair[2]!).trimEnd(), line });
  }
  return entries;
}

function unescape(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, code: string) =>
    code.length === 5 ? String.fromCharCode(parseInt(code.slice(1), 16)) : ({ n: '\n', t: '\t', r: '\r', f: '\f' }[code] ?? code),
  );
}
