import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Compiled } from '../checklist/compiled.js';
import type { Checklist } from '../model/checklist.js';
import type { Environment } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import type { Report } from '../model/report.js';
import type { Target } from '../model/target.js';
import { cacheKey, openCache } from './cache.js';
import { addEnvironmentOptions, openNamed, type EnvironmentFlags } from './environment.js';
import { addOutputOptions, formatsHelp, openOutputs, percent, type OutputFlags } from './output.js';
import type { Policy } from './policy.js';
import { progressLine } from './progress.js';
import type { CommandContext } from './run.js';

interface AuditFlags extends EnvironmentFlags, OutputFlags {
  phase?: ('pre-deployment' | 'validation' | 'post-deployment')[];
  checklist?: string;
  policyFrom?: string;
  baseline?: string;
  history?: string;
  failUnder?: number;
  minCoverage?: number;
  failOn?: 'critical' | 'important' | 'any' | 'never' | 'regression';
  only: string[];
  skip: string[];
  category: string[];
  param: string[];
  cache?: boolean;
}

const collect = (value: string, all: string[]): string[] => [
  ...all,
  ...value
    .split(',')
    .map((v) => v.trim())
    .filter(Boolean),
];

export function addAudit(program: Command, context: CommandContext): void {
  const command = program
    .command('audit')
    .description('Audit a repository, and a running system where one is named, and write the assessment')
    .argument('[path]', 'the repository', '.');
  addOutputOptions(command)
    .option(
      '-c, --checklist <file|name>',
      'a readiness.yaml, or a built-in checklist; default: readiness.yaml of the target, else production',
    )
    .option('--fail-under <score>', 'fail when the score is under this (0 to 100)', percent('fail-under'))
    .option('--min-coverage <percent>', 'fail when less than this share could be decided (0 to 100)', percent('min-coverage'))
    .addOption(
      new Option(
        '--fail-on <severity>',
        'fail when a check of this severity or above fails (default: critical); regression: only on failures that the baseline does not have',
      ).choices(['critical', 'important', 'any', 'never', 'regression']),
    )
    .option('--policy-from <ref>', 'read checklist, thresholds, waivers and attestations from this git ref: a change cannot waive itself')
    .option('--baseline <report.json|ref>', 'show what changed since a saved report, or since a branch, tag or commit')
    .option('--history <folder>', 'keep the report in this folder, and show the trend of those kept there')
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
    .option('-q, --quiet', 'no progress and no summary: only errors, and what --format asks for')
    .option('-v, --verbose', 'all findings, not only the worst')
    .addHelpText(
      'after',
      `
${formatsHelp}

Examples:
  readiness audit                                     audit the current directory
  readiness audit ../api --fail-under 80 --min-coverage 60
  readiness audit --format json -o report.json        the whole report as data
  readiness audit -r markdown=report.md -r json=report.json
  readiness audit --only 'security/*,secrets/*' --verbose
  readiness audit --url https://app.example.org --phase validation     the smoke test after a deployment
  readiness audit --baseline main --policy-from main --fail-on regression     the gate of a pull request
  readiness audit --skip delivery/code-review-required --fail-on never

Exit codes: 0 the gates hold, 1 a gate failed, 2 wrong use or a bad checklist, 3 the audit could not finish.`,
    )
    .action(async (path: string, flags: AuditFlags) => {
      context.exitCode = await runAudit(path, flags, context.version);
    });
}

async function runAudit(path: string, flags: AuditFlags, version: string): Promise<number> {
  if (flags.failOn === 'regression' && flags.baseline === undefined)
    throw new UsageError('nothing to compare with', '--fail-on regression', 'add --baseline main, or --baseline report.json');
  const write = await openOutputs(flags);
  const progress = progressLine(!flags.quiet && process.stderr.isTTY === true);
  let report: Report;
  try {
    report = await auditFolder(path, flags, version, progress.update);
  } finally {
    progress.end();
  }
  if (flags.history !== undefined) report = await (await import('./history.js')).keptIn(report, flags.history);
  write(report);
  const { exitCodeOf } = await import('../evaluate/verdict.js');
  return exitCodeOf(report);
}

/** What a checklist says; the text of its checks is known by the digests of the build and of the checklist's own checks. */
const identityOf = ({ checks, ...rest }: Checklist): unknown => [rest, checks.map(({ check, ...chosen }) => [check.id, chosen])];

/** Opens the target, loads the checklist, audits, and compares. Throws UsageError for whatever the user can mend. */
async function auditFolder(
  path: string,
  flags: AuditFlags,
  version: string,
  onProgress: (done: number, total: number) => void,
): Promise<Report> {
  const [{ exploreTarget }, { builtins }] = await Promise.all([import('../target/index.js'), import('./builtins.js')]);
  // git answers while the checklist is read; a fault of either is told where it is awaited
  const exploring = exploreTarget(path);
  exploring.catch(() => undefined);
  const known = await builtins();
  const policy = flags.policyFrom === undefined ? null : await (await import('./policy.js')).openPolicy(path, flags.policyFrom);
  const loaded = await loadFor(path, flags, known, policy);
  const { checklist, fromTarget } = loaded;
  const now = new Date();
  const environment = await openNamed(flags, checklist, now);
  try {
    const explored = await exploring;
    const cache = flags.cache === false || environment || policy || explored.state === null ? null : openCache();
    const key = cache
      ? cacheKey([version, known.digest, explored.state, identityOf(checklist), fromTarget, now.toISOString().slice(0, 10)])
      : '';
    const started = performance.now();
    const former = cache?.find(key);
    const audited = auditor({ path, flags, known, policy, environment, version, now });
    const report = former
      ? { ...former, date: now.toISOString(), durationMs: Math.round(performance.now() - started) }
      : await audited(await explored.open({ exclude: [...checklist.exclude] }), loaded, onProgress);
    if (!former) cache?.keep(key, report);
    if (flags.baseline === undefined) return report;
    const { gatedByRegression, wayOf, withBaseline } = await import('./baseline.js');
    const way = wayOf({ path, loaded, audited, loadAt: ownAt(path, flags, known, policy) });
    const compared = await withBaseline(report, flags.baseline, way);
    return flags.failOn === 'regression' ? gatedByRegression(compared, flags) : compared;
  } finally {
    await environment?.close();
  }
}

/** A checklist, and whether it is the target's own. */
export interface Loaded {
  readonly checklist: Checklist;
  readonly fromTarget: boolean;
}

/** The checklist that the flags ask for, from the files as they are or as they stand in a commit. */
async function loadFor(path: string, flags: AuditFlags, known: Compiled, at: Policy | null, trusted = true): Promise<Loaded> {
  const [{ loadChecklist }, { loadFolder, namesOf }] = await Promise.all([
    import('../checklist/load-checklist.js'),
    import('./builtins.js'),
  ]);
  const own = join(path, 'readiness.yaml');
  const fromTarget = flags.checklist === undefined && (at ? at.has(own) : existsSync(own));
  const loadOwnChecks = at ? at.ownChecks : loadFolder;
  const checklist = await loadChecklist({
    use: flags.checklist ?? (fromTarget ? own : 'production'),
    builtins: known.checklists,
    checks: known.checks,
    target: resolve(path),
    names: () => namesOf(known),
    ...(fromTarget ? { within: resolve(path) } : {}),
    // A ref is named by the operator, whom its checks are trusted by; what merely lies in the target is not.
    ...(!fromTarget || (at && trusted) ? { loadOwnChecks } : {}),
    ...(at ? { read: at.read } : {}),
    cli: { ...flags, failOn: flags.failOn === 'regression' ? 'never' : flags.failOn },
  });
  const named = (source: string): string => (at && !source.startsWith('builtin:') ? `${source}@${at.ref}` : source);
  return { checklist: { ...checklist, sources: checklist.sources.map(named) }, fromTarget };
}

/** What a commit's own readiness.yaml asks for; null where the checklist doesn't hang on the commit. */
function ownAt(path: string, flags: AuditFlags, known: Compiled, policy: Policy | null): ((at: Policy) => Promise<Loaded>) | null {
  return flags.checklist === undefined && !policy ? (at) => loadFor(path, flags, known, at, false) : null;
}

interface Circumstances {
  readonly path: string;
  readonly flags: AuditFlags;
  readonly known: Compiled;
  readonly policy: Policy | null;
  readonly environment: Environment | undefined;
  readonly version: string;
  readonly now: Date;
}

export type Auditor = (target: Target, loaded: Loaded, onProgress?: (done: number, total: number) => void) => Promise<Report>;

/** Audits any target under a checklist, all else being equal. */
function auditor({ path, flags, known, policy, environment, version, now }: Circumstances): Auditor {
  return async (target, { checklist, fromTarget }, onProgress) => {
    const [{ audit }, { define, withDependencies }] = await Promise.all([import('../audit.js'), import('../definitions.js')]);
    const definitions = define({
      ...known,
      checks: withDependencies(
        checklist.checks.map((s) => s.check),
        known.checks,
      ),
      extraKinds: ['suppressions'],
      observed: environment !== undefined,
    });
    return audit({
      target,
      checklist,
      definitions,
      version,
      fromTarget,
      now,
      environment,
      knownChecks: known.checks.map((c) => c.id),
      ...(policy ? { policy: { ...policy, notes: await policy.notes(checklist, hereIfOwn(path, flags, known)) } } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
  };
}

/** The checklist in the work tree, to tell what of it has no effect. */
const hereIfOwn = (path: string, flags: AuditFlags, known: Compiled) => async (): Promise<Checklist | null> =>
  existsSync(join(path, 'readiness.yaml')) || flags.checklist !== undefined ? (await loadFor(path, flags, known, null)).checklist : null;
