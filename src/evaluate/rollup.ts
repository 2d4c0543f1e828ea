import type { Finding } from '../model/report.js';

/** Worst first; a failure that nobody has accepted is worse than a waived one. */
const order = ['open-fail', 'waived-fail', 'error', 'unknown', 'pass', 'not-applicable'] as const;

function rank(finding: Finding): number {
  const state = finding.outcome === 'fail' ? (finding.waiver ? 'waived-fail' : 'open-fail') : finding.outcome;
  return order.indexOf(state);
}

/**
 * The repository's finding from those of its deployables: the worst decides. Its evidence is that of the deciding
 * findings, with the deployable named where there are several. In the share earned, a deployable that isn't counted
 * itself counts as one item.
 */
export function rollUp(findings: readonly Finding[]): Finding {
  const [first] = findings;
  if (!first) throw new Error('a roll-up needs at least one finding');
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b) || compare(a.deployable ?? '', b.deployable ?? ''));
  const worst = sorted[0] ?? first;
  if (findings.length === 1) return { ...worst, deployable: null };

  const deciding = sorted.filter((f) => rank(f) === rank(worst));
  const judged = findings.filter((f) => f.outcome !== 'not-applicable');
  const named = judged.length > 1;
  const omitted = deciding.reduce((sum, f) => sum + (f.omitted ?? 0), 0);
  const { before: _before, omitted: _omitted, ...rest } = worst;
  return {
    ...rest,
    ...(omitted > 0 ? { omitted } : {}),
    deployable: null,
    kind: (['violation', 'disagreement'] as const).find((kind) => deciding.some((f) => f.kind === kind)) ?? worst.kind,
    summary: named ? summaryOf(deciding, judged.length) : worst.summary,
    evidence: deciding
      .flatMap((f) => f.evidence.map((e) => (named && f.deployable !== null ? { ...e, message: `${f.deployable}: ${e.message}` } : e)))
      .sort((a, b) => Number(b.violation) - Number(a.violation)),
    ...shareOf(judged, worst),
    rung: worst.outcome === 'pass' ? lowestRung(deciding) : null,
    waiver: worst.waiver,
    attestation: worst.attestation ?? deciding.find((f) => f.attestation)?.attestation ?? null,
  };
}

/** Findings with the roll-up of every check that was judged for deployables added (`deployable: null`). */
export function withRollUps(findings: readonly Finding[]): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.check, [...(groups.get(finding.check) ?? []), finding]);
  const result: Finding[] = [];
  for (const group of groups.values()) {
    if (!group.some((f) => f.deployable === null)) result.push(rollUp(group));
    result.push(...group);
  }
  return result;
}

function summaryOf(deciding: readonly Finding[], total: number): string {
  const [first] = deciding;
  if (!first) return '';
  const names = deciding.map((f) => f.deployable ?? 'repository');
  const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? ` and ${names.length - 4} more` : '');
  return `${shown} (${deciding.length} of ${total} deployables): ${first.summary}`;
}

function shareOf(judged: readonly Finding[], worst: Finding): Pick<Finding, 'held' | 'total'> {
  if (worst.outcome !== 'fail' && worst.outcome !== 'pass') return { held: null, total: null };
  const decided = judged.filter((f) => f.outcome === 'pass' || f.outcome === 'fail');
  if (decided.length < 2 && worst.total === null) return { held: null, total: null };
  const itemsOf = (f: Finding): { held: number; total: number } =>
    f.held !== null && f.total !== null && f.total > 0
      ? { held: f.held, total: f.total }
      : { held: f.outcome === 'pass' ? 1 : 0, total: 1 };
  const items = decided.map(itemsOf);
  return { held: items.reduce((n, i) => n + i.held, 0), total: items.reduce((n, i) => n + i.total, 0) };
}

function lowestRung(findings: readonly Finding[]): Finding['rung'] {
  const rungs = ['present', 'configured', 'enforced', 'observed'] as const;
  return rungs.find((rung) => findings.some((f) => f.rung === rung)) ?? null;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
