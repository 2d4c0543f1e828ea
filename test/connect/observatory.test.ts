import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLive } from '../support/live.js';
import { issue, nginxFolder } from '../support/nginx.js';
import { rows, type Row } from './observatory.js';

/** One HTTPS server; each row has a path of its own, whose answer carries the row's headers. */
const at = (row: Row): string => `/row-${rows.indexOf(row)}`;
let base: string;
let trust: string;
let close: () => void;

beforeAll(async () => {
  const root = issue({ name: 'Test Root', authority: true });
  const leaf = issue({ hosts: ['localhost'], issuer: root });
  trust = join(nginxFolder(), 'root.pem');
  writeFileSync(trust, root.pem);
  const server = createServer({ cert: leaf.pem, key: readFileSync(leaf.keyFile) }, (req, res) => {
    const row = rows.find((r) => (req.url ?? '').replace(/\/$/, '') === at(r));
    res.setHeader('content-type', 'text/html');
    for (const [name, value] of Object.entries(row?.headers ?? {}))
      res.setHeader(name, value === 'REFLECT' ? (req.headers.origin ?? '') : (value as string | string[]));
    res.end(row ? '<title>Page</title>' : 'nothing');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `https://localhost:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(() => close());

describe('verdicts on headers beside those of MDN HTTP Observatory', () => {
  it.each(rows)('$check $headers: $result', async (row) => {
    const report = await auditLive({
      source: { url: base + at(row), trust },
      checks: [row.check],
      files: {
        'package.json': JSON.stringify({
          scripts: { start: 'node server.js' },
          dependencies: { express: '4.21.0', 'express-session': '1.18.0', ejs: '3.1.0', cors: '2.8.5' },
        }),
        'server.js': [
          "const app = require('express')();",
          "app.use(require('cors')({ origin: 'https://app.example.org' }));",
          "app.use(require('express-session')({ secret: process.env.SESSION_SECRET }));",
          "app.set('view engine', 'ejs');",
          "app.post('/login', (req, res) => { req.session.user = req.body.user; res.render('index'); });",
          "app.get('/', (req, res) => res.render('index'));",
          'app.listen(3000);',
        ].join('\n'),
        'views/index.ejs': '<h1>Shop</h1>\n',
      },
    });
    const finding = report.findings.find((f) => f.check === row.check && f.deployable === null);
    const live = finding?.evidence.filter((e) => e.where !== undefined) ?? [];
    expect(live.length).toBeGreaterThan(0);
    const passes = live.every((e) => e.answer === 'yes');
    expect(live.every((e) => e.answer !== 'unknown')).toBe(true);
    expect(passes).toBe(row.differs === undefined ? row.passes : !row.passes);
  });

  it('agree but for the differences that are given a reason', () => {
    const agreeing = rows.filter((r) => r.differs === undefined).length;
    expect([agreeing, rows.length]).toEqual([54, 64]);
  });
});
