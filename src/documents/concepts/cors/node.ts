import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { type Argument, findCalls, parseArguments } from '../syntax-text.js';
import { assigned, literal, optionsOf } from '../syntax-value.js';
import { helperOrigins } from './helpers.js';
import { anyOrigin, codeFiles, corsItem, flagOf, methodsOf, noOrigin, originsOf } from './shared.js';

const packages =
  /(?:from\s*|require\(\s*|import\(\s*)["'](cors|@koa\/cors|koa2-cors|hono\/cors|@fastify\/cors|fastify-cors|@hono\/cors|@elysiajs\/cors|micro-cors|nextjs-cors|cors-async)["']/;
type Defaults = { origins: typeof anyOrigin };

/** What each library does where `origin` isn't given. @fastify/cors 10+ and the rest answer `*`; @koa/cors echoes the origin. */
const unset: Record<string, Defaults['origins']> = {
  '@koa/cors': { ...anyOrigin, reflects: true },
  'koa2-cors': { ...anyOrigin, reflects: true },
};

/** An item from an options argument; `fallback` holds where no origin is named. */
function fromOptions(source: Source, offset: number, technology: string, argument: string | undefined, fallback: typeof anyOrigin): Item {
  const { code } = source;
  if (argument === undefined) return corsItem(source, offset, technology, fallback);
  const options = optionsOf(argument, code) as ReadonlyMap<string, Argument> | null;
  if (!options) {
    const delegated = literal(argument) === true ? fallback : { ...noOrigin, anyOrigin: null, env: originsOf(argument, code).env };
    return corsItem(source, offset, technology, delegated, { credentials: null });
  }
  const origin = options.get('origin')?.text ?? options.get('origins')?.text;
  const spread = [...options.keys()].length === 0 || /\.\.\./.test(argument);
  const origins =
    origin !== undefined
      ? (helperOrigins(origin, source) ?? originsOf(origin, code))
      : spread && /\.\.\./.test(argument)
        ? { ...noOrigin, anyOrigin: null }
        : fallback;
  return corsItem(source, offset, technology, origins, {
    credentials: flagOf(options.get('credentials')?.text, code),
    methods: methodsOf(options.get('methods')?.text ?? options.get('allowMethods')?.text, code),
  });
}

/** Express, Connect, Koa, Hono, Fastify, Elysia: the CORS middleware of each, `cors()` under whatever name it was imported. */
export const nodeMiddleware: Reader = {
  name: 'cors/node',
  kind: 'cors',
  files: codeFiles('javascript', 'typescript', 'tsx'),
  keywords: ['cors'],
  read(source) {
    const { code } = source;
    const library = packages.exec(code)?.[1];
    if (!library) return {};
    const names = [...code.matchAll(/(?:import\s+(?:\*\s+as\s+)?(\w+)\s+from|import\s*\{\s*(cors)\b[^}]*\}\s*from|(?:const|let|var)\s+\{?\s*(\w+)[^=}]*\}?\s*=\s*(?:await\s+import|require)\()\s*["'](?:[@\w./]*cors[\w-]*)["']/gi)]
      .map((m) => m[1] ?? m[2] ?? m[3]!).filter(Boolean); // prettier-ignore
    const fallback = unset[library] ?? anyOrigin;
    const items: Item[] = [];
    if (names.length) {
      const called = new RegExp(`(?<![\\w.$])(?:${names.join('|')})(?=\\s*\\()`, 'g');
      for (const call of findCalls(code, called))
        items.push(
          fromOptions(source, call.offset, library, call.arguments[0]?.name ? `{${call.inner}}` : call.arguments[0]?.text, fallback),
        );
    }
    const inline = /require\(\s*["'](?:cors|@koa\/cors)["']\s*\)(?=\s*\()/g;
    for (const call of findCalls(code, inline)) items.push(fromOptions(source, call.offset, library, call.arguments[0]?.text, fallback));
    const registered = new RegExp(`\\.register(?=\\s*\\(\\s*(?:${[...names, 'require', 'import', 'await'].join('|')})\\b)`, 'g');
    for (const call of findCalls(code, registered)) {
      if (!/cors/i.test(call.arguments[0]?.text ?? '') && !names.includes(call.arguments[0]?.text ?? '')) continue;
      items.push(fromOptions(source, call.offset, library, call.arguments[1]?.text, fallback));
    }
    return { items };
  },
};

/** NestJS: `app.enableCors(options)`, `NestFactory.create(M, { cors: true })`, `@WebSocketGateway({ cors })`; routing-controllers and socket.io servers. */
export const nest: Reader = {
  name: 'cors/nest',
  kind: 'cors',
  files: codeFiles('javascript', 'typescript'),
  keywords: ['enableCors', 'NestFactory', 'WebSocketGateway', 'socket.io', 'routing-controllers'],
  read(source) {
    const { code } = source;
    const items = findCalls(code, /\.enableCors(?=\s*\()/g).map((call) =>
      fromOptions(source, call.offset + 1, 'nestjs', call.arguments[0]?.text, anyOrigin),
    );
    for (const call of findCalls(
      code,
      /\b(?:NestFactory\.create(?:<[^>()]*>)?|@WebSocketGateway|(?:create|use)(?:Express|Koa)Server|new Server|new SocketServer|socketio|socketIo)(?=\s*\()/g,
    )) {
      // The options, or the name of a constant that holds them.
      const cors = call.arguments.map((a) => (optionsOf(a.text, code) as ReadonlyMap<string, Argument> | null)?.get('cors')).find(Boolean);
      if (cors && literal(cors.text) !== false)
        items.push(
          fromOptions(
            source,
            call.offset,
            /Nest|Gateway/.test(call.name) ? 'nestjs' : /Express|Koa/.test(call.name) ? 'routing-controllers' : 'socket.io',
            cors.text === 'true' ? undefined : cors.text,
            anyOrigin,
          ),
        );
    }
    return { items };
  },
};

/** Headers set by hand: res.header, setHeader, ctx.set, reply.header, headers objects, Next.js `headers()`, PHP-like sites aside. */
export const nodeHeaders: Reader = {
  name: 'cors/node-headers',
  kind: 'cors',
  files: codeFiles('javascript', 'typescript', 'tsx'),
  keywords: ['Access-Control-Allow-Origin'],
  read(source) {
    return { items: manualHeaders(source, 'header') };
  },
};

const setter =
  /(?:\.|->)(?:header|setHeader|set|append|headers\.set|Set|Add|Header|addHeader|withHeader|withAddedHeader|Append)\(\s*["'`]Access-Control-Allow-Origin["'`]\s*,/gi;
const entry = /["'`]Access-Control-Allow-Origin["'`]\s*\]?\s*(?::|=>|=(?!=))\s*/gi;
const pair = /\bkey\s*:\s*["'`]Access-Control-Allow-Origin["'`]\s*,\s*value\s*:\s*/gi;
const requestOrigin =
  /\b(?:req|request|ctx|r|c|event)\b[\w.()[\]?!]*[.[(]\s*(?:headers?)?[\w.()[\]?!"']*origin|Header\.Get\(\s*"Origin"|HTTP_ORIGIN|headers\.origin|http_origin/i;

/** Every place where the header is set in code of any language; requests that send it (fetch options of a front end) look the same and are rare. */
export function manualHeaders(source: Source, technology: string): Item[] {
  const { code } = source;
  // Written only where an option says so: then what the callers give decides.
  const asked = /\bif\s*\(\s*(?:\w+\.)*credentials\s*\)\s*\{?\s*[^;{}]{0,60}Access-Control-Allow-Credentials/.test(code);
  const credentials =
    !(asked && !/\bcredentials\s*:\s*true\b/.test(code)) &&
    /Access-Control-Allow-Credentials["'`]\s*\]?\s*(?:,|:|=>|=)\s*(?:["'`]\s*true\s*["'`]|true|True)/i.test(code);
  const items: Item[] = [];
  const add = (offset: number, start: number) => {
    const text =
      parseArguments(code.slice(start, start + 600))[0]
        ?.text.split('\n')[0]
        ?.replace(/[)\]};]+\s*$/, (m) => (/\(|\[/.test(code.slice(start, start + 200)) ? m.replace(/;\s*$/, '') : '')) ?? '';
    items.push(corsItem(source, offset, technology, headerOrigins(text, code, offset), { credentials }));
  };
  for (const match of code.matchAll(setter)) add(match.index + 1, match.index + match[0].length);
  for (const pattern of [entry, pair]) for (const match of code.matchAll(pattern)) add(match.index, match.index + match[0].length);
  return items;
}

/** What a name that is assigned more than once was first given in the lines above: the request's origin, or '*' where it sends none. */
function givenBefore(name: string, code: string, offset: number): string | undefined {
  const above = code.slice(Math.max(0, offset - 600), offset);
  return new RegExp(`${name.startsWith('$') ? '\\' : '\\b'}${name}\\s*:?=(?!=)\\s*([^\\n]+)`).exec(above)?.[1];
}

function headerOrigins(text: string, code: string, offset: number): typeof anyOrigin {
  const name = /^\s*(\$?\w+)[\s)\]};]*$/.exec(text);
  const value = name ? (assigned(code, name[1]!)?.text ?? givenBefore(name[1]!, code, offset) ?? text) : text;
  if (requestOrigin.test(value)) {
    // Echoed: safe only behind a comparison with a list; that can't be told from here.
    // Whether there is an origin at all guards nothing.
    const before = code.slice(Math.max(0, offset - 400), offset).replace(/[!=]==?\s*(?:""|''|nil\b|null\b|undefined\b|None\b)/g, '');
    const guarded =
      /\bif\b[^\n]*(?:includes|indexOf|has|test|\bin\b|allowed|whitelist|==|contains|match)/i.test(before) ||
      // A value for requests without the header compares nothing.
      /(?<!\?)\?(?![?.])|&&|includes|indexOf|allowed/i.test(value);
    return guarded ? { ...noOrigin, anyOrigin: null } : { ...anyOrigin, reflects: true };
  }
  return originsOf(
    text.replace(/[;,)\]}]+$/, (m) => (/^["'`]/.test(text) || !/[([{]/.test(text) ? '' : m)),
    code,
  );
}
