import { z } from 'zod';

/** The table in which a migration tool notes what it has applied. */
interface Ledger {
  readonly tool: string;
  readonly table: string;
  /** Columns that the table must have, which are read too. */
  readonly columns: readonly string[];
  /** Columns that belong to another tool's table of the same name. */
  readonly without?: readonly string[];
  /** SQL after FROM: rows that say nothing about a migration, and the order. */
  readonly rest?: string;
  read(row: Row): Entry | null;
}

export type Row = Readonly<Record<string, unknown>>;
interface Entry {
  readonly id: string;
  readonly state: 'applied' | 'failed' | 'pending' | 'baseline';
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const yes = (value: unknown): boolean => value === true || value === 1 || /^(?:t|true|1|y|yes)$/i.test(text(value));
const applied = (id: unknown): Entry => ({ id: text(id), state: 'applied' });
/** Scripts are called .ts in the repository and .js where they run. */
const scriptName = (name: unknown): Entry => applied(text(name).replace(/\.(?:js|ts|mjs|cjs|sql)$/, ''));
const either = (id: unknown, ok: boolean): Entry => ({ id: text(id), state: ok ? 'applied' : 'failed' });

/**
 * By the tools' own documents. The id is what a migration file is called by in the repository: revision of Alembic, app and name of
 * Django, version of Flyway and Rails, folder of Prisma, file name of Knex ... The first entry that fits a table names its tool.
 */
export const ledgers: readonly Ledger[] = [
  { tool: 'alembic', table: 'alembic_version', columns: ['version_num'], read: (r) => applied(r['version_num']) },
  { tool: 'django', table: 'django_migrations', columns: ['app', 'name'], read: (r) => applied(`${text(r['app'])}.${text(r['name'])}`) },
  {
    tool: 'golang-migrate',
    table: 'schema_migrations',
    columns: ['version', 'dirty'],
    read: (r) => either(r['version'], !yes(r['dirty'])),
  },
  { tool: 'ecto', table: 'schema_migrations', columns: ['version', 'inserted_at'], read: (r) => applied(r['version']) },
  {
    tool: 'rails',
    table: 'schema_migrations',
    columns: ['version'],
    without: ['dirty', 'inserted_at'],
    read: (r) => applied(r['version']),
  },
  {
    tool: 'flyway',
    table: 'flyway_schema_history',
    columns: ['installed_rank', 'version', 'script', 'type', 'success'],
    rest: 'ORDER BY installed_rank',
    read: (r) => {
      const type = text(r['type']);
      if (/BASELINE/i.test(type)) return { id: text(r['version']), state: 'baseline' };
      return text(r['version']) === '' || /SCHEMA|DELETE|UNDO/i.test(type) ? null : either(r['version'], yes(r['success']));
    },
  },
  {
    tool: 'liquibase',
    table: 'databasechangelog',
    columns: ['id', 'author', 'filename', 'exectype'],
    read: (r) => either(`${text(r['filename'])}::${text(r['id'])}::${text(r['author'])}`, text(r['exectype']) !== 'FAILED'),
  },
  {
    tool: 'prisma',
    table: '_prisma_migrations',
    columns: ['migration_name', 'finished_at', 'rolled_back_at'],
    read: (r) => (r['rolled_back_at'] ? null : either(r['migration_name'], Boolean(r['finished_at']))),
  },
  { tool: 'knex', table: 'knex_migrations', columns: ['name', 'batch'], read: (r) => scriptName(r['name']) },
  { tool: 'sequelize', table: 'SequelizeMeta', columns: ['name'], read: (r) => scriptName(r['name']) },
  { tool: 'laravel', table: 'migrations', columns: ['migration', 'batch'], read: (r) => applied(r['migration']) },
  { tool: 'typeorm', table: 'migrations', columns: ['timestamp', 'name'], read: (r) => applied(r['name']) },
  { tool: 'ef-core', table: '__EFMigrationsHistory', columns: ['MigrationId'], read: (r) => applied(r['MigrationId']) },
  {
    tool: 'goose',
    table: 'goose_db_version',
    columns: ['id', 'version_id', 'is_applied'],
    rest: 'WHERE version_id > 0 ORDER BY id',
    read: (r) => ({ id: text(r['version_id']), state: yes(r['is_applied']) ? 'applied' : 'pending' }),
  },
  { tool: 'doctrine', table: 'doctrine_migration_versions', columns: ['version', 'executed_at'], read: (r) => applied(r['version']) },
  { tool: 'sqlx', table: '_sqlx_migrations', columns: ['version', 'success'], read: (r) => either(r['version'], yes(r['success'])) },
  { tool: 'diesel', table: '__diesel_schema_migrations', columns: ['version'], read: (r) => applied(r['version']) },
  { tool: 'aerich', table: 'aerich', columns: ['version', 'app'], read: (r) => applied(`${text(r['app'])}/${text(r['version'])}`) },
  { tool: 'phinx', table: 'phinxlog', columns: ['version', 'end_time'], read: (r) => either(r['version'], Boolean(r['end_time'])) },
  { tool: 'node-pg-migrate', table: 'pgmigrations', columns: ['name', 'run_on'], read: (r) => scriptName(r['name']) },
];

/** Rows of one table that are read; a longer history says so by `complete: false`. */
export const ledgerRows = 5_000;

/** Names of tables to ask the server for, in lower case. */
export const ledgerTables: readonly string[] = [...new Set(ledgers.map((l) => l.table.toLowerCase()))];

/** The tool whose table this is, by the table's name and columns (case does not count). */
export function ledgerOf(table: string, columns: readonly string[]): Ledger | undefined {
  const has = new Set(columns.map((c) => c.toLowerCase()));
  return ledgers.find(
    (l) =>
      l.table.toLowerCase() === table.toLowerCase() &&
      l.columns.every((c) => has.has(c.toLowerCase())) &&
      !l.without?.some((c) => has.has(c)),
  );
}

export const migrationsSchema = z.object({
  tool: z
    .string()
    .default('')
    .describe('alembic, django, rails, flyway, liquibase, prisma, knex, sequelize, typeorm, laravel, ef-core, golang-migrate, goose ...'),
  table: z.string().default('').describe('The table that says so, with its schema'),
  applied: z.array(z.string()).default([]).describe('Ids of applied migrations as the tool writes them; of Alembic only the current heads'),
  failed: z.array(z.string()).default([]).describe('Migrations that began and did not end, or are marked dirty'),
  complete: z
    .boolean()
    .default(true)
    .describe('false where the table says nothing of older migrations: a baseline, or more rows than are read'),
});
export type Migrations = z.infer<typeof migrationsSchema>;

/** What the rows of a ledger say; keys of rows may be in any case. The last row about a migration counts. */
export function readLedger(ledger: Ledger, table: string, rows: readonly Row[]): Migrations {
  const states = new Map<string, Entry['state']>();
  for (const row of rows.slice(0, ledgerRows)) {
    const byName = new Map(Object.entries(row).map(([k, v]) => [k.toLowerCase(), v]));
    const entry = ledger.read(Object.fromEntries(ledger.columns.map((c) => [c, byName.get(c.toLowerCase())])));
    if (entry && entry.id !== '') states.set(entry.id, entry.state);
  }
  const of = (state: Entry['state']) => [...states].filter(([, s]) => s === state).map(([id]) => id.slice(0, 200));
  const complete = rows.length <= ledgerRows && of('baseline').length === 0;
  return { tool: ledger.tool, table, applied: of('applied'), failed: of('failed'), complete };
}
