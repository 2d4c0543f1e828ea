import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { git, readiness, root, temporaryFolder } from '../support/cli.js';

/** A copy of a fixture; with a remote, a git repository. */
function repository(fixture: string, remote?: string): string {
  const folder = temporaryFolder();
  cpSync(join(root, 'fixtures', fixture), folder, { recursive: true });
  if (remote) {
    git(folder, 'init', '-q', '-b', 'main');
    git(folder, 'remote', 'add', 'origin', remote);
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'all');
  }
  return folder;
}

const audit = (folder: string, ...args: string[]): Report =>
  JSON.parse(readiness(['audit', folder, '-f', 'json', '--fail-on', 'never', ...args]).stdout) as Report;

/** The command on a terminal of its own (script of util-linux): each answer is typed once its question stands there. */
function onTerminal(
  args: readonly string[],
  answers: readonly [question: string, keys: string][],
): Promise<{ status: number | null; output: string }> {
  const command = [process.execPath, join(root, 'dist/cli.js'), ...args].map((a) => `'${a}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 100 rows 30; ${command}`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 50_000,
  });
  const left = [...answers];
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (left[0] && output.includes(left[0][0])) child.stdin.write(left.shift()?.[1] ?? '');
  });
  return new Promise((done) => child.on('close', (status) => done({ status, output })));
}

describe('readiness init', () => {
  it('shows what it found, and writes a checklist and a workflow that the audit takes without a word', () => {
    const folder = repository('streamlit-assistant', 'https://github.com/acme/assistant.git');
    const run = readiness(['init', folder]);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/uses +Streamlit/);
    expect(run.stdout).toMatch(/forge +GitHub \(the remote is on github\.com\)/);
    expect(run.stdout).toMatch(/today +DO NOT DEPLOY/);
    const report = audit(folder);
    expect(report.checklist).toMatchObject({ fromTarget: true, sources: expect.arrayContaining(['builtin:production']) as string[] });
    expect(report.notes.filter((n) => n.kind === 'checklist')).toEqual([]);
    expect(report.checklist.thresholds.score).toBeLessThanOrEqual(report.score.value ?? 0);
    expect(report.gates.find((g) => g.name.includes('score'))?.holds).toBe(true);
    expect(existsSync(join(folder, '.github/workflows/readiness.yml'))).toBe(true);
  });

  it('writes a workflow that our own checks of pipelines pass', () => {
    const folder = repository('library', 'https://github.com/acme/library.git');
    readiness(['init', folder, '--yes']);
    const { findings } = audit(
      folder,
      '--only',
      'delivery/pinned-ci-actions,delivery/ci-token-permissions,delivery/no-dangerous-workflows',
    );
    const places = findings.flatMap((f) => f.evidence.filter((e) => e.answer === 'no').map((e) => e.location?.path));
    expect(places.filter((p) => p?.endsWith('readiness.yml'))).toEqual([]);
    expect(findings).toHaveLength(3);
  });

  it('keeps what exists, and replaces it only when told to', () => {
    const folder = repository('library');
    writeFileSync(join(folder, 'readiness.yaml'), 'extends: minimal\n');
    const kept = readiness(['init', folder, '--yes', '--ci', 'none']);
    expect(kept.stdout).toContain('kept ');
    expect(readFileSync(join(folder, 'readiness.yaml'), 'utf8')).toBe('extends: minimal\n');
    readiness(['init', folder, '--yes', '--ci', 'none', '--force']);
    expect(readFileSync(join(folder, 'readiness.yaml'), 'utf8')).toContain('extends: library');
  });

  it('writes nothing on --dry-run', () => {
    const folder = repository('library');
    const before = readdirSync(folder);
    const run = readiness(['init', folder, '--dry-run', '--ci', 'gitlab', '--threshold', '70', '--fail-on', 'never']);
    expect(run.stdout).toContain('score: 70');
    expect(run.stdout).toContain('failOn: never');
    expect(run.stdout).toContain('.gitlab/readiness.gitlab-ci.yml');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('puts the pipeline at the root of the work tree, and names the folder in it', () => {
    const folder = repository('monorepo', 'git@gitlab.example.org:acme/shop.git');
    expect(readiness(['init', join(folder, 'services/api')]).status).toBe(0);
    expect(readFileSync(join(folder, '.gitlab/readiness.gitlab-ci.yml'), 'utf8')).toContain("FOLDER: 'services/api'");
    expect(existsSync(join(folder, 'services/api/readiness.yaml'))).toBe(true);
  });

  it('tells what to add where a GitLab pipeline exists', () => {
    const folder = repository('library');
    writeFileSync(join(folder, '.gitlab-ci.yml'), 'build: { script: [make] }\n');
    const run = readiness(['init', folder, '--ci', 'gitlab']);
    expect(run.stdout).toContain('- local: /.gitlab/readiness.gitlab-ci.yml');
    expect(readFileSync(join(folder, '.gitlab-ci.yml'), 'utf8')).toBe('build: { script: [make] }\n');
  });

  it('never writes through a link of the repository', () => {
    const outside = temporaryFolder();
    const folder = repository('library');
    symlinkSync(join(outside, 'owned.yaml'), join(folder, 'readiness.yaml'));
    mkdirSync(join(folder, 'x'));
    symlinkSync(outside, join(folder, '.gitlab'));
    const run = readiness(['init', folder, '--yes', '--ci', 'gitlab', '--force']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('outside of the repository');
    expect(readdirSync(outside)).toEqual([]);
    expect(readFileSync(join(folder, 'readiness.yaml'), 'utf8')).toContain('extends:');
  });

  it('asks at most three questions on a terminal, and takes the answers', async () => {
    const folder = repository('library', 'https://github.com/acme/library.git');
    writeFileSync(join(folder, 'readiness.yaml'), 'extends: minimal\n');
    const { status, output } = await onTerminal(
      ['init', folder],
      [
        ['Which score must a build reach?', '\u001b[B\r'],
        ['Write a CI pipeline', '\r'],
        ['Replace ', 'y'],
      ],
    );
    expect(output).toContain('wrote ');
    expect(status).toBe(0);
    const text = readFileSync(join(folder, 'readiness.yaml'), 'utf8');
    expect(text).toContain('extends: library');
    expect(text).toMatch(/^ {2}(score: (60|80|90)|# score: 60) /m);
    expect(existsSync(join(folder, '.github/workflows/readiness.yml'))).toBe(true);
  });

  it('writes nothing when the questions are broken off', async () => {
    const folder = repository('library');
    const { status, output } = await onTerminal(['init', folder], [['Which score must a build reach?', '\u0003']]);
    expect(output).toContain('nothing was written');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'readiness.yaml'))).toBe(false);
  });

  it.each([
    ['a folder that is not there', ['init', '/nowhere/at/all'], /does not exist/],
    ['a threshold that is no number', ['init', '.', '--threshold', 'high'], /no number from 0 to 100/],
    ['a forge that is not known', ['init', '.', '--ci', 'bitbucket'], /github, gitlab, none/],
  ])('%s gets one message and exit code 2', (_, args, message) => {
    const run = readiness(args);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });
});
