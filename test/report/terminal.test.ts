import { describe, expect, it } from 'vitest';
import { emptyReport, expectGolden, goldenReport, render } from './golden.js';

const bytesOf = (text: string): string[] => [...text].filter((c) => (c < ' ' && c !== '\n') || c === '\u202e');

describe('terminal', () => {
  it('looks as it should', () => expectGolden(render('terminal'), 'terminal.txt'));
  it('looks as it should with everything', () =>
    expectGolden(render('terminal', goldenReport(), { verbose: true }), 'terminal-verbose.txt'));
  it('looks as it should in 50 columns of ASCII', () =>
    expectGolden(render('terminal', goldenReport(), { width: 50, unicode: false }), 'terminal-narrow.txt'));
  it('looks as it should with nothing decided', () => expectGolden(render('terminal', emptyReport()), 'terminal-empty.txt'));

  it.each([36, 40, 50, 64, 80, 120])('keeps within %i columns, commands aside', (width) => {
    const long = goldenReport();
    long.findings.forEach((f) => Object.assign(f, { title: f.title.repeat(3), summary: f.summary.repeat(5) }));
    for (const verbose of [false, true]) {
      const lines = render('terminal', long, { width, verbose })
        .split('\n')
        .filter((l) => !l.startsWith('  readiness '));
      expect(lines.filter((l) => [...l].length > width)).toEqual([]);
    }
  });

  it('says once what holds for several files, and names the first', () => {
    const report = goldenReport();
    report.notes = ['a.js', 'b.js'].map((path) => ({ kind: 'limit', message: 'too much to look at', location: { path } }));
    expect(render('terminal', report)).toContain('note: a.js and 1 more: too much to look at\n');
  });

  it('fits a screen of 80 by 40', () => {
    const lines = render('terminal').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((l) => [...l].length))).toBeLessThanOrEqual(80);
  });

  it('lets nothing of the repository act on the terminal', () => {
    const hostile = goldenReport();
    hostile.target.name = 'x\u001b]0;owned\u0007';
    for (const text of [render('terminal', hostile), render('terminal', hostile, { verbose: true })]) expect(bytesOf(text)).toEqual([]);
  });

  it('colours when asked to, and only then', () => {
    expect(render('terminal')).not.toContain('\u001b[');
    expect(render('terminal', goldenReport(), { color: true })).toContain('\u001b[');
  });

  it('names file and line, the finding, the fix and the next command', () => {
    const text = render('terminal');
    expect(text).toContain('worker/Dockerfile:1');
    expect(text).toContain('fix: Add a USER instruction');
    expect(text).toContain('readiness explain containers/non-root-user');
  });
});
