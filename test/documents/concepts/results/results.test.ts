import { describe, expect, it } from 'vitest';
import picomatch from 'picomatch';
import { resultsReaders } from '../../../../src/documents/concepts/results/index.js';
import type { Item, ReadResult } from '../../../../src/model/document.js';
import { concepts } from '../../../../src/model/concepts.js';
import { sourceOf } from '../../../support/source.js';

async function read(path: string, text: string): Promise<{ items: Item[]; problems: number }> {
  const items: Item[] = [];
  let problems = 0;
  for (const reader of resultsReaders) {
    if (!picomatch(reader.files.paths!.map((p) => `**/${p}`), { dot: true })(path)) continue; // prettier-ignore
    if (reader.keywords && !reader.keywords.some((k) => text.toLowerCase().includes(k.toLowerCase()))) continue;
    const result: ReadResult = await reader.read(sourceOf(path, text));
    items.push(...(result.items ?? []));
    problems += result.problems?.length ?? 0;
  }
  for (const item of items) concepts.results.parse(item);
  return { items, problems };
}

const json = JSON.stringify;
const cases: [string, string, string, Partial<Item>][] = [
  ['junit root', 'r/junit.xml', '<?xml version="1.0"?><testsuites tests="10" failures="1" errors="2" skipped="3" timestamp="2026-05-01T10:00:00"><testsuite tests="10"/></testsuites>', { format: 'junit', tests: 10, failures: 3, skipped: 3, date: '2026-05-01T10:00:00.000Z' }],
  ['junit suites', 'TEST-a.xml', '<testsuites><testsuite tests="2" failures="0" errors="0" skipped="1"><testsuite tests="2"></testsuite></testsuite><testsuite tests="3" failures="1"/></testsuites>', { tests: 5, failures: 1, skipped: 1 }],
  ['junit single suite', 'TEST-b.xml', '<testsuite name="x" tests="4" failures="0" skipped="0"></testsuite>', { tests: 4, failures: 0 }],
  ['cobertura', 'coverage.xml', '<coverage version="7" timestamp="1700000000000" lines-valid="200" lines-covered="170" line-rate="0.85"></coverage>', { format: 'cobertura', coverage: 85, date: '2023-11-14T22:13:20.000Z' }],
  ['cobertura by rate', 'c.xml', '<coverage line-rate="0.5"></coverage>', { coverage: 50 }],
  ['jacoco', 'jacoco.xml', '<!DOCTYPE report PUBLIC "-//JACOCO//DTD"><report><package><counter type="LINE" missed="9" covered="1"/></package><counter type="BRANCH" missed="1" covered="1"/><counter type="LINE" missed="10" covered="30"/></report>', { format: 'jacoco', coverage: 75 }],
  ['lcov', 'lcov.info', 'SF:a\nLF:10\nLH:5\nend_of_record\nSF:b\nLF:10\nLH:10\nend_of_record\n', { format: 'lcov', coverage: 75 }],
  ['istanbul', 'coverage-summary.json', json({ total: { lines: { pct: 91.236 } } }), { format: 'istanbul', coverage: 91.24 }],
  ['sarif', 'scan.sarif', json({ runs: [{ results: [{}, { suppressions: [{}] }, { kind: 'pass' }], invocations: [{ endTimeUtc: '2026-01-02T03:04:05Z' }] }] }), { format: 'sarif', findings: 1, date: '2026-01-02T03:04:05.000Z' }],
  ['k6 export', 'k6.json', json({ metrics: { http_req_duration: { 'p(95)': 120.5 }, http_req_failed: { value: 0.01 }, http_reqs: { count: 100 } } }), { format: 'k6', p95Ms: 120.5, errorRate: 0.01, tests: 100 }],
  ['k6 summary', 'k6.json', json({ metrics: { http_req_duration: { values: { 'p(95)': 99 } }, http_req_failed: { values: { rate: 0 } } } }), { p95Ms: 99, errorRate: 0 }],
  ['autocannon', 'a.json', json({ latency: { p97_5: 12 }, requests: { total: 200 }, errors: 1, non2xx: 1 }), { format: 'autocannon', p95Ms: 12, errorRate: 0.01 }],
  ['locust', 'x_stats.csv', 'Type,Name,Request Count,Failure Count,95%\nGET,"/a,b",10,0,5\n,Aggregated,40,4,250\n', { format: 'locust', tests: 40, failures: 4, p95Ms: 250, errorRate: 0.1 }],
  ['jmeter statistics', 'statistics.json', json({ Total: { pct2ResTime: 300, errorPct: 5, sampleCount: 20, errorCount: 1 } }), { format: 'jmeter', p95Ms: 300, errorRate: 0.05 }],
  ['jmeter table', 'r.jtl', `timeStamp,elapsed,label,success\n${Array.from({ length: 20 }, (_, i) => `1700000000000,${i + 1},x,${i === 0 ? 'false' : 'true'}`).join('\n')}\n`, { format: 'jmeter', p95Ms: 19, tests: 20, failures: 1, errorRate: 0.05 }],
]; // prettier-ignore

describe('results', () => {
  it.each(cases)('%s', async (_name, path, text, fields) => {
    const { items } = await read(path, text);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject(fields);
  });

  it.each([
    ['pom.xml', '<project><coverage/></project>'],
    ['data.csv', 'a,b\n1,2\n'],
    ['package.json', '{"name":"x"}'],
    ['lcov.info', 'end_of_record'],
    ['coverage-summary.json', '[]'],
  ])('finds none in %s', async (path, text) => {
    expect(await read(path, text)).toEqual({ items: [], problems: 0 });
  });

  it('names what it can not read', async () => {
    expect(await read('scan.sarif', '{"runs": [')).toEqual({ items: [], problems: 1 });
  });
});
