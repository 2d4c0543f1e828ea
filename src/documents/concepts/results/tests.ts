import type { Reader } from '../../../model/document.js';
import { attributesOf, dateOf, member, numberOf, parsed, resultFiles, resultItem } from './shared.js';

/** JUnit XML: the counts of `<testsuites>`, or the sum over its outermost suites. Errors count as failures. */
export const junit: Reader = {
  name: 'results/junit',
  kind: 'results',
  files: resultFiles('*.xml'),
  keywords: ['<testsuite'],
  read(source) {
    const root = /<testsuites\b([^>]*)>/.exec(source.text);
    const whole = root ? attributesOf(root[1]!) : {};
    const suites: Record<string, string>[] = [];
    let depth = 0;
    for (const match of source.text.matchAll(/<testsuite\b([^>]*)>|<\/testsuite>/g)) {
      if (match[0].startsWith('</')) depth--;
      else {
        if (depth === 0) suites.push(attributesOf(match[1]!));
        if (!match[1]!.endsWith('/')) depth++;
      }
    }
    if (!root && suites.length === 0) return {};
    const sum = (name: string) => numberOf(whole[name]) ?? suites.reduce((total, suite) => total + (numberOf(suite[name]) ?? 0), 0);
    const stamps = [whole.timestamp, ...suites.map((s) => s.timestamp)].filter((s): s is string => s !== undefined).sort();
    return {
      items: [
        resultItem(source, 'junit', {
          tests: sum('tests'),
          failures: sum('failures') + sum('errors'),
          skipped: sum('skipped') + (whole.skipped === undefined ? sum('disabled') : 0),
          date: dateOf(stamps[0]),
        }),
      ],
    };
  },
};

/** SARIF 2.1.0: results that are neither suppressed nor passes. */
export const sarif: Reader = {
  name: 'results/sarif',
  kind: 'results',
  files: resultFiles('*.sarif', '*.sarif.json'),
  read(source) {
    return parsed(source, (root) => {
      if (!Array.isArray(root.runs)) return null;
      let findings = 0;
      let date: string | null = null;
      for (const run of root.runs) {
        const results = member(run, 'results');
        for (const result of Array.isArray(results) ? results : []) {
          const suppressions = member(result, 'suppressions');
          if (member(result, 'kind') !== 'pass' && !(Array.isArray(suppressions) && suppressions.length > 0)) findings++;
        }
        const invocations = member(run, 'invocations');
        if (Array.isArray(invocations)) date ??= dateOf(member(invocations[0], 'endTimeUtc') ?? member(invocations[0], 'startTimeUtc'));
      }
      return resultItem(source, 'sarif', { findings, date });
    });
  },
};
