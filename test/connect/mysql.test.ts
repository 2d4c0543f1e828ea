import { beforeAll, describe, expect, it } from 'vitest';
import { mysql } from '../../src/connect/mysql.js';
import type { MysqlFacts } from '../../src/connect/mysql-facts.js';
import { replicationWords, rightsOf, variableValue } from '../../src/connect/mysql-queries.js';
import { UsageError } from '../../src/model/error.js';
import { asking } from '../support/measure.js';
import { freePort, hostilePeer, hostilePeers, mariadbServer, type MariadbServer } from '../support/servers.js';

const { facts: ask, failure } = asking<MysqlFacts>(mysql);
const password = ['not', 'a', 'real', 'one', '8R'].join('-');
let careful: MariadbServer;
let careless: MariadbServer;

beforeAll(async () => {
  [careful, careless] = await Promise.all([
    mariadbServer({
      settings: {
        'slow-query-log': '1',
        'long-query-time': '0.5',
        'log-bin': 'binlog',
        'expire-logs-days': '8',
        'max-statement-time': '5',
        'character-set-server': 'utf8mb4',
        'performance-schema': 'ON',
      },
    }),
    mariadbServer({ tls: false, settings: { 'character-set-server': 'latin1', 'sql-mode': '' } }),
  ]);
  await careful
    .sql(
      `CREATE DATABASE shop; CREATE USER app@'%' IDENTIFIED BY '${password}' REQUIRE SSL;
    GRANT SELECT, INSERT ON shop.* TO app@'%'; CREATE USER admin@'127.0.0.1' IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO admin@'127.0.0.1' WITH GRANT OPTION;
    ALTER USER root@localhost IDENTIFIED VIA unix_socket; DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost'; FLUSH PRIVILEGES; USE shop;
    CREATE TABLE customers (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, FOREIGN KEY (customer_id) REFERENCES customers (id));
    CREATE TABLE migrations (id int PRIMARY KEY, migration varchar(255), batch int); INSERT INTO migrations VALUES (1, '2026_01_01_000000_create_shop', 1);`,
    )
    .catch((error: unknown) => {
      throw error;
    });
  await careless.sql(`CREATE DATABASE shop; CREATE USER app@'%' IDENTIFIED BY ''; GRANT ALL ON *.* TO app@'%'; CREATE USER ''@'host.invalid';
    USE shop; CREATE TABLE a (x int) ENGINE=MyISAM; CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean); INSERT INTO schema_migrations VALUES (3, 1);`);
});

describe('a careful server', () => {
  let facts: MysqlFacts;
  beforeAll(async () => {
    facts = await ask({ mysql: careful.url('app', password, 'shop', '?ssl-mode=VERIFY_CA'), trust: careful.cert });
  });

  it('tells version and end of support', () => {
    expect(facts.server).toMatchObject({ vendor: 'mariadb', line: '10.11', endOfSupport: '2028-02-16', supported: true, readOnly: false });
  });

  it('is encrypted and verified', () => {
    expect(facts.tls).toMatchObject({ on: true, connection: true, verified: true, problem: '', mode: 'VERIFY_CA' });
    expect(facts.tls.version).toMatch(/^TLSv1\.[23]$/);
  });

  it('tells settings as this account gets them', () => {
    expect(facts.settings).toMatchObject({
      slow_query_log: true,
      long_query_time: 500,
      max_statement_time: 5_000,
      performance_schema: true,
    });
    expect(String(facts.settings?.sql_mode)).toContain('STRICT_TRANS_TABLES');
    expect(facts.binaryLog).toEqual({ on: true, retentionDays: 8 });
  });

  it('tells the account’s rights, and nothing of its password', () => {
    expect(facts.role).toMatchObject({ name: 'app@%', superuser: false, grantOption: false, everywhere: [] });
    expect(JSON.stringify(facts)).not.toMatch(/\*[0-9A-F]{40}/);
  });

  it('denies what needs more rights, and says so', () => {
    expect(facts.accounts).toBeNull();
    expect(facts.replication).toBeNull();
    expect(facts.activity).toBeNull();
    expect(facts.denied.map((d) => d.facts)).toEqual(['accounts', 'activity', 'replication', 'schema.fullScans', 'statements']);
    expect(new Set(facts.denied.map((d) => d.reason))).toEqual(new Set(['no-permission']));
  });

  it('tells the database and its tables', () => {
    expect(facts.database).toMatchObject({ name: 'shop', charset: 'utf8mb4' });
    expect(facts.schema).toMatchObject({ tables: 3, withoutPrimaryKey: [], notInnodb: [], notUtf8mb4: [], foreignKeys: 1 });
    expect(facts.migrations).toEqual([
      { tool: 'laravel', table: 'migrations', applied: ['2026_01_01_000000_create_shop'], failed: [], complete: true },
    ]);
  });

  it('sees accounts, replicas and digests with the rights for it', async () => {
    const all = await ask({ mysql: careful.url('admin', password, 'shop') });
    expect(all.role).toMatchObject({ superuser: true, grantOption: true });
    expect(all.accounts).toMatchObject({ withoutPassword: [], anonymous: [], anyHost: ['app@%'], remoteRoot: [] });
    expect(all.replication).toEqual({ replicas: 0, replica: false, running: null, lagSeconds: null });
    expect(all.activity).toMatchObject({ transactions: 0 });
    expect(all.statements).not.toBeNull();
    expect(all.schema?.fullScans).toEqual([]);
    expect(all.denied).toEqual([]);
  });

  it('says goodbye: the server counts no connection that broke off', async () => {
    const aborted = async () => JSON.stringify(await careful.sql("SHOW GLOBAL STATUS LIKE 'Aborted_clients'"));
    const before = await aborted();
    await ask({ mysql: careful.url('app', password, 'shop') });
    expect(await aborted()).toBe(before);
  });

  it('says that an account which must use TLS was turned down without it', async () => {
    expect((await failure({ mysql: careful.url('app', password, 'shop', '?ssl-mode=DISABLED') })).reason).toBe('no-permission');
  });
});

describe('a careless server', () => {
  let facts: MysqlFacts;
  beforeAll(async () => {
    facts = await ask({ mysql: careless.url('app', '', 'shop') });
  });

  it('has neither TLS nor passwords', () => {
    expect(facts.tls).toMatchObject({ on: false, required: false, connection: false, mode: 'PREFERRED' });
    expect(facts.accounts).toMatchObject({ anonymous: ['@host.invalid'] });
    expect(facts.accounts?.withoutPassword).toEqual(expect.arrayContaining(['app@%', 'root@localhost', '@host.invalid']));
    expect(facts.role).toMatchObject({ superuser: true });
  });

  it('logs nothing and stores tables as it likes', () => {
    expect(facts.settings).toMatchObject({ slow_query_log: false, log_bin: false, sql_mode: '', max_statement_time: 0 });
    expect(facts.database?.charset).toBe('latin1');
    expect(facts.schema).toMatchObject({ notInnodb: ['a'], withoutPrimaryKey: ['a'], notUtf8mb4: ['a', 'schema_migrations'] });
    expect(facts.statements).toBeNull();
    expect(facts.migrations).toEqual([{ tool: 'golang-migrate', table: 'schema_migrations', applied: [], failed: ['3'], complete: true }]);
  });

  it('is not trusted to encrypt where the address demands it', async () => {
    expect((await failure({ mysql: careless.url('app', '', 'shop', '?ssl-mode=REQUIRED') })).message).toContain('no TLS');
  });
});

describe('what cannot be told', () => {
  it('is refused where nothing listens', async () => {
    const url = `mysql://app:${password}@127.0.0.1:${await freePort()}/shop`;
    expect((await failure({ mysql: url })).reason).toBe('refused');
    expect(await ask({ mysql: url }, { reach: true })).toMatchObject({ reach: { ok: false, reason: 'refused' }, server: null });
  });

  it('says that credentials or database are wrong, without the password', async () => {
    const told = await failure({ mysql: careful.url('app', `${password}-wrong`, 'shop') });
    expect(told.reason).toBe('no-permission');
    expect(told.message).not.toContain(password);
    expect((await failure({ mysql: careful.url('admin', password, 'nowhere') })).reason).toBe('not-found');
  });

  it('does not trust an unknown certificate where the address demands it', async () => {
    for (const mode of ['VERIFY_CA', 'VERIFY_IDENTITY'])
      expect((await failure({ mysql: careful.url('app', password, 'shop', `?ssl-mode=${mode}`) })).reason).toBe('untrusted');
  });

  it.each(Object.keys(hostilePeers))('ends in time against a peer that is %s', async (name) => {
    const port = await hostilePeer(hostilePeers[name] as never);
    for (const mode of ['DISABLED', 'REQUIRED']) {
      const told = await failure({ mysql: `mysql://app:${password}@127.0.0.1:${port}/shop?ssl-mode=${mode}` }, { reach: true }, 600);
      expect(['timed-out', 'not-understood', 'too-large']).toContain(told.reason);
      expect(told.message).not.toContain(password);
    }
  });

  it('refuses an address that it cannot read', () => {
    expect(() => mysql.endpoints({ mysql: 'postgres://db/shop' })).toThrow(UsageError);
  });
});

describe('what a server without its like here says', () => {
  it('takes rights out of grants of MySQL and MariaDB', () => {
    const hash = `*${'A1'.repeat(20)}`;
    const rows = [
      { g: `GRANT SELECT, PROCESS ON *.* TO \`a\`@\`%\` IDENTIFIED BY PASSWORD '${hash}' REQUIRE SSL WITH GRANT OPTION` },
      { g: 'GRANT ALL PRIVILEGES ON `shop`.* TO `a`@`%`' },
    ];
    expect(rightsOf('a@%', rows)).toEqual({ name: 'a@%', superuser: false, grantOption: true, everywhere: ['SELECT', 'PROCESS'] });
    expect(rightsOf('r@%', [{ g: 'GRANT ALL PRIVILEGES ON *.* TO `r`@`%`' }])).toMatchObject({ superuser: true, grantOption: false });
  });

  it('asks about replication in the server’s words', () => {
    expect(replicationWords('mysql', '8.4.0').hosts).toBe('SHOW REPLICAS');
    expect(replicationWords('mysql', '8.0.21').status).toBe('SHOW SLAVE STATUS');
    expect(replicationWords('mariadb', '10.4.30').status).toBe('SHOW SLAVE STATUS');
    expect(replicationWords('mariadb', '11.4.2').status).toBe('SHOW REPLICA STATUS');
  });

  it('reads variables', () => {
    expect([variableValue('log_bin', 'ON'), variableValue('have_ssl', 'DISABLED'), variableValue('long_query_time', '0.250000')]).toEqual([
      true,
      false,
      250,
    ]);
    expect([variableValue('max_execution_time', '3000'), variableValue('sql_mode', '')]).toEqual([3_000, '']);
  });
});
