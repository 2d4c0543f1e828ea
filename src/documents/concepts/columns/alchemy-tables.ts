import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { argument, findCalls, parseArguments, type Argument } from '../syntax-text.js';
import { literal } from '../syntax-value.js';
import { applyIndex, columnItem } from './shared.js';

/** SQLAlchemy's tables without a class, as associations have them: `followers = sa.Table('followers', metadata, sa.Column(...))`. */
export const alchemyTables: Reader = {
  name: 'columns/sqlalchemy-tables',
  kind: 'columns',
  files: { languages: ['python'], roles: ['product'], variants: ['base', 'production'] },
  keywords: ['Table('],
  read(source) {
    const { code, path } = source;
    if (/(?:^|\/)(?:alembic|migrations)\//.test(path) || !/\bColumn\s*\(/.test(code)) return {};
    const items: Item[] = [];
    for (const table of findCalls(code, /\b(?:\w+\.)?Table(?=\s*\()/g)) {
      const name = literal(table.arguments[0]?.text ?? '');
      if (typeof name === 'string') items.push(...tableItems(source, 'sqlalchemy', name, table.arguments.slice(1)));
    }
    return { items };
  },
};

/** The literals of a list, or of the arguments themselves. */
export const namesIn = (text: string): string[] =>
  parseArguments(text.trim().replace(/^[[(]([\s\S]*)[\])]$/, '$1'))
    .filter((a) => !a.name)
    .map((a) => literal(a.text))
    .filter((v): v is string => typeof v === 'string');

/** The columns of one table, as `Table()` and Alembic's `create_table()` name them beside constraints and indexes. */
export function tableItems(source: Source, framework: string, table: string, parts: readonly Argument[]): Item[] {
  const items: Item[] = [];
  const keys: string[] = [];
  for (const part of parts) {
    const inner = /^(?:\w+\.)*(Column|Index|UniqueConstraint|PrimaryKeyConstraint|ForeignKeyConstraint)\s*\(([\s\S]*)\)$/.exec(
      part.text.trim(),
    );
    if (!inner) continue;
    const given = parseArguments(inner[2]!);
    const texts = namesIn(inner[2]!);
    const says = (key: string) => argument(given, key)?.text === 'True';
    if (inner[1] === 'PrimaryKeyConstraint') keys.push(...texts);
    else if (inner[1] === 'ForeignKeyConstraint') {
      const target = namesIn(given[1]?.text ?? '')[0]?.split('.')[0] ?? '';
      for (const column of items.filter((c) => namesIn(given[0]?.text ?? '').includes(String(c['name']))))
        Object.assign(column, { refers: true, references: target, constrained: true });
    } else if (inner[1] !== 'Column')
      applyIndex(items, table, inner[1] === 'Index' ? texts.slice(1) : texts, inner[1] !== 'Index' || says('unique'));
    else if (texts[0]) {
      if (says('primary_key')) keys.push(texts[0]);
      items.push(columnOf(source, framework, table, part.offset, given, inner[2]!));
    }
  }
  // A key of several columns serves look-ups by its first alone.
  keys.forEach((key, i) => {
    const column = items.find((c) => c['name'] === key);
    if (!column) return;
    if (keys.length === 1) Object.assign(column, { primary: true, unique: true, indexed: true, nullable: false });
    else Object.assign(column, { uniqueTogether: true, ...(i === 0 ? { indexed: true } : {}) });
  });
  return items;
}

/** One `Column('name', Type, ...)`. */
export function columnOf(
  source: Source,
  framework: string,
  table: string,
  offset: number,
  given: readonly Argument[],
  inner: string,
): Item {
  const says = (key: string) => argument(given, key)?.text === 'True';
  const target = /ForeignKey\s*\(\s*['"]?([\w.]+)/.exec(inner)?.[1];
  return columnItem(source, offset, framework, {
    table,
    name: namesIn(inner)[0]!,
    type: given.filter((a) => !a.name)[1]?.text.slice(0, 40) ?? '',
    nullable: says('primary_key') ? false : argument(given, 'nullable')?.text !== 'False',
    unique: says('unique'),
    indexed: says('index'),
    indexDeclared: says('index'),
    refers: target !== undefined,
    references: target?.split('.')[0] ?? '',
    constrained: target !== undefined,
  });
}
