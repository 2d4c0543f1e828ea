import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, readiness, temporaryFolder } from '../support/cli.js';

function repository(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'Dockerfile'), 'FROM node:22\nCOPY . .\nCMD ["node", "app.js"]\n');
  writeFileSync(join(folder, 'package.json'), '{"name": "app", "dependencies": {"express": "5.1.0"}}\n');
  writeFileSync(
    join(folder, 'app.js'),
    "const app = require('express')();\napp.get('/', (req, res) => res.send('ok'));\napp.listen(3000);\n",
  );
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'Start');
  return folder;
}

function auditWith(cache: string, folder: string, ...more: string[]): { report: any; text: string } {
  const { status, stdout, stderr } = readiness(['audit', folder, '--format', 'json', '--fail-on', 'never', ...more], {
    env: { READINESS_CACHE_DIR: cache },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const report = JSON.parse(stdout);
  return { report, text: JSON.stringify({ ...report, date: '', durationMs: 0 }) };
}

const entries = (cache: string): string[] => readdirSync(cache).filter((name) => name.endsWith('.json'));

describe('cache of reports', () => {
  it('gives the same report for the same commit, marks of time aside, and keeps it once', () => {
    const folder = repository();
    const cache = join(temporaryFolder(), 'cache');
    const first = auditWith(cache, folder);
    expect(entries(cache)).toHaveLength(1);
    expect(statSync(join(cache, entries(cache)[0]!)).mode & 0o077).toBe(0);
    const second = auditWith(cache, folder);
    expect(second.text).toBe(first.text);
    expect(entries(cache)).toHaveLength(1);
  });

  it('is what the second run reads, unless --no-cache is given', () => {
    const folder = repository();
    const cache = temporaryFolder();
    const first = auditWith(cache, folder);
    const file = join(cache, entries(cache)[0]!);
    writeFileSync(file, readFileSync(file, 'utf8').replace(`"name":"${first.report.target.name}"`, '"name":"from-the-cache"'));
    expect(auditWith(cache, folder).report.target.name).toBe('from-the-cache');
    expect(auditWith(cache, folder, '--no-cache').report.target.name).toBe(first.report.target.name);
  });

  it('audits anew after a commit, with other options, and whenever the work tree is not the commit', () => {
    const folder = repository();
    const cache = temporaryFolder();
    const first = auditWith(cache, folder);
    auditWith(cache, folder, '--only', 'containers/*');
    expect(entries(cache)).toHaveLength(2);
    writeFileSync(join(folder, 'Dockerfile'), 'FROM node:22\nCOPY . .\nUSER node\nCMD ["node", "app.js"]\n');
    const outcome = (report: any): string => report.findings.find((f: any) => f.check === 'containers/non-root-user').outcome;
    const dirty = auditWith(cache, folder);
    expect([outcome(first.report), outcome(dirty.report)]).toEqual(['fail', 'pass']);
    expect(entries(cache)).toHaveLength(2);
    git(folder, 'commit', '-qam', 'A user of its own');
    expect(outcome(auditWith(cache, folder).report)).toBe('pass');
    expect(entries(cache)).toHaveLength(3);
  });

  it.each([
    ['--skip-worktree', 'app.js'],
    ['--assume-unchanged', 'app.js'],
  ])('is left out where git looks away from a file (%s): the commit does not tell what it holds', (mark, file) => {
    const folder = repository();
    const cache = temporaryFolder();
    git(folder, 'update-index', mark, file);
    auditWith(cache, folder);
    expect(entries(cache)).toEqual([]);
    git(folder, 'update-index', mark.replace('--', '--no-'), file);
    auditWith(cache, folder);
    expect(entries(cache)).toHaveLength(1);
  });

  it('is left out where the folder is no repository, and does without a folder that it cannot use', () => {
    const plain = temporaryFolder();
    writeFileSync(join(plain, 'app.py'), 'print(1)\n');
    const cache = temporaryFolder();
    auditWith(cache, plain);
    expect(entries(cache)).toEqual([]);
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    auditWith(join(file, 'cache'), repository());
    const broken = temporaryFolder();
    const folder = repository();
    const first = auditWith(broken, folder);
    writeFileSync(join(broken, entries(broken)[0]!), '{"half');
    expect(auditWith(broken, folder).text).toBe(first.text);
  });

  it('keeps the fifty that were used last', () => {
    const cache = temporaryFolder();
    for (let n = 0; n < 60; n++) writeFileSync(join(cache, `${n}.json`), '{}');
    auditWith(cache, repository());
    expect(entries(cache)).toHaveLength(50);
  });
});
