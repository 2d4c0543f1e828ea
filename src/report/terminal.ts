import { Chalk, type ChalkInstance } from 'chalk';
import type { Severity } from '../model/check.js';
import type { Finding, Report, Verdict } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import { changesLines } from './changes.js';
import type { Format, RenderOptions } from './format.js';
import { cheapestPath } from './plan.js';
import { sparkline } from './trend.js';
import {
  categoryTitle,
  commitText,
  environmentText,
  hoursText,
  mainEvidence,
  placeText,
  plural,
  rolledUp,
  scoreText,
  starsText,
  worstFirst,
} from './words.js';

/** Lines of a screen that the summary tries to keep to. */
const screenLines = 40;
/** Columns under which nothing is laid out any more; terminals that are narrower still break the lines themselves. */
const narrowest = 36;
/** Lines that one reason of the verdict may take. */
const reasonLines = 2;

interface Pen {
  readonly chalk: ChalkInstance;
  readonly width: number;
  readonly unicode: boolean;
  readonly verbose: boolean;
}

/** A summary that fits a screen; with `verbose`, every finding with its evidence as well. */
export const terminal: Format = {
  name: 'terminal',
  extension: 'txt',
  render(report, options) {
    const pen = penOf(options);
    const head = [...header(report, pen), '', ...verdictBlock(report, pen), '', ...changes(report, pen), ...categoryBars(report, pen), ''];
    const tail = [...unverified(report, pen), ...notes(report, pen), ...nextSteps(report, pen)];
    const body = pen.verbose ? everything(report, pen) : worst(report, pen, screenLines - head.length - tail.length);
    return `${[...head, ...body, ...tail].join('\n')}\n`;
  },
};

function penOf({ color, width, verbose, unicode = true }: RenderOptions): Pen {
  return { chalk: new Chalk({ level: color ? 1 : 0 }), width: Math.max(narrowest, width), unicode, verbose };
}

function header(report: Report, { chalk, width }: Pen): string[] {
  const { target, checklist, tool } = report;
  const live = environmentText(report);
  const left = `${tool.name} ${tool.version}`;
  const right = `${oneLine(target.name)}  ${oneLine(commitText(target))}`;
  return [
    cut(`${left}  ${right}`, width).replace(left, chalk.bold(left)),
    chalk.dim(cut(`${oneLine(checklist.title)} · ${target.readFiles} of ${target.files} files read`, width)),
    ...(live ? [chalk.dim(cut(oneLine(live), width))] : []),
  ];
}

const verdictColour = (verdict: Verdict, chalk: ChalkInstance): ChalkInstance =>
  ({
    'DO NOT DEPLOY': chalk.bgRed.white.bold,
    'NOT READY': chalk.red.bold,
    'READY WITH CONDITIONS': chalk.yellow.bold,
    READY: chalk.green.bold,
  })[verdict];

function verdictBlock(report: Report, { chalk, width, unicode }: Pen): string[] {
  const { score, counts } = report;
  const range = score.low === null || score.low === score.high ? '' : `, between ${score.low} and ${score.high} with what is open`;
  const rating = score.value === null ? 'no score' : `${score.value}/100 ${starsText(score.stars, unicode)}`;
  const open = counts.unknown + counts.error;
  const waived = rolledUp(report).filter((f) => f.waiver).length;
  const reasons = report.reasons.slice(0, 3).flatMap((reason) => short(oneLine(reason), width - 2, reasonLines));
  const tally: [text: string, colour: ChalkInstance][] = [
    [`${counts.pass} passed`, chalk.green],
    [`${counts.fail} failed${waived > 0 ? ` (${waived} waived)` : ''}`, chalk.red],
    [`${open} unverified`, chalk.yellow],
    [`${counts['not-applicable']} not applicable`, chalk.dim],
  ];
  const inOneLine = tally.map(([text]) => text).join('  ').length <= width - 2;
  const coloured = tally.map(([text, colour]) => colour(text));
  return [
    `${verdictColour(report.verdict, chalk)(` ${report.verdict} `)}  ${chalk.bold(rating)}`,
    ...wrap(`Decided on ${score.coverage} % of the weight${range}.`, width - 2).map((line) => `  ${line}`),
    ...(inOneLine ? [coloured.join('  ')] : [coloured.slice(0, 2).join('  '), coloured.slice(2).join('  ')]).map((line) => `  ${line}`),
    ...reasons.map((line) => `  ${line}`),
  ];
}

/** Wrapped to at most so many lines; the last is cut where there would be more. */
function short(text: string, width: number, most: number): string[] {
  const lines = wrap(text, width);
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), cut(lines.slice(most - 1).join(' '), width)];
}

/** What changed since the baseline, and the scores of the kept audits in one line; nothing where neither is there. */
function changes(report: Report, { width, unicode, verbose }: Pen): string[] {
  const past = report.history ?? [];
  const trend =
    past.length > 1
      ? [
          `Trend of ${past.length} audits: ${sparkline(
            past.map((p) => p.score),
            { width: width - 30, unicode },
          )}`,
        ]
      : [];
  const since = changesLines(report, verbose ? 50 : 5).map((line) => cut(line, width));
  return since.length + trend.length > 0 ? [...since, ...trend, ''] : [];
}

function categoryBars(report: Report, pen: Pen): string[] {
  const shown = report.categories.filter((c) => c.score.value !== null || c.counts.unknown + c.counts.error > 0);
  const columns = pen.width >= 76 && shown.length > 6 ? 2 : 1;
  const column = Math.floor((pen.width - (columns - 1) * 3) / columns);
  const cells = shown.map((c) => bar(c, column, pen));
  const rows = Math.ceil(cells.length / columns);
  return Array.from({ length: rows }, (_, row) =>
    [cells[row], cells[row + rows]]
      .filter((cell) => cell !== undefined)
      .join('   ')
      .trimEnd(),
  );
}

/** Title, bar, score rounded down, and how many checks are open behind a question mark. */
function bar({ name: id, score: { value }, counts }: Report['categories'][number], width: number, { chalk, unicode }: Pen): string {
  const name = fit(categoryTitle(oneLine(id)), 16);
  const open = counts.unknown + counts.error;
  const room = Math.min(30, width - 16 - 10);
  const filled = value === null ? 0 : Math.round((value / 100) * room);
  const [full, empty] = unicode ? ['█', '░'] : ['#', '.'];
  const colour = value === null ? chalk.dim : value >= 80 ? chalk.green : value >= 50 ? chalk.yellow : chalk.red;
  const number = value === null ? '-' : scoreText(Math.floor(value));
  return `${name} ${colour(full.repeat(filled))}${chalk.dim(empty.repeat(room - filled))} ${number.padStart(3)} ${chalk.yellow((open > 0 ? `${open}?` : '').padEnd(3))}`;
}

const severityColour = (severity: Severity, chalk: ChalkInstance): ChalkInstance =>
  ({ critical: chalk.red.bold, important: chalk.yellow, recommended: chalk.cyan })[severity];

/** The worst failures, as many as there is room for, three lines each; always at least three of them. */
function worst(report: Report, pen: Pen, room: number): string[] {
  const failing = worstFirst(rolledUp(report).filter((f) => f.outcome === 'fail' && !f.waiver));
  if (failing.length === 0) return [];
  const lines = [pen.chalk.bold(`What fails (${failing.length}), the worst first`)];
  let shown = 0;
  for (const finding of failing) {
    const block = failure(finding, pen);
    if (shown >= 3 && lines.length + block.length + 2 > room) break;
    lines.push(...block);
    shown += 1;
  }
  const rest = failing.length - shown;
  return [...lines, ...(rest > 0 ? [pen.chalk.dim(`  and ${rest} more: see --verbose`)] : []), ''];
}

function failure(finding: Finding, pen: Pen): string[] {
  const { chalk, width, unicode } = pen;
  const mark = severityColour(finding.severity, chalk)(`${unicode ? '✗' : 'x'} ${finding.severity}`);
  const title = cut(oneLine(finding.title), Math.max(10, width - finding.severity.length - 4));
  const place = oneLine(placeText(mainEvidence(finding)));
  const found = `${place ? `${place}  ` : ''}${oneLine(finding.summary)}`;
  const fix = cut(`fix: ${oneLine(finding.fix.text)}`, width - 4);
  const lines = [`${mark}  ${title}`, `    ${cut(found, width - 4)}`, `    ${chalk.dim(fix)}`];
  if (place && lines[1]) lines[1] = lines[1].replace(place, () => chalk.cyan(place));
  return lines;
}

/** Every finding by category with its evidence, for `--verbose`. */
function everything(report: Report, pen: Pen): string[] {
  const { chalk, width } = pen;
  const lines: string[] = [];
  for (const category of report.categories) {
    const members = rolledUp(report).filter((f) => f.category === category.name && f.outcome !== 'not-applicable');
    if (members.length === 0) continue;
    lines.push(chalk.bold(`${categoryTitle(oneLine(category.name))}  ${scoreText(category.score.value)}`));
    for (const finding of members) {
      const state = finding.waiver ? 'waived' : finding.attestation ? 'attested' : finding.outcome;
      const colour = {
        pass: chalk.green,
        fail: severityColour(finding.severity, chalk),
        unknown: chalk.yellow,
        error: chalk.magenta,
        'not-applicable': chalk.dim,
      }[finding.outcome];
      lines.push(`  ${colour(fit(state, 8))} ${cut(oneLine(finding.title), width - 11)}`);
      lines.push(`           ${chalk.dim(cut(`${finding.check}, ${finding.severity}`, width - 11))}`);
      lines.push(...wrap(oneLine(finding.summary), width - 11).map((line) => `           ${line}`));
      for (const e of finding.evidence.filter((item) => item.location ?? item.where).slice(0, 5)) {
        lines.push(`             ${cut(`${oneLine(placeText(e))}  ${oneLine(e.excerpt ?? e.message)}`, width - 13)}`);
      }
      if (finding.outcome === 'fail')
        lines.push(...wrap(`fix: ${oneLine(finding.fix.text)}`, width - 11).map((line) => `           ${chalk.dim(line)}`));
    }
    lines.push('');
  }
  return lines;
}

function unverified(report: Report, { chalk, width }: Pen): string[] {
  const open = report.counts.unknown + report.counts.error;
  if (open === 0) return [];
  const text = `${plural(open, 'check is', 'checks are')} open: ${report.environment ? '' : 'name the running system (--url ...), or '}attest them.`;
  return wrap(text, width - 2).map((line) => chalk.yellow(line));
}

const noteOrder: readonly Report['notes'][number]['kind'][] = ['exception', 'checklist', 'unreadable', 'limit'];

function notes(report: Report, { chalk, width, verbose }: Pen): string[] {
  // What somebody has said and what had no effect comes before what limits cut off.
  const sorted = [...report.notes].sort((a, b) => noteOrder.indexOf(a.kind) - noteOrder.indexOf(b.kind));
  const lines = new Map<string, Report['notes']>();
  for (const n of sorted) lines.set(n.message, [...(lines.get(n.message) ?? []), n]);
  const all = verbose ? sorted.map((n) => [n.message, [n]] as const) : [...lines];
  const shown = verbose ? all : all.slice(0, 3);
  const rest = all.length - shown.length;
  // The same of several files is one line.
  const placeOf = (same: readonly Report['notes'][number][]): string => {
    const place = placeText(same[0]);
    return place === '' || same.some((n) => n.message.includes(place))
      ? ''
      : `${place}${same.length > 1 ? ` and ${same.length - 1} more` : ''}: `;
  };
  return [
    ...shown.map(([message, same]) => chalk.dim(cut(`note: ${oneLine(placeOf(same))} ${oneLine(message)}`.replace('  ', ' '), width))),
    ...(rest > 0 ? [chalk.dim(`      and ${plural(rest, 'more note')}`)] : []),
  ];
}

function nextSteps(report: Report, { chalk, width }: Pen): string[] {
  const first = worstFirst(rolledUp(report).filter((f) => f.outcome === 'fail' && !f.waiver))[0];
  const path = cheapestPath(report);
  const way =
    path && path.fixes.length > 0
      ? wrap(
          `${plural(path.fixes.length, 'fix', 'fixes')}, about ${hoursText(path.hours)}${path.verify.length > 0 ? `, and ${path.verify.length} to verify` : ''}, lead to ${path.goal}.`,
          width,
        )
      : [];
  const command = (text: string, what: string): string =>
    `  ${chalk.bold(text.padEnd(width >= 80 ? 57 : 0))}${width >= 80 ? chalk.dim(` ${what}`) : ''}`;
  return [
    ...way,
    '',
    ...(first ? [command(`readiness explain ${oneLine(first.check)}`, 'why, and the fix')] : []),
    command('readiness audit --format markdown --output assessment.md', 'in full'),
  ];
}

/** Columns that a text takes: East Asian wide characters and emoji take two. */
function widthOf(text: string): number {
  let columns = 0;
  for (const char of text)
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
        char,
      ) && char > '\u00ff'
        ? 2
        : 1;
  return columns;
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let result = '';
  let columns = 0;
  for (const char of text) {
    columns += widthOf(char);
    if (columns > width - 1) break;
    result += char;
  }
  return `${result.trimEnd()}…`;
}

const fit = (text: string, width: number): string => {
  const short = cut(text, width);
  return short + ' '.repeat(width - widthOf(short));
};

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = '';
    }
    line = line ? `${line} ${word}` : cut(word, width);
  }
  return line ? [...lines, line] : lines;
}
