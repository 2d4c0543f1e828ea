import type { Item, Reader } from '../../../model/document.js';
import { closing, entriesOf, findCalls } from '../syntax-text.js';
import { assigned, literal, valueOf } from '../syntax-value.js';
import { variantAt } from '../syntax-variant.js';
import { lineOf, literalValue, settingItem } from './shared.js';

/** Express: app.set, app.enable, app.disable with a literal name; Nest's and Koa's forms are the same or properties of app. */
export const express: Reader = {
  name: 'settings/express',
  kind: 'settings',
  files: { languages: ['javascript', 'typescript'], roles: ['product', 'script'] },
  keywords: ['.set(', '.disable(', '.enable(', 'app.proxy'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const express = /\bexpress\b|@nestjs/.test(code);
    for (const call of findCalls(code, /\b(?:app|server|expressApp|this\.app|this\.server|instance)\.(?:set|enable|disable)(?=\s*\()/g)) {
      const name = literal(call.arguments[0]?.text ?? '');
      if (typeof name !== 'string' || (!express && !/^(?:trust proxy|x-powered-by|etag|env|view cache|query parser)$/.test(name))) continue;
      const second = call.arguments[1]?.text;
      const value = call.name.endsWith('.set')
        ? second === undefined
          ? null
          : valueOf(second, code)
        : literalValue(call.name.endsWith('enable'), call.name);
      if (value) items.push(settingItem(source.path, lineOf(source, call.offset), 'express', name, value, variantAt(source, call.offset)));
    }
    for (const match of code.matchAll(/\bapp\.proxy\s*=\s*(\w+)/g))
      items.push(
        settingItem(source.path, lineOf(source, match.index), 'koa', 'proxy', valueOf(match[1]!, code), variantAt(source, match.index)),
      );
    return { items };
  },
};

/** fastify({...}): trustProxy, bodyLimit, requestTimeout, logger ...; nested options with dots. */
export const fastify: Reader = {
  name: 'settings/fastify',
  kind: 'settings',
  files: { languages: ['javascript', 'typescript'], roles: ['product', 'script'] },
  keywords: ['fastify'],
  read(source) {
    const { code } = source;
    const items = findCalls(code, /\b(?:[Ff]astify|new FastifyAdapter)(?:<[^>()]*>)?(?=\s*\()/g).flatMap((call) => {
      const first = call.arguments[0];
      return first
        ? options(first.text, first.offset, code, '', (key, text, offset) =>
            settingItem(source.path, lineOf(source, offset), 'fastify', key, valueOf(text, code), source.file.variant),
          )
        : [];
    });
    return { items };
  },
};

/** next.config.*: the exported object's options. */
export const nextjs: Reader = {
  name: 'settings/nextjs',
  kind: 'settings',
  files: { paths: ['next.config.js', 'next.config.mjs', 'next.config.cjs', 'next.config.ts'] },
  read(source) {
    const { code } = source;
    const exported = /(?:module\.exports\s*=|export\s+default)\s*(?:\w+\()*\s*([A-Za-z_$][\w$]*|\{)/.exec(code);
    if (!exported) return {};
    const name = exported[1]!;
    const own = name === '{' ? { offset: exported.index + exported[0].length - 1 } : assigned(code, name);
    if (!own) return {};
    const open = code.indexOf('{', own.offset);
    const end = open < 0 ? -1 : closing(code, open);
    if (end < 0) return {};
    return {
      items: options(code.slice(open, end + 1), open, code, '', (key, text, offset) =>
        settingItem(source.path, lineOf(source, offset), 'nextjs', key, valueOf(text, code), source.file.variant),
      ),
    };
  },
};

function options(
  text: string,
  offset: number,
  code: string,
  path: string,
  make: (key: string, text: string, offset: number) => Item,
  depth = 0,
): Item[] {
  const entries = text.startsWith('{') ? entriesOf(text) : null;
  const named = !entries && depth === 0 ? assigned(code, text.trim()) : null;
  if (named) return options(named.text, named.offset, code, path, make, depth + 1);
  if (!entries) return path ? [make(path, text, offset)] : [];
  return depth > 5
    ? []
    : [...entries].flatMap(([name, entry]) =>
        options(entry.text, offset + entry.offset, code, path ? `${path}.${name}` : name, make, depth + 1),
      );
}
