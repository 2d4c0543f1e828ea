import picomatch from 'picomatch';
import type { Attestation, Waiver } from '../model/checklist.js';
import type { Evidence } from '../model/evidence.js';
import type { Finding } from '../model/report.js';
import type { Note } from '../model/target.js';

/** What people have said about findings, and the day on which it is read (YYYY-MM-DD). */
export interface Exceptions {
  readonly waivers: readonly Waiver[];
  readonly attestations: readonly Attestation[];
  readonly today: string;
}

/** From this age in days an attestation that still holds is mentioned in the notes. */
const oldAfterDays = 180;

/**
 * Findings with waivers and attestations applied, and a note on every one that had no effect and why.
 *
 * A waiver accepts a failure: it stays a failure without points, and trips no gate. With `paths`, it covers only the
 * evidence at those places; a failure is waived when all of its evidence against is covered. An attestation answers what
 * no evidence decided: an unknown, or something missing; it never overrides a violation that was seen, nor an error.
 */
export function applyExceptions(findings: readonly Finding[], exceptions: Exceptions): { findings: Finding[]; notes: Note[] } {
  const attested = attest(findings, exceptions);
  const waived = waive(attested.findings, exceptions);
  return { findings: waived.findings, notes: [...attested.notes, ...waived.notes] };
}

function attest(findings: readonly Finding[], { attestations, today }: Exceptions): { findings: Finding[]; notes: Note[] } {
  const notes: Note[] = [];
  const byCheck = new Map<string, Attestation[]>();
  for (const attestation of attestations) {
    const subject = `Attestation of ${attestation.check} by ${attestation.by}`;
    const matching = findings.filter((f) => matches(attestation, f));
    if (attestation.expires < today) notes.push(note(`${subject} expired on ${attestation.expires} and has no effect.`));
    else if (attestation.on > today) notes.push(note(`${subject} is dated ${attestation.on}, after this audit, and has no effect.`));
    else if (matching.length === 0) notes.push(note(`${subject} answers no check of this audit.`));
    else if (!matching.some(isOpen)) notes.push(note(`${subject} has no effect: ${whyNot(matching)}.`));
    else {
      const age = daysBetween(attestation.on, today);
      if (age > oldAfterDays) notes.push(note(`${subject} is ${age} days old; it expires on ${attestation.expires}.`));
      byCheck.set(attestation.check, [...(byCheck.get(attestation.check) ?? []), attestation]);
    }
  }
  return {
    notes,
    findings: findings.map((finding) => {
      const attestation = isOpen(finding) ? byCheck.get(finding.check)?.find((a) => matches(a, finding)) : undefined;
      return attestation ? attestedFinding(finding, attestation) : finding;
    }),
  };
}

const isOpen = (f: Finding): boolean => f.outcome === 'unknown' || (f.outcome === 'fail' && f.kind === 'missing');

function whyNot(findings: readonly Finding[]): string {
  if (findings.some((f) => f.outcome === 'fail' && f.kind !== 'missing')) return 'a violation was seen, and no statement overrides that';
  if (findings.some((f) => f.outcome === 'error')) return 'the check could not be carried out';
  return findings.some((f) => f.outcome === 'pass') ? 'the evidence already decides it' : 'the check is not applicable';
}

function attestedFinding(finding: Finding, { by, on, statement, evidence, expires, outcome }: Attestation): Finding {
  const said: Evidence = { probe: 'attestation', answer: 'yes', violation: false, message: `${statement} (${evidence})` };
  return {
    ...finding,
    outcome,
    kind: null,
    summary: `Attested by ${by} on ${on}: ${statement}`,
    evidence: outcome === 'pass' ? [said] : [],
    held: null,
    total: null,
    rung: null,
    attestation: { by, on, statement, evidence, expires },
  };
}

function waive(findings: readonly Finding[], { waivers, today }: Exceptions): { findings: Finding[]; notes: Note[] } {
  const notes: Note[] = [];
  const valid: { waiver: Waiver; covers: (e: Evidence) => boolean }[] = [];
  for (const waiver of waivers) {
    const subject = `Waiver of ${waiver.check} by ${waiver.owner}`;
    const failing = findings.filter((f) => matches(waiver, f) && f.outcome === 'fail');
    const covers = coverage(waiver);
    if (waiver.expires < today) notes.push(note(`${subject} expired on ${waiver.expires} and has no effect.`));
    else if (!findings.some((f) => matches(waiver, f))) notes.push(note(`${subject} names no check of this audit.`));
    else if (!failing.some((f) => against(f).some(covers) || (!waiver.paths && against(f).length === 0))) {
      notes.push(note(`${subject} has no effect: nothing that it covers fails. Remove it.`));
    } else valid.push({ waiver, covers });
  }
  return {
    notes,
    findings: findings.map((finding) => {
      if (finding.outcome !== 'fail') return finding;
      const applicable = valid.filter(({ waiver }) => matches(waiver, finding));
      const first = applicable[0];
      if (!first) return finding;
      const open = against(finding).filter((e) => !applicable.some(({ covers }) => covers(e)));
      const waiver = applicable.find(({ waiver: w }) => !w.paths)?.waiver ?? first.waiver;
      const wholly = open.length === 0 && (against(finding).length > 0 || !waiver.paths);
      if (wholly) return { ...finding, waiver: { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires } };
      return partlyWaived(finding, open);
    }),
  };
}

/** What is accepted moves behind what is not, and says so; the kind is that of what remains. */
function partlyWaived(finding: Finding, open: readonly Evidence[]): Finding {
  const accepted = finding.evidence
    .filter((e) => !open.includes(e))
    .map((e) => (e.answer === 'no' ? { ...e, message: `${e.message} (waived)` } : e));
  if (accepted.length === 0) return finding;
  const kind = finding.kind === 'disagreement' ? finding.kind : open.some((e) => e.violation) ? 'violation' : 'missing';
  return { ...finding, kind, summary: open[0]?.message ?? finding.summary, evidence: [...open, ...accepted] };
}

const against = (finding: Finding): Evidence[] => finding.evidence.filter((e) => e.answer === 'no');

function coverage(waiver: Waiver): (e: Evidence) => boolean {
  if (!waiver.paths) return () => true;
  const inside = picomatch([...waiver.paths], { dot: true, noextglob: true });
  return (e) => e.location !== undefined && inside(e.location.path);
}

function matches(exception: Waiver | Attestation, finding: Finding): boolean {
  return exception.check === finding.check && (exception.deployable === undefined || exception.deployable === finding.deployable);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

const note = (message: string): Note => ({ kind: 'exception', message });
