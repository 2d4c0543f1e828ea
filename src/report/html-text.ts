import { escapeHtml } from '../safe/escape.js';

/** Markup that was built here; only `html` makes it, so everything else is escaped. */
export class Markup {
  constructor(readonly value: string) {}
}

type Part = string | number | null | undefined | false | Markup | readonly Part[];

function render(part: Part): string {
  if (part instanceof Markup) return part.value;
  if (Array.isArray(part)) return part.map(render).join('');
  return part === null || part === undefined || part === false ? '' : escapeHtml(String(part));
}

/**
 * Markup from a template; whatever is interpolated is escaped, in text and in quoted attributes, unless it is markup itself.
 * The indentation of the template's own lines is left out of the page.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((string, i) => (i > 0 ? render(parts[i - 1]) : '') + string.replace(/\n\s+/g, '\n')).join(''));
}

/** Text written for this page (style, script): taken as it is. Never for anything that a report holds. */
export const trusted = (source: string): Markup => new Markup(source);
