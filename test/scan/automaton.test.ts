import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAutomaton, Hits, Present, search } from '../../src/scan/automaton.js';

function find(literals: string[], text: string, want = 2): { places: string[]; present: number[] } {
  const automaton = buildAutomaton(literals);
  const hits = new Hits();
  const present = new Present(literals.length);
  search(automaton, Buffer.from(text), new Uint8Array(literals.length).fill(want), hits, present);
  const places = Array.from({ length: hits.count }, (_, i) => `${hits.literal(i)}@${hits.offset(i)}`);
  return { places: places.sort(), present: [...present.ids].sort((a, b) => a - b) };
}

describe('automaton', () => {
  it('finds overlapping literals and those within others', () => {
    expect(find(['she', 'he', 'hers', 'his'], 'ushers').places).toEqual(['0@1', '1@2', '2@2']);
  });

  it('ignores the case of ASCII letters only', () => {
    expect(find(['redis'], 'REDIS Redis').places).toEqual(['0@0', '0@6']);
    expect(find(['é'], 'É é').places).toEqual(['0@3']);
  });

  it('keeps presence only where that is all that is wanted, and nothing where nothing is', () => {
    expect(find(['abc'], 'abc abc', 1)).toEqual({ places: [], present: [0] });
    expect(find(['abc'], 'abc', 0)).toEqual({ places: [], present: [] });
  });

  it('forgets what the file before held', () => {
    const automaton = buildAutomaton(['abc', 'xyz']);
    const hits = new Hits();
    const present = new Present(2);
    const wanted = new Uint8Array([2, 2]);
    search(automaton, Buffer.from('abc'), wanted, hits, present);
    search(automaton, Buffer.from('xyz'), wanted, hits, present);
    expect([hits.count, present.ids, present.has(0), present.has(1)]).toEqual([1, [1], false, true]);
  });

  it('works without literals and on empty text', () => {
    expect(find([], 'abc').places).toEqual([]);
    expect(find(['abc'], '').places).toEqual([]);
  });

  it('grows its list of hits', () => {
    expect(find(['aaa'], 'a'.repeat(5000)).places.length).toBe(4998);
  });

  it('agrees with indexOf', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'B'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', 'd'), maxLength: 60 }),
        (words, text) => {
          const expected: string[] = [];
          words.forEach((one, id) => {
            for (let at = 0; at + one.length <= text.length; at++)
              if (text.slice(at, at + one.length).toLowerCase() === one.toLowerCase()) expected.push(`${id}@${at}`);
          });
          expect(find(words, text).places).toEqual(expected.sort());
        },
      ),
    );
  });
});
