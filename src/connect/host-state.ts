import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import { HostTree } from './host-tree.js';

export const diskFacts = z.object({
  mount: z.string().default('/').describe('Where it is mounted'),
  type: z.string().default('ext4').describe('File system'),
  readOnly: z.boolean().default(false).describe('Mounted read-only'),
  bytes: z.number().nullable().default(null).describe('Size'),
  usedPercent: z
    .number()
    .nullable()
    .default(null)
    .describe('Of the blocks that ordinary users may fill, as df shows it; null: not readable'),
  inodesUsedPercent: z.number().nullable().default(null).describe('null where the file system does not count them'),
});
type Disk = z.infer<typeof diskFacts>;

const pseudo =
  /^(?:proc|sysfs|devtmpfs|devpts|cgroup2?|mqueue|hugetlbfs|debugfs|tracefs|securityfs|pstore|bpf|configfs|fusectl|autofs|binfmt_misc|nsfs|rpc_pipefs|efivarfs|ramfs|tmpfs|squashfs|iso9660|selinuxfs|nfsd|devfs)$/;
/** Their servers may hang, and their room is another machine's. */
const remote = /^(?:nfs4?|cifs|smb3?|9p|ceph|glusterfs|afs|fuse\..*|fuse|lustre)$/;

/** Use of every file system that holds data, each device once. */
export async function disksOf(tree: HostTree): Promise<Disk[]> {
  const text = (await tree.text('/proc/self/mounts')) ?? (await tree.text('/proc/mounts')) ?? '';
  const mounts = text.split('\n').flatMap((line) => {
    const [device, mount, type, options] = line.split(' ');
    return device && mount && type ? [{ device, mount: unescaped(mount), type, readOnly: /(?:^|,)ro(?:,|$)/.test(options ?? '') }] : [];
  });
  const seen = new Set<string>();
  const wanted = mounts.filter(({ device, mount, type }) => {
    const key = device.startsWith('/dev/') ? device : `${device} ${mount}`;
    if (pseudo.test(type) || seen.has(key) || (type === 'overlay' && mount !== '/')) return false;
    seen.add(key);
    return true;
  });
  return Promise.all(wanted.slice(0, 100).map((one) => diskOf(tree, one)));
}

const unescaped = (mount: string): string =>
  mount.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

async function diskOf(tree: HostTree, { mount, type, readOnly }: { mount: string; type: string; readOnly: boolean }): Promise<Disk> {
  const blank = { mount, type, readOnly, bytes: null, usedPercent: null, inodesUsedPercent: null };
  if (remote.test(type)) return blank;
  try {
    const { blocks, bfree, bavail, bsize, files, ffree } = await statfs(tree.at(mount));
    const used = blocks - bfree;
    return {
      ...blank,
      bytes: blocks * bsize,
      usedPercent: used + bavail > 0 ? tenth((used / (used + bavail)) * 100) : null,
      inodesUsedPercent: files > 0 ? tenth(((files - ffree) / files) * 100) : null,
    };
  } catch {
    return blank;
  }
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

export const resourceFacts = z.object({
  cpus: z.number().nullable().default(null).describe('Processors'),
  cpuPercent: z.number().nullable().default(null).describe('Use of all processors over half a second while the audit runs'),
  load: z.array(z.number()).default([]).describe('Load average of 1, 5 and 15 minutes'),
  loadPerCpu: z.number().nullable().default(null).describe('Load average of 15 minutes by processors'),
  memoryBytes: z.number().nullable().default(null).describe('Installed memory'),
  memoryUsedPercent: z.number().nullable().default(null).describe('What is not available to new processes'),
  swapBytes: z.number().nullable().default(null).describe('0 where there is none'),
  swapUsedPercent: z.number().nullable().default(null).describe('null where there is none'),
  oomKills: z.number().nullable().default(null).describe('Processes killed for want of memory since the start'),
  uptimeHours: z.number().nullable().default(null).describe('Since the start'),
  openFilesMax: z.number().nullable().default(null).describe('File handles of the system (fs.file-max)'),
  openFilesUsedPercent: z.number().nullable().default(null).describe('Of them in use'),
  openFilesPerProcess: z.number().nullable().default(null).describe('Soft limit of this process; null: unlimited'),
});

/** Memory, processors and file handles by /proc (proc(5)); `sample` looks at the processors twice, half a second apart. */
export async function resourcesOf(tree: HostTree, sample: boolean): Promise<z.infer<typeof resourceFacts>> {
  const [meminfo, loadavg, cpuinfo, vmstat, uptime, fileMax, fileNr, ownLimits] = await Promise.all(
    ['meminfo', 'loadavg', 'cpuinfo', 'vmstat', 'uptime', 'sys/fs/file-max', 'sys/fs/file-nr', 'self/limits'].map((name) =>
      tree.text(`/proc/${name}`),
    ),
  );
  const kilobytes = (name: string) => numberIn(meminfo, new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'));
  const [total, available, swap, swapFree] = ['MemTotal', 'MemAvailable', 'SwapTotal', 'SwapFree'].map(kilobytes);
  const cpus = cpuinfo ? (cpuinfo.match(/^processor\s*:/gm)?.length ?? null) : null;
  const load = (loadavg ?? '').split(' ').slice(0, 3).map(Number).filter(Number.isFinite);
  const handles = (fileNr ?? '').trim().split(/\s+/).map(Number);
  const most = numberIn(fileMax, /^(\d+)/);
  const share = (part: number, whole: number | null | undefined) => (whole ? tenth((part / whole) * 100) : null);
  const seconds = numberIn(uptime, /^([\d.]+)/);
  return {
    cpus,
    cpuPercent: sample ? await cpuPercent(tree) : null,
    load,
    loadPerCpu: cpus && load[2] !== undefined ? Math.round((load[2] / cpus) * 100) / 100 : null,
    memoryBytes: total == null ? null : total * 1024,
    memoryUsedPercent: total != null && available != null ? share(total - available, total) : null,
    swapBytes: swap == null ? null : swap * 1024,
    swapUsedPercent: swap != null && swapFree != null ? share(swap - swapFree, swap) : null,
    oomKills: numberIn(vmstat, /^oom_kill (\d+)$/m),
    uptimeHours: seconds === null ? null : tenth(seconds / 3_600),
    openFilesMax: most,
    openFilesUsedPercent: handles.length > 1 && Number.isFinite(handles[0]) ? share(handles[0] as number, most) : null,
    openFilesPerProcess: numberIn(ownLimits, /^Max open files\s+(\d+)/m),
  };
}

function numberIn(text: string | null | undefined, pattern: RegExp): number | null {
  const found = pattern.exec(text ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

async function cpuPercent(tree: HostTree): Promise<number | null> {
  const sums = async () => {
    const fields = (/^cpu +(.*)$/m.exec((await tree.text('/proc/stat')) ?? '')?.[1] ?? '').split(' ').map(Number);
    return fields.length < 5 ? null : { idle: (fields[3] ?? 0) + (fields[4] ?? 0), total: fields.slice(0, 8).reduce((a, b) => a + b, 0) };
  };
  const before = await sums();
  await new Promise((done) => setTimeout(done, 500));
  const after = await sums();
  if (!before || !after || after.total === before.total) return null;
  return tenth((1 - (after.idle - before.idle) / (after.total - before.total)) * 100);
}

export const timeFacts = z.object({
  daemon: z.enum(['systemd-timesyncd', 'chrony', 'ntp', 'openntpd']).nullable().default(null).describe('Which one runs'),
  synchronised: z.boolean().nullable().default(null).describe('true once timesyncd has set the clock; null where its files do not tell'),
});

/** The daemon that keeps the clock right, by the processes that run and the files it leaves. */
export async function timeOf(tree: HostTree, processes: ReadonlySet<string>): Promise<z.infer<typeof timeFacts>> {
  if (processes.has('chronyd')) return { daemon: 'chrony', synchronised: null };
  if (processes.has('ntpd')) return { daemon: (await tree.has('/etc/openntpd')) ? 'openntpd' : 'ntp', synchronised: null };
  // The kernel cuts names of processes at 15 characters.
  if (![...processes].some((name) => name.startsWith('systemd-timesyn'))) return { daemon: null, synchronised: null };
  return { daemon: 'systemd-timesyncd', synchronised: await tree.has('/run/systemd/timesync/synchronized') };
}

export const listeningFacts = z.object({
  protocol: z.enum(['tcp', 'udp']).default('tcp').describe('tcp or udp, over IPv4 or IPv6'),
  port: z.number().default(0).describe('Local port'),
  address: z.string().default('0.0.0.0').describe('Local address'),
  public: z.boolean().default(true).describe('Not only on a loopback address'),
  process: z.string().nullable().default(null).describe('Name of the process; null where this user may not see it'),
});

/** Sockets that wait for others, by /proc/net; each protocol, address and port once. */
export async function listeningOf(tree: HostTree): Promise<z.infer<typeof listeningFacts>[]> {
  const owners = await socketOwners(tree);
  const found = new Map<string, z.infer<typeof listeningFacts>>();
  for (const name of ['tcp', 'tcp6', 'udp', 'udp6'] as const) {
    for (const line of ((await tree.text(`/proc/net/${name}`)) ?? '').split('\n').slice(1)) {
      const [, local, remotePart, state, , , , , , inode] = line.trim().split(/\s+/);
      const [hex, port] = (local ?? '').split(':');
      // LISTEN for TCP; for UDP a socket that is tied to no peer.
      const waits = name.startsWith('tcp') ? state === '0A' : /^0+:0000$/.test(remotePart ?? '');
      if (!hex || !port || !waits) continue;
      const address = addressOf(hex);
      const protocol = name.startsWith('tcp') ? 'tcp' : 'udp';
      const entry = { protocol, port: Number.parseInt(port, 16), address, public: !/^(?:127\.|::1$|::ffff:127\.)/.test(address) } as const;
      const key = `${protocol} ${entry.address} ${entry.port}`;
      const process = owners.get(inode ?? '') ?? null;
      if (!found.has(key) || process !== null) found.set(key, { ...entry, process });
    }
  }
  return [...found.values()].sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1)).slice(0, 1_000);
}

/** /proc/net writes addresses as 32-bit words in the order of the machine's bytes, least significant first here. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 255) return `::ffff:${bytes.slice(12).join('.')}`;
  if (bytes.every((b) => b === 0)) return '::';
  if (bytes.slice(0, 15).every((b) => b === 0) && bytes[15] === 1) return '::1';
  return Array.from({ length: 8 }, (_, i) => (((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0)).toString(16)).join(':');
}

/** Which process holds a socket, by its inode; only of processes that this user may look into. */
async function socketOwners(tree: HostTree): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const pids = (await tree.names('/proc', 20_000)).filter((name) => /^\d+$/.test(name)).slice(0, 2_000);
  await Promise.all(
    pids.map(async (pid) => {
      const handles = await tree.names(`/proc/${pid}/fd`, 4_000);
      const sockets = await Promise.all(handles.map((fd) => tree.link(`/proc/${pid}/fd/${fd}`)));
      const inodes = sockets.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1] ?? []);
      if (inodes.length === 0) return;
      const name = (await tree.text(`/proc/${pid}/comm`, 100))?.trim();
      if (name) for (const inode of inodes) owners.set(inode, name);
    }),
  );
  return owners;
}
