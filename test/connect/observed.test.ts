import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit.js';
import { host, openHost } from '../../src/connect/host.js';
import { connectors, openEnvironment } from '../../src/connect/index.js';
import type { Checklist } from '../../src/model/checklist.js';
import type { EnvironmentSource } from '../../src/model/environment.js';
import type { Finding, Report } from '../../src/model/report.js';
import { memoryTarget } from '../../src/target/memory.js';
import { definitions } from '../support/builtins.js';
import { root, temporaryFolder } from '../support/cli.js';
import { httpServer, prometheusServer, until } from '../support/prometheus.js';
import { freePort } from '../support/servers.js';

/** An application that has what the checks ask about. */
const application = {
  'requirements.txt': 'flask==3.1.0\nsentry-sdk==2.20.0\n',
  Dockerfile: 'FROM python:3.13-slim\nUSER 10001\nCMD ["gunicorn", "app:app"]\n',
  'app.py': [
    'import os',
    'import sentry_sdk',
    'from flask import Flask, request',
    "sentry_sdk.init(dsn=os.environ['SENTRY_DSN'])",
    'app = Flask(__name__)',
    "app.secret_key = os.environ['SECRET_KEY']",
    "database = os.environ['DATABASE_URL']",
    '',
    '',
    "@app.post('/login')",
    'def login():',
    "    return check(request.form['username'], request.form['password'])",
    '',
  ].join('\n'),
};

interface Look {
  readonly allowLoad?: boolean;
  /** Files of the host, where the source names it. */
  readonly hostRoot?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Findings of the named checks for the application and a running system, by id. */
async function look(
  ids: readonly string[],
  source: EnvironmentSource,
  { allowLoad = false, hostRoot = '/', params = {}, files = application }: Look = {},
) {
  const known = await definitions();
  const checks = known.checks.filter((check) => ids.includes(check.id));
  expect(checks.map((check) => check.id).sort()).toEqual([...ids].sort());
  const checklist: Checklist = {
    name: 'test',
    title: 'Test',
    sources: [],
    checks: checks.map((check) => ({ check, severity: check.severity, weight: 1, params: { ...check.params, ...params } })),
    categoryWeights: {},
    thresholds: { score: null, coverage: null, failOn: 'never' },
    sections: [],
    exclude: [],
    waivers: [],
    attestations: [],
  };
  const now = new Date();
  const elsewhere = { ...connectors, host: async () => ({ ...host, open: () => openHost(hostRoot, { now }) }) };
  const permissions = { load: allowLoad, commands: false };
  const environment = openEnvironment({ name: 'test', source, permissions, now, connectors: elsewhere });
  try {
    const target = memoryTarget(files);
    const report: Report = await audit({ target, checklist, definitions: known, version: '0', fromTarget: false, now, environment });
    return (id: string) => report.findings.find((f) => f.check === id) as Finding;
  } finally {
    await environment.close();
  }
}

async function outcome(id: string, source: EnvironmentSource, more: Look = {}): Promise<Finding> {
  return (await look([id], source, more))(id);
}

const file = (folder: string, name: string, content: string | Buffer, mode = 0o600, hoursAgo = 0): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  utimesSync(path, at, at);
  return path;
};

describe('variables of a running system', () => {
  const ids = [
    'configuration/required-variables-set',
    'configuration/debug-disabled',
    'secrets/signing-key-strength',
    'secrets/strong-service-passwords',
    'monitoring/error-tracking',
    'infrastructure/file-permissions',
  ];
  const [random, strong] = ['5f0c9a7be1d3482694ab7c6e0d1f8352'.repeat(2), ['rT7', 'kQ2', 'mV9', 'xB4', 'nZ6', 'pL8'].join('')];
  const good = [
    `SECRET_KEY=${random}`,
    `DATABASE_URL=postgres://shop:${strong}@db.internal/shop`,
    'SENTRY_DSN=https://abc@o1.ingest.acme.io/2',
    'FLASK_DEBUG=0',
  ];
  const bad = ['SECRET_KEY=changeme', `DATABASE_URL=postgres://shop:${'shop'}@db.internal/shop`, 'FLASK_DEBUG=1'];

  it('pass where they are right', async () => {
    const found = await look(ids, { envFile: file(temporaryFolder(), '.env', good.join('\n')) });
    expect(ids.map((id) => [id, found(id).outcome, found(id).rung])).toEqual(ids.map((id) => [id, 'pass', 'observed']));
  });

  it('fail where they are wrong, at the line that reads them', async () => {
    const found = await look(ids, { envFile: file(temporaryFolder(), '.env', bad.join('\n'), 0o644) });
    expect(ids.map((id) => [id, found(id).outcome])).toEqual(ids.map((id) => [id, 'fail']));
    const places = found('configuration/required-variables-set')
      .evidence.filter((e) => e.answer === 'no')
      .map((e) => `${e.location?.path}:${e.location?.line}`);
    expect(places.sort()).toEqual(['app.py:4', 'app.py:6']);
    expect(found('configuration/debug-disabled').kind).toBe('disagreement');
    expect(found('monitoring/error-tracking').kind).toBe('disagreement');
  });

  it('are left to the files where they cannot be read, with the reason', async () => {
    const found = await look(ids, { envFile: join(temporaryFolder(), 'gone.env') });
    expect(found('configuration/required-variables-set')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining('does not exist') as string,
    });
    expect(found('configuration/debug-disabled').outcome).toBe('pass');
    expect(found('monitoring/error-tracking').outcome).toBe('pass');
  });
});

describe('rate limits of a running application', () => {
  const ids = ['api/rate-limiting', 'authentication/login-rate-limiting'];
  const running = (limit: number) => {
    let count = 0;
    return httpServer((request, response) => {
      request.resume().on('end', () => {
        if (++count > limit) response.writeHead(429, { 'retry-after': '60' }).end();
        else response.writeHead(request.url === '/login' ? 401 : 200).end('ok');
      });
    });
  };

  it('pass with a limit, fail without, and are not tried without permission', async () => {
    const limited = await look(ids, { url: (await running(25)).url }, { allowLoad: true });
    expect(ids.map((id) => limited(id).outcome)).toEqual(['pass', 'pass']);
    const open = await look(ids, { url: (await running(Infinity)).url }, { allowLoad: true });
    expect(ids.map((id) => open(id).outcome)).toEqual(['fail', 'fail']);
    expect(open('authentication/login-rate-limiting').summary).toContain('none of 40 failing logins');
    const untried = await look(ids, { url: (await running(25)).url });
    expect(
      untried('authentication/login-rate-limiting')
        .evidence.map((e) => e.message)
        .join(' '),
    ).toContain('--allow-load');
    expect(untried('authentication/login-rate-limiting').rung).not.toBe('observed');
  });

  it('cannot be seen where nobody answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const found = await outcome('authentication/login-rate-limiting', { url }, { allowLoad: true });
    expect(found.evidence.some((e) => e.answer === 'unknown' && e.message.includes('refused'))).toBe(true);
  });
});

describe('backups', () => {
  const id = 'backup/recent-backup-exists';

  it('pass, fail and are unknown by the files that are there', async () => {
    const folder = temporaryFolder();
    file(folder, 'good/shop-1.sql.gz', gzipSync('a'.repeat(5_000)), 0o600, 27);
    file(folder, 'good/shop-2.sql.gz', gzipSync('a'.repeat(5_100)), 0o600, 3);
    expect(await outcome(id, { backups: join(folder, 'good') })).toMatchObject({ outcome: 'pass', rung: 'observed' });
    file(folder, 'old/shop-1.sql.gz', gzipSync('a'), 0o600, 80);
    expect(await outcome(id, { backups: join(folder, 'old') })).toMatchObject({
      outcome: 'fail',
      summary: expect.stringContaining('80 hours old') as string,
    });
    file(folder, 'cut/shop-1.sql.gz', gzipSync('a'.repeat(5_000)).subarray(0, 20), 0o600, 1);
    expect(await outcome(id, { backups: join(folder, 'cut') })).toMatchObject({
      outcome: 'fail',
      summary: expect.stringContaining('cut off') as string,
    });
    mkdirSync(join(folder, 'none'));
    expect(await outcome(id, { backups: join(folder, 'none') })).toMatchObject({
      outcome: 'fail',
      summary: expect.stringContaining('no backup') as string,
    });
    expect(await outcome(id, { backups: join(folder, 'gone') })).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining('does not exist') as string,
    });
  });
});

describe('a host', () => {
  const ids = [
    'infrastructure/ssh-key-only',
    'infrastructure/brute-force-protection',
    'infrastructure/os-security-updates',
    'infrastructure/unnecessary-services',
    'infrastructure/privileged-access-limited',
    'infrastructure/file-permissions',
    'performance/resource-usage',
  ];
  const header = '  sl  local_address rem_address   st\n';
  const socket = (port: string) => `   0: 00000000:${port} 00000000:0000 0A 0 0 0 0 0 1 1\n`;
  const status = 'Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.15\n';
  const list = 'var/lib/apt/lists/deb_debian-security_dists_x-security_main_binary-amd64_Packages';
  const both = {
    'proc/cpuinfo': 'processor\t: 0\nprocessor\t: 1\n',
    'proc/uptime': '900000 1\n',
    'proc/vmstat': 'oom_kill 0\n',
    'var/lib/dpkg/status': status,
    'var/lib/apt/lists/deb_x_InRelease': '',
    'usr/bin/sudo': '',
    'proc/1/comm': 'systemd\n',
    'proc/20/comm': 'sshd\n',
    'etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
  };
  const careful = {
    'etc/ssh/sshd_config': 'PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin no\n',
    'etc/fail2ban/jail.conf': '[sshd]\nenabled = true\n',
    'proc/21/comm': 'fail2ban-server\n',
    'proc/22/comm': 'systemd-journal\n',
    'proc/net/tcp': header + socket('0016') + socket('01BB'),
    'proc/loadavg': '0.2 0.3 0.4 1/9 1\n',
    'proc/meminfo': 'MemTotal: 1000 kB\nMemAvailable: 600 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
    [list]: status,
    'srv/app/.env': 'A=1\n',
  };
  const careless = {
    'etc/ssh/sshd_config': 'PasswordAuthentication yes\nPermitRootLogin yes\n',
    'proc/net/tcp': header + socket('0016') + socket('0017'),
    'proc/loadavg': '9 9 9 1/9 1\n',
    'proc/meminfo': 'MemTotal: 1000 kB\nMemAvailable: 20 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
    [list]: status.replace('3.0.15', '3.0.17'),
    'srv/app/main.py': 'x\n',
  };
  const machine = (files: Record<string, string>, modes: Record<string, number> = {}): string => {
    const folder = temporaryFolder();
    for (const [path, content] of Object.entries({ ...both, ...files })) file(folder, path, content, modes[path] ?? 0o600);
    return folder;
  };

  it('that is kept with care passes', async () => {
    const found = await look(ids, { host: 'local' }, { hostRoot: machine(careful) });
    expect(ids.map((id) => [id, found(id).outcome])).toEqual(ids.map((id) => [id, 'pass']));
  });

  it('that is kept without fails', async () => {
    const found = await look(ids, { host: 'local' }, { hostRoot: machine(careless, { 'srv/app/main.py': 0o666 }) });
    expect(ids.map((id) => [id, found(id).outcome])).toEqual(ids.map((id) => [id, 'fail']));
    expect(found('infrastructure/unnecessary-services').summary).toContain('23');
    expect(found('infrastructure/os-security-updates').summary).toContain('openssl');
  });

  it('that tells nothing is unknown, with the reason', async () => {
    const folder = temporaryFolder();
    const found = await look(ids, { host: 'local' }, { hostRoot: folder });
    expect(found('infrastructure/ssh-key-only')).toMatchObject({ outcome: 'unknown' });
    expect(found('infrastructure/os-security-updates')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringContaining('holds no files of a system') as string,
    });
    expect(found('performance/resource-usage').outcome).toBe('unknown');
  });

  it('has disks that are judged by their use', async () => {
    const id = 'infrastructure/disk-space';
    expect((await outcome(id, { host: 'local' }, { params: { percent: 100 } })).outcome).toBe('pass');
    expect((await outcome(id, { host: 'local' }, { params: { percent: 0 } })).outcome).toBe('fail');
    expect(
      (await outcome(id, { host: 'local' }, { hostRoot: machine({ 'proc/self/mounts': 'server:/x /data nfs rw 0 0\n' }) })).outcome,
    ).toBe('unknown');
  });
});

describe('a Prometheus', () => {
  const ids = [
    'monitoring/alerts-functioning',
    'monitoring/request-metrics',
    'monitoring/slo-met',
    'infrastructure/disk-space',
    'performance/resource-usage',
  ];
  const rule = (expr: string) =>
    `groups:\n  - name: shop\n    rules:\n      - alert: Down\n        expr: ${expr}\n        labels: { severity: critical }\n`;
  const samples = (free: number) =>
    `http_requests_total{status="200"} 999\nhttp_requests_total{status="500"} 1\nhttp_request_duration_seconds_count 1000\nhttp_request_duration_seconds_sum 5\nnode_filesystem_avail_bytes{mountpoint="/",fstype="ext4"} ${free}\nnode_filesystem_size_bytes{mountpoint="/",fstype="ext4"} 100\nnode_memory_MemAvailable_bytes ${free}\nnode_memory_MemTotal_bytes 100\n`;

  it('that watches passes, one that does not fails, and what it does not know is unknown', async () => {
    const well = await httpServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(samples(60)),
    );
    const full = await httpServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(samples(3)),
    );
    const manager = await httpServer((_, response) => response.end('{}'));
    const [good, bad] = await Promise.all([
      prometheusServer({
        targets: { shop: [`127.0.0.1:${well.port}`] },
        rules: rule('up == 0'),
        alertmanagers: [`127.0.0.1:${manager.port}`],
      }),
      prometheusServer({ targets: { shop: [`127.0.0.1:${full.port}`], gone: [`127.0.0.1:${await freePort()}`] }, rules: rule('up == 0') }),
    ]);
    const scraped = async (url: string) => {
      const open = await (
        await connectors.prometheus?.()
      )?.open({
        environment: { prometheus: url },
        permissions: { load: false, commands: false },
        signal: new AbortController().signal,
        deadlineMs: 5_000,
        now: new Date(),
      });
      const answer = (await open?.measure({}, new AbortController().signal)) as {
        facts: {
          targets: { health: string }[];
          alerts: { health: string }[];
          metricCount: number;
          firing: unknown[];
          alertmanagers: unknown[];
        };
      };
      await open?.close();
      return answer.facts;
    };
    await until(async () => {
      const facts = await scraped(good.url);
      return facts.metricCount > 5 && facts.alertmanagers.length > 0 && facts.alerts.every((a) => a.health === 'ok');
    });
    await until(async () => {
      const facts = await scraped(bad.url);
      return facts.metricCount > 5 && facts.firing.length > 0 && facts.targets.every((t) => t.health !== 'unknown');
    });
    const passing = await look(ids, { prometheus: good.url });
    expect(ids.map((id) => [id, passing(id).outcome])).toEqual([
      ['monitoring/alerts-functioning', 'pass'],
      ['monitoring/request-metrics', 'pass'],
      // It has run for seconds, which is no availability of thirty days.
      ['monitoring/slo-met', 'unknown'],
      ['infrastructure/disk-space', 'pass'],
      ['performance/resource-usage', 'unknown'],
    ]);
    expect(passing('monitoring/slo-met').summary).toContain('older than a day');
    expect(passing('performance/resource-usage').summary).toContain('node_cpu_seconds_total');
    const failing = await look(ids, { prometheus: bad.url });
    expect(failing('monitoring/alerts-functioning').outcome).toBe('fail');
    expect(
      failing('monitoring/alerts-functioning')
        .evidence.map((e) => e.message)
        .join('\n'),
    ).toMatch(/down[\s\S]*no Alertmanager|no Alertmanager[\s\S]*down/);
    expect(failing('infrastructure/disk-space')).toMatchObject({
      outcome: 'fail',
      summary: expect.stringContaining('97 % full') as string,
    });
    expect(failing('performance/resource-usage').outcome).toBe('fail');
    const own = {
      availability: 'min(avg_over_time(up[1m]))',
      errors: 'sum(http_requests_total{status=~"5.."}) / sum(http_requests_total)',
    };
    expect((await outcome('monitoring/slo-met', { prometheus: good.url }, { params: { ...own, errorPercent: 0.2 } })).outcome).toBe('pass');
    expect((await outcome('monitoring/slo-met', { prometheus: bad.url }, { params: { ...own, errorPercent: 0.05 } })).outcome).toBe('fail');
    const gone = await look(ids, { prometheus: `http://127.0.0.1:${await freePort()}` });
    expect(ids.map((id) => gone(id).outcome).filter((o) => o === 'pass')).toEqual([]);
    expect(gone('monitoring/alerts-functioning').summary).toContain('refused');
  });
});

describe('the command line', () => {
  it('makes the load test and runs the command of the operator’s own checks, where both are permitted', async () => {
    const { url } = await httpServer((_, response) => response.end('ok'));
    const folder = temporaryFolder();
    file(folder, 'shop/app.py', 'print("hello")\n');
    const check = (title: string, observe: string) =>
      `title: ${title}\nseverity: important\neffort: hours\nphase: validation\nscope: repository\nevidence: environment\nwhy: It is what this test wants to see happen.\napplies: 'true'\nclaims: [it holds in production]\nprobe: { unknown: look at the running system }\nobserve:\n${observe}\nfix: { text: Make it so that it holds. }\nexamples:\n  - unknown: { a.py: "x = 1\\n" }\n`;
    file(
      folder,
      'checks/own/quick.yaml',
      check(
        'The page is quick under load',
        "  load: { path: /, requests: 60, connections: 4, require: 'item.requests == 60 && item.errorRate == 0.0' }",
      ),
    );
    file(
      folder,
      'checks/own/replicas.yaml',
      check('Two replicas are running now', "  command: { name: replicas, require: 'item.exitCode == 0 && item.json.ready >= 2' }"),
    );
    file(
      folder,
      'ops.yaml',
      `checksFolder: checks\nonly: [own/*]\nthresholds: { failOn: never }\nenvironments:\n  live:\n    url: ${url}\n    commands:\n      replicas: [${process.execPath}, -e, 'console.log(JSON.stringify({ ready: 2 }))']\n`,
    );
    const run = async (...more: string[]) => {
      const args = ['audit', join(folder, 'shop'), '--checklist', join(folder, 'ops.yaml'), '--env', 'live', '--format', 'json', ...more];
      const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist/cli.js'), ...args], { maxBuffer: 1 << 26 }).catch(
        (e: { stdout: string; stderr: string; code: number }) => {
          if (e.code !== 1) throw new Error(e.stderr);
          return e;
        },
      );
      return Object.fromEntries((JSON.parse(stdout) as Report).findings.map((f) => [f.check, f.outcome]));
    };
    expect(await run('--allow-load', '--allow-commands')).toEqual({ 'own/quick': 'pass', 'own/replicas': 'pass' });
    expect(await run()).toEqual({ 'own/quick': 'unknown', 'own/replicas': 'unknown' });
  });
});
