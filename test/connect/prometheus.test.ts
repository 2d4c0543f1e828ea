import { describe, expect, it } from 'vitest';
import { openEnvironment } from '../../src/connect/index.js';
import { prometheus, topicsOf, type PrometheusFacts } from '../../src/connect/prometheus.js';
import { httpServer, prometheusServer, until } from '../support/prometheus.js';
import { freePort, hostilePeer } from '../support/servers.js';

const permissions = { load: false, commands: false };

/** By the frame, so that its deadline and its scrubbing count. */
async function ask(address: string, question: Record<string, unknown> = {}, deadlineMs = 8_000) {
  const environment = openEnvironment({ name: 'test', source: { prometheus: address }, permissions, now: new Date(), deadlineMs });
  try {
    const answer = await environment.measure({ connection: 'prometheus', ask: question });
    if (answer.status === 'measured') expect(prometheus.facts.parse(answer.facts)).toEqual(answer.facts);
    return answer;
  } finally {
    await environment.close();
  }
}

const facts = async (address: string, question: Record<string, unknown> = {}) => {
  const answer = await ask(address, question);
  expect(answer).toMatchObject({ status: 'measured' });
  return (answer as unknown as { facts: PrometheusFacts }).facts;
};

const rules = `
groups:
  - name: shop
    rules:
      - record: job:requests:rate5m
        expr: sum by (job) (rate(http_requests_total[5m]))
      - alert: HighErrorRate
        expr: sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05
        for: 5m
        labels: { severity: critical }
      - alert: SlowAnswers
        expr: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 0.5
        for: 10m
        labels: { severity: warning }
      - alert: InstanceDown
        expr: up == 0
        labels: { severity: critical }
      - alert: Watchdog
        expr: vector(1)
        labels: { severity: critical }
`;

const metrics = `# TYPE http_requests_total counter
http_requests_total{status="200",path="/"} 990
http_requests_total{status="500",path="/"} 10
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.1"} 900
http_request_duration_seconds_bucket{le="+Inf"} 1000
http_request_duration_seconds_sum 55
http_request_duration_seconds_count 1000
node_cpu_seconds_total{mode="idle"} 5
node_memory_MemAvailable_bytes 5e9
node_filesystem_avail_bytes{mountpoint="/"} 9e9
node_network_receive_bytes_total{device="eth0"} 7
`;

describe('a real Prometheus', () => {
  it('tells targets, rules, what fires, metrics and retention', async () => {
    const application = await httpServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics),
    );
    const gone = await freePort();
    const alertmanager = await httpServer((_, response) => response.end('{}'));
    const { url } = await prometheusServer({
      targets: { shop: [`127.0.0.1:${application.port}`], gone: [`127.0.0.1:${gone}`] },
      rules,
      alertmanagers: [`127.0.0.1:${alertmanager.port}`],
      retention: '30d',
    });
    await until(async () => {
      const { firing, targets, requestStatus, alertmanagers } = await facts(url);
      return (
        (firing?.length ?? 0) >= 2 &&
        targets?.every((t) => t.health !== 'unknown') === true &&
        (requestStatus ?? []).length > 0 &&
        alertmanagers?.length === 1
      );
    });
    const found = await facts(url);
    expect(found.targets?.map((t) => [t.job, t.health]).sort()).toEqual([
      ['gone', 'down'],
      ['shop', 'up'],
    ]);
    expect(found.targets?.find((t) => t.job === 'gone')?.lastError).toContain('refused');
    expect(found.alerts?.map((a) => [a.name, a.forSeconds, a.severity, a.topics, a.watchdog])).toEqual([
      ['HighErrorRate', 300, 'critical', ['error-rate'], false],
      ['SlowAnswers', 600, 'warning', ['latency'], false],
      ['InstanceDown', 0, 'critical', ['up'], false],
      ['Watchdog', 0, 'critical', [], true],
    ]);
    expect(found.alerts?.every((a) => a.health === 'ok')).toBe(true);
    expect(found).toMatchObject({
      covers: ['error-rate', 'latency', 'up'],
      recordingRules: 1,
      retention: '30d',
      alertmanagers: [`127.0.0.1:${alertmanager.port}`],
      requestDuration: ['http_request_duration_seconds'],
      requestStatus: ['http_requests_total'],
      hostMetrics: ['cpu', 'memory', 'filesystem', 'network'],
      denied: [],
      query: null,
    });
    expect(found.firing?.map((a) => [a.name, a.watchdog]).sort()).toEqual([
      ['InstanceDown', false],
      ['Watchdog', true],
    ]);
    expect(found.version).toMatch(/^\d+\.\d+/);

    const { query } = await facts(url, { query: 'up' });
    expect(query).toMatchObject({ query: 'up', count: 2, value: null, min: 0, max: 1 });
    expect(query?.samples.find((s) => s.labels['job'] === 'shop')?.value).toBe(1);
    expect((await facts(url, { query: 'scalar(sum(up))' })).query).toMatchObject({ count: 1, value: 1 });
    expect((await facts(url, { query: '0 / 0' })).query).toMatchObject({ count: 1, value: null, min: null });
    expect((await facts(url, { query: 'nothing_of_the_kind' })).query).toMatchObject({ count: 0, value: null });
    expect(await ask(url, { query: 'sum(' })).toMatchObject({
      status: 'unknown',
      reason: 'not-understood',
      message: expect.stringContaining('parse error') as string,
    });
  });

  it('without rules and targets is measured all the same', async () => {
    const { url } = await prometheusServer();
    expect(await facts(url)).toMatchObject({
      alerts: [],
      targets: [],
      covers: [],
      firing: [],
      alertmanagers: [],
      requestDuration: [],
      hostMetrics: [],
      retention: '15d',
    });
  });

  it('asks for a password that the address may hold, and the password is told nobody', async () => {
    const password = ['pro', 'me', 'theus', '9'].join('');
    // bcrypt of that word, at the lowest cost.
    const bcrypt = '$2b$04$UvjhrX81TLSVE.wkAugVu.DuxKdyGXrKU1X6iVUkz2XC3ABdVpura';
    const { url } = await prometheusServer({ web: `basic_auth_users: { admin: "${bcrypt}" }\n` });
    expect(await ask(url)).toMatchObject({ status: 'unknown', reason: 'no-permission', message: expect.stringContaining('401') as string });
    const known = url.replace('http://', `http://admin:${password}@`);
    const answer = await ask(known);
    expect(answer).toMatchObject({ status: 'measured', where: url });
    expect(JSON.stringify(answer)).not.toContain(password);
    const wrong = await ask(url.replace('http://', `http://admin:${password}x@`));
    expect(wrong).toMatchObject({ status: 'unknown', reason: 'no-permission', where: url });
    expect(JSON.stringify(wrong)).not.toContain(password);
  });
});

describe('peers that are none', () => {
  it.each([
    ['refuses', 'refused', async () => `http://127.0.0.1:${await freePort()}`],
    ['never answers', 'timed-out', async () => `http://127.0.0.1:${await hostilePeer(() => undefined)}`],
    [
      'speaks another language',
      'not-understood',
      async () => `http://127.0.0.1:${await hostilePeer((socket) => socket.end('220 smtp ready\r\n'))}`,
    ],
    ['answers with a page', 'not-understood', async () => (await httpServer((_, r) => r.end('<html>hello'))).url],
    ['knows no such path', 'not-found', async () => (await httpServer((_, r) => r.writeHead(404).end())).url],
    ['answers JSON of another kind', 'not-understood', async () => (await httpServer((_, r) => r.end('[1, 2]'))).url],
    [
      'never stops',
      'too-large',
      async () =>
        (
          await httpServer((_, r) => {
            const more = (): void => {
              while (r.write('x'.repeat(65_536)));
              r.once('drain', more);
            };
            more();
          })
        ).url,
    ],
    [
      'leads elsewhere',
      'not-understood',
      async () => (await httpServer((_, r) => r.writeHead(302, { location: 'http://169.254.169.254/' }).end())).url,
    ],
    ['is no address', 'not-understood', async () => 'ftp://prometheus'],
  ])('one that %s is unknown: %s', async (_, reason, address) => {
    expect(await ask(await address(), {}, reason === 'timed-out' ? 1_000 : 20_000)).toMatchObject({ status: 'unknown', reason });
  });

  it('a part that is denied is null and named, the rest is told', async () => {
    const { url } = await httpServer((request, response) => {
      if (request.url?.includes('/rules')) return response.writeHead(403).end();
      const data = request.url?.includes('/targets')
        ? { activeTargets: [{ labels: { job: 'a', instance: 'b' }, health: 'up', lastError: '' }] }
        : request.url?.includes('__name__')
          ? []
          : {};
      return response.end(JSON.stringify({ status: 'success', data }));
    });
    expect(await facts(url)).toMatchObject({
      alerts: null,
      targets: [{ job: 'a', health: 'up' }],
      denied: [{ facts: 'alerts', reason: 'no-permission', message: 'answered 403' }],
    });
  });
});

describe('topics of alert rules', () => {
  it.each([
    ['DiskAlmostFull', 'node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1', ['disk']],
    ['CertExpires', 'probe_ssl_earliest_cert_expiry - time() < 86400 * 14', ['certificate']],
    ['MemoryHigh', 'node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1', ['memory']],
    ['HostCpu', '100 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100 > 80', ['cpu']],
    ['PgDown', 'pg_up == 0', ['database']],
    ['Probe', 'probe_success == 0', ['up']],
    ['Errors', 'rate(http_server_requests_seconds_count{outcome="SERVER_ERROR"}[5m]) > 1', ['error-rate']],
    ['QueueLong', 'celery_queue_length > 100', ['queue']],
    ['Burn', 'slo:sli_error:ratio_rate5m > 14.4 * 0.001', ['slo']],
  ])('%s', (name, expr, expected) => {
    expect(topicsOf(name, expr)).toEqual(expect.arrayContaining(expected));
  });
});
