import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Real servers on loopback for one test file: a free port, a folder of their own, stopped by process id when the file ends. */
const running: ChildProcess[] = [];
const listening: Server[] = [];
const folders: string[] = [];
afterAll(async () => {
  await Promise.all(running.map(stopped));
  for (const server of listening) server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Ends a server that this file started, and waits until it is gone. */
async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(hard);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An account that the server accepts to run under: servers refuse root. Null where the tests themselves are unprivileged. */
function account(name: string): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((l) => l.startsWith(`${name}:`));
  if (!line) throw new Error(`there is no account ${name}: bash scripts/services.sh`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function serverFolder(owner: { uid: number; gid: number } | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'readiness-server-'));
  folders.push(folder);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** Asks again until it answers; a server that ended, or 30 s, is an error with what it said. */
async function untilReady(child: ChildProcess, said: () => string, ready: () => Promise<unknown>): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    try {
      await ready();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`the server did not start: ${String(error)}\n${said()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function start(command: string, args: readonly string[], owner: { uid: number; gid: number } | null, env: Record<string, string> = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C', ...env }, ...owner });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said = (said + chunk).slice(-4_000)));
  return { child, said: () => said };
}

/** A certificate and its key as PEM files, signed by itself, so that trusting it as an authority verifies it. */
export function certificate(folder: string, names = 'DNS:localhost,IP:127.0.0.1'): { cert: string; key: string } {
  const [cert, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const made = spawnSync(
    'openssl',
    [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=readiness-test'.split(' '),
      '-addext',
      `subjectAltName=${names}`,
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  chmodSync(key, 0o600);
  return { cert, key };
}

function own(paths: readonly string[], owner: { uid: number; gid: number } | null): void {
  if (owner) for (const path of paths) chownSync(path, owner.uid, owner.gid);
}

export interface PostgresServer {
  readonly port: number;
  /** PEM file of its certificate. */
  readonly cert: string;
  readonly folder: string;
  url(user: string, password: string, database?: string, options?: string): string;
  /** Statements as the superuser, by the local socket. */
  sql(statements: string, database?: string): Promise<Record<string, unknown>[]>;
}

/** PostgreSQL; `hba` are the lines of pg_hba.conf after the superuser's own local ones. `replicaOf` makes it a standby of another. */
export async function postgresServer(options: {
  settings?: Record<string, string>;
  hba: readonly string[];
  replicaOf?: PostgresServer;
}): Promise<PostgresServer> {
  const owner = account('postgres');
  const bin = postgresFolder();
  const folder = serverFolder(owner);
  const data = join(folder, 'data');
  const source = options.replicaOf;
  const made = source
    ? spawnSync(
        join(bin, 'pg_basebackup'),
        ['-h', source.folder, '-p', String(source.port), '-U', 'postgres', '-D', data, '-R', '-N', '-c', 'fast'],
        { encoding: 'utf8', ...owner },
      )
    : spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C', '-k'], {
        encoding: 'utf8',
        ...owner,
      });
  if (made.status !== 0) throw new Error(made.stderr);
  const { cert, key } = certificate(folder);
  own([cert, key], owner);
  writeFileSync(join(data, 'pg_hba.conf'), ['local all,replication postgres trust', ...options.hba, ''].join('\n'));
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    ssl_cert_file: cert,
    ssl_key_file: key,
    fsync: 'off',
    ...options.settings,
  };
  const { child, said } = start(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    owner,
  );
  const { default: pg } = await import('pg');
  const sql = async (statements: string, database = 'postgres') => {
    const client = new pg.Client({ host: folder, port, user: 'postgres', database });
    await client.connect();
    try {
      const result: unknown = await client.query(statements);
      return (Array.isArray(result) ? (result.at(-1) as { rows: [] }) : (result as { rows: [] })).rows;
    } finally {
      await client.end();
    }
  };
  await untilReady(child, said, () => sql('SELECT 1'));
  const url = (user: string, password: string, database = 'postgres', query = '') =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}${query}`;
  return { port, cert, folder, url, sql };
}

/** Debian keeps the servers' programs beside the path, one folder a version. */
function postgresFolder(): string {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return versions[0] ? join(base, versions[0], 'bin') : '';
}

export interface MariadbServer {
  readonly port: number;
  readonly cert: string;
  readonly folder: string;
  url(user: string, password: string, database?: string, options?: string): string;
  /** Statements as root, by the local socket. */
  sql(statements: string): Promise<unknown>;
}

export async function mariadbServer(options: { settings?: Record<string, string>; tls?: boolean } = {}): Promise<MariadbServer> {
  const owner = account('mysql');
  const folder = serverFolder(owner);
  const [data, socket] = [join(folder, 'data'), join(folder, 's')];
  const init = spawnSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...(owner ? ['--user=mysql'] : []),
    ],
    { encoding: 'utf8', cwd: '/' },
  );
  if (init.status !== 0) throw new Error(init.stderr + init.stdout);
  const { cert, key } = certificate(folder);
  own([cert, key], owner);
  const port = await freePort();
  const settings: Record<string, string> = {
    datadir: data,
    socket,
    port: String(port),
    'bind-address': '127.0.0.1',
    'pid-file': join(folder, 'pid'),
    ...(options.tls === false ? {} : { 'ssl-cert': cert, 'ssl-key': key }),
    'innodb-flush-log-at-trx-commit': '0',
    'innodb-buffer-pool-size': '16M',
    ...options.settings,
  };
  const { child, said } = start('mariadbd', ['--no-defaults', ...Object.entries(settings).map(([k, v]) => `--${k}=${v}`)], owner);
  const { createConnection } = await import('mysql2/promise');
  const sql = async (statements: string) => {
    const connection = await createConnection({ socketPath: socket, user: 'root', multipleStatements: true });
    try {
      return (await connection.query(statements))[0];
    } finally {
      await connection.end();
    }
  };
  await untilReady(child, said, () => sql('SELECT 1'));
  const url = (user: string, password: string, database = '', query = '') =>
    `mysql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}${query}`;
  return { port, cert, folder, url, sql };
}

export interface RedisServer {
  readonly port: number;
  readonly cert: string;
  readonly folder: string;
  url(password?: string, user?: string): string;
}

/** Redis with settings as in redis.conf; `tls` makes its one port a TLS port. */
export async function redisServer(options: { settings?: readonly string[]; tls?: boolean; password?: string } = {}): Promise<RedisServer> {
  const folder = serverFolder(null);
  const { cert, key } = certificate(folder);
  const port = await freePort();
  const lines = [
    'bind 127.0.0.1',
    `dir ${folder}`,
    'enable-debug-command no',
    ...(options.tls
      ? ['port 0', `tls-port ${port}`, `tls-cert-file ${cert}`, `tls-key-file ${key}`, `tls-ca-cert-file ${cert}`, 'tls-auth-clients no']
      : [`port ${port}`]),
    ...(options.password ? [`requirepass ${options.password}`] : []),
    ...(options.settings ?? []),
  ];
  writeFileSync(join(folder, 'redis.conf'), `${lines.join('\n')}\n`);
  const { child, said } = start('redis-server', [join(folder, 'redis.conf')], null);
  await untilReady(child, said, () => reachable(port));
  const url = (password = '', user = '') =>
    `${options.tls ? 'rediss' : 'redis'}://${user}${password ? `:${encodeURIComponent(password)}` : ''}${user || password ? '@' : ''}127.0.0.1:${port}`;
  return { port, cert, folder, url };
}

/** Whether something listens there. */
async function reachable(port: number): Promise<void> {
  const { connect } = await import('node:net');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(void socket.destroy())).once('error', reject);
  });
}

/** A peer that does with each connection what the test says; its port. */
export async function hostilePeer(meet: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    meet(socket);
  });
  listening.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Hostile peers by name: silent, dripping a byte at a time, endless, garbage, closing at once. */
export const hostilePeers: Readonly<Record<string, (socket: Socket) => void>> = {
  silent: () => undefined,
  drip: (socket) => {
    const timer = setInterval(() => socket.write('\0'), 50);
    socket.on('close', () => clearInterval(timer));
  },
  endless: (socket) => {
    const chunk = Buffer.alloc(1 << 20, 0x41);
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    more();
  },
  garbage: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  closing: (socket) => socket.end(),
};
