import type { Item, Reader } from '../../../model/document.js';
import { argument, closing, enclosing, findCalls, firstCall } from '../syntax-text.js';
import { stringsIn } from '../syntax-value.js';
import { joinRoutes, routeItem } from './shared.js';
import { guardMarkers } from './spring-security.js';

const demands =
  /@(?:PreAuthorize|Secured|RolesAllowed|Authenticated|RequiresRoles|RequiresPermissions|RequiresAuthentication|SaCheckLogin|SaCheckRole|SaCheckPermission|Secured)\b/;
const permits = /@PermitAll\b|@PreAuthorize\(\s*"permitAll|@Secured\(\s*(?:SecurityRule\.IS_ANONYMOUS|"isAnonymous)|@Anonymous\b/;

const verbs: Record<string, string> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Head: 'HEAD',
  Options: 'OPTIONS',
};

function secured(annotations: string): boolean | null {
  return permits.test(annotations) ? false : demands.test(annotations) ? true : null;
}

/** A handler that takes the Authorization header and has it verified, with no security framework in between. */
const verifiesHeader = (parameters: string, body: string): boolean =>
  /@RequestHeader\b[^,]*(?:"authorization"|AUTHORIZATION)/i.test(parameters) &&
  /\.verify\w*\(|\.parse(?:Signed)?Claims\w*\(|\.validate(?:Access)?Token\(|\.introspect\(/.test(body);

/** An own validator that is handed the body: `transactionValidator.validate(transaction)`. */
const ownValidator = /\b(?!token|jwt)\w*[vV]alidator\.\w+\(|(?<![\w.])validate(?!Token|Jwt)\w*\(/;

/** The annotations around an offset and the method they belong to. */
function member(code: string, offset: number) {
  const from = Math.max(code.lastIndexOf('}', offset), code.lastIndexOf(';', offset), code.lastIndexOf('{\n', offset), 0);
  let at = offset;
  for (let next = /^\s*@[\w.]+/.exec(code.slice(at, at + 300)); next; next = /^\s*@[\w.]+/.exec(code.slice(at, at + 300))) {
    at += next[0].length;
    if (/^\s*\(/.test(code.slice(at, at + 20))) at = closing(code, code.indexOf('(', at)) + 1 || code.length;
  }
  const open = code.indexOf('(', at);
  const close = open < 0 ? -1 : closing(code, open);
  const brace = close < 0 ? -1 : code.slice(close, close + 300).search(/[{=;]/);
  const start = brace < 0 || code[close + brace] !== '{' ? -1 : close + brace;
  const end = start < 0 ? -1 : closing(code, start);
  return {
    annotations: code.slice(from, at),
    name: /(\w+)\s*$/.exec(code.slice(at, open))?.[1] ?? '',
    parameters: close < 0 ? '' : code.slice(open + 1, close),
    body: end < 0 ? '' : code.slice(start, end + 1),
    returns: code.slice(at, open),
  };
}

const paths = (inner: string | undefined): string[] => {
  if (inner === undefined) return [''];
  const call = { arguments: findCalls(`x(${inner})`, /x(?=\()/g)[0]?.arguments ?? [] };
  const value =
    argument(call.arguments, 'value') ??
    argument(call.arguments, 'path') ??
    argument(call.arguments, 'uri') ??
    call.arguments.find((a) => !a.name);
  const found = value ? stringsIn(value.text) : [];
  return found.length ? found : [''];
};

/** Spring: what comes with the path, a header or the session; any other parameter may be bound to the body or a form. */
const besideBody =
  /@(?:PathVariable|RequestHeader|CookieValue|AuthenticationPrincipal|SessionAttribute)\b|\b(?:Principal|Authentication|Locale|Model|RedirectAttributes|UriComponentsBuilder)\s+\w+\s*$/;
const bodiless = (parameters: string): boolean =>
  parameters
    .replace(/^\s*\(|\)\s*$/g, '')
    .replace(/"[^"\n]*"|<[^<>]*>/g, '')
    .replace(/(@\w+)\s*\([^()]*\)/g, '$1')
    .split(',')
    .every((each) => each.trim() === '' || besideBody.test(each));

/** Spring MVC and WebFlux, Micronaut, JAX-RS (Quarkus, Jersey), and Ktor's routing. */
export const jvm: Reader = {
  name: 'routes/jvm',
  kind: 'routes',
  files: { languages: ['java', 'kotlin'], roles: ['product'] },
  keywords: [
    'Mapping',
    '@Path',
    '@Controller',
    'SecurityFilterChain',
    'WebSecurityConfigurerAdapter',
    'SecurityWebFilterChain',
    'routing',
    'Route.',
    'ServerInterceptor',
    'Filter',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = guardMarkers(source);
    const mapping = findCalls(code, /@(?:Get|Post|Put|Patch|Delete|Request)Mapping(?=\s*\()/g);
    const bare = [...code.matchAll(/@(Get|Post|Put|Patch|Delete)Mapping\b(?!\s*\()/g)].map((m) => ({
      name: m[0],
      offset: m.index,
      inner: undefined as string | undefined,
    }));
    if (/@(?:Rest)?Controller\b|@FeignClient|@RequestMapping/.test(code) && !/@FeignClient|@HttpExchange/.test(code)) {
      const classAt = code.search(/\b(?:class|interface)\s+\w+/);
      const prefix = mapping.find((c) => c.name === '@RequestMapping' && c.offset < classAt);
      const classAuth = secured(code.slice(0, Math.max(0, classAt)));
      for (const call of [...mapping, ...bare].sort((a, b) => a.offset - b.offset)) {
        if (call === prefix || call.offset < classAt) continue;
        const kind = /@(\w+)Mapping/.exec(call.name)![1]!;
        const { annotations, name, parameters, body, returns } = member(code, call.offset);
        const method = verbs[kind] ?? /RequestMethod\.(\w+)/.exec(call.inner ?? '')?.[1] ?? 'ANY';
        for (const base of paths(prefix?.inner)) {
          for (const path of paths(call.inner)) {
            items.push(
              routeItem(source, call.offset, 'spring', {
                method,
                route: joinRoutes(base, path) || '/',
                handler: name,
                auth: secured(annotations) ?? classAuth ?? (verifiesHeader(parameters, body) || null),
                rateLimited: /@RateLimiter|@RateLimit/.test(annotations) || null,
                validated:
                  /@Valid\b|@Validated\b/.test(parameters) || (name && bodiless(parameters))
                    ? true
                    : /@RequestBody/.test(parameters)
                      ? ownValidator.test(body)
                      : null,
                responseSchema: !/\b(?:Object|ResponseEntity<\?>|Map<)/.test(returns),
                upload: /MultipartFile|FilePart/.test(parameters),
                body,
              }),
            );
          }
        }
      }
    } else if (/io\.micronaut/.test(code)) {
      const controller = findCalls(code, /@Controller(?=\s*\()/g)[0];
      const classAuth = secured(code.slice(0, Math.max(0, code.search(/\bclass\s+\w+/))));
      for (const match of controller ? code.matchAll(/@(Get|Post|Put|Patch|Delete|Head)\b(\s*\()?/g) : []) {
        const inner = match[2] ? firstCall(code, /@\w+(?=\s*\()/g, match.index, 1_000)?.inner : undefined;
        const { annotations, name, parameters, body } = member(code, match.index);
        items.push(
          routeItem(source, match.index, 'micronaut', {
            method: verbs[match[1]!]!,
            route: joinRoutes(paths(controller!.inner)[0]!, paths(inner)[0]!) || '/',
            handler: name,
            auth: secured(annotations) ?? classAuth,
            validated: /@Valid\b|@NotBlank|@NotNull/.test(parameters) || null,
            upload: /FileUpload/.test(parameters),
            body,
          }),
        );
      }
    } else if (/(?:javax|jakarta)\.ws\.rs/.test(code)) {
      const classAt = code.search(/\b(?:class|interface)\s+\w+/);
      const base = paths(findCalls(code.slice(0, classAt), /@Path(?=\s*\()/g)[0]?.inner)[0]!;
      const classAuth = secured(code.slice(0, Math.max(0, classAt)));
      for (const match of code.matchAll(/@(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/g)) {
        if (match.index < classAt) continue;
        const { annotations, name, parameters, body } = member(code, match.index);
        const path = paths(firstCall(annotations, /@Path(?=\s*\()/g)?.inner)[0]!;
        items.push(
          routeItem(source, match.index, 'jax-rs', {
            method: match[1]!,
            route: joinRoutes(base, path) || '/',
            handler: name,
            auth: secured(annotations) ?? classAuth,
            validated: /@Valid\b/.test(parameters) || null,
            upload: /MultipartForm|FormDataParam|FileUpload/.test(parameters),
            body,
          }),
        );
      }
    } else if (/io\.ktor/.test(code)) {
      for (const call of findCalls(code, /(?<![\w.])(?:get|post|put|patch|delete|webSocket)(?:<\w+>)?(?=\s*\(\s*"[^"]*"\s*\)\s*\{)/g)) {
        const outer = enclosing(code, call.offset, false);
        const prefixes = outer.map((h) => /^route\(\s*"([^"]*)"/.exec(h)?.[1] ?? '').reverse();
        const end = closing(code, code.indexOf('{', call.end));
        const body = code.slice(code.indexOf('{', call.end), end < 0 ? undefined : end + 1);
        const verb = /^\w+/.exec(call.name)![0];
        items.push(
          routeItem(source, call.offset, 'ktor', {
            method: verb === 'webSocket' ? 'GET' : verb,
            route: joinRoutes(...prefixes, stringsIn(call.inner)[0] ?? '') || '/',
            auth: outer.some((h) => /^authenticate\b/.test(h)),
            rateLimited: outer.some((h) => /^rateLimit\b/.test(h)),
            validated: /call\.receive</.test(body) || null,
            upload: /receiveMultipart/.test(body),
            websocket: verb === 'webSocket',
            body,
          }),
        );
      }
    }
    return { items };
  },
};
