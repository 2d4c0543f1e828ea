import type { Effort, Phase, Severity } from '../model/check.js';
import type { Evidence } from '../model/evidence.js';
import type { Finding, Report, Verdict } from '../model/report.js';

/** Words and small notations that all formats share. Nothing here is escaped: each format does that for its own medium. */

const capitals: Readonly<Record<string, string>> = { api: 'API', 'code-quality': 'Code quality', 'data-protection': 'Data protection' };

/** `data-protection` as a heading: Data protection. */
export function categoryTitle(name: string): string {
  if (Object.hasOwn(capitals, name)) return capitals[name] ?? name;
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const phaseTitles: Readonly<Record<Phase, string>> = {
  'pre-deployment': 'Before the deployment',
  validation: 'Deployment validation',
  'post-deployment': 'After the deployment',
};

export const severityOrder: readonly Severity[] = ['critical', 'important', 'recommended'];

/** When something of this severity should be done. */
export const timelines: Readonly<Record<Severity, string>> = {
  critical: 'before production',
  important: 'within 30 days',
  recommended: 'later',
};

export const priorities: Readonly<Record<Severity, string>> = { critical: 'Critical', important: 'High', recommended: 'Medium' };

/** Working hours that an effort stands for in sums: half an hour, half a day, two days. */
export const effortHours: Readonly<Record<Effort, number>> = { minutes: 0.5, hours: 4, days: 16 };

/** How a failure is meant. */
export const kindTexts: Readonly<Record<NonNullable<Finding['kind']>, string>> = {
  violation: 'violation seen',
  missing: 'evidence missing',
  disagreement: 'declared and observed differ',
};

/** One sentence that says what a verdict means. */
export const verdictMeanings: Readonly<Record<Verdict, string>> = {
  'DO NOT DEPLOY': 'A critical fault was seen. It has to be fixed before this runs in production.',
  'NOT READY': 'Something critical is missing, a threshold is not met, or too little could be decided.',
  'READY WITH CONDITIONS': 'Nothing critical stands against production; the conditions below remain.',
  READY: 'No critical and no important check fails.',
};

/** 3.5 as ★★★½☆, or as 3.5/5 without Unicode; no stars as a dash. */
export function starsText(stars: number | null, unicode = true): string {
  if (stars === null) return unicode ? '–' : '-';
  if (!unicode) return `${stars}/5`;
  const whole = Math.floor(stars);
  const half = stars > whole;
  return '★'.repeat(whole) + (half ? '½' : '') + '☆'.repeat(5 - whole - Number(half));
}

export const scoreText = (value: number | null): string => (value === null ? 'none' : String(value));

/** `path:line`, or the endpoint that was looked at, or '' where evidence has neither. */
export function placeText(evidence: Pick<Evidence, 'location' | 'where'> | undefined): string {
  const location = evidence?.location;
  if (!location) return evidence?.where ?? '';
  return `${location.path}${location.line === undefined ? '' : `:${location.line}`}`;
}

/** The code that a failure stands on, and the line of its beginning; null where none is known. */
export function codeOf(evidence: Evidence | undefined): { readonly line: number | undefined; readonly text: string } | null {
  if (evidence?.frame) return { line: evidence.frame.line, text: evidence.frame.lines.join('\n') };
  return evidence?.excerpt ? { line: evidence.location?.line, text: evidence.excerpt } : null;
}

/** The evidence that a reader looks at first: against the check where it fails, and with a place where there is one. */
export function mainEvidence(finding: Finding): Evidence | undefined {
  return finding.evidence.find((e) => e.violation) ?? finding.evidence.find((e) => e.location) ?? finding.evidence[0];
}

/** At most `length` characters (UTF-16 units), an ellipsis where something was cut off. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/\p{Surrogate}$/u, '')}…`;
}

/** 1 check, 2 checks. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** 0.5 as `30 minutes`, 4 as `4 hours`, 40 as `5 days` of eight hours. */
export function hoursText(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} minutes`;
  if (hours < 16) return plural(Math.round(hours), 'hour');
  return plural(Math.round(hours / 8), 'day');
}

/** `main@1a2b3c4`, marked where the work tree differs from the commit. */
export function commitText({ branch, commit, dirty }: Report['target']): string {
  if (!commit) return 'no commit';
  return `${branch ? `${branch}@` : ''}${commit.slice(0, 7)}${dirty ? ' (with uncommitted changes)' : ''}`;
}

/** `production: 3 endpoints looked at, 40 questions answered, 2 not`; null where no running system was looked at. */
export function environmentText({ environment }: Pick<Report, 'environment'>): string | null {
  if (!environment) return null;
  const { name, endpoints, measured, unknown } = environment;
  const shown = endpoints.length <= 3 && endpoints.length > 0 ? endpoints.join(', ') : plural(endpoints.length, 'endpoint');
  return `${name}: ${shown} looked at, ${plural(measured, 'question')} answered${unknown > 0 ? `, ${unknown} not` : ''}`;
}

/** Roll-ups only: one finding for each check. */
export const rolledUp = (report: Report): Finding[] => report.findings.filter((f) => f.deployable === null);

const stateOrder = (f: Finding): number => (f.waiver ? 4 : 0) + severityOrder.indexOf(f.severity) + (f.kind === 'missing' ? 0.5 : 0);

/** Failures with the worst first: open before waived, severity, violations before what is missing, weight, id. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => stateOrder(a) - stateOrder(b) || b.weight - a.weight || (a.check < b.check ? -1 : a.check > b.check ? 1 : 0),
  );
}
