import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, findCalls } from '../syntax-text.js';
import { literal, stringsIn } from '../syntax-value.js';
import { isGuard, joinRoutes, marker, routeItem } from './shared.js';

const open = /@(?:Public|SkipAuth|AllowAnonymous|NoAuth|AllowUnauthorized\w*|Unprotected|IsPublic|PublicRoute)\b/;
const guards =
  /@(?:UseGuards\s*\(\s*(?!\s*(?:Throttler|ThrottlerGuard\s*\)))|Auth\b|Roles\b|Authorized\b|Authenticated\b|RequirePermissions?\b|Permissions\b|ApiKeyAuth\b|JwtAuth\w*|Protected\b)/;
const notIdentity = /@UseGuards\s*\(\s*(?:\w*Throttl\w*)\s*\)/;

/** Controllers of NestJS and routing-controllers, their guards and pipes; a global guard (APP_GUARD, useGlobalGuards) is a marker. */
export const nest: Reader = {
  name: 'routes/nest',
  kind: 'routes',
  files: { languages: ['typescript', 'javascript'], roles: ['product'] },
  keywords: [
    '@Controller',
    '@JsonController',
    'APP_GUARD',
    'useGlobalGuards',
    'setGlobalPrefix',
    'useGlobalPipes',
    'APP_PIPE',
    'forRoutes',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/provide\s*:\s*APP_GUARD\s*,\s*useClass\s*:\s*(\w+)|useGlobalGuards\(\s*(?:new\s+)?(\w+)/g)) {
      if (!/Throttl|Roles|Limit/.test(match[1] ?? match[2]!))
        items.push(marker(source, match.index, 'default', { framework: 'nestjs', auth: true }));
      if (/Throttl/.test(match[1] ?? '')) items.push(marker(source, match.index, 'default', { framework: 'nestjs', rateLimited: true }));
    }
    const prefix = /setGlobalPrefix\(\s*["'`]([^"'`]+)/.exec(code);
    if (prefix) items.push(marker(source, prefix.index, 'prefix', { framework: 'nestjs', prefix: prefix[1]! }));
    // A pipe of a controller or a handler checks that one alone; only these two check all.
    const globalPipe =
      findCalls(code, /\.useGlobalPipes(?=\s*\()/g).find((c) => /valid|zod|^\s*(?:\.\.\.)?\w+\s*$/i.test(c.inner))?.offset ??
      /provide\s*:\s*APP_PIPE\s*,[^}]{0,200}(?:[Vv]alid|[Zz]od)/.exec(code)?.index;
    if (globalPipe !== undefined) items.push(marker(source, globalPipe, 'default', { framework: 'nestjs', validated: true }));
    items.push(...middlewareOf(source));
    // Its sister library checks typed bodies by itself.
    const sister = /from\s+["']routing-controllers["']/.test(code);
    const controllers = findCalls(code, /@(?:Json)?Controller(?=\s*\()/g);
    const runs = decoratorRuns(code);
    controllers.forEach((controller, index) => {
      const first = controller.inner.trim();
      const base = typeof literal(first) === 'string' ? String(literal(first)) : (/path\s*:\s*["'`]([^"'`]*)/.exec(first)?.[1] ?? '');
      const start = controllers[index - 1] ? code.indexOf('\n}', controllers[index - 1]!.end) : 0;
      const bodyStart = code.indexOf('{', code.indexOf('class ', controller.end));
      const head = code.slice(Math.max(0, start), bodyStart);
      const around = head.slice(
        head.lastIndexOf('\n\n') > 0 && head.lastIndexOf('\n\n') < controller.offset - Math.max(0, start) ? head.lastIndexOf('\n\n') : 0,
      );
      const classAuth = guards.test(around) && !notIdentity.test(around) ? true : open.test(around) ? false : null;
      const end = controllers[index + 1]?.offset ?? code.length;
      for (const call of findCalls(code, /@(?:Get|Post|Put|Patch|Delete|All|Options|Head|Sse)(?=\s*\()/g)) {
        if (call.offset < bodyStart || call.offset > end) continue;
        const { decorators, signature, returns, body } = member(code, runs.get(call.offset) ?? call.offset, call.end);
        const own = guards.test(decorators) && !notIdentity.test(decorators) ? true : open.test(decorators) ? false : null;
        const dto = /@(?:Body|Query|Param)\([^)]*\)\s*\w+\s*:\s*(?!any\b|string\b|object\b)\w+/.test(signature);
        items.push(
          routeItem(source, call.offset, sister ? 'routing-controllers' : 'nestjs', {
            method: call.name.slice(1) === 'All' ? 'ANY' : call.name.slice(1) === 'Sse' ? 'GET' : call.name.slice(1),
            route: joinRoutes(base, stringsIn(call.inner)[0] ?? '') || '/',
            handler: /(\w+)\s*\($/.exec(signature.slice(0, signature.indexOf('(') + 1))?.[1] ?? '',
            auth: own ?? classAuth,
            rateLimited: /@Throttle\b|ThrottlerGuard/.test(decorators + around) || null,
            validated: /ValidationPipe|ParseIntPipe|ParseUUIDPipe|ZodValidationPipe/.test(decorators + signature + around)
              ? true
              : dto
                ? sister || null
                : /@Body\(/.test(signature)
                  ? false
                  : null,
            responseSchema: declaredAnswer(decorators + around, returns),
            upload: /FileInterceptor|FilesInterceptor|UploadedFile/.test(decorators + signature),
            body,
            via: dto ? 'dto' : '',
            guards: [/\bclass\s+(\w+)/.exec(code.slice(controller.end, bodyStart))?.[1] ?? ''],
          }),
        );
      }
    });
    return { items };
  },
};

/** Middleware that demands an identity: `consumer.apply(AuthMiddleware).exclude('login').forRoutes(UserController, { path: 'user', method: RequestMethod.PUT })`. */
function middlewareOf(source: Source): Item[] {
  const { code } = source;
  const items: Item[] = [];
  for (const call of findCalls(code, /\.apply(?=\s*\()/g)) {
    if (!call.arguments.some((a) => isGuard(a.text.replace(/Middleware$/, '')))) continue;
    const rest = code.slice(call.end, call.end + 8_000);
    const chained = /^\s*(?:\.exclude\s*\([^;]{0,2000}?\)\s*)?\.forRoutes(?=\s*\()/.exec(rest);
    const routes = chained ? findCalls(rest, /\.forRoutes(?=\s*\()/g, '(', 1)[0] : undefined;
    if (!routes) continue;
    const excluded = /\.exclude\s*\(/.test(chained![0]);
    for (const given of routes.arguments) {
      const whole = given.name ? `${given.name}: ${given.text}` : given.text;
      const path = stringsIn(/\bpath\s*:\s*(["'`][^"'`]*["'`])/.exec(whole)?.[1] ?? (/^["'`]/.test(whole) ? whole : ''))[0];
      const method = /RequestMethod\.(\w+)/.exec(whole)?.[1] ?? 'ALL';
      const controller = /^\w+$/.test(whole) ? whole : '';
      if (path !== undefined || controller)
        items.push(marker(source, call.offset, 'nest-cover', { of: path ?? '', method, controller, excluded }));
    }
  }
  return items;
}

/** Whether an answer's type is told: by a serializer, or by a response decorator that names it or stands beside a return type. */
function declaredAnswer(decorators: string, returns: string): boolean | null {
  const named = /^(?:Promise<|Observable<)?\s*(?!(?:any|void|unknown|object|Response|DeleteResult|UpdateResult)\b)[\w{[]/.test(returns);
  if (/@(?:SerializeOptions|ZodResponse|ZodSerializerDto|Serialize|ResponseSchema)\b/.test(decorators)) return true;
  if (/@Api(?:\w*Response)\b/.test(decorators))
    return named || /\b(?:type|schema|model)\s*:|@Api\w*(?:Paginated|Ok|Created)\w*\(\s*\w/.test(decorators);
  return named ? null : false;
}

/** Where each run of decorators begins, by the offsets of its members. */
function decoratorRuns(code: string): ReadonlyMap<number, number> {
  const runs = new Map<number, number>();
  for (const match of code.matchAll(/^[ \t]*@/gm)) {
    const first = match.index + match[0].length - 1;
    if (runs.has(first)) continue;
    for (let at = first; code[at] === '@';) {
      runs.set(at, first);
      at = afterDecorator(code, at);
      at += /^\s*/.exec(code.slice(at, at + 300))![0].length;
    }
  }
  return runs;
}

/** The offset behind the decorator at `at`, its arguments included. */
function afterDecorator(code: string, at: number): number {
  const end = at + /^@[\w.]*/.exec(code.slice(at, at + 200))![0].length;
  return code[end] === '(' ? closing(code, end) + 1 || code.length : end;
}

/** The decorators around one that a run holds from `first` on, and the method they decorate. */
function member(code: string, first: number, end: number): { decorators: string; signature: string; returns: string; body: string } {
  let at = end;
  for (let next = /^\s*@/.exec(code.slice(at, at + 300)); next; next = /^\s*@/.exec(code.slice(at, at + 300)))
    at = afterDecorator(code, at + next[0].length - 1);
  const openAt = code.indexOf('(', at);
  const close = openAt < 0 ? -1 : closing(code, openAt);
  // The type of the answer, object types included: `): Promise<{ id: string }> {`.
  const returns =
    close < 0
      ? ''
      : (
          /^\)\s*:\s*((?:[\w.[\]| ]|<(?:[^;()<>]|<(?:[^;()<>]|<[^;()<>]*>)*>)*>)+)(?=\s*\{)/.exec(code.slice(close, close + 500))?.[1] ?? ''
        ).trim();
  const brace = close < 0 ? -1 : code.indexOf('{', returns === '' ? close : code.indexOf(returns, close) + returns.length);
  const finish = brace < 0 ? -1 : closing(code, brace);
  return {
    decorators: code.slice(first, at),
    signature: close < 0 ? '' : code.slice(at, close + 1).trim(),
    returns,
    body: finish < 0 ? '' : code.slice(brace, finish + 1),
  };
}
