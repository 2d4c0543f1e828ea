import { connect as connectTls, type TLSSocket } from 'node:tls';
import { isIP, type Socket } from 'node:net';
import type { Redis } from 'ioredis';
import { ConnectFailure, type ConnectContext, type Connector, type OpenConnection } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import { Groups } from './denied.js';
import {
  Guard,
  encryptionOf,
  networkFailure,
  parseAddress,
  serverText,
  trustedAuthorities,
  type Address,
  type Encryption,
} from './dial.js';
import { releaseLine, supportOf } from './end-of-support.js';
import { passwordOf } from './passwords.js';
import { dangerousCommands, facts, type RedisFacts } from './redis-facts.js';
import { aclUserOf, configOf, infoOf, persistenceOf, memoryOf, statsOf, type Info } from './redis-replies.js';
import { lookedAtOnce, unreached } from './server.js';

const addressOf = (url: string): Address => {
  const address = parseAddress(url, {
    name: '--redis',
    schemes: ['redis', 'rediss', 'valkey', 'valkeys'],
    encryptedSchemes: ['rediss', 'valkeys'],
    port: 6379,
    form: 'redis://:password@host:6379/0, rediss:// for TLS',
  });
  if (!/^\d{0,5}$/.test(address.database))
    throw new UsageError('the address of --redis names a database that is no number', '--redis', 'redis://host:6379/0');
  return address;
};

/** Redis and what speaks its protocol (Valkey, KeyDB, Dragonfly): one connection; only commands that read are sent. */
export const redis: Connector = {
  connection: 'redis',
  facts,
  endpoints: ({ redis: url }) => (url === undefined ? [] : [addressOf(url).where]),
  async open(context): Promise<OpenConnection> {
    const address = addressOf(context.environment.redis ?? '');
    const authorities = trustedAuthorities(context.environment.trust, 'trust');
    return lookedAtOnce({ address, facts, context, look: (guard) => look({ address, authorities, context }, guard), failureOf });
  },
};

interface Look {
  readonly address: Address;
  readonly authorities: string | undefined;
  readonly context: ConnectContext;
}

async function look(the: Look, guard: Guard): Promise<RedisFacts> {
  let client: Redis | undefined;
  try {
    const started = performance.now();
    const { socket, encryption } = await dial(the, guard);
    client = await clientOver(socket);
    return await collect(the, guard, client, encryption, started);
  } finally {
    client?.disconnect();
  }
}

/** The certificate is judged, not enforced: a client decides for itself whether it verifies, and `rediss://` does not say. */
async function dial({ address, authorities }: Look, guard: Guard): Promise<{ socket: Socket; encryption: Encryption | null }> {
  const plain = await guard.dial(address);
  if (!address.encrypted) return { socket: guard.contain(plain), encryption: null };
  const servername = isIP(address.host) ? undefined : address.host;
  const socket = guard.watch(connectTls({ socket: plain, host: address.host, servername, ca: authorities, rejectUnauthorized: false }));
  await guard.race(
    new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve).once('error', reject);
      socket.once('close', () => reject(new ConnectFailure('not-understood', 'the server closed the connection during the TLS handshake')));
    }),
  );
  return { socket: guard.contain(socket), encryption: encryptionOf(socket as TLSSocket, address.host) };
}

/** The driver over a socket that is already open; it neither authenticates, reconnects nor repeats by itself. */
async function clientOver(socket: Socket): Promise<Redis> {
  // The module's own value is the class, which its types do not say; bundled, that value is all that can be imported.
  const Client = (await import('ioredis')).default as unknown as typeof Redis;
  // The part of the driver's AbstractConnector that it calls.
  class Opened {
    connect = (): Promise<Socket> => Promise.resolve(socket);
    disconnect = (): void => void socket.destroy();
    check = (): boolean => true;
  }
  const client = new Client({
    Connector: Opened as never,
    lazyConnect: true,
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  });
  client.on('error', () => undefined);
  return client;
}

type Call = (command: string, ...args: string[]) => Promise<unknown>;

async function collect(the: Look, guard: Guard, client: Redis, encryption: Encryption | null, started: number): Promise<RedisFacts> {
  const { address } = the;
  const call: Call = (command, ...args) => guard.race(client.call(command, ...args));
  await guard.race(client.connect());
  const open = await answersUnauthenticated(call);
  let accepted: boolean | null;
  let pinged = 0;
  try {
    accepted = await authenticate(call, address);
    pinged = performance.now();
    await ping(call);
  } catch (error) {
    const failure = failureOf(error);
    // That it demands a password is known all the same.
    if (!open && failure.reason === 'no-permission') return unreached(facts, failure, address, { authentication: { required: true } });
    throw failure;
  }
  const reach = { ok: true, ms: Math.round(performance.now() - started) };
  const pingMs = performance.now() - pinged;

  const groups = new Groups(failureOf);
  // Sent at once, answered in order: one round trip.
  const [info, config, user, dangerous] = await Promise.all([
    groups.read('info', async () => infoOf(await call('INFO', 'everything').catch(() => call('INFO')))),
    groups.read('config', async () => configOf(await configuration(call))),
    groups.read('acl', async () => aclUserOf(await call('ACL', 'GETUSER', 'default'))),
    groups.read('commands', () => dangerousOf(call)),
  ]);
  return shaped({ the, info, config, open, accepted, user, dangerous, encryption, reach, pingMs, groups });
}

/** true: PING is answered before any credential was shown. */
async function answersUnauthenticated(call: Call): Promise<boolean> {
  try {
    return (await call('PING')) === 'PONG';
  } catch (error) {
    if (/^(?:NOAUTH|NOPERM|WRONGPASS)/.test(serverText(error))) return false;
    // Protected mode: without a password, only this host may connect, and the server says so before it closes.
    if (serverText(error).startsWith('DENIED'))
      throw new ConnectFailure('no-permission', 'protected mode: the server lets nobody in from other hosts while it has no password');
    throw error;
  }
}

/** A user who may not even PING was let in nevertheless. */
async function ping(call: Call): Promise<void> {
  const answer = await call('PING').catch((error: unknown) => {
    if (serverText(error).startsWith('NOPERM')) return 'PONG';
    throw error;
  });
  if (answer !== 'PONG') throw new ConnectFailure('not-understood', 'PING was not answered by PONG');
}

/** Whether the server took the credentials; null where the address has none, false where it wants none for this user. */
async function authenticate(call: Call, { user, password }: Address): Promise<boolean | null> {
  if (user === '' && password === '') return null;
  try {
    await (user === '' ? call('AUTH', password) : call('AUTH', user, password));
    return true;
  } catch (error) {
    if (/without any password configured|no password is set/.test(serverText(error))) return false;
    throw error;
  }
}

/** One call for all since Redis 7; one for each before. */
async function configuration(call: Call): Promise<unknown> {
  const names = [
    'maxmemory',
    'maxmemory-policy',
    'appendonly',
    'appendfsync',
    'save',
    'protected-mode',
    'bind',
    'port',
    'tls-port',
    'timeout',
    'maxclients',
  ];
  const all = await Promise.all(names.map((name) => call('CONFIG', 'GET', name)));
  return all.flatMap((reply) => (Array.isArray(reply) ? (reply as unknown[]) : []));
}

/**
 * Which dangerous commands this connection may run, without running any: known to the server by their name (COMMAND INFO), and
 * allowed to the user where the server will say (ACL DRYRUN, Redis 7).
 */
async function dangerousOf(call: Call): Promise<RedisFacts['commands']> {
  const known = await call('COMMAND', 'INFO', ...dangerousCommands);
  if (!Array.isArray(known)) throw new ConnectFailure('not-understood', 'COMMAND INFO gave no list');
  const enabled = dangerousCommands.filter((_, i) => Array.isArray(known[i]) && (known[i] as unknown[]).length > 0);
  try {
    const me = String(await call('ACL', 'WHOAMI'));
    const tried = await Promise.all(enabled.map((name) => call('ACL', 'DRYRUN', me, name, ...sampleArguments(name))));
    return { enabled, allowed: enabled.filter((_, i) => tried[i] === 'OK') };
  } catch {
    return { enabled, allowed: null };
  }
}

/** DRYRUN demands a plausible number of arguments. */
const sampleArguments = (name: string): string[] =>
  ({
    CONFIG: ['GET', 'x'],
    DEBUG: ['JMAP'],
    KEYS: ['x'],
    EVAL: ['return 1', '0'],
    SLAVEOF: ['NO', 'ONE'],
    REPLICAOF: ['NO', 'ONE'],
    MODULE: ['LIST'],
    SCRIPT: ['FLUSH'],
    ACL: ['LIST'],
    CLIENT: ['LIST'],
    MIGRATE: ['h', '1', 'k', '0', '1'],
  })[name] ?? [];

interface Found {
  readonly the: Look;
  readonly info: Info | null;
  readonly config: Info | null;
  readonly open: boolean;
  readonly accepted: boolean | null;
  readonly user: { passwordless: boolean; enabled: boolean } | null;
  readonly dangerous: RedisFacts['commands'] | null;
  readonly encryption: Encryption | null;
  readonly reach: { ok: boolean; ms: number };
  readonly pingMs: number;
  readonly groups: Groups;
}

function shaped({ the, info, config, open, accepted, user, dangerous, encryption, reach, pingMs, groups }: Found): RedisFacts {
  const parsed = facts.safeParse({
    reach,
    server: info && serverOf(info, the.context.now, pingMs),
    authentication: {
      required: !open,
      credentialsNeeded: accepted === null ? null : accepted,
      defaultUserWithoutPassword: user === null ? (open ? true : null) : user.enabled && user.passwordless,
      protectedMode: config && 'protected-mode' in config ? config['protected-mode'] === 'yes' : null,
    },
    tls: { connection: encryption !== null, ...encryption, plainPort: config && 'port' in config ? Number(config['port']) > 0 : null },
    memory: memoryOf(info, config),
    persistence: persistenceOf(info, config),
    stats: info && statsOf(info),
    commands: dangerous,
    password: passwordOf(the.address),
    denied: groups.denied,
  });
  if (!parsed.success)
    throw new ConnectFailure('not-understood', `the server's answers have an unknown shape (${parsed.error.issues[0]?.path.join('.')})`);
  return parsed.data;
}

function serverOf(info: Info, now: Date, pingMs: number): RedisFacts['server'] {
  const valkey = info['valkey_version'];
  const vendor = valkey ? 'valkey' : info['dragonfly_version'] ? 'dragonfly' : 'redis';
  const version = valkey ?? info['dragonfly_version']?.replace(/^[^\d]*/, '') ?? info['redis_version'] ?? '';
  const today = now.toISOString().slice(0, 10);
  const judged = vendor === 'dragonfly' ? { endOfSupport: null, supported: null } : supportOf(vendor, version, today);
  return {
    vendor,
    version,
    line: releaseLine(vendor === 'valkey' ? 'valkey' : 'redis', version),
    ...judged,
    mode: info['redis_mode'] ?? info['server_mode'] ?? 'standalone',
    role: info['role'] ?? '',
    replicas: Number(info['connected_slaves'] ?? 0),
    linkUp: info['role'] === 'slave' ? info['master_link_status'] === 'up' : null,
    loading: info['loading'] === '1',
    pingMs: Math.round(pingMs * 10) / 10,
  };
}

/** By the first word of the reply: https://redis.io/docs/latest/develop/reference/protocol-spec (simple errors). */
function failureOf(error: unknown): ConnectFailure {
  const network = networkFailure(error);
  if (network) return network;
  const said = serverText(error);
  if (/^(?:NOAUTH|WRONGPASS|ERR invalid password)/.test(said))
    return new ConnectFailure('no-permission', `the server turned the credentials down: ${said}`);
  if (/^NOPERM|^ERR unknown (?:command|subcommand)|^ERR This instance|disabled|not allowed/i.test(said))
    return new ConnectFailure('no-permission', said);
  if (/^(?:LOADING|MASTERDOWN|CLUSTERDOWN|ERR max number of clients)/.test(said)) return new ConnectFailure('refused', said);
  if (/Connection is closed|max retries per request/i.test(said))
    return new ConnectFailure('not-understood', 'the server closed the connection in the middle of an answer');
  return new ConnectFailure('not-understood', said || 'no answer that Redis would give');
}
