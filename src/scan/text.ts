import type { Match } from '../model/query.js';
import { limits } from '../safe/limits.js';
import { excerptOf } from '../safe/redact.js';
import type { PlannedText } from './plan.js';
import { lineIndexAt, type FileSource } from './source.js';

/** Characters of a captured group that are kept. */
const captureChars = 500;

/** What one text query finds in a file: matches in order, and whether a line was too long to be seen whole. */
export interface TextFound {
  readonly matches: Match[];
  readonly cut: boolean;
}

/**
 * Runs the expression around each line that holds one of its literals: from `query.lines` before (at least one) to `query.lines + 1` behind.
 * Matches must touch the hit line and don't overlap each other. `hitLines` are indexes from 0, ascending; at most `room` matches.
 */
export function matchText(planned: PlannedText, source: FileSource, hitLines: readonly number[], room: number): TextFound {
  if (planned.query.over === 'code' && source.file.language && !mayMatchCode(planned, source, hitLines)) return { matches: [], cut: false };
  const text = planned.query.over === 'code' ? source.code : source.text;
  const { starts } = source;
  const matches: Match[] = [];
  let cut = false;
  let free = 0;
  for (const hit of hitLines) {
    if (matches.length >= room) break;
    const hitStart = starts[hit]!;
    const hitEnd = starts[hit + 1] ?? text.length + 1;
    const window = windowAround(starts, hit, planned.query.lines, text.length);
    cut ||= window.cut;
    const { start } = window;
    const seen = text.slice(start, window.end);
    const regex = planned.regex();
    regex.lastIndex = 0;
    for (let found = regex.exec(seen); found; found = regex.exec(seen)) {
      if (found[0] === '') regex.lastIndex++;
      const offset = start + found.index;
      if (offset >= hitEnd) break;
      if (offset < free || offset + found[0].length <= hitStart) continue;
      matches.push(matchAt(source, offset + blanks(found[0]), offset + found[0].length, found));
      free = offset + Math.max(1, found[0].length);
      if (matches.length >= room) break;
    }
  }
  return { matches, cut };
}

/** What opens or closes a comment in any language, or could be part of such a mark. */
const commentMarks = /[#*]|\/\/|--|"""|'''|<!|=begin|=end|\{\{/;

/**
 * Whether telling comments apart is worth it: where the raw text matches, or holds a mark of a comment, which as spaces could let
 * the expression match. Otherwise there is no match in the code either.
 */
function mayMatchCode({ regex: compiled, query }: PlannedText, source: FileSource, hitLines: readonly number[]): boolean {
  return hitLines.some((hit) => {
    const { start, end, cut } = windowAround(source.starts, hit, query.lines, source.text.length);
    const seen = source.text.slice(start, end);
    const regex = compiled();
    regex.lastIndex = 0;
    return cut || regex.test(seen) || commentMarks.test(seen);
  });
}

/**
 * As many lines before the hit as a match may span, since its literal may stand at its end, and one more behind it; the window starts
 * late or ends early where a line is too long.
 */
function windowAround(starts: readonly number[], hit: number, lines: number, length: number): { start: number; end: number; cut: boolean } {
  const isLong = (line: number): boolean => (starts[line + 1] ?? length) - starts[line]! > limits.lineChars;
  let first = hit;
  while (first > 0 && hit - first < Math.max(1, lines) && !isLong(first - 1)) first--;
  const start = starts[first]!;
  const last = Math.min(starts.length - 1, hit + lines + 1);
  for (let line = hit; line <= last; line++) if (isLong(line)) return { start, end: starts[line]! + limits.lineChars, cut: true };
  return { start, end: starts[last + 1] ?? length, cut: false };
}

/** Where the match begins to show something; 0 where it is nothing but blanks. */
const blanks = (text: string): number => Math.max(0, text.search(/\S/));

function matchAt(source: FileSource, offset: number, end: number, found: RegExpExecArray): Match {
  const captures: Record<string, string> = {};
  for (let group = 1; group < found.length; group++) if (found[group] !== undefined) captures[group] = own(found[group]!);
  for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) captures[name] = own(value);
  return { ...source.at(offset), excerpt: excerptAt(source, offset, end), captures };
}

/** Characters of a first line that tell a reader something by themselves. */
const tellingChars = 16;

/**
 * The line of an offset, masked and cut; of a long line the part around the offset. A first line that says little, `return (`, is
 * followed by the next ones up to `until`.
 */
export function excerptAt(source: FileSource, offset: number, until = offset): string {
  const { starts, text } = source;
  const line = lineIndexAt(starts, offset);
  const start = Math.max(starts[line]!, offset - (offset - starts[line]! > limits.lineChars ? limits.excerptChars / 2 : limits.lineChars));
  let end = starts[line + 1] ?? text.length;
  for (let next = line + 1; end < until && text.slice(start, end).trim().length < tellingChars; next++)
    end = starts[next + 1] ?? text.length;
  const seen = text.slice(start, Math.min(end, start + limits.lineChars * 2)).trim();
  return own(excerptOf(seen.includes('\n') ? seen.replace(/\s+/g, ' ') : seen), limits.excerptChars + 1);
}

/** A copy that does not keep the whole file's text alive, as a slice would. */
function own(value: string, most = captureChars): string {
  const cut = value.length > most ? value.slice(0, most) : value;
  return cut.length < 13 ? cut : Buffer.from(cut, 'utf16le').toString('utf16le');
}
