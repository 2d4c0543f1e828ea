import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEnvironment } from '../../src/connect/index.js';
import { http } from '../../src/connect/http.js';
import { assetsOf, parseCookie, parseCsp, parseHsts, type HttpFacts } from '../../src/connect/http-facts.js';
import type { EnvironmentSource, Measured } from '../../src/model/environment.js';
import { issue, nginx, nginxFolder } from '../support/nginx.js';
import { hostilePeer, hostilePeers } from '../support/servers.js';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** An application on loopback that answers as the test says; its port, and what it was asked. */
async function application(answer: (req: IncomingMessage, res: ServerResponse) => void) {
  const asked: { method: string; url: string; headers: IncomingMessage['headers']; port: number | undefined }[] = [];
  const server = createServer((req, res) => {
    asked.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, port: req.socket.remotePort });
    answer(req, res);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}

async function measureAll(source: EnvironmentSource, asks: readonly Record<string, unknown>[], deadlineMs = 5_000): Promise<Measured[]> {
  const environment = openEnvironment({ name: 'test', source, permissions: { load: false, commands: false }, now: new Date(), deadlineMs });
  try {
    return await Promise.all(asks.map((ask) => environment.measure({ connection: 'http', ask })));
  } finally {
    await environment.close();
  }
}

const measure = async (source: EnvironmentSource, ask: Record<string, unknown> = {}, deadlineMs?: number): Promise<Measured> =>
  (await measureAll(source, [ask], deadlineMs))[0] as Measured;

async function facts(source: EnvironmentSource, ask: Record<string, unknown> = {}): Promise<HttpFacts> {
  const answer = await measure(source, ask);
  if (answer.status !== 'measured') throw new Error(`${answer.reason}: ${answer.message}`);
  expect(http.facts.parse(answer.facts)).toEqual(answer.facts);
  return answer.facts as HttpFacts;
}

describe('against nginx with TLS', () => {
  let ports: Record<'secure' | 'plain' | 'expired', number>;
  let trust: string;
  beforeAll(async () => {
    const root = issue({ name: 'Test Root', authority: true });
    trust = join(nginxFolder(), 'root.pem');
    writeFileSync(trust, root.pem);
    ports = await nginx({
      secure: {
        tls: issue({ hosts: ['localhost'], issuer: root }),
        directives: `
          add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
          add_header Content-Security-Policy "default-src 'self'" always;
          add_header Set-Cookie "sid=${'not'.concat('-real')}; Secure; HttpOnly; SameSite=Lax" always;
          gzip on; gzip_types application/json; gzip_min_length 10;
          location = / { return 200 '<title>Shop</title><p>${'hello '.repeat(100)}</p>'; }
          location = /api { default_type application/json; return 200 '{"items":[1,2,3],"filler":"${'x'.repeat(200)}"}'; }
          location = /moved { return 301 /api; }
          location / { return 404 'nothing'; }`,
      },
      plain: { directives: 'return 301 https://localhost:$port:secure$request_uri;' },
      expired: { tls: issue({ hosts: ['localhost'], issuer: root, from: -90, to: -3 }), directives: "return 200 'ok';" },
    });
  });

  it('tells status, headers, cookies, compression, title', async () => {
    const found = await facts({ url: `https://localhost:${ports.secure}`, trust });
    expect(found).toMatchObject({
      status: 200,
      secure: true,
      title: 'Shop',
      type: 'text/html',
      encoding: 'gzip',
      hsts: { maxAge: 31_536_000, includeSubDomains: true, preload: false },
      csp: { 'default-src': ["'self'"] },
      cookies: [{ name: 'sid', secure: true, httpOnly: true, sameSite: 'lax', session: true, persistent: false }],
    });
    expect(found.bytes).toBeGreaterThan(600);
    expect(found.sent).toBeLessThan(found.bytes);
    expect(JSON.stringify(found)).not.toContain('not-real');
  });

  it('reads JSON, follows redirects on the host, keeps the status of what is not there', async () => {
    const url = `https://localhost:${ports.secure}`;
    expect((await facts({ url, trust }, { path: '/api' })).json).toMatchObject({ items: [1, 2, 3] });
    const moved = await facts({ url, trust }, { path: '/moved' });
    expect(moved).toMatchObject({ status: 200, final: `${url}/api`, redirects: [{ status: 301, from: `${url}/moved`, to: `${url}/api` }] });
    expect(await facts({ url, trust }, { path: '/moved', redirects: false })).toMatchObject({ status: 301, location: `${url}/api` });
    expect((await facts({ url, trust }, { path: '/nowhere' })).status).toBe(404);
  });

  it('follows http to https of the host only where that port is named', async () => {
    const url = `http://localhost:${ports.plain}`;
    const secure = `localhost:${ports.secure}`;
    expect(await facts({ url, trust, tls: secure }, { path: '/api' })).toMatchObject({
      status: 200,
      final: `https://${secure}/api`,
      secure: true,
    });
    expect(await measure({ url, trust })).toMatchObject({
      status: 'unknown',
      reason: 'not-allowed',
      message: expect.stringContaining(secure),
    });
  });

  it.each([
    ['expired', 'localhost', true, /CERT_HAS_EXPIRED/],
    ['secure', 'localhost', false, /UNABLE_TO/],
    ['secure', '127.0.0.1', true, /ALTNAME/],
  ] as const)('the certificate of %s at %s (trusted: %s) is not trusted', async (name, host, trusted, message) => {
    const answer = await measure({ url: `https://${host}:${ports[name]}`, ...(trusted ? { trust } : {}) });
    expect(answer).toMatchObject({ status: 'unknown', reason: 'untrusted', message: expect.stringMatching(message) });
  });
});

describe('what is sent', () => {
  it('one connection serves questions in turn, equal ones are put once', async () => {
    const { port, asked } = await application((_req, res) => res.end('ok'));
    const environment = openEnvironment({
      name: 'test',
      source: { url: `http://127.0.0.1:${port}/base/` },
      permissions: { load: false, commands: false },
      now: new Date(),
    });
    for (const path of ['/a', '/b', '/a', '/c']) await environment.measure({ connection: 'http', ask: { path } });
    await environment.close();
    expect(asked.map((a) => a.url)).toEqual(['/base/a', '/base/b', '/base/c']);
    expect(new Set(asked.map((a) => a.port)).size).toBe(1);
  });

  it('sends the operator’s headers, and none that proves an identity where the question is anonymous', async () => {
    const { port, asked } = await application((_req, res) => res.end('ok'));
    const secret = ['not', 'real', 'token'].join('-');
    const source = { url: `http://user:${secret}@127.0.0.1:${port}`, headers: { 'X-Gate': 'open sesame', Cookie: 'a=b' } };
    await measureAll(source, [{ path: '/1' }, { path: '/2', anonymous: true }]);
    const [first, second] = asked.sort((a, b) => (a.url < b.url ? -1 : 1));
    expect(first?.headers).toMatchObject({ 'x-gate': 'open sesame', cookie: 'a=b', authorization: expect.stringMatching(/^Basic /) });
    expect(second?.headers['x-gate']).toBe('open sesame');
    expect(second?.headers.authorization ?? second?.headers.cookie).toBeUndefined();
  });

  it('asks as a foreign origin does, with and without preflight', async () => {
    const { port, asked } = await application((req, res) => {
      res.setHeader('Access-Control-Allow-Origin', req.headers.origin ?? 'none');
      res.end();
    });
    const [plain, preflight] = await measureAll({ url: `http://127.0.0.1:${port}` }, [{ foreign: true }, { preflight: true }]);
    expect(plain).toMatchObject({ facts: { header: { 'access-control-allow-origin': 'https://readiness.invalid' } } });
    expect(preflight).toMatchObject({ status: 'measured' });
    expect(asked.map((a) => `${a.method} ${a.headers['access-control-request-method'] ?? '-'}`).sort()).toEqual(['GET -', 'OPTIONS PUT']);
  });

  it('never sends a method that could change something', async () => {
    const { port, asked } = await application((_req, res) => res.end());
    expect(await measure({ url: `http://127.0.0.1:${port}` }, { method: 'POST' })).toMatchObject({
      status: 'unknown',
      reason: 'not-allowed',
    });
    expect(asked).toEqual([]);
  });

  it('requests the scripts and stylesheets of a page, on its own host only', async () => {
    const { port, asked } = await application((req, res) => {
      if (req.url === '/') {
        res.setHeader('content-type', 'text/html');
        return res.end(`<link rel=stylesheet href="/a.css"><script src='b.js'></script><script src="https://cdn.invalid/c.js"></script>`);
      }
      res.statusCode = req.url === '/b.js' ? 404 : 200;
      res.setHeader('content-type', req.url === '/a.css' ? 'text/css' : 'text/plain');
      return res.end();
    });
    const found = await facts({ url: `http://127.0.0.1:${port}` }, { assets: true });
    expect(found.assets).toEqual([
      { url: `http://127.0.0.1:${port}/a.css`, kind: 'style', status: 200, type: 'text/css' },
      { url: `http://127.0.0.1:${port}/b.js`, kind: 'script', status: 404, type: 'text/plain' },
    ]);
    expect(asked).toHaveLength(3);
  });

  it('puts a request again that a kept-alive connection lost', async () => {
    let sockets = 0;
    const { port } = await application((req, res) => {
      // The server hangs up on a connection that it had kept, as an idle timeout does.
      if (req.url === '/second' && sockets++ === 0) return void req.socket.destroy();
      return res.end('ok');
    });
    const environment = openEnvironment({
      name: 'test',
      source: { url: `http://127.0.0.1:${port}` },
      permissions: { load: false, commands: false },
      now: new Date(),
    });
    await environment.measure({ connection: 'http', ask: { path: '/first' } });
    expect(await environment.measure({ connection: 'http', ask: { path: '/second' } })).toMatchObject({
      status: 'measured',
      facts: { status: 200 },
    });
    await environment.close();
  });
});

describe('hostile and broken peers', () => {
  const heap = () => process.memoryUsage().rss;

  it.each([
    ['silent', 'timed-out'],
    ['drip', 'not-understood'],
    ['endless', 'not-understood'],
    ['closing', 'not-understood'],
  ])('%s ends as %s', async (name, reason) => {
    const port = await hostilePeer(hostilePeers[name]!);
    expect(await measure({ url: `http://127.0.0.1:${port}` }, {}, 600)).toMatchObject({ status: 'unknown', reason });
  });

  it('a body that drips a byte at a time ends at the deadline', async () => {
    const port = await hostilePeer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await measure({ url: `http://127.0.0.1:${port}` }, {}, 600)).toMatchObject({ status: 'unknown', reason: 'timed-out' });
  });

  const endless = (head: string, chunk: Buffer) => (socket: Socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n${head}\r\n`);
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    more();
  };

  it('an endless body is left, with little memory', async () => {
    const before = heap();
    const port = await hostilePeer(endless('', Buffer.alloc(1 << 20, 'x')));
    expect(await measure({ url: `http://127.0.0.1:${port}` })).toMatchObject({ status: 'unknown', reason: 'too-large' });
    expect(heap() - before).toBeLessThan(150e6);
  });

  it('endless headers are left', async () => {
    const port = await hostilePeer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const line = Buffer.from('x-more: '.concat('y'.repeat(1_000), '\r\n'));
      const more = () => {
        while (!socket.destroyed && socket.write(line));
      };
      socket.on('drain', more);
      more();
    });
    expect(await measure({ url: `http://127.0.0.1:${port}` })).toMatchObject({ status: 'unknown', reason: 'too-large' });
  });

  it.each([
    ['gzip', () => gzipSync(Buffer.alloc(300 << 20))],
    ['br', () => brotliCompressSync(Buffer.alloc(64 << 20))],
  ] as const)('a %s bomb is left before it unfolds', async (encoding, make) => {
    const bomb = make();
    const { port } = await application((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html', 'content-encoding': encoding });
      res.end(bomb);
    });
    const before = heap();
    expect(await measure({ url: `http://127.0.0.1:${port}` })).toMatchObject({ status: 'unknown', reason: 'too-large' });
    expect(heap() - before).toBeLessThan(100e6);
  });

  it('a body that is not what its encoding says is told', async () => {
    const { port } = await application((_req, res) => {
      res.writeHead(200, { 'content-encoding': 'gzip' });
      res.end('this is no gzip');
    });
    expect(await measure({ url: `http://127.0.0.1:${port}` })).toMatchObject({ status: 'unknown', reason: 'not-understood' });
  });

  it.each([
    ['a loop', (port: number, url: string) => `http://127.0.0.1:${port}${url === '/a' ? '/b' : '/a'}`, 'not-understood', /circle/],
    ['a chain', (_port: number, url: string) => `${url}x`, 'not-understood', /more than 10 times/],
    ['another host', () => 'http://other.example.org/', 'not-allowed', /other\.example\.org/],
    ['another port of the host', (port: number) => `http://127.0.0.1:${port + 1}/`, 'not-allowed', /does not name/],
    ['loopback by another name', (port: number) => `http://localhost:${port}/`, 'not-allowed', /localhost/],
    ['the metadata service', () => 'http://169.254.169.254/latest/meta-data/', 'not-allowed', /169\.254\.169\.254/],
    ['the metadata service as a number', () => 'http://2852039166/', 'not-allowed', /169\.254\.169\.254/],
    ['link-local IPv6', () => 'http://[fe80::1]/', 'not-allowed', /fe80/],
    ['a name within the network', () => '//metadata.google.internal/', 'not-allowed', /metadata\.google\.internal/],
    ['a file', () => 'file:///etc/passwd', 'not-allowed', /./],
  ] as const)('a redirect: %s', async (_name, to, reason, message) => {
    const { port, asked } = await application((req, res) => {
      res.writeHead(302, { location: to(port, req.url ?? '/') });
      res.end();
    });
    expect(await measure({ url: `http://127.0.0.1:${port}` }, { path: '/a' })).toMatchObject({
      status: 'unknown',
      reason,
      message: expect.stringMatching(message),
    });
    expect(asked.length).toBeLessThanOrEqual(12);
  });

  it('refused, not found, and no HTTP at all', async () => {
    expect(await measure({ url: 'http://127.0.0.1:1' })).toMatchObject({
      status: 'unknown',
      reason: 'refused',
      where: 'http://127.0.0.1:1/',
    });
    expect(await measure({ url: 'http://nowhere.invalid' })).toMatchObject({ status: 'unknown', reason: 'not-found' });
    const port = await hostilePeer((socket) => socket.end('220 mail.example.org ESMTP\r\n'));
    expect(await measure({ url: `http://127.0.0.1:${port}` })).toMatchObject({ status: 'unknown', reason: 'not-understood' });
    expect(await measure({ url: `https://127.0.0.1:${port}` })).toMatchObject({ status: 'unknown', reason: 'not-understood' });
  });
});

describe('what headers say', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it.each([
    ['sid=1; Secure; HttpOnly; SameSite=Strict', { secure: true, httpOnly: true, sameSite: 'strict', session: true, clears: false }],
    ['JSESSIONID=1; path=/; HTTPONLY', { secure: false, httpOnly: true, sameSite: '', session: true, path: '/' }],
    ['csrftoken=1; SameSite=Banana', { session: false, sameSite: '' }],
    ['theme=dark; Max-Age=100', { session: false, persistent: true }],
    ['session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', { clears: true }],
    ['sessionid=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT', { clears: false, persistent: true, session: true }],
  ])('cookie %s', (header, wanted) => {
    expect(parseCookie(header, now)).toMatchObject(wanted);
  });

  it.each([
    ['max-age=31536000; includeSubDomains; preload', { maxAge: 31_536_000, includeSubDomains: true, preload: true }],
    ['includeSubDomains;MAX-AGE="0"', { maxAge: 0, includeSubDomains: true, preload: false }],
    ['max-age=one year', null],
    ['', null],
  ])('HSTS %s', (header, wanted) => {
    expect(parseHsts(header)).toEqual(wanted);
  });

  it('joins policies to what all of them permit, and takes the first of repeated directives', () => {
    expect(parseCsp(["default-src 'self'; default-src *; script-src 'self' https://A.example 'nonce-AbC'"])).toEqual({
      'default-src': ["'self'"],
      'script-src': ["'self'", 'https://a.example', "'nonce-AbC'"],
    });
    expect(parseCsp(["script-src 'self' https://a.example", "script-src 'self'; frame-ancestors 'none'"])).toEqual({
      'script-src': ["'self'"],
      'frame-ancestors': ["'none'"],
    });
    expect(parseCsp(['script-src https://a.example, script-src https://b.example'])).toEqual({ 'script-src': ["'none'"] });
    expect(parseCsp([''])).toBeNull();
    expect(parseCsp(undefined)).toBeNull();
  });

  it('finds the assets of a page and none in comments', () => {
    const html =
      '<!-- <script src="/no.js"></script> --><script defer src=/yes.js?a=1&amp;b=2></script><link href="s.css" rel="stylesheet"><link rel=icon href=i.png>';
    expect(assetsOf(html, 'https://a.example/shop/', 10)).toEqual([
      { url: 'https://a.example/yes.js?a=1&b=2', kind: 'script' },
      { url: 'https://a.example/shop/s.css', kind: 'style' },
    ]);
  });
});
