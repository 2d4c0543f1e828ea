import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { emptyReport, expectGolden, goldenReport, render } from './golden.js';

type Node = { type: string; value?: string; url?: string; children?: Node[] };
function nodes(markdown: string): Node[] {
  const flat = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(flat)];
  return flat(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node);
}

describe('markdown', () => {
  it('looks as it should', () => expectGolden(render('markdown'), 'assessment.md'));
  it('looks as it should with nothing decided', () => expectGolden(render('markdown', emptyReport()), 'assessment-empty.md'));

  it('has no HTML, image or link that the repository put there', () => {
    const hostile = goldenReport();
    for (const finding of hostile.findings) {
      const bad = '[x](javascript:alert(1)) ![](http://evil.example/a.png) <script>alert(1)</script> https://evil.example | # `';
      finding.summary = bad;
      finding.evidence = [
        {
          probe: 'text',
          answer: 'no',
          violation: true,
          location: { path: `a](http://evil.example) <b>`, line: 1 },
          excerpt: '```\n<script>\n```',
          message: bad,
        },
      ];
    }
    const all = nodes(render('markdown', hostile));
    expect(all.filter((n) => n.type === 'html' || n.type === 'image')).toEqual([]);
    const urls = all.filter((n) => n.type === 'link').map((n) => n.url ?? '');
    expect(urls.filter((u) => /^\w+:/.test(u) && !u.startsWith('https://owasp.org/') && !u.startsWith('https://wiki.example/'))).toEqual(
      [],
    );
  });

  it('keeps every table in one piece', () => {
    for (const table of nodes(render('markdown')).filter((n) => n.type === 'table')) {
      const widths = new Set((table.children ?? []).map((row) => row.children?.length));
      expect(widths.size).toBe(1);
    }
  });

  it('ticks only what passes', () => {
    const ticked = render('markdown').match(/^- \[x\] .*$/gm) ?? [];
    const passing = goldenReport().findings.filter((f) => f.deployable === null && f.outcome === 'pass');
    expect(ticked).toHaveLength(passing.length);
  });

  it('uses the checklist’s own sections where it has some', () => {
    const report = goldenReport();
    report.checklist.sections = [{ title: 'Our gate', checks: ['logging/structured'] }];
    expect(render('markdown', report)).toContain('### Our gate (1 of 1)');
  });
});
