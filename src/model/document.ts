import type { FileSelector, Place } from './file.js';
import type { Source } from './source.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A structured file of a format kind (`dockerfile`, `compose`, `yaml` ...) as plain data with places. */
export interface Document {
  readonly kind: string;
  readonly path: string;
  readonly root: Json;
  /** The place of the value at a JSONPath location (keys and indexes from the root), or of its nearest known ancestor. */
  place(location: readonly (string | number)[]): Place;
}

/**
 * One item of a concept kind (`cors`, `routes` ...): flat plain data in the concept's documented shape, every field
 * present (null where nothing is known), so that CEL never meets a missing key.
 */
export interface Item {
  readonly path: string;
  readonly line: number;
  readonly [field: string]: Json | undefined;
}

/**
 * A value as far as it is certain without running anything.
 * literal: `{known: true, value, env: '', text}`; read from the environment: `{known: default is literal, value: default
 * or null, env: NAME, text}`; anything else: `{known: false, value: null, env: '', text}`. `text` is the source text.
 */
export type Value = { known: boolean; value: Json; env: string; text: string };

/** Turns one file into documents (a format) or items (a concept); pure, no file access, must not throw on bad input. */
export interface Reader {
  /** `format/dockerfile`, `cors/fastapi`: unique, for messages and tests. */
  readonly name: string;
  /** The document or concept kind it contributes to. */
  readonly kind: string;
  /** Technologies (any of) that must be possibly in use (declared in a manifest or visible as a file) for it to run. */
  readonly technologies?: readonly string[];
  readonly files: FileSelector;
  /** ASCII, case-insensitive; at least one must occur in the file. Omitted: every selected file is read. */
  readonly keywords?: readonly string[];
  /** May be asynchronous where a library is (secretlint). */
  read(source: Source): ReadResult | Promise<ReadResult>;
}

export interface ReadResult {
  readonly documents?: readonly Document[];
  readonly items?: readonly Item[];
  /** What could not be read and why; becomes `unknown` evidence for whoever asks for this kind. */
  readonly problems?: readonly (Place & { message: string })[];
}

/** Joins what the readers of one concept found in several files (settings over base files, Compose over overrides ...). */
export interface Combiner {
  readonly kind: string;
  /** Kinds whose documents and items it wants beside its own. */
  readonly uses?: readonly string[];
  combine(items: readonly Item[], all: Collected): readonly Item[];
  /** Replaces the documents of its kind before any `combine` runs (Helm templates rendered with their chart's values, say). */
  documents?(documents: readonly Document[], all: Collected): readonly Document[];
}

/** What the readers found, as combiners see it. */
export interface Collected {
  items(kind: string): readonly Item[];
  documents(kind: string): readonly Document[];
  readonly files: readonly import('./file.js').FileInfo[];
}
