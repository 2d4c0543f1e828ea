import { createHash } from 'node:crypto';
import type { Severity } from '../model/check.js';
import type { Baseline, Finding, Report } from '../model/report.js';
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
    const stateOf = baselineStates(report.baseline);
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
      ...(report.baseline ? { baselineGuid: guidOf(report.baseline) } : {}),
      results: [
        ...annotationsOf(report).map((a) => ({ ...result(a, index.get(a.finding.check) ?? 0), ...stateOf(a.fingerprint) })),
        ...absent(report, index),
      ],
      properties: { verdict: report.verdict, score: report.score, counts: report.counts },
    };
    return jsonText({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] });
  },
};

/** SARIF names a baseline by a GUID; it is derived, so that the same baseline has the same one (in the form of RFC 9562, version 5). */
function guidOf({ commit, date, source }: Baseline): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([commit, date, source]))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The `baselineState` of a result by its fingerprint; nothing where there is no baseline. */
function baselineStates(baseline: Baseline | undefined): (fingerprint: string) => object {
  if (!baseline) return () => ({});
  const here = baseline.changes.filter((c) => c.state !== 'fixed' && c.state !== 'undecided');
  const states = new Map(here.map((c) => [c.fingerprint, c.state === 'moved' ? 'updated' : 'new']));
  return (fingerprint) => ({ baselineState: states.get(fingerprint) ?? 'unchanged' });
}

/** What the baseline has and this report has not, where the check says that it is gone. */
function absent(report: Report, index: ReadonlyMap<string, number>): object[] {
  return (report.baseline?.changes ?? [])
    .filter((c) => c.state === 'fixed')
    .map((c) => ({
      ruleId: c.check,
      ...(index.has(c.check) ? { ruleIndex: index.get(c.check) } : {}),
      kind: 'fail',
      level: levels[c.severity],
      message: { text: `${oneLine(c.title)}: ${oneLine(c.message)}` },
      locations: [placed(c.location?.path ?? null, c.location?.line ?? 1, null)],
      partialFingerprints: { 'readinessFinding/v1': c.fingerprint },
      baselineState: 'absent',
    }));
}

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
  return {
    ruleId: finding.check,
    ruleIndex,
    kind: 'fail',
    level: levels[finding.severity],
    message: { text: `${oneLine(finding.title)}: ${message}. ${oneLine(finding.fix.text)}` },
    locations: [placed(path, line, column)],
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

function placed(path: string | null, line: number, column: number | null): object {
  // Code scanning refuses results without a location, so that what is missing gets one that names none.
  const uri = path === null ? 'no%20file%20associated%20with%20this%20alert' : path.split('/').map(encode).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: 'SRCROOT' },
      region: { startLine: Math.max(1, line), ...(column === null ? {} : { startColumn: Math.max(1, column) }) },
    },
  };
}

const encode = (segment: string): string => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd'));
