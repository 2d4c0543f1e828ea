import { z } from 'zod';
import type { Connection } from './connections.js';

/**
 * What an operator names of a running system, in `environments:` of the operator's checklist or by flags. Values may hold
 * `${VAR}`, filled in from the process. A target's own readiness.yaml can never name one (design, section 9).
 */
export const environmentSchema = z.strictObject({
  url: z.string().optional().describe('Base address of the application: https://app.example.org'),
  envFile: z.string().optional().describe('File of NAME=value lines that the application starts with; values never leave the process'),
  postgres: z.string().optional().describe('postgres://user:password@host:5432/database, of a role that may only read'),
  mysql: z.string().optional().describe('mysql://user:password@host:3306/database; MariaDB and MySQL'),
  redis: z.string().optional().describe('redis://:password@host:6379/0, rediss:// for TLS'),
  tls: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('host:port to judge beside the one of `url`'),
  ports: z
    .strictObject({ host: z.string().optional(), open: z.array(z.number().int()).optional(), closed: z.array(z.number().int()).optional() })
    .optional()
    .describe('Ports that must answer, and ports that must not; host defaults to that of `url`'),
  dns: z
    .strictObject({ domain: z.string().optional(), server: z.string().optional() })
    .optional()
    .describe('Domain to look up (default: of `url`), and the server to ask: 127.0.0.1:5353'),
  prometheus: z.string().optional().describe('Base address of a Prometheus server'),
  backups: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('Folders, files or globs where backups arrive'),
  host: z.literal('local').optional().describe('Judge the machine that the audit runs on'),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe('Sent with every HTTP request to `url`: an access token for a staging gate'),
  trust: z.string().optional().describe('PEM file of a certificate authority to trust beside the system’s'),
  foreignOrigin: z.string().optional().describe('Origin of the CORS preflight; default https://readiness.invalid'),
  commands: z
    .record(z.string(), z.union([z.string().min(1), z.array(z.string()).min(1)]))
    .optional()
    .describe('Commands that `command` probes may run by name, a line or a list of arguments, without a shell; only with --allow-commands'),
});
export type EnvironmentSource = z.infer<typeof environmentSchema>;

export { connections, type Connection } from './connections.js';

/** One question to a live system. Equal questions (by JSON) are asked once. `ask` is plain data: {path: '/health'} for http. */
export interface Measurement {
  readonly connection: Connection;
  readonly ask: Readonly<Record<string, unknown>>;
}

/** Why nothing could be measured; `not-named` means the operator named no such endpoint. */
export const unknownReasons = [
  'not-named',
  'not-allowed',
  'refused',
  'timed-out',
  'not-found',
  'untrusted',
  'no-permission',
  'not-understood',
  'too-large',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

/**
 * The answer to a measurement. `facts` is JSON in the shape of the connection's zod schema; it never holds a secret value.
 * `where` names the endpoint without credentials: `https://app.example.org/health`, `redis://10.0.0.5:6379`.
 */
export type Measured =
  | { readonly status: 'measured'; readonly where: string; readonly facts: unknown }
  | { readonly status: 'unknown'; readonly where: string; readonly reason: UnknownReason; readonly message: string };

/** Thrown by a connector where it cannot tell; becomes `Measured` of status unknown. */
export class ConnectFailure extends Error {
  constructor(
    readonly reason: UnknownReason,
    message: string,
    /** The endpoint, without credentials, where it is another than the connector's first. */
    readonly where?: string,
  ) {
    super(message);
    this.name = 'ConnectFailure';
  }
}

/** What the operator permits beyond looking: --allow-load, --allow-commands. */
export interface Permissions {
  readonly load: boolean;
  readonly commands: boolean;
}

/** What every connector gets: the resolved environment, a signal that fires at the audit's deadline, and the deadline of one measurement. */
export interface ConnectContext {
  readonly environment: EnvironmentSource;
  readonly permissions: Permissions;
  readonly signal: AbortSignal;
  /** Milliseconds for one measurement, all retries included. */
  readonly deadlineMs: number;
  readonly now: Date;
}

/**
 * One kind of connection. `open` is called at most once an audit, on the first measurement of its kind; what it returns is
 * shared by all measurements and closed at the end. Everything is read-only.
 */
export interface Connector {
  readonly connection: Connection;
  /**
   * The facts that `measure` gives, which also generate the reference page. Every field has a default (or is optional) that stands for
   * "nothing there", so that recorded answers in examples need only name what matters.
   */
  readonly facts: z.ZodType;
  /** The question that `readiness env check` puts to see whether the endpoint answers; default `{}`, null: none is put. */
  readonly check?: Readonly<Record<string, unknown>> | null;
  /** Milliseconds for one measurement where the usual 10 s are not enough (a load test). */
  deadlineMs?(environment: EnvironmentSource): number;
  /** Endpoints that the environment names for it, without credentials; empty where it names none. */
  endpoints(environment: EnvironmentSource): readonly string[];
  open(context: ConnectContext): Promise<OpenConnection>;
}

export interface OpenConnection {
  /** Facts for one question, and the endpoint they come from; throws ConnectFailure where it cannot tell. */
  measure(ask: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<{ where: string; facts: unknown }>;
  close(): Promise<void>;
}

/** All connections of one environment, opened when first asked, closed together. The recorded twin has the same shape. */
export interface Environment {
  readonly name: string;
  /** Whether anything is named for this connection. */
  has(connection: Connection): boolean;
  measure(measurement: Measurement): Promise<Measured>;
  close(): Promise<void>;
}
