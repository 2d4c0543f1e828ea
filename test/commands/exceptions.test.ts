import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { git, readiness } from '../support/cli.js';
import { audit, commit, put, repository, service } from '../support/repository.js';

/** Exceptions against the built command line in real repositories: what must have no effect has none, and says so. */

const root = 'containers/non-root-user';
const missing = 'operations/runbook';
const only = ['--only', `${root},performance/production-app-server,${missing},security/upload-size-limits`];
const waiver = (over: Record<string, string> = {}): string =>
  Object.entries({ check: root, reason: 'moves to another image in spring', owner: 'platform', expires: '2099-12-31', ...over })
    .map(([key, value], i) => `${i === 0 ? '  - ' : '    '}${key}: ${value}\n`)
    .join('');
const waivers = (...list: string[]): string => `waivers:\n${list.join('')}`;
const attestation = (over: Record<string, string> = {}): string =>
  `attestations:\n${Object.entries({
    check: root,
    statement: 'the platform forces an unprivileged user',
    by: 'Ada',
    on: '2026-01-01',
    evidence: 'https://wiki.example/users',
    expires: '2099-12-31',
    ...over,
  })
    .map(([key, value], i) => `${i === 0 ? '  - ' : '    '}${key}: ${value}\n`)
    .join('')}`;

describe('waivers', () => {
  it('accept a failure until their date', () => {
    const { finding, report } = audit(repository({ ...service, 'readiness.yaml': waivers(waiver()) }), ...only);
    expect(finding(root)).toMatchObject({ outcome: 'fail', waiver: { owner: 'platform', expires: '2099-12-31' } });
    expect(report.checklist.fromTarget).toBe(true);
  });

  it('past their date have no effect', () => {
    const { finding, notes, status } = audit(
      repository({ ...service, 'readiness.yaml': waivers(waiver({ expires: '2026-01-01' })) }),
      ...only,
    );
    expect(finding(root).waiver).toBeNull();
    expect(notes).toContain(`Waiver of ${root} by platform expired on 2026-01-01 and has no effect.`);
    expect(status).toBe(1);
  });

  it('for paths accept what stands there, and the rest still fails', () => {
    const files = { ...service, 'worker/Dockerfile': 'FROM python:3.12-slim\nUSER root\nCMD ["python"]\n' };
    const { finding } = audit(repository({ ...files, 'readiness.yaml': waivers(waiver({ paths: '[worker/**]' })) }), ...only);
    expect(finding(root)).toMatchObject({ outcome: 'fail', waiver: null });
    const places = finding(root).evidence.filter((e) => e.answer === 'no');
    expect(places.filter((e) => e.waived).map((e) => e.location?.path)).toEqual(['worker/Dockerfile']);
    expect(places.filter((e) => e.location && !e.waived).map((e) => e.location?.path)).toEqual(['Dockerfile']);
  });

  it('that match nothing are reported', () => {
    const text = waivers(waiver({ paths: '[nowhere/**]' }));
    expect(audit(repository({ ...service, 'readiness.yaml': text }), ...only).notes).toContain('nothing that it covers fails. Remove it.');
  });
});

it('what the documentation shows can be copied', () => {
  const text = readFileSync(new URL('../../docs/exceptions.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```yaml\n([^]*?)```/g)].map((m) => m[1]);
  expect(blocks).toHaveLength(2);
  const { report, notes } = audit(repository({ ...service, 'readiness.yaml': blocks.join('\n') }));
  expect(report.checklist.sources).toContain('readiness.yaml');
  expect(notes).not.toMatch(/cannot be evaluated|no check is called/);
});

describe('comments beside the code', () => {
  const dockerfile = (comment: string): string => service['Dockerfile']!.replace('USER root', `# ${comment}\nUSER root`);
  const said = (comment: string) => audit(repository({ ...service, Dockerfile: dockerfile(comment) }), ...only);
  const accepted = `readiness: ignore ${root} -- the runtime maps root to nobody`;

  it('accept the failure at their line, with reason and place', () => {
    const { report, finding, notes } = said(accepted);
    expect(finding(root)).toMatchObject({
      outcome: 'fail',
      waiver: {
        reason: 'the runtime maps root to nobody',
        owner: 'comment at Dockerfile:3',
        expires: null,
        place: { path: 'Dockerfile', line: 3 },
      },
    });
    expect(report.suppressions).toMatchObject([{ check: root, path: 'Dockerfile', line: 3, covers: [3, 4] }]);
    expect(notes).not.toContain('readiness: ignore');
  });

  it('without a reason have no effect', () => {
    const { finding, notes, report } = said(`readiness: ignore ${root}`);
    expect(finding(root).waiver).toBeNull();
    expect(notes).toContain(`\`readiness: ignore ${root}\` has no effect: it gives no reason`);
    expect(report.suppressions).toBeUndefined();
  });

  it('of unknown checks and at lines where nothing fails are told', () => {
    expect(said('readiness: ignore containers/non-root-usr -- it is a good reason').notes).toContain(`did you mean ${root}?`);
    const { notes } = said('readiness: ignore performance/production-app-server -- it is a good reason');
    expect(notes).toContain('has no effect: nothing fails there. Remove it.');
  });

  it('are shown in the assessment and are suppressions in SARIF', () => {
    const folder = repository({ ...service, Dockerfile: dockerfile(accepted) });
    const { stdout } = readiness(['audit', folder, '--format', 'markdown', ...only]);
    expect(stdout).toContain('the runtime maps root to nobody');
    expect(stdout).toContain('comment at Dockerfile:3');
    const sarif = readiness(['audit', folder, '--format', 'sarif', ...only]).stdout;
    expect(sarif).toMatch(/"kind": "inSource",\s+"status": "accepted",\s+"justification": "the runtime maps root to nobody/);
  });
});

describe('attestations', () => {
  const said = (over: Record<string, string>, files: Record<string, string> = {}) =>
    audit(repository({ ...service, ...files, 'readiness.yaml': attestation({ check: missing, ...over }) }), ...only);
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

  it('answer what the files leave open', () => {
    expect(said({ on: daysAgo(10) }).finding(missing)).toMatchObject({ outcome: 'pass', attestation: { by: 'Ada' } });
  });

  it('past their age have no effect, whatever they say of their end', () => {
    const { notes, finding } = said({ on: daysAgo(400) });
    expect(finding(missing)).toMatchObject({ outcome: 'fail', attestation: null });
    expect(notes).toContain(`Attestation of ${missing} by Ada is 400 days old and has no effect: evidence counts for 365 days.`);
  });

  it('of not-applicable reopen when their condition no longer holds', () => {
    const condition = { on: daysAgo(10), outcome: 'not-applicable', while: "'!has.redis'" };
    expect(said(condition).finding(missing).outcome).toBe('not-applicable');
    const redis = { 'requirements.txt': 'flask==3.0.3\nredis==5.0.0\n', 'cache.py': 'import redis\n\ncache = redis.Redis()\n' };
    const { finding, notes } = said(condition, redis);
    expect(finding(missing)).toMatchObject({ outcome: 'fail', attestation: null });
    expect(notes).toContain('it was given while !has.redis, which no longer holds');
  });

  it('of not-applicable without a condition are refused, with the place and the way to write it', () => {
    const folder = repository({ ...service, 'readiness.yaml': attestation({ check: missing, outcome: 'not-applicable' }) });
    const run = readiness(['audit', folder]);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/readiness\.yaml:\d+:\d+ {2}a not-applicable attestation needs `while`/);
  });
});

describe('--policy-from', () => {
  const pullRequest = (): string => {
    const folder = repository({ ...service, 'readiness.yaml': 'thresholds: { score: 90 }\n' });
    git(folder, 'switch', '--quiet', '--create', 'feature');
    put(folder, { 'readiness.yaml': `thresholds: { score: 1, failOn: never }\n${waivers(waiver())}` });
    commit(folder);
    return folder;
  };

  it('a waiver in a pull request has no effect, nor have its thresholds', () => {
    const folder = pullRequest();
    expect(audit(folder, ...only).finding(root).waiver).not.toBeNull();
    const { finding, notes, report, status } = audit(folder, '--policy-from', 'main', ...only);
    expect(finding(root).waiver).toBeNull();
    expect(notes).toContain(`Waiver of ${root} by platform has no effect: it is not part of main.`);
    expect(notes).toContain('readiness.yaml here selects, weighs or gates otherwise than in main');
    expect(report.checklist).toMatchObject({ thresholds: { score: 90, failOn: 'critical' }, policy: { ref: 'main' } });
    expect(report.checklist.sources).toContain('readiness.yaml@main');
    expect(report.checklist.policy?.commit).toBe(git(folder, 'rev-parse', 'main'));
    expect(status).toBe(1);
  });

  it('what the base branch waives counts, though the pull request deletes it', () => {
    const folder = repository({ ...service, 'readiness.yaml': waivers(waiver()) });
    git(folder, 'rm', '--quiet', 'readiness.yaml');
    commit(folder);
    expect(audit(folder, ...only).finding(root).waiver).toBeNull();
    expect(audit(folder, '--policy-from', 'HEAD~1', ...only).finding(root).waiver).not.toBeNull();
  });

  it('a comment counts where it stands in the ref too, wherever its line has moved', () => {
    const accepted = service['Dockerfile']!.replace(
      'USER root',
      `# readiness: ignore ${root} -- the runtime maps root to nobody\nUSER root`,
    );
    const folder = repository({ ...service, Dockerfile: accepted });
    put(folder, { Dockerfile: `# a line more\n\n${accepted}` });
    const known = audit(folder, '--policy-from', 'main', ...only);
    expect(known.finding(root).waiver).toMatchObject({ reason: 'the runtime maps root to nobody' });
    const other = repository(service);
    put(other, { Dockerfile: accepted });
    const fresh = audit(other, '--policy-from', 'main', ...only);
    expect(fresh.finding(root).waiver).toBeNull();
    expect(fresh.notes).toContain(`\`readiness: ignore ${root}\` has no effect: it does not stand in main, where the policy is read from.`);
  });

  it('takes checks of one’s own and extended checklists from the ref', () => {
    const own = (word: string): string =>
      [
        'title: Every service names its owner in a file',
        'severity: important',
        'effort: minutes',
        'phase: pre-deployment',
        'scope: repository',
        'why: Nobody knows whom to call when it breaks at night.',
        "applies: 'true'",
        'probe:',
        `  file: { paths: [${word}] }`,
        'fix: { text: Add the file with the name of the team. }',
        'claims: [every service has an owner]',
        'examples:',
        `  - pass: { ${word}: x }`,
        '    mutate: false',
        '  - pass: { a.md: y, ' + `${word}: x }`,
        '  - fail: { a.md: x }',
        '  - fail: { b.md: x }',
        '',
      ].join('\n');
    const folder = repository({
      ...service,
      'base.yaml': `only: [${root}]\n`,
      'readiness.yaml': 'extends: base.yaml\nchecksFolder: own\n',
      'own/house/owner.yaml': own('OWNER'),
    });
    put(folder, { 'base.yaml': 'only: [performance/production-app-server]\n', 'own/house/owner.yaml': own('README.md') });
    const { report, finding } = audit(folder, '--policy-from', 'main');
    expect(report.findings.map((f) => f.check).sort()).toEqual([root, 'house/owner']);
    expect(finding('house/owner').outcome).toBe('fail');
  });

  it('an unknown ref is told with the next step', () => {
    const run = readiness(['audit', repository(), '--policy-from', 'nowhere']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('--policy-from: no branch, tag or commit is called `nowhere`');
    expect(run.stderr).toContain('git fetch origin nowhere');
    expect(run.stderr).not.toContain('    at ');
  });

  it('leaves the repository as it is', () => {
    const folder = pullRequest();
    audit(folder, '--policy-from', 'main', '--baseline', 'main', ...only);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(git(folder, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/feature\nrefs/heads/main');
  });
});
