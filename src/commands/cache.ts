import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Report } from '../model/report.js';

/** Reports that are kept; the least recently used go first. */
const kept = 50;

/**
 * Reports of former audits. An audit is a pure function of the commit, the checklist, the tool and the day, so that the same four
 * give the same report: it is looked up by a hash over them. Only the operator's own folder is used, never the target; a cache
 * that cannot be read or written is no cache.
 */
export interface ReportCache {
  find(key: string): Report | null;
  keep(key: string, report: Report): void;
}

/** The key of everything that a report depends on, as JSON; members in the order given. */
export const cacheKey = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** `READINESS_CACHE_DIR` (an absolute path; anything else, such as `off`, is no cache), else the user's own folder for caches. */
export function openCache(env: NodeJS.ProcessEnv = process.env): ReportCache | null {
  const folder = folderOf(env);
  if (folder === null) return null;
  const file = (key: string): string => join(folder, `${key}.json`);
  return {
    find(key) {
      try {
        const report = JSON.parse(readFileSync(file(key), 'utf8')) as Report;
        const now = new Date();
        utimesSync(file(key), now, now);
        return report;
      } catch {
        return null;
      }
    },
    keep(key, report) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        // whole or not at all: another audit may be reading
        const part = join(folder, `${key}.${process.pid}.part`);
        writeFileSync(part, JSON.stringify(report), { mode: 0o600 });
        renameSync(part, file(key));
        prune(folder);
      } catch {
        // nothing is lost but time
      }
    },
  };
}

function folderOf(env: NodeJS.ProcessEnv): string | null {
  if (env['READINESS_CACHE_DIR']) return isAbsolute(env['READINESS_CACHE_DIR']) ? env['READINESS_CACHE_DIR'] : null;
  if (env['XDG_CACHE_HOME'] && isAbsolute(env['XDG_CACHE_HOME'])) return join(env['XDG_CACHE_HOME'], 'readiness');
  const home = homedir();
  return isAbsolute(home) && home !== '/' ? join(home, '.cache', 'readiness') : null;
}

function prune(folder: string): void {
  const reports = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, used: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.used - a.used);
  for (const { name } of reports.slice(kept)) rmSync(join(folder, name), { force: true });
}
