import { readFileSync } from 'node:fs';
import type { Check, Example, Technology, Trait } from '../model/check.js';
import type { ChecklistSource } from '../model/checklist.js';

/** Everything that ships in `checks/`, validated. */
export interface Builtins {
  readonly checks: readonly Check[];
  readonly technologies: readonly Technology[];
  readonly traits: readonly Trait[];
  readonly checklists: Readonly<Record<string, ChecklistSource>>;
}

/** What the build adds: patterns whose analysis is done (`vetPatterns` of scan/plan.ts), by their key. */
export interface Compiled extends Builtins {
  readonly vetted?: Readonly<Record<string, readonly string[]>>;
  /** Hash over everything that was compiled, code included. */
  readonly digest?: string;
}

/** What an audit does not need of a check, by id; in a file of its own, so that an audit does not read it. */
export type Extras = Readonly<Record<string, { readonly examples: readonly Example[]; readonly claims: readonly string[] }>>;

/** Splits for writing: the checks of the first part have no examples and no claims, traits no examples. */
export function splitBuiltins(builtins: Builtins): { index: Builtins; extras: Extras } {
  return {
    index: {
      ...builtins,
      checks: builtins.checks.map((check) => ({ ...check, examples: [], claims: [] })),
      traits: builtins.traits.map((trait) => ({ ...trait, examples: [] })),
    },
    extras: Object.fromEntries(builtins.checks.map((check) => [check.id, { examples: check.examples, claims: check.claims }])),
  };
}

const beside = (name: string): unknown => JSON.parse(readFileSync(new URL(`./${name}`, import.meta.url), 'utf8'));

/** The built-in checks as `scripts/build.mjs` compiled them beside the bundle: no validation, no YAML, no zod. */
export const loadCompiled = (): Compiled => beside('checks.json') as Compiled;

/** Examples and claims of the built-in checks, for `test-checks`, `explain` and `verify`. */
export const loadExtras = (): Extras => beside('examples.json') as Extras;
