import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHostile } from './support/hostile.js';
import { git, root, temporaryFolder } from './support/cli.js';

/** One system call of the trace, without its process number. */
interface Call {
  readonly name: string;
  readonly text: string;
}

/** Audits a folder under strace and gives the calls that say what the process did to the world. */
function trace(folder: string): Call[] {
  const log = join(temporaryFolder(), 'trace');
  const run = spawnSync(
    'strace',
    [
      '-f', '-qq', '-s', '300', '-o', log, '-e',
      'trace=network,execve,execveat,openat,open,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,chmod,fchmodat,truncate,utimensat',
      process.execPath, join(root, 'dist/cli.js'), 'audit', folder, '--format', 'json', '--fail-on', 'never', '--checklist', 'production',
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 240_000 },
  ); // prettier-ignore
  if (run.error || !existsSync(log))
    throw new Error(`strace is needed for this test: bash scripts/services.sh (${String(run.error ?? run.stderr)})`);
  expect(run.status).toBe(0);
  return readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => /^\d+ +(?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ name: match[1] as string, text: match[2] as string }));
}

const folders: string[] = [];
const traces = new Map<string, Call[]>();

beforeAll(() => {
  const plain = join(temporaryFolder(), 'plain');
  cpSync(join(root, 'fixtures/fastapi-careless'), plain, { recursive: true });
  git(plain, 'init', '-q');
  git(plain, 'add', '.');
  git(plain, 'commit', '-q', '-m', 'all');
  const { folder } = makeHostile(temporaryFolder());
  folders.push(plain, folder);
  for (const one of folders) traces.set(one, trace(one));
}, 600_000);

const each = (check: (calls: Call[], folder: string) => void): void => {
  for (const [folder, calls] of traces) check(calls, folder);
};

describe('static mode, as the system calls show it', () => {
  it('was traced', () => each((calls) => expect(calls.filter((c) => c.name === 'openat').length).toBeGreaterThan(100)));

  it('opens no network socket and connects to nothing', () =>
    each((calls) => {
      expect(
        calls.filter((c) => /^(?:connect|sendto|sendmsg|bind|listen|accept4?)$/.test(c.name) && /AF_INET|sin6?_/.test(c.text)),
      ).toEqual([]);
      expect(calls.filter((c) => c.name === 'socket' && /AF_(?!UNIX)/.test(c.text))).toEqual([]);
    }));

  it('starts nothing but git', () =>
    each((calls) => {
      const started = calls
        .filter((c) => c.name.startsWith('execve') && c.text.includes('"') && !c.text.includes(' = -1 '))
        .map((c) => /"([^"]*)"/.exec(c.text)?.[1] ?? c.text);
      expect(started.slice(1).filter((path) => !path.endsWith('/git'))).toEqual([]);
    }));

  it('writes nothing in the target', () =>
    each((calls, folder) => {
      const changes = calls.filter(
        (c) =>
          c.text.includes(`"${folder}`) &&
          (/^(?:creat|mkdir|unlink|rename|link|symlink|chmod|fchmod|truncate|utimens)/.test(c.name) ||
            /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(c.text)),
      );
      expect(changes).toEqual([]);
    }));
});
