import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/evaluate/build-report.js';
import { rescore, withThresholds } from '../../src/evaluate/rescore.js';
import type { Attestation, Checklist, Waiver } from '../../src/model/checklist.js';
import type { Finding, Report, Suppression } from '../../src/model/report.js';
import { goldenReport } from '../report/golden.js';
import { finding, selected, violation } from './support.js';

const waiver: Waiver = { check: 'a/c1', paths: ['legacy/**'], reason: 'goes away in spring', owner: 'ops', expires: '2026-12-31' };
const attestation: Attestation = {
  check: 'a/c2',
  outcome: 'pass',
  statement: 'somebody has looked',
  by: 'Ada',
  on: '2026-06-01',
  evidence: 'wiki',
  expires: '2026-12-31',
};
const comment: Suppression = { check: 'a/c1', path: 'a.py', line: 1, covers: [1], reason: 'only seen on localhost' };

const checklist = (over: Partial<Checklist> = {}): Checklist => ({
  name: 'production',
  title: 'Production',
  sources: ['builtin:production'],
  checks: [0, 1, 2, 3].map((i) => {
    const one = selected({ id: `a/c${i}`, category: 'a', severity: 'important', params: { most: 3 } });
    return { ...one, weight: 5, params: { most: 3 } };
  }),
  categoryWeights: {},
  thresholds: { score: null, coverage: null, failOn: 'critical' },
  sections: [],
  exclude: [],
  waivers: [],
  attestations: [],
  digest: 'd',
  ...over,
});

const made = (findings: readonly Finding[], list: Checklist, suppressions: Suppression[] = []): Report =>
  buildReport({
    version: '1.0.0',
    target: { ...goldenReport().target, files: 9 },
    checklist: list,
    fromTarget: false,
    date: '2026-07-01T00:00:00Z',
    durationMs: 1,
    inventory: goldenReport().inventory,
    findings,
    notes: [],
    suppressions,
  });
const again = (report: Report, list: Checklist, today = '2026-07-01') => rescore(report, list, { today, fromTarget: false, known: [] });

const one = fc.record({
  outcome: fc.constantFrom('pass' as const, 'fail' as const, 'unknown' as const, 'not-applicable' as const, 'error' as const),
  places: fc.subarray(['a.py', 'b.py', 'legacy/c.py']),
  deployables: fc.constantFrom([null], ['api', 'web']),
});
const findingsOf = (list: readonly (typeof one extends fc.Arbitrary<infer T> ? T : never)[]): Finding[] =>
  list.flatMap(({ outcome, places, deployables }, i) =>
    deployables.map((deployable, d) =>
      finding({
        check: `a/c${i}`,
        deployable,
        outcome: d === 0 ? outcome : 'pass',
        kind: outcome === 'fail' && d === 0 ? (places.length > 0 ? 'violation' : 'missing') : null,
        evidence: d === 0 ? places.map((path) => violation(path)) : [],
      }),
    ),
  );
const worlds = fc.array(one, { minLength: 4, maxLength: 4 });

describe('re-scoring a saved report', () => {
  it('under the same checklist gives the same report, exceptions of every kind included', () => {
    fc.assert(
      fc.property(
        worlds,
        fc.subarray([waiver]),
        fc.subarray([attestation]),
        fc.subarray([comment]),
        (list, waivers, attestations, comments) => {
          const same = checklist({ waivers, attestations });
          const report = made(findingsOf(list), same, comments);
          const { notes, ...rest } = again(JSON.parse(JSON.stringify(report)) as Report, same);
          expect(rest).toEqual({ ...report, notes: undefined });
          expect(report.notes.map((n) => n.message)).toEqual(expect.arrayContaining(notes.map((n) => n.message)));
        },
      ),
    );
  });

  it('under another one gives what an audit with that one would have given', () => {
    fc.assert(
      fc.property(worlds, fc.subarray([waiver]), fc.subarray([attestation]), (list, waivers, attestations) => {
        const report = made(findingsOf(list), checklist({ waivers, attestations }));
        const other = checklist({
          name: 'strict',
          checks: checklist()
            .checks.slice(1)
            .map((s) => ({ ...s, weight: 7, severity: 'critical' as const })),
          thresholds: { score: 80, coverage: 10, failOn: 'any' },
          digest: 'e',
        });
        const fresh = made(
          findingsOf(list)
            .filter((f) => f.check !== 'a/c0')
            .map((f) => ({ ...f, weight: 7, severity: 'critical' as const })),
          other,
        );
        expect(again(report, other)).toEqual(fresh);
      }),
    );
  });

  it('makes unknown what was not judged, or with other parameters, and says so', () => {
    const report = made([finding({ check: 'a/c0' }), finding({ check: 'a/c1', params: { most: 9 } })], checklist());
    const { findings, notes, score } = again(report, checklist());
    expect(findings.map((f) => [f.check, f.outcome])).toEqual([
      ['a/c0', 'pass'],
      ['a/c1', 'unknown'],
      ['a/c2', 'unknown'],
      ['a/c3', 'unknown'],
    ]);
    expect(findings[1]?.summary).toContain('with other parameters (most: 9)');
    expect(notes[0]?.message).toContain('3 checks of production were not judged by the saved audit');
    expect(score.coverage).toBe(25);
  });

  it('lets waivers lapse on the day of re-scoring', () => {
    const report = made([finding({ check: 'a/c1', outcome: 'fail' })], checklist());
    const waived = checklist({ waivers: [{ ...waiver, paths: undefined }], checks: checklist().checks.slice(1, 2) });
    expect(again(report, waived, '2026-12-31').findings[0]?.waiver).not.toBeNull();
    const late = again(report, waived, '2027-01-01');
    expect(late.findings[0]?.waiver).toBeNull();
    expect(late.notes[0]?.message).toContain('expired on 2026-12-31');
    expect(late.date).toBe(report.date);
  });

  it('never waives by path what the report had cut off', () => {
    const many = Array.from({ length: 120 }, (_, i) => violation(`legacy/f${i}.py`));
    const list = checklist({ checks: checklist().checks.slice(1, 2) });
    const report = made([finding({ check: 'a/c1', outcome: 'fail', kind: 'violation', evidence: many })], list);
    expect(report.findings[0]?.omitted).toBe(20);
    const { findings, notes } = again(report, { ...list, waivers: [waiver] });
    expect(findings[0]?.waiver).toBeNull();
    expect(findings[0]?.omitted).toBe(20);
    expect(notes.map((n) => n.message)).toEqual(['a/c1: 120 places found, the first 100 are listed.']);
  });

  it('decides verdict and gates anew against other thresholds', () => {
    const report = made([finding({ check: 'a/c1' }), finding({ check: 'a/c2', outcome: 'fail' })], checklist());
    const strict = withThresholds(report, { score: 80, coverage: null, failOn: 'important' });
    expect(strict.verdict).toBe('NOT READY');
    expect(strict.gates.filter((g) => !g.holds).map((g) => g.name)).toEqual(['fail-on important', 'score']);
    expect(withThresholds(strict, { score: null, coverage: null, failOn: 'critical' })).toEqual(report);
  });
});
