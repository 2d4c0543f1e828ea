import type { Assessment } from './assessment.js';
import type { Finding, Report } from '../model/report.js';
import { bullets, code, fence, id, placeLink, section, table, text } from './markdown-text.js';
import type { TargetRow } from './targets.js';
import { cut, plural, rolledUp } from './words.js';

/** Characters of a quoted target or alert rule. */
const detailLength = 140;
const listedTitles = 6;

/** Variables that code reads, documents name and configurations set; what is missing as lines to fill in. Values are never shown. */
export function environment({ environment: variables, missingVariables: missing }: Assessment): string {
  if (variables.length === 0) return '';
  const yes = (value: boolean): string => (value ? '✅' : '❌');
  const stateOf = (v: (typeof variables)[number]): string =>
    v.set ? 'set' : v.hasDefault ? 'default' : v.required ? '**missing**' : 'not set';
  const width = Math.max(...missing.map((v) => v.name.length));
  const remark = (v: (typeof variables)[number]): string =>
    [v.secretLike ? 'secret' : '', v.location ? `read at ${v.location.path}:${v.location.line ?? 1}` : '']
      .filter((p) => p !== '')
      .join(', ');
  return section(
    'Environment variables',
    missing.length > 0
      ? `${plural(missing.length, 'required variable')} set nowhere in the repository. They have to be set where this runs:`
      : 'Every required variable is set or has a default.',
    missing.length > 0 ? fence(missing.map((v) => `${`${v.name}=`.padEnd(width + 1)}  # ${remark(v)}`).join('\n'), 'bash') : '',
    table(
      ['Variable', 'Required', 'Secret', 'Documented', 'State', 'Read at'],
      variables.map((v) => [
        text(v.name),
        v.required ? 'yes' : 'no',
        v.secretLike ? '🔑' : '',
        yes(v.documented),
        stateOf(v),
        placeLink(v),
      ]),
    ),
  );
}

/** What of each layer of the deployment stands, and what it needs. */
export function architecture({ layers, report }: Assessment): string {
  if (layers.length === 0) return '';
  const used = report.inventory.technologies
    .filter((t) => ['server', 'service', 'platform', 'framework'].includes(t.kind))
    .map((t) => t.title);
  const lines = (findings: readonly Finding[], mark: string): string[] =>
    findings.map((f) => `${mark} ${text(f.title)}${f.outcome === 'pass' ? places(f) : ` (${id(f)})`}`);
  return section(
    'Deployment architecture',
    used.length > 0 ? `In use: ${used.map(text).join(', ')}. ✅ stands, ❌ is needed, ❔ was not verified.` : '',
    ...layers.map(
      (l) => `### ${text(l.title)}\n\n${bullets([...lines(l.stands, '✅'), ...lines(l.missing, '❌'), ...lines(l.open, '❔')])}`,
    ),
  );
}

const places = (finding: Finding): string => {
  const link = placeLink(finding.evidence.find((e) => e.location));
  return link ? ` (${link})` : '';
};

/** The files that most of what holds rests on. */
export function implementation({ implemented }: Assessment): string {
  if (implemented.length === 0) return '';
  const titles = (findings: readonly Finding[]): string =>
    findings
      .slice(0, listedTitles)
      .map((f) => text(f.title))
      .join('; ') + (findings.length > listedTitles ? ` and ${findings.length - listedTitles} more` : '');
  return section(
    'Technical implementation',
    'The files that most of what holds rests on.',
    table(
      ['File', 'Shows', 'Fails there'],
      implemented.map((f) => [placeLink({ location: { path: f.path } }), titles(f.shows), titles(f.fails) || '–']),
    ),
  );
}

const marks: Readonly<Record<TargetRow['state'], string>> = {
  declared: '✅',
  observed: '✅',
  attested: '✍️',
  missing: '❌',
  wrong: '❌',
  'not verified': '❔',
};

/** Targets, alert thresholds and objectives: stated, with the words of the place, or missing. */
export function targets({ targets: groups }: Assessment): string {
  if (groups.length === 0) return '';
  return section(
    'Targets and alert thresholds',
    ...groups.map(({ title, rows }) => {
      const stated = rows.filter((r) => ['declared', 'observed', 'attested'].includes(r.state)).length;
      const lines = rows.map(
        (r) =>
          `${marks[r.state]} ${text(r.finding.title)}: ${r.state}${r.detail ? `, ${text(cut(r.detail, detailLength))}` : ''}${r.quote ? `: ${code(cut(r.quote, detailLength))}` : ''}${link(r)} (${id(r.finding)})`,
      );
      return `### ${title} (${stated} of ${rows.length})\n\n${bullets(lines)}`;
    }),
  );
}

const link = ({ state, evidence }: TargetRow): string => {
  const place = state === 'missing' || state === 'not verified' ? '' : placeLink(evidence);
  return place ? ` (${place})` : '';
};

/** What is critical and fails, in a sentence; '' where nothing is. */
export function blockers(report: Report): string {
  const critical = rolledUp(report).filter((f) => f.outcome === 'fail' && !f.waiver && f.severity === 'critical');
  if (critical.length === 0) return '';
  return `Stands in the way: ${critical
    .slice(0, listedTitles)
    .map((f) => `${text(f.title)} (${id(f)})`)
    .join('; ')}${critical.length > listedTitles ? ` and ${critical.length - listedTitles} more` : ''}.`;
}
