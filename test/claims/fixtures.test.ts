import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClaimsReport, ClaimVerdict } from '../../src/model/claims.js';
import { readiness, root } from '../support/cli.js';

const folder = join(root, 'fixtures/claims');
const names = readdirSync(folder).filter((name) => !name.endsWith('.tsv'));

interface Row {
  readonly line: number;
  readonly text: string;
  readonly truth: ClaimVerdict;
  readonly checks: readonly string[];
  readonly reason: string;
}

function truthOf(name: string): Row[] {
  return readFileSync(join(folder, `${name}.truth.tsv`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [number, text, truth, checks, reason] = line.split('\t') as [string, string, ClaimVerdict, string, string];
      return { line: Number(number), text, truth, checks: checks.split(',').filter(Boolean), reason };
    });
}

const documentOf = (name: string): string => {
  const found = readdirSync(join(folder, name)).filter((file) => /READINESS|PRODUCTION_CHECKLIST/.test(file));
  return join(folder, name, found[0]!);
};

const decided: readonly ClaimVerdict[] = ['verified', 'contradicted', 'unsupported', 'outdated'];
const reports = new Map<string, ClaimsReport>();

/** What the tool says of each row, with what went wrong written out. */
function compare(name: string) {
  let report = reports.get(name);
  if (!report) {
    const run = readiness(['verify', documentOf(name), join(folder, name), '--format', 'json']);
    expect(run.stderr).toBe('');
    report = JSON.parse(run.stdout) as ClaimsReport;
    reports.set(name, report);
  }
  const { claims } = report;
  const result = {
    right: 0,
    wrong: 0,
    undecided: 0,
    missed: [] as string[],
    falselyVerified: [] as string[],
    disagreements: [] as string[],
  };
  for (const row of truthOf(name)) {
    const said = claims.filter((c) => c.line === row.line).map((c) => c.verdict);
    const told = `${name}:${row.line} ${row.text}: ${row.truth} (${row.reason}), said ${said.join(', ') || 'nothing'}`;
    if (said.length === 0 && row.truth !== 'not-a-claim') result.missed.push(told);
    if (said.includes('verified') && row.truth !== 'verified' && row.truth !== 'not-a-claim') result.falselyVerified.push(told);
    if (!decided.includes(row.truth)) continue;
    if (said.includes(row.truth)) result.right++;
    else if (said.some((verdict) => decided.includes(verdict))) {
      result.wrong++;
      result.disagreements.push(told);
    } else result.undecided++;
  }
  return result;
}

describe('the truth about the fixtures', () => {
  it.each(names)('%s: lines and places exist', (name) => {
    const lines = readFileSync(documentOf(name), 'utf8').split('\n');
    const rows = truthOf(name);
    const count = (...verdicts: ClaimVerdict[]) => rows.filter((row) => verdicts.includes(row.truth)).length;
    expect(rows.length).toBeGreaterThanOrEqual(40);
    expect(count('verified')).toBeGreaterThanOrEqual(12);
    expect(count('contradicted', 'unsupported', 'outdated')).toBeGreaterThanOrEqual(6);
    const letters = (text: string) => text.replace(/[^A-Za-z0-9]/g, '');
    for (const row of rows) {
      expect(letters(lines[row.line - 1]!)).toContain(letters(row.text).slice(0, 20));
      for (const [, path, line] of row.reason.matchAll(/([\w./-]+\.\w+|Dockerfile|Procfile|\.env\.example|\.python-version):(\d+)/g)) {
        const file = join(folder, name, path!);
        expect(existsSync(file), `${name}:${row.line} names ${path}`).toBe(true);
        expect(readFileSync(file, 'utf8').split('\n').length, `${name}:${row.line} names ${path}:${line}`).toBeGreaterThanOrEqual(
          Number(line),
        );
      }
    }
  });
});

describe('claims of the fixtures', { timeout: 60_000 }, () => {
  it.each(names)('%s: at least 95 % of the decided claims judged right, no false claim verified', (name) => {
    const { right, wrong, undecided, missed, falselyVerified, disagreements } = compare(name);
    if (disagreements.length > 0) console.log(disagreements.join('\n'));
    expect(falselyVerified).toEqual([]);
    expect(missed).toEqual([]);
    expect(right / (right + wrong)).toBeGreaterThanOrEqual(0.95);
    // What can be decided mostly is.
    expect((right + wrong) / (right + wrong + undecided)).toBeGreaterThanOrEqual(0.75);
  });

  it('all together', () => {
    const all = names.map(compare);
    const sum = (pick: (result: ReturnType<typeof compare>) => number) => all.reduce((total, result) => total + pick(result), 0);
    expect(sum((r) => r.right) / sum((r) => r.right + r.wrong)).toBeGreaterThanOrEqual(0.97);
    expect(sum((r) => r.right + r.wrong)).toBeGreaterThanOrEqual(320);
  });
});
