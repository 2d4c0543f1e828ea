import type { ChangeState, LedgerPartName } from '../model/changes.js';
import type { Baseline, Change, Report } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import { html, type Markup } from './html-text.js';
import { table, text } from './markdown-text.js';
import { differenceText } from './trend.js';
import { cut, plural, scoreText } from './words.js';

/** Characters of one text, so that a summary fits a comment. */
const cell = 300;

const stateTitles: Readonly<Record<ChangeState, string>> = {
  new: 'New',
  revealed: 'Seen for the first time (not judged in the baseline)',
  moved: 'Moved',
  unchanged: 'Unchanged',
  fixed: 'Fixed',
  undecided: 'No longer decided',
};

export const partTitles: Readonly<Record<LedgerPartName, string>> = {
  tool: 'Version of readiness',
  checklist: 'Checklist',
  environment: 'Environment and time',
  code: 'Code',
  exceptions: 'Waivers and attestations',
};

/** `main (1a2b3c4, 2026-11-20)`. */
export function baselineName({ source, commit, date }: Baseline): string {
  const short = commit?.slice(0, 7);
  const marks = [...(short && short !== source.slice(0, 7) ? [short] : []), date.slice(0, 10)];
  return `${oneLine(source)} (${marks.join(', ')})`;
}

/** `61.2 (+3.4)`, from the baseline's score to this one's. */
const scoreChange = (report: Report, baseline: Baseline): string => {
  const change = differenceText(baseline.score, report.score.value);
  return `${scoreText(baseline.score)} → ${scoreText(report.score.value)}${change ? ` (${change})` : ''}`;
};

/** `2 new, 1 fixed, 14 unchanged (3 moved)`. */
export function countsText({ counts }: Pick<Baseline, 'counts'>): string {
  const same = counts.unchanged + counts.moved;
  return [
    `${counts.new} new`,
    `${counts.fixed} fixed`,
    `${same} unchanged${counts.moved > 0 ? ` (${counts.moved} moved)` : ''}`,
    ...(counts.revealed > 0 ? [`${counts.revealed} seen for the first time`] : []),
    ...(counts.undecided > 0 ? [`${counts.undecided} no longer decided`] : []),
  ].join(', ');
}

const placeOf = (place: Change['location']): string => (place ? `${place.path}${place.line ? `:${place.line}` : ''}` : '');
const signed = (points: number): string => differenceText(0, points);
/** Parts that changed something, in the order of the ledger. */
const moving = (baseline: Baseline) => (baseline.ledger?.parts ?? []).filter((p) => p.points !== 0 || p.checks.length > 0);

/** For the terminal: what changed, at most `most` new failures by name. Empty without a baseline. */
export function changesLines(report: Report, most = 5): string[] {
  const { baseline } = report;
  if (!baseline) return [];
  const parts = moving(baseline).map((p) => `${partTitles[p.part].toLowerCase()} ${signed(p.points)}`);
  const fresh = baseline.changes.filter((c) => c.state === 'new' && !c.waived);
  return [
    `Since ${baselineName(baseline)}: ${scoreChange(report, baseline)}; ${countsText(baseline)}`,
    ...(parts.length > 0 ? [`  the change: ${parts.join(', ')}`] : []),
    ...fresh.slice(0, most).map((c) => `  new: ${oneLine(c.check)}  ${oneLine(placeOf(c.location) || c.message)}`),
    ...(fresh.length > most ? [`  and ${fresh.length - most} more new ones`] : []),
  ];
}

/** For a summary in Markdown: a line on what changed, and the new failures. '' without a baseline. */
export function changesSummary(report: Report, most = 10): string {
  const { baseline } = report;
  if (!baseline) return '';
  const fresh = baseline.changes.filter((c) => c.state === 'new' && !c.waived);
  const parts = moving(baseline).map((p) => `${partTitles[p.part].toLowerCase()} ${signed(p.points)}`);
  return [
    `**Since ${text(baselineName(baseline))}**: ${text(scoreChange(report, baseline))}; ${countsText(baseline)}.${parts.length > 0 ? ` The change: ${parts.join(', ')}.` : ''}`,
    ...(fresh.length > 0 ? [fresh.slice(0, most).map(newLine).join('\n')] : []),
    ...(fresh.length > most ? [`and ${fresh.length - most} more new ones.`] : []),
  ].join('\n\n');
}

const newLine = (c: Change): string =>
  `- 🆕 ${text(cut(c.title, cell))} (${c.severity})${c.location ? `, ${text(cut(placeOf(c.location), cell))}` : ''}: ${text(cut(oneLine(c.message), cell))}`;

/** The changes of each state that are listed; of what moved only that to another file or deployable, since lines move all the time. */
function groupsOf(baseline: Baseline): { state: ChangeState; own: Change[]; within: number }[] {
  return shownStates.flatMap((state) => {
    const all = baseline.changes.filter((c) => c.state === state);
    const own = all.filter((c) => state !== 'moved' || c.from?.path !== c.location?.path || !c.from);
    return all.length > 0 ? [{ state, own, within: all.length - own.length }] : [];
  });
}

const withinText = (count: number): string => `${plural(count, 'failure')} moved within ${count === 1 ? 'its file' : 'their files'}.`;

const shownStates: readonly ChangeState[] = ['new', 'revealed', 'fixed', 'undecided', 'moved'];

/** The whole section in Markdown, without its heading. '' without a baseline. */
export function changesMarkdown(report: Report, most = 100): string {
  const { baseline } = report;
  if (!baseline) return '';
  const ledger = baseline.ledger;
  const groups = groupsOf(baseline).flatMap(({ state, own, within }) => {
    if (own.length === 0) return [withinText(within)];
    const rows = own
      .slice(0, most)
      .map((c) => [
        c.severity,
        `${text(c.title)} (\`${text(c.check)}\`)`,
        whereMarkdown(c),
        `${text(oneLine(c.message))}${c.waived ? ' (waived)' : ''}`,
      ]);
    return [
      `### ${stateTitles[state]} (${own.length})`,
      table(['Severity', 'Check', 'Where', 'What'], rows),
      ...(own.length > most ? [`and ${own.length - most} more.`] : []),
      ...(within > 0 ? [withinText(within)] : []),
    ];
  });
  return [
    `Compared with ${text(baselineName(baseline))}: score ${text(scoreChange(report, baseline))}, verdict ${baseline.verdict} → ${report.verdict}; ${countsText(baseline)}.`,
    ...(ledger
      ? [
          table(
            ['What changed the score', 'Points', 'Checks'],
            [
              ...ledger.parts.map((p) => [
                partTitles[p.part],
                signed(p.points),
                p.checks.slice(0, 5).map(checkMarkdown).join('; ') + more(p.checks.length),
              ]),
              ['**Sum**', `**${signed(ledger.change)}**`, ''],
            ],
          ),
          ...ledger.remarks.map((r) => text(r)),
        ]
      : []),
    ...groups,
  ].join('\n\n');
}

const more = (count: number): string => (count > 5 ? ` and ${count - 5} more` : '');
const checkMarkdown = (c: { check: string; from: string; to: string }): string => `${text(c.check)}: ${text(c.from)} → ${text(c.to)}`;
const whereMarkdown = (c: Change): string =>
  [c.from ? text(placeOf(c.from)) : '', text(placeOf(c.location)) || text(c.deployable ?? '')].filter((p) => p !== '').join(' → ');

/** The section of the HTML report; null without a baseline. */
export function changesHtml(report: Report, most = 200): { id: string; title: string; short: string; body: Markup } | null {
  const { baseline } = report;
  if (!baseline) return null;
  const { ledger } = baseline;
  const groups = groupsOf(baseline);
  return {
    id: 'changes',
    title: 'What changed',
    short: 'Changes',
    body: html`<div class="card">
      <p>
        Compared with ${baselineName(baseline)}: score ${scoreChange(report, baseline)}, verdict ${baseline.verdict} → ${report.verdict};
        ${countsText(baseline)}.
      </p>
      ${
        ledger &&
        html`<div class="scroll">
          <table>
            <thead>
              <tr>
                <th>What changed the score</th>
                <th class="n">Points</th>
                <th>Checks</th>
              </tr>
            </thead>
            <tbody>
              ${ledger.parts.map(
                (p) =>
                  html`<tr>
                    <th>${partTitles[p.part]}</th>
                    <td class="n">${signed(p.points)}</td>
                    <td>
                      ${p.checks
                        .slice(0, 5)
                        .map((c) => `${c.check}: ${c.from} → ${c.to}`)
                        .join('; ')}${more(p.checks.length)}
                    </td>
                  </tr>`,
              )}
              <tr>
                <th>Sum</th>
                <td class="n"><strong>${signed(ledger.change)}</strong></td>
                <td></td>
              </tr>
            </tbody>
          </table>
        </div>`
      }
      ${ledger?.remarks.map((r) => html`<p class="meta">${r}</p>`)}
      ${groups.map(
        ({ state, own, within }) =>
          html`${own.length > 0 && html`<h3>${stateTitles[state]} (${own.length})</h3>`}
            <ul>
              ${own
                .slice(0, most)
                .map(
                  (c) =>
                    html`<li>
                      <a href="#check-${c.check.replace('/', '-')}">${c.title}</a> (${c.severity}${c.waived ? ', waived' : ''})${
                        (c.from || c.location) && html`, <code>${c.from && `${placeOf(c.from)} → `}${placeOf(c.location)}</code>`
                      }:
                      ${c.message}
                    </li>`,
                )}
            </ul>
            ${own.length > most && html`<p>and ${own.length - most} more</p>`} ${within > 0 && html`<p>${withinText(within)}</p>`}`,
      )}
    </div>`,
  };
}
