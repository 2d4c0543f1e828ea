import type { Document, Item } from './document.js';
import type { FileInfo, Place } from './file.js';
import type { Match, Query } from './query.js';
import type { Note } from './target.js';

/** All that the one pass found. Keys of `matches` are `queryKey(query)`. */
export interface Facts {
  readonly files: readonly FileInfo[];
  readonly matches: ReadonlyMap<string, readonly Match[]>;
  readonly documents: ReadonlyMap<string, readonly Document[]>;
  readonly items: ReadonlyMap<string, readonly Item[]>;
  readonly problems: ReadonlyMap<string, readonly (Place & { message: string })[]>;
  /** Non-blank lines of product code by language. */
  readonly productLines: ReadonlyMap<string, number>;
  /** The same by file, for shares of deployables. */
  readonly linesByFile: ReadonlyMap<string, number>;
  readonly counters: { readonly listed: number; readonly read: number; readonly parsed: number; readonly bytes: number };
  readonly notes: readonly Note[];
}

const keys = new WeakMap<Query, string>();

/** A text that equal questions share. Probes build their queries with the same members in the same order, so plain JSON does. */
export function queryKey(query: Query): string {
  let key = keys.get(query);
  if (key === undefined) keys.set(query, (key = JSON.stringify(query)));
  return key;
}
