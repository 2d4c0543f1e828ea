import type { Item, Reader } from '../../../model/document.js';
import { argument, findCalls, parseArguments } from '../syntax-text.js';
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
      if (typeof name !== 'string') continue;
      const keys: string[] = [];
      for (const part of table.arguments.slice(1)) {
        const inner = /^(?:\w+\.)*(Column|Index|UniqueConstraint)\s*\(([\s\S]*)\)$/.exec(part.text.trim());
        if (!inner) continue;
        const given = parseArguments(inner[2]!);
        const texts = given.filter((a) => !a.name).map((a) => literal(a.text)).filter((v): v is string => typeof v === 'string'); // prettier-ignore
        const says = (key: string) => argument(given, key)?.text === 'True';
        if (inner[1] !== 'Column') {
          applyIndex(items, name, inner[1] === 'Index' ? texts.slice(1) : texts, inner[1] !== 'Index' || says('unique'));
          continue;
        }
        const column = texts[0];
        if (!column) continue;
        const target = /ForeignKey\s*\(\s*['"]?([\w.]+)/.exec(inner[2]!)?.[1];
        if (says('primary_key')) keys.push(column);
        items.push(
          columnItem(source, part.offset, 'sqlalchemy', {
            table: name,
            name: column,
            type: given.filter((a) => !a.name)[1]?.text.slice(0, 40) ?? '',
            nullable: says('primary_key') ? false : argument(given, 'nullable')?.text !== 'False',
            unique: says('unique'),
            indexed: says('index'),
            indexDeclared: says('index'),
            refers: target !== undefined,
            references: target?.split('.')[0] ?? '',
            constrained: target !== undefined,
          }),
        );
      }
      // A key of several columns serves look-ups by its first alone.
      keys.forEach((key, i) => {
        const column = items.find((c) => c['table'] === name && c['name'] === key) as Record<string, unknown>;
        if (keys.length === 1) Object.assign(column, { primary: true, unique: true, indexed: true });
        else Object.assign(column, { uniqueTogether: true, ...(i === 0 ? { indexed: true } : {}) });
      });
    }
    return { items };
  },
};
