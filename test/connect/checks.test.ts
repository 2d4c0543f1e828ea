import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentSource } from '../../src/model/environment.js';
import { dnsServer } from '../support/dns.js';
import { auditLive, outcomesOf } from '../support/live.js';
import { issue, nginx, nginxFolder } from '../support/nginx.js';
import { freePort, hostilePeer, hostilePeers } from '../support/servers.js';

const closers: (() => void)[] = [];
afterAll(() => closers.forEach((close) => close()));

async function application(listener: RequestListener, socketPath = '/ws'): Promise<number> {
  const server = createServer(listener);
  server.on('upgrade', (req, socket) => {
    if (req.url === socketPath) socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    else socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const words = (start: string) => `<title>${start}</title><p>${`${start} of the shop and of its customers `.repeat(60)}</p>`;

/** An application as it should be. */
const careful: RequestListener = (req, res) => {
  const path = (req.url ?? '/').split('?')[0] as string;
  const html = (body: string) => {
    res.setHeader('content-type', 'text/html');
    res.setHeader('content-encoding', 'gzip');
    res.end(gzipSync(body));
  };
  const json = (value: unknown) => {
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(value));
  };
  for (const [name, value] of Object.entries({
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'x-xss-protection': '0',
    'referrer-policy': 'same-origin',
    'ratelimit-limit': '100',
    'cf-ray': 'abc-FRA',
    'set-cookie': 'sid=x; Secure; HttpOnly; SameSite=Lax',
  }))
    res.setHeader(name, value);
  if (!/^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(req.headers.host ?? '')) {
    res.statusCode = 421;
    return void res.end();
  }
  if (path === '/') return html(`<link rel="stylesheet" href="/a.css"><script src="/a.js"></script>${words('Shop')}`);
  if (path === '/a.css' || path === '/a.js') {
    res.setHeader('content-type', path === '/a.js' ? 'text/javascript' : 'text/css');
    return void res.end('/* */');
  }
  if (path === '/privacy') return html(words('Privacy'));
  if (path === '/terms') return html(words('Terms'));
  if (path === '/health') return json({ status: 'ok', database: 'ok', version: '1.2.3' });
  res.statusCode = path === '/me' ? 401 : 404;
  return json({ detail: 'no' });
};

/** The same without any care. */
const careless: RequestListener = (req, res) => {
  const path = (req.url ?? '/').split('?')[0] as string;
  res.setHeader('content-type', 'text/html');
  res.setHeader('set-cookie', 'sid=x');
  res.setHeader('access-control-allow-origin', req.headers.origin ?? '*');
  res.setHeader('access-control-allow-credentials', 'true');
  if (path === '/') return void res.end(`<script src="/gone.js"></script>${words('Shop')}`);
  if (path === '/docs') return void res.end('<div id="swagger-ui"></div>');
  if (path === '/privacy' || path === '/terms')
    return void res.end(`<title>Legal</title> Lorem ipsum dolor, [Company Name] ${'word '.repeat(300)}`);
  if (path === '/actuator/env') return void res.end('{"activeProfiles":["prod"],"propertySources":[]}');
  if (path === '/me') return void res.end('{"name":"somebody"}');
  res.statusCode = /health|ready/.test(path) ? 503 : 500;
  return void res.end('Traceback (most recent call last):\n  File "/srv/app/shop/views.py", line 7, in get\nKeyError');
};

const params = {
  'authentication/authentication-required': { paths: ['/me'] },
  'api/websocket-works': { paths: ['/ws'] },
  'testing/smoke-tests': { paths: ['/'] },
};

/** Checks, and what the careful and the careless system make of each. */
const table: Readonly<Record<string, readonly [careful: string, careless: string]>> = {
  'api/docs-hidden-in-production': ['pass', 'fail violation'],
  'api/errors-hide-internals': ['pass', 'fail violation'],
  'api/rate-limiting': ['pass', 'unknown'],
  'api/websocket-works': ['pass', 'unknown'],
  'authentication/authentication-required': ['pass', 'fail violation'],
  'authentication/secure-session-cookies': ['pass', 'fail violation'],
  'compliance/privacy-policy': ['pass', 'fail violation'],
  'compliance/terms-of-service': ['pass', 'fail violation'],
  'frontend/routes-respond': ['pass', 'fail violation'],
  'infrastructure/certificate-auto-renewal': ['unknown', 'unknown'],
  'infrastructure/ddos-protection': ['pass', 'unknown'],
  'infrastructure/tls-certificate': ['pass', 'fail violation'],
  'infrastructure/tls-strong-configuration': ['pass', 'fail violation'],
  'monitoring/dependency-health': ['pass', 'fail violation'],
  'monitoring/health-endpoint': ['pass', 'fail violation'],
  'monitoring/version-reported': ['pass', 'unknown'],
  'performance/api-response-time': ['pass', 'unknown'],
  'performance/cdn': ['pass', 'unknown'],
  'performance/page-load-time': ['pass', 'pass'],
  'performance/response-compression': ['pass', 'fail violation'],
  'security/content-security-policy': ['pass', 'fail violation'],
  'security/content-type-options': ['pass', 'fail violation'],
  'security/cors-credentials-safe': ['pass', 'fail violation'],
  'security/cors-restricted-origins': ['pass', 'fail violation'],
  'security/frame-options': ['pass', 'fail violation'],
  'security/management-endpoints-protected': ['pass', 'fail violation'],
  'security/referrer-policy': ['pass', 'fail violation'],
  'security/strict-transport-security': ['pass', 'fail violation'],
  'security/trusted-hosts': ['pass', 'fail violation'],
  'security/xss-protection-header': ['pass', 'fail violation'],
  'testing/smoke-tests': ['pass', 'fail violation'],
};
const checks = Object.keys(table);

describe('checks against a running system', () => {
  let good: EnvironmentSource;
  let bad: EnvironmentSource;
  beforeAll(async () => {
    const [carefulPort, carelessPort] = [await application(careful), await application(careless, '/none')];
    const root = issue({ name: 'Test Root', authority: true });
    const trust = join(nginxFolder(), 'root.pem');
    writeFileSync(trust, root.pem);
    const proxy = (port: number, protocols: string) =>
      `ssl_protocols ${protocols}; ssl_ciphers ${/TLSv1 /.test(protocols) ? '"HIGH:!aNULL:@SECLEVEL=0"' : 'ECDHE+AESGCM'};
       location / { proxy_pass http://127.0.0.1:${port}; proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection; }`;
    const ports = await nginx({
      good: { tls: issue({ hosts: ['localhost'], issuer: root }), directives: proxy(carefulPort, 'TLSv1.2 TLSv1.3') },
      bad: {
        tls: issue({ hosts: ['localhost'], issuer: root, from: -60, to: 5 }),
        directives: proxy(carelessPort, 'TLSv1 TLSv1.1 TLSv1.2'),
      },
    });
    good = { url: `https://localhost:${ports.good}`, trust };
    bad = { url: `https://localhost:${ports.bad}`, trust };
  });

  it('that is careful', async () => {
    const report = await auditLive({ source: good, checks, params, liveOnly: true });
    expect(outcomesOf(report)).toEqual(Object.fromEntries(checks.map((id) => [id, table[id]?.[0]])));
    // The load test that nobody permitted.
    expect(report.environment).toMatchObject({ name: 'test', unknown: 1 });
    const passing = report.findings.filter((f) => f.outcome === 'pass');
    expect(passing.every((f) => f.rung === 'observed' && f.evidence.every((e) => e.where !== undefined))).toBe(true);
  });

  it('that is careless', async () => {
    const report = await auditLive({ source: bad, checks, params, liveOnly: true });
    expect(outcomesOf(report)).toEqual(Object.fromEntries(checks.map((id) => [id, table[id]?.[1]])));
  });

  it.each([
    ['refuses', async () => `http://127.0.0.1:${await freePort()}`, /refused/],
    ['never answers', async () => `http://127.0.0.1:${await hostilePeer(hostilePeers['silent']!)}`, /no answer within/],
    ['is no web server', async () => `https://127.0.0.1:${await hostilePeer(hostilePeers['garbage']!)}`, /TLS/],
  ])('that %s', async (_name, url, reason) => {
    const report = await auditLive({ source: { url: await url() }, checks, params, liveOnly: true, deadlineMs: 500 });
    expect([...new Set(Object.values(outcomesOf(report)))]).toEqual(['unknown']);
    const said = report.findings
      .filter((f) => !f.check.startsWith('infrastructure/'))
      .map((f) => f.evidence.map((e) => e.message).join(' '));
    expect(said.filter((s) => !reason.test(s))).toEqual([]);
  });

  it('certificates and protocols that are named beside the application', async () => {
    const endpoint = new URL(bad.url ?? '').host;
    const tls = ['infrastructure/tls-certificate', 'infrastructure/tls-strong-configuration'];
    const report = await auditLive({ source: { tls: endpoint, ...(bad.trust ? { trust: bad.trust } : {}) }, checks: tls });
    expect(outcomesOf(report)).toEqual({ [tls[0] as string]: 'fail violation', [tls[1] as string]: 'fail violation' });
    expect(report.findings.map((f) => f.evidence[0]?.where)).toEqual([`tls://${endpoint}`, `tls://${endpoint}`]);
  });

  it('plain HTTP beside HTTPS', async () => {
    const port = await application((_req, res) => res.end('in the clear'));
    const report = await auditLive({ source: { url: `http://127.0.0.1:${port}` }, checks: ['security/https-enforced'], liveOnly: true });
    expect(outcomesOf(report)).toEqual({ 'security/https-enforced': 'fail violation' });
    expect(report.findings[0]?.evidence[0]?.message).toBe('plain HTTP is answered with 200');
  });
});

describe('ports and names', () => {
  const tcp = ['containers/backing-services-not-published', 'infrastructure/admin-network-access', 'infrastructure/ingress-restricted'];

  it('an open port that must be closed', async () => {
    const open = await hostilePeer(() => undefined);
    const closed = await freePort();
    const ask = async (ports: number[]) =>
      outcomesOf(await auditLive({ source: { ports: { host: '127.0.0.1', closed: ports } }, checks: tcp, liveOnly: true }));
    expect(await ask([closed])).toEqual({ [tcp[0]!]: 'unknown', [tcp[1]!]: 'unknown', [tcp[2]!]: 'pass' });
    expect(await ask([closed, open])).toMatchObject({ [tcp[2]!]: 'fail violation' });
    expect(await ask([closed, 27_017, 2_375])).toMatchObject({ [tcp[0]!]: 'pass' });
  });

  it('records of the domain', async () => {
    const check = 'infrastructure/dns-records';
    const address = (data: string) => ({ 'app.example.org': [{ type: 'A' as const, name: 'app.example.org', data }] });
    const ask = async (zone: Parameters<typeof dnsServer>[0]) =>
      outcomesOf(
        await auditLive({
          source: { dns: { domain: 'app.example.org', server: (await dnsServer(zone)).server } },
          checks: [check],
          liveOnly: true,
          deadlineMs: 1_000,
        }),
      )[check];
    expect(await ask({ records: address('203.0.113.7') })).toBe('pass');
    expect(await ask({ records: address('10.0.0.7') })).toBe('fail violation');
    expect(await ask({ records: {} })).toBe('fail violation');
    expect(await ask({ records: {}, silent: true })).toBe('unknown');
  });
});

describe('what is declared beside what is observed', () => {
  const files = {
    'package.json': JSON.stringify({ scripts: { start: 'node server.js' }, dependencies: { express: '4.21.0' } }),
    'server.js': "const app = require('express')();\napp.get('/', (req, res) => res.json({}));\napp.listen(3000);\n",
  };
  const declared = { ...files, 'nginx.conf': 'server {\n  listen 443 ssl;\n  add_header X-Content-Type-Options nosniff always;\n}\n' };
  const nosniff = 'security/content-type-options';
  const ask = async (own: Record<string, string>, header: boolean) => {
    const port = await application((_req, res) => {
      if (header) res.setHeader('x-content-type-options', 'nosniff');
      res.end('{}');
    });
    const report = await auditLive({ source: { url: `http://127.0.0.1:${port}` }, checks: [nosniff], files: own });
    return report.findings.find((f) => f.deployable === null);
  };

  it('both', async () => {
    const finding = await ask(declared, true);
    expect(finding).toMatchObject({ outcome: 'pass', rung: 'observed' });
    expect(finding?.disagreement).toBeUndefined();
    expect(finding?.evidence.map((e) => e.where ?? e.location?.path)).toContain('nginx.conf');
  });

  it('declared, and not on the wire: a disagreement with both places', async () => {
    const finding = await ask(declared, false);
    expect(finding).toMatchObject({
      outcome: 'fail',
      kind: 'disagreement',
      disagreement: { declared: { location: { path: 'nginx.conf', line: 3 } }, observed: { where: expect.stringMatching(/^http:/) } },
    });
  });

  it('on the wire, and declared nowhere: a pass that says so', async () => {
    const finding = await ask(files, true);
    expect(finding).toMatchObject({ outcome: 'pass', rung: 'observed', disagreement: { observed: { answer: 'yes' } } });
    expect(finding?.summary).toContain('something in front of it does');
  });

  it('with several deployables, one endpoint is heard on their roll-up', async () => {
    const two = Object.fromEntries(
      ['shop', 'admin']
        .flatMap((name) => Object.entries(files).map(([path, text]) => [`${name}/${path}`, text]))
        .map(([path, text]) => [path, text]),
    );
    const port = await application((_req, res) => {
      res.setHeader('x-content-type-options', 'nosniff');
      res.end('{}');
    });
    const report = await auditLive({
      source: { url: `http://127.0.0.1:${port}` },
      checks: [nosniff],
      files: {
        ...two,
        'shop/Dockerfile': 'FROM node:22\nCMD ["node", "server.js"]\n',
        'admin/Dockerfile': 'FROM node:22\nCMD ["node", "server.js"]\n',
      },
    });
    const findings = report.findings.filter((f) => f.check === nosniff);
    expect(findings.map((f) => [f.deployable, f.outcome])).toEqual([
      [null, 'pass'],
      ['admin', 'fail'],
      ['shop', 'fail'],
    ]);
    expect(report.counts).toMatchObject({ pass: 1, fail: 0 });
  });
});
