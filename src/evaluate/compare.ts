import { changeStates, type ChangeState } from '../model/changes.js';
import type { Baseline, Change, Finding, Report } from '../model/report.js';
import { failuresIn, type Failure } from '../safe/fingerprint.js';

/** What changed between two reports, failure by failure. */
export type Comparison = Pick<Baseline, 'counts' | 'changes'>;

/**
 * Compares failures by their fingerprints, one to one: first those of the same place, then those that moved with their file or
 * deployable. So a line that moved is no new failure, and one that was fixed never makes up for a new one elsewhere: a file
 * counts as moved only where nothing of either report stands at its old path now, nor stood at its new path before, and
 * `stillThere` (where the files can be looked at) does not know the old path.
 */
export function compareReports(base: Report, current: Report, stillThere: (path: string) => boolean = () => false): Comparison {
  const before = failuresIn(base);
  const after = failuresIn(current);
  const gone = goneBetween(base, current, stillThere);
  const pairs = pair(before, after, gone);
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

/** Whether a path or a deployable of the older report may have become one of the newer report. */
interface Gone {
  readonly path: (from: string | undefined, to: string | undefined) => boolean;
  readonly deployable: (from: string | null, to: string | null) => boolean;
}

function goneBetween(base: Report, current: Report, stillThere: (path: string) => boolean): Gone {
  const pathsOf = (report: Report): Set<string> =>
    new Set(report.findings.flatMap((f) => f.evidence.flatMap((e) => (e.location ? [e.location.path] : []))));
  const deployablesOf = (report: Report): Set<string | null> => new Set(report.findings.map((f) => f.deployable));
  const [pathsBefore, pathsNow] = [pathsOf(base), pathsOf(current)];
  const [before, now] = [deployablesOf(base), deployablesOf(current)];
  return {
    path: (from, to) =>
      from === to || (from !== undefined && to !== undefined && !pathsNow.has(from) && !pathsBefore.has(to) && !stillThere(from)),
    // `null` is the only deployable of a repository, which a second one makes two.
    deployable: (from, to) => from === to || ((from === null || !now.has(from)) && (to === null || !before.has(to))),
  };
}

/** The newer failure with the older one that it is. */
function pair(before: readonly Failure[], after: readonly Failure[], gone: Gone): Map<Failure, Failure> {
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
      const candidates = free.get(keyOf(failure)) ?? [];
      const index = candidates.findIndex(
        (old) =>
          gone.path(old.evidence?.location?.path, failure.evidence?.location?.path) &&
          gone.deployable(old.finding.deployable, failure.finding.deployable),
      );
      const [match] = index < 0 ? [] : candidates.splice(index, 1);
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
