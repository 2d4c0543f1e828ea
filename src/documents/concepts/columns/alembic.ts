import type { Item, Json, Reader } from '../../../model/document.js';
import { argument, findCalls, parseArguments } from '../syntax-text.js';
import { literal } from '../syntax-value.js';
import { columnOf, namesIn, tableItems } from './alchemy-tables.js';

const operations = /\bop\.(?:create_table|add_column|create_index|create_unique_constraint|create_primary_key|create_foreign_key|drop_(?:table|column))(?=\s*\()/g; // prettier-ignore

/** Alembic's operations, for programs that write their SQL by hand and keep their tables nowhere else. */
export const alembic: Reader = {
  name: 'columns/alembic',
  kind: 'columns',
  files: { languages: ['python'], roles: ['product', 'script', 'generated'], variants: ['base', 'production'] },
  keywords: ['op.create_table', 'op.add_column', 'op.create_index', 'op.create_foreign_key', 'op.drop_'],
  read(source) {
    if (!/\bfrom\s+alembic\s+import\b/.test(source.code)) return {};
    // What takes a step back says nothing about the tables; places stay.
    const code = source.code.replace(/^def\s+downgrade\b[^\n]*\n(?:[ \t][^\n]*\n|\n)*(?:[ \t][^\n]*)?/gm, (body) =>
      body.replace(/[^\n]/g, ' '),
    );
    const items: Item[] = [];
    for (const call of findCalls(code, operations)) {
      const [first, second, third, fourth] = call.arguments.filter((a) => !a.name).map((a) => a.text);
      const text = (value: string | undefined): string => {
        const found = literal(value ?? '');
        return typeof found === 'string' ? found : '';
      };
      const later = (table: string, what: Json) => {
        if (table !== '') items.push({ path: source.path, line: source.at(call.offset).line, framework: 'alembic', table, name: '', amends: what }); // prettier-ignore
      };
      const unique = argument(call.arguments, 'unique')?.text === 'True';
      switch (call.name) {
        case 'op.create_table':
          if (text(first) !== '') items.push(...tableItems(source, 'alembic', text(first), call.arguments.slice(1)));
          break;
        case 'op.add_column': {
          const inner = /^(?:\w+\.)*Column\s*\(([\s\S]*)\)$/.exec(second?.trim() ?? '')?.[1];
          if (text(first) !== '' && inner && namesIn(inner)[0])
            items.push(columnOf(source, 'alembic', text(first), call.offset, parseArguments(inner), inner));
          break;
        }
        case 'op.create_index':
          later(text(second), { index: namesIn(third ?? ''), unique });
          break;
        case 'op.create_unique_constraint':
        case 'op.create_primary_key':
          later(text(second), { index: namesIn(third ?? ''), unique: true });
          break;
        case 'op.create_foreign_key':
          for (const column of namesIn(fourth ?? '')) later(text(second), { foreign: column });
          break;
        default:
          // Tables or columns that are dropped again: what is left is only roughly right.
          later(text(first), { dropped: true });
      }
    }
    return { items };
  },
};
