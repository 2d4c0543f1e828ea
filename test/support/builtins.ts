import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiled, Extras } from '../../src/checklist/compiled.js';
import { define, type Definitions } from '../../src/definitions.js';
import { root } from './cli.js';

/** Everything in checks/ as the build validated and compiled it, with examples and plan; made once a worker. */
export const definitions = async (): Promise<Definitions> => (loaded ??= load());

let loaded: Definitions | undefined;

function load(): Definitions {
  if (!existsSync(join(root, 'dist/checks.json'))) throw new Error('dist/checks.json is not there: npm run build');
  const read = (name: string): unknown => JSON.parse(readFileSync(join(root, 'dist', name), 'utf8'));
  const compiled = read('checks.json') as Compiled;
  const extras = read('examples.json') as Extras;
  const checks = compiled.checks.map((check) => ({
    ...check,
    examples: [...(extras[check.id]?.examples ?? [])],
    claims: [...(extras[check.id]?.claims ?? [])],
  }));
  return define({ ...compiled, checks, observed: true });
}
