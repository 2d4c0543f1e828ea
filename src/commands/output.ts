import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../model/error.js';
import type { Report } from '../model/report.js';

/** Flags of every command that renders a report. */
export interface OutputFlags {
  format: string;
  output?: string;
  report: string[];
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

export const formatsHelp =
  'Formats: terminal, markdown, markdown-summary (for a pull request), html, json, sarif, junit, gitlab, github, badge, csv.';

export const addOutputOptions = (command: Command): Command =>
  command
    .option('-f, --format <format>', 'what to print: terminal, markdown, json ... (see Formats)', 'terminal')
    .option('-o, --output <file>', 'write it to a file instead of printing it')
    .option('-r, --report <format=file>', 'write one more report; may be repeated', (value, all: string[]) => [...all, value], []);

/** A percentage given to `--<name>`. Throws UsageError. */
export function percent(name: string): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number) || number < 0 || number > 100)
      throw new UsageError(`${value || 'nothing'} is no number from 0 to 100`, `--${name}`, `for example: --${name} 80`);
    return number;
  };
}

/** Verifies all formats and files at once, before any work is done; what it returns writes a report to all of them. */
export async function openOutputs(flags: OutputFlags): Promise<(report: Report) => void> {
  const { formats } = await import('../report/index.js');
  const outputs = [
    ...flags.report.map((spec) => splitReport(spec)),
    ...(flags.output ? [{ format: flags.format, file: flags.output }] : []),
  ];
  for (const { format } of [...outputs, { format: flags.format }])
    if (!formats.has(format)) await unknownFormat(format, [...formats.keys()]);
  const verbose = flags.verbose ?? false;
  const render = (name: string, report: Report, options: { color: boolean; width: number; unicode?: boolean }): string => {
    const format = formats.get(name);
    if (!format) throw new UsageError(`unknown format ${name}`, '--format');
    return format.render(report, { ...options, verbose });
  };
  return (report) => {
    for (const { format, file } of outputs) save(file, render(format, report, { color: false, width: 100 }));
    const wanted = !flags.quiet || flags.format !== 'terminal';
    if (!flags.output && wanted) process.stdout.write(render(flags.format, report, terminalOptions(flags)));
    else if (!flags.quiet)
      process.stderr.write(
        `${report.verdict}: ${report.score.value === null ? 'no score' : `${report.score.value}/100`}, written to ${outputs.map((o) => o.file).join(', ')}\n`,
      );
  };
}

/** How standard output wants it: colours, width, characters. */
export function terminalOptions(flags: Pick<OutputFlags, 'color'>): { color: boolean; width: number; unicode: boolean } {
  const color = flags.color !== false && !process.env['NO_COLOR'] && (process.stdout.isTTY === true || Boolean(process.env['FORCE_COLOR']));
  return { color, width: Math.max(36, Math.min(process.stdout.columns || 100, 120)), unicode: speaksUnicode(process.env) };
}

/** Only a locale that says otherwise makes the summary plain ASCII; containers and CI often set none and take UTF-8. */
function speaksUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale);
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

/** Writes a file, its folder made where it is not there. Throws UsageError. */
export function save(file: string, text: string): void {
  try {
    if (dirname(file) !== '.') mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as Error).message}`, '--output', 'name a file in a folder that you may write to');
  }
}
