import { readFileSync } from 'node:fs';
import { limits } from '../safe/limits.js';
import type { Listed } from './list.js';

/** Folders that nobody means to have audited; with git, .gitignore keeps them out. */
const never = [
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  'bower_components',
  '.venv',
  'venv',
  'site-packages',
  '__pycache__',
  '.next',
  '.nuxt',
  '.terraform',
  '.tox',
  '.gradle',
];

/** The files of a folder that is no repository: fast-glob without links, a .gitignore at the root honoured. */
export async function listPlain(root: string): Promise<Listed[]> {
  const { default: glob } = await import('fast-glob');
  const stream = glob.stream('**', {
    cwd: root,
    dot: true,
    onlyFiles: false,
    objectMode: true,
    followSymbolicLinks: false,
    suppressErrors: true,
    unique: false,
    deep: limits.pathDepth,
    ignore: never.map((name) => `**/${name}/**`),
  }) as unknown as AsyncIterable<{ path: string; dirent: { isFile(): boolean; isSymbolicLink(): boolean } }>;
  const ignored = await ignoredBy(readIgnoreFile(root));
  const listed: Listed[] = [];
  for await (const { path, dirent } of stream) {
    if (!dirent.isFile() && !dirent.isSymbolicLink()) continue;
    if (ignored(path)) continue;
    listed.push({ path, raw: null, mode: '', blob: '' });
    if (listed.length > limits.files) break;
  }
  return listed;
}

function readIgnoreFile(root: string): string {
  try {
    return readFileSync(`${root}/.gitignore`, 'utf8').slice(0, 100_000);
  } catch {
    return '';
  }
}

/**
 * Whether a path is ignored by the lines of one .gitignore at the root: the last line that matches the path decides, and
 * nothing below an ignored folder is taken back. Source: gitignore(5).
 */
export async function ignoredBy(text: string): Promise<(path: string) => boolean> {
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const trimmed = line.replace(/(?<!\\)\s+$/, '');
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.length > 500) return [];
    const negated = trimmed.startsWith('!');
    const pattern = trimmed.replace(/^!/, '').replace(/^\\(?=[!#])/, '');
    const onlyFolder = pattern.endsWith('/');
    const body = pattern.replace(/\/$/, '');
    const anchored = body.includes('/');
    return [{ negated, onlyFolder, glob: anchored ? body.replace(/^\//, '') : `**/${body}` }];
  });
  if (lines.length === 0) return () => false;
  const { default: picomatch } = await import('picomatch');
  const rules = lines.map((line) => ({
    ...line,
    matches: picomatch(line.glob, { dot: true, nobrace: true, noextglob: true, nonegate: true }),
  }));
  const decide = (path: string, isFolder: boolean): boolean => {
    const rule = rules.findLast((r) => (isFolder || !r.onlyFolder) && r.matches(path));
    return rule !== undefined && !rule.negated;
  };
  const folders = new Map<string, boolean>([['', false]]);
  const folderIgnored = (folder: string): boolean => {
    let known = folders.get(folder);
    if (known === undefined) {
      known = folderIgnored(folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) || decide(folder, true);
      folders.set(folder, known);
    }
    return known;
  };
  return (path) => folderIgnored(path.slice(0, Math.max(0, path.lastIndexOf('/')))) || decide(path, false);
}
