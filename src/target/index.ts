import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../model/error.js';
import type { GitFacts } from '../model/probe.js';
import type { Note, Target } from '../model/target.js';
import { oneLine } from '../safe/escape.js';
import { classify } from './classify.js';
import { excluder, realFolder } from './folder.js';
import { checkoutOf, commitsOf, configurationOf, noGit, noRemote, refsOf } from './git.js';
import { comparesAll, isDirty, listTracked, presentFiles } from './list.js';
import type { Listed } from './list.js';
import { makeReader } from './read.js';
import type { Reader } from './read.js';

export { classify } from './classify.js';
export { memoryTarget } from './memory.js';

/** A folder about which git has been asked, before its files are looked at. */
export interface Explored {
  readonly root: string;
  /**
   * What decides everything that an audit sees of the folder: the commit, where in it the folder stands, and what points at it. null
   * where the work tree differs from the commit, or nobody can tell.
   */
  readonly state: string | null;
  open(options?: { exclude?: readonly string[] }): Promise<Target>;
}

/**
 * Opens a folder for an audit: lists its files once and gathers the facts that git has, without running, importing or changing
 * anything in it. `exclude` holds globs (a pattern without `/` matches at any depth; a folder's name its whole content).
 * Throws UsageError for a path that is no readable folder.
 */
export async function openTarget(path: string, options: { exclude?: readonly string[] } = {}): Promise<Target> {
  return (await exploreTarget(path)).open(options);
}

/** The first half of `openTarget`: what git knows without looking at files, in a few milliseconds. Throws as `openTarget` does. */
export async function exploreTarget(path: string): Promise<Explored> {
  const root = realFolder(path);
  const notes: Note[] = [];
  const reader = makeReader(root, notes);
  const checkout = await explore(root, reader);
  return {
    root,
    state: checkout?.facts.commit && checkout.facts.dirty === false && checkout.whole ? JSON.stringify([basename(root), checkout]) : null,
    async open(options = {}) {
      const known = checkout && (await listAndLog(root, checkout));
      const { entries, rawPaths } = presentFiles(root, known?.listed ?? (await plainList(root)), notes);
      reader.rawPaths = rawPaths;
      const excluded = await excluder(options.exclude ?? []);
      const files = classify(excluded ? entries.filter((entry) => !excluded(entry.path)) : entries);
      return { name: known?.name ?? (basename(root) || 'root'), root, files, read: reader.read, git: known?.facts ?? noGit, notes };
    },
  };
}

const plainList = async (root: string): Promise<Listed[]> => (await import('./plain.js')).listPlain(root);

interface Known {
  readonly prefix: string;
  readonly facts: GitFacts;
  /** Every tracked file stands in the work tree and is compared with it. */
  readonly whole: boolean;
  /** The name of the remote repository, where the folder is its top. */
  readonly name: string | null;
}

/** What git says of the folder's place and state, in one round of processes; null where it is no part of a repository. */
async function explore(root: string, reader: Reader): Promise<Known | null> {
  if (!mayBeRepository(root)) return null;
  const standing = checkoutOf(root);
  const configuration = configurationOf(root);
  const [checkout, dirty, whole, configured, refs] = await Promise.all([
    standing,
    isDirty(root, reader, configuration, () => listTracked(root, false)),
    comparesAll(root),
    configuration,
    refsOf(
      root,
      standing.then(({ commit }) => commit),
    ),
  ]);
  if (checkout.kind === 'bare') {
    throw new UsageError(`${oneLine(root)} is a bare git repository without files`, undefined, 'clone it and audit the clone');
  }
  if (checkout.kind === 'none') return null;
  const remote = configured?.remote ?? noRemote;
  const facts: GitFacts = {
    available: true,
    commit: checkout.commit,
    branch: checkout.branch,
    dirty,
    shallow: checkout.shallow,
    remoteHost: remote.host,
    remoteName: remote.path,
    commits: [],
    ...refs,
  };
  return { facts, whole, name: checkout.prefix === '' ? remote.name : null, prefix: checkout.prefix };
}

/** The files that git tracks, and the newest commits; null where git cannot list the folder's files. */
async function listAndLog(root: string, known: Known): Promise<(Known & { listed: Listed[] }) | null> {
  const born = known.facts.commit !== null;
  const [listed, commits] = await Promise.all([listTracked(root, !born), born ? commitsOf(root) : []]);
  // A folder that the repository around it does not know (ignored, or just made) is no part of that repository.
  if (!listed || (known.prefix !== '' && !listed.some(({ mode }) => mode !== ''))) return null;
  return { ...known, listed, facts: { ...known.facts, commits, dirty: born ? known.facts.dirty : listed.length > 0 } };
}

/** Whether the folder or one above it holds `.git`, or is itself the inside of a repository: otherwise no process is started. */
function mayBeRepository(root: string): boolean {
  if (existsSync(join(root, 'HEAD')) && existsSync(join(root, 'objects'))) return true;
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true;
    if (dirname(folder) === folder) return false;
  }
}
