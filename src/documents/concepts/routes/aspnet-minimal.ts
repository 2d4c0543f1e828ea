import type { Item } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { findCalls } from '../syntax-text.js';
import { stringsIn } from '../syntax-value.js';
import { joinRoutes, routeItem } from './shared.js';

/** What a group of routes says for each of them. */
interface Group {
  readonly name: string;
  readonly from: number;
  readonly prefix: string;
  asks: string;
}

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
  const groups = groupsOf(code);
  const items: Item[] = [];
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

/** Groups in the order of the text, with what is asked where they are made and in statements of their own after it. */
function groupsOf(code: string): Group[] {
  const groups: Group[] = [];
  let from = 0;
  for (const statement of code.split(';')) {
    const made = /\b(\w+)\s*=\s*(\w+)\s*\.MapGroup\(\s*"([^"]*)"\s*\)/.exec(statement);
    if (made) {
      const parent = groupAt(groups, made[2]!, from);
      const words = statement.slice(made.index + made[0].length);
      groups.push({ name: made[1]!, from, prefix: joinRoutes(parent?.prefix ?? '', made[3]!), asks: `${parent?.asks ?? ''}\n${words}` });
    } else {
      const named = /^[\s{}]*(\w+)\s*\.\s*(?!Map)\w/.exec(statement);
      const group = named && groupAt(groups, named[1]!, from);
      if (group) group.asks += `\n${statement}`;
    }
    from += statement.length + 1;
  }
  return groups;
}

/** The group that a name stands for at a place: functions of one file like to call theirs alike. */
function groupAt(groups: readonly Group[], name: string, offset: number): Group | undefined {
  return groups.filter((g) => g.name === name && g.from <= offset).pop();
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
