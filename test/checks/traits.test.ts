import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { traitHolds } from '../../src/examples.js';
import { definitions } from '../support/builtins.js';
import { root } from '../support/cli.js';

type Files = Record<string, string | string[]>;

const folder = join(root, 'checks/traits');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const trait = parse(readFileSync(join(folder, name), 'utf8')) as { examples?: { yes?: Files; no?: Files; name?: string }[] };
    return (trait.examples ?? []).map((example, i) => ({
      id: name.replace('.yaml', ''),
      files: (example.yes ?? example.no)!,
      holds: example.yes !== undefined,
      title: `${name} example ${i + 1}${example.name ? `: ${example.name}` : ''}`,
    }));
  });

describe('examples of traits', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThan(50);
  });

  it.each(examples)('$title', async ({ id, files, holds }) => {
    expect(await traitHolds(id, files, await definitions(), '2026-11-20')).toBe(holds);
  });
});
