import type { Checklist } from '../model/checklist.js';
import type { EnvironmentVariable, Finding, Report } from '../model/report.js';
import type { Note } from '../model/target.js';
import { applyExceptions } from './exceptions.js';
import { withRollUps } from './rollup.js';
import { computeScore, countOutcomes } from './score.js';
import { decideVerdict, type Decision } from './verdict.js';

/** Categories in the order in which the catalogue and every report list them; others follow by name. */
// prettier-ignore
export const categoryOrder = [
  'code-quality', 'testing', 'security', 'secrets', 'authentication', 'configuration', 'api', 'frontend', 'database', 'cache', 'performance',
  'monitoring', 'logging', 'reliability', 'containers', 'infrastructure', 'delivery', 'documentation', 'backup', 'dependencies',
  'data-protection', 'compliance', 'operations',
] as const;

/** Evidence kept for each finding in a report; the rest is counted in the notes. */
const evidencePerFinding = 100;

/** Everything that an audit knows when it is done. `date` is ISO 8601; exceptions are judged on its day. */
export interface ReportParts {
  readonly version: string;
  readonly target: Report['target'];
  readonly checklist: Checklist;
  /** The target's own readiness.yaml had a say. */
  readonly fromTarget: boolean;
  readonly date: string;
  readonly durationMs: number;
  readonly inventory: Report['inventory'];
  /** One for each check and deployable, straight from `evaluateCheck`. */
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
  readonly environment?: Report['environment'];
  readonly environmentVariables?: readonly EnvironmentVariable[];
}

/** A folder without a file passes and fails nothing that means anything. */
const nothingToAssess = (failOn: string): Decision => ({
  verdict: 'NOT READY',
  reasons: ['The target holds no files, so there is nothing to assess.'],
  gates: failOn === 'never' ? [] : [{ name: 'decided', holds: false, message: 'there is nothing to assess' }],
});

/** The report, frozen through and through: exceptions applied, rolled up, scored, judged and sorted. */
export function buildReport(parts: ReportParts): Report {
  const { checklist } = parts;
  const excepted = applyExceptions(parts.findings, {
    waivers: checklist.waivers,
    attestations: checklist.attestations,
    today: parts.date.slice(0, 10),
  });
  const findings = withRollUps(excepted.findings).sort(byCategoryAndId);
  const score = computeScore(findings, checklist.categoryWeights);
  const decision =
    parts.target.files === 0 ? nothingToAssess(checklist.thresholds.failOn) : decideVerdict(findings, score, checklist.thresholds);
  const report: Report = {
    schema: 'readiness-report/1',
    tool: { name: 'readiness', version: parts.version },
    target: parts.target,
    checklist: {
      name: checklist.name,
      title: checklist.title,
      sources: [...checklist.sources],
      fromTarget: parts.fromTarget,
      thresholds: { ...checklist.thresholds },
      sections: checklist.sections.map((s) => ({ title: s.title, checks: [...s.checks] })),
    },
    date: parts.date,
    durationMs: parts.durationMs,
    verdict: decision.verdict,
    reasons: decision.reasons,
    gates: decision.gates,
    score,
    counts: countOutcomes(findings),
    categories: [...new Set(findings.map((f) => f.category))].map((name) => {
      const members = findings.filter((f) => f.category === name);
      const weight = Object.hasOwn(checklist.categoryWeights, name) ? (checklist.categoryWeights[name] ?? 1) : 1;
      return { name, weight, score: computeScore(members, checklist.categoryWeights), counts: countOutcomes(members) };
    }),
    inventory: parts.inventory,
    findings: findings.map(bounded),
    ...(parts.environment ? { environment: parts.environment } : {}),
    ...(parts.environmentVariables ? { environmentVariables: [...parts.environmentVariables] } : {}),
    notes: [...parts.notes, ...excepted.notes, ...cutOff(findings)],
  };
  return deepFreeze(structuredClone(report));
}

function byCategoryAndId(a: Finding, b: Finding): number {
  return (
    placeOf(a.category) - placeOf(b.category) ||
    compare(a.category, b.category) ||
    compare(a.check, b.check) ||
    Number(a.deployable !== null) - Number(b.deployable !== null) ||
    compare(a.deployable ?? '', b.deployable ?? '')
  );
}

function placeOf(category: string): number {
  const index = (categoryOrder as readonly string[]).indexOf(category);
  return index < 0 ? categoryOrder.length : index;
}

/** Evidence within bounds, its keys in the order of the schema whatever probe wrote it. */
function bounded(finding: Finding): Finding {
  const evidence = finding.evidence.slice(0, evidencePerFinding).map(inOrder);
  const { disagreement } = finding;
  if (!disagreement) return { ...finding, evidence };
  return { ...finding, evidence, disagreement: { declared: inOrder(disagreement.declared), observed: inOrder(disagreement.observed) } };
}

function inOrder(e: Finding['evidence'][number]): Finding['evidence'][number] {
  return {
    probe: e.probe,
    answer: e.answer,
    violation: e.violation,
    ...(e.location ? { location: placeWithin(e.location) } : {}),
    ...(e.where !== undefined ? { where: e.where } : {}),
    ...(e.excerpt !== undefined ? { excerpt: e.excerpt } : {}),
    message: e.message,
    ...(e.rung ? { rung: e.rung } : {}),
  };
}

function placeWithin({ path, line, column }: NonNullable<Finding['evidence'][number]['location']>): {
  path: string;
  line?: number;
  column?: number;
} {
  return { path, ...(line !== undefined ? { line } : {}), ...(column !== undefined ? { column } : {}) };
}

function cutOff(findings: readonly Finding[]): Note[] {
  return findings
    .filter((f) => f.deployable === null && f.evidence.length > evidencePerFinding)
    .map((f) => ({ kind: 'limit', message: `${f.check}: ${f.evidence.length} places found, the first ${evidencePerFinding} are listed.` }));
}

function deepFreeze<T>(value: T): T {
  if (value && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
