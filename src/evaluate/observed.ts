import { connections } from '../model/connections.js';
import type { Evidence } from '../model/evidence.js';
import type { Finding } from '../model/report.js';
import type { TreeJudgement } from './tree.js';

/**
 * A finding of the files joined with what the running system shows (catalogue, `verdict`): a live no fails; a live yes stands for
 * what is missing in the files, since something in front may do it, but never clears a violation that was seen there; where the
 * running system cannot be seen, the files decide and the reason is told. Where both decided and differ, both places are named.
 */
export function withObservation(finding: Finding, observed: TreeJudgement): Finding {
  if (observed.answer === 'not-applicable') return finding;
  if (observed.answer === 'unknown') return unseen(finding, observed);
  return observed.answer === 'yes' ? seenGood(finding, observed) : seenBad(finding, observed);
}

/** What nobody named says nothing to a finding that is decided; a reason for silence does. */
function unseen(finding: Finding, observed: TreeJudgement): Finding {
  const silent = observed.evidence.filter((e) => e.answer === 'unknown');
  // Without an endpoint, a probe can name none.
  const unnamed = silent.filter((e) => e.where === undefined && live.has(e.probe));
  const looked = silent.length > unnamed.length && (unnamed.length === 0 || silent.some((e) => e.where !== undefined));
  const told = looked ? silent.filter((e) => !unnamed.includes(e)) : finding.outcome === 'unknown' ? unnamed : [];
  const [first] = told;
  if (!first) return finding;
  if (finding.outcome === 'not-applicable') return { ...finding, outcome: 'unknown', summary: sentence(first), evidence: told };
  const summary = finding.outcome === 'unknown' && looked ? sentence(first) : finding.summary;
  return { ...finding, summary, evidence: [...finding.evidence, ...told] };
}

const live: ReadonlySet<string> = new Set(connections);

function seenGood(finding: Finding, observed: TreeJudgement): Finding {
  const live = observed.evidence.filter((e) => e.answer === 'yes');
  // What the files left open is answered now.
  const evidence = [...live, ...(finding.outcome === 'unknown' ? [] : finding.evidence)];
  const passed = { outcome: 'pass', kind: null, rung: 'observed', ...shareOf(observed) } as const;
  if (finding.outcome === 'fail') {
    const disagreement = differing(finding, live);
    if (finding.kind !== 'missing') {
      const summary = `${finding.summary}; the running system shows otherwise: ${sentence(live[0])}`;
      return { ...finding, kind: 'disagreement', summary, evidence: [...finding.evidence, ...live], ...disagreement };
    }
    const summary = `${sentence(live[0])}; nothing in the repository declares it, so something in front of it does`;
    return { ...finding, ...passed, summary, evidence, ...disagreement };
  }
  return { ...finding, ...passed, summary: sentence(live[0]), evidence };
}

function seenBad(finding: Finding, observed: TreeJudgement): Finding {
  const live = observed.evidence.filter((e) => e.answer === 'no');
  const failed = { outcome: 'fail', rung: null, ...shareOf(observed) } as const;
  if (finding.outcome === 'pass') {
    const declared = placeOf(finding.evidence.find((e) => e.location)) || 'in the repository';
    const summary = `Declared (${declared}), and the running system shows otherwise: ${sentence(live[0])}`;
    return { ...finding, ...failed, kind: 'disagreement', summary, evidence: [...live, ...finding.evidence], ...differing(finding, live) };
  }
  const against = [...live, ...finding.evidence.filter((e) => e.answer === 'no')].sort((a, b) => Number(b.violation) - Number(a.violation));
  const kind = against.some((e) => e.violation) ? 'violation' : 'missing';
  return { ...finding, ...failed, kind, summary: sentence(live[0]), evidence: against };
}

function differing(finding: Finding, live: readonly Evidence[]): Pick<Finding, 'disagreement'> {
  const declared = finding.evidence.find((e) => e.location) ?? finding.evidence[0];
  const [observed] = live;
  return declared && observed ? { disagreement: { declared, observed } } : {};
}

const shareOf = ({ held, total }: TreeJudgement): Pick<Finding, 'held' | 'total'> => ({ held: held ?? null, total: total ?? null });

const placeOf = (e: Evidence | undefined): string =>
  e?.location ? `${e.location.path}${e.location.line ? `:${e.location.line}` : ''}` : '';

const sentence = (e: Evidence | undefined): string =>
  e ? (e.where && !e.message.includes(e.where) ? `${e.where}: ${e.message}` : e.message) : '';
