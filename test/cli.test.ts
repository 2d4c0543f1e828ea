import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../src/model/report.js';
import { reportSchema } from '../src/model/report.js';
import { git, readiness, root, temporaryFolder } from './support/cli.js';

const fixture = (name: string): string => join(root, 'fixtures', name);
const noTrace = (text: string): void => expect(text).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);

function json(folder: string, ...args: string[]): Report {
  const run = readiness(['audit', folder, '--format', 'json', '--fail-on', 'never', ...args]);
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout) as Report;
}

describe('audit', () => {
  it('prints a summary that fits a screen, without colours or progress when piped', () => {
    const run = readiness(['audit', fixture('fastapi-careless')]);
    expect(run.status).toBe(1);
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('DO NOT DEPLOY');
    expect(run.stdout.split('\n').length).toBeLessThan(70);
    // eslint-disable-next-line no-control-regex
    expect(run.stdout).not.toMatch(/\u001b/);
  });

  it('writes a report that its own schema accepts', () => {
    const report = json(fixture('fastapi-careful'));
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report.target.name).not.toBe('');
  });

  it('writes several reports at once, and one to a file', () => {
    const folder = temporaryFolder();
    const run = readiness(
      [
        'audit',
        fixture('library'),
        '--fail-on',
        'never',
        '-f',
        'markdown',
        '-o',
        join(folder, 'a.md'),
        '-r',
        `json=${join(folder, 'sub/b.json')}`,
      ],
      {},
    );
    expect(run.status).toBe(0);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('a.md');
    expect(readFileSync(join(folder, 'a.md'), 'utf8')).toMatch(/^# /);
    expect(JSON.parse(readFileSync(join(folder, 'sub/b.json'), 'utf8'))).toHaveProperty('verdict');
  });

  it('runs only what is asked for', () => {
    const report = json(fixture('fastapi-careless'), '--only', 'security/cors-*,documentation/readme', '--skip', 'documentation/readme');
    expect([...new Set(report.findings.map((f) => f.category))]).toEqual(['security']);
  });

  it('fails by score, coverage and severity, and says which gate', () => {
    expect(readiness(['audit', fixture('fastapi-careless'), '--fail-on', 'never']).status).toBe(0);
    expect(readiness(['audit', fixture('fastapi-careless'), '--fail-on', 'never', '--fail-under', '99']).status).toBe(1);
    expect(readiness(['audit', fixture('fastapi-careless'), '--fail-on', 'never', '--min-coverage', '100']).status).toBe(1);
    expect(readiness(['audit', fixture('fastapi-careless'), '--fail-on', 'critical']).status).toBe(1);
  });

  it('keeps quiet when told to', () => {
    const run = readiness(['audit', fixture('library'), '--quiet', '--fail-on', 'never']);
    expect(run).toEqual({ status: 0, stdout: '', stderr: '' });
    const asked = readiness(['audit', fixture('library'), '--quiet', '--format', 'json', '--fail-on', 'never']);
    expect({ stderr: asked.stderr, verdict: JSON.parse(asked.stdout).verdict }).toEqual({ stderr: '', verdict: expect.any(String) });
  });
});

describe('repeatable', () => {
  const stable = (report: Report) => ({ ...report, date: '', durationMs: 0 });

  it('gives the same bytes for the same commit, whatever the locale, the time zone and the order of files', () => {
    const first = temporaryFolder();
    cpSync(fixture('monorepo'), first, { recursive: true });
    git(first, 'init', '-q', '-b', 'main');
    git(first, 'add', '.');
    git(first, 'commit', '-q', '-m', 'all');
    const run = (env: Record<string, string>) =>
      JSON.stringify(stable(JSON.parse(readiness(['audit', first, '-f', 'json', '--fail-on', 'never'], { env }).stdout) as Report));
    const one = run({ LC_ALL: 'C', TZ: 'UTC' });
    expect(run({ LC_ALL: 'de_DE.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Pacific/Auckland', UV_THREADPOOL_SIZE: '1' })).toBe(one);
  });
});

describe('bad input', () => {
  const cases: [name: string, args: string[], message: RegExp][] = [
    ['a missing path', ['audit', '/nowhere/at/all'], /does not exist/],
    ['a file for a target', ['audit', join(root, 'package.json')], /is a file/],
    ['a threshold of 140', ['audit', '.', '--fail-under', '140'], /no number from 0 to 100/],
    ['an unknown check', ['audit', '.', '--only', 'security/cors-restricted-origin'], /did you mean .*security\/cors-restricted-origins/],
    ['an unknown category', ['audit', '.', '--category', 'securty'], /security/],
    ['an unknown format', ['audit', '.', '--format', 'markdwon'], /did you mean markdown/],
    ['an unknown option', ['audit', '.', '--fial-under', '3'], /--fail-under/],
    ['an unknown command', ['audti'], /audit/],
    ['an unknown severity', ['audit', '.', '--fail-on', 'medium'], /critical, important, any/],
    ['an unknown checklist', ['audit', '.', '--checklist', 'prodution'], /production/],
    ['a checklist that is not there', ['audit', '.', '--checklist', './none.yaml'], /none\.yaml/],
    ['a report without a file', ['audit', '.', '--report', 'json'], /FORMAT=FILE/],
    [
      'a report into a folder that may not be',
      ['audit', fixture('library'), '-q', '-f', 'json', '-o', join(root, 'package.json/none/x.json')],
      /cannot write/,
    ],
    ['an unknown check to explain', ['explain', 'security/cors'], /no check is called/],
    ['an unknown kind to inspect', ['inspect', 'routs'], /did you mean routes/],
  ];
  it.each(cases)('%s gets one message and exit code 2', (_, args, message) => {
    const run = readiness(args);
    expect(run.stderr).toMatch(message);
    expect(run.status).toBe(2);
    expect(run.stdout).toBe('');
    noTrace(run.stderr);
  });

  it('names every error of a broken checklist at its line', () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'readiness.yaml'),
      'checks:\n  security/cors-restricted-origins: of\nthresholds:\n  score: 140\n  covrage: 3\n',
    );
    const run = readiness(['audit', folder]);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/readiness\.yaml:2:\d+/);
    expect(run.stderr).toMatch(/readiness\.yaml:4:\d+/);
    expect(run.stderr).toMatch(/readiness\.yaml:5:\d+/);
    noTrace(run.stderr);
  });

  it('audits a folder without git, an empty one, one without commits, and a detached submodule', () => {
    const folder = temporaryFolder();
    for (const name of ['plain', 'empty', 'unborn', 'outer', 'inner']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'plain/README.md'), '# Plain\n');
    git(join(folder, 'unborn'), 'init', '-q');
    writeFileSync(join(folder, 'unborn/main.go'), 'package main\n');
    writeFileSync(join(folder, 'inner/app.py'), 'print(1)\n');
    git(join(folder, 'inner'), 'init', '-q');
    git(join(folder, 'inner'), 'add', '.');
    git(join(folder, 'inner'), 'commit', '-q', '-m', 'inner');
    git(join(folder, 'outer'), 'init', '-q');
    git(join(folder, 'outer'), '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(folder, 'inner'), 'part');
    git(join(folder, 'outer/part'), 'checkout', '-q', '--detach');
    git(join(folder, 'outer'), 'commit', '-q', '-m', 'outer');
    for (const name of ['plain', 'unborn', 'outer', 'outer/part']) expect(json(join(folder, name)).findings.length).toBeGreaterThan(0);
    const empty = json(join(folder, 'empty'));
    expect(empty.verdict).toBe('NOT READY');
  });

  it.skipIf(process.getuid?.() === 0)('says that a folder may not be read', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o000);
    const run = readiness(['audit', join(folder, 'closed')]);
    chmodSync(join(folder, 'closed'), 0o700);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('may not be read');
  });

  it('never scores an empty folder', () => {
    const report = json(temporaryFolder(), '--only', 'security/*');
    expect(report.score.value).toBeNull();
  });
});

describe('the other commands', () => {
  it('prints its version as package.json has it', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(readiness(['--version']).stdout.trim()).toBe(version);
  });

  it('helps', () => {
    const run = readiness(['audit', '--help']);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('Examples:');
    expect(run.stdout).toContain('Exit codes:');
  });

  it('explains a check', () => {
    expect(readiness(['explain', 'documentation/readme']).stdout).toContain('How to fix it');
  });

  it('lists the checks as text and as data', () => {
    expect(readiness(['checks', 'list', '--category', 'documentation']).stdout).toMatch(/^documentation\//);
    expect((JSON.parse(readiness(['checks', 'list', '--json']).stdout) as unknown[]).length).toBeGreaterThan(60);
  });

  it('scaffolds a check, validates it and runs its examples', () => {
    const folder = temporaryFolder();
    expect(readiness(['checks', 'new', 'security/internal-ca'], { cwd: folder }).status).toBe(0);
    expect(existsSync(join(folder, 'readiness-checks/security/internal-ca.yaml'))).toBe(true);
    expect(readiness(['checks', 'new', 'security/internal-ca'], { cwd: folder }).status).toBe(2);
    expect(readiness(['checks', 'lint'], { cwd: folder })).toMatchObject({ status: 0, stderr: '' });
    expect(readiness(['checks', 'test', 'readiness-checks'], { cwd: folder }).stdout).toContain('1 checks, 5 examples, 0 failed');
  });

  it('shows what a reader saw', () => {
    expect(readiness(['inspect', 'cors', fixture('fastapi-careless')]).stdout).toMatch(/app\/main\.py:\d+ .*anyOrigin=true/);
    expect(readiness(['inspect', 'inventory', fixture('fastapi-careful')]).stdout).toContain('fastapi');
    const broken = temporaryFolder();
    mkdirSync(join(broken, '.github/workflows'), { recursive: true });
    writeFileSync(join(broken, '.github/workflows/ci.yml'), 'on: push\njobs: a: b\n');
    expect(readiness(['inspect', 'ci-jobs', broken]).stdout).toContain('.github/workflows/ci.yml:2  could not be read');
  });
});
