import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Options, Result } from 'autocannon';
import { rootCertificates } from 'node:tls';
import { z } from 'zod';
import { ConnectFailure, type ConnectContext, type Connector, type EnvironmentSource } from '../model/environment.js';
import { networkFailure, trustedAuthorities } from './dial.js';

/** What a load test may do at most. */
const caps = { connections: 50, seconds: 30, requests: 20_000, burst: 400, timeoutSeconds: 10, bodyBytes: 100_000 } as const;

const latencyFacts = z.object({
  p50: z.number().default(0).describe('Median'),
  p90: z.number().default(0).describe('90th percentile'),
  p95: z.number().default(0).describe('95th percentile'),
  p99: z.number().default(0).describe('99th percentile'),
  max: z.number().default(0).describe('Slowest'),
  mean: z.number().default(0).describe('Mean'),
});

export const loadFacts = z.object({
  kind: z.enum(['load', 'burst']).default('load').describe('A load test, or a burst that looks for rate limiting'),
  path: z.string().default('/').describe('Below the base address'),
  method: z.string().default('GET').describe('HTTP method'),
  connections: z.number().default(0).describe('At a time'),
  seconds: z.number().default(0).describe('That it took'),
  requests: z.number().default(0).describe('Answered, or ended in an error'),
  throughput: z.number().default(0).describe('Answers a second'),
  statuses: z.record(z.string(), z.number()).default({}).describe('Answers by status: {"200": 950, "429": 50}'),
  failed: z.number().default(0).describe('Answers of 5xx, connections that broke, requests without an answer in 10 s'),
  errorRate: z.number().default(0).describe('Failed requests by all requests, 0 to 1'),
  limited: z.number().default(0).describe('Answers of 429, and of 423 or 503 with Retry-After'),
  limitedAfter: z.number().nullable().default(null).describe('Requests answered before the first such one; null where there is none'),
  retryAfter: z.number().nullable().default(null).describe('Seconds of the first Retry-After header, else null'),
  limitHeaders: z.array(z.string()).default([]).describe('RateLimit and X-RateLimit headers that answers carry, sorted (burst only)'),
  latency: latencyFacts.prefault({}).describe('Milliseconds of answered requests'),
});
export type LoadFacts = z.infer<typeof loadFacts>;

/** Bounded load on the named application, only with --allow-load; one test at a time, so that they don't measure one another. */
export const load: Connector = {
  connection: 'load',
  facts: loadFacts,
  check: null,
  /** Tests wait for one another. */
  deadlineMs: () => 150_000,
  endpoints: ({ url }) => (url === undefined ? [] : [shown(url)]),
  async open(context: ConnectContext) {
    const url = context.environment.url;
    if (url === undefined) throw new ConnectFailure('not-named', 'no application is named: --url URL');
    if (!context.permissions.load) throw new ConnectFailure('not-allowed', 'a load test is made only with --allow-load');
    let last: Promise<unknown> = Promise.resolve();
    return {
      measure(ask, signal) {
        const plan = planOf(ask, url);
        const run = () => (plan.kind === 'burst' ? burst(plan, context.environment, signal) : loadTest(plan, context.environment, signal));
        const mine = last.then(run, run).then((facts) => ({ where: `${shown(plan.url.origin)}${plan.url.pathname}`, facts }));
        last = mine.catch(() => undefined);
        return mine;
      },
      close: async () => {},
    };
  },
};

function shown(address: string): string {
  if (!URL.canParse(address)) return 'url';
  const url = new URL(address);
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}

interface Plan {
  readonly kind: 'load' | 'burst';
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly connections: number;
  readonly seconds: number;
  readonly requests: number | null;
}

/** The question within its caps; a path that leads to another host than the named one is refused. */
export function planOf(ask: Readonly<Record<string, unknown>>, base: string): Plan {
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
    throw new ConnectFailure('not-understood', 'the address of the application is no http:// or https:// URL');
  const path = typeof ask['path'] === 'string' ? ask['path'] : '/';
  const prefix = new URL(base).pathname.replace(/\/$/, '');
  const url = path.startsWith('/') ? new URL(`${prefix}${path}`, base) : null;
  if (!url || url.origin !== new URL(base).origin)
    throw new ConnectFailure('not-allowed', 'a load test goes only to paths of the named address, which begin with /');
  const number = (name: string, fallback: number, most: number): number => {
    const value = Number(ask[name] ?? fallback);
    return Number.isFinite(value) ? Math.max(1, Math.min(most, Math.round(value))) : fallback;
  };
  const kind = ask['burst'] === undefined ? 'load' : 'burst';
  const body = ask['body'];
  const sent = body === undefined ? undefined : (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, caps.bodyBytes);
  const ownHeaders = Object.entries((ask['headers'] as Record<string, unknown> | undefined) ?? {}).map(([n, v]) => [n, String(v)]);
  return {
    kind,
    url,
    method: typeof ask['method'] === 'string' ? ask['method'].toUpperCase() : sent === undefined ? 'GET' : 'POST',
    headers: {
      ...(sent !== undefined && typeof body !== 'string' ? { 'content-type': 'application/json' } : {}),
      ...(Object.fromEntries(ownHeaders) as Record<string, string>),
    },
    body: sent,
    connections: number('connections', 10, caps.connections),
    seconds: number('seconds', 5, caps.seconds),
    requests:
      kind === 'burst' ? number('burst', 150, caps.burst) : ask['requests'] === undefined ? null : number('requests', 50, caps.requests),
  };
}

/** autocannon for a number of seconds, or for a number of requests. */
async function loadTest(plan: Plan, environment: EnvironmentSource, signal: AbortSignal): Promise<LoadFacts> {
  await reachable(plan, environment, signal);
  const { default: autocannon } = await import('autocannon');
  const times: number[] = [];
  const statuses = new Map<number, number>();
  let limitedAfter: number | null = null;
  const requests = plan.requests;
  const options: Options = {
    url: plan.url.href,
    method: plan.method as 'GET',
    headers: { ...environment.headers, ...plan.headers },
    ...(plan.body === undefined ? {} : { body: plan.body }),
    connections: requests === null ? plan.connections : Math.min(plan.connections, requests),
    timeout: caps.timeoutSeconds,
    sampleInt: 100,
    ...(requests === null ? { duration: plan.seconds, maxOverallRequests: caps.requests } : { amount: requests }),
  };
  const tally = (status: number, took: number) => {
    if (limitedAfter === null && status === 429) limitedAfter = times.length;
    times.push(took);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  let limit: NodeJS.Timeout | undefined;
  let stop: () => void = () => undefined;
  try {
    const result = await new Promise<Result>((resolve, reject) => {
      const running = autocannon(options, (error: unknown, done) => (error ? reject(error as Error) : resolve(done)));
      running.on('response', (_client, status, _bytes, took) => tally(status, took));
      stop = () => running.stop();
      // A number of requests has no end of its own where the answers are slow.
      limit = setTimeout(stop, (requests === null ? plan.seconds + 2 : caps.seconds) * 1_000);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
    });
    if (times.length === 0) throw new ConnectFailure('refused', `none of ${result.errors} requests was answered`);
    return factsOf(plan, times, statuses, { errors: result.errors, seconds: result.duration, limitedAfter, headers: [], retryAfter: null });
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', stop);
  }
}

/** autocannon does not verify certificates, so one ordinary request goes ahead: no header of the operator's goes to a stranger. */
async function reachable(plan: Plan, environment: EnvironmentSource, signal: AbortSignal): Promise<void> {
  const agent = agentFor(plan, environment);
  try {
    await once({ ...plan, method: plan.method === 'GET' ? 'GET' : 'HEAD', body: undefined }, environment, agent, signal);
  } catch (error) {
    throw networkFailure(error) ?? error;
  } finally {
    agent.destroy();
  }
}

function agentFor({ url, connections }: Plan, environment: EnvironmentSource): HttpAgent {
  const options = { keepAlive: true, maxSockets: connections };
  if (url.protocol !== 'https:') return new HttpAgent(options);
  const ca = trustedAuthorities(environment.trust, 'trust');
  return new HttpsAgent({ ...options, ...(ca ? { ca: [...rootCertificates, ca] } : {}) });
}

interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly headers: IncomingHttpHeaders;
}

/** As many requests as asked at once over a few connections; ends at the first that is limited and a few more. */
async function burst(plan: Plan, environment: EnvironmentSource, signal: AbortSignal): Promise<LoadFacts> {
  const agent = agentFor(plan, environment);
  const times: number[] = [];
  const statuses = new Map<number, number>();
  const named = new Set<string>();
  const found: { limitedAfter: number | null; retryAfter: number | null; failure: unknown; errors: number } = {
    limitedAfter: null,
    retryAfter: null,
    failure: null,
    errors: 0,
  };
  const started = performance.now();
  let left = plan.requests ?? caps.burst;
  const worker = async () => {
    while (left > 0 && !signal.aborted && performance.now() - started < caps.seconds * 1_000) {
      left--;
      try {
        const answer = await once(plan, environment, agent, signal);
        if (isLimited(answer)) {
          found.limitedAfter ??= times.length;
          found.retryAfter ??= secondsOf(answer.headers['retry-after']);
          // It is seen; more requests would only keep others out.
          left = Math.min(left, 3);
        }
        times.push(answer.ms);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        for (const name of Object.keys(answer.headers)) if (/^(?:x-)?rate-?limit/.test(name)) named.add(name);
      } catch (error) {
        found.failure ??= error;
        found.errors++;
        if (found.errors > 10 && times.length === 0) left = 0;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: plan.connections }, worker));
  } finally {
    agent.destroy();
  }
  if (times.length === 0) throw networkFailure(found.failure) ?? new ConnectFailure('not-understood', 'no request was answered in HTTP');
  const seconds = (performance.now() - started) / 1_000;
  return factsOf(plan, times, statuses, { ...found, seconds, headers: [...named].sort() });
}

function once(plan: Plan, environment: EnvironmentSource, agent: HttpAgent, signal: AbortSignal): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const send = plan.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const length = plan.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(plan.body)) };
    const headers = { ...environment.headers, ...plan.headers, ...length };
    // For the whole answer: one that drips would keep an idle timeout waiting for ever.
    const limit = AbortSignal.timeout(caps.timeoutSeconds * 1_000);
    const fail = (error: Error) =>
      reject(limit.aborted ? new ConnectFailure('timed-out', `no complete answer within ${caps.timeoutSeconds} s`) : error);
    const sent = send(plan.url, { agent, signal: AbortSignal.any([signal, limit]), method: plan.method, headers }, (response) => {
      let bytes = 0;
      const end = () => resolve({ status: response.statusCode ?? 0, ms: performance.now() - started, headers: response.headers });
      // The body is not wanted, and an endless one is cut off.
      response.on('data', (chunk: Buffer) => (bytes += chunk.length) > 1_000_000 && response.destroy());
      response.on('error', fail).on('close', end).on('end', end);
    });
    sent.on('error', fail);
    sent.end(plan.body);
  });
}

const isLimited = ({ status, headers }: Answer): boolean =>
  status === 429 || ((status === 423 || status === 503) && headers['retry-after'] !== undefined) || status === 423;

function secondsOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  if (/^\d{1,7}$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isFinite(at) ? Math.max(0, Math.round((at - Date.now()) / 1_000)) : null;
}

interface Rest {
  readonly errors: number;
  readonly seconds: number;
  readonly limitedAfter: number | null;
  readonly retryAfter: number | null;
  readonly headers: readonly string[];
}

function factsOf(plan: Plan, times: readonly number[], statuses: ReadonlyMap<number, number>, rest: Rest): LoadFacts {
  const count = (test: (status: number) => boolean) => [...statuses].reduce((sum, [status, n]) => (test(status) ? sum + n : sum), 0);
  const retried = rest.retryAfter === null ? 0 : count((s) => s === 503);
  const failed = count((s) => s >= 500) - retried + rest.errors;
  const requests = times.length + rest.errors;
  const sorted = [...times].sort((a, b) => a - b);
  // Nearest rank: the smallest value that at least p of all are not above.
  const rank = (p: number): number => round(sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0);
  return {
    kind: plan.kind,
    path: plan.url.pathname,
    method: plan.method,
    connections: plan.connections,
    seconds: round(rest.seconds),
    requests,
    throughput: round(times.length / Math.max(rest.seconds, 0.001)),
    statuses: Object.fromEntries([...statuses].sort(([a], [b]) => a - b).map(([status, n]) => [String(status), n])),
    failed,
    errorRate: requests === 0 ? 0 : Math.round((failed / requests) * 10_000) / 10_000,
    limited: count((s) => s === 429 || s === 423) + retried,
    limitedAfter: rest.limitedAfter,
    retryAfter: rest.retryAfter,
    limitHeaders: [...rest.headers],
    latency: {
      p50: rank(0.5),
      p90: rank(0.9),
      p95: rank(0.95),
      p99: rank(0.99),
      max: rank(1),
      mean: round(sorted.reduce((sum, t) => sum + t, 0) / Math.max(1, sorted.length)),
    },
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
