import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../model/error.js';
import type { CommandContext } from './run.js';
import { readDocument } from './verify.js';

/** `readiness import`: somebody's checklist as readiness.yaml. */
export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description('Turn a readiness document into a checklist: its items in its order, decided by checks or signed by people')
    .argument('<document>', 'a checklist or assessment: Markdown, or text around it')
    .option('-o, --output <file>', 'write it to a file instead of printing it: readiness.yaml')
    .option('--title <title>', 'title of the checklist; default: the first heading')
    .option('--force', 'overwrite the file if it exists')
    .addHelpText(
      'after',
      `
Examples:
  readiness import LAUNCH_CHECKLIST.md -o readiness.yaml
  readiness audit --format markdown -o report.md        the report lists every item in the document's order`,
    )
    .action(async (document: string, flags: { output?: string; title?: string; force?: boolean }) => {
      context.exitCode = await runImport(document, flags);
    });
}

async function runImport(document: string, flags: { output?: string; title?: string; force?: boolean }): Promise<number> {
  const source = readDocument(document);
  if (flags.output && existsSync(flags.output) && !flags.force)
    throw new UsageError(`${flags.output} exists already`, '--output', 'name another file, or add --force to overwrite it');
  const [{ builtins }, { loadExtras }, { understand }, { importChecklist }] = await Promise.all([
    import('./builtins.js'),
    import('../checklist/compiled.js'),
    import('../claims/verify.js'),
    import('../claims/import.js'),
  ]);
  const { checks } = await builtins();
  const extras = loadExtras();
  const subjects = checks.map((c) => ({ id: c.id, title: c.title, category: c.category, claims: extras[c.id]?.claims ?? c.claims }));
  const understood = await understand(source, subjects, new Map(checks.map((c) => [c.id, c.params])));
  if (understood.claims.length === 0)
    throw new UsageError(
      'nothing to import: no items, claims or settings were found',
      document,
      'a checklist has boxes, bullets, numbered lists or tables',
    );
  const title = flags.title ?? understood.claims[0]!.claim.headingPath[0] ?? basename(document);
  const { yaml, items, matched } = importChecklist(understood, title, new Set(checks.map((c) => c.id)));
  if (flags.output) {
    try {
      writeFileSync(flags.output, yaml);
    } catch (error) {
      throw new UsageError(`cannot write ${flags.output}: ${(error as Error).message}`, '--output');
    }
  } else process.stdout.write(yaml);
  process.stderr.write(`${items} items: ${matched} decided by checks, ${items - matched} to be signed\n`);
  return 0;
}
