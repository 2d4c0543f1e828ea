import type { Evidence } from '../model/evidence.js';
import type { Finding } from '../model/report.js';
import { escapeMarkdown, oneLine, stripControl } from '../safe/escape.js';
import { placeText } from './words.js';

/** Pieces of Markdown that stay what they are whatever text they are given. */

export const text = escapeMarkdown;

/** A fenced block; the fence is longer than any run of backticks inside. */
export function fence(code: string, language = ''): string {
  const clean = stripControl(code).replace(/\s+$/, '');
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map((m) => m[0].length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${/^[a-z0-9+-]+$/i.test(language) ? language : ''}\n${clean}\n${ticks}`;
}

export const section = (title: string, ...blocks: string[]): string => [`## ${title}`, ...blocks.filter((b) => b !== '')].join('\n\n');
export const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
export const id = (finding: Finding): string => `\`${finding.check.replace(/[^\w./-]/g, '')}\``;

/** Text as a code span on one line, whatever backticks it holds. */
export function code(value: string): string {
  const clean = oneLine(value);
  const ticks = '`'.repeat(Math.max(0, ...[...clean.matchAll(/`+/g)].map((m) => m[0].length)) + 1);
  const pad = clean.startsWith('`') || clean.endsWith('`') ? ' ' : '';
  return clean === '' ? '' : `${ticks}${pad}${clean}${pad}${ticks}`;
}

/** `path:line` as a link relative to the repository's root, an endpoint as text, '' where evidence has neither. */
export function placeLink(evidence: Pick<Evidence, 'location' | 'where'> | undefined): string {
  const location = evidence?.location;
  if (!location) return evidence?.where === undefined ? '' : text(evidence.where);
  const target = location.path.split('/').map(encode).join('/') + (location.line === undefined ? '' : `#L${location.line}`);
  return `[${text(placeText(evidence))}](${target.includes(':') ? './' : ''}${target})`;
}

/** A path segment that Markdown reads as one: what encodeURIComponent leaves is quoted too. Lone surrogates become U+FFFD. */
function encode(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A reference as a link where it is a web address, else as text. */
export const reference = (value: string): string => (/^https:\/\/[\w.~:/?#@!$&*+,;=%-]+$/.test(value) ? `<${value}>` : text(value));

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((c) => c.replace(/\n/g, ' ')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
