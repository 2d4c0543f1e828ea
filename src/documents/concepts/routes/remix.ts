import type { Item, Reader } from '../../../model/document.js';
import { closing } from '../syntax-text.js';
import { asksForSession } from './next.js';
import { joinRoutes, routeItem } from './shared.js';

/**
 * The address that a file below `routes/` answers: folders, dots and `+` part it, `_name` groups without a part of its own,
 * `name_` leaves a layout, `$id` is a parameter, `$` the rest, and `[.]` a literal dot.
 */
export function remixRoute(file: string): string {
  const parts = file
    .replace(/\.\w+$/, '')
    .replace(/\/route$/, '')
    .replace(/\[([^\]]*)\]/g, (_, text: string) => text.replace(/\./g, '\0'))
    .split(/\+?\/|\./)
    .filter((part) => part !== '' && !part.startsWith('_') && part !== 'index');
  const named = parts.map((part) => part.replace(/_$/, '').replace(/^\$$/, '*').replace(/^\$/, ':').replace(/\0/g, '.'));
  return joinRoutes(...named) || '/';
}

/** A schema's own call, or that of a library for forms. */
const validator =
  /\.(?:safeParse|parse|parseAsync|safeParseAsync|validate)\(|\b(?:parseWith\w+|parseForm\w*|getValidatedFormData|validateFormData)\(/;

/** Resource routes of Remix and React Router: modules that export a loader or an action and no page. */
export const remix: Reader = {
  name: 'routes/remix',
  kind: 'routes',
  files: { paths: ['app/routes/**/*.{ts,tsx,js,jsx}', '**/app/routes/**/*.{ts,tsx,js,jsx}'], roles: ['product'] },
  keywords: ['export'],
  read(source) {
    const { code, path } = source;
    if (/\bexport\s+default\b|\bas\s+default\b/.test(code)) return {};
    const route = remixRoute(/(?:^|\/)app\/routes\/(.+)$/.exec(path)![1]!);
    const asks = asksForSession(code);
    const checked = validator.test(code);
    const items: Item[] = [];
    for (const match of code.matchAll(/\bexport\s+(?:async\s+)?(?:function\s+|const\s+)(loader|action)\b/g)) {
      const body = bodyAt(code, match.index + match[0].length);
      items.push(
        routeItem(source, match.index, 'remix', {
          method: match[1] === 'loader' ? 'GET' : 'POST',
          route,
          handler: match[1]!,
          auth: asks(body) || null,
          validated: !/\.(?:json|formData)\(\)/.test(body) ? null : checked || false,
          upload: /unstable_parseMultipartFormData|parseFormData\(|createFileUploadHandler/.test(body),
          body,
        }),
      );
    }
    return { items };
  },
};

/** The body behind the parameters of a function or an arrow function. */
function bodyAt(code: string, at: number): string {
  const open = code.indexOf('(', at);
  const close = open < 0 ? -1 : closing(code, open);
  const brace = close < 0 ? -1 : code.indexOf('{', close);
  const end = brace < 0 ? -1 : closing(code, brace, 40_000);
  return end < 0 ? code.slice(at) : code.slice(brace, end);
}
