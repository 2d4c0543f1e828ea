import { earnedShare, pointsOf, type CategoryWeights } from '../model/points.js';
import type { Finding, Report, Verdict } from '../model/report.js';
import { effortHours, rolledUp, worstFirst } from './words.js';

/** Hours of one person's week that go into this. */
export const hoursPerWeek = 30;

export interface Path {
  readonly goal: Verdict;
  /** To be fixed, the worst first. */
  readonly fixes: readonly Finding[];
  /** To be verified, so that coverage reaches its threshold. */
  readonly verify: readonly Finding[];
  /** Waived or attested points that need evidence of their own; only on the way to READY. */
  readonly settle: readonly Finding[];
  /** Of the fixes, and of the waived failures to settle. */
  readonly hours: number;
  /** Score and coverage afterwards, if what is verified holds. */
  readonly score: number | null;
  readonly coverage: number;
}

export interface Week {
  readonly week: number;
  readonly hours: number;
  readonly fixes: readonly Finding[];
}

export const weightsOf = (report: Report): CategoryWeights => Object.fromEntries(report.categories.map((c) => [c.name, c.weight]));

/** Points that fixing a failure adds. */
export function gainOf(finding: Finding, weights: CategoryWeights): number {
  return pointsOf(finding, weights) * (1 - earnedShare(finding));
}

/**
 * The smallest effort that reaches the next verdict: READY WITH CONDITIONS for what must not be deployed or is not ready,
 * READY for what is ready with conditions; null where there is nothing to reach. What the verdict demands outright is part of
 * every way (critical failures; for READY important and waived ones too); checks are verified as few as reach the coverage
 * threshold, and given these, failures are added for the score threshold that cost the fewest hours. Both are exact, by the hours
 * that efforts stand for and as long as what is verified holds; verifying more, to have to fix less, is not considered.
 */
export function cheapestPath(report: Report): Path | null {
  if (report.verdict === 'READY') return null;
  const goal: Verdict = report.verdict === 'READY WITH CONDITIONS' ? 'READY' : 'READY WITH CONDITIONS';
  const weights = weightsOf(report);
  const all = rolledUp(report);
  const failing = all.filter((f) => f.outcome === 'fail');
  const demanded = goal === 'READY' ? ['critical', 'important'] : ['critical'];
  const required = failing.filter((f) => !f.waiver && demanded.includes(f.severity));
  const settle = goal === 'READY' ? all.filter((f) => f.waiver || f.attestation) : [];
  const settled = settle.filter((f) => f.outcome === 'fail');

  const points = (findings: readonly Finding[], of: (f: Finding) => number): number => findings.reduce((sum, f) => sum + of(f), 0);
  const weight = (f: Finding): number => pointsOf(f, weights);
  const decided = all.filter((f) => f.outcome === 'pass' || f.outcome === 'fail');
  const open = all.filter((f) => f.outcome === 'unknown' || f.outcome === 'error');
  const applicable = points(decided, weight) + points(open, weight);

  // Percentages are rounded down to one decimal, so that a threshold in between asks for the next one.
  const share = (threshold: number | null): number => Math.ceil((threshold ?? 0) * 10 - 1e-9) / 1000;
  const covered = share(report.checklist.thresholds.coverage) * applicable - points(decided, weight);
  // Where nothing is decided there is no score, whatever the thresholds.
  const verify = fewest(open, weight, points(decided, weight) > 0 ? covered : Math.max(covered, 1e-6));
  const decidedThen = points(decided, weight) + points(verify, weight);
  const earned =
    points(decided, (f) => weight(f) * earnedShare(f)) +
    points(verify, weight) +
    points([...required, ...settled], (f) => gainOf(f, weights));
  const others = failing.filter((f) => !required.includes(f) && !settle.includes(f));
  const needed = share(report.checklist.thresholds.score) * decidedThen - earned;
  const chosen = cheapest(others, (f) => gainOf(f, weights), needed);

  const fixes = worstFirst([...required, ...chosen]);
  const reached = earned + points(chosen, (f) => gainOf(f, weights));
  const percent = (part: number, whole: number): number => Math.min(1000, Math.floor((part / whole) * 1000 + 1e-9)) / 10;
  return {
    goal,
    fixes,
    verify,
    settle,
    hours: points([...fixes, ...settled], (f) => effortHours[f.effort]),
    score: decidedThen > 0 ? percent(reached, decidedThen) : null,
    coverage: applicable > 0 ? percent(decidedThen, applicable) : 0,
  };
}

/** The heaviest first until `needed` points are there: each counts as one step, so this is the smallest number. */
function fewest(findings: readonly Finding[], weight: (f: Finding) => number, needed: number): Finding[] {
  const sorted = [...findings].sort((a, b) => weight(b) - weight(a) || compare(a, b));
  const taken: Finding[] = [];
  for (let left = needed; left > 1e-9 && sorted.length > 0;) {
    const next = sorted.shift() as Finding;
    taken.push(next);
    left -= weight(next);
  }
  return taken;
}

/**
 * The set with the fewest hours that gains `needed` points. There are three efforts, and within one the best gains come
 * first, so trying every number of `hours` and `days` steps and filling up with `minutes` steps is exact.
 */
function cheapest(findings: readonly Finding[], gain: (f: Finding) => number, needed: number): Finding[] {
  if (needed <= 1e-9) return [];
  const byEffort = (effort: Finding['effort']): Finding[] =>
    findings.filter((f) => f.effort === effort && gain(f) > 0).sort((a, b) => gain(b) - gain(a) || compare(a, b));
  const [minutes, hours, days] = [byEffort('minutes'), byEffort('hours'), byEffort('days')];
  const sums = (list: readonly Finding[]): number[] => {
    const result = [0];
    for (const f of list) result.push((result.at(-1) ?? 0) + gain(f));
    return result;
  };
  const [gainMinutes, gainHours, gainDays] = [sums(minutes), sums(hours), sums(days)];
  let best: { cost: number; m: number; h: number; d: number } | undefined;
  const enough = (m: number, h: number, d: number): boolean =>
    (gainMinutes[m] ?? 0) + (gainHours[h] ?? 0) + (gainDays[d] ?? 0) >= needed - 1e-9;
  for (let d = 0; d <= days.length; d++) {
    // More steps of hours never need more steps of minutes, so that m only falls.
    let m = minutes.length;
    for (let h = 0; h <= hours.length; h++) {
      if (!enough(m, h, d)) continue;
      while (m > 0 && enough(m - 1, h, d)) m--;
      const cost = m * effortHours.minutes + h * effortHours.hours + d * effortHours.days;
      if (!best || cost < best.cost) best = { cost, m, h, d };
    }
  }
  if (!best) return [...findings];
  return [...minutes.slice(0, best.m), ...hours.slice(0, best.h), ...days.slice(0, best.d)];
}

/** Failures in the order in which one person would fix them, the worst first, each in the week in which it is done. */
export function weekPlan(report: Report): Week[] {
  const weeks: { week: number; hours: number; fixes: Finding[] }[] = [];
  let total = 0;
  for (const finding of worstFirst(rolledUp(report).filter((f) => f.outcome === 'fail' && !f.waiver))) {
    total += effortHours[finding.effort];
    const number = Math.ceil(total / hoursPerWeek);
    let week = weeks.at(-1);
    if (week?.week !== number) weeks.push((week = { week: number, hours: 0, fixes: [] }));
    week.hours += effortHours[finding.effort];
    week.fixes.push(finding);
  }
  return weeks;
}

const compare = (a: Finding, b: Finding): number => (a.check < b.check ? -1 : a.check > b.check ? 1 : 0);
