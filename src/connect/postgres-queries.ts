import type { Row } from './migrations.js';
import { settingNames } from './postgres-facts.js';

/** One value of pg_settings as number, boolean or text: times in milliseconds, sizes in bytes; 0 and -1 keep their meaning. */
export function settingValue(row: Row): number | string | boolean | null {
  const { reset_val: value, unit, vartype } = row as { reset_val: string | null; unit: string | null; vartype: string };
  if (value === null) return null;
  if (vartype === 'bool') return value === 'on';
  if (vartype !== 'integer' && vartype !== 'real') return value.slice(0, 500);
  const number = Number(value);
  return Number.isFinite(number) ? (number > 0 ? number * factorOf(unit) : number) : null;
}

const factors: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `8kB` is eight times `kB`. */
function factorOf(unit: string | null): number {
  const [, times, name] = /^(\d*)([A-Za-z]+)$/.exec(unit ?? '') ?? [];
  return Number(times || 1) * (factors[name ?? ''] ?? 1);
}

const literals = (values: readonly string[]): string => values.map((v) => `'${v}'`).join(', ');
const userSchemas =
  "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'";
const list = 200;

/** What every role may ask. */
export const identity = `
  SELECT current_setting('server_version') AS version, version() AS banner, pg_is_in_recovery() AS standby,
    current_database() AS database, pg_encoding_to_char(d.encoding) AS encoding, age(d.datfrozenxid) AS transaction_age,
    pg_get_userbyid(d.datdba) = current_user AS owner, current_user AS role,
    r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls,
    r.rolsuper OR pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS monitor
  FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user`;

export const settings = `
  SELECT name, reset_val, unit, vartype, source FROM pg_settings WHERE name IN (${literals(settingNames)})`;

export const roles = `
  SELECT (SELECT count(*) FROM pg_roles WHERE rolcanlogin)::int AS logins,
    ARRAY(SELECT rolname::text FROM pg_roles WHERE rolcanlogin AND rolsuper ORDER BY 1 LIMIT ${list}) AS superusers,
    ARRAY(SELECT rolname::text FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolvaliduntil IS NULL ORDER BY 1 LIMIT ${list}) AS without_expiry`;

export const passwords = `
  SELECT ARRAY(SELECT rolname::text FROM pg_authid WHERE rolcanlogin AND rolpassword IS NULL ORDER BY 1 LIMIT ${list}) AS missing,
    ARRAY(SELECT rolname::text FROM pg_authid WHERE rolcanlogin AND rolpassword LIKE 'md5%' ORDER BY 1 LIMIT ${list}) AS md5`;

/** Loopback and local sockets are this host's own affair. */
const foreign = `type <> 'local' AND coalesce(address, '') NOT IN ('127.0.0.1', '::1', 'localhost', 'samehost') AND auth_method <> 'reject'`;
export const access = `
  SELECT count(*) FILTER (WHERE auth_method = 'trust')::int AS trust,
    count(*) FILTER (WHERE type IN ('host', 'hostnossl'))::int AS plain,
    count(*) FILTER (WHERE address IN ('all', '0.0.0.0', '::') AND coalesce(netmask, '0.0.0.0') IN ('0.0.0.0', '::'))::int AS everywhere
  FROM pg_hba_file_rules WHERE error IS NULL AND ${foreign}`;

export const extensions = `
  SELECT e.extname::text AS name, n.nspname::text AS schema, e.extversion AS version
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY 1`;

export const connections = `
  SELECT (SELECT sum(numbackends) FROM pg_stat_database)::int AS used, current_setting('max_connections')::int AS max,
    current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved`;

/** Of sessions that this role may not see, nothing but the process is told. */
export const activity = `
  SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::float8 AS longest,
    count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS idle,
    count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS locks
  FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`;

export const archiving = `
  SELECT current_setting('archive_mode') AS mode, archived_count::int AS archived, failed_count::int AS failed,
    extract(epoch FROM now() - last_archived_time)::float8 AS age,
    coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS failing,
    (SELECT bool_or(CASE WHEN name = 'archive_command' THEN reset_val NOT IN ('', '(disabled)') ELSE reset_val <> '' END)
      FROM pg_settings WHERE name IN ('archive_command', 'archive_library')) AS command_set
  FROM pg_stat_archiver`;

export const replication = `
  SELECT (SELECT count(*) FROM pg_stat_replication)::int AS replicas,
    (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'))::int AS synchronous,
    (SELECT max(extract(epoch FROM coalesce(replay_lag, interval '0'))) FROM pg_stat_replication WHERE state IS NOT NULL)::float8 AS lag,
    ARRAY(SELECT slot_name::text FROM pg_replication_slots WHERE NOT active ORDER BY 1 LIMIT ${list}) AS inactive`;

/** A foreign key is indexed where its columns are the first of a valid, unconditional index, in any order. */
export const schema = `
  WITH t AS (
    SELECT c.oid, n.nspname || '.' || c.relname AS name, greatest(c.reltuples, coalesce(s.n_live_tup, 0), 0)::float8 AS rows,
      coalesce(s.seq_scan, 0)::float8 AS scans, coalesce(s.idx_scan, 0)::float8 AS index_scans
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${userSchemas}
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ), f AS (
    SELECT k.conrelid, k.conkey, k.conname, k.convalidated, t.name, t.rows FROM pg_constraint k JOIN t ON t.oid = k.conrelid WHERE k.contype = 'f'
  )
  SELECT (SELECT count(*) FROM t)::int AS tables, (SELECT count(*) FROM f)::int AS keys,
    (SELECT count(*) FROM t WHERE rows > 10000)::int AS large,
    ARRAY(SELECT name FROM t WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p')
      ORDER BY 1 LIMIT ${list}) AS without_key,
    ARRAY(SELECT name || '.' || conname FROM f WHERE NOT convalidated ORDER BY 1 LIMIT ${list}) AS unvalidated,
    ARRAY(SELECT t.name || '.' || c.relname FROM pg_index i JOIN t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
      WHERE NOT i.indisvalid ORDER BY 1 LIMIT ${list}) AS invalid,
    coalesce((SELECT json_agg(u) FROM (
      SELECT name AS "table", rows, (SELECT string_agg(a.attname, ', ' ORDER BY p.place) FROM unnest(f.conkey) WITH ORDINALITY p(number, place)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = p.number) AS columns
      FROM f WHERE NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = f.conrelid AND i.indisvalid AND i.indpred IS NULL
        AND (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey)
      ORDER BY 2 DESC, 1, 3 LIMIT ${list}) u), '[]') AS unindexed,
    coalesce((SELECT json_agg(u) FROM (SELECT name AS "table", rows, scans, index_scans AS "indexScans" FROM t
      WHERE rows > 10000 AND scans > 1000 AND scans > index_scans ORDER BY 2 DESC, 1 LIMIT ${list}) u), '[]') AS full_scans`;

/** Since version 13 the times are called mean_exec_time; before, mean_time. */
export const statements = (schemaName: string, before13: boolean): string => {
  const [mean, max] = before13 ? ['mean_time', 'max_time'] : ['mean_exec_time', 'max_exec_time'];
  return `
  SELECT queryid::text AS id, calls::float8 AS calls, ${mean}::float8 AS mean, ${max}::float8 AS max
  FROM ${quoted(schemaName)}.pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND calls >= 50
  ORDER BY ${mean} DESC LIMIT 20`;
};

/** Tables whose names migration tools use, with their columns; `tables` are lower-case names of our own. */
export const ledgerTables = (tables: readonly string[]): string => `
  SELECT n.nspname::text AS schema, c.relname::text AS name, has_table_privilege(c.oid, 'SELECT') AS readable,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${userSchemas} AND lower(c.relname) IN (${literals(tables)}) ORDER BY 1, 2 LIMIT 20`;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
