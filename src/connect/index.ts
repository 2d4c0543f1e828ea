import { setMaxListeners } from 'node:events';
import {
  ConnectFailure,
  type Connection,
  type Connector,
  type Environment,
  type EnvironmentSource,
  type Measured,
  type Measurement,
  type OpenConnection,
  type Permissions,
  type UnknownReason,
} from '../model/environment.js';
import { canonical } from '../safe/canonical.js';
import { oneLine } from '../safe/escape.js';
import { maskSecrets } from '../safe/redact.js';
import { scrubber } from '../safe/scrub.js';
import { connectors } from './registry.js';

export { connectors } from './registry.js';
export { recordedEnvironment, type RecordedAnswers } from './recorded.js';

export interface EnvironmentOptions {
  readonly name: string;
  /** With every `${VAR}` filled in. */
  readonly source: EnvironmentSource;
  readonly permissions: Permissions;
  readonly now: Date;
  /** Milliseconds of one measurement, of everything together, and measurements at a time. */
  readonly deadlineMs?: number;
  readonly overallMs?: number;
  readonly concurrency?: number;
  /** Other connectors than the built-in ones, for tests. */
  readonly connectors?: typeof connectors;
}

const defaults = { deadlineMs: 10_000, overallMs: 180_000, concurrency: 24 };
/** Bytes of the facts of one measurement; more is no answer that anybody can judge. */
const factsBytes = 8_000_000;
/** Milliseconds that closing may take; a peer that does not say goodbye is left. */
const closeMs = 1_000;

/**
 * The live environment: each connection opened at most once, on its first measurement; equal questions asked once; no measurement
 * outlives its deadline. `measure` never throws: what cannot be told is `unknown` with the reason, without any credential.
 */
export function openEnvironment(options: EnvironmentOptions): Environment {
  const { source } = options;
  const { deadlineMs, overallMs, concurrency } = { ...defaults, ...dropUndefined(options) };
  const known = options.connectors ?? connectors;
  const scrub = scrubber(source);
  const overall = new AbortController();
  const timer = setTimeout(
    () => overall.abort(new ConnectFailure('timed-out', `the environment took longer than ${overallMs} ms`)),
    overallMs,
  );
  timer.unref();
  const opened = new Map<Connection, Promise<{ connector: Connector; connection: OpenConnection }>>();
  const answers = new Map<string, Promise<Measured>>();
  const turn = limiter(concurrency);

  const connect = (kind: Connection) => {
    let open = opened.get(kind);
    if (!open) {
      open = (async () => {
        const load = known[kind];
        if (!load) throw new ConnectFailure('not-understood', `nothing here can measure ${kind}`);
        const connector = await load();
        if (connector.endpoints(source).length === 0) throw new ConnectFailure('not-named', notNamed(kind));
        const ms = connector.deadlineMs?.(source) ?? deadlineMs;
        const context = { environment: source, permissions: options.permissions, signal: overall.signal, deadlineMs: ms, now: options.now };
        return { connector, connection: await connector.open(context) };
      })();
      opened.set(kind, open);
    }
    return open;
  };

  const ask = async ({ connection: kind, ask: question }: Measurement): Promise<Measured> => {
    let where: string = kind;
    try {
      if (!isNamed(source, kind)) return unknown(kind, 'not-named', notNamed(kind));
      const load = await known[kind]?.();
      where = load?.endpoints(source)[0] ?? kind;
      const ms = load?.deadlineMs?.(source) ?? deadlineMs;
      const answer = await turn(() =>
        within(ms, overall.signal, async (signal) => (await connect(kind)).connection.measure(question, signal)),
      );
      if (Buffer.byteLength(JSON.stringify(answer.facts) ?? '') > factsBytes)
        return unknown(answer.where, 'too-large', 'the answer is larger than anybody can judge');
      return { status: 'measured', where: scrub.text(answer.where), facts: scrub.value(answer.facts) };
    } catch (error) {
      const failure = error instanceof ConnectFailure ? error : null;
      const said = failure?.where ?? where;
      return unknown(
        scrub.text(said),
        failure?.reason ?? 'not-understood',
        scrub.text(maskSecrets(oneLine(messageOf(error)).slice(0, 500))),
      );
    }
  };

  return {
    name: options.name,
    has: (kind) => isNamed(source, kind),
    measure(measurement) {
      const key = canonical(measurement);
      let answer = answers.get(key);
      if (!answer) answers.set(key, (answer = ask(measurement)));
      return answer;
    },
    async close() {
      clearTimeout(timer);
      overall.abort(new ConnectFailure('timed-out', 'the environment is closed'));
      const closing = [...opened.values()].map(async (open) => (await open).connection.close());
      await Promise.race([Promise.allSettled(closing), new Promise((done) => setTimeout(done, closeMs).unref())]);
    },
  };
}

const unknown = (where: string, reason: UnknownReason, message: string): Measured => ({ status: 'unknown', where, reason, message });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)) || 'no reason given';

function dropUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>;
}

/** What an operator writes to name an endpoint of this kind. */
const options: Readonly<Record<Connection, string>> = {
  env: '--env-file',
  http: '--url',
  tls: '--url https://… or --tls host:port',
  tcp: '`ports` of an environment in your checklist',
  dns: '--url or `dns` of an environment in your checklist',
  postgres: '--postgres',
  mysql: '--mysql',
  redis: '--redis',
  host: '--host local',
  prometheus: '--prometheus',
  backup: '--backup',
  load: '--url with --allow-load',
  command: '`commands` of an environment in your checklist with --allow-commands',
};
export const notNamed = (kind: Connection): string => `name an environment to see it live: ${options[kind]}`;

/** Whether the environment names anything that this connection could ask. */
export function isNamed(source: EnvironmentSource, kind: Connection): boolean {
  const url = source.url !== undefined;
  switch (kind) {
    case 'env':
      return source.envFile !== undefined;
    case 'http':
    case 'load':
      return url;
    case 'tls':
      return source.tls !== undefined || (source.url?.toLowerCase().startsWith('https:') ?? false);
    case 'tcp':
      return source.ports !== undefined;
    case 'dns':
      return source.dns !== undefined || url;
    case 'backup':
      return source.backups !== undefined;
    case 'command':
      return source.commands !== undefined;
    default:
      return source[kind] !== undefined;
  }
}

/** Runs with a signal that fires at the deadline or at the end of everything; whatever ignores the signal is left behind. */
async function within<T>(ms: number, overall: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  // One question may take a dozen connections.
  setMaxListeners(0, own.signal, overall);
  const stop = () => own.abort(overall.reason);
  const timer = setTimeout(() => own.abort(new ConnectFailure('timed-out', `no answer within ${ms} ms`)), ms);
  overall.addEventListener('abort', stop, { once: true });
  if (overall.aborted) stop();
  try {
    return await new Promise<T>((resolve, reject) => {
      const fail = () => reject(own.signal.reason as Error);
      if (own.signal.aborted) return fail();
      own.signal.addEventListener('abort', fail, { once: true });
      run(own.signal).then(resolve, (error: unknown) => reject(own.signal.aborted ? (own.signal.reason as Error) : (error as Error)));
    });
  } finally {
    clearTimeout(timer);
    overall.removeEventListener('abort', stop);
  }
}

/** At most `size` at a time, in the order asked. */
function limiter(size: number): <T>(run: () => Promise<T>) => Promise<T> {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (free === 0) await new Promise<void>((go) => waiting.push(go));
    else free--;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
