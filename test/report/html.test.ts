import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { html, trusted } from '../../src/report/html-text.js';
import { emptyReport, expectGolden, goldenReport, render } from './golden.js';

const inner = (page: string, tag: string): string => page.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? '';
const hash = (source: string): string => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

describe('html', () => {
  it('looks as it should', () => expectGolden(render('html'), 'report.html'));

  it('allows its own style and script, and nothing else', () => {
    const page = render('html');
    expect(page).toContain(`default-src 'none'; style-src ${hash(inner(page, 'style'))}; script-src ${hash(inner(page, 'script'))}`);
    expect(page).not.toMatch(/\s(style|on\w+)="/);
    expect(page).not.toMatch(/<(link|img|iframe|script src)/);
  });

  it('has no markup that the repository put there', () => {
    const hostile = goldenReport();
    const bad = `</script><script>alert(1)</script><img src=x onerror=alert(1)>" onclick="alert(1)\u202e`;
    hostile.target.name = bad;
    for (const finding of hostile.findings) {
      Object.assign(finding, { summary: bad, title: bad, references: [`https://x.example/"onclick="alert(1)`, 'javascript:alert(1)'] });
      finding.evidence = [{ probe: 'text', answer: 'no', violation: true, location: { path: bad, line: 1 }, excerpt: bad, message: bad }];
    }
    const page = render('html', hostile);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img|\sonclick="|href="javascript:|\u202e/);
  });

  it('gives every finding an anchor that the rest of the page links to', () => {
    const page = render('html');
    const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]));
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map((m) => m[1]);
    expect(targets.length).toBeGreaterThan(50);
    expect(targets.filter((t) => !ids.has(t))).toEqual([]);
    expect(ids.size).toBe([...page.matchAll(/\sid="/g)].length);
  });

  it('renders a report without anything', () => {
    expect(render('html', emptyReport())).toContain('Nothing could be decided');
  });
});

describe('html``', () => {
  it('escapes what is interpolated, markup of its own aside', () => {
    expect(html`<b title="${'"<>'}">${['<i>', html`<u>${1}</u>`, null, false]}${trusted('<hr>')}</b>`.value).toBe(
      '<b title="&quot;&lt;&gt;">&lt;i&gt;<u>1</u><hr></b>',
    );
  });
});
