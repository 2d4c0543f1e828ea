/** Finds the comments of a text: flat pairs of start and end offsets, ascending, not overlapping. */
export type Lexer = (text: string) => number[];

/** The text with every range replaced by spaces, line ends kept. */
export function blankRanges(text: string, ranges: readonly number[]): string {
  if (ranges.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const start = ranges[i]!;
    const end = ranges[i + 1]!;
    parts.push(text.slice(at, start));
    for (let line = start; line < end;) {
      const feed = text.indexOf('\n', line);
      const stop = feed < 0 || feed >= end ? end : feed + 1;
      // what is kept: the line feed, and a carriage return before it
      let ink = stop;
      while (ink > line && (text.charCodeAt(ink - 1) === 10 || text.charCodeAt(ink - 1) === 13)) ink--;
      parts.push(spaces(ink - line), text.slice(ink, stop));
      line = stop;
    }
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

const blanks = ' '.repeat(200);
const spaces = (count: number): string => (count <= blanks.length ? blanks.slice(0, count) : ' '.repeat(count));

/** Offset of the end of the line that holds `at`, its line end excluded. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

/** Offset behind the string that opens at `at`; one that may not span lines ends before the line end at the latest. */
export function skipQuoted(text: string, at: number, multiLine: boolean, escape = true): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92 && escape) i++;
    else if (c === quote) return i + 1;
    else if (c === 10 && !multiLine) return i;
  }
  return text.length;
}

/** Offset behind the next `closing` at or after `from`; the text's end where there is none. */
export function skipTo(text: string, closing: string, from: number): number {
  const end = text.indexOf(closing, from);
  return end < 0 ? text.length : end + closing.length;
}

/** Offset behind a triple-quoted string that opens at `at` with `delimiter`; backslashes escape. */
export function skipTriple(text: string, at: number, delimiter: string): number {
  for (let from = at + delimiter.length; ;) {
    const end = text.indexOf(delimiter, from);
    if (end < 0) return text.length;
    let backslashes = 0;
    while (end - backslashes > at && text.charCodeAt(end - 1 - backslashes) === 92) backslashes++;
    if (backslashes % 2 === 0) return end + delimiter.length;
    from = end + 1;
  }
}

/** Calls `step` at each match of the (global) opener; `step` says where to go on. */
export function walk(text: string, opener: RegExp, step: (at: number, token: string) => number): void {
  opener.lastIndex = 0;
  for (let found = opener.exec(text); found; found = opener.exec(text))
    opener.lastIndex = Math.max(step(found.index, found[0]), found.index + 1);
}

/** Ends of here-documents. A few searches in vain and it stops looking, so that hostile text costs linear time. */
export class HereDocuments {
  #vain = 0;

  /** Offset behind the line that closes the here-document opened on the line of `at`; null where none closes it. */
  end(text: string, at: number, tag: string): number | null {
    if (this.#vain >= 20) return null;
    const close = new RegExp(`^[ \\t]*${tag}[;,)\\] \\t]*\\r?$`, 'gm');
    close.lastIndex = lineEnd(text, at);
    const found = close.exec(text);
    if (found) return found.index + found[0].length;
    this.#vain++;
    return null;
  }
}

/** The last character before `at` that is no blank on the same line, with its offset; '' at the start of the line. */
export function before(text: string, at: number): { char: string; at: number } {
  let i = at - 1;
  while (i >= 0 && (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9)) i--;
  return i < 0 || text.charCodeAt(i) === 10 ? { char: '', at: i } : { char: text.charAt(i), at: i };
}
