import { chmodSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { host, hostFacts, openHost, type HostFacts } from '../../src/connect/host.js';
import { compareVersions } from '../../src/connect/host-packages.js';
import { openEnvironment } from '../../src/connect/index.js';
import { temporaryFolder } from '../support/cli.js';

const now = new Date('2026-11-20T12:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

/** A machine's files in a temporary folder: content, or `[content, mode]`. */
function tree(files: Readonly<Record<string, string | readonly [string, number]>>): string {
  const root = temporaryFolder();
  for (const folder of ['etc', 'proc']) mkdirSync(join(root, folder));
  for (const [path, given] of Object.entries(files)) {
    const [content, mode] = typeof given === 'string' ? [given, 0o644] : given;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), mode);
  }
  return root;
}

async function facts(root: string, ask: Record<string, unknown> = {}): Promise<HostFacts> {
  const open = await openHost(root, { now });
  const { facts: found } = await open.measure(ask, new AbortController().signal);
  expect(hostFacts.parse(found)).toEqual(found);
  return found as HostFacts;
}

const processes = (...names: string[]) => Object.fromEntries(names.map((name, i) => [`proc/${100 + i}/comm`, `${name}\n`]));

describe('sshd', () => {
  const sshd = async (config: string, more: Record<string, string> = {}) =>
    (await facts(tree({ 'etc/ssh/sshd_config': config, ...more }))).sshd;

  it('has the defaults of OpenSSH where nothing is set', async () => {
    expect(await sshd('# nothing\n')).toMatchObject({
      permitRootLogin: 'prohibit-password',
      passwordAuthentication: true,
      keyboardInteractive: true,
      ports: [22],
      running: false,
    });
  });

  it('takes the first value of a keyword, in any case, with = or blanks', async () => {
    expect(
      await sshd(
        'passwordAUTHENTICATION no\nPasswordAuthentication yes\nPermitRootLogin=without-password\nKbdInteractiveAuthentication "no"\nPort 22\nPort 2222\n',
      ),
    ).toMatchObject({
      passwordAuthentication: false,
      keyboardInteractive: false,
      permitRootLogin: 'prohibit-password',
      ports: [22, 2222],
    });
  });

  it('reads Include where it stands, so that an earlier file wins', async () => {
    const files = {
      'etc/ssh/sshd_config.d/10-a.conf': 'PasswordAuthentication no\n',
      'etc/ssh/sshd_config.d/20-b.conf': 'PasswordAuthentication yes\nPermitRootLogin no\n',
      'etc/ssh/sshd_config.d/x.txt': 'PermitEmptyPasswords yes\n',
    };
    const found = await sshd('Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n', files);
    expect(found).toMatchObject({ passwordAuthentication: false, permitRootLogin: 'no', permitEmptyPasswords: false });
    expect(found?.files).toEqual(['/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d/10-a.conf', '/etc/ssh/sshd_config.d/20-b.conf']);
    expect(await sshd('PasswordAuthentication yes\nInclude sshd_config.d/*.conf\n', files)).toMatchObject({ passwordAuthentication: true });
  });

  it('keeps what a Match block weakens apart', async () => {
    expect(
      await sshd('PasswordAuthentication no\nMatch Address 10.0.0.0/8\n  PasswordAuthentication yes\n  X11Forwarding no\n'),
    ).toMatchObject({ passwordAuthentication: false, weakenedInMatch: ['passwordauthentication yes'] });
    expect(await sshd('Match all\nPasswordAuthentication no\n')).toMatchObject({ passwordAuthentication: false, weakenedInMatch: [] });
  });

  it('ends where files include one another', async () => {
    expect(await sshd('Include sshd_config\nPermitRootLogin no\n')).toMatchObject({ permitRootLogin: 'no' });
  });

  it('is null where there is none', async () => {
    expect(await facts(tree({}))).toMatchObject({ sshd: null, sshdDenied: false });
  });
});

describe('firewalls', () => {
  it('ufw: policy, and what the rules admit', async () => {
    const rules =
      '*filter\n### tuple ### allow tcp 443 0.0.0.0/0 any 0.0.0.0/0 in\n### tuple ### limit tcp 22 0.0.0.0/0 any 10.8.0.0/24 in\n### tuple ### deny tcp 25 0.0.0.0/0 any 0.0.0.0/0 in\n';
    const root = tree({
      'etc/ufw/ufw.conf': 'ENABLED=yes\n',
      'etc/default/ufw': 'DEFAULT_INPUT_POLICY="DROP"\n',
      'etc/ufw/user.rules': rules,
    });
    expect((await facts(root)).firewalls).toEqual([
      {
        tool: 'ufw',
        enabled: true,
        defaultDeny: true,
        open: [
          { port: '443/tcp', from: 'any' },
          { port: '22/tcp', from: '10.8.0.0/24' },
        ],
      },
    ]);
    expect(
      (await facts(tree({ 'etc/ufw/ufw.conf': 'ENABLED=no\n', 'etc/default/ufw': 'DEFAULT_INPUT_POLICY="ACCEPT"\n' }))).firewalls,
    ).toEqual([{ tool: 'ufw', enabled: false, defaultDeny: false, open: null }]);
  });

  it('nftables, iptables and firewalld', async () => {
    const nft =
      'table inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n  ct state established accept\n  tcp dport { 80, 443 } accept\n  ip saddr 10.0.0.0/8 tcp dport 22 accept\n }\n}\n';
    const root = tree({
      'etc/nftables.conf': nft,
      'etc/iptables/rules.v4': '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 5432 -j ACCEPT\nCOMMIT\n',
    });
    mkdirSync(join(root, 'etc/systemd/system/sysinit.target.wants'), { recursive: true });
    symlinkSync('/lib/systemd/system/nftables.service', join(root, 'etc/systemd/system/sysinit.target.wants/nftables.service'));
    expect((await facts(root)).firewalls).toEqual([
      {
        tool: 'nftables',
        enabled: true,
        defaultDeny: true,
        open: [
          { port: '80/tcp', from: 'any' },
          { port: '443/tcp', from: 'any' },
          { port: '22/tcp', from: '10.0.0.0/8' },
        ],
      },
      { tool: 'iptables', enabled: false, defaultDeny: false, open: [{ port: '5432/tcp', from: 'any' }] },
    ]);
    const zone = '<zone target="default"><service name="ssh"/><port port="8080" protocol="tcp"/></zone>';
    const red = tree({
      'etc/firewalld/firewalld.conf': 'DefaultZone=public\n',
      'etc/firewalld/zones/public.xml': zone,
      ...processes('firewalld'),
    });
    expect((await facts(red)).firewalls).toMatchObject([
      { tool: 'firewalld', enabled: true, defaultDeny: true, open: [{ port: '8080/tcp' }, { port: 'ssh' }] },
    ]);
  });

  it('none is an empty list', async () => {
    expect((await facts(tree({}))).firewalls).toEqual([]);
  });
});

describe('fail2ban', () => {
  it('has the jails that are switched on, by the order in which it reads its files', async () => {
    const files = {
      'etc/fail2ban/jail.conf':
        '[INCLUDES]\nbefore = paths-debian.conf\n[DEFAULT]\nenabled = false\n[sshd]\nport = ssh\n[nginx-http-auth]\nport = http\n',
      'etc/fail2ban/jail.d/defaults-debian.conf': '[sshd]\nenabled = true\n',
    };
    expect((await facts(tree({ ...files, ...processes('fail2ban-server') }))).guards).toEqual([
      { tool: 'fail2ban', running: true, jails: ['sshd'] },
    ]);
    expect((await facts(tree({ ...files, 'etc/fail2ban/jail.local': '[sshd]\nenabled = false\n' }))).guards).toEqual([
      { tool: 'fail2ban', running: false, jails: [] },
    ]);
    expect((await facts(tree({}))).guards).toEqual([]);
  });
});

describe('updates', () => {
  const status =
    'Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.15-1~deb12u1\n\nPackage: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2+b7\n\nPackage: old\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1.0\n';
  const list = 'var/lib/apt/lists/deb.debian.org_debian-security_dists_bookworm-security_main_binary-amd64_Packages';

  it('pending are counted by the lists on disk', async () => {
    const newer =
      'Package: openssl\nArchitecture: amd64\nVersion: 3.0.17-1~deb12u2\n\nPackage: old\nArchitecture: amd64\nVersion: 2.0\n\nPackage: absent\nArchitecture: amd64\nVersion: 9\n';
    expect((await facts(tree({ 'var/lib/dpkg/status': status, [list]: newer }))).updates).toMatchObject({
      pendingSecurity: 1,
      pending: ['openssl'],
      source: 'apt lists',
    });
    const same =
      'Package: openssl\nArchitecture: amd64\nVersion: 3.0.15-1~deb12u1\n\nPackage: bash\nArchitecture: amd64\nVersion: 5.2.15-2\n';
    expect((await facts(tree({ 'var/lib/dpkg/status': status, [list]: same }))).updates).toMatchObject({ pendingSecurity: 0, pending: [] });
  });

  it('pending are what Ubuntu’s notifier wrote', async () => {
    const notice = (text: string) => tree({ 'var/lib/update-notifier/updates-available': text });
    expect(
      (await facts(notice('\n31 updates can be applied immediately.\n12 of these updates are standard security updates.\n'))).updates
        .pendingSecurity,
    ).toBe(12);
    expect((await facts(notice('\n5 updates can be applied immediately.\n'))).updates.pendingSecurity).toBe(0);
  });

  it('pending are unknown, with the reason, where the lists are packed or absent', async () => {
    expect((await facts(tree({ 'var/lib/dpkg/status': status, [`${list}.lz4`]: 'x' }))).updates).toMatchObject({
      pendingSecurity: null,
      source: 'the package lists are compressed',
    });
    expect((await facts(tree({}))).updates).toMatchObject({ pendingSecurity: null, automatic: false });
  });

  it('automatic ones are those that apt’s settings switch on', async () => {
    const files = {
      'usr/bin/unattended-upgrade': '',
      'etc/apt/apt.conf.d/20auto-upgrades': 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
    };
    expect((await facts(tree(files))).updates).toMatchObject({ automatic: true, automaticTool: 'unattended-upgrades' });
    expect(
      (await facts(tree({ ...files, 'etc/apt/apt.conf.d/99off': 'APT::Periodic::Unattended-Upgrade "0";\n' }))).updates.automatic,
    ).toBe(false);
    expect(
      (await facts(tree({ ...files, 'etc/apt/apt.conf.d/20auto-upgrades': '// APT::Periodic::Unattended-Upgrade "1";\n' }))).updates
        .automatic,
    ).toBe(false);
    expect((await facts(tree({ 'etc/dnf/automatic.conf': '[commands]\napply_updates = yes\n' }))).updates).toMatchObject({
      automatic: false,
      automaticTool: 'dnf-automatic',
    });
  });

  it('tell how long a reboot has been required, and when updates last ran', async () => {
    const root = tree({
      'run/reboot-required': '',
      'var/lib/apt/periodic/unattended-upgrades-stamp': '',
      'boot/vmlinuz-6.1.0-9-amd64': '',
      'boot/vmlinuz-6.1.0-28-amd64': '',
      'proc/sys/kernel/osrelease': '6.1.0-9-amd64\n',
    });
    utimesSync(join(root, 'run/reboot-required'), daysAgo(9), daysAgo(9));
    utimesSync(join(root, 'var/lib/apt/periodic/unattended-upgrades-stamp'), daysAgo(1), daysAgo(1));
    expect((await facts(root)).updates).toMatchObject({
      rebootRequired: true,
      rebootRequiredDays: 9,
      lastRunDays: 1,
      kernel: '6.1.0-9-amd64',
      newestKernel: '6.1.0-28-amd64',
    });
  });
});

describe('versions of Debian packages', () => {
  const pairs = [
    '1.0 < 1.1',
    '1.0~rc1 < 1.0',
    '1.0 < 1.0-1',
    '1.0-1 < 1.0-1+b1',
    '2 < 10',
    '1:0.9 > 2.0',
    '1.0+dfsg > 1.0a',
    '3.0.15-1~deb12u1 < 3.0.17-1~deb12u2',
    '1.0a < 1.0b',
    '0 < a',
    '1.0-1 = 1.0-01',
  ];
  it.each(pairs)('%s, as dpkg says', (pair) => {
    const [a, sign, b] = pair.split(' ') as [string, string, string];
    const order = Math.sign(compareVersions(a, b));
    expect(order).toBe({ '<': -1, '>': 1, '=': 0 }[sign]);
    const word = { '<': 'lt', '>': 'gt', '=': 'eq' }[sign] as string;
    expect(spawnSync('dpkg', ['--compare-versions', a, word, b]).status).toBe(0);
  });
});

describe('permissions', () => {
  it('name what everybody may write, and secrets that everybody may read', async () => {
    const root = tree({
      'etc/passwd': ['root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\napp:x:1000:1000::/srv:/bin/sh\n', 0o644],
      'etc/shadow': ['root:!:1::\napp::1::\n', 0o640],
      'etc/cron.d/backup': ['x', 0o666],
      'etc/ssh/ssh_host_ed25519_key': ['x', 0o644],
      'srv/app/.env': ['A=1', 0o644],
      'srv/app/.env.example': ['A=', 0o644],
      'srv/app/main.py': ['x', 0o666],
      'srv/app/ok.log': ['x', 0o640],
      'srv/app/node_modules/x/bad.js': ['x', 0o666],
    });
    mkdirSync(join(root, 'srv/app/sticky'));
    chmodSync(join(root, 'srv/app/sticky'), 0o1777);
    symlinkSync('main.py', join(root, 'srv/app/link'));
    const { permissions } = await facts(root);
    expect(permissions.weakSystemFiles).toEqual([
      { path: '/etc/cron.d/backup', mode: '0666', problem: 'world-writable' },
      { path: '/etc/ssh/ssh_host_ed25519_key', mode: '0644', problem: 'secret-readable' },
    ]);
    expect(permissions).toMatchObject({ applicationFolders: ['/srv'], superusers: ['root', 'toor'], withoutPassword: ['app'] });
    expect(permissions.weakApplicationFiles).toEqual([
      { path: '/srv/app/.env', mode: '0644', problem: 'secret-readable' },
      { path: '/srv/app/main.py', mode: '0666', problem: 'world-writable' },
    ]);
    expect((await facts(root, { folders: ['/srv/app/sticky'] })).permissions.weakApplicationFiles).toEqual([]);
  });
});

describe('state', () => {
  it('listening sockets, by the kernel’s tables', async () => {
    const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
    const row = (local: string, state: string, inode: string, peer = '00000000:0000') =>
      `   0: ${local} ${peer} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0\n`;
    const root = tree({
      'proc/net/tcp':
        header + row('00000000:0016', '0A', '11') + row('0100007F:1538', '0A', '12') + row('0100007F:9999', '01', '13', '0100007F:1538'),
      'proc/net/tcp6': header + row('00000000000000000000000000000000:0050', '0A', '14').replace('00000000:0000', `${'0'.repeat(32)}:0000`),
      'proc/net/udp': header + row('00000000:0044', '07', '15'),
      'proc/7/comm': 'sshd\n',
    });
    mkdirSync(join(root, 'proc/7/fd'));
    symlinkSync('socket:[11]', join(root, 'proc/7/fd/3'));
    expect((await facts(root)).listening).toEqual([
      { protocol: 'tcp', port: 22, address: '0.0.0.0', public: true, process: 'sshd' },
      { protocol: 'udp', port: 68, address: '0.0.0.0', public: true, process: null },
      { protocol: 'tcp', port: 80, address: '::', public: true, process: null },
      { protocol: 'tcp', port: 5432, address: '127.0.0.1', public: false, process: null },
    ]);
  });

  it('memory, load, file handles, clock', async () => {
    const root = tree({
      'proc/meminfo':
        'MemTotal:        1000000 kB\nMemFree: 1 kB\nMemAvailable:     100000 kB\nSwapTotal:       200000 kB\nSwapFree:        50000 kB\n',
      'proc/loadavg': '1.00 2.00 3.00 1/100 5\n',
      'proc/cpuinfo': 'processor\t: 0\nmodel: x\nprocessor\t: 1\n',
      'proc/vmstat': 'nr_x 1\noom_kill 4\n',
      'proc/sys/fs/file-max': '1000\n',
      'proc/sys/fs/file-nr': '250\t0\t1000\n',
      'run/systemd/timesync/synchronized': '',
      ...processes('systemd-timesyn', 'auditd', 'systemd-journal'),
    });
    expect(await facts(root)).toMatchObject({
      resources: { memoryUsedPercent: 90, swapUsedPercent: 75, cpus: 2, loadPerCpu: 1.5, oomKills: 4, openFilesUsedPercent: 25 },
      time: { daemon: 'systemd-timesyncd', synchronised: true },
      audit: { auditd: true, journal: true, sudo: false },
    });
    expect((await facts(tree(processes('chronyd')))).time).toEqual({ daemon: 'chrony', synchronised: null });
    expect((await facts(tree({}))).time.daemon).toBeNull();
  });

  it('disks: what holds data, each device once, none of another machine', async () => {
    const mounts =
      'proc /proc proc rw 0 0\n/dev/sda1 / ext4 rw 0 0\n/dev/sda1 /var/lib/docker ext4 rw 0 0\nserver:/x /data nfs4 rw 0 0\n/dev/loop0 /snap/x squashfs ro 0 0\ntmpfs /run tmpfs rw 0 0\n';
    const { disks } = await facts(tree({ 'proc/self/mounts': mounts }));
    expect(disks.map((d) => [d.mount, d.type, d.usedPercent !== null])).toEqual([
      ['/', 'ext4', true],
      ['/data', 'nfs4', false],
    ]);
  });

  it('large logs, and whether something rotates them', async () => {
    const root = tree({
      'var/log/app.log': '',
      'var/log/web/access.log': '',
      'var/log/web/access.log.1': 'x',
      'var/log/small.log': 'x',
      'etc/docker/daemon.json': '{"log-driver":"json-file","log-opts":{"max-size":"10m"}}',
      'etc/logrotate.conf': '',
      'etc/cron.daily/logrotate': '',
    });
    for (const name of ['app.log', 'web/access.log']) truncateSync(join(root, 'var/log', name), 150_000_000);
    expect(await facts(root)).toMatchObject({
      largeLogs: [
        { path: '/var/log/app.log', bytes: 150_000_000, rotated: false },
        { path: '/var/log/web/access.log', rotated: true },
      ],
      logrotate: true,
      docker: { logDriver: 'json-file', logMaxSize: '10m' },
    });
  });
});

describe('this machine', () => {
  it('is as the operating system says', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const environment = openEnvironment({
      name: 'test',
      source: { host: 'local' },
      permissions: { load: false, commands: false },
      now: new Date(),
    });
    const answer = await environment.measure({ connection: 'host', ask: {} });
    await environment.close();
    server.close();
    expect(answer).toMatchObject({ status: 'measured', where: 'this host' });
    const found = hostFacts.parse((answer as { facts: unknown }).facts);
    expect(found.resources.memoryBytes).toBe(totalmem());
    expect(found.resources.cpus).toBe(cpus().length);
    expect(found.resources.memoryUsedPercent).toBeGreaterThan(0);
    expect(found.resources.memoryUsedPercent).toBeLessThanOrEqual(Math.ceil((1 - freemem() / totalmem()) * 100) + 5);
    const df = spawnSync('df', ['--output=pcent', '/'], { encoding: 'utf8' }).stdout.split('\n')[1] ?? '';
    const root = found.disks.find((d) => d.mount === '/');
    expect(Math.abs((root?.usedPercent ?? -9) - Number.parseInt(df, 10))).toBeLessThanOrEqual(1.5);
    expect(found.listening).toContainEqual({
      protocol: 'tcp',
      port,
      address: '127.0.0.1',
      public: false,
      process: expect.any(String) as string,
    });
    expect(found.permissions.superusers).toContain('root');
    expect(found.os?.id).toBe(/^ID=["']?([\w.-]+)/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1]);
  });

  it('is named by --host local alone', () => {
    expect(host.endpoints({})).toEqual([]);
    expect(host.endpoints({ host: 'local' })).toEqual(['this host']);
  });

  it('is unknown where the root holds no system', async () => {
    await expect(openHost(temporaryFolder(), { now })).rejects.toMatchObject({ reason: 'not-found' });
  });
});
