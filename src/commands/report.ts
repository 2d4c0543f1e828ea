import { Option, type Command } from 'commander';
import { UsageError } from '../model/error.js';
import type { Report } from '../model/report.js';
import { addOutputOptions, formatsHelp, openOutputs, percent, type OutputFlags } from './output.js';
import type { CommandContext } from './run.js';

interface ReportFlags extends OutputFlags {
  checklist?: string;
  failUnder?: number;
  minCoverage?: number;
  failOn?: 'critical' | 'important' | 'any' | 'never' | 'regression';
  baseline?: string;
}

export function addReport(program: Command, context: CommandContext): void {
  const command = program
    .command('report')
    .description('Render a saved report in another format, or score it again under another checklist, without the repository')
    .argument('<file>', 'a report saved with: readiness audit --format json -o report.json');
  addOutputOptions(command)
    .option('-c, --checklist <file|name>', 'score again: selection, weights, thresholds, waivers and attestations of this checklist')
    .option('--fail-under <score>', 'fail when the score is under this (0 to 100)', percent('fail-under'))
    .option('--min-coverage <percent>', 'fail when less than this share could be decided (0 to 100)', percent('min-coverage'))
    .addOption(
      new Option(
        '--fail-on <severity>',
        'fail when a check of this severity or above fails; regression: what the baseline does not have',
      ).choices(['critical', 'important', 'any', 'never', 'regression']),
    )
    .option('--baseline <report.json>', 'show what changed since another saved report')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'no summary: only errors, and what --format asks for')
    .option('-v, --verbose', 'all findings, not only the worst')
    .addHelpText(
      'after',
      `
${formatsHelp}

Examples:
  readiness report report.json --format html -o report.html
  readiness report report.json -r sarif=report.sarif -r markdown=report.md --quiet
  readiness report report.json --checklist strict.yaml --fail-under 90
  readiness report new.json --baseline old.json --fail-on regression

Exit codes: 0 the gates hold, 1 a gate failed, 2 wrong use, or no valid report.`,
    )
    .action(async (file: string, flags: ReportFlags) => {
      context.exitCode = await runReport(file, flags);
    });
}

async function runReport(file: string, flags: ReportFlags): Promise<number> {
  if (flags.failOn === 'regression' && flags.baseline === undefined)
    throw new UsageError('nothing to compare with', '--fail-on regression', 'add --baseline old.json');
  const write = await openOutputs(flags);
  const { loadReport } = await import('./saved.js');
  let report = await loadReport(file);
  if (flags.checklist !== undefined) report = await rescored(report, flags.checklist, flags);
  else if (flags.failUnder !== undefined || flags.minCoverage !== undefined || flags.failOn !== undefined)
    report = await rejudged(report, flags);
  if (flags.baseline !== undefined) {
    const { withBaseline, gatedByRegression } = await import('./baseline.js');
    report = await withBaseline(report, flags.baseline, null);
    if (flags.failOn === 'regression') report = gatedByRegression(report, flags);
  }
  write(report);
  const { exitCodeOf } = await import('../evaluate/verdict.js');
  return exitCodeOf(report);
}

const severityOf = (failOn: ReportFlags['failOn']) => (failOn === 'regression' ? 'never' : failOn);

async function rejudged(report: Report, flags: ReportFlags): Promise<Report> {
  const { withThresholds } = await import('../evaluate/rescore.js');
  const { score, coverage, failOn } = report.checklist.thresholds;
  const known = failOn === 'critical' || failOn === 'important' || failOn === 'any' ? failOn : 'never';
  return withThresholds(report, {
    score: flags.failUnder ?? score,
    coverage: flags.minCoverage ?? coverage,
    failOn: severityOf(flags.failOn) ?? known,
  });
}

async function rescored(report: Report, use: string, flags: ReportFlags): Promise<Report> {
  const [{ rescore }, { loadChecklist }, { builtins, loadFolder, namesOf }] = await Promise.all([
    import('../evaluate/rescore.js'),
    import('../checklist/load-checklist.js'),
    import('./builtins.js'),
  ]);
  const known = await builtins();
  const checklist = await loadChecklist({
    use,
    builtins: known.checklists,
    checks: known.checks,
    loadOwnChecks: loadFolder,
    names: () => namesOf(known),
    cli: {
      ...(flags.failUnder === undefined ? {} : { failUnder: flags.failUnder }),
      ...(flags.minCoverage === undefined ? {} : { minCoverage: flags.minCoverage }),
      ...(flags.failOn === undefined ? {} : { failOn: severityOf(flags.failOn) ?? 'never' }),
    },
  });
  return rescore(report, checklist, {
    today: new Date().toISOString().slice(0, 10),
    fromTarget: false,
    known: known.checks.map((c) => c.id),
  });
}
