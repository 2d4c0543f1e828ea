import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, findCalls, firstCall } from '../syntax-text.js';
import { assigned, literal } from '../syntax-value.js';
import { isGuard, isLimiter, joinRoutes, marker, routeItem } from './shared.js';

const libraries: readonly [RegExp, string][] = [
  [/gin-gonic\/gin"/, 'gin'],
  [/labstack\/echo/, 'echo'],
  [/gofiber\/fiber/, 'fiber'],
  [/go-chi\/chi/, 'chi'],
  [/gorilla\/mux"/, 'gorilla'],
  [/go-ozzo\/ozzo-routing/, 'ozzo'],
  [/"net\/http"/, 'net/http'],
];
interface Group {
  readonly prefix: string;
  readonly auth: boolean;
  readonly limited: boolean;
  /** Where the name holds: chi's `func(r chi.Router) { ... }` bodies. */
  readonly from: number;
  readonly to: number;
  /** The function whose router parameter it comes from: who calls it decides the rest. */
  readonly root?: string;
}

/** The handler that a wrapper is given beside other arguments, `list` of `logged(list, verbose)`; '' where the last one may be it. */
function handedTo(code: string, wrapped: string): string {
  const given =
    /^[\w.]+\(([^()]*,[^()]*)\)$/
      .exec(wrapped)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  const named = given.filter((name) => /^[\w.]+$/.test(name) && functionBody(code, name) !== '');
  return named.includes(given.at(-1)!) ? '' : (named[0] ?? '');
}

/** The HTTP methods that an argument names: `"GET", "POST"`, `"GET,HEAD"`, `http.MethodGet+","+http.MethodHead`. */
const methodsIn = (text: string): string[] =>
  [...text.matchAll(/http\.Method(\w+)|\b([A-Z]{3,7})\b(?=[^"]*")/g)].map((m) => (m[1] ?? m[2]!).toUpperCase());

/** net/http, Gin, Echo, Fiber, chi, gorilla/mux: groups, Use and With resolved within the file; registered gRPC services. */
export const go: Reader = {
  name: 'routes/go',
  kind: 'routes',
  files: { languages: ['go'], roles: ['product'] },
  keywords: ['net/http', 'gin-gonic', 'labstack/echo', 'gofiber', 'go-chi', 'gorilla/mux', 'ozzo-routing', 'grpc'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/\b(?:\w+\.)?Register(\w+)Server\s*\(\s*\w+\s*,/g)) {
      if (/google\.golang\.org\/grpc|\bgrpc\b/.test(code))
        items.push(
          routeItem(source, match.index, 'grpc', {
            method: 'ANY',
            route: match[1]!,
            handler: `${match[1]}Server`,
            auth: /(?:Unary|Stream)(?:Server)?Interceptor\([^)]*auth/i.test(code) ? true : null,
            validated: true,
            responseSchema: true,
          }),
        );
    }
    const technology = libraries.find(([pattern]) => pattern.test(code))?.[1];
    if (!technology) return { items };
    const text = (t: string | undefined): string | null => {
      if (t === undefined) return null;
      const value = literal(t) ?? literal(assigned(code, t)?.text ?? '');
      // baseUrl + "/x": a name that is no literal here contributes nothing certain.
      // s.prefixed("/x"), path.Join(base, "/x"): what the helper puts in front is the same for every route.
      const helped = value === undefined ? /^[\w.]+\((?:[^()"\n]*,)?\s*("\/[^"\n]*")\s*\)$/.exec(t.trim())?.[1] : undefined;
      if (helped) return literal(helped) as string;
      if (value === undefined && /\+/.test(t))
        return t
          .split('+')
          .map((part) => literal(part.trim()) ?? literal(assigned(code, part.trim())?.text ?? '') ?? '')
          .join('');
      return typeof value === 'string' ? value : null;
    };
    const parameters = routerParameters(code);
    const groups = groupsOf(code, text, parameters);
    items.push(...handedOn(source, groups, parameters));
    const groupAt = (name: string, offset: number): Group | undefined => {
      const found = (groups.get(name) ?? []).filter((g) => g.from <= offset && offset <= g.to);
      return found.sort((a, b) => b.from - a.from)[0];
    };
    const routers = new Set([
      ...[...code.matchAll(madeRouter)].map((m) => m[1]!),
      ...[...code.matchAll(handedRouter)].map((m) => m[1]!),
      ...groups.keys(),
    ]);
    const verbs =
      /(?<![\w.])([\w.]{1,80}?(?:\.With\([^()\n]{0,200}(?:\([^()\n]{0,100}\))?[^()\n]{0,100}\))?)\.(GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD|Any|Get|Post|Put|Patch|Delete|Options|Head|All|Handle|HandleFunc|Method|MethodFunc|Route|To)(?=\s*\(\s*(?:"|`|\w+\s*\+|[\w.]{1,60}\s*,|http\.Method|(?<=Handle(?:Func)?\(\s*)[\w.]{1,60}\([^()\n]{0,80}"\/))/g;
    for (const call of findCalls(code, verbs)) {
      const [, owner, verb] = /^(.*)\.(\w+)$/s.exec(call.name) as unknown as [string, string, string];
      const receiver = owner.split('.With(')[0]!;
      let args = call.arguments.map((a) => a.text);
      let method = /^(?:Handle|HandleFunc|Any|All)$/.test(verb) ? 'ANY' : verb.toUpperCase();
      const named = /^(?:http\.Method(\w+)|"([A-Z]+)")$/.exec(args[0] ?? '');
      if (named && (verb.startsWith('Method') || (verb === 'Handle' && args.length > 2))) {
        method = (named[1] ?? named[2]!).toUpperCase();
        args = args.slice(1);
      }
      // Flamego and Macaron: Route("/health", "GET,HEAD", handler); elsewhere Route opens a group.
      const listed = verb === 'Route' ? methodsIn(args[1] ?? '') : [];
      if (verb === 'Route' && (args.length < 3 || listed.length === 0)) continue;
      if (verb === 'Route') args = [args[0]!, ...args.slice(2)];
      // ozzo-routing: To("GET,HEAD", "/health", handler)
      if (verb === 'To') {
        listed.push(...methodsIn(args[0] ?? ''));
        if (listed.length === 0) continue;
        args = args.slice(1);
      }
      // A constant of another file names the path of a router: the route is there, its path is not known.
      let path = text(args[0]) ?? (/^[\w.]+$/.test(args[0] ?? '') && routers.has(receiver) ? '' : null);
      if (path === null || args.length < 2) continue;
      const placed = path !== '' || /^["`]/.test(args[0]!);
      const pattern = /^([A-Z]+)\s+(?:[\w.-]+)?(\/.*)$/.exec(path);
      if (pattern) [method, path] = [pattern[1]!, pattern[2]!];
      if (
        !/^[/*]|^$/.test(path) ||
        (/^(?:http|url|client|req|request|resp|header|w|c|ctx)$/i.test(receiver) && !(receiver === 'http' && verb.startsWith('Handle')))
      )
        continue;
      const group = groupAt(receiver, call.offset);
      const root = group ? group.root : functionAt(parameters, receiver, call.offset);
      const chained = /^(?:\s*\.(?!Methods\b)\w+\([^()\n]*\))*\s*\.Methods\(([^)]*)\)/.exec(code.slice(call.end, call.end + 300));
      const methods = chained ? methodsIn(chained[1]!) : listed.length > 0 ? listed : [method];
      const rest = args.slice(1);
      // routers whose routes are guarded behind the call: `r.POST("/x", create).Bind(RequireAuth())`
      const behind = chainedGuards(code, call.end);
      const last = rest[rest.length - 1] ?? '';
      const wrappers = [
        ...rest.slice(0, -1),
        ...behind,
        ...(technology === 'echo' ? rest.slice(1) : []),
        ...[...last.matchAll(/([\w.]+)\(/g)].map((m) => m[1]!).filter((n) => n !== 'func'),
        ...(owner.includes('.With(') ? owner.slice(owner.indexOf('.With(') + 6).split(/[,(]/) : []),
      ];
      const handler = (technology === 'echo' ? rest[0] : last) ?? '';
      const inner = /([\w.]+)\)*$/.exec(handler)?.[1] ?? '';
      const name = /^func\b/.test(handler) ? '' : handedTo(code, handler) || inner || handler;
      const body = /^func\b/.test(handler) ? handler : functionBody(code, name);
      for (const each of methods.length ? methods : ['ANY']) {
        items.push(
          routeItem(source, call.offset, technology, {
            method: each,
            route: placed ? joinRoutes(group?.prefix ?? '', path) || '/' : '',
            handler: name.slice(0, 100),
            auth: (group?.auth ?? false) || wrappers.some(isGuard) ? true : group || technology !== 'net/http' ? false : null,
            rateLimited: (group?.limited ?? false) || wrappers.some(isLimiter) || null,
            validated: /ShouldBind|\.Bind\(|BindJSON|BodyParser|validate\.Struct|\.Validate\(/.test(body)
              ? true
              : /json\.NewDecoder|io\.ReadAll\(\w+\.Body/.test(body)
                ? /[vV]alidat/.test(body)
                : null,
            ...(root === undefined ? {} : { via: `func:${root}` }),
            upload: /FormFile\(|ParseMultipartForm|MultipartForm/.test(body),
            websocket: /\.Upgrade\(|websocket\.Accept/.test(body),
            body,
          }),
        );
      }
    }
    return { items };
  },
};

/** What is bound behind a call: `.Bind(RequireAuth())`. */
function chainedGuards(code: string, end: number): string[] {
  const given = /^\s*\.(?:Bind|Use|Middleware)\(((?:[^()\n]|\([^()\n]*\))*)\)/.exec(code.slice(end, end + 300))?.[1];
  return given === undefined ? [] : topLevel(given).map((part) => part.trim());
}

function functionBody(code: string, name: string): string {
  const last = name.split('.').pop()!;
  if (!/^\w+$/.test(last)) return '';
  const match = new RegExp(`\\nfunc\\s+(?:\\([^)]*\\)\\s*)?${last}\\s*\\(`).exec(code);
  if (!match) return '';
  const brace = code.indexOf('{\n', match.index);
  const end = brace < 0 ? -1 : closing(code, brace);
  return end < 0 ? '' : code.slice(brace, end + 1);
}

interface Parameter {
  readonly name: string;
  readonly func: string;
  readonly from: number;
  readonly to: number;
}

const routerType = String.raw`(?:\*?gin\.(?:RouterGroup|IRouter|IRoutes|Engine)|chi\.Router|\*chi\.Mux|fiber\.Router|\*fiber\.(?:App|Group)|\*echo\.(?:Group|Echo)|\*?\w+\.Router(?:Group)?(?:\[[^\][\n]*(?:\[[^\][\n]*\])?\])?)`;

const handedRouter = new RegExp(String.raw`\b(\w{1,40})\s+${routerType}\s*[,)]`, 'g');

/** Functions and methods that are given a router, with the parameter's name. */
function routerParameters(code: string): Parameter[] {
  const declaration = new RegExp(String.raw`^func\s+(?:\([^()\n]*\)\s*)?(\w+)\s*\(([^\n]*?)\)[^\n]*\{[ \t]*$`, 'gm');
  const parameter = new RegExp(String.raw`(?:^|,\s*)(\w+)\s+${routerType}\s*(?=,|$)`);
  return [...code.matchAll(declaration)].flatMap((match) => {
    const name = parameter.exec(match[2]!)?.[1];
    if (!name) return [];
    const from = match.index + match[0].lastIndexOf('{');
    return [{ name, func: match[1]!, from, to: closing(code, from) }];
  });
}

const functionAt = (parameters: readonly Parameter[], name: string, offset: number): string | undefined =>
  parameters.find((p) => p.name === name && p.from <= offset && offset <= p.to)?.func;

const madeRouter = /(?<![\w.])(\w+)\s*:?=\s*(?:gin\.(?:Default|New)|chi\.New(?:Router|Mux)|echo\.New|fiber\.New|mux\.NewRouter)\(/g;
const registering =
  /^(?:append|make|len|panic|Run|Listen\w*|Serve|ServeHTTP|Use|Group|Route|Mount|PathPrefix|New(?:Server|Request|Recorder)?|Walk)$/;

/** Arguments, split at commas that stand in no parentheses. */
function topLevel(given: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of given) {
    if (char === '(') depth++;
    else if (char === ')') depth--;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

/** Calls that hand a router or group to a function: `users.Register(v1.Group("/users"))`, `r.Route("/x", api.Routes)`. */
function handedOn(source: Source, groups: ReadonlyMap<string, readonly Group[]>, parameters: readonly Parameter[]): Item[] {
  const { code } = source;
  const routers = new Set([...code.matchAll(madeRouter)].map((m) => m[1]!));
  const at = (name: string, offset: number): Omit<Group, 'from' | 'to'> | undefined => {
    const known = (groups.get(name) ?? []).filter((g) => g.from <= offset && offset <= g.to).sort((a, b) => b.from - a.from)[0];
    if (known) return known;
    const root = functionAt(parameters, name, offset);
    return root !== undefined || routers.has(name) ? { prefix: '', auth: false, limited: false, root } : undefined;
  };
  const found: Item[] = [];
  const mount = (func: string, offset: number, group: Omit<Group, 'from' | 'to'>, prefix: string, guards: readonly string[]): void => {
    found.push(
      marker(source, offset, 'func-mount', {
        func,
        prefix: joinRoutes(group.prefix, prefix),
        auth: group.auth || guards.some(isGuard),
        rateLimited: group.limited || guards.some(isLimiter),
        root: group.root ?? '',
      }),
    );
  };
  for (const match of code.matchAll(/(?<!func )(?<![\w.])((?:\w+\.)*)(\w+)\(((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*)\)/g)) {
    if (found.length >= 300) break;
    const [, owner = '', name = '', given = ''] = match;
    const nested = /^(?:Route|Group)$/.test(name) ? /(?:^|,\s*)(?:\w+\.)*(\w+)\s*$/.exec(given)?.[1] : undefined;
    if (nested) {
      const group = at(owner.split('.')[0]!, match.index);
      if (group) mount(nested, match.index, group, /^\s*"([^"]*)"/.exec(given)?.[1] ?? '', []);
    }
    if (registering.test(name)) continue;
    for (const argument of topLevel(given)) {
      const part = /^\s*(\w+)(?:\.Group\(\s*"([^"]*)"(.*)\))?\s*$/.exec(argument);
      const group = part ? at(part[1]!, match.index) : undefined;
      if (part && group) mount(name, match.index, group, part[2] ?? '', (part[3] ?? '').split(','));
    }
  }
  return found;
}

/** Groups by the name they are assigned to: `v1 := r.Group("/v1", Auth())`, `api.Use(Auth)`, `r.Route("/x", func(r chi.Router) {`. */
function groupsOf(code: string, text: (t: string | undefined) => string | null, parameters: readonly Parameter[]): Map<string, Group[]> {
  const groups = new Map<string, Group[]>();
  const put = (name: string, group: Group) => groups.set(name, [...(groups.get(name) ?? []), group]);
  const at = (name: string, offset: number) =>
    (groups.get(name) ?? []).filter((g) => g.from <= offset && offset <= g.to).sort((a, b) => b.from - a.from)[0];
  let steps = 0;
  const stepPattern = /(?<![\w.])(?:(\w+)\s*:?=\s*)?(\w+)\.(?:PathPrefix\(([^)]*)\)\.Subrouter|Group|Route|Use|Mount)(?=\s*\()/g;
  for (const match of code.matchAll(stepPattern)) {
    const call = firstCall(code, /(?:Subrouter|Group|Route|Use|Mount)(?=\s*\()/g, match.index);
    if (++steps > 600) break;
    if (!call) continue;
    const kind = /(\w+)$/.exec(match[0])![1]!;
    const root = functionAt(parameters, match[2]!, match.index);
    const parent = at(match[2]!, match.index) ?? { prefix: '', auth: false, limited: false, from: 0, to: code.length, root };
    const args = call.arguments.map((a) => a.text);
    if (kind === 'Use') {
      const first = text(args[0]);
      if (first !== null && first !== '/') continue;
      put(match[2]!, {
        ...parent,
        auth: parent.auth || args.some(isGuard),
        limited: parent.limited || args.some(isLimiter),
        from: match.index,
        to: blockEnd(code, match.index, parent.to),
      });
      continue;
    }
    const prefix = kind === 'Subrouter' ? text(match[3]) : text(args[0]);
    const guards = [...args.slice(prefix === null ? 0 : 1), ...chainedGuards(code, match.index + call.end)];
    const group = {
      prefix: joinRoutes(parent.prefix, prefix ?? ''),
      auth: parent.auth || guards.filter((g) => !g.startsWith('func')).some(isGuard),
      limited: parent.limited || guards.some((g) => !g.startsWith('func') && isLimiter(g)),
      root: parent.root,
    };
    const scoped = args.find((a) => /^func\s*\(\s*(\w+)/.test(a));
    if (scoped) {
      const start = match.index + call.offset;
      put(/^func\s*\(\s*(\w+)/.exec(scoped)![1]!, { ...group, from: start, to: match.index + call.end });
    }
    if (match[1]) put(match[1], { ...group, from: match.index, to: code.length });
  }
  return groups;
}

/** A Use inside a function literal or block holds until that block ends. */
function blockEnd(code: string, offset: number, outer: number): number {
  let depth = 0;
  for (let i = offset; i < Math.min(outer, code.length); i++) {
    if (code[i] === '{') depth++;
    else if (code[i] === '}' && --depth < 0) return i;
  }
  return outer;
}
