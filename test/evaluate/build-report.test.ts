import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport, categoryOrder, type ReportParts } from '../../src/evaluate/build-report.js';
import { reportSchema, type Finding } from '../../src/model/report.js';
import { finding, violation } from './support.js';

function parts(findings: Finding[], over: Partial<ReportParts['checklist']> = {}): ReportParts {
  return {
    version: '1.2.3',
    target: { name: 'shop', commit: 'abc', branch: 'main', dirty: false, files: 10, readFiles: 8 },
    checklist: {
      name: 'production',
      title: 'Production readiness',
      sources: ['builtin:production'],
      checks: [],
      categoryWeights: {},
      thresholds: { score: null, coverage: null, failOn: 'critical' },
      sections: [],
      exclude: [],
      waivers: [],
      attestations: [],
      ...over,
    },
    fromTarget: false,
    date: '2026-07-01T10:00:00.000Z',
    durationMs: 12,
    inventory: { kinds: [], languages: [], technologies: [], capabilities: [], traits: [], deployables: [] },
    findings,
    notes: [],
  };
}

describe('buildReport', () => {
  const findings = [
    finding({ check: 'zoo/custom' }),
    finding({
      check: 'security/b',
      deployable: 'web',
      outcome: 'fail',
      kind: 'violation',
      severity: 'critical',
      evidence: [violation('w.py')],
    }),
    finding({ check: 'security/b', deployable: 'api', outcome: 'pass' }),
    finding({ check: 'code-quality/a', outcome: 'unknown' }),
  ];

  it('is a valid report, in the order of the catalogue with roll-ups first', () => {
    const report = buildReport(parts(findings));
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report.findings.map((f) => [f.check, f.deployable])).toEqual([
      ['code-quality/a', null],
      ['security/b', null],
      ['security/b', 'api'],
      ['security/b', 'web'],
      ['zoo/custom', null],
    ]);
    expect(report.categories.map((c) => c.name)).toEqual(['code-quality', 'security', 'zoo']);
    expect(report.verdict).toBe('DO NOT DEPLOY');
    expect(report.counts).toEqual({ pass: 1, fail: 1, unknown: 1, error: 0, 'not-applicable': 0 });
  });

  it('is frozen to the last leaf and leaves its parts as they were', () => {
    const given = parts(findings);
    const report = buildReport(given);
    expect(() => Object.assign(report.findings[1]?.evidence[0] ?? {}, { message: 'x' })).toThrow();
    expect(Object.isFrozen(given.findings[0])).toBe(false);
  });

  it('applies exceptions on the day of the audit, deployable by deployable', () => {
    const waiver = { check: 'security/b', deployable: 'web', reason: 'accepted until moved', owner: 'ops', expires: '2026-07-01' };
    expect(buildReport(parts(findings, { waivers: [waiver] })).verdict).toBe('READY WITH CONDITIONS');
    expect(buildReport(parts(findings, { waivers: [{ ...waiver, expires: '2026-06-30' }] })).verdict).toBe('DO NOT DEPLOY');
  });

  it('does not depend on the order of findings', () => {
    const expected = JSON.stringify(buildReport(parts(findings)));
    fc.assert(
      fc.property(fc.shuffledSubarray(findings, { minLength: findings.length, maxLength: findings.length }), (shuffled) => {
        expect(JSON.stringify(buildReport(parts(shuffled)))).toBe(expected);
      }),
    );
  });

  it('bounds the evidence and says so', () => {
    const evidence = Array.from({ length: 150 }, (_, i) => violation('big.py', i + 1));
    const report = buildReport(parts([finding({ outcome: 'fail', kind: 'violation', evidence })]));
    expect(report.findings[0]?.evidence).toHaveLength(100);
    expect(report.notes).toEqual([{ kind: 'limit', message: 'security/example: 150 places found, the first 100 are listed.' }]);
  });

  it('knows every category of the catalogue once', () => {
    expect(new Set(categoryOrder).size).toBe(23);
  });
});
