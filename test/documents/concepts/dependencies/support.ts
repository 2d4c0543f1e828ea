import picomatch from 'picomatch';
import type { Collected, Combiner, Item, Reader } from '../../../../src/model/document.js';
import { classify } from '../../../../src/target/classify.js';
import { sourceOf } from '../../../support/source.js';

const matches = (patterns: readonly string[], path: string): boolean =>
  patterns.some((p) => picomatch(p.includes('/') ? p : `**/${p}`, { dot: true })(path));

/** Items of one reader's kind from small files. */
export async function itemsOf(readers: readonly Reader[], files: Readonly<Record<string, string>>): Promise<Item[]> {
  const items: Item[] = [];
  for (const [path, text] of Object.entries(files)) {
    const source = sourceOf(path, text);
    for (const { files: wanted, read } of readers) {
      if (wanted.paths && !matches(wanted.paths, path)) continue;
      if (wanted.except && matches(wanted.except, path)) continue;
      if (wanted.languages && (!source.file.language || !wanted.languages.includes(source.file.language))) continue;
      if (wanted.roles && !wanted.roles.includes(source.file.role)) continue;
      items.push(...((await read(source)).items ?? []));
    }
  }
  return items;
}

/** What a combiner makes of small files. */
export async function combined(combiner: Combiner, readers: readonly Reader[], files: Readonly<Record<string, string>>): Promise<Item[]> {
  const byKind = new Map<string, Item[]>();
  for (const kind of new Set(readers.map((r) => r.kind))) byKind.set(kind, await itemsOf(readers.filter((r) => r.kind === kind), files)); // prettier-ignore
  const all: Collected = {
    items: (kind) => byKind.get(kind) ?? [],
    documents: () => [],
    files: classify(Object.entries(files).map(([path, text]) => ({ path, size: text.length }))),
  };
  return [...combiner.combine(byKind.get(combiner.kind) ?? [], all)];
}
