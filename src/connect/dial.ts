import { readFileSync } from 'node:fs';
import { Socket, connect as connectTcp, isIP } from 'node:net';
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import { ConnectFailure, type UnknownReason } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import { oneLine } from '../safe/escape.js';

/** A database's address as the operator wrote it, taken apart. `where` is for people and holds no credential. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly encrypted: boolean;
  readonly options: URLSearchParams;
  readonly where: string;
}

interface AddressKind {
  /** The option's name, for messages. */
  readonly name: string;
  readonly schemes: readonly string[];
  /** Those of the schemes that ask for TLS. */
  readonly encryptedSchemes?: readonly string[];
  readonly port: number;
  readonly form: string;
}

/** Takes a connection URL apart; `+driver` in the scheme (postgresql+asyncpg) is skipped. UsageError without the URL's own text. */
export function parseAddress(text: string, kind: AddressKind): Address {
  const fault = (what: string) => new UsageError(`the address of ${kind.name} ${what}`, kind.name, `write it as ${kind.form}`);
  if (!URL.canParse(text)) throw fault('is not a URL; reserved characters of a password are written as %40 for @, %2F for /');
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1).replace(/\+\w+$/, '');
  if (!kind.schemes.includes(scheme))
    throw fault(`begins with ${url.protocol}// where ${kind.schemes.map((s) => `${s}://`).join(' or ')} is expected`);
  let parts: [string, string, string];
  try {
    parts = [decodeURIComponent(url.username), decodeURIComponent(url.password), decodeURIComponent(url.pathname.slice(1))];
  } catch {
    throw fault('has a % that is not followed by two hexadecimal digits; write %25 for %');
  }
  const host = url.searchParams.get('host') ?? (url.hostname.replace(/^\[|\]$/g, '') || 'localhost');
  const port = Number(url.port || kind.port);
  const [user, password, database] = parts;
  const shown = host.includes(':') ? `[${host}]` : host;
  const where = `${scheme}://${host.startsWith('/') ? '' : `${shown}:${port}`}/${database}`.replace(/\/$/, '');
  return {
    host,
    port,
    user,
    password,
    database,
    where,
    options: url.searchParams,
    encrypted: kind.encryptedSchemes?.includes(scheme) ?? false,
  };
}

/** How one connection's bytes and time are bounded. */
const MAX_BYTES = 32 * 1024 * 1024;
const LOOK_EVERY_MS = 25;

/**
 * The bounds of one connection: sockets under it are destroyed at the deadline, when the audit stops, and when the peer has sent
 * more than any honest answer needs. What waits on it is then refused with the reason.
 */
export class Guard {
  #sockets = new Set<Socket>();
  #ended: ConnectFailure | null = null;
  #waiting = new Set<(failure: ConnectFailure) => void>();
  readonly #until: number;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#end('timed-out', 'the audit was stopped before it answered');

  constructor(deadlineMs: number, signal: AbortSignal) {
    this.#until = performance.now() + deadlineMs;
    this.#signal = signal;
    this.#timer = setInterval(() => {
      if (performance.now() >= this.#until) this.#end('timed-out', `no complete answer within ${Math.round(deadlineMs)} ms`);
      for (const socket of this.#sockets) {
        if (socket.bytesRead > MAX_BYTES) this.#end('too-large', `it sent more than ${MAX_BYTES / 1024 / 1024} MB`);
      }
    }, LOOK_EVERY_MS);
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  #end(reason: UnknownReason, message: string): void {
    this.#ended ??= new ConnectFailure(reason, message);
    this.release();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    for (const reject of this.#waiting) reject(this.#ended);
    this.#waiting.clear();
  }

  /** Milliseconds left, 0 where the deadline has passed or the peer went too far. */
  get remaining(): number {
    return this.#ended ? 0 : Math.max(0, this.#until - performance.now());
  }

  /** Why the guard ended the connection, where it did. */
  get ended(): ConnectFailure | null {
    return this.#ended;
  }

  watch<T extends Socket>(socket: T): T {
    if (this.#ended) socket.destroy();
    else this.#sockets.add(socket);
    // The library that uses the socket reports its errors; without a listener an early one would end the process.
    socket.on('error', () => undefined);
    return socket;
  }

  /** The promise's outcome, or the guard's reason where that comes first. */
  race<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => undefined);
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiting.add(reject);
      promise.then(resolve, (error: unknown) => reject(this.#ended ?? error)).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Runs a driver's parser over what a peer sent; one that throws ends the connection instead of the process. */
  attempt<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.#end('not-understood', `a malformed message: ${serverText(error)}`);
      return undefined;
    }
  }

  /** The same for every listener of a socket. `inspect` sees what arrives before they do, and throws where they would not cope. */
  contain<T extends Socket>(socket: T, inspect?: (chunk: Buffer) => void): T {
    const emit = socket.emit.bind(socket) as (event: string | symbol, ...rest: unknown[]) => boolean;
    socket.emit = (event: string | symbol, ...rest: unknown[]): boolean =>
      this.attempt(() => {
        if (event === 'data') inspect?.(rest[0] as Buffer);
        return emit(event, ...rest);
      }) ?? true;
    return socket;
  }

  /** A connected plain socket. */
  dial(address: Pick<Address, 'host' | 'port'>): Promise<Socket> {
    const socket = this.watch(connectTcp({ host: address.host, port: address.port, noDelay: true }));
    return this.race(new Promise((resolve, reject) => socket.once('connect', () => resolve(socket)).once('error', reject)));
  }

  /** Stops looking; open sockets stay with whoever uses them. */
  release(): void {
    clearInterval(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  /** A moment for saying goodbye, so that the server does not note a connection that broke off. */
  async farewell(goodbye: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, Math.min(250, this.remaining))));
    await Promise.race([goodbye.catch(() => undefined), patience]);
    clearTimeout(timer);
  }

  /** Stops looking and destroys what is still open. */
  close(): void {
    this.release();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}

/** Certificates to trust beside the system's, from the operator's PEM file. */
export function trustedAuthorities(file: string | undefined, where: string): string | undefined {
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`the file of trusted certificates cannot be read: ${file}`, where, 'name a readable PEM file');
  }
}

/** What a TLS connection turned out to be; `problem` says why its certificate is not trusted. */
export interface Encryption {
  readonly version: string;
  readonly cipher: string;
  readonly verified: boolean;
  readonly problem: string;
}

/** Facts of an established TLS socket whose certificate was not enforced: chain as Node judged it, then the host name. */
export function encryptionOf(socket: TLSSocket, host: string): Encryption {
  const chain = socket.authorized ? '' : String(socket.authorizationError ?? 'not verified');
  // Node names the error by its code here, whatever the declared type says.
  const name = chain === '' && !host.startsWith('/') ? checkServerIdentity(host, socket.getPeerCertificate()) : undefined;
  const problem = chain || (name ? `the certificate is not for ${isIP(host) ? 'the address' : 'the host'} ${host}` : '');
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher()?.name ?? '',
    verified: problem === '',
    problem: oneLine(problem).slice(0, 200),
  };
}

const untrusted = /CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME_MISMATCH/;

/** Why a network or TLS error keeps a question unanswered; null for errors of other kinds. */
export function networkFailure(error: unknown): ConnectFailure | null {
  if (error instanceof ConnectFailure) return error;
  const code = codeOf(error);
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return new ConnectFailure('refused', 'the connection was refused');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new ConnectFailure('not-found', 'the host name does not resolve');
  if (code === 'ETIMEDOUT') return new ConnectFailure('timed-out', 'no answer in time');
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return new ConnectFailure('refused', 'the host cannot be reached');
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new ConnectFailure('not-understood', 'the server closed the connection in the middle of an answer');
  if (untrusted.test(code)) return new ConnectFailure('untrusted', `the server's certificate is not trusted (${code})`);
  if (/^ERR_(?:SSL|TLS)/.test(code)) return new ConnectFailure('not-understood', `the TLS handshake failed (${code})`);
  return null;
}

/** The code of an error, of a driver or of Node; '' where it has none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const code = (error as { code?: unknown }).code ?? (error as { cause?: { code?: unknown } }).cause?.code;
  return typeof code === 'string' ? code : '';
}

/** A server's words in one bounded line; passwords that it echoes are hidden by whoever reports them (safe/scrub.ts). */
export const serverText = (error: unknown): string => oneLine(error instanceof Error ? error.message : String(error)).slice(0, 200);
