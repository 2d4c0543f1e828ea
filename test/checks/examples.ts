import { describe, expect, it } from 'vitest';
import { runExamples } from '../../src/examples.js';
import { definitions } from '../support/builtins.js';

/** Ages and ends of life in examples are judged on this day. */
const today = '2026-11-20';

/** Every n-th check: its examples are run, and those that pass are mutated. Several files, so that both cores work. */
export async function runShare(share: number, shares: number): Promise<void> {
  const known = await definitions();
  const mine = known.checks.filter((_, i) => i % shares === share - 1);
  describe(`examples and mutations, share ${share} of ${shares}`, () => {
    it.each(mine.map((check) => [check.id, check] as const))('%s', async (_, check) => {
      expect((await runExamples(check, known, today)).map((f) => `example ${f.example}: ${f.message}`)).toEqual([]);
    });
  });
}
