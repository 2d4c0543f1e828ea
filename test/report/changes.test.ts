import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { compareReports } from '../../src/evaluate/compare.js';
import { ledgerOf } from '../../src/evaluate/ledger.js';
import { reportSchema, type Report } from '../../src/model/report.js';
import { goldenReport, render } from './golden.js';

/** The golden report compared with one in which a failure was another one and something had failed that is well now. */
function compared(): Report {
  const current = goldenReport();
  const [failing, ...others] = current.findings.filter((f) => f.outcome === 'fail' && f.deployable === null && f.kind === 'violation');
  const passing = current.findings.find((f) => f.outcome === 'pass' && f.deployable === null);
  const base: Report = {
    ...goldenReport(),
    date: '2026-01-01T00:00:00Z',
    findings: current.findings.map((f) => {
      if (f.check === failing?.check) return { ...f, outcome: 'pass', kind: null, evidence: [] };
      if (f.check === passing?.check)
        return {
          ...f,
          outcome: 'fail',
          kind: 'violation',
          evidence: [
            { probe: 'text', answer: 'no', violation: true, location: { path: 'old.py', line: 7 }, message: 'was <b>wrong</b> | here' },
          ],
        };
      if (f.check === others[0]?.check)
        return {
          ...f,
          evidence: f.evidence.map((e) => (e.location ? { ...e, location: { ...e.location, line: (e.location.line ?? 1) + 40 } } : e)),
        };
      return f;
    }),
  };
  return {
    ...current,
    baseline: {
      source: 'main',
      commit: '0123456789abcdef0123456789abcdef01234567',
      date: base.date,
      version: base.tool.version,
      verdict: base.verdict,
      score: base.score.value,
      coverage: base.score.coverage,
      ...compareReports(base, current),
      ledger: ledgerOf(base, current),
    },
  };
}

describe('what changed, in every format', () => {
  const report = compared();
  const baseline = report.baseline!;

  it('is part of the schema', () => {
    expect(reportSchema.parse(report)).toEqual(report);
    expect(baseline.counts.new).toBeGreaterThan(0);
    expect(baseline.counts.fixed).toBe(1);
    expect(baseline.counts.moved).toBeGreaterThan(0);
  });

  it('terminal: one block with the counts, the ledger and the new failures', () => {
    const text = render('terminal', report, { width: 100 });
    expect(text).toContain('Since main (0123456, 2026-01-01)');
    expect(text).toMatch(new RegExp(`${baseline.counts.new} new, 1 fixed, \\d+ unchanged \\(${baseline.counts.moved} moved\\)`));
    expect(text).toMatch(/ {2}new: \S+\/\S+ {2}/);
    expect(render('terminal')).not.toContain('Since ');
  });

  it('markdown, its summary and html: escaped, with the sum of the ledger', () => {
    expect(render('markdown', report)).toMatch(/## What changed\n[^]*\*\*Sum\*\*[^]*### New[^]*### Fixed \(1\)[^]*moved within/);
    expect(render('markdown', report)).not.toContain('<b>');
    expect(render('markdown-summary', report)).toContain('**Since main (0123456, 2026-01-01)**');
    const page = render('html', report);
    expect(page).toContain('<h2 id="changes-h">What changed</h2>');
    expect(page).toContain('was &lt;b&gt;wrong&lt;/b&gt; | here');
    expect(render('html')).not.toContain('id="changes"');
  });

  it('sarif: a state for each result, what is gone as absent, and still valid', () => {
    const log = JSON.parse(render('sarif', report)) as { runs: { baselineGuid: string; results: { baselineState: string }[] }[] };
    const states = log.runs[0]!.results.map((r) => r.baselineState);
    const count = (state: string): number => states.filter((s) => s === state).length;
    expect([count('new'), count('updated'), count('absent')]).toEqual([baseline.counts.new, baseline.counts.moved, 1]);
    expect(count('unchanged')).toBe(baseline.counts.unchanged);
    const text = readFileSync(
      new URL('../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', import.meta.url),
      'utf8',
    );
    const { $schema: _, id: __, ...schema } = JSON.parse(text) as Record<string, unknown>;
    const ajv = new Ajv({ strict: false, unicodeRegExp: false });
    addFormats.default(ajv);
    const valid = ajv.compile(schema);
    expect(valid(log), JSON.stringify(valid.errors)).toBe(true);
  });
});
