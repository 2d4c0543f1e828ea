import type { Item, Json, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, findCalls } from '../syntax-text.js';
import { stringsIn } from '../syntax-value.js';
import { marker, markersOf } from './shared.js';

/** Middleware that turns away whom nobody knows; one that says `optional` only looks. */
export const authMiddleware =
  /["'](?:auth(?:[.:](?![\w,:.-]*optional)[\w,:.-]+)?|auth\.basic|jwt(?:\.\w+)?|can:[^"']*|verified|role:[^"']*|permission:[^"']*|admin|sanctum|passport|client|[\w-]+\.auth)["']|\b\w*Authenticate::class|EnsureUserIs\w*::class/;

type Guard = { auth: boolean; limited: boolean; only: string[]; except: string[] };
const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');

/** Laravel's controllers: what their constructors and `middleware()` ask of which actions, and what each action holds. */
export const laravelControllers: Reader = {
  name: 'routes/laravel-controllers',
  kind: 'routes',
  files: { languages: ['php'], roles: ['product'] },
  keywords: ['Controllers', 'middlewareGroups', 'Middleware $middleware', 'base_path('],
  read(source) {
    const { code } = source;
    if (!/(?:^|\/)Controllers\//.test(source.path)) return { items: groupsOf(source) };
    const header = /\bclass\s+(\w+)(?:\s+extends\s+\\?(?:\w+\\)*(\w+))?[^{]*\{/.exec(code);
    if (!header) return {};
    const guards: Guard[] = [];
    for (const call of findCalls(code, /\$this->middleware(?=\s*\()/g)) {
      const end = code.indexOf(';', call.end);
      guards.push(guardOf(call.inner, code.slice(call.end, end < 0 ? call.end : end)));
    }
    // Since Laravel 11: `public static function middleware(): array { return ['auth', new Middleware('log', only: ['index'])]; }`.
    const listed = /\bstatic\s+function\s+middleware\s*\([^)]*\)[^{]*\{/.exec(code);
    if (listed) {
      const open = listed.index + listed[0].length - 1;
      const list = code.slice(open, closing(code, open));
      for (const call of findCalls(list, /\bnew\s+Middleware(?=\s*\()/g)) guards.push(guardOf(call.arguments[0]?.text ?? '', call.inner));
      guards.push(guardOf(list.replace(/new\s+Middleware\s*\((?:[^()]|\([^()]*\))*\)/g, ''), ''));
    }
    const actions: Record<string, { body: string; request: boolean }> = {};
    for (const match of code.matchAll(/\bfunction\s+(\w+)\s*\(/g)) {
      const close = closing(code, match.index + match[0].length - 1);
      const open = close < 0 ? -1 : code.indexOf('{', close);
      const end = open < 0 ? -1 : closing(code, open);
      if (end < 0 || match[1] === '__construct' || Object.keys(actions).length > 60) continue;
      const parameters = code.slice(match.index + match[0].length, close);
      actions[match[1]!] = {
        body: code.slice(open, end + 1).slice(0, 2_000),
        request: /\b[A-Z]\w*Request\s+\$/.test(parameters) || formRequest(parameters, code),
      };
    }
    return {
      items: [
        marker(source, header.index, 'laravel-controller', {
          name: header[1]!,
          parent: header[2] ?? '',
          guards: guards as unknown as Json,
          actions: actions as unknown as Json,
        }),
      ],
    };
  },
};

/** `web` and `api` guard whole route files: the groups of the kernel or of bootstrap/app.php, and files loaded behind middleware. */
function groupsOf(source: Source): Item[] {
  const { code } = source;
  const items: Item[] = [];
  const add = (offset: number, name: string, middleware: string) => {
    const auth = authMiddleware.test(middleware) || /\b(?!AuthenticateSession\b)\w*Authenticate\w*::class/.test(middleware);
    items.push(marker(source, offset, 'laravel-group', { name, auth, limited: /["']throttle\b|Throttle\w*::class/.test(middleware) }));
  };
  const kernel = /\$middlewareGroups\s*=\s*\[/.exec(code);
  if (kernel) {
    const open = kernel.index + kernel[0].length - 1;
    const groups = code.slice(open, closing(code, open));
    for (const match of groups.matchAll(/["'](\w+)["']\s*=>\s*(\[[^\]]*\])/g)) add(open + match.index, match[1]!, match[2]!);
  }
  for (const call of findCalls(code, /\$middleware->(?:web|api)(?=\s*\()/g)) add(call.offset, call.name.slice(-3), call.inner);
  for (const call of findCalls(code, /\$middleware->(?:group|appendToGroup|prependToGroup)(?=\s*\()/g))
    add(call.offset, stringsIn(call.arguments[0]?.text ?? '')[0] ?? '', call.inner);
  for (const match of code.matchAll(/\bRoute::[^;{}]{0,400}?->group\(\s*base_path\(\s*["']([^"']+)["']/g)) {
    const middleware = findCalls(match[0], /\bmiddleware(?=\s*\()/g).map((c) => c.inner).join(' '); // prettier-ignore
    add(match.index, match[1]!, middleware);
  }
  return items;
}

/** A parameter of a class that the file imports from a folder of form requests: `CreateArticle $request`. */
const formRequest = (parameters: string, code: string): boolean =>
  [...parameters.matchAll(/([A-Z]\w*)\s+\$/g)].some((m) =>
    new RegExp(`\\buse\\s+[\\w\\\\]*\\\\Requests\\\\[\\w\\\\]*\\b${m[1]}\\s*;`).test(code),
  );

function guardOf(names: string, conditions: string): Guard {
  const listed = (key: string) => {
    const call = findCalls(conditions, new RegExp(`->${key}(?=\\s*\\()`, 'g'))[0]?.inner;
    const named = new RegExp(`\\b${key}:\\s*(\\[[^\\]]*\\]|["'][^"']*["'])`).exec(conditions)?.[1];
    const entry = new RegExp(`["']${key}["']\\s*=>\\s*(\\[[^\\]]*\\]|["'][^"']*["'])`).exec(names)?.[1];
    return stringsIn(call ?? named ?? entry ?? '');
  };
  const bare = names.replace(/["'](?:only|except)["']\s*=>\s*(?:\[[^\]]*\]|["'][^"']*["'])/g, '');
  return { auth: authMiddleware.test(bare), limited: /["']throttle\b/.test(bare), only: listed('only'), except: listed('except') };
}

/** A route joined with its controller's action. Nothing is certain where several controllers have the name or where a package's is extended. */
export function laravelRoute(route: Item, items: readonly Item[]): Item {
  const file = /(?:^|\/)routes\/(\w+)\.php$/.exec(route.path)?.[1] ?? '';
  const around = markersOf(items, 'laravel-group').filter((g) => g.name === file || g.name === `routes/${file}.php`);
  if (around.some((g) => g.auth === true)) route = { ...route, auth: true };
  if (around.some((g) => g.limited === true)) route = { ...route, rateLimited: true };
  const [name, action = '__invoke'] = text(route.handler).split('@') as [string, string?];
  const all = markersOf(items, 'laravel-controller');
  const named = name ? all.filter((c) => c.name === name.slice(name.lastIndexOf('\\') + 1)) : [];
  if (named.length !== 1) return named.length ? { ...route, auth: route.auth === true ? true : null } : route;
  const chain: Item[] = [named[0]!];
  for (let depth = 0; depth < 5; depth++) {
    const parent = text(chain[chain.length - 1]!.parent);
    const next = all.filter((c) => c.name === parent && !chain.includes(c));
    if (next.length !== 1) break;
    chain.push(next[0]!);
  }
  const actions = named[0]!.actions as unknown as Record<string, { body: string; request: boolean }>;
  const found = Object.hasOwn(actions, action) ? actions[action]! : null;
  const covering = chain
    .flatMap((c) => c.guards as unknown as Guard[])
    .filter((g) => (!g.only.length || g.only.includes(action)) && !g.except.includes(action));
  const body = found?.body ?? '';
  const asks = /\$this->authorize\w*\(|\bGate::(?:authorize|allows|denies)\(|\babort_(?:if|unless)\([^;]*(?:auth|user)\b|->cannot\(/i.test(
    body,
  );
  return {
    ...route,
    auth: route.auth === true || asks || covering.some((g) => g.auth) ? true : found ? (route.auth ?? null) : null,
    rateLimited: covering.some((g) => g.limited) ? true : (route.rateLimited ?? null),
    validated: found?.request || /->validate\w*\(|->validated\(|Validator::make\(/.test(body) ? true : (route.validated ?? null),
    upload: /->file\(|hasFile\(/.test(body) || route.upload === true,
    body: body || text(route.body),
  };
}
