import semver from 'semver';
import type { Collected, Combiner, Item } from '../../../model/document.js';
import { advisories } from './table.js';

/** Locks that tell run-time packages from others; in the rest, those count that a manifest declares for run time. */
const marksScope = /package-lock\.json$|npm-shrinkwrap\.json$|composer\.lock$|Gemfile\.lock$/;

function affected(version: string, range: string): boolean {
  // Gems have four numbers; the last one only matters for patches that the table rounds down.
  const plain = semver.parse(version) ?? semver.coerce(version);
  return plain !== null && semver.satisfies(plain, range, { includePrerelease: true });
}

function combine(_: readonly Item[], all: Collected): Item[] {
  const items = all.items('dependencies');
  const roles = new Map(all.files.map((f) => [f.path, f.role]));
  const declared = new Set(
    items
      .filter((d) => d['source'] === 'manifest' && d['scope'] === 'runtime')
      .map((d) => `${String(d['ecosystem'])}:${String(d['name'])}`),
  );
  const seen = new Set<string>();
  return items.flatMap((d): Item[] => {
    const key = `${String(d['ecosystem'])}:${String(d['name'])}`;
    const entries = advisories[key];
    const version = d['version'];
    if (!entries || typeof version !== 'string' || ['test', 'sample', 'vendored'].includes(roles.get(d.path) ?? '')) return [];
    if (d['scope'] !== 'runtime' && !(d['scope'] === 'build' && key.startsWith('maven:'))) return [];
    if (d['source'] === 'lock' && (d['ecosystem'] === 'go' || (!marksScope.test(d.path) && !declared.has(key)))) return [];
    const hit = entries.find(([range]) => affected(version, range));
    if (!hit || seen.has(`${d.path}\n${key}`)) return [];
    seen.add(`${d.path}\n${key}`);
    return [{ path: d.path, line: d.line, ecosystem: String(d['ecosystem']), name: String(d['name']), version, id: hit[1], fixed: hit[2] }];
  });
}

/** Run-time packages in a version that a well-known critical or high advisory affects. */
export const advisoriesCombiner: Combiner = { kind: 'advisories', uses: ['dependencies'], combine };
