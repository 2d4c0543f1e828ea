import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/model/report.js';
import { git, readiness, temporaryFolder } from '../support/cli.js';
import { freePort, hostilePeer, hostilePeers, mariadbServer, postgresServer, redisServer } from '../support/servers.js';

/** One application and its three databases: kept with care, without any, and not to be seen. */
const password = ['not', 'a', 'real', 'one', '5T', 'canary'].join('-');
const repository: Record<string, string> = {
  'requirements.txt': 'fastapi==0.115.0\nuvicorn==0.32.0\nsqlalchemy==2.0.36\npsycopg==3.2.3\nalembic==1.14.0\nredis==5.2.0\n',
  Dockerfile: 'FROM python:3.12\nCMD ["uvicorn", "app:app"]\n',
  'app.py':
    "import os\n\nimport redis\nfrom fastapi import FastAPI\nfrom sqlalchemy import Column, ForeignKey, Integer, create_engine\nfrom sqlalchemy.orm import declarative_base\n\nengine = create_engine(os.environ['DATABASE_URL'])\ncache = redis.Redis.from_url(os.environ['REDIS_URL'])\nBase = declarative_base()\napp = FastAPI()\n\n\nclass User(Base):\n    __tablename__ = 'users'\n    id = Column(Integer, primary_key=True)\n\n\nclass Order(Base):\n    __tablename__ = 'orders'\n    id = Column(Integer, primary_key=True)\n    user_id = Column(Integer, ForeignKey('users.id'))\n\n\n@app.get('/orders')\ndef orders():\n    cached = cache.get('orders')\n    if cached is None:\n        cache.set('orders', '[]', ex=60)\n    return cached\n",
  'alembic.ini': '[alembic]\nscript_location = alembic\n',
  'alembic/env.py': 'from alembic import context\n\ncontext.run_migrations()\n',
  'alembic/versions/a1_init.py':
    "from alembic import op\nimport sqlalchemy as sa\n\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer, primary_key=True))\n\n\ndef downgrade():\n    op.drop_table('users')\n",
  'alembic/versions/b2_orders.py':
    "from alembic import op\nimport sqlalchemy as sa\n\nrevision = 'b2'\ndown_revision = 'a1'\n\n\ndef upgrade():\n    op.create_table('orders', sa.Column('id', sa.Integer, primary_key=True))\n\n\ndef downgrade():\n    op.drop_table('orders')\n",
};

let folder: string;
let checklist: string;

beforeAll(async () => {
  folder = temporaryFolder();
  for (const [path, text] of Object.entries(repository)) {
    mkdirSync(dirname(join(folder, 'shop', path)), { recursive: true });
    writeFileSync(join(folder, 'shop', path), text);
  }
  git(join(folder, 'shop'), 'init', '-q');
  git(join(folder, 'shop'), 'add', '-A');
  git(join(folder, 'shop'), 'commit', '-q', '-m', 'Shop');
  const [postgres, openPostgres, mysql, openMysql, redis, openRedis, silent] = await Promise.all([
    postgresServer({
      hba: ['hostssl all app 127.0.0.1/32 scram-sha-256'],
      settings: {
        ssl: 'on',
        log_min_duration_statement: '250ms',
        shared_preload_libraries: 'pg_stat_statements',
        archive_mode: 'on',
        archive_command: 'true',
        statement_timeout: '10s',
      },
    }),
    postgresServer({ hba: ['host all all 127.0.0.1/32 trust'] }),
    mariadbServer({ settings: { 'slow-query-log': '1', 'log-bin': 'binlog', 'expire-logs-days': '9', 'performance-schema': 'ON' } }),
    mariadbServer({ tls: false, settings: { 'character-set-server': 'latin1' } }),
    redisServer({ tls: true, password, settings: ['maxmemory 64mb', 'maxmemory-policy allkeys-lru', 'appendonly yes'] }),
    redisServer({ settings: ['save ""'] }),
    hostilePeer(hostilePeers['silent'] as never),
  ]);
  const ledger = (head: string) =>
    `CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('${head}');`;
  await postgres.sql(`CREATE EXTENSION pg_stat_statements; CREATE ROLE app LOGIN PASSWORD '${password}'; ${ledger('b2')}
    CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users); CREATE TABLE c (id int PRIMARY KEY);
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO app;`);
  await openPostgres.sql(`CREATE ROLE app LOGIN; ${ledger('a1')}
    CREATE TABLE users (id int); CREATE TABLE orders (id int, user_id int); GRANT SELECT ON ALL TABLES IN SCHEMA public TO app; ALTER DATABASE postgres SET default_transaction_read_only = on;`);
  const account = "CREATE DATABASE shop; GRANT SELECT ON shop.* TO app@'127.0.0.1' IDENTIFIED BY";
  await mysql.sql(`${account} '${password}'; ALTER DATABASE shop CHARACTER SET utf8mb4`);
  await openMysql.sql(`${account} '${password}'`);
  const gone = await freePort();
  const environments = {
    good: {
      postgres: postgres.url('app', password, 'postgres', '?sslmode=verify-full'),
      mysql: mysql.url('app', password, 'shop', '?ssl-mode=VERIFY_CA'),
      redis: redis.url(password),
      trust: join(folder, 'trust.pem'),
    },
    bad: { postgres: openPostgres.url('app', '', 'postgres'), mysql: openMysql.url('app', password, 'shop'), redis: openRedis.url() },
    silent: {
      postgres: `postgres://app:${password}@127.0.0.1:${silent}/shop`,
      mysql: `mysql://app:${password}@127.0.0.1:${silent}/shop`,
      redis: `redis://:${password}@127.0.0.1:${silent}`,
    },
    gone: { postgres: `postgres://app:${password}@127.0.0.1:${gone}/shop`, redis: `redis://:${password}@127.0.0.1:${gone}` },
  };
  writeFileSync(join(folder, 'trust.pem'), [postgres, mysql, redis].map((s) => readFileSync(s.cert, 'utf8')).join('\n'));
  checklist = join(folder, 'operator.yaml');
  // JSON is YAML.
  writeFileSync(checklist, JSON.stringify({ extends: 'production', environments }));
});

interface Audited {
  readonly report: Report;
  readonly of: (check: string) => Pick<Finding, 'outcome' | 'kind' | 'rung' | 'summary' | 'evidence'>;
  readonly said: string;
}

function audit(environment: string): Audited {
  const only = 'database/*,cache/*,backup/point-in-time-recovery,performance/database-query-time,secrets/strong-service-passwords';
  const { status, stdout, stderr } = readiness(
    ['audit', join(folder, 'shop'), '--checklist', checklist, '--env', environment, '--only', only, '--format', 'json'],
    { cwd: folder },
  );
  expect([0, 1], stderr).toContain(status);
  const report = JSON.parse(stdout) as Report;
  const of = (check: string) => {
    const found = report.findings.filter((f) => f.check === check);
    const finding = found.find((f) => f.deployable === null) ?? found[0];
    if (!finding) throw new Error(`no finding of ${check}`);
    return finding;
  };
  return { report, of, said: stdout + stderr };
}

describe('an application whose databases are kept with care', () => {
  let good: Audited;
  beforeAll(() => {
    good = audit('good');
  });

  it.each([
    'database/connectivity',
    'database/tls-connections',
    'database/slow-query-logging',
    'database/query-performance-monitoring',
    'database/connection-timeouts',
    'database/production-engine',
    'database/migrations-applied',
    'cache/redis-connectivity',
    'cache/redis-authentication',
    'cache/redis-memory-limit',
    'cache/redis-eviction-policy',
    'cache/redis-monitoring',
    'secrets/strong-service-passwords',
  ])('%s passes as observed', (check) => {
    expect(good.of(check)).toMatchObject({ outcome: 'pass', rung: 'observed' });
  });

  it('names the endpoints without credentials', () => {
    expect(good.report.environment?.endpoints).toHaveLength(3);
    expect(good.said).not.toContain(password);
    expect(good.said).not.toContain('canary');
  });
});

describe('an application whose databases are not', () => {
  let bad: Audited;
  beforeAll(() => {
    bad = audit('bad');
  });

  it.each([
    ['database/connectivity', 'violation'],
    ['database/slow-query-logging', 'missing'],
    ['database/migrations-applied', 'violation'],
    ['backup/point-in-time-recovery', 'violation'],
    ['cache/redis-authentication', 'violation'],
    ['cache/redis-memory-limit', 'missing'],
    ['cache/redis-eviction-policy', 'violation'],
  ])('%s fails as seen', (check, kind) => {
    expect(bad.of(check)).toMatchObject({ outcome: 'fail', kind });
  });

  it('says what it saw', () => {
    expect(
      bad
        .of('database/connectivity')
        .evidence.map((e) => e.message)
        .join(),
    ).toMatch(/takes no writes.*character set of shop is latin1/);
    expect(bad.of('database/migrations-applied').summary).toContain('b2');
    expect(bad.of('cache/redis-authentication').summary).toContain('without a password');
  });

  it('does not judge encryption within one machine', () => {
    expect(bad.of('database/tls-connections').outcome).toBe('unknown');
  });
});

describe('databases that cannot be seen', () => {
  it('leaves a silent server unknown, with the reason, and nothing decided by it', () => {
    const silent = audit('silent');
    for (const check of ['database/connectivity', 'database/migrations-applied', 'cache/redis-connectivity', 'cache/redis-authentication'])
      expect(silent.of(check)).toMatchObject({ outcome: 'unknown', summary: expect.stringContaining('timed-out') as string });
    expect(silent.said).not.toContain(password);
  });

  it('fails reachability where the connection is refused, and judges nothing else by it', () => {
    const gone = audit('gone');
    expect(gone.of('database/connectivity')).toMatchObject({ outcome: 'fail', kind: 'violation' });
    expect(gone.of('cache/redis-connectivity')).toMatchObject({ outcome: 'fail', kind: 'violation' });
    for (const check of ['cache/redis-authentication', 'database/slow-query-logging', 'database/tls-connections'])
      expect(gone.of(check).outcome).toBe('unknown');
    expect(gone.said).not.toContain(password);
  });
});
