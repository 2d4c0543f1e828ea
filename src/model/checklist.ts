import { z } from 'zod';
import { checkId, severities } from './check.js';
import { environmentSchema, type EnvironmentSource } from './environment.js';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is YYYY-MM-DD');
const percent = z.number().min(0).max(100);

export const checkOverride = z.union([
  z.literal('off'),
  z.literal('on'),
  z.strictObject({
    severity: z.enum(severities).optional(),
    weight: z.number().min(0).max(100).optional(),
    params: z.record(z.string(), z.unknown()).optional(),
  }),
]);

export const waiverSchema = z.strictObject({
  check: checkId,
  paths: z.array(z.string()).optional(),
  deployable: z.string().optional(),
  reason: z.string().min(10, 'a waiver needs a reason of at least 10 characters'),
  owner: z.string().min(2),
  expires: date,
});
export type Waiver = z.infer<typeof waiverSchema>;

export const attestationSchema = z.strictObject({
  check: checkId,
  deployable: z.string().optional(),
  outcome: z.enum(['pass', 'not-applicable']).default('pass'),
  statement: z.string().min(10),
  by: z.string().min(2),
  on: date,
  evidence: z.string().min(4).describe('A link or document that a reader can follow'),
  expires: date,
  while: z
    .string()
    .optional()
    .describe('CEL over `uses` and `has` that must go on holding: "!has.file_upload"; needed where the outcome is not-applicable'),
});
export type Attestation = z.infer<typeof attestationSchema>;

/** Signed by filling in all of it; empty, it is still to be signed. */
const signature = z.strictObject({
  owner: z.string().default('').describe('Who answers for it'),
  on: z.union([z.literal(''), date]).default(''),
  evidence: z.string().default('').describe('A link or document that a reader can follow'),
  expires: z.union([z.literal(''), date]).default(''),
});

/** One line of somebody's own checklist: decided by checks, or signed off by a person. */
export const itemSchema = z.strictObject({
  text: z.string().min(1).max(500).describe('As the checklist words it'),
  checks: z.array(checkId).min(1).optional().describe('All of them must pass'),
  attestation: signature.optional().describe('For what no check covers'),
});
export type ChecklistItem = z.infer<typeof itemSchema>;

/** readiness.yaml, and checks/checklists/<name>.yaml. */
export const checklistSchema = z.strictObject({
  extends: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('A built-in checklist by name, or a file by path relative to this one'),
  title: z.string().optional(),
  checks: z.record(z.string(), checkOverride).optional().describe('By id or by pattern (security/*): on, off, or severity, weight, params'),
  only: z.array(z.string()).optional().describe('Ids or patterns; everything else is off'),
  sections: z
    .array(
      z.strictObject({
        title: z.string(),
        checks: z.array(z.string()).default([]),
        items: z.array(itemSchema).optional().describe('Lines of a checklist of your own, reported one by one in this order'),
      }),
    )
    .optional()
    .describe('The order in which a report in this checklist’s own layout lists the checks'),
  categories: z.record(z.string(), z.strictObject({ weight: z.number().min(0).max(10) })).optional(),
  thresholds: z
    .strictObject({
      score: percent.optional(),
      coverage: percent.optional(),
      failOn: z.enum(['critical', 'important', 'any', 'never']).optional(),
    })
    .optional(),
  paths: z.strictObject({ exclude: z.array(z.string()).optional() }).optional(),
  checksFolder: z.string().optional().describe('A folder with checks of your own, relative to this file'),
  environments: z
    .record(z.string(), environmentSchema)
    .optional()
    .describe('Running systems that --env NAME looks at; only in a checklist that the operator gives, never in the target’s own'),
  waivers: z.array(waiverSchema).optional(),
  attestations: z.array(attestationSchema).optional(),
});
export type ChecklistSource = z.infer<typeof checklistSchema>;

/** What an audit runs: every `extends` merged, every pattern resolved. */
export interface Checklist {
  readonly name: string;
  readonly title: string;
  /** Files it was read from, the built-in ones as `builtin:production`. */
  readonly sources: readonly string[];
  readonly checks: readonly SelectedCheck[];
  readonly categoryWeights: Readonly<Record<string, number>>;
  readonly thresholds: {
    readonly score: number | null;
    readonly coverage: number | null;
    readonly failOn: 'critical' | 'important' | 'any' | 'never';
  };
  readonly sections: readonly { title: string; checks: readonly string[]; items?: readonly ChecklistItem[] | undefined }[];
  readonly exclude: readonly string[];
  readonly waivers: readonly Waiver[];
  readonly attestations: readonly Attestation[];
  /** Of everything beside the built-in checklists that decides which checks run, with which parameters and weights. */
  readonly digest?: string;
  /** As written, `${VAR}` not yet filled in; empty where the checklist is the target's own. */
  readonly environments?: Readonly<Record<string, EnvironmentSource>>;
  /** What loading it left aside, for the report's notes. */
  readonly notes?: readonly string[];
}

export interface SelectedCheck {
  readonly check: import('./check.js').Check;
  readonly severity: import('./check.js').Severity;
  /** Points before the category's factor. */
  readonly weight: number;
  readonly params: Readonly<Record<string, unknown>>;
}
