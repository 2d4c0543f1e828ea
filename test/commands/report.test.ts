import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { readiness, temporaryFolder } from '../support/cli.js';
import { put, repository, service } from '../support/repository.js';

/** Saved reports rendered and scored again by the built command line, without the repository. */

const folder = temporaryFolder();
const saved = join(folder, 'report.json');
const runbook = 'operations/runbook';
let report: Report;

beforeAll(() => {
  const waived = `waivers:\n  - { check: ${runbook}, reason: written next month, owner: ops, expires: 2099-01-01 }\n`;
  const files = { ...service, 'readiness.yaml': waived, 'lib.py': '# readiness: ignore documentation/readme\n' };
  readiness(['audit', repository(files), '--format', 'json', '--output', saved]);
  report = JSON.parse(readFileSync(saved, 'utf8')) as Report;
});
const again = (...args: string[]): Report => {
  const run = readiness(['report', saved, '--format', 'json', ...args]);
  if (run.status !== 0 && run.status !== 1) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Report;
};
const checklist = (text: string): string => {
  const file = join(temporaryFolder(), 'other.yaml');
  writeFileSync(file, text);
  return file;
};

describe('readiness report', () => {
  it('renders every format as the audit would have', () => {
    expect(again()).toEqual(report);
    const out = temporaryFolder();
    const files = ['markdown=a.md', 'html=a.html', 'sarif=a.sarif', 'junit=a.xml', 'csv=a.csv', 'badge=a.svg'].map((f) =>
      f.replace('=', `=${out}/`),
    );
    const run = readiness(['report', saved, '--quiet', ...files.flatMap((f) => ['--report', f])]);
    expect([run.status, run.stdout, run.stderr]).toEqual([1, '', '']);
    for (const file of files) expect(readFileSync(file.slice(file.indexOf('=') + 1), 'utf8').length).toBeGreaterThan(100);
    expect(readiness(['report', saved]).stdout).toContain(report.verdict);
  });

  it('decides gates anew, with the exit codes of an audit', () => {
    expect(readiness(['report', saved, '--fail-on', 'never']).status).toBe(0);
    expect(readiness(['report', saved, '--fail-on', 'never', '--fail-under', '99']).status).toBe(1);
    expect(readiness(['report', saved, '--fail-on', 'never', '--min-coverage', '100']).status).toBe(1);
    expect(again('--fail-under', '99').gates.map((g) => g.name)).toContain('score');
  });

  it('scores again under another checklist: weights, selection, waivers and attestations', () => {
    expect(again('--checklist', 'production').findings.find((f) => f.check === runbook)?.waiver).toBeNull();
    const attested = again(
      '--checklist',
      checklist(
        [
          'only: [operations/*, documentation/*]',
          'categories: { documentation: { weight: 3 } }',
          'attestations:',
          `  - { check: ${runbook}, statement: it hangs on the wall, by: Ada, on: ${new Date().toISOString().slice(0, 10)}, evidence: photo, expires: 2099-01-01 }`,
          '',
        ].join('\n'),
      ),
    );
    expect(new Set(attested.findings.map((f) => f.category))).toEqual(new Set(['operations', 'documentation']));
    expect(attested.findings.find((f) => f.check === runbook)).toMatchObject({ outcome: 'pass', attestation: { by: 'Ada' } });
    expect(attested.categories.find((c) => c.name === 'documentation')?.weight).toBe(3);
    expect(attested.date).toBe(report.date);
  });

  it('says what it cannot know without the target', () => {
    const one = join(temporaryFolder(), 'one.json');
    writeFileSync(one, JSON.stringify({ ...report, findings: report.findings.filter((f) => f.check !== 'compliance/license-file') }));
    const run = readiness(['report', one, '--format', 'json', '--checklist', 'production']);
    const scored = JSON.parse(run.stdout) as Report;
    expect(scored.findings.find((f) => f.check === 'compliance/license-file')).toMatchObject({ outcome: 'unknown' });
    expect(scored.notes.map((n) => n.message).join()).toContain('1 checks of production were not judged by the saved audit');
  });

  it('compares two saved reports', () => {
    const old = join(temporaryFolder(), 'old.json');
    const fewer = report.findings.map((f) => (f.check === runbook ? { ...f, outcome: 'pass', kind: null, evidence: [], waiver: null } : f));
    writeFileSync(old, JSON.stringify({ ...report, findings: fewer }));
    expect(again('--baseline', old, '--fail-on', 'regression').baseline?.changes.map((c) => [c.state, c.check, c.waived])).toEqual([
      ['new', runbook, true],
    ]);
    expect(readiness(['report', saved, '--baseline', old, '--fail-on', 'regression']).status).toBe(0);
    expect(readiness(['report', saved, '--baseline', 'main']).stderr).toContain('main does not exist');
  });

  it.each([
    ['missing.json', null, 'cannot be read (ENOENT)'],
    ['text.json', 'verdict: READY', 'is not JSON'],
    ['array.json', '[1]', 'is no report of readiness'],
    ['other.json', '{"schema":"readiness-report/9"}', 'is of the kind `readiness-report/9`'],
    ['empty.json', '{"schema":"readiness-report/1"}', 'is no valid report:'],
  ])('tells what is wrong with %s', (name, text, message) => {
    const file = join(temporaryFolder(), name);
    if (text !== null) put(join(file, '..'), { [name]: text });
    const run = readiness(['report', file]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it('names the member that is wrong, and no more than ten', () => {
    const bad = join(temporaryFolder(), 'bad.json');
    writeFileSync(bad, JSON.stringify({ ...report, verdict: 'FINE', findings: report.findings.map((f) => ({ ...f, outcome: 'passed' })) }));
    const { stderr } = readiness(['report', bad]);
    expect(stderr).toMatch(/ {2}verdict: `FINE` is not allowed for `verdict` .*allowed: DO NOT DEPLOY/);
    expect(stderr).toContain('  findings[0].outcome: `passed` is not allowed');
    expect(stderr).toMatch(/and \d+ more/);
    expect(stderr.split('\n').length).toBeLessThan(16);
    mkdirSync(join(folder, 'a folder'), { recursive: true });
    expect(readiness(['report', join(folder, 'a folder')]).stderr).toContain('is not a file');
  });
});
