import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import packet from 'dns-packet';
import { afterAll } from 'vitest';

export interface Zone {
  /** Records by lower-case name. */
  readonly records: Readonly<Record<string, readonly packet.Answer[]>>;
  /** The resolver says that it validated what it answers. */
  readonly validated?: boolean;
  readonly rcode?: 'NOERROR' | 'SERVFAIL' | 'REFUSED';
  /** Answers over UDP are cut off, so that the client has to come back over TCP. */
  readonly cutOff?: boolean;
  /** Answers with something else. */
  readonly garbage?: Buffer;
  readonly silent?: boolean;
}

const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
const closers: (() => void)[] = [];
afterAll(() => closers.forEach((close) => close()));

/** A DNS server on loopback, UDP and TCP on one port; gives `127.0.0.1:port` and what it was asked. */
export async function dnsServer(zone: Zone): Promise<{ server: string; asked: string[] }> {
  const asked: string[] = [];
  const reply = (query: Buffer, overTcp: boolean): Buffer | null => {
    if (zone.silent) return null;
    if (zone.garbage) return Buffer.concat([query.subarray(0, 2), zone.garbage]);
    const { id, questions } = packet.decode(query);
    const question = questions?.[0];
    asked.push(`${question?.type} ${question?.name}${overTcp ? ' tcp' : ''}`);
    const known = zone.records[question?.name.toLowerCase() ?? ''];
    const answers = (known ?? []).filter((r) => r.type === question?.type || r.type === 'CNAME');
    const cut = zone.cutOff === true && !overTcp;
    const rcode = zone.rcode ?? (known ? 'NOERROR' : 'NXDOMAIN');
    const flags =
      packet.RECURSION_DESIRED |
      packet.RECURSION_AVAILABLE |
      (zone.validated ? packet.AUTHENTIC_DATA : 0) |
      (cut ? packet.TRUNCATED_RESPONSE : 0) |
      rcodes[rcode];
    return packet.encode({ type: 'response', id, flags, questions: questions ?? [], answers: cut ? [] : answers });
  };
  const udp = createSocket('udp4');
  const tcp = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data: Buffer) => {
      const answer = reply(data.subarray(2), true);
      if (answer) socket.end(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
    });
  });
  udp.on('message', (message, from) => {
    const answer = reply(message, false);
    if (answer) udp.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as { port: number };
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(port, '127.0.0.1', resolve));
  closers.push(() => {
    udp.close();
    tcp.close();
  });
  return { server: `127.0.0.1:${port}`, asked };
}
