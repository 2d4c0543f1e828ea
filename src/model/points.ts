import type { Finding } from './report.js';

/** Factor of each category; one that is not named counts once. */
export type CategoryWeights = Readonly<Record<string, number>>;

/** Points that a finding weighs: the check's weight times its category's factor. */
export function pointsOf(finding: Finding, categoryWeights: CategoryWeights): number {
  const factor = Object.hasOwn(categoryWeights, finding.category) ? (categoryWeights[finding.category] ?? 1) : 1;
  return finding.weight * factor;
}

/**
 * Share of its points that a finding earns, 0 to 1: a pass all, a failure over many items those that hold, anything else
 * nothing. A failure whose count says that everything holds was decided by something uncounted and earns nothing. A waiver
 * changes nothing here: it keeps a failure from tripping gates, it earns no points.
 */
export function earnedShare(finding: Finding): number {
  if (finding.outcome === 'pass') return 1;
  if (finding.outcome !== 'fail') return 0;
  const { held, total } = finding;
  return held !== null && total !== null && total > 0 && held > 0 && held < total ? held / total : 0;
}
