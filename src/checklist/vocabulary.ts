import type { ZodType } from 'zod';

/** The names that checks may use; everything outside it is reported with the nearest one. */
export interface Vocabulary {
  /** Probe kinds with the schemas of their parameters. */
  readonly probes: ReadonlyMap<string, { readonly params: ZodType }>;
  /** Kebab-case, as all of the following. In CEL they are written in snake_case: `uses.spring_boot`. */
  readonly technologies: ReadonlySet<string>;
  readonly capabilities: ReadonlySet<string>;
  readonly traits: ReadonlySet<string>;
  /** Kinds of documents and concepts. */
  readonly kinds: ReadonlySet<string>;
  /** Fields of the items of concepts, by kind: `item.<field>` is held against them. */
  readonly fields?: ReadonlyMap<string, readonly string[]>;
  /** Ids of checks loaded earlier, which `passes()` may name too. */
  readonly checks?: ReadonlySet<string>;
}

export const snake = (name: string): string => name.replaceAll('-', '_');
