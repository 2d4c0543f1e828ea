import type { Reader } from '../../../model/document.js';

const marker = /\b(TODO|FIXME|HACK|XXX)\b/g;
/** #123, ABC-123 or a URL; encodings, hashes and standards are no issues. */
const reference = /#\d+|\bhttps?:\/\/|\b(?!UTF|ISO|SHA|AES|MD|RFC|IEEE|CP|X)[A-Z][A-Z0-9]+-\d+\b|\bgh-\d+\b/;

/** TODO, FIXME, HACK and XXX in comments of product code, and whether an issue is named on the same or the next line. */
export const debtMarkers: Reader = {
  name: 'debt-markers/comments',
  kind: 'debt-markers',
  files: { roles: ['product'] },
  keywords: ['todo', 'fixme', 'hack', 'xxx'],
  read(source) {
    if (source.file.language === null) return { items: [] };
    const raw = source.text.split('\n');
    const items = [];
    let last = 0;
    for (const match of source.text.matchAll(marker)) {
      // A comment is what is blank in the code.
      if (source.code.slice(match.index, match.index + match[0].length).trim() !== '') continue;
      const { line } = source.at(match.index);
      if (line === last) continue;
      last = line;
      const text = (raw[line - 1] ?? '').trim();
      items.push({
        path: source.path,
        line,
        marker: match[0],
        tracked: reference.test(text) || reference.test(raw[line] ?? ''),
        text: text.slice(0, 160),
      });
    }
    return { items };
  },
};
