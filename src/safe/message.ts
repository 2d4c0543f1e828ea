import { compileCel } from './cel.js';
import { excerptOf } from './redact.js';

/** A piece of a template: text as it is, or the source of a CEL expression with its offset in the template. */
export type MessagePart = { readonly text: string } | { readonly expression: string; readonly offset: number };

/** Splits `{{CEL}}` templates; a `{{` that is never closed is text. Quotes inside an expression may hold `}}`. */
export function parseMessage(template: string): readonly MessagePart[] {
  const parts: MessagePart[] = [];
  let rest = 0;
  for (;;) {
    const open = template.indexOf('{{', rest);
    const close = open < 0 ? -1 : endOfExpression(template, open + 2);
    if (close < 0) break;
    if (open > rest) parts.push({ text: template.slice(rest, open) });
    const inner = template.slice(open + 2, close);
    const lead = inner.length - inner.trimStart().length;
    parts.push({ expression: inner.trim(), offset: open + 2 + lead });
    rest = close + 2;
  }
  if (rest < template.length) parts.push({ text: template.slice(rest) });
  return parts;
}

function endOfExpression(template: string, from: number): number {
  let quote = '';
  for (let i = from; i < template.length; i++) {
    const char = template[i]!;
    if (quote) {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '}' && template[i + 1] === '}') return template[i + 2] === '}' ? i + 1 : i;
  }
  return -1;
}

/**
 * Fills `{{CEL}}` placeholders in. Values are shown briefly, on one line, with secrets masked; a placeholder that cannot be evaluated
 * shows `?`, so that a message never breaks a finding. `values` are the variables, or a function that evaluates an expression.
 */
export function renderMessage(template: string, values: Readonly<Record<string, unknown>> | ((expression: string) => unknown)): string {
  const evaluate = typeof values === 'function' ? values : (expression: string) => compileCel(expression).evaluate(values);
  return partsOf(template)
    .map((part) => {
      if ('text' in part) return part.text;
      try {
        return written(part.expression, evaluate(part.expression));
      } catch {
        return '?';
      }
    })
    .join('');
}

/** A text that the expression itself puts together (`x ? "Secure " : ""`) keeps its outer spaces, and may be empty. */
function written(expression: string, value: unknown): string {
  if (typeof value !== 'string' || !/["']/.test(expression)) return brief(value);
  if (value.trim() === '') return value === '' ? '' : ' ';
  return `${/^\s/.test(value) ? ' ' : ''}${brief(value.trim())}${/\s$/.test(value) ? ' ' : ''}`;
}

const templates = new Map<string, readonly MessagePart[]>();

function partsOf(template: string): readonly MessagePart[] {
  let parts = templates.get(template);
  if (!parts) {
    if (templates.size > 5_000) templates.clear();
    templates.set(template, (parts = parseMessage(template)));
  }
  return parts;
}

const SHOWN = 5;

/** A value in a sentence: `none` for null and empty text, lists as `a, b, c and 4 more`, anything long cut. */
export function brief(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    const shown = value.slice(0, SHOWN).map(brief).join(', ');
    return value.length > SHOWN ? `${shown} and ${value.length - SHOWN} more` : shown;
  }
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Math.round(value * 100) / 100);
  return excerptOf(typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value), 80);
}
