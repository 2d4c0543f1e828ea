import { buildAutomaton, type Automaton } from './automaton.js';

/** What is wanted of each literal (see `wants`), and how many bytes are to be searched for it. */
export interface Demand {
  readonly wanted: Uint8Array;
  readonly bytes: number;
}

/** An automaton of so many literals has a row for every state, which is what makes it fast. */
const mostOwn = 1_500;
/**
 * Bytes to be searched for each literal from which on an automaton of their own pays: building one costs some ten microseconds a
 * literal, and walking over English text with a hundred literals some 4 nanoseconds a byte less than with ten thousand.
 */
const ownFrom = 3_000;

/**
 * The automaton to use for each `wanted`, made at the first call: one of its own where many bytes want few literals, as the documents
 * of most repositories do; else one that all others share, of no more literals than they want together.
 */
export function makeAutomata(literals: readonly string[], demands: readonly Demand[]): (wanted: Uint8Array) => Automaton {
  const together = new Uint8Array(literals.length);
  const sets = new Map<string, { readonly ids: readonly number[]; readonly members: Uint8Array[]; bytes: number }>();
  const share = (ids: readonly number[]): void => ids.forEach((id) => (together[id] = 1));
  for (const { wanted, bytes } of demands) {
    const ids = idsOf(wanted);
    const key = ids.length > mostOwn ? null : ids.join();
    const set = key === null ? null : (sets.get(key) ?? { ids, members: [], bytes: 0 });
    if (!set) {
      share(ids);
      continue;
    }
    sets.set(key!, set);
    set.members.push(wanted);
    set.bytes += bytes;
  }
  const own = new Map<Uint8Array, () => Automaton>();
  for (const { ids, members, bytes } of sets.values()) {
    if (bytes < ownFrom * ids.length) share(ids);
    else {
      const automaton = lazy(() => buildAutomaton(literals, ids));
      for (const wanted of members) own.set(wanted, automaton);
    }
  }
  const shared = lazy(() => buildAutomaton(literals, idsOf(together)));
  return (wanted) => (own.get(wanted) ?? shared)();
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function idsOf(wanted: Uint8Array): number[] {
  const ids: number[] = [];
  for (let id = 0; id < wanted.length; id++) if (wanted[id]! > 0) ids.push(id);
  return ids;
}
