import picomatch from 'picomatch';
import type { Attestation, Waiver } from '../model/checklist.js';
import type { Evidence } from '../model/evidence.js';
import type { Finding, Found, Suppression } from '../model/report.js';
import type { Note } from '../model/target.js';
import { nearest } from '../safe/nearest.js';

/** What people have said about findings, and the day on which it is read (YYYY-MM-DD). */
export interface Exceptions {
  readonly waivers: readonly Waiver[];
  readonly attestations: readonly Attestation[];
  /** Comments beside the code, as the concept `suppressions` has them. */
  readonly suppressions?: readonly Suppression[];
  /** Ids that a comment may name though this audit does not judge them. */
  readonly known?: readonly string[];
  /** Whether a condition over `uses` and `has` holds for a deployable, or (null) for the repository. May throw. */
  holds?(expression: string, deployable: string | null): boolean;
  /** Days for which an attestation counts from its date, by check; default: `attestationDays`. */
  readonly days?: ReadonlyMap<string, number>;
  readonly today: string;
}

export interface Excepted {
  readonly findings: Finding[];
  /** One for every exception that had no effect, and why. */
  readonly notes: Note[];
  /** The comments that had an effect. */
  readonly suppressions: Suppression[];
}

/** From this age in days an attestation that still holds is mentioned in the notes. */
const oldAfterDays = 180;
/** Evidence older than this many days no longer counts, whatever its `expires` says, unless the check says otherwise. */
export const attestationDays = 365;
/** As for waivers: shorter ones explain nothing. */
const shortestReason = 10;
/** Notes on comments without effect; whoever has more of them needs no list. */
const notesOfComments = 100;

/**
 * Findings with attestations, waivers and comments applied, and a note on every one that had no effect and why.
 *
 * A waiver accepts a failure: it stays a failure without points, and trips no gate. With `paths`, it covers only the
 * evidence at those places, and a comment beside the code only that at its lines; a failure is waived when all of its
 * evidence against is covered. An attestation answers what no evidence decided: an unknown, or something missing; it never
 * overrides a violation that was seen, nor an error. What was found before is kept in `before` where more than the waiver changed.
 */
export function applyExceptions(findings: readonly Finding[], exceptions: Exceptions): Excepted {
  const attested = attest(findings, exceptions);
  const waived = waive(attested.findings, exceptions);
  return {
    findings: waived.findings.map((finding, index) => withBefore(finding, findings[index] as Finding)),
    notes: [...attested.notes, ...waived.notes],
    suppressions: waived.suppressions,
  };
}

/** What a check found by itself. */
export const foundOf = ({ outcome, kind, summary, evidence, held, total, rung }: Finding): Found => ({
  outcome,
  kind,
  summary,
  evidence,
  held,
  total,
  rung,
});

const withBefore = (finding: Finding, original: Finding): Finding =>
  finding.evidence === original.evidence && finding.outcome === original.outcome ? finding : { ...finding, before: foundOf(original) };

function attest(findings: readonly Finding[], exceptions: Exceptions): { findings: Finding[]; notes: Note[] } {
  const notes: Note[] = [];
  const byCheck = new Map<string, Attestation[]>();
  for (const attestation of exceptions.attestations) {
    const subject = `Attestation of ${attestation.check} by ${attestation.by}`;
    const matching = findings.filter((f) => matches(attestation, f));
    const refused = lapsed(attestation, exceptions);
    if (refused) notes.push(note(`${subject} ${refused}`));
    else if (matching.length === 0) notes.push(note(`${subject} answers no check of this audit.`));
    else if (!matching.some(isOpen)) notes.push(note(`${subject} has no effect: ${whyNot(matching)}.`));
    else {
      const age = daysBetween(attestation.on, exceptions.today);
      if (age > oldAfterDays) notes.push(note(`${subject} is ${age} days old; it holds until ${lastDay(attestation, exceptions)}.`));
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

/** Why an attestation has no effect on that day and in that repository; null where it has. */
function lapsed(attestation: Attestation, exceptions: Exceptions): string | null {
  const { on, expires, check } = attestation;
  const { today } = exceptions;
  if (expires < today) return `expired on ${expires} and has no effect.`;
  if (on > today) return `is dated ${on}, after this audit, and has no effect.`;
  const most = exceptions.days?.get(check) ?? attestationDays;
  const age = daysBetween(on, today);
  if (age > most) return `is ${age} days old and has no effect: evidence counts for ${most} days. Look again, and date it anew.`;
  if (attestation.while === undefined || !exceptions.holds) return null;
  try {
    if (exceptions.holds(attestation.while, attestation.deployable ?? null)) return null;
    return `has no effect: it was given while ${attestation.while}, which no longer holds. Look again.`;
  } catch (error) {
    return `has no effect: its condition ${attestation.while} cannot be evaluated (${error instanceof Error ? error.message : String(error)}).`;
  }
}

function lastDay({ on, expires, check }: Attestation, { days }: Exceptions): string {
  const counts = new Date(Date.parse(on) + (days?.get(check) ?? attestationDays) * 86_400_000).toISOString().slice(0, 10);
  return counts < expires ? counts : expires;
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

/** One waiver or comment that has an effect. */
interface Acceptance {
  readonly waiver: NonNullable<Finding['waiver']>;
  /** The whole failure, what has no place included. */
  readonly whole: boolean;
  applies(finding: Finding): boolean;
  covers(evidence: Evidence): boolean;
}

function waive(findings: readonly Finding[], exceptions: Exceptions): Excepted {
  const byWaiver = waiversInForce(findings, exceptions);
  const byComment = commentsInForce(findings, exceptions);
  const acceptances = [...byWaiver.acceptances, ...byComment.acceptances];
  return {
    notes: [...byWaiver.notes, ...byComment.notes],
    suppressions: byComment.suppressions,
    findings: acceptances.length === 0 ? [...findings] : findings.map((finding) => accepted(finding, acceptances)),
  };
}

function waiversInForce(findings: readonly Finding[], { waivers, today }: Exceptions): { acceptances: Acceptance[]; notes: Note[] } {
  const notes: Note[] = [];
  const acceptances: Acceptance[] = [];
  for (const waiver of waivers) {
    const subject = `Waiver of ${waiver.check} by ${waiver.owner}`;
    const covers = coverage(waiver);
    const acts = (f: Finding): boolean => against(f).some(covers) || (!waiver.paths && against(f).length === 0);
    if (waiver.expires < today) notes.push(note(`${subject} expired on ${waiver.expires} and has no effect.`));
    else if (!findings.some((f) => matches(waiver, f))) notes.push(note(`${subject} names no check of this audit.`));
    else if (!findings.some((f) => matches(waiver, f) && f.outcome === 'fail' && acts(f)))
      notes.push(note(`${subject} has no effect: nothing that it covers fails. Remove it.`));
    else
      acceptances.push({
        waiver: { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires },
        whole: !waiver.paths,
        applies: (finding) => matches(waiver, finding),
        covers,
      });
  }
  return { acceptances, notes };
}

function commentsInForce(
  findings: readonly Finding[],
  { suppressions = [], known = [] }: Exceptions,
): { acceptances: Acceptance[]; notes: Note[]; suppressions: Suppression[] } {
  const notes: Note[] = [];
  const acceptances: Acceptance[] = [];
  const inForce: Suppression[] = [];
  let silent = 0;
  const ids = suppressions.length === 0 ? new Set<string>() : new Set([...known, ...findings.map((f) => f.check)]);
  const judged = new Set(findings.map((f) => f.check));
  for (const { check, path, line, covers: lines, reason } of suppressions) {
    const covers = ({ location }: Evidence): boolean => location?.path === path && lines.includes(location.line ?? 1);
    const location = { path, line };
    const say = (why: string): void => {
      silent += 1;
      if (silent <= notesOfComments) notes.push({ ...note(`\`readiness: ignore ${check}\` has no effect: ${why}`), location });
    };
    if (check === '') say('it names no check; write `readiness: ignore category/name -- reason`.');
    else if (!ids.has(check)) {
      const near = silent < notesOfComments ? nearest(check, ids) : null;
      say(`no check is called ${check}${near ? `; did you mean ${near}?` : '.'}`);
    } else if (reason.length < shortestReason)
      say(
        reason === '' ? `it gives no reason; write \`readiness: ignore ${check} -- reason\`.` : `\`${reason}\` is too short for a reason.`,
      );
    else if (findings.some((f) => f.check === check && f.outcome === 'fail' && against(f).some(covers))) {
      inForce.push({ check, path, line, covers: [...lines], reason });
      acceptances.push({
        waiver: { reason, owner: `comment at ${path}:${line}`, expires: null, place: location },
        whole: false,
        applies: (finding) => finding.check === check,
        covers,
      });
    } else if (judged.has(check)) say('nothing fails there. Remove it.');
  }
  if (silent > notesOfComments) notes.push(note(`${silent - notesOfComments} more comments have no effect.`));
  return { acceptances, notes, suppressions: inForce };
}

function accepted(finding: Finding, acceptances: readonly Acceptance[]): Finding {
  if (finding.outcome !== 'fail') return finding;
  const evidence = against(finding);
  const acting = acceptances.filter((a) => a.applies(finding) && (a.whole || evidence.some((e) => a.covers(e))));
  const whole = acting.find((a) => a.whole);
  if (whole) return { ...finding, waiver: whole.waiver };
  const first = acting[0];
  if (!first) return finding;
  const uncovered = evidence.filter((e) => !acting.some((a) => a.covers(e)));
  // That the good state is missing is the other half of a violation: whoever accepts all that was seen accepts it too.
  const halves = finding.kind !== 'missing' && uncovered.every((e) => !e.violation && !e.location && e.where === undefined);
  const open = halves ? [] : uncovered;
  // Places that the report left out may be anywhere.
  if (open.length === 0 && !finding.omitted) return { ...finding, waiver: { ...first.waiver, reason: joined(acting) } };
  return partlyWaived(finding, open, acting);
}

const joined = (acceptances: readonly Acceptance[]): string => {
  const reasons = [...new Set(acceptances.map((a) => a.waiver.reason))];
  return reasons.slice(0, 3).join('; ') + (reasons.length > 3 ? ` and ${reasons.length - 3} more reasons` : '');
};

/** What is accepted moves behind what is not, and says so; the kind is that of what remains. */
function partlyWaived(finding: Finding, open: readonly Evidence[], acting: readonly Acceptance[]): Finding {
  const marked = finding.evidence
    .filter((e) => !open.includes(e))
    .map((e) => {
      const by = e.answer === 'no' ? acting.find((a) => a.covers(e)) : undefined;
      return by ? { ...e, message: `${e.message} (waived: ${by.waiver.reason})`, waived: by.waiver.reason } : e;
    });
  const kind = finding.kind === 'disagreement' || open.some((e) => e.violation) || open.length === 0 ? finding.kind : 'missing';
  return { ...finding, kind, summary: open[0]?.message ?? finding.summary, evidence: [...open, ...marked] };
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
