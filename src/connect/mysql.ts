import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Connection } from 'mysql2';
import { ConnectFailure, type ConnectContext, type Connector, type OpenConnection } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import { Groups } from './denied.js';
import {
  Guard,
  codeOf,
  encryptionOf,
  networkFailure,
  parseAddress,
  serverText,
  trustedAuthorities,
  type Address,
  type Encryption,
} from './dial.js';
import { releaseLine, supportOf } from './end-of-support.js';
import { ledgerOf, ledgerRows, ledgerTables, readLedger, type Migrations, type Row } from './migrations.js';
import { facts, variableNames, type MysqlFacts } from './mysql-facts.js';
import { passwordOf } from './passwords.js';
import * as sql from './mysql-queries.js';
import { lookedAtOnce } from './server.js';

const modes = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const;
type Mode = (typeof modes)[number];

const addressOf = (url: string): Address =>
  parseAddress(url, { name: '--mysql', schemes: ['mysql', 'mariadb'], port: 3306, form: 'mysql://user:password@host:3306/database' });

/** MySQL and MariaDB: one connection whose transactions are read-only, all facts at once. */
export const mysql: Connector = {
  connection: 'mysql',
  facts,
  endpoints: ({ mysql: url }) => (url === undefined ? [] : [addressOf(url).where]),
  async open(context): Promise<OpenConnection> {
    const address = addressOf(context.environment.mysql ?? '');
    const mode = modeOf(address);
    const authorities = trustedAuthorities(address.options.get('ssl-ca') ?? context.environment.trust, 'trust');
    return lookedAtOnce({ address, facts, context, look: (guard) => look({ address, mode, authorities, context }, guard), failureOf });
  },
};

/** By the client's own `ssl-mode`, or what drivers call it: `sslMode`, `ssl=true`, `useSSL=true`, `tls=true`. */
function modeOf({ options }: Address): Mode {
  const named = options.get('ssl-mode') ?? options.get('sslMode') ?? options.get('ssl_mode') ?? options.get('sslmode');
  if (named !== null) {
    const mode = modes.find((m) => m === named.toUpperCase().replace('-', '_'));
    if (!mode) throw new UsageError('the address of --mysql has an unknown ssl-mode', '--mysql', `one of ${modes.join(', ')}`);
    return mode;
  }
  const asked = options.get('ssl') ?? options.get('useSSL') ?? options.get('tls');
  return asked === 'true' ? 'REQUIRED' : asked === 'false' ? 'DISABLED' : 'PREFERRED';
}

interface Look {
  readonly address: Address;
  readonly mode: Mode;
  readonly authorities: string | undefined;
  readonly context: ConnectContext;
}

async function look(the: Look, guard: Guard): Promise<MysqlFacts> {
  const started = performance.now();
  const { connection, encryption } = await guard.race(connect(the, guard));
  try {
    return await collect(the, guard, connection, encryption, started);
  } finally {
    await guard.farewell(new Promise((resolve) => connection.end(resolve)));
  }
}

/** With TLS where the mode wants it; `PREFERRED` falls back to plain text only where the server offers no TLS. */
async function connect(the: Look, guard: Guard): Promise<{ connection: Connection; encryption: Encryption | null }> {
  const { mode } = the;
  if (mode === 'DISABLED') return { connection: await login(the, guard, false), encryption: null };
  try {
    const connection = await login(the, guard, true);
    const { stream } = connection as unknown as { stream: Socket };
    const encryption = 'getProtocol' in stream ? encryptionOf(stream as TLSSocket, the.address.host) : null;
    if (mode === 'VERIFY_IDENTITY' && !encryption?.verified)
      throw new ConnectFailure('untrusted', `the server's certificate is not trusted: ${encryption?.problem ?? 'none'}`);
    return { connection, encryption };
  } catch (error) {
    const none = codeOf(error) === 'HANDSHAKE_NO_SSL_SUPPORT';
    if (!none) throw error;
    if (mode !== 'PREFERRED') throw new ConnectFailure('not-understood', `the server offers no TLS, which ssl-mode=${mode} demands`);
    return { connection: await login(the, guard, false), encryption: null };
  }
}

async function login({ address, mode, authorities }: Look, guard: Guard, encrypted: boolean): Promise<Connection> {
  const { createConnection } = (await import('mysql2')).default;
  const verify = mode === 'VERIFY_CA' || mode === 'VERIFY_IDENTITY';
  const socket = await guard.dial(address);
  const connection = createConnection({
    host: address.host,
    user: address.user || 'root',
    password: address.password,
    database: address.database || undefined,
    // A server cannot ask for files of this machine; the session's sql_mode is the server's own.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE'],
    dateStrings: true,
    stream: socket,
    ssl: encrypted ? { rejectUnauthorized: verify, verifyIdentity: mode === 'VERIFY_IDENTITY', ca: authorities } : undefined,
  });
  connection.on('error', () => undefined);
  // Thrown out of the parser, this ends the connection as for the server's own client; the driver would go on, and print.
  connection.on('warn' as never, (error: Error) => {
    throw error;
  });
  contain(connection, guard);
  await guard.race(new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve()))));
  return connection;
}

/** The driver parses messages in listeners of the socket, and of the TLS socket that it makes itself. */
function contain(connection: Connection, guard: Guard): void {
  const wire = connection as unknown as { stream: Socket; startTLS(done: (error?: Error) => void): void };
  guard.contain(wire.stream);
  const startTls = wire.startTLS.bind(wire);
  wire.startTLS = (done) => {
    startTls(done);
    guard.contain(wire.stream);
  };
}

function ask(connection: Connection, guard: Guard, query: string): Promise<Row[]> {
  const timeout = Math.max(1, Math.min(3_000, Math.floor(guard.remaining)));
  return guard.race(
    new Promise((resolve, reject) =>
      connection.query({ sql: query, timeout }, (error, rows) =>
        error ? reject(error) : resolve(Array.isArray(rows) ? (rows as Row[]) : []),
      ),
    ),
  );
}

async function collect(
  the: Look,
  guard: Guard,
  connection: Connection,
  encryption: Encryption | null,
  started: number,
): Promise<MysqlFacts> {
  const rows = (query: string) => ask(connection, guard, query);
  const one = async (query: string): Promise<Row> => (await rows(query))[0] ?? {};
  const groups = new Groups(failureOf);
  const self = await one(sql.identity);
  const ms = Math.round(performance.now() - started);
  const vendor = /mariadb/i.test(`${String(self['version'])} ${String(self['comment'])}`) ? 'mariadb' : 'mysql';
  const version = /\d+\.\d+(?:\.\d+)?/.exec(String(self['version']).replace(/^5\.5\.5-(?=\d)/, ''))?.[0] ?? '';

  const settings = await groups.read('settings', async () => {
    const found = new Map((await rows(sql.variables)).map((r) => [String(r['Variable_name']), String(r['Value'])]));
    const value = (name: string) => (found.has(name) ? sql.variableValue(name, found.get(name) ?? '') : null);
    return Object.fromEntries(variableNames.map((name) => [name, value(name)])) as NonNullable<MysqlFacts['settings']>;
  });
  await rows('SET SESSION TRANSACTION READ ONLY').catch(() => undefined);
  await rows(vendor === 'mariadb' ? 'SET SESSION max_statement_time = 3' : 'SET SESSION max_execution_time = 3000').catch(() => undefined);

  const named = self['name'] !== null;
  const database = await groups.read('database', async () => (named ? { name: self['name'], ...(await one(sql.database)) } : null));
  const role = await groups.read('role', async () => sql.rightsOf(String(self['account']), await rows('SHOW GRANTS')));
  const accounts = await groups.read('accounts', async () => sql.accountsOf(await rows(sql.accounts)));
  const connections = await groups.read('connections', async () => {
    const found = new Map((await rows(sql.status)).map((r) => [r['Variable_name'], Number(r['Value'])]));
    const [used, max] = [found.get('Threads_connected') ?? 0, Number(settings?.max_connections ?? 0)];
    return { used, max, peak: found.get('Max_used_connections') ?? 0, share: max > 0 ? used / max : 1 };
  });
  const activity = await groups.read('activity', async () => {
    const r = await one(sql.activity);
    return { transactions: Number(r['transactions']), longestTransactionSeconds: Number(r['longest']) };
  });
  const replication = await groups.read('replication', () => replicationOf(rows, sql.replicationWords(vendor, version)));
  const observed = settings?.performance_schema === true;
  const schema = await groups.read('schema', async () => (named ? schemaOf(rows, observed, groups) : null));
  const statements = await groups.read('statements', async () =>
    observed && named ? { slow: (await rows(sql.statements)).map(statementOf) } : null,
  );
  const migrations = await groups.read('migrations', async () => (named ? migrationsOf(rows) : null));
  const support = supportOf(vendor, version, the.context.now.toISOString().slice(0, 10));
  return shaped({
    reach: { ok: true, ms },
    server: {
      vendor,
      version,
      line: releaseLine(vendor, version),
      ...support,
      readOnly: ![null, undefined, false].includes(settings?.read_only as null),
    },
    database,
    role,
    tls: {
      on:
        settings === null
          ? null
          : settings.have_ssl === true || encryption !== null || (settings.have_ssl === null && settings.tls_version !== ''),
      required: typeof settings?.require_secure_transport === 'boolean' ? settings.require_secure_transport : null,
      mode: the.mode,
      connection: encryption !== null,
      ...encryption,
    },
    settings,
    accounts,
    connections,
    activity,
    binaryLog: settings && { on: settings.log_bin === true, retentionDays: retentionOf(settings) },
    replication,
    schema,
    statements,
    migrations,
    password: passwordOf(the.address),
    denied: groups.denied,
  });
}

function shaped(found: object): MysqlFacts {
  const parsed = facts.safeParse(found);
  if (!parsed.success)
    throw new ConnectFailure('not-understood', `the server's answers have an unknown shape (${parsed.error.issues[0]?.path.join('.')})`);
  return parsed.data;
}

function retentionOf(settings: NonNullable<MysqlFacts['settings']>): number | null {
  const seconds = settings.binlog_expire_logs_seconds;
  if (typeof seconds === 'number' && seconds > 0) return seconds / 86_400;
  return typeof settings.expire_logs_days === 'number' ? settings.expire_logs_days : typeof seconds === 'number' ? seconds : null;
}

async function replicationOf(rows: (query: string) => Promise<Row[]>, words: { status: string; hosts: string }): Promise<object> {
  const own = (await rows(words.status))[0];
  const field = (...names: string[]) => names.map((n) => own?.[n]).find((v) => v !== undefined);
  const lag = field('Seconds_Behind_Source', 'Seconds_Behind_Master');
  return {
    replica: own !== undefined,
    running: own
      ? field('Replica_IO_Running', 'Slave_IO_Running') === 'Yes' && field('Replica_SQL_Running', 'Slave_SQL_Running') === 'Yes'
      : null,
    lagSeconds: lag === null || lag === undefined ? null : Number(lag),
    replicas: (await rows(words.hosts)).length,
  };
}

async function schemaOf(rows: (query: string) => Promise<Row[]>, observed: boolean, groups: Groups): Promise<object> {
  const tables = await rows(sql.tables);
  const named = (those: Row[]) => those.map((t) => String(t['name'])).slice(0, 200);
  const estimates = new Map(tables.map((t) => [String(t['name']), Number(t['estimate'])]));
  const scans = observed ? await groups.read('schema.fullScans', () => rows(sql.fullScans)) : null;
  return {
    tables: tables.length,
    withoutPrimaryKey: named(tables.filter((t) => Number(t['keyed']) === 0)),
    notInnodb: named(tables.filter((t) => !/^(?:InnoDB|RocksDB|TokuDB|ndbcluster)$/i.test(String(t['engine'])))),
    notUtf8mb4: named(
      tables.filter(
        (t) => t['collation'] !== null && !String(t['collation']).startsWith('utf8mb4') && !String(t['collation']).startsWith('uca1400'),
      ),
    ),
    largeTables: tables.filter((t) => Number(t['estimate']) > 10_000).length,
    foreignKeys: Number((await rows(sql.foreignKeys))[0]?.['n'] ?? 0),
    fullScans:
      scans
        ?.map((s) => ({ table: String(s['name']), rows: estimates.get(String(s['name'])) ?? 0, scans: Number(s['scanned']) }))
        .filter((s) => s.rows > 10_000) ?? null,
  };
}

/** Picoseconds to milliseconds. */
const millis = (value: unknown): number => Number(value) / 1e9;
const statementOf = (row: Row): object => ({
  id: String(row['DIGEST']),
  calls: Number(row['COUNT_STAR']),
  meanMs: millis(row['AVG_TIMER_WAIT']),
  maxMs: millis(row['MAX_TIMER_WAIT']),
  p95Ms: row['QUANTILE_95'] === undefined ? null : millis(row['QUANTILE_95']),
});

async function migrationsOf(rows: (query: string) => Promise<Row[]>): Promise<Migrations[]> {
  const columnsByTable = new Map<string, string[]>();
  for (const row of await rows(sql.ledgerTables(ledgerTables))) {
    const name = String(row['name']);
    columnsByTable.set(name, [...(columnsByTable.get(name) ?? []), String(row['col'])]);
  }
  const found: Migrations[] = [];
  for (const [name, columns] of [...columnsByTable].slice(0, 20)) {
    const ledger = ledgerOf(name, columns);
    if (!ledger) continue;
    const query = `SELECT ${ledger.columns.map(sql.quoted).join(', ')} FROM ${sql.quoted(name)} ${ledger.rest ?? ''} LIMIT ${ledgerRows + 1}`;
    found.push(readLedger(ledger, name, await rows(query)));
  }
  return found;
}

/** By the server's error names: https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html. */
function failureOf(error: unknown): ConnectFailure {
  const network = networkFailure(error);
  if (network) return network;
  const [code, said] = [codeOf(error), serverText(error)];
  if (
    /^ER_(?:ACCESS_DENIED|HOST_NOT_PRIVILEGED|HOST_IS_BLOCKED|MUST_CHANGE_PASSWORD|NOT_SUPPORTED_AUTH)|^ER_ACCOUNT|SECURE_TRANSPORT/.test(
      code,
    )
  )
    return new ConnectFailure('no-permission', `the server turned the credentials down: ${said}`);
  if (/ACCESS_?DENIED/.test(code)) return new ConnectFailure('no-permission', said);
  if (code === 'HANDSHAKE_SSL_ERROR')
    return /certificate|altname/i.test(said)
      ? new ConnectFailure('untrusted', `the server's certificate is not trusted: ${said}`)
      : new ConnectFailure('not-understood', `the TLS handshake failed: ${said}`);
  if (code === 'ER_BAD_DB_ERROR') return new ConnectFailure('not-found', said);
  if (code === 'ER_CON_COUNT_ERROR' || code === 'ER_TOO_MANY_USER_CONNECTIONS' || code === 'ER_SERVER_SHUTDOWN')
    return new ConnectFailure('refused', `the server takes no connection now: ${said}`);
  if (/TIMEOUT|ER_QUERY_INTERRUPTED/.test(code)) return new ConnectFailure('timed-out', said);
  return new ConnectFailure('not-understood', said || 'no answer that MySQL would give');
}
