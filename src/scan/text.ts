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
 * Runs the expression around each line that holds one of its literals: from the line before to `query.lines + 1` behind.
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
    const window = windowAround(starts, hit, planned.query.lines + 1, text.length);
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
      matches.push(matchAt(source, offset, found));
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
    const { start, end, cut } = windowAround(source.starts, hit, query.lines + 1, source.text.length);
    const seen = source.text.slice(start, end);
    const regex = compiled();
    regex.lastIndex = 0;
    return cut || regex.test(seen) || commentMarks.test(seen);
  });
}

/** From the line before the hit to `after` lines behind it; it starts late or ends early where a line is too long. */
function windowAround(starts: readonly number[], hit: number, after: number, length: number): { start: number; end: number; cut: boolean } {
  const isLong = (line: number): boolean => (starts[line + 1] ?? length) - starts[line]! > limits.lineChars;
  const start = starts[hit > 0 && !isLong(hit - 1) ? hit - 1 : hit]!;
  const last = Math.min(starts.length - 1, hit + after);
  for (let line = hit; line <= last; line++) if (isLong(line)) return { start, end: starts[line]! + limits.lineChars, cut: true };
  return { start, end: starts[last + 1] ?? length, cut: false };
}

function matchAt(source: FileSource, offset: number, found: RegExpExecArray): Match {
  const captures: Record<string, string> = {};
  for (let group = 1; group < found.length; group++) if (found[group] !== undefined) captures[group] = own(found[group]!);
  for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) captures[name] = own(value);
  return { ...source.at(offset), excerpt: excerptAt(source, offset), captures };
}

/** The line of an offset, masked and cut; of a long line the part around the offset. */
export function excerptAt(source: FileSource, offset: number): string {
  const { starts, text } = source;
  const line = lineIndexAt(starts, offset);
  const start = Math.max(starts[line]!, offset - (offset - starts[line]! > limits.lineChars ? limits.excerptChars / 2 : limits.lineChars));
  const end = Math.min(starts[line + 1] ?? text.length, start + limits.lineChars * 2);
  return own(excerptOf(text.slice(start, end).trim()), limits.excerptChars + 1);
}

/** A copy that does not keep the whole file's text alive, as a slice would. */
function own(value: string, most = captureChars): string {
  const cut = value.length > most ? value.slice(0, most) : value;
  return cut.length < 13 ? cut : Buffer.from(cut, 'utf16le').toString('utf16le');
}
