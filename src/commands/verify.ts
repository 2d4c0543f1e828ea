import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { Option, type Command } from 'commander';
import { UsageError } from '../model/error.js';
import type { ClaimsReport } from '../model/claims.js';
import type { CommandContext } from './run.js';

interface VerifyFlags {
  format: 'terminal' | 'json' | 'sarif';
  output?: string;
  failOn: 'contradicted' | 'unsupported' | 'never';
  diff?: boolean;
  write?: boolean;
  color?: boolean;
  verbose?: boolean;
  checklist?: string;
}

/** Bytes of a document that is read. */
const maxBytes = 16_000_000;

/** `readiness verify`: the claims of a document against the evidence. */
export function addVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('Compare what a readiness document claims with what the repository shows')
    .argument('<document>', 'a checklist or assessment: Markdown, or text around it')
    .argument('[path]', 'the repository that it speaks of', '.')
    .addOption(new Option('-f, --format <format>', 'what to print').choices(['terminal', 'json', 'sarif']).default('terminal'))
    .option('-o, --output <file>', 'write it to a file instead of printing it')
    .addOption(
      new Option('--fail-on <verdict>', 'exit with 1 when a claim is contradicted, or also when one is unsupported')
        .choices(['contradicted', 'unsupported', 'never'])
        .default('never'),
    )
    .option('--diff', 'show what --write would change in the document')
    .option('--write', 'take the ticks of contradicted claims out of the document, and say why beside them')
    .option(
      '-c, --checklist <file|name>',
      'parameters and attestations from here; default: readiness.yaml of the repository, else production',
    )
    .option('--no-color', 'no colours')
    .option('-v, --verbose', 'every claim with its evidence')
    .addHelpText(
      'after',
      `
Verdicts: verified (the evidence is there), contradicted (evidence to the contrary), unsupported (looked, found nothing),
not verifiable here (needs an environment, a person, or a check that does not exist), outdated (an open point that is done),
not a claim (plans, recommendations).

Examples:
  readiness verify PRODUCTION_READINESS.md
  readiness verify docs/LAUNCH.md ../api --fail-on contradicted
  readiness verify PRODUCTION_READINESS.md --format sarif -o claims.sarif
  readiness verify PRODUCTION_READINESS.md --diff

Exit codes: 0 no claim trips --fail-on, 1 one does, 2 wrong use, 3 the audit could not finish.`,
    )
    .action(async (document: string, path: string, flags: VerifyFlags) => {
      context.exitCode = await runVerify(document, path, flags, context.version);
    });
}

async function runVerify(document: string, path: string, flags: VerifyFlags, version: string): Promise<number> {
  const source = readDocument(document);
  const report = await verifyDocument(source, document, path, flags, version);
  if (flags.diff || flags.write) {
    const { annotate, unifiedDiff } = await import('../claims/annotate.js');
    const changed = annotate(source, report);
    if (flags.diff) process.stdout.write((await unifiedDiff(document, source, changed)) || 'nothing to change\n');
    if (flags.write && changed !== source) save(document, changed);
    if (flags.write) process.stderr.write(changed === source ? `${document} needs no change\n` : `${document} was changed\n`);
    if (!flags.output) return exitCode(report, flags.failOn);
  }
  const text = await render(report, flags);
  if (flags.output) save(flags.output, text);
  else process.stdout.write(text);
  return exitCode(report, flags.failOn);
}

function exitCode(report: ClaimsReport, failOn: VerifyFlags['failOn']): number {
  const { contradicted, unsupported } = report.counts;
  if (failOn === 'never') return 0;
  return contradicted > 0 || (failOn === 'unsupported' && unsupported > 0) ? 1 : 0;
}

async function render(report: ClaimsReport, flags: VerifyFlags): Promise<string> {
  if (flags.format === 'sarif') return (await import('../claims/sarif.js')).claimsSarif(report);
  const { claimsJson, claimsTerminal } = await import('../claims/render.js');
  if (flags.format === 'json') return claimsJson(report);
  const terminal = process.stdout.isTTY === true && !flags.output;
  const color = flags.color !== false && !process.env['NO_COLOR'] && (terminal || Boolean(process.env['FORCE_COLOR']));
  const { Chalk } = await import('chalk');
  return claimsTerminal(report, {
    chalk: new Chalk({ level: color ? 1 : 0 }),
    width: Math.max(50, Math.min(process.stdout.columns ?? 100, 120)),
    verbose: flags.verbose === true,
  });
}

/** A document as text. Throws UsageError where it cannot be read. */
export function readDocument(document: string): string {
  try {
    const stat = statSync(document);
    if (!stat.isFile()) throw new Error('it is not a file');
    if (stat.size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
    return readFileSync(document, 'utf8');
  } catch (error) {
    throw new UsageError(
      `cannot read the document: ${(error as Error).message}`,
      document,
      'name a Markdown file: readiness verify PRODUCTION_READINESS.md',
    );
  }
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as Error).message}`, '--output');
  }
}

/** Audits what the claims ask for, and judges them. The document is no evidence for itself. */
export async function verifyDocument(
  source: string,
  document: string,
  path: string,
  flags: { checklist?: string },
  version: string,
): Promise<ClaimsReport> {
  const [
    { audit },
    { define, withDependencies },
    { openTarget },
    { loadChecklist },
    { builtins, loadFolder },
    { loadExtras },
    { understand, judgeAll, askedRegardless },
    { existsSync },
  ] = await Promise.all([
    import('../audit.js'),
    import('../definitions.js'),
    import('../target/index.js'),
    import('../checklist/load-checklist.js'),
    import('./builtins.js'),
    import('../checklist/compiled.js'),
    import('../claims/verify.js'),
    import('node:fs'),
  ]);
  const known = await builtins();
  const extras = loadExtras();
  const subjects = known.checks.map((c) => ({ id: c.id, title: c.title, category: c.category, claims: extras[c.id]?.claims ?? c.claims }));
  const understood = await understand(source, subjects, new Map(known.checks.map((c) => [c.id, c.params])));
  const whole = understood.extraction.scores.length > 0;
  const own = resolve(path, 'readiness.yaml');
  const fromTarget = flags.checklist === undefined && existsSync(own);
  const only = [...(whole ? ['*'] : []), ...understood.checks];
  const checklist = await loadChecklist({
    use: flags.checklist ?? (fromTarget ? own : 'production'),
    builtins: known.checklists,
    checks: known.checks,
    target: resolve(path),
    ...(fromTarget ? { within: resolve(path) } : { loadOwnChecks: loadFolder }),
    cli: { only: only.length > 0 ? only : ['documentation/readme'], param: understood.params },
  });
  const asked = askedRegardless(checklist.checks, understood.asserted);
  const opened = await openTarget(path, { exclude: [...checklist.exclude] });
  const itself = placeIn(opened.root ?? resolve(path), document);
  const target = { ...opened, files: opened.files.filter((f) => f.path !== itself) };
  const definitions = define({
    ...known,
    checks: [
      ...withDependencies(
        checklist.checks.map((s) => s.check),
        known.checks,
      ),
      ...asked.map((s) => s.check),
    ],
  });
  const report = await audit({
    target,
    checklist: { ...checklist, checks: [...checklist.checks, ...asked] },
    definitions,
    version,
    fromTarget,
    now: new Date(),
  });
  const texts = new Map<string, readonly string[] | null>();
  return judgeAll({
    understood,
    report,
    checks: known.checks,
    technologies: known.technologies,
    phrases: subjects.flatMap((s) => [s.title, ...s.claims]),
    files: new Set(target.files.map((f) => f.path)),
    lines: (file) => {
      let lines = texts.get(file);
      if (lines === undefined) {
        const bytes = target.read(file);
        texts.set(file, (lines = bytes ? Buffer.from(bytes).toString('utf8').slice(0, 1_000_000).split('\n') : null));
      }
      return lines;
    },
    document: itself ?? document,
    version,
    whole,
  });
}

/** Path of a file relative to the repository, with slashes; null where it lies outside. */
function placeIn(root: string, file: string): string | null {
  let real = resolve(file);
  try {
    real = realpathSync(real);
  } catch {
    // it was read a moment ago; its path as given is good enough
  }
  const way = relative(root, real);
  return way === '' || way.startsWith('..') || resolve(way) === way ? null : way.split(sep).join('/');
}
