import picomatch from 'picomatch';
import { z } from 'zod';
import { HostTree, isEnabled } from './host-tree.js';

export const sshdFacts = z.object({
  permitRootLogin: z.string().default('prohibit-password').describe('yes, no, prohibit-password, forced-commands-only'),
  passwordAuthentication: z.boolean().default(true).describe('Default yes'),
  keyboardInteractive: z.boolean().default(true).describe('KbdInteractiveAuthentication, or ChallengeResponseAuthentication; default yes'),
  permitEmptyPasswords: z.boolean().default(false).describe('Default no'),
  pubkeyAuthentication: z.boolean().default(true).describe('Default yes'),
  ports: z.array(z.number()).default([22]).describe('Port, may be several'),
  listenAddresses: z.array(z.string()).default([]).describe('ListenAddress; empty: all'),
  restrictedUsers: z.boolean().default(false).describe('AllowUsers or AllowGroups is set'),
  weakenedInMatch: z.array(z.string()).default([]).describe('Settings that a Match block makes weaker: passwordauthentication yes'),
  running: z.boolean().default(false).describe('An sshd process runs'),
  files: z.array(z.string()).default([]).describe('Configuration files that were read, in order'),
});

/**
 * The server's settings as sshd takes them: the first value of a keyword counts, Include is read where it stands, Match blocks only for
 * whom they match (sshd_config(5)). null where there is no configuration, 'denied' where it may not be read.
 */
export async function sshdOf(tree: HostTree, processes: ReadonlySet<string>): Promise<z.infer<typeof sshdFacts> | null | 'denied'> {
  const file = '/etc/ssh/sshd_config';
  if (!(await tree.has(file))) return null;
  const lines = await sshdLines(tree, file, 0, new Set());
  if (lines === null) return 'denied';
  const settings = new Map<string, string[]>();
  const weakened: string[] = [];
  let matching = false;
  for (const { keyword, value } of lines.lines) {
    if (keyword === 'match') matching = value.toLowerCase() !== 'all';
    else if (matching) {
      if (weakens(keyword, value)) weakened.push(`${keyword} ${value}`.toLowerCase());
    } else settings.set(keyword, [...(settings.get(keyword) ?? []), value]);
  }
  const first = (name: string): string | undefined => settings.get(name)?.[0]?.toLowerCase();
  const yes = (name: string, fallback: boolean): boolean => {
    const value = first(name);
    return value === undefined ? fallback : value === 'yes';
  };
  const root = first('permitrootlogin') ?? 'prohibit-password';
  return {
    permitRootLogin: root === 'without-password' ? 'prohibit-password' : root,
    passwordAuthentication: yes('passwordauthentication', true),
    keyboardInteractive: yes('kbdinteractiveauthentication', yes('challengeresponseauthentication', true)),
    permitEmptyPasswords: yes('permitemptypasswords', false),
    pubkeyAuthentication: yes('pubkeyauthentication', true),
    ports: (settings.get('port') ?? ['22']).map(Number).filter(Number.isInteger),
    listenAddresses: settings.get('listenaddress') ?? [],
    restrictedUsers: settings.has('allowusers') || settings.has('allowgroups'),
    weakenedInMatch: [...new Set(weakened)],
    running: processes.has('sshd'),
    files: lines.files,
  };
}

const weakens = (keyword: string, value: string): boolean =>
  /^(?:passwordauthentication|kbdinteractiveauthentication|challengeresponseauthentication|permitemptypasswords|permitrootlogin)$/.test(
    keyword,
  ) && value.toLowerCase() === 'yes';

interface SshdLines {
  readonly lines: { readonly keyword: string; readonly value: string }[];
  readonly files: string[];
}

async function sshdLines(tree: HostTree, file: string, depth: number, seen: Set<string>): Promise<SshdLines | null> {
  const text = depth > 16 || seen.has(file) || seen.size > 200 ? '' : await tree.text(file, 200_000);
  if (text === null) return null;
  seen.add(file);
  const found: SshdLines = { lines: [], files: [file] };
  for (const line of text.split('\n')) {
    const [, keyword, rest] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    if (!keyword) continue;
    const value = (rest ?? '').replace(/\s+#.*$/, '').replace(/^"(.*)"$/, '$1');
    if (keyword.toLowerCase() !== 'include') {
      found.lines.push({ keyword: keyword.toLowerCase(), value });
      continue;
    }
    for (const pattern of value.split(/\s+/)) {
      for (const included of await globbed(tree, pattern.startsWith('/') ? pattern : `/etc/ssh/${pattern}`)) {
        const inner = await sshdLines(tree, included, depth + 1, seen);
        // A file that may not be read could say anything: nothing is known then.
        if (inner === null) return null;
        found.lines.push(...inner.lines);
        found.files.push(...inner.files);
      }
    }
  }
  return found;
}

async function globbed(tree: HostTree, pattern: string): Promise<string[]> {
  const folder = pattern.slice(0, pattern.lastIndexOf('/'));
  const matches = picomatch(pattern.slice(folder.length + 1));
  return (await tree.names(folder)).filter((name) => matches(name)).map((name) => `${folder}/${name}`);
}

export const firewallFacts = z.object({
  tool: z.enum(['ufw', 'firewalld', 'nftables', 'iptables']).default('ufw').describe('Whose rules these are'),
  enabled: z.boolean().default(false).describe('Started at boot (or running), by its configuration'),
  defaultDeny: z
    .boolean()
    .nullable()
    .default(null)
    .describe('Incoming connections are dropped unless a rule admits them; null: not readable'),
  open: z
    .array(z.object({ port: z.string().default(''), from: z.string().default('any') }))
    .nullable()
    .default(null)
    .describe('What rules admit: port (22/tcp, 8000:8010/tcp, a service name) and source; null: not readable'),
});
type Firewall = z.infer<typeof firewallFacts>;

/** Firewalls that are configured on the host, those that are switched on first. */
export async function firewallsOf(tree: HostTree, processes: ReadonlySet<string>): Promise<Firewall[]> {
  const found = await Promise.all([ufw(tree), firewalld(tree, processes), nftables(tree), iptables(tree)]);
  return found.flatMap((one) => (one ? [one] : [])).sort((a, b) => Number(b.enabled) - Number(a.enabled));
}

const shellValue = (text: string | null, name: string): string | null =>
  text === null ? null : (new RegExp(`^\\s*${name}\\s*=\\s*["']?([^"'\\s#]*)`, 'm').exec(text)?.[1] ?? null);

async function ufw(tree: HostTree): Promise<Firewall | null> {
  const config = await tree.text('/etc/ufw/ufw.conf');
  if (config === null) return null;
  const policy = shellValue(await tree.text('/etc/default/ufw'), 'DEFAULT_INPUT_POLICY');
  const rules = [await tree.text('/etc/ufw/user.rules'), await tree.text('/etc/ufw/user6.rules')];
  const tuples = rules.flatMap((text) => [...(text ?? '').matchAll(/^### tuple ### (?:allow|limit) (\S+) (\S+) \S+ \S+ (\S+) in/gm)]);
  return {
    tool: 'ufw',
    enabled: shellValue(config, 'ENABLED')?.toLowerCase() === 'yes',
    defaultDeny: policy === null ? null : /^(?:DROP|REJECT)$/i.test(policy),
    open: rules[0] === null ? null : unique(tuples.map(([, protocol, port, from]) => opening(`${port}/${protocol}`, from ?? ''))),
  };
}

const opening = (port: string, from: string) => ({ port, from: /^(?:0\.0\.0\.0\/0|::\/0|)$/.test(from) ? 'any' : from });
const unique = (list: readonly { port: string; from: string }[]) =>
  [...new Map(list.map((o) => [`${o.port} ${o.from}`, o])).values()].slice(0, 200);

async function firewalld(tree: HostTree, processes: ReadonlySet<string>): Promise<Firewall | null> {
  const config = await tree.text('/etc/firewalld/firewalld.conf');
  if (config === null) return null;
  const zone = shellValue(config, 'DefaultZone') ?? 'public';
  const text = (await tree.text(`/etc/firewalld/zones/${zone}.xml`)) ?? (await tree.text(`/usr/lib/firewalld/zones/${zone}.xml`));
  const target = /<zone[^>]*\btarget="([^"]*)"/.exec(text ?? '')?.[1] ?? 'default';
  const ports = [...(text ?? '').matchAll(/<port\b[^>]*>/g)].map(([tag]) => `${attribute(tag, 'port')}/${attribute(tag, 'protocol')}`);
  const services = [...(text ?? '').matchAll(/<service\b[^>]*>/g)].map(([tag]) => attribute(tag, 'name'));
  return {
    tool: 'firewalld',
    enabled: processes.has('firewalld') || (await isEnabled(tree, 'firewalld.service')),
    defaultDeny: text === null ? null : target !== 'ACCEPT',
    open: text === null ? null : unique([...ports, ...services].map((port) => opening(port, ''))),
  };
}

const attribute = (tag: string, name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';

async function nftables(tree: HostTree): Promise<Firewall | null> {
  const text = (await tree.text('/etc/nftables.conf')) ?? (await tree.text('/etc/sysconfig/nftables.conf'));
  if (text === null) return null;
  const code = text.replace(/#.*$/gm, '');
  const input = inputChain(code);
  const ports = [
    ...(input ?? '').matchAll(
      /^(?!.*\bdrop\b)[^\n]*?(?:(?:ip6?\s+saddr\s+(\S+|\{[^}]*))\s+)?(tcp|udp)\s+dport\s+(\{[^}]*\}|\S+)[^\n]*\baccept\b/gm,
    ),
  ];
  return {
    tool: 'nftables',
    enabled: await isEnabled(tree, 'nftables.service'),
    defaultDeny: input === undefined ? false : /policy\s+drop/.test(input) || /\b(?:drop|reject)\b[^\n]*\s*$/.test(input.trimEnd()),
    open: unique(
      ports.flatMap(([, from, protocol, list]) =>
        (list ?? '')
          .replace(/[{}]/g, '')
          .split(',')
          .map((port) => opening(`${port.trim()}/${protocol}`, from ?? '')),
      ),
    ),
  };
}

/** The rest of the chain that hooks into input, to its closing brace. */
function inputChain(code: string): string | undefined {
  const start = code.search(/hook\s+input\b/);
  if (start < 0) return undefined;
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    if (code[i] === '{') depth++;
    else if (code[i] === '}' && depth-- === 0) return code.slice(start, i);
  }
  return code.slice(start);
}

async function iptables(tree: HostTree): Promise<Firewall | null> {
  const text = (await tree.text('/etc/iptables/rules.v4')) ?? (await tree.text('/etc/sysconfig/iptables'));
  if (text === null) return null;
  const rules = [...text.matchAll(/^-A INPUT\b(.*)-j ACCEPT/gm)].map(([, rule]) => rule ?? '');
  const ports = rules.flatMap((rule) => {
    const port = /--dports? (\S+)/.exec(rule)?.[1];
    return port ? [opening(`${port}/${/-p (\w+)/.exec(rule)?.[1] ?? 'any'}`, /-s (\S+)/.exec(rule)?.[1] ?? '')] : [];
  });
  const closes = /^:INPUT (?:DROP|REJECT)/m.test(text) || /^-A INPUT -j (?:DROP|REJECT)\b/m.test(text);
  return {
    tool: 'iptables',
    enabled: (await isEnabled(tree, 'netfilter-persistent.service')) || (await isEnabled(tree, 'iptables.service')),
    defaultDeny: closes,
    open: unique(ports),
  };
}

export const guardsFacts = z.object({
  tool: z.enum(['fail2ban', 'crowdsec', 'sshguard', 'denyhosts']).default('fail2ban').describe('Which program'),
  running: z.boolean().default(false).describe('Its process runs'),
  jails: z.array(z.string()).nullable().default(null).describe('fail2ban: jails that are switched on; else null'),
});

/** Programs that shut out who guesses passwords, where they are installed. */
export async function guardsOf(tree: HostTree, processes: ReadonlySet<string>): Promise<z.infer<typeof guardsFacts>[]> {
  const found: z.infer<typeof guardsFacts>[] = [];
  if ((await tree.has('/etc/fail2ban/jail.conf')) || processes.has('fail2ban-server'))
    found.push({ tool: 'fail2ban', running: processes.has('fail2ban-server'), jails: await jails(tree) });
  if ((await tree.has('/etc/crowdsec/config.yaml')) || processes.has('crowdsec'))
    found.push({ tool: 'crowdsec', running: processes.has('crowdsec'), jails: null });
  if ((await tree.has('/etc/sshguard')) || processes.has('sshguard'))
    found.push({ tool: 'sshguard', running: processes.has('sshguard'), jails: null });
  if (await tree.has('/etc/denyhosts.conf'))
    found.push({ tool: 'denyhosts', running: processes.has('denyhosts') || processes.has('denyhosts.py'), jails: null });
  return found;
}

/** jail.conf, jail.d/*.conf, jail.local, jail.d/*.local, in this order, the later one counts (jail.conf(5)). */
async function jails(tree: HostTree): Promise<string[]> {
  const extra = await tree.names('/etc/fail2ban/jail.d');
  const folder = (end: string) => extra.filter((name) => name.endsWith(end)).map((name) => `jail.d/${name}`);
  const enabled = new Map<string, boolean>();
  let fallback = false;
  for (const name of ['jail.conf', ...folder('.conf'), 'jail.local', ...folder('.local')]) {
    let section = '';
    for (const line of ((await tree.text(`/etc/fail2ban/${name}`)) ?? '').split('\n')) {
      section = /^\s*\[([^\]]+)\]/.exec(line)?.[1] ?? section;
      const value = /^\s*enabled\s*=\s*(\w+)/i.exec(line)?.[1]?.toLowerCase();
      if (section === 'DEFAULT') fallback = value === undefined ? fallback : value === 'true';
      else if (section !== '' && section !== 'INCLUDES') {
        if (value !== undefined) enabled.set(section, value === 'true');
        else if (!enabled.has(section) && fallback) enabled.set(section, true);
      }
    }
  }
  return [...enabled]
    .filter(([, on]) => on)
    .map(([name]) => name)
    .sort();
}
