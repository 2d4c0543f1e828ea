import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChecklistSource } from '../model/checklist.js';
import { ChecklistError, type Problem } from '../model/error.js';
import type { Builtins } from './compiled.js';
import { inOrder, readFolder, sortedEntries } from './files.js';
import { loadChecks, loadTechnologies, loadTraits } from './load-checks.js';
import { loadChecklist } from './load-checklist.js';
import { parseChecklist } from './parse-checklist.js';
import type { Vocabulary } from './vocabulary.js';

/** The part of the vocabulary that is code; the rest is read from the folder itself. */
export type ProbeVocabulary = Pick<Vocabulary, 'probes' | 'kinds' | 'fields'>;

/**
 * Reads and validates everything in the checks folder: technologies, traits, checks, checklists. For the build, for tests and for
 * development; an installed copy uses `loadCompiled`. Throws ChecklistError with every problem of every file.
 */
export async function loadBuiltins(vocabulary: ProbeVocabulary, folder = builtinFolder()): Promise<Builtins> {
  const problems: Problem[] = [];
  const attempt = <T>(load: () => T[]): T[] => {
    try {
      return load();
    } catch (error) {
      if (!(error instanceof ChecklistError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  };
  const files = (name: string) => (existsSync(join(folder, name)) ? readFolder(join(folder, name), 1) : {});
  // One by one, so that a fault in one technology does not make every use of the others unknown.
  const technologies = sortedEntries(files('technologies')).flatMap(([path, text]) =>
    attempt(() => loadTechnologies({ [path]: text }, 'technologies/')),
  );
  const names = (name: string) => new Set(Object.keys(files(name)).map((path) => path.replace(/\.ya?ml$/, '')));
  const words: Vocabulary = {
    ...vocabulary,
    technologies: names('technologies'),
    capabilities: new Set(technologies.flatMap((technology) => technology.provides)),
    traits: names('traits'),
  };
  const traits = attempt(() => loadTraits(files('traits'), words, 'traits/'));
  const checks = attempt(() => loadChecks(readFolder(folder), words, ''));
  const checklists: Record<string, ChecklistSource> = {};
  for (const [path, text] of sortedEntries(files('checklists'))) {
    const parsed = parseChecklist(`checklists/${path}`, text);
    problems.push(...parsed.problems);
    if (parsed.content) checklists[path.replace(/\.ya?ml$/, '')] = parsed.content;
  }
  if (problems.length > 0) throw new ChecklistError(inOrder(problems));
  for (const [path, text] of sortedEntries(files('checklists'))) await verifyChecklist(`checklists/${path}`, text, checks, checklists);
  return { checks, technologies, traits, checklists };
}

/** A built-in checklist names no check that is not there; an empty selection is no fault as long as there are no checks at all. */
async function verifyChecklist(file: string, text: string, checks: Builtins['checks'], builtins: Builtins['checklists']): Promise<void> {
  if (checks.length === 0) return;
  const read = (): string => (/^extends:/m.test(text) ? text : `${text}\nextends: []\n`);
  await loadChecklist({ use: `./${file}`, builtins, checks, read });
}

/** `checks/` beside `src/` or `dist/`. */
const builtinFolder = (): string => fileURLToPath(new URL('../../checks', import.meta.url));
