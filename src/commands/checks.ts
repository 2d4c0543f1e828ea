import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Check } from '../model/check.js';
import { UsageError } from '../model/error.js';
import type { CommandContext } from './run.js';

/** `readiness checks ...`: for people who read or write checks. */
export function addChecks(program: Command, context: CommandContext): void {
  const checks = program.command('checks').description('List the checks, and write checks of your own');

  checks
    .command('list')
    .description('All built-in checks, by category')
    .option('--category <name>', 'only this category')
    .option('--json', 'as JSON')
    .action(async (flags: { category?: string; json?: boolean }) => {
      const { builtins } = await import('./builtins.js');
      const all = (await builtins()).checks.filter((c) => !flags.category || c.category === flags.category);
      if (all.length === 0)
        throw new UsageError(`no category is called \`${flags.category}\``, '--category', '`readiness checks list` shows all of them');
      if (flags.json) {
        const rows = all.map(({ id, title, category, severity, effort, phase, scope, evidence }) => ({
          id,
          title,
          category,
          severity,
          effort,
          phase,
          scope,
          evidence,
        }));
        process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
        return;
      }
      const width = Math.max(...all.map((c) => c.id.length));
      process.stdout.write(all.map((c) => `${c.id.padEnd(width)}  ${c.severity.padEnd(11)}  ${c.title}\n`).join(''));
    });

  checks
    .command('new')
    .description('Scaffold a check of your own, with examples to fill in')
    .argument('<id>', 'category/name')
    .option('--folder <path>', 'where your checks live', 'readiness-checks')
    .action((id: string, flags: { folder: string }) => {
      if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id))
        throw new UsageError(`\`${id}\` is no id`, undefined, 'an id is category/name in kebab-case, for example security/internal-ca');
      const file = join(flags.folder, `${id}.yaml`);
      if (existsSync(file)) throw new UsageError(`${file} is there already`, undefined, 'give another id, or edit that file');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, scaffold(id));
      process.stdout.write(
        `wrote ${file}\nnext: edit it, run \`readiness checks test ${flags.folder}\`, and name the folder as checksFolder in your readiness.yaml\n`,
      );
    });

  checks
    .command('lint')
    .description('Validate checks of your own: names, CEL, JSONPath, patterns, examples')
    .argument('[folder]', 'where your checks live', 'readiness-checks')
    .action(async (folder: string) => {
      const { loadFolder } = await import('./builtins.js');
      const loaded = await loadFolder(folder);
      process.stdout.write(`${loaded.length} check${loaded.length === 1 ? '' : 's'} in ${folder}: all valid\n`);
    });

  checks
    .command('test')
    .description('Run the examples and mutations of checks: yours, or the built-in ones')
    .argument('[folder]', 'where your checks live; without it, the built-in checks')
    .option('--only <ids>', 'only these checks, separated by commas: ids or patterns such as security/*')
    .action(async (folder: string | undefined, flags: { only?: string }) => {
      context.exitCode = await testChecks(folder, flags.only?.split(','));
    });
}

async function testChecks(folder: string | undefined, only: readonly string[] | undefined): Promise<number> {
  const [{ builtins, loadFolder }, { loadExtras }, { define }, { runExamples }] = await Promise.all([
    import('./builtins.js'),
    import('../checklist/compiled.js'),
    import('../definitions.js'),
    import('../examples.js'),
  ]);
  const known = await builtins();
  const extras = loadExtras();
  const builtIn = known.checks.map((c): Check => ({
    ...c,
    examples: [...(extras[c.id]?.examples ?? [])],
    claims: [...(extras[c.id]?.claims ?? [])],
  }));
  const own = folder === undefined ? [] : await loadFolder(folder);
  const definitions = define({ ...known, checks: [...builtIn, ...own], observed: true });
  const candidates = folder === undefined ? builtIn : own;
  const tested = only ? await selected(candidates, only) : candidates;
  if (tested.length === 0) throw new UsageError('no check to test', undefined, '`readiness checks list` shows the built-in checks');
  const today = new Date().toISOString().slice(0, 10);
  let examples = 0;
  let failed = 0;
  for (const check of tested) {
    const failures = await runExamples(check, definitions, today);
    examples += check.examples.length;
    failed += failures.length;
    for (const f of failures) process.stdout.write(`FAIL  ${f.check}  example ${f.example}: ${f.message}\n`);
  }
  process.stdout.write(`${tested.length} checks, ${examples} examples, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

/** Those that an id or a pattern names; each must name one. */
async function selected(checks: readonly Check[], wanted: readonly string[]): Promise<Check[]> {
  const [{ pathMatcher }, { nearest }] = await Promise.all([import('../safe/glob.js'), import('../safe/nearest.js')]);
  const ids = checks.map((c) => c.id);
  for (const pattern of wanted)
    if (!ids.some(pathMatcher(pattern))) {
      const near = nearest(pattern, ids);
      throw new UsageError(
        `no check is called ${pattern}`,
        '--only',
        near ? `did you mean ${near}?` : '`readiness checks list` shows them all',
      );
    }
  return checks.filter((c) => wanted.some((pattern) => pathMatcher(pattern)(c.id)));
}

const scaffold = (id: string): string => `# ${id}: one question with one answer. Test it with: readiness checks test <folder>
title: The state that is good, as a sentence without a full stop
severity: important # critical, important, recommended
effort: hours # minutes, hours, days
phase: pre-deployment # validation, post-deployment
scope: deployable # repository: judged once; manifest: for each dependency manifest
why: What goes wrong in production without it, in one or two sentences.
applies: has.http_service # CEL over uses.<technology> and has.<trait or capability>
probe:
  any:
    - text: { pattern: 'configureSomething\\(', languages: [python] }
looked: a call of configureSomething() in product code
fix:
  text: Say what to change, and where.
  snippet: |
    configureSomething(strict=True)
references: []
claims: [how documents phrase it]
examples:
  - pass: { app.py: "configureSomething(strict=True)\\n" }
    given: [http-service]
  - pass: { src/app.py: "x = configureSomething()\\n" }
    given: [http-service]
  - fail: { app.py: "print('hello')\\n" }
    given: [http-service]
  - fail: { app.py: "# configureSomething()\\n" }
    name: only in a comment
    given: [http-service]
  - not-applicable: { README.md: "# a library" }
`;
