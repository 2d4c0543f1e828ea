import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Option, type Command } from 'commander';
import type { Choices } from '../init/checklist-file.js';
import type { Forge, Found } from '../init/found.js';
import type { NewFile } from '../init/pipeline.js';
import { UsageError } from '../model/error.js';
import type { CommandContext } from './run.js';
import { progressLine } from './progress.js';

interface InitFlags {
  yes?: boolean;
  force?: boolean;
  dryRun?: boolean;
  threshold?: number;
  failOn?: Choices['failOn'];
  ci?: Forge | 'none';
}

interface Decisions extends Choices {
  readonly ci: Forge | 'none';
}

export function addInit(program: Command, context: CommandContext): void {
  program
    .command('init')
    .description('Look at a repository and write its readiness.yaml and CI pipeline')
    .argument('[path]', 'the repository', '.')
    .option('-y, --yes', 'ask nothing, take what fits')
    .option('--dry-run', 'print what would be written, write nothing')
    .option('--force', 'replace files that exist')
    .option('--threshold <score>', 'the score under which the build fails (0 to 100; default: where the repository stands today)', score)
    .addOption(
      new Option('--fail-on <severity>', 'which failing checks fail the build (default: critical)').choices([
        'critical',
        'important',
        'any',
        'never',
      ]),
    )
    .addOption(
      new Option('--ci <forge>', 'the pipeline to write (default: of the forge that was found)').choices(['github', 'gitlab', 'none']),
    )
    .addHelpText(
      'after',
      `
Asks at most three questions, on a terminal only. Existing files are kept unless you say otherwise.

Examples:
  readiness init                     look, ask, write
  readiness init --yes --ci github   no questions
  readiness init --dry-run           only show`,
    )
    .action(async (path: string, flags: InitFlags) => {
      await runInit(path, flags, context.version);
    });
}

function score(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < 0 || number > 100)
    throw new UsageError(`${value || 'nothing'} is no number from 0 to 100`, '--threshold', 'for example: --threshold 60');
  return number;
}

async function runInit(path: string, flags: InitFlags, version: string): Promise<void> {
  const [{ checklistFile }, { firstThreshold }, { pipelineFiles }, { describe }] = await Promise.all([
    import('../init/checklist-file.js'),
    import('../init/found.js'),
    import('../init/pipeline.js'),
    import('../init/describe.js'),
  ]);
  const found = await look(path, version);
  process.stdout.write(`${describe(found)}\n`);
  const root = realpathSync(resolve(path));
  const top = workTree(root);
  const folder = relative(top, root).split(sep).join('/') || '.';
  const suggested: Decisions = {
    threshold: flags.threshold ?? firstThreshold(found.score),
    failOn: flags.failOn ?? 'critical',
    ci: flags.ci ?? found.forge.name ?? 'none',
  };
  // Questions need room: a terminal that tells no width cannot show them.
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true && (process.stdout.columns ?? 0) >= 20;
  const interactive = terminal && !flags.yes && !flags.dryRun;
  const decided = interactive ? await ask(suggested, flags, found) : suggested;
  const today = new Date().toISOString().slice(0, 10);
  const checklist: Planned = { base: root, path: 'readiness.yaml', text: checklistFile(found, decided, today, version) };
  const pipeline = decided.ci === 'none' ? [] : pipelineFiles(decided.ci, folder, version);
  const planned = [checklist, ...pipeline.map((file) => ({ ...file, base: top }))];
  if (flags.dryRun) {
    for (const file of planned)
      process.stdout.write(`--- ${shown(file)}${isThere(file) ? ' (exists, would be kept)' : ''}\n${file.text}\n`);
    return;
  }
  const there = planned.filter(isThere);
  const replace = flags.force === true || (interactive && there.length > 0 && (await askToReplace(there.map(shown))));
  for (const file of planned) process.stdout.write(`${writeOne(file, replace)}\n`);
  if (decided.ci === 'gitlab' && there.some((f) => f.path === '.gitlab-ci.yml') && !replace)
    process.stdout.write('\nAdd to .gitlab-ci.yml:\n  include:\n    - local: /.gitlab/readiness.gitlab-ci.yml\n');
  const { critical, important } = found.failures;
  const blocking = decided.failOn === 'never' ? 0 : decided.failOn === 'critical' ? critical : critical + important;
  if (blocking > 0)
    process.stdout.write(
      `\n${blocking} ${blocking === 1 ? 'check fails' : 'checks fail'} today that ${blocking === 1 ? 'stops' : 'stop'} a build (failOn: ${decided.failOn}). Fix or waive them, or begin with failOn: never.\n`,
    );
  process.stdout.write(`\nNext: readiness audit${path === '.' ? '' : ` ${path}`}\n`);
}

/** An audit by the checklist that fits, whatever readiness.yaml says: what init shows and proposes comes from it. */
async function look(path: string, version: string): Promise<Found> {
  const [{ audit }, { define, withDependencies }, { openTarget }, { loadChecklist }, { builtins }, { foundIn }] = await Promise.all([
    import('../audit.js'),
    import('../definitions.js'),
    import('../target/index.js'),
    import('../checklist/load-checklist.js'),
    import('./builtins.js'),
    import('../init/found.js'),
  ]);
  const known = await builtins();
  const checklist = await loadChecklist({ use: 'production', builtins: known.checklists, checks: known.checks });
  const target = await openTarget(path, {});
  const checks = withDependencies(
    checklist.checks.map((s) => s.check),
    known.checks,
  );
  const progress = progressLine(process.stderr.isTTY === true);
  try {
    const report = await audit({
      target,
      checklist,
      definitions: define({ ...known, checks }),
      version,
      fromTarget: false,
      now: new Date(),
      onProgress: progress.update,
    });
    return foundIn(
      report,
      target.git.remoteHost,
      target.files.map((f) => f.path),
    );
  } finally {
    progress.end();
  }
}

/** At most two questions here and one about files that exist: what an option has answered is not asked. */
async function ask(suggested: Decisions, flags: InitFlags, found: Found): Promise<Decisions> {
  const { select, isCancel } = await import('@clack/prompts');
  const answer = async <T extends string | number | null>(options: Parameters<typeof select<T>>[0]): Promise<T> => {
    const value = await select<T>(options);
    if (isCancel(value)) throw new UsageError('stopped; nothing was written', undefined, 'readiness init --yes asks nothing');
    return value;
  };
  const today = found.score === null ? 'no score yet' : `today: ${found.score}`;
  const threshold =
    flags.threshold ??
    (await answer<number | null>({
      message: `Which score must a build reach? (${today})`,
      initialValue: suggested.threshold,
      options: [
        { value: suggested.threshold, label: `${suggested.threshold}`, hint: 'where it stands today: never worse than now' },
        ...[60, 80, 90].filter((n) => n > (suggested.threshold ?? 0)).map((n) => ({ value: n, label: `${n}` })),
        { value: null, label: 'none', hint: 'report the score, fail only on severities' },
      ],
    }));
  const ci =
    flags.ci ??
    (await answer<Forge | 'none'>({
      message: 'Write a CI pipeline that runs the audit on every change?',
      initialValue: suggested.ci,
      options: [
        { value: 'github', label: 'GitHub Actions' },
        { value: 'gitlab', label: 'GitLab CI' },
        { value: 'none', label: 'no' },
      ],
    }));
  return { ...suggested, threshold, ci };
}

async function askToReplace(paths: readonly string[]): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  return (await confirm({ message: `Replace ${paths.join(' and ')}?`, initialValue: false })) === true;
}

interface Planned extends NewFile {
  /** Real path of the folder that `path` is relative to. */
  readonly base: string;
}

const placeOf = (file: Planned): string => join(file.base, file.path);
const shown = (file: Planned): string => relative(process.cwd(), placeOf(file)) || file.path;

/** Whether anything has that name, a link to nowhere included. */
const isThere = (file: Planned): boolean => lstatSync(placeOf(file), { throwIfNoEntry: false }) !== undefined;

/** Writes one file, never through a link of the repository; says what it did. */
function writeOne(file: Planned, replace: boolean): string {
  const place = placeOf(file);
  if (isThere(file) && !replace) return `kept   ${shown(file)} (it exists; --force replaces it)`;
  try {
    const folder = dirname(place);
    if (!within(file.base, folder))
      throw new UsageError(`${shown(file)} would lie outside of the repository: a folder on the way is a link`);
    mkdirSync(folder, { recursive: true });
    const replaced = isThere(file);
    if (replaced) rmSync(place);
    writeFileSync(place, file.text, { flag: 'wx' });
    return `${replaced ? 'new   ' : 'wrote '} ${shown(file)}`;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `cannot write ${shown(file)}: ${(error as Error).message}`,
      undefined,
      'readiness init --dry-run prints it instead',
    );
  }
}

/** Whether what exists of `folder` really lies in `base`. */
function within(base: string, folder: string): boolean {
  let at = folder;
  while (!existsSync(at)) {
    if (lstatSync(at, { throwIfNoEntry: false })) return false;
    at = dirname(at);
  }
  return `${realpathSync(at)}${sep}`.startsWith(`${base}${sep}`);
}

/** The folder with `.git` that holds `folder`, or `folder` itself: where a forge looks for its pipeline. */
function workTree(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}
