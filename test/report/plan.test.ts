import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeScore } from '../../src/evaluate/score.js';
import { decideVerdict } from '../../src/evaluate/verdict.js';
import type { Finding, Report } from '../../src/model/report.js';
import { cheapestPath, hoursPerWeek, weekPlan } from '../../src/report/plan.js';
import { effortHours } from '../../src/report/words.js';
import { finding } from '../evaluate/support.js';
import { goldenReport } from './golden.js';

function report(
  findings: Finding[],
  thresholds: Partial<Report['checklist']['thresholds']> = {},
  verdict: Report['verdict'] = 'NOT READY',
): Report {
  const base = goldenReport();
  return {
    ...base,
    verdict,
    findings,
    categories: [],
    checklist: { ...base.checklist, thresholds: { score: null, coverage: null, failOn: 'critical', ...thresholds } },
  };
}
const efforts = ['minutes', 'hours', 'days'] as const;
const failures = fc.array(
  fc.record({
    effort: fc.constantFrom(...efforts),
    weight: fc.constantFrom(2, 5, 10),
    severity: fc.constantFrom('important' as const, 'recommended' as const),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('cheapestPath', () => {
  it('demands every critical failure, and nothing else without thresholds', () => {
    const path = cheapestPath(
      report([
        finding({ check: 'a/x', outcome: 'fail', severity: 'critical', effort: 'days' }),
        finding({ check: 'a/y', outcome: 'fail', effort: 'minutes' }),
      ]),
    );
    expect(path).toMatchObject({ goal: 'READY WITH CONDITIONS', hours: 16 });
    expect(path?.fixes.map((f) => f.check)).toEqual(['a/x']);
  });

  it('adds the cheapest failures that reach the score: the best set over all subsets', () => {
    fc.assert(
      fc.property(failures, fc.integer({ min: 1, max: 100 }), (parts, score) => {
        const failing = parts.map((p, i) => finding({ ...p, check: `a/c${i}`, outcome: 'fail' }));
        const passing = finding({ check: 'a/pass', weight: 7 });
        const path = cheapestPath(report([passing, ...failing], { score }));
        let best = Infinity;
        for (let mask = 0; mask < 1 << failing.length; mask++) {
          const fixed = failing.map((f, i) => (mask & (1 << i) ? { ...f, outcome: 'pass' as const } : f));
          if ((computeScore([passing, ...fixed]).value ?? 0) < score) continue;
          best = Math.min(
            best,
            failing.reduce((n, f, i) => (mask & (1 << i) ? n + effortHours[f.effort] : n), 0),
          );
        }
        expect(path?.hours).toBe(best);
        expect(path?.score).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it('verifies the fewest checks that reach the coverage', () => {
    const open = [2, 10, 5].map((weight, i) => finding({ check: `a/u${i}`, outcome: 'unknown', weight }));
    const path = cheapestPath(report([finding({ check: 'a/x', weight: 3 }), ...open], { coverage: 60 }));
    expect(path?.verify.map((f) => f.check)).toEqual(['a/u1']);
    expect(path?.coverage).toBe(65);
  });

  it('leads from conditions to READY through important failures, waivers and attestations', () => {
    const waiver = { reason: 'accepted', owner: 'ops', expires: '2027-01-01' };
    const path = cheapestPath(
      report(
        [
          finding({ check: 'a/i', outcome: 'fail' }),
          finding({ check: 'a/w', outcome: 'fail', waiver }),
          finding({ check: 'a/r', outcome: 'fail', severity: 'recommended' }),
        ],
        {},
        'READY WITH CONDITIONS',
      ),
    );
    expect(path?.fixes.map((f) => f.check)).toEqual(['a/i']);
    expect(path?.settle.map((f) => f.check)).toEqual(['a/w']);
    expect(cheapestPath(report([], {}, 'READY'))).toBeNull();
  });
});

/** A small world: every kind of finding that matters to a verdict. */
const world = fc.record({
  findings: fc.array(
    fc.record({
      outcome: fc.constantFrom('pass' as const, 'fail' as const, 'fail' as const, 'unknown' as const),
      severity: fc.constantFrom('critical' as const, 'important' as const, 'recommended' as const, 'recommended' as const),
      kind: fc.constantFrom('violation' as const, 'missing' as const),
      effort: fc.constantFrom(...efforts),
      weight: fc.constantFrom(2, 5, 10, 3.3),
      held: fc.option(fc.constantFrom(0, 1, 2), { freq: 3 }),
      waived: fc.boolean(),
      category: fc.constantFrom('a', 'b'),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  factor: fc.constantFrom(0.5, 1, 3),
  score: fc.option(fc.constantFrom(1, 40, 66.6, 66.65, 80, 99.95, 100)),
  coverage: fc.option(fc.constantFrom(10, 50, 60.05, 90, 100)),
});

describe('the cheapest path against all ways there are', () => {
  it('reaches its goal with the fewest verifications, and with those in the fewest hours', () => {
    fc.assert(
      fc.property(world, ({ findings, factor, score, coverage }) => {
        const made = findings.map(({ held, waived, category, kind, ...f }, i) =>
          finding({
            ...f,
            check: `${category}/c${i}`,
            kind: f.outcome === 'fail' ? kind : null,
            ...(held !== null && f.outcome === 'fail' ? { held, total: 3 } : {}),
            waiver: waived && f.outcome === 'fail' ? { reason: 'accepted', owner: 'ops', expires: '2027-01-01' } : null,
          }),
        );
        const weights = { a: factor, b: 1 };
        const thresholds = { score, coverage, failOn: 'critical' as const };
        const verdictOf = (list: Finding[]) => decideVerdict(list, computeScore(list, weights), thresholds).verdict;
        const verdict = verdictOf(made);
        const base = {
          ...report(made, thresholds, verdict),
          categories: Object.entries(weights).map(([name, weight]) => ({ ...goldenReport().categories[0]!, name, weight })),
        };
        const path = cheapestPath(base);
        if (verdict === 'READY') {
          expect(path).toBeNull();
          return;
        }
        const done = (f: Finding): Finding => ({ ...f, outcome: 'pass', kind: null, held: null, total: null, waiver: null });
        const reaches = (list: Finding[]): boolean => {
          const reached = verdictOf(list);
          return reached === 'READY' || (verdict !== 'READY WITH CONDITIONS' && reached === 'READY WITH CONDITIONS');
        };
        const steps = made.map((f, i) => ({ f, i })).filter(({ f }) => f.outcome !== 'pass');
        let best = { verify: Infinity, hours: Infinity };
        for (let mask = 0; mask < 1 << steps.length; mask++) {
          const chosen = new Set(steps.filter((_, bit) => mask & (1 << bit)).map(({ i }) => i));
          if (!reaches(made.map((f, i) => (chosen.has(i) ? done(f) : f)))) continue;
          const taken = steps.filter(({ i }) => chosen.has(i)).map(({ f }) => f);
          const verify = taken.filter((f) => f.outcome === 'unknown').length;
          const hours = taken.filter((f) => f.outcome === 'fail').reduce((sum, f) => sum + effortHours[f.effort], 0);
          if (verify < best.verify || (verify === best.verify && hours < best.hours)) best = { verify, hours };
        }
        expect({ verify: path?.verify.length, hours: path?.hours }).toEqual(best);
        const way = new Set([...(path?.fixes ?? []), ...(path?.verify ?? []), ...(path?.settle ?? [])].map((f) => f.check));
        const after = made.map((f) => (way.has(f.check) ? done(f) : f));
        expect(reaches(after)).toBe(true);
        expect(path?.score).toBe(computeScore(after, weights).value);
        expect(path?.coverage).toBe(computeScore(after, weights).coverage);
      }),
      { numRuns: 500 },
    );
  });
});

describe('weekPlan', () => {
  it('puts every open failure into exactly one week, within its hours, the worst first', () => {
    fc.assert(
      fc.property(failures, (parts) => {
        const failing = parts.map((p, i) => finding({ ...p, check: `a/c${i}`, outcome: 'fail' }));
        const weeks = weekPlan(report(failing));
        expect(weeks.flatMap((w) => w.fixes).length).toBe(failing.length);
        let total = 0;
        for (const week of weeks) {
          total += week.hours;
          expect(total).toBeLessThanOrEqual(week.week * hoursPerWeek);
        }
      }),
    );
  });
});
