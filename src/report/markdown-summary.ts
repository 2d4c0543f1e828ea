import { changesSummary } from './changes.js';
import type { Format } from './format.js';
import { assess } from './assessment.js';
import { placeLink, table, text } from './markdown-text.js';
import { categoryTitle, cut, hoursText, mainEvidence, plural, scoreText, starsText } from './words.js';
import { verdictMarks } from './markdown.js';

const listed = 10;
/** Characters of one cell, so that the whole fits a comment (65,536 characters) whatever the texts are. */
const cell = 300;

/** A short Markdown text for a step summary or a comment on a pull request: verdict, gates, the worst failures, the way on. */
export const markdownSummary: Format = {
  name: 'markdown-summary',
  extension: 'md',
  render(report) {
    const { score, counts } = report;
    const { risks, path } = assess(report);
    const open = counts.unknown + counts.error;
    const range = score.low === null || score.low === score.high ? '' : `, between ${score.low} and ${score.high}`;
    const rows = risks
      .slice(0, listed)
      .map(({ finding }) => [
        finding.severity,
        `${text(cut(finding.title, cell))} (\`${finding.check.replace(/[^\w./-]/g, '')}\`)`,
        placeLink(mainEvidence(finding)) || 'missing',
        text(cut(finding.fix.text, cell)),
      ]);
    const weakest = [...report.categories]
      .filter((c) => c.score.value !== null && c.score.value < 100)
      .sort((a, b) => (a.score.value ?? 0) - (b.score.value ?? 0))
      .slice(0, 5)
      .map((c) => `${text(categoryTitle(c.name))} ${scoreText(c.score.value)}`);
    const parts = [
      `## ${verdictMarks[report.verdict]} ${report.verdict}: ${scoreText(score.value)} of 100 ${starsText(score.stars)}`,
      `${plural(counts.pass, 'check')} passed, ${counts.fail} failed, ${open} not verified. Decided on ${score.coverage} % of the weight${range}.`,
      changesSummary(report),
      report.gates.map((g) => `- ${g.holds ? '✅' : '❌'} ${text(g.name)}: ${text(cut(g.message, cell))}`).join('\n'),
      rows.length > 0 ? table(['Severity', 'Fails', 'Where', 'Fix'], rows) : '',
      risks.length > listed ? `and ${risks.length - listed} more.` : '',
      weakest.length > 0 ? `**Weakest categories**: ${weakest.join(', ')}` : '',
      path && path.fixes.length > 0
        ? `**Cheapest path to ${path.goal}**: ${plural(path.fixes.length, 'fix', 'fixes')}, about ${hoursText(path.hours)}.`
        : '',
    ];
    return `${parts.filter((p) => p !== '').join('\n\n')}\n`;
  },
};
