import { z } from 'zod';
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
  message: z.string(),
  rung: z.enum(rungs).optional(),
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
  /** Items judged and items that hold, where the check judges many. */
  held: z.number().int().nullable(),
  total: z.number().int().nullable(),
  weight: z.number(),
  rung: z.enum(rungs).nullable(),
  why: z.string(),
  /** `language` names the snippet's language for code fences, where the check says it. */
  fix: z.object({ text: z.string(), snippet: z.string().nullable(), language: z.string().optional() }),
  references: z.array(z.string()),
  waiver: z.object({ reason: z.string(), owner: z.string(), expires: z.string() }).nullable(),
  attestation: z.object({ by: z.string(), on: z.string(), statement: z.string(), evidence: z.string(), expires: z.string() }).nullable(),
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
    sections: z.array(z.object({ title: z.string(), checks: z.array(z.string()) })),
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
