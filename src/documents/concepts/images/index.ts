import type { Collected, Combiner, Document, Item, Json, Reader } from '../../../model/document.js';
import type { ConceptItem } from '../../../model/concepts.js';
import { isPlaceholder, isSecretLikeName } from '../../../safe/redact.js';
import type { Stage } from '../../formats/dockerfile.js';
import type { ComposeFile } from '../../formats/compose.js';
import { at, baseName, folderOf, joinPath, linedDocument, list, text, texts } from '../../json.js';
import { dockerfileOf } from '../workloads/production-compose.js';
import { roleOfImage } from '../workloads/roles.js';
import { builds, dropsRoot, installsDevelopment, keptTools, unexecedServer, unsignalled } from './commands.js';
import { dockerignore, gitignore, ignores } from './ignore.js';
import { heavyBase, lacksTool, looseBase, looseDeployed } from './references.js';

type Image = ConceptItem<'images'>;
type Finding = ConceptItem<'image-findings'>;

/** Scripts that an image may start: shell scripts, and files named like an entry point. `root` is `{text}`. */
const entryScripts: Reader = {
  name: 'images/entry-scripts',
  kind: 'entry-script',
  files: {
    paths: ['*.sh', '*entrypoint*', '*entry-point*', 'start', 'run', 'boot', 'bin/*'],
    roles: ['product', 'script', 'config', 'other'],
  },
  keywords: ['#!'],
  read: (source) =>
    source.text.length > 60_000 || !source.text.startsWith('#!') || !/^#!.*\b(?:ba|da|a)?sh\b/.test(source.text)
      ? {}
      : { documents: [linedDocument('entry-script', source.path, { text: source.text })] },
};

export const imageReaders: readonly Reader[] = [dockerignore, gitignore, entryScripts];

/** Images of developers, tests and tools rather than of the software. */
const aside =
  /(?:^|\/)(?:\.devcontainer|\.github|\.gitpod|\.circleci|\.buildkite|(?:integration|acceptance|functional|load|smoke)[-_]?tests?|tests?|e2e|playwright|cypress|hack|tools|benchmarks?|docs?|examples?|samples?)\/|(?:^|\/)(?:Docker|Container)file[-._](?:.*[-._])?(?:tests?|testing|dev|development|ci|e2e|playwright|local|debug|lint|docs|devcontainer|gitpod|example|sample|buildenv|builder|cross)(?:[-._]|$)|(?:^|\/)(?:[\w-]+[-._])?(?:tests?|dev|ci|e2e|local|docs|example)\.(?:Docker|Container)file$/i;
/** Tools that make packages for distributions: what they are installed for is no image of the software. */
const packaging = /\b(?:rpm-build|rpmdevtools|rpmbuild|debhelper|dh-make|devscripts|dpkg-buildpackage|abuild)\b/;
const backing = new Set(['database', 'cache', 'queue', 'monitoring', 'admin', 'mail', 'storage']);

interface Usage {
  readonly workloads: readonly Item[];
  readonly target: string;
  readonly context: string | null;
  readonly init: boolean;
}

/** Who runs the image in production, which stage they build, from which folder. */
function usageOf(path: string, all: Collected): Usage {
  const workloads = all.items('workloads').filter((w) => w.dockerfile === path && w.production === true && w.optIn !== true);
  const files = new Set(workloads.map((w) => w.path));
  let target = '';
  let init = false;
  for (const document of all.documents('compose'))
    for (const service of Object.values((document.root as unknown as ComposeFile).services)) {
      if (dockerfileOf(document.path, service)?.dockerfile !== path) continue;
      const live = files.has(document.path) || workloads.some((w) => w.name === service.name);
      if (live && service.build?.target) target = service.build.target;
      if (live && service.init) init = true;
    }
  const contexts = all.items('workloads').filter((w) => w.dockerfile === path && typeof w.build === 'string');
  return { workloads, target, init, context: contexts[0] ? String(contexts[0].build).replace(/^\.\/?|\/$/g, '') : null };
}

/** The stage that production builds: the chosen one, else the last, unless that is for tests and another says that it is the real one. */
function finalIndex(stages: readonly Stage[], target: string): number {
  const chosen = target ? stages.findIndex((s) => s.name.toLowerCase() === target.toLowerCase()) : -1;
  if (chosen >= 0) return chosen;
  if (/^(?:dev|development|debug|tests?|lint|ci)(?:$|[-_])/i.test(stages.at(-1)?.name ?? '')) {
    const real = stages.findLastIndex((s) => /prod|release|runtime|runner|final|deploy|app|serve/i.test(s.name));
    if (real >= 0) return real;
  }
  return stages.length - 1;
}

/** The final stage and the earlier ones that it continues, first one first. */
function chainOf(stages: readonly Stage[], final: number): Stage[] {
  const chain: Stage[] = [];
  for (let i: number | undefined = final; i !== undefined && i >= 0 && chain.length < 30;) {
    const stage: Stage = stages[i]!;
    chain.unshift(stage);
    const parent = stage.fromStage;
    const before: number = parent === null ? -1 : stages.findIndex((s, n) => n < i! && (s.name || String(n)) === parent);
    i = before >= 0 ? before : undefined;
  }
  return chain;
}

function judge(document: Document, all: Collected): { image: Image; findings: Finding[] } | null {
  const { path } = document;
  const stages = list(at(document.root, 'stages')) as unknown as Stage[];
  const file = all.files.find((f) => f.path === path);
  if (stages.length === 0 || !file) return null;
  const usage = usageOf(path, all);
  if (aside.test(path) && usage.workloads.length === 0) return null;
  const final = finalIndex(stages, usage.target);
  const stage = stages[final]!;
  const chain = chainOf(stages, final);
  const runs = chain.flatMap((s) => s.runs);
  const stageText = runs.map((r) => r.text).join('\n');
  if (packaging.test(stageText) && usage.workloads.length === 0) return null;
  const role = roleOfImage(stage.base);
  const starts = stage.entrypoint ?? stage.cmd;
  const own = !(role !== null && backing.has(role)) && !(starts === null && usage.workloads.length === 0 && buildsBaseOfOthers(path, all));
  const folder = folderOf(path);
  const context = usage.context ?? (copiesFromRoot(stages, folder, all) ? '' : contextOf(folder, all));
  const findings: Finding[] = [];
  const add = (rule: string, line: number, message: string): void => {
    if (!findings.some((f) => f.rule === rule && f.line === line)) findings.push({ path, line, rule, message, own, variant: file.variant });
  };

  add('image', stage.line, `${path} builds ${own ? 'the software' : 'a configured service'} on ${stage.base}`);
  if (starts) add('start', starts.line, `${starts.text.slice(0, 100)} is started`);

  // Base images.
  const names = new Set(stages.flatMap((s, i) => [s.name.toLowerCase(), String(i)]));
  for (const s of stages) {
    if (s.fromStage === null && !s.unresolved) {
      const loose = looseBase(s.from);
      if (loose) add('loose-base', s.line, `the base image ${s.from} ${loose}`);
    }
    for (const copy of s.copies)
      if (copy.from && !names.has(copy.from.toLowerCase()) && /[./:]/.test(copy.from)) {
        const loose = looseBase(copy.from);
        if (loose) add('loose-base', copy.line, `the image ${copy.from} that files are copied from ${loose}`);
      }
  }
  const heavy = stage.unresolved ? '' : heavyBase(stage.base, stages.length);
  if (heavy) add('heavy-base', chain[0]!.line, `the final stage is based on ${stage.base}: ${heavy}`);

  // What is installed.
  for (const s of chain)
    for (const run of s.runs) {
      const tool = keptTools(run.text);
      if (tool) add('kept-tools', run.line, `the final stage installs ${tool} and keeps it`);
      const development = installsDevelopment(run.text, { ...s.env, ...stage.env }, stageText);
      if (development && hasDevelopment(development.ecosystem, development.command.startsWith('!'), context, folder, all))
        add(
          'development-dependencies',
          run.line,
          `\`${development.command.replace(/^!/, '').slice(0, 80)}\` installs development dependencies in the final stage`,
        );
    }

  for (const copied of copiedModules(stages, chain))
    if (hasDevelopment('npm', false, context, folder, all))
      add('development-dependencies', copied.line, `node_modules is copied with development dependencies: \`${copied.command}\``);

  secretsOf(stages, chain, path, context, all, add);

  // The first process.
  const start = startOf(stage, path, all);
  if (own && start.problem) {
    if (start.path === path) add('unsignalled', start.line, start.problem);
    else findings.push({ path: start.path, line: start.line, rule: 'unsignalled', message: start.problem, own, variant: file.variant });
  }
  const health = stage.healthcheck;
  const healthProblem = health ? deadTest(health.none ? 'NONE' : health.command, stage.base, stageText) : '';
  if (health && healthProblem) add('dead-healthcheck', health.line, healthProblem);
  for (const w of usage.workloads) {
    const problem = typeof w.healthcheck === 'string' && w.healthcheck !== '' ? deadTest(w.healthcheck, stage.base, stageText) : '';
    if (problem)
      findings.push({
        path: w.path,
        line: w.line,
        rule: 'dead-healthcheck',
        message: `service ${String(w.name)}: ${problem}`,
        own,
        variant: file.variant,
      });
  }

  const user = stage.user.split(':')[0] ?? '';
  const overridden = usage.workloads.length > 0 && usage.workloads.every((w) => w.runAsNonRoot === true);
  const root = /^(?:root|0)$/.test(user);
  if (own && root && !overridden && !start.dropsRoot) add('root-user', stage.userLine, `the last USER is ${stage.user}`);
  const whole = stages
    .flatMap((s) => s.copies)
    .find((c) => c.from === '' && c.sources.some((source) => /^(?:\.|\.\/|\/|\.\/\.|\*)$/.test(source)));
  const ignore = [`${path}.dockerignore`, context ? `${context}/.dockerignore` : '.dockerignore']
    .map((p) => all.documents('dockerignore').find((d) => d.path === p))
    .find((d) => d !== undefined);
  const patterns = texts(at(ignore?.root, 'patterns'));
  // What git is told to leave out is expected there.
  const expected = texts(
    at(all.documents('gitignore').find((d) => d.path === (context ? `${context}/.gitignore` : '.gitignore'))?.root, 'patterns'),
  ).filter((p) => p.includes('env'));
  const inContext = (name: RegExp): boolean => all.files.some((f) => folderOf(f.path) === context && name.test(baseName(f.path)));
  const image: Image = {
    path,
    line: stage.line,
    own,
    base: stage.base,
    stages: stages.length,
    copiesFromStage: chain.some((s) => s.copies.some((c) => names.has(c.from.toLowerCase()) && c.from !== '')),
    filled: stages.some(
      (s) =>
        s.copies.length > 0 || s.runs.some((r) => /--mount=|\b(?:git|curl|wget|pip3?|go|npm|yarn|pnpm|composer|gem|cargo)\s/.test(r.text)),
    ),
    builds:
      stages.some((s) => s.runs.some((r) => builds(r.text))) ||
      stages.some((s) =>
        s.copies.some(
          (c) => c.from === '' && c.sources.some((source) => /\.(?:jar|war)$|(?:^|\/)(?:target|publish|build\/libs)(?:\/|$)/.test(source)),
        ),
      ),
    user: stage.user,
    nonRoot: start.dropsRoot || overridden ? true : user !== '' ? !root : stage.baseNonRoot ? true : null,
    start: [stage.entrypoint?.text, stage.cmd?.text].filter(Boolean).join(' '),
    startLine: starts?.line ?? stage.line,
    startedBy: usage.workloads.some((w) => w.command !== '') ? String(usage.workloads.find((w) => w.command !== '')?.command) : '',
    init: usage.init,
    languageBase:
      /^(?:[\w./-]*\/)?(?:python|node|golang|ruby|rust|openjdk|eclipse-temurin|alpine|debian|ubuntu|amazoncorretto|bun|scratch)(?::|@|$)/.test(
        stage.base,
      ),
    healthcheck: health ? (health.none ? 'NONE' : health.command) : '',
    context,
    copiesWhole: whole?.line ?? 0,
    ignoreFile: ignore?.path ?? '',
    ignoresGit: ignores(patterns, '.git'),
    ignoresEnv: ignores(patterns, '.env'),
    ignoresDependencies: !inContext(/^package\.json$/) || ignores(patterns, 'node_modules'),
    gitAtContext: context === '',
    envUsual: inContext(/^\.?env\b(?!\.d\.ts)|^\.env/) || ignores(expected, '.env'),
    workloads: usage.workloads.map((w) => String(w.name)),
    variant: file.variant,
  };
  return { image, findings };
}

/** Copies of a node_modules that an earlier stage installed whole and did not prune. */
function copiedModules(stages: readonly Stage[], chain: readonly Stage[]): { line: number; command: string }[] {
  return chain
    .flatMap((s) => s.copies)
    .flatMap((copy) => {
      if (copy.from === '' || !copy.sources.some((source) => /(?:^|\/)node_modules\/?$/.test(source))) return [];
      const made = chainOf(
        stages,
        stages.findIndex((s, i) => s.name.toLowerCase() === copy.from.toLowerCase() || String(i) === copy.from),
      );
      const everything = made.flatMap((s) => s.runs.map((run) => run.text)).join('\n');
      const found = made
        .flatMap((s) => s.runs.map((run) => installsDevelopment(run.text, s.env, everything)))
        .find((d) => d?.ecosystem === 'npm');
      return found ? [{ line: copy.line, command: found.command.slice(0, 80) }] : [];
    });
}

const plainName = (name: string): string => name.toLowerCase().replace(/[-_.]/g, '');

/**
 * Stages of other Dockerfiles that build on what this one makes: `FROM acme/base` and docker/base/Dockerfile, `FROM acme/shop-base` and
 * Dockerfile.base, `FROM acme/shop:build-tools` and BuildTools.Dockerfile. `runs` where their last stage continues it.
 */
function stagesBuiltOn(path: string, documents: readonly Document[]): { runs: boolean }[] {
  const suffix = /^Dockerfile\.([\w-]+)$|^([\w-]+)\.Dockerfile$/i.exec(baseName(path));
  const name = suffix?.[1] ?? suffix?.[2] ?? baseName(folderOf(path));
  if (!/^[\w-]{3,}$/.test(name) || /^(?:docker|deploy|build)$/i.test(name)) return [];
  return documents
    .filter((d) => d.path !== path)
    .flatMap((d) => {
      const stages = list(at(d.root, 'stages')) as unknown as Stage[];
      const last = chainOf(stages, stages.length - 1);
      return stages
        .filter((s) => {
          const [image = '', tag = ''] = baseName(s.from.split('@')[0]!).split(':');
          const named = image === name || image.endsWith(`-${name}`) || plainName(tag) === plainName(name);
          return s.fromStage === null && s.from.includes('/') && named;
        })
        .map((s) => ({ runs: last.includes(s) }));
    });
}

/** A Dockerfile that starts nothing and that others build on. What runs is judged where it ends. */
const buildsBaseOfOthers = (path: string, all: Collected): boolean => stagesBuiltOn(path, all.documents('dockerfile')).length > 0;

/** A Dockerfile whose image only helps to build others: they copy from it, and nothing of it runs. */
export function helpsToBuild(path: string, documents: readonly Document[]): boolean {
  const stages = stagesBuiltOn(path, documents);
  return stages.length > 0 && !stages.some((s) => s.runs);
}

/** What is copied lies at the root of the repository, not beside the Dockerfile. */
function copiesFromRoot(stages: readonly Stage[], folder: string, all: Collected): boolean {
  if (folder === '') return false;
  const sources = stages
    .flatMap((s) => s.copies)
    .filter((c) => c.from === '')
    .flatMap((c) => c.sources)
    .map((source) => source.replace(/^\.?\//, '').replace(/\/$/, ''))
    .filter((source) => /^[\w.-][\w./-]*$/.test(source) && source.length > 1);
  const has = (path: string): boolean => all.files.some((f) => f.path === path || f.path.startsWith(`${path}/`));
  return sources.some((source) => has(source) && !has(`${folder}/${source}`));
}

/** The folder that the image is most likely built from: its own where that holds a manifest, else the root. */
function contextOf(folder: string, all: Collected): string {
  if (folder === '') return '';
  const manifest =
    /^(?:package\.json|pom\.xml|build\.gradle(?:\.kts)?|go\.mod|pyproject\.toml|requirements\.txt|Cargo\.toml|Gemfile|composer\.json|.*\.csproj|settings\.gradle)$/;
  const own = all.files.some((f) => folderOf(f.path) === folder && manifest.test(baseName(f.path)));
  const ignored = all.documents('dockerignore').some((d) => d.path === `${folder}/.dockerignore`);
  const only = /(?:^|\/)(?:\.?docker|deploy(?:ment)?|build|containers?|ops|infra|dockerfiles?)(?:\/|$)/i.test(folder);
  return own || ignored || !only ? folder : '';
}

/** Whether the context's manifests say that there are development dependencies at all (`sure`: the command names them itself). */
function hasDevelopment(ecosystem: string, sure: boolean, context: string, folder: string, all: Collected): boolean {
  if (sure) return true;
  const near = all
    .items('dependencies')
    .filter(
      (d) => d.ecosystem === ecosystem && d.source === 'manifest' && [context, folder].some((f) => f === '' || d.path.startsWith(`${f}/`)),
    );
  return near.length === 0 ? false : near.some((d) => d.scope === 'dev');
}

/** A test that can never fail, or whose tool a minimal image does not hold. */
function deadTest(command: string, base: string, stageText: string): string {
  if (/^none$/i.test(command)) return 'the health check is switched off';
  if (/(?:^|[;&|]\s*)exit 0\s*$|\|\|\s*(?:true|exit 0|:)\s*$|^\s*(?:true|:|echo\b[^|&;]*)\s*$/.test(command))
    return `the health check \`${command.slice(0, 60)}\` cannot fail`;
  const tool = /\b(curl|wget)\b/.exec(command)?.[1];
  if (tool && !new RegExp(`\\b${tool}\\b`).test(stageText) && lacksTool(base, tool))
    return `the health check uses ${tool}, which ${base} does not hold and nothing installs`;
  return '';
}

interface Start {
  readonly problem: string;
  readonly path: string;
  readonly line: number;
  readonly dropsRoot: boolean;
}

/** How the first process is started, with the script that it is, where the repository holds that. */
function startOf(stage: Stage, path: string, all: Collected): Start {
  const entry = stage.entrypoint;
  const first = entry ?? stage.cmd;
  const none: Start = { problem: '', path, line: stage.line, dropsRoot: false };
  if (!first) return none;
  const words = (first.exec ?? first.text.split(/\s+/)).filter((w) => !w.startsWith('-'));
  const started = `${first.text}\n${stage.cmd?.text ?? ''}`;
  const drops = dropsRoot(started) || /\b(?:gosu|su-exec|setpriv)\b/.test(first.text);
  const problem = unsignalled(first.exec, first.text);
  // s6 starts services as the users that their run scripts name.
  const supervised =
    /^\/init\b|\bs6-svscan\b/.test(started) && all.documents('entry-script').some((d) => dropsRoot(text(at(d.root, 'text'))));
  if (supervised) return { ...none, line: first.line, dropsRoot: true };
  const script = scriptOf(words, path, all);
  if (!script) {
    // An entry point that is no script of this repository may exec what CMD says.
    return { ...none, line: first.line, problem, dropsRoot: drops };
  }
  const code = text(at(script.root, 'text'));
  const line = unexecedServer(code);
  const dropping = drops || dropsRoot(code);
  if (problem && !/sh -c/.test(problem)) return { problem, path, line: first.line, dropsRoot: dropping };
  return line > 0
    ? {
        problem: `${baseName(script.path)} starts the server without exec, so that signals end at the shell`,
        path: script.path,
        line,
        dropsRoot: dropping,
      }
    : { ...none, line: first.line, dropsRoot: dropping };
}

/** The script of the repository among the first words of a command, by its name, the nearest one to the Dockerfile. */
function scriptOf(words: readonly string[], path: string, all: Collected): Document | undefined {
  const inits = /^(?:\S*\/)?(?:tini|dumb-init|sh|bash|ash|\/bin\/sh|\/bin\/bash)$/;
  const name = words.find((w) => !inits.test(w) && /[\w]/.test(w));
  if (!name || /\s/.test(name)) return undefined;
  const wanted = baseName(name.replace(/^["']|["']$/g, ''));
  const near = all.documents('entry-script').filter((d) => baseName(d.path) === wanted);
  const folder = folderOf(path);
  return near.find((d) => folderOf(d.path) === folder) ?? near.find((d) => d.path.startsWith(folder === '' ? '' : `${folder}/`)) ?? near[0];
}

const harmless = /^(?:true|false|yes|no|on|off|none|null|\d{1,6}|\/[\w./-]*|https?:\/\/[^@]*|[\w.-]+\.(?:json|txt|pem|key))$/i;
const publicName = /^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP)_|PUBLISHABLE|PUBLIC_KEY|SITE_KEY/;
const backend = /^(?:DATABASE|DB|POSTGRES|MYSQL|MONGO(?:DB)?|REDIS|BROKER|CELERY_BROKER|RABBITMQ|AMQP|CACHE)_?(?:URL|URI|DSN)$/;

/** Credentials that end up in a layer or in the history of the image. */
function secretsOf(
  stages: readonly Stage[],
  chain: readonly Stage[],
  path: string,
  context: string,
  all: Collected,
  add: (rule: string, line: number, message: string) => void,
): void {
  const secret = (name: string, value?: string): boolean => isSecretLikeName(name, value) && !publicName.test(name);
  // A value that only a build step needs says so itself.
  const dummy = (value: string): boolean =>
    value === '' || isPlaceholder(value) || harmless.test(value) || /dummy|build|not[-_]?used|unused|temp|ignore/i.test(value);
  for (const stage of stages) {
    const lineOf = (word: string, name: string): number =>
      stage.instructions.find((i) => i.instruction === word && new RegExp(`(?:^|\\s)${name}(?:=|\\s|$)`).test(i.text))?.line ?? stage.line;
    for (const i of stage.instructions.filter((x) => x.instruction === 'ARG'))
      for (const word of i.text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []) {
        const [name = '', ...rest] = word.split('=');
        const value = rest.join('=').replace(/^["']|["']$/g, '');
        if (!secret(name, value)) continue;
        if (rest.length > 0 && !value.includes('$') && !dummy(value) && !buildsOnly(stage, chain))
          add('secret', i.line, `ARG ${name} has a secret as its default`);
        const used = stage.runs.find((r) => new RegExp(`\\$\\{?${name}\\b`).test(r.text) && !r.flags.mount?.includes('secret'));
        if (used && (value === '' || !dummy(value)))
          add('secret', used.line, `the build argument ${name} is used in RUN and stays in the history`);
      }
    if (!chain.includes(stage)) continue;
    for (const i of stage.instructions.filter((x) => x.instruction === 'ENV'))
      for (const [name, value] of pairsOf(i.text)) {
        const variable = /^\$\{?(\w+)(?::?-[^}]*)?\}?$/.exec(value)?.[1];
        if (variable !== undefined) {
          if (Object.hasOwn(stage.args, variable) && (secret(name) || backend.test(name)) && !dummy(stage.args[variable] ?? '-'))
            add('secret', lineOf('ENV', name), `ENV ${name} is filled from the build argument ${variable}`);
          continue;
        }
        if (secret(name, value) && !value.includes('$') && !dummy(value)) add('secret', lineOf('ENV', name), `ENV ${name} holds a secret`);
      }
    for (const copy of stage.copies.filter((c) => c.from === ''))
      for (const source of copy.sources) {
        const name = baseName(source);
        const tracked = joinPath(context, source.replace(/^\//, '')) ?? source;
        if (/^\.env(?:\.(?:prod|production|local))?$/.test(name) && holdsSecrets(tracked, all))
          add('secret', copy.line, `${copy.instruction} ${source} puts an environment file into the image`);
        if (
          /^(?:credentials\.json|id_(?:rsa|ed25519|ecdsa|dsa)|kubeconfig|\.pypirc|\.netrc|.*service[-_]?account.*\.json|.*(?:private|privkey|server|tls)[-_.]?key\.pem|privkey.*\.pem)$/i.test(
            name,
          )
        )
          add('secret', copy.line, `${copy.instruction} ${source} puts credentials into the image`);
      }
  }
  const left = new Set(
    stages
      .filter((stage) => buildsOnly(stage, chain))
      .flatMap((stage) => stage.instructions.filter((i) => i.instruction === 'ARG').map((i) => i.line)),
  );
  for (const item of all.items('secrets'))
    if (item.path === path && item.placeholder !== true && !left.has(item.line))
      add('secret', item.line, `a credential stands in the Dockerfile (${String(item.rule)})`);
}

/** A stage that is left behind and only renders assets, for which settings must load: no such value gets anywhere. */
const buildsOnly = (stage: Stage, chain: readonly Stage[]): boolean =>
  !chain.includes(stage) &&
  stage.runs.some((r) =>
    /\b(?:collectstatic|compilemessages|assets:precompile|assets:install|(?:npm|yarn|pnpm) (?:run )?build)\b/.test(r.text),
  );

/** An environment file that is here holds a secret, or is not here at all and so holds whatever the builder's machine has. */
function holdsSecrets(path: string, all: Collected): boolean {
  const document = all.documents('dotenv').find((d) => d.path === path);
  if (!document) return !all.files.some((f) => f.path === path);
  return /"(?:[^"]*)"/.test(JSON.stringify(document.root)) && secretEntries(document.root);
}

function secretEntries(root: Json): boolean {
  if (Array.isArray(root)) return root.some(secretEntries);
  if (root === null || typeof root !== 'object') return false;
  return Object.entries(root).some(([name, value]) => {
    if (typeof value === 'string') return isSecretLikeName(name, value) && value !== '' && !isPlaceholder(value);
    const named =
      value !== null &&
      typeof value === 'object' &&
      !Array.isArray(value) &&
      typeof value.name === 'string' &&
      typeof value.value === 'string';
    return named
      ? isSecretLikeName(String(value.name), String(value.value)) && value.value !== '' && !isPlaceholder(String(value.value))
      : secretEntries(value);
  });
}

/** ENV A=1 B="2" and the old form ENV A 1. */
function pairsOf(written: string): [string, string][] {
  const flat = written.replace(/\\\r?\n/g, ' ');
  const old = /^([A-Za-z_]\w*)\s+([^=]*)$/.exec(flat);
  if (old && !/^\S+=/.test(flat)) return [[old[1]!, old[2]!.trim().replace(/^["']|["']$/g, '')]];
  return (flat.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).flatMap((word): [string, string][] => {
    const i = word.indexOf('=');
    return i > 0 ? [[word.slice(0, i), word.slice(i + 1).replace(/^["']|["']$/g, '')]] : [];
  });
}

/** The concept `images`: one item for each Dockerfile of the software. */
export const imagesCombiner: Combiner = {
  kind: 'images',
  uses: ['dockerfile', 'dockerignore', 'gitignore', 'entry-script', 'workloads', 'compose', 'dependencies', 'dotenv', 'secrets'],
  combine: (items, all) =>
    [...items, ...all.documents('dockerfile').flatMap((d) => judge(d, all)?.image ?? [])].map((i) => i as unknown as Item),
};

/** Whether something fills in the tag of an untagged name: Skaffold, `images:` of a kustomization, or `kustomize edit set image`. */
function replacedNames(all: Collected): (image: string) => boolean {
  const names = new Set(all.documents('kustomization').flatMap((k) => list(at(k.root, 'images')).map((entry) => text(at(entry, 'name')))));
  const everything =
    all.documents('skaffold').length > 0 ||
    [...all.documents('workflow'), ...all.documents('scripts')].some((d) => JSON.stringify(d.root).includes('edit set image'));
  return (image) => everything || names.has(image);
}

/** The concept `image-findings`: what is wrong with images, one item a line. */
export const imageFindingsCombiner: Combiner = {
  kind: 'image-findings',
  uses: [
    'dockerfile',
    'dockerignore',
    'gitignore',
    'entry-script',
    'workloads',
    'compose',
    'dependencies',
    'dotenv',
    'secrets',
    'skaffold',
    'kustomization',
    'workflow',
    'scripts',
  ],
  combine(items, all) {
    const found = all.documents('dockerfile').flatMap((d) => judge(d, all)?.findings ?? []);
    const replaced = replacedNames(all);
    const deployed = all.items('workloads').flatMap((w): Finding[] => {
      if (w.production !== true || w.optIn === true) return [];
      const { path, line } = w;
      const item = (rule: string, message: string): Finding => ({
        path,
        line,
        rule,
        message,
        own: w.own === true,
        variant: w.variant as Finding['variant'],
      });
      // What is built where it runs has no tag that could move.
      if (w.build !== null) return [item('deployed', `${String(w.name)} is built in place`)];
      if (w.image === '') return [];
      const problem = looseDeployed(String(w.image));
      // Untagged names of own images are filled by what builds and deploys them.
      const filled = problem === 'has no tag' && w.own === true && w.source !== 'compose' && replaced(String(w.image));
      return problem && !filled
        ? [item('loose-tag', `the image ${String(w.image)} of ${String(w.name)} ${problem}`)]
        : [item('deployed', `${String(w.name)} runs ${String(w.image)}`)];
    });
    return [...items, ...[...found, ...deployed].map((i) => i as unknown as Item)];
  },
};
