import type { Checklist } from '../model/checklist.js';
import type { Finding, Report, Score, Verdict } from '../model/report.js';

export interface Decision {
  readonly verdict: Verdict;
  /** One sentence each, the weightiest first. */
  readonly reasons: string[];
  readonly gates: Report['gates'];
}

/**
 * The verdict, its reasons and the gates (design, section 7), from roll-ups. `DO NOT DEPLOY`: a critical violation was
 * seen. `NOT READY`: a critical check fails for missing evidence, a threshold is not met, or nothing was decided.
 * `READY WITH CONDITIONS`: an important check fails, or points are waived or attested. Waived failures count for neither
 * of the first two. Checks that could not be verified never decide the verdict; critical ones are named among the reasons.
 */
export function decideVerdict(findings: readonly Finding[], score: Score, thresholds: Checklist['thresholds']): Decision {
  const rolled = findings.filter((f) => f.deployable === null);
  const failing = rolled.filter((f) => f.outcome === 'fail' && !f.waiver);
  const critical = failing.filter((f) => f.severity === 'critical');
  const violations = critical.filter((f) => f.kind !== 'missing');
  const missing = critical.filter((f) => f.kind === 'missing');
  const important = failing.filter((f) => f.severity === 'important');
  const waived = rolled.filter((f) => f.waiver);
  const attested = rolled.filter((f) => f.attestation);
  const unverified = rolled.filter((f) => f.severity === 'critical' && (f.outcome === 'unknown' || f.outcome === 'error'));
  const nothingDecided = score.value === null;
  const low = [
    ...underThreshold('score', score.value, thresholds.score),
    ...underThreshold('coverage', score.coverage, thresholds.coverage),
  ];

  const verdict: Verdict =
    violations.length > 0
      ? 'DO NOT DEPLOY'
      : missing.length > 0 || low.length > 0 || nothingDecided
        ? 'NOT READY'
        : important.length > 0 || waived.length > 0 || attested.length > 0
          ? 'READY WITH CONDITIONS'
          : 'READY';

  const reasons = [
    ...(nothingDecided ? ['Nothing could be decided, so there is no score.'] : []),
    ...sentence(violations, 'critical check fails', 'critical checks fail', 'by a violation seen'),
    ...sentence(missing, 'critical check fails', 'critical checks fail', 'for missing evidence'),
    ...low,
    ...sentence(important, 'important check fails', 'important checks fail'),
    ...sentence(waived, 'failure is waived', 'failures are waived'),
    ...sentence(attested, 'answer rests on an attestation', 'answers rest on attestations'),
    ...sentence(unverified, 'critical check could not be verified', 'critical checks could not be verified'),
  ];
  if (verdict === 'READY') reasons.unshift('No critical and no important check fails, and every threshold is met.');
  return { verdict, reasons, gates: gatesOf(failing, score, thresholds) };
}

function underThreshold(name: string, value: number | null, threshold: number | null): string[] {
  if (threshold === null || value === null || value >= threshold) return [];
  return [`The ${name} of ${value} is under the threshold of ${threshold}.`];
}

function sentence(findings: readonly Finding[], one: string, many: string, how = ''): string[] {
  if (findings.length === 0) return [];
  const ids = findings.map((f) => f.check);
  const shown = ids.slice(0, 5).join(', ') + (ids.length > 5 ? ` and ${ids.length - 5} more` : '');
  return [`${findings.length} ${findings.length === 1 ? one : many}${how && ` ${how}`}: ${shown}.`];
}

const gatedSeverities = {
  critical: ['critical'],
  important: ['critical', 'important'],
  any: ['critical', 'important', 'recommended'],
} as const;

function gatesOf(
  failing: readonly Finding[],
  score: Score,
  { score: minScore, coverage: minCoverage, failOn }: Checklist['thresholds'],
): Report['gates'] {
  const gates: Report['gates'] = [];
  if (failOn !== 'never') {
    const severities: readonly string[] = gatedSeverities[failOn];
    const count = failing.filter((f) => severities.includes(f.severity)).length;
    const which = failOn === 'any' ? 'check' : failOn === 'critical' ? 'critical check' : 'critical or important check';
    gates.push({
      name: `fail-on ${failOn}`,
      holds: count === 0,
      message: count === 0 ? `No ${which} fails.` : `${count} ${which}${count === 1 ? ' fails' : 's fail'}.`,
    });
    // An empty folder must not pass a pipeline because nothing in it could fail.
    const decided = score.value !== null;
    gates.push({ name: 'decided', holds: decided, message: decided ? 'Checks were decided.' : 'No check could be decided.' });
  }
  if (minScore !== null) {
    const value = score.value === null ? 'none' : score.value;
    gates.push({
      name: 'score',
      holds: score.value !== null && score.value >= minScore,
      message: `Score ${value}, at least ${minScore} is asked for.`,
    });
  }
  if (minCoverage !== null) {
    gates.push({
      name: 'coverage',
      holds: score.coverage >= minCoverage,
      message: `Coverage ${score.coverage} %, at least ${minCoverage} % is asked for.`,
    });
  }
  return gates;
}

/** 0 where every gate holds, 1 where one failed. Wrong use (2) and an audit that could not finish (3) have no report. */
export function exitCodeOf(report: Pick<Report, 'gates'>): 0 | 1 {
  return report.gates.every((gate) => gate.holds) ? 0 : 1;
}
