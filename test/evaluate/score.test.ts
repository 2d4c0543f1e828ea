import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeScore, countOutcomes } from '../../src/evaluate/score.js';
import { earnedShare } from '../../src/model/points.js';
import { outcomes, type Finding } from '../../src/model/report.js';
import { finding } from './support.js';

const arbitrary: fc.Arbitrary<Finding> = fc
  .record({
    outcome: fc.constantFrom(...outcomes),
    weight: fc.constantFrom(0, 2, 5, 10, 0.3),
    check: fc.constantFrom('a/x', 'b/y', 'c/z'),
    share: fc.option(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 9 }))),
  })
  .map(({ share, ...rest }) => finding({ ...rest, held: share?.[0] ?? null, total: share?.[1] ?? null }));
const many = fc.array(arbitrary, { maxLength: 30 });
const weights = fc.constantFrom<Record<string, number>[]>({}, { a: 2, b: 0.7 });
const or = (n: number | null, other: number): number => n ?? other;

describe('computeScore', () => {
  it('is passed over decided weight, with coverage and range', () => {
    const findings = [
      finding({ outcome: 'pass', weight: 10 }),
      finding({ outcome: 'fail', weight: 5 }),
      finding({ outcome: 'unknown', weight: 5 }),
      finding({ outcome: 'not-applicable', weight: 100 }),
    ];
    expect(computeScore(findings)).toEqual({ value: 66.6, coverage: 75, low: 50, high: 75, outOfTen: 6.6, stars: 3 });
    expect(countOutcomes(findings)).toEqual({ pass: 1, fail: 1, unknown: 1, error: 0, 'not-applicable': 1 });
  });

  it('weighs categories, and earns the share that holds', () => {
    const findings = [finding({ check: 'a/x', outcome: 'pass' }), finding({ check: 'b/y', outcome: 'fail', held: 3, total: 4 })];
    expect(computeScore(findings, { a: 2 }).value).toBe(91.6);
    expect(computeScore(findings).value).toBe(87.5);
  });

  it('earns nothing from a failure whose items all hold, and never 100 with a failure', () => {
    expect(earnedShare(finding({ outcome: 'fail', held: 5, total: 5 }))).toBe(0);
    expect(computeScore([finding({ weight: 100_000 }), finding({ outcome: 'fail', weight: 1 })]).value).toBe(99.9);
  });

  it('counts roll-ups only', () => {
    expect(computeScore([finding(), finding({ outcome: 'fail', deployable: 'api' })]).value).toBe(100);
  });

  it('has no score where nothing is decided', () => {
    expect(computeScore([])).toEqual({ value: null, coverage: 0, low: null, high: null, outOfTen: null, stars: null });
    expect(computeScore([finding({ outcome: 'unknown' })])).toMatchObject({ value: null, coverage: 0, low: 0, high: 100, stars: null });
  });

  it('does not raise the score for a waived failure', () => {
    const open = [finding(), finding({ outcome: 'fail' })];
    const waived = [finding(), finding({ outcome: 'fail', waiver: { reason: 'accepted', owner: 'ops', expires: '2027-01-01' } })];
    expect(computeScore(waived)).toEqual(computeScore(open));
  });
});

describe('computeScore: laws', () => {
  it('a passing check never lowers it', () => {
    fc.assert(
      fc.property(many, weights, (findings, w) => {
        const added = computeScore([...findings, finding({ check: 'a/x' })], w);
        expect(or(added.value, 0)).toBeGreaterThanOrEqual(or(computeScore(findings, w).value, 0));
      }),
    );
  });

  it('an unknown never raises score, coverage or the low end', () => {
    fc.assert(
      fc.property(many, weights, fc.constantFrom('unknown' as const, 'error' as const), (findings, w, outcome) => {
        const [before, after] = [computeScore(findings, w), computeScore([...findings, finding({ check: 'a/x', outcome })], w)];
        expect(after.value).toBe(before.value);
        expect(after.coverage).toBeLessThanOrEqual(before.coverage);
        if (before.low !== null) expect(after.low).toBeLessThanOrEqual(before.low);
      }),
    );
  });

  it('the order of findings never matters', () => {
    fc.assert(
      fc.property(
        many.chain((m) => fc.tuple(fc.constant(m), fc.shuffledSubarray(m, { minLength: m.length, maxLength: m.length }))),
        weights,
        ([findings, shuffled], w) => {
          expect(computeScore(shuffled, w)).toEqual(computeScore(findings, w));
        },
      ),
    );
  });

  it('the range contains the score, and everything stays within bounds', () => {
    fc.assert(
      fc.property(many, weights, (findings, w) => {
        const { value, low, high, coverage, stars, outOfTen } = computeScore(findings, w);
        expect(coverage).toBeGreaterThanOrEqual(0);
        expect(coverage).toBeLessThanOrEqual(100);
        if (value === null) {
          expect([stars, outOfTen]).toEqual([null, null]);
          return;
        }
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect(Number.isInteger(or(stars, 0) * 2)).toBe(true);
      }),
    );
  });

  it('100 means that nothing decided failed', () => {
    fc.assert(
      fc.property(many, (findings) => {
        if (computeScore(findings).value !== 100) return;
        expect(findings.some((f) => f.outcome === 'fail' && f.weight > 0)).toBe(false);
      }),
    );
  });
});
