import { z } from 'zod';
import { changeStates, ledgerParts } from './changes.js';
import { efforts, phases, rungs, severities } from './check.js';

export const outcomes = ['pass', 'fail', 'not-applicable', 'unknown', 'error'] as const;
export type Outcome = (typeof outcomes)[number];
export const verdicts = ['DO NOT DEPLOY', 'NOT READY', 'READY WITH CONDITIONS', 'READY'] as const;
export type Verdict = (typeof verdicts)[number];

const place = z.object({ path: z.string(), line: z.number().int().optional(), column: z.number().int().optional() });

const evidence = z.object({
  probe: z.string(),
  answer: z.enum(['yes', 'no', 'unknown']),
  violation: z.boolean(),
  location: place.optional(),
  where: z.string().optional(),
  excerpt: z.string().optional(),
  /** The lines of code from there to the end of the statement, secrets masked; for failures only. */
  frame: z.object({ line: z.number().int(), lines: z.array(z.string()) }).optional(),
  message: z.string(),
  rung: z.enum(rungs).optional(),
  /** Why somebody accepted this place, where a waiver for its path or a comment beside it covers it; the message ends with it too. */
  waived: z.string().optional(),
});

/** What a check found by itself, before waivers and attestations; re-scoring starts from it. */
const found = z.object({
  outcome: z.enum(outcomes),
  kind: z.enum(['violation', 'missing', 'disagreement']).nullable(),
  summary: z.string(),
  evidence: z.array(evidence),
  held: z.number().int().nullable(),
  total: z.number().int().nullable(),
  rung: z.enum(rungs).nullable(),
});

/** One check for one deployable (`deployable: null` is the repository, or the roll-up over its deployables: the worst). */
const finding = z.object({
  check: z.string(),
  title: z.string(),
  category: z.string(),
  severity: z.enum(severities),
  effort: z.enum(efforts),
  phase: z.enum(phases),
  deployable: z.string().nullable(),
  outcome: z.enum(outcomes),
  /** `disagreement`: what the repository declares and what the running system shows differ. */
  kind: z.enum(['violation', 'missing', 'disagreement']).nullable(),
  /** One sentence that says why. */
  summary: z.string(),
  evidence: z.array(evidence),
  /** Where a file and the running system say different things: one piece of evidence of each. */
  disagreement: z.object({ declared: evidence, observed: evidence }).optional(),
  /** Of what could not be verified: the connections to a running system that would decide it (http, postgres ...). */
  observable: z.array(z.string()).optional(),
  /** Items judged and items that hold, where the check judges many. */
  held: z.number().int().nullable(),
  total: z.number().int().nullable(),
  weight: z.number(),
  rung: z.enum(rungs).nullable(),
  why: z.string(),
  /** `language` names the snippet's language for code fences, where the check says it. */
  fix: z.object({ text: z.string(), snippet: z.string().nullable(), language: z.string().optional() }),
  references: z.array(z.string()),
  /** `expires` is null and `place` given where a comment in the repository waives it. */
  waiver: z.object({ reason: z.string(), owner: z.string(), expires: z.string().nullable(), place: place.optional() }).nullable(),
  attestation: z.object({ by: z.string(), on: z.string(), statement: z.string(), evidence: z.string(), expires: z.string() }).nullable(),
  /** Where a waiver or an attestation changed what was found. */
  before: found.optional(),
  /** Parameters that the checklist set; the others are those of the check. */
  params: z.record(z.string(), z.unknown()).optional(),
  /** Places of evidence that the report leaves out. */
  omitted: z.number().int().optional(),
});

/** A failure that is in one of two reports, or in both at different places. `fingerprint` is the newer report's where it has one. */
const change = z.object({
  state: z.enum(changeStates),
  check: z.string(),
  title: z.string(),
  severity: z.enum(severities),
  deployable: z.string().nullable(),
  location: place.optional(),
  /** Where it was before; only of `moved`. */
  from: place.optional(),
  message: z.string(),
  waived: z.boolean(),
  fingerprint: z.string(),
});

/** What one cause contributed to a change of score, in points; the parts sum to the change. */
const ledgerPart = z.object({
  part: z.enum(ledgerParts),
  points: z.number(),
  /** Checks whose outcome, weight or selection changed for this reason. */
  checks: z.array(z.object({ check: z.string(), from: z.string(), to: z.string() })),
});

const baseline = z.object({
  /** The file or git ref as given. */
  source: z.string(),
  commit: z.string().nullable(),
  date: z.string(),
  version: z.string(),
  verdict: z.enum(verdicts),
  score: z.number().nullable(),
  coverage: z.number(),
  counts: z.object({
    new: z.number(),
    revealed: z.number(),
    moved: z.number(),
    unchanged: z.number(),
    fixed: z.number(),
    undecided: z.number(),
  }),
  /** All but the unchanged ones, in the order of `changeStates`. */
  changes: z.array(change),
  /** null where one of the two reports has no score. */
  ledger: z.object({ change: z.number(), parts: z.array(ledgerPart), remarks: z.array(z.string()) }).nullable(),
});

/** One audit of the past, as far as a trend shows it. */
const historyPoint = z.object({
  date: z.string(),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  version: z.string(),
  checklist: z.string(),
  verdict: z.enum(verdicts),
  score: z.number().nullable(),
  coverage: z.number(),
  fail: z.number(),
});

const score = z.object({
  /** 0 to 100, or null where nothing was decided. */
  value: z.number().nullable(),
  /** Decided share of the applicable weight, 0 to 100. */
  coverage: z.number(),
  /** The score if every unknown failed, and if every unknown passed. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  outOfTen: z.number().nullable(),
  /** 0 to 5 in halves. */
  stars: z.number().nullable(),
});

/** One environment variable that the repository reads, documents or sets; values are never part of a report. */
const environmentVariable = z.object({
  name: z.string(),
  /** The program stops without it. */
  required: z.boolean(),
  secretLike: z.boolean(),
  /** Code has a default. */
  hasDefault: z.boolean(),
  documented: z.boolean(),
  /** Set by a production configuration in the repository, or by the environment that was looked at. */
  set: z.boolean(),
  location: place.optional(),
});

const counts = z.object({ pass: z.number(), fail: z.number(), unknown: z.number(), error: z.number(), 'not-applicable': z.number() });

const technology = z.object({ id: z.string(), title: z.string(), kind: z.string(), evidence: z.array(evidence) });
const trait = z.object({ id: z.string(), title: z.string(), evidence: z.array(evidence) });

export const reportSchema = z.object({
  schema: z.literal('readiness-report/1'),
  tool: z.object({ name: z.literal('readiness'), version: z.string() }),
  target: z.object({
    name: z.string(),
    commit: z.string().nullable(),
    branch: z.string().nullable(),
    dirty: z.boolean().nullable(),
    files: z.number(),
    readFiles: z.number(),
  }),
  checklist: z.object({
    name: z.string(),
    title: z.string(),
    sources: z.array(z.string()),
    fromTarget: z.boolean(),
    thresholds: z.object({ score: z.number().nullable(), coverage: z.number().nullable(), failOn: z.string() }),
    sections: z.array(
      z.object({
        title: z.string(),
        checks: z.array(z.string()),
        /** Lines of a checklist of one's own, each with its outcome; `unknown` until signed where no check decides. */
        items: z
          .array(z.object({ text: z.string(), checks: z.array(z.string()), outcome: z.enum(outcomes), summary: z.string() }))
          .optional(),
      }),
    ),
    /** Of everything that says which checks run and how they weigh, the built-in checklists aside. */
    digest: z.string().optional(),
    /** The git ref that checklist, thresholds, waivers and attestations were read from. */
    policy: z.object({ ref: z.string(), commit: z.string() }).optional(),
  }),
  /** ISO 8601; the only two fields that differ between two audits of the same commit. */
  date: z.string(),
  durationMs: z.number(),
  verdict: z.enum(verdicts),
  /** Why the verdict is what it is, one sentence each. */
  reasons: z.array(z.string()),
  gates: z.array(z.object({ name: z.string(), holds: z.boolean(), message: z.string() })),
  score,
  counts,
  categories: z.array(z.object({ name: z.string(), weight: z.number(), score, counts })),
  inventory: z.object({
    kinds: z.array(z.string()),
    languages: z.array(z.object({ language: z.string(), lines: z.number() })),
    technologies: z.array(technology),
    capabilities: z.array(z.string()),
    traits: z.array(trait),
    deployables: z.array(
      z.object({ name: z.string(), root: z.string(), auxiliary: z.boolean(), traits: z.array(z.string()), evidence: z.array(evidence) }),
    ),
  }),
  findings: z.array(finding),
  /** The running system that was looked at: its endpoints without credentials, and how many questions it answered. */
  environment: z.object({ name: z.string(), endpoints: z.array(z.string()), measured: z.number(), unknown: z.number() }).optional(),
  environmentVariables: z.array(environmentVariable).optional(),
  /** Comments in the repository that waive a failure at their line, those without effect left out. */
  suppressions: z
    .array(z.object({ check: z.string(), path: z.string(), line: z.number().int(), covers: z.array(z.number().int()), reason: z.string() }))
    .optional(),
  baseline: baseline.optional(),
  /** Earlier audits and this one, oldest first. */
  history: z.array(historyPoint).optional(),
  /** What limits cut off, files that could not be read, waivers without effect. */
  notes: z.array(
    z.object({ kind: z.enum(['limit', 'unreadable', 'checklist', 'exception']), message: z.string(), location: place.optional() }),
  ),
});

export type Report = z.infer<typeof reportSchema>;
export type Finding = z.infer<typeof finding>;
export type Score = z.infer<typeof score>;
export type EnvironmentVariable = z.infer<typeof environmentVariable>;
export type Counts = z.infer<typeof counts>;
export type Found = z.infer<typeof found>;
export type Change = z.infer<typeof change>;
export type Baseline = z.infer<typeof baseline>;
export type Ledger = NonNullable<Baseline['ledger']>;
export type LedgerPart = z.infer<typeof ledgerPart>;
export type HistoryPoint = z.infer<typeof historyPoint>;
export type Suppression = NonNullable<Report['suppressions']>[number];
