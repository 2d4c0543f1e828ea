import type { Outcome, Report } from '../model/report.js';
import { text } from './markdown-text.js';

const marks: Readonly<Record<Outcome, string>> = { pass: 'x', fail: ' ', unknown: ' ', error: ' ', 'not-applicable': ' ' };
const words: Readonly<Record<Outcome, string>> = {
  pass: '✅',
  fail: '❌ fails',
  unknown: '❔ not verified',
  error: '❔ the check broke',
  'not-applicable': '➖ does not apply',
};

/** The lines of a checklist of one's own, section by section in its order, each with its outcome; empty where it has none. */
export function checklistItems(report: Report): string {
  const sections = report.checklist.sections.filter((s) => (s.items ?? []).length > 0);
  if (sections.length === 0) return '';
  const all = sections.flatMap((s) => s.items ?? []);
  const count = (outcome: Outcome): number => all.filter((item) => item.outcome === outcome).length;
  const parts = [
    `## ${text(report.checklist.title)}`,
    `${all.length} lines: ${count('pass')} pass, ${count('fail')} fail, ${count('unknown') + count('error')} not verified, ${count('not-applicable')} do not apply.`,
  ];
  for (const section of sections) {
    const lines = (section.items ?? []).map((item) => {
      const by = item.checks.length > 0 ? ` (${item.checks.map((id) => `\`${id.replace(/[^\w./-]/g, '')}\``).join(', ')})` : '';
      return `- [${marks[item.outcome]}] ${text(item.text)}: ${words[item.outcome]}${item.outcome === 'pass' && item.checks.length > 0 ? '' : `, ${text(item.summary)}`}${by}`;
    });
    parts.push(`### ${text(section.title)}`, lines.join('\n'));
  }
  return parts.join('\n\n');
}
