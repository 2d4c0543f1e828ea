import type { Finding, Report } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import { failuresOf, ownFindings } from '../safe/fingerprint.js';
import { worstFirst } from './words.js';

/** One failure at one place, as tools that annotate code want it. */
export interface Annotation {
  readonly finding: Finding;
  /** null for something missing, and for what a running system shows: it has no place in a file. */
  readonly path: string | null;
  readonly line: number;
  readonly column: number | null;
  /** One line: what was found. */
  readonly message: string;
  /** Why it is accepted; null where it is not. */
  readonly waived: NonNullable<Finding['waiver']> | { readonly reason: string } | null;
  /** Stays the same when lines move, see `failuresOf`. */
  readonly fingerprint: string;
}

/** Every failure at each of its places (waived ones too), the worst first; what is missing appears once, without a place. */
export function annotationsOf(report: Report): Annotation[] {
  const failures = failuresOf(worstFirst(ownFindings(report.findings))).filter((f) => !f.companion);
  return failures.map(({ finding, evidence, message, fingerprint }) => {
    const { where } = evidence ?? {};
    // What the running system lacks is mended where it is declared.
    const location = evidence?.location ?? finding.disagreement?.declared.location;
    const said = where !== undefined && !message.includes(where) ? `${where}: ${message}` : message;
    return {
      finding,
      path: location?.path ?? null,
      line: location?.line ?? 1,
      column: location?.column ?? null,
      message: oneLine(finding.deployable === null ? said : `${finding.deployable}: ${said}`).replace(/\.$/, ''),
      waived: finding.waiver ?? (evidence?.waived === undefined ? null : { reason: evidence.waived }),
      fingerprint,
    };
  });
}
