import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBuiltins } from '../../src/checklist/builtins.js';
import { splitBuiltins } from '../../src/checklist/compiled.js';
import { loadChecks, loadTechnologies, loadTraits } from '../../src/checklist/load-checks.js';
import { ChecklistError } from '../../src/model/error.js';
import { goodCheck, vocabulary } from './vocabulary.js';

const folder = mkdtempSync(join(tmpdir(), 'readiness-checks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const put = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};

const problemsOf = (load: () => unknown) => {
  try {
    load();
  } catch (error) {
    if (error instanceof ChecklistError) return error.problems.map((problem) => problem.message);
    throw error;
  }
  return [];
};

describe('loadChecks', () => {
  it('gives the id, the category, the defaults, and parameters as the probe parses them', () => {
    const [check] = loadChecks({ 'containers/non-root-user.yaml': goodCheck }, vocabulary, '');
    expect(check).toMatchObject({
      id: 'containers/non-root-user',
      category: 'containers',
      file: 'containers/non-root-user.yaml',
      scope: 'deployable',
      evidence: 'static',
      references: [],
      probe: { all: [{ if: 'param.max > 1', document: { kind: 'dockerfile' } }, { file: { paths: ['Dockerfile'] } }] },
    });
  });

  it.each<[string, (text: string) => string, RegExp | null]>([
    [
      'too few failing examples',
      (t) => t.replace(/ {2}- fail: \{ Dockerfile: "FROM node:22\\nUSER root.*\n/, ''),
      /2 `fail` examples are needed, there is 1/,
    ],
    ['no not-applicable example', (t) => t.replace(/ {2}- not-applicable.*\n/, ''), /`not-applicable` example is needed/],
    [
      'a check that always applies needs none',
      (t) => t.replace(/ {2}- not-applicable.*\n/, '').replace(/^applies:.*$/m, 'applies: "true"'),
      null,
    ],
    [
      'no examples of files for attested checks',
      (t) => t.replace(/ {2}- (pass|fail): .*\n( {4}.*\n)*/g, '').replace(/^phase/m, 'evidence: attestation\nphase'),
      null,
    ],
    ['no claims', (t) => t.replace(/^claims.*\n/m, ''), /`claims` is missing/],
    [
      'two outcomes in one example',
      (t) => t.replace('- not-applicable: { README.md: a library }', '- not-applicable: {}\n    fail: {}'),
      /exactly one of/,
    ],
  ])('%s', (_, change, message) => {
    const problems = problemsOf(() => loadChecks({ 'a/b.yaml': change(goodCheck) }, vocabulary, ''));
    if (message === null) expect(problems).toEqual([]);
    else expect(problems).toEqual([expect.stringMatching(message)]);
  });

  it('refuses patterns that are not safe in time, with the reason', () => {
    const unsafe = goodCheck.replace('- file: { paths: Dockerfile }', () => "- text: { pattern: '(secret.*)+$' }");
    expect(problemsOf(() => loadChecks({ 'a/b.yaml': unsafe }, vocabulary, ''))).toEqual([expect.stringMatching(/secret/)]);
  });

  it('reports paths that are no ids, and circles of passes()', () => {
    expect(problemsOf(() => loadChecks({ 'a/b/c.yaml': goodCheck }, vocabulary, ''))).toEqual([
      expect.stringMatching(/<category>\/<name>/),
    ]);
    expect(problemsOf(() => loadChecks({ 'a/B_c.yaml': goodCheck }, vocabulary, ''))).toHaveLength(1);
    const waits = (other: string) => goodCheck.replace(/^applies:.*$/m, `applies: passes("${other}")`);
    expect(problemsOf(() => loadChecks({ 'a/b.yaml': waits('a/c'), 'a/c.yaml': waits('a/b') }, vocabulary, ''))).toEqual([
      '`applies` goes round in a circle: a/b → a/c → a/b',
    ]);
    expect(loadChecks({ 'a/b.yaml': waits('x/y') }, { ...vocabulary, checks: new Set(['x/y']) }, '')).toHaveLength(1);
  });

  it('survives hostile YAML', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\n`;
    expect(problemsOf(() => loadChecks({ 'a/b.yaml': bomb }, vocabulary, ''))).toEqual([expect.stringMatching(/YAML/)]);
    expect(problemsOf(() => loadChecks({ 'a/b.yaml': '['.repeat(100_000) }, vocabulary, '')).length).toBeGreaterThan(0);
    expect(problemsOf(() => loadChecks({ 'a/b.yaml': 'x'.repeat(500_000) }, vocabulary, ''))).toEqual(['the file is larger than 400 kB']);
    expect(problemsOf(() => loadChecks({ 'a/b.yaml': '"__proto__": {a: 1}\nconstructor: 1\n' }, vocabulary, '')).join()).toMatch(
      /unknown key `constructor`/,
    );
  });
});

describe('loadTechnologies and loadTraits', () => {
  it('fills in defaults and names by file', () => {
    expect(loadTechnologies({ 'redis.yaml': 'title: Redis\nkind: server\nprovides: [cache]\ndependencies: [npm:redis]\n' })).toEqual([
      expect.objectContaining({ id: 'redis', provides: ['cache'], imports: [], referenced: 'required' }),
    ]);
    expect(
      loadTraits(
        { 'api.yaml': 'title: API\napplies: has.http_service && uses.redis\nprobe: { inventory: has.api || has.web_ui }\n' },
        vocabulary,
      ),
    ).toEqual([expect.objectContaining({ id: 'api', examples: [] })]);
  });
});

describe('loadBuiltins', () => {
  const { probes, kinds, fields } = vocabulary;

  it('reads the whole folder and splits off what an audit does not need', async () => {
    put('containers/non-root-user.yaml', goodCheck);
    put('technologies/docker.yaml', 'title: Docker\nkind: tool\nprovides: [container]\n');
    put('traits/http-service.yaml', 'title: HTTP service\nprobe: { inventory: has.container }\n');
    put('checklists/production.yaml', "title: Production\nchecks: { '*': on }\n");
    put('README.md', '# not a check');
    symlinkSync(join(folder, 'containers'), join(folder, 'linked'));
    const builtins = await loadBuiltins({ probes, kinds, fields }, folder);
    expect(builtins.checks.map((check) => check.id)).toEqual(['containers/non-root-user']);
    expect(builtins.traits[0]!.id).toBe('http-service');
    expect(builtins.checklists).toEqual({ production: { title: 'Production', checks: { '*': 'on' } } });
    const { index, extras } = splitBuiltins(builtins);
    expect(index.checks[0]).toMatchObject({ id: 'containers/non-root-user', examples: [], claims: [] });
    expect(extras['containers/non-root-user']!.claims).toEqual(['non-root user in containers']);
    expect(extras['containers/non-root-user']!.examples).toHaveLength(5);
  });

  it('tells the faults of all folders at once', async () => {
    put('technologies/bad.yaml', 'title: Bad\n');
    put('checklists/bad.yaml', 'chekcs: {}\n');
    put('containers/bad.yaml', 'title: x\n');
    const error = await loadBuiltins({ probes, kinds, fields }, folder).catch((caught: ChecklistError) => caught);
    expect(new Set((error as ChecklistError).problems.map((problem) => problem.file))).toEqual(
      new Set(['technologies/bad.yaml', 'checklists/bad.yaml', 'containers/bad.yaml']),
    );
    rmSync(join(folder, 'technologies/bad.yaml'));
    rmSync(join(folder, 'containers/bad.yaml'));
    put('checklists/bad.yaml', 'checks: { containers/non-rot-user: on }\n');
    await expect(loadBuiltins({ probes, kinds, fields }, folder)).rejects.toThrow(
      /checklists\/bad.yaml:1:11 {2}unknown check `containers\/non-rot-user`/,
    );
  });
});
