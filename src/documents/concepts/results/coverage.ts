import type { Reader } from '../../../model/document.js';
import { attributesOf, dateOf, member, numberOf, parsed, resultFiles, resultItem } from './shared.js';

/** Cobertura XML (coverage.py, gcovr, coverlet): `line-rate` of the root, or lines covered of lines valid. */
export const cobertura: Reader = {
  name: 'results/cobertura',
  kind: 'results',
  files: resultFiles('*.xml'),
  keywords: ['line-rate'],
  read(source) {
    const root = /<coverage\b([^>]*)>/.exec(source.text);
    if (!root) return {};
    const { 'line-rate': rate, 'lines-covered': covered, 'lines-valid': valid, timestamp } = attributesOf(root[1]!);
    const total = numberOf(valid);
    const share = total ? (numberOf(covered) ?? 0) / total : numberOf(rate);
    return { items: [resultItem(source, 'cobertura', { coverage: share === null ? null : share * 100, date: dateOf(timestamp) })] };
  },
};

/** JaCoCo XML: the report's own LINE counter, which is the last one. */
export const jacoco: Reader = {
  name: 'results/jacoco',
  kind: 'results',
  files: resultFiles('*.xml'),
  keywords: ['JACOCO', '<counter '],
  read(source) {
    const counters = [...source.text.matchAll(/<counter\b([^>]*)\/?>/g)].map((m) => attributesOf(m[1]!)).filter((a) => a.type === 'LINE');
    const last = counters[counters.length - 1];
    const missed = numberOf(last?.missed);
    const covered = numberOf(last?.covered);
    if (missed === null || covered === null || !/<report\b/.test(source.text)) return {};
    const session = /<sessioninfo\b([^>]*)>/.exec(source.text);
    return {
      items: [
        resultItem(source, 'jacoco', {
          coverage: missed + covered === 0 ? null : (covered / (missed + covered)) * 100,
          date: dateOf(session ? attributesOf(session[1]!).dump : undefined),
        }),
      ],
    };
  },
};

/** LCOV: the sum of LH over the sum of LF. */
export const lcov: Reader = {
  name: 'results/lcov',
  kind: 'results',
  files: resultFiles('lcov.info', '*.lcov', 'lcov*.info'),
  keywords: ['end_of_record'],
  read(source) {
    let found = 0;
    let hit = 0;
    for (const match of source.text.matchAll(/^L([FH]):(\d+)/gm)) {
      if (match[1] === 'F') found += Number(match[2]);
      else hit += Number(match[2]);
    }
    return found === 0 ? {} : { items: [resultItem(source, 'lcov', { coverage: (hit / found) * 100 })] };
  },
};

/** Istanbul's coverage-summary.json: `total.lines.pct`; coverage.py's JSON report: `totals.percent_covered`. */
export const istanbul: Reader = {
  name: 'results/istanbul',
  kind: 'results',
  files: resultFiles('coverage-summary.json', 'coverage.json'),
  read(source) {
    return parsed(source, (root) => {
      const share = numberOf(member(root, 'total', 'lines', 'pct')) ?? numberOf(member(root, 'totals', 'percent_covered'));
      return share === null ? null : resultItem(source, 'istanbul', { coverage: share, date: dateOf(member(root, 'meta', 'timestamp')) });
    });
  },
};
