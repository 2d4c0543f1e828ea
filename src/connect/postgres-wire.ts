import type { Socket } from 'node:net';
import type { Guard } from './dial.js';

/**
 * Whether the server lets a connection without TLS come as far as its question for a password (or further). Only the start-up message
 * is sent, no password; null where the server says neither yes nor no. `socket` is connected and destroyed afterwards.
 */
export async function acceptsPlain(socket: Socket, guard: Guard, user: string, database: string): Promise<boolean | null> {
  try {
    socket.write(startup({ user, database, application_name: 'readiness' }));
    const answer = await guard.race(
      new Promise<Buffer | null>((resolve) => {
        let received = Buffer.alloc(0);
        socket.on('data', (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
          if (received.length >= 5 && received.length >= Math.min(received.readUInt32BE(1) + 1, 4_096)) resolve(received);
        });
        socket.once('close', () => resolve(null));
      }),
    );
    const kind = answer && String.fromCharCode(answer[0] as number);
    if (kind === 'R') return true;
    return kind === 'E' && /\bC(?:28000|08P01|08004)\0/.test((answer as Buffer).toString('latin1')) ? false : null;
  } finally {
    socket.destroy();
  }
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: StartupMessage of protocol 3.0. */
function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.writeUInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

const HEADER = 5;
const [ERROR, NOTICE] = [0x45, 0x4e];
/** No message of an honest server to our questions comes near. */
const MAX_MESSAGE = 16 * 1024 * 1024;

/**
 * Looks at messages as they arrive and throws where the driver's parser would search for an end that is not there: errors and notices
 * are lists of texts, each with a zero behind it, and one more at the end.
 */
export function messageCheck(): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER);
  let [filled, size, left] = [0, 0, 0];
  let tail: readonly [number, number] = [-1, -1];
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (filled < HEADER) {
        header[filled++] = chunk[at++] as number;
        if (filled < HEADER) continue;
        size = left = header.readUInt32BE(1) - 4;
        if (size < 0 || size > MAX_MESSAGE) throw new Error('a length that no message has');
        tail = [-1, -1];
      }
      const end = Math.min(at + left, chunk.length);
      if (end > at) tail = [end - at > 1 ? (chunk[end - 2] as number) : tail[1], chunk[end - 1] as number];
      left -= end - at;
      at = end;
      if (left > 0) return;
      const isList = header[0] === ERROR || header[0] === NOTICE;
      if (isList && !(tail[1] === 0 && (size === 1 || tail[0] === 0))) throw new Error('an error message without an end');
      filled = 0;
    }
  };
}
