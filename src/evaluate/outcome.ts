import type { SelectedCheck } from '../model/checklist.js';
import type { Evidence, Judgement } from '../model/evidence.js';
import type { ProbeNode } from '../model/check.js';
import type { Probe, View } from '../model/probe.js';
import type { Finding } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import { excerptOf } from '../safe/redact.js';
import { withObservation } from './observed.js';
import { evaluateTree, type TreeContext, type TreeJudgement } from './tree.js';

/** What judging a check needs besides the check and the view. */
export interface OutcomeDeps {
  readonly probes: ReadonlyMap<string, Probe>;
}

type Decided = Pick<Finding, 'outcome' | 'kind' | 'summary' | 'evidence' | 'held' | 'total' | 'rung'>;

/**
 * The finding of one check for one view (a deployable, or the repository where `view.deployable` is null). Never throws:
 * a probe or a condition that breaks gives the outcome `error` with its message.
 */
export function evaluateCheck(selected: SelectedCheck, view: View, deps: OutcomeDeps): Finding {
  const { check } = selected;
  const decided = decide(selected, view, deps);
  const set = paramsSet(selected);
  const finding: Finding = {
    check: check.id,
    title: check.title,
    category: check.category,
    severity: selected.severity,
    effort: check.effort,
    phase: check.phase,
    deployable: view.deployable,
    ...decided,
    weight: selected.weight,
    why: check.why,
    fix: chooseFix(selected, view),
    references: [...check.references],
    waiver: null,
    attestation: null,
    ...(set ? { params: set } : {}),
    ...(decided.outcome === 'unknown' && check.observe ? { observable: connectionsOf(check.observe, deps) } : {}),
  };
  return observeCheck(finding, selected, view, deps);
}

/** The connections that a tree asks: names of probes that measure, sorted. */
function connectionsOf(node: ProbeNode, deps: OutcomeDeps): string[] {
  const children = [node.all, node.any, node.none].flatMap((list) => list ?? []);
  const own = Object.keys(node).filter((name) => deps.probes.get(name)?.measurements !== undefined);
  return [...new Set([...own, ...children.flatMap((child) => connectionsOf(child, deps))])].sort();
}

/** Parameters that differ from the check's own, undefined where none does. */
function paramsSet({ check, params }: SelectedCheck): Record<string, unknown> | undefined {
  const set = Object.entries(params).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(check.params?.[name]));
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}

/**
 * The finding joined with what the running system shows, where the check looks at one and the view knows of one. A check that applies
 * while the files hold nothing for it to judge rests on the running system alone. Never throws.
 */
export function observeCheck(finding: Finding, selected: SelectedCheck, view: View, deps: OutcomeDeps): Finding {
  const { check, params } = selected;
  if (!check.observe || !view.measured) return finding;
  try {
    if (finding.outcome === 'not-applicable' && !holds(view, check.applies, params)) return finding;
    return withObservation(finding, evaluateTree(check.observe, contextOf(params, view, deps)));
  } catch (error) {
    return { ...finding, ...couldNot(error) };
  }
}

function decide(selected: SelectedCheck, view: View, deps: OutcomeDeps): Decided {
  const { check, params } = selected;
  try {
    if (!holds(view, check.applies, params)) {
      return undecided('not-applicable', `Not applicable: ${check.applies} does not hold.`);
    }
    return fromTree(evaluateTree(check.probe, contextOf(params, view, deps)), selected);
  } catch (error) {
    return couldNot(error);
  }
}

function contextOf(params: SelectedCheck['params'], view: View, deps: OutcomeDeps): TreeContext {
  return {
    holds: (expression) => holds(view, expression, params),
    judge: (name, probeParams) => judgeLeaf(name, probeParams, view, deps),
    render: (message, evidence) => view.render(message, variablesOf(evidence, params)),
  };
}

function couldNot(error: unknown): Decided {
  const message = oneLine(error instanceof Error ? error.message : String(error));
  return undecided('error', `The check could not be carried out: ${excerptOf(message)}`);
}

function holds(view: View, expression: string, param: Readonly<Record<string, unknown>>): boolean {
  const value = view.cel(expression, { param });
  if (typeof value !== 'boolean') throw new Error(`the condition ${expression} gives no yes or no`);
  return value;
}

function judgeLeaf(name: string, probeParams: unknown, view: View, deps: OutcomeDeps): Judgement {
  const probe = deps.probes.get(name);
  if (!probe) throw new Error(`there is no probe named ${name}`);
  return probe.judge(probeParams as never, view);
}

/** Variables of a node's message: `file`, `line`, `excerpt` (also as `match.excerpt`) and `param`. */
function variablesOf({ location, excerpt }: Evidence, param: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { file: location?.path ?? '', line: location?.line ?? 0, excerpt: excerpt ?? '', match: { excerpt: excerpt ?? '' }, param };
}

function fromTree(judged: TreeJudgement, selected: SelectedCheck): Decided {
  const evidence = distinct(judged.evidence);
  const share = { held: judged.held ?? null, total: judged.total ?? null };
  switch (judged.answer) {
    case 'not-applicable':
      return undecided('not-applicable', 'Not applicable: there is nothing here for it to judge.');
    case 'unknown':
      return { ...undecided('unknown', evidence[0]?.message ?? 'Could not tell.'), evidence };
    case 'yes': {
      // Beside what shows the good state, what merely was not found tells nothing.
      const shown = evidence.filter((e) => !ofAbsence(e));
      const placed = evidence.some((e) => e.location) ? shown : evidence;
      return {
        outcome: 'pass',
        kind: null,
        summary: summaryOfPass(shown, share, selected),
        evidence: placed,
        ...share,
        rung: judged.rung,
      };
    }
    case 'no': {
      const kind = evidence.some((e) => e.violation) ? 'violation' : 'missing';
      const summary = kind === 'violation' ? summaryOfViolation(evidence, share) : summaryOfMissing(evidence, selected);
      return { outcome: 'fail', kind, summary, evidence, ...share, rung: null };
    }
  }
}

function undecided(outcome: Finding['outcome'], summary: string): Decided {
  return { outcome, kind: null, summary, evidence: [], held: null, total: null, rung: null };
}

function distinct(evidence: readonly Evidence[]): Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const e of evidence) {
    const key = JSON.stringify([e.probe, e.answer, e.violation, e.location?.path, e.location?.line, e.where, e.message]);
    if (!seen.has(key)) seen.set(key, e);
  }
  return [...seen.values()];
}

type Share = Pick<Finding, 'held' | 'total'>;

/** Of evidence that shows the good state; none where the pass rests on absence alone. */
function summaryOfPass(evidence: readonly Evidence[], { held, total }: Share, { check }: SelectedCheck): string {
  const first = evidence[0];
  if (total !== null && total > 1) return `${held} of ${total} hold${first ? `; for one: ${first.message}` : ''}`;
  // A pass by absence: what was not found says more than the patterns that did not match.
  if (check.looked && onlyForbids(check.probe) && evidence.every((e) => !e.location)) return `Nothing found of: ${check.looked}`;
  return first ? `${first.message}${more(evidence.length)}` : `${check.title}: nothing was seen that speaks against it.`;
}

const searching = new Set(['text', 'code', 'secret', 'document', 'file', 'inventory', 'dependency']);

/** A search that found nothing, or several that share one entry: a pattern or a condition that nothing met is no sentence for a reader. */
const ofAbsence = (e: Evidence): boolean => !e.location && !e.where && e.probe.split(', ').every((probe) => searching.has(probe));

/** Whether a tree asks for nothing but that something be absent, so that what was looked for is bad. */
const onlyForbids = (node: ProbeNode): boolean => node.none !== undefined || (node.all?.every(onlyForbids) ?? false);

function summaryOfViolation(evidence: readonly Evidence[], { held, total }: Share): string {
  const violations = evidence.filter((e) => e.violation);
  const message = violations[0]?.message ?? '';
  if (held !== null && total !== null && total > 1) return `${total - held} of ${total} do not hold; the first: ${message}`;
  return `${message}${more(violations.length)}`;
}

function summaryOfMissing(evidence: readonly Evidence[], { check }: SelectedCheck): string {
  if (check.looked) return `Not found. Looked for: ${check.looked}`;
  return evidence[0] ? `${evidence[0].message}${more(evidence.length)}` : `Not found: ${check.title}`;
}

const more = (count: number): string => (count > 1 ? ` (and ${count - 1} more)` : '');

/** The first snippet whose condition holds here, else the general one. */
function chooseFix({ check, params }: SelectedCheck, view: View): Finding['fix'] {
  const { text, snippet, snippets } = check.fix;
  const chosen = snippets?.find((s) => {
    try {
      return view.cel(s.if, { param: params }) === true;
    } catch {
      return false;
    }
  });
  if (!chosen) return { text, snippet: snippet ?? null };
  return { text, snippet: chosen.code, ...(chosen.language ? { language: chosen.language } : {}) };
}
