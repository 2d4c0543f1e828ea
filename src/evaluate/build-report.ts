import type { Checklist } from '../model/checklist.js';
import type { EnvironmentVariable, Finding, Report, Suppression } from '../model/report.js';
import type { Note } from '../model/target.js';
import { conditionsOver } from './conditions.js';
import { applyExceptions, foundOf } from './exceptions.js';
import { judgeItems } from './items.js';
import { rollUp, withRollUps } from './rollup.js';
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
  /** Comments in the repository that accept a failure, and the ids of all known checks, which they may name. */
  readonly suppressions?: readonly Suppression[];
  readonly knownChecks?: readonly string[];
  /** The git ref that the checklist was read from. */
  readonly policy?: { readonly ref: string; readonly commit: string };
  /** YYYY-MM-DD on which exceptions are judged; default: that of `date`. */
  readonly exceptionsOn?: string;
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
    suppressions: parts.suppressions,
    known: parts.knownChecks,
    holds: conditionsOver(parts.inventory),
    days: new Map(checklist.checks.flatMap(({ check }) => (check.attestationDays ? [[check.id, check.attestationDays] as const] : []))),
    today: parts.exceptionsOn ?? parts.date.slice(0, 10),
  });
  const findings = withFound(withRollUps(excepted.findings), parts.findings).sort(byCategoryAndId);
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
      sections: checklist.sections.map((s) => ({
        title: s.title,
        checks: [...s.checks],
        ...(s.items ? { items: judgeItems(s.items, findings, parts.exceptionsOn ?? parts.date.slice(0, 10)) } : {}),
      })),
      ...(checklist.digest ? { digest: checklist.digest } : {}),
      ...(parts.policy ? { policy: { ref: parts.policy.ref, commit: parts.policy.commit } } : {}),
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
    ...(excepted.suppressions.length > 0 ? { suppressions: excepted.suppressions } : {}),
    notes: [...parts.notes, ...excepted.notes, ...cutOff(findings)],
  };
  return deepFreeze(structuredClone(report));
}

/** Roll-ups say what was found before exceptions, where those of their deployables do. */
function withFound(findings: readonly Finding[], raw: readonly Finding[]): Finding[] {
  const changed = new Set(findings.filter((f) => f.before).map((f) => f.check));
  if (changed.size === 0) return [...findings];
  const own = new Set(raw.filter((f) => f.deployable === null).map((f) => f.check));
  return findings.map((finding) => {
    if (finding.deployable !== null || !changed.has(finding.check) || own.has(finding.check)) return finding;
    return { ...finding, before: foundOf(rollUp(raw.filter((f) => f.check === finding.check))) };
  });
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
  const within = (evidence: Finding['evidence']): Finding['evidence'] => evidence.slice(0, evidencePerFinding).map(inOrder);
  const { disagreement, before, evidence } = finding;
  const omitted = Math.max(evidence.length, before?.evidence.length ?? 0) - evidencePerFinding + (finding.omitted ?? 0);
  return {
    ...finding,
    evidence: within(evidence),
    ...(disagreement ? { disagreement: { declared: inOrder(disagreement.declared), observed: inOrder(disagreement.observed) } } : {}),
    ...(before ? { before: { ...before, evidence: within(before.evidence) } } : {}),
    ...(omitted > 0 ? { omitted } : {}),
  };
}

function inOrder(e: Finding['evidence'][number]): Finding['evidence'][number] {
  return {
    probe: e.probe,
    answer: e.answer,
    violation: e.violation,
    ...(e.location ? { location: placeWithin(e.location) } : {}),
    ...(e.where !== undefined ? { where: e.where } : {}),
    ...(e.excerpt !== undefined ? { excerpt: e.excerpt } : {}),
    ...(e.frame ? { frame: { line: e.frame.line, lines: [...e.frame.lines] } } : {}),
    message: e.message,
    ...(e.rung ? { rung: e.rung } : {}),
    ...(e.waived !== undefined ? { waived: e.waived } : {}),
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
  return findings.flatMap((f) => {
    const total = f.evidence.length + (f.omitted ?? 0);
    if (f.deployable !== null || total <= evidencePerFinding) return [];
    return [{ kind: 'limit', message: `${f.check}: ${total} places found, the first ${evidencePerFinding} are listed.` } as const];
  });
}

function deepFreeze<T>(value: T): T {
  if (value && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
