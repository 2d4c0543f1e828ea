import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { UsageError } from '../model/error.js';
import type { HistoryPoint, Report } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import { save, terminalOptions } from './output.js';
import type { CommandContext } from './run.js';

/** Reports that a trend is drawn from; older ones stay where they are. */
const pointsShown = 60;
const defaultFolder = '.readiness/history';

interface HistoryFlags {
  format: 'terminal' | 'html' | 'json';
  output?: string;
  notes?: boolean;
}

export function addHistory(program: Command, context: CommandContext): void {
  const history = program
    .command('history')
    .description('List the reports that are kept, and draw the trend of their scores')
    .argument('[folder]', `where they are kept (default: ${defaultFolder}); with --notes, the repository`)
    .addOption(new Option('-f, --format <format>', 'terminal, html, json').choices(['terminal', 'html', 'json']).default('terminal'))
    .option('-o, --output <file>', 'write it to a file instead of printing it')
    .option('--notes', 'reports are kept as git notes (refs/notes/readiness) of the repository')
    .addHelpText(
      'after',
      `
Examples:
  readiness audit --history ${defaultFolder}              audit, keep the report there, and show the trend
  readiness history add report.json                      keep a saved report
  readiness history                                      list and chart
  readiness history --format html -o trend.html
  readiness history add report.json --notes              as a git note of the report's commit
  readiness history --notes`,
    )
    .action(async (folder: string | undefined, flags: HistoryFlags) => {
      context.exitCode = await runHistory(folder, flags);
    });
  history
    .command('add')
    .description('Keep a saved report')
    .argument('<report.json>', 'a report saved with: readiness audit --format json -o report.json')
    .argument('[folder]', `where to keep it (default: ${defaultFolder}); with --notes, the repository`)
    .action(async (file: string, folder: string | undefined, _: unknown, command: Command) => {
      const { loadReport } = await import('./saved.js');
      const report = await loadReport(file);
      const where =
        command.optsWithGlobals()['notes'] === true ? await noteIn(report, folder ?? '.') : keep(report, folder ?? defaultFolder);
      process.stdout.write(`kept as ${where}\n`);
    });
}

async function runHistory(folder: string | undefined, flags: HistoryFlags): Promise<number> {
  const { points, skipped } = flags.notes ? await notedPoints(folder ?? '.') : keptPoints(folder ?? defaultFolder, true);
  for (const name of skipped) process.stderr.write(`note: ${oneLine(name)} holds no report, and was left out\n`);
  const { historyText, trendPage } = await import('../report/trend.js');
  const hash = (source: string): string => `sha256-${createHash('sha256').update(source).digest('base64')}`;
  const text =
    flags.format === 'json'
      ? `${JSON.stringify(points, null, 2)}\n`
      : flags.format === 'html'
        ? trendPage(points, `Production readiness over time${points.length > 0 ? '' : ': nothing yet'}`, hash)
        : historyText(points, flags.output ? { width: 100, unicode: true } : textOptions());
  if (flags.output) save(flags.output, text);
  else process.stdout.write(text);
  return 0;
}

/** As other output, but down to a phone's width: a table can leave columns out. */
function textOptions(): { width: number; unicode: boolean } {
  return { width: Math.max(30, Math.min(process.stdout.columns ?? 100, 120)), unicode: terminalOptions({}).unicode };
}

/** The report kept in a folder, and the trend of all reports there added to it. Throws UsageError. */
export async function keptIn(report: Report, folder: string): Promise<Report> {
  keep(report, folder);
  return { ...report, history: keptPoints(folder, false).points };
}

/** `2026-11-20T175114Z-1a2b3c4.json`: sorts by time, tells the commit. */
const nameOf = ({ date, target }: Report): string =>
  `${date.replace(/\.\d+Z$/, 'Z').replaceAll(':', '')}-${target.commit?.slice(0, 7) ?? 'no-commit'}.json`;

/** Writes the report, without its own trend and comparison, whole or not at all; gives the file's path. */
function keep(report: Report, folder: string): string {
  const { history: _history, baseline: _baseline, ...kept } = report;
  const file = join(folder, nameOf(report));
  try {
    mkdirSync(folder, { recursive: true });
    const part = `${file}.${process.pid}.part`;
    writeFileSync(part, `${JSON.stringify(kept)}\n`);
    renameSync(part, file);
  } catch (error) {
    throw new UsageError(
      `cannot keep a report in ${oneLine(folder)}: ${(error as Error).message}`,
      '--history',
      'name a folder that you may write to',
    );
  }
  return file;
}

interface Points {
  readonly points: HistoryPoint[];
  /** Files or commits whose content is no report. */
  readonly skipped: string[];
}

/** The newest reports of a folder, oldest first. With `must`, a folder that is not there is a UsageError. */
function keptPoints(folder: string, must: boolean): Points {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    const known = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (must)
      throw new UsageError(
        known ? `${oneLine(folder)} does not exist` : `${oneLine(folder)} cannot be read as a folder`,
        undefined,
        `keep the first report with: readiness audit --history ${oneLine(folder)}`,
      );
  }
  return pointsOf(names.sort().slice(-pointsShown), (name) =>
    statSync(join(folder, name)).isFile() ? readFileSync(join(folder, name), 'utf8') : '',
  );
}

async function notedPoints(path: string): Promise<Points> {
  const { readNotes } = await import('../target/notes.js');
  const notes = await readNotes(resolve(path), 10 * pointsShown);
  const texts = new Map(notes.map((note) => [note.commit, note.text]));
  const { points, skipped } = pointsOf([...texts.keys()], (commit) => texts.get(commit) ?? '');
  return { points: points.slice(-pointsShown), skipped };
}

function pointsOf(names: readonly string[], read: (name: string) => string): Points {
  const skipped: string[] = [];
  const points = names.flatMap((name) => {
    let point: HistoryPoint | null = null;
    try {
      point = pointOf(JSON.parse(read(name)));
    } catch {
      // told below
    }
    if (!point) skipped.push(basename(name));
    return point ? [point] : [];
  });
  return { points: points.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)), skipped };
}

/** What a trend shows of a report; null for anything else. Only these members are looked at, so that old reports count too. */
function pointOf(value: unknown): HistoryPoint | null {
  const { schema, tool, target, checklist, date, verdict, score, counts } = value as Partial<Report>;
  const text = (member: unknown): member is string => typeof member === 'string';
  const number = (member: unknown): member is number => typeof member === 'number' && Number.isFinite(member);
  if (!text(schema) || !schema.startsWith('readiness-report/') || !text(date) || Number.isNaN(Date.parse(date))) return null;
  if (!text(tool?.version) || !text(checklist?.name) || !text(verdict) || !number(score?.coverage) || !number(counts?.fail)) return null;
  return {
    date,
    commit: text(target?.commit) ? target.commit : null,
    branch: text(target?.branch) ? target.branch : null,
    version: tool.version,
    checklist: checklist.name,
    verdict,
    score: number(score.value) ? Math.max(0, Math.min(100, score.value)) : null,
    coverage: Math.max(0, Math.min(100, score.coverage)),
    fail: counts.fail,
  };
}

async function noteIn(report: Report, path: string): Promise<string> {
  const { commit } = report.target;
  if (!commit) throw new UsageError('the report names no commit to note it to', '--notes', 'keep it in a folder instead');
  const { history: _history, baseline: _baseline, ...kept } = report;
  const { writeNote } = await import('../target/notes.js');
  if (!(await writeNote(resolve(path), commit, `${JSON.stringify(kept)}\n`)))
    throw new UsageError(
      `git could not note it to ${commit.slice(0, 12)} in ${oneLine(path)}`,
      '--notes',
      'run it in the repository that holds the commit, with the right to write',
    );
  return `git note of ${commit.slice(0, 12)} (refs/notes/readiness)`;
}
