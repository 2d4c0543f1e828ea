import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Duplex, Transform } from 'node:stream';
import { ConnectFailure } from '../model/environment.js';
import { networkFailure } from './dial.js';

/** Bytes of a body as sent, and decoded, that are read at all. */
const bodyBytes = 4 * 1024 * 1024;
const headerBytes = 64 * 1024;

/** One answer as it came, redirects not followed. */
export interface Exchange {
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Decoded. */
  readonly body: Buffer;
  readonly encoding: string;
  readonly sent: number;
  readonly ms: number;
  readonly firstByteMs: number;
}

export interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** true: asks to switch to WebSocket; the connection is closed as soon as the answer is there. */
  readonly upgrade?: boolean;
}

/** Connections kept alive for all requests of one environment. */
export class Agents {
  readonly #plain = new http.Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 8 });
  readonly #secure: https.Agent;
  readonly trust: { readonly secureContext?: SecureContext };

  constructor(authorities: string | undefined) {
    // One context for all connections: reading every root certificate again for each takes longer than the rest of a request.
    this.trust = authorities === undefined ? {} : { secureContext: createSecureContext({ ca: [...rootCertificates, authorities] }) };
    this.#secure = new https.Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 8, ...this.trust });
  }

  of(url: URL): http.Agent {
    return url.protocol === 'https:' ? this.#secure : this.#plain;
  }

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }
}

/**
 * One request; the whole body, decoded, up to 4 MB. ConnectFailure with a precise reason for everything that goes wrong. A request
 * that a kept-alive connection lost before it was answered is put once more.
 */
export async function exchange(url: URL, request: Request, agents: Agents): Promise<Exchange> {
  try {
    return await once(url, request, agents);
  } catch (error) {
    if (error instanceof Lost) return await once(url, request, agents).catch(failed);
    return failed(error);
  }
}

function failed(error: unknown): never {
  if (error instanceof Lost) throw new ConnectFailure('not-understood', 'the server closed the connection without an answer');
  const known = networkFailure(error);
  if (known) throw known;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && code.startsWith('HPE_')) {
    const what =
      code === 'HPE_HEADER_OVERFLOW'
        ? ['too-large', `its headers are larger than ${headerBytes / 1024} kB`]
        : ['not-understood', `it does not speak HTTP (${code})`];
    throw new ConnectFailure(what[0] as 'too-large', what[1] as string);
  }
  if (code === 'EPROTO')
    throw new ConnectFailure('not-understood', 'the TLS handshake failed: the server does not speak TLS, or no version in common');
  if (typeof code === 'string' && /^(?:Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR__ERROR)/.test(code))
    throw new ConnectFailure('not-understood', 'the body is not encoded as its Content-Encoding says');
  throw error;
}

/** An IPv6 address without its brackets. */
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** A kept-alive connection that the server had closed meanwhile. */
class Lost extends Error {}

function once(url: URL, { method, headers, signal, upgrade }: Request, agents: Agents): Promise<Exchange> {
  const started = performance.now();
  const send = url.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const req = send(url, {
      method,
      headers: { 'accept-encoding': 'gzip, br', accept: '*/*', 'user-agent': 'readiness', ...headers },
      agent: upgrade ? false : agents.of(url),
      ...(url.protocol === 'https:' ? { ...agents.trust, servername: isIP(bare(url.hostname)) ? '' : url.hostname } : {}),
      signal,
      maxHeaderSize: headerBytes,
    });
    req.on('error', (error: NodeJS.ErrnoException) =>
      reject(req.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE') ? new Lost() : error),
    );
    const switched = (res: http.IncomingMessage, socket: Duplex) => {
      socket.destroy();
      const ms = Math.round(performance.now() - started);
      const none = { body: Buffer.alloc(0), sent: 0, encoding: '', firstByteMs: ms, ms };
      resolve({ url, status: res.statusCode ?? 0, headers: headersOf(res.rawHeaders), ...none });
    };
    req.on('upgrade', switched);
    req.on('response', (res) => {
      const firstByteMs = Math.round(performance.now() - started);
      read(res, method).then(
        ({ body, sent, encoding }) =>
          resolve({
            url,
            status: res.statusCode ?? 0,
            headers: headersOf(res.rawHeaders),
            body,
            sent,
            encoding,
            firstByteMs,
            ms: Math.round(performance.now() - started),
          }),
        (error: unknown) => {
          req.destroy();
          (res.socket as Socket | null)?.destroy();
          reject(error as Error);
        },
      );
    });
    req.end();
  });
}

/** Names in lower case, in the order of the answer; no name of the prototype can be met. */
function headersOf(raw: readonly string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (let i = 0; i + 1 < raw.length; i += 2) (headers[(raw[i] as string).toLowerCase()] ??= []).push(raw[i + 1] as string);
  return headers;
}

function decoderOf(encoding: string): Transform | null {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  return encoding === 'deflate' ? createInflate() : null;
}

/** The decoded body; what is larger than the cap, as sent or decoded, ends the reading at once. */
async function read(res: http.IncomingMessage, method: string): Promise<{ body: Buffer; sent: number; encoding: string }> {
  const encoding = (res.headers['content-encoding'] ?? '').trim().toLowerCase();
  const decoder = method === 'HEAD' || res.statusCode === 304 || res.statusCode === 204 ? null : decoderOf(encoding);
  const chunks: Buffer[] = [];
  let sent = 0;
  let decoded = 0;
  await new Promise<void>((resolve, reject) => {
    const tooLarge = () => {
      // First the reason: ending the connection is an error of its own.
      reject(new ConnectFailure('too-large', `its body is larger than ${bodyBytes / 1024 / 1024} MB`));
      res.destroy();
      decoder?.destroy();
    };
    const keep = (chunk: Buffer) => {
      decoded += chunk.length;
      if (decoded > bodyBytes) tooLarge();
      else chunks.push(chunk);
    };
    res.on('error', reject);
    res.on('aborted', () => reject(new ConnectFailure('not-understood', 'the server closed the connection in the middle of its answer')));
    if (decoder) {
      res.on('data', (chunk: Buffer) => {
        sent += chunk.length;
        if (sent > bodyBytes) tooLarge();
        else if (!decoder.write(chunk)) {
          res.pause();
          decoder.once('drain', () => res.resume());
        }
      });
      res.on('end', () => decoder.end());
      decoder.on('data', keep);
      decoder.on('error', (error: NodeJS.ErrnoException) => {
        // An empty body has nothing to decode.
        if (sent === 0) resolve();
        else reject(error);
        res.destroy();
      });
      decoder.on('end', resolve);
    } else {
      res.on('data', (chunk: Buffer) => {
        sent += chunk.length;
        keep(chunk);
      });
      res.on('end', resolve);
    }
  });
  return { body: Buffer.concat(chunks), sent, encoding };
}
