import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { formats } from '../../src/report/index.js';
import type { RenderOptions } from '../../src/report/format.js';
import type { Report } from '../../src/model/report.js';

const folder = new URL('../golden/', import.meta.url);

/** The hand-made report that every golden renders; a fresh copy each time. */
export const goldenReport = (): Report => JSON.parse(readFileSync(new URL('report.json', folder), 'utf8')) as Report;

export function render(name: string, report: Report = goldenReport(), options: Partial<RenderOptions> = {}): string {
  const format = formats.get(name);
  if (!format) throw new Error(`no format ${name}`);
  return format.render(report, { color: false, width: 80, verbose: false, ...options });
}

/** Compares with the golden file; UPDATE_GOLDENS=1 writes it instead (read the difference before committing). */
export function expectGolden(text: string, file: string): void {
  const url = new URL(file, folder);
  // report.json is what the others are rendered from: never overwritten while they read it.
  if (process.env.UPDATE_GOLDENS === '1' && file !== 'report.json') writeFileSync(url, text);
  expect(text).toBe(readFileSync(url, 'utf8'));
}

/** A report in which nothing was found and nothing decided. */
export function emptyReport(): Report {
  const counts = { pass: 0, fail: 0, unknown: 0, error: 0, 'not-applicable': 0 };
  const inventory = { kinds: [], languages: [], technologies: [], capabilities: [], traits: [], deployables: [] };
  return {
    ...goldenReport(),
    target: { name: 'empty', commit: null, branch: null, dirty: null, files: 0, readFiles: 0 },
    verdict: 'NOT READY',
    reasons: ['Nothing could be decided, so there is no score.'],
    score: { value: null, coverage: 0, low: null, high: null, outOfTen: null, stars: null },
    counts,
    categories: [],
    findings: [],
    environmentVariables: [],
    notes: [],
    inventory,
  };
}
