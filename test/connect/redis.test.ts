import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { redis } from '../../src/connect/redis.js';
import type { RedisFacts } from '../../src/connect/redis-facts.js';
import { configOf, infoOf, memoryOf, persistenceOf } from '../../src/connect/redis-replies.js';
import { UsageError } from '../../src/model/error.js';
import { asking } from '../support/measure.js';
import { freePort, hostilePeer, hostilePeers, redisServer, type RedisServer } from '../support/servers.js';

const { facts: ask, failure } = asking<RedisFacts>(redis);
const password = ['not', 'a', 'real', 'one', '9S'].join('-');
const sha = createHash('sha256').update(password).digest('hex');
let careful: RedisServer;
let careless: RedisServer;

/** Commands as lines, without a client of ours in between; the server's own words. */
function send(server: RedisServer, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: server.port }, () =>
      socket.write([...lines, 'QUIT'].map((l) => `${l}\r\n`).join('')),
    );
    let said = '';
    socket.on('data', (chunk) => (said += chunk.toString()));
    socket.once('error', reject).once('close', () => resolve(said));
  });
}

beforeAll(async () => {
  [careful, careless] = await Promise.all([
    redisServer({
      tls: true,
      settings: [
        'maxmemory 64mb',
        'maxmemory-policy allkeys-lru',
        'appendonly yes',
        'rename-command DEBUG ""',
        `user default off`,
        `user app on #${sha} ~* &* +@all -@dangerous -@admin +info +config|get`,
        `user blind on #${sha} ~* +ping +get`,
        `user admin on #${sha} ~* &* +@all`,
      ],
    }),
    redisServer({ settings: ['save ""', 'protected-mode no'] }),
  ]);
});

describe('a careful server', () => {
  let facts: RedisFacts;
  beforeAll(async () => {
    facts = await ask({ redis: careful.url(password, 'app'), trust: careful.cert });
  });

  it('tells version, role and end of support', () => {
    expect(facts.server).toMatchObject({ vendor: 'redis', mode: 'standalone', role: 'master', loading: false, linkUp: null });
    expect(facts.server?.line).toMatch(/^\d+\.\d+$/);
    expect(facts.server?.supported).toBe(facts.server?.line === '7.0' ? false : (facts.server?.supported ?? null));
  });

  it('demands credentials, and checked ours', () => {
    expect(facts.authentication).toMatchObject({ required: true, credentialsNeeded: true });
  });

  it('is encrypted, and verified against the named authority', async () => {
    expect(facts.tls).toMatchObject({ connection: true, version: 'TLSv1.3', verified: true, problem: '', plainPort: false });
    const { tls } = await ask({ redis: careful.url(password, 'app') });
    expect(tls).toMatchObject({ connection: true, verified: false });
    expect(tls.problem).toContain('SELF_SIGNED');
  });

  it('tells memory, persistence and counts', () => {
    expect(facts.memory).toMatchObject({ limit: 64 * 1024 * 1024, policy: 'allkeys-lru', evicted: 0 });
    expect(facts.memory?.share).toBeLessThan(0.9);
    expect(facts.persistence).toMatchObject({ appendOnly: true, snapshots: true, lastSnapshotOk: true, lastAppendOk: true });
    expect(facts.stats?.hitRate).toBeNull();
  });

  it('knows of dangerous commands, and cannot ask which it may run', () => {
    expect(facts.commands?.enabled).toContain('FLUSHALL');
    expect(facts.commands?.enabled).not.toContain('DEBUG');
    expect(facts.commands?.allowed).toBeNull();
    expect(facts.denied.map((d) => [d.facts, d.reason])).toEqual([['acl', 'no-permission']]);
  });

  it('sees as an administrator that the default user is off and what is allowed, without running it', async () => {
    const all = await ask({ redis: careful.url(password, 'admin') });
    expect(all.authentication.defaultUserWithoutPassword).toBe(false);
    expect(all.commands?.allowed).toEqual(all.commands?.enabled);
    expect(all.denied).toEqual([]);
  });

  it('still tells who may not read INFO that it is reachable, and why nothing else comes', async () => {
    const blind = await ask({ redis: careful.url(password, 'blind') });
    expect(blind).toMatchObject({ reach: { ok: true }, server: null, memory: null, persistence: null, stats: null });
    expect(blind.denied.map((d) => d.facts)).toEqual(expect.arrayContaining(['info', 'config', 'acl']));
    expect(new Set(blind.denied.map((d) => d.reason))).toEqual(new Set(['no-permission']));
  });
});

describe('a careless server', () => {
  let facts: RedisFacts;
  beforeAll(async () => {
    await send(careless, ['SET a 1', 'GET a', 'GET a', 'GET a', 'GET b']);
    facts = await ask({ redis: careless.url() });
  });

  it('lets anybody in', async () => {
    expect(facts.authentication).toEqual({
      required: false,
      credentialsNeeded: null,
      defaultUserWithoutPassword: true,
      protectedMode: false,
    });
    expect((await ask({ redis: careless.url(password) })).authentication).toMatchObject({ required: false, credentialsNeeded: false });
  });

  it('has no limit, keeps nothing, allows everything', () => {
    expect(facts.memory).toMatchObject({ limit: 0, policy: 'noeviction', share: null });
    expect(facts.persistence).toMatchObject({ appendOnly: false, snapshots: false });
    expect(facts.commands?.allowed).toEqual(expect.arrayContaining(['FLUSHALL', 'CONFIG', 'SHUTDOWN']));
    expect(facts.tls).toMatchObject({ connection: false, plainPort: true });
  });

  it('counts look-ups', () => {
    expect(facts.stats).toMatchObject({ hits: 3, misses: 1, lookups: 4, hitRate: 0.75 });
  });

  it('has run nothing that changes it', async () => {
    const said = await send(careless, ['INFO commandstats']);
    expect(said).toContain('cmdstat_ping');
    expect(said).not.toMatch(/cmdstat_(?:flushall|flushdb|shutdown|debug|keys|save|replicaof|config\|set|migrate|monitor)/);
  });
});

describe('a replica whose CONFIG is taken away', () => {
  it('is read-only, and tells from INFO what it can', async () => {
    const replica = await redisServer({
      settings: [`replicaof 127.0.0.1 ${careless.port}`, 'rename-command CONFIG ""', 'rename-command FLUSHALL ""', 'maxmemory 32mb'],
    });
    const facts = await ask({ redis: replica.url() });
    expect(facts.server).toMatchObject({ role: 'slave' });
    expect(facts.memory).toMatchObject({ limit: 32 * 1024 * 1024 });
    expect(facts.persistence).toMatchObject({ snapshots: null });
    expect(facts.tls.plainPort).toBeNull();
    expect(facts.commands?.enabled).not.toContain('CONFIG');
    expect(facts.commands?.allowed).not.toContain('FLUSHALL');
    expect(facts.denied.map((d) => [d.facts, d.reason])).toEqual([['config', 'no-permission']]);
  });
});

describe('what cannot be told', () => {
  it('is refused where nothing listens', async () => {
    const url = `redis://:${password}@127.0.0.1:${await freePort()}`;
    expect((await failure({ redis: url })).reason).toBe('refused');
    expect(await ask({ redis: url }, { reach: true })).toMatchObject({ reach: { ok: false, reason: 'refused' }, server: null });
  });

  it('says that the credentials are missing or wrong, without them', async () => {
    expect((await failure({ redis: careful.url() })).reason).toBe('no-permission');
    const told = await failure({ redis: careful.url(`${password}-wrong`, 'app') });
    expect(told.reason).toBe('no-permission');
    expect(told.message).not.toContain(password);
    expect(await ask({ redis: careful.url() }, { reach: true })).toMatchObject({
      reach: { ok: false, reason: 'no-permission' },
      authentication: { required: true },
    });
  });

  it('does not take plain text for TLS, nor TLS for plain text', async () => {
    const tls = await failure({ redis: `rediss://127.0.0.1:${careless.port}` }, {}, 1_500);
    expect(['not-understood', 'timed-out']).toContain(tls.reason);
    expect((await failure({ redis: `redis://127.0.0.1:${careful.port}` }, {}, 1_500)).reason).toBe('not-understood');
  });

  it.each(Object.keys(hostilePeers))('ends in time against a peer that is %s', async (name) => {
    const port = await hostilePeer(hostilePeers[name] as never);
    for (const scheme of ['redis', 'rediss']) {
      const told = await failure({ redis: `${scheme}://:${password}@127.0.0.1:${port}` }, { reach: true }, 600);
      expect(['timed-out', 'not-understood', 'too-large']).toContain(told.reason);
      expect(told.message).not.toContain(password);
    }
  });

  it('refuses an address that it cannot read', () => {
    expect(() => redis.endpoints({ redis: 'http://cache' })).toThrow(UsageError);
    expect(() => redis.endpoints({ redis: 'redis://cache/sessions' })).toThrow(UsageError);
  });
});

describe('a managed server that hides CONFIG', () => {
  it('tells memory and persistence from INFO alone', () => {
    const info = infoOf('# Memory\r\nused_memory:100\r\nmaxmemory:400\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\ndb0:keys=1\r\n');
    expect(memoryOf(info, null)).toMatchObject({ limit: 400, policy: 'noeviction', share: 0.25 });
    expect(persistenceOf(info, null)).toMatchObject({ appendOnly: true, snapshots: null });
    expect(() => configOf([])).toThrow();
  });
});
