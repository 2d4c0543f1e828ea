import type { Item, Reader } from '../../../model/document.js';
import { argument, findCalls, firstCall, splitTop } from '../syntax-text.js';
import { valueOf } from '../syntax-value.js';
import { importedNames, originOf } from './blueprints.js';
import { decorated } from './python.js';
import { isGuard, isLimiter, joinRoutes, marker, routeItem } from './shared.js';

const plain = (text: string | undefined, code: string) => {
  const value = text === undefined ? null : valueOf(text, code).value;
  return typeof value === 'string' ? value : '';
};
const depends = /\b(Depends|Security)\s*\(\s*([\w.]*)/g;

/** Names that a parameter list or a dependencies list depends on; Security() always demands something. */
function guards(text: string): boolean {
  return [...text.matchAll(depends)].some(([, kind, name]) => kind === 'Security' || (name !== '' && isGuard(name!)));
}

/** Functions that routes depend on and that refuse strangers, whatever they are called: by 401 or 403, or by a scheme of FastAPI's. */
function dependencies(code: string): { name: string; offset: number }[] {
  const refusing = new Set<string>();
  for (const call of findCalls(code, /\b(\w+)\s*=\s*(?:\w+\.)?(?:OAuth2\w*Bearer|HTTPBearer|HTTPBasic|APIKey\w+)(?=\s*\()/g))
    if (!/auto_error\s*=\s*False/.test(call.inner)) refusing.add(call.name.split(/\s*=/)[0]!);
  const functions = [...code.matchAll(/^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(/gm)].flatMap((match) => {
    const found = decorated(code, match.index);
    return found && found.decorators.length === 0 && !/optional/i.test(found.name) ? [{ ...found, offset: match.index }] : [];
  });
  const found: { name: string; offset: number }[] = [];
  // What depends on a function further up refuses with it.
  for (const f of functions) {
    const needs = [...f.parameters.matchAll(depends)].map((m) => m[2]!);
    const refuses = /raise\s+\w*HTTPException\s*\((?:\s*status_code\s*=)?\s*(?:status\.HTTP_)?40[13]/.test(f.body);
    if (!(refuses && needs.length + Number(/\bRequest\b|Header\(|Cookie\(/.test(f.parameters)) > 0) && !needs.some((n) => refusing.has(n)))
      continue;
    refusing.add(f.name);
    found.push({ name: f.name, offset: f.offset });
  }
  return found;
}

/** FastAPI: decorated functions, router prefixes and dependencies of the same file; the combiner adds include_router's. */
export const fastapi: Reader = {
  name: 'routes/fastapi',
  kind: 'routes',
  files: { languages: ['python'], roles: ['product'] },
  keywords: ['fastapi', 'APIRouter', 'Annotated'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/^(\w+)\s*(?::[^=\n]+)?=\s*Annotated\s*\[([^\n]*(?:\n[ \t][^\n]*)*)/gm)) {
      if (guards(match[2]!)) items.push(marker(source, match.index, 'alias', { name: match[1]! }));
    }
    if (!/fastapi|APIRouter/.test(code)) return { items };
    for (const { name, offset } of dependencies(code)) items.push(marker(source, offset, 'alias', { name }));
    const routers = new Map<string, { prefix: string; auth: boolean }>();
    for (const match of code.matchAll(/\b(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?(APIRouter|FastAPI)(?=\s*\()/g)) {
      const call = firstCall(code, /(?:APIRouter|FastAPI)(?=\s*\()/g, match.index, 4_000);
      const prefix = match[2] === 'APIRouter' ? plain(call && argument(call.arguments, 'prefix')?.text, code) : '';
      routers.set(match[1]!, { prefix, auth: guards((call && argument(call.arguments, 'dependencies')?.text) ?? '') });
    }
    const imports = importedNames(code, source.path);
    for (const call of findCalls(code, /\b(\w+)\.include_router(?=\s*\()/g)) {
      const target = argument(call.arguments, 'router', 0)?.text ?? '';
      const from = call.name.split('.')[0]!;
      const owner = routers.get(from);
      items.push(
        marker(source, call.offset, 'mount', {
          from,
          target,
          module: /^\w+(?:\.\w+)?$/.test(target) ? originOf(target, imports).replace(/:\w+$/, '') : '',
          prefix: joinRoutes(owner?.prefix ?? '', plain(argument(call.arguments, 'prefix')?.text, code)),
          auth: owner?.auth === true || guards(argument(call.arguments, 'dependencies')?.text ?? ''),
        }),
      );
    }
    for (const call of findCalls(code, /@(\w+)\.(?:get|post|put|delete|patch|options|head|trace|websocket|api_route)(?=\s*\()/g)) {
      const [via, verb] = call.name.slice(1).split('.') as [string, string];
      const router = routers.get(via) ?? { prefix: '', auth: false };
      const target = decorated(code, call.end);
      const route = plain(argument(call.arguments, 'path', 0)?.text, code);
      const parameters = target?.parameters ?? '';
      const own = splitTop(parameters).filter(
        (p) =>
          !/^(?:self|request|req|\*)\b|:\s*(?:Request|Response|BackgroundTasks|WebSocket)\b/.test(p.text) &&
          !/Depends|Security/.test(p.text),
      );
      const model = argument(call.arguments, 'response_model')?.text;
      items.push(
        routeItem(source, call.offset, 'fastapi', {
          method: verb === 'websocket' ? 'GET' : verb === 'api_route' ? 'ANY' : verb,
          route: joinRoutes(router.prefix, route),
          handler: target?.name ?? '',
          auth:
            router.auth ||
            guards(parameters) ||
            guards(argument(call.arguments, 'dependencies')?.text ?? '') ||
            (target?.decorators.some(isGuard) ?? false),
          rateLimited:
            target?.decorators.some((d) => isLimiter(d) || /^\w+\.limit\(/.test(d)) || /RateLimiter/.test(call.inner + parameters),
          validated:
            /\.json\(\)|\.form\(\)|\.body\(\)/.test(target?.body ?? '') && /Request/.test(parameters)
              ? false
              : own.length > 0 || /RequestForm|Form\(|Body\(/.test(parameters)
                ? true
                : null,
          responseSchema:
            model !== undefined
              ? model !== 'None'
              : /\w/.test(target?.returns ?? '') && !/^(?:Any|dict|Dict\b.*|\w*Response|None)$/.test(target!.returns),
          upload: /\bUploadFile\b|\bFile\(/.test(parameters),
          websocket: verb === 'websocket',
          body: target?.body,
          via,
          guards: [
            ...[...parameters.matchAll(/:\s*(?:\w+\.)?([A-Z]\w+)/g)].map((m) => m[1]!),
            ...[...`${parameters} ${argument(call.arguments, 'dependencies')?.text ?? ''}`.matchAll(depends)].map((m) => m[2]!),
          ],
        }),
      );
    }
    return { items };
  },
};
