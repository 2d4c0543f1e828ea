import type { Item, Reader } from '../../../model/document.js';
import type { FileSelector } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';

export type Ecosystem = 'npm' | 'pypi' | 'go' | 'maven' | 'gem' | 'composer' | 'nuget' | 'cargo';
export type Scope = 'runtime' | 'dev' | 'peer' | 'optional' | 'build';

export interface Dependency {
  readonly name: string;
  readonly spec: string;
  readonly version: string | null;
  readonly scope: Scope;
  readonly line: number;
}

/** Roles in which manifests and lock files stand; those of tests and samples declare nothing for the software. */
const roles: FileSelector['roles'] = ['config', 'product', 'generated', 'other', 'docs', 'script'];
const variants: FileSelector['variants'] = ['base', 'production', 'development', 'test', 'staging'];

export const manifestFiles = { roles, variants };

export function dependencyReader(
  name: string,
  ecosystem: Ecosystem,
  paths: string[],
  source: 'manifest' | 'lock',
  read: (source: Source) => Dependency[],
): Reader {
  return {
    name: `dependencies/${name}`,
    kind: 'dependencies',
    files: { ...manifestFiles, paths },
    read: (file) => ({
      items: read(file).map((d): Item => ({
        path: file.path,
        line: d.line,
        ecosystem,
        name: d.name,
        spec: d.spec,
        version: d.version,
        scope: d.scope,
        source,
      })),
    }),
  };
}

/** PEP 503: runs of `-`, `_` and `.` are one `-`, lower case. */
export const normalisePython = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** The version of an exact constraint (`==1.2.3`, `1.2.3`), else null. */
export const exactVersion = (spec: string): string | null =>
  /^(?:={1,3}\s*)?v?(\d+(?:\.\d+){1,3}(?:\.?(?:a|b|rc|dev|post)\d*)*(?:[-+.][\w.+-]+)?)$/.exec(spec.trim())?.[1] ?? null;

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The line of `"key"` below the line where a section starts; the section's line where it isn't found. */
export function lineOfKey(source: Source, key: string, from = 0): number {
  const at = source.text.indexOf(`"${key}"`, from);
  return at < 0 ? 1 : source.at(at).line;
}
