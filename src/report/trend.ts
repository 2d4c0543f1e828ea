import type { HistoryPoint } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import { html, trusted, type Markup } from './html-text.js';
import { style } from './html-style.js';
import { scoreText } from './words.js';

/** How a trend is drawn as text. */
export interface TrendOptions {
  readonly width: number;
  readonly unicode: boolean;
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const plainLevels = ['_', '.', ':', '-', '=', '+', '*', '#'];

/** Scores as one line of bars from 0 to 100, the newest on the right; what has no score is a blank. */
export function sparkline(scores: readonly (number | null)[], { width, unicode }: TrendOptions): string {
  const marks = unicode ? levels : plainLevels;
  return scores
    .slice(-width)
    .map((score) => (score === null ? ' ' : marks[Math.min(7, Math.floor((score / 100) * 8))]))
    .join('');
}

/** +1.2, -0.4, ±0; '' where one of the two has no score. */
export function differenceText(from: number | null | undefined, to: number | null): string {
  if (from === null || from === undefined || to === null) return '';
  const tenths = Math.round((to - from) * 10);
  return tenths === 0 ? '±0' : `${tenths > 0 ? '+' : ''}${tenths / 10}`;
}

const chartRows = 8;

/** A chart of the scores over time with a scale: lines of at most `width` columns; narrow ones become a sparkline. */
export function chart(points: readonly HistoryPoint[], options: TrendOptions): string[] {
  const scores = points.map((p) => p.score);
  const known = scores.filter((s) => s !== null);
  if (known.length === 0 || points.length < 2) return [];
  if (options.width < 40) return [sparkline(scores, options)];
  const room = options.width - 6;
  const step = Math.max(1, Math.min(6, Math.floor(room / points.length)));
  const shown = points.slice(-Math.floor(room / step));
  const low = Math.max(0, Math.floor((Math.min(...known) - 5) / 10) * 10);
  const high = Math.min(100, Math.max(low + 10, Math.ceil((Math.max(...known) + 1) / 10) * 10));
  const rowOf = (score: number): number => Math.round(((score - low) / (high - low)) * (chartRows - 1));
  const [mark, axis, corner, line] = options.unicode ? ['●', '│', '└', '─'] : ['*', '|', '+', '-'];
  const rows = Array.from({ length: chartRows }, (_, index) => {
    const row = chartRows - 1 - index;
    const scale = row === chartRows - 1 ? String(high) : row === 0 ? String(low) : '';
    const cells = shown.map(({ score }) => (score !== null && rowOf(score) === row ? mark : ' ').padStart(step));
    return `${scale.padStart(4)} ${axis}${cells.join('')}`.trimEnd();
  });
  const [first, last] = [shown[0]?.date.slice(0, 10) ?? '', shown.at(-1)?.date.slice(0, 10) ?? ''];
  const gap = Math.max(1, shown.length * step - first.length - last.length);
  const dates = first === last || shown.length * step < 22 ? last.padStart(shown.length * step) : `${first}${' '.repeat(gap)}${last}`;
  return [...rows, `${' '.repeat(5)}${corner}${line.repeat(shown.length * step)}`, `${' '.repeat(6)}${dates}`];
}

const short = (commit: string | null): string => commit?.slice(0, 7) ?? '-';

/** The kept audits as a table, oldest first, with the change of score from each to the next, and the chart under it. */
export function historyText(points: readonly HistoryPoint[], options: TrendOptions): string {
  if (points.length === 0) return 'no report is kept here\n';
  const narrow = options.width < 70;
  const rows = points.map((p, i) => {
    const before = points[i - 1];
    return [
      narrow ? p.date.slice(0, 10) : p.date.slice(0, 16).replace('T', ' '),
      short(p.commit),
      scoreText(p.score),
      differenceText(before?.score, p.score),
      ...(narrow ? [] : [`${p.coverage} %`, String(p.fail)]),
      oneLine(p.verdict),
      ...(narrow ? [] : [changedConditions(before, p)]),
    ];
  });
  const head = narrow ? ['date', 'commit', 'score', '', 'verdict'] : ['date', 'commit', 'score', '', 'decided', 'fails', 'verdict', ''];
  const right = new Set(narrow ? [2, 3] : [2, 3, 4, 5]);
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const table = all.map((row) =>
    row
      .map((cell, column) => (right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .slice(0, options.width)
      .trimEnd(),
  );
  return `${[...table, '', ...chart(points, options)].join('\n')}\n`;
}

/** What makes two neighbours hard to compare. */
function changedConditions(before: HistoryPoint | undefined, now: HistoryPoint): string {
  if (!before) return '';
  const changed = [
    ...(before.version === now.version ? [] : [`version ${oneLine(now.version)}`]),
    ...(before.checklist === now.checklist ? [] : [`checklist ${oneLine(now.checklist)}`]),
  ];
  return changed.length > 0 ? `(${changed.join(', ')})` : '';
}

const plot = { width: 720, height: 220, left: 40, right: 12, top: 12, bottom: 28 } as const;

/** The scores over time as an SVG of the HTML report's style: a line with a dot for each audit, the share decided as a thin line. */
export function trendSvg(points: readonly HistoryPoint[]): Markup {
  const { width, height, left, right, top, bottom } = plot;
  const x = (i: number): number => round(left + (points.length < 2 ? 0.5 : i / (points.length - 1)) * (width - left - right));
  const y = (value: number): number => round(top + (1 - value / 100) * (height - top - bottom));
  const scored = points.flatMap((p, i) => (p.score === null ? [] : [{ p, i, score: p.score }]));
  const path = (values: readonly { i: number; value: number }[]): string =>
    values.map(({ i, value }, n) => `${n === 0 ? 'M' : 'L'}${x(i)} ${y(value)}`).join('');
  const tone = (score: number): string => (score >= 80 ? 'good' : score >= 50 ? 'warn' : 'bad');
  const [first, last] = [points[0], points.at(-1)];
  const label = `Score over ${points.length} audits: ${scored.map(({ p, score }) => `${p.date.slice(0, 10)} ${score}`).join(', ')}`;
  return html`<svg class="trend" viewBox="0 0 ${width} ${height}" width="100%" role="img" aria-label="${label}">
    ${[0, 25, 50, 75, 100].map(
      (value) =>
        html`<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}" stroke="var(--line)" /><text
            x="${left - 8}"
            y="${y(value) + 4}"
            text-anchor="end"
            font-size="12"
            fill="var(--soft)"
            >${value}</text
          >`,
    )}
    <path
      d="${path(points.map((p, i) => ({ i, value: p.coverage })))}"
      fill="none"
      stroke="var(--soft)"
      stroke-width="1.2"
      stroke-dasharray="3 4"
    />
    <path d="${path(scored.map(({ i, score }) => ({ i, value: score })))}" fill="none" stroke="var(--accent)" stroke-width="2.5" />
    ${scored.map(
      ({ p, i, score }) =>
        html`<circle cx="${x(i)}" cy="${y(score)}" r="4.5" class="f-${tone(score)}">
          <title>${p.date.slice(0, 16).replace('T', ' ')} ${short(p.commit)}: ${score}, ${p.verdict}</title>
        </circle>`,
    )}
    <text x="${left}" y="${height - 6}" font-size="12" fill="var(--soft)">${first?.date.slice(0, 10)}</text>
    ${
      points.length > 1 &&
      html`<text x="${width - right}" y="${height - 6}" text-anchor="end" font-size="12" fill="var(--soft)"
        >${last?.date.slice(0, 10)}</text
      >`
    }
  </svg>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The chart and the table of a trend, for a section of a page. */
export function trendBody(points: readonly HistoryPoint[]): Markup {
  const rows = points.map((p, i) => ({ p, conditions: changedConditions(points[i - 1], p), before: points[i - 1] })).reverse();
  const compared = rows.some((row) => row.conditions !== '');
  return html`<div class="card">
    ${trendSvg(points)}
    <p class="meta">Solid: the score. Dashed: the share of the weight that was decided.</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Date</th>
            <th>Commit</th>
            <th class="n">Score</th>
            <th class="n">Change</th>
            <th class="n">Decided</th>
            <th class="n">Fails</th>
            <th>Verdict</th>
            ${compared && html`<th>Conditions</th>`}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ p, before, conditions }) =>
              html`<tr>
                <td>${p.date.slice(0, 16).replace('T', ' ')}</td>
                <td>${short(p.commit)}</td>
                <td class="n">${scoreText(p.score)}</td>
                <td class="n">${differenceText(before?.score, p.score)}</td>
                <td class="n">${p.coverage} %</td>
                <td class="n">${p.fail}</td>
                <td>${p.verdict}</td>
                ${compared && html`<td>${conditions}</td>`}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}

/** A page of its own: no script, no network. `hash` gives the content security policy's hash of the style. */
export function trendPage(points: readonly HistoryPoint[], title: string, hash: (source: string) => string): string {
  const policy = `default-src 'none'; style-src '${hash(style)}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <header class="top">
          <div>
            <h1>${title}</h1>
            <p class="meta">${points.length} audits${points.length > 0 && html`, the last of ${points.at(-1)?.date.slice(0, 10)}`}</p>
          </div>
        </header>
        <main>
          <section id="trend" aria-labelledby="trend-h">
            <h2 id="trend-h">Trend</h2>
            ${points.length > 0 ? trendBody(points) : html`<p>No report is kept here.</p>`}
          </section>
        </main>
      </body>
    </html>`.value;
}
