import type { ChecklistItem } from '../model/checklist.js';
import type { Finding, Outcome, Report } from '../model/report.js';

type JudgedItem = NonNullable<Report['checklist']['sections'][number]['items']>[number];

/** The worst of several outcomes decides; what does not apply decides nothing beside what does. */
const order: readonly Outcome[] = ['fail', 'error', 'unknown', 'pass', 'not-applicable'];

/**
 * Lines of somebody's own checklist, in their order, each with an outcome: of the checks that it names, or of the signature that
 * stands beside it. Without either, and with a signature that is incomplete or out of date (`today` is YYYY-MM-DD), nobody can tell.
 */
export function judgeItems(items: readonly ChecklistItem[], findings: readonly Finding[], today: string): JudgedItem[] {
  const byCheck = new Map(findings.filter((f) => f.deployable === null).map((f) => [f.check, f]));
  return items.map(({ text, checks = [], attestation }): JudgedItem => {
    const judged = checks.map((id) => byCheck.get(id)).filter((f) => f !== undefined);
    const worst = [...judged].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))[0];
    if (checks.length > 0) {
      if (!worst) return { text, checks, outcome: 'unknown', summary: 'the checks of this line are switched off' };
      return { text, checks, outcome: worst.outcome, summary: worst.summary };
    }
    const { owner = '', on = '', evidence = '', expires = '' } = attestation ?? {};
    const open = Object.entries({ owner, on, evidence, expires }).flatMap(([name, value]) => (value === '' ? [name] : []));
    if (open.length === 4) return { text, checks, outcome: 'unknown', summary: 'no check covers this; to be attested' };
    if (open.length > 0) return { text, checks, outcome: 'unknown', summary: `the attestation is incomplete: ${open.join(', ')}` };
    if (expires < today) return { text, checks, outcome: 'unknown', summary: `the attestation of ${owner} expired on ${expires}` };
    return { text, checks, outcome: 'pass', summary: `attested by ${owner} on ${on}: ${evidence}` };
  });
}
