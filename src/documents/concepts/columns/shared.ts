import type { Item } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';

/** What a reader knows of one column; the rest takes its blank value. */
export type Column = Partial<Item> & { table: string; name: string };

const blank = {
  type: '',
  primary: false,
  nullable: null,
  unique: false,
  uniqueTogether: false,
  indexed: false,
  indexDeclared: false,
  refers: false,
  references: '',
  constrained: false,
  constraintOff: false,
};

/** An item at an offset of the file. A primary key is indexed, unique and not null. */
export function columnItem(source: Source, offset: number, framework: string, column: Column): Item {
  const primary = column.primary === true;
  return {
    ...blank,
    path: source.path,
    line: source.at(offset).line,
    framework,
    variant: source.file.variant,
    ...column,
    ...(primary ? { unique: true, nullable: false } : {}),
    indexed: primary || column['indexed'] === true || column['unique'] === true,
    indexDeclared: column['indexDeclared'] === true || (column['unique'] === true && !primary),
  };
}

export const unquote = (name: string): string => name.trim().replace(/^(?:[\w"`[\]]+\.)?["'`[]?([\w$]+)["'`\]]?$/, '$1');

/** Marks columns by a declared index or constraint over several of them: the first is indexed, all are unique together. */
export function applyIndex(columns: readonly Item[], table: string, names: readonly string[], unique: boolean): void {
  names.forEach((name, i) => {
    const column = columns.find((c) => c['table'] === table && String(c['name']).toLowerCase() === name.toLowerCase()) as
      Record<string, unknown> | undefined;
    if (!column) return;
    if (i === 0) {
      column['indexed'] = true;
      column['indexDeclared'] = true;
    }
    if (unique && names.length === 1) column['unique'] = true;
    if (unique && names.length > 1) column['uniqueTogether'] = true;
  });
}

/** The column of `lower((email)::text)`: an index that leaves aside the case of its letters alone is one of that column. */
export const foldedColumn = (expression: string): string | undefined =>
  /^\(?\s*(?:lower|upper)\s*\(\s*\(?\s*["`[]?(\w+)/i.exec(expression)?.[1];
