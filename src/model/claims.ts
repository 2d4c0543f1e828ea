import { z } from 'zod';

/** What a document says about a thing: that it is so, is not so, will be done, should be done, or none of these. */
export const claimStates = ['asserts', 'denies', 'plans', 'recommends', 'none'] as const;
export type ClaimState = (typeof claimStates)[number];

/** How the document writes it. */
export const claimKinds = [
  'checkbox',
  'bullet',
  'numbered',
  'table-row',
  'heading',
  'score',
  'metric',
  'env',
  'code-comment',
  'diagram',
  'sentence',
] as const;
export type ClaimKind = (typeof claimKinds)[number];

/**
 * `verified`: the evidence is there. `contradicted`: evidence to the contrary. `unsupported`: looked, found nothing.
 * `not-verifiable`: needs an environment, a person, or a check that does not exist. `outdated`: a gap or an open point of
 * the document that is closed by now. `not-a-claim`: plans and recommendations, which say nothing about what is.
 */
export const claimVerdicts = ['verified', 'contradicted', 'unsupported', 'not-verifiable', 'outdated', 'not-a-claim'] as const;
export type ClaimVerdict = (typeof claimVerdicts)[number];

const place = z.object({ path: z.string(), line: z.number().int().optional() });

/** A number of the text with its unit: {value: 12, unit: 'rounds', bound: '='}. */
const claimNumber = z.object({ value: z.number(), unit: z.string(), bound: z.enum(['=', '<', '>']) });

const claim = z.object({
  /** `c1`, `c2` ... in the document's order. */
  id: z.string(),
  line: z.number().int(),
  endLine: z.number().int(),
  headingPath: z.array(z.string()),
  /** Plain text: no marker, no markup, secrets masked. */
  text: z.string(),
  state: z.enum(claimStates),
  kind: z.enum(claimKinds),
  numbers: z.array(claimNumber),
});

/** A rating or score of the document as a whole or of a part of it, on its own scale. */
const claimedScore = z.object({
  line: z.number().int(),
  subject: z.string(),
  text: z.string(),
  /** 0 to 100, whatever the scale; null for words such as EXCELLENT. */
  value: z.number().nullable(),
});

const judged = claim.extend({
  matches: z.array(z.object({ check: z.string(), title: z.string(), confidence: z.number() })),
  /** Checks whose findings decided it, of those matched. */
  judgedBy: z.array(z.string()),
  verdict: z.enum(claimVerdicts),
  reason: z.string(),
  /** What would settle a claim that is not verifiable here. */
  settle: z.string().nullable(),
  evidence: z.array(z.object({ location: place.optional(), message: z.string(), excerpt: z.string().optional() })),
});

const counts = z.object(Object.fromEntries(claimVerdicts.map((v) => [v, z.number().int()])) as Record<ClaimVerdict, z.ZodNumber>);

export const claimsReportSchema = z.object({
  schema: z.literal('readiness-claims/1'),
  tool: z.object({ name: z.literal('readiness'), version: z.string() }),
  document: z.object({ path: z.string(), lines: z.number().int(), repaired: z.string().nullable() }),
  target: z.object({ name: z.string(), commit: z.string().nullable() }),
  /** Share of the decidable claims (verified, contradicted, unsupported) that hold, 0 to 100; null where none is decidable. */
  honesty: z.number().nullable(),
  counts,
  claims: z.array(judged),
  scores: z.array(
    claimedScore.extend({
      /** What the audit makes of it: the category's score or the whole, 0 to 100. */
      computed: z.number().nullable(),
      /** `overall`, or the id of the category it is compared with. */
      comparedWith: z.string().nullable(),
    }),
  ),
  /** The computed verdict and score; null where the document states no rating, so that only the matched checks ran. */
  computed: z.object({ verdict: z.string(), score: z.number().nullable(), coverage: z.number() }).nullable(),
  notes: z.array(z.string()),
});

export type Claim = z.infer<typeof claim>;
export type ClaimNumber = z.infer<typeof claimNumber>;
export type ClaimedScore = z.infer<typeof claimedScore>;
export type JudgedClaim = z.infer<typeof judged>;
export type ClaimsReport = z.infer<typeof claimsReportSchema>;
