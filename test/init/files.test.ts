import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checklistSchema } from '../../src/model/checklist.js';
import { builtinFor, checklistFile } from '../../src/init/checklist-file.js';
import { describe as describeFound } from '../../src/init/describe.js';
import { firstThreshold, forgeOf, foundIn, type Found } from '../../src/init/found.js';
import { pipelineFiles } from '../../src/init/pipeline.js';
import { emptyReport, goldenReport } from '../report/golden.js';

const found = (): Found => foundIn(goldenReport(), 'github.com', []);

describe('foundIn', () => {
  it('says what the report says', () => {
    const it = found();
    expect(it.name).toBe(goldenReport().target.name);
    expect(it.score).toBe(goldenReport().score.value);
    expect(it.failures.critical).toBeGreaterThan(0);
    expect(goldenReport().findings.find((f) => f.check === it.examples.waiver)?.outcome).toBe('fail');
    expect(goldenReport().findings.find((f) => f.check === it.examples.attestation)?.outcome).toBe('unknown');
  });

  it('has something to say of nothing', () => {
    expect(describeFound(foundIn(emptyReport(), null, []))).toContain('no score');
  });
});

describe('forgeOf', () => {
  it.each([
    ['github.com', [], 'github'],
    ['gitlab.example.org', ['.github/workflows/ci.yml'], 'gitlab'],
    ['git.example.org', ['.gitlab-ci.yml'], 'gitlab'],
    [null, ['.github/workflows/ci.yml'], 'github'],
    [null, ['.github/workflows/ci.yml', '.gitlab-ci.yml'], null],
    ['notgithub.example.org', [], null],
  ] as const)('host %s and files %j: %s', (host, paths, name) => expect(forgeOf(host, paths).name).toBe(name));
});

describe('firstThreshold', () => {
  it('is where the repository stands, in steps of five', () => {
    expect([null, 0, 4.9, 62.3, 100].map(firstThreshold)).toEqual([0, 0, 0, 60, 100]);
  });
});

describe('checklistFile', () => {
  const text = checklistFile(found(), { threshold: 60, failOn: 'important' }, '2026-08-31', '1.2.3');

  it('is a checklist that says what was decided', () => {
    const source = checklistSchema.parse(parse(text));
    expect(source.thresholds).toEqual({ score: 60, failOn: 'important' });
    expect(source.extends).toBe('production');
  });

  it('holds examples that are valid once their marks are taken off', () => {
    // The environments at the end belong into another file.
    const opened = text.slice(0, text.indexOf('# The running system')).replace(/^# (?=checks:|paths:|waivers:|attestations:| )/gm, '');
    const source = checklistSchema.parse(parse(opened));
    expect(source.waivers).toHaveLength(1);
    expect(source.attestations).toHaveLength(1);
    expect(source.paths?.exclude).toEqual(['legacy/**']);
    expect(Object.keys(source.checks ?? {})).toHaveLength(2);
    // Half a year after 31 August there is no 31st.
    expect(source.waivers?.[0]?.expires).toBe('2027-02-28');
  });

  it('quotes names that YAML would read otherwise', () => {
    const odd = { ...found(), name: 'a: "b" # c' };
    expect((parse(checklistFile(odd, { threshold: null, failOn: 'never' }, '2026-01-01', '1.0.0')) as { title: string }).title).toBe(
      'Production readiness of a: "b" # c',
    );
  });

  it('asks a library only what concerns libraries', () => {
    expect(builtinFor({ kinds: ['published-package'] })).toBe('library');
    expect(builtinFor({ kinds: ['published-package', 'http-service'] })).toBe('production');
    expect(builtinFor({ kinds: [] })).toBe('production');
  });
});

describe('pipelineFiles', () => {
  type Step = { uses?: string; run?: string; env?: Record<string, string> };

  it('writes a GitHub workflow with pinned actions, few rights, and nothing interpolated into a script', () => {
    const [file] = pipelineFiles('github', "services/it's", '1.2.3');
    const workflow = parse(file?.text ?? '') as { on: object; permissions: object; jobs: { readiness: { steps: Step[] } } };
    expect(file?.path).toBe('.github/workflows/readiness.yml');
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'push']);
    const { steps } = workflow.jobs.readiness;
    for (const step of steps) {
      if (step.uses) expect(step.uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
      expect(step.run ?? '').not.toContain('${{');
    }
    const audit = steps.find((s) => s.run);
    expect(audit?.run).toMatch(/readiness@1\.2\.3\)\n.*readiness" audit "\$FOLDER" /);
    expect(audit?.env?.['FOLDER']).toBe("services/it's");
  });

  it('writes a GitLab job in a file of its own, and the pipeline that includes it', () => {
    const [job, pipeline] = pipelineFiles('gitlab', '.', '1.2.3');
    expect(parse(pipeline?.text ?? '')).toEqual({ include: [{ local: `/${job?.path}` }] });
    const { readiness } = parse(job?.text ?? '') as { readiness: { script: string[]; artifacts: { reports: object } } };
    expect(readiness.script[0]).toMatch(/readiness@1\.2\.3\)\n.*readiness" audit "\$FOLDER" /);
    expect(readiness.artifacts.reports).toEqual({
      codequality: 'readiness-report/codequality.json',
      junit: 'readiness-report/junit.xml',
    });
  });
});
