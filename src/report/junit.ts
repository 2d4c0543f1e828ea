import type { Finding, Report } from '../model/report.js';
import { escapeXml, oneLine } from '../safe/escape.js';
import type { Format } from './format.js';
import { acceptedBy } from './waiver.js';
import { categoryTitle, placeText, rolledUp } from './words.js';

/** JUnit XML: a suite for each category, a case for each check. What is not verified, waived or not applicable is skipped. */
export const junit: Format = {
  name: 'junit',
  extension: 'xml',
  render(report) {
    const all = rolledUp(report);
    const suites = report.categories.map((c) =>
      suite(
        c.name,
        all.filter((f) => f.category === c.name),
        report,
      ),
    );
    const { skipped: _, ...totalled } = tally(all);
    const totals = attributes({ name: `readiness: ${report.target.name}`, ...totalled, time: seconds(report) });
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${suites.join('')}</testsuites>\n`;
  },
};

const seconds = (report: Report): string => (report.durationMs / 1000).toFixed(3);
const isSkipped = (f: Finding): boolean => f.outcome === 'unknown' || f.outcome === 'not-applicable' || f.waiver !== null;

function tally(findings: readonly Finding[]): Record<string, number> {
  return {
    tests: findings.length,
    failures: findings.filter((f) => f.outcome === 'fail' && !f.waiver).length,
    errors: findings.filter((f) => f.outcome === 'error').length,
    skipped: findings.filter(isSkipped).length,
  };
}

function suite(category: string, findings: readonly Finding[], report: Report): string {
  const own = attributes({ name: categoryTitle(category), ...tally(findings), timestamp: report.date.slice(0, 19) });
  return `  <testsuite${own}>\n${findings.map(testCase).join('')}  </testsuite>\n`;
}

function testCase(finding: Finding): string {
  // No `file` and `line`: the published schemas know neither; the place stands in the text of the failure.
  const own = attributes({ classname: finding.check.replace('/', '.'), name: finding.title, time: '0' });
  const inner = outcomeOf(finding);
  return inner === '' ? `    <testcase${own}/>\n` : `    <testcase${own}>\n      ${inner}\n    </testcase>\n`;
}

/** The reason of a skipped case stands in its text, not in an attribute: that is valid in every published version of the schema. */
const skipped = (why: string): string => `<skipped>${escapeXml(oneLine(why))}</skipped>`;

function outcomeOf(finding: Finding): string {
  const message = finding.summary;
  if (finding.waiver) return skipped(`waived ${acceptedBy(finding.waiver)}: ${finding.waiver.reason}`);
  switch (finding.outcome) {
    case 'pass':
      return '';
    case 'fail':
      return `<failure${attributes({ message, type: `${finding.severity} ${finding.kind ?? ''}`.trim() })}>${escapeXml(details(finding))}</failure>`;
    case 'error':
      return `<error${attributes({ message, type: 'error' })}/>`;
    case 'unknown':
      return skipped(`not verified: ${message}`);
    case 'not-applicable':
      return skipped('not applicable');
  }
}

function details(finding: Finding): string {
  const places = finding.evidence.filter((e) => e.answer === 'no').map((e) => `${placeText(e) ? `${placeText(e)}: ` : ''}${e.message}`);
  return [...places.slice(0, 20).map(oneLine), `Why it matters: ${oneLine(finding.why)}`, `Fix: ${oneLine(finding.fix.text)}`].join('\n');
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(oneLine(String(value)))}"`)
    .join('');
