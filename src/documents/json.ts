import type { Document, Json } from '../model/document.js';
import type { Place } from '../model/file.js';

export type JsonMap = { [key: string]: Json };

/** The map itself, or an empty one for anything that is no map. */
export const record = (value: Json | undefined): JsonMap =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};

export const isRecord = (value: Json | undefined): value is JsonMap => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The list itself; a single value as a list of one; nothing as an empty list. */
export const list = (value: Json | undefined): Json[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];

/** Scalars as text, everything else as ''. */
export const text = (value: Json | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

export const texts = (value: Json | undefined): string[] => list(value).map(text).filter(Boolean);

export const bool = (value: Json | undefined): boolean | null =>
  typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : null;

export const number = (value: Json | undefined): number | null => {
  const n = typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
  return Number.isFinite(n) ? n : null;
};

/** The value at a path of keys and indexes, undefined where a step is missing. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (current === null || typeof current !== 'object') return undefined;
    current = Array.isArray(current)
      ? typeof step === 'number'
        ? current[step]
        : undefined
      : Object.hasOwn(current, step)
        ? current[step]
        : undefined;
  }
  return current;
}

type Located = (location: readonly (string | number)[]) => { line: number; column: number };

/** A document whose places come from the parser of its file. */
export function documentOf(kind: string, path: string, root: Json, place: Located): Document {
  return { kind, path, root, place: (location): Place => ({ path, ...place(location) }) };
}

/** A document whose root is derived: each map may carry its own `line`; the nearest one on the way to the location counts. */
export function linedDocument(kind: string, path: string, root: Json): Document {
  return {
    kind,
    path,
    root,
    place(location) {
      let line = 1;
      let current: Json | undefined = root;
      for (const step of [null, ...location]) {
        if (step !== null) current = at(current, step);
        const own = number(at(current, 'line'));
        if (own) line = own;
        if (current === undefined) break;
      }
      return { path, line };
    },
  };
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** Joins path parts and resolves `.` and `..`; null when it would leave the target. */
export function joinPath(...parts: readonly string[]): string | null {
  const out: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (!out.pop()) return null;
    } else out.push(part);
  }
  return out.join('/');
}
