import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { ConnectFailure } from '../model/environment.js';
import { networkFailure } from './dial.js';

/**
 * The first message of a TLS handshake, written by hand: what a server would accept is seen from its first answer, whatever versions
 * and ciphers this machine's own TLS library still speaks (RFC 8446, 5246, 6101). Nothing is ever negotiated to the end.
 */
export const versions = { SSLv3: 0x0300, TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 } as const;
export type Version = keyof typeof versions;

/** What a server chose, or null where it declined. */
export interface Chosen {
  readonly version: number;
  readonly cipher: number;
}

/** Suites of today: forward secrecy with AEAD for 1.2 and 1.3. */
const strong = [0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0x009e, 0x009f, 0xccaa];
const forwardCbc = [0xc009, 0xc00a, 0xc013, 0xc014, 0xc023, 0xc024, 0xc027, 0xc028, 0x0033, 0x0039, 0x0067, 0x006b, 0x0032, 0x0038];
const tls13 = [0x1301, 0x1302, 0x1303];

/** Suites that no server should accept, by what is wrong with them (RFC 7525, RFC 9325, RFC 7465, RFC 8996). */
export const weakSuites = {
  'no encryption': [0x0001, 0x0002, 0x003b, 0xc001, 0xc006, 0xc00b, 0xc010, 0x002c],
  anonymous: [0x0018, 0x001b, 0x0034, 0x003a, 0x006c, 0x006d, 0x00a6, 0x00a7, 0xc016, 0xc017, 0xc018, 0xc019],
  export: [0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, 0x0017, 0x0019],
  RC4: [0x0004, 0x0005, 0xc007, 0xc011, 0x0066],
  DES: [0x0009, 0x000c, 0x000f, 0x0012, 0x0015, 0x001a],
  '3DES': [0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0xc003, 0xc008, 0xc00d, 0xc012],
} as const;
export type Weakness = keyof typeof weakSuites;

/** Key exchange by RSA: recorded traffic can be read once the key is known. Worth a remark, not yet a failure. */
const noForwardSecrecy = [0x002f, 0x0035, 0x003c, 0x003d, 0x009c, 0x009d, 0x0041, 0x0084, 0x0096];

/** Suites to offer with a version, where the version itself is what is asked. */
export const suitesOf = (version: Version): readonly number[] =>
  version === 'TLSv1.3'
    ? tls13
    : [...(version === 'TLSv1.2' ? strong : []), ...forwardCbc, ...noForwardSecrecy, ...weakSuites['3DES'], ...weakSuites.RC4];

export const withoutForwardSecrecy: readonly number[] = noForwardSecrecy;

/** Offers a version with suites and tells what the server chose; null where it declined. Throws ConnectFailure where it cannot tell. */
export function offer(
  endpoint: { host: string; port: number; name: string },
  version: Version,
  suites: readonly number[],
  signal: AbortSignal,
): Promise<Chosen | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: endpoint.host, port: endpoint.port, noDelay: true });
    let received = Buffer.alloc(0);
    let connected = false;
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      settle();
    };
    const stop = () => end(() => reject(signal.reason as Error));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('connect', () => {
      connected = true;
      socket.write(clientHello(endpoint.name, version, suites));
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk.subarray(0, 65_536)]);
      let answer: Chosen | null | undefined;
      try {
        answer = readAnswer(received);
      } catch (error) {
        return end(() => reject(error as Error));
      }
      if (answer !== undefined) end(() => resolve(answer));
    });
    // Many servers simply hang up on what they do not speak.
    socket.on('close', () => end(() => resolve(null)));
    socket.on('error', (error: NodeJS.ErrnoException) => end(() => (connected ? resolve(null) : reject(networkFailure(error) ?? error))));
  });
}

const u16 = (n: number): Buffer => Buffer.from([n >> 8, n & 255]);
const list = (bytes: Buffer): Buffer => Buffer.concat([u16(bytes.length), bytes]);
const extension = (type: number, data: Buffer): Buffer => Buffer.concat([u16(type), list(data)]);
const numbers = (values: readonly number[]): Buffer => Buffer.concat(values.map(u16));

/** A ClientHello record; extensions from TLS 1.0 on. */
export function clientHello(name: string, version: Version, suites: readonly number[]): Buffer {
  const legacy = Math.min(versions[version], 0x0303);
  const extensions = version === 'SSLv3' ? Buffer.alloc(0) : list(Buffer.concat(extensionsOf(name, version)));
  const session = version === 'TLSv1.3' ? randomBytes(32) : Buffer.alloc(0);
  const body = Buffer.concat([
    u16(legacy),
    randomBytes(32),
    Buffer.from([session.length]),
    session,
    list(numbers(version === 'TLSv1.3' ? suites : [...suites, 0x00ff])),
    Buffer.from([1, 0]),
    extensions,
  ]);
  const handshake = Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
  return Buffer.concat([Buffer.from([22]), u16(Math.min(versions[version], 0x0301)), list(handshake)]);
}

function extensionsOf(name: string, version: Version): Buffer[] {
  const groups = [0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101];
  const signatures = [0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202];
  const sni = name === '' ? [] : [extension(0, list(Buffer.concat([Buffer.from([0]), list(Buffer.from(name, 'latin1'))])))];
  const common = [
    ...sni,
    extension(10, list(numbers(groups))),
    extension(11, Buffer.from([1, 0])),
    extension(13, list(numbers(signatures))),
  ];
  // Without a key share a server of TLS 1.3 asks for one, which is answer enough.
  if (version === 'TLSv1.3')
    return [
      ...common,
      extension(43, Buffer.concat([Buffer.from([2]), u16(0x0304)])),
      extension(45, Buffer.from([1, 1])),
      extension(51, u16(0)),
    ];
  return common;
}

/** undefined: more bytes are needed; null: an alert. Throws where it is no TLS at all. */
export function readAnswer(bytes: Buffer): Chosen | null | undefined {
  if (bytes.length < 5) return undefined;
  const type = bytes[0] as number;
  if ((type !== 21 && type !== 22) || bytes[1] !== 3) throw new ConnectFailure('not-understood', 'the server does not speak TLS');
  if (type === 21) return null;
  const length = bytes.readUInt16BE(3);
  if (length < 40 || length > 16_640) throw new ConnectFailure('not-understood', 'the TLS answer is malformed');
  const hello = bytes.subarray(5, 5 + length);
  // Only as much as holds what was chosen; extensions may be long.
  if (hello.length < length) return undefined;
  if (hello[0] !== 2) throw new ConnectFailure('not-understood', 'the TLS answer is malformed');
  const session = hello[38] as number;
  const at = 39 + session;
  if (hello.length < at + 3) throw new ConnectFailure('not-understood', 'the TLS answer is malformed');
  return { version: chosenVersion(hello, at + 3) ?? hello.readUInt16BE(4), cipher: hello.readUInt16BE(at) };
}

/** The version of the supported_versions extension, where TLS 1.3 was chosen. */
function chosenVersion(hello: Buffer, start: number): number | undefined {
  if (hello.length < start + 2) return undefined;
  const end = Math.min(hello.length, start + 2 + hello.readUInt16BE(start));
  for (let at = start + 2; at + 4 <= end; at += 4 + hello.readUInt16BE(at + 2))
    if (hello.readUInt16BE(at) === 43 && at + 6 <= end) return hello.readUInt16BE(at + 4);
  return undefined;
}
