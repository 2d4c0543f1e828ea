import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/model/report.js';
import { git, readiness, temporaryFolder } from '../support/cli.js';
import { audit, commit, put, repository, service } from '../support/repository.js';

/** Comparisons by the built command line in a real repository. */

const root = 'containers/non-root-user';
const server = 'performance/production-app-server';
const only = ['--only', `${root},${server},containers/dockerignore`];

/** A branch that fixes the user, adds a fault in another file, and moves the Dockerfile's lines. */
function branch(): string {
  const folder = repository();
  git(folder, 'switch', '--quiet', '--create', 'feature');
  put(folder, {
    Dockerfile: `# one\n# two\n${service['Dockerfile']!.replace('USER root', 'USER 10001')}`,
    'worker/Dockerfile': 'FROM python:3.12-slim\nUSER root\nCMD ["python", "/app/worker.py"]\n',
  });
  commit(folder);
  return folder;
}

describe('--baseline', () => {
  let folder: string;
  let saved: string;
  beforeAll(() => {
    folder = branch();
    git(folder, 'switch', '--quiet', 'main');
    saved = join(temporaryFolder(), 'main.json');
    readiness(['audit', folder, '--format', 'json', '--output', saved, ...only]);
    git(folder, 'switch', '--quiet', 'feature');
  });
  const changes = (report: Report) => (report.baseline?.changes ?? []).map((c) => [c.state, c.check, c.location?.path]);

  it('a saved report and its commit give the same comparison', () => {
    const byFile = audit(folder, '--baseline', saved, ...only).report;
    const byRef = audit(folder, '--baseline', 'main', ...only).report;
    expect(changes(byRef)).toEqual(changes(byFile));
    expect(byRef.baseline).toMatchObject({ source: 'main', commit: git(folder, 'rev-parse', 'main'), counts: byFile.baseline?.counts });
    expect(byRef.baseline?.score).toBe((JSON.parse(readFileSync(saved, 'utf8')) as Report).score.value);
    expect(byFile.baseline?.source).toBe(saved);
  });

  it('tells new, fixed and moved apart, one by one', () => {
    const { report } = audit(folder, '--baseline', 'main', ...only);
    const states = changes(report);
    expect(states).toContainEqual(['new', root, 'worker/Dockerfile']);
    expect(states).toContainEqual(['fixed', root, 'Dockerfile']);
    expect(states).toContainEqual(['moved', server, 'Dockerfile']);
    expect(report.baseline?.changes.find((c) => c.state === 'moved')).toMatchObject({ location: { line: 6 }, from: { line: 4 } });
  });

  it('--fail-on regression fails only what is new', () => {
    const run = audit(folder, '--baseline', 'main', '--fail-on', 'regression', ...only);
    expect(run.status).toBe(1);
    expect(run.report.gates.map((g) => [g.name, g.holds])).toEqual([
      ['fail-on regression', false],
      ['decided', true],
    ]);
    const same = audit(folder, '--baseline', 'HEAD', '--fail-on', 'regression', ...only);
    expect(same.report.verdict).not.toBe('READY');
    expect(same.report.gates[0]).toEqual({ name: 'fail-on regression', holds: true, message: 'No failure is new.' });
    expect(same.status).toBe(0);
    expect(audit(folder, '--baseline', 'HEAD', '--fail-on', 'regression', '--fail-under', '100', ...only).status).toBe(1);
  });

  it('what the change itself waives is still new under the policy of the base branch', () => {
    put(folder, {
      'readiness.yaml': `waivers:\n  - { check: ${root}, reason: nobody will ever notice, owner: me, expires: 2099-01-01 }\n`,
    });
    const args = ['--baseline', 'main', '--fail-on', 'regression', ...only];
    expect(audit(folder, ...args).status).toBe(0);
    expect(audit(folder, '--policy-from', 'main', ...args).status).toBe(1);
    git(folder, 'clean', '--quiet', '--force');
  });

  it('the ledger sums to the change and names the cause', () => {
    const { report } = audit(folder, '--baseline', 'main');
    const ledger = report.baseline!.ledger!;
    const tenths = (points: number): number => Math.round(points * 10);
    expect(ledger.parts.reduce((sum, p) => sum + tenths(p.points), 0)).toBe(tenths(report.score.value!) - tenths(report.baseline!.score!));
    expect(ledger.parts.filter((p) => p.points !== 0).map((p) => p.part)).toEqual(['code']);
  });

  it('a checklist that changes with the branch is its own part, not the code’s', () => {
    put(folder, { 'readiness.yaml': 'checks: { operations/*: off, testing/*: off }\n' });
    commit(folder, 'a checklist');
    const { report } = audit(folder, '--baseline', 'HEAD~1');
    const points = Object.fromEntries(report.baseline!.ledger!.parts.map((p) => [p.part, p.points]));
    expect(points['code']).toBe(0);
    expect(points['checklist']).not.toBe(0);
    expect(report.baseline?.counts).toMatchObject({ new: 0, fixed: 0 });
    git(folder, 'reset', '--quiet', '--hard', 'HEAD~1');
  });

  it('is shown by every format that has a place for it', () => {
    const shown = (format: string): string => readiness(['audit', folder, '--format', format, '--baseline', 'main', ...only]).stdout;
    expect(shown('terminal')).toMatch(/Since main \(\w{7}, .*\): \S+ → \S+ \(.*\); \d+ new, \d+ fixed/);
    expect(shown('markdown')).toContain('## What changed');
    expect(shown('markdown-summary')).toContain('**Since main');
    expect(shown('html')).toContain('What changed');
    expect(shown('sarif')).toContain('"baselineState": "absent"');
  });

  it('uncommitted changes are no new failure by themselves', () => {
    put(folder, { 'requirements.txt': `${service['requirements.txt']}# not committed\n` });
    const { report, finding } = audit(folder, '--baseline', 'HEAD', '--only', 'delivery/clean-working-tree');
    expect(finding('delivery/clean-working-tree').outcome).toBe('fail');
    expect(report.baseline?.counts).toMatchObject({ new: 0, unchanged: 1 });
    git(folder, 'checkout', '--quiet', '--', 'requirements.txt');
  });

  it('nor is it that a branch is not the default one', () => {
    git(folder, 'update-ref', 'refs/remotes/origin/main', 'main');
    git(folder, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    const { report, finding } = audit(folder, '--baseline', 'main', '--only', 'delivery/clean-working-tree');
    expect(finding('delivery/clean-working-tree').outcome).toBe('fail');
    expect(report.baseline?.counts).toMatchObject({ new: 0, unchanged: 1 });
  });

  it('what a newer version sees is the tool’s part and not new, since the old commit is audited again', () => {
    const old = JSON.parse(readFileSync(saved, 'utf8')) as Report;
    const file = join(temporaryFolder(), 'old.json');
    const passed = (f: Finding): Finding => ({ ...f, outcome: 'pass', kind: null, evidence: [], held: null, total: null });
    writeFileSync(
      file,
      JSON.stringify({
        ...old,
        tool: { ...old.tool, version: '0.0.1' },
        score: { ...old.score, value: 62.5 },
        findings: old.findings.map((f) => (f.check === server ? passed(f) : f)),
      }),
    );
    const { report } = audit(folder, '--baseline', file, '--fail-on', 'regression', ...only);
    const ledger = report.baseline!.ledger!;
    expect(ledger.parts.find((p) => p.part === 'tool')?.checks).toEqual([{ check: server, from: 'pass', to: 'fail' }]);
    expect(ledger.parts.find((p) => p.part === 'code')?.checks.map((c) => c.check)).not.toContain(server);
    expect(ledger.remarks).toEqual([]);
    expect(report.baseline?.changes.filter((c) => c.state === 'new').map((c) => c.check)).toEqual([root]);
    git(folder, 'branch', '--quiet', '--delete', '--force', 'main');
    const gone = temporaryFolder();
    put(gone, service);
    const apart = audit(gone, '--baseline', file, ...only).report.baseline?.ledger;
    expect(apart?.remarks.join()).toContain('made by version 0.0.1');
    git(folder, 'branch', '--quiet', 'main', String(old.target.commit));
  });

  it('a running system is asked once, and what it lacks is no failure of the change', async () => {
    const script = `const s = require('node:http').createServer((q, r) => r.end('ok')); s.listen(0, '127.0.0.1', () => console.log(s.address().port));`;
    const system = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 120_000 });
    try {
      const [port] = (await once(system.stdout, 'data')) as [Buffer];
      const url = `http://127.0.0.1:${port.toString().trim()}`;
      const { report } = audit(folder, '--baseline', 'main', '--url', url, '--category', 'security');
      const live = report.findings.flatMap((f) => f.evidence.filter((e) => e.where?.startsWith(url) && e.answer === 'no'));
      expect(live.length).toBeGreaterThan(0);
      expect(report.baseline?.counts).toMatchObject({ new: 0, fixed: 0, revealed: 0, undecided: 0 });
    } finally {
      system.kill();
    }
  });

  it('leaves no trace in the repository', () => {
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(git(folder, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  it.each([
    [['--baseline', 'nowhere'], '--baseline: no branch, tag or commit is called `nowhere`'],
    [['--baseline', 'missing.json'], 'missing.json does not exist'],
    [['--fail-on', 'regression'], 'add --baseline main'],
  ])('wrong use is one message: %j', (args, message) => {
    const run = readiness(['audit', folder, ...args]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it('a baseline that is no report is told', () => {
    const file = join(temporaryFolder(), 'other.json');
    writeFileSync(file, '{"schema":"sarif"}');
    const run = readiness(['audit', folder, '--baseline', file, ...only]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('is of the kind `sarif`');
  });
});
