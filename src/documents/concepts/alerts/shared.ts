import type { ConceptItem } from '../../../model/concepts.js';
import type { Item } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';

export type AlertItem = ConceptItem<'alerts'>;

const blockChars = 3_000;

/** One rule in the concept's shape from the text of its block; `given` overrides what the block shows. */
export function alertItem(
  source: Source,
  offset: number,
  from: AlertItem['source'],
  name: string,
  block: string,
  given: Partial<AlertItem> = {},
): Item {
  const text = block.replace(/\s+/g, ' ').trim().slice(0, blockChars);
  const { comparison, threshold } = given.threshold === undefined ? firstComparison(text) : { comparison: '', threshold: null };
  const limit = given.threshold === undefined ? threshold : given.threshold;
  return {
    path: source.path,
    line: source.at(offset).line,
    source: from,
    name,
    text,
    comparison: given.comparison ?? comparison,
    threshold: limit,
    percent: percentOf(limit, text),
    forSeconds: given.forSeconds ?? null,
    disabled: given.disabled ?? false,
    actions: given.actions ?? [],
    silent: given.silent ?? false,
    variant: source.file.variant,
  };
}

/** `a / b * 100 > 90`: the first comparison with a number that stands outside label matchers (which use = and !=). */
export function firstComparison(text: string): { comparison: string; threshold: number | null } {
  const found = /(?:^|[^=!<>-])(==|[<>]=?)\s*(?:bool\s+)?(?:\(\s*)?(-?[\d.]+(?:e[+-]?\d+)?)(?![\w.])(?:\s*\*\s*([\d.]+))?/.exec(text);
  if (!found) return { comparison: '', threshold: null };
  const value = Number(found[2]) * (found[3] ? Number(found[3]) : 1);
  return { comparison: found[1]!, threshold: Number.isFinite(value) ? value : null };
}

/** Shares are written as 0.9 or, after `* 100` and in CloudWatch, as 90. */
function percentOf(threshold: number | null, text: string): number | null {
  if (threshold === null || threshold < 0 || threshold > 100) return null;
  return threshold <= 1 && !/\b100\b/.test(text.replace(/[<>]=?\s*100\b/g, '')) ? threshold * 100 : threshold;
}

const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Seconds of `5m`, `1h30m`, `PT5M`, `300s`; null where it is none of these. */
export function durationSeconds(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parts = [
    ...text
      .trim()
      .replace(/^["']|["']$/g, '')
      .replace(/^PT?/, '')
      .toLowerCase()
      .matchAll(/(\d+)(ms|[smhdw])/g),
  ];
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + Number(part[1]) * units[part[2]!]!, 0);
}

/** The lines from `offset` until one that is indented no deeper than `indent` (blank ones aside): a member of a YAML list. */
export function indentedBlock(code: string, offset: number, indent: number): string {
  let end = code.indexOf('\n', offset);
  for (const last = offset + blockChars * 2; end >= 0 && end < last;) {
    const next = code.indexOf('\n', end + 1);
    const line = code.slice(end + 1, next < 0 ? undefined : next);
    if (line.trim() && line.length - line.trimStart().length <= indent) break;
    if (next < 0) return code.slice(offset);
    end = next;
  }
  return code.slice(offset, end < 0 ? undefined : end);
}
