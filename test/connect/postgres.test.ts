import { beforeAll, describe, expect, it } from 'vitest';
import { postgres } from '../../src/connect/postgres.js';
import type { PostgresFacts } from '../../src/connect/postgres-facts.js';
import { UsageError } from '../../src/model/error.js';
import { asking } from '../support/measure.js';
import { freePort, hostilePeer, hostilePeers, postgresServer, type PostgresServer } from '../support/servers.js';

const { facts: ask, failure } = asking<PostgresFacts>(postgres);

const password = ['not', 'a', 'real', 'one', '7Q'].join('-');
let careful: PostgresServer;
let careless: PostgresServer;

beforeAll(async () => {
  [careful, careless] = await Promise.all([
    postgresServer({
      hba: [
        'hostssl all only_tls 127.0.0.1/32 scram-sha-256',
        'host all app,admin,limited 127.0.0.1/32 scram-sha-256',
        'host replication all 127.0.0.1/32 reject',
      ],
      settings: {
        ssl: 'on',
        log_min_duration_statement: '500ms',
        statement_timeout: '30s',
        shared_preload_libraries: 'pg_stat_statements',
        archive_mode: 'on',
        archive_command: 'true',
      },
    }),
    postgresServer({ hba: ['host all all 0.0.0.0/0 trust'], settings: { password_encryption: 'md5' } }),
  ]);
  await careful.sql(`CREATE EXTENSION pg_stat_statements;
    CREATE ROLE app LOGIN PASSWORD '${password}'; CREATE ROLE only_tls LOGIN PASSWORD '${password}' VALID UNTIL '2030-01-01';
    CREATE ROLE limited LOGIN PASSWORD '${password}'; CREATE ROLE admin LOGIN SUPERUSER PASSWORD '${password}';
    ALTER ROLE app SET statement_timeout = '5s'; ALTER ROLE app SET default_transaction_read_only = on;`);
  await careful.sql('CREATE DATABASE shop OWNER app');
  await careful.sql(
    `CREATE TABLE customers (id bigint PRIMARY KEY, email text UNIQUE);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, shop_id bigint);
    CREATE INDEX orders_customer ON orders (customer_id, id);
    CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('ae1027a6acf');
    CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY); INSERT INTO "SequelizeMeta" VALUES ('20260101-init.js');
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO app;`,
    'shop',
  );
  await careless.sql(`CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (a_id bigint REFERENCES a, c_id bigint);
    CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); INSERT INTO schema_migrations VALUES (7, true);
    CREATE TABLE flyway_schema_history (installed_rank int, version text, script text, type text, success boolean);
    INSERT INTO flyway_schema_history VALUES (1, '1', 'V1__a.sql', 'SQL', true), (2, '2', 'V2__b.sql', 'SQL', false);`);
});

describe('a careful server', () => {
  let facts: PostgresFacts;
  beforeAll(async () => {
    facts = await ask({ postgres: careful.url('app', password, 'shop', '?sslmode=verify-full'), trust: careful.cert });
  });

  it('tells version and end of support', () => {
    expect(facts.reach).toMatchObject({ ok: true, reason: null });
    expect(facts.server?.version).toMatch(/^1\d\.\d+$/);
    expect(facts.server?.endOfSupport).toMatch(/^20\d\d-11-\d\d$/);
    expect(facts.server).toMatchObject({ vendor: 'postgresql', standby: false, readOnly: false });
  });

  it('is encrypted, and verified against the named authority', () => {
    expect(facts.tls).toMatchObject({ on: true, connection: true, version: 'TLSv1.3', verified: true, problem: '', mode: 'verify-full' });
    expect(facts.tls.plainAccepted).toBe(true);
  });

  it('tells settings in milliseconds and bytes, as this role gets them', () => {
    expect(facts.settings).toMatchObject({ log_min_duration_statement: 500, statement_timeout: 5_000, ssl: true, data_checksums: true });
    expect(facts.settings?.shared_buffers).toBeGreaterThan(1_000_000);
  });

  it('tells the rights of the role, and who may do everything', () => {
    expect(facts.role).toMatchObject({ name: 'app', superuser: false, owner: true, monitor: false });
    expect(facts.roles?.superusers).toEqual(['admin', 'postgres']);
    expect(facts.roles?.withoutExpiry).toEqual(['app', 'limited']);
  });

  it('denies what only a superuser may see, and says so; the rest still comes', () => {
    expect(facts.passwords).toBeNull();
    expect(facts.access).toBeNull();
    expect(facts.denied.map((d) => [d.facts, d.reason])).toEqual([
      ['passwords', 'no-permission'],
      ['access', 'no-permission'],
    ]);
    expect(facts.denied[0]?.message).toContain('permission denied');
  });

  it('finds the schema whole, and what migration tools noted', () => {
    expect(facts.schema).toMatchObject({ tables: 4, foreignKeys: 1, unindexedForeignKeys: [], withoutPrimaryKey: [], invalidIndexes: [] });
    expect(facts.migrations).toEqual([
      { tool: 'sequelize', table: 'public.SequelizeMeta', applied: ['20260101-init'], failed: [], complete: true },
      { tool: 'alembic', table: 'public.alembic_version', applied: ['ae1027a6acf'], failed: [], complete: true },
    ]);
  });

  it('tells connections, statistics and archiving', () => {
    expect(facts.connections?.max).toBe(100);
    expect(facts.connections?.used).toBeGreaterThan(0);
    expect(facts.connections?.share).toBeLessThan(0.8);
    expect(facts.archiving).toMatchObject({ mode: 'on', failing: false });
    expect(facts.replication).toMatchObject({ replicas: 0, inactiveSlots: [] });
    expect(facts.extensions).toEqual(['plpgsql']);
    expect(facts.statements).toBeNull();
  });

  it('sees everything as a superuser', async () => {
    const all = await ask({ postgres: careful.url('admin', password, 'postgres') });
    expect(all.denied).toEqual([]);
    expect(all.role).toMatchObject({ superuser: true, monitor: true });
    expect(all.passwords).toEqual({ missing: ['postgres'], md5: [] });
    expect(all.access).toEqual({ trust: 0, plain: 0, everywhere: 0 });
    expect(all.statements).toMatchObject({ slow: [], partial: false });
    expect(all.archiving?.commandSet).toBe(true);
  });

  it('falls short of no encryption: a role that only gets in with TLS', async () => {
    const { tls } = await ask({ postgres: careful.url('only_tls', password) });
    expect(tls).toMatchObject({ connection: true, plainAccepted: false, verified: false, mode: 'prefer' });
    expect(tls.problem).toContain('SELF_SIGNED');
  });

  it('leaves no trace: nothing is written, no setting stays', async () => {
    const before = await careful.sql(
      'SELECT xact_commit >= 0 AS ok, tup_inserted, tup_updated, tup_deleted FROM pg_stat_database WHERE datname = $$shop$$',
    );
    await ask({ postgres: careful.url('app', password, 'shop') });
    expect(
      await careful.sql(
        'SELECT xact_commit >= 0 AS ok, tup_inserted, tup_updated, tup_deleted FROM pg_stat_database WHERE datname = $$shop$$',
      ),
    ).toEqual(before);
  });
});

describe('a careless server', () => {
  let facts: PostgresFacts;
  beforeAll(async () => {
    facts = await ask({ postgres: careless.url('postgres', '') });
  });

  it('has neither TLS nor passwords', () => {
    expect(facts.tls).toMatchObject({ on: false, connection: false, plainAccepted: true, verified: false });
    expect(facts.access).toMatchObject({ trust: 1, plain: 1, everywhere: 1 });
    expect(facts.passwords?.missing).toEqual(['postgres']);
  });

  it('logs nothing, archives nothing, has no limit', () => {
    expect(facts.settings).toMatchObject({ log_min_duration_statement: -1, statement_timeout: 0, archive_mode: 'off', fsync: false });
    expect(facts.archiving).toMatchObject({ mode: 'off', commandSet: false });
  });

  it('has a foreign key without an index and a table without a key', () => {
    expect(facts.schema?.unindexedForeignKeys).toEqual([{ table: 'public.b', columns: 'a_id', rows: 0 }]);
    expect(facts.schema?.withoutPrimaryKey).toEqual(['public.b', 'public.flyway_schema_history']);
  });

  it('has a dirty and a failed migration', () => {
    expect(facts.migrations).toEqual([
      { tool: 'flyway', table: 'public.flyway_schema_history', applied: ['1'], failed: ['2'], complete: true },
      { tool: 'golang-migrate', table: 'public.schema_migrations', applied: [], failed: ['7'], complete: true },
    ]);
  });
});

describe('a server with rows and a replica', () => {
  let replica: PostgresServer;
  beforeAll(async () => {
    await careful.sql('CREATE DATABASE large');
    await careful.sql(
      `CREATE EXTENSION pg_stat_statements; CREATE TABLE people (id int PRIMARY KEY); INSERT INTO people SELECT generate_series(1, 20000);
      CREATE TABLE visits (id int PRIMARY KEY, person int NOT NULL); INSERT INTO visits SELECT n, n FROM generate_series(1, 20000) n;
      ALTER TABLE visits ADD CONSTRAINT person FOREIGN KEY (person) REFERENCES people NOT VALID;
      CREATE INDEX partial ON visits (person) WHERE person > 5; ANALYZE;`,
      'large',
    );
    await careful.sql(Array.from({ length: 60 }, () => 'SELECT pg_sleep(0.003)').join(';'), 'large');
    replica = await postgresServer({ hba: ['host all all 127.0.0.1/32 trust'], replicaOf: careful });
  });

  it('finds the large table whose key no full index leads', async () => {
    const { schema } = await ask({ postgres: careful.url('admin', password, 'large') });
    expect(schema).toMatchObject({ tables: 2, largeTables: 2, unvalidatedForeignKeys: ['public.visits.person'] });
    expect(schema?.unindexedForeignKeys).toEqual([{ table: 'public.visits', columns: 'person', rows: 20_000 }]);
  });

  it('finds statements that are called often, by id alone', async () => {
    const { statements } = await ask({ postgres: careful.url('admin', password, 'large') });
    const [slowest] = statements?.slow ?? [];
    expect(slowest).toMatchObject({ id: expect.stringMatching(/^-?\d+$/) as string, calls: 60 });
    expect(slowest?.meanMs).toBeGreaterThanOrEqual(3);
  });

  it('sees the replica from its source, and the replica as one that takes no writes', async () => {
    const source = await ask({ postgres: careful.url('admin', password) });
    expect(source.replication).toMatchObject({ replicas: 1, synchronous: 0 });
    expect(source.replication?.maxLagSeconds).toBeGreaterThanOrEqual(0);
    const standby = await ask({ postgres: replica.url('admin', '') });
    expect(standby.server).toMatchObject({ standby: true });
    // Its extension came with the copy, the library that counts did not.
    expect(standby.denied.map((d) => [d.facts, d.reason])).toEqual([['statements', 'not-found']]);
  });
});

describe('what cannot be told', () => {
  it('is refused where nothing listens, and a question about just that gets an answer', async () => {
    const url = `postgres://app:${password}@127.0.0.1:${await freePort()}/shop`;
    expect((await failure({ postgres: url })).reason).toBe('refused');
    expect(await ask({ postgres: url }, { reach: true })).toMatchObject({
      reach: { ok: false, reason: 'refused' },
      server: null,
      denied: [],
    });
  });

  it('says that the credentials were turned down, without them', async () => {
    const wrong = `${password}-wrong`;
    const told = await failure({ postgres: careful.url('app', wrong, 'shop') });
    expect(told.reason).toBe('no-permission');
    expect(told.message).not.toContain(password);
    expect((await failure({ postgres: careful.url('app', '', 'shop') })).reason).toBe('no-permission');
    expect((await failure({ postgres: careful.url('app', password, 'nowhere') })).reason).toBe('not-found');
  });

  it('does not trust an unknown certificate where the address demands it', async () => {
    expect((await failure({ postgres: careful.url('app', password, 'shop', '?sslmode=verify-full') })).reason).toBe('untrusted');
    const told = await failure({ postgres: careless.url('postgres', 'x', 'postgres', '?sslmode=require') });
    expect(told).toMatchObject({ reason: 'not-understood' });
    expect(told.message).toContain('no TLS');
  });

  it.each(Object.keys(hostilePeers))('ends in time against a peer that is %s', async (name) => {
    const port = await hostilePeer(hostilePeers[name] as never);
    for (const mode of ['disable', 'require']) {
      const told = await failure({ postgres: `postgres://app:${password}@127.0.0.1:${port}/shop?sslmode=${mode}` }, { reach: true }, 600);
      expect(['timed-out', 'not-understood', 'too-large']).toContain(told.reason);
      expect(told.message).not.toContain(password);
    }
  });

  it('refuses an address that it cannot read, without showing it', () => {
    for (const url of [`postgres://app:${password}@@:x/y`, `mysql://app:${password}@db/shop`, `postgres://app:%zz${password}@db/shop`]) {
      let told: unknown;
      try {
        postgres.endpoints({ postgres: url });
      } catch (error) {
        told = error;
      }
      expect(told).toBeInstanceOf(UsageError);
      expect(String((told as UsageError).message) + (told as UsageError).hint).not.toContain(password);
    }
  });
});
