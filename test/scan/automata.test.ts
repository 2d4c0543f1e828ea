import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeAutomata } from '../../src/scan/automata.js';
import { buildAutomaton, Hits, Present, search, type Automaton } from '../../src/scan/automaton.js';

const literals = ['abc', 'bcd', 'cab', 'dad', 'add', 'bad'];

function placesOf(automaton: Automaton, text: string, wanted: Uint8Array): string[] {
  const hits = new Hits();
  search(automaton, Buffer.from(text), wanted, hits, new Present(literals.length));
  return Array.from({ length: hits.count }, (_, i) => `${hits.literal(i)}@${hits.offset(i)}`).sort();
}

describe('automata', () => {
  it('are shared by small demands, and their own for large ones that want the same', () => {
    const [small, smaller, large, same] = [
      [2, 0, 0, 0, 0, 0],
      [0, 1, 0, 0, 0, 0],
      [0, 0, 2, 2, 0, 0],
      [0, 0, 1, 2, 0, 0],
    ].map((w) => Uint8Array.from(w)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const of = makeAutomata(literals, [
      { wanted: small, bytes: 10 },
      { wanted: smaller, bytes: 20 },
      { wanted: large, bytes: 5_000 },
      { wanted: same, bytes: 2_000 },
    ]);
    expect(of(small)).toBe(of(smaller));
    expect(of(large)).toBe(of(same));
    expect(of(large)).not.toBe(of(small));
    expect([...of(small).ends, ...of(large).ends].sort()).toEqual([0, 1, 2, 3]);
  });

  it('find what one of all literals finds', () => {
    const wanted = fc.array(fc.constantFrom(0, 1, 2), { minLength: literals.length, maxLength: literals.length });
    const all = buildAutomaton(literals);
    fc.assert(
      fc.property(
        fc.array(fc.record({ wanted, bytes: fc.constantFrom(0, 7_000, 1_000_000) }), { minLength: 1, maxLength: 5 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 60 }),
        (given, text) => {
          const demands = given.map((one) => ({ wanted: Uint8Array.from(one.wanted), bytes: one.bytes }));
          const of = makeAutomata(literals, demands);
          for (const demand of demands)
            expect(placesOf(of(demand.wanted), text, demand.wanted)).toEqual(placesOf(all, text, demand.wanted));
        },
      ),
    );
  });
});
