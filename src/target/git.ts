import { spawn, spawnSync } from 'node:child_process';
import { delimiter, isAbsolute } from 'node:path';
import type { GitFacts } from '../model/probe.js';
import { limits } from '../safe/limits.js';

/**
 * Settings that win over the repository's own configuration, so that nothing in it can start a program: no hooks, no monitor,
 * no external diff, no signature check, no pager, no transport (a partial clone would fetch missing objects).
 */
const neutral: readonly string[] = [
  'safe.directory=*',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.editor=false',
  'core.askPass=false',
  'core.sshCommand=false',
  'core.gitProxy=false',
  'core.alternateRefsCommand=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.quotePath=false',
  'credential.helper=',
  'diff.external=',
  'diff.autoRefreshIndex=false',
  'diff.ignoreSubmodules=all',
  'interactive.diffFilter=cat',
  'log.showSignature=false',
  'log.mailmap=false',
  'gpg.program=false',
  'gpg.ssh.program=false',
  'gpg.x509.program=false',
  'i18n.logOutputEncoding=UTF-8',
  'protocol.allow=never',
  'submodule.recurse=false',
  'maintenance.auto=false',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting]);

/** Only absolute folders: a relative entry of PATH would be looked up in the audited repository. */
const safePath = (): string => (process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter).filter(isAbsolute).join(delimiter);

const environment = (): NodeJS.ProcessEnv => ({
  PATH: safePath(),
  ...(process.env['SystemRoot'] ? { SystemRoot: process.env['SystemRoot'] } : {}),
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_PAGER: 'cat',
  GIT_ASKPASS: 'false',
  GIT_SSH_COMMAND: 'false',
});

const mostOutput = 256 * 1024 * 1024;

/**
 * Standard output of `git <args>` in a folder, or null when git is missing, fails, takes longer than `limits.gitMs`, or writes
 * more than `most` bytes (`env`: further variables; with `partial`, what was written until then; also what a failing git wrote).
 */
export function git(
  folder: string,
  args: readonly string[],
  options: { most?: number; partial?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Buffer | null> {
  const most = options.most ?? mostOutput;
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let finished = false;
    const finish = (ok: boolean): void => {
      if (finished) return;
      finished = true;
      done(ok || options.partial ? Buffer.concat(chunks, Math.min(size, most)) : null);
    };
    try {
      const child = spawn('git', [...neutral, '--no-pager', ...args], {
        cwd: folder,
        env: { ...environment(), ...options.env },
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: limits.gitMs,
        killSignal: 'SIGKILL',
        windowsHide: true,
      });
      child.stdout.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > most) {
          child.kill('SIGKILL');
          finish(false);
        }
      });
      child.on('error', () => finish(false));
      child.on('close', (code) => finish(code === 0));
    } catch {
      finish(false);
    }
  });
}

/** As `git()`, at once and with `input` on its standard input: for reads of objects, which a target answers synchronously. */
export function gitNow(folder: string, args: readonly string[], options: { input?: string; most?: number } = {}): Buffer | null {
  const { status, stdout } = spawnSync('git', [...neutral, '--no-pager', ...args], {
    cwd: folder,
    env: environment(),
    input: options.input ?? '',
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: limits.gitMs,
    killSignal: 'SIGKILL',
    maxBuffer: options.most ?? mostOutput,
    windowsHide: true,
  });
  return status === 0 ? stdout : null;
}

export const noGit: GitFacts = {
  available: false,
  commit: null,
  branch: null,
  dirty: null,
  shallow: false,
  remoteHost: null,
  remoteName: null,
  commits: [],
  tags: [],
  atDefaultTip: null,
  headTags: [],
};

/** Where a folder stands in a repository. */
export interface Checkout {
  readonly kind: 'work-tree' | 'bare' | 'none';
  readonly shallow: boolean;
  /** Of the folder below the top of the work tree, '' for the top itself. */
  readonly prefix: string;
  /** null when HEAD is detached or has no commit. */
  readonly branch: string | null;
  /** The commit that HEAD names, null where there is none yet. */
  readonly commit: string | null;
}

export async function checkoutOf(folder: string): Promise<Checkout> {
  const args = [
    'rev-parse',
    '--is-bare-repository',
    '--is-inside-work-tree',
    '--is-shallow-repository',
    '--show-prefix',
    'HEAD',
    '--symbolic-full-name',
    'HEAD',
  ];
  // Without a commit it fails on HEAD, after having answered the rest.
  const out = await git(folder, args, { most: 65_536, partial: true });
  const lines = (out?.toString('utf8') ?? '').split('\n').slice(0, -1);
  const [bare, inside, shallow] = lines;
  if (inside !== 'true') return { kind: bare === 'true' ? 'bare' : 'none', shallow: false, prefix: '', branch: null, commit: null };
  const last = lines.at(-1) ?? '';
  const commit = isCommit(lines.at(-2) ?? '') ? (lines.at(-2) as string) : null;
  return {
    kind: 'work-tree',
    shallow: shallow === 'true',
    prefix: lines.slice(3, commit === null ? -1 : -2).join('\n'),
    branch: commit !== null && last.startsWith('refs/heads/') ? last.slice('refs/heads/'.length) : null,
    commit,
  };
}

/** The commit that HEAD or another revision names, null where there is none. */
export async function headOf(folder: string, revision = 'HEAD'): Promise<string | null> {
  const out = await git(folder, ['rev-parse', '--verify', '--quiet', revision === 'HEAD' ? revision : `${revision}^{commit}`], {
    most: 1_000,
  });
  const id = out?.toString('latin1').trim() ?? '';
  return isCommit(id) ? id : null;
}

const isCommit = (text: string): boolean => /^[0-9a-f]{40,64}$/.test(text);

/** The newest commits, from the raw objects: subject, committer date, and whether a signature is attached (never verified). */
export async function commitsOf(folder: string, revision = 'HEAD'): Promise<GitFacts['commits']> {
  const args = [
    'log',
    '-z',
    `-${limits.commits}`,
    '--format=raw',
    '--no-show-signature',
    '--no-notes',
    '--no-color',
    '--no-decorate',
    '--no-patch',
    revision,
    '--',
  ];
  const out = await git(folder, args, { most: 8 * 1024 * 1024, partial: true });
  return out ? parseCommits(out.toString('utf8')) : [];
}

/** Parses `git log -z --format=raw`. */
export function parseCommits(raw: string): GitFacts['commits'] {
  // Git lists children before parents, so that one walk finds the line of first parents.
  let next: string | null = null;
  return raw.split('\0').flatMap((record, index) => {
    const end = record.indexOf('\n\n');
    const head = end < 0 ? record : record.slice(0, end);
    const hash = /^commit ([0-9a-f]{40,64})/.exec(head)?.[1];
    if (!hash) return [];
    const seconds = /^committer .*> (-?\d{1,12}) [+-]\d{4}$/m.exec(head)?.[1];
    const subject =
      end < 0
        ? ''
        : (record
            .slice(end + 2, end + 4_000)
            .split('\n')
            .find((line) => line.trim() !== '') ?? '');
    const parents = [...head.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map((m) => m[1] as string);
    const author = /^author (.*?) <([^>\n]*)>/m.exec(head);
    const name = author?.[1] ?? '';
    const firstParent = index === 0 || hash === next;
    if (firstParent) next = parents[0] ?? null;
    return [
      {
        hash,
        subject: subject.trim(),
        date: isoDate(seconds),
        signed: /^gpgsig(?:-sha256)? /m.test(head),
        author: name,
        bot: isBot(name, author?.[2] ?? ''),
        merge: parents.length > 1,
        firstParent,
      },
    ];
  });
}

/** GitHub marks its applications with `[bot]`; the others are known by name. */
const isBot = (name: string, email: string): boolean =>
  /\[bot\]/i.test(name + email) ||
  /^(?:dependabot|renovate|github[- ]actions?|greenkeeper|snyk|pyup|depfu|weblate|crowdin|imgbot|allcontributors|semantic-release|release-please|pre-commit-ci|mergify|travis ci|circleci|gitlab-ci|web-flow)\b/i.test(
    name,
  ) ||
  /(?:^|[-_\s])(?:bot|automation)$/i.test(name);

function isoDate(seconds: string | undefined): string {
  const date = new Date(Number(seconds ?? NaN) * 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

/**
 * Up to 200 newest tags, newest first, with the date of the tag or its commit; the tags that point at a commit; and whether the
 * remote's default branch does (null where no remote says which that is).
 */
export async function refsOf(
  folder: string,
  commit: Promise<string | null>,
): Promise<Pick<GitFacts, 'tags' | 'atDefaultTip' | 'headTags'>> {
  const format = '--format=%(refname)%00%(objectname)%00%(*objectname)%00%(creatordate:unix)';
  const out = await git(folder, ['for-each-ref', '--sort=-creatordate', format, 'refs/tags', 'refs/remotes/*/HEAD'], {
    most: 8 * 1024 * 1024,
  });
  const head = await commit;
  const refs = (out?.toString('utf8') ?? '').split('\n').flatMap((line) => {
    const [ref, object, tagged, seconds] = line.split('\0');
    return ref && seconds !== undefined ? [{ ref, object, tagged, seconds }] : [];
  });
  const tags = refs.filter(({ ref }) => ref.startsWith('refs/tags/'));
  const nameOf = ({ ref }: { ref: string }): string => ref.slice('refs/tags/'.length);
  const defaults = refs.filter(({ ref }) => ref.startsWith('refs/remotes/')).sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const origin = defaults.find(({ ref }) => ref === 'refs/remotes/origin/HEAD') ?? defaults[0];
  return {
    tags: tags.slice(0, limits.commits).map((tag) => ({ name: nameOf(tag), date: isoDate(tag.seconds || undefined) })),
    atDefaultTip: origin && head ? origin.object === head : null,
    headTags: head
      ? tags
          .filter(({ object, tagged }) => object === head || tagged === head)
          .map(nameOf)
          .sort()
      : [],
  };
}

export interface Remote {
  readonly host: string | null;
  /** owner/name; null where the URL has no owner. */
  readonly path: string | null;
  /** The last segment without `.git`. */
  readonly name: string | null;
}

/** What the repository's own configuration says that matters here. */
export interface Configuration {
  readonly remote: Remote;
  /** Settings that take every content filter (`filter.<name>.clean` ...) out of force, see `git()`. */
  readonly withoutFilters: NodeJS.ProcessEnv;
}

/** The remote is `origin`, else the first one. User names and passwords in its URL stay behind. */
export async function configurationOf(folder: string): Promise<Configuration | null> {
  // Exit code 1 (nothing found) has no output, which is as good.
  const out = await git(folder, ['config', '-z', '--get-regexp', '^(remote\\..*\\.url|filter\\..*)$'], {
    most: 1024 * 1024,
    partial: true,
  });
  if (!out || out.length >= 1024 * 1024) return null;
  const entries = out
    .toString('utf8')
    .split('\0')
    .map((entry) => entry.split('\n'));
  const remotes = entries.filter(([key]) => key?.startsWith('remote.'));
  const url = (remotes.find(([key]) => key === 'remote.origin.url') ?? remotes[0])?.[1];
  const filters = new Set(entries.flatMap(([key]) => /^filter\.(.*)\.[^.]*$/s.exec(key ?? '')?.[1] ?? []));
  const settings = [...filters].flatMap((name) => [
    [`filter.${name}.clean`, ''],
    [`filter.${name}.smudge`, ''],
    [`filter.${name}.process`, ''],
    [`filter.${name}.required`, 'false'],
  ]);
  const withoutFilters: NodeJS.ProcessEnv = { GIT_CONFIG_COUNT: String(settings.length) };
  settings.forEach(([key, value], index) => {
    withoutFilters[`GIT_CONFIG_KEY_${index}`] = key;
    withoutFilters[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return { remote: url ? parseRemote(url) : noRemote, withoutFilters };
}

export const noRemote: Remote = { host: null, path: null, name: null };

/** `https://user:pass@host/org/name.git`, `git@host:org/name.git`; a local path has neither host nor owner. */
export function parseRemote(url: string): Remote {
  const match =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.*)$/i.exec(url) ?? /^(?:[^/@:]+@)?([^/:@\\]{2,}):(?!\/\/)(.*)$/.exec(url);
  const segments = (match?.[2] ?? url)
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split(/[/\\]/)
    .filter((s) => s !== '');
  return {
    host: match?.[1]?.toLowerCase() ?? null,
    path: match && segments.length >= 2 ? segments.join('/') : null,
    name: segments.at(-1) ?? null,
  };
}
