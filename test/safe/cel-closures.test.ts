import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CelError, compileCel } from '../../src/safe/cel.js';
import { parseMessage } from '../../src/safe/message.js';
import { definitions } from '../support/builtins.js';

const conditions = new Set(['applies', 'if', 'where', 'require', 'find', 'inventory']);

/** Every expression in the built-in checks and traits. */
async function expressions(): Promise<string[]> {
  const found = new Set<string>();
  const { checks, traits } = await definitions();
  JSON.stringify([checks.map((check) => ({ ...check, examples: [] })), traits], (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (conditions.has(key)) found.add(value);
    if (key === 'message' && value.includes('{{'))
      for (const part of parseMessage(value)) if ('expression' in part) found.add(part.expression);
    return value;
  });
  return [...found];
}

const scalar = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  1,
  3,
  14,
  0.5,
  '',
  'a',
  'GET',
  'production',
  '/login',
  '30s',
  'secret',
  '1.2.3',
);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.array(fc.record({ name: scalar, value: scalar, type: scalar }), { maxLength: 2 }),
  fc.record({ name: scalar, key: scalar }),
);

/** What came out, or the message of the error. */
function outcome(evaluate: () => unknown): unknown {
  try {
    return { value: evaluate() };
  } catch (error) {
    if (error instanceof CelError) return { error: error.message };
    throw error;
  }
}

describe('conditions as closures', () => {
  it('give what the engine gives, for every expression of the built-in checks and any facts', async () => {
    const all = await expressions();
    expect(all.length).toBeGreaterThan(1500);
    const today = '2026-11-20';
    const passes = (id: string): boolean => id.length % 2 === 0;
    for (const expression of all) {
      const program = compileCel(expression);
      const fields = program.references.filter((r) => r.root === 'item').map((r) => r.name);
      const flags = program.references.filter((r) => r.root === 'uses' || r.root === 'has').map((r) => r.name.replaceAll('_', '-'));
      const params = program.references.filter((r) => r.root === 'param').map((r) => r.name);
      const some = (names: readonly string[]): fc.Arbitrary<Record<string, unknown>> =>
        fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
      fc.assert(
        fc.property(some(fields), some(params), fc.subarray([...new Set(flags)]), value, (item, param, held, doc) => {
          const set = new Set(held);
          const variables = { item, param, doc, file: 'src/app.py', line: 3, match: { excerpt: 'x = 1', captures: {} } };
          const shared = { uses: set, has: set, passes, today };
          expect(
            outcome(() => program.evaluate(variables, shared)),
            expression,
          ).toEqual(outcome(() => program.evaluateByEngine({ ...shared, ...variables })));
        }),
        { numRuns: 12, seed: 7 },
      );
    }
  });

  it('remember what depends on the document alone, until another document or parameter comes', () => {
    const share = compileCel('item.n + size(doc.filter(d, d.n >= param.least))');
    const documents = [
      [{ n: 1 }, { n: 5 }],
      [{ n: 7 }, { n: 8 }, { n: 9 }],
    ];
    const values = documents.flatMap((doc) =>
      [2, 8].flatMap((least) => doc.map((item) => share.evaluate({ item, doc }, { param: { least } }))),
    );
    expect(values).toEqual([2, 6, 1, 5, 10, 11, 12, 9, 10, 11]);
  });

  it('remember nothing that an item or another check decides', () => {
    const doc = [{ n: 1 }, { n: 5 }];
    const inner = compileCel('doc.exists(d, d.n > item.n)');
    expect(doc.map((item) => inner.evaluate({ item, doc }))).toEqual([true, false]);
    const other = compileCel('doc.exists(d, passes("a/b"))');
    expect([true, false].map((answer) => other.evaluate({ doc, passes: () => answer }))).toEqual([true, false]);
  });
});
