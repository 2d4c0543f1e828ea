import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isNamed, openEnvironment } from '../../src/connect/index.js';
import { recordedEnvironment } from '../../src/connect/recorded.js';
import { connectors } from '../../src/connect/registry.js';
import { connections } from '../../src/model/connections.js';
import { ConnectFailure, type Connector, type EnvironmentSource } from '../../src/model/environment.js';

const now = new Date();
const permissions = { load: false, commands: false };

/** A connector of the test's own, under the name of `redis`. */
function connectorOf(
  measure: (ask: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<unknown>,
  more: Partial<Connector> = {},
) {
  const log = { opened: 0, closed: 0, asked: [] as unknown[] };
  const connector: Connector = {
    connection: 'redis',
    facts: z.unknown(),
    endpoints: () => ['redis://test'],
    async open() {
      log.opened++;
      return {
        async measure(ask, signal) {
          log.asked.push(ask);
          return { where: 'redis://test', facts: await measure(ask, signal) };
        },
        async close() {
          log.closed++;
        },
      };
    },
    ...more,
  };
  return { log, connectors: { redis: async () => connector } };
}

const source: EnvironmentSource = { redis: 'redis://:'.concat('not-a-real-one', '@127.0.0.1:6379') };
const ask = (fields: Record<string, unknown> = {}) => ({ connection: 'redis' as const, ask: fields });

describe('one environment', () => {
  it('opens each connection once, asks equal questions once, and closes what it opened', async () => {
    const { log, connectors: own } = connectorOf(async (question) => question);
    const environment = openEnvironment({ name: 'test', source, permissions, now, connectors: own });
    const answers = await Promise.all([{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 2 }].map((q) => environment.measure(ask(q))));
    expect(answers.map((a) => a.status)).toEqual(['measured', 'measured', 'measured']);
    expect(log).toMatchObject({ opened: 1, asked: [{ a: 1, b: 2 }, { a: 2 }], closed: 0 });
    await environment.close();
    expect(log.closed).toBe(1);
  });

  it('asks no more than so many at a time', async () => {
    let running = 0;
    let most = 0;
    const { connectors: own } = connectorOf(async () => {
      most = Math.max(most, ++running);
      await new Promise((go) => setImmediate(go));
      running--;
      return null;
    });
    const environment = openEnvironment({ name: 'test', source, permissions, now, connectors: own, concurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, (_, n) => environment.measure(ask({ n }))));
    await environment.close();
    expect(most).toBe(3);
  });

  it('leaves what does not answer by its deadline, whether it heeds the signal or not', async () => {
    for (const measure of [
      () => new Promise<never>(() => undefined),
      (_: unknown, signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    ]) {
      const { connectors: own } = connectorOf(measure);
      const environment = openEnvironment({ name: 'test', source, permissions, now, connectors: own, deadlineMs: 50 });
      expect(await environment.measure(ask())).toMatchObject({ status: 'unknown', reason: 'timed-out', message: 'no answer within 50 ms' });
      await environment.close();
    }
  });

  it('has an end for everything together', async () => {
    const { connectors: own } = connectorOf(() => new Promise<never>(() => undefined));
    const environment = openEnvironment({ name: 'test', source, permissions, now, connectors: own, overallMs: 60, concurrency: 1 });
    const answers = await Promise.all([1, 2, 3].map((n) => environment.measure(ask({ n }))));
    expect(answers.every((a) => a.status === 'unknown' && a.reason === 'timed-out' && /longer than 60 ms/.test(a.message))).toBe(true);
    await environment.close();
  });

  it('tells a failure by its reason and any other error as not understood, without credentials', async () => {
    const secret = 'not-a-real-one';
    const { connectors: own } = connectorOf(async ({ how }) => {
      if (how === 'failure') throw new ConnectFailure('no-permission', `NOAUTH for ${secret}`, `redis://:${secret}@test`);
      if (how === 'error') throw new TypeError(`cannot read ${secret}\nat line 1`);
      return { echoed: `AUTH ${secret}`, [secret]: [secret] };
    });
    const environment = openEnvironment({ name: 'test', source, permissions, now, connectors: own });
    const answers = await Promise.all(['failure', 'error', 'echo'].map((how) => environment.measure(ask({ how }))));
    await environment.close();
    expect(answers[0]).toEqual({ status: 'unknown', where: 'redis://:****@test', reason: 'no-permission', message: 'NOAUTH for ****' });
    expect(answers[1]).toMatchObject({
      status: 'unknown',
      reason: 'not-understood',
      message: expect.stringMatching(/^cannot read \*\*\*\*\S* ?/),
    });
    expect(answers[2]).toMatchObject({ status: 'measured', facts: { echoed: 'AUTH ****', '****': ['****'] } });
    expect(JSON.stringify(answers)).not.toContain(secret);
  });

  it('takes no answer that is larger than anybody can judge', async () => {
    const { connectors: own } = connectorOf(async () => 'x'.repeat(9_000_000));
    const environment = openEnvironment({ name: 'test', source, permissions, now, connectors: own });
    expect(await environment.measure(ask())).toMatchObject({ status: 'unknown', reason: 'too-large' });
    await environment.close();
  });

  it('says what to name where nothing is named, and opens nothing', async () => {
    const { log, connectors: own } = connectorOf(async () => null);
    const environment = openEnvironment({ name: 'test', source: {}, permissions, now, connectors: own });
    expect(await environment.measure(ask())).toMatchObject({
      status: 'unknown',
      reason: 'not-named',
      message: expect.stringContaining('--redis'),
    });
    await environment.close();
    expect(log).toMatchObject({ opened: 0, closed: 0 });
  });

  it('a connection that cannot be opened says why to every question, and is tried once', async () => {
    let opened = 0;
    const { connectors: own } = connectorOf(async () => null, {
      async open() {
        opened++;
        throw new ConnectFailure('refused', 'the connection was refused');
      },
    });
    const environment = openEnvironment({ name: 'test', source, permissions, now, connectors: own });
    const answers = await Promise.all([1, 2].map((n) => environment.measure(ask({ n }))));
    expect(answers).toMatchObject([{ reason: 'refused' }, { reason: 'refused' }]);
    expect(opened).toBe(1);
    await environment.close();
  });
});

describe('the registry', () => {
  it('has a connector of its name for every connection, whose facts have defaults for everything', async () => {
    for (const kind of connections) {
      const connector = await connectors[kind]?.();
      expect(connector?.connection).toBe(kind);
      expect(() => connector?.facts.parse({})).not.toThrow();
    }
  });

  it('names nothing where the operator names nothing', async () => {
    for (const kind of connections) {
      expect(isNamed({}, kind)).toBe(false);
      expect((await connectors[kind]?.())?.endpoints({})).toEqual([]);
    }
  });
});

describe('the recorded twin', () => {
  const twin = recordedEnvironment({
    http: [
      { ask: { path: '/a' }, facts: { status: 200 } },
      { ask: { path: '/b' }, unknown: 'refused', message: 'no' },
    ],
    redis: { version: '7' },
    tls: { unknown: 'timed-out' },
  });

  it('gives the first answer that fits, facts for any question, or a reason', async () => {
    expect(await twin.measure({ connection: 'http', ask: { path: '/a', method: 'GET' } })).toMatchObject({
      status: 'measured',
      facts: { status: 200 },
    });
    expect(await twin.measure({ connection: 'http', ask: { path: '/b' } })).toMatchObject({ status: 'unknown', reason: 'refused' });
    expect(await twin.measure({ connection: 'http', ask: { path: '/c' } })).toMatchObject({ status: 'unknown', reason: 'not-found' });
    expect(await twin.measure({ connection: 'redis', ask: { anything: 1 } })).toMatchObject({
      status: 'measured',
      facts: { version: '7' },
    });
    expect(await twin.measure({ connection: 'tls', ask: {} })).toMatchObject({ status: 'unknown', reason: 'timed-out' });
    expect(await twin.measure({ connection: 'dns', ask: {} })).toMatchObject({ status: 'unknown', reason: 'not-named' });
    expect(twin.has('redis')).toBe(true);
    expect(twin.has('dns')).toBe(false);
  });
});
