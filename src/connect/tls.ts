import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  rootCertificates,
  type ConnectionOptions,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { z } from 'zod';
import { ConnectFailure, unknownReasons, type Connector, type EnvironmentSource } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import { networkFailure, trustedAuthorities } from './dial.js';
import { baseOf } from './http.js';
import { offer, suitesOf, versions, weakSuites, withoutForwardSecrecy, type Version, type Weakness } from './tls-hello.js';

const certificate = z.object({
  subject: z.string().default(''),
  issuer: z.string().default(''),
  notBefore: z.string().default('').describe('ISO 8601'),
  notAfter: z.string().default('').describe('ISO 8601'),
  keyType: z.string().default('ec').describe('rsa, ec, ed25519, dsa ...'),
  keyBits: z.number().default(256),
  signature: z.string().default('').describe('sha256WithRSA, ecdsaWithSHA384, ed25519, sha1WithRSA, md5WithRSA, or the OID'),
});

const endpointFacts = z.object({
  endpoint: z.string().default('tls://app.example.org:443'),
  host: z.string().default('app.example.org'),
  port: z.number().default(443),
  trusted: z.boolean().default(true).describe('The chain leads to a trusted authority and every certificate of it is valid now'),
  problem: z
    .string()
    .default('')
    .describe("Why the chain is not trusted, as OpenSSL's code: CERT_HAS_EXPIRED, DEPTH_ZERO_SELF_SIGNED_CERT ..."),
  hostMatches: z.boolean().default(true).describe('The certificate is for this host'),
  selfSigned: z.boolean().default(false),
  daysLeft: z.number().default(60).describe('Whole days until the certificate expires; negative: since'),
  days: z.number().default(90).describe('Whole days that the certificate is valid in all'),
  names: z.array(z.string()).default([]).describe('Host names and addresses that it is for'),
  certificate: certificate.prefault({}),
  chain: z.array(certificate).default([]).describe('As the server sends it, its own certificate first'),
  versions: z
    .array(z.enum(['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']))
    .default(['TLSv1.2', 'TLSv1.3'])
    .describe('Accepted by the server'),
  weak: z
    .array(z.enum(['no encryption', 'anonymous', 'export', 'RC4', 'DES', '3DES']))
    .default([])
    .describe('Kinds of weak cipher suites that the server accepts'),
  forwardSecrecyOnly: z.boolean().default(true).describe('It accepts no key exchange by RSA'),
  version: z.string().default('TLSv1.3').describe('Negotiated with a client of today'),
  cipher: z.string().default('TLS_AES_256_GCM_SHA384'),
  ocspStapled: z.boolean().default(false).describe('A status answer of the authority comes with the handshake'),
});

const tlsFacts = z.object({
  endpoints: z.array(endpointFacts).default([]),
  unreachable: z.array(z.object({ endpoint: z.string(), reason: z.enum(unknownReasons), message: z.string() })).default([]),
});
type EndpointFacts = z.infer<typeof endpointFacts>;

interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Server name to ask for; '' for addresses. */
  readonly name: string;
  readonly endpoint: string;
}

/** Endpoints of `url` (https) and `tls`, each once; UsageError for one that is no host:port. */
export function tlsEndpoints(environment: EnvironmentSource): Endpoint[] {
  const base = environment.url === undefined ? null : baseOf(environment);
  const written = [...(base?.protocol === 'https:' ? [base.host] : []), ...[environment.tls ?? []].flat()];
  return [...new Set(written.map((text) => text.toLowerCase()))].map(endpointOf);
}

function endpointOf(text: string): Endpoint {
  const url = /^[^\s/@?#]+$/.test(text) && URL.canParse(`https://${text}`) ? new URL(`https://${text}`) : null;
  if (!url)
    throw new UsageError(
      `\`${text.includes('@') ? 'this' : text}\` is no TLS endpoint`,
      '--tls',
      'write it as host:port: app.example.org:443',
    );
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || 443);
  return { host, port, name: isIP(host) ? '' : host, endpoint: `tls://${url.hostname}:${port}` };
}

export const tls: Connector = {
  connection: 'tls',
  facts: tlsFacts,
  endpoints: (environment) => tlsEndpoints(environment).map((e) => e.endpoint),
  async open({ environment, now }) {
    const authorities = trustedAuthorities(environment.trust, '`trust`');
    // Whatever the server speaks, to see its certificates; made once, since reading every root certificate takes its time.
    const secureContext = createSecureContext({
      minVersion: 'TLSv1',
      ciphers: 'ALL:@SECLEVEL=0',
      ...(authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }),
    });
    return {
      async measure(_ask, signal) {
        const all = tlsEndpoints(environment);
        const settled = await Promise.allSettled(all.map((endpoint) => look(endpoint, secureContext, now, signal)));
        const endpoints = settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
        const failures = settled.flatMap((s, i) =>
          s.status === 'rejected' ? [{ endpoint: (all[i] as Endpoint).endpoint, failure: failureOf(s.reason) }] : [],
        );
        const [first] = failures;
        if (endpoints.length === 0 && first) throw new ConnectFailure(first.failure.reason, first.failure.message, first.endpoint);
        const unreachable = failures.map(({ endpoint, failure }) => ({ endpoint, reason: failure.reason, message: failure.message }));
        return { where: all.map((e) => e.endpoint).join(', '), facts: { endpoints, unreachable } };
      },
      close: async () => undefined,
    };
  },
};

function failureOf(error: unknown): ConnectFailure {
  const known = networkFailure(error);
  if (known) return known;
  const code = (error as { code?: unknown }).code;
  if (code === 'EPROTO') return new ConnectFailure('not-understood', 'the TLS handshake failed');
  return new ConnectFailure('not-understood', error instanceof Error ? error.message : 'the TLS handshake failed');
}

async function look(endpoint: Endpoint, secureContext: SecureContext, now: Date, signal: AbortSignal): Promise<EndpointFacts> {
  // The first hello tells whether there is a TLS server at all, before a dozen questions are put to it.
  const offered = (version: Version) =>
    offer(endpoint, version, suitesOf(version), signal).then((chosen) => chosen?.version === versions[version]);
  const newest = await offered('TLSv1.3');
  const [certificates, sslv3, tls10, tls11, tls12] = await Promise.all([
    handshake(endpoint, secureContext, now, signal),
    offered('SSLv3'),
    offered('TLSv1'),
    offered('TLSv1.1'),
    offered('TLSv1.2'),
  ]);
  const accepted: Version[] = [
    ...(sslv3 ? ['SSLv3' as const] : []),
    ...(tls10 ? ['TLSv1' as const] : []),
    ...(tls11 ? ['TLSv1.1' as const] : []),
    ...(tls12 ? ['TLSv1.2' as const] : []),
    ...(newest ? ['TLSv1.3' as const] : []),
  ];
  // Suites of TLS 1.3 are all strong; the newest and the oldest of the others may differ in what they accept.
  const older = accepted.filter((version) => version !== 'TLSv1.3');
  const tried = [...new Set([older.at(0), older.at(-1)])].filter((version) => version !== undefined);
  const accepts = async (suites: readonly number[]) =>
    (await Promise.all(tried.map((version) => offer(endpoint, version, suites, signal)))).some(
      (chosen) => chosen !== null && suites.includes(chosen.cipher),
    );
  const weaknesses = Object.entries(weakSuites) as [Weakness, readonly number[]][];
  const weak = await Promise.all(weaknesses.map(async ([name, suites]) => ((await accepts(suites)) ? [name] : [])));
  return {
    endpoint: endpoint.endpoint,
    host: endpoint.host,
    port: endpoint.port,
    ...certificates,
    versions: accepted,
    weak: weak.flat(),
    forwardSecrecyOnly: !(await accepts(withoutForwardSecrecy)),
  };
}

type Seen = Omit<EndpointFacts, 'endpoint' | 'host' | 'port' | 'versions' | 'weak' | 'forwardSecrecyOnly'>;

/** One whole handshake, with whatever the server has, to see its certificates. */
function handshake({ host, port, name }: Endpoint, secureContext: SecureContext, now: Date, signal: AbortSignal): Promise<Seen> {
  return new Promise((resolve, reject) => {
    let ocspStapled = false;
    const options: ConnectionOptions & { requestOCSP: boolean } = {
      host,
      port,
      ...(name ? { servername: name } : {}),
      rejectUnauthorized: false,
      requestOCSP: true,
      secureContext,
    };
    const socket = connect(options);
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      settle();
    };
    const stop = () => end(() => reject(signal.reason as Error));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('OCSPResponse', (response: Buffer | null) => {
      ocspStapled = response !== null && response.length > 0;
    });
    socket.on('secureConnect', () => {
      try {
        const facts = certificatesOf(socket, host, now);
        end(() => resolve({ ...facts, ocspStapled }));
      } catch (error) {
        end(() => reject(error as Error));
      }
    });
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('close', () =>
      end(() => reject(new ConnectFailure('not-understood', 'the server closed the connection in the middle of the handshake'))),
    );
  });
}

function certificatesOf(socket: TLSSocket, host: string, now: Date): Omit<Seen, 'ocspStapled'> {
  const peer = socket.getPeerCertificate(true);
  if (!peer.raw) throw new ConnectFailure('not-understood', 'the server shows no certificate');
  const raws = chainOf(peer);
  const chain = raws.map(describe);
  const own = new X509Certificate(peer.raw);
  const day = 86_400_000;
  const notBefore = Date.parse(own.validFrom);
  const notAfter = Date.parse(own.validTo);
  const code = socket.authorized ? '' : String(socket.authorizationError ?? 'UNKNOWN');
  // A wrong name is told apart from a chain that leads nowhere.
  const problem = /ALTNAME|HOSTNAME/.test(code) ? '' : code;
  return {
    trusted: problem === '',
    problem,
    hostMatches: checkServerIdentity(host, peer) === undefined,
    selfSigned: own.checkIssued(own),
    daysLeft: Math.floor((notAfter - now.getTime()) / day),
    days: Math.round((notAfter - notBefore) / day),
    names: (own.subjectAltName ?? '')
      .split(', ')
      .map((entry) => entry.replace(/^(?:DNS|IP Address):/, ''))
      .filter(Boolean)
      .slice(0, 100),
    certificate: chain[0] as EndpointFacts['certificate'],
    chain,
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName ?? socket.getCipher().name,
  };
}

/** As sent; the root, which is its own issuer, ends it. */
function chainOf(peer: DetailedPeerCertificate): Buffer[] {
  const chain: Buffer[] = [];
  const seen = new Set<string>();
  for (
    let at: DetailedPeerCertificate | undefined = peer;
    at?.raw && !seen.has(at.fingerprint256) && chain.length < 10;
    at = at.issuerCertificate
  ) {
    seen.add(at.fingerprint256);
    chain.push(at.raw);
  }
  return chain;
}

function describe(raw: Buffer): EndpointFacts['certificate'] {
  const parsed = new X509Certificate(raw);
  const { asymmetricKeyType: keyType = '', asymmetricKeyDetails: details } = parsed.publicKey;
  return {
    subject: nameOf(parsed.subject),
    issuer: nameOf(parsed.issuer),
    notBefore: isoOf(parsed.validFrom),
    notAfter: isoOf(parsed.validTo),
    keyType,
    keyBits:
      details?.modulusLength ?? curveBits[details?.namedCurve ?? ''] ?? (keyType === 'ed25519' ? 256 : keyType === 'ed448' ? 448 : 0),
    signature: signatureOf(raw),
  };
}

const curveBits: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp256k1: 256,
  prime192v1: 192,
  secp224r1: 224,
};

const isoOf = (date: string): string => new Date(Date.parse(date)).toISOString();

/** The common name, else the whole name in one line. */
const nameOf = (name: string): string => (/(?:^|\n)CN=([^\n]*)/.exec(name)?.[1] ?? name.replaceAll('\n', ', ')).slice(0, 200);

const algorithms: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'md5WithRSA',
  '2a864886f70d010105': 'sha1WithRSA',
  '2a864886f70d01010a': 'rsaPss',
  '2a864886f70d01010b': 'sha256WithRSA',
  '2a864886f70d01010c': 'sha384WithRSA',
  '2a864886f70d01010d': 'sha512WithRSA',
  '2a8648ce3d0401': 'ecdsaWithSHA1',
  '2a8648ce3d040302': 'ecdsaWithSHA256',
  '2a8648ce3d040303': 'ecdsaWithSHA384',
  '2a8648ce3d040304': 'ecdsaWithSHA512',
  '2b6570': 'ed25519',
  '2b6571': 'ed448',
};

/** The signature algorithm (RFC 5280, section 4.1.1.2): Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, SEQUENCE { OID ... } ... }. */
function signatureOf(der: Buffer): string {
  try {
    const outer = element(der, 0);
    const tbs = element(der, outer.start);
    const oid = element(der, element(der, tbs.end).start);
    const hex = der.subarray(oid.start, oid.end).toString('hex');
    return algorithms[hex] ?? hex;
  } catch {
    return '';
  }
}

/** Where the content of a DER element starts and ends. */
function element(der: Buffer, at: number): { start: number; end: number } {
  const first = der.readUInt8(at + 1);
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const size = first & 0x7f;
  const length = der.readUIntBE(at + 2, size);
  return { start: at + 2 + size, end: at + 2 + size + length };
}
