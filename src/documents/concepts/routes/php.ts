import type { Item, Reader } from '../../../model/document.js';
import { closing, enclosing, findCalls } from '../syntax-text.js';
import { stringsIn } from '../syntax-value.js';
import { authMiddleware } from './laravel.js';
import { decoratorsText, joinRoutes, routeItem } from './shared.js';

const resource: [string, string, string][] = [['GET', '', 'index'], ['POST', '', 'store'], ['GET', '/{id}', 'show'], ['PUT', '/{id}', 'update'], ['DELETE', '/{id}', 'destroy']]; // prettier-ignore

/** Laravel route files: verbs, resources, groups with prefix and middleware around or after them; Symfony attributes; Slim. */
export const php: Reader = {
  name: 'routes/php',
  kind: 'routes',
  files: { languages: ['php'], roles: ['product'] },
  keywords: ['Route::', '#[Route', '@Route', '$app->', '$router->', '$group->'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const call of findCalls(
      code,
      /(?:\bRoute::(?:\w+\((?:[^;{}()]|\((?:[^;{}()]|\([^;{}()]*\))*\))*\)\s*->\s*)*|\$router->)(?:get|post|put|patch|delete|options|any|match|resource|apiResource)(?=\s*\()/g,
    )) {
      const verb = /(\w+)$/.exec(call.name)![1]!;
      const args = verb === 'match' ? call.arguments.slice(1) : call.arguments;
      const end = code.indexOf(';', call.end);
      const chain = code.slice(call.end, Math.min(end < 0 ? code.length : end, call.end + 600)) + call.name;
      const outer = groups(code, call.offset);
      const without = /withoutMiddleware\(/.test(chain);
      const auth = !without && (outer.some((g) => authMiddleware.test(middlewareOf(g))) || authMiddleware.test(middlewareOf(chain)));
      const limited = outer.some((g) => /["']throttle/.test(middlewareOf(g))) || /["']throttle/.test(middlewareOf(chain));
      const prefix = outer
        .map((g) => /prefix\(\s*["']([^"']*)|["']prefix["']\s*=>\s*["']([^"']*)/.exec(g))
        .map((m) => m?.[1] ?? m?.[2] ?? '')
        .reverse();
      const path = stringsIn(args[0]?.text ?? '')[0] ?? '';
      const base = joinRoutes(...(/(?:^|\/)routes\/api\.php$/.test(source.path) ? ['api'] : []), ...prefix, path) || '/';
      const handler = (args[1]?.text ?? '').slice(0, 100);
      const body = /^(?:static\s+)?(?:function|fn)\b/.test(args[1]?.text ?? '') ? args[1]!.text : '';
      const facts = {
        auth,
        rateLimited: limited || null,
        body,
        upload: /->file\(|hasFile\(/.test(body),
        validated: /->validate\(|->validated\(/.test(body) || null,
      };
      const name = /(\w+)::class(?:\s*,\s*["'](\w+))?/.exec(handler);
      const grouped = outer.map((g) => /\bcontroller\(\s*\\?(?:\w+\\)*(\w+)::class/.exec(g)?.[1]).find(Boolean);
      const label = (action = name?.[2]) => {
        const said = stringsIn(handler)[0] ?? '';
        if (name) return `${name[1]}${action ? `@${action}` : ''}`;
        return said && !said.includes('@') ? (grouped ? `${grouped}@${said}` : `${said}${action ? `@${action}` : ''}`) : said;
      };
      if (/resource/i.test(verb))
        for (const [method, suffix, action] of resourceActions(`${args[2]?.text ?? ''}${chain}`))
          items.push(routeItem(source, call.offset, 'laravel', { ...facts, method, route: base + suffix, handler: label(action) }));
      else
        items.push(
          routeItem(source, call.offset, 'laravel', {
            ...facts,
            method: verb === 'match' ? 'ANY' : verb,
            route: base,
            handler: body ? '' : label(),
          }),
        );
    }
    const classAt = code.search(/\bclass\s+\w+/);
    const attributes = /#\[Route\(|@Route\(/.test(code) ? findCalls(code, /(?:#\[|@)Route(?=\s*\()/g) : [];
    const prefix = attributes.find((c) => c.offset < classAt);
    const classAuth = /#\[IsGranted|@IsGranted|@Security\(/.test(code.slice(0, Math.max(0, classAt)));
    for (const call of attributes) {
      if (call === prefix || call.offset < classAt) continue;
      const path = (c: typeof call | undefined) => stringsIn(c?.arguments.find((a) => !a.name || a.name === 'path')?.text ?? '')[0] ?? '';
      const methods = call.arguments.find((a) => a.name === 'methods');
      const around = decoratorsText(code, call.offset);
      const at = code.indexOf('function ', call.end);
      const brace = at < 0 ? -1 : code.indexOf('{', at);
      const end = brace < 0 ? -1 : closing(code, brace);
      const body = end < 0 ? '' : code.slice(brace, end + 1);
      for (const method of methods ? stringsIn(methods.text) : ['ANY']) {
        items.push(
          routeItem(source, call.offset, 'symfony', {
            method,
            route: joinRoutes(path(prefix), path(call)) || '/',
            handler: /function\s+(\w+)/.exec(code.slice(at, at + 100))?.[1] ?? '',
            auth: classAuth || /IsGranted|@Security\(/.test(around) || /denyAccessUnlessGranted/.test(body) ? true : null,
            validated: /isValid\(\)|->validate\(|MapRequestPayload/.test(body + code.slice(at, brace)) || null,
            upload: /->files->/.test(body),
            body,
          }),
        );
      }
    }
    for (const call of findCalls(code, /\$(?:app|group)->(?:get|post|put|patch|delete|any)(?=\s*\(\s*["'])/g)) {
      if (!/Slim\\|slim/.test(code)) break;
      items.push(
        routeItem(source, call.offset, 'slim', {
          method: /(\w+)$/.exec(call.name)![1]!,
          route: stringsIn(call.arguments[0]!.text)[0] ?? '',
          auth: /->add\([^)]*[Aa]uth/.test(code.slice(call.end, call.end + 200)) ? true : null,
        }),
      );
    }
    return { items };
  },
};

/** The actions of a resource: `['only' => ['index']]` or `->except(['destroy'])` leaves some out. */
function resourceActions(options: string): typeof resource {
  const listed = (key: string) => new RegExp(`["']${key}["']\\s*=>\\s*(\\[[^\\]]*\\]|["'][^"']*["'])|->${key}\\(([^()]*)\\)`).exec(options);
  const only = listed('only');
  const except = listed('except');
  return resource.filter(
    ([, , action]) =>
      (!only || stringsIn(only[1] ?? only[2]!).includes(action)) && !(except && stringsIn(except[1] ?? except[2]!).includes(action)),
  );
}

/** Statements like Route::middleware('auth')->prefix('x')->group(function () { ... }) that enclose an offset. */
function groups(code: string, offset: number): string[] {
  const found: string[] = [];
  let count = enclosing(code, offset, false).length;
  for (let i = offset, depth = 0; i >= 0 && count > 0; i--) {
    if (code[i] === '}') depth++;
    else if (code[i] === '{' && depth-- === 0) {
      depth = 0;
      count--;
      const from = Math.max(code.lastIndexOf(';', i), code.lastIndexOf('{', i - 1), code.lastIndexOf('}', i), 0);
      found.push(code.slice(from, i));
    }
  }
  return found;
}

/** What `middleware(...)` calls or a 'middleware' => entry name. */
function middlewareOf(text: string): string {
  const calls = findCalls(text, /\bmiddleware(?=\s*\()/g).map((c) => c.inner);
  const entries = [...text.matchAll(/["']middleware["']\s*=>\s*(\[[^\]]*\]|["'][^"']*["'])/g)].map((m) => m[1]!);
  return [...calls, ...entries].join(' ');
}
