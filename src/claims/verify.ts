import type { ClaimVerdict, ClaimsReport, JudgedClaim } from '../model/claims.js';

import type { Check, Technology } from '../model/check.js';
import type { SelectedCheck } from '../model/checklist.js';
import type { Report } from '../model/report.js';
import { extract, type Extracted, type Extraction } from './extract.js';
import { decisiveConfidence, judge, type Facts } from './judge.js';
import { makeMatcher, weakConfidence, type ClaimMatch, type Subject } from './match.js';
import { productVocabulary } from './specifics.js';
import { termsOf } from './terms.js';

const verdicts: readonly ClaimVerdict[] = ['verified', 'contradicted', 'unsupported', 'not-verifiable', 'outdated', 'not-a-claim'];

/** A document read and understood: what it claims, and which checks would decide it. */
export interface Understood {
  readonly extraction: Extraction;
  readonly claims: readonly {
    readonly claim: Extracted;
    readonly matches: readonly ClaimMatch[];
    readonly groups: readonly (readonly string[])[];
  }[];
  /** Ids of the checks that judging asks for. */
  readonly checks: readonly string[];
  /** Those of them that statements of what is ask for: they are asked whether they apply or not. */
  readonly asserted: readonly string[];
  /** Parameters that claims set: `category/name.parameter=value`. */
  readonly params: readonly string[];
}

/** Reads a document and matches its claims to checks. */
export async function understand(
  source: string,
  subjects: readonly Subject[],
  params: ReadonlyMap<string, Check['params']>,
): Promise<Understood> {
  const extraction = await extract(source);
  const matcher = makeMatcher(subjects);
  const claims = extraction.claims
    .map((claim) => ({ claim, matches: matcher.match(claim), groups: matcher.groups(claim) }))
    .filter(({ claim, matches }) => !claim.weak || (matches[0]?.confidence ?? 0) >= weakConfidence);
  const checks = new Set(
    claims.flatMap(({ matches, groups }) => ((matches[0]?.confidence ?? 0) >= decisiveConfidence ? groups.flat() : [])),
  );
  // Whether tests are run at every change decides what claims of having tested are worth.
  if (checks.size > 0) checks.add('delivery/tests-in-ci');
  const asserted = new Set(
    claims.flatMap(({ claim, groups }) => (claim.state === 'asserts' ? groups.flat() : [])).filter((id) => checks.has(id)),
  );
  return { extraction, claims, checks: [...checks].sort(), asserted: [...asserted].sort(), params: claimedParams(claims, params) };
}

/** Parameters whose unit a claim can name: the check is run with the least value that a claim gives. */
const numeric: Readonly<Record<string, { readonly parameter: string; readonly unit: string; readonly from: number; readonly to: number }>> =
  {
    'testing/coverage-threshold': { parameter: 'minimum', unit: '%', from: 1, to: 100 },
    'backup/retention-policy': { parameter: 'shortest', unit: 'days', from: 1, to: 3_650 },
  };

function claimedParams(claims: Understood['claims'], known: ReadonlyMap<string, Check['params']>): string[] {
  const least = new Map<string, number>();
  for (const { claim, matches } of claims) {
    if (claim.state !== 'asserts') continue;
    const check = matches[0]?.check ?? '';
    const setting = numeric[check];
    if (!setting || known.get(check)?.[setting.parameter] === undefined) continue;
    for (const { value, unit } of claim.numbers)
      if (unit === setting.unit && value >= setting.from && value <= setting.to)
        least.set(check, Math.min(least.get(check) ?? Infinity, value));
  }
  return [...least].map(([check, value]) => `${check}.${numeric[check]!.parameter}=${value}`);
}

/** Id of the copy of a check that is asked whether it applies or not. */
export const askedId = (id: string): string => `${id}#asked`;

/**
 * Copies of the checks that claims ask for, which apply always: a repository may show what a document claims though the check would
 * not demand it. They weigh nothing.
 */
export const askedRegardless = (selected: readonly SelectedCheck[], ids: readonly string[]): SelectedCheck[] =>
  selected
    .filter((s) => ids.includes(s.check.id))
    .map((s) => ({ ...s, weight: 0, check: { ...s.check, id: askedId(s.check.id), applies: 'true' } }));

export interface Judging {
  readonly understood: Understood;
  readonly report: Report;
  readonly checks: readonly Pick<Check, 'id' | 'evidence'>[];
  readonly technologies: readonly Technology[];
  /** Titles and claims of the checks. */
  readonly phrases: readonly string[];
  readonly files: ReadonlySet<string>;
  /** Lines of a file of the repository, null where it cannot be read. */
  readonly lines: (path: string) => readonly string[] | null;
  readonly document: string;
  readonly version: string;
  /** Whether the report judges the whole checklist, not the matched checks only. */
  readonly whole: boolean;
}

/** Judges every claim against the report of an audit that left the document out. */
export function judgeAll({
  understood,
  report,
  checks,
  technologies,
  phrases,
  files,
  lines,
  document,
  version,
  whole,
}: Judging): ClaimsReport {
  const findings = new Map(report.findings.filter((f) => f.deployable === null).map((f) => [f.check, f]));
  const kinds = new Map(checks.map((c) => [c.id, c.evidence]));
  const scores = understood.extraction.scores.map((score) => ({
    ...score,
    ...(whole ? computedFor(score.subject, report) : { computed: null, comparedWith: null }),
  }));
  const surroundings = new Map<string, string>();
  const facts: Facts = {
    scoreOf: (line) => {
      const score = scores.find((s) => s.line === line && s.value !== null && s.computed !== null && s.comparedWith !== null);
      return score ? { value: score.value!, computed: score.computed!, comparedWith: score.comparedWith! } : null;
    },
    finding: (id) => {
      const usual = findings.get(id);
      const asked = usual?.outcome === 'not-applicable' ? findings.get(askedId(id)) : undefined;
      return asked && asked.evidence.some((e) => e.location) && (asked.outcome === 'pass' || asked.outcome === 'fail')
        ? { ...asked, check: id }
        : usual;
    },
    applies: (id) => findings.get(id)?.outcome !== 'not-applicable',
    evidenceKind: (id) => kinds.get(id) ?? 'static',
    files,
    technologies: report.inventory.technologies.flatMap((t) => [t.id, t.title.toLowerCase()]),
    vocabulary: productVocabulary(technologies, phrases),
    around: (path, line) => {
      const key = `${path}:${line}`;
      let text = surroundings.get(key);
      if (text === undefined) {
        text = (lines(path) ?? [])
          .slice(Math.max(0, line - 4), line + 5)
          .join('\n')
          .slice(0, 2_000);
        surroundings.set(key, text);
      }
      return text;
    },
    verdict: whole ? report.verdict : null,
  };
  const { extraction } = understood;
  const claims = understood.claims.map(({ claim: { weak: _weak, ...claim }, matches, groups }, i): JudgedClaim => ({
    ...claim,
    id: `c${i + 1}`,
    matches: matches.slice(0, 3).map((m) => ({ ...m })),
    ...judge(claim, matches, groups, facts),
  }));
  const counts = Object.fromEntries(verdicts.map((v) => [v, claims.filter((c) => c.verdict === v).length])) as Record<ClaimVerdict, number>;
  const decidable = counts.verified + counts.contradicted + counts.unsupported + counts.outdated;
  return {
    schema: 'readiness-claims/1',
    tool: { name: 'readiness', version },
    document: { path: document, lines: extraction.lines, repaired: extraction.repaired },
    target: { name: report.target.name, commit: report.target.commit },
    honesty: decidable === 0 ? null : Math.round((1000 * counts.verified) / decidable) / 10,
    counts,
    claims,
    scores,
    computed: whole ? { verdict: report.verdict, score: report.score.value, coverage: report.score.coverage } : null,
    notes: [...extraction.notes],
  };
}

const overall = /\b(?:overall|score|rating|grade|readiness|final|total|current|production|deployment|assessment|verdict|status)\b/i;

/** The computed score of what a rating is about: the category that it names, else the whole. */
function computedFor(subject: string, report: Report): { computed: number | null; comparedWith: string | null } {
  const said = new Set(
    termsOf(subject)
      .filter((t) => t.weight >= 0.5)
      .map((t) => t.term),
  );
  const named = report.categories.find((c) => termsOf(c.name.replace(/-/g, ' ')).some((t) => said.has(t.term)));
  if (named) return { computed: named.score.value, comparedWith: named.name };
  return overall.test(subject) ? { computed: report.score.value, comparedWith: 'overall' } : { computed: null, comparedWith: null };
}

/** Contradicted first, then unsupported, outdated, not verifiable, verified, and what is no claim; in the document's order within each. */
export function worstFirst(claims: readonly JudgedClaim[]): JudgedClaim[] {
  const order: readonly ClaimVerdict[] = ['contradicted', 'unsupported', 'outdated', 'not-verifiable', 'verified', 'not-a-claim'];
  const said = (claim: JudgedClaim): number => (claim.kind === 'checkbox' || claim.kind === 'metric' ? 0 : 1);
  return [...claims].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || said(a) - said(b) || a.line - b.line);
}
