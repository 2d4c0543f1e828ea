import type { Severity } from '../model/check.js';
import { escapeWorkflowCommand, oneLine } from '../safe/escape.js';
import { annotationsOf, type Annotation } from './annotations.js';
import type { Format } from './format.js';
import { cut, plural, scoreText } from './words.js';

const commands: Readonly<Record<Severity, string>> = { critical: 'error', important: 'warning', recommended: 'notice' };
/** GitHub shows this many annotations of one kind for one step and drops the rest. */
const shownPerKind = 10;
/** Titles longer than this are refused; a message may take 64 KB, but nobody reads more than some lines. */
const longestTitle = 255;
const longestMessage = 2000;

/** Workflow commands for GitHub Actions, the worst failures first; print them in a step. For the step summary see markdown-summary. */
export const github: Format = {
  name: 'github',
  extension: 'txt',
  render(report) {
    const open = annotationsOf(report).filter((a) => !a.waived);
    const lines = Object.values(commands).flatMap((command) => {
      const own = open.filter((a) => commands[a.finding.severity] === command);
      return own.slice(0, shownPerKind).map((a) => annotate(command, a));
    });
    const rest = open.length - lines.length;
    const total = `readiness: ${report.verdict}, score ${scoreText(report.score.value)}, ${plural(open.length, 'annotation')}${rest > 0 ? `, ${rest} not shown` : ''}`;
    return `${[...lines, total].join('\n')}\n`;
  },
};

function annotate(command: string, { finding, path, line, message }: Annotation): string {
  const place = path === null ? [] : [`file=${escapeWorkflowCommand(oneLine(path), true)}`, `line=${Math.max(1, line)}`];
  const properties = [...place, `title=${escapeWorkflowCommand(cut(oneLine(finding.title), longestTitle), true)}`].join(',');
  return `::${command} ${properties}::${escapeWorkflowCommand(`${cut(message, longestMessage)}. ${cut(oneLine(finding.fix.text), longestMessage)} (${finding.check})`)}`;
}
