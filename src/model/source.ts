import type { FileInfo, Place } from './file.js';

/** The part of an ast-grep node (`SgNode`) that readers use; `documents/` never imports the parser itself. */
export interface SyntaxNode {
  kind(): string;
  text(): string;
  range(): { start: { line: number; column: number; index: number }; end: { line: number; column: number; index: number } };
  isLeaf(): boolean;
  isNamed(): boolean;
  field(name: string): SyntaxNode | null;
  parent(): SyntaxNode | null;
  child(nth: number): SyntaxNode | null;
  children(): SyntaxNode[];
  ancestors(): SyntaxNode[];
  next(): SyntaxNode | null;
  prev(): SyntaxNode | null;
  /** Pattern string, node kind number, or an ast-grep rule object `{ rule: { ... } }`. */
  find(matcher: unknown): SyntaxNode | null;
  findAll(matcher: unknown): SyntaxNode[];
  getMatch(metavariable: string): SyntaxNode | null;
  getMultipleMatches(metavariable: string): SyntaxNode[];
}

/** One file during the pass: read once, each derived form made at most once, dropped afterwards. */
export interface Source {
  readonly path: string;
  readonly file: FileInfo;
  /** The decoded text (UTF-8, invalid bytes replaced, line ends as they are). */
  readonly text: string;
  /** `text` with comments replaced by spaces: same length, same lines. Python docstrings count as comments. */
  readonly code: string;
  /** `code` split into lines. */
  readonly lines: readonly string[];
  /** Place of an offset into `text` or `code`. */
  at(offset: number): Place & { line: number; column: number };
  /** The root of the syntax tree; null where the language has no grammar here or the file is too large. */
  syntax(): SyntaxNode | null;
}
