import type { Claim, ClaimVerdict, JudgedClaim } from '../model/claims.js';
import type { Finding } from '../model/report.js';
import { oneLine } from '../safe/escape.js';
import type { ClaimMatch } from './match.js';
import { sightOfNumber, sightOfRate, sightOfVersion, specificsOf } from './specifics.js';

/** What the audit found, as far as judging claims asks for it. */
export interface Facts {
  /** The finding of a check; where the check does not apply, of what it would say if it did, if that is evidence at a place. */
  finding(check: string): Finding | undefined;
  /** Whether the repository asks for the check by itself; what only a claim asks for closes no gap. */
  applies?(check: string): boolean;
  /** What decides a check: static, environment, both, attestation. */
  evidenceKind(check: string): string;
  /** Paths of the repository, the document itself left out. */
  readonly files: ReadonlySet<string>;
  /** Technologies in use: ids and titles in lower case. */
  readonly technologies: readonly string[];
  readonly vocabulary: ReadonlyMap<string, readonly string[]>;
  /** A few lines around a place, to look for what a claim names, never to show; empty where it cannot be read. */
  around(path: string, line: number): string;
  /** The score claimed on a line of the document beside the computed one, where both are known. */
  scoreOf(line: number): { value: number; computed: number; comparedWith: string } | null;
  /** Verdict of a whole audit, null where only the matched checks ran. */
  readonly verdict: string | null;
}

/** A match under this decides nothing: it is told, and the claim is not verifiable here. */
export const decisiveConfidence = 0.5;
/** To call a claim verified, the match must be better than to look at it. */
const verifiedConfidence = 0.6;
/** Prose says many things at once: only a clear match decides. */
const proseConfidence = 0.65;
/** Another check that is matched this well must not fail by a violation, else the claim is not verified. */
const relatedConfidence = 0.72;
/** ... as long as it is nearly as likely to be meant as the first. */
const relatedShare = 0.85;
/** A claim about all of a kind is refuted by one of them. */
const universal = /\b(?:all|every|each|any|always|never|only|throughout|everywhere)\b/i;
const maxEvidence = 4;

const recordNeeded = 'a dated record of the exercise with its result, or an attestation in readiness.yaml that links to it';

type Judgement = Pick<JudgedClaim, 'verdict' | 'reason' | 'settle' | 'evidence' | 'judgedBy'>;
type Shown = JudgedClaim['evidence'];

const productionVerdict =
  /\b(?:(?:production|deployment|launch|release)[- ]ready|ready for (?:production|deployment|launch|release)|approved for (?:production|deployment|release)|deployment approved)\b(?!\W+(?:after|once|when|if|until)\b)/i;

/**
 * The verdict on one claim. `groups` holds the checks that decide it: every group must hold. Contradicted means evidence to the
 * contrary at a place; what was looked for and not found is unsupported. An exercise is never proved by configuration, and a number,
 * a product, a file or an address that the claim names must be seen.
 */
export function judge(claim: Claim, matches: readonly ClaimMatch[], groups: readonly (readonly string[])[], facts: Facts): Judgement {
  const decide = (verdict: ClaimVerdict, reason: string, more: Partial<Judgement> = {}): Judgement => ({
    verdict,
    reason: oneLine(reason),
    settle: null,
    evidence: [],
    judgedBy: [],
    ...more,
  });
  const top = matches[0];
  const opened = claim.state === 'plans' && claim.kind === 'checkbox';
  if (claim.state === 'none') return decide('not-a-claim', 'says nothing that could be true or false');
  if ((claim.state === 'plans' && !opened) || claim.state === 'recommends') {
    const done = top && top.confidence >= 0.6 ? passed(groups, facts) : null;
    return decide(
      'not-a-claim',
      `a ${claim.state === 'plans' ? 'plan' : 'recommendation'}, not a statement of what is${done ? `; done by now: ${done.summary}` : ''}`,
      done ? { evidence: shown([done]), judgedBy: [done.check] } : {},
    );
  }
  if (claim.state === 'asserts' && facts.verdict !== null && productionVerdict.test(claim.text)) {
    if (facts.verdict === 'READY') return decide('verified', 'the audit says READY');
    return facts.verdict === 'DO NOT DEPLOY'
      ? decide('contradicted', 'the audit says DO NOT DEPLOY: a critical check fails by something that was seen')
      : decide('unsupported', `the audit says ${facts.verdict}`);
  }
  const least = claim.kind === 'sentence' || claim.kind === 'code-comment' ? proseConfidence : decisiveConfidence;
  if (claim.kind === 'score' && facts.scoreOf(claim.line) !== null) return judgeScore(facts.scoreOf(claim.line)!, decide);
  if (!top || top.confidence < least) {
    if (claim.state === 'asserts') {
      const listed = listedFile(claim.text, facts.files);
      if (listed)
        return decide(
          listed.found ? 'verified' : 'unsupported',
          listed.found ? `${listed.found} is in the repository` : `no file ${listed.name} in the repository`,
          listed.found ? { evidence: [{ location: { path: listed.found }, message: 'the file is there' }] } : {},
        );
    }
    if (opened) return decide('not-a-claim', 'an open point that no check covers');
    return decide('not-verifiable', top ? `no check covers this with certainty; the nearest is ${top.check}` : 'no check covers this', {
      settle: 'a person’s look, or a check of your own (`readiness checks new`)',
    });
  }
  const findings = groups.map((group) => group.map((id) => facts.finding(id)).filter((f) => f !== undefined));
  const all = findings.flat();
  const judgedBy = all.map((f) => f.check);
  const outcome = outcomeOf(findings);
  const idle = all.length > 0 && all.every((f) => facts.applies?.(f.check) === false);
  if (claim.state === 'denies' || opened)
    return judgeGap(idle && outcome === 'pass' ? 'not-applicable' : outcome, all, judgedBy, opened, decide, facts);

  const failing = all.filter((f) => f.outcome === 'fail');
  const violation = failing.filter((f) => f.evidence.some((e) => e.violation && e.location));
  if (outcome === 'violation') {
    const first = violation[0]!;
    return decide('contradicted', first.summary, { evidence: shown(violation, true), judgedBy });
  }
  const text = evidenceText(all, facts);
  const specifics = specificsOf(claim.text, claim.numbers, facts.vocabulary);
  const conflict = conflictOf(specifics, text);
  const exercise = isExercise(claim);
  if (exercise && (outcome === 'missing' || outcome === 'not-applicable') && !automatedTests(claim, all))
    return decide('not-verifiable', `no record shows that it was done: ${all[0]?.summary ?? ''}`, { judgedBy, settle: recordNeeded });
  if (outcome === 'missing') {
    const first = failing[0]!;
    const lacking = failing.flatMap((f) => f.evidence).find((e) => e.location);
    if (conflict && first.evidence.some((e) => e.location))
      return decide('contradicted', `${conflict}; ${first.summary}`, { evidence: shown(failing), judgedBy });
    // A thing that is there and lacks what is claimed of it speaks against the claim.
    return lacking
      ? decide('contradicted', lacking.message, { evidence: shown(failing), judgedBy })
      : decide('unsupported', first.summary, { evidence: shown(failing), judgedBy });
  }
  if (outcome === 'not-applicable')
    return decide('unsupported', `nothing here that it could be true of: ${all[0]?.summary ?? 'the check does not apply'}`, { judgedBy });
  if (outcome === 'unknown') {
    const open = all.find((f) => f.outcome === 'unknown' || f.outcome === 'error') ?? all[0];
    return decide('not-verifiable', open?.summary ?? 'the check was not judged', {
      judgedBy,
      settle: settling(open, facts),
      evidence: open ? shown([open]) : [],
    });
  }

  const passes = all.filter((f) => f.outcome === 'pass');
  const evidence = shown(passes);
  if (exercise && !passes.every((f) => isRecord(f, facts)) && !testsRun(claim, passes, facts))
    return decide('not-verifiable', `files show the preparation, not that it was done: ${passes[0]!.summary}`, {
      judgedBy,
      evidence,
      settle: recordNeeded,
    });
  if (conflict) return decide('contradicted', conflict, { judgedBy, evidence });
  // Where a check passes because nothing speaks against it, zero is what it saw, and another number it cannot see.
  const absence = passes.every((f) => f.evidence.every((e) => !e.location));
  const none = absence && specifics.numbers.length > 0 && specifics.numbers.every((n) => n.value === 0);
  const unseen = unseenOf(none ? { ...specifics, numbers: [] } : specifics, text, facts);
  if (unseen && absence)
    return decide('not-verifiable', `${unseen}; what was found: ${passes[0]!.summary}`, {
      judgedBy,
      settle: 'a look at the number itself',
    });
  if (unseen) return decide('unsupported', `${unseen}; what was found: ${passes[0]!.summary}`, { judgedBy, evidence });
  const everything = universal.test(claim.text);
  const related = matches
    .slice(1, 3)
    .find(
      (m) =>
        m.confidence >= Math.max(relatedConfidence, everything ? 0 : relatedShare * top.confidence) &&
        !judgedBy.includes(m.check) &&
        violates(facts.finding(m.check)),
    );
  if (related)
    return decide(
      everything ? 'contradicted' : 'unsupported',
      `${passes[0]!.summary}, but a related check fails: ${facts.finding(related.check)!.summary}`,
      {
        judgedBy: [...judgedBy, related.check],
        evidence,
      },
    );
  if (development.test(claim.text))
    return decide('not-verifiable', `it speaks of development, the check of production: ${passes[0]!.summary}`, { judgedBy });
  if (top.confidence < verifiedConfidence)
    return decide('not-verifiable', `no check covers this with certainty; the nearest passes: ${passes[0]!.summary}`, {
      judgedBy,
      settle: 'a person’s look, or a check of your own (`readiness checks new`)',
    });
  return decide('verified', passes[0]!.summary, { judgedBy, evidence });
}

/** Points that a claimed score may differ from the computed one. */
const tolerance = 15;

/** A rating of a part of the application beside the score of its category. */
function judgeScore(
  score: { value: number; computed: number; comparedWith: string },
  decide: (verdict: ClaimVerdict, reason: string) => Judgement,
): Judgement {
  const { value, computed, comparedWith } = score;
  const both = `the document says ${value} of 100, the checks of ${comparedWith} come to ${computed}`;
  if (value > computed + tolerance) return decide('contradicted', both);
  return decide(value < computed - tolerance ? 'outdated' : 'verified', both);
}

/** A gap that the document admits: it holds where the check fails, and is outdated where it passes. */
function judgeGap(
  outcome: GroupOutcome,
  all: readonly Finding[],
  judgedBy: string[],
  opened: boolean,
  decide: (verdict: ClaimVerdict, reason: string, more?: Partial<Judgement>) => Judgement,
  facts: Facts,
): Judgement {
  const failing = all.filter((f) => f.outcome === 'fail');
  const elsewhere = all.find((f) => ['environment', 'attestation'].includes(facts.evidenceKind(f.check)));
  if (outcome === 'missing' && elsewhere)
    return decide('not-verifiable', elsewhere.summary, { judgedBy, settle: settling(elsewhere, facts) });
  if (outcome === 'violation' || outcome === 'missing')
    return decide('verified', `the document says that this is open, and it is: ${failing[0]!.summary}`, {
      judgedBy,
      evidence: shown(failing, true),
    });
  if (outcome === 'pass') {
    const passes = all.filter((f) => f.outcome === 'pass');
    return decide('outdated', `the document says that this is open, but it is there: ${passes[0]!.summary}`, {
      judgedBy,
      evidence: shown(passes),
    });
  }
  if (outcome === 'not-applicable')
    return decide('not-a-claim', `an open point that does not apply here: ${all[0]?.summary ?? ''}`, { judgedBy });
  const open = all.find((f) => f.outcome === 'unknown' || f.outcome === 'error');
  return decide('not-verifiable', `${opened ? 'open in the document; ' : ''}${open?.summary ?? 'the check was not judged'}`, {
    judgedBy,
    settle: settling(open, facts),
  });
}

const development = /^(?:local |in )?(?:development|dev|local)\b(?: (?:database|environment|setup|mode))?:/i;
const violates = (finding: Finding | undefined): boolean =>
  finding?.outcome === 'fail' && finding.evidence.some((e) => e.violation && e.location);

type GroupOutcome = 'violation' | 'missing' | 'unknown' | 'not-applicable' | 'pass';

/** The worst of all groups decides; what does not apply decides nothing beside what does. */
function outcomeOf(groups: readonly (readonly Finding[])[]): GroupOutcome {
  const findings = groups.flat();
  const judged = findings.filter((f) => f.outcome !== 'not-applicable');
  if (findings.length === 0) return 'unknown';
  if (judged.length === 0) return 'not-applicable';
  if (judged.some((f) => f.outcome === 'fail' && f.evidence.some((e) => e.violation && e.location))) return 'violation';
  if (judged.some((f) => f.outcome === 'fail')) return 'missing';
  if (judged.some((f) => f.outcome !== 'pass') || groups.some((g) => g.length === 0)) return 'unknown';
  return 'pass';
}

const passed = (groups: readonly (readonly string[])[], facts: Facts): Finding | null => {
  const findings = groups.map((group) => group.map((id) => facts.finding(id)).filter((f) => f !== undefined));
  return outcomeOf(findings) === 'pass' ? (findings.flat().find((f) => f.outcome === 'pass') ?? null) : null;
};

function shown(findings: readonly Finding[], violations = false): Shown {
  const evidence = findings.flatMap((f) => f.evidence);
  const chosen = violations ? evidence.filter((e) => e.violation) : evidence;
  const ordered = [...(chosen.length > 0 ? chosen : evidence)].sort(
    (a, b) => Number(b.location !== undefined) - Number(a.location !== undefined),
  );
  return ordered.slice(0, maxEvidence).map((e) => ({
    ...(e.location ? { location: { path: e.location.path, ...(e.location.line === undefined ? {} : { line: e.location.line }) } } : {}),
    message: oneLine(e.message),
    ...(e.excerpt === undefined ? {} : { excerpt: oneLine(e.excerpt) }),
  }));
}

function evidenceText(findings: readonly Finding[], facts: Facts): string {
  const parts: string[] = [];
  for (const e of findings.flatMap((f) => f.evidence).slice(0, 40)) {
    parts.push(e.message, e.excerpt ?? '');
    if (e.location) parts.push(e.location.path);
    if (e.location?.line !== undefined) parts.push(facts.around(e.location.path, e.location.line));
  }
  return parts.join('\n').slice(0, 20_000);
}

const doneTo =
  /\b(?:tested|rehearsed|drilled|exercised|pen-?tested|performed|conducted|carried out|executed|simulated|benchmarked|load[- ]tested)\b|\b(?:test(?:ing|s)?|scan(?:ning|s)?|audits?|reviews?|drills?|assessments?|exercises?|simulations?|restor\w+|migrations?|procedures?|flows?|headers?|integrations?|responsiveness|compatibility|performance|alerts?|backups?|configuration|certificates?|connectivity|integrity|optimi[sz]ation)\b[^.;]{0,40}\b(?:pass(?:ed|ing|es)?|completed?|done|success\w*|verified|validated|confirmed|approved)\b|\b(?:working|responding|functioning|reachable|operational|verified|confirmed)\s*$|\b(?:\d+\/\d+|100 ?%|all (?:tests )?(?:are )?(?:passing|green))/i;
const aboutInput =
  /\b(?:inputs?|data|requests?|tokens?|signatures?|payloads?|schemas?|parameters?|fields?|webhooks?|bodies|headers? (?:is|are))\b[^.;]{0,30}\b(?:validated|verified|checked)\b/i;

/** Whether the claim says that somebody did something, rather than that something is there. */
function isExercise(claim: Claim): boolean {
  const plain = claim.text.replace(/\([^)]*\)/g, (inside) => (/tested|verified|passing|\d+\/\d+/i.test(inside) ? inside : ' ')).trim();
  if (aboutInput.test(plain)) return false;
  return doneTo.test(plain);
}

/** Checks whose pass is a record that something was done. */
const recordChecks = new Set([
  'backup/restore-tested',
  'backup/disaster-recovery-tested',
  'testing/load-test-results',
  'security/security-audit-report',
  'delivery/clean-working-tree',
]);

const isRecord = (finding: Finding, facts: Facts): boolean =>
  recordChecks.has(finding.check) ||
  finding.attestation !== null ||
  finding.rung === 'observed' ||
  facts.evidenceKind(finding.check) === 'attestation';

/** Automated tests that CI runs are made at every change; load, stress and restore exercises are not. */
const testsRun = (claim: Claim, passes: readonly Finding[], facts: Facts): boolean =>
  automatedTests(claim, passes) && facts.finding('delivery/tests-in-ci')?.outcome === 'pass';

function automatedTests(claim: Claim, findings: readonly Finding[]): boolean {
  const byHand =
    /\b(?:load|stress|penetration|pen|soak|spike|restor\w*|recovery|drill|manual\w*|chrome|firefox|safari|browsers?|devices?|phones?|users?)\b/i;
  if (/\btest/i.test(claim.text) && byHand.test(claim.text) && !/\buser (?:flows?|workflows?|journeys?)\b/i.test(claim.text)) return false;
  return findings.every(
    (f) =>
      (f.category === 'testing' && !['testing/load-tests', 'testing/stress-tests', 'testing/load-test-results'].includes(f.check)) ||
      f.check === 'database/migrations-tested' ||
      f.check === 'delivery/tests-in-ci',
  );
}

function conflictOf(specifics: ReturnType<typeof specificsOf>, text: string): string | null {
  for (const wanted of specifics.rates)
    if (sightOfRate(wanted, text) === 'other')
      return `the document says ${wanted.value} a ${wanted.period}, the evidence shows another limit`;
  for (const wanted of specifics.versions)
    if (sightOfVersion(wanted, text) === 'other') return `the document says ${wanted}, the evidence shows another version`;
  for (const wanted of specifics.numbers)
    if (sightOfNumber(wanted, text) === 'other')
      return `the document says ${wanted.bound === '=' ? '' : `${wanted.bound} `}${wanted.value} ${wanted.unit}, the evidence shows another number`;
  return null;
}

/** What the claim names and nothing shows; null where everything is seen. */
function unseenOf(specifics: ReturnType<typeof specificsOf>, text: string, facts: Facts): string | null {
  const lower = text.toLowerCase();
  for (const wanted of specifics.rates)
    if (sightOfRate(wanted, text) !== 'same') return `nothing shows the limit of ${wanted.value} a ${wanted.period}`;
  for (const wanted of specifics.numbers)
    if (sightOfNumber(wanted, text) !== 'same') return `nothing shows the number ${wanted.value}${wanted.unit ? ` ${wanted.unit}` : ''}`;
  for (const wanted of specifics.versions) if (sightOfVersion(wanted, text) !== 'same') return `nothing shows the version ${wanted}`;
  for (const group of specifics.products) {
    const used = group.some(
      (word) =>
        lower.includes(word) ||
        facts.technologies.some((t) => t.split(/[^\p{L}\p{N}]+/u).includes(word)) ||
        (facts.vocabulary.get(word) ?? []).some((id) => facts.technologies.includes(id)),
    );
    if (!used) return `nothing shows ${group.join(' or ')}`;
  }
  for (const name of specifics.files) if (!findFile(name, facts.files)) return `there is no file ${name}`;
  for (const name of specifics.folders)
    if (!lower.includes(name.toLowerCase()) && ![...facts.files].some((path) => `/${path}`.includes(`/${name}/`)))
      return `there is no folder ${name}`;
  for (const path of specifics.routes)
    if (!lower.includes(path.toLowerCase().replace(/\/$/, '')) && !findFile(path.slice(1), facts.files)) return `nothing shows ${path}`;
  return null;
}

/** A path of the repository that is, or ends with, a name; letter case does not matter. */
function findFile(name: string, files: ReadonlySet<string>): string | null {
  if (files.has(name)) return name;
  const end = `/${name.toLowerCase()}`;
  for (const path of files) if (path.toLowerCase() === end.slice(1) || path.toLowerCase().endsWith(end)) return path;
  return null;
}

/** The file that a claim is about, where all it says is that there is one. */
function listedFile(text: string, files: ReadonlySet<string>): { name: string; found: string | null } | null {
  const match =
    /^[`"']?([\w./-]+\.[a-z]{2,5}|Dockerfile|Makefile|Procfile)[`"']?\s*(?:file\s*)?(?:created|added|provided|present|exists|updated|included|written|available|in place)?\s*$/i.exec(
      text,
    );
  return match ? { name: match[1]!, found: findFile(match[1]!, files) } : null;
}

function settling(finding: Finding | undefined, facts: Facts): string {
  const kind = finding ? facts.evidenceKind(finding.check) : '';
  if (kind === 'attestation') return 'an attestation in readiness.yaml that links to the record';
  if (kind === 'environment') return 'an audit of the running environment (`readiness audit --url`, `--postgres` ...), or an attestation';
  if (kind === 'both') return 'an audit of the running environment, or an attestation of what lives outside of the repository';
  return 'a person’s look, recorded as an attestation in readiness.yaml';
}
