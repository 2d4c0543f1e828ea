import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { excerptOf } from '../../../safe/redact.js';

const marker = /readiness:[ \t]*ignore\b/gi;
/** What stands directly before the marker: a comment's own mark, so that prose about the syntax never counts. */
const opens = /(?:#|\/\/+!?|\/\*+|\*|;|--|<!--|\{#|%|'|rem)$/i;
const closes = /\s*(?:\*+\/\}?|-->|#\}|--%?>)\s*$/;
/** Comment lines between the marker and the line that it speaks about. */
const mostBetween = 10;
const mostInFile = 1_000;
const mostIds = 20;

/**
 * Comments that accept a failure at their line: `readiness: ignore category/name -- reason`, several ids separated by commas;
 * `: reason` says the same where a comment may not hold `--` (XML). At the end of a line it speaks about that line; alone on
 * its line, about the next line of code as well. One item for each id; whether it has an effect is decided with the findings.
 */
export const suppressions: Reader = {
  name: 'suppressions/comment',
  kind: 'suppressions',
  // The files that the search for secrets reads anyway.
  files: {
    roles: ['product', 'test', 'sample', 'script', 'docs', 'ci', 'config', 'template', 'other'],
    variants: ['base', 'production', 'staging', 'development', 'test', 'template'],
  },
  keywords: ['readiness:'],
  read: (source) => ({ items: suppressionsIn(source) }),
};

/** The items of one file, in order. */
export function suppressionsIn(source: Source): Item[] {
  const items: Item[] = [];
  let lines: string[] | null = null;
  for (const { index } of source.text.matchAll(marker)) {
    if (items.length >= mostInFile) break;
    lines ??= source.text.split('\n');
    const { line, column } = source.at(index);
    const text = lines[line - 1] ?? '';
    if (!isComment(source, line, text, column - 1)) continue;
    const { ids, reason } = parts(text.slice(column - 1, column + 1_000));
    const covers = coveredBy(source, lines, line);
    const anchor = excerptOf((lines[(covers.at(-1) ?? line) - 1] ?? '').replace(/\s+/g, ' ').trim(), 300);
    for (const check of ids.length > 0 ? ids : ['']) items.push({ path: source.path, line, check, reason, covers, anchor });
  }
  return items;
}

/** Whether the marker at `at` stands in a comment, right behind its mark. Comments are blank in `source.lines`. */
function isComment(source: Source, line: number, text: string, at: number): boolean {
  const code = source.lines[line - 1] ?? '';
  if (code.slice(at, at + 9).trim() !== '') return false;
  let start = at;
  while (start > 0 && (code[start - 1] ?? ' ').trim() === '') start--;
  return opens.test(text.slice(start, at).trimEnd());
}

function parts(text: string): { ids: string[]; reason: string } {
  const rest = text.replace(/^readiness:[ \t]*ignore\b/i, '').replace(closes, '');
  const cut = /(?:^|\s)(?:--|—)(?:\s|$)|:(?:\s|$)/.exec(rest);
  const named = cut ? rest.slice(0, cut.index) : rest;
  return {
    ids: named
      .split(/[\s,]+/)
      .filter((id) => id !== '')
      .slice(0, mostIds)
      .map((id) => excerptOf(id, 80)),
    reason: cut ? excerptOf(rest.slice(cut.index + cut[0].length).trim(), 300) : '',
  };
}

/** Its own line; where nothing but the comment stands there, all up to the next line of code (none behind an empty line). */
function coveredBy(source: Source, lines: readonly string[], line: number): number[] {
  const isBlank = (text: string | undefined): boolean => (text ?? '').trim() === '';
  const covers = [line];
  if (!isBlank(source.lines[line - 1])) return covers;
  for (let next = line + 1; next <= line + mostBetween + 1 && next <= lines.length; next++) {
    if (isBlank(lines[next - 1])) break;
    covers.push(next);
    if (!isBlank(source.lines[next - 1])) break;
  }
  return covers;
}
