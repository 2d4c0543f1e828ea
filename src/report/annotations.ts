import { createHash } from 'node:crypto';
import type { Finding, Report } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import { rolledUp, worstFirst } from './words.js';

/** One failure at one place, as tools that annotate code want it. */
export interface Annotation {
  readonly finding: Finding;
  /** null for something missing: it has no place. */
  readonly path: string | null;
  readonly line: number;
  readonly column: number | null;
  /** One line: what was found. */
  readonly message: string;
  /** Stays the same when lines move: of the check, the path, the message, and its number among equal ones. */
  readonly fingerprint: string;
}

/** Every failure at each of its places (waived ones too), the worst first; what is missing appears once, without a place. */
export function annotationsOf(report: Report): Annotation[] {
  const seen = new Map<string, number>();
  return worstFirst(rolledUp(report).filter((f) => f.outcome === 'fail')).flatMap((finding) => {
    const placed = finding.evidence.filter((e) => e.answer === 'no' && e.location);
    const spots = placed.length > 0 ? placed : [{ message: finding.summary, location: undefined }];
    return spots.map(({ location, message }) => {
      const identity = JSON.stringify([finding.check, location?.path ?? null, message]);
      const number = seen.get(identity) ?? 0;
      seen.set(identity, number + 1);
      return {
        finding,
        path: location?.path ?? null,
        line: location?.line ?? 1,
        column: location?.column ?? null,
        message: oneLine(message).replace(/\.$/, ''),
        fingerprint: createHash('sha256').update(`${identity}#${number}`).digest('hex').slice(0, 40),
      };
    });
  });
}
