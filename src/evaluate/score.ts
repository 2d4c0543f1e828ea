import { earnedShare, pointsOf, type CategoryWeights } from '../model/points.js';
import type { Counts, Finding, Score } from '../model/report.js';

/**
 * The score over roll-ups (findings of single deployables are left aside). Weight decides: passed over decided points;
 * coverage is decided over applicable points; the range is the score if everything undecided failed, and if it passed.
 * All are percentages with one decimal, rounded down, so that 100 always means everything.
 */
export function computeScore(findings: readonly Finding[], categoryWeights: CategoryWeights = {}): Score {
  const rolled = findings.filter((f) => f.deployable === null);
  const points = (wanted: (f: Finding) => boolean, share: (f: Finding) => number = () => 1): number =>
    sum(rolled.filter(wanted).map((f) => pointsOf(f, categoryWeights) * share(f)));
  const earned = points(isDecided, earnedShare);
  const decided = points(isDecided);
  const applicable = points((f) => f.outcome !== 'not-applicable');
  const open = points((f) => f.outcome === 'unknown' || f.outcome === 'error');
  const value = percent(earned, decided);
  return {
    value,
    coverage: percent(decided, applicable) ?? 0,
    low: percent(earned, applicable),
    high: percent(earned + open, applicable),
    outOfTen: value === null ? null : Math.floor(value) / 10,
    stars: value === null ? null : Math.floor(value / 10) / 2,
  };
}

/** Outcomes counted over roll-ups. */
export function countOutcomes(findings: readonly Finding[]): Counts {
  const counts: Counts = { pass: 0, fail: 0, unknown: 0, error: 0, 'not-applicable': 0 };
  for (const finding of findings) if (finding.deployable === null) counts[finding.outcome] += 1;
  return counts;
}

const isDecided = (finding: Finding): boolean => finding.outcome === 'pass' || finding.outcome === 'fail';

/** Smallest first, so that the order of findings never changes the last bit. */
const sum = (values: readonly number[]): number => [...values].sort((a, b) => a - b).reduce((total, value) => total + value, 0);

function percent(part: number, whole: number): number | null {
  if (whole <= 0) return null;
  // The tiny amount makes up for binary fractions: 0.29 * 1000 is 289.99...
  return Math.min(1000, Math.floor((part / whole) * 1000 + 1e-9)) / 10;
}
