import type { Socket } from 'node:net';
import { Socket as NetSocket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Client, QueryResult } from 'pg';
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
import { facts, settingNames, type PostgresFacts } from './postgres-facts.js';
import { passwordOf } from './passwords.js';
import * as sql from './postgres-queries.js';
import { acceptsPlain, messageCheck } from './postgres-wire.js';
import { lookedAtOnce } from './server.js';

/** As libpq reads them; `allow` is judged like `prefer`. */
const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof modes)[number];

const addressOf = (url: string): Address =>
  parseAddress(url, {
    name: '--postgres',
    schemes: ['postgres', 'postgresql'],
    port: 5432,
    form: 'postgres://user:password@host:5432/database',
  });

/** PostgreSQL: one connection, one round of short read-only transactions, all facts at once. */
export const postgres: Connector = {
  connection: 'postgres',
  facts,
  endpoints: ({ postgres: url }) => (url === undefined ? [] : [addressOf(url).where]),
  async open(context): Promise<OpenConnection> {
    const address = addressOf(context.environment.postgres ?? '');
    const mode = modeOf(address);
    const authorities = trustedAuthorities(rootOf(address) ?? context.environment.trust, 'trust');
    return lookedAtOnce({ address, facts, context, look: (guard) => look({ address, mode, authorities, context }, guard), failureOf });
  },
};

function modeOf(address: Address): Mode {
  const asked = address.options.get('sslmode') ?? (address.options.get('ssl') === 'true' ? 'require' : 'prefer');
  const mode = modes.find((m) => m === asked);
  if (!mode) throw new UsageError('the address of --postgres has an unknown sslmode', '--postgres', `one of ${modes.join(', ')}`);
  return mode;
}

const rootOf = (address: Address): string | undefined => {
  const file = address.options.get('sslrootcert');
  return file === null || file === 'system' ? undefined : file;
};

interface Look {
  readonly address: Address;
  readonly mode: Mode;
  readonly authorities: string | undefined;
  readonly context: ConnectContext;
}

/** Everything that one connection can tell before its deadline. Groups that come too late are denied as timed out. */
async function look(the: Look, guard: Guard): Promise<PostgresFacts> {
  const started = performance.now();
  const { client, encryption } = await guard.race(connect(the, guard));
  try {
    return await collect(the, guard, client, encryption, started);
  } finally {
    await guard.farewell(client.end());
  }
}

/** With TLS where the mode wants it; `prefer` falls back to plain text only where the server offers no TLS. */
async function connect(the: Look, guard: Guard): Promise<{ client: Client; encryption: Encryption | null }> {
  const { mode } = the;
  if (mode === 'disable' || the.address.host.startsWith('/')) return { client: await login(the, guard, false), encryption: null };
  try {
    const client = await login(the, guard, true);
    const stream = (client as unknown as { connection: { stream: Socket } }).connection.stream;
    return { client, encryption: 'getProtocol' in stream ? encryptionOf(stream as TLSSocket, the.address.host) : null };
  } catch (error) {
    const none = error instanceof Error && error.message.includes('does not support SSL');
    if (!none || mode.startsWith('verify') || mode === 'require')
      throw none ? new ConnectFailure('not-understood', `the server offers no TLS, which sslmode=${mode} demands`) : error;
    return { client: await login(the, guard, false), encryption: null };
  }
}

async function login({ address, mode, authorities }: Look, guard: Guard, encrypted: boolean): Promise<Client> {
  const { default: pg } = await import('pg');
  const verify = mode === 'verify-ca' || mode === 'verify-full';
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    user: address.user || 'postgres',
    // A function, or the driver takes PGPASSWORD and ~/.pgpass for an empty one, which the operator did not name.
    password: () => address.password,
    database: address.database || address.user || 'postgres',
    application_name: 'readiness',
    ssl: encrypted
      ? { rejectUnauthorized: verify, ca: authorities, ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}) }
      : false,
    stream: () => guard.watch(new NetSocket()) as never,
  });
  client.on('error', () => undefined);
  // The driver makes the TLS socket itself; it listens to either by this method.
  const wire = (client as unknown as { connection: { attachListeners(stream: Socket): void } }).connection;
  const attach = wire.attachListeners.bind(wire);
  wire.attachListeners = (stream) => attach(guard.contain(stream, messageCheck()));
  await guard.race(client.connect());
  return client;
}

/** One short transaction that can change nothing; leaves no setting behind, also where a pooler stands in between. */
async function ask(client: Client, guard: Guard, query: string): Promise<Row[]> {
  const ms = Math.max(1, Math.min(3_000, Math.floor(guard.remaining)));
  try {
    const results = (await guard.race(
      client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${ms}; SET LOCAL lock_timeout = 500; ${query}; COMMIT`),
    )) as unknown as QueryResult<Row>[];
    return results.find((r) => r.command === 'SELECT')?.rows ?? [];
  } catch (error) {
    if (!guard.ended) await guard.race(client.query('ROLLBACK')).catch(() => undefined);
    throw error;
  }
}

async function collect(the: Look, guard: Guard, client: Client, encryption: Encryption | null, started: number): Promise<PostgresFacts> {
  const rows = (query: string) => ask(client, guard, query);
  const one = async (query: string): Promise<Row> => (await rows(query))[0] ?? {};
  const groups = new Groups(failureOf);
  const self = await one(sql.identity);
  const ms = Math.round(performance.now() - started);
  const plain = encryption ? plainAccepted(the, guard) : Promise.resolve(null);

  let readOnly = false;
  const settings = await groups.read('settings', async () => {
    const read = await rows(sql.settings);
    const found = new Map(read.map((row) => [row['name'], sql.settingValue(row)]));
    readOnly = read.some(
      (row) => row['name'] === 'default_transaction_read_only' && row['reset_val'] === 'on' && !ofTheRole.test(String(row['source'])),
    );
    return Object.fromEntries(settingNames.map((name) => [name, found.get(name) ?? null])) as PostgresFacts['settings'];
  });
  const roles = await groups.read('roles', async () => {
    const r = await one(sql.roles);
    return { logins: r['logins'], superusers: r['superusers'], withoutExpiry: r['without_expiry'] };
  });
  const passwords = await groups.read('passwords', () => one(sql.passwords));
  const access = await groups.read('access', () => one(sql.access));
  const extensions = await groups.read('extensions', () => rows(sql.extensions));
  const connections = await groups.read('connections', async () => {
    const { used, max, reserved } = (await one(sql.connections)) as Record<'used' | 'max' | 'reserved', number>;
    return { used, max, reserved, share: max > reserved ? used / (max - reserved) : 1 };
  });
  const monitor = self['monitor'] === true;
  const activity = await groups.read('activity', async () => {
    const r = await one(sql.activity);
    return { longestTransactionSeconds: r['longest'], idleInTransaction: r['idle'], waitingForLocks: r['locks'], partial: !monitor };
  });
  const archiving = await groups.read('archiving', async () => {
    const r = await one(sql.archiving);
    const { mode, archived, failed, failing } = r;
    return { mode, archived, failed, failing, commandSet: r['command_set'] ?? null, lastArchivedAgeSeconds: r['age'] ?? null };
  });
  const replication = await groups.read('replication', async () => {
    const r = await one(sql.replication);
    return { replicas: r['replicas'], synchronous: r['synchronous'], maxLagSeconds: r['lag'] ?? null, inactiveSlots: r['inactive'] };
  });
  const schema = await groups.read('schema', async () => {
    const r = await one(sql.schema);
    return {
      tables: r['tables'],
      withoutPrimaryKey: r['without_key'],
      foreignKeys: r['keys'],
      unindexedForeignKeys: r['unindexed'],
      unvalidatedForeignKeys: r['unvalidated'],
      invalidIndexes: r['invalid'],
      fullScans: r['full_scans'],
      largeTables: r['large'],
    };
  });
  const statements = await groups.read('statements', () => statementsOf(rows, extensions ?? [], monitor));
  const migrations = await groups.read('migrations', () => migrationsOf(rows, groups));
  return shaped(
    { self, ms, the, encryption, plain: await plain, settings, readOnly, monitor, groups },
    {
      roles,
      passwords,
      access,
      extensions: extensions?.map((e) => e['name']) ?? null,
      connections,
      activity,
      archiving,
      replication,
      schema,
      statements,
      migrations,
    },
  );
}

/** Where a setting comes from that holds for this role alone: a role that may only read says nothing about the server. */
const ofTheRole = /user|client|session/;

interface Head {
  readonly self: Row;
  readonly ms: number;
  readonly the: Look;
  readonly encryption: Encryption | null;
  readonly plain: boolean | null;
  readonly settings: PostgresFacts['settings'];
  readonly readOnly: boolean;
  readonly monitor: boolean;
  readonly groups: Groups;
}

function shaped(
  { self, ms, the, encryption, plain, settings, readOnly, monitor, groups }: Head,
  rest: Readonly<Record<string, unknown>>,
): PostgresFacts {
  const version = /^\d+(?:\.\d+)*/.exec(String(self['version']))?.[0] ?? '';
  const vendor =
    /cockroach|redshift|yugabyte/i.exec(String(self['banner']))?.[0].toLowerCase().replace('cockroach', 'cockroachdb') ?? 'postgresql';
  const today = the.context.now.toISOString().slice(0, 10);
  const support = vendor === 'postgresql' ? supportOf('postgresql', version, today) : { endOfSupport: null, supported: null };
  const parsed = facts.safeParse({
    reach: { ok: true, ms },
    server: {
      vendor,
      version,
      line: releaseLine('postgresql', version),
      ...support,
      standby: self['standby'],
      readOnly,
    },
    database: { name: self['database'], encoding: self['encoding'], transactionAge: self['transaction_age'] },
    role: {
      name: self['role'],
      superuser: self['rolsuper'],
      owner: self['owner'],
      createRole: self['rolcreaterole'],
      createDatabase: self['rolcreatedb'],
      replication: self['rolreplication'],
      bypassRowSecurity: self['rolbypassrls'],
      monitor,
    },
    tls: {
      on: typeof settings?.ssl === 'boolean' ? settings.ssl : null,
      mode: the.mode,
      connection: encryption !== null,
      ...encryption,
      plainAccepted: encryption === null && !the.address.host.startsWith('/') ? true : plain,
    },
    settings,
    ...rest,
    password: passwordOf(the.address),
    denied: groups.denied,
  });
  if (!parsed.success)
    throw new ConnectFailure('not-understood', `the server's answers have an unknown shape (${parsed.error.issues[0]?.path.join('.')})`);
  return parsed.data;
}

async function plainAccepted({ address }: Look, guard: Guard): Promise<boolean | null> {
  if (address.host.startsWith('/')) return null;
  try {
    const user = address.user || 'postgres';
    return await acceptsPlain(await guard.dial(address), guard, user, address.database || user);
  } catch {
    return null;
  }
}

/** Null where the extension is not there. */
async function statementsOf(rows: (query: string) => Promise<Row[]>, extensions: readonly Row[], monitor: boolean): Promise<object | null> {
  const extension = extensions.find((e) => e['name'] === 'pg_stat_statements');
  if (!extension) return null;
  const [major = 0, minor = 0] = String(extension['version']).split('.').map(Number);
  const found = await rows(sql.statements(String(extension['schema']), major === 1 && minor < 8));
  const slow = found.filter((r) => r['id'] !== null).map((r) => ({ id: r['id'], calls: r['calls'], meanMs: r['mean'], maxMs: r['max'] }));
  return { slow, partial: !monitor };
}

async function migrationsOf(rows: (query: string) => Promise<Row[]>, groups: Groups): Promise<Migrations[]> {
  const found: Migrations[] = [];
  for (const table of await rows(sql.ledgerTables(ledgerTables))) {
    const [schema, name] = [String(table['schema']), String(table['name'])];
    const ledger = ledgerOf(name, table['columns'] as string[]);
    if (!ledger) continue;
    if (table['readable'] !== true) {
      groups.deny('migrations', 'no-permission', `permission denied for table ${schema}.${name} of ${ledger.tool}`);
      continue;
    }
    // Names of columns in the server's own case: unquoted identifiers would be folded.
    const columns = ledger.columns.map(
      (wanted) => (table['columns'] as string[]).find((c) => c.toLowerCase() === wanted.toLowerCase()) ?? wanted,
    );
    const query = `SELECT ${columns.map(sql.quoted).join(', ')} FROM ${sql.quoted(schema)}.${sql.quoted(name)} ${ledger.rest ?? ''} LIMIT ${ledgerRows + 1}`;
    found.push(readLedger(ledger, `${schema}.${name}`, await rows(query)));
  }
  return found;
}

/** Classes of SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
function failureOf(error: unknown): ConnectFailure {
  const network = networkFailure(error);
  if (network) return network;
  const [code, said] = [codeOf(error), serverText(error)];
  if (code === '28P01' || code === '28000') return new ConnectFailure('no-permission', `the server turned the credentials down: ${said}`);
  if (code === '42501') return new ConnectFailure('no-permission', said);
  if (code === '3D000' || code === '55000') return new ConnectFailure('not-found', said);
  if (code === '53300' || code.startsWith('57P')) return new ConnectFailure('refused', `the server takes no connection now: ${said}`);
  if (code === '57014' || code === '55P03') return new ConnectFailure('timed-out', said);
  if (/does not support SSL/.test(said)) return new ConnectFailure('not-understood', 'the server offers no TLS');
  if (/client password must be/i.test(said))
    return new ConnectFailure('no-permission', 'the server wants a password, and the address has none');
  return new ConnectFailure('not-understood', said || 'no answer that PostgreSQL would give');
}
