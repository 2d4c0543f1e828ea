import type { Row } from './migrations.js';
import { variableNames, type MysqlFacts } from './mysql-facts.js';

const list = 200;
const literals = (values: readonly string[]): string => values.map((v) => `'${v}'`).join(', ');

export const identity = 'SELECT VERSION() AS version, @@version_comment AS comment, CURRENT_USER() AS account, DATABASE() AS name';
export const variables = `SHOW VARIABLES WHERE Variable_name IN (${literals(variableNames)})`;
export const status = `SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_connected', 'Max_used_connections')`;
export const database = `
  SELECT DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()`;

/** Whether there is something to compare with, never what. The accounts that servers make for themselves are locked. */
export const accounts = `
  SELECT User AS user, Host AS host, plugin, ssl_type AS tls, COALESCE(authentication_string, '') = '' AS empty
  FROM mysql.user WHERE User NOT IN ('mariadb.sys', 'mysql.sys', 'mysql.session', 'mysql.infoschema', 'PUBLIC') LIMIT 5000`;

export const activity = `
  SELECT COUNT(*) AS transactions, COALESCE(MAX(TIMESTAMPDIFF(SECOND, trx_started, NOW())), 0) AS longest FROM information_schema.INNODB_TRX
  WHERE trx_mysql_thread_id <> CONNECTION_ID()`;

export const tables = `
  SELECT t.TABLE_NAME AS name, t.ENGINE AS engine, t.TABLE_COLLATION AS collation, t.TABLE_ROWS AS estimate,
    EXISTS (SELECT 1 FROM information_schema.TABLE_CONSTRAINTS k WHERE k.TABLE_SCHEMA = t.TABLE_SCHEMA AND k.TABLE_NAME = t.TABLE_NAME
      AND k.CONSTRAINT_TYPE = 'PRIMARY KEY') AS keyed
  FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' ORDER BY 1 LIMIT 5000`;

export const foreignKeys = `
  SELECT COUNT(*) AS n FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()`;

export const fullScans = `
  SELECT object_name AS name, rows_full_scanned AS scanned FROM sys.schema_tables_with_full_table_scans
  WHERE object_schema = DATABASE() ORDER BY 2 DESC LIMIT ${list}`;

/** Timers count picoseconds. QUANTILE_95 is MySQL's alone, so all columns are asked for. */
export const statements = `
  SELECT * FROM performance_schema.events_statements_summary_by_digest
  WHERE SCHEMA_NAME = DATABASE() AND COUNT_STAR >= 50 AND DIGEST IS NOT NULL ORDER BY AVG_TIMER_WAIT DESC LIMIT 20`;

export const ledgerTables = (names: readonly string[]): string => `
  SELECT TABLE_NAME AS name, COLUMN_NAME AS col FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = DATABASE() AND LOWER(TABLE_NAME) IN (${literals(names)}) ORDER BY 1, ORDINAL_POSITION`;

/** The words changed: REPLICA since MySQL 8.0.22 and MariaDB 10.5.1. */
export function replicationWords(vendor: string, version: string): { status: string; hosts: string } {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const since = (a: number, b: number, c: number) => major > a || (major === a && (minor > b || (minor === b && patch >= c)));
  if (vendor === 'mariadb')
    return since(10, 5, 1)
      ? { status: 'SHOW REPLICA STATUS', hosts: 'SHOW REPLICA HOSTS' }
      : { status: 'SHOW SLAVE STATUS', hosts: 'SHOW SLAVE HOSTS' };
  return since(8, 0, 22)
    ? { status: 'SHOW REPLICA STATUS', hosts: 'SHOW REPLICAS' }
    : { status: 'SHOW SLAVE STATUS', hosts: 'SHOW SLAVE HOSTS' };
}

export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Variables that the server keeps in seconds. */
const seconds = new Set([
  'long_query_time',
  'max_statement_time',
  'connect_timeout',
  'wait_timeout',
  'interactive_timeout',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
]);

/** ON and OFF as booleans, numbers as numbers, seconds as milliseconds. */
export function variableValue(name: string, value: string): number | string | boolean {
  if (/^(?:ON|YES|TRUE)$/i.test(value)) return true;
  if (/^(?:OFF|NO|FALSE|DISABLED)$/i.test(value)) return false;
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return Number(value) * (seconds.has(name) ? 1_000 : 1);
  return value.slice(0, 500);
}

/** Rights out of SHOW GRANTS; the lines themselves may hold a password's hash and go no further. */
export function rightsOf(account: string, rows: readonly Row[]): MysqlFacts['role'] {
  const lines = rows.map((row) => String(Object.values(row)[0]));
  const everywhere = lines
    .flatMap((line) => (/^GRANT (.+?) ON \*\.\* TO /.exec(line)?.[1] ?? '').split(/, ?/))
    .filter((p) => p !== '' && p !== 'USAGE');
  const grants = lines.map((line) => /^GRANT (.+?) ON .* WITH (?:.* )?GRANT OPTION/.test(line));
  return {
    name: account,
    superuser: everywhere.includes('ALL PRIVILEGES') || everywhere.includes('SUPER'),
    grantOption: grants.includes(true),
    everywhere: [...new Set(everywhere)].slice(0, 100),
  };
}

/** Plugins that ask something else than a password of the server's own. */
const otherwise = /socket|no_login|pam|ldap|gssapi|kerberos|windows|aws|iam|ed25519|parsec/i;
const local = /^(?:localhost|127\.0\.0\.1|::1)$/;

export function accountsOf(rows: readonly Row[]): MysqlFacts['accounts'] {
  const all = rows.map((row) => ({
    name: `${String(row['user'])}@${String(row['host'])}`,
    user: String(row['user']),
    host: String(row['host']),
    open: Number(row['empty']) === 1 && !otherwise.test(String(row['plugin'])),
    tls: String(row['tls'] ?? '') !== '',
  }));
  const named = (those: typeof all) => those.map((a) => a.name).slice(0, list);
  // MariaDB keeps roles among the accounts, with neither host nor password.
  const people = all.filter((a) => a.host !== '');
  return {
    all: people.length,
    withoutPassword: named(people.filter((a) => a.open)),
    anonymous: named(people.filter((a) => a.user === '')),
    anyHost: named(people.filter((a) => a.host === '%')),
    remoteRoot: named(people.filter((a) => a.user === 'root' && !local.test(a.host))),
    withoutTls: people.filter((a) => !local.test(a.host) && !a.tls).length,
  };
}
