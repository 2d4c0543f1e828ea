import { describe, expect, it } from 'vitest';
import type { HistoryPoint } from '../../src/model/report.js';
import { chart, differenceText, historyText, sparkline, trendPage, trendSvg } from '../../src/report/trend.js';
import { goldenReport, render } from './golden.js';

const point = (day: number, score: number | null, over: Partial<HistoryPoint> = {}): HistoryPoint => ({
  date: `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`,
  commit: `${day}`.padStart(40, 'a'),
  branch: 'main',
  version: '1.0.0',
  checklist: 'production',
  verdict: 'NOT READY',
  score,
  coverage: 80,
  fail: 9,
  ...over,
});
const rising = Array.from({ length: 28 }, (_, i) => point(i + 1, 20 + 2.5 * i));
const wide = { width: 100, unicode: true };

describe('trends as text', () => {
  it('a sparkline has one mark for each score, the newest that fit, blanks for none', () => {
    expect(sparkline([0, 50, null, 100], wide)).toBe('▁▅ █');
    expect(sparkline([0, 50, null, 100], { width: 2, unicode: false })).toBe(' #');
  });

  it('differences are rounded to the decimal that is shown', () => {
    expect([
      differenceText(60.1, 60.2),
      differenceText(60.2, 60.1),
      differenceText(1, 1),
      differenceText(null, 1),
      differenceText(1, null),
    ]).toEqual(['+0.1', '-0.1', '±0', '', '']);
  });

  it('a chart rises with the scores and keeps to its width', () => {
    const lines = chart(rising, { width: 60, unicode: true });
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^ {2}90 │ +●●●?●?$/);
    expect(lines.join('').match(/●/g)).toHaveLength(28);
    for (const width of [40, 57, 100])
      for (const line of chart(rising, { width, unicode: true })) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines.at(-1)).toMatch(/2026-03-01 +2026-03-28/);
  });

  it('equal scores, two points, and scores at the ends of the scale are drawn', () => {
    for (const scores of [
      [50, 50],
      [0, 0],
      [100, 100],
      [0, 100],
      [null, 40, null],
    ])
      expect(
        chart(
          scores.map((s, i) => point(i + 1, s)),
          wide,
        )
          .join('')
          .match(/●/g),
      ).toHaveLength(scores.filter((s) => s !== null).length);
    expect(chart([point(1, null), point(2, null)], wide)).toEqual([]);
    expect(chart([point(1, 40)], wide)).toEqual([]);
  });

  it('narrow: fewer columns and a sparkline', () => {
    const text = historyText(rising, { width: 34, unicode: true });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(34);
    expect(text).toMatch(/2026-03-02 {2}aaaaaaa {3}22\.5 {2}\+2\.5/);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^[▁-█]{28}$/);
  });

  it('says where two audits had other conditions, and names nothing that a terminal obeys', () => {
    const text = historyText([point(1, 40), point(2, 50, { version: '2.0.0', checklist: 'own\u001b[31m' })], { width: 120, unicode: true });
    expect(text).toContain('(version 2.0.0, checklist own');
    expect(text).not.toContain('\u001b');
    expect(historyText([], wide)).toBe('no report is kept here\n');
  });
});

describe('trends as a picture', () => {
  it('has a dot for each score, a name for those who cannot see it, and escapes what it is given', () => {
    const svg = trendSvg([point(1, 40), point(2, null), point(3, 60, { verdict: 'READY', commit: '"><script>' })]).value;
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).toContain('role="img" aria-label="Score over 3 audits: 2026-03-01 40, 2026-03-03 60"');
    expect(svg).not.toContain('<script>');
    for (const number of svg.matchAll(/(?:cx|cy|x1|y1)="([^"]*)"/g)) expect(Number.isFinite(Number(number[1]))).toBe(true);
  });

  it('stands in a page of its own, and in the report where there is more than one audit', () => {
    expect(trendPage(rising, 'Trend & more', () => 'sha256-x')).toContain('<h1>Trend &amp; more</h1>');
    expect(trendPage([], 'T', () => 'sha256-x')).toContain('No report is kept here.');
    expect(render('html', { ...goldenReport(), history: rising })).toContain('<svg class="trend"');
    expect(render('html', { ...goldenReport(), history: rising.slice(0, 1) })).not.toContain('<svg class="trend"');
    expect(render('terminal', { ...goldenReport(), history: rising })).toMatch(/Trend of 28 audits: [▁-█]{28}/);
  });
});
