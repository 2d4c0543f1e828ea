import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/model/error.js';
import { limits } from '../../src/safe/limits.js';
import { memoryTarget, openTarget } from '../../src/target/index.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(files: Record<string, string | Uint8Array> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'target-')));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) put(root, path, content);
  return root;
}

function put(root: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const quiet = {
  stdio: 'pipe' as const,
  env: {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_COMMITTER_DATE: '2024-05-06T07:08:09Z',
    GIT_AUTHOR_DATE: '2024-05-06T07:08:09Z',
  },
};
const run = (root: string, ...args: string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=T', '-c', 'user.email=t@invalid', '-c', 'init.defaultBranch=main', '-c', 'protocol.file.allow=always', ...args],
    { cwd: root, ...quiet },
  ).toString();

function repository(files: Record<string, string | Uint8Array>): string {
  const root = folder(files);
  run(root, 'init', '-q');
  run(root, 'add', '-A');
  run(root, 'commit', '-q', '-m', 'First commit');
  return root;
}

const paths = async (root: string): Promise<string[]> => (await openTarget(root)).files.map((file) => file.path);
const text = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString();

describe('a repository', () => {
  test('lists what is tracked, sorted, with sizes, and reads the work tree', async () => {
    const root = repository({ 'b.txt': 'bb', 'a/c.py': 'x = 1\n', '.gitignore': '*.log\n' });
    put(root, 'untracked.py', 'no');
    put(root, 'x.log', 'no');
    put(root, 'b.txt', 'changed');
    const target = await openTarget(root);
    expect(target.files.map((file) => [file.path, file.size])).toEqual([
      ['.gitignore', 6],
      ['a/c.py', 6],
      ['b.txt', 7],
    ]);
    expect(text(target.read('b.txt'))).toBe('changed');
    expect(target.root).toBe(root);
    expect(target.notes).toEqual([]);
  });
  test('knows commit, branch, date, tags and remote', async () => {
    const root = repository({ a: '1' });
    run(root, 'tag', 'v1.0');
    run(root, 'tag', '-a', 'v1.1', '-m', 'x');
    run(root, 'remote', 'add', 'origin', 'https://user:hunter2@git.example.org/team/shop.git');
    const target = await openTarget(root);
    expect(target.name).toBe('shop');
    expect(target.git).toMatchObject({
      available: true,
      branch: 'main',
      dirty: false,
      shallow: false,
      remoteHost: 'git.example.org',
      remoteName: 'team/shop',
    });
    expect(target.git.commit).toBe(run(root, 'rev-parse', 'HEAD').trim());
    expect(target.git.commits).toEqual([
      {
        hash: target.git.commit,
        subject: 'First commit',
        date: '2024-05-06T07:08:09.000Z',
        signed: false,
        author: expect.any(String),
        bot: false,
        merge: false,
        firstParent: true,
      },
    ]);
    expect(target.git.tags.map((tag) => tag.name).sort()).toEqual(['v1.0', 'v1.1']);
    expect(JSON.stringify(target.git)).not.toContain('hunter2');
  });
  test('is dirty by content: staged, changed, deleted; not by a new time stamp alone', async () => {
    const root = repository({ a: '1', b: '2' });
    utimesSync(join(root, 'a'), 1, 1);
    expect((await openTarget(root)).git.dirty).toBe(false);
    put(root, 'a', '9');
    expect((await openTarget(root)).git.dirty).toBe(true);
    run(root, 'add', 'a');
    expect((await openTarget(root)).git.dirty).toBe(true);
    run(root, 'reset', '-q', '--hard');
    rmSync(join(root, 'b'));
    const target = await openTarget(root);
    expect(target.git.dirty).toBe(true);
    expect(target.files.map((file) => file.path)).toEqual(['a']);
  });
  test('a copy with other time stamps is the same commit', async () => {
    const root = repository({ a: '1', 'd/b': '2' });
    const copy = folder();
    cpSync(root, copy, { recursive: true });
    expect((await openTarget(copy)).git).toEqual((await openTarget(root)).git);
  });
  test('a folder of it shows only that folder, under its own name', async () => {
    const root = repository({ 'a/x.py': '1', 'b/y.py': '2' });
    const target = await openTarget(join(root, 'b'));
    expect(target.files.map((file) => file.path)).toEqual(['y.py']);
    expect(target.name).toBe('b');
    expect(target.git.available).toBe(true);
    expect(text(target.read('y.py'))).toBe('2');
  });
  test('an ignored folder in it is looked at as a plain folder', async () => {
    const root = repository({ '.gitignore': 'out/\n' });
    put(root, 'out/a.py', '1');
    const target = await openTarget(join(root, 'out'));
    expect(target.files.map((file) => file.path)).toEqual(['a.py']);
    expect(target.git.available).toBe(false);
  });
  test('without a commit it shows all that is not ignored', async () => {
    const root = folder({ a: '1', b: '2', '.gitignore': 'b\n' });
    run(root, 'init', '-q');
    run(root, 'add', '.gitignore');
    const target = await openTarget(root);
    expect(target.files.map((file) => file.path)).toEqual(['.gitignore', 'a']);
    expect(target.git).toMatchObject({ available: true, commit: null, branch: null, dirty: true, commits: [] });
  });
  test('detached, shallow, and with a second work tree', async () => {
    const root = repository({ a: '1' });
    run(root, 'commit', '-q', '--allow-empty', '-m', 'Second');
    run(root, 'checkout', '-q', '--detach');
    expect((await openTarget(root)).git).toMatchObject({ branch: null, dirty: false });
    const clone = folder();
    run(clone, 'clone', '-q', '--depth', '1', `file://${root}`, 'c');
    expect((await openTarget(join(clone, 'c'))).git).toMatchObject({ shallow: true, remoteHost: null });
    const other = join(clone, 'tree');
    run(root, 'worktree', 'add', '-q', '-b', 'side', other);
    expect((await openTarget(other)).git).toMatchObject({ available: true, branch: 'side' });
  });
  test('submodules are noted, not entered, and can be opened themselves', async () => {
    const library = repository({ 'lib.py': '1' });
    const root = repository({ a: '1' });
    run(root, 'submodule', '--quiet', 'add', library, 'libs/one');
    run(root, 'commit', '-q', '-m', 'Add');
    const target = await openTarget(root);
    expect(target.files.map((file) => file.path)).toEqual(['.gitmodules', 'a']);
    expect(target.notes).toEqual([{ kind: 'limit', message: 'submodule is not entered', location: { path: 'libs/one' } }]);
    const inner = await openTarget(join(root, 'libs/one'));
    expect(inner.files.map((file) => file.path)).toEqual(['lib.py']);
    expect(inner.git.available).toBe(true);
  });
  test('a conflict lists its file once', async () => {
    const root = repository({ a: '1' });
    run(root, 'checkout', '-q', '-b', 'x');
    put(root, 'a', '2');
    run(root, 'commit', '-qam', 'x');
    run(root, 'checkout', '-q', 'main');
    put(root, 'a', '3');
    run(root, 'commit', '-qam', 'y');
    expect(() => run(root, 'merge', 'x')).toThrow();
    expect(await paths(root)).toEqual(['a']);
  });
  test('excluded globs are left out', async () => {
    const root = repository({ 'a.py': '1', 'legacy/b.py': '2', 'x/legacy/c.py': '3', 'd/e.gen': '4' });
    const target = await openTarget(root, { exclude: ['/legacy', '*.gen'] });
    expect(target.files.map((file) => file.path)).toEqual(['a.py', 'x/legacy/c.py']);
  });
});

describe('a hostile repository', () => {
  test('its configuration starts no program', async () => {
    const root = repository({ 'a.txt': '1', 'b.txt': '2', '.gitattributes': '*.txt filter=evil diff=evil\n' });
    const marker = join(folder(), 'ran');
    const script = join(root, 'evil.sh');
    put(root, 'evil.sh', `#!/bin/sh\ntouch ${marker}\ncat\n`);
    chmodSync(script, 0o755);
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'core.editor',
      'diff.external',
      'diff.evil.textconv',
      'diff.evil.command',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'gpg.program',
      'core.alternateRefsCommand',
      'credential.helper',
      'pager.log',
      'alias.log',
      'alias.ls-files',
    ])
      run(root, 'config', key, key.startsWith('alias') ? `!${script}` : script);
    for (const [key, value] of [
      ['log.showSignature', 'true'],
      ['filter.evil.required', 'true'],
      ['protocol.allow', 'always'],
      ['protocol.ext.allow', 'always'],
      ['core.hooksPath', root],
    ] as const)
      run(root, 'config', key, value);
    for (const hook of ['post-index-change', 'fsmonitor-watchman', 'post-checkout', 'reference-transaction', 'pre-auto-gc'])
      cpSync(script, join(root, hook));
    put(root, 'git', `#!/bin/sh\ntouch ${marker}\n`);
    chmodSync(join(root, 'git'), 0o755);
    put(root, 'a.txt', '9');
    utimesSync(join(root, 'b.txt'), 1, 1);
    const before = process.env['PATH'];
    process.env['PATH'] = `.:${before ?? ''}`;
    try {
      const target = await openTarget(root);
      expect(target.git).toMatchObject({ available: true, dirty: null });
      expect(existsSync(marker)).toBe(false);
      utimesSync(join(root, 'a.txt'), 1, 1);
      put(root, 'a.txt', '1');
      expect((await openTarget(root)).git.dirty).toBe(false);
      expect(existsSync(marker)).toBe(false);
    } finally {
      process.env['PATH'] = before;
    }
  });
  test('a missing object is not fetched', async () => {
    const root = repository({ a: '1' });
    const marker = join(folder(), 'ran');
    run(root, 'config', 'extensions.partialClone', 'origin');
    run(root, 'config', 'remote.origin.promisor', 'true');
    run(root, 'config', 'remote.origin.url', `ext::sh -c "touch ${marker}"`);
    run(root, 'config', 'protocol.ext.allow', 'always');
    const commit = run(root, 'rev-parse', 'HEAD').trim();
    rmSync(join(root, '.git/objects', commit.slice(0, 2)), { recursive: true });
    const target = await openTarget(root);
    expect(target.files.map((file) => file.path)).toEqual(['a']);
    expect(existsSync(marker)).toBe(false);
  });
  test('links are not followed: out, around, and in place of a folder', async () => {
    const secret = folder({ 'secret.txt': 'outside' });
    const root = folder({ 'real.txt': '1', 'dir/f.txt': 'inside' });
    symlinkSync(join(secret, 'secret.txt'), join(root, 'out.txt'));
    symlinkSync('../../etc/passwd', join(root, 'dir/up'));
    symlinkSync('real.txt', join(root, 'alias.txt'));
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync(secret, join(root, 'folder'));
    run(root, 'init', '-q');
    run(root, 'add', '-A');
    run(root, 'commit', '-q', '-m', 'x');
    const target = await openTarget(root);
    expect(target.files.map((file) => file.path)).toEqual(['dir/f.txt', 'real.txt']);
    expect(target.notes.map((note) => note.location?.path)).toEqual(['dir/up', 'folder', 'out.txt']);
    expect(target.read('out.txt')).toBeNull();
    expect(target.read('folder/secret.txt')).toBeNull();
    expect(target.read('../secret.txt')).toBeNull();
    expect(target.read('/etc/passwd')).toBeNull();
    renameSync(join(root, 'dir'), join(root, 'dir-old'));
    put(secret, 'f.txt', 'outside');
    symlinkSync(secret, join(root, 'dir'));
    expect(target.read('dir/f.txt')).toBeNull();
  });
  test('odd names are listed and read', async () => {
    const root = folder({ 'new\nline.py': '1', 'tab\tquote".py': '2', ' lead.py': '3', 'ünï/ö.py': '4', '-n.py': '5' });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff, 0xfe]), Buffer.from('.py')]), '6');
    run(root, 'init', '-q');
    run(root, 'add', '-A');
    run(root, 'commit', '-q', '-m', 'x');
    const target = await openTarget(root);
    expect(target.files.map((file) => file.path)).toEqual([
      ' lead.py',
      '-n.py',
      'bad\\xff\\xfe.py',
      'new\nline.py',
      'tab\tquote".py',
      'ünï/ö.py',
    ]);
    expect(target.files.map((file) => text(target.read(file.path)))).toEqual(['3', '5', '6', '1', '2', '4']);
    expect(target.git.dirty).toBe(false);
  });
  test('a work tree elsewhere, or a broken repository, is no way out', async () => {
    const secret = folder({ 'secret.txt': 'outside' });
    const root = repository({ a: '1' });
    run(root, 'config', 'core.worktree', secret);
    expect(await paths(root)).toEqual(['a']);
    const broken = folder({ '.git': 'gitdir: /nonexistent\n', 'x.py': '1' });
    const target = await openTarget(broken);
    expect(target.git.available).toBe(false);
    expect(target.files.map((file) => file.path)).toContain('x.py');
  });
});

describe('reads', () => {
  test('stop at the limit, and say so once', async () => {
    const root = repository({ 'big.txt': 'x'.repeat(limits.fileBytes + 1), 'full.txt': 'x'.repeat(limits.fileBytes), empty: '' });
    const target = await openTarget(root);
    expect(target.read('big.txt')).toBeNull();
    expect(target.read('big.txt')).toBeNull();
    expect(target.notes).toEqual([
      { kind: 'limit', message: `is larger than ${limits.fileBytes} bytes and was not read`, location: { path: 'big.txt' } },
    ]);
    expect(target.read('full.txt')).toHaveLength(limits.fileBytes);
    expect(target.read('empty')).toHaveLength(0);
  });
  test('refuse what is no regular file, and do not wait for a pipe', async () => {
    const root = repository({ 'a.txt': '1' });
    const target = await openTarget(root);
    rmSync(join(root, 'a.txt'));
    execFileSync('mkfifo', [join(root, 'a.txt')]);
    expect(target.read('a.txt')).toBeNull();
    expect(target.notes).toMatchObject([{ kind: 'unreadable', message: 'is not a regular file' }]);
  });
  test('a file that vanished is noted', async () => {
    const root = repository({ 'a.txt': '1' });
    const target = await openTarget(root);
    rmSync(join(root, 'a.txt'));
    expect(target.read('a.txt')).toBeNull();
    expect(target.notes).toMatchObject([{ kind: 'unreadable', location: { path: 'a.txt' } }]);
  });
});

describe('a folder without git', () => {
  test('lists everything but links, vendored and ignored files', async () => {
    const root = folder({
      'a.py': '1',
      '.env': 'x',
      'node_modules/x/index.js': '1',
      'src/b.py': '2',
      'build.log': '1',
      'keep.log': '1',
      'tmp/x/y.txt': '1',
      'src/tmp.txt': '1',
      'src/only/z.txt': '1',
      '.gitignore': '# logs\n*.log\n!keep.log\ntmp/\n/src/only\n',
    });
    symlinkSync('/etc', join(root, 'etc'));
    symlinkSync('..', join(root, 'src/up'));
    const target = await openTarget(root);
    expect(target.files.map((file) => file.path)).toEqual(['.env', '.gitignore', 'a.py', 'keep.log', 'src/b.py', 'src/tmp.txt']);
    expect(target.git).toEqual({
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
    });
    expect(text(target.read('src/b.py'))).toBe('2');
  });
  test('works through a link to the folder itself', async () => {
    const root = folder({ 'a.py': '1' });
    const link = join(folder(), 'link');
    symlinkSync(root, link);
    expect(await paths(link)).toEqual(['a.py']);
  });
});

describe('wrong use', () => {
  test.each([
    ['a missing path', (root: string) => join(root, 'nowhere'), /does not exist/],
    ['a file', (root: string) => join(root, 'a.txt'), /is a file, not a folder/],
    ['a link to itself', (root: string) => join(root, 'loop'), /leads back to itself/],
    ['a bare repository', (root: string) => join(root, 'bare.git'), /bare git repository/],
  ])('%s', async (_, path, message) => {
    const root = folder({ 'a.txt': '1' });
    symlinkSync('loop', join(root, 'loop'));
    run(root, 'init', '-q', '--bare', 'bare.git');
    await expect(openTarget(path(root))).rejects.toThrow(UsageError);
    await expect(openTarget(path(root))).rejects.toThrow(message);
  });
});

describe('memoryTarget', () => {
  test('is a target like others', () => {
    const target = memoryTarget(
      { './b.py': 'é', 'a/Dockerfile': new Uint8Array([70]), 'big.txt': 'x'.repeat(limits.fileBytes + 1) },
      { commit: 'abc' },
    );
    expect(target.files.map((file) => [file.path, file.size, file.role])).toEqual([
      ['a/Dockerfile', 1, 'config'],
      ['b.py', 2, 'product'],
      ['big.txt', limits.fileBytes + 1, 'docs'],
    ]);
    expect(text(target.read('b.py'))).toBe('é');
    expect(target.read('big.txt')).toBeNull();
    expect(target.read('c')).toBeNull();
    expect(target.notes.map((note) => note.kind)).toEqual(['limit', 'unreadable']);
    expect(target.git).toMatchObject({ available: true, commit: 'abc', dirty: null });
    expect(memoryTarget({}).git.available).toBe(false);
  });
});
