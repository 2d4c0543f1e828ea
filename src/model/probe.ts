import type { Document, Item } from './document.js';
import type { Measured, Measurement } from './environment.js';
import type { Evidence, Judgement } from './evidence.js';
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
  /** Whether the file at a path is listed, of this view, and selected. */
  selects(selector: import('./file.js').FileSelector): (path: string) => boolean;
  readonly git: GitFacts;
  /** CEL over `uses`, `has`, `param`, `passes()` and the given variables; throws CelError. */
  cel(expression: string, variables?: Record<string, unknown>): unknown;
  /** A message template with {{CEL}} placeholders, filled in; never throws. */
  render(template: string, variables?: Record<string, unknown>): string;
  /** JSONPath (RFC 9535) over a document. */
  select(path: string, root: unknown): readonly { value: unknown; location: readonly (string | number)[] }[];
  /** Ids of technologies in use, and of traits and capabilities that hold (kebab-case). */
  readonly uses: ReadonlySet<string>;
  readonly has: ReadonlySet<string>;
  /** What shows a technology, capability or trait here; empty where it doesn't hold. */
  because(id: string): readonly Evidence[];
  /** Role, language and variant of a listed file. */
  file(path: string): FileInfo | undefined;
  /** The live answer to a measurement; undefined where no environment is looked at. */
  measured?(measurement: Measurement): Measured | undefined;
}

export interface GitFacts {
  readonly available: boolean;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly dirty: boolean | null;
  readonly shallow: boolean;
  readonly remoteHost: string | null;
  /** owner/name of the origin remote, where its URL says so. */
  readonly remoteName: string | null;
  /** Up to 200 newest commits, newest first; empty when there is none. */
  readonly commits: readonly Commit[];
  readonly tags: readonly { name: string; date: string }[];
  /** HEAD is the tip of the branch that the remote calls its default one; null where the clone does not say which that is. */
  readonly atDefaultTip: boolean | null;
  /** Tags that point at HEAD. */
  readonly headTags: readonly string[];
}

export interface Commit {
  readonly hash: string;
  readonly subject: string;
  /** Of the committer, ISO 8601. */
  readonly date: string;
  readonly signed: boolean;
  /** Name of the author as written. */
  readonly author: string;
  /** Written by a program: dependabot, renovate, github-actions ... */
  readonly bot: boolean;
  readonly merge: boolean;
  /** On the line from HEAD along the first parents: what the branch itself went through. */
  readonly firstParent: boolean;
}

/**
 * A kind of probe. Parameters are plain data (their zod schema stands in probes/params.ts, which only loaders import);
 * `queries` says what the pass must collect, `judge` reads the answers. Both are pure.
 */
export interface Probe<Params = never> {
  readonly name: string;
  queries(params: Params): readonly Query[];
  /** What it asks of a live environment; the view is the one that it will be judged for. */
  measurements?(params: Params, view: View): readonly Measurement[];
  judge(params: Params, view: View): Judgement;
}
