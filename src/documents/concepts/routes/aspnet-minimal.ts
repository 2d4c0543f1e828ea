import type { Item } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, findCalls, matchesOf } from '../syntax-text.js';
import { stringsIn } from '../syntax-value.js';
import { joinRoutes, marker, routeItem } from './shared.js';

/** What a group of routes says for each of them. */
interface Group {
  readonly name: string;
  readonly from: number;
  /** The end of the function that it is known in. */
  readonly to: number;
  /** The extension method that was handed it, or what it is a part of: the caller says more. Empty where it was made here. */
  readonly func: string;
  readonly prefix: string;
  asks: string;
}

/** `static RouteGroupBuilder MapOrders(this IEndpointRouteBuilder app)`: what the caller hands over. */
const extension =
  /\bstatic\s+[\w<>?.]{1,80}\s+(\w+)\s*(?:<\w+>)?\(\s*this\s+(?:\w{0,40}(?:RouteBuilder|RouteGroupBuilder|RouteHandlerBuilder|ConventionBuilder)|WebApplication|TBuilder)\s+(\w+)/g;
/** Characters of a method's body. */
const longest = 60_000;
/** What the framework itself maps; any other name is an extension method. */
const builtIn =
  /^Map(?:Get|Post|Put|Patch|Delete|Methods|Group|Hub|GrpcService\w*|IdentityApi|Controllers?|ControllerRoute|DefaultControllerRoute|AreaControllerRoute|RazorPages|RazorComponents|BlazorHub|HealthChecks\w*|Fallback\w*|StaticAssets|OpenApi|Metrics|When)?$/;

/** What the words after a route or a group ask for; a wrapper of the framework's limiter carries its name. */
const asked = {
  auth: /\bRequireAuthorization\s*\(/,
  open: /\bAllowAnonymous\s*\(/,
  limited: /\bRequire\w*RateLimit\w*\s*\(/,
  validated: /\bWithParameterValidation\s*[(<]|\bAddEndpointFilter\w*\s*[(<]/,
};

/** Minimal APIs of ASP.NET Core: mapped handlers in their groups, hubs, services of gRPC, and the routes of Identity. */
export function minimalRoutes(source: Source): Item[] {
  const { code } = source;
  const groups = groupsOf(code, extensionsOf(code));
  const items: Item[] = [...handedOn(source, groups), ...guards(source)];
  for (const call of findCalls(code, /\b\w+\s*\.Map(?:Get|Post|Put|Patch|Delete|Hub<\w+>|GrpcService<\w+>|IdentityApi<\w+>)(?=\s*\()/g)) {
    const [, owner, kind] = /^(\w+)\s*\.Map(.*)$/s.exec(call.name)!;
    const group = groupAt(groups, owner!, call.offset);
    if (kind!.startsWith('IdentityApi')) {
      items.push(...identityRoutes(source, call.offset, group));
      continue;
    }
    const semicolon = code.indexOf(';', call.end);
    const chain = code.slice(call.end, semicolon < 0 ? call.end + 300 : Math.min(semicolon, call.end + 800));
    const handler = call.arguments[1]?.text ?? '';
    const words = `${group?.asks ?? ''}\n${chain}`;
    items.push(
      routeItem(source, call.offset, kind!.startsWith('Grpc') ? 'grpc' : 'aspnet', {
        method: /^(?:Hub|Grpc)/.test(kind!) ? 'ANY' : kind!,
        route: joinRoutes(group?.prefix ?? '', stringsIn(call.arguments[0]?.text ?? '')[0] ?? '') || '/',
        handler: /=>|\{/.test(handler) ? (/<(\w+)>/.exec(kind!)?.[1] ?? '') : handler.slice(0, 100),
        // Whoever may come to a group may come to each route of it, whatever else is asked.
        auth: asked.open.test(words) ? false : asked.auth.test(words) || /\[Authorize/.test(handler) ? true : null,
        guards: asked.open.test(words) ? [] : methodsIn(words),
        ...(group?.func ? { via: `func:${group.func}` } : {}),
        rateLimited: asked.limited.test(words) || null,
        validated: asked.validated.test(words) || /IValidator</.test(chain + handler) || null,
        upload: /IFormFile/.test(handler),
        websocket: kind!.startsWith('Hub'),
        body: handler,
      }),
    );
  }
  return items;
}

/** The names of what is called on a route or a group; those of the repository may ask for an identity. */
const methodsIn = (words: string): string[] =>
  [...new Set([...words.matchAll(/\.\s*([A-Z]\w*)\s*[(<]/g)].map((m) => m[1]!))].filter((name) => !builtIn.test(name)).slice(0, 12);

/** The parameters of extension methods, as groups that are known within them. */
const extensionsOf = (code: string): Group[] =>
  matchesOf(code, extension, 100).map((match) => ({
    name: match[2]!,
    from: match.index,
    to: endOf(code, match.index),
    // UseX(this WebApplication app) is called on the application itself.
    func: match[1]!.startsWith('Map') ? match[1]! : '',
    prefix: '',
    asks: '',
  }));

/** Where the method that starts at a place ends: with its block, or with the expression that it is. */
function endOf(code: string, start: number): number {
  const close = closing(code, code.indexOf('(', start));
  const body = close < 0 ? -1 : code.slice(close).search(/\{|=>/) + close;
  if (body < close) return code.length;
  const end = code[body] === '{' ? closing(code, body, longest) : code.indexOf(';', body);
  return end < 0 ? code.length : end;
}

/** Calls of extension methods that map routes, with the prefix and what is asked around the call: `app.MapGroup("/a").MapOrders()`. */
function handedOn(source: Source, groups: readonly Group[]): Item[] {
  const items: Item[] = [];
  let from = 0;
  for (const statement of source.code.split(';')) {
    const start = startOf(statement);
    const owner = /^\s*(?:(?:return|var\s+\w+\s*=|\w+\s*=)\s*)?(\w+)\s*\./.exec(statement.slice(start))?.[1];
    for (const call of owner === undefined ? [] : statement.matchAll(/\.\s*(Map\w*)\s*(?:<[\w.]+>)?\(/g)) {
      if (builtIn.test(call[1]!)) continue;
      const group = groupAt(groups, owner!, from + start);
      const before = statement.slice(0, call.index);
      const words = `${group?.asks ?? ''}\n${statement}`;
      items.push(
        marker(source, from + call.index, 'func-mount', {
          func: call[1]!,
          root: group?.func ?? '',
          prefix: joinRoutes(group?.prefix ?? '', ...[...before.matchAll(/\.MapGroup\(\s*"([^"]*)"/g)].map((m) => m[1]!)),
          auth: asked.auth.test(words) && !asked.open.test(words),
          rateLimited: asked.limited.test(words),
          guards: methodsIn(words).filter((name) => name !== call[1]),
        }),
      );
    }
    from += statement.length + 1;
  }
  return items;
}

/** Extension methods that ask for an identity: `static T WithDefaults<T>(this T builder) => builder.RequireAuthorization()`. */
const guards = (source: Source): Item[] =>
  matchesOf(source.code, extension, 100)
    // What is called on the application covers no route by itself.
    .filter(
      ({ 0: head, 1: name, index }) =>
        !name!.startsWith('Map') &&
        /(?:Group|Handler|Convention|T)Builder\s+\w+$/.test(head) &&
        asked.auth.test(source.code.slice(index, endOf(source.code, index))),
    )
    .map((match) => marker(source, match.index, 'aspnet-guard', { name: match[1]! }));

/** Where the last statement of a text starts: behind the brace that opens or closes the block before it. */
function startOf(text: string): number {
  const plain = text.replace(/"[^"\n]*"/g, (quoted) => '"'.padEnd(quoted.length - 1) + '"');
  return Math.max(plain.lastIndexOf('{'), plain.lastIndexOf('}')) + 1;
}

/** Groups in the order of the text, with what is asked where they are made and in statements of their own after it. */
function groupsOf(code: string, given: readonly Group[]): Group[] {
  const groups: Group[] = [...given];
  let from = 0;
  for (const statement of code.split(';')) {
    const made = /\b(\w+)\s*=\s*(\w+)\s*\.MapGroup\(\s*"([^"]*)"\s*\)/.exec(statement);
    if (made) {
      const parent = groupAt(groups, made[2]!, from + made.index);
      const words = statement.slice(made.index + made[0].length);
      groups.push({
        name: made[1]!,
        from,
        to: parent?.to ?? code.length,
        func: parent?.func ?? '',
        prefix: joinRoutes(parent?.prefix ?? '', made[3]!),
        asks: `${parent?.asks ?? ''}\n${words}`,
      });
    } else {
      const start = startOf(statement);
      const named = /^\s*(\w+)\s*\.\s*(?!Map)\w/.exec(statement.slice(start));
      const group = named && groupAt(groups, named[1]!, from + start);
      if (group) group.asks += `\n${statement}`;
    }
    from += statement.length + 1;
  }
  return groups;
}

/** The group that a name stands for at a place: functions of one file like to call theirs alike. */
function groupAt(groups: readonly Group[], name: string, offset: number): Group | undefined {
  return groups
    .filter((g) => g.name === name && g.from <= offset && offset < g.to)
    .sort((a, b) => a.from - b.from)
    .pop();
}

/** What `MapIdentityApi` maps: sign-up, sign-in and reset for everybody, the own account for those who are signed in. */
function identityRoutes(source: Source, offset: number, group: Group | undefined): Item[] {
  const asks = group?.asks ?? '';
  const route = (method: string, path: string, auth: boolean | null) =>
    routeItem(source, offset, 'aspnet', {
      method,
      route: joinRoutes(group?.prefix ?? '', path),
      handler: `Identity.${path}`,
      auth: auth ?? (asked.auth.test(asks) || null),
      rateLimited: asked.limited.test(asks) || null,
      validated: true,
      responseSchema: true,
    });
  return [
    ...['register', 'login', 'refresh', 'resendConfirmationEmail', 'forgotPassword', 'resetPassword'].map((p) => route('POST', p, null)),
    route('GET', 'confirmEmail', null),
    ...['manage/2fa', 'manage/info'].map((p) => route('POST', p, true)),
    route('GET', 'manage/info', true),
  ];
}
