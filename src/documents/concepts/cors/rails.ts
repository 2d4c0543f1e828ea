import type { Reader } from '../../../model/document.js';
import type { Item } from '../../../model/document.js';
import { splitTop } from '../syntax-text.js';
import { codeFiles, corsItem, joinOrigins, noOrigin, originsOf, patternOrigins } from './shared.js';
import { manualHeaders } from './node.js';

/** rack-cors: each `origins` line of an `allow` block; headers set by hand. */
export const rails: Reader = {
  name: 'cors/rails',
  kind: 'cors',
  files: codeFiles('ruby'),
  keywords: ['Rack::Cors', 'Access-Control-Allow-Origin'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of /Rack::Cors/.test(code) ? code.matchAll(/^[ \t]*(?:\w+\.)?origins[ \t(]+([^\n]+(?:,[ \t]*\n[^\n]+)*)/gm) : []) {
      const parts = splitTop(match[1]!.replace(/\)\s*$/, ''));
      const block = code.slice(match.index, match.index + 1500).split(/\n\s*allow\b/)[0]!;
      const origins = parts.map((part) => rubyOrigins(part.text.replace(/^\*(?=\w)/, ''), code)).reduce(joinOrigins, noOrigin);
      items.push(
        corsItem(source, match.index + match[0].indexOf('origins'), 'rack-cors', origins, {
          credentials: /credentials:\s*true|:credentials\s*=>\s*true/.test(block),
        }),
      );
    }
    return { items: [...items, ...manualHeaders(source, 'rails-headers')] };
  },
};

function rubyOrigins(text: string, code: string) {
  const regex = /^%?r?[/{]([\s\S]+)[/}][a-z]*$/.exec(text);
  if (regex) return patternOrigins(regex[1]!);
  if (/\bdo\s*\|/.test(text) || /\{\s*\|/.test(text)) return { ...noOrigin, anyOrigin: null };
  return originsOf(text, code);
}
