import type { FileSelector, Place } from './file.js';

/** What a static probe asks of the one pass. Plain data: its canonical JSON is the key under which equal ones merge. */
export type Query =
  | { readonly type: 'files'; readonly files: FileSelector }
  | {
      readonly type: 'text';
      readonly files: FileSelector;
      /** A regular expression in JavaScript syntax (`^` and `$` match at lines, no flag `u`); must contain a literal of 3 or more characters. */
      readonly pattern: string;
      readonly ignoreCase: boolean;
      /** `code`: comments blanked (default for product code); `all`: the raw text. */
      readonly over: 'code' | 'all';
      /** Lines after the line of the hit literal that the expression may reach into (1 before is always seen). */
      readonly lines: number;
    }
  | {
      readonly type: 'code';
      readonly files: FileSelector;
      readonly language: string;
      readonly rule: object;
      readonly keywords: readonly string[];
    }
  /**
   * All documents (formats) or items (concepts) of a kind; makes its readers run. With `paths` on every query of a kind, only files that
   * one of them matches are read for it: general formats (JSON, YAML ...) have far more files than anybody asks about.
   */
  | { readonly type: 'kind'; readonly kind: string; readonly paths?: readonly string[] }
  /** Imports of these modules (trailing * is a wildcard) become items of the concept `imports`. */
  | { readonly type: 'imports'; readonly modules: readonly string[] };

/** One answer of the pass: a place, what stands there (masked, one line, at most 200 characters), and captured groups. */
export interface Match extends Place {
  readonly excerpt: string;
  readonly captures: Readonly<Record<string, string>>;
}
