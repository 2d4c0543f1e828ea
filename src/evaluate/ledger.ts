import { ledgerParts, type LedgerPartName } from '../model/changes.js';
import type { Finding, Ledger, Report } from '../model/report.js';
import { isLive } from '../safe/fingerprint.js';
import { computeScore } from './score.js';

/**
 * Splits the change of score between two reports into what the tool, the checklist, the environment, the code and the
 * exceptions each contributed.
 *
 * The score is computed again and again while one part after the other (in the order of `ledgerParts`: the conditions first,
 * then what people did) is taken from the newer report; a part's points are the difference that its step makes. So the parts
 * sum to the change whatever happened, to the displayed decimal, since every step is the score as it is displayed.
 *
 * `bridge` is the older commit audited under the conditions of the newer report (tool, checklist, environment): with it, what
 * tool and checklist changed is measured instead of inferred. Null where one of the reports has no score.
 */
export function ledgerOf(base: Report, current: Report, bridge: Report | null = null): Ledger | null {
  if (base.score.value === null || current.score.value === null) return null;
  const history = { base: stateOf(base), bridge: bridge && stateOf(bridge), current: stateOf(current) };
  const causes = causesBetween(base, bridge, current);
  const ids = [...new Set([...history.base.checks.keys(), ...history.current.checks.keys()])].sort();
  const parts: Ledger['parts'] = [];
  let state: State = history.base;
  let score = tenths(base.score.value);
  for (const part of ledgerParts) {
    const next: State = {
      checks: new Map(state.checks),
      weights: part === causes.conditions ? history.current.weights : state.weights,
    };
    const checks: Ledger['parts'][number]['checks'] = [];
    for (const id of ids) {
      const from = state.checks.get(id);
      const to = stepOf(part, id, from, history, causes);
      if (to) next.checks.set(id, to);
      else next.checks.delete(id);
      const [was, is] = [labelOf(from), labelOf(to)];
      if (was !== is || from?.weight !== to?.weight) checks.push({ check: id, from: was, to: is });
    }
    // A step after which nothing is decided has no score; what it loses is told by the step that decides again.
    const value = part === 'exceptions' ? current.score.value : scoreOf(next);
    const reached = value === null ? score : tenths(value);
    parts.push({ part, points: (reached - score) / 10, checks });
    state = next;
    score = reached;
  }
  return { change: (score - tenths(base.score.value)) / 10, parts, remarks: remarksOf(base, current, bridge) };
}

const tenths = (value: number): number => Math.round(value * 10);

/** What the score is computed from: a check's roll-up with exceptions (`effective`) and as it was found. */
interface Counted {
  readonly effective: Finding;
  readonly found: Finding;
  readonly weight: number;
}
interface State {
  readonly checks: Map<string, Counted>;
  readonly weights: Readonly<Record<string, number>>;
}

function stateOf(report: Report): State {
  const rolled = report.findings.filter((f) => f.deployable === null);
  return {
    checks: new Map(
      rolled.map((finding) => {
        const found = finding.before ? { ...finding, ...finding.before, attestation: null } : finding;
        return [finding.check, { effective: finding, found, weight: finding.weight }];
      }),
    ),
    weights: Object.fromEntries(report.categories.map((c) => [c.name, c.weight])),
  };
}

function scoreOf({ checks, weights }: State): number | null {
  return computeScore(
    [...checks.values()].map(({ effective, weight }) => ({ ...effective, weight })),
    weights,
  ).value;
}

const labelOf = (counted: Counted | undefined): string =>
  counted === undefined ? 'not selected' : `${counted.effective.outcome}${counted.effective.attestation ? ' (attested)' : ''}`;

interface Causes {
  /** What selection, weights and categories changed for. */
  readonly conditions: LedgerPartName;
  /** What an outcome changed for that the conditions changed on the same code; only with a bridge. */
  reconsidered(from: Finding, to: Finding): LedgerPartName;
  /** What an outcome changed for otherwise. */
  outcome(from: Finding, to: Finding): LedgerPartName;
}

function causesBetween(base: Report, bridge: Report | null, current: Report): Causes {
  const tool = base.tool.version !== current.tool.version;
  const checklist = (base.checklist.digest ?? base.checklist.name) !== (current.checklist.digest ?? current.checklist.name);
  const sameCode =
    base.target.commit !== null &&
    base.target.commit === current.target.commit &&
    base.target.dirty === false &&
    current.target.dirty === false;
  const reparametrised = (from: Finding, to: Finding): boolean => JSON.stringify(from.params ?? {}) !== JSON.stringify(to.params ?? {});
  const reconsidered = (from: Finding, to: Finding): LedgerPartName => {
    if (isLive(from) || isLive(to)) return 'environment';
    return tool && !(checklist && reparametrised(from, to)) ? 'tool' : 'checklist';
  };
  return {
    conditions: tool && !checklist ? 'tool' : 'checklist',
    reconsidered,
    outcome(from, to) {
      if (isLive(from) || isLive(to)) return 'environment';
      if (!bridge && reparametrised(from, to)) return 'checklist';
      if (!sameCode) return 'code';
      // Nothing here changed: a newer tool sees more, or time has passed (a version's support ended, a date came).
      return tool ? 'tool' : 'environment';
    },
  };
}

/** A check after a part was taken from the newer report; undefined where it is not selected then. */
function stepOf(
  part: LedgerPartName,
  id: string,
  from: Counted | undefined,
  { base, bridge, current }: { base: State; bridge: State | null; current: State },
  causes: Causes,
): Counted | undefined {
  const [then, now] = [base.checks.get(id), current.checks.get(id)];
  if (part === 'exceptions') return now;
  // Selected in one of the two only: it comes or goes as a whole with the conditions.
  if (!now) return part === causes.conditions ? undefined : from;
  let state = from;
  if (part === causes.conditions) {
    const entered = state ?? asFound(bridge?.checks.get(id) ?? now);
    state = { ...entered, weight: now.weight };
  }
  if (!state) return undefined;
  const between = bridge?.checks.get(id);
  const known = then?.found ?? between?.found ?? now.found;
  if (between && then && differs(known, between.found) && causes.reconsidered(known, between.found) === part)
    state = swapped(state, between.found);
  const origin = between?.found ?? known;
  if (differs(origin, now.found) && causes.outcome(origin, now.found) === part) state = swapped(state, now.found);
  return state;
}

const asFound = (counted: Counted): Counted => ({ ...counted, effective: counted.found });

const differs = (a: Finding, b: Finding): boolean => a.outcome !== b.outcome || a.held !== b.held || a.total !== b.total;

/** Another outcome found; an attestation of before goes on answering what stays open. */
function swapped(state: Counted, found: Finding): Counted {
  const open = found.outcome === 'unknown' || (found.outcome === 'fail' && found.kind === 'missing');
  return { ...state, found, effective: state.effective.attestation && open ? state.effective : found };
}

function remarksOf(base: Report, current: Report, bridge: Report | null): string[] {
  const remarks: string[] = [];
  if (base.tool.version !== current.tool.version && !bridge && base.target.commit !== current.target.commit)
    remarks.push(
      `The baseline was made by version ${base.tool.version}, this report by ${current.tool.version}: changes of outcome count as code. ` +
        'With a git ref as the baseline, its code is audited by this version too.',
    );
  if (base.target.name !== current.target.name)
    remarks.push(`The baseline is of another repository: ${base.target.name}, not ${current.target.name}.`);
  return remarks;
}
