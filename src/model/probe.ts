import type { z } from 'zod';
import type { Document, Item } from './document.js';
import type { Judgement } from './evidence.js';
import type { FileInfo } from './file.js';
import type { Match, Query } from './query.js';

/** What the pass and the inventory know, cut down to the files of one deployable where a check is judged for one. */
export interface View {
  /** Name of the deployable, null for the repository. */
  readonly deployable: string | null;
  matches(query: Query): readonly Match[];
  documents(kind: string): readonly Document[];
  items(kind: string): readonly Item[];
  problems(kind: string): readonly (import('./file.js').Place & { message: string })[];
  files(selector: import('./file.js').FileSelector): readonly FileInfo[];
  readonly git: GitFacts;
  /** CEL over `uses`, `has`, `param`, `passes()` and the given variables; throws CelError. */
  cel(expression: string, variables?: Record<string, unknown>): unknown;
  /** JSONPath (RFC 9535) over a document. */
  select(path: string, root: unknown): readonly { value: unknown; location: readonly (string | number)[] }[];
  /** Names of technologies in use and traits and capabilities that hold. */
  readonly uses: ReadonlySet<string>;
  readonly has: ReadonlySet<string>;
}

export interface GitFacts {
  readonly available: boolean;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly dirty: boolean | null;
  readonly shallow: boolean;
  readonly remoteHost: string | null;
  /** Up to 200 newest commits, newest first; empty when there is none. */
  readonly commits: readonly { hash: string; subject: string; date: string; signed: boolean }[];
  readonly tags: readonly { name: string; date: string }[];
}

/** A kind of probe. Parameters are plain data; `queries` says what the pass must collect, `judge` reads the answers. */
export interface Probe<Params = unknown> {
  readonly name: string;
  readonly params: z.ZodType<Params>;
  queries(params: Params): readonly Query[];
  judge(params: Params, view: View): Judgement;
}
