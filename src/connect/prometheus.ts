import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { z } from 'zod';
import { ConnectFailure, type ConnectContext, type Connector } from '../model/environment.js';
import { maskSecrets } from '../safe/redact.js';
import { deniedList } from './denied.js';
import { codeOf, networkFailure, trustedAuthorities } from './dial.js';

/** Bytes of one answer, rules and targets and series that are kept. */
const answerBytes = 8 * 2 ** 20;
const kept = { targets: 500, rules: 1_000, samples: 1_000, metrics: 500, text: 500 } as const;

/** What alert rules can watch; by the metrics and functions in their expression, or words in their name. */
const topics: readonly { topic: string; expr: RegExp; name: RegExp }[] = [
  {
    topic: 'error-rate',
    expr: /5xx|5\.\.|\b(?:status|code|http_status|status_code|response_code)\w*\s*(?:=~|=|!~)\s*"\^?\(?5|(?:errors?|failed|failures?|exceptions?)_total|grpc_code|outcome="SERVER_ERROR"/i,
    name: /error ?rate|5xx|errorbudget|highError|tooManyErrors|failureRate/i,
  },
  {
    topic: 'latency',
    expr: /histogram_quantile|(?:duration|latency|response_time)\w*(?:seconds|ms|milliseconds|_sum|_bucket)|quantile="0\.9/i,
    name: /latency|slow|response ?time|p9\d/i,
  },
  {
    topic: 'up',
    expr: /(?:^|[^\w:])(?:up|probe_success|absent(?:_over_time)?\s*\(\s*up)\b/,
    name: /down|unreachable|absent|unavailable|notup|targetmissing/i,
  },
  { topic: 'cpu', expr: /node_cpu|container_cpu|process_cpu|cpu_(?:usage|seconds)|node_load|system_cpu/i, name: /cpu|load ?average/i },
  {
    topic: 'memory',
    expr: /node_memory|container_memory|process_resident_memory|memory_(?:usage|working_set)|oom|jvm_memory/i,
    name: /memory|oom/i,
  },
  { topic: 'disk', expr: /node_filesystem|kubelet_volume|disk_(?:free|used)|filesystem_(?:avail|free)/i, name: /disk|filesystem|volume/i },
  {
    topic: 'certificate',
    expr: /probe_ssl_earliest_cert_expiry|x509_cert|certmanager_certificate|ssl_cert\w*(?:not_after|expir)|cert\w*_expir/i,
    name: /cert(?:ificate)?.*expir|ssl.*expir|tls.*expir/i,
  },
  {
    topic: 'database',
    expr: /\b(?:pg|mysql|mariadb|mongodb|postgresql|cnpg)_\w+|db_(?:connections|pool)|hikaricp_/i,
    name: /postgres|mysql|database|replication|connection ?pool/i,
  },
  { topic: 'cache', expr: /\bredis_\w+|memcached_\w+/i, name: /redis|cache|memcached/i },
  {
    topic: 'queue',
    expr: /queue_(?:length|depth|size|messages)|rabbitmq_queue|celery_queue|kafka_consumergroup_lag|sidekiq_/i,
    name: /queue|backlog|consumer ?lag/i,
  },
  { topic: 'restart', expr: /restarts_total|process_start_time_seconds|CrashLoop/i, name: /restart|crash/i },
  { topic: 'backup', expr: /backup/i, name: /backup/i },
  { topic: 'slo', expr: /burn_?rate|error_budget|slo[:_]/i, name: /[Bb]urn ?[Rr]ate|[Ee]rror ?[Bb]udget|\bslo\b|SLO/ },
];

const targetFacts = z.object({
  job: z.string().default('').describe('Label job'),
  instance: z.string().default('').describe('Label instance'),
  health: z.enum(['up', 'down', 'unknown']).default('unknown').describe('As of the last scrape'),
  lastError: z.string().default('').describe('Of the last scrape, empty where it went well'),
});

const ruleFacts = z.object({
  name: z.string().default('').describe('Of the alert'),
  group: z.string().default('').describe('Of rules'),
  expr: z.string().default('').describe('PromQL'),
  forSeconds: z.number().default(0).describe('How long it must hold'),
  severity: z.string().default('').describe('Label severity (or priority, level)'),
  state: z.enum(['inactive', 'pending', 'firing', 'unknown']).default('inactive').describe('At the last evaluation'),
  health: z.string().default('ok').describe('ok, err, or unknown before the first evaluation'),
  lastError: z.string().default('').describe('Of its evaluation'),
  watchdog: z.boolean().default(false).describe('Fires always, to show that alerting works'),
  topics: z
    .array(z.string())
    .default([])
    .describe(`What it watches: ${topics.map((t) => t.topic).join(', ')}`),
});

const stateFacts = z.object({
  version: z.string().nullable().default(null).describe('Of the server'),
  retention: z.string().nullable().default(null).describe('How long samples are kept, as the server writes it: 15d'),
  uptimeSeconds: z.number().nullable().default(null).describe('Since the server started'),
  targets: z.array(targetFacts).nullable().default([]).describe('Active scrape targets; null where they may not be read'),
  alerts: z.array(ruleFacts).nullable().default([]).describe('Alerting rules; null where they may not be read'),
  recordingRules: z.number().nullable().default(0).describe('Number of recording rules'),
  covers: z.array(z.string()).default([]).describe('Topics that at least one alert rule watches, sorted'),
  firing: z
    .array(z.object({ name: z.string().default(''), severity: z.string().default(''), watchdog: z.boolean().default(false) }))
    .nullable()
    .default([])
    .describe('Alerts that fire now, with their severity'),
  alertmanagers: z.array(z.string()).nullable().default([]).describe('Active Alertmanagers, as host:port'),
  droppedAlertmanagers: z.number().nullable().default(0).describe('Alertmanagers that were configured and are not used'),
  metrics: z
    .array(z.string())
    .nullable()
    .default([])
    .describe('Names with samples in the last hour that tell of requests, hosts, containers, databases and probes (at most 500)'),
  metricCount: z.number().nullable().default(0).describe('Names with samples in the last hour'),
  requestDuration: z.array(z.string()).nullable().default([]).describe('Metrics of the duration of requests'),
  requestStatus: z.array(z.string()).nullable().default([]).describe('Metrics of requests by status, or of failed requests'),
  hostMetrics: z
    .array(z.string())
    .nullable()
    .default([])
    .describe('Which of cpu, memory, filesystem, network have samples of hosts or containers'),
  denied: deniedList,
});

const queryFacts = z.object({
  query: z.string().default('').describe('PromQL as asked'),
  samples: z
    .array(
      z.object({
        labels: z.record(z.string(), z.string()).default({}).describe('Without __name__'),
        value: z.number().nullable().default(null).describe('null for NaN and infinities'),
      }),
    )
    .default([])
    .describe('At most 1000'),
  count: z.number().default(0).describe('Samples, those included that were left out'),
  value: z.number().nullable().default(null).describe('Of the only sample, where there is one'),
  min: z.number().nullable().default(null).describe('Smallest value'),
  max: z.number().nullable().default(null).describe('Largest value'),
});

export const prometheusFacts = z.object({
  ...stateFacts.shape,
  query: queryFacts.nullable().default(null).describe('Where the question has a `query`; the other facts are then empty'),
});
export type PrometheusFacts = z.infer<typeof prometheusFacts>;

/** Prometheus (or what speaks its HTTP API: Thanos, Mimir, VictoriaMetrics): rules, targets, alerts, and PromQL queries. */
export const prometheus: Connector = {
  connection: 'prometheus',
  facts: prometheusFacts,
  endpoints: ({ prometheus: url }) => (url === undefined ? [] : [shown(url)]),
  async open(context: ConnectContext) {
    const api = apiOf(context);
    return {
      async measure(ask, signal) {
        const query = typeof ask['query'] === 'string' ? ask['query'] : null;
        const facts = query === null ? await state(api, context.now, signal) : { ...nothing(), query: await instant(api, query, signal) };
        return { where: api.where, facts };
      },
      close: async () => api.close(),
    };
  },
};

function shown(address: string): string {
  if (!URL.canParse(address)) return 'prometheus';
  const url = new URL(address);
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}

interface Api {
  readonly where: string;
  get(path: string, signal: AbortSignal): Promise<unknown>;
  close(): void;
}

/** One keep-alive agent; redirects are not followed, bodies end at a cap, credentials of the URL go into a header. */
function apiOf(context: ConnectContext): Api {
  const address = context.environment.prometheus;
  if (address === undefined) throw new ConnectFailure('not-named', 'no Prometheus is named: --prometheus URL');
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new ConnectFailure('not-understood', 'the address of prometheus is no http:// or https:// URL');
  const base = new URL(address);
  const secure = base.protocol === 'https:';
  const ca = trustedAuthorities(context.environment.trust, 'trust');
  const options = { keepAlive: true, maxSockets: 8 };
  const agent = secure ? new HttpsAgent({ ...options, ...(ca ? { ca: [...rootCertificates, ca] } : {}) }) : new HttpAgent(options);
  const user = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
  const headers = {
    accept: 'application/json',
    ...(user === ':' ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
  };
  const where = shown(address);
  const get = (path: string, signal: AbortSignal) =>
    new Promise<unknown>((resolve, reject) => {
      const url = new URL(`${where}${path}`);
      const sent = (secure ? httpsRequest : httpRequest)(url, { agent, headers, signal }, (response) => {
        readJson(response, path).then(resolve, reject);
      });
      sent.on('error', (error) =>
        reject(networkFailure(error) ?? new ConnectFailure('not-understood', `the request failed (${codeOf(error) || 'unknown error'})`)),
      );
      sent.end();
    });
  return { where, get, close: () => agent.destroy() };
}

async function readJson(response: IncomingMessage, path: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > answerBytes) {
        response.destroy();
        throw new ConnectFailure('too-large', `the answer to ${path.split('?')[0]} has more than ${answerBytes / 2 ** 20} MiB`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkFailure(error) ?? error;
  }
  const status = response.statusCode ?? 0;
  if (status === 401 || status === 403) throw new ConnectFailure('no-permission', `answered ${status}`);
  if (status === 404 || status === 405) throw new ConnectFailure('not-found', `answered ${status}: this is no Prometheus API`);
  if (status === 503 || status === 429) throw new ConnectFailure('refused', `answered ${status}`);
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ConnectFailure('not-understood', `answered ${status} with something that is no JSON`);
  }
  const { status: said, data, error } = asRecord(body);
  if (said === 'success') return data;
  throw new ConnectFailure(
    'not-understood',
    typeof error === 'string' ? text(error) : `answered ${status} in another form than Prometheus`,
  );
}

const asRecord = (value: unknown): Record<string, unknown> =>
  value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const text = (value: unknown): string => maskSecrets(asText(value).slice(0, kept.text));
const nothing = (): PrometheusFacts => prometheusFacts.parse({});

/** All groups at once; a group that is denied is null and listed, but something must answer. */
async function state(api: Api, now: Date, signal: AbortSignal): Promise<PrometheusFacts> {
  const denied: PrometheusFacts['denied'] = [];
  const failures: unknown[] = [];
  const group = async <T>(name: string, path: string, read: (data: unknown) => T): Promise<T | null> => {
    try {
      return read(await api.get(path, signal));
    } catch (error) {
      if (signal.aborted) throw error;
      failures.push(error);
      const known = error instanceof ConnectFailure ? error : new ConnectFailure('not-understood', 'the answer has another form');
      denied.push({ facts: name, reason: known.reason, message: known.message });
      return null;
    }
  };
  const seconds = Math.floor(now.getTime() / 1000);
  const lastHour = `start=${seconds - 3_600}&end=${seconds + 60}`;
  const [build, runtime, targets, rules, alerts, managers, names] = await Promise.all([
    group('version', '/api/v1/status/buildinfo', (d) => asText(asRecord(d)['version'])),
    group('retention', '/api/v1/status/runtimeinfo', asRecord),
    group('targets', '/api/v1/targets?state=active', (d) => asList(asRecord(d)['activeTargets']).slice(0, kept.targets).map(targetOf)),
    group('alerts', '/api/v1/rules', rulesOf),
    group('firing', '/api/v1/alerts', (d) => asList(asRecord(d)['alerts']).flatMap(firingOf)),
    group('alertmanagers', '/api/v1/alertmanagers', asRecord),
    group('metrics', `/api/v1/label/__name__/values?${lastHour}`, (d) => asList(d).map(asText).filter(Boolean)),
  ]);
  if (failures.length === 7) throw failures[0];
  const requests = names === null ? { duration: null, status: null } : await requestMetrics(api, names, lastHour, signal);
  const started = Date.parse(asText(runtime?.['startTime']));
  const ruled = new Map((rules?.alerts ?? []).map((r) => [r.name, r]));
  return {
    ...nothing(),
    version: build,
    retention: asText(runtime?.['storageRetention']) || null,
    uptimeSeconds: Number.isFinite(started) ? Math.round((now.getTime() - started) / 1000) : null,
    targets,
    alerts: rules?.alerts ?? null,
    recordingRules: rules?.recording ?? null,
    covers: [...new Set((rules?.alerts ?? []).flatMap((r) => r.topics))].sort(),
    firing: alerts && alerts.map((a) => ({ ...a, watchdog: a.watchdog || ruled.get(a.name)?.watchdog === true })),
    alertmanagers:
      managers &&
      asList(managers['activeAlertmanagers'])
        .map((m) => hostOf(asRecord(m)['url']))
        .slice(0, 20),
    droppedAlertmanagers: managers && asList(managers['droppedAlertmanagers']).length,
    metrics: names && names.filter((n) => interesting.test(n)).slice(0, kept.metrics),
    metricCount: names && names.length,
    requestDuration: requests.duration,
    requestStatus: requests.status,
    hostMetrics: names && hostKinds.filter(([, metric]) => names.some((n) => metric.test(n))).map(([kind]) => kind),
    denied,
  };
}

const interesting =
  /^(?:up|probe_|node_(?:cpu|memory|filesystem|network|load)|container_|kube_|process_|pg_|mysql_|redis_|http_|https?_|grpc_|nginx_|traefik_|envoy_|istio_|haproxy_|caddy_)|request|latency|duration|error/;
const hostKinds: readonly [string, RegExp][] = [
  ['cpu', /^(?:node_cpu_seconds_total|container_cpu_usage_seconds_total|windows_cpu_time_total)$/],
  ['memory', /^(?:node_memory_MemAvailable_bytes|container_memory_(?:working_set|usage)_bytes|windows_memory_\w+)$/],
  [
    'filesystem',
    /^(?:node_filesystem_(?:avail|free)_bytes|container_fs_usage_bytes|kubelet_volume_stats_available_bytes|windows_logical_disk_free_bytes)$/,
  ],
  ['network', /^(?:node_network_receive_bytes_total|container_network_receive_bytes_total|windows_net_bytes_total)$/],
];

const durationMetric =
  /^(?!prometheus_|alertmanager_|net_conntrack_|go_|scrape_|grafana_|promhttp_|node_|apiserver_|etcd_).*(?:(?:http|request|rpc|grpc|response|handler|server|view|route)\w*(?:duration|latency|time|seconds|milliseconds|_ms)\w*?|django_http_\w*latency\w*)(?:_bucket|_count|_sum)?$/i;
const requestMetric =
  /^(?!prometheus_|alertmanager_|net_conntrack_|go_|scrape_|grafana_|promhttp_|node_|apiserver_|etcd_).*(?:(?:http|request|rpc|grpc|response|handler|server|route)\w*(?:_total|_count|s)|requests?)$/i;
const failureMetric =
  /(?:http|request|response|server|handler|rpc)\w*(?:error|exception|failure|failed|5xx)\w*$|(?:error|exception|failure)s?_(?:in_)?\w*requests?\w*$/i;
const statusLabels = [
  'status',
  'code',
  'status_code',
  'http_status',
  'http_status_code',
  'http_response_status_code',
  'statusCode',
  'response_code',
  'grpc_code',
  'outcome',
  'exception',
];

/** Which metrics hold durations of requests, and which tell failed requests apart: by name, or by a label for the status. */
async function requestMetrics(
  api: Api,
  names: readonly string[],
  lastHour: string,
  signal: AbortSignal,
): Promise<{ duration: string[]; status: string[] }> {
  const base = (name: string) => name.replace(/_(?:bucket|count|sum)$/, '');
  const unique = (list: readonly string[]) => [...new Set(list.map(base))].sort().slice(0, 50);
  const duration = unique(names.filter((n) => durationMetric.test(n)));
  const failed = names.filter((n) => failureMetric.test(n) && !/^(?:prometheus|alertmanager|promhttp|grafana)_/.test(n));
  const counted = [
    ...new Set([...names.filter((n) => requestMetric.test(n)), ...names.filter((n) => durationMetric.test(n) && n.endsWith('_count'))]),
  ].slice(0, 40);
  const labelled = await Promise.all(
    counted.map(async (name) => {
      try {
        const labels = asList(await api.get(`/api/v1/labels?match[]=${encodeURIComponent(name)}&${lastHour}`, signal)).map(asText);
        return statusLabels.some((label) => labels.includes(label)) ? [name] : [];
      } catch (error) {
        if (signal.aborted) throw error;
        return [];
      }
    }),
  );
  return { duration, status: unique([...labelled.flat(), ...failed]) };
}

function targetOf(value: unknown): z.infer<typeof targetFacts> {
  const target = asRecord(value);
  const labels = asRecord(target['labels']);
  const health = asText(target['health']);
  return {
    job: text(labels['job']),
    instance: text(labels['instance']),
    health: health === 'up' || health === 'down' ? health : 'unknown',
    lastError: text(target['lastError']),
  };
}

function rulesOf(data: unknown): { alerts: z.infer<typeof ruleFacts>[]; recording: number } {
  const groups = asList(asRecord(data)['groups']).map(asRecord);
  const rules = groups.flatMap((group) => asList(group['rules']).map((rule) => ({ group: text(group['name']), rule: asRecord(rule) })));
  const alerts = rules.filter(({ rule }) => rule['type'] === 'alerting');
  return { alerts: alerts.slice(0, kept.rules).map(({ group, rule }) => alertOf(group, rule)), recording: rules.length - alerts.length };
}

function alertOf(group: string, rule: Record<string, unknown>): z.infer<typeof ruleFacts> {
  const [name, expr, state] = [text(rule['name']), text(rule['query']), asText(rule['state'])];
  const labels = asRecord(rule['labels']);
  return {
    name,
    group,
    expr,
    forSeconds: typeof rule['duration'] === 'number' ? rule['duration'] : 0,
    severity: severityOf(labels),
    state: state === 'inactive' || state === 'pending' || state === 'firing' ? state : 'unknown',
    health: asText(rule['health']) || 'unknown',
    lastError: text(rule['lastError']),
    watchdog: isWatchdog(name, expr),
    topics: topicsOf(name, expr),
  };
}

/** What an alert rule watches, by its expression, else by its name; pure. */
export function topicsOf(name: string, expr: string): string[] {
  return topics.filter((t) => t.expr.test(expr) || t.name.test(name)).map((t) => t.topic);
}

const isWatchdog = (name: string, expr: string): boolean =>
  /watchdog|deadman|heartbeat/i.test(name) || /^\s*vector\(\s*1\s*\)\s*$/.test(expr);
const severityOf = (labels: Record<string, unknown>): string => text(labels['severity'] ?? labels['priority'] ?? labels['level']);

function firingOf(value: unknown): NonNullable<PrometheusFacts['firing']> {
  const alert = asRecord(value);
  if (alert['state'] !== 'firing') return [];
  const labels = asRecord(alert['labels']);
  const name = text(labels['alertname']);
  return [{ name, severity: severityOf(labels), watchdog: isWatchdog(name, '') }];
}

function hostOf(url: unknown): string {
  return URL.canParse(asText(url)) ? new URL(asText(url)).host : 'unreadable';
}

/** An instant query: a vector, a scalar, or the last values of a range vector. */
async function instant(api: Api, query: string, signal: AbortSignal): Promise<z.infer<typeof queryFacts>> {
  const data = asRecord(await api.get(`/api/v1/query?query=${encodeURIComponent(query)}&timeout=9s&limit=${kept.samples}`, signal));
  const result = asList(data['result']);
  const samples =
    data['resultType'] === 'scalar' || data['resultType'] === 'string' ? [sampleOf({}, result)] : result.map((r) => sampleIn(asRecord(r)));
  const values = samples.flatMap((s) => (s.value === null ? [] : [s.value]));
  return {
    query,
    samples: samples.slice(0, kept.samples),
    count: samples.length,
    value: samples.length === 1 ? (samples[0]?.value ?? null) : null,
    min: values.length > 0 ? values.reduce((a, b) => Math.min(a, b)) : null,
    max: values.length > 0 ? values.reduce((a, b) => Math.max(a, b)) : null,
  };
}

type Sample = z.infer<typeof queryFacts>['samples'][number];
const sampleIn = (result: Record<string, unknown>): Sample =>
  sampleOf(asRecord(result['metric']), asList(result['value'] ?? asList(result['values']).at(-1)));

function sampleOf(metric: Record<string, unknown>, pair: readonly unknown[]): Sample {
  const value = Number(pair[1]);
  const labels = Object.entries(metric).filter(([name]) => name !== '__name__');
  return { labels: Object.fromEntries(labels.map(([name, label]) => [name, text(label)])), value: Number.isFinite(value) ? value : null };
}
