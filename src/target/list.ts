import { lstatSync, readlinkSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, posix } from 'node:path';
import type { Note } from '../model/target.js';
import { limits } from '../safe/limits.js';
import { git } from './git.js';
import type { Configuration } from './git.js';
import type { Reader } from './read.js';

/** A path as shown, and as the file system has it where that is no valid UTF-8. */
export interface Listed {
  readonly path: string;
  readonly raw: Buffer | null;
  /** `120000` is a symbolic link, `160000` a submodule; '' where git does not know. */
  readonly mode: string;
  readonly blob: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A path's bytes as text; bytes that are no UTF-8 are shown as `\xNN`. */
export function pathOf(bytes: Buffer): { path: string; raw: Buffer | null } {
  try {
    return { path: utf8.decode(bytes), raw: null };
  } catch {
    let path = '';
    for (const byte of bytes) path += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`;
    return { path, raw: Buffer.from(bytes) };
  }
}

/** Entries of `git ls-files -s -z` (`mode blob stage\tpath`) or, with `plain`, of `git ls-files -z`; a path occurs once. */
export function parseList(out: Buffer, plain: boolean): Listed[] {
  const listed: Listed[] = [];
  const text = out.toString('utf8');
  const valid = !text.includes('\ufffd');
  let previous = '';
  const add = (head: string, name: { path: string; raw: Buffer | null }): void => {
    if (name.path === previous || name.path === '') return; // the stages of a conflict
    previous = name.path;
    listed.push({ ...name, mode: head.slice(0, 6), blob: head.slice(7, head.lastIndexOf(' ')) });
  };
  if (valid) {
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\0', start) < 0 ? text.length : text.indexOf('\0', start);
      const tab = plain ? start - 1 : text.indexOf('\t', start);
      add(plain ? '' : text.slice(start, tab), { path: text.slice(tab + 1, end), raw: null });
      start = end + 1;
    }
    return listed;
  }
  for (let start = 0; start < out.length;) {
    const found = out.indexOf(0, start);
    const end = found < 0 ? out.length : found;
    const tab = plain ? start - 1 : out.indexOf(9, start);
    add(plain ? '' : out.toString('latin1', start, tab), pathOf(out.subarray(tab + 1, end)));
    start = end + 1;
  }
  return listed;
}

/** What git tracks below a folder; without any commit also what it would not ignore. null when git cannot tell. */
export async function listTracked(folder: string, withUntracked: boolean): Promise<Listed[] | null> {
  const [tracked, untracked] = await Promise.all([
    git(folder, ['ls-files', '-s', '-z', '--cached', '--', '.']),
    withUntracked ? git(folder, ['ls-files', '-z', '--others', '--exclude-standard', '--', '.']) : null,
  ]);
  if (!tracked) return null;
  const listed = parseList(tracked, false);
  if (untracked) listed.push(...parseList(untracked, true).filter((entry) => !entry.path.endsWith('/')));
  return listed;
}

/**
 * Whether tracked files below the folder differ from the commit: staged changes, or files whose bytes are not those of the
 * index. The content filters that the repository configures are programs, and are out of force. null: cannot be told.
 */
export async function isDirty(
  folder: string,
  reader: Reader,
  configuration: Promise<Configuration | null>,
  listed: () => Promise<readonly Listed[] | null>,
): Promise<boolean | null> {
  const known = await configuration;
  if (!known) return null;
  const options = ['--raw', '-z', '--ignore-submodules=all', '--no-ext-diff', '--no-textconv', '--no-renames', '--relative'];
  const [staged, changed] = await Promise.all([
    git(folder, ['diff-index', '--cached', ...options, 'HEAD', '--', '.'], { env: known.withoutFilters }),
    git(folder, ['diff-files', ...options, '--', '.'], { env: known.withoutFilters }),
  ]);
  if (!staged || !changed) return null;
  if (staged.length > 0) return true;
  if (changed.length === 0) return false;
  const fields = changed.toString('latin1').split('\0');
  const touched: Buffer[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    // ":100644 100644 <blob> 000...0 M": a deletion or a changed mode is a difference, a changed time perhaps not.
    const [from, to, , , status] = (fields[i] ?? '').slice(1).split(' ');
    if (status !== 'M' || from !== to) return true;
    touched.push(Buffer.from(fields[i + 1] ?? '', 'latin1'));
  }
  if (touched.length > 2_000) return null;
  const blobs = new Map((await listed())?.map((entry) => [entry.path, entry.blob]));
  for (const bytes of touched) {
    const { path } = pathOf(bytes);
    const same = sameBlob(reader, path, blobs.get(path) ?? '');
    // Where files pass through a filter (Git LFS ...), their bytes are never those of the index.
    if (same === false) return Buffer.from(reader.content('.gitattributes') ?? []).includes('filter=') ? null : true;
    if (same === null) return null;
  }
  return false;
}

/**
 * Whether git compares every tracked file below the folder with the work tree: none is left out of a sparse checkout or marked to be
 * taken as unchanged. Otherwise a commit without changes does not tell what the files hold.
 */
export async function comparesAll(folder: string): Promise<boolean> {
  // One letter, a blank, the path: S is left out of the work tree, a small letter is taken as unchanged.
  const out = await git(folder, ['ls-files', '-v', '-z', '--', '.']);
  return out !== null && !/(?:^|\0)(?:S|[a-z]) /.test(out.toString('latin1'));
}

function sameBlob(reader: Reader, path: string, blob: string): boolean | null {
  const content = reader.content(path);
  if (!content) return null;
  const id = (bytes: Uint8Array): string =>
    createHash(blob.length === 64 ? 'sha256' : 'sha1')
      .update(`blob ${bytes.length}\0`)
      .update(bytes)
      .digest('hex');
  if (id(content) === blob) return true;
  return id(Buffer.from(Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n'), 'latin1')) === blob;
}

export interface Entry {
  readonly path: string;
  readonly size: number;
}

/**
 * The entries that are regular files in the work tree now, with sizes, sorted by path. Symbolic links are left out (a target
 * inside is listed itself), submodules and links that lead outside are noted.
 */
export function presentFiles(root: string, listed: readonly Listed[], notes: Note[]): { entries: Entry[]; rawPaths: Map<string, Buffer> } {
  const entries: Entry[] = [];
  const rawPaths = new Map<string, Buffer>();
  let tooDeep = 0;
  for (const { path, raw, mode } of listed) {
    if (mode === '160000') {
      notes.push({ kind: 'limit', message: 'submodule is not entered', location: { path } });
      continue;
    }
    if (depthOf(path) > limits.pathDepth) {
      tooDeep++;
      continue;
    }
    if (entries.length >= limits.files) {
      notes.push({ kind: 'limit', message: `only the first ${limits.files} files are looked at` });
      break;
    }
    const place = raw ? Buffer.concat([Buffer.from(`${root}/`), raw]) : `${root}/${path}`;
    let stat;
    try {
      stat = lstatSync(place, { throwIfNoEntry: false });
    } catch {
      continue;
    }
    if (!stat) continue;
    if (stat.isSymbolicLink()) {
      if (leadsOutside(place, path))
        notes.push({ kind: 'unreadable', message: 'symbolic link leads outside the repository and is not followed', location: { path } });
      continue;
    }
    if (!stat.isFile()) continue;
    if (raw) rawPaths.set(path, raw);
    entries.push({ path, size: stat.size });
  }
  if (tooDeep > 0)
    notes.push({ kind: 'limit', message: `${tooDeep} files nested deeper than ${limits.pathDepth} folders are not looked at` });
  entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { entries, rawPaths };
}

function depthOf(path: string): number {
  let depth = 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) depth++;
  return depth;
}

function leadsOutside(place: string | Buffer, path: string): boolean {
  try {
    const target = readlinkSync(place, 'utf8');
    return target.startsWith('/') || posix.normalize(posix.join(dirname(path), target)).startsWith('..');
  } catch {
    return false;
  }
}
