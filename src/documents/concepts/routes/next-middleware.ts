import type { Item, Reader } from '../../../model/document.js';
import { closing } from '../syntax-text.js';
import { sessionCall } from './next.js';
import { routeItem } from './shared.js';

/** `if (pathname.startsWith("/ping")) {`: the path and nothing else decides. */
const byPath =
  /\bif\s*\(\s*(?:[\w.]+\.)?pathname\s*(?:\.startsWith\s*\(\s*|={2,3}\s*)["'](\/[^"'\n]{1,100})["']\s*\)?\s*\)\s*(?=\{|return\b)/g;
/** An answer of its own: no redirect, no refusal, and not handed on. */
const answers = /^return\s+(?:new\s+(?:Next)?Response\s*\(|(?:Next)?Response\.json\s*\()/;
const refuses = /\b[45]\d\d\b/;

/** Next.js's middleware (proxy.ts since release 16): paths that it answers itself, such as a health route. */
export const nextMiddleware: Reader = {
  name: 'routes/next-middleware',
  kind: 'routes',
  files: { paths: ['{middleware,proxy}.{ts,js}', '**/{middleware,proxy}.{ts,js}'], roles: ['product'] },
  keywords: ['pathname'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(byPath)) {
      const body = blockAt(code, match.index + match[0].length);
      if (!answers.test(body) || refuses.test(body)) continue;
      const auth = sessionCall.test(code.slice(0, match.index)) || null;
      items.push(routeItem(source, match.index, 'nextjs', { method: 'GET', route: match[1]!, handler: 'middleware', auth, body }));
    }
    return { items };
  },
};

/** The block or the one statement that starts here. */
function blockAt(code: string, at: number): string {
  const end = code[at] === '{' ? closing(code, at) : code.indexOf(';', at);
  return end < 0 ? '' : code.slice(at, end).replace(/^\{\s*/, '');
}
