import type { Json, Reader } from '../../../model/document.js';
import { dateOf, member, numberOf, parsed, resultFiles, resultItem } from './shared.js';

/** k6's --summary-export and handleSummary data; autocannon's --json; JMeter's statistics.json. Error rates are shares from 0 to 1. */
export const loadJson: Reader = {
  name: 'results/load-json',
  kind: 'results',
  files: resultFiles('*.json'),
  keywords: ['http_req_duration', 'p97_5', 'pct2ResTime'],
  read(source) {
    return parsed(source, (root) => {
      const duration = member(root, 'metrics', 'http_req_duration');
      if (duration !== undefined) {
        const failed = member(root, 'metrics', 'http_req_failed');
        return resultItem(source, 'k6', {
          p95Ms: value(duration, 'p(95)'),
          errorRate: failed === undefined ? null : (value(failed, 'rate') ?? value(failed, 'value')),
          tests: value(member(root, 'metrics', 'http_reqs'), 'count'),
        });
      }
      if (member(root, 'latency', 'p97_5') !== undefined) {
        // autocannon has no 95th percentile; the 97.5th is above it.
        const sent = numberOf(member(root, 'requests', 'total')) ?? numberOf(member(root, 'requests', 'sent'));
        const bad = (numberOf(root.errors) ?? 0) + (numberOf(root.non2xx) ?? 0);
        return resultItem(source, 'autocannon', {
          p95Ms: numberOf(member(root, 'latency', 'p97_5')),
          errorRate: sent ? bad / sent : null,
          tests: sent,
          date: dateOf(root.finish),
        });
      }
      const total = member(root, 'Total', 'pct2ResTime') === undefined ? undefined : root.Total;
      if (total === undefined) return null;
      const errors = numberOf(member(total, 'errorPct'));
      return resultItem(source, 'jmeter', {
        p95Ms: numberOf(member(total, 'pct2ResTime')),
        errorRate: errors === null ? null : errors / 100,
        tests: numberOf(member(total, 'sampleCount')),
        failures: numberOf(member(total, 'errorCount')),
      });
    });
  },
};

const value = (metric: Json | undefined, name: string): number | null =>
  numberOf(member(metric, 'values', name)) ?? numberOf(member(metric, name));

/** The cells of one CSV line; quotes doubled inside quotes. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)].map((m) => m[1]?.replace(/""/g, '"') ?? m[2] ?? '');
}

/** Locust's `_stats.csv` (the Aggregated row) and JMeter's result table (JTL as CSV). */
export const loadCsv: Reader = {
  name: 'results/load-csv',
  kind: 'results',
  files: resultFiles('*.csv', '*.jtl'),
  keywords: ['Aggregated', 'timeStamp,elapsed'],
  read(source) {
    const lines = source.text.split(/\r?\n/);
    const header = cells(lines[0] ?? '');
    const column = (name: string) => header.indexOf(name);
    if (column('Request Count') >= 0 && column('95%') >= 0) {
      const total = lines.map(cells).find((row) => row[column('Name')] === 'Aggregated');
      const count = numberOf(total?.[column('Request Count')]);
      const failures = numberOf(total?.[column('Failure Count')]);
      if (!total) return {};
      return {
        items: [
          resultItem(source, 'locust', {
            tests: count,
            failures,
            p95Ms: numberOf(total[column('95%')]),
            errorRate: count && failures !== null ? failures / count : null,
          }),
        ],
      };
    }
    if (column('elapsed') < 0 || column('success') < 0) return {};
    const rows = lines.slice(1).filter(Boolean).map(cells);
    const elapsed = rows.map((row) => numberOf(row[column('elapsed')])).filter((n): n is number => n !== null).sort((a, b) => a - b); // prettier-ignore
    if (!elapsed.length) return {};
    const failures = rows.filter((row) => row[column('success')] === 'false').length;
    return {
      items: [
        resultItem(source, 'jmeter', {
          tests: rows.length,
          failures,
          p95Ms: elapsed[Math.min(elapsed.length - 1, Math.ceil(elapsed.length * 0.95) - 1)]!,
          errorRate: failures / rows.length,
          date: dateOf(rows[0]?.[column('timeStamp')]),
        }),
      ],
    };
  },
};
