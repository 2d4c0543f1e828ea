import type { Item, Reader } from '../../../model/document.js';
import { argument, entriesOf, findCalls } from '../syntax-text.js';
import { optionsOf } from '../syntax-value.js';
import { jvm } from './jvm.js';
import { asMap, carries, harmless, identity, item, nameOf, off, type Defaults } from './shared.js';

/** `response.set_cookie(...)`, Starlette's SessionMiddleware. */
const python: Reader = {
  name: 'cookies/python',
  kind: 'cookies',
  files: { languages: ['python'], roles: ['product'] },
  keywords: ['set_cookie(', 'SessionMiddleware'],
  read(source) {
    const items: Item[] = [];
    for (const call of findCalls(source.code, /\.set_cookie/g)) {
      if (/\*\*\w/.test(call.inner)) continue;
      const name = nameOf(argument(call.arguments, 'key', 0)?.text);
      // A constant's name may say little; what the cookie is given says the rest.
      const given = argument(call.arguments, 'value', 1)?.text ?? '';
      if (name === '' || !(carries(name) || (identity.test(given) && !harmless.test(name)))) continue;
      const framework = /\b(?:fastapi|starlette)\b/.test(source.code) ? 'lax' : '';
      items.push(item(source, call.offset, 'set_cookie', name, asMap(call.arguments), { ...off, sameSite: framework }));
    }
    for (const call of findCalls(
      source.code,
      /(?:add_middleware(?=\s*\(\s*SessionMiddleware)|\bSessionMiddleware|Middleware(?=\s*\(\s*SessionMiddleware))/g,
    )) {
      if (!/\bstarlette\b|\bfastapi\b/.test(source.code) || !/secret_key|secret/.test(call.inner)) continue;
      items.push(item(source, call.offset, 'starlette', '', asMap(call.arguments), { httpOnly: true, secure: false, sameSite: 'lax' }));
    }
    return { items };
  },
};

/** `res.cookie(name, value, {...})`, `cookies().set(...)`, express-session, cookie-session, koa-session, Fastify's sessions. */
const node: Reader = {
  name: 'cookies/node',
  kind: 'cookies',
  files: { languages: ['javascript', 'typescript', 'tsx'], roles: ['product'] },
  keywords: ['ookie', 'session('],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const add = (offset: number, technology: string, name: string, text: string | undefined, defaults: Defaults) => {
      if (text !== undefined && !/^\s*(?:\{|[\w.]+\s*$)/.test(text)) return;
      const options = text === undefined ? new Map<string, { text: string }>() : optionsOf(text, code);
      // Options from elsewhere cannot be told.
      if (!options || [...options.values()].some((o) => o.text.trim().startsWith('...'))) return;
      items.push(item(source, offset, technology, name, options, defaults));
    };
    for (const call of findCalls(code, /\b(?:res|response|reply|c)\b(?:\s*\.status\([^()\n]*\))?\s*\.(?:cookie|setCookie)/g)) {
      const name = nameOf(call.arguments[0]?.text);
      if (call.arguments.length >= 2 && name !== '' && carries(name)) add(call.offset, 'response', name, call.arguments[2]?.text, off);
    }
    for (const call of findCalls(code, /(?:\bcookies\(\)\)?|\bcookieStore|\b[rR]esponse\.cookies|\bcookies|\bctx\.cookies)\.set/g)) {
      const name = nameOf(call.arguments[0]?.text);
      if (call.arguments.length < 2 || name === '' || !carries(name) || /js-cookie|universal-cookie|react-cookie/.test(code)) continue;
      add(
        call.offset,
        'cookies',
        name,
        call.arguments[2]?.text,
        // Koa's are HttpOnly, and Secure wherever the connection is.
        /ctx\.cookies/.test(call.name) && !/next\/headers|next\/server/.test(code) ? { ...off, httpOnly: true, secure: null } : off,
      );
    }
    if (/express-session|@fastify\/session|@fastify\/secure-session|koa-session|cookie-session/.test(code)) {
      const flat = /cookie-session|koa-session/.test(code) && !/express-session/.test(code);
      for (const call of findCalls(code, /\b(?:session|cookieSession|expressSession|fastifySession)/g)) {
        const options = optionsOf(call.arguments[0]?.text ?? '', code);
        if (!options || ![...options.keys()].some((k) => /secret|keys|cookie|name|store/.test(k))) continue;
        const cookie = options.get('cookie');
        if (flat) items.push(item(source, call.offset, 'cookie-session', '', options, { httpOnly: true, secure: false, sameSite: '' }));
        else add(call.offset, 'express-session', '', cookie?.text, { httpOnly: true, secure: false, sameSite: '' });
      }
    }
    return { items };
  },
};

/** `http.Cookie{...}`, gorilla and gin `sessions.Options{...}`. */
const go: Reader = {
  name: 'cookies/go',
  kind: 'cookies',
  files: { languages: ['go'], roles: ['product'] },
  keywords: ['http.Cookie{', 'sessions.Options{'],
  read(source) {
    const items: Item[] = [];
    // What AddCookie sends with an outgoing request is another server's cookie.
    for (const call of findCalls(source.code, /(?<!\.AddCookie\(\s*&?)\b(?:http\.Cookie|sessions\.Options)/g, '{')) {
      const options = asMap(call.arguments);
      const session = call.name.startsWith('sessions');
      const name = session ? '' : nameOf(options.get('Name')?.text);
      // A cookie that ends at once deletes another.
      const ends = /^-|time\.Unix\(0/.test(options.get('MaxAge')?.text ?? options.get('Expires')?.text ?? '');
      if (ends || (!session && (name === '' || !carries(name)))) continue;
      items.push(item(source, call.offset, session ? 'sessions' : 'net-http', name, options, off));
    }
    return { items };
  },
};

/** `setcookie(name, value, expires, path, domain, secure, httponly)` and the form with an array of options. */
const php: Reader = {
  name: 'cookies/php',
  kind: 'cookies',
  files: { languages: ['php'], roles: ['product'] },
  keywords: ['setcookie(', 'setrawcookie('],
  read(source) {
    const items: Item[] = [];
    for (const call of findCalls(source.code, /(?<![\w>:$])set(?:raw)?cookie/g)) {
      const [first, value, third, , , secure, httpOnly] = call.arguments.map((a) => a.text.trim());
      const name = nameOf(first);
      const named = /^(?:\[|array\s*\()/.test(third ?? '') ? entriesOf(third!) : null;
      const options = named ? new Map([...named].map(([k, v]) => [k.toLowerCase(), v])) : positional({ secure, httpOnly });
      // Options from elsewhere cannot be told; a cookie without a value or that ends in the past deletes another.
      const ends = /^(?:1$|time\(\)\s*-)/.test(options.get('expires')?.text ?? third ?? '');
      if (
        ((third ?? '').startsWith('$') && call.arguments.length === 3) ||
        ends ||
        /^(?:''|""|null)?$/.test(value ?? '') ||
        name === '' ||
        !carries(name)
      )
        continue;
      items.push(item(source, call.offset, 'setcookie', name, options, off));
    }
    return { items };
  },
};

const positional = (given: Record<string, string | undefined>): Map<string, { text: string }> =>
  new Map(Object.entries(given).flatMap(([name, text]) => (text === undefined ? [] : [[name, { text }] as const])));

/** `new CookieOptions { ... }` of ASP.NET Core, where the appended cookie is named like an identity. */
const dotnet: Reader = {
  name: 'cookies/aspnet',
  kind: 'cookies',
  files: { languages: ['csharp'], roles: ['product'] },
  keywords: ['Cookies.Append('],
  read(source) {
    const items: Item[] = [];
    for (const call of findCalls(source.code, /\bCookies\.Append/g)) {
      const name = nameOf(call.arguments[0]?.text);
      if (name === '' || !carries(name)) continue;
      const literal = /new CookieOptions\s*(?:\(\))?\s*(\{[\s\S]*\})/.exec(call.arguments[2]?.text ?? '')?.[1];
      if (call.arguments.length > 2 && !literal) continue;
      items.push(item(source, call.offset, 'aspnet', name, literal ? (entriesOf(literal) ?? new Map()) : new Map(), off));
    }
    return { items };
  },
};

/** actix-session and tower-sessions: all three flags unless the builder says otherwise. */
const rust: Reader = {
  name: 'cookies/rust',
  kind: 'cookies',
  files: { languages: ['rust'], roles: ['product'] },
  keywords: ['SessionMiddleware::', 'SessionManagerLayer::'],
  read(source) {
    const items: Item[] = [];
    for (const call of findCalls(source.code, /\bSession(?:Middleware|ManagerLayer)::(?:new|builder)/g)) {
      const chain = source.code.slice(call.end, call.end + 800).split(';')[0]!;
      const set = (name: string) => new RegExp(`\\.(?:cookie_|with_)${name}\\(([^)]*)\\)`).exec(chain)?.[1];
      const options = new Map(
        [
          ['httpOnly', set('http_only')],
          ['secure', set('secure')],
          ['sameSite', set('same_site')],
        ].flatMap(([key, text]) => (text === undefined ? [] : [[key!, { text }] as const])),
      );
      const tower = call.name.includes('Manager');
      items.push(
        item(source, call.offset, tower ? 'tower-sessions' : 'actix-session', 'id', options, {
          httpOnly: true,
          secure: true,
          sameSite: tower ? 'strict' : 'lax',
        }),
      );
    }
    return { items };
  },
};

export const cookieReaders: readonly Reader[] = [python, node, go, jvm, php, dotnet, rust];
