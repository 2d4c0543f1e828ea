import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { annotationsOf } from '../../src/report/annotations.js';
import { formats } from '../../src/report/index.js';
import type { Report } from '../../src/model/report.js';
import { emptyReport, expectGolden, goldenReport, render } from './golden.js';

/** Every text that comes from the repository replaced by something that each format must neutralise. */
function hostile(): Report {
  const report = goldenReport();
  const bad = `]]></failure>"'&<x>\n::error::owned\r\n=HYPERLINK("http://evil.example")\u001b[31m\u202e\u0000`;
  report.target.name = bad;
  for (const finding of report.findings) {
    Object.assign(finding, { summary: bad, title: bad, deployable: finding.deployable === null ? null : bad });
    for (const e of finding.evidence) Object.assign(e, { message: bad, excerpt: bad, location: { path: `a b/${bad}`, line: 3 } });
  }
  return report;
}

const goldens = {
  sarif: 'report.sarif',
  junit: 'junit.xml',
  gitlab: 'gitlab.json',
  github: 'github.txt',
  badge: 'badge.svg',
  csv: 'report.csv',
  'markdown-summary': 'summary.md',
};

describe.each(Object.entries(goldens))('%s', (name, file) => {
  it('looks as it should', () => expectGolden(render(name), file));
  it('renders a report without anything', () => expect(render(name, emptyReport()).length).toBeGreaterThan(1));
  it('holds no control or bidirectional character of the repository', () => {
    expect(render(name, hostile())).not.toMatch(/(?![\t\n\r])\p{Cc}|\u202e/u);
  });
  it('gives the same text twice', () => expect(render(name)).toBe(render(name)));
});

describe('formats', () => {
  it('are registered under their own names', () => {
    expect([...formats.keys()]).toEqual([
      'terminal',
      'markdown',
      'markdown-summary',
      'html',
      'json',
      'sarif',
      'junit',
      'gitlab',
      'github',
      'badge',
      'csv',
    ]);
    for (const [name, format] of formats) expect(format.name).toBe(name);
  });
});

describe('sarif', () => {
  type Sarif = { runs: { tool: { driver: { rules: { id: string; properties: { tags: string[] } }[] } }; results: SarifResult[] }[] };
  type SarifResult = {
    ruleId: string;
    ruleIndex: number;
    level: string;
    locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
    suppressions?: unknown[];
    partialFingerprints: Record<string, string>;
  };
  const parse = (report?: Report): Sarif['runs'][number] => (JSON.parse(render('sarif', report)) as Sarif).runs[0] as Sarif['runs'][number];

  it('has a rule for every result, a relative URI, and a fingerprint of its own', () => {
    const { tool, results } = parse(hostile());
    for (const result of results) {
      expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      const { tags } = tool.driver.rules[result.ruleIndex]?.properties ?? { tags: [] };
      expect(new Set(tags).size).toBe(tags.length);
      expect(result.locations[0]?.physicalLocation.artifactLocation.uri).toMatch(/^[\w.~%!'()*/-]+$/);
    }
    const prints = parse().results.map((r) => r.partialFingerprints['readinessFinding/v1']);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('suppresses what is waived', () => {
    const suppressed = parse().results.filter((r) => r.suppressions);
    expect(suppressed.map((r) => r.ruleId)).toEqual(['compliance/privacy-policy']);
  });
});

describe('annotations', () => {
  it('keep their fingerprints when lines move', () => {
    const moved = goldenReport();
    for (const finding of moved.findings) for (const e of finding.evidence) if (e.location?.line) e.location.line += 7;
    expect(annotationsOf(moved).map((a) => a.fingerprint)).toEqual(annotationsOf(goldenReport()).map((a) => a.fingerprint));
  });
});

describe('junit', () => {
  it('is well-formed and counts what it holds', () => {
    for (const report of [goldenReport(), hostile(), emptyReport()]) expect(XMLValidator.validate(render('junit', report))).toBe(true);
    const parsed = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testcase' || name === 'testsuite' }).parse(
      render('junit'),
    ) as {
      testsuites: { '@_tests': string; '@_failures': string; testsuite: { testcase: Record<string, unknown>[] }[] };
    };
    const cases = parsed.testsuites.testsuite.flatMap((s) => s.testcase);
    expect(cases).toHaveLength(Number(parsed.testsuites['@_tests']));
    expect(cases.filter((c) => 'failure' in c)).toHaveLength(Number(parsed.testsuites['@_failures']));
  });
});

describe('gitlab', () => {
  it('gives every issue a place, a known severity and a fingerprint of its own; waived ones are left out', () => {
    const issues = JSON.parse(render('gitlab')) as {
      check_name: string;
      fingerprint: string;
      severity: string;
      location: { path: string };
    }[];
    expect(new Set(issues.map((i) => i.fingerprint)).size).toBe(issues.length);
    expect(issues.every((i) => ['critical', 'major', 'minor'].includes(i.severity) && i.location.path !== '')).toBe(true);
    expect(issues.map((i) => i.check_name)).not.toContain('compliance/privacy-policy');
  });
});

describe('github', () => {
  it('has one command on each line and none that the repository wrote', () => {
    const lines = render('github', hostile()).trimEnd().split('\n');
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^::(error|warning|notice) (file=[^,:]*,line=\d+,)?title=[^,:]*::[^\r]*$/);
    expect(lines.at(-1)).toMatch(/^readiness: /);
  });

  it('keeps to what one step shows', () => {
    const report = goldenReport();
    const worst = report.findings.find((f) => f.check === 'security/cors-restricted-origins');
    report.findings = Array.from({ length: 30 }, (_, i) => ({ ...worst!, check: `security/c${i}` }));
    expect(render('github', report)).toContain('30 annotations, 20 not shown');
  });
});

describe('csv', () => {
  it('has the same number of cells in every row, and no formula', () => {
    const rows = render('csv', hostile()).trimEnd().split('\r\n');
    const cells = rows.map((row) => row.replace(/"(?:[^"]|"")*"/g, '').split(',').length);
    expect(new Set(cells).size).toBe(1);
    const report = goldenReport();
    for (const finding of report.findings) finding.summary = '=1+1';
    expect(render('csv', report)).toContain(",'=1+1,");
    expect(render('csv', report)).not.toContain(',=1+1');
  });
});

describe('badge', () => {
  it('is well-formed, and says the verdict even without a score', () => {
    expect(XMLValidator.validate(render('badge'))).toBe(true);
    expect(render('badge', emptyReport())).toContain('>not ready<');
  });
});
