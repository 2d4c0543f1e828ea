import type { Finding } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import type { Format } from './format.js';
import { acceptedUntil } from './waiver.js';
import { mainEvidence } from './words.js';

const columns: readonly (readonly [name: string, value: (f: Finding) => string | number | null | undefined])[] = [
  ['check', (f) => f.check],
  ['title', (f) => f.title],
  ['category', (f) => f.category],
  ['severity', (f) => f.severity],
  ['deployable', (f) => f.deployable],
  ['outcome', (f) => f.outcome],
  ['kind', (f) => f.kind],
  ['summary', (f) => f.summary],
  ['path', (f) => mainEvidence(f)?.location?.path],
  ['line', (f) => mainEvidence(f)?.location?.line],
  ['held', (f) => f.held],
  ['total', (f) => f.total],
  ['weight', (f) => f.weight],
  ['effort', (f) => f.effort],
  ['phase', (f) => f.phase],
  ['fix', (f) => f.fix.text],
  ['waived until', (f) => f.waiver && acceptedUntil(f.waiver)],
  ['attested by', (f) => f.attestation?.by],
];

/** RFC 4180: one row for each finding, those of deployables after their roll-up. */
export const csv: Format = {
  name: 'csv',
  extension: 'csv',
  render(report) {
    const rows = report.findings.map((f) => columns.map(([, value]) => cell(value(f))));
    return [columns.map(([name]) => name), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
  },
};

/** Quoted where needed; a leading = + - @ gets an apostrophe, or a spreadsheet would take the text as a formula. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = oneLine(value).replace(/^[=+\-@]/, "'$&");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
