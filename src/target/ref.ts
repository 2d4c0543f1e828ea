import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../model/error.js';
import type { GitFacts } from '../model/probe.js';
import type { Note, Target } from '../model/target.js';
import { oneLine } from '../safe/escape.js';
import { limits } from '../safe/limits.js';
import { classify } from './classify.js';
import { excluder, realFolder } from './folder.js';
import { checkoutOf, commitsOf, configurationOf, git, gitNow, headOf, refsOf } from './git.js';
import { pathOf } from './list.js';

/** A folder of a repository as it stands in a commit, read from git's objects: no work tree is made, nothing is written. */
export interface Tree {
  readonly ref: string;
  readonly commit: string;
  /** Real path of the folder in the work tree. */
  readonly root: string;
  /** Of the folder below the top of the repository, '' or with a slash at the end. */
  readonly prefix: string;
  /** Text of a file by its absolute path in the work tree, null where the commit has none, or none of a readable size. */
  text(path: string): string | null;
  /** Paths of the files below a folder (absolute path), relative to it. */
  below(folder: string): readonly string[];
}

/** The folder at `ref` (a branch, tag or commit). Throws UsageError, naming `option`, where there is no repository or no such ref. */
export async function openTree(path: string, ref: string, option: string): Promise<Tree> {
  const root = realFolder(path);
  const checkout = await checkoutOf(root);
  if (checkout.kind !== 'work-tree')
    throw new UsageError(`${oneLine(path)} is no git repository, so that \`${oneLine(ref)}\` names nothing in it`, option);
  const plain = ref !== '' && !/^-|[\s\0]/.test(ref);
  const commit = plain ? await resolved(root, ref, option) : null;
  if (!commit)
    throw new UsageError(
      `no branch, tag or commit is called \`${oneLine(ref)}\``,
      option,
      checkout.shallow
        ? 'this clone is shallow: fetch the history first (git fetch --unshallow; in CI a checkout with fetch-depth: 0)'
        : `\`git branch --all\` and \`git tag\` list them; one of a server is fetched first: git fetch origin ${oneLine(ref)}`,
    );
  const inRepository = (path: string): string | null => {
    // The file itself may be a link now, which must not lead to another file of the commit, nor away from it.
    const absolute = resolve(path);
    const place = realPath(absolute) === root ? root : join(realPath(dirname(absolute)), basename(absolute));
    const segments = `${checkout.prefix}${relative(root, place).replaceAll('\\', '/')}`.split('/');
    const result: string[] = [];
    for (const segment of segments) {
      if (segment === '..' && result.pop() === undefined) return null;
      if (segment !== '..' && segment !== '.' && segment !== '') result.push(segment);
    }
    return result.join('/');
  };
  return {
    ref,
    commit,
    root,
    prefix: checkout.prefix,
    text(absolute) {
      const inside = inRepository(absolute);
      if (!inside) return null;
      return gitNow(root, ['cat-file', 'blob', `${commit}:${inside}`], { most: limits.fileBytes })?.toString('utf8') ?? null;
    },
    below(folder) {
      const inside = inRepository(folder);
      if (inside === null) return [];
      const out = gitNow(root, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', inside === '' ? commit : `${commit}:${inside}`]);
      return (out?.toString('utf8') ?? '').split('\0').filter((name) => name !== '');
    },
  };
}

/** With symbolic links followed as far as the path exists: a commit may hold what the work tree no longer has. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/**
 * The commit that a ref names. Git prefers a tag to a branch of the same name, which must not decide whose policy counts, so that
 * such a name is refused. A branch that only the server has been asked for (as in CI) is found as that of `origin`.
 */
async function resolved(root: string, ref: string, option: string): Promise<string | null> {
  const [commit, branch, tag, remote] = await Promise.all([
    headOf(root, ref),
    headOf(root, `refs/heads/${ref}`),
    headOf(root, `refs/tags/${ref}`),
    headOf(root, `refs/remotes/origin/${ref}`),
  ]);
  if (branch && tag && branch !== tag)
    throw new UsageError(
      `\`${oneLine(ref)}\` is both a branch and a tag, of different commits`,
      option,
      `say which: ${option} refs/heads/${oneLine(ref)}, or ${option} refs/tags/${oneLine(ref)}`,
    );
  return commit ?? remote;
}

/** One file of a tree. */
interface Blob {
  readonly path: string;
  readonly size: number;
  readonly id: string;
}

/**
 * The tree as a target for an audit: the same files, caps and classification as those of a work tree that is checked out there,
 * with the facts that git has of that commit. `exclude` as for `openTarget`; `dirty`: what it is to say of the work tree, which a commit
 * has none of.
 */
export async function refTarget(
  tree: Tree,
  options: { exclude?: readonly string[]; name?: string; dirty?: boolean | null } = {},
): Promise<Target> {
  const { root, commit, prefix } = tree;
  const notes: Note[] = [];
  const [out, excluded, facts] = await Promise.all([
    git(root, ['ls-tree', '-r', '-z', '-l', '--full-tree', prefix === '' ? commit : `${commit}:${prefix.replace(/\/$/, '')}`]),
    excluder(options.exclude ?? []),
    factsOf(root, commit),
  ]);
  if (!out) throw new UsageError(`the folder ${oneLine(prefix)} is not part of \`${oneLine(tree.ref)}\``);
  const blobs = parseTree(out, notes).filter(({ path }) => !excluded?.(path));
  return {
    name: options.name ?? 'baseline',
    root: null,
    files: classify(blobs.map(({ path, size }) => ({ path, size }))),
    read: blobReader(root, blobs, notes),
    git: { ...facts, dirty: options.dirty ?? false },
    notes,
  };
}

async function factsOf(root: string, commit: string): Promise<GitFacts> {
  const [checkout, commits, refs, configuration] = await Promise.all([
    checkoutOf(root),
    commitsOf(root, commit),
    refsOf(root, headOf(root)),
    configurationOf(root),
  ]);
  return {
    available: true,
    commit,
    // Where HEAD stands is seen alike by both audits: that a change is not the default branch's tip is no failure it brings.
    branch: checkout.branch,
    dirty: false,
    shallow: checkout.shallow,
    remoteHost: configuration?.remote.host ?? null,
    remoteName: configuration?.remote.path ?? null,
    commits,
    ...refs,
  };
}

/** Regular files of `git ls-tree -r -z -l` (`mode type id size\tpath`), sorted by path. */
function parseTree(out: Buffer, notes: Note[]): Blob[] {
  const blobs: Blob[] = [];
  for (let start = 0; start < out.length;) {
    const found = out.indexOf(0, start);
    const end = found < 0 ? out.length : found;
    const tab = out.indexOf(9, start);
    const [mode = '', type, id = '', size] = out.toString('latin1', start, tab).split(/ +/);
    const { path } = pathOf(out.subarray(tab + 1, end));
    start = end + 1;
    if (type !== 'blob' || mode === '120000') continue;
    if (path.split('/').length > limits.pathDepth) continue;
    if (blobs.length >= limits.files) {
      notes.push({ kind: 'limit', message: `only the first ${limits.files} files are looked at` });
      break;
    }
    blobs.push({ path, size: Number(size), id });
  }
  return blobs.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

const smallestBatch = 128 * 1024;
const largestBatch = 8 * 1024 * 1024;
const kept = 64 * 1024 * 1024;

/**
 * Reads blobs in batches: the asked one and those behind it, the more of them the longer files are asked for in order. At most
 * 64 MB are kept.
 */
function blobReader(root: string, blobs: readonly Blob[], notes: Note[]): Target['read'] {
  const indexOf = new Map(blobs.map((blob, index) => [blob.path, index]));
  const batches: Map<string, Buffer>[] = [];
  const noted = new Set<string>();
  let batchBytes = smallestBatch;
  let next = -1;
  const refuse = (path: string, kind: Note['kind'], message: string): null => {
    if (!noted.has(path)) notes.push({ kind, message, location: { path } });
    noted.add(path);
    return null;
  };
  const sizeOf = (batch: ReadonlyMap<string, Buffer>): number => [...batch.values()].reduce((sum, { length }) => sum + length, 0);

  const load = (from: number): Map<string, Buffer> => {
    batchBytes = from >= next && from < next + 64 ? Math.min(batchBytes * 2, largestBatch) : smallestBatch;
    const wanted: Blob[] = [];
    let bytes = 0;
    let index = from;
    for (; index < blobs.length && (wanted.length === 0 || bytes < batchBytes); index++) {
      const blob = blobs[index] as Blob;
      if (blob.size > limits.fileBytes) continue;
      wanted.push(blob);
      bytes += blob.size;
    }
    next = index;
    const batch = blobsNow(root, wanted);
    batches.push(batch);
    for (let total = batches.reduce((sum, b) => sum + sizeOf(b), 0); total > kept && batches.length > 1;)
      total -= sizeOf(batches.shift() as Map<string, Buffer>);
    return batch;
  };
  return (path) => {
    const index = indexOf.get(path);
    if (index === undefined) return refuse(path, 'unreadable', 'cannot be opened (ENOENT)');
    if ((blobs[index] as Blob).size > limits.fileBytes)
      return refuse(path, 'limit', `is larger than ${limits.fileBytes} bytes and was not read`);
    const known = batches.find((batch) => batch.has(path)) ?? load(index);
    return known.get(path) ?? refuse(path, 'unreadable', 'git does not have this object');
  };
}

/** Contents by path, of those that git has. */
function blobsNow(root: string, blobs: readonly Blob[]): Map<string, Buffer> {
  const out = gitNow(root, ['cat-file', '--batch'], { input: blobs.map((blob) => `${blob.id}\n`).join('') });
  const contents = new Map<string, Buffer>();
  let at = 0;
  for (const { path } of blobs) {
    const end = out?.indexOf(10, at) ?? -1;
    if (!out || end < 0) break;
    const [, type, size] = out.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue; // "<id> missing"
    contents.set(path, out.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return contents;
}
