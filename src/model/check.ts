import { z } from 'zod';
import { connections, unknownReasons } from './environment.js';

export const severities = ['critical', 'important', 'recommended'] as const;
export const efforts = ['minutes', 'hours', 'days'] as const;
export const phases = ['pre-deployment', 'validation', 'post-deployment'] as const;
/** Judged for each deployable, for each dependency manifest, or once for the repository. */
export const scopes = ['deployable', 'manifest', 'repository'] as const;
export const rungs = ['present', 'configured', 'enforced', 'observed'] as const;
/** What decides the check: static files, a live environment, either of them, or a person's attestation. */
export const evidenceKinds = ['static', 'environment', 'both', 'attestation'] as const;

export type Severity = (typeof severities)[number];
export type Effort = (typeof efforts)[number];
export type Phase = (typeof phases)[number];
export type Scope = (typeof scopes)[number];

export const checkId = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'an id is category/name in kebab-case');

/**
 * A node of the probe tree: `all`, `any`, `none` over nodes, or one probe by name with its parameters.
 * `if` is CEL over the inventory; where it is false the node is left out of its parent (left out of everything: the
 * check is not applicable). `message` overrides the evidence message of a leaf that answers no; `rung` says how strong its yes is.
 */
export type ProbeNode = {
  if?: string;
  message?: string;
  rung?: (typeof rungs)[number];
  all?: ProbeNode[];
  any?: ProbeNode[];
  none?: ProbeNode[];
  [probe: string]: unknown;
};

export const probeNode: z.ZodType<ProbeNode> = z.lazy(() =>
  z.looseObject({
    if: z.string().optional().describe('CEL over `uses`, `has`, `param`; false leaves this node out'),
    message: z.string().optional().describe('What the report says when this node does not hold; {{CEL}} placeholders'),
    rung: z.enum(rungs).optional(),
    all: z.array(probeNode).min(1).optional(),
    any: z.array(probeNode).min(1).optional(),
    none: z.array(probeNode).min(1).optional(),
  }),
);

/** A map from path to content; a file's content may be given as a list of lines' parts to assemble fake secrets. */
const exampleFiles = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** One canned answer of a recorded environment: `ask` names the fields that a question must have for it. */
const recordedAnswer = z.strictObject({
  ask: z.record(z.string(), z.unknown()).optional(),
  where: z.string().optional(),
  facts: z.unknown().optional(),
  unknown: z.enum(unknownReasons).optional(),
  message: z.string().optional(),
});

export const example = z.strictObject({
  name: z.string().optional().describe('What the example shows, for near misses above all'),
  pass: exampleFiles.optional(),
  fail: exampleFiles.optional(),
  unknown: exampleFiles.optional(),
  'not-applicable': exampleFiles.optional(),
  at: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('path:line of evidence that a failing example must name'),
  kind: z.enum(['violation', 'missing', 'disagreement']).optional().describe('Which kind of failure a failing example must be'),
  given: z.array(z.string()).optional().describe('Traits, capabilities and technologies taken as present: [http-service, uses.fastapi]'),
  params: z.record(z.string(), z.unknown()).optional(),
  git: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Facts of git (model/probe.ts GitFacts) that the example has; without it there is no repository'),
  environment: z
    .partialRecord(z.enum(connections), z.union([z.array(recordedAnswer), z.record(z.string(), z.unknown())]))
    .optional()
    .describe('What the running system answers, by connection: facts for any question, `{unknown: reason}`, or a list of both by `ask`'),
  mutate: z.boolean().optional().describe('false: the pass rests on the absence of something, so that deleting evidence proves nothing'),
});
export type Example = z.infer<typeof example>;

export const checkSchema = z.strictObject({
  title: z.string().min(8).describe('The state that is good, as a sentence without a full stop'),
  severity: z.enum(severities),
  effort: z.enum(efforts),
  phase: z.enum(phases),
  scope: z.enum(scopes).default('deployable'),
  evidence: z.enum(evidenceKinds).default('static'),
  attestationDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe('Days for which an attestation of this check counts from its date; default 365'),
  deep: z.boolean().optional().describe('The definition needs an understanding of behaviour; `unknown` is typical where nothing is seen'),
  why: z.string().min(20).describe('What goes wrong in production without it'),
  applies: z.string().describe('CEL over `uses.<technology>`, `has.<trait or capability>`, `passes("category/name")`, `param.<name>`'),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.array(z.string())])).optional(),
  probe: probeNode,
  observe: probeNode
    .optional()
    .describe('The same question put to the running system; judged only where the operator names an environment (see checks/README.md)'),
  looked: z
    .string()
    .optional()
    .describe('What was looked for, said when nothing is found: "a helmet() call, a Content-Security-Policy header in nginx ..."'),
  fix: z.strictObject({
    text: z.string().min(10),
    snippet: z.string().optional(),
    snippets: z
      .array(z.strictObject({ if: z.string(), language: z.string().optional(), code: z.string() }))
      .optional()
      .describe('Snippets by stack; the first whose CEL condition holds is shown, else `snippet`'),
  }),
  references: z.array(z.string()).default([]),
  claims: z.array(z.string()).default([]),
  examples: z.array(example).min(1),
});

export type CheckSource = z.infer<typeof checkSchema>;
/** A check as loaded: the file's content plus its id (`containers/non-root-user`) and category. */
export type Check = CheckSource & { id: string; category: string; file: string };

/** checks/technologies/<name>.yaml: how a technology shows, and what it provides. */
export const technologySchema = z.strictObject({
  title: z.string(),
  kind: z.enum(['language', 'framework', 'library', 'server', 'platform', 'tool', 'service']),
  provides: z.array(z.string()).default([]).describe('Capabilities, readable as has.<capability>'),
  dependencies: z.array(z.string()).default([]).describe('ecosystem:name; * is a wildcard: maven:org.springframework.boot:*'),
  imports: z.array(z.string()).default([]).describe('Module names as imported; a trailing * is a wildcard'),
  languages: z.array(z.string()).optional().describe('Languages whose imports count, where no dependency says it (standard libraries)'),
  referenced: z
    .enum(['required', 'declared'])
    .default('required')
    .describe('required: also imported by product code; declared: being a dependency suffices (auto-registered starters, plugins)'),
  files: z.array(z.string()).default([]).describe('Globs; one such file outside tests and samples shows the technology'),
  text: z
    .array(
      z.strictObject({
        pattern: z.string(),
        paths: z.array(z.string()).optional(),
        languages: z.array(z.string()).optional(),
        in: z.array(z.string()).optional(),
      }),
    )
    .default([])
    .describe('Patterns in comment-free code or configuration that show it by themselves'),
  images: z.array(z.string()).default([]).describe('Container images (without tag) that run it, in production workloads'),
});
export type TechnologySource = z.infer<typeof technologySchema>;
export type Technology = TechnologySource & { id: string };

/** checks/traits/<name>.yaml: what kind of thing the repository or a deployable is; the probe tree of a check, answered yes or no. */
export const traitSchema = z.strictObject({
  title: z.string(),
  applies: z.string().optional().describe('CEL over technologies and traits named earlier; false means the trait does not hold'),
  probe: probeNode,
  examples: z.array(z.strictObject({ yes: exampleFiles.optional(), no: exampleFiles.optional(), name: z.string().optional() })).default([]),
});
export type TraitSource = z.infer<typeof traitSchema>;
export type Trait = TraitSource & { id: string };
