import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/evaluate/build-report.js';
import { ledgerOf } from '../../src/evaluate/ledger.js';
import { outcomes, type Finding, type Report } from '../../src/model/report.js';
import type { Attestation } from '../../src/model/checklist.js';
import { goldenReport } from '../report/golden.js';
import { finding } from './support.js';

interface World {
  readonly findings: readonly Finding[];
  readonly weights?: Record<string, number>;
  readonly attested?: readonly string[];
  readonly version?: string;
  readonly digest?: string;
  readonly commit?: string;
}

/** A report as an audit would make it. */
function report({ findings, weights = {}, attested = [], version = '1.0.0', digest = 'd', commit = 'c1' }: World): Report {
  const attestations = attested.map((check): Attestation => ({
    check,
    outcome: 'pass',
    statement: 'somebody has looked',
    by: 'Ada',
    on: '2026-06-01',
    evidence: 'wiki',
    expires: '2026-12-31',
  }));
  return buildReport({
    version,
    target: { ...goldenReport().target, commit, dirty: false, files: 9 },
    checklist: {
      name: 'production',
      title: 'p',
      sources: [],
      checks: [],
      categoryWeights: weights,
      thresholds: { score: null, coverage: null, failOn: 'critical' },
      sections: [],
      exclude: [],
      waivers: [],
      attestations,
      digest,
    },
    fromTarget: false,
    date: '2026-07-01T00:00:00Z',
    durationMs: 1,
    inventory: goldenReport().inventory,
    findings,
    notes: [],
  });
}

const tenths = (points: number): number => Math.round(points * 10);
const pointsOf = (base: Report, current: Report, bridge?: Report) =>
  Object.fromEntries((ledgerOf(base, current, bridge)?.parts ?? []).filter((p) => p.points !== 0).map((p) => [p.part, p.points]));

const check = (i: number, over: Partial<Finding> = {}) => finding({ check: `${i % 2 ? 'a' : 'b'}/c${i}`, weight: 5, ...over });
const base = report({ findings: [check(1), check(2, { outcome: 'fail' }), check(3, { outcome: 'unknown' }), check(4)] });

describe('the ledger names the cause', () => {
  it('code, where another commit changes outcomes', () => {
    const after = report({ commit: 'c2', findings: [check(1), check(2), check(3, { outcome: 'unknown' }), check(4)] });
    expect(pointsOf(base, after)).toEqual({ code: 33.4 });
    expect(ledgerOf(base, after)?.parts.find((p) => p.part === 'code')?.checks).toEqual([{ check: 'b/c2', from: 'fail', to: 'pass' }]);
  });

  it('the checklist, where checks are switched off and weigh otherwise', () => {
    const off = report({ commit: 'c2', digest: 'e', findings: [check(1), check(3, { outcome: 'unknown' }), check(4)] });
    expect(pointsOf(base, off)).toEqual({ checklist: 33.4 });
    const heavy = report({ digest: 'e', weights: { b: 3 }, findings: [...base.findings] });
    expect(pointsOf(base, heavy)).toEqual({ checklist: -9.5 });
  });

  it('the tool, where a new version brings checks, or sees more in the same commit', () => {
    const more = report({ version: '2.0.0', findings: [...base.findings, check(5, { outcome: 'fail' })] });
    expect(pointsOf(base, more)).toEqual({ tool: -16.6 });
    const sharper = report({
      version: '2.0.0',
      findings: base.findings.map((f) => (f.check === 'b/c4' ? { ...f, outcome: 'fail' as const } : f)),
    });
    expect(pointsOf(base, sharper)).toEqual({ tool: -33.3 });
  });

  it('the environment, where a running system is heard, and where only time has passed', () => {
    const live = [{ probe: 'http', answer: 'yes' as const, violation: false, where: 'https://app.example.org', message: 'answers' }];
    const heard = report({
      commit: 'c2',
      findings: base.findings.map((f) => (f.check === 'b/c2' ? { ...f, outcome: 'pass' as const, evidence: live } : f)),
    });
    expect(pointsOf(base, heard)).toEqual({ environment: 33.4 });
    const later = report({ findings: base.findings.map((f) => (f.check === 'b/c4' ? { ...f, outcome: 'fail' as const } : f)) });
    expect(pointsOf(base, later)).toEqual({ environment: -33.3 });
  });

  it('exceptions, where somebody attests', () => {
    const attested = report({ commit: 'c2', findings: [...base.findings], attested: ['b/c2', 'a/c3'] });
    expect(pointsOf(base, attested)).toEqual({ exceptions: 33.4 });
    const lapsed = pointsOf(attested, report({ commit: 'c3', findings: [...base.findings] }));
    expect(lapsed).toEqual({ exceptions: -33.4 });
  });

  it('each its own share where several come together, tool and code told apart by a bridge', () => {
    const worse = base.findings.map((f) => (f.check === 'b/c4' ? { ...f, outcome: 'fail' as const } : f));
    const after = report({ commit: 'c2', version: '2.0.0', findings: [...worse, check(5), check(6)], attested: ['b/c2'] });
    const bridge = report({ version: '2.0.0', findings: [...base.findings, check(5), check(6)], attested: ['b/c2'] });
    expect(pointsOf(base, after, bridge)).toEqual({ tool: 13.4, code: -20, exceptions: 20 });
  });
});

const world = fc.record({
  checks: fc.array(
    fc.option(
      fc.record({
        outcome: fc.constantFrom(...outcomes),
        weight: fc.constantFrom(0, 2, 5, 10, 3.7),
        items: fc.option(fc.integer({ min: 0, max: 3 })),
        live: fc.boolean(),
        params: fc.constantFrom(1, 2),
      }),
      { freq: 5 },
    ),
    { minLength: 1, maxLength: 9 },
  ),
  weights: fc.record({ a: fc.constantFrom(0.5, 1, 3), b: fc.constantFrom(0, 1) }),
  attested: fc.subarray(['a/c1', 'b/c2', 'a/c3', 'b/c4']),
  version: fc.constantFrom('1.0.0', '2.0.0'),
  digest: fc.constantFrom('d', 'e'),
  commit: fc.constantFrom('c1', 'c2'),
});
const made = ({ checks, ...rest }: typeof world extends fc.Arbitrary<infer T> ? T : never): Report =>
  report({
    ...rest,
    findings: checks.flatMap((c, i) => {
      if (!c) return [];
      const share = c.items === null ? {} : { held: c.items, total: 3 };
      const evidence = c.live ? [{ probe: 'http', answer: 'yes' as const, violation: false, where: 'h', message: 'm' }] : [];
      return [check(i, { outcome: c.outcome, weight: c.weight, ...share, evidence, params: { p: c.params } })];
    }),
  });

it('the parts always sum to the change, to the decimal', () => {
  fc.assert(
    fc.property(world, world, fc.option(world), (from, to, between) => {
      const [a, b, m] = [made(from), made(to), between && made(between)];
      const ledger = ledgerOf(a, b, m);
      if (a.score.value === null || b.score.value === null) {
        expect(ledger).toBeNull();
        return;
      }
      const sum = (ledger?.parts ?? []).reduce((total, { points }) => total + tenths(points), 0);
      expect(sum).toBe(tenths(b.score.value) - tenths(a.score.value));
      expect(tenths(ledger?.change ?? NaN)).toBe(sum);
      for (const { points } of ledger?.parts ?? []) expect(points).toBe(tenths(points) / 10);
    }),
    { numRuns: 1000 },
  );
});

it('nothing changes between a report and itself', () => {
  fc.assert(
    fc.property(world, (w) => {
      const ledger = ledgerOf(made(w), made(w));
      for (const part of ledger?.parts ?? []) expect(part).toMatchObject({ points: 0, checks: [] });
    }),
  );
});
