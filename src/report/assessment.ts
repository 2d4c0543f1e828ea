import type { Phase } from '../model/check.js';
import { pointsOf } from '../model/points.js';
import type { EnvironmentVariable, Finding, Report, Score } from '../model/report.js';
import { implementedIn, layersOf, type ImplementedFile, type Layer } from './layers.js';
import { cheapestPath, gainOf, weekPlan, weightsOf, type Path, type Week } from './plan.js';
import { targetsOf, type TargetGroup } from './targets.js';
import { isObservable, verifyCommand } from './verify.js';
import {
  categoryTitle,
  effortHours,
  hoursText,
  phaseTitles,
  plural,
  rolledUp,
  scoreText,
  severityOrder,
  timelines,
  worstFirst,
} from './words.js';

/**
 * BLOCKED: a critical violation; NOT READY: something critical is missing; CONDITIONS: something important fails, or is waived or
 * attested; NOT VERIFIED: something critical is open; then by score, EXCELLENT where all that was asked holds, IMPROVE under 80.
 */
export type CategoryStatus = 'EXCELLENT' | 'READY' | 'IMPROVE' | 'CONDITIONS' | 'NOT READY' | 'BLOCKED' | 'NOT VERIFIED' | 'NOT APPLICABLE';

export interface CategoryView {
  readonly name: string;
  readonly title: string;
  readonly status: CategoryStatus;
  readonly score: Score;
  readonly passes: readonly Finding[];
  readonly failures: readonly Finding[];
  readonly waived: readonly Finding[];
  /** Unknown and broken ones. */
  readonly unverified: readonly Finding[];
  readonly notApplicable: readonly Finding[];
}

export interface ChecklistGroup {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export interface Risk {
  readonly finding: Finding;
  readonly timeline: string;
}

/** How something that was not verified can be: the answer is the same for all findings in the group. */
export interface UnverifiedGroup {
  readonly title: string;
  readonly how: string;
  /** The command that would decide them, or the most of them; null where none can. */
  readonly command: string | null;
  readonly findings: readonly Finding[];
}

/** The assessment document as data, without any markup: what Markdown and HTML render. */
export interface Assessment {
  readonly report: Report;
  readonly summary: readonly string[];
  readonly categories: readonly CategoryView[];
  readonly environment: readonly EnvironmentVariable[];
  /** Required, and set nowhere that was looked at. */
  readonly missingVariables: readonly EnvironmentVariable[];
  readonly layers: readonly Layer[];
  readonly implemented: readonly ImplementedFile[];
  readonly targets: readonly TargetGroup[];
  readonly phases: readonly ChecklistGroup[];
  /** The checklist's own sections; empty where it has none. */
  readonly sections: readonly ChecklistGroup[];
  readonly risks: readonly Risk[];
  readonly recommendations: {
    readonly immediate: readonly Finding[];
    readonly soon: readonly Finding[];
    readonly later: readonly Finding[];
  };
  /** Failures that take minutes, those that raise the score most first; `gain` is in points of the score. */
  readonly quickWins: readonly { readonly finding: Finding; readonly gain: number }[];
  readonly path: Path | null;
  readonly weeks: readonly Week[];
  readonly unverified: readonly UnverifiedGroup[];
  readonly waived: readonly Finding[];
  readonly attested: readonly Finding[];
}

/** Files of the list of what stands where. */
const listedFiles = 12;

/** Everything that the assessment says, computed from the report; the same report gives the same assessment. */
export function assess(report: Report): Assessment {
  const all = rolledUp(report);
  const open = worstFirst(all.filter((f) => f.outcome === 'fail' && !f.waiver));
  const path = cheapestPath(report);
  const of = (severity: Finding['severity']): Finding[] => open.filter((f) => f.severity === severity);
  const waived = all.filter((f) => f.waiver);
  const attested = all.filter((f) => f.attestation);
  return {
    report,
    summary: summarise(report, open, path),
    categories: report.categories.map((c) => categoryView(c.name, c.score, all)),
    environment: report.environmentVariables ?? [],
    missingVariables: (report.environmentVariables ?? []).filter((v) => v.required && !v.set && !v.hasDefault),
    layers: layersOf(all),
    implemented: implementedIn(all, listedFiles),
    targets: targetsOf(all),
    phases: (Object.keys(phaseTitles) as Phase[]).map((phase) => ({
      title: phaseTitles[phase],
      findings: all.filter((f) => f.phase === phase && f.outcome !== 'not-applicable'),
    })),
    sections: report.checklist.sections.map((s) => ({
      title: s.title,
      findings: s.checks.flatMap((id) => all.filter((f) => f.check === id)),
    })),
    risks: open.map((finding) => ({ finding, timeline: timelines[finding.severity] })),
    recommendations: { immediate: of('critical'), soon: of('important'), later: of('recommended') },
    quickWins: quickWins(open, report),
    path,
    weeks: weekPlan(report),
    unverified: groupUnverified(all, report.inventory),
    waived,
    attested,
  };
}

function categoryView(name: string, score: Score, all: readonly Finding[]): CategoryView {
  const members = all.filter((f) => f.category === name);
  const failures = worstFirst(members.filter((f) => f.outcome === 'fail' && !f.waiver));
  const bySeverity = (f: Finding): number => severityOrder.indexOf(f.severity);
  const passes = members.filter((f) => f.outcome === 'pass').sort((a, b) => bySeverity(a) - bySeverity(b));
  const waived = members.filter((f) => f.waiver);
  const unverified = members.filter((f) => f.outcome === 'unknown' || f.outcome === 'error').sort((a, b) => bySeverity(a) - bySeverity(b));
  const notApplicable = members.filter((f) => f.outcome === 'not-applicable');
  return {
    name,
    title: categoryTitle(name),
    status: statusOf(failures, waived, passes, unverified, score),
    score,
    passes,
    failures,
    waived,
    unverified,
    notApplicable,
  };
}

function statusOf(
  failures: readonly Finding[],
  waived: readonly Finding[],
  passes: readonly Finding[],
  unverified: readonly Finding[],
  score: Score,
): CategoryStatus {
  const critical = failures.filter((f) => f.severity === 'critical');
  if (critical.some((f) => f.kind !== 'missing')) return 'BLOCKED';
  if (critical.length > 0) return 'NOT READY';
  if (failures.some((f) => f.severity === 'important') || waived.length > 0 || passes.some((f) => f.attestation)) return 'CONDITIONS';
  if (unverified.some((f) => f.severity === 'critical')) return 'NOT VERIFIED';
  if (passes.length + failures.length > 0) {
    if (failures.length + unverified.length === 0) return 'EXCELLENT';
    return (score.value ?? 0) >= 80 ? 'READY' : 'IMPROVE';
  }
  return unverified.length > 0 ? 'NOT VERIFIED' : 'NOT APPLICABLE';
}

function quickWins(open: readonly Finding[], report: Report): { finding: Finding; gain: number }[] {
  const weights = weightsOf(report);
  const decided = rolledUp(report)
    .filter((f) => f.outcome === 'pass' || f.outcome === 'fail')
    .reduce((sum, f) => sum + pointsOf(f, weights), 0);
  return open
    .filter((f) => f.effort === 'minutes' && decided > 0)
    .map((finding) => ({ finding, gain: (gainOf(finding, weights) / decided) * 100 }))
    .sort((a, b) => b.gain - a.gain)
    .slice(0, 10);
}

function groupUnverified(all: readonly Finding[], inventory: Report['inventory']): UnverifiedGroup[] {
  const kindOf = (f: Finding): 'environment' | 'unreadable' | 'person' | 'broken' => {
    if (f.outcome === 'error') return 'broken';
    if (isObservable(f)) return 'environment';
    const probes = f.evidence.map((e) => e.probe);
    return probes.length > 0 && !probes.includes('unknown') ? 'unreadable' : 'person';
  };
  const texts = {
    environment: [
      'Needs the running environment',
      'Audit again with the running system named, or let its operator attest the answer in readiness.yaml.',
    ],
    person: ['Needs a person', 'Look at what each point names, then attest the answer in readiness.yaml with a link that shows it.'],
    unreadable: ['Could not be decided from the files', 'Look at the places named; attest the answer in readiness.yaml where it holds.'],
    broken: ['The check broke', 'Report it with the message given; it counts as neither pass nor fail.'],
  } as const;
  const open = all.filter((f) => f.outcome === 'unknown' || f.outcome === 'error');
  return (Object.keys(texts) as (keyof typeof texts)[])
    .map((kind) => ({
      title: texts[kind][0],
      how: texts[kind][1],
      findings: open
        .filter((f) => kindOf(f) === kind)
        .sort((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity)),
    }))
    .filter((group) => group.findings.length > 0)
    .map((group) => ({ ...group, command: verifyCommand(group.findings, inventory) }));
}

function summarise(report: Report, open: readonly Finding[], path: Path | null): string[] {
  return [
    ...report.reasons,
    scoreSentence(report),
    ...inventorySentence(report),
    ...rangeOfCategories(report),
    ...failureSentence(open),
    ...pathSentence(path, report),
    ...(report.checklist.fromTarget ? ['The repository’s own readiness.yaml had a say in what was asked.'] : []),
  ];
}

function scoreSentence({ score, counts }: Report): string {
  const open = counts.unknown + counts.error;
  if (score.value === null) return `There is no score: of ${plural(open, 'applicable check')} none could be decided.`;
  const range =
    open === 0
      ? 'Everything applicable was decided.'
      : `${plural(open, 'check')} could not be decided: the score lies between ${score.low} and ${score.high}.`;
  return `The score is ${score.value} of 100, decided on ${score.coverage} % of the applicable weight. ${range}`;
}

function inventorySentence({ inventory }: Report): string[] {
  const total = inventory.languages.reduce((n, l) => n + l.lines, 0);
  const languages = [...inventory.languages]
    .sort((a, b) => b.lines - a.lines)
    .slice(0, 3)
    .map((l) => `${l.language} (${Math.round((l.lines / Math.max(total, 1)) * 100)} %)`);
  const named = inventory.technologies.filter((t) => ['framework', 'server', 'service', 'platform'].includes(t.kind)).map((t) => t.title);
  const shown = named.slice(0, 8).join(', ') + (named.length > 8 ? ` and ${named.length - 8} more` : '');
  const deployables = inventory.deployables.map((d) => d.name);
  const parts = [
    inventory.kinds.length > 0
      ? `The repository was judged as ${inventory.kinds.join(' and ')}`
      : 'The repository is of no recognised kind',
    languages.length > 0 ? `, with ${plural(total, 'line')} of product code in ${languages.join(', ')}` : '',
    named.length > 0 ? `; it uses ${shown}` : '',
    deployables.length > 1
      ? `. Judged apart: ${deployables.slice(0, 6).join(', ')}${deployables.length > 6 ? ` and ${deployables.length - 6} more` : ''}`
      : '',
  ];
  return [`${parts.join('')}.`];
}

function rangeOfCategories(report: Report): string[] {
  const scored = report.categories.filter((c) => c.score.value !== null).sort((a, b) => (a.score.value ?? 0) - (b.score.value ?? 0));
  const [weakest, strongest] = [scored[0], scored.at(-1)];
  if (!weakest || !strongest || weakest === strongest || weakest.score.value === strongest.score.value) return [];
  const name = (c: typeof weakest): string => `${categoryTitle(c.name)} (${scoreText(c.score.value)})`;
  const weak = scored.slice(0, 3).filter((c) => (c.score.value ?? 0) < (strongest.score.value ?? 0));
  return [`Weakest: ${weak.map(name).join(', ')}. Strongest: ${name(strongest)}.`];
}

function failureSentence(open: readonly Finding[]): string[] {
  if (open.length === 0) return [];
  const by = severityOrder.map((s) => [open.filter((f) => f.severity === s).length, s] as const).filter(([n]) => n > 0);
  const seen = open.filter((f) => f.kind !== 'missing').length;
  const hours = open.reduce((n, f) => n + effortHours[f.effort], 0);
  return [
    `${plural(open.length, 'check fails', 'checks fail')} (${by.map(([n, s]) => `${n} ${s}`).join(', ')}): for ${seen} something wrong was seen at a place, for ${open.length - seen} nothing was found where it should be. Mending all of them takes about ${hoursText(hours)}.`,
  ];
}

function pathSentence(path: Path | null, { verdict }: Report): string[] {
  if (!path) return [];
  const steps = [
    ...(path.fixes.length > 0 ? [`mending ${plural(path.fixes.length, 'check')} (about ${hoursText(path.hours)})`] : []),
    ...(path.verify.length > 0 ? [`verifying ${plural(path.verify.length, 'check')}`] : []),
    ...(path.settle.length > 0 ? [`evidence for ${plural(path.settle.length, 'waived or attested point')}`] : []),
  ];
  return steps.length > 0 ? [`The cheapest way from ${verdict} to ${path.goal}: ${steps.join(', ')}.`] : [];
}
