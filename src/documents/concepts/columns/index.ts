import type { Combiner, Item, Reader } from '../../../model/document.js';
import { alembic } from './alembic.js';
import { alchemyTables } from './alchemy-tables.js';
import { knex } from './knex.js';
import { drizzle, efCore, gorm, jpa, laravel, prisma, rails, typeorm } from './others.js';
import { django, sqlalchemy } from './python.js';
import { applyIndex } from './shared.js';
import { embeddedSql, joinLater, sql } from './sql.js';

export const columnReaders: readonly Reader[] = [
  django,
  sqlalchemy,
  alchemyTables,
  alembic,
  rails,
  laravel,
  prisma,
  typeorm,
  drizzle,
  knex,
  jpa,
  gorm,
  efCore,
  sql,
  embeddedSql,
];

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

/**
 * One description of each table: schema.rb before migrations, models before the SQL they generate, SQL before JPA entities, whose
 * constraints only stand in DDL. Later migrations are joined to the tables that they change.
 */
export const columns: Combiner = {
  kind: 'columns',
  combine(items) {
    const of = (...frameworks: string[]) => items.filter((i) => frameworks.includes(String(i['framework'])));
    const railsItems = of('rails-schema').length > 0 ? of('rails-schema') : of('rails-migration');
    const models = [
      ...of('django'),
      ...of('sqlalchemy'),
      ...of('prisma'),
      ...of('typeorm'),
      ...of('drizzle'),
      ...of('gorm'),
      ...of('ef-core'),
    ];
    const generated = (i: Item) =>
      models.some(
        (m) => /prisma|drizzle|ef-core|django|sqlalchemy|typeorm/.test(String(m['framework'])) && folderOf(m.path) === folderOf(i.path),
      ) || /(?:^|\/)(?:prisma|drizzle)\//.test(i.path);
    const scripts = of('sql').filter((i) => !beside(of('rails-schema'), i));
    // Literals in code: only where nothing else describes the tables.
    const written = scripts.length > 0 || models.length > 0 || railsItems.length > 0 ? [] : embedded(of('embedded', 'embedded-history'));
    const ddl = [...history(items, joinLater(dialect(scripts.filter((i) => !generated(i))))), ...written];
    // Models say it better; where SQL is written by hand, the migrations alone describe the tables.
    const migrated = models.length > 0 || ddl.length > 0 ? [] : operations(of('alembic'));
    const entities = of('jpa').filter(() => ddl.length === 0);
    return explained([
      ...joinNamed([...railsItems, ...of('laravel')]),
      ...operations(of('knex')),
      ...models,
      ...ddl,
      ...migrated,
      ...entities,
    ]);
  },
};

/** Whether a structure.sql stands beside a schema.rb, which says the same of a later day: Rails keeps up one of them, schema.rb by default. */
function beside(schemas: readonly Item[], item: Item): boolean {
  const folder = /^(.*\/|)structure\.sql$/.exec(item.path)?.[1];
  return folder !== undefined && schemas.some((s) => s.path === `${folder}schema.rb`);
}

/** Operations of migrations in a row; where they take something back, the sum is only roughly right. */
function operations(items: readonly Item[]): Item[] {
  const dropping = items.some((i) => (i['amends'] as { dropped?: boolean } | undefined)?.dropped);
  return joinNamed(items).map((i) => (dropping ? { ...i, framework: 'sql-history' } : i));
}

/** Many files that alter each other's tables: drops and renames of other files are not followed, so the sum is only roughly right. */
function history(all: readonly Item[], ddl: Item[]): Item[] {
  const files = new Set(all.filter((i) => i['framework'] === 'sql').map((i) => i.path));
  return files.size < 12 ? ddl : ddl.map((i) => ({ ...i, framework: 'sql-history' }));
}

/** Tables kept in literals are read like scripts. */
function embedded(items: readonly Item[]): Item[] {
  const changing = items.some((i) => i['framework'] === 'embedded-history');
  return joinLater(dialect(items)).map((i) => ({ ...i, framework: changing ? 'sql-history' : 'sql' }));
}

/** Scripts for several engines side by side (db/h2, db/mysql): one of them is enough, the plainest first. */
function dialect(items: readonly Item[]): readonly Item[] {
  const engineOf = (path: string) =>
    /(?:^|[/_.-])(hsqldb|h2|mysql|mariadb|postgres(?:ql)?|pgsql|oracle|mssql|sqlserver|sqlite)(?=[/_.-])/i
      .exec(path)?.[1]
      ?.toLowerCase()
      .replace(/pgsql|postgresql/, 'postgres');
  const engines = new Set(items.map((i) => engineOf(i.path)).filter(Boolean));
  if (engines.size < 2) return items;
  const chosen = ['postgres', 'mysql', 'mariadb', 'hsqldb', 'h2', 'sqlite', 'mssql', 'sqlserver', 'oracle'];
  // In-memory engines beside a server's are what runs by default.
  const first = ['hsqldb', 'h2', ...chosen].find((e) => engines.has(e));
  return items.filter((i) => engineOf(i.path) === undefined || engineOf(i.path) === first);
}

/** Rails and Laravel statements about tables of other statements. */
function joinNamed(items: readonly Item[]): Item[] {
  const kept = items.filter((i) => i['name'] !== '').map((i) => ({ ...i }));
  for (const item of items) {
    const later = item['amends'] as { index?: string[]; unique?: boolean; foreign?: string; indexed?: boolean } | undefined;
    if (later?.index) applyIndex(kept, String(item['table']), later.index, later.unique === true);
    if (later?.foreign) {
      const column = kept.find((c) => c['table'] === item['table'] && c['name'] === later.foreign);
      if (column) Object.assign(column, { refers: true, constrained: true, ...(later.indexed ? { indexed: true } : {}) });
    }
  }
  return kept;
}

const singular = (name: string): string =>
  name
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '');

/** Where a table may be named from: its own scripts, or the package that its models belong to. */
const schemaOf = (i: Item): string =>
  String(i['framework']).startsWith('sql') && i['framework'] !== 'sqlalchemy'
    ? i.path.replace(/(?:\/[^/]+)?\/(?:up|migration)\.sql$|\/[^/]+$/, '')
    : folderOf(i.path);

const plain = (table: string): string => singular(table).replace(/_/g, '');

/** `shop_` where every table of a schema begins so: its columns call shop_order `order_id`. */
function prefixes(items: readonly Item[]): ReadonlyMap<string, string> {
  const tables = new Map<string, Set<string>>();
  for (const i of items) tables.set(schemaOf(i), (tables.get(schemaOf(i)) ?? new Set<string>()).add(String(i['table']).toLowerCase()));
  const found = new Map<string, string>();
  for (const [schema, names] of tables) {
    const first = /^[a-z0-9]+_/.exec([...names][0] ?? '')?.[0];
    if (first && names.size >= 3 && [...names].every((name) => name.startsWith(first))) found.set(schema, first);
  }
  return found;
}

/** A column named after an own table refers to it, whether or not a constraint says so. */
function explained(items: readonly Item[]): Item[] {
  const prefixOf = prefixes(items);
  const bare = (i: Item): string => {
    const table = String(i['table']);
    const prefix = prefixOf.get(schemaOf(i)) ?? '';
    return plain(table.toLowerCase().startsWith(prefix) ? table.slice(prefix.length) : table);
  };
  const tables = new Set(items.flatMap((i) => [`${schemaOf(i)}:${plain(String(i['table']))}`, `${schemaOf(i)}:${bare(i)}`]));
  const columnsOf = new Set(items.map((i) => `${i.path}:${String(i['table'])}:${String(i['name'])}`));
  /** Beside a column that names the kind of row, an id can point into any table. */
  const polymorphic = (i: Item) =>
    String(i['framework']).startsWith('rails') &&
    i['constrained'] !== true &&
    columnsOf.has(`${i.path}:${String(i['table'])}:${String(i['name']).replace(/_id$/, '_type')}`) &&
    String(i['name']).endsWith('_id');
  return items.map((i) => {
    const { later: _, amends: __, ...item } = i as Item & { later?: unknown; amends?: unknown };
    const base = /^(\w+?)_?[iI][dD]$/.exec(String(item['name']))?.[1]?.replace(/_/g, '').toLowerCase();
    const named =
      base !== undefined && base !== '' && tables.has(`${schemaOf(i)}:${base}`) && ![plain(String(item['table'])), bare(i)].includes(base);
    // Rails' polymorphic columns cannot have a constraint, and names alone say nothing about another service's rows.
    return {
      ...item,
      refers:
        item['constrained'] === true ||
        item['constraintOff'] === true ||
        (item['framework'] === 'django'
          ? item['refers'] === true
          : polymorphic(i)
            ? false
            : named || (item['refers'] === true && /^rails|typeorm|prisma/.test(String(item['framework'])))),
    } as Item;
  });
}
