import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/model/error.js';
import { limits } from '../../src/safe/limits.js';
import { openTarget } from '../../src/target/index.js';
import { readNotes, writeNote } from '../../src/target/notes.js';
import { openTree, refTarget } from '../../src/target/ref.js';
import { git, temporaryFolder } from '../support/cli.js';

function repository(files: Record<string, string | Uint8Array>): string {
  const root = temporaryFolder();
  git(root, 'init', '--quiet', '--initial-branch=main');
  put(root, files);
  commit(root);
  return root;
}
function put(root: string, files: Record<string, string | Uint8Array>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
const commit = (root: string): void => {
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'a commit');
};
/** A section of a git configuration; written to the file, since git would run some of it while it is set. */
const configOf = (setting: string, value: string): string => {
  const [section, ...rest] = setting.split('.');
  const key = rest.pop();
  return `[${section}${rest.length > 0 ? ` "${rest.join('.')}"` : ''}]\n\t${key} = ${value}\n`;
};
const textsOf = (target: Awaited<ReturnType<typeof openTarget>>) =>
  target.files.map((f) => [f.path, f.role, Buffer.from(target.read(f.path) ?? []).toString('utf8')]);

describe('a commit as a target', () => {
  it('has the files, roles and contents of a work tree that is checked out there', async () => {
    const files = { 'src/app.py': 'x = 1\n', 'tests/test_app.py': 'assert 1\n', 'a b/ü.md': '# ü\n', 'empty.txt': '', 'bin.dat': '\0\n\0' };
    const root = repository(files);
    symlinkSync('src/app.py', join(root, 'link.py'));
    commit(root);
    const before = textsOf(await openTarget(root));
    put(root, { 'src/app.py': 'x = 2\n', 'later.py': 'y\n' });
    commit(root);
    const target = await refTarget(await openTree(root, 'HEAD~1', '--baseline'));
    expect(textsOf(target)).toEqual(before);
    expect(target).toMatchObject({ root: null, git: { available: true, branch: 'main', dirty: false } });
    expect(target.git.commit).toBe(git(root, 'rev-parse', 'HEAD~1'));
    expect(target.git.commits).toHaveLength(2);
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  it('can be read in any order, larger than one batch', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}.txt`, `${i} `.repeat(400)]));
    const target = await refTarget(await openTree(repository(files), 'main', '--baseline'));
    const order = [...target.files].sort((a, b) => (a.path.length - b.path.length) * 7 - (a.path < b.path ? 1 : -1));
    for (const { path } of [...order, ...target.files]) expect(Buffer.from(target.read(path) ?? []).toString()).toBe(files[path]);
  });

  it('keeps to a folder below the top, and to what is not excluded', async () => {
    const root = repository({ 'api/app.py': 'a\n', 'api/old/x.py': 'o\n', 'web/app.js': 'w\n' });
    const tree = await openTree(join(root, 'api'), 'main', '--baseline');
    expect((await refTarget(tree, { exclude: ['old'] })).files.map((f) => f.path)).toEqual(['app.py']);
    expect(tree.text(join(root, 'api/app.py'))).toBe('a\n');
    expect(tree.text(join(root, 'web/app.js'))).toBe('w\n');
    expect(tree.text(join(root, '../secret'))).toBeNull();
    expect(tree.below(join(root, 'api'))).toEqual(['app.py', 'old/x.py']);
  });

  it('is the same through a symbolic link, and for what the work tree no longer has', async () => {
    const root = repository({ 'readiness.yaml': 'checks: {}\n', 'own/a/b.yaml': 'x\n' });
    git(root, 'rm', '-r', '--quiet', 'own', 'readiness.yaml');
    put(root, { 'left.txt': 'x' });
    const link = join(temporaryFolder(), 'link');
    symlinkSync(root, link);
    const tree = await openTree(link, 'main', '--policy-from');
    expect(tree.text(join(link, 'readiness.yaml'))).toBe('checks: {}\n');
    expect(tree.below(join(link, 'own'))).toEqual(['a/b.yaml']);
    symlinkSync('/etc/hostname', join(root, 'readiness.yaml'));
    expect(tree.text(join(link, 'readiness.yaml'))).toBe('checks: {}\n');
    expect(tree.below(link)).toEqual(['own/a/b.yaml', 'readiness.yaml']);
  });

  it('does not read what is too large', async () => {
    const root = repository({ 'big.txt': Buffer.alloc(limits.fileBytes + 1, 'x'), 'b.txt': 'b' });
    const target = await refTarget(await openTree(root, 'main', '--baseline'));
    expect(target.read('big.txt')).toBeNull();
    expect(target.read('b.txt')).not.toBeNull();
    expect(target.read('../etc/passwd')).toBeNull();
    expect(target.notes.map((n) => n.location?.path)).toEqual(['big.txt', '../etc/passwd']);
  });

  it.each(['nowhere', '--output=x', '', 'main x', 'main:app.py', '-n'])('refuses %j with the next step', async (ref) => {
    const error = await openTree(repository({ 'app.py': 'x\n' }), ref, '--policy-from').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ where: '--policy-from', hint: expect.stringContaining('git branch --all') });
  });

  it('takes a branch that only the server’s copy knows, and no name that is a branch and a tag', async () => {
    const root = repository({ 'app.py': 'x\n' });
    const first = git(root, 'rev-parse', 'HEAD');
    git(root, 'update-ref', 'refs/remotes/origin/develop', first);
    expect((await openTree(root, 'develop', '--policy-from')).commit).toBe(first);
    put(root, { 'app.py': 'y\n' });
    commit(root);
    git(root, 'tag', 'main', first);
    await expect(openTree(root, 'main', '--policy-from')).rejects.toThrow(/both a branch and a tag/);
    expect((await openTree(root, 'refs/tags/main', '--policy-from')).commit).toBe(first);
  });

  it('starts nothing that the repository configures, notes included', async () => {
    const root = repository({ 'app.py': 'x\n', '.gitattributes': '*.py filter=evil diff=evil\n' });
    const marker = join(temporaryFolder(), 'started');
    const script = join(root, '.git/evil.sh');
    writeFileSync(script, `#!/bin/sh\necho started >> ${marker}\ncat\n`, { mode: 0o755 });
    mkdirSync(join(root, '.git/hooks'), { recursive: true });
    for (const hook of ['reference-transaction', 'post-checkout', 'post-index-change', 'post-rewrite'])
      writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\necho ${hook} >> ${marker}\n`, { mode: 0o755 });
    const settings = [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'diff.external',
      'diff.evil.textconv',
      'filter.evil.smudge',
      'filter.evil.clean',
    ];
    for (const setting of settings) writeFileSync(join(root, '.git/config'), `${configOf(setting, script)}`, { flag: 'a' });
    const target = await refTarget(await openTree(root, 'main', '--baseline'));
    expect(Buffer.from(target.read('app.py') ?? []).toString()).toBe('x\n');
    expect(await writeNote(root, target.git.commit ?? '', 'a note\n')).toBe(true);
    expect(await readNotes(root, 10)).toEqual([{ commit: target.git.commit, text: 'a note\n' }]);
    expect(existsSync(marker)).toBe(false);
  });

  it('needs a repository, and a folder that is part of the commit', async () => {
    await expect(openTree(temporaryFolder(), 'main', '--baseline')).rejects.toThrow(/is no git repository/);
    const root = repository({ 'app.py': 'x\n' });
    put(root, { 'later/x.py': 'x\n' });
    await expect(refTarget(await openTree(join(root, 'later'), 'main', '--baseline'))).rejects.toThrow(/is not part of `main`/);
  });
});
