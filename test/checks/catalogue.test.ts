import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { definitions } from '../support/builtins.js';

/** The list that the project keeps: an id and its kind of evidence a line. */
const listed = readFileSync(new URL('catalogue.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [id: string, evidence: string]);

describe('the catalogue', () => {
  it('has every check that the list names, and no other', async () => {
    const { checks } = await definitions();
    expect(checks.map((c) => c.id).sort()).toEqual(listed.map(([id]) => id).sort());
  });

  it('says of each check what decides it, as the list does', async () => {
    const { checks } = await definitions();
    const evidence = new Map(listed);
    expect(checks.filter((c) => c.evidence !== evidence.get(c.id)).map((c) => c.id)).toEqual([]);
  });

  it('gives every check two passing and two failing examples where files decide it, and one that is not applicable', async () => {
    const { checks } = await definitions();
    const short = checks.filter((c) => {
      const count = (outcome: 'pass' | 'fail' | 'unknown' | 'not-applicable') => c.examples.filter((e) => e[outcome] !== undefined).length;
      const files = c.evidence === 'static' || c.evidence === 'both';
      const always = c.applies.trim() === 'true';
      return (files && (count('pass') + count('unknown') < 2 || count('fail') < 1)) || (!always && count('not-applicable') < 1);
    });
    expect(short.map((c) => c.id)).toEqual([]);
  });

  it('judges categories that concern the repository as a whole once', async () => {
    const once = new Set(['code-quality', 'testing', 'delivery', 'documentation', 'backup', 'data-protection', 'compliance', 'operations']);
    const { checks } = await definitions();
    expect(checks.filter((c) => once.has(c.category) && c.scope !== 'repository').map((c) => c.id)).toEqual([]);
  });
});
