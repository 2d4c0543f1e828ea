import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadChecklist, type ChecklistRequest } from '../../src/checklist/load-checklist.js';
import { loadChecks } from '../../src/checklist/load-checks.js';
import type { ChecklistSource } from '../../src/model/checklist.js';
import { UsageError } from '../../src/model/error.js';
import { goodCheck, vocabulary } from './vocabulary.js';

const checks = loadChecks(
  {
    'a/one.yaml': goodCheck,
    'a/two.yaml': goodCheck.replace('critical', 'important'),
    'b/three.yaml': goodCheck.replace('critical', 'recommended'),
  },
  vocabulary,
  '',
);
const builtins: Record<string, ChecklistSource> = {
  production: { title: 'Production', checks: { '*': 'on', 'b/three': 'off' } },
  minimal: { only: ['a/one'], thresholds: { score: 80, failOn: 'important' } },
};

/** Loads from files in memory below /repo. */
const load = (use: string, files: Record<string, string> = {}, more: Partial<ChecklistRequest> = {}) =>
  loadChecklist({
    use,
    builtins,
    checks,
    read: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error('no such file');
      return text;
    },
    ...more,
  });
const of = (text: string, more: Partial<ChecklistRequest> = {}) => load('/repo/readiness.yaml', { '/repo/readiness.yaml': text }, more);
const ids = (checklist: { checks: readonly { check: { id: string } }[] }) => checklist.checks.map((selected) => selected.check.id);

describe('built-in checklists', () => {
  it('selects, weighs and has thresholds', async () => {
    const checklist = await load('production');
    expect(checklist).toMatchObject({
      name: 'production',
      title: 'Production',
      sources: ['builtin:production'],
      thresholds: { score: null, coverage: null, failOn: 'critical' },
    });
    expect(checklist.checks.map((s) => [s.check.id, s.severity, s.weight])).toEqual([
      ['a/one', 'critical', 10],
      ['a/two', 'important', 5],
    ]);
    expect((await load('minimal')).thresholds).toEqual({ score: 80, coverage: null, failOn: 'important' });
  });

  it('says which there are', async () => {
    await expect(load('produktion')).rejects.toThrow(UsageError);
    await expect(load('produktion')).rejects.toMatchObject({ hint: expect.stringMatching(/did you mean `production`/) });
  });
});

describe('files', () => {
  it('build on production unless they say otherwise', async () => {
    expect(ids(await of('title: Ours\n'))).toEqual(['a/one', 'a/two']);
    expect(ids(await of('extends: []\nchecks: { b/three: on }\n'))).toEqual(['b/three']);
    expect((await of('title: Ours\n')).sources).toEqual(['builtin:production', expect.stringMatching(/readiness\.yaml$/)]);
  });

  it('let ids win over patterns wherever they stand', async () => {
    expect(ids(await of('checks: { a/two: on, a/*: off, "*/three": on }\n'))).toEqual(['a/two', 'b/three']);
  });

  it('name checks by severity', async () => {
    expect(ids(await of('extends: []\nonly: [severity:important]\n'))).toEqual(['a/two']);
    expect(ids(await of('checks: { severity:critical: off, severity:recommended: on }\n'))).toEqual(['a/two', 'b/three']);
    await expect(of('only: [severity:urgent]\n')).rejects.toThrow(/no check matches `severity:urgent`/);
  });

  it('change severity, weight and parameters; an id with settings is on, a pattern with settings turns nothing on', async () => {
    const checklist = await of(
      'checks:\n  b/three: { severity: important, params: { max: 5, names: [b] } }\n  "*": { weight: 7 }\n  a/one: { severity: recommended }\n',
    );
    expect(checklist.checks.map((s) => [s.check.id, s.severity, s.weight, s.params['max']])).toEqual([
      ['a/one', 'recommended', 7, 3],
      ['a/two', 'important', 7, 3],
      ['b/three', 'important', 7, 5],
    ]);
    expect(checklist.checks[2]!.params).toEqual({ max: 5, names: ['b'], strict: true, prefix: 'x' });
    expect(ids(await of('checks: { "*": { weight: 7 } }\n'))).toEqual(['a/one', 'a/two']);
    expect((await of('checks: { a/two: { severity: critical } }\n')).checks[1]).toMatchObject({ severity: 'critical', weight: 10 });
  });

  it('merge what they extend, later layers winning', async () => {
    const checklist = await load('/repo/readiness.yaml', {
      '/repo/readiness.yaml':
        'extends: [./base.yaml, minimal]\nthresholds: { coverage: 50 }\nwaivers:\n  - { check: a/one, reason: because of that, owner: Ada, expires: 2030-01-01 }\n',
      '/repo/base.yaml':
        'title: Base\nextends: production\ncategories: { a: { weight: 2 } }\npaths: { exclude: [legacy/**] }\nchecks: { b/three: on }\n',
    });
    expect(checklist.sources.map((source) => source.replace(/.*\//, ''))).toEqual([
      'builtin:production',
      'base.yaml',
      'builtin:minimal',
      'readiness.yaml',
    ]);
    expect(checklist).toMatchObject({
      title: 'Base',
      categoryWeights: { a: 2 },
      exclude: ['legacy/**'],
      thresholds: { score: 80, coverage: 50, failOn: 'important' },
      waivers: [{ check: 'a/one', owner: 'Ada' }],
    });
    expect(ids(checklist)).toEqual(['a/one']);
  });

  it('may share a base, and must not go round in a circle', async () => {
    const files = {
      '/repo/a.yaml': 'extends: [./b.yaml, ./c.yaml]\n',
      '/repo/b.yaml': 'extends: minimal\n',
      '/repo/c.yaml': 'extends: minimal\n',
    };
    expect((await load('/repo/a.yaml', files)).sources).toHaveLength(4);
    await expect(load('/repo/a.yaml', { ...files, '/repo/c.yaml': 'extends: ./a.yaml\n' })).rejects.toThrow(
      /c\.yaml:1:10 {2}`extends` goes round in a circle: a\.yaml → c\.yaml → a\.yaml/,
    );
  });

  it('of the target stay inside it', async () => {
    const outside = { '/repo/readiness.yaml': 'extends: ../other.yaml\n', '/other.yaml': 'title: Other\n' };
    await expect(load('/repo/readiness.yaml', outside, { within: '/repo' })).rejects.toThrow(/`..\/other.yaml` is outside the repository/);
    expect((await load('/repo/readiness.yaml', outside)).title).toBe('Other');
    await expect(load('/repo/readiness.yaml', { '/repo/readiness.yaml': 'extends: /etc/x.yaml\n' }, { within: '/repo' })).rejects.toThrow(
      /outside/,
    );
  });

  it('of the target are not followed out of it by a symbolic link', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'readiness-target-')));
    try {
      mkdirSync(join(folder, 'repo'));
      writeFileSync(join(folder, 'secret.yaml'), 'title: Outside\n');
      symlinkSync(join(folder, 'secret.yaml'), join(folder, 'repo/readiness.yaml'));
      writeFileSync(join(folder, 'repo/real.yaml'), 'title: Inside\n');
      const from = (name: string) => loadChecklist({ use: join(folder, 'repo', name), builtins, checks, within: join(folder, 'repo') });
      await expect(from('readiness.yaml')).rejects.toThrow(/outside the repository/);
      expect((await from('real.yaml')).title).toBe('Inside');
      expect((await from('real.yaml')).sources).toEqual(['builtin:production', 'real.yaml']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('bring checks of their own, which are on', async () => {
    const own = loadChecks({ 'ours/mine.yaml': goodCheck }, vocabulary, '');
    const folders: string[] = [];
    const checklist = await of('checksFolder: ./checks\n', { within: '/repo', loadOwnChecks: (folder) => (folders.push(folder), own) });
    expect(folders).toEqual(['/repo/checks']);
    expect(ids(checklist)).toContain('ours/mine');
    await expect(of('checksFolder: .\n', { loadOwnChecks: () => checks })).rejects.toThrow(/the check `a\/one` exists already/);
  });

  it('that cannot be read or select nothing are the user’s fault', async () => {
    await expect(load('./none.yaml')).rejects.toThrow(/cannot read the checklist .\/none.yaml: no such file/);
    await expect(of('checks: { "*": off }\n')).rejects.toThrow(/no check is selected/);
  });
});

describe('the command line', () => {
  const cli = (given: ChecklistRequest['cli']) => load('production', {}, { cli: given });

  it('selects further', async () => {
    expect(ids(await cli({ only: ['a/*'] }))).toEqual(['a/one', 'a/two']);
    expect(ids(await cli({ only: ['b/three'] }))).toEqual(['b/three']);
    expect(ids(await cli({ skip: ['a/one'] }))).toEqual(['a/two']);
    expect(ids(await cli({ category: ['a'] }))).toEqual(['a/one', 'a/two']);
  });

  it('sets gates and parameters', async () => {
    const checklist = await cli({
      failUnder: 90,
      minCoverage: 10,
      failOn: 'any',
      param: ['a/one.max=5', 'a/one.strict=false', 'a/two.names=x, y'],
    });
    expect(checklist.thresholds).toEqual({ score: 90, coverage: 10, failOn: 'any' });
    expect(checklist.checks.map((s) => s.params)).toEqual([
      { max: 5, names: ['a'], strict: false, prefix: 'x' },
      { max: 3, names: ['x', 'y'], strict: true, prefix: 'x' },
    ]);
  });

  it.each<[ChecklistRequest['cli'], string, RegExp]>([
    [{ only: ['a/onne'] }, '--only', /unknown check `a\/onne`/],
    [{ skip: ['c/*'] }, '--skip', /no check matches `c\/\*`/],
    [{ category: ['c'] }, '--category', /unknown category `c`/],
    [{ param: ['a/one.max=many'] }, '--param', /must be a number/],
    [{ param: ['a/one.min=1'] }, '--param', /has no parameter `min`/],
    [{ param: ['max=1'] }, '--param', /is not category\/name\.parameter=value/],
  ])('%o is refused', async (given, where, message) => {
    await expect(cli(given)).rejects.toMatchObject({ where, message: expect.stringMatching(message) });
  });
});
