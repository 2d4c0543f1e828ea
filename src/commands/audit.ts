import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { UsageError } from '../model/error.js';
import type { Report } from '../model/report.js';
import { cacheKey, openCache } from './cache.js';
import { addEnvironmentOptions, openNamed, type EnvironmentFlags } from './environment.js';
import type { CommandContext } from './run.js';
import { progressLine } from './progress.js';

interface AuditFlags extends EnvironmentFlags {
  phase?: ('pre-deployment' | 'validation' | 'post-deployment')[];
  format: string;
  output?: string;
  report: string[];
  checklist?: string;
  failUnder?: number;
  minCoverage?: number;
  failOn?: 'critical' | 'important' | 'any' | 'never';
  only: string[];
  skip: string[];
  category: string[];
  param: string[];
  cache?: boolean;
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

const collect = (value: string, all: string[]): string[] => [
  ...all,
  ...value
    .split(',')
    .map((v) => v.trim())
    .filter(Boolean),
];

function percent(name: string): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number) || number < 0 || number > 100)
      throw new UsageError(`${value || 'nothing'} is no number from 0 to 100`, `--${name}`, `for example: --${name} 80`);
    return number;
  };
}

export function addAudit(program: Command, context: CommandContext): void {
  const command = program
    .command('audit')
    .description('Audit a repository, and a running system where one is named, and write the assessment')
    .argument('[path]', 'the repository', '.')
    .option('-f, --format <format>', 'what to print: terminal, markdown, json ... (see Formats)', 'terminal')
    .option('-o, --output <file>', 'write it to a file instead of printing it')
    .option('-r, --report <format=file>', 'write one more report; may be repeated', (value, all: string[]) => [...all, value], [])
    .option(
      '-c, --checklist <file|name>',
      'a readiness.yaml, or a built-in checklist; default: readiness.yaml of the target, else production',
    )
    .option('--fail-under <score>', 'fail when the score is under this (0 to 100)', percent('fail-under'))
    .option('--min-coverage <percent>', 'fail when less than this share could be decided (0 to 100)', percent('min-coverage'))
    .addOption(
      new Option('--fail-on <severity>', 'fail when a check of this severity or above fails (default: critical)').choices([
        'critical',
        'important',
        'any',
        'never',
      ]),
    )
    .option('--only <ids>', 'only these checks: ids or patterns such as security/*', collect, [])
    .option('--skip <ids>', 'not these checks', collect, [])
    .option('--category <names>', 'only these categories', collect, [])
    .option(
      '--param <category/name.param=value>',
      'set a parameter of a check; may be repeated',
      (value, all: string[]) => [...all, value],
      [],
    );
  addEnvironmentOptions(command)
    .option('--no-cache', 'audit anew, though nothing has changed since the last audit')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'no progress, and nothing on the terminal but errors')
    .option('-v, --verbose', 'all findings, not only the worst')
    .addHelpText(
      'after',
      `
Formats: terminal, markdown, markdown-summary (for a pull request), html, json, sarif, junit, gitlab, github, badge, csv.

Examples:
  readiness audit                                     audit the current directory
  readiness audit ../api --fail-under 80 --min-coverage 60
  readiness audit --format json -o report.json        the whole report as data
  readiness audit -r markdown=report.md -r json=report.json
  readiness audit --only 'security/*,secrets/*' --verbose
  readiness audit --url https://app.example.org --phase validation     the smoke test after a deployment
  readiness audit --skip delivery/code-review-required --fail-on never

Exit codes: 0 the gates hold, 1 a gate failed, 2 wrong use or a bad checklist, 3 the audit could not finish.`,
    )
    .action(async (path: string, flags: AuditFlags) => {
      context.exitCode = await runAudit(path, flags, context.version);
    });
}

async function runAudit(path: string, flags: AuditFlags, version: string): Promise<number> {
  const { formats } = await import('../report/index.js');
  const outputs = [
    ...flags.report.map((spec) => splitReport(spec)),
    ...(flags.output ? [{ format: flags.format, file: flags.output }] : []),
  ];
  for (const { format } of [...outputs, { format: flags.format }])
    if (!formats.has(format)) await unknownFormat(format, [...formats.keys()]);

  const progress = progressLine(!flags.quiet && process.stderr.isTTY === true);
  let report: Report;
  try {
    report = await auditFolder(path, flags, version, progress.update);
  } finally {
    progress.end();
  }
  for (const { format, file } of outputs)
    save(file, render(formats, format, report, { color: false, width: 100, verbose: flags.verbose ?? false }));
  if (!flags.output && !flags.quiet) {
    const color =
      flags.color !== false && !process.env['NO_COLOR'] && (process.stdout.isTTY === true || Boolean(process.env['FORCE_COLOR']));
    process.stdout.write(
      render(formats, flags.format, report, {
        color,
        width: Math.max(50, Math.min(process.stdout.columns ?? 100, 120)),
        verbose: flags.verbose ?? false,
        unicode: speaksUnicode(process.env),
      }),
    );
  } else if (!flags.quiet)
    process.stderr.write(
      `${report.verdict}: ${report.score.value === null ? 'no score' : `${report.score.value}/100`}, written to ${outputs.map((o) => o.file).join(', ')}\n`,
    );
  const { exitCodeOf } = await import('../evaluate/verdict.js');
  return exitCodeOf(report);
}

/** Only a locale that says otherwise makes the summary plain ASCII; containers and CI often set none and take UTF-8. */
function speaksUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale);
}

type Formats = typeof import('../report/index.js').formats;

function render(
  formats: Formats,
  name: string,
  report: Report,
  options: { color: boolean; width: number; verbose: boolean; unicode?: boolean },
): string {
  const format = formats.get(name);
  if (!format) throw new UsageError(`unknown format ${name}`, '--format');
  return format.render(report, options);
}

async function unknownFormat(format: string, known: readonly string[]): Promise<never> {
  const { nearest } = await import('../safe/nearest.js');
  const near = nearest(format, known);
  throw new UsageError(`unknown format \`${format}\``, '--format', `${near ? `did you mean ${near}? ` : ''}allowed: ${known.join(', ')}`);
}

function splitReport(spec: string): { format: string; file: string } {
  const at = spec.indexOf('=');
  if (at < 1 || at === spec.length - 1)
    throw new UsageError(`\`${spec}\` is not FORMAT=FILE`, '--report', 'for example: --report markdown=report.md');
  return { format: spec.slice(0, at), file: spec.slice(at + 1) };
}

function save(file: string, text: string): void {
  try {
    if (dirname(file) !== '.') mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as Error).message}`, '--output', 'name a file in a folder that you may write to');
  }
}

/** Opens the target, loads the checklist, and audits. Throws UsageError for whatever the user can mend. */
async function auditFolder(
  path: string,
  flags: AuditFlags,
  version: string,
  onProgress: (done: number, total: number) => void,
): Promise<Report> {
  const [{ exploreTarget }, { loadChecklist }, { builtins }] = await Promise.all([
    import('../target/index.js'),
    import('../checklist/load-checklist.js'),
    import('./builtins.js'),
  ]);
  // git answers while the checklist is read; a fault of either is told where it is awaited
  const exploring = exploreTarget(path);
  exploring.catch(() => undefined);
  const known = await builtins();
  const own = join(path, 'readiness.yaml');
  const fromTarget = flags.checklist === undefined && existsSync(own);
  const checklist = await loadChecklist({
    use: flags.checklist ?? (fromTarget ? own : 'production'),
    builtins: known.checklists,
    checks: known.checks,
    target: resolve(path),
    ...(fromTarget ? { within: resolve(path) } : { loadOwnChecks: ownChecks }),
    cli: flags,
  });
  const now = new Date();
  const environment = await openNamed(flags, checklist, now);
  const explored = await exploring;
  const cache = flags.cache === false || environment || explored.state === null ? null : openCache();
  const key = cache
    ? cacheKey([version, known.digest, explored.state, explored.git, checklist, fromTarget, now.toISOString().slice(0, 10)])
    : '';
  const started = performance.now();
  const former = cache?.find(key);
  if (former) return { ...former, date: now.toISOString(), durationMs: Math.round(performance.now() - started) };
  const [{ audit }, { define, withDependencies }] = await Promise.all([import('../audit.js'), import('../definitions.js')]);
  const target = await explored.open({ exclude: [...checklist.exclude] });
  const definitions = define({
    ...known,
    checks: withDependencies(
      checklist.checks.map((s) => s.check),
      known.checks,
    ),
    observed: environment !== undefined,
  });
  try {
    const report = await audit({ target, checklist, definitions, version, fromTarget, now, environment, onProgress });
    cache?.keep(key, report);
    return report;
  } finally {
    await environment?.close();
  }
}

async function ownChecks(folder: string) {
  const { loadFolder } = await import('./builtins.js');
  return loadFolder(folder);
}
