import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError, type Problem } from '../model/error.js';
import type { StringFault } from './tree.js';
import type { YamlSource } from './source.js';

/** YAML files by path, `/` as separator; in memory, or read from a folder. */
export type Files = Readonly<Record<string, string>>;

/** Reads every .yaml file below a folder, symbolic links not followed. Throws UsageError when it cannot be read. */
export function readFolder(folder: string, depth = 2): Files {
  const files: Record<string, string> = {};
  const visit = (relative: string, left: number): void => {
    let entries;
    try {
      entries = readdirSync(join(folder, relative), { withFileTypes: true });
    } catch (error) {
      throw new UsageError(`cannot read the folder ${join(folder, relative)}: ${error instanceof Error ? error.message : String(error)}`);
    }
    for (const entry of entries) {
      const path = relative ? `${relative}/${entry.name}` : entry.name;
      if (entry.isDirectory() && left > 1 && !entry.name.startsWith('.')) visit(path, left - 1);
      else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) files[path] = readFileSync(join(folder, path), 'utf8');
    }
  };
  visit('', depth);
  return files;
}

/** A fault at its place in a file. */
export function locate(source: YamlSource, fault: StringFault): Problem {
  const position =
    fault.offset !== undefined
      ? source.inside(fault.path, fault.offset)
      : fault.on === 'key'
        ? source.keyAt(fault.path)
        : source.valueAt(fault.path);
  return { file: source.file, ...position, message: fault.message, hint: fault.hint };
}

export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
}

/** Paths in code unit order, so that everything built from files is the same on every machine. */
export const sortedEntries = (files: Files): [string, string][] => Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
