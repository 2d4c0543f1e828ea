import type { Severity } from '../model/check.js';
import { escapeWorkflowCommand, oneLine } from '../safe/escape.js';
import { annotationsOf, type Annotation } from './annotations.js';
import type { Format } from './format.js';
import { plural, scoreText } from './words.js';

const commands: Readonly<Record<Severity, string>> = { critical: 'error', important: 'warning', recommended: 'notice' };
/** GitHub shows this many annotations of one kind for one step and drops the rest. */
const shownPerKind = 10;

/** Workflow commands for GitHub Actions, the worst failures first; print them in a step. For the step summary see markdown-summary. */
export const github: Format = {
  name: 'github',
  extension: 'txt',
  render(report) {
    const open = annotationsOf(report).filter((a) => !a.finding.waiver);
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
  const properties = [...place, `title=${escapeWorkflowCommand(oneLine(finding.title), true)}`].join(',');
  return `::${command} ${properties}::${escapeWorkflowCommand(`${message}. ${oneLine(finding.fix.text)} (${finding.check})`)}`;
}
