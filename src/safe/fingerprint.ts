import { createHash } from 'node:crypto';
import type { Evidence } from '../model/evidence.js';
import type { Finding, Report } from '../model/report.js';

/** One failure at one place (or, where something is missing, at none), with what identifies it across reports. */
export interface Failure {
  readonly finding: Finding;
  /** null for what is missing. */
  readonly evidence: Evidence | null;
  readonly message: string;
  readonly waived: boolean;
  /** What is missing beside violations that were seen: the other half of the same failure, which is told only when they are gone. */
  readonly companion: boolean;
  /**
   * Of the check, the deployable, the path, the text that stands there, and its number among equal ones: 40 hexadecimal digits
   * that stay the same when lines move. What is missing has neither path nor text, so that its wording may change.
   */
  readonly fingerprint: string;
  /** The same without the deployable and the path: what a renamed file or deployable keeps. */
  readonly text: string;
}

/**
 * Findings that stand for themselves: those of deployables, and those of the repository where no deployable has one or where a
 * running system was heard on their roll-up.
 */
export function ownFindings(findings: readonly Finding[]): Finding[] {
  const several = new Set(findings.filter((f) => f.deployable !== null).map((f) => f.check));
  return findings.filter((f) => f.deployable !== null || !several.has(f.check) || isLive(f));
}

/** Something that a running system showed decides it. */
export const isLive = (finding: Finding): boolean => finding.evidence.some((e) => e.where !== undefined && e.answer !== 'unknown');

/** Every failure of these findings, in their order. Each violation is one; all that is missing for one finding is one. */
export function failuresOf(findings: readonly Finding[]): Failure[] {
  const seen = new Map<string, number>();
  return findings
    .filter((f) => f.outcome === 'fail')
    .flatMap((finding) => {
      const against = finding.evidence.filter((e) => e.answer === 'no');
      const placed = against.filter((e) => e.violation || e.location);
      const spots: (Evidence | null)[] = placed.length === 0 ? [null] : placed.length < against.length ? [...placed, null] : placed;
      return spots.map((evidence) => {
        const text = JSON.stringify([finding.check, evidence ? textOf(evidence) : null]);
        const identity = JSON.stringify([text, finding.deployable, evidence?.location?.path ?? evidence?.where ?? null]);
        const number = seen.get(identity) ?? 0;
        seen.set(identity, number + 1);
        return {
          finding,
          evidence,
          message: (evidence ?? (placed.length > 0 ? against.find((e) => !placed.includes(e)) : undefined))?.message ?? finding.summary,
          companion: evidence === null && placed.length > 0,
          waived: finding.waiver !== null || evidence?.waived !== undefined,
          fingerprint: createHash('sha256').update(`${identity}#${number}`).digest('hex').slice(0, 40),
          text,
        };
      });
    });
}

/** All failures of a report. */
export const failuresIn = (report: Pick<Report, 'findings'>): Failure[] => failuresOf(ownFindings(report.findings));

/** The line that was seen, else what is said about it, without places and spaces that change by themselves. */
function textOf({ excerpt, message, waived }: Evidence): string {
  const said = waived === undefined ? message : message.slice(0, message.length - ` (waived: ${waived})`.length);
  return (excerpt || said.replace(/:\d+(?::\d+)?(?!\d)/g, '')).replace(/\s+/g, ' ').trim();
}
