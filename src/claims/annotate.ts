import type { ClaimsReport, JudgedClaim } from '../model/claims.js';
import { escapeMarkdown } from '../safe/escape.js';

/** What an annotation begins with; it is an HTML comment, so that renderings show only what follows. */
const marker = '<!-- readiness -->';
const annotated = new RegExp(`\\s*${marker}.*$`);
const tickedBox = /^(\s*(?:>\s*)*(?:(?:[-*+]|\d{1,9}[.)])\s+)?)\[[xX]\](?=\s)/;
const tick = /[✅☑✔✓]\ufe0f?/u;

/**
 * The document with its contradicted claims corrected: a ticked box is opened, a tick becomes a cross, and the reason stands behind
 * it. Everything else stays as it is, byte for byte. A second run changes nothing.
 */
export function annotate(source: string, report: ClaimsReport): string {
  const lines = source.split('\n');
  const byLine = new Map<number, JudgedClaim>();
  for (const claim of report.claims) if (claim.verdict === 'contradicted' && !byLine.has(claim.line)) byLine.set(claim.line, claim);
  for (const claim of report.claims) {
    const at = claim.line - 1;
    const line = lines[at];
    if (line === undefined) continue;
    if (claim.verdict === 'verified' && claim.state === 'asserts' && annotated.test(line))
      lines[at] = line.replace(annotated, ending(line));
  }
  for (const [number, claim] of byLine) {
    const at = number - 1;
    const line = lines[at];
    // Code, tables and headings keep their form: a note would break it.
    if (line === undefined || claim.kind === 'env' || claim.kind === 'code-comment' || claim.kind === 'diagram') continue;
    const bare = line.replace(annotated, '').replace(/\r$/, '').trimEnd();
    const opened = tickedBox.test(bare) ? bare.replace(tickedBox, '$1[ ]') : bare.replace(tick, '❌');
    const note = ` ${marker} **contradicted**: ${reasonOf(claim)}`;
    lines[at] = (claim.kind === 'table-row' ? inLastCell(opened, note) : opened + note) + ending(line);
  }
  return lines.join('\n');
}

const ending = (line: string): string => (line.endsWith('\r') ? '\r' : '');

function reasonOf(claim: JudgedClaim): string {
  const place = claim.evidence.find((e) => e.location)?.location;
  const where = place ? ` (\`${place.path.replace(/[`\r\n]/g, '')}${place.line === undefined ? '' : `:${place.line}`}\`)` : '';
  return `${escapeMarkdown(claim.reason.length > 200 ? `${claim.reason.slice(0, 199)}…` : claim.reason)}${where}`;
}

function inLastCell(line: string, note: string): string {
  const end = line.lastIndexOf('|');
  return end > 0 && line.slice(end + 1).trim() === '' ? `${line.slice(0, end).trimEnd()}${note} ${line.slice(end)}` : line + note;
}

/** The change as a unified diff, empty where there is none. */
export async function unifiedDiff(name: string, before: string, after: string): Promise<string> {
  if (before === after) return '';
  const { createTwoFilesPatch } = await import('diff');
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, { context: 1 });
}
