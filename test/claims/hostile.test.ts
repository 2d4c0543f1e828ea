import { describe, expect, it } from 'vitest';
import { extract } from '../../src/claims/extract.js';
import { annotate } from '../../src/claims/annotate.js';

const n = 3_000;
const documents: Record<string, string> = {
  'quotes within quotes': `${'>'.repeat(n)} - [x] deep`,
  'many nested quotes': `${'> '.repeat(400)}a\n`.repeat(50),
  'lists within lists': Array.from({ length: 400 }, (_, i) => `${' '.repeat(i * 2)}- [x] item ${i}`).join('\n'),
  'a list in one line': `${'- '.repeat(n)}a`,
  'a line of a megabyte': `- [x] ${'word '.repeat(200_000)}\n- [x] after it\n`,
  'a line of a megabyte without a space': `- [x] ${'a'.repeat(1_000_000)}\n- [x] after it\n`,
  brackets: `${'['.repeat(20_000)}\n${'[a]('.repeat(5_000)}\n`,
  emphasis: `${'*a'.repeat(10_000)}\n\n${'**a_'.repeat(5_000)}\n\n${'_'.repeat(20_000)}\n`,
  'code spans': '`a'.repeat(10_000),
  html: `${'<a '.repeat(10_000)}\n\n${'<div>'.repeat(5_000)}\n\n<!-- ${'-'.repeat(10_000)}`,
  'a table of many columns': `|${'a|'.repeat(n)}\n|${'-|'.repeat(n)}\n|${'x|'.repeat(n)}\n`,
  references: `${'[a]: b\n'.repeat(5_000)}${'[a]'.repeat(3_000)}`,
  'a paragraph of many lines': '[a* `x` <b \n'.repeat(5_000),
  'an open fence': `\`\`\`bash\n${'A=1\n'.repeat(20_000)}`,
  headings: '# a\n'.repeat(10_000),
  colons: `- ${'a:'.repeat(5_000)}\n- ${'(1 of '.repeat(2_000)}\n- ${'1,'.repeat(5_000)}`,
  numbers: `- ${'9'.repeat(50_000)} days\n- ${'1/'.repeat(20_000)}\n`,
  'control characters': `- [x] \u001b[31mred\u001b[0m \u0000 \u202eevil \u0007\n# \u001b]8;;https://example.invalid\u0007link\n- ✅ \u2028 two\n`,
  surrogates: '- [x] \ud800 \udfff ok\n\ufeff- [x] b',
  'only new lines': '\r\n'.repeat(50_000),
  garbled: '- [x] Ã¢Å“â€¦ âœ… ð\n'.repeat(2_000),
  empty: '',
};

describe('hostile documents', () => {
  it.each(Object.keys(documents))('%s', { timeout: 60_000 }, async (name) => {
    const { claims, scores } = await extract(documents[name]!);
    expect(claims.length).toBeLessThanOrEqual(20_000);
    for (const { text, headingPath } of claims) {
      expect(text.length).toBeLessThanOrEqual(400);
      // eslint-disable-next-line no-control-regex
      expect([text, ...headingPath].join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
    expect(scores.length).toBeLessThanOrEqual(500);
  });

  it('claims behind a hostile line are still read', async () => {
    const { claims } = await extract(documents['a line of a megabyte']!);
    expect(claims.at(-1)).toMatchObject({ line: 2, text: 'after it' });
  });

  it('nothing of a document or of evidence becomes markup in the document', () => {
    const source = '- [x] Logs\n';
    const report = {
      claims: [
        {
          id: 'c1',
          line: 1,
          endLine: 1,
          headingPath: [],
          text: 'Logs',
          state: 'asserts' as const,
          kind: 'checkbox' as const,
          numbers: [],
          matches: [],
          judgedBy: [],
          verdict: 'contradicted' as const,
          reason: 'see <script>alert(1)</script> [x](javascript:1) `code` @team --> \n- [x] injected',
          settle: null,
          evidence: [{ location: { path: 'a`b\n- [x] c.py', line: 1 }, message: '' }],
        },
      ],
    };
    const changed = annotate(source, report as never);
    expect(changed.split('\n')).toHaveLength(2);
    expect(changed).not.toContain('<script>');
    expect(changed).not.toMatch(/(?<!\\)\[x\]\(/);
  });
});
