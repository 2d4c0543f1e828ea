import type { Item } from '../../../model/document.js';
import { findCalls } from '../syntax-text.js';
import { applyIndex } from './shared.js';

/** The columns of `[table.a, table.b]` or `t.a, t.b`. */
const columnsOf = (text: string): string[] => [...text.matchAll(/\.(\w+)/g)].map((m) => m[1]!);
const listOf = (text: string, key: string): string => new RegExp(`\\b${key}\\s*:\\s*\\[([^\\]]*)\\]`).exec(text)?.[1] ?? '';

/**
 * What stands behind the columns of a Drizzle table: its indexes, its keys of several columns, and foreign keys written as calls,
 * which some engines index by themselves.
 */
export function applyTableKeys(items: readonly Item[], table: string, extra: string, engineIndexes: boolean): void {
  for (const m of extra.matchAll(/\b(index|uniqueIndex|unique)\s*\([^)]*\)\s*\.on\s*\(([^)]*)\)/g))
    applyIndex(items, table, columnsOf(m[2]!), /unique/i.test(m[1]!));
  for (const call of findCalls(extra, /\b(?:primaryKey|foreignKey)(?=\s*\()/g)) {
    const listed = listOf(call.inner, 'columns');
    if (call.name === 'foreignKey')
      refer(items, table, columnsOf(listed), /\w+/.exec(listOf(call.inner, 'foreignColumns'))?.[0] ?? '', engineIndexes);
    else applyIndex(items, table, columnsOf(listed || call.inner), true);
  }
}

/** A key of several columns refers as one: its first column names the table, and an index that leads with it serves them all. */
function refer(items: readonly Item[], table: string, names: readonly string[], target: string, indexed: boolean): void {
  const columns = names.flatMap((name) => items.filter((c) => c['table'] === table && c['name'] === name)) as Record<string, unknown>[];
  const served = indexed || columns[0]?.['indexed'] === true;
  for (const column of columns)
    Object.assign(column, { refers: true, constrained: true, references: target, indexed: served || column['indexed'] === true });
}
