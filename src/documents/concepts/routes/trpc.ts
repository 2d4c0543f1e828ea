import type { Item, Reader } from '../../../model/document.js';
import { closing } from '../syntax-text.js';
import { isGuard, isLimiter, routeItem } from './shared.js';

const procedure = /(?<![\w$.])(\w+)\s*:\s*((?:\w+\.)?\w*[pP]rocedure)\b(?=\s*[.\n])/g;
/** By how procedures are called: what asks for an identity, and what says that it does not. */
const asks =
  /protected|private|authed|authenticated|authorized|admin|member|owner|staff|session|loggedin|signedin|secure|user|org|team|workspace|tenant/i;
const open = /^(?:public|open|base|anonymous|unauthed|guest)?procedure$/i;

/** One link of `procedure.use(x).input(schema).mutation(handler)`. */
interface Link {
  readonly name: string;
  readonly inner: string;
}

/** tRPC: each procedure of a router is a route of its own; queries come by GET, mutations by POST. */
export const trpc: Reader = {
  name: 'routes/trpc',
  kind: 'routes',
  files: { languages: ['typescript', 'javascript', 'tsx'], roles: ['product'] },
  keywords: ['rocedure'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(procedure)) {
      const links = chainAt(code, match.index + match[0].length);
      const last = links[links.length - 1];
      if (!last || !/^(?:query|mutation|subscription)$/.test(last.name)) continue;
      const made = match[2]!.slice(match[2]!.lastIndexOf('.') + 1);
      const used = links.filter((l) => l.name === 'use').map((l) => l.inner.trim());
      const guarded = (asks.test(made) && !/^(?:public|open)/i.test(made)) || used.some(isGuard);
      items.push(
        routeItem(source, match.index, 'trpc', {
          method: last.name === 'mutation' ? 'POST' : 'GET',
          route: `/${match[1]!}`,
          handler: match[1]!,
          auth: guarded ? true : open.test(made) && used.length === 0 ? false : null,
          rateLimited: isLimiter(made) || used.some(isLimiter) || null,
          validated: links.some((l) => l.name === 'input') || null,
          responseSchema: links.some((l) => l.name === 'output') || null,
          websocket: last.name === 'subscription',
          body: last.inner,
        }),
      );
    }
    return { items };
  },
};

/** The calls that follow each other from `at` on, up to the one that holds the handler. */
function chainAt(code: string, at: number): Link[] {
  const links: Link[] = [];
  for (let from = at; links.length < 20;) {
    const next = /^\s*\.(\w+)\s*\(/.exec(code.slice(from, from + 200));
    if (!next) break;
    const openAt = from + next[0].length - 1;
    const end = closing(code, openAt);
    if (end < 0) break;
    links.push({ name: next[1]!, inner: code.slice(openAt + 1, end) });
    if (/^(?:query|mutation|subscription)$/.test(next[1]!)) break;
    from = end + 1;
  }
  return links;
}
