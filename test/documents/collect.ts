import type { Document, Item, Reader } from '../../src/model/document.js';
import { combiners, readers } from '../../src/documents/index.js';
import { compileSelector } from '../../src/scan/selector.js';
import { sourceOf } from '../support/source.js';

export interface Collection {
  readonly documents: readonly Document[];
  readonly items: readonly Item[];
  readonly problems: readonly { path: string; line?: number; message: string }[];
}

/** Runs every reader and combiner that a kind needs over files given as path and text, as the scan does. */
export async function collect(kind: string, files: Record<string, string>): Promise<Collection> {
  const sources = Object.entries(files).map(([path, text]) => sourceOf(path, text));
  const wanted = new Set([kind]);
  for (const name of wanted) for (const c of combiners) if (c.kind === name) for (const used of c.uses ?? []) wanted.add(used);
  const documents = new Map<string, Document[]>();
  const items = new Map<string, Item[]>();
  const problems: Collection['problems'][number][] = [];
  for (const reader of readers.filter((r: Reader) => wanted.has(r.kind))) {
    const selects = compileSelector(reader.files);
    for (const source of sources) {
      if (!selects(source.file)) continue;
      if (reader.keywords && !reader.keywords.some((k) => source.text.toLowerCase().includes(k.toLowerCase()))) continue;
      const result = await reader.read(source);
      documents.set(reader.kind, [...(documents.get(reader.kind) ?? []), ...(result.documents ?? [])]);
      items.set(reader.kind, [...(items.get(reader.kind) ?? []), ...(result.items ?? [])]);
      problems.push(...(result.problems ?? []));
    }
  }
  const all = {
    documents: (k: string): readonly Document[] => documents.get(k) ?? [],
    items: (k: string): readonly Item[] => items.get(k) ?? [],
    files: sources.map((s) => s.file),
  };
  const used = combiners.filter((c) => wanted.has(c.kind));
  for (const c of used) if (c.documents) documents.set(c.kind, [...c.documents(all.documents(c.kind), all)]);
  for (const c of used) items.set(c.kind, [...c.combine(all.items(c.kind), all)]);
  return { documents: all.documents(kind), items: all.items(kind), problems };
}
