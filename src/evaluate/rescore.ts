import type { Checklist, SelectedCheck } from '../model/checklist.js';
import type { Finding, Report } from '../model/report.js';
import type { Note } from '../model/target.js';
import { isLive } from '../safe/fingerprint.js';
import { buildReport } from './build-report.js';
import { decideVerdict } from './verdict.js';

/**
 * A saved report under another checklist: its selection, severities, weights, thresholds, waivers and attestations applied to
 * what was found then. The target is not needed, and never looked at: a check that the report did not judge, or judged with other
 * parameters, becomes unknown. `today` (YYYY-MM-DD) is the day on which exceptions are judged.
 */
export function rescore(
  report: Report,
  checklist: Checklist,
  { today, fromTarget, known }: { today: string; fromTarget: boolean; known: readonly string[] },
): Report {
  const saved = new Map<string, Finding[]>();
  for (const finding of withoutRollUps(report.findings)) saved.set(finding.check, [...(saved.get(finding.check) ?? []), asFound(finding)]);
  const notes: Note[] = report.notes.filter((n) => n.kind === 'unreadable' || (n.kind === 'limit' && !isCutOff(n, report)));
  let open = 0;
  const notThen = (selected: SelectedCheck, why: string): Finding[] => {
    open += 1;
    return [notJudged(selected, why)];
  };
  const findings = checklist.checks.flatMap((selected) => {
    const judged = saved.get(selected.check.id);
    if (!judged) return notThen(selected, 'The saved audit did not judge it.');
    const other = judged.find((f) => !sameParams(f, selected));
    if (other) return notThen(selected, `The saved audit judged it with other parameters (${paramsText(other)}).`);
    return judged.map((f) => ({ ...f, severity: selected.severity, weight: selected.weight }));
  });
  if (open > 0)
    notes.push({
      kind: 'checklist',
      message: `${open} checks of ${checklist.name} were not judged by the saved audit, and are unknown here: audit the target again to decide them.`,
    });
  const built = buildReport({
    version: report.tool.version,
    target: report.target,
    checklist,
    fromTarget,
    date: report.date,
    durationMs: report.durationMs,
    inventory: report.inventory,
    findings,
    notes,
    ...(report.environment ? { environment: report.environment } : {}),
    ...(report.environmentVariables ? { environmentVariables: report.environmentVariables } : {}),
    ...(report.suppressions ? { suppressions: report.suppressions.map((s) => ({ ...s })) } : {}),
    knownChecks: known,
    exceptionsOn: today,
  });
  return report.history ? { ...built, history: report.history } : built;
}

/** The same findings against other thresholds: verdict, reasons and gates are decided again. */
export function withThresholds(report: Report, thresholds: Checklist['thresholds']): Report {
  return {
    ...report,
    ...(report.target.files === 0 ? {} : decideVerdict(report.findings, report.score, thresholds)),
    checklist: { ...report.checklist, thresholds },
  };
}

/** Roll-ups are made anew, but for those on which a running system was heard. */
function withoutRollUps(findings: readonly Finding[]): Finding[] {
  const several = new Set(findings.filter((f) => f.deployable !== null).map((f) => f.check));
  return findings.filter((f) => f.deployable !== null || !several.has(f.check) || isLive(f));
}

/** As the check found it, without waiver and attestation. */
function asFound({ before, ...finding }: Finding): Finding {
  return { ...finding, ...before, waiver: null, attestation: null };
}

const isCutOff = (note: Note, report: Report): boolean =>
  report.findings.some((f) => f.omitted !== undefined && note.message.startsWith(`${f.check}: `));

function sameParams(finding: Finding, { check, params }: SelectedCheck): boolean {
  const was = { ...check.params, ...finding.params };
  return Object.keys({ ...was, ...params }).every((name) => JSON.stringify(was[name]) === JSON.stringify(params[name]));
}

const paramsText = (finding: Finding): string =>
  finding.params
    ? Object.entries(finding.params)
        .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
        .join(', ')
    : 'its defaults';

function notJudged({ check, severity, weight }: SelectedCheck, why: string): Finding {
  return {
    check: check.id,
    title: check.title,
    category: check.category,
    severity,
    effort: check.effort,
    phase: check.phase,
    deployable: null,
    outcome: 'unknown',
    kind: null,
    summary: `${why} Audit the target again to decide it.`,
    evidence: [],
    held: null,
    total: null,
    weight,
    rung: null,
    why: check.why,
    fix: { text: check.fix.text, snippet: check.fix.snippet ?? null },
    references: [...check.references],
    waiver: null,
    attestation: null,
  };
}
