import type { ConceptItem } from '../../../model/concepts.js';
import type { Item, Json } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';

export type RouteItem = ConceptItem<'routes'>;

/**
 * Readers see one file; what another file decides travels in markers: items of this concept with a `marker` field, which the
 * combiner uses and drops (a mounted prefix, a view's permissions, a global guard). Routes may carry `via` (the router object
 * they hang on), `guards`, `origin` (where that object is made) and `from` (where their handler is written) for the same purpose.
 */
export type Marker = Item & { marker: string };

type Given = Partial<Omit<RouteItem, 'path' | 'line'>> & { via?: string; guards?: string[]; origin?: string; from?: Json };

/** One route in the concept's shape; what is not given is "not said". */
export function routeItem(source: Source, offset: number, technology: string, given: Given): Item {
  const { line } = source.at(offset);
  return {
    path: source.path,
    line,
    technology,
    method: (given.method ?? 'ANY').toUpperCase(),
    route: given.route ?? '',
    handler: given.handler ?? '',
    auth: given.auth === undefined ? null : given.auth,
    rateLimited: given.rateLimited ?? null,
    validated: given.validated ?? null,
    responseSchema: given.responseSchema ?? null,
    upload: given.upload ?? false,
    websocket: given.websocket ?? false,
    csrfOff: given.csrfOff ?? false,
    body: (given.body ?? '').slice(0, 2_000),
    ...(given.via === undefined ? {} : { via: given.via }),
    ...(given.guards === undefined ? {} : { guards: given.guards }),
    ...(given.origin ? { origin: given.origin } : {}),
    ...(given.from === undefined ? {} : { from: given.from }),
  };
}

const logCall = /\b(?:\w*[lL]og(?:ger)?|console)\.(?:log|debug|info|warn|error|trace|silly|verbose)\([^()]*(?:\([^()]*\)[^()]*)*\)/g;
const requestBody = /\breq(?:uest)?\.body|ctx\.request\.body|\.req\.json\(/;

/** A handler that does nothing with the request's body but log it, without those lines: what is only written down needs no check. */
export function usedBody(handler: string): string {
  if (!requestBody.test(handler)) return handler;
  const rest = handler.replace(logCall, '');
  return requestBody.test(rest) ? handler : rest;
}

/**
 * What a handler of Node does with the body of its request: true where a validator sees it, false where fields are used as they
 * come, null where nothing reads it or where it cannot be told (handed on as a whole, refused by conditions of its own).
 */
export function readsBody(body: string): boolean | null {
  if (
    /\.(?:safeParse|parse|parseAsync|validate|validateAsync|validateSync)\(\s*(?:await\s+)?(?:req|ctx|c|request)\b|\bvalidationResult\(|\bmatchedData\(|\bvalidator\.\w+\(\s*(?:req|ctx)\b/.test(
      body,
    )
  )
    return true;
  if (!/\breq(?:uest)?\.body|ctx\.request\.body/.test(body)) return null;
  return /validat|schema|\b4(?:00|22)\b|BadRequest|sanitiz|[(,]\s*(?:req(?:uest)?|ctx\.request)\.body\s*[,)]|\.\.\.\s*(?:req|ctx)\b/i.test(
    body,
  )
    ? null
    : false;
}

export function marker(source: Source, offset: number, kind: string, fields: Record<string, Json>): Marker {
  return { path: source.path, line: source.at(offset).line, marker: kind, ...fields };
}

const markers = new WeakMap<readonly Item[], Map<string, Item[]>>();

/** The markers of a kind; sorted once for each list of items. */
export function markersOf(items: readonly Item[], kind: string): readonly Item[] {
  let kinds = markers.get(items);
  if (!kinds) {
    kinds = new Map();
    for (const item of items) {
      const name = (item as Partial<Marker>).marker;
      if (!name) continue;
      const list = kinds.get(name);
      if (list) list.push(item);
      else kinds.set(name, [item]);
    }
    markers.set(items, kinds);
  }
  return kinds.get(kind) ?? [];
}

/** `/a/` + `b` = `/a/b`; an empty part changes nothing. */
export function joinRoutes(...parts: string[]): string {
  const joined = parts.filter(Boolean).map((part) => part.replace(/^\/+|\/+$/g, '')).filter(Boolean).join('/'); // prettier-ignore
  const slash = parts.length > 0 && parts[parts.length - 1]!.length > 1 && parts[parts.length - 1]!.endsWith('/') ? '/' : '';
  return joined || parts.some(Boolean) ? `/${joined}${joined ? slash : ''}` : '';
}

const guard =
  /(?:^|_)(?:auth|authn?|authenticate|authenticated|authenticator|authentication|authorize|authorized|authorise|authorization|requires?_(?:auth|login|logged_in|user|admin|sign_?in|session|jwt|token|roles?|permissions?|scopes?|account|api_key)|login_required|jwt|jwt_required|passport|protect|protected|private|ensure_\w*(?:auth|log|admin|user|role)\w*|(?:verify|validate|check)_(?:token|jwt|auth|user|session|api_key|access|permission|role|admin|login|firebase_\w+|id_token|credentials)|current_\w*(?:user|superuser|account|admin|principal|tenant|identity)|get_\w*current_\w+|token_required|api_key|bearer|is_(?:authenticated|admin|logged_in|auth|superuser|staff)|only_(?:admin|authenticated|user)\w*|permission_required|permissions?|staff_member_required|admin_required|user_passes_test|roles_(?:required|accepted)|session_required|user_required|logged_in|signed_in|restrict_to|can_access|oauth2?|keycloak|clerk|acl|rbac|guard|guards|(?:admins?|staff|superusers?|members?|users?|authed|owners?|editors?|moderators?)_only|admin_only|(?:reject|deny|forbid|no)_anonymous(?:_\w+)?)(?:_|$)/;
const noGuard =
  /limit|throttle|controller_|_controller|request_form|log_?out|author_|optional|no_auth|(?<!reject_|deny_|forbid_|no_)anonymous|skip|public|callback|unauth|_routes?$|_router$|register|login_handler|service/;

const underscored = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '').toLowerCase(); // prettier-ignore

/** Whether a middleware, dependency, decorator or filter of this name demands an identity. Takes the last name of a dotted path. */
export function isGuard(expression: string): boolean {
  const callee = expression.trim().split('(')[0]!;
  const dotted = underscored(callee);
  const last = underscored(callee.slice(callee.lastIndexOf('.') + 1));
  if (noGuard.test(dotted)) return false;
  return (
    guard.test(last) || (/(?:^|\.)(?:passport|keycloak|auth\w*|jwt)\.\w+$/.test(callee) && !/initialize|session$|controller/i.test(callee))
  );
}

export const isLimiter = (expression: string): boolean =>
  /limit(?:er)?\b|limiter|throttl|slow_?down|rate_?limit/i.test(expression.split('(')[0]!);
export const isValidator = (expression: string): boolean =>
  /^(?:validat\w*|celebrate|check(?:Schema|Exact)?|body|param|query|zValidator|sValidator|vValidator|tbValidator|schemaValidator|\w*[vV]alidat(?:e|or|ion)\w*|\w*[sS]chema\w*|joi\w*)\b/.test(
    expression.replace(/^[\w]+\.(?=\w*valid)/i, ''),
  );

/** The lines of a block after `offset` that are indented deeper than the line of `offset` (Python). */
export function indentedBody(code: string, headerEnd: number, indent: number): string {
  const start = code.indexOf('\n', headerEnd);
  if (start < 0) return '';
  let end = start + 1;
  for (const limit = start + 8_000; end < code.length && end < limit;) {
    const next = code.indexOf('\n', end);
    const line = code.slice(end, next < 0 ? undefined : next);
    if (line.trim() && line.length - line.trimStart().length <= indent) break;
    end = next < 0 ? code.length : next + 1;
  }
  return code.slice(start + 1, end);
}

/** The text of attributes, annotations or decorators around an offset: from the previous block's end to the next opening brace. */
export function decoratorsText(code: string, offset: number): string {
  const from = Math.max(code.lastIndexOf('}', offset), code.lastIndexOf(';', offset), code.lastIndexOf('{', offset), 0);
  const to = code.slice(offset).search(/\{\s*\n|=>/);
  return code.slice(from, to < 0 ? undefined : offset + to);
}
