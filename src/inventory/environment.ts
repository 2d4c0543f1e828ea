import type { Item } from '../model/document.js';
import type { FileInfo } from '../model/file.js';
import type { EnvironmentVariable } from '../model/report.js';

/**
 * The environment variables that product code reads in the production variant: whether code can do without, whether a
 * template or document names them, whether a production configuration sets them. Sorted by name; values are left out.
 */
export function environmentVariables(items: readonly Item[], fileOf: (path: string) => FileInfo | undefined): EnvironmentVariable[] {
  const live = (i: Item): boolean => {
    const role = fileOf(i.path)?.role;
    return role !== 'test' && role !== 'sample';
  };
  const production = (i: Item): boolean => i.variant === 'base' || i.variant === 'production';
  const named = new Map<string, Item[]>();
  for (const item of items) if (live(item)) named.set(String(item.name), [...(named.get(String(item.name)) ?? []), item]);
  const result: EnvironmentVariable[] = [];
  for (const [name, all] of named) {
    const reads = all.filter((i) => i.origin === 'read' && production(i));
    const first = reads[0];
    if (!first) continue;
    result.push({
      name,
      required: reads.some((i) => i.required === true),
      secretLike: all.some((i) => i.secretLike === true),
      hasDefault: reads.every((i) => i.default !== null),
      documented: all.some((i) => i.origin === 'documented'),
      set: all.some((i) => i.origin === 'set' && production(i)),
      location: { path: first.path, line: first.line },
    });
  }
  return result.sort((a, b) => (a.name < b.name ? -1 : 1));
}
