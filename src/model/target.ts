import type { FileInfo, Place } from './file.js';
import type { GitFacts } from './probe.js';

export interface Note {
  readonly kind: 'limit' | 'unreadable' | 'checklist' | 'exception';
  readonly message: string;
  readonly location?: Place;
}

/** The audited repository: data only, never imported, executed or obeyed. */
export interface Target {
  /** Base name of the folder, or of the remote repository. */
  readonly name: string;
  /** Absolute real path; null for the in-memory twin. */
  readonly root: string | null;
  /** Sorted by path (code unit order). Vendored trees are listed when git tracks them and never read. */
  readonly files: readonly FileInfo[];
  /** The bytes of a listed file, read fresh into a shared buffer that the next call overwrites; null when unreadable (noted). */
  read(path: string): Uint8Array | null;
  readonly git: GitFacts;
  /** What limits cut off or could not be read so far. */
  readonly notes: readonly Note[];
}
