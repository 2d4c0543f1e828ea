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

/** Canonical JSON (sorted keys) of a query: equal queries have equal keys. */
export function queryKey(query: Query): string {
  const known = keys.get(query);
  if (known !== undefined) return known;
  const canonical = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(canonical)
      : value && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([, v]) => v !== undefined)
              .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
              .map(([k, v]) => [k, canonical(v)]),
          )
        : value;
  const key = JSON.stringify(canonical(query));
  keys.set(query, key);
  return key;
}
