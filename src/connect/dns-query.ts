import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { connect, isIP } from 'node:net';
import { randomInt } from 'node:crypto';
import packet from 'dns-packet';
import { ConnectFailure } from '../model/environment.js';
import { networkFailure } from './dial.js';

export interface Server {
  readonly host: string;
  readonly port: number;
}

/** The answer to one question; `ad`: the resolver validated it with DNSSEC. */
export interface Answer {
  readonly rcode: string;
  readonly ad: boolean;
  readonly answers: readonly packet.Answer[];
}

const tries = 2;
const tryMs = 2_000;
const messageBytes = 65_535;

/** `127.0.0.1:5353`, `[::1]:53`, `9.9.9.9`; null where it is none. */
export function parseServer(text: string): Server | null {
  const match = /^(?:\[([^\]]+)\]|([^:]+)|([0-9a-f:]+:[0-9a-f:]+))(?::(\d+))?$/i.exec(text.trim());
  const host = match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
  const port = Number(match?.[4] ?? 53);
  return isIP(host) && port > 0 && port < 65_536 ? { host, port } : null;
}

/** The resolvers that this machine uses. */
export const systemServers = (): Server[] =>
  getServers()
    .map(parseServer)
    .filter((s) => s !== null);

/** Asks over UDP, then over TCP where the answer was cut off; the next server where one is silent. */
export async function query(name: string, type: packet.RecordType, servers: readonly Server[], signal: AbortSignal): Promise<Answer> {
  let last: unknown = new ConnectFailure('not-found', 'this machine has no DNS server');
  for (const server of servers)
    for (let i = 0; i < tries; i++) {
      try {
        const { message, id } = question(name, type);
        let reply = packet.decode(await overUdp(message, id, server, signal));
        if (reply.flag_tc) reply = packet.decode(await overTcp(message, server, signal));
        return answerOf(reply);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        last = error;
        if (error instanceof ConnectFailure && error.reason === 'refused') break;
      }
    }
  throw networkFailure(last) ?? new ConnectFailure('not-understood', 'the DNS server answers with something else than DNS');
}

function question(name: string, type: packet.RecordType): { message: Buffer; id: number } {
  const id = randomInt(1, 65_535);
  const message = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA,
    questions: [{ type, name }],
    // Without the client's word that it understands DNSSEC, resolvers keep their opinion to themselves.
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 1232,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: packet.DNSSEC_OK,
        flag_do: true,
        options: [],
      },
    ],
  });
  return { message, id };
}

function answerOf(reply: packet.DecodedPacket): Answer {
  const rcode = (reply as unknown as { rcode?: string }).rcode ?? 'NOERROR';
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN')
    throw new ConnectFailure(rcode === 'REFUSED' ? 'refused' : 'not-understood', `the DNS server answers ${rcode}`);
  return { rcode, ad: reply.flag_ad === true, answers: reply.answers ?? [] };
}

function overUdp(message: Buffer, id: number, server: Server, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(server.host) === 6 ? 'udp6' : 'udp4');
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.close();
      settle();
    };
    const stop = () => end(() => reject(signal.reason as Error));
    const timer = setTimeout(() => end(() => reject(new ConnectFailure('timed-out', 'the DNS server does not answer'))), tryMs);
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', (error) => end(() => reject(error)));
    // Connected, so that only this server's answers arrive and a refusal is noticed.
    socket.connect(server.port, server.host, () => socket.send(message));
    socket.on('message', (reply) => {
      if (reply.length >= 12 && reply.readUInt16BE(0) === id) end(() => resolve(reply));
    });
  });
}

function overTcp(message: Buffer, server: Server, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.host, port: server.port });
    let received = Buffer.alloc(0);
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      settle();
    };
    const stop = () => end(() => reject(signal.reason as Error));
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(tryMs, () => end(() => reject(new ConnectFailure('timed-out', 'the DNS server does not answer over TCP'))));
    socket.on('connect', () => socket.write(Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message])));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]).subarray(0, messageBytes + 2);
      if (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) end(() => resolve(received.subarray(2)));
    });
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('close', () => end(() => reject(new ConnectFailure('not-understood', 'the DNS server closed the connection'))));
  });
}
