import type { Item, Reader } from '../../../model/document.js';
import { argument, findCalls, firstCall } from '../syntax-text.js';
import { valueOf } from '../syntax-value.js';
import { importedNames, originOf } from './blueprints.js';
import { classViews } from './flask-classes.js';
import { decorated, decoratorsAbove } from './python.js';
import { isGuard, isLimiter, joinRoutes, marker, routeItem } from './shared.js';
import { refusesStrangers } from './strangers.js';

/** Own functions that look at the fields; what looks at a token or the caller says nothing about the body. */
const validates = /\b_*validate_(?!token|jwt|csrf|session|login|credential|user_token|password_hash)\w+\(/;

const turnsAway =
  /abort\(\s*401|login_required|unauthorized|verify_jwt_in_request|is_authenticated|redirect\([^)]*login|\bnot\s+(?:\w+\.)*logged_in\b/;

/** The endpoints that a guard of the whole application lets through: strings in it, and in the lists that it looks them up in. */
function exemptIn(body: string, code: string): string[] {
  const lists = [...body.matchAll(/\bin\s+([A-Za-z_]\w*)\b/g)].map(
    ([, name]) => new RegExp(`^${name}\\b[^=\\n]{0,60}=\\s*[[({]([^\\])}]{0,2000})`, 'm').exec(code)?.[1] ?? '',
  );
  const named = [body, ...lists].flatMap((text) => [...text.matchAll(/["']([\w.]+)["']/g)].map((m) => m[1]!.split('.').pop()!));
  return [...new Set(named)].slice(0, 100);
}

/** Flask and Quart: route decorators, blueprints with their prefix and before_request guard, Flask-RESTful resources. */
export const flask: Reader = {
  name: 'routes/flask',
  kind: 'routes',
  files: { languages: ['python'], roles: ['product'] },
  keywords: ['flask', 'quart', 'Blueprint', 'blueprint', 'sanic', '.route('],
  read(source) {
    const { code } = source;
    if (/\bfastapi\b|APIRouter/.test(code) || !/\b(?:flask|quart|Blueprint|sanic|\w+\.route\()/i.test(code)) return {};
    const text = (t: string | undefined) => {
      const value = t === undefined ? null : valueOf(t, code).value;
      return typeof value === 'string' ? value : '';
    };
    const items: Item[] = [];
    const prefixes = new Map<string, string>();
    const imports = importedNames(code, source.path);
    for (const match of code.matchAll(/\b(\w+)\s*=\s*(?:\w+\.)?\w*Blueprint(?=\s*\()/g)) {
      const call = firstCall(code, /\w*Blueprint(?=\s*\()/g, match.index, 2_000);
      prefixes.set(match[1]!, text(call && argument(call.arguments, 'url_prefix')?.text));
    }
    // Flask-RESTX routes a namespace under its name unless it is given a path.
    for (const match of code.matchAll(/\b(\w+)\s*=\s*(?:\w+\.)?(?:Namespace|\w+\.namespace)(?=\s*\()/g)) {
      const call = firstCall(code, /(?:Namespace|namespace)(?=\s*\()/g, match.index, 2_000);
      const path = text(call && argument(call.arguments, 'path')?.text);
      prefixes.set(match[1]!, path || `/${text(call?.arguments[0]?.text)}`);
    }
    for (const call of findCalls(code, /\b(\w+)\.register_blueprint(?=\s*\()/g)) {
      items.push(
        marker(source, call.offset, 'mount', {
          from: call.name.split('.')[0]!,
          target: call.arguments[0]?.text ?? '',
          prefix: text(argument(call.arguments, 'url_prefix')?.text),
          origin: originOf(call.arguments[0]?.text ?? '', imports),
          auth: false,
        }),
      );
    }
    const guarded = new Set<string>();
    for (const match of code.matchAll(/@(\w+)\.before_request\b/g)) {
      const target = decorated(code, match.index);
      if (!target || !(target.decorators.some(isGuard) || turnsAway.test(target.body))) continue;
      guarded.add(match[1]!);
      if (!prefixes.has(match[1]!)) items.push(marker(source, match.index, 'flask-guard', { open: exemptIn(target.body, code) }));
    }
    for (const [name, prefix] of prefixes) items.push(marker(source, 0, 'blueprint', { name, prefix, auth: guarded.has(name) }));
    for (const call of findCalls(code, /@(\w+)\.(?:route|get|post|put|delete|patch|websocket)(?=\s*\()/g)) {
      const [via, verb] = call.name.slice(1).split('.') as [string, string];
      const target = decorated(code, call.end);
      const route = joinRoutes(prefixes.get(via) ?? '', text(argument(call.arguments, 'rule', 0)?.text));
      const listed = argument(call.arguments, 'methods');
      const methods = listed
        ? [...listed.text.matchAll(/["'](\w+)["']/g)].map((m) => m[1]!)
        : [verb === 'route' || verb === 'websocket' ? 'GET' : verb];
      const views = target ? [] : classViews(code, call.end);
      const alone = methods.map((method) => ({ method, name: target?.name ?? '', decorators: target?.decorators ?? [], body: target?.body ?? '' })); // prettier-ignore
      for (const { method, name, decorators, body } of views.length > 0 ? views : alone) {
        items.push(
          routeItem(source, call.offset, 'flask', {
            method,
            route,
            handler: name,
            auth: guarded.has(via) || decorators.some(isGuard) || refusesStrangers(body),
            rateLimited: decorators.some((d) => isLimiter(d) || /^\w*limiter\./.test(d)),
            validated:
              decorators.some((d) => /\b(?:validate|expects_json|use_(?:args|kwargs)|arguments|accepts|input|expect)\b/.test(d)) ||
              /\.validate_on_submit\(|_schema\.load\(|Schema\(\)\.load\(|model_validate\(|parse_args\(|\.validate\(/i.test(body) ||
              validates.test(body)
                ? true
                : /request\.(?:json|get_json|form|args|values)/.test(body)
                  ? false
                  : null,
            responseSchema:
              decorators.some((d) => /\b(?:marshal_(?:list_)?with|responds?|response|output|serialize)\b/.test(d)) ||
              /_schema\.dump\(|Schema\([^)]*\)\.dump\(|\.model_dump\(/i.test(body),
            upload: /request\.files/.test(body),
            websocket: verb === 'websocket',
            body,
            via,
            origin: prefixes.has(via) ? '' : originOf(via, imports),
          }),
        );
      }
    }
    for (const call of findCalls(code, /\.add_resource(?=\s*\()/g)) {
      const name = call.arguments[0]?.text ?? '';
      const klass = new RegExp(`^class\\s+${name.replace(/\W/g, '')}\\b[^\\n]*:\\n((?:[ \\t]+[^\\n]*\\n|\\s*\\n)*)`, 'm').exec(code);
      const all = /method_decorators\s*=\s*\[([^\]]*)\]/.exec(klass?.[1] ?? '')?.[1] ?? '';
      const methods = klass ? [...klass[1]!.matchAll(/^([ \t]+)(?:async )?def (get|post|put|patch|delete)\b/gm)] : [];
      for (const method of methods.length ? methods : [null]) {
        const above = method && klass ? decoratorsAbove(klass[1]!, method.index) : [];
        items.push(
          routeItem(source, call.offset, 'flask', {
            method: method?.[2] ?? 'ANY',
            route: text(call.arguments[1]?.text),
            handler: name,
            auth: klass ? above.some(isGuard) || all.split(',').some(isGuard) : null,
            body: klass?.[1],
          }),
        );
      }
    }
    return { items };
  },
};
