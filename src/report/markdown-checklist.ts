import type { Finding } from '../model/report.js';
import type { Assessment, ChecklistGroup } from './assessment.js';
import { placeLink, section, text } from './markdown-text.js';
import { categoryTitle, cut, mainEvidence } from './words.js';

/** Points of a checklist up to which they need no headings of their own. */
const ungrouped = 12;
const reasonLength = 90;

/** What a phase asks before, at and after the deployment, ticked by evidence. */
export function deploymentChecklist({ phases }: Assessment): string {
  return section('Deployment checklist', ...phases.filter((g) => g.findings.length > 0).map(phase));
}

function phase({ title, findings }: ChecklistGroup): string {
  const head = `### ${text(title)} ${tally(findings)}`;
  if (findings.length <= ungrouped) return `${head}\n\n${findings.map(checklistLine).join('\n')}`;
  const categories = [...new Set(findings.map((f) => f.category))];
  const parts = categories.map((name) =>
    group(
      categoryTitle(name),
      findings.filter((f) => f.category === name),
    ),
  );
  return [head, ...parts].join('\n\n');
}

/**
 * The checklist in its own order, where it has one: `A / B` is the part B of the section A, as in the documents that it was made of.
 * A point that stands in several parts is told in each.
 */
export function ownLayout({ sections, report }: Assessment): string {
  const shown = sections.filter((s) => s.findings.length > 0);
  if (shown.length === 0) return '';
  const heads: string[] = [];
  const blocks = shown.map(({ title, findings }) => {
    const at = title.lastIndexOf(' / ');
    const [head, part] = at < 0 ? [title, ''] : [title.slice(0, at), title.slice(at + 3)];
    const isNew = heads.at(-1) !== head;
    heads.push(head);
    const own = part === '' ? findings.map(checklistLine).join('\n') : group(part, findings);
    return isNew ? `### ${text(head)}${part === '' ? ` ${tally(findings)}` : ''}\n\n${own}` : own;
  });
  return section(text(report.checklist.title), ...blocks);
}

const tally = (findings: readonly Finding[]): string => `(${findings.filter((f) => f.outcome === 'pass').length} of ${findings.length})`;

const group = (title: string, findings: readonly Finding[]): string =>
  `**${text(title)}** ${tally(findings)}\n\n${findings.map(checklistLine).join('\n')}`;

function checklistLine(finding: Finding): string {
  const must = finding.severity === 'critical' ? ' **(critical)**' : '';
  const link = placeLink(mainEvidence(finding));
  const where = link ? `, ${link}` : '';
  const state = {
    pass: finding.attestation ? `attested by ${text(finding.attestation.by)}` : link || text(cut(finding.summary, reasonLength)),
    fail: finding.waiver
      ? finding.waiver.expires === null
        ? 'waived by a comment'
        : `waived until ${finding.waiver.expires}`
      : `${finding.kind === 'missing' ? 'missing' : 'fails'}${where}`,
    unknown: 'not verified',
    error: 'could not be carried out',
    'not-applicable': 'not applicable',
  }[finding.outcome];
  return `- [${finding.outcome === 'pass' ? 'x' : ' '}] ${text(finding.title)}${must}: ${state}`;
}
