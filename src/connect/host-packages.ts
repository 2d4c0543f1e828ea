import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { HostTree } from './host-tree.js';
import { isEnabled } from './host-tree.js';

const day = 86_400_000;
/** Bytes of one package list, and of the list of installed packages. */
const listBytes = 256 * 2 ** 20;

export const updatesFacts = z.object({
  pendingSecurity: z
    .number()
    .nullable()
    .default(null)
    .describe('Installed packages with a newer version in a security list; null: not readable'),
  pending: z.array(z.string()).default([]).describe('Their names, at most 30'),
  source: z.string().nullable().default(null).describe('Where that is known from; else why it is not'),
  listsAgeDays: z.number().nullable().default(null).describe('Since the package lists were last fetched'),
  automatic: z.boolean().default(false).describe('unattended-upgrades, dnf-automatic or yum-cron is installed and switched on'),
  automaticTool: z.string().nullable().default(null).describe('Which of them, switched on or not'),
  lastRunDays: z.number().nullable().default(null).describe('Since unattended-upgrades last ran'),
  rebootRequired: z.boolean().default(false).describe('The system says that it must be started anew'),
  rebootRequiredDays: z.number().default(0).describe('Since when'),
  kernel: z.string().nullable().default(null).describe('Release of the running kernel'),
  newestKernel: z.string().nullable().default(null).describe('Newest kernel in /boot'),
});

/** Security updates by the files that apt and update-notifier leave; no program is started. */
export async function updatesOf(tree: HostTree, now: Date, signal: AbortSignal): Promise<z.infer<typeof updatesFacts>> {
  const days = (at: number | undefined): number | null =>
    at === undefined ? null : Math.max(0, Math.round(((now.getTime() - at) / day) * 10) / 10);
  const reboot = (await tree.stat('/run/reboot-required')) ?? (await tree.stat('/var/run/reboot-required'));
  const kernels = (await tree.names('/boot')).flatMap((name) => (name.startsWith('vmlinuz-') ? [name.slice(8)] : []));
  const stamp =
    (await tree.stat('/var/lib/apt/periodic/unattended-upgrades-stamp')) ??
    (await tree.stat('/var/log/unattended-upgrades/unattended-upgrades.log'));
  const lists = (await tree.stat('/var/lib/apt/periodic/update-success-stamp')) ?? (await newestList(tree));
  return {
    ...(await pendingOf(tree, signal)),
    listsAgeDays: days(lists?.mtimeMs),
    ...(await automaticOf(tree)),
    lastRunDays: days(stamp?.mtimeMs),
    rebootRequired: reboot !== null,
    rebootRequiredDays: days(reboot?.mtimeMs) ?? 0,
    kernel: (await tree.text('/proc/sys/kernel/osrelease', 200))?.trim() ?? null,
    newestKernel: kernels.sort(compareVersions).at(-1) ?? null,
  };
}

async function newestList(tree: HostTree) {
  const names = (await tree.names('/var/lib/apt/lists')).filter((name) => /InRelease$|_Release$/.test(name));
  const stats = await Promise.all(names.map((name) => tree.stat(`/var/lib/apt/lists/${name}`)));
  return stats.filter((s) => s !== null).sort((a, b) => b.mtimeMs - a.mtimeMs)[0] ?? null;
}

async function automaticOf(tree: HostTree): Promise<{ automatic: boolean; automaticTool: string | null }> {
  if (await tree.has('/usr/bin/unattended-upgrade')) {
    const settings = new Map<string, string>();
    for (const name of await tree.names('/etc/apt/apt.conf.d')) {
      const text = (await tree.text(`/etc/apt/apt.conf.d/${name}`))?.replace(/\/\*[\s\S]*?\*\/|^\s*(?:\/\/|#).*$/gm, '') ?? '';
      for (const [, key, value] of text.matchAll(/APT::Periodic::([\w-]+)\s+"([^"]*)"/g)) settings.set(key as string, value as string);
    }
    const on = (key: string) => !['0', '', 'false'].includes(settings.get(key) ?? '0');
    return { automatic: on('Unattended-Upgrade') && settings.get('Enable') !== '0', automaticTool: 'unattended-upgrades' };
  }
  if (await tree.has('/etc/dnf/automatic.conf')) {
    const applies = /^\s*apply_updates\s*=\s*(?:yes|true|1)/im.test((await tree.text('/etc/dnf/automatic.conf')) ?? '');
    const timers = ['dnf-automatic.timer', 'dnf-automatic-install.timer', 'dnf5-automatic.timer'];
    const enabled = await Promise.all(timers.map((timer) => isEnabled(tree, timer)));
    return { automatic: enabled[1] === true || (applies && enabled.includes(true)), automaticTool: 'dnf-automatic' };
  }
  const yum = await tree.text('/etc/yum/yum-cron.conf');
  return yum === null
    ? { automatic: false, automaticTool: null }
    : { automatic: /^\s*apply_updates\s*=\s*yes/im.test(yum), automaticTool: 'yum-cron' };
}

type Pending = Pick<z.infer<typeof updatesFacts>, 'pendingSecurity' | 'pending' | 'source'>;

async function pendingOf(tree: HostTree, signal: AbortSignal): Promise<Pending> {
  const notice = await tree.text('/var/lib/update-notifier/updates-available', 10_000);
  if (notice !== null && notice.trim() !== '') {
    const count =
      /(\d+) (?:of these )?updates? (?:is a|are) (?:standard )?security updates?/.exec(notice)?.[1] ??
      /(\d+) updates? (?:is a|are) security/.exec(notice)?.[1];
    const none = /\b0 updates can be (?:applied|installed)/.test(notice);
    if (count !== undefined || none || /updates? can be (?:applied|installed)/.test(notice))
      return { pendingSecurity: Number(count ?? 0), pending: [], source: '/var/lib/update-notifier/updates-available' };
  }
  const lists = (await tree.names('/var/lib/apt/lists')).filter((name) => /security.*_Packages(?:\.\w+)?$/.test(name));
  const plain = lists.filter((name) => name.endsWith('_Packages'));
  if (lists.length === 0) return { pendingSecurity: null, pending: [], source: 'no package lists of security updates on disk' };
  if (plain.length < lists.length) return { pendingSecurity: null, pending: [], source: 'the package lists are compressed' };
  if (!(await tree.has('/var/lib/dpkg/status'))) return { pendingSecurity: null, pending: [], source: 'no list of installed packages' };
  const installed = new Map<string, string>();
  for await (const p of packages(tree.at('/var/lib/dpkg/status'), signal)) if (p.installed) installed.set(p.key, p.version);
  const behind = new Set<string>();
  for (const name of plain)
    for await (const { key, version } of packages(tree.at(`/var/lib/apt/lists/${name}`), signal)) {
      const current = installed.get(key);
      if (current !== undefined && compareVersions(version, current) > 0) behind.add(key.split(':')[0] as string);
    }
  return { pendingSecurity: behind.size, pending: [...behind].sort().slice(0, 30), source: 'apt lists' };
}

/** Paragraphs of a Debian control file, line by line; `key` is name:architecture. */
async function* packages(file: string, signal: AbortSignal): AsyncGenerator<{ key: string; version: string; installed: boolean }> {
  const input = createReadStream(file, { end: listBytes, signal });
  const lines = createInterface({ input, crlfDelay: Infinity });
  let fields: Record<string, string> = {};
  const made = () => ({
    key: `${fields['Package']}:${fields['Architecture']}`,
    version: fields['Version'] ?? '',
    installed: /\binstalled$/.test(fields['Status'] ?? 'install ok installed'),
  });
  try {
    for await (const line of lines) {
      if (line === '') {
        if (fields['Package']) yield made();
        fields = {};
      } else {
        const [, name, value] = /^(Package|Version|Architecture|Status): (.*)$/.exec(line) ?? [];
        if (name) fields[name] = value as string;
      }
    }
    if (fields['Package']) yield made();
  } finally {
    lines.close();
    input.destroy();
  }
}

/** Order of two Debian versions (deb-version(7)): epoch, upstream version, revision; negative, zero or positive. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): [number, string, string] => {
    const [, epoch, rest] = /^(?:(\d+):)?(.*)$/.exec(version) as unknown as [string, string | undefined, string];
    const dash = rest.lastIndexOf('-');
    return [Number(epoch ?? 0), dash < 0 ? rest : rest.slice(0, dash), dash < 0 ? '' : rest.slice(dash + 1)];
  };
  const [left, right] = [parts(a), parts(b)];
  return left[0] - right[0] || compareParts(left[1], right[1]) || compareParts(left[2], right[2]);
}

/** Text and numbers in turn; `~` sorts before everything, the end included; letters before other characters. */
function compareParts(a: string, b: string): number {
  const weight = (c: string | undefined): number =>
    c === undefined || /\d/.test(c) ? 0 : c === '~' ? -1 : /[A-Za-z]/.test(c) ? c.charCodeAt(0) : c.charCodeAt(0) + 256;
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !/\d/.test(a[i] as string)) || (j < b.length && !/\d/.test(b[j] as string))) {
      const difference = weight(a[i]) - weight(b[j]);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    const [left, right] = [/^\d*/.exec(a.slice(i))?.[0] ?? '', /^\d*/.exec(b.slice(j))?.[0] ?? ''];
    const difference = BigInt(left || 0) - BigInt(right || 0);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
    i += left.length;
    j += right.length;
  }
  return 0;
}
