import type { Severity } from '../model/check.js';
import type { Finding } from '../model/report.js';
import { oneLine, stripControl } from '../safe/escape.js';
import { annotationsOf, type Annotation } from './annotations.js';
import type { Format } from './format.js';
import { jsonText } from './json.js';
import { acceptedBy } from './waiver.js';
import { rolledUp } from './words.js';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { critical: 'error', important: 'warning', recommended: 'note' };
/** What code scanning sorts security findings by, on the CVSS scale. */
const securitySeverity: Readonly<Record<Severity, string>> = { critical: '9.0', important: '6.0', recommended: '3.0' };
const securityCategories = new Set(['security', 'secrets', 'authentication', 'data-protection']);

/** SARIF 2.1.0 (OASIS): one rule for each check, one result for each failure at each place; waivers are suppressions. */
export const sarif: Format = {
  name: 'sarif',
  extension: 'sarif',
  render(report) {
    const findings = rolledUp(report);
    const index = new Map(findings.map((f, i) => [f.check, i]));
    const run = {
      tool: { driver: { name: report.tool.name, semanticVersion: report.tool.version, rules: findings.map(rule) } },
      automationDetails: { id: `readiness/${oneLine(report.checklist.name)}/` },
      invocations: [
        {
          executionSuccessful: true,
          toolExecutionNotifications: [
            ...findings.filter((f) => f.outcome === 'error').map((f) => notification('error', `${f.check}: ${f.summary}`)),
            ...report.notes.map((n) => notification('note', n.message)),
          ],
        },
      ],
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the repository' } } },
      results: annotationsOf(report).map((a) => result(a, index.get(a.finding.check) ?? 0)),
      properties: { verdict: report.verdict, score: report.score, counts: report.counts },
    };
    return jsonText({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] });
  },
};

const notification = (level: string, text: string): object => ({ level, message: { text: oneLine(text) } });

function rule(finding: Finding): object {
  const security = securityCategories.has(finding.category);
  const snippet = finding.fix.snippet ? `\n\n${stripControl(finding.fix.snippet)}` : '';
  return {
    id: finding.check,
    name: finding.check.replace(/(?:^|[/-])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: oneLine(finding.title) },
    fullDescription: { text: oneLine(finding.why) },
    help: { text: `${stripControl(finding.fix.text)}${snippet}` },
    defaultConfiguration: { level: levels[finding.severity] },
    properties: {
      tags: [...new Set([finding.category, finding.severity, ...(security ? ['security'] : []), ...finding.references.map(oneLine)])].slice(
        0,
        10,
      ),
      precision: 'high',
      'problem.severity': levels[finding.severity] === 'note' ? 'recommendation' : levels[finding.severity],
      ...(security ? { 'security-severity': securitySeverity[finding.severity] } : {}),
    },
  };
}

function result({ finding, path, line, column, message, waived, fingerprint }: Annotation, ruleIndex: number): object {
  // Code scanning refuses results without a location, so that what is missing gets one that names none.
  const uri = path === null ? 'no%20file%20associated%20with%20this%20alert' : path.split('/').map(encode).join('/');
  return {
    ruleId: finding.check,
    ruleIndex,
    kind: 'fail',
    level: levels[finding.severity],
    message: { text: `${oneLine(finding.title)}: ${message}. ${oneLine(finding.fix.text)}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri, uriBaseId: 'SRCROOT' },
          region: { startLine: Math.max(1, line), ...(column === null ? {} : { startColumn: Math.max(1, column) }) },
        },
      },
    ],
    partialFingerprints: { 'readinessFinding/v1': fingerprint },
    ...(waived ? { suppressions: [suppression(waived)] } : {}),
    properties: { outcome: finding.kind, effort: finding.effort },
  };
}

function suppression(waived: NonNullable<Annotation['waived']>): object {
  const by = 'owner' in waived ? ` (${acceptedBy(waived)})` : '';
  const inSource = 'place' in waived && waived.place !== undefined;
  return { kind: inSource ? 'inSource' : 'external', status: 'accepted', justification: oneLine(`${waived.reason}${by}`) };
}

const encode = (segment: string): string => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd'));
