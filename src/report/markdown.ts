import { languageOf } from './languages.js';
import { assess, type Assessment, type CategoryStatus, type CategoryView } from './assessment.js';
import { earnedShare } from '../model/points.js';
import type { Finding, Report, Verdict } from '../model/report.js';
import { changesMarkdown } from './changes.js';
import type { Format } from './format.js';
import { deploymentChecklist, ownLayout } from './markdown-checklist.js';
import { architecture, blockers, environment, implementation, targets } from './markdown-operations.js';
import { checklistItems } from './markdown-items.js';
import { bullets, fence, id, placeLink, reference, section, table, text } from './markdown-text.js';
import { hoursPerWeek } from './plan.js';
import { acceptedBy, acceptedUntil } from './waiver.js';
import {
  codeOf,
  commitText,
  environmentText,
  effortHours,
  hoursText,
  kindTexts,
  mainEvidence,
  plural,
  priorities,
  scoreText,
  starsText,
  verdictMeanings,
} from './words.js';

export const verdictMarks: Readonly<Record<Verdict, string>> = {
  'DO NOT DEPLOY': '⛔',
  'NOT READY': '❌',
  'READY WITH CONDITIONS': '⚠️',
  READY: '✅',
};
const statusMarks: Readonly<Record<CategoryStatus, string>> = {
  EXCELLENT: '✅',
  READY: '✅',
  IMPROVE: '🔧',
  CONDITIONS: '⚠️',
  'NOT READY': '❌',
  BLOCKED: '⛔',
  'NOT VERIFIED': '❔',
  'NOT APPLICABLE': '➖',
};

/** Weeks and recommended risks listed one by one; what is beyond is summed up. */
const listedWeeks = 12;
const listedPlaces = 10;

/** The assessment document: every sentence computed from the report. */
export const markdown: Format = {
  name: 'markdown',
  extension: 'md',
  render(report) {
    const assessment = assess(report);
    const parts = [
      header(report),
      summary(assessment),
      ratings(assessment),
      checklistItems(report),
      changes(report),
      ...assessment.categories.map(categorySection),
      environment(assessment),
      architecture(assessment),
      implementation(assessment),
      targets(assessment),
      ownLayout(assessment),
      deploymentChecklist(assessment),
      risks(assessment),
      recommendations(assessment),
      cheapest(assessment),
      weeks(assessment),
      unverified(assessment),
      exceptions(assessment),
      notes(report),
      conclusion(assessment),
    ];
    return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  },
};

const percent = (value: number | null): string => (value === null ? 'none' : `${value} %`);

function header(report: Report): string {
  const { target, checklist, score, tool } = report;
  const live = environmentText(report);
  return [
    `# Production readiness assessment: ${text(target.name)}`,
    table(
      ['', ''],
      [
        ['**Verdict**', `${verdictMarks[report.verdict]} **${report.verdict}**`],
        [
          '**Score**',
          `${scoreText(score.value)} of 100 · ${score.outOfTen === null ? 'no rating' : `${score.outOfTen}/10`} · ${starsText(score.stars)}`,
        ],
        ['**Coverage**', `${score.coverage} % of the applicable weight was decided`],
        ['**Date**', report.date.slice(0, 10)],
        ['**Version assessed**', text(commitText(target))],
        ...(live ? [['**Running system**', text(live)]] : []),
        ['**Checklist**', `${text(checklist.title)} (${checklist.sources.map(text).join(', ')})`],
        ['**Assessed by**', `${text(`${tool.name} ${tool.version}`)}, ${target.readFiles} of ${target.files} files read`],
      ],
    ),
    `> ${verdictMeanings[report.verdict]}`,
  ].join('\n\n');
}

function summary({ summary: sentences, report }: Assessment): string {
  const gates = report.gates.map((g) => `${g.holds ? '✅' : '❌'} ${text(g.name)}: ${text(g.message)}`);
  const { score, verdict } = report;
  return section(
    'Executive summary',
    `### Deployment readiness: ${starsText(score.stars)} ${score.outOfTen === null ? 'no rating' : `${score.outOfTen}/10`} · ${verdictMarks[verdict]} ${verdict}`,
    bullets(sentences.map(text)),
    gates.length > 0 ? `**Gates**\n\n${bullets(gates)}` : '',
  );
}

function ratings({ categories, report }: Assessment): string {
  const rows = categories.map((c) => [
    text(c.title),
    `${statusMarks[c.status]} ${c.status}`,
    scoreText(c.score.value),
    starsText(c.score.stars),
    `${c.passes.length}`,
    `${c.failures.length}${c.waived.length > 0 ? ` + ${c.waived.length} waived` : ''}`,
    `${c.unverified.length}`,
    percent(c.score.coverage),
  ]);
  const { score } = report;
  const range =
    score.low === null
      ? ''
      : `If everything that is open failed, the score would be **${score.low}**; if it all passed, **${score.high}**.`;
  return section(
    'Rating',
    `**${scoreText(score.value)} of 100** ${starsText(score.stars)}. ${range}`,
    table(['Category', 'Status', 'Score', 'Rating', 'Pass', 'Fail', 'Open', 'Coverage'], rows),
  );
}

function categorySection(category: CategoryView): string {
  const { score } = category;
  const heading = `${text(category.title)}: ${statusMarks[category.status]} ${category.status}`;
  const rating = score.value === null ? '' : `**Rating**: ${starsText(score.stars)} ${score.value} of 100, decided on ${score.coverage} %`;
  return section(
    heading,
    rating,
    ...category.failures.filter((f) => !isMinor(f)).map(failure),
    category.failures.some(isMinor) ? `### Recommended as well\n\n${bullets(category.failures.filter(isMinor).map(minorLine))}` : '',
    category.waived.length > 0 ? `### Accepted for now\n\n${bullets(category.waived.map(waivedLine))}` : '',
    category.passes.length > 0 ? `### What holds\n\n${bullets(category.passes.map(passLine))}` : '',
    category.unverified.length > 0 ? `### Not verified\n\n${bullets(category.unverified.map(openLine))}` : '',
    category.notApplicable.length > 0 ? `Not applicable: ${category.notApplicable.map(id).join(', ')}.` : '',
  );
}

function failure(finding: Finding): string {
  const against = finding.evidence.filter((e) => e.answer === 'no');
  const placed = against.filter((e) => e.location ?? e.where);
  const main = mainEvidence(finding);
  const code = codeOf(main);
  const places = placed.slice(0, listedPlaces).map((e) => `${placeLink(e)}: ${text(e.message)}`);
  const share = Math.round(earnedShare(finding) * 100);
  const single = placed.length === 1 && finding.summary.includes(placed[0]?.message ?? '');
  const both = finding.disagreement
    ? [
        `declared: ${text(finding.disagreement.declared.message)} (${placeLink(finding.disagreement.declared)})`,
        `observed: ${text(finding.disagreement.observed.message)} (${placeLink(finding.disagreement.observed)})`,
      ]
    : [];
  return [
    `### ${finding.kind === 'missing' ? '⚠️' : '❌'} ${text(finding.title)}`,
    `${id(finding)} · ${finding.severity} · ${kindTexts[finding.kind ?? 'violation']} · effort: ${finding.effort}${share > 0 ? ` · earns ${share} % of its points` : ''}`,
    `**Result**: ${text(finding.summary)}${single ? ` (${placeLink(placed[0])})` : ''}`,
    bullets(both),
    single
      ? ''
      : bullets([...places, ...(placed.length > listedPlaces ? [`and ${plural(placed.length - listedPlaces, 'more place')}`] : [])]),
    `**Why it matters**: ${text(finding.why)}`,
    code ? `**Current** (${placeLink(main)})\n\n${fence(code.text, languageOf(main?.location?.path))}` : '',
    `**Recommended**: ${text(finding.fix.text)}`,
    finding.fix.snippet ? fence(finding.fix.snippet, finding.fix.language) : '',
    finding.references.length > 0 ? `References: ${finding.references.map(reference).join(', ')}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Recommended points of which nothing was found: a line each; `readiness explain` says the rest. */
const isMinor = (finding: Finding): boolean => finding.severity === 'recommended' && finding.kind === 'missing';

const minorLine = (finding: Finding): string =>
  `⚠️ **${text(finding.title)}**: ${text(finding.fix.text)} (${finding.effort}, ${id(finding)})`;

function passLine(finding: Finding): string {
  const links = finding.evidence
    .filter((e) => e.location)
    .slice(0, 3)
    .map(placeLink);
  const rung = finding.rung ? ` (${finding.rung})` : '';
  return `✅ **${text(finding.title)}**${rung}: ${text(finding.summary)}${links.length > 0 ? ` (${links.join(', ')})` : ''}`;
}

const openLine = (finding: Finding): string => {
  const link = placeLink(mainEvidence(finding));
  return `${finding.outcome === 'error' ? '💥' : '❔'} **${text(finding.title)}** (${finding.severity}): ${text(finding.summary)}${link ? ` (${link})` : ''}`;
};

const waivedLine = (finding: Finding): string =>
  `⏸️ **${text(finding.title)}** (${finding.severity}): ${text(finding.summary)}. Waived ${text(finding.waiver ? acceptedBy(finding.waiver) : '')}: ${text(finding.waiver?.reason ?? '')}`;

function risks({ risks: all }: Assessment): string {
  const listed = all.filter((r) => r.finding.severity !== 'recommended');
  const rest = all.length - listed.length;
  if (all.length === 0) return section('Risk register', 'No open risk: nothing that was decided fails.');
  return section(
    'Risk register',
    listed.length > 0
      ? table(
          ['#', 'Risk', 'Impact', 'Mitigation', 'Priority', 'Timeline'],
          listed.map(({ finding, timeline }, i) => [
            `${i + 1}`,
            `${finding.kind === 'missing' ? `Missing: ${text(finding.title)}` : text(finding.summary)} (${id(finding)})`,
            text(finding.why),
            text(finding.fix.text),
            priorities[finding.severity],
            timeline,
          ]),
        )
      : '',
    rest > 0
      ? `${plural(rest, 'recommended point')} of medium priority ${rest === 1 ? 'stands' : 'stand'} under the recommendations below.`
      : '',
  );
}

function recommendations({ recommendations: { immediate, soon, later }, quickWins }: Assessment): string {
  const group = (title: string, findings: readonly Finding[]): string =>
    findings.length === 0
      ? ''
      : `### ${title}\n\n${findings.map((f, i) => `${i + 1}. **${text(f.title)}**: ${text(f.fix.text)} (${f.effort}, ${id(f)})`).join('\n')}`;
  if (immediate.length + soon.length + later.length === 0) return '';
  const wins = quickWins.map(
    ({ finding, gain }) => `**${text(finding.title)}**, +${Math.round(gain * 10) / 10} on the score: ${text(finding.fix.text)}`,
  );
  return section(
    'Recommendations',
    group('Immediately: must be fixed before production', immediate),
    group('Within 30 days: should be fixed', soon),
    group('Later: recommended', later),
    wins.length > 0 ? `### Quick wins\n\nEach takes minutes; what raises the score most comes first.\n\n${bullets(wins)}` : '',
  );
}

function cheapest({ path, report }: Assessment): string {
  if (!path) return '';
  const { thresholds } = report.checklist;
  const limits = [
    ...(thresholds.score === null ? [] : [`a score of ${thresholds.score}`]),
    ...(thresholds.coverage === null ? [] : [`a coverage of ${thresholds.coverage} %`]),
  ];
  const steps = [
    ...path.fixes.map((f) => `Fix **${text(f.title)}** (${f.severity}, ${f.effort}, ${id(f)})`),
    ...path.verify.map((f) => `Verify **${text(f.title)}** (${f.severity}, ${id(f)})`),
    ...path.settle.map((f) => `Replace ${f.waiver ? 'the waiver' : 'the attestation'} of **${text(f.title)}** by evidence (${id(f)})`),
  ];
  const hours = path.fixes.length > 0 ? `, about ${hoursText(path.hours)}` : '';
  return section(
    `The cheapest path to ${path.goal}`,
    `${plural(steps.length, 'step')}${hours}. Afterwards the score is ${scoreText(path.score)} with a coverage of ${path.coverage} %, if what is to be verified holds.`,
    steps.map((s, i) => `${i + 1}. ${s}`).join('\n'),
    `_What the verdict demands outright is listed in full${limits.length > 0 ? `; the rest is the smallest effort that also reaches ${limits.join(' and ')}` : ''}. Minutes count as ${effortHours.minutes} hours, hours as ${effortHours.hours}, days as ${effortHours.days}; the real effort may differ._`,
  );
}

function weeks({ weeks: all }: Assessment): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, listedWeeks);
  const rest = all.slice(listedWeeks);
  const left = rest.reduce((n, w) => n + w.fixes.length, 0);
  return section(
    'Week by week',
    `One person with ${hoursPerWeek} hours a week for this, the worst first.`,
    ...shown.map(
      (w) => `**Week ${w.week}** (${w.hours} hours)\n\n${bullets(w.fixes.map((f) => `${text(f.title)} (${f.severity}, ${f.effort})`))}`,
    ),
    rest.length > 0 ? `After that: ${plural(left, 'more check')}, until week ${all.at(-1)?.week}.` : '',
  );
}

function unverified({ unverified: groups }: Assessment): string {
  if (groups.length === 0) return section('What was not verified', 'Every applicable check was decided.');
  const example = groups.find((g) => g.findings.some((f) => f.outcome === 'unknown'))?.findings[0];
  return section(
    'What was not verified',
    ...groups.map(
      (g) =>
        `### ${g.title} (${g.findings.length})\n\n${g.how}\n\n${g.command ? `${fence(g.command, 'bash')}\n\n` : ''}${bullets(g.findings.map((f) => `**${text(f.title)}** (${f.severity}, ${id(f)}): ${text(f.summary)}`))}`,
    ),
    example ? `An attestation in \`readiness.yaml\`, with your own words and dates:\n\n${fence(attestationExample(example), 'yaml')}` : '',
  );
}

const attestationExample = (finding: Finding): string =>
  [
    'attestations:',
    `  - check: ${finding.check}`,
    '    statement: what is in place, in one sentence',
    '    by: who says so',
    '    on: YYYY-MM-DD',
    '    evidence: https://where.it.can.be.seen',
    '    expires: YYYY-MM-DD',
  ].join('\n');

function changes(report: Report): string {
  const body = changesMarkdown(report);
  return body === '' ? '' : section('What changed', body);
}

function exceptions({ waived, attested }: Assessment): string {
  if (waived.length + attested.length === 0) return '';
  return section(
    'Waivers and attestations',
    waived.length > 0
      ? table(
          ['Waived', 'Reason', 'Owner', 'Expires'],
          waived.map((f) => [
            `${text(f.title)} (${id(f)})`,
            text(f.waiver?.reason ?? ''),
            text(f.waiver?.owner ?? ''),
            f.waiver ? acceptedUntil(f.waiver) : '',
          ]),
        )
      : '',
    attested.length > 0
      ? table(
          ['Attested', 'Statement', 'By', 'On', 'Evidence', 'Expires'],
          attested.map((f) => {
            const a = f.attestation;
            return [
              `${text(f.title)} (${id(f)})`,
              text(a?.statement ?? ''),
              text(a?.by ?? ''),
              a?.on ?? '',
              reference(a?.evidence ?? ''),
              a?.expires ?? '',
            ];
          }),
        )
      : '',
  );
}

function notes({ notes: all }: Report): string {
  if (all.length === 0) return '';
  return section('Notes on this audit', bullets(all.map((n) => `${n.kind}: ${text(n.message)}${n.location ? ` (${placeLink(n)})` : ''}`)));
}

function conclusion({ report, categories, waived, attested, ...assessment }: Assessment): string {
  const { score, counts, verdict } = report;
  const open = assessment.risks;
  const of = (severity: Finding['severity']): number => open.filter((r) => r.finding.severity === severity).length;
  const rows = [
    ['Verdict', `${verdictMarks[verdict]} **${verdict}**`],
    ['Score', `${scoreText(score.value)} of 100 (${starsText(score.stars)})`],
    ['Range', score.low === null ? 'none' : `${score.low} to ${score.high}`],
    ['Coverage', `${score.coverage} %`],
    ['Checks passed', `${counts.pass}`],
    ['Checks failed', `${counts.fail} (open: ${of('critical')} critical, ${of('important')} important, ${of('recommended')} recommended)`],
    ['Not verified', `${counts.unknown + counts.error}`],
    ['Not applicable', `${counts['not-applicable']}`],
  ];
  const asked = categories.filter((c) => c.status !== 'NOT APPLICABLE');
  const lapses = [...waived.map((f) => f.waiver?.expires), ...attested.map((f) => f.attestation?.expires)]
    .filter((d) => typeof d === 'string')
    .sort();
  return section(
    'Conclusion',
    `### ${verdictMarks[verdict]} ${verdict}\n\n${[verdictMeanings[verdict], blockers(report)].filter((s) => s !== '').join(' ')}`,
    '### Final assessment summary',
    table(
      ['Category', 'Rating', 'Score', 'Status'],
      [
        ...asked.map((c) => [text(c.title), starsText(c.score.stars), scoreText(c.score.value), `${statusMarks[c.status]} ${c.status}`]),
        ['**Overall**', `**${starsText(score.stars)}**`, `**${scoreText(score.value)}**`, `${verdictMarks[verdict]} **${verdict}**`],
      ],
    ),
    table(
      ['', ''],
      rows.map(([name = '', value = '']) => [`**${name}**`, value]),
    ),
    `### Sign-off\n\nAssessed by ${text(`${report.tool.name} ${report.tool.version}`)} on ${report.date.slice(0, 10)}: ${text(report.target.name)} at ${text(commitText(report.target))} is ${verdict}.${lapses[0] ? ` To be assessed again by ${lapses[0]}, when the first waiver or attestation lapses.` : ''}`,
    table(
      ['Role', 'Name', 'Date', 'Signature'],
      ['Engineering', 'Operations', 'Security', 'Product', 'Go-live'].map((role) => [role, '', '', '']),
    ),
  );
}
