import { open, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ConnectFailure, type ConnectContext, type Connector, type EnvironmentSource } from '../model/environment.js';
import { inspect, type Inspection } from './backup-formats.js';

/** Files that are looked at in one place, folders deep. */
const files = 20_000;
const depth = 6;
const hour = 3_600_000;
/** Milliseconds for reading one file through; less than the question has, so that the other facts are told in time. */
const inspectionMs = 30_000;

const newestFacts = z.object({
  name: z.string().default('').describe('Path below the location'),
  bytes: z.number().nullable().default(null).describe('Size; null for a snapshot in a repository'),
  ageHours: z.number().default(0).describe('Since it was last written'),
  namedAgeHours: z.number().nullable().default(null).describe('Since the date in its name, null where there is none'),
  format: z.string().default('unknown').describe('gzip, zip, zstd, xz, tar, pg_dump, pg_dump custom, mysqldump, sqlite, restic, borg ...'),
  integrity: z
    .enum(['verified', 'complete', 'header', 'damaged', 'unknown'])
    .default('unknown')
    .describe(
      'verified: its checksums hold; complete: the end its format demands is there; header: only its start could be judged; damaged; unknown',
    ),
  note: z.string().nullable().default(null).describe('What is wrong with it, or why no more can be said'),
  encryption: z.string().nullable().default(null).describe('age, pgp, openssl, luks, restic, borg; null where it lies open'),
  mode: z.string().default('0600').describe('Permission bits'),
  readableByOthers: z.boolean().default(false).describe('By users outside its group'),
});

const locationFacts = z.object({
  location: z.string().default('').describe('As named by the operator'),
  kind: z.enum(['files', 'restic', 'borg']).default('files').describe('Single files, or the repository of a backup program'),
  count: z.number().nullable().default(null).describe('Backups there; null where the place could not be read, see problem'),
  problem: z.string().nullable().default(null).describe('Why the place could not be read, or what was left out'),
  totalBytes: z.number().default(0).describe('Of all of them'),
  newest: newestFacts.nullable().default(null).describe('null where there is none'),
  previousBytes: z.number().nullable().default(null).describe('Size of the one before, of the same name but for digits'),
  ratio: z.number().nullable().default(null).describe('Size of the newest by that of the one before'),
  usualRatio: z.number().nullable().default(null).describe('Size of the newest by the median of up to ten before'),
  cadenceHours: z.number().nullable().default(null).describe('Median time between the last ten'),
  longestGapHours: z.number().nullable().default(null).describe('Longest time between two of the last thirty'),
  oldestAgeHours: z.number().nullable().default(null).describe('Age of the oldest: how far back one can go'),
  series: z
    .array(
      z.object({
        name: z.string().default('').describe('Name with # for digits'),
        count: z.number().default(0).describe('Backups of this name'),
        ageHours: z.number().default(0).describe('Age of the newest'),
      }),
    )
    .default([])
    .describe('Backups by name, newest first'),
});

export const backupFacts = z.object({
  locations: z.array(locationFacts).default([]).describe('Each folder, file or glob that the operator named'),
});
type LocationFacts = z.infer<typeof locationFacts>;

/** Backups as files: how old, how large beside the former ones, whole as far as their format shows, encrypted or not. */
export const backup: Connector = {
  connection: 'backup',
  facts: backupFacts,
  /** Reading a large file to its end, for its checksum, takes longer than a question. */
  deadlineMs: () => 60_000,
  endpoints: locationsOf,
  async open(context: ConnectContext) {
    const named = locationsOf(context.environment);
    if (named.length === 0) throw new ConnectFailure('not-named', 'no place of backups is named: --backup PATH');
    return {
      async measure(_ask, signal) {
        const locations = await Promise.all(named.map((location) => lookAt(location, context.now, signal)));
        const first = locations[0];
        if (first && locations.every((l) => l.count === null))
          throw new ConnectFailure(/permission/.test(first.problem ?? '') ? 'no-permission' : 'not-found', first.problem ?? 'not readable');
        return { where: named.join(', '), facts: { locations } };
      },
      close: async () => {},
    };
  },
};

function locationsOf(environment: EnvironmentSource): string[] {
  return environment.backups === undefined ? [] : [environment.backups].flat();
}

const nothing = (location: string, problem: string | null): LocationFacts => ({
  location,
  kind: 'files',
  count: problem === null ? 0 : null,
  problem,
  totalBytes: 0,
  newest: null,
  previousBytes: null,
  ratio: null,
  usualRatio: null,
  cadenceHours: null,
  longestGapHours: null,
  oldestAgeHours: null,
  series: [],
});

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly at: number;
  readonly mode: number;
}

async function lookAt(location: string, now: Date, signal: AbortSignal): Promise<LocationFacts> {
  try {
    const { entries, kind, cut } = await entriesOf(location);
    if (entries.length === 0) return nothing(location, null);
    const facts = await describe(
      location,
      kind === 'files' ? entries : entries.map((e) => ({ ...e, name: kind })),
      now,
      kind === 'files' ? signal : null,
    );
    const problem = cut ? `more than ${files} files: the rest was left out` : null;
    return kind === 'files' ? { ...facts, problem } : { ...asRepository(facts, kind), problem };
  } catch (error) {
    if (signal.aborted) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return nothing(location, `${location} does not exist`);
    if (code === 'EACCES' || code === 'EPERM') return nothing(location, `no permission to read ${location}`);
    if (error instanceof ConnectFailure) return nothing(location, error.message);
    return nothing(location, `${location} cannot be read (${code ?? 'unknown error'})`);
  }
}

/** Not backups: what is still being written, checksums and signatures beside them, logs. */
const leftOut = [
  '**/*.{tmp,part,partial,swp,lock,log,md5,sha1,sha256,sha512,sig,minisig}',
  '**/{README,readme,SHA256SUMS}*',
  '**/lost+found/**',
];

async function entriesOf(location: string): Promise<{ entries: Entry[]; kind: LocationFacts['kind']; cut: boolean }> {
  const path = resolve(location);
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && /[*?[{]/.test(location)) return null;
    throw error;
  });
  if (info?.isFile())
    return {
      entries: [{ name: location.split('/').at(-1) ?? location, path, bytes: info.size, at: info.mtimeMs, mode: info.mode }],
      kind: 'files',
      cut: false,
    };
  if (info && !info.isDirectory()) throw new ConnectFailure('not-understood', `${location} is neither a folder nor a file`);
  if (!info) {
    const base = resolve(location.slice(0, location.search(/[*?[{]/)).replace(/[^/]*$/, '') || '.');
    await stat(base);
    return { ...(await listed(base, path.slice(base === '/' ? 1 : base.length + 1))), kind: 'files' };
  }
  const repository = await repositoryKind(path);
  if (repository === 'restic') return { ...(await listed(join(path, 'snapshots'), '**/*')), kind: 'restic' };
  if (repository === 'borg') return { ...(await listed(path, '{index,hints,integrity}.*')), kind: 'borg' };
  return { ...(await listed(path, '**/*')), kind: 'files' };
}

/** By the layout that restic and borg document for their repositories. */
async function repositoryKind(path: string): Promise<'restic' | 'borg' | null> {
  const is = (name: string) => stat(join(path, name)).then(Boolean, () => false);
  if (!(await is('config')) || !(await is('data'))) return null;
  if ((await is('snapshots')) && (await is('keys')) && (await is('index'))) return 'restic';
  const config = await readFile(join(path, 'config')).catch(() => Buffer.alloc(0));
  return config.length < 100_000 && /^\[repository\]/m.test(config.toString('latin1')) ? 'borg' : null;
}

async function listed(base: string, pattern: string): Promise<{ entries: Entry[]; cut: boolean }> {
  const { default: glob } = await import('fast-glob');
  const { opendir } = await import('node:fs/promises');
  // A folder that may not be read is a reason, where the walk would only pass it over.
  await (await opendir(base)).close();
  const found = glob.stream(pattern, {
    cwd: base,
    deep: depth,
    dot: false,
    stats: true,
    onlyFiles: true,
    followSymbolicLinks: false,
    suppressErrors: true,
    ignore: leftOut,
  }) as unknown as AsyncIterable<{ path: string; stats: import('node:fs').Stats }>;
  const entries: Entry[] = [];
  for await (const { path, stats } of found) {
    if (entries.length >= files) return { entries, cut: true };
    entries.push({ name: path, path: join(base, path), bytes: stats.size, at: stats.mtimeMs, mode: stats.mode });
  }
  return { entries, cut: false };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const seriesOf = (name: string): string => name.replace(/[0-9]+/g, '#').replace(/#(?:[T:_.-]?#)+/g, '#');

async function describe(location: string, entries: readonly Entry[], now: Date, signal: AbortSignal | null): Promise<LocationFacts> {
  const age = (at: number): number => rounded((now.getTime() - at) / hour);
  const byAge = [...entries].sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1));
  const newest = byAge[0] as Entry;
  const groups = new Map<string, Entry[]>();
  for (const entry of byAge) groups.set(seriesOf(entry.name), [...(groups.get(seriesOf(entry.name)) ?? []), entry]);
  const same = groups.get(seriesOf(newest.name)) ?? [newest];
  const former = same.slice(1, 11).map((e) => e.bytes);
  const gaps = same.slice(0, 31).flatMap((entry, i, all) => (all[i + 1] ? [(entry.at - (all[i + 1] as Entry).at) / hour] : []));
  const usual = median(former);
  return {
    location,
    kind: 'files',
    count: entries.length,
    problem: null,
    totalBytes: entries.reduce((sum, e) => sum + e.bytes, 0),
    newest: {
      name: newest.name,
      bytes: newest.bytes,
      ageHours: age(newest.at),
      namedAgeHours: namedAge(newest.name, now),
      ...(signal ? await inspected(newest, signal) : { format: 'unknown', integrity: 'unknown' as const, note: null, encryption: null }),
      mode: (newest.mode & 0o7777).toString(8).padStart(4, '0'),
      readableByOthers: (newest.mode & 0o004) !== 0,
    },
    previousBytes: former[0] ?? null,
    ratio: former[0] ? rounded(newest.bytes / former[0]) : null,
    usualRatio: usual ? rounded(newest.bytes / usual) : null,
    cadenceHours: nullable(median(gaps.slice(0, 10))),
    longestGapHours: gaps.length > 0 ? rounded(Math.max(...gaps)) : null,
    oldestAgeHours: age((byAge.at(-1) as Entry).at),
    series: [...groups].slice(0, 50).map(([name, of]) => ({ name, count: of.length, ageHours: age((of[0] as Entry).at) })),
  };
}

const nullable = (value: number | null): number | null => (value === null ? null : rounded(value));

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The last date in a name, 2026-11-20 or 20261120, with or without a time of day, taken as UTC. */
function namedAge(name: string, now: Date): number | null {
  const dates = [
    ...name.matchAll(/(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[T_. -]?([01]\d|2[0-3])[-_:.h]?([0-5]\d))?/g),
  ];
  const [, year, , month, day, hours, minutes] = dates.at(-1) ?? [];
  if (!year) return null;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours ?? 0), Number(minutes ?? 0));
  return rounded((now.getTime() - at) / hour);
}

async function inspected(entry: Entry, signal: AbortSignal): Promise<Inspection> {
  if (entry.bytes === 0) return { format: 'empty', integrity: 'damaged', note: 'the file is empty', encryption: null };
  try {
    const file = await open(entry.path, 'r');
    try {
      return await inspect(file, entry.path, entry.bytes, AbortSignal.any([signal, AbortSignal.timeout(inspectionMs)]));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    const { code = 'unknown error', name } = error as NodeJS.ErrnoException;
    // Its age and size are worth telling all the same.
    if (name === 'TimeoutError' || name === 'AbortError')
      return {
        format: 'unknown',
        integrity: 'unknown',
        note: `reading it to its end takes longer than ${inspectionMs / 1_000} s`,
        encryption: null,
      };
    return { format: 'unknown', integrity: 'unknown', note: `cannot be read (${code})`, encryption: null };
  }
}

/** A snapshot in a repository has no size of its own, and nothing in it can be read without the key. */
function asRepository(facts: LocationFacts, kind: 'restic' | 'borg'): LocationFacts {
  const note = `ask ${kind} check for its integrity`;
  const newest = facts.newest && { ...facts.newest, bytes: null, format: kind, integrity: 'unknown' as const, note, encryption: kind };
  const unsized = { previousBytes: null, ratio: null, usualRatio: null };
  // Borg keeps one index for all archives: how many there are, and how far apart, only borg can tell.
  const uncounted = kind === 'borg' ? { count: 1, cadenceHours: null, longestGapHours: null, oldestAgeHours: null, series: [] } : {};
  return { ...facts, kind, newest, ...unsized, ...uncounted };
}
