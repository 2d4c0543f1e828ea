import { z } from 'zod';

/**
 * The shapes of concept documents: what several stacks say in different ways, as one flat item each. Every field is
 * always present, so CEL needs no has(); "not said" is null (or '' / [] where the field is text or a list).
 * A new concept is one schema here, one folder in documents/concepts/, one line in its registry.
 */
const at = { path: z.string(), line: z.number().int() };
/** A value as far as it is certain (see model/document.ts `Value`): literal, env(NAME, default) or unknown. */
const value = { known: z.boolean(), value: z.json(), env: z.string(), text: z.string() };
const variant = z.enum(['base', 'production', 'staging', 'development', 'test', 'template']);
const strings = z.array(z.string());
const triState = z.boolean().nullable();

export const concepts = {
  /** Declared and locked packages of every ecosystem. */
  dependencies: z.object({
    ...at,
    ecosystem: z.enum(['npm', 'pypi', 'go', 'maven', 'gem', 'composer', 'nuget', 'cargo']),
    /** As the ecosystem writes it; PyPI names normalised (PEP 503), Maven as group:artifact. */
    name: z.string(),
    /** The constraint as written; '' where none is. */
    spec: z.string(),
    /** The exact version from a lock file or an exact pin, else null. */
    version: z.string().nullable(),
    scope: z.enum(['runtime', 'dev', 'peer', 'optional', 'build']),
    source: z.enum(['manifest', 'lock']),
  }),
  /** Module imports of interest (those that a technology or a dependency probe names), product code and tests alike. */
  imports: z.object({ ...at, language: z.string(), module: z.string(), role: z.string() }),
  /** Environment variables: read by code, documented in templates or docs, set in Compose, manifests, workflows, Dockerfiles. */
  'env-variables': z.object({
    ...at,
    name: z.string(),
    origin: z.enum(['read', 'documented', 'set']),
    /** read: the default in code; set and documented: the value (masked where secret-like and no placeholder); else null. */
    default: z.string().nullable(),
    /** read: the program stops at start when it is missing (os.environ["X"], required schema field). */
    required: z.boolean(),
    secretLike: z.boolean(),
    placeholder: z.boolean(),
    where: z.enum(['code', 'settings', 'template', 'compose', 'kubernetes', 'workflow', 'dockerfile', 'docs', 'platform']),
    variant,
  }),
  /** Framework settings as key and value: Django settings, Spring properties, Rails config, Laravel config, appsettings.json, Flask config, pydantic fields ... */
  settings: z.object({
    ...at,
    framework: z.string(),
    /** The framework's own key: DEBUG, server.error.include-stacktrace, config.force_ssl, app.debug. */
    key: z.string(),
    ...value,
    variant,
    /** Spring or Quarkus profile, Rails or ASP.NET environment, Flask configuration class, as written; '' for the base. */
    profile: z.string(),
  }),
  cors: z.object({
    ...at,
    technology: z.string(),
    /** true: any origin is allowed; false: a list; null: cannot be told. */
    anyOrigin: triState,
    origins: strings,
    /** Origins given as regular expressions. */
    patterns: strings,
    /** Name of the environment variable or setting that the origins come from, '' where literal. */
    env: z.string(),
    credentials: triState,
    methods: strings,
    /** Every request's origin is echoed back (origin: true, $http_origin). */
    reflects: z.boolean(),
    variant,
  }),
  routes: z.object({
    ...at,
    technology: z.string(),
    /** GET, POST ... or ANY. Upper case. */
    method: z.string(),
    /** With the prefixes that are certain; '' where unknown. Parameters as written. */
    route: z.string(),
    handler: z.string(),
    /** true: a guard (dependency, decorator, middleware, attribute) that demands an identity covers it; null: cannot be told. */
    auth: triState,
    rateLimited: triState,
    /** The request body or parameters are bound to a typed schema or validator. */
    validated: triState,
    /** A response schema or serialiser is declared. */
    responseSchema: triState,
    upload: z.boolean(),
    websocket: z.boolean(),
    /** Source text of the handler as far as it is local, comments blanked, at most 2,000 characters. */
    body: z.string(),
  }),
  'http-clients': z.object({
    ...at,
    /** The file belongs to a browser bundle, so that the call goes to the project's own back end as a rule. */
    frontend: z.boolean(),
    technology: z.string(),
    /** construct: a client, session or agent is made; call: one request through the library's default client. */
    kind: z.enum(['construct', 'call']),
    /** In seconds; null where none is set. */
    timeout: z.number().nullable(),
    timeoutSet: triState,
    /** The library's own default in seconds, null for none. */
    defaultTimeout: z.number().nullable(),
    retries: triState,
    /** false: certificate verification is switched off. */
    verify: triState,
    /** Made inside a function that handles a request or is called for each, rather than once. */
    perCall: z.boolean(),
    pooled: triState,
  }),
  /** Compose services, Kubernetes containers, ECS task containers, Cloud Run services in one shape: one item a container. */
  workloads: z.object({
    ...at,
    source: z.enum(['compose', 'kubernetes', 'helm', 'ecs', 'cloud-run', 'nomad']),
    /** Compose: service; Kubernetes: Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod; ECS: task. */
    kind: z.string(),
    name: z.string(),
    container: z.string(),
    /** Image reference as written after defaults of variables were filled in; '' where it is built only. */
    image: z.string(),
    /** Build context relative to the target's root, null where none. */
    build: z.string().nullable(),
    dockerfile: z.string().nullable(),
    /** Runs this repository's software (built here, or its image is pushed from here). */
    own: z.boolean(),
    /** app, database, cache, proxy, queue, monitoring, admin, mail, storage, other: by image and name. */
    role: z.string(),
    init: z.boolean(),
    command: z.string(),
    /** Names of environment variables, and literal values of those that are no secrets. */
    env: z.array(z.object({ name: z.string(), value: z.string().nullable(), fromSecret: z.boolean(), literal: z.boolean(), secretLike: z.boolean(), line: z.number() })),
    envFiles: strings,
    /** Published on the host or by a load balancer: {host: bind address or '', published, target}. */
    ports: z.array(z.object({ host: z.string(), published: z.string(), target: z.string() })),
    replicas: z.number().nullable(),
    restart: z.string(),
    user: z.string(),
    runAsNonRoot: triState,
    privileged: z.boolean(),
    readOnlyRoot: triState,
    allowPrivilegeEscalation: triState,
    capabilitiesDropped: strings,
    capabilitiesAdded: strings,
    seccomp: z.string(),
    hostNetwork: z.boolean(),
    hostPid: z.boolean(),
    /** Paths of the host or the checkout that are mounted, as written; read-only ones end in `:ro`. */
    hostPaths: strings,
    limits: z.object({ cpu: z.string(), memory: z.string() }),
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    healthcheck: z.string(),
    livenessProbe: z.json(),
    readinessProbe: z.json(),
    startupProbe: z.json(),
    dependsOn: z.array(z.object({ service: z.string(), condition: z.string() })),
    volumes: z.array(z.object({ source: z.string(), target: z.string(), kind: z.enum(['named', 'bind', 'anonymous', 'tmpfs', 'pvc', 'empty', 'config', 'secret', 'other']) })),
    logging: z.string(),
    networks: strings,
    labels: strings,
    stopGracePeriod: z.string(),
    strategy: z.string(),
    serviceAccount: z.string(),
    /** Compose profiles and the like: off by default. */
    optIn: z.boolean(),
    /** The file describes production (trait production-compose, kubernetes manifests), not development. */
    production: z.boolean(),
    variant,
  }),
  /** One item a step of a CI job, with what its job and workflow say. */
  'ci-jobs': z.object({
    ...at,
    system: z.string(),
    workflow: z.string(),
    job: z.string(),
    step: z.string(),
    /** Shell text of the step, '' where it runs an action. Scripts and Make, npm, tox targets it calls are appended as far as they are in the repository. */
    run: z.string(),
    uses: z.string(),
    with: z.record(z.string(), z.json()),
    image: z.string(),
    /** push, pull_request, schedule, tag, release, workflow_dispatch, workflow_call, workflow_run, pull_request_target ... */
    triggers: strings,
    /** Runs on pushes or pull requests to the default branch, without a person starting it. */
    onChange: z.boolean(),
    cron: strings,
    /** The step's failure does not fail the job: continue-on-error, allow_failure, || true. */
    canFail: z.boolean(),
    /** `if:`/`when: manual` conditions as text. */
    condition: z.string(),
    environment: z.string(),
    permissions: z.json(),
    needs: strings,
    /** Of test, lint, format, types, build, deploy, publish, sast, dependency-scan, image-scan, secret-scan, dast, e2e, load, migrate, smoke, coverage, sbom, sign. */
    purposes: strings,
  }),
  /** Sections of documents about the project: one item a heading, with the text until the next heading of the same or a higher level. */
  prose: z.object({
    ...at,
    /** File name without folder and extension, lower case. */
    document: z.string(),
    heading: z.string(),
    /** All headings from the document's title down, lower case, joined with ' > '. */
    headings: z.string(),
    level: z.number().int(),
    /** Words of own text and subsections, code blocks aside. */
    words: z.number().int(),
    /** List items, table rows and numbered steps. */
    entries: z.number().int(),
    codeBlocks: z.number().int(),
    links: z.array(z.object({ text: z.string(), url: z.string() })),
    /** Lower case, white space folded, at most 8,000 characters; subsections included. */
    text: z.string(),
    /** TODO, TBD, lorem ipsum or <placeholder> stands for the content. */
    unfilled: z.boolean(),
  }),
  /** Credentials in files: detector rule, masked value, and whether it is a placeholder. */
  secrets: z.object({
    ...at,
    rule: z.string(),
    /** Masked: the first characters of a known prefix, then ***. */
    excerpt: z.string(),
    name: z.string(),
    placeholder: z.boolean(),
    /** Shannon entropy in bits per character. */
    entropy: z.number(),
    role: z.string(),
    variant,
  }),
  /** Where something of the repository is started: a main module, a start command, a platform's process. */
  starts: z.object({
    ...at,
    technology: z.string(),
    /** server: answers requests; worker: takes jobs; frontend: built for browsers; cli: runs and ends; process: cannot be told. */
    kind: z.enum(['server', 'worker', 'frontend', 'cli', 'process']),
    /** The command, or '' where code starts itself. */
    command: z.string(),
    /** Folder of the nearest manifest above. */
    root: z.string(),
    message: z.string(),
  }),
  /** Test, coverage, scan and load results that a run left in the repository. */
  results: z.object({
    ...at,
    format: z.enum(['junit', 'cobertura', 'lcov', 'jacoco', 'istanbul', 'sarif', 'k6', 'autocannon', 'locust', 'jmeter']),
    tests: z.number().nullable(),
    failures: z.number().nullable(),
    skipped: z.number().nullable(),
    /** Line coverage in percent. */
    coverage: z.number().nullable(),
    p95Ms: z.number().nullable(),
    errorRate: z.number().nullable(),
    findings: z.number().nullable(),
    date: z.string().nullable(),
  }),
} as const;

export type ConceptKind = keyof typeof concepts;
export type ConceptItem<K extends ConceptKind> = z.infer<(typeof concepts)[K]>;
