import type { Check, Technology, Trait } from './model/check.js';
import type { Query } from './model/query.js';
import type { ProbeNode } from './model/check.js';
import { combiners, readers } from './documents/index.js';
import { orderTraits } from './inventory/traits.js';
import { technologyQueries } from './inventory/technologies.js';
import { compileCel } from './safe/cel.js';
import { probes } from './probes/index.js';
import { makePlan, type Vetted } from './scan/plan.js';

/** Everything an audit needs to know beside the target: what to detect, what to ask, and the plan made of it. */
export interface Definitions {
  readonly checks: readonly Check[];
  readonly technologies: readonly Technology[];
  readonly traits: readonly Trait[];
  readonly plan: ReturnType<typeof makePlan>;
}

/** Kinds that the inventory itself reads. */
const inventoryKinds = ['dependencies', 'workloads', 'starts', 'env-variables', 'project-references'];

/** Queries of all leaves of a probe tree. */
export function queriesOf(node: ProbeNode): Query[] {
  const children = [node.all, node.any, node.none].flatMap((list) => list ?? []);
  if (children.length > 0) return children.flatMap(queriesOf);
  return leafOf(node).flatMap(([name, params]) => [...(probes.get(name)?.queries(params) ?? [])]);
}

/** The probe that a leaf names, with its parameters. */
export function leafOf(node: ProbeNode): [name: string, params: unknown][] {
  return Object.entries(node).filter(([key]) => probes.has(key));
}

export interface DefinitionParts extends Omit<Definitions, 'plan'> {
  /** Kinds to read though no check asks for them. */
  readonly extraKinds?: readonly string[];
  readonly vetted?: Vetted;
  /** A running system is looked at too: what the checks ask of it may rest on questions to the files. */
  readonly observed?: boolean;
}

/** Makes the plan for these checks; reusable over many targets. */
export function define(parts: DefinitionParts): Definitions {
  const traits = orderTraits(parts.traits);
  return { ...parts, traits, plan: makePlan({ queries: allQueries({ ...parts, traits }), readers, combiners, vetted: parts.vetted }) };
}

/** Every question of the inventory, the traits and the checks. */
export function allQueries(parts: DefinitionParts): Query[] {
  return [
    ...[...inventoryKinds, ...(parts.extraKinds ?? [])].map((kind): Query => ({ type: 'kind', kind })),
    ...technologyQueries(parts.technologies),
    ...parts.traits.flatMap((t) => queriesOf(t.probe)),
    ...parts.checks.flatMap((c) => queriesOf(c.probe)),
    ...(parts.observed ? parts.checks.flatMap((c) => (c.observe ? queriesOf(c.observe) : [])) : []),
  ];
}

/** The selected checks and those that their `applies` asks about with passes(), transitively. */
export function withDependencies(selected: readonly Check[], all: readonly Check[]): Check[] {
  const byId = new Map(all.map((c) => [c.id, c]));
  const result = new Map<string, Check>();
  const visit = (check: Check) => {
    if (result.has(check.id)) return;
    result.set(check.id, check);
    for (const { id } of compileCel(check.applies).passes) {
      const other = byId.get(id);
      if (other) visit(other);
    }
  };
  selected.forEach(visit);
  return [...result.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
