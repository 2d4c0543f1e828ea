import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../model/error.js';
import type { GitFacts } from '../model/probe.js';
import type { Note, Target } from '../model/target.js';
import { oneLine } from '../safe/escape.js';
import { classify } from './classify.js';
import { excluder, realFolder } from './folder.js';
import { checkoutOf, commitsOf, configurationOf, headOf, headRefsOf, noGit, noRemote, tagsOf } from './git.js';
import { isDirty, listTracked, presentFiles } from './list.js';
import type { Listed } from './list.js';
import { makeReader } from './read.js';
import type { Reader } from './read.js';

export { classify } from './classify.js';
export { memoryTarget } from './memory.js';

/** A folder about which git has been asked, before its files are looked at. */
export interface Explored {
  readonly root: string;
  readonly git: GitFacts;
  /**
   * What decides the content of the files: the commit with the folder's place in it. null where the work tree differs from the commit,
   * or nobody can tell.
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

/** The first half of `openTarget`: what git knows, in a few milliseconds however many files there are. Throws as `openTarget` does. */
export async function exploreTarget(path: string): Promise<Explored> {
  const root = realFolder(path);
  const notes: Note[] = [];
  const reader = makeReader(root, notes);
  const { listed, facts, name, prefix } = await explore(root, reader);
  return {
    root,
    git: facts,
    state: facts.commit !== null && facts.dirty === false ? `${facts.commit}:${prefix}:${name ?? basename(root)}` : null,
    async open(options = {}) {
      const { entries, rawPaths } = presentFiles(root, listed ?? (await plainList(root)), notes);
      reader.rawPaths = rawPaths;
      const excluded = await excluder(options.exclude ?? []);
      const files = classify(excluded ? entries.filter((entry) => !excluded(entry.path)) : entries);
      return { name: name ?? (basename(root) || 'root'), root, files, read: reader.read, git: facts, notes };
    },
  };
}

const plainList = async (root: string): Promise<Listed[]> => (await import('./plain.js')).listPlain(root);

interface Known {
  readonly prefix: string;
  /** null: git does not know the folder's files. */
  readonly listed: Listed[] | null;
  readonly facts: GitFacts;
  readonly name: string | null;
}

const unknownToGit: Known = { listed: null, facts: noGit, name: null, prefix: '' };

/** All that git says, in one round of processes. */
async function explore(root: string, reader: Reader): Promise<Known> {
  if (!mayBeRepository(root)) return unknownToGit;
  const tracked = listTracked(root, false);
  const configuration = configurationOf(root);
  const [checkout, listed, dirty, commits, tags, configured, headRefs] = await Promise.all([
    checkoutOf(root),
    tracked,
    isDirty(root, reader, configuration, tracked),
    commitsOf(root),
    tagsOf(root),
    configuration,
    headRefsOf(root),
  ]);
  if (checkout.kind === 'bare') {
    throw new UsageError(`${oneLine(root)} is a bare git repository without files`, undefined, 'clone it and audit the clone');
  }
  if (checkout.kind === 'none' || !listed) return unknownToGit;
  const commit = commits[0]?.hash ?? (await headOf(root));
  const all = commit === null ? await listTracked(root, true) : listed;
  // A folder that the repository around it does not know (ignored, or just made) is no part of that repository.
  if (checkout.prefix !== '' && listed.length === 0) return unknownToGit;
  const remote = configured?.remote ?? noRemote;
  const facts: GitFacts = {
    available: true,
    commit,
    branch: checkout.branch,
    dirty: commit === null ? (all?.length ?? 0) > 0 : dirty,
    shallow: checkout.shallow,
    remoteHost: remote.host,
    remoteName: remote.path,
    commits,
    tags,
    ...headRefs,
  };
  return { listed: all, facts, name: checkout.prefix === '' ? remote.name : null, prefix: checkout.prefix };
}

/** Whether the folder or one above it holds `.git`, or is itself the inside of a repository: otherwise no process is started. */
function mayBeRepository(root: string): boolean {
  if (existsSync(join(root, 'HEAD')) && existsSync(join(root, 'objects'))) return true;
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true;
    if (dirname(folder) === folder) return false;
  }
}
