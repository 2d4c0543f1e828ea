import type { Item, Json, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, splitTop } from '../syntax-text.js';
import { isGuard, isLimiter, isValidator, marker, readsBody, usedBody } from './shared.js';
import { refusesStrangers } from './strangers.js';

/**
 * Handlers of Express and Koa that stand apart from their routes: `router.post('/orders', orderController.create)`. The route says
 * where its handler comes from (`from`), each function of a request becomes a marker, and the combiner joins the two.
 */
export interface HandlerFrom {
  readonly target: string;
  readonly name: string;
}

const handlersPerFile = 500;
const parameters = /\(\s*_?(?:req|request|ctx)\b\s*(?::[^,()]{1,120})?[,)]/g;
const introduced =
  /(?:\b(?<whole>module\.exports\s*=|export\s+default\b)|\bexports\.(?<exported>\w+)\s*=|\b(?:const|let|var)\s+(?<constant>\w+)\s*(?::[^={}\n]{1,120})?=|\bfunction\s+(?<declared>\w+)|(?:^|\n)[ \t]+(?:(?:public|static|async|readonly)\s+)*(?<member>\w+)\s*[:=]?)\s*(?:[\w.]+\(\s*)?(?:async\b\s*)?(?:function\b\s*\w*\s*)?$/;
const statements = new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'function', 'await', 'async', 'next']);

export const handlers: Reader = {
  name: 'routes/handlers',
  kind: 'routes',
  files: { languages: ['javascript', 'typescript'], roles: ['product'] },
  keywords: ['(req', '(_req', '(ctx'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(parameters)) {
      if (items.length >= handlersPerFile) break;
      const groups = introduced.exec(code.slice(Math.max(0, match.index - 240), match.index))?.groups;
      // A file that is one handler has no name but its own.
      const name =
        groups?.['whole'] === undefined ? (groups?.['exported'] ?? groups?.['constant'] ?? groups?.['declared'] ?? groups?.['member']) : '';
      const close = name === undefined || statements.has(name) ? -1 : closing(code, match.index);
      const brace = close < 0 ? null : /^\)\s*(?::[^{}()=]{1,80})?(?:=>)?\s*\{/.exec(code.slice(close, close + 200));
      const end = brace ? closing(code, close + brace[0].length - 1) : -1;
      if (end > 0)
        items.push(marker(source, match.index, 'handler', { name: name!, body: code.slice(match.index, end + 1).slice(0, 4_000) }));
    }
    // `module.exports = create;`: whoever imports the file has this function.
    const given = /^(?:module\.exports\s*=|export\s+default\b)\s*(\w+)\s*;?\s*$/m.exec(code)?.[1];
    return { items: [...items, ...lists(source), ...items.filter((i) => i['name'] === given).map((i) => ({ ...i, name: '' }))] };
  },
};

/** `exports.create = [auth, body('title').notEmpty(), async (req, res) => {...}]`: what comes before the function guards and validates. */
function lists(source: Source): Item[] {
  const { code } = source;
  const items: Item[] = [];
  for (const match of code.matchAll(/\b(?:exports\.(\w+)|(?:const|let|var)\s+(\w+))\s*(?::[^={}\n]{1,80})?=\s*\[/g)) {
    if (items.length >= handlersPerFile) break;
    const open = match.index + match[0].length - 1;
    const end = closing(code, open);
    if (end < 0) continue;
    const parts = splitTop(code.slice(open + 1, end)).map((p) => p.text.trim()).filter(Boolean); // prettier-ignore
    const last = parts.at(-1) ?? '';
    if (parts.length < 2 || !new RegExp(parameters.source).test(last.slice(0, 200))) continue;
    const before = parts.slice(0, -1);
    const auth = before.some(isGuard);
    const validated = before.some(isValidator);
    const name = match[1] ?? match[2]!;
    items.push(
      marker(source, match.index, 'handler', { name, body: last.slice(0, 4_000), auth, validated, rateLimited: before.some(isLimiter) }),
    );
  }
  return items;
}

/** Names that this file imports from its own files: of what, and of it which member (none: the whole). */
export function importsOf(code: string): ReadonlyMap<string, HandlerFrom> {
  const found = new Map<string, HandlerFrom>();
  const add = (names: string, target: string): void => {
    const list = /\{([^}]*)\}/.exec(names);
    for (const part of list?.[1]!.split(',') ?? []) {
      const [, name, alias] = /^\s*(?:type\s+)?(\w+)\s*(?:(?:as|:)\s*(\w+))?/.exec(part) ?? [];
      if (name) found.set(alias ?? name, { target, name });
    }
    const whole = /^\s*(?:\*\s*as\s+)?(\w+)/.exec(names)?.[1];
    if (whole) found.set(whole, { target, name: '' });
  };
  for (const m of code.matchAll(/\b(?:const|let|var)\s+(\w+|\{[^{}]{1,2000}\})\s*=\s*require\(\s*["'](\.{1,2}\/[^"']*)["']\s*\)/g))
    add(m[1]!, m[2]!);
  for (const m of code.matchAll(/\bimport\s+([^;"']{1,2000}?)\s+from\s*["'](\.{1,2}\/[^"']*)["']/g)) add(m[1]!, m[2]!);
  return found;
}

/** Where the handler named by an expression is written: `users.create`, `create`, `asyncHandler(users.create)`, `users.create.bind(users)`. */
export function handlerFrom(text: string, code: string, imports: ReadonlyMap<string, HandlerFrom>): HandlerFrom | null {
  let expression = text.trim().replace(/\.bind\([^()]*\)$/, '');
  const wrapped = /^[\w.]+\(\s*([\w.]+)\s*\)$/.exec(expression);
  if (wrapped) expression = wrapped[1]!;
  const [, owner, name] = /^(?:(?:this\.)?(\w+)\.)?(\w+)$/.exec(expression) ?? [];
  if (!name) return null;
  if (!owner) return imports.get(name) ?? { target: '', name };
  const made = new RegExp(`\\b${owner}\\s*(?::\\s*\\w+\\s*)?=\\s*new\\s+(\\w+)`).exec(code)?.[1];
  const from = imports.get(owner) ?? (made === undefined ? undefined : imports.get(made));
  return from ? { target: from.target, name } : null;
}

/** A route with the body of the one handler that its name means, and what that handler does with the request's body. */
export function withHandler(route: Item, found: readonly Item[]): Item {
  const only = found.length === 1 ? found[0]! : undefined;
  const body = only ? usedBody(String(only['body'])) : '';
  if (!only || body === '' || route['body'] !== '') return route;
  const validated: Json | undefined = route['validated'] ?? (only['validated'] === true ? true : readsBody(body));
  const auth: Json | undefined = refusesStrangers(body) || only['auth'] === true ? true : route['auth'];
  return {
    ...route,
    body,
    validated: validated ?? null,
    auth: auth ?? null,
    ...(only['rateLimited'] === true ? { rateLimited: true } : {}),
  };
}
