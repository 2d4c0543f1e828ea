import { changeStates, type Baseline, type Change, type ChangeState, type Finding, type Report } from '../model/report.js';
import { failuresIn, type Failure } from '../safe/fingerprint.js';

/** What changed between two reports, failure by failure. */
export type Comparison = Pick<Baseline, 'counts' | 'changes'>;

/**
 * Compares failures by their fingerprints, one to one: first those of the same place, then those that only moved to another
 * deployable or path. So a line that moved is no new failure, and one that was fixed never makes up for a new one.
 */
export function compareReports(base: Report, current: Report): Comparison {
  const before = failuresIn(base);
  const after = failuresIn(current);
  const pairs = pair(before, after);
  const paired = new Set(pairs.keys());
  const changes: Change[] = [...pairs]
    .filter(([now, then]) => !now.companion || !then.companion)
    .map(([now, then]) =>
      samePlace(now, then) ? change('unchanged', now) : { ...change('moved', now), ...(placeOf(then) ? { from: placeOf(then) } : {}) },
    );
  const judgedBefore = outcomesOf(base);
  const judgedNow = outcomesOf(current);
  for (const failure of after) {
    if (paired.has(failure) || failure.companion) continue;
    const known = judgedBefore.get(failure.finding.check);
    const seenBefore = known !== undefined && known !== 'error' && !(isLive(failure) && !base.environment);
    changes.push(change(seenBefore ? 'new' : 'revealed', failure));
  }
  const kept = new Set(pairs.values());
  for (const failure of before) {
    if (kept.has(failure) || failure.companion) continue;
    const now = judgedNow.get(failure.finding.check);
    const decided = now === 'pass' || now === 'fail' || now === 'not-applicable';
    changes.push(change(decided && !(isLive(failure) && !current.environment) ? 'fixed' : 'undecided', failure));
  }
  const counts = Object.fromEntries(
    changeStates.map((state) => [state, changes.filter((c) => c.state === state).length]),
  ) as Comparison['counts'];
  const order = (c: Change): number => changeStates.indexOf(c.state);
  return { counts, changes: changes.filter((c) => c.state !== 'unchanged').sort((a, b) => order(a) - order(b)) };
}

/** The newer failure with the older one that it is. */
function pair(before: readonly Failure[], after: readonly Failure[]): Map<Failure, Failure> {
  const pairs = new Map<Failure, Failure>();
  const taken = new Set<Failure>();
  // Equal lines are matched in the order in which they stand, so that of three the one that went is the last.
  const keys: ((f: Failure) => string)[] = [
    (f) => f.fingerprint,
    (f) => JSON.stringify([f.text, f.evidence?.location?.path ?? f.evidence?.where]),
    (f) => JSON.stringify([f.text, f.finding.deployable]),
    (f) => f.text,
  ];
  for (const keyOf of keys) {
    const free = new Map<string, Failure[]>();
    for (const failure of before) if (!taken.has(failure)) free.set(keyOf(failure), [...(free.get(keyOf(failure)) ?? []), failure]);
    for (const failure of after) {
      if (pairs.has(failure)) continue;
      const match = free.get(keyOf(failure))?.shift();
      if (!match) continue;
      pairs.set(failure, match);
      taken.add(match);
    }
  }
  return pairs;
}

const isLive = (failure: Failure): boolean => failure.evidence?.where !== undefined;

const placeOf = ({ evidence }: Failure): Change['location'] => {
  if (!evidence?.location) return undefined;
  const { path, line } = evidence.location;
  return { path, ...(line !== undefined ? { line } : {}) };
};

const samePlace = (a: Failure, b: Failure): boolean =>
  placeOf(a)?.path === placeOf(b)?.path && placeOf(a)?.line === placeOf(b)?.line && a.finding.deployable === b.finding.deployable;

function change(state: ChangeState, failure: Failure): Change {
  const { finding } = failure;
  const location = placeOf(failure);
  return {
    state,
    check: finding.check,
    title: finding.title,
    severity: finding.severity,
    deployable: finding.deployable,
    ...(location ? { location } : {}),
    message: failure.message,
    waived: failure.waived,
    fingerprint: failure.fingerprint,
  };
}

/** Outcome of each check by its roll-up. */
const outcomesOf = (report: Report): Map<string, Finding['outcome']> =>
  new Map(report.findings.filter((f) => f.deployable === null).map((f) => [f.check, f.outcome]));
