import { z } from 'zod';
import { HostTree } from './host-tree.js';

/** Entries that are looked at below folders of applications, and how deep. */
const entries = 20_000;
const depth = 8;

export const weakFileFacts = z.object({
  path: z.string().default('').describe('File or folder'),
  mode: z.string().default('0666').describe('Permission bits'),
  problem: z
    .enum(['world-writable', 'secret-readable'])
    .default('world-writable')
    .describe('Everybody may write it, or everybody may read a secret'),
});
type WeakFile = z.infer<typeof weakFileFacts>;

export const permissionFacts = z.object({
  weakSystemFiles: z.array(weakFileFacts).default([]).describe('Of accounts, sudo, SSH, cron, systemd, keys'),
  applicationFolders: z.array(z.string()).default([]).describe('Folders of applications that were looked through'),
  weakApplicationFiles: z
    .array(weakFileFacts)
    .default([])
    .describe('Below those: world-writable, or .env files, keys and logs that everybody may read'),
  applicationFiles: z.number().default(0).describe('Files and folders looked at below those'),
  superusers: z.array(z.string()).default([]).describe('Accounts with the user id 0'),
  withoutPassword: z
    .array(z.string())
    .nullable()
    .default(null)
    .describe('Accounts that need no password; null where /etc/shadow may not be read'),
});

const system: readonly { path: string; secret: boolean }[] = [
  ...[
    '/etc',
    '/etc/passwd',
    '/etc/group',
    '/etc/sudoers',
    '/etc/sudoers.d',
    '/etc/ssh',
    '/etc/ssh/sshd_config',
    '/etc/crontab',
    '/etc/cron.d',
  ].map(open),
  ...[
    '/etc/systemd/system',
    '/etc/profile',
    '/etc/ld.so.preload',
    '/usr/bin',
    '/usr/sbin',
    '/usr/local/bin',
    '/usr/local/sbin',
    '/root',
  ].map(open),
  ...[
    '/etc/shadow',
    '/etc/gshadow',
    '/root/.ssh/authorized_keys',
    '/root/.ssh/id_rsa',
    '/root/.ssh/id_ed25519',
    '/root/.pgpass',
    '/root/.my.cnf',
  ].map(secret),
];
function open(path: string) {
  return { path, secret: false };
}
function secret(path: string) {
  return { path, secret: true };
}
const openFolders = ['/etc/cron.d', '/etc/sudoers.d', '/etc/systemd/system', '/etc/cron.daily', '/etc/cron.hourly'];

/** Who may write or read what decides over the machine, and over applications below `folders`. */
export async function permissionsOf(tree: HostTree, folders: readonly string[]): Promise<z.infer<typeof permissionFacts>> {
  const below = await Promise.all(openFolders.map(async (f) => (await tree.names(f)).slice(0, 300).map((name) => open(`${f}/${name}`))));
  const keys = (await tree.names('/etc/ssh')).filter((name) => /^ssh_host_.*_key$/.test(name)).map((name) => secret(`/etc/ssh/${name}`));
  const tls = (await tree.names('/etc/ssl/private')).slice(0, 300).map((name) => secret(`/etc/ssl/private/${name}`));
  const weak = await Promise.all([...system, ...below.flat(), ...keys, ...tls].map((one) => weakness(tree, one.path, one.secret)));
  const found = await walk(tree, folders);
  return {
    weakSystemFiles: weak.flatMap((w) => (w ? [w] : [])).slice(0, 200),
    ...found,
    superusers: lines(await tree.text('/etc/passwd')).flatMap((line) => (line.split(':')[2] === '0' ? [line.split(':')[0] as string] : [])),
    withoutPassword: await withoutPassword(tree),
  };
}

const lines = (text: string | null): string[] => (text ?? '').split('\n').filter((line) => line !== '');
const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');

async function weakness(tree: HostTree, path: string, isSecret: boolean): Promise<WeakFile | null> {
  const info = await tree.lstat(path);
  // The mode of a link says nothing, and /dev/null stands for "switched off".
  if (!info || info.isSymbolicLink()) return null;
  const sticky = info.isDirectory() && (info.mode & 0o1000) !== 0;
  if ((info.mode & 0o002) !== 0 && !sticky) return { path, mode: octal(info.mode), problem: 'world-writable' };
  if (isSecret && info.isFile() && (info.mode & 0o004) !== 0) return { path, mode: octal(info.mode), problem: 'secret-readable' };
  return null;
}

async function withoutPassword(tree: HostTree): Promise<string[] | null> {
  const text = await tree.text('/etc/shadow');
  return text === null ? null : lines(text).flatMap((line) => (line.split(':')[1] === '' ? [line.split(':')[0] as string] : []));
}

const secretName =
  /^\.env(?:\.(?!example|sample|template|dist)[\w.-]+)?$|\.(?:key|p12|pfx|jks|keystore)$|^(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.pgpass|\.my\.cnf|credentials\.json|secrets?\.ya?ml)$|(?:^|[-_.])(?:privkey|private)[\w-]*\.pem$|\.log$/;
const passedOver = new Set(['node_modules', '.git', '.venv', 'venv', '__pycache__', 'vendor', 'dist-packages', 'site-packages']);

async function walk(tree: HostTree, folders: readonly string[]) {
  const queue: { path: string; depth: number }[] = [];
  const applicationFolders: string[] = [];
  for (const folder of folders) {
    if (!(await tree.stat(folder))?.isDirectory()) continue;
    applicationFolders.push(folder);
    queue.push({ path: folder.replace(/\/$/, ''), depth: 0 });
  }
  const weakApplicationFiles: WeakFile[] = [];
  let looked = 0;
  for (let at = queue.shift(); at && looked < entries; at = queue.shift()) {
    for (const name of await tree.names(at.path)) {
      if (++looked > entries) break;
      const path = `${at.path}/${name}`;
      const info = await tree.lstat(path);
      if (!info || info.isSymbolicLink()) continue;
      const weak = await weakness(tree, path, secretName.test(name));
      if (weak && weakApplicationFiles.length < 200) weakApplicationFiles.push(weak);
      if (info.isDirectory() && at.depth < depth && !passedOver.has(name)) queue.push({ path, depth: at.depth + 1 });
    }
  }
  return { applicationFolders, weakApplicationFiles, applicationFiles: looked };
}
