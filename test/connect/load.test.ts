import { readFileSync } from 'node:fs';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { openEnvironment } from '../../src/connect/index.js';
import { load, planOf, type LoadFacts } from '../../src/connect/load.js';
import type { EnvironmentSource } from '../../src/model/environment.js';
import { temporaryFolder } from '../support/cli.js';
import { httpServer } from '../support/prometheus.js';
import { certificate, freePort, hostilePeer, hostilePeers } from '../support/servers.js';

async function ask(source: EnvironmentSource, question: Record<string, unknown>, allowed = true, overallMs = 60_000) {
  const permissions = { load: allowed, commands: false };
  const environment = openEnvironment({ name: 'test', source, permissions, now: new Date(), overallMs });
  try {
    const answer = await environment.measure({ connection: 'load', ask: question });
    if (answer.status === 'measured') expect(load.facts.parse(answer.facts)).toEqual(answer.facts);
    return answer;
  } finally {
    await environment.close();
  }
}
const facts = async (source: EnvironmentSource, question: Record<string, unknown>) => {
  const answer = await ask(source, question);
  expect(answer).toMatchObject({ status: 'measured' });
  return (answer as unknown as { facts: LoadFacts }).facts;
};

/** An application that counts; with a limit it answers 429 after so many requests. */
async function application(limit = Infinity, headers: Record<string, string> = {}) {
  const seen = { requests: 0, bodies: new Set<string>(), headers: new Set<string>(), paths: new Set<string>(), methods: new Set<string>() };
  const { url } = await httpServer((request, response) => {
    seen.requests++;
    seen.paths.add(request.url ?? '');
    seen.methods.add(request.method ?? '');
    if (request.headers['x-gate']) seen.headers.add(String(request.headers['x-gate']));
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (body) seen.bodies.add(body);
      if (seen.requests > limit) response.writeHead(429, { 'retry-after': '30', ...headers }).end();
      else if (request.url?.startsWith('/broken')) response.writeHead(500).end();
      else response.writeHead(200, headers).end('{"ok":true}');
    });
  });
  return { url, seen };
}

describe('a load test', () => {
  it('counts requests, and gives percentiles in order', async () => {
    const { url, seen } = await application();
    const found = await facts({ url, headers: { 'x-gate': 'open' } }, { path: '/api', seconds: 1, connections: 5 });
    expect(found).toMatchObject({
      kind: 'load',
      path: '/api',
      method: 'GET',
      connections: 5,
      errorRate: 0,
      failed: 0,
      limited: 0,
      limitedAfter: null,
    });
    expect(found.requests).toBeGreaterThan(50);
    expect(found.statuses).toEqual({ '200': found.requests });
    const { p50, p90, p95, p99, max, mean } = found.latency;
    expect([p50, p90, p95, p99, max]).toEqual([p50, p90, p95, p99, max].sort((a, b) => a - b));
    expect(mean).toBeLessThanOrEqual(max);
    expect([...seen.headers]).toEqual(['open']);
    // One ordinary request goes ahead; what was under way at the end is answered, but not waited for.
    expect(seen.requests).toBeGreaterThan(found.requests);
    expect(seen.requests).toBeLessThanOrEqual(found.requests + 1 + 2 * 5);
  });

  it('of a number of requests makes just so many, one after the other with one connection', async () => {
    const { url, seen } = await application();
    expect(await facts({ url }, { path: '/', requests: 50, connections: 1 })).toMatchObject({ requests: 50, connections: 1, errorRate: 0 });
    expect(seen.requests).toBe(51);
  });

  it('shows failures as the share of requests', async () => {
    const { url } = await application();
    expect(await facts({ url }, { path: '/broken', requests: 20 })).toMatchObject({
      requests: 20,
      failed: 20,
      errorRate: 1,
      statuses: { '500': 20 },
    });
  });

  it('shows limited requests apart from failed ones', async () => {
    const { url } = await application(11);
    expect(await facts({ url }, { requests: 40, connections: 1 })).toMatchObject({
      requests: 40,
      failed: 0,
      limited: 30,
      limitedAfter: 10,
    });
  });

  it('is refused without permission, and nothing is sent', async () => {
    const { url, seen } = await application();
    expect(await ask({ url }, { path: '/' }, false)).toMatchObject({
      status: 'unknown',
      reason: 'not-allowed',
      message: expect.stringContaining('--allow-load') as string,
    });
    expect(seen.requests).toBe(0);
  });

  it('is unknown where nobody listens', async () => {
    expect(await ask({ url: `http://127.0.0.1:${await freePort()}` }, {})).toMatchObject({ status: 'unknown', reason: 'refused' });
  });

  it('never sends the operator’s headers to a certificate that is not trusted', async () => {
    const folder = temporaryFolder();
    const { cert, key } = certificate(folder);
    let requests = 0;
    const server = createTls({ cert: readFileSync(cert), key: readFileSync(key) }, (_, response) => {
      requests++;
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await ask({ url }, { requests: 10 })).toMatchObject({ status: 'unknown', reason: 'untrusted' });
    expect(requests).toBe(0);
    expect(await facts({ url, trust: cert }, { requests: 10 })).toMatchObject({ requests: 10, errorRate: 0 });
    expect(await facts({ url, trust: cert }, { burst: 10 })).toMatchObject({ requests: 10, errorRate: 0 });
  });
});

describe('a burst', () => {
  it('sees the first request that is limited, and stops soon after', async () => {
    const { url, seen } = await application(30);
    const found = await facts({ url }, { path: '/login', burst: 150, connections: 3 });
    expect(found).toMatchObject({ kind: 'burst', retryAfter: 30 });
    expect(found.limited).toBeGreaterThanOrEqual(1);
    expect(found.limitedAfter).toBeGreaterThanOrEqual(27);
    expect(found.limitedAfter).toBeLessThanOrEqual(32);
    expect(seen.requests).toBeLessThan(45);
  });

  it('sees that nothing limits', async () => {
    const { url, seen } = await application();
    expect(await facts({ url }, { burst: 120 })).toMatchObject({
      requests: 120,
      limited: 0,
      limitedAfter: null,
      limitHeaders: [],
      retryAfter: null,
    });
    expect(seen.requests).toBe(120);
  });

  it('sees headers that tell a limit', async () => {
    const { url } = await application(Infinity, { 'RateLimit-Policy': '"a";q=100;w=60', 'X-RateLimit-Remaining': '9' });
    expect(await facts({ url }, { burst: 5 })).toMatchObject({ limitHeaders: ['ratelimit-policy', 'x-ratelimit-remaining'] });
  });

  it('sends a body as JSON', async () => {
    const { url, seen } = await application();
    await facts({ url }, { path: '/login', burst: 4, body: { user: 'nobody', word: 'x' } });
    expect([...seen.bodies]).toEqual(['{"user":"nobody","word":"x"}']);
    expect([...seen.methods]).toEqual(['POST']);
  });
});

describe('bounds', () => {
  it('cap what may be asked for', () => {
    expect(planOf({ connections: 900, seconds: 900, burst: 90_000 }, 'http://a.test')).toMatchObject({
      connections: 50,
      seconds: 30,
      requests: 400,
    });
    expect(planOf({ requests: 1e9 }, 'http://a.test')).toMatchObject({ requests: 20_000 });
    expect(planOf({ connections: 'many', requests: -1 }, 'http://a.test')).toMatchObject({ connections: 10, requests: 1 });
  });

  it.each(['http://other.test/', '//other.test/', 'x', '/\\other.test'])('keep the path %s from another host', (path) => {
    const planned = () => planOf({ path }, 'http://a.test');
    expect(planned).toThrow('only to paths of the named address');
  });

  it('keep a base path', () => {
    expect(planOf({ path: '/x' }, 'http://a.test/base/').url.href).toBe('http://a.test/base/x');
  });
});

describe('a peer that is hostile', () => {
  const dripping = (socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n');
    const timer = setInterval(() => socket.write('x'), 50);
    socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
  };
  const cases = [
    ['never answers', 'timed-out', hostilePeers['silent']],
    ['drips its answer', 'timed-out', dripping],
    ['speaks another language', 'not-understood', (socket: Socket) => socket.end('220 mail ready\r\n')],
    ['closes at once', 'not-understood', hostilePeers['closing']],
  ] as const;

  it.each(cases)('and %s is unknown, for a load test and a burst: %s', async (_, reason, meet) => {
    const url = `http://127.0.0.1:${await hostilePeer(meet as (socket: Socket) => void)}`;
    for (const question of [{ requests: 20 }, { burst: 20 }])
      expect(await ask({ url }, question, true, reason === 'timed-out' ? 1_200 : 20_000)).toMatchObject({ status: 'unknown', reason });
  });

  it('and never stops answering is cut off', async () => {
    const chunk = Buffer.alloc(1 << 16, 0x41);
    const endless = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', more).on('error', () => undefined);
      more();
    };
    const url = `http://127.0.0.1:${await hostilePeer(endless)}`;
    const before = process.memoryUsage().rss;
    expect(await ask({ url }, { burst: 5, connections: 1 })).toMatchObject({ status: 'measured', facts: { requests: 5, limited: 0 } });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  });
});
