import type { Item, Json, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, findCalls, parseArguments, type Argument } from '../syntax-text.js';
import { literal } from '../syntax-value.js';
import { applyIndex, columnItem } from './shared.js';

interface Step {
  readonly name: string;
  readonly arguments: readonly Argument[];
}

const noColumns =
  /^(?:timestamps|comment|engine|charset|collate|inherits|setNullable|dropNullable|queryContext|check\w*|drop\w*|rename\w*)$/;
const steps = 20;

/** The calls of a chain that starts with the bracket at `open`: `.string(...)`, `.notNullable()`, `.unique()`. */
function chainOf(code: string, first: string, open: number): Step[] {
  const chain: Step[] = [];
  let name = first;
  for (let at = open; chain.length < steps;) {
    const end = closing(code, at);
    if (end < 0) break;
    chain.push({ name, arguments: parseArguments(code.slice(at + 1, end)) });
    const next = /^\s{0,200}\.\s{0,20}(\w{1,40})\s{0,20}\(/.exec(code.slice(end + 1, end + 300));
    if (!next) break;
    name = next[1]!;
    at = end + next[0].length;
  }
  return chain;
}

/** A literal or a list of literals, `users.id` without its table. */
function namesOf(text: string | undefined): string[] {
  const value: Json | undefined = literal(text ?? '');
  return (Array.isArray(value) ? value : [value]).filter((v) => typeof v === 'string').map((v) => v.split('.').at(-1)!);
}

/** Where a chain refers to: `.references('id').inTable('users')`, `.references('users.id')`. */
function referenced(chain: readonly Step[]): string | null {
  const step = chain.find((s) => s.name === 'references');
  if (!step) return null;
  const inTable = namesOf(chain.find((s) => s.name === 'inTable')?.arguments[0]?.text)[0];
  const written = literal(step.arguments[0]?.text ?? '');
  return inTable ?? (typeof written === 'string' && written.includes('.') ? written.split('.')[0]! : '');
}

/** What one statement on a table says: a column, or an index or constraint over some. */
function statement(source: Source, offset: number, table: string, chain: readonly Step[], items: Item[]): void {
  const { name: type, arguments: given } = chain[0]!;
  const names = namesOf(given[0]?.text);
  const later = (what: Json) => void items.push({ ...columnItem(source, offset, 'knex', { table, name: '' }), amends: what });
  if (type === 'unique' || type === 'index' || type === 'primary') {
    // Another migration may have made the columns.
    if (names.every((n) => items.some((i) => i['table'] === table && i['name'] === n))) applyIndex(items, table, names, type !== 'index');
    else later({ index: names, unique: type !== 'index' });
    return;
  }
  if (type === 'foreign') return names.forEach((foreign) => later({ foreign }));
  if (/^(?:drop|rename)/.test(type) && !type.endsWith('Nullable')) return later({ dropped: true });
  const has = (step: string) => chain.find((s) => s.name === step);
  if (noColumns.test(type) || has('alter')) return;
  const increments = /^(?:big)?increments$/i.test(type);
  const name = names[0] ?? (increments ? 'id' : undefined);
  if (name === undefined) return;
  const target = referenced(chain);
  const nullable = has('nullable') ? has('nullable')!.arguments[0]?.text !== 'false' : !has('notNullable');
  items.push(
    columnItem(source, offset, 'knex', {
      table,
      name,
      type: type === 'specificType' ? String(literal(given[1]?.text ?? '') ?? '') : type,
      primary: increments || has('primary') !== undefined,
      nullable,
      unique: has('unique') !== undefined,
      indexed: has('index') !== undefined,
      indexDeclared: has('index') !== undefined,
      refers: target !== null,
      constrained: target !== null,
      references: target ?? '',
    }),
  );
}

/** Migrations of Knex: what they create and alter, in chains such as `table.string('email').notNullable().unique()`. */
export const knex: Reader = {
  name: 'columns/knex',
  kind: 'columns',
  files: { languages: ['javascript', 'typescript'], roles: ['product', 'config', 'script', 'other'], variants: ['base', 'production'] },
  keywords: ['createTable', 'alterTable', 'schema.table'],
  read(source) {
    if (!/\b[kK]nex\b/.test(source.code)) return {};
    // What takes a step back says nothing about the tables.
    const code = source.code.split(/\bexports\.down\b|\bfunction\s+down\b|\bdown\s*[:=(]/)[0]!;
    const items: Item[] = [];
    for (const call of findCalls(code, /\.\s*(?:createTable(?:IfNotExists)?|alterTable|table)(?=\s*\()/g)) {
      const [first, build] = call.arguments;
      const table = namesOf(first?.text)[0];
      const parameter = /^(?:async\s+)?(?:function\s*\w*\s*)?\(?\s*(\w+)/.exec(build?.text ?? '')?.[1];
      if (table === undefined || parameter === undefined || !/=>|^(?:async\s+)?function\b/.test(build!.text)) continue;
      // The inner text is trimmed nowhere, so that places in it are places in the file.
      const start = call.end - 1 - call.inner.length;
      for (const use of call.inner.matchAll(new RegExp(`(?<![\\w$.])${parameter}\\s*\\.\\s*(\\w+)\\s*\\(`, 'g'))) {
        const chain = chainOf(code, use[1]!, start + use.index + use[0].length - 1);
        if (chain.length > 0) statement(source, start + use.index, table, chain, items);
      }
    }
    for (const call of findCalls(code, /\.\s*(?:drop|rename)Table(?:IfExists)?(?=\s*\()/g))
      items.push({
        ...columnItem(source, call.offset, 'knex', { table: namesOf(call.arguments[0]?.text)[0] ?? '', name: '' }),
        amends: { dropped: true },
      });
    return { items };
  },
};
