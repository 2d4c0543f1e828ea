import type { GitFacts } from '../model/probe.js';
import type { Note, Target } from '../model/target.js';
import { limits } from '../safe/limits.js';
import { classify } from './classify.js';
import { noGit } from './git.js';

/**
 * A target that lives in memory, for examples and tests: the same classification, caps and notes as a folder's. Paths are
 * relative with `/`; facts of git that are not given are those of a folder without git.
 */
export function memoryTarget(files: Readonly<Record<string, string | Uint8Array>>, git: Partial<GitFacts> = {}): Target {
  const contents = new Map<string, Uint8Array>();
  for (const [path, content] of Object.entries(files)) {
    contents.set(path.replace(/^(?:\.?\/)+/, ''), typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
  }
  const entries = [...contents]
    .map(([path, bytes]) => ({ path, size: bytes.length }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const notes: Note[] = [];
  const noted = new Set<string>();
  const refuse = (path: string, kind: Note['kind'], message: string): null => {
    if (!noted.has(path)) notes.push({ kind, message, location: { path } });
    noted.add(path);
    return null;
  };
  return {
    name: 'memory',
    root: null,
    files: classify(entries),
    read: (path) => {
      const bytes = contents.get(path);
      if (!bytes) return refuse(path, 'unreadable', 'cannot be opened (ENOENT)');
      return bytes.length > limits.fileBytes ? refuse(path, 'limit', `is larger than ${limits.fileBytes} bytes and was not read`) : bytes;
    },
    git: { ...noGit, ...(Object.keys(git).length > 0 ? { available: true } : {}), ...git },
    notes,
  };
}
