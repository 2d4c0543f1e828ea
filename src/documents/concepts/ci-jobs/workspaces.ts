import { isRecord, list, record, text } from '../../json.js';
import type { Json } from '../../../model/document.js';

/** Runners that carry a target into the packages of a workspace. */
const runners = /^(?:turbo|lerna|nx)$/;
const named = /^(?:-t|--targets?)$/;
const valued = /^(?:--filter|-F|--scope|-p|--projects|--base|--head|--exclude|--parallel|-c|--configuration)$/;

/**
 * The targets that `nx affected --targets=lint,test`, `nx run-many -t lint test`, `nx run api:lint`, `nx lint api` and
 * `turbo run lint test` run; null for another program.
 */
export function workspaceTargets(words: readonly string[]): string[] | null {
  const program = words[0] ?? '';
  if (!runners.test(program)) return null;
  const rest: string[] = [];
  const asked: string[] = [];
  for (let i = 1; i < words.length && words[i] !== '--'; i++) {
    const word = words[i]!;
    const equals = /^(?:-t|--targets?)=(.+)$/.exec(word)?.[1];
    if (equals) asked.push(...equals.split(','));
    else if (named.test(word)) while (i + 1 < words.length && !words[i + 1]!.startsWith('-')) asked.push(...words[++i]!.split(','));
    else if (valued.test(word)) i++;
    else if (!word.startsWith('-')) rest.push(word);
  }
  if (asked.length > 0) return asked.filter((t) => t !== '');
  const verb = /^(?:run|run-many|affected)$/.test(rest[0] ?? '');
  const after = verb ? rest.slice(1) : rest;
  if (program !== 'nx') return after;
  // `nx test:unit shop` names target and project, `nx run shop:test:ci` project, target and configuration.
  return after.slice(0, 1).map((w) => (rest[0] === 'run' ? (w.split(':')[1] ?? w) : w));
}

/** What the executors of Nx start that say no command of their own. */
const executors: readonly (readonly [RegExp, string])[] = [
  [/^@(?:nx|nrwl)\/jest:jest$/, 'jest'],
  [/^@(?:nx|nrwl)\/(?:vite|vitest):(?:test|vitest)$/, 'vitest'],
  [/^@(?:nx|nrwl)\/(?:eslint|linter):(?:lint|eslint)$/, 'eslint'],
  [/^@(?:nx|nrwl)\/cypress:cypress$/, 'cypress run'],
  [/^@(?:nx|nrwl)\/playwright:playwright$/, 'playwright test'],
  [/^@nx-go\/nx-go:test$/, 'go test'],
];

/** The shell of each target in a `project.json` of Nx. */
export function projectTargets(source: string): Record<string, string> {
  let targets: { [key: string]: Json };
  try {
    targets = record((JSON.parse(source) as { [key: string]: Json })['targets']);
  } catch {
    return {};
  }
  return Object.fromEntries(Object.entries(targets).map(([name, target]) => [name, shellOfTarget(record(target))]));
}

function shellOfTarget(target: { [key: string]: Json }): string {
  const options = record(target['options']);
  const commands = [target['command'], options['command'], ...list(options['commands'])]
    .map((c) => text(isRecord(c) ? c['command'] : c))
    .filter(Boolean);
  if (commands.length > 0) return commands.join('\n');
  const executor = text(target['executor']);
  return executors.find(([pattern]) => pattern.test(executor))?.[1] ?? '';
}
