import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { freePort } from './servers.js';

export interface Issued {
  readonly name: string;
  /** PEM file of the certificate alone. */
  readonly file: string;
  readonly keyFile: string;
  /** The certificate, then its issuers without the root. */
  readonly pem: string;
  readonly root: boolean;
}

export interface Wanted {
  readonly name?: string;
  readonly hosts?: readonly string[];
  /** Days from now; may be negative. */
  readonly from?: number;
  readonly to?: number;
  readonly issuer?: Issued;
  readonly authority?: boolean;
  readonly rsaBits?: number;
  readonly hash?: 'sha1' | 'sha256';
}

/** A certificate made by openssl for the test, signed by `issuer` or by itself, valid as asked. */
export function issue(wanted: Wanted): Issued {
  const folder = nginxFolder();
  const at = (file: string) => join(folder, file);
  const name = wanted.name ?? wanted.hosts?.[0] ?? 'test';
  const names = (wanted.hosts ?? []).map((host) => `${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`);
  const key = wanted.rsaBits ? ['rsa:' + wanted.rsaBits] : ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  openssl(['req', '-new', '-newkey', ...key, '-nodes', '-subj', `/CN=${name}`, '-keyout', at('key.pem'), '-out', at('request.pem')]);
  writeFileSync(at('index'), '');
  writeFileSync(
    at('ca.conf'),
    [
      '[ca]',
      'default_ca = own',
      '[own]',
      `database = ${at('index')}`,
      `new_certs_dir = ${folder}`,
      'rand_serial = yes',
      'policy = any',
      'unique_subject = no',
      '[any]',
      'commonName = supplied',
      '[extensions]',
      `basicConstraints = critical,CA:${wanted.authority ? 'TRUE' : 'FALSE'}`,
      ...(names.length > 0 ? [`subjectAltName = ${names.join(',')}`] : []),
      '',
    ].join('\n'),
  );
  const signer = wanted.issuer
    ? ['-cert', wanted.issuer.file, '-keyfile', wanted.issuer.keyFile]
    : ['-selfsign', '-keyfile', at('key.pem')];
  const request = ['ca', '-batch', '-notext', '-config', at('ca.conf'), '-extensions', 'extensions', '-in', at('request.pem')];
  const validity = ['-startdate', dateOf(wanted.from ?? -1), '-enddate', dateOf(wanted.to ?? 60), '-md', wanted.hash ?? 'sha256'];
  openssl([...request, '-out', at('cert.pem'), ...validity, ...signer]);
  const own = readFileSync(at('cert.pem'), 'utf8');
  const pem = wanted.issuer && !wanted.issuer.root ? `${own}\n${wanted.issuer.pem}` : own;
  return { name, file: at('cert.pem'), keyFile: at('key.pem'), pem, root: wanted.issuer === undefined };
}

function openssl(args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

const dateOf = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '');

const running: ChildProcess[] = [];
const folders: string[] = [];
afterAll(async () => {
  await Promise.all(
    running.map(async (child) => {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }),
  );
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder for one server's files, deleted after the tests of the file. */
export function nginxFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'readiness-nginx-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

export interface Site {
  /** `listen` without the port: `ssl`, or nothing. */
  readonly tls?: Issued;
  /** Directives of the `server` block; `$port:name` stands for another site's port. */
  readonly directives?: string;
}

/** nginx with one `server` block for each site on a free port of its own; gives the ports by name. */
export async function nginx<Name extends string>(sites: Readonly<Record<Name, Site>>): Promise<Record<Name, number>> {
  const folder = nginxFolder();
  const names = Object.keys(sites) as Name[];
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()]))) as Record<Name, number>;
  const withPorts = (text: string) => text.replace(/\$port:(\w+)/g, (_, name: Name) => String(ports[name]));
  const servers = names.map((name) => {
    const { tls, directives = "return 200 'ok';" } = sites[name];
    if (tls) {
      writeFileSync(join(folder, `${name}.crt`), tls.pem);
      writeFileSync(join(folder, `${name}.key`), readFileSync(tls.keyFile));
    }
    return `server {
      listen 127.0.0.1:${ports[name]}${tls ? ' ssl' : ''};
      server_name localhost;
      ${tls ? `ssl_certificate ${join(folder, `${name}.crt`)}; ssl_certificate_key ${join(folder, `${name}.key`)};` : ''}
      ${withPorts(directives)}
    }`;
  });
  for (const temp of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(folder, temp));
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${join(folder, 'pid')}; error_log stderr warn;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    events { worker_connections 256; }
    http {
      access_log off; default_type text/html; server_tokens off;
      client_body_temp_path ${join(folder, 'body')}; proxy_temp_path ${join(folder, 'proxy')};
      fastcgi_temp_path ${join(folder, 'fastcgi')}; uwsgi_temp_path ${join(folder, 'uwsgi')}; scgi_temp_path ${join(folder, 'scgi')};
      limit_req_zone $binary_remote_addr zone=burst:1m rate=5r/s;
      ${servers.join('\n')}
    }`,
  );
  const child = spawn('nginx', ['-c', file, '-p', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  running.push(child);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk).slice(-4_000)));
  const until = Date.now() + 20_000;
  while (!(await Promise.all(names.map((name) => answers(ports[name])))).every(Boolean)) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`nginx did not start:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return ports;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(Boolean(socket.destroy()))).once('error', () => resolve(false));
  });
}
