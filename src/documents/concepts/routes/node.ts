import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, entriesOf, findCalls, splitTop, type Argument } from '../syntax-text.js';
import { assigned, literal } from '../syntax-value.js';
import { handlerFrom, importsOf } from './handlers.js';
import { isGuard, isLimiter, isValidator, joinRoutes, marker, routeItem, usedBody } from './shared.js';
import { refusesStrangers } from './strangers.js';

const frameworks: readonly [RegExp, string][] = [
  [/["']@hono\/|["']hono(?:\/[\w-]+)?["']|new Hono\b|new OpenAPIHono\b/, 'hono'],
  [/["']fastify["']|Fastify(?:Instance|Plugin)|\bfastify\b/i, 'fastify'],
  [/["'](?:koa|@koa\/router|koa-router)["']/, 'koa'],
  [/["']express(?:-promise-router)?["']|express\.Router|\bRouter\(\)/, 'express'],
  [/["'](?:restify|polka|h3|elysia|find-my-way)["']/, 'node'],
  // A file that is given the application and names no framework: `module.exports = function (app) {`.
  [
    /\b(?:module\.exports\s*=|export\s+default)\s*(?:async\s+)?(?:function\s*\w*\s*)?\(?\s*(?:app|router)\b[^)=]{0,80}\)?\s*(?:=>|\{)/,
    'express',
  ],
];
const verbs = 'get|post|put|patch|delete|del|all|options|head|any';

/** What the middleware of a route says: the arguments between the path and the handler. */
function middleware(list: readonly string[], code: string) {
  const parts = list.flatMap((text) => {
    const inner = text.startsWith('[') ? splitTop(text.slice(1, -1)).map((p) => p.text) : [text];
    return inner.flatMap((part) => {
      const found = /^\w+$/.test(part) ? assigned(code, part)?.text : undefined;
      return found?.startsWith('[') ? [part, ...splitTop(found.slice(1, -1)).map((p) => p.text)] : [part];
    });
  });
  return {
    auth: parts.some(isGuard),
    rateLimited: parts.some(isLimiter),
    validated: parts.some(isValidator),
    upload: parts.some(
      (p) => /\b(?:upload|multer|busboy|formidable)\w*\b/i.test(p.split('(')[0]!) || /\.(?:single|array|fields|any)\(/.test(p),
    ),
  };
}

/** Options of a Fastify route: schema, preHandler, onRequest, config.rateLimit. */
function fastifyOptions(text: string, code: string) {
  const entries = entriesOf(text) as ReadonlyMap<string, Argument> | null;
  if (!entries) return null;
  const hooks = ['preHandler', 'onRequest', 'preValidation', 'preParsing', 'beforeHandler']
    .map((h) => entries.get(h)?.text ?? '')
    .filter(Boolean);
  const schema = entries.get('schema')?.text ?? '';
  return {
    hooks: middleware(hooks, code),
    validated: /\b(?:body|params|querystring|query)\b/.test(schema) || /^\w+(?:\.\w+)*$/.test(schema),
    responseSchema: /\bresponse\b/.test(schema),
    limited: /rateLimit/.test(entries.get('config')?.text ?? ''),
  };
}

/** Express, Koa, Fastify, Hono: verbs on routers, `route()` chains, guards given per route or by an earlier `use`. */
export const node: Reader = {
  name: 'routes/node',
  kind: 'routes',
  files: { languages: ['javascript', 'typescript'], roles: ['product'] },
  keywords: ['express', 'koa', 'fastify', 'hono', 'router', 'restify', 'polka', 'elysia', 'app.get(', 'app.post('],
  read(source) {
    const { code } = source;
    const framework = frameworks.find(([pattern]) => pattern.test(code))?.[1];
    if (!framework || /@Controller\(|from\s+["'](?:react-router|vue-router|next\/router)/.test(code)) return {};
    const receivers = routersOf(code);
    const imports = importsOf(code);
    const items: Item[] = [];
    const covers = guardsOf(source, receivers, items);
    const covered = (via: string, offset: number) => covers.some((g) => g.via === via && g.offset < offset && g.auth);
    const limited = (via: string, offset: number) => covers.some((g) => g.via === via && g.offset < offset && g.rateLimited);
    const add = (offset: number, via: string, method: string, path: string, args: readonly string[]) => {
      const handler = args[args.length - 1] ?? '';
      const options = args.length > 1 && args[0]!.startsWith('{') ? fastifyOptions(args[0]!, code) : null;
      const own = middleware(args.slice(0, -1), code);
      // Koa and Hono take a guard anywhere; a handler wrapped by a guard counts too.
      const wrapped = /^(\w+(?:\.\w+)*)\(/.exec(handler);
      const inline = /=>|\bfunction\b/.test(handler);
      const body = inline ? usedBody(handler) : '';
      const from = inline ? null : handlerFrom(handler, code, imports);
      items.push(
        routeItem(source, offset, framework, {
          method: method === 'all' || method === 'any' ? 'ANY' : method === 'del' ? 'DELETE' : method,
          route: path,
          handler: inline ? '' : handler.slice(0, 100),
          auth:
            own.auth ||
            (options?.hooks.auth ?? false) ||
            covered(via, offset) ||
            (wrapped !== null && isGuard(wrapped[1]!)) ||
            refusesStrangers(body),
          rateLimited: own.rateLimited || (options?.limited ?? false) || limited(via, offset),
          validated:
            own.validated ||
            options?.validated ||
            /\.(?:safeParse|parse|parseAsync|validate|validateAsync)\(\s*(?:await\s+)?(?:req|ctx|c|request)\b/.test(body)
              ? true
              : /\breq(?:uest)?\.body|ctx\.request\.body|\.req\.json\(/.test(body)
                ? false
                : null,
          responseSchema: options?.responseSchema ?? null,
          upload: own.upload,
          websocket: /websocket\s*:\s*true/.test(args[0] ?? '') || method === 'ws',
          body,
          via,
          ...(from ? { from: { target: from.target, name: from.name } } : {}),
        }),
      );
    };
    for (const call of findCalls(
      code,
      new RegExp(
        `(?<![\\w$.])([\\w$]+(?:\\.[\\w$]+)?)\\s*\\.\\s*(?:${verbs}|ws)(?:<[^>()]{1,80}>)?(?=\\s*\\(\\s*(?:["'\`][/*]|["'\`]["'\`]|\\[\\s*["'\`]/|/))`,
        'g',
      ),
    )) {
      const [, receiver, verb] = /^([\w$.]+?)\s*\.\s*(\w+)(?:<.*>)?$/s.exec(call.name) ?? [];
      if (!receiver || !verb || !receivers.has(receiver) || call.arguments.length < 2) continue;
      if (verb === 'options' && /cors/i.test(call.arguments[1]!.text)) continue;
      const paths = call.arguments[0]!.text.startsWith('[')
        ? splitTop(call.arguments[0]!.text.slice(1, -1)).map((p) => p.text)
        : [call.arguments[0]!.text];
      for (const path of paths)
        add(
          call.offset,
          receiver,
          verb,
          pathOf(path),
          call.arguments.slice(1).map((a) => (a.name ? `${a.name}: ${a.text}` : a.text)),
        );
    }
    for (const call of findCalls(code, /(?<![\w$.])[\w$]+\s*\.route(?=\s*\()/g)) {
      const receiver = call.name.split('.')[0]!.trim();
      if (!receivers.has(receiver)) continue;
      const options = entriesOf(call.inner.trim());
      if (options?.has('url')) {
        const methods = literal(options.get('method')?.text ?? '') ?? 'ANY';
        for (const method of Array.isArray(methods) ? methods : [methods])
          add(call.offset, receiver, String(method), pathOf(options.get('url')!.text), [
            call.inner.trim(),
            options.get('handler')?.text ?? '',
          ]);
        continue;
      }
      if (literal(call.inner) === undefined) continue;
      for (let from = call.end; ;) {
        const at = pastSpace(code, from);
        const next = chainedVerb.exec(code.slice(at, at + 40));
        if (!next) break;
        const openAt = at + next[0].length - 1;
        const end = closing(code, openAt);
        if (end < 0) break;
        const args = splitTop(code.slice(openAt + 1, end)).map((p) => p.text);
        add(at + 1, receiver, next[1]!, pathOf(call.inner), args);
        from = end + 1;
      }
    }
    return { items };
  },
};

const chainedVerb = new RegExp(`^\\.(${verbs})\\s*\\(`);

/** The next character that is no white space; what was a comment of many lines is one long stretch of it. */
function pastSpace(code: string, from: number): number {
  let at = from;
  while (at < code.length && code.charCodeAt(at) <= 32) at++;
  return at;
}

const pathOf = (text: string): string => {
  const value = literal(text);
  return typeof value === 'string' ? joinRoutes(value) || '/' : '';
};

/** Names that hold a router or an application in this file, parameters of plugins included. */
function routersOf(code: string): Set<string> {
  const names = new Set<string>();
  const made =
    /\b([\w$]+)\s*(?::\s*[\w.<>[\], ]+)?\s*=\s*(?:await\s+)?(?:new\s+)?(?:express\s*\(|express\.Router\b|Router\s*\(|[\w.]*Router\s*\(|(?:new\s+)?(?:OpenAPI)?Hono\b|[Ff]astify\s*\(|new\s+(?:Koa)?Router\b|restify\.createServer|polka\s*\(|require\(["'](?:express|fastify)["']\)\s*(?:\.Router)?\s*\(|new\s+(?:Koa|Elysia)\b)/g;
  for (const match of code.matchAll(made)) names.add(match[1]!);
  for (const match of code.matchAll(
    /\b(\w+)\s*:\s*(?:\w+\.)?(?:FastifyInstance|Express|Router|Application|Hono|IRouter|FastifyTypebox)\b/g,
  ))
    names.add(match[1]!);
  for (const match of code.matchAll(
    /(?:function\s*\w*|=)\s*(?:async\s*)?\(?\s*(app|router|fastify|server|instance)\s*(?:,[^)]*)?\)?\s*(?:=>|\{)/g,
  ))
    names.add(match[1]!);
  for (const match of code.matchAll(/\bthis\.(app|router|server|express)\b/g)) names.add(`this.${match[1]}`);
  return names;
}

interface Cover {
  readonly via: string;
  readonly offset: number;
  readonly auth: boolean;
  readonly rateLimited: boolean;
  /** A limiter of at most 30 requests a minute, which suits a login as well. */
  readonly strict: boolean;
}

/** Requests a minute that a limiter made in this file by express-rate-limit lets through; infinite where it isn't written out. */
function perMinute(text: string, code: string): number {
  const made = text.includes('(') ? text : (assigned(code, text)?.text ?? '');
  const options = entriesOf(made.slice(made.indexOf('(') + 1));
  const number = (name: string): number => Number(literal(options?.get(name)?.text ?? '') ?? NaN);
  const most = options?.has('limit') ? number('limit') : number('max');
  const perWindow = (most * 60_000) / (options?.has('windowMs') ? number('windowMs') : 60_000);
  return Number.isFinite(perWindow) ? perWindow : Infinity;
}

/** `use` and `addHook` calls: guards for what follows on the same router; mounted routers become markers. */
function guardsOf(source: Source, receivers: ReadonlySet<string>, items: Item[]): Cover[] {
  const { code } = source;
  const covers: Cover[] = [];
  const imported = new Map<string, string>();
  for (const match of code.matchAll(
    /\b(?:const|let|var|import)\s+(?:\*\s+as\s+)?\{?\s*(\w+)[^=;\n]*?(?:=\s*require\(\s*|from\s*)["'](\.{1,2}\/[^"']+)["']/g,
  ))
    imported.set(match[1]!, match[2]!);
  // All names of a list, and those that it gives: `import { handlers as accounts } from './accounts'`.
  for (const [name, from] of importsOf(code)) imported.set(name, from.target);
  for (const call of findCalls(code, /(?<![\w$.])(?:this\.)?[\w$]+\s*\.(?:use|register|route|addHook)(?=\s*\()/g)) {
    const via = call.name.replace(/\s*\.(?:use|register|route|addHook)$/, '');
    if (!receivers.has(via)) continue;
    const args = call.arguments.map((a) => a.text);
    const first = literal(args[0] ?? '');
    const rest = typeof first === 'string' ? args.slice(1) : args;
    if (call.name.endsWith('addHook')) {
      if (['onRequest', 'preHandler', 'preValidation'].includes(String(first)))
        covers.push({ via, offset: call.offset, strict: false, ...middleware(rest, code) });
      continue;
    }
    const prefix = typeof first === 'string' ? first : (/prefix\s*:\s*["'`]([^"'`]*)/.exec(args[1] ?? '')?.[1] ?? '');
    // app.use('/auth', auth): what a folder of routes exports is a router, whatever it is called.
    const isRouter = (text: string) =>
      /(?:^|\/)(?:\w*routes?|routers?|controllers?|api)(?:\/|$)|\.(?:route|router|routes)$/.test(imported.get(text) ?? '');
    const found = middleware(
      rest.filter((text) => !isRouter(text)),
      code,
    );
    const routers = rest.filter((text) => isRouter(text) || (!isGuard(text) && !isLimiter(text)));
    const mounted = routers
      .map(
        (text) =>
          imported.get(text.replace(/\.routes\(\)$|\.default$/, '')) ??
          // app.use('/accounts', accounts.handlers): a member of what was imported as a whole.
          (typeof first === 'string' && /^\w+\.\w+$/.test(text) ? imported.get(text.split('.')[0]!) : undefined) ??
          /^(?:require|import)\(\s*["'](\.[^"']+)["']/.exec(text)?.[1],
      )
      .find(Boolean);
    const local = routers.find((text) => receivers.has(text));
    if (found.rateLimited || found.auth) {
      // A guard on a path covers whatever is mounted below it, in other files too.
      if (typeof first === 'string' && !/^\/?\*?$/.test(first))
        items.push(marker(source, call.offset, 'cover', { prefix: first, auth: found.auth, rateLimited: found.rateLimited }));
    }
    if (mounted || local)
      items.push(
        marker(source, call.offset, 'mount', {
          from: via,
          target: mounted ?? '',
          local: local ?? '',
          prefix,
          auth: found.auth || covers.some((c) => c.via === via && c.auth),
          rateLimited: found.rateLimited || covers.some((c) => c.via === via && c.strict),
        }),
      );
    else if (typeof first !== 'string' || first === '*' || first === '/*' || first === '/')
      covers.push({
        via,
        offset: call.offset,
        auth: found.auth && !rest.some((t) => /passport\.(?:initialize|session)/.test(t)),
        rateLimited: found.rateLimited,
        strict: rest.some((text) => isLimiter(text) && perMinute(text, code) <= 30),
      });
  }
  // [{ path: '/users', route: userRoute }, ...].forEach((r) => router.use(r.path, r.route))
  const listed = /(\w+)\.use\(\s*(\w+)\.(\w+)\s*,\s*\2\.(\w+)\s*\)/.exec(code);
  if (listed) {
    const entries = new RegExp(`\\{\\s*${listed[3]}\\s*:\\s*["'\`]([^"'\`]*)["'\`]\\s*,\\s*${listed[4]}\\s*:\\s*(\\w+)\\s*,?\\s*\\}`, 'g');
    for (const match of code.matchAll(entries)) {
      const target = imported.get(match[2]!);
      if (target)
        items.push(
          marker(source, match.index, 'mount', {
            from: listed[1]!,
            target,
            local: '',
            prefix: match[1]!,
            auth: covers.some((c) => c.via === listed[1] && c.auth),
            rateLimited: false,
          }),
        );
    }
  }
  return covers;
}
