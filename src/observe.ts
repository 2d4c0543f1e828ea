import { leafOf } from './definitions.js';
import type { ProbeNode } from './model/check.js';
import type { SelectedCheck } from './model/checklist.js';
import type { Environment, Measured, Measurement } from './model/environment.js';
import type { View } from './model/probe.js';
import { probes } from './probes/index.js';
import { canonical } from './safe/canonical.js';

/** What a running system answered, for judging afterwards; `measured` gives nothing for a question that was not asked. */
export interface Observations {
  measured(measurement: Measurement): Measured | undefined;
  readonly counts: { readonly measured: number; readonly unknown: number };
  readonly endpoints: readonly string[];
}

/**
 * Traits that hold because the operator names an endpoint: `has.live_postgres` makes a check applicable to a database whose place only the
 * environment knows.
 */
export const liveTraits = (environment: Pick<Environment, 'has'> | undefined): string[] =>
  environment
    ? (['postgres', 'mysql', 'redis', 'env', 'host', 'prometheus', 'backup', 'tls', 'tcp'] as const)
        .filter((kind) => environment.has(kind))
        .map((kind) => `live-${kind}`)
    : [];

/** Something that checks are judged for, and the view with their parameters. */
export interface Subject {
  readonly selected: SelectedCheck;
  readonly view: View;
  /** Those of the deployables, where it is judged for several: it asks when it applies to one of them. */
  readonly units: readonly View[];
}

/**
 * Puts every question of the subjects' `observe` to the environment, all at once; equal ones are one. Closes nothing.
 * A check that does not apply asks nothing.
 */
export async function observe(environment: Environment, subjects: Iterable<Subject>): Promise<Observations> {
  const asked = new Map<string, Measurement>();
  for (const subject of subjects) for (const m of measurementsOf(subject)) asked.set(canonical(m), m);
  const answers = new Map<string, Measured>();
  const all = async (wanted: (m: Measurement) => boolean) =>
    Promise.all([...asked].filter(([, m]) => wanted(m)).map(async ([key, m]) => answers.set(key, await environment.measure(m))));
  // A load test comes last and alone: it would slow the others down, and a rate limit that it meets would answer them too.
  await all((m) => m.connection !== 'load');
  await all((m) => m.connection === 'load');
  const told = [...answers.values()].filter((a) => a.status === 'measured' || a.reason !== 'not-named');
  return {
    measured: (measurement) => answers.get(canonical(measurement)),
    counts: {
      measured: told.filter((a) => a.status === 'measured').length,
      unknown: told.filter((a) => a.status === 'unknown').length,
    },
    // One answer may be about several endpoints, and several about paths of one.
    endpoints: [...new Set(told.flatMap((a) => a.where.split(', ')).map((where) => where.replace(/^(https?:\/\/[^/]+).*$/, '$1')))].sort(),
  };
}

/** The questions of one check for one view. */
export function measurementsOf({ selected: { check, params }, view, units }: Subject): Measurement[] {
  if (!check.observe || !units.some((unit) => mayApply(check.applies, params, unit))) return [];
  return leaves(check.observe, params, view).flatMap(([name, probeParams]) => [
    ...(probes.get(name)?.measurements?.(probeParams, view) ?? []),
  ]);
}

/** Whether a check may apply: what `passes()` will say is not known yet. */
function mayApply(applies: string, param: Readonly<Record<string, unknown>>, view: View): boolean {
  return [true, false].some((answer) => {
    try {
      return view.cel(applies, { param, passes: () => answer }) === true;
    } catch {
      return false;
    }
  });
}

function leaves(node: ProbeNode, param: Readonly<Record<string, unknown>>, view: View): [name: string, params: unknown][] {
  if (node.if !== undefined && view.cel(node.if, { param }) !== true) return [];
  const children = [node.all, node.any, node.none].flatMap((list) => list ?? []);
  return children.length > 0 ? children.flatMap((child) => leaves(child, param, view)) : leafOf(node);
}
