import { readFileSync, statSync } from 'node:fs';
import { UsageError } from '../model/error.js';
import type { Report } from '../model/report.js';
import { oneLine } from '../safe/escape.js';

/** Larger than any report: 1,000 checks with 100 places each stay under it. */
const mostBytes = 256 * 1024 * 1024;
const faultsShown = 10;

/** A report saved with `--format json`, validated. Throws UsageError that says what is wrong with it, and where. */
export async function loadReport(file: string, option?: string): Promise<Report> {
  const shown = oneLine(file);
  const where = option ? `${option}: ${shown}` : shown;
  let value: unknown;
  try {
    const stat = statSync(file);
    if (!stat.isFile())
      throw new UsageError('is not a file', where, 'name a report saved with: readiness audit --format json -o report.json');
    if (stat.size > mostBytes) throw new UsageError(`is larger than ${mostBytes / 1024 / 1024} MB`, where);
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof SyntaxError)
      throw new UsageError('is not JSON', where, 'name a report saved with: readiness audit --format json -o report.json');
    throw new UsageError(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`, where);
  }
  return validReport(value, where);
}

/** Anything as a report, or UsageError with what is wrong. */
export async function validReport(value: unknown, where: string): Promise<Report> {
  const schema = typeof value === 'object' && value !== null ? (value as { schema?: unknown }).schema : undefined;
  if (schema !== 'readiness-report/1')
    throw new UsageError(
      typeof schema === 'string' ? `is of the kind \`${oneLine(schema).slice(0, 60)}\`` : 'is no report of readiness',
      where,
      'allowed: readiness-report/1, as saved with: readiness audit --format json -o report.json',
    );
  const [{ reportSchema }, { validate }] = await Promise.all([import('../model/report.js'), import('../checklist/issues.js')]);
  const { value: report, faults } = validate(reportSchema, value, 'the report');
  if (report) return report;
  const told = faults
    .slice(0, faultsShown)
    .map((f) => `\n  ${pathText(f.path)}: ${oneLine(f.message)}${f.hint ? ` (${oneLine(f.hint)})` : ''}`);
  const more = faults.length > faultsShown ? `\n  and ${faults.length - faultsShown} more` : '';
  throw new UsageError(`is no valid report:${told.join('')}${more}`, where, 'save it anew, and do not edit it by hand');
}

const pathText = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '') ||
  'the report';
