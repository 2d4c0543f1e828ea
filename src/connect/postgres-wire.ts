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
