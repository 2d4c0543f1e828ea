import type { ChecklistSource } from '../model/checklist.js';
import { CelSyntaxError, compileCel } from '../safe/cel.js';
import { unknownWord, type Fault } from './issues.js';

/** What conditions may name; as in expressions, with `_`. */
export interface Names {
  readonly uses: ReadonlySet<string>;
  readonly has: ReadonlySet<string>;
}

/** Faults of the conditions of attestations: syntax, other variables than `uses` and `has`, names that do not exist. */
export function conditionFaults(content: ChecklistSource, names: Names | undefined): Fault[] {
  return (content.attestations ?? []).flatMap((attestation, index) => {
    const path = ['attestations', index, 'while'];
    return typeof attestation.while === 'string' ? faultsOf(attestation.while, path, names) : [];
  });
}

function faultsOf(expression: string, path: (string | number)[], names: Names | undefined): Fault[] {
  const fault = (message: string, hint?: string): Fault[] => [{ path, on: 'value', message, ...(hint ? { hint } : {}) }];
  try {
    const program = compileCel(expression);
    program.verify();
    const other = program.identifiers.find((id) => !/^(?:uses|has)\./.test(id));
    if (other || program.passes.length > 0)
      return fault(`\`${other ?? 'passes()'}\` cannot be used here`, 'a condition reads uses.<technology> and has.<trait or capability>');
    if (program.references.length === 0)
      return fault('the condition names nothing of the repository', 'for example: while: "!has.file_upload"');
    return program.references.flatMap(({ root, name }) => {
      const allowed = root === 'uses' ? names?.uses : root === 'has' ? names?.has : undefined;
      const word = name.replaceAll('-', '_');
      if (!allowed || allowed.has(word)) return [];
      return [unknownWord(root === 'uses' ? 'technology' : 'trait or capability', word, [...allowed].sort(), path, 'value')];
    });
  } catch (error) {
    if (!(error instanceof CelSyntaxError)) throw error;
    return fault(`not a condition in CEL: ${error.message}`, error.hint);
  }
}
