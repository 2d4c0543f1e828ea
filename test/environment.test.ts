import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root, temporaryFolder, type Run } from './support/cli.js';
import { freePort } from './support/servers.js';

/** The command line as a child process, while servers of this process go on answering. */
function run(args: readonly string[], env: Record<string, string> = {}, cwd = root): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...args], { cwd, env: { ...process.env, ...env }, timeout: 120_000 });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

const canary = (name: string): string => ['canary', name, '7f3a9c'].join('-');
let asked: IncomingMessage[] = [];
let port: number;
let close: () => void;

/** An application that tells everybody what it was asked with: in its body, its headers, its cookies and its redirects. */
beforeAll(async () => {
  const server = createServer((req, res) => {
    asked.push(req);
    const echo = JSON.stringify(req.headers);
    const login = Buffer.from((req.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
    res.setHeader('content-type', 'text/html');
    res.setHeader('x-echo', encodeURIComponent(echo + login));
    res.setHeader('server', login.replace(/[^\x20-\x7e]/g, '') || 'none');
    res.setHeader('content-security-policy', `script-src 'unsafe-inline' ${req.headers['x-gate'] ?? ''} ${login}`);
    res.setHeader('set-cookie', `session-${req.headers['x-gate'] ?? 'none'}=${canary('cookie')}`);
    if (req.url === '/docs') return res.end(`swagger-ui ${echo} ${login}`);
    return res.end(`<title>${echo}${login}</title>Traceback (most recent call last): ${echo} ${login} redis://u:${canary('body')}@cache`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(() => close());
beforeEach(() => {
  asked = [];
});

/** A small service. */
function repository(files: Record<string, string> = {}): string {
  const folder = temporaryFolder();
  const all = {
    'package.json': JSON.stringify({ scripts: { start: 'node server.js' }, dependencies: { express: '4.21.0', ejs: '3.1.10' } }),
    'server.js':
      "const app = require('express')();\napp.set('view engine', 'ejs');\napp.get('/', (req, res) => res.render('index'));\napp.listen(3000);\n",
    'views/index.ejs': '<h1>Shop</h1>\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Every byte below a folder. */
const bytesOf = (folder: string): string =>
  (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

describe('credentials', () => {
  it('stand in no output, file, cache or error, whatever the application echoes', async () => {
    const target = repository();
    const out = temporaryFolder();
    const cache = temporaryFolder();
    const operator = temporaryFolder();
    const closed = await freePort();
    writeFileSync(
      join(operator, 'app.env'),
      `SECRET_KEY=${canary('envfile')}\nDATABASE_URL=postgres://u:${canary('envurl')}@db/x\nADMIN_PASSWORD=${canary('admin')}\n`,
    );
    writeFileSync(
      join(operator, 'ops.yaml'),
      [
        'environments:',
        '  production:',
        `    url: http://user:\${URL_PASSWORD}@127.0.0.1:${port}`,
        '    envFile: app.env',
        `    postgres: postgres://app:\${PG_PASSWORD}@127.0.0.1:${closed}/app?sslpassword=${canary('query')}`,
        `    mysql: mysql://app:${canary('mysql')}@127.0.0.1:${closed}/app`,
        `    redis: redis://:${canary('redis')}@127.0.0.1:${closed}`,
        `    prometheus: http://user:${canary('prometheus')}@127.0.0.1:${port}`,
        '    headers:',
        '      X-Gate: ${GATE}',
        `      Cookie: gate=${canary('gatecookie')}`,
        '',
      ].join('\n'),
    );
    const env = { URL_PASSWORD: canary('url'), PG_PASSWORD: canary('pg'), GATE: canary('gate'), XDG_CACHE_HOME: cache };
    const formats = ['terminal', 'markdown', 'markdown-summary', 'html', 'json', 'sarif', 'junit', 'gitlab', 'github', 'badge', 'csv'];
    const common = ['--checklist', join(operator, 'ops.yaml'), '--env', 'production'];
    const runs = [
      await run(
        [
          'audit',
          target,
          ...common,
          '--verbose',
          '--history',
          join(out, 'history'),
          ...formats.flatMap((f) => ['-r', `${f}=${join(out, f)}`]),
        ],
        env,
      ),
      await run(['audit', target, ...common, '--verbose', '--allow-load', '--only', 'api/*,security/*,authentication/*'], env),
      await run(['env', 'check', ...common], env),
      await run(['audit', target, ...common, '--only', 'security/frame-options', '--url', `ftp://user:${canary('flag')}@127.0.0.1`], env),
      await run(
        ['env', 'check', '--redis', `redis://:${canary('flag')}@127.0.0.1:${closed}`, '--mysql', `no address ${canary('flag')}`],
        env,
      ),
    ];
    expect(runs.map((r) => r.status)).toEqual([1, 1, 1, 2, 2]);
    // What must not be told was sent, and came back.
    expect(asked.some((req) => req.headers['x-gate'] === canary('gate') && (req.headers.authorization ?? '').startsWith('Basic '))).toBe(
      true,
    );
    expect(
      readdirSync(out)
        .filter((f) => f !== 'history')
        .sort(),
    ).toEqual([...formats].sort());
    const everything = [bytesOf(out), bytesOf(cache), ...runs.flatMap((r) => [r.stdout, r.stderr])].join('\n');
    expect(everything).toContain(`127.0.0.1:${port}`);
    expect(everything.length).toBeGreaterThan(50_000);
    expect([...new Set(everything.match(/canary-\w+-7f3a9c/g) ?? [])]).toEqual([]);
    for (const name of ['url', 'pg', 'gate', 'envfile', 'redis'])
      for (const form of [
        Buffer.from(canary(name)).toString('base64').slice(2, -4),
        Buffer.from(`user:${canary(name)}`).toString('base64'),
      ])
        expect(everything).not.toContain(form);
  });
});

describe('naming a running system', () => {
  const service = ['--only', 'security/frame-options'];

  it('a variable that is not set is named, and no value', async () => {
    const operator = temporaryFolder();
    writeFileSync(join(operator, 'ops.yaml'), `environments:\n  live: { url: 'http://u:${canary('x')}@127.0.0.1:\${APP_PORT}' }\n`);
    const { status, stderr, stdout } = await run(['audit', repository(), '--checklist', join(operator, 'ops.yaml'), '--env', 'live']);
    expect(status).toBe(2);
    expect(stderr).toContain('APP_PORT is not set');
    expect(stderr).toContain('url of environment live');
    expect(stderr + stdout).not.toContain('canary');
  });

  it('an unknown name tells those that there are', async () => {
    const operator = temporaryFolder();
    writeFileSync(join(operator, 'ops.yaml'), `environments:\n  staging: { url: 'http://127.0.0.1:${port}' }\n`);
    const { status, stderr } = await run(['audit', repository(), '-c', join(operator, 'ops.yaml'), '--env', 'production']);
    expect([status, stderr]).toEqual([2, 'error: --env: no environment is called `production`\n  there are: staging\n']);
  });

  it.each([
    [['--url', 'app.example.org'], /no URL/],
    [['--url', 'ftp://app.example.org'], /not http:\/\/ or https:\/\//],
    [['--url', 'https://app.example.org/?q=1'], /without \? and #/],
    [['--tls', 'not a host'], /no TLS endpoint/],
    [['--allow-load'], /nothing to permit it for/],
    [['--phase', 'later'], /there is no phase `later`/],
    [['--host', 'other'], /local/],
  ])('%s is wrong use', async (flags, message) => {
    const { status, stderr } = await run(['audit', repository(), ...service, ...flags]);
    expect([status, message.test(stderr)]).toEqual([2, true]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('the target’s own readiness.yaml never leads to a connection, and the report says so', async () => {
    const own = `environments:\n  production: { url: 'http://127.0.0.1:${port}' }\n`;
    const target = repository({ 'readiness.yaml': own });
    const out = join(temporaryFolder(), 'report.json');
    const plain = await run(['audit', target, ...service, '--format', 'json', '-o', out, '--no-cache']);
    expect(plain.status).toBeLessThan(2);
    const report = JSON.parse(readFileSync(out, 'utf8')) as { notes: { message: string }[]; environment?: unknown };
    expect(report.notes.map((n) => n.message).join()).toContain('its environments (production) are not used');
    expect(report.environment).toBeUndefined();
    for (const args of [
      ['--env', 'production'],
      ['--checklist', join(target, 'readiness.yaml'), '--env', 'production'],
    ]) {
      const { status, stderr } = await run(['audit', target, ...service, ...args]);
      expect(status).toBe(2);
      expect(stderr).toContain('outside of it');
    }
    expect(asked).toEqual([]);
  });

  it('flags stand over what the checklist says', async () => {
    const operator = temporaryFolder();
    writeFileSync(join(operator, 'ops.yaml'), `environments:\n  live: { url: 'http://127.0.0.1:1' }\n`);
    const target = repository();
    await run(['audit', target, ...service, '-c', join(operator, 'ops.yaml'), '--env', 'live', '--url', `http://127.0.0.1:${port}`]);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('without one, no connection is made', async () => {
    const { status } = await run(['audit', repository(), ...service]);
    expect(status).toBeLessThan(2);
    expect(asked).toEqual([]);
  });
});

describe('the smoke test after a deployment', () => {
  it('runs the checks of its phase, and says no by its exit code', async () => {
    const out = join(temporaryFolder(), 'report.json');
    const args = [
      'audit',
      repository(),
      '--url',
      `http://127.0.0.1:${port}`,
      '--phase',
      'validation',
      '--fail-on',
      'important',
      '--format',
      'json',
      '-o',
      out,
    ];
    expect((await run(args)).status).toBe(1);
    const report = JSON.parse(readFileSync(out, 'utf8')) as {
      findings: { check: string; phase: string; outcome: string; rung: string | null }[];
      environment: object;
    };
    expect([...new Set(report.findings.map((f) => f.phase))]).toEqual(['validation']);
    expect(report.findings.find((f) => f.check === 'testing/smoke-tests')).toMatchObject({ outcome: 'pass', rung: 'observed' });
    expect(report.environment).toMatchObject({ name: 'command line', endpoints: [`http://127.0.0.1:${port}`] });
    expect((await run([...args.slice(0, 6), '--only', 'testing/smoke-tests'])).status).toBe(0);
  });
});

describe('a disagreement', () => {
  it('is a finding of its own kind in every format, with both places', async () => {
    const target = repository({ 'nginx.conf': 'server {\n  listen 80;\n  add_header X-Frame-Options DENY always;\n}\n' });
    const out = temporaryFolder();
    const formats = ['terminal', 'markdown', 'html', 'json', 'sarif', 'junit', 'gitlab', 'github', 'csv'];
    const wanted = ['audit', target, '--url', `http://127.0.0.1:${port}`, '--only', 'security/frame-options', '--verbose'];
    const { status, stderr } = await run([...wanted, ...formats.flatMap((f) => ['-r', `${f}=${join(out, f)}`])]);
    expect([status, stderr]).toEqual([0, '']);
    const endpoint = `http://127.0.0.1:${port}/`;
    for (const format of formats) {
      const text = readFileSync(join(out, format), 'utf8').replaceAll('\\', '').replaceAll('&#58;', ':').replaceAll('%3A', ':');
      expect([format, text.includes(endpoint) || text.includes(`127.0.0.1:${port}`)]).toEqual([format, true]);
      expect([format, text.includes('nginx.conf')]).toEqual([format, true]);
    }
    const json = JSON.parse(readFileSync(join(out, 'json'), 'utf8')) as { findings: object[] };
    expect(json.findings[0]).toMatchObject({
      outcome: 'fail',
      kind: 'disagreement',
      disagreement: { declared: { location: { path: 'nginx.conf', line: 3 } }, observed: { where: endpoint } },
    });
  });
});

describe('readiness env check', () => {
  it('tells what answers, what doesn’t and why, and which checks each would verify', async () => {
    const { status, stdout } = await run(['env', 'check', '--url', `http://127.0.0.1:${port}`, '--redis', 'redis://127.0.0.1:1']);
    expect(status).toBe(1);
    expect(stdout).toMatch(new RegExp(`ok +http +http://127.0.0.1:${port}/`));
    expect(stdout).toMatch(/FAIL +redis +redis:\/\/127\.0\.0\.1:1 .*refused/);
    expect(stdout).toMatch(/would verify \d+ checks: .*security\/frame-options/);
  });

  it('exits with 0 where everything named answers, environment by environment', async () => {
    const operator = temporaryFolder();
    writeFileSync(
      join(operator, 'ops.yaml'),
      `environments:\n  a: { url: 'http://127.0.0.1:${port}' }\n  b: { url: 'http://127.0.0.1:\${B_PORT}' }\n`,
    );
    const checklist = ['-c', join(operator, 'ops.yaml')];
    const all = await run(['env', 'check', ...checklist], { B_PORT: String(port) });
    expect([all.status, all.stdout.match(/^\w+$/gm)]).toEqual([0, ['a', 'b']]);
    const one = await run(['env', 'check', ...checklist, '--env', 'a']);
    expect([one.status, one.stdout.match(/^\w+$/gm)]).toEqual([0, ['a']]);
  });

  it('asks for a name where there is none', async () => {
    const { status, stderr } = await run(['env', 'check']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('readiness env check --url')]);
  });
});
