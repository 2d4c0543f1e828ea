import { z } from 'zod';
import { ConnectFailure, type ConnectContext, type Connector, type OpenConnection } from '../model/environment.js';
import { firewallFacts, firewallsOf, guardsFacts, guardsOf, sshdFacts, sshdOf } from './host-access.js';
import { updatesFacts, updatesOf } from './host-packages.js';
import { permissionFacts, permissionsOf } from './host-permissions.js';
import { diskFacts, disksOf, listeningFacts, listeningOf, resourceFacts, resourcesOf, timeFacts, timeOf } from './host-state.js';
import { HostTree, isEnabled, processNames } from './host-tree.js';

const logFacts = z.object({
  path: z.string().default('').describe('File below /var/log'),
  bytes: z.number().default(0).describe('Size'),
  rotated: z.boolean().default(false).describe('Older files of its name stand beside it: app.log.1, app.log-20261101.gz'),
});

export const hostFacts = z.object({
  os: z
    .object({ id: z.string().default(''), version: z.string().default(''), name: z.string().default('') })
    .nullable()
    .default(null)
    .describe('ID, VERSION_ID and PRETTY_NAME of /etc/os-release'),
  container: z.boolean().default(false).describe('This is a container, not the host itself'),
  superuser: z.boolean().default(false).describe('The audit runs as root and may see everything'),
  disks: z.array(diskFacts).default([]).describe('File systems that hold data'),
  resources: resourceFacts.prefault({}).describe('Processors, memory, file handles'),
  time: timeFacts.prefault({}).describe('What keeps the clock right'),
  sshd: sshdFacts.nullable().default(null).describe('Settings of the SSH server; null where none is installed or they may not be read'),
  sshdDenied: z.boolean().default(false).describe('There is an SSH server, but its settings may not be read'),
  firewalls: z.array(firewallFacts).default([]).describe('Configured firewalls, those switched on first'),
  guards: z.array(guardsFacts).default([]).describe('fail2ban, CrowdSec, sshguard, DenyHosts where installed'),
  updates: updatesFacts.prefault({}).describe('Security updates'),
  listening: z.array(listeningFacts).default([]).describe('Sockets that wait for connections'),
  audit: z
    .object({
      auditd: z.boolean().default(false).describe('auditd runs'),
      journal: z.boolean().default(false).describe('journald or a syslog daemon runs'),
      sudo: z.boolean().default(false).describe('sudo is installed, which writes what it runs to the journal'),
    })
    .prefault({})
    .describe('Records of what administrators do'),
  permissions: permissionFacts.prefault({}).describe('Accounts, and who may read and write what matters'),
  largeLogs: z.array(logFacts).default([]).describe('Log files of more than 100 MB'),
  logs: z.number().default(0).describe('Log files looked at below /var/log'),
  logrotate: z.boolean().default(false).describe('logrotate is installed and started by a timer or cron'),
  docker: z
    .object({ logDriver: z.string().nullable().default(null), logMaxSize: z.string().nullable().default(null) })
    .nullable()
    .default(null)
    .describe('Defaults of /etc/docker/daemon.json; null where there is none'),
});
export type HostFacts = z.infer<typeof hostFacts>;

const applicationFolders = ['/srv', '/opt', '/var/www'];

/** The machine that the audit runs on, by its files alone: nothing is started. */
export const host: Connector = {
  connection: 'host',
  facts: hostFacts,
  endpoints: (environment) => (environment.host === undefined ? [] : ['this host']),
  async open(context) {
    if (context.environment.host === undefined) throw new ConnectFailure('not-named', 'the host is not named: --host local');
    if (process.platform !== 'linux')
      throw new ConnectFailure('not-understood', `only Linux hosts can be judged, this is ${process.platform}`);
    return openHost('/', context);
  },
};

/** The same for a machine whose files stand below `root` (a mounted image, a tree made by a test). */
export async function openHost(root: string, context: Pick<ConnectContext, 'now'>): Promise<OpenConnection> {
  const tree = new HostTree(root);
  if (!(await tree.has('/proc')) && !(await tree.has('/etc'))) throw new ConnectFailure('not-found', `${root} holds no files of a system`);
  const where = root === '/' ? 'this host' : root;
  return {
    async measure(ask, signal) {
      const folders = Array.isArray(ask['folders']) ? ask['folders'].filter((f): f is string => typeof f === 'string') : applicationFolders;
      return { where, facts: await factsOf(tree, folders, context.now, signal) };
    },
    close: async () => {},
  };
}

async function factsOf(tree: HostTree, folders: readonly string[], now: Date, signal: AbortSignal): Promise<HostFacts> {
  const processes = await processNames(tree);
  const [os, container, disks, resources, time, sshd, firewalls, guards, updates, listening, permissions, logs, docker, logrotate] =
    await Promise.all([
      osOf(tree),
      isContainer(tree),
      disksOf(tree),
      resourcesOf(tree, tree.root === '/'),
      timeOf(tree, processes),
      sshdOf(tree, processes),
      firewallsOf(tree, processes),
      guardsOf(tree, processes),
      updatesOf(tree, now, signal),
      listeningOf(tree),
      permissionsOf(tree, folders),
      logsOf(tree),
      dockerOf(tree),
      rotates(tree),
    ]);
  return {
    os,
    container,
    superuser: process.getuid?.() === 0,
    disks,
    resources,
    time,
    sshd: sshd === 'denied' ? null : sshd,
    sshdDenied: sshd === 'denied',
    firewalls,
    guards,
    updates,
    listening,
    audit: {
      auditd: processes.has('auditd'),
      journal: ['systemd-journal', 'systemd-journald', 'rsyslogd', 'syslog-ng', 'syslogd'].some((name) => processes.has(name)),
      sudo: await tree.has('/usr/bin/sudo'),
    },
    permissions,
    ...logs,
    logrotate,
    docker,
  };
}

async function osOf(tree: HostTree): Promise<HostFacts['os']> {
  const text = (await tree.text('/etc/os-release')) ?? (await tree.text('/usr/lib/os-release'));
  if (text === null) return null;
  const field = (name: string) => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), version: field('VERSION_ID'), name: field('PRETTY_NAME') };
}

async function isContainer(tree: HostTree): Promise<boolean> {
  if ((await tree.has('/.dockerenv')) || (await tree.has('/run/.containerenv'))) return true;
  return /docker|kubepods|containerd|lxc|libpod/.test((await tree.text('/proc/1/cgroup', 10_000)) ?? '');
}

const largeLog = 100_000_000;

/** Log files that grow without an end: large, and nothing older of their name beside them. */
async function logsOf(tree: HostTree): Promise<Pick<HostFacts, 'largeLogs' | 'logs'>> {
  const largeLogs: HostFacts['largeLogs'] = [];
  let logs = 0;
  const queue = ['/var/log'];
  for (let folder = queue.shift(); folder !== undefined && logs < 5_000; folder = queue.shift()) {
    const names = await tree.names(folder);
    for (const name of names) {
      const info = await tree.lstat(`${folder}/${name}`);
      if (info?.isDirectory() && name !== 'journal' && folder.split('/').length < 6) queue.push(`${folder}/${name}`);
      if (!info?.isFile() || /\.(?:gz|xz|zst|bz2)$|\.\d+$/.test(name)) continue;
      logs++;
      if (info.size <= largeLog) continue;
      const rotated = names.some(
        (other) => other !== name && other.startsWith(name.replace(/\.log$/, '')) && /\d/.test(other.slice(name.length - 4)),
      );
      largeLogs.push({ path: `${folder}/${name}`, bytes: info.size, rotated });
    }
  }
  return { largeLogs: largeLogs.slice(0, 100), logs };
}

async function rotates(tree: HostTree): Promise<boolean> {
  if (!(await tree.has('/etc/logrotate.conf'))) return false;
  return (
    (await tree.has('/etc/cron.daily/logrotate')) ||
    (await isEnabled(tree, 'logrotate.timer')) ||
    tree.has('/usr/lib/systemd/system/logrotate.timer')
  );
}

async function dockerOf(tree: HostTree): Promise<HostFacts['docker']> {
  const text = await tree.text('/etc/docker/daemon.json');
  if (text === null) return null;
  try {
    const config = JSON.parse(text) as Record<string, unknown>;
    const options = (config['log-opts'] ?? {}) as Record<string, unknown>;
    const word = (value: unknown) => (typeof value === 'string' ? value : null);
    return { logDriver: word(config['log-driver']), logMaxSize: word(options['max-size']) };
  } catch {
    return { logDriver: null, logMaxSize: null };
  }
}
