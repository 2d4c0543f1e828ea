import type { Item, Reader } from '../../../model/document.js';
import { closing } from '../syntax-text.js';
import { isGuard, joinRoutes, routeItem } from './shared.js';

/** A call that finds out who asks, or an answer to somebody who is nobody. */
export const sessionCall =
  /\b(?:auth|getServerSession|unstable_getServerSession|getSession|getToken|currentUser|getCurrentUser|requireAuth|requireUser|requireSession|verifyToken|verifySession|validateRequest|getUser|withAuth|jwtVerify|getAuth|verifyIdToken|protect|requireAdmin|isAuthenticated)\s*\(|\bstatus\s*:\s*401|status\(401\)/;

/** Functions beside the handlers that ask for the session: `async function mayEdit(id) { const session = await getServerSession() ...`. */
function askingHelpers(code: string): string[] {
  const names: string[] = [];
  for (const match of code.matchAll(/\bfunction\s+(\w+)\s*\(|\bconst\s+(\w+)\s*=\s*async\s*(?=\()/g)) {
    const name = match[1] ?? match[2]!;
    if (/^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|handler)$/.test(name) || names.length >= 20) continue;
    const brace = code.indexOf('{', closing(code, code.indexOf('(', match.index)));
    const end = brace < 0 ? -1 : closing(code, brace);
    if (end > 0 && sessionCall.test(code.slice(brace, end))) names.push(name);
  }
  return names;
}

/** Whether a piece of this file asks for the session, by itself or through a helper beside it. */
export function asksForSession(code: string): (body: string) => boolean {
  const askers = askingHelpers(code);
  return (body) => sessionCall.test(body) || askers.some((name) => new RegExp(`\\b${name}\\s*\\(`).test(body));
}

/** Next.js route handlers: app/…/route.ts exports and pages/api files; SvelteKit's +server.ts and Nuxt's server/api likewise. */
export const next: Reader = {
  name: 'routes/next',
  kind: 'routes',
  files: {
    paths: [
      '**/app/**/route.{ts,js,tsx,jsx}',
      'app/**/route.{ts,js,tsx,jsx}',
      '**/pages/api/**/*.{ts,js}',
      'pages/api/**/*.{ts,js}',
      '**/routes/**/+server.{ts,js}',
      '**/server/api/**/*.{ts,js}',
      'server/api/**/*.{ts,js}',
    ],
    roles: ['product'],
  },
  keywords: ['export'],
  read(source) {
    const { code, path } = source;
    const items: Item[] = [];
    const app = /(?:^|\/)app\/(.*?)\/?route\.\w+$/.exec(path);
    const svelte = /(?:^|\/)routes\/(.*?)\/?\+server\.\w+$/.exec(path);
    const pages = /(?:^|\/)pages\/(api\/.*?)(?:\/index)?\.\w+$/.exec(path);
    const nuxt = /(?:^|\/)server\/(api\/.*?)(?:\/index)?(?:\.(get|post|put|patch|delete))?\.\w+$/.exec(path);
    const validated =
      /\.(?:safeParse|parse|parseAsync|safeParseAsync|validate|validateSync|assert)\(/.test(code) &&
      /zod|yup|joi|valibot|ajv|schema/i.test(code);
    const asks = asksForSession(code);
    const facts = (body: string, wrapper = '') => ({
      auth: asks(body) || (wrapper !== '' && isGuard(wrapper)) ? true : null,
      rateLimited: /rate_?limit/i.test(body) || null,
      validated: validated ? true : /\.json\(\)|req\.body|readBody\(/.test(body) ? false : null,
      upload: /\.formData\(\)|formidable|busboy|multer/.test(body),
      body,
    });
    if (app || svelte) {
      const route = joinRoutes(...(app ?? svelte)![1]!.split('/').filter((s) => !/^\(.*\)$|^@/.test(s))) || '/';
      for (const match of code.matchAll(/export\s+(?:async\s+)?(?:function|const)\s+(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/g)) {
        const brace = code.indexOf('{', code.indexOf(')', match.index));
        const end = brace < 0 ? -1 : closing(code, brace);
        const wrapper = /=\s*([\w.]+)\(/.exec(code.slice(match.index, match.index + 200))?.[1] ?? '';
        items.push(
          routeItem(source, match.index, svelte ? 'sveltekit' : 'nextjs', {
            method: match[1]!,
            route,
            handler: match[1]!,
            ...facts(end < 0 ? code.slice(match.index) : code.slice(brace, end), wrapper),
          }),
        );
      }
      const handlers = /export\s*(?:const\s*)?\{\s*((?:handlers?\s*(?:\.\w+)?\s*as\s*)?(?:GET|POST)[^}]*)\}/.exec(code);
      if (handlers)
        for (const verb of handlers[1]!.match(/\b(?:GET|POST|PUT|PATCH|DELETE)\b/g) ?? [])
          items.push(routeItem(source, handlers.index, 'nextjs', { method: verb, route, auth: null }));
    } else if (pages && /export\s+default|module\.exports/.test(code)) {
      const at = Math.max(0, code.search(/export\s+default|module\.exports/));
      const wrapper = /export\s+default\s+([\w.]+)\(/.exec(code)?.[1] ?? '';
      items.push(
        routeItem(source, at, 'nextjs', { method: 'ANY', route: joinRoutes(pages[1]!), handler: 'default', ...facts(code, wrapper) }),
      );
    } else if (nuxt && /defineEventHandler|eventHandler/.test(code)) {
      items.push(
        routeItem(source, Math.max(0, code.search(/export\s+default/)), 'nuxt', {
          method: nuxt[2] ?? 'ANY',
          route: joinRoutes(nuxt[1]!),
          ...facts(code),
        }),
      );
    }
    return { items };
  },
};
