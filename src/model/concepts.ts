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
  /** Protective response headers as set, defaulted or switched off by application, proxy or platform; one item a header and place. */
  'security-headers': z.object({
    ...at,
    technology: z.string(),
    /** Lower case: content-security-policy, content-security-policy-report-only, x-frame-options, x-content-type-options, strict-transport-security, x-xss-protection, referrer-policy. */
    header: z.string(),
    /** The header's value as far as it is certain, white space folded; null where it is computed. */
    value: z.string().nullable(),
    /** A default of the framework or library, not written in the repository. */
    default: z.boolean(),
    /** Switched off here though the framework or library would send it. */
    off: z.boolean(),
    /** CSP: sources of script-src, else of default-src; null where the policy names neither or is unknown. */
    scripts: z.string().nullable(),
    /** CSP: sources of frame-ancestors; null where it has none. */
    frameAncestors: z.string().nullable(),
    /** HSTS, in seconds. */
    maxAge: z.number().nullable(),
    /** HSTS: includeSubDomains. */
    subdomains: triState,
    variant,
  }),
  /** Free-text fields that requests bring: of request schemas, forms and widgets. Typed ones (e-mail, URL, UUID, enumerations, patterns) are bounded. */
  'input-fields': z.object({
    ...at,
    technology: z.string(),
    /** Schema, form or class the field belongs to; '' where it has none. */
    model: z.string(),
    name: z.string(),
    bounded: z.boolean(),
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
    /** The framework's protection against forged requests is skipped for it (Rails). */
    csrfOff: z.boolean(),
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
    /** Names of environment variables, and literal values of those that are no secrets. `weak`: a password that anybody guesses, defaults of ${NAME:-x} included; `fallback`: ${NAME:-x} gives one where NAME is unset. */
    env: z.array(
      z.object({
        name: z.string(),
        value: z.string().nullable(),
        fromSecret: z.boolean(),
        literal: z.boolean(),
        secretLike: z.boolean(),
        weak: z.boolean(),
        fallback: z.boolean(),
        line: z.number(),
      }),
    ),
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
    volumes: z.array(
      z.object({
        source: z.string(),
        target: z.string(),
        kind: z.enum(['named', 'bind', 'anonymous', 'tmpfs', 'pvc', 'empty', 'config', 'secret', 'other']),
      }),
    ),
    logging: z.string(),
    networks: strings,
    labels: strings,
    stopGracePeriod: z.string(),
    strategy: z.string(),
    serviceAccount: z.string(),
    /** Runs and ends: jobs, migrations, what others wait for until it has completed, init containers. */
    oneShot: z.boolean(),
    /** Compose profiles and the like: off by default. */
    optIn: z.boolean(),
    /** The file describes production (trait production-compose, kubernetes manifests), not development. */
    production: z.boolean(),
    variant,
  }),
  /** Images that Dockerfiles of the software build: one item a Dockerfile, for the stage that production builds. */
  images: z.object({
    ...at,
    /** Builds this repository's software; false: only configures a database, monitoring or similar public image. */
    own: z.boolean(),
    /** Outside image at the end of the final stage's chain. */
    base: z.string(),
    stages: z.number().int(),
    copiesFromStage: z.boolean(),
    /** Something of the repository, or fetched from elsewhere, gets into it. */
    filled: z.boolean(),
    /** Compiles, bundles or calls build tools or a dependency manager that is no part of the language's image. */
    builds: z.boolean(),
    user: z.string(),
    /** true also where the base, the start script or every workload sees to it; null: nothing says so. */
    nonRoot: triState,
    /** ENTRYPOINT and CMD. */
    start: z.string(),
    startLine: z.number().int(),
    /** Command that a production workload gives instead. */
    startedBy: z.string(),
    /** Compose runs an init process before it. */
    init: z.boolean(),
    /** The base starts nothing useful by itself. */
    languageBase: z.boolean(),
    healthcheck: z.string(),
    /** Folder that it is (most likely) built from. */
    context: z.string(),
    /** Line of COPY or ADD of the whole context, else 0. */
    copiesWhole: z.number().int(),
    ignoreFile: z.string(),
    ignoresGit: z.boolean(),
    ignoresEnv: z.boolean(),
    ignoresDependencies: z.boolean(),
    gitAtContext: z.boolean(),
    /** Environment files or their templates lie in the context. */
    envUsual: z.boolean(),
    workloads: strings,
    variant,
  }),
  /** What is wrong with images and references to images, one item a place. */
  'image-findings': z.object({
    ...at,
    /**
     * loose-base, loose-tag, heavy-base, kept-tools, development-dependencies, secret, unsignalled, dead-healthcheck, root-user;
     * and what was judged, so that a check sees that there is something: image, start (CMD or ENTRYPOINT), deployed (an image in use).
     */
    rule: z.string(),
    message: z.string(),
    own: z.boolean(),
    variant,
  }),
  /** Where nginx passes requests on: one item a proxy_pass, with the headers that it gives them. */
  'proxy-routes': z.object({ ...at, target: z.string(), host: z.boolean(), client: z.boolean(), scheme: z.boolean(), variant }),
  /** What firewalls, security groups and network rules let in: one item a rule. */
  'firewall-rules': z.object({
    ...at,
    source: z.enum(['terraform', 'cloudformation', 'ansible', 'script', 'nftables']),
    /** Open to everybody: 0.0.0.0/0, ::/0, `*`, Internet, or no source named. */
    world: z.boolean(),
    /** {from, to}; the whole range where the rule names none. */
    ports: z.array(z.object({ from: z.number(), to: z.number() })),
    /** The rule switches the firewall off or is the policy that lets everything in. */
    off: z.boolean(),
    /** Denies by default (ufw default deny, policy drop, a security group's nature). */
    deniesByDefault: z.boolean(),
    message: z.string(),
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
    /** Pictures and embedded media, and what linked pictures lead to; subsections included. */
    images: z.array(z.object({ text: z.string(), url: z.string() })),
    /** Boxes to tick (`- [ ] text`), subsections included. */
    tasks: z.array(z.object({ text: z.string(), done: z.boolean(), line: z.number() })),
    /** Text of code blocks as written, at most 6,000 characters; subsections included. */
    code: z.string(),
    /** Lower case, white space folded, at most 8,000 characters; subsections included. */
    text: z.string(),
    /** TODO, TBD, lorem ipsum or <placeholder> stands for the content. */
    unfilled: z.boolean(),
  }),
  /** Licence files, and what manifests say the licence is. */
  licences: z.object({
    ...at,
    source: z.enum(['file', 'manifest']),
    /** file: SPDX id without -only and -or-later, `proprietary`, or '' where the text is not recognised; manifest: as written. */
    id: z.string(),
    /** [year], [fullname] and the like stand in a short licence text. */
    placeholder: z.boolean(),
    /** manifest: the licences of the nearest files, where these are others; else ''. */
    contradicts: z.string(),
  }),
  /** Commands in READMEs and guides for developers that name something of the repository. */
  'documented-commands': z.object({
    ...at,
    command: z.string(),
    /** script: of package.json; target: of a Makefile; file: a shell script. */
    kind: z.enum(['script', 'target', 'file']),
    name: z.string(),
    /** null: cannot be told. */
    exists: triState,
  }),
  /** Environment variables that somebody who runs the software may set: those of the template, or without one those that code reads. */
  'variable-docs': z.object({
    ...at,
    name: z.string(),
    /** A comment or document says what it is for. */
    explained: z.boolean(),
    /** Comments or documents tell required from optional ones; the same for all. */
    necessary: z.boolean(),
    template: z.boolean(),
    /** Number of variables of its own that code reads; the same for all. */
    read: z.number().int(),
    variant,
  }),
  /** Tables of a relational database with whether a description, document or diagram covers them. */
  'table-docs': z.object({ ...at, table: z.string(), described: z.boolean(), variant }),
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
  /** Alert rules: Prometheus, Loki, Grafana provisioning, CloudWatch, Azure Monitor, Google Cloud, Datadog, New Relic, Sentry as code. */
  alerts: z.object({
    ...at,
    source: z.enum(['prometheus', 'grafana', 'cloudformation', 'terraform', 'cdk']),
    name: z.string(),
    /** Text of the whole rule: expression or metric, labels, annotations; white space folded, at most 3,000 characters. */
    text: z.string(),
    /** The first comparison: >, >=, <, <=, == or ''. */
    comparison: z.string(),
    threshold: z.number().nullable(),
    /** The threshold from 0 to 100 where it can be a share: 0.9, `* 100 > 90` and 90 are all 90. */
    percent: z.number().nullable(),
    /** How long the condition must hold before it fires. */
    forSeconds: z.number().nullable(),
    /** Off: `actions_enabled = false`, `isPaused: true`, `enabled = false`. */
    disabled: z.boolean(),
    /** Where it is sent, as written; [] where the rule says nothing. */
    actions: strings,
    /** The rule says that it is sent nowhere: `alarm_actions = []`. */
    silent: z.boolean(),
    variant,
  }),
  /** Where logs are written to: handlers, transports, appenders of the project's own code and configuration. */
  'log-sinks': z.object({
    ...at,
    technology: z.string(),
    kind: z.enum(['file', 'console', 'remote']),
    /** The file as written, '' where it cannot be told. */
    target: z.string(),
    /** Rotated or limited by size or age; null: cannot be told, or it is no file. */
    bounded: triState,
    variant,
  }),
  /** How a source file speaks: one item a file with output statements; `line` is that of the first bare one, else of the first log call. */
  'log-statements': z.object({
    ...at,
    language: z.string(),
    /** Calls of a logging framework. */
    logged: z.number().int(),
    /** print, console.log, fmt.Println, System.out, puts, var_dump ... */
    bare: z.number().int(),
    /** Text of the first bare statement. */
    first: z.string(),
    /** Part of a browser bundle, or of a command line program, whose output is meant for its user. */
    exempt: z.boolean(),
    variant,
  }),
  /** Which project of the repository is built with which other one: both are folders. */
  'project-references': z.object({ ...at, from: z.string(), to: z.string() }),
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
  /** Redis, Valkey, KeyDB and Dragonfly servers that the repository runs or declares: one item a server or managed instance. */
  'redis-servers': z.object({
    ...at,
    source: z.enum(['compose', 'kubernetes', 'helm', 'ecs', 'cloud-run', 'nomad', 'helm-values', 'config', 'terraform']),
    name: z.string(),
    managed: z.boolean(),
    production: z.boolean(),
    /** true: a client must show a password or identity; false: said to be open, or nothing demands one; null: cannot be told. */
    auth: triState,
    /** The file says that no password is needed (ALLOW_EMPTY_PASSWORD, auth.enabled: false, protected-mode no ...). */
    authOff: z.boolean(),
    /** Append-only file or snapshots are on; null: nothing is said. */
    persistence: triState,
    /** save "" and appendonly no, both said: a cache on purpose. */
    ephemeral: z.boolean(),
    /** The data directory is on a volume that outlives the container; null: cannot be told. */
    volume: triState,
    /** As written, '' where not set. */
    maxmemory: z.string(),
    policy: z.string(),
    /** Memory limit of the container as written, '' where none. */
    memoryLimit: z.string(),
    /** Replicated, clustered or watched by Sentinel; null: cannot be told. */
    replicated: triState,
    /** A single node is written down: automatic_failover_enabled = false, tier BASIC, Basic SKU. */
    replicationOff: z.boolean(),
    metrics: z.boolean(),
    variant,
  }),
  /** Database servers that the repository runs (containers, configuration files) or declares (infrastructure as code): one item a server. Search engines and vector stores are none. */
  'database-servers': z.object({
    ...at,
    source: z.string(),
    name: z.string(),
    /** postgres, mysql, mongodb, sqlserver, oracle, dynamodb ... or other. */
    engine: z.string(),
    /** Resource type of infrastructure as code, image of a container, or ''. */
    resource: z.string(),
    managed: z.boolean(),
    production: z.boolean(),
    encrypted: triState,
    replicated: triState,
    /** A single zone is written down: multi_az = false, availability_type = "ZONAL". */
    replicationOff: z.boolean(),
    /** Automated backups of the service; false: switched off. */
    backups: triState,
    retentionDays: z.number().nullable(),
    pointInTime: triState,
    slowLog: triState,
    insights: z.boolean(),
    maintenance: triState,
    /** The server refuses plain connections. */
    tlsRequired: triState,
    /** skip_final_snapshot = true. */
    noFinalSnapshot: z.boolean(),
    variant,
  }),
  /** Backups of databases and files that scripts, containers, operators, jobs and managed services make. */
  backups: z.object({
    ...at,
    kind: z.enum(['script', 'workload', 'managed', 'operator', 'ci', 'config']),
    /** pg_dump, restic, aws_db_instance, postgres-backup-local ... */
    tool: z.string(),
    name: z.string(),
    database: z.boolean(),
    files: z.boolean(),
    /** Something starts it by itself; false: nothing in the repository does. */
    scheduled: triState,
    /** Hours between two runs, null where it cannot be told; 0 for continuous shipping. */
    intervalHours: z.number().nullable(),
    /** Old backups are removed, or a number says how long they stay. */
    retained: triState,
    retentionDays: z.number().nullable(),
    /** Every run writes the same file. */
    overwrites: z.boolean(),
    encrypted: triState,
    encryptionOff: z.boolean(),
    offsite: triState,
    /** Restores or verifies what it wrote. */
    verified: z.boolean(),
    alerts: z.boolean(),
    ignoresErrors: z.boolean(),
    continuous: z.boolean(),
    text: z.string(),
    variant,
  }),
  /** Columns of the tables that models, schemas, migrations and DDL of a relational database define: one item a column. */
  columns: z.object({
    ...at,
    framework: z.string(),
    table: z.string(),
    name: z.string(),
    type: z.string(),
    primary: z.boolean(),
    /** null: cannot be told. */
    nullable: triState,
    /** Alone in a UNIQUE constraint or index. */
    unique: z.boolean(),
    /** Member of a UNIQUE constraint or index over several columns. */
    uniqueTogether: z.boolean(),
    /** Leading column of an index or key, declared or made by the ORM or engine. */
    indexed: z.boolean(),
    /** The index is declared by hand, other than by a primary key or a foreign key. */
    indexDeclared: z.boolean(),
    /** Refers to another table: a relation, or a name ending in _id or Id that an own table explains. */
    refers: z.boolean(),
    references: z.string(),
    /** A foreign key enforces it. */
    constrained: z.boolean(),
    /** The constraint is switched off by hand (db_constraint=False, constraints: false). */
    constraintOff: z.boolean(),
    variant,
  }),
  /** Cases of automated tests, one item each; also groups that are skipped and focused ones. */
  'test-cases': z.object({
    ...at,
    language: z.string(),
    name: z.string(),
    /** Source text without comments, at most 1,500 characters; '' for groups. */
    body: z.string(),
    asserts: z.boolean(),
    /** Written by a generator and tests nothing of this software. */
    scaffold: z.boolean(),
    /** skip: never run and nothing says why; reason: never run, with an issue or a cause named; focus: keeps the others from running. Conditional skips are ''. */
    disabled: z.enum(['', 'skip', 'reason', 'focus']),
    /** playwright, cypress, selenium ... or apptest where the file drives one, else ''. */
    browser: z.string(),
    /** The file clicks, fills or submits something. */
    acts: z.boolean(),
    /** Number among the cases of the repository that run, assert and are no scaffold, from 1; 0 for others. */
    nth: z.number().int(),
  }),
  /** Whether the versions of each manifest with dependencies are locked; the place is the manifest. */
  'lock-states': z.object({
    ...at,
    ecosystem: z.string(),
    /** stale: the lock does not know a package of the manifest; competing: locks of two tools; ranges: no lock, and versions are open. */
    state: z.enum(['locked', 'missing', 'stale', 'competing', 'ranges']),
    lock: z.string(),
    detail: z.string(),
  }),
  /** Declared versions of language runtimes, base systems and frameworks. */
  runtimes: z.object({
    ...at,
    /** python, node, bun, go, java, ruby, php, dotnet, rust; debian, ubuntu, alpine, centos; django, rails, laravel, symfony, spring-boot, angular, nextjs. */
    product: z.string(),
    version: z.string(),
    /** The release line: 3.13, 22. */
    release: z.string(),
    /** One version, not a range. */
    exact: z.boolean(),
    /** manifest: a range; pin: a version file or release level; image and builder: final and earlier stages of an image; function: of a platform; system: the base image's. */
    origin: z.enum(['manifest', 'pin', 'image', 'builder', 'function', 'ci', 'framework', 'system']),
    /** Day on which security support ends, '' where it is not known. */
    ended: z.string(),
    /** What contradicts this declaration, '' where nothing does. */
    conflict: z.string(),
  }),
  /** Run-time packages in a version that a well-known critical or high advisory affects. */
  advisories: z.object({ ...at, ecosystem: z.string(), name: z.string(), version: z.string(), id: z.string(), fixed: z.string() }),
  /** Modules that product code imports and that no manifest or lock file names. */
  'undeclared-imports': z.object({
    ...at,
    ecosystem: z.enum(['npm', 'pypi']),
    module: z.string(),
    /** Imported within a function, a condition or an import-error handler. */
    guarded: z.boolean(),
    /** There is a manifest of the ecosystem at all. */
    manifest: z.boolean(),
    /** missing: certainly named nowhere; unclear: nothing named looks like it, but which package holds it is not known; guarded: optional. */
    state: z.enum(['missing', 'unclear', 'guarded']),
    folder: z.string(),
  }),
  /** TODO, FIXME, HACK and XXX in comments of product code. */
  'debt-markers': z.object({
    ...at,
    marker: z.string(),
    /** An issue is named on the same or the next line. */
    tracked: z.boolean(),
    text: z.string(),
  }),
  /** Documentation and annotation of product code, one item a language (TypeScript counts as JavaScript). */
  declarations: z.object({
    ...at,
    language: z.string(),
    /** Public classes and functions of modules (exported ones where the language has exports). */
    publics: z.number().int(),
    documented: z.number().int(),
    /** Python: all functions, and those with an annotated result or all parameters annotated. */
    functions: z.number().int(),
    annotated: z.number().int(),
  }),
  /** Functions that write to a relational database through an ORM or driver, or ask it in a loop: one item a function. */
  'db-operations': z.object({
    ...at,
    language: z.string(),
    function: z.string(),
    /** Writes that follow each other in one run of the function (branches that exclude each other aside). */
    writes: z.number().int(),
    /** Commits or unit-of-work saves that follow each other. */
    commits: z.number().int(),
    /** A transaction encloses it: a block, decorator, annotation, or the request's own. */
    transactional: z.boolean(),
    /** A query runs for each row of a loop over query results, or for each object that a serialiser renders. */
    queryInLoop: z.boolean(),
    text: z.string(),
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
  /** Commands that start the software in production: Dockerfiles, production workloads, Procfiles, platforms, units, package scripts. One item a command. */
  'start-commands': z.object({
    ...at,
    source: z.enum(['dockerfile', 'workload', 'procfile', 'platform', 'unit', 'package', 'docs']),
    name: z.string(),
    /** As written, followed by the package scripts and shell scripts that it calls; '' where the image's base starts itself. */
    command: z.string(),
    kind: z.enum(['server', 'worker', 'job']),
    /** gunicorn, uvicorn, node, java, puma ...; '' where the command is not recognised. */
    server: z.string(),
    /** What makes it a development server, '' where nothing does. */
    development: z.string(),
    /** Workers, processes or instances that are set; 0 where a variable or the number of cores sets them; null where nothing does. */
    workers: z.number().nullable(),
    variant,
  }),
  /** Raster images that the software ships to browsers: one item a file. */
  'raster-images': z.object({
    ...at,
    /** Lower case extension. */
    format: z.string(),
    /** Size in KB, rounded up. */
    kilobytes: z.number().int(),
  }),
  /** Schema migrations in the repository: one item for each tool and folder, at its newest file. */
  migrations: z.object({
    ...at,
    /** alembic, django, rails, flyway, prisma, knex, sequelize, typeorm, laravel, ef-core, golang-migrate, goose, node-pg-migrate. */
    tool: z.string(),
    /** `alembic in db/versions`. */
    name: z.string(),
    /** As the tool's own table writes them; file names without their ending. */
    ids: strings,
    /** Those that the table holds when everything is applied: all, or the heads where it only says where the history stands. */
    required: strings,
    /** The repository has no other history of this tool. */
    alone: z.boolean(),
  }),
  /** Components, pages and scripts of user interfaces that wait for data: one item a file. */
  'ui-fetches': z.object({
    ...at,
    technology: z.string(),
    /** The file, or a layout around it, shows that something is pending. */
    loading: z.boolean(),
    /** Failures are caught and shown. */
    errors: z.boolean(),
  }),
  /** Functions of a React server that browsers call by POST ("use server"): one item for each. */
  'server-actions': z.object({
    ...at,
    name: z.string(),
    /** Its body creates, changes or deletes rows or keys. */
    writes: z.boolean(),
    /** true: it, a helper in its file, or what wraps it asks who calls. null: not seen. */
    auth: triState,
    /** true: a schema sees its input. false: fields of a form are used as they come. null: it cannot be told. */
    validated: triState,
    /** The first 2000 characters. */
    body: z.string(),
  }),
  /** Cookies that hold a session, a token or a login, where code or an options object sets their flags: one item a place. */
  cookies: z.object({
    ...at,
    technology: z.string(),
    /** '' where the framework's own name is kept or none can be told. */
    name: z.string(),
    /** null: said by a variable or condition. false: switched off, or left out where the default is off. */
    httpOnly: triState,
    secure: triState,
    /** Lower case: lax, strict, none; '' where it is left out and no default exists; 'set' where it cannot be read. */
    sameSite: z.string(),
    variant,
  }),
  /** Comments that accept a failure at their line (`readiness: ignore category/name -- reason`): one item for each id. */
  suppressions: z.object({
    ...at,
    /** As written; '' where none is. */
    check: z.string(),
    /** '' where none is given. */
    reason: z.string(),
    /** Lines that it speaks about: its own, and where it stands alone all up to the next line of code. */
    covers: z.array(z.number().int()),
    /** The text of the last of these lines, spaces merged: with it the comment is found again when lines have moved. */
    anchor: z.string(),
  }),
} as const;

export type ConceptKind = keyof typeof concepts;
export type ConceptItem<K extends ConceptKind> = z.infer<(typeof concepts)[K]>;
