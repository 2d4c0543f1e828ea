import { z } from 'zod';

/** Zod schemas of the probes' parameters; imported by loaders and generators only, so that an audit never loads zod. */
const strings = z.union([z.string().transform((s) => [s]), z.array(z.string()).min(1)]);
const roles = z.enum(['product', 'test', 'sample', 'script', 'docs', 'ci', 'config', 'template', 'generated', 'vendored', 'other']);
const variants = z.enum(['base', 'production', 'staging', 'development', 'test', 'template']);
const languages = z.enum([
  'python',
  'javascript',
  'typescript',
  'tsx',
  'go',
  'java',
  'kotlin',
  'ruby',
  'php',
  'csharp',
  'rust',
  'shell',
  'sql',
  'html',
  'css',
  'scala',
  'c',
  'cpp',
  'swift',
  'elixir',
  'dart',
  'vue',
  'svelte',
]);
const oneOrMore = <T extends z.ZodType>(type: T) => z.union([type.transform((v) => [v] as z.infer<T>[]), z.array(type).min(1)]);
const message = z.string().optional().describe('What the report says when it does not hold; {{CEL}} placeholders');

const where = {
  paths: strings.optional().describe('Globs; a pattern without / matches at any depth'),
  except: strings.optional(),
  in: oneOrMore(roles).optional().describe('Roles of files to look at'),
  variants: oneOrMore(variants).optional().describe('Default: base and production'),
};

/** Parameters of a probe of a live environment: its question, and how the facts are judged. */
const live = <T extends z.ZodRawShape>(ask: T) =>
  z
    .strictObject({
      ...ask,
      select: z.string().optional().describe('RFC 9535 JSONPath: the values of the facts to judge; default: the facts as one item'),
      each: z
        .string()
        .optional()
        .describe('A concept of the repository instead: each of its items (one for each name) is an `item` to judge by the `facts`'),
      where: z.string().optional().describe('CEL: judge only the values for which it holds'),
      require: z.string().optional().describe('CEL over `item` and `facts` that must hold for every value'),
      find: z.string().optional().describe('CEL over `item` and `facts` that must hold for at least one value'),
      empty: z.enum(['yes', 'no', 'unknown', 'not-applicable']).optional().describe('The answer of `require` where nothing is selected'),
      unnamed: z
        .literal('not-applicable')
        .optional()
        .describe('Leaves this node out where the operator names no such endpoint; else it is unknown'),
      failing: z
        .enum(['violation', 'missing'])
        .optional()
        .describe('What a no is: a violation that was seen (default), or something missing'),
      message,
      seen: z.string().optional().describe('What the report says of what holds; {{CEL}} placeholders'),
      unclear: z.string().optional().describe('What the report says where the facts do not let it be judged; {{CEL}} placeholders'),
    })
    .refine((p: { require?: unknown; find?: unknown }) => (p.require === undefined) !== (p.find === undefined), {
      message: 'give exactly one of `require` (every value) and `find` (at least one)',
    });

/** Of databases. */
const reach = z
  .literal(true)
  .optional()
  .describe('Being refused, or turned down, is an answer too: `item.reach` says why; else it is unknown');

export const probeParams = {
  /** Is there such a file? */
  file: z.strictObject({ ...where, paths: strings, atLeast: z.number().int().min(1).optional(), message }),
  /** Does the pattern match? Comments are blanked in code. */
  text: z.strictObject({
    ...where,
    pattern: z.string(),
    languages: oneOrMore(languages).optional(),
    ignoreCase: z.boolean().optional(),
    over: z.enum(['code', 'all']).optional(),
    lines: z.number().int().min(0).max(60).optional().describe('Lines after the hit that the pattern may reach into; default 1'),
    where: z.string().optional().describe('CEL over `match.captures`, `match.excerpt`, `file`; a match counts where it holds'),
    atLeast: z.number().int().min(1).optional(),
    message,
  }),
  /** Does the ast-grep rule match? */
  code: z.strictObject({
    ...where,
    language: z.enum(['python', 'javascript', 'typescript', 'tsx', 'go', 'java', 'kotlin', 'ruby', 'php', 'csharp', 'rust', 'html', 'css']),
    rule: z.record(z.string(), z.unknown()),
    keywords: z.array(z.string().min(3)).min(1).describe('One of these must occur in the file'),
    atLeast: z.number().int().min(1).optional(),
    message,
  }),
  /** Documents of a format, or items of a concept, judged by CEL. */
  document: z
    .strictObject({
      kind: z.string(),
      ...where,
      select: z
        .string()
        .optional()
        .describe('RFC 9535 JSONPath: the values to judge; default: the whole document, or each item of a concept'),
      where: z.string().optional().describe('CEL: judge only the values for which it holds'),
      require: z.string().optional().describe('CEL that must hold for every value; one that fails is a violation at its place'),
      find: z.string().optional().describe('CEL that must hold for at least one value'),
      empty: z
        .enum(['yes', 'no', 'unknown', 'not-applicable'])
        .optional()
        .describe('The answer of `require` where there is nothing to judge; default unknown'),
      failing: z
        .enum(['violation', 'missing'])
        .optional()
        .describe('What a value is for which `require` fails: a violation (default), or listed as lacking something'),
      message,
    })
    .refine((p) => (p.require === undefined) !== (p.find === undefined), {
      message: 'give exactly one of `require` (every value) and `find` (at least one)',
    }),
  /** Is one of these packages declared for run time and used by product code? */
  dependency: z.strictObject({
    any: strings.describe('ecosystem:name, * is a wildcard'),
    scope: z.enum(['runtime', 'dev', 'any']).optional().describe('Default runtime'),
    imports: strings.optional().describe('Modules of which product code must import one; default: derived from the package name'),
    declared: z.boolean().optional().describe('true: being declared suffices'),
    version: z.string().optional().describe('Semver range that the declared or locked version must be able to satisfy'),
    message,
  }),
  /** Credentials in files. */
  secret: z.strictObject({ ...where, rules: strings.optional(), message }),
  /** CEL over `git`: available, commit, branch, dirty, shallow, commits[], tags[]. */
  git: z.strictObject({ require: z.string(), message }),
  /** Results that test, coverage, scan and load runs left in the repository. */
  result: z.strictObject({ format: z.string().optional(), require: z.string(), message }),
  /** CEL over `uses` and `has`; the evidence is the inventory's. */
  inventory: z.string(),
  /** Answers unknown: what a person should look at. */
  unknown: z.string(),
  /** Variables that the environment file sets. */
  env: live({}),
  /** Requests to `url`. */
  http: live({
    path: z.string().optional().describe('Below the base address; default /'),
    paths: strings.optional().describe('Several paths, one question each'),
    routes: z.string().optional().describe('CEL over `item`, a declared route: one question for each without parameters; `route` is it'),
    method: z.enum(['GET', 'HEAD', 'OPTIONS']).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    redirects: z.boolean().optional().describe('false: the first answer is judged; default true'),
    scheme: z.enum(['http', 'https']).optional().describe('Another scheme than that of `url`, on its usual port'),
    foreign: z.boolean().optional().describe('true: with Origin, as a page of a foreign origin would ask'),
    preflight: z.boolean().optional().describe('true: the CORS preflight of a foreign origin'),
    anonymous: z.boolean().optional().describe('true: without the Authorization and Cookie headers that the operator gives'),
    assets: z.boolean().optional().describe('true: the scripts and stylesheets of the page are requested too'),
    host: z.string().optional().describe('A host name that is not the application’s: `sameAsUsual` says whether it answers alike'),
    upgrade: z.boolean().optional().describe('true: asks to switch to WebSocket'),
    times: z.number().int().min(1).max(50).optional().describe('So many requests, one after another, for `times`'),
  }),
  /** Certificates, protocols and ciphers of `url` and `tls`. */
  tls: live({}),
  /** Ports that must be open or closed. */
  tcp: live({}),
  /** Records of the domain. */
  dns: live({}),
  postgres: live({ reach }),
  mysql: live({ reach }),
  redis: live({ reach }),
  host: live({
    folders: strings.optional().describe('Folders of applications whose permissions are judged; default /srv, /opt, /var/www'),
  }),
  prometheus: live({ query: z.string().optional().describe('PromQL; without it rules, targets, alerts and metrics are the facts') }),
  backup: live({}),
  /** A load test, or with `burst` a look for rate limiting; only with --allow-load. */
  load: live({
    path: z.string().optional().describe('Below the base address; default /'),
    paths: strings.optional().describe('Several paths, one test each'),
    routes: z.string().optional().describe('CEL over `item`, a declared route: one test for each without parameters'),
    method: z.enum(['GET', 'HEAD', 'POST']).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional().describe('Text, or data that is sent as JSON'),
    connections: z.number().int().min(1).max(50).optional().describe('At a time; default 10'),
    seconds: z.number().int().min(1).max(30).optional().describe('Default 5'),
    requests: z.number().int().min(1).max(20_000).optional().describe('So many requests instead of a number of seconds'),
    burst: z.number().int().min(1).max(400).optional().describe('So many requests as fast as they are answered, until one is limited'),
  }),
  /** A command of the operator's checklist; only with --allow-commands. */
  command: live({ name: z.string() }),
} as const;

export type ProbeName = keyof typeof probeParams;
export type Params<N extends ProbeName> = z.infer<(typeof probeParams)[N]>;
