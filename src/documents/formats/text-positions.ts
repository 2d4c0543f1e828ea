import type { Document, Json } from '../../model/document.js';
import type { Place } from '../../model/file.js';
import { limits } from '../../safe/limits.js';

export type Location = readonly (string | number)[];

/** Offsets at which the lines of a text start; `placeOf` turns an offset into a line and column, both from 1. */
export function lineIndex(text: string): { placeOf(offset: number): { line: number; column: number } } {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    placeOf(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - starts[low]! + 1 };
    },
  };
}

/** Lines of values by their location; `nearest` answers for a location or for its nearest ancestor that is known. */
export class Places {
  private readonly known = new Map<string, { line: number; column?: number }>();

  set(location: Location, line: number, column?: number): void {
    const key = JSON.stringify(location);
    if (!this.known.has(key)) this.known.set(key, column === undefined ? { line } : { line, column });
  }

  nearest(location: Location): { line: number; column?: number } {
    for (let length = location.length; length > 0; length--) {
      const place = this.known.get(JSON.stringify(location.slice(0, length)));
      if (place) return place;
    }
    return { line: 1 };
  }
}

/** A document whose places come from a function over locations; the path is filled in. */
export function documentOf(kind: string, path: string, root: Json, at: (location: Location) => Omit<Place, 'path'>): Document {
  return { kind, path, root, place: (location) => ({ path, ...at(location) }) };
}

/**
 * Plain JSON from what a parser returned: dates become ISO texts, big integers numbers, everything unknown null. Objects
 * get own properties only, whatever their keys are called. Throws a RangeError below `limits.documentDepth`.
 */
export function plain(value: unknown, depth = 0): Json {
  if (depth > limits.documentDepth) throw new RangeError(`nested deeper than ${limits.documentDepth} levels`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map((member) => plain(member, depth + 1));
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member, depth + 1)]));
  return null;
}

/** What a thrown value says, in one short line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').slice(0, 200);
}
