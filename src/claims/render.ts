import type { ChalkInstance } from 'chalk';
import type { ClaimVerdict, ClaimsReport, JudgedClaim } from '../model/claims.js';
import { oneLine } from '../safe/escape.js';
import { worstFirst } from './verify.js';

/** The report as JSON; invisible characters are written as escapes. */
export function claimsJson(report: unknown): string {
  return `${JSON.stringify(report, null, 2).replace(/[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

const names: Readonly<Record<ClaimVerdict, string>> = {
  verified: 'verified',
  contradicted: 'CONTRADICTED',
  unsupported: 'unsupported',
  'not-verifiable': 'not verifiable here',
  outdated: 'outdated',
  'not-a-claim': 'not a claim',
};
/** Claims of one verdict that are listed without `verbose`. */
const listed = 12;

/** The report for people: summary, worst claims first, scores beside the computed ones. */
export function claimsTerminal(
  report: ClaimsReport,
  { chalk, width, verbose }: { chalk: ChalkInstance; width: number; verbose: boolean },
): string {
  const { counts, document } = report;
  const colour: Readonly<Record<ClaimVerdict, ChalkInstance>> = {
    verified: chalk.green,
    contradicted: chalk.red.bold,
    unsupported: chalk.yellow,
    'not-verifiable': chalk.cyan,
    outdated: chalk.magenta,
    'not-a-claim': chalk.dim,
  };
  const lines = [
    `${chalk.bold(oneLine(document.path))}  ${document.lines} lines, ${report.claims.length} claims, against ${oneLine(report.target.name)}`,
    '',
    `  ${chalk.bold('Honesty index')}  ${report.honesty === null ? 'none: nothing could be decided' : `${report.honesty} % of ${counts.verified + counts.contradicted + counts.unsupported + counts.outdated} decidable claims hold`}`,
    `  ${(Object.keys(names) as ClaimVerdict[])
      .filter((v) => counts[v] > 0)
      .map((v) => colour[v](`${counts[v]} ${names[v]}`))
      .join(', ')}`,
    ...report.notes.map((note) => chalk.dim(`  note: ${oneLine(note)}`)),
  ];
  const sorted = worstFirst(report.claims);
  for (const verdict of ['contradicted', 'unsupported', 'outdated', 'not-verifiable', 'verified', 'not-a-claim'] as const) {
    const claims = sorted.filter((c) => c.verdict === verdict);
    if (claims.length === 0 || (!verbose && (verdict === 'verified' || verdict === 'not-a-claim'))) continue;
    lines.push('', colour[verdict](names[verdict]));
    const shown = verbose ? claims : claims.slice(0, listed);
    for (const claim of shown) lines.push(...claimLines(claim, width, chalk, verbose || verdict === 'contradicted'));
    if (shown.length < claims.length) lines.push(chalk.dim(`  and ${claims.length - shown.length} more; --verbose lists all`));
  }
  lines.push(...scoreLines(report, chalk, width, verbose));
  return `${lines.join('\n')}\n`;
}

function claimLines(claim: JudgedClaim, width: number, chalk: ChalkInstance, evidence: boolean): string[] {
  const head = `  ${String(claim.line).padStart(4)}  `;
  const lines = [`${chalk.dim(head)}${cut(claim.text, width - head.length)}`];
  const indent = ' '.repeat(head.length);
  lines.push(...wrapped(claim.reason, width - head.length).map((line) => `${indent}${chalk.dim(line)}`));
  if (evidence)
    for (const e of claim.evidence.filter((x) => x.location).slice(0, 3))
      lines.push(cut(`${indent}${place(e.location!)}  ${e.excerpt ?? e.message}`, width));
  if (evidence && claim.settle)
    lines.push(...wrapped(`would settle it: ${claim.settle}`, width - head.length).map((line) => `${indent}${chalk.dim(line)}`));
  if (evidence && claim.judgedBy.length > 0) lines.push(chalk.dim(cut(`${indent}${claim.judgedBy.join(', ')}`, width)));
  return lines;
}

function scoreLines(report: ClaimsReport, chalk: ChalkInstance, width: number, verbose: boolean): string[] {
  const compared = report.scores.filter((s) => s.value !== null && (s.computed !== null || verbose));
  if (!report.computed) return [];
  const { verdict, score, coverage } = report.computed;
  return [
    '',
    chalk.bold('Ratings of the document beside the computed ones'),
    ...compared
      .slice(0, verbose ? 100 : 16)
      .map((s) =>
        cut(
          `  ${String(s.line).padStart(4)}  ${oneLine(s.subject).slice(0, 34).padEnd(34)}  claimed ${String(s.value).padStart(5)}  computed ${String(s.computed ?? 'none').padStart(5)}  ${s.comparedWith ?? ''}`,
          width,
        ),
      ),
    `        ${'the whole repository'.padEnd(34)}  computed ${score ?? 'none'}, ${verdict}, decided on ${coverage} %`,
  ];
}

const place = (p: { path: string; line?: number | undefined }): string => `${oneLine(p.path)}${p.line === undefined ? '' : `:${p.line}`}`;
const cut = (text: string, width: number): string => {
  const line = oneLine(text.trimStart());
  const lead = text.length - text.trimStart().length;
  return ' '.repeat(lead) + (line.length > width - lead ? `${line.slice(0, Math.max(8, width - lead - 1))}…` : line);
};

/** At most three lines, broken between words. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = '';
      if (lines.length === 3) return [...lines.slice(0, 2), `${lines[2]!.slice(0, width - 1)}…`];
    }
    line += (line === '' ? '' : ' ') + word.slice(0, width);
  }
  return line === '' ? lines : [...lines, line];
}
