import type { Check, Trait } from '../model/check.js';
import type { Evidence, Judgement } from '../model/evidence.js';
import { compileCel } from '../safe/cel.js';

/** Traits in an order in which each comes after those that its expressions name. Throws on a cycle. */
export function orderTraits(traits: readonly Trait[]): Trait[] {
  const byId = new Map(traits.map((t) => [t.id, t]));
  const done: Trait[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (trait: Trait, trail: readonly string[]) => {
    if (state.get(trait.id) === 'done') return;
    if (state.get(trait.id) === 'open') throw new Error(`traits depend on each other in a circle: ${[...trail, trait.id].join(' → ')}`);
    state.set(trait.id, 'open');
    for (const name of namesIn(trait)) {
      const other = byId.get(name);
      if (other && other !== trait) visit(other, [...trail, trait.id]);
    }
    state.set(trait.id, 'done');
    done.push(trait);
  };
  for (const trait of [...traits].sort((a, b) => (a.id < b.id ? -1 : 1))) visit(trait, []);
  return done;
}

/** The traits that these checks ask about, and those that they ask about in turn, in the given order. */
export function traitsFor(checks: readonly Check[], ordered: readonly Trait[]): Trait[] {
  const byId = new Map(ordered.map((t) => [t.id, t]));
  const wanted = new Set<string>();
  const want = (names: readonly string[]): void => {
    for (const name of names) {
      const trait = byId.get(name);
      if (!trait || wanted.has(name)) continue;
      wanted.add(name);
      want(namesIn(trait));
    }
  };
  for (const check of checks) want(namesIn({ applies: check.applies, probe: check.probe }));
  return ordered.filter((t) => wanted.has(t.id));
}

/** Names after `has.` in every expression of the trait or check. */
function namesIn(trait: Pick<Trait, 'applies' | 'probe'>): string[] {
  const names = new Set<string>();
  const visit = (value: unknown) => {
    if (typeof value === 'string') for (const m of value.matchAll(/\bhas\.([a-z0-9_]+)/g)) names.add((m[1] as string).replaceAll('_', '-'));
    else if (Array.isArray(value)) value.forEach(visit);
    else if (value && typeof value === 'object') Object.values(value).forEach(visit);
  };
  visit([trait.applies ?? '', trait.probe]);
  return [...names].sort();
}

/**
 * Which traits hold, in the given order, each with its evidence. `judge` evaluates a probe tree with what holds so far;
 * `capabilities` come from the technologies in use; what is `given` by an example is not judged. A trait that cannot be told (unknown) does not hold.
 */
export function deriveTraits(
  ordered: readonly Trait[],
  capabilities: ReadonlyMap<string, readonly Evidence[]>,
  judge: (trait: Trait, has: ReadonlyMap<string, readonly Evidence[]>) => Judgement,
  applies: (expression: string, has: ReadonlyMap<string, readonly Evidence[]>) => boolean,
  given: ReadonlySet<string> = new Set(),
): Map<string, readonly Evidence[]> {
  const has = new Map(capabilities);
  for (const trait of ordered) {
    if (given.has(trait.id)) continue;
    const judgement = trait.applies === undefined || applies(trait.applies, has) ? judge(trait, has) : null;
    // A capability of the same name only says that a technology could; the trait says whether it does.
    if (judgement?.answer === 'yes') has.set(trait.id, judgement.evidence.slice(0, 5));
    else has.delete(trait.id);
  }
  return has;
}

/** Capabilities of the technologies in use, with the technologies' evidence. */
export function capabilitiesOf(
  technologies: readonly { id: string; evidence: readonly Evidence[] }[],
  provides: ReadonlyMap<string, readonly string[]>,
): Map<string, readonly Evidence[]> {
  const result = new Map<string, Evidence[]>();
  for (const technology of technologies)
    for (const capability of provides.get(technology.id) ?? [])
      result.set(capability, [...(result.get(capability) ?? []), ...technology.evidence.slice(0, 2)]);
  return result;
}

/** Is the expression decided by what holds? Kept here so that callers need no CEL of their own. */
export const holds = (expression: string, uses: ReadonlySet<string>, has: ReadonlySet<string>): boolean =>
  compileCel(expression).holds({ uses, has, param: {} });
