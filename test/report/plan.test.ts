import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeScore } from '../../src/evaluate/score.js';
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
