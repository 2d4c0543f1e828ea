import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError } from 'commander';
import { UsageError } from '../model/error.js';
import { boundedExpressions } from '../safe/regex-engine.js';
import { addAudit } from './audit.js';
import { addChecks } from './checks.js';
import { addEnv } from './environment.js';
import { addExplain } from './explain.js';
import { addImport } from './import.js';
import { addInit } from './init.js';
import { addHistory } from './history.js';
import { addInspect } from './inspect.js';
import { addVerify } from './verify.js';
import { addReport } from './report.js';

/**
 * Most of the code of an audit runs a few times only, so that optimising it early costs more than it gives: a quarter of all CPU
 * time on Node.js 20. Later versions have a middle tier and budgets of their own.
 */
function optimiseLater(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=350000');
}

/** Exit codes: 0 the gates hold, 1 a gate failed, 2 wrong use or a bad checklist, 3 the audit itself could not finish. */
export async function run(args: readonly string[], version: string): Promise<number> {
  optimiseLater();
  for (const flag of boundedExpressions) setFlagsFromString(flag);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  const context = { version, exitCode: 0 };
  const program = new Command('readiness')
    .description('Is this repository ready for production, and how do you know?')
    .version(version, '-V, --version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false })
    .addHelpText(
      'after',
      `
Examples:
  readiness audit                                    audit the current directory
  readiness init                                     write readiness.yaml and the CI pipeline
  readiness audit ../api --fail-under 80             fail (exit code 1) under 80 points
  readiness audit --format markdown -o report.md     write the full assessment
  readiness explain security/cors-restricted-origins what a check looks for, and how to fix it

Exit codes: 0 the gates hold, 1 a gate failed, 2 wrong use or a bad checklist, 3 the audit could not finish.`,
    );
  addAudit(program, context);
  addInit(program, context);
  addExplain(program, context);
  addChecks(program, context);
  addInspect(program, context);
  addVerify(program, context);
  addImport(program, context);
  addReport(program, context);
  addHistory(program, context);
  addEnv(program, context);
  try {
    await program.parseAsync(args as string[], { from: 'user' });
    if (args.length === 0) program.outputHelp();
    return context.exitCode;
  } catch (error) {
    return report(error);
  }
}

/** What a command sets beside printing. */
export interface CommandContext {
  readonly version: string;
  exitCode: number;
}

function report(error: unknown): number {
  if (error instanceof CommanderError)
    return error.exitCode === 0 || error.code === 'commander.helpDisplayed' || error.code === 'commander.version' ? 0 : 2;
  if (error instanceof UsageError) {
    const where = error.where ? `${error.where}: ` : '';
    process.stderr.write(`error: ${where}${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`);
    return 2;
  }
  const known = error as NodeJS.ErrnoException;
  process.stderr.write(
    `readiness could not finish: this is a bug in readiness, or the machine refused something.\n${known?.stack ?? String(error)}\n`,
  );
  return 3;
}
