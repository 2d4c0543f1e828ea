import type { ConceptItem } from '../../../model/concepts.js';
import type { Item, Json } from '../../../model/document.js';

export type CiStep = ConceptItem<'ci-jobs'>;

/** A step before the scripts it calls are looked up: `dir` is where it runs, `ownHost` that it runs on a machine of the project's own. */
export type Draft = CiStep & { dir: string; ownHost: boolean };

/** A draft with every field present; what is not given is empty. */
export function draft(fields: Partial<Draft> & { path: string; line: number; system: string }): Draft {
  return {
    workflow: '',
    job: '',
    step: '',
    run: '',
    uses: '',
    with: {},
    image: '',
    triggers: [],
    onChange: false,
    cron: [],
    canFail: false,
    condition: '',
    environment: '',
    permissions: null,
    needs: [],
    purposes: [],
    dir: '',
    ownHost: false,
    ...fields,
  };
}

export const asItem = (step: Draft | CiStep): Item => step as unknown as Item;
export const asDraft = (item: Item): Draft => item as unknown as Draft;

/**
 * Whether a list of branch patterns lets changes of the main line of development through. The name of the default branch is not in
 * the files, so that any plain name counts that is not one of a release, a site or an environment.
 */
export function coversMainLine(patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  let covered = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    const name = negated ? pattern.slice(1) : pattern;
    const hits =
      /^(?:main|master|trunk|develop|development|dev|default|next|\$default-branch)$/.test(name) ||
      /^\/?[\^(]*\.?\*+\/?\**\)?\$?\/?$/.test(name) ||
      (name.includes('*') && ['main', 'master'].some((branch) => simpleGlob(name).test(branch))) ||
      (/^\/.*\/$/.test(name) && /main|master|\.\*/.test(name));
    if (hits) covered = !negated;
    else if (
      !negated &&
      !name.includes('*') &&
      !/release|hotfix|feature|gh-pages|pages|prod|staging|deploy|stable|live|preview|\//.test(name)
    )
      covered = true;
  }
  return covered;
}

const simpleGlob = (pattern: string): RegExp => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`);

/** `true`, or an expression that is certainly true; expressions over a matrix say nothing for the step as a whole. */
export const isTrue = (value: Json | undefined): boolean =>
  value === true || value === 'true' || /^\$\{\{\s*true\s*\}\}$/.test(typeof value === 'string' ? value : '');
