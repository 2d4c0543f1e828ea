import type { FileInfo } from '../model/file.js';
import type { Source, SyntaxNode } from '../model/source.js';
import { limits } from '../safe/limits.js';
import { blankComments } from './comments.js';
import { parse } from './syntax.js';

/** Offsets at which the lines of a text start; line n starts at `starts[n - 1]`. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the line (from 0) that holds an offset. */
export function lineIndexAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** One file during the pass: every derived form is made at first use and kept while the file is looked at. */
export class FileSource implements Source {
  readonly path: string;
  #bytes: Uint8Array | null;
  #text: string | undefined;
  #code: string | undefined;
  #lines: readonly string[] | undefined;
  #starts: number[] | undefined;
  #tree: SyntaxNode | null | undefined;

  /** `bytes` may be a shared buffer: `text` must be asked for before it is overwritten, or not at all. */
  constructor(
    readonly file: FileInfo,
    bytes: Uint8Array,
  ) {
    this.path = file.path;
    this.#bytes = bytes;
  }

  /** Whether a syntax tree was made. */
  get parsed(): boolean {
    return this.#tree !== undefined && this.#tree !== null;
  }

  get text(): string {
    if (this.#text === undefined) {
      const bytes = this.#bytes!;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
      this.#text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
      this.#bytes = null;
    }
    return this.#text;
  }

  get code(): string {
    return (this.#code ??= blankComments(this.text, this.path, this.file.language));
  }

  get lines(): readonly string[] {
    return (this.#lines ??= this.code.split(this.code.includes('\r') ? /\r?\n/ : '\n'));
  }

  /** Offsets at which lines start, in `text` and `code` alike. */
  get starts(): readonly number[] {
    return (this.#starts ??= lineStarts(this.text));
  }

  at(offset: number): { path: string; line: number; column: number } {
    const line = lineIndexAt(this.starts, offset);
    return { path: this.path, line: line + 1, column: offset - this.starts[line]! + 1 };
  }

  syntax(): SyntaxNode | null {
    if (this.#tree === undefined) {
      const fits = this.file.language !== null && this.text.length <= limits.syntaxBytes && this.file.size <= limits.syntaxBytes;
      this.#tree = fits ? parse(this.file.language!, this.text) : null;
    }
    return this.#tree;
  }
}

/** A source for one text, outside of a pass (tests, single files). */
export function sourceOf(file: FileInfo, text: string): Source {
  return new FileSource(file, Buffer.from(text, 'utf8'));
}
