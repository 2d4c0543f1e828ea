import type { Verdict } from '../model/report.js';
import { escapeXml } from '../safe/escape.js';
import type { Format } from './format.js';

const colours: Readonly<Record<Verdict, string>> = {
  'DO NOT DEPLOY': '#b42318',
  'NOT READY': '#c4551a',
  'READY WITH CONDITIONS': '#9a6700',
  READY: '#1a7f37',
};

/** A flat SVG badge: verdict and score. Text widths are estimates for Verdana 11; textLength makes them exact. */
export const badge: Format = {
  name: 'badge',
  extension: 'svg',
  render(report) {
    const label = 'readiness';
    const message = `${report.verdict.toLowerCase()}${report.score.value === null ? '' : ` ${Math.floor(report.score.value)}`}`;
    const [left, right] = [widthOf(label), widthOf(message)];
    const total = left + right;
    const alt = escapeXml(`${label}: ${message}`);
    const text = (content: string, from: number, width: number): string =>
      `<text x="${from + width / 2}" y="14" textLength="${width - 12}">${escapeXml(content)}</text>`;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${total}" height="20" role="img" aria-label="${alt}">
  <title>${alt}</title>
  <clipPath id="r"><rect width="${total}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#r)"><rect width="${left}" height="20" fill="#444"/><rect x="${left}" width="${right}" height="20" fill="${colours[report.verdict]}"/></g>
  <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(label, 0, left)}${text(message, left, right)}</g>
</svg>
`;
  },
};

const widthOf = (text: string): number => Math.round(text.length * 6.6) + 12;
