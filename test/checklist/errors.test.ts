import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadChecklist } from '../../src/checklist/load-checklist.js';
import { loadChecks, loadTechnologies, loadTraits } from '../../src/checklist/load-checks.js';
import { ChecklistError } from '../../src/model/error.js';
import { goodCheck, vocabulary } from './vocabulary.js';

const folder = fileURLToPath(new URL('./errors/', import.meta.url));
const checks = loadChecks(
  {
    'security/cors-restricted.yaml': goodCheck,
    'security/headers.yaml': goodCheck
      .replace(/^params.*\n/m, '')
      .replace('if: param.max > 1', 'if: uses.docker')
      .replace(/^ +params.*\n/m, ''),
    'containers/non-root-user.yaml': goodCheck,
  },
  vocabulary,
  '',
);
const snaked = (ids: Iterable<string>): Set<string> => new Set([...ids].map((id) => id.replaceAll('-', '_')));
const names = { uses: snaked(vocabulary.technologies), has: snaked([...vocabulary.capabilities, ...vocabulary.traits]) };
const builtins = { production: { checks: { '*': 'on' as const } }, minimal: { only: ['security/headers'] } };

/** Every file of test/checklist/errors is loaded as what its name begins with; all it is told stands beside it in a .out file. */
async function load(name: string): Promise<unknown> {
  const text = readFileSync(`${folder}${name}`, 'utf8');
  if (name.startsWith('checklist-')) {
    const read = (path: string): string => {
      if (path.endsWith(`/${name}`)) return text;
      throw new Error('no such file');
    };
    return loadChecklist({ use: `${folder}${name}`, builtins, checks, within: folder, read, loadOwnChecks: () => [], names: () => names });
  }
  if (name.startsWith('check-'))
    return loadChecks({ [`containers/${name.slice(6)}`]: text, 'containers/expressions.yaml': text }, vocabulary, '');
  return name.startsWith('trait-') ? loadTraits({ [name]: text }, vocabulary) : loadTechnologies({ [name]: text });
}

describe('what is said about faults', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    it(name, async () => {
      const error = await load(name).then(
        () => null,
        (caught: unknown) => caught,
      );
      expect(error).toBeInstanceOf(ChecklistError);
      const said = `${(error as Error).message
        .split('\n')
        .filter((line, i, all) => !isTwin(line, i, all))
        .join('\n')}\n`;
      const golden = `${folder}${name.replace('.yaml', '.out')}`;
      if (process.env['UPDATE_GOLDENS'] || !existsSync(golden)) writeFileSync(golden, said);
      expect(said).toBe(readFileSync(golden, 'utf8'));
    });
  }
});

/** Lines about the twin that only exists so that passes() has something to name. */
function isTwin(line: string, index: number, all: readonly string[]): boolean {
  const from = line.startsWith('    ') ? all[index - 1]! : line;
  return (
    from.startsWith('containers/expressions.yaml:') &&
    all.some((other) => other.startsWith('containers/') && !other.startsWith('containers/expressions.yaml:'))
  );
}
