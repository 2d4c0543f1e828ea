import type { DockerfileParser } from 'dockerfile-ast';
import type { Json, Reader, ReadResult } from '../../model/document.js';
import type { Source } from '../../model/source.js';
import { documentOf, messageOf } from './text-positions.js';

export type Instruction = {
  instruction: string;
  arguments: string[];
  text: string;
  line: number;
  flags: Record<string, string>;
  json: boolean;
};
/** CMD or ENTRYPOINT: `exec` is the JSON form's list (null in shell form), `text` the words joined. */
export type Command = { exec: string[] | null; text: string; line: number };
export type Healthcheck = { none: boolean; command: string; exec: string[] | null; flags: Record<string, string>; line: number };
export type Copy = { instruction: string; sources: string[]; destination: string; from: string; chown: string; line: number };

/** One build stage; what an earlier stage of the file set holds here too (`fromStage`). Not said is '' or null. */
export type Stage = {
  name: string;
  /** FROM's reference with ARG defaults filled in. */
  from: string;
  image: string;
  tag: string | null;
  digest: string | null;
  platform: string;
  /** Name or index of the earlier stage that this one continues, else null. */
  fromStage: string | null;
  /** Reference of the outside image at the end of the chain of stages. */
  base: string;
  /** A variable in FROM has no default. */
  unresolved: boolean;
  /** User of the last USER, its own or inherited, ARG and ENV defaults filled in; '' where none is given. */
  user: string;
  /** The outside base image runs as an unprivileged user by itself. */
  baseNonRoot: boolean;
  workdir: string;
  cmd: Command | null;
  entrypoint: Command | null;
  healthcheck: Healthcheck | null;
  exposes: string[];
  env: Record<string, string>;
  args: Record<string, string | null>;
  labels: Record<string, string>;
  copies: Copy[];
  runs: { text: string; line: number; flags: Record<string, string> }[];
  instructions: Instruction[];
  /** Line of the last USER, else of FROM. */
  userLine: number;
  line: number;
};

/** Larger ones are no Dockerfiles that anybody wrote. */
const maximum = 200_000;
const keywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
);

/**
 * Dockerfiles and Containerfiles: `root` is `{stages: Stage[], final, syntax, args, production}`; `final` is the index of
 * the stage that a plain `docker build` makes.
 */
export const dockerfile: Reader = {
  name: 'format/dockerfile',
  kind: 'dockerfile',
  files: {
    paths: [
      'Dockerfile',
      'Containerfile',
      'Dockerfile.*',
      'Dockerfile-*',
      'Dockerfile_*',
      'Containerfile.*',
      '*.Dockerfile',
      '*.dockerfile',
      '*.Containerfile',
    ],
    except: ['*.dockerignore', '*.md', '*.j2', '*.tmpl', '*.erb', '*.sh', '*.py', '**/.devcontainer/**', '*.containerignore'],
    roles: ['config', 'product', 'script', 'ci', 'other'],
  },
  keywords: ['from'],
  // Loaded for the first Dockerfile: most audits of libraries never need the parser.
  read: async (source) => readDockerfile(source, await loadParser()),
};

/** A CommonJS package: in a bundle that is split into chunks its exports are those of `default` alone. */
async function loadParser(): Promise<Parser> {
  const library = (await import('dockerfile-ast')) as { DockerfileParser?: Parser; default?: { DockerfileParser: Parser } };
  return (library.DockerfileParser ?? library.default?.DockerfileParser)!;
}

type Parser = typeof DockerfileParser;

function readDockerfile(source: Source, parser: Parser): ReadResult {
  const problem = (line: number, message: string) => ({ path: source.path, line, message });
  if (source.text.length > maximum) return { problems: [problem(1, 'too large for a Dockerfile')] };
  let parsed: ReturnType<typeof parseStages>;
  try {
    parsed = parseStages(source.text.replace(/^\uFEFF/, ''), parser);
  } catch (error) {
    return { problems: [problem(1, `not a readable Dockerfile: ${messageOf(error)}`)] };
  }
  const problems = parsed.unknown.map(({ line, word }) => problem(line, `unknown instruction ${word}`));
  if (parsed.stages.length === 0) return { problems: [...problems, problem(1, 'a Dockerfile without FROM')] };
  const { stages, syntax, args } = parsed;
  const production = !['development', 'test', 'template'].includes(source.file.variant);
  const root = { stages, final: stages.length - 1, syntax, args, production } as unknown as Json;
  const at = (location: readonly (string | number)[]) => ({ line: lineOf(stages, location) });
  return { documents: [documentOf('dockerfile', source.path, root, at)], problems };
}

/** Line of `stages[i].x[j]`, of the stage's field, or of the stage's FROM. */
function lineOf(stages: readonly Stage[], location: readonly (string | number)[]): number {
  const stage = location[0] === 'stages' && typeof location[1] === 'number' ? stages[location[1]] : stages[0];
  if (!stage) return 1;
  if (location[2] === 'user') return stage.userLine;
  const field: unknown = location[2] === undefined ? undefined : (stage as unknown as Record<string, unknown>)[location[2]];
  const member: unknown = Array.isArray(field) && typeof location[3] === 'number' ? field[location[3]] : field;
  if (member !== null && typeof member === 'object' && 'line' in member && typeof member.line === 'number') return member.line;
  if (typeof location[2] === 'string' && typeof location[3] === 'string') {
    const word = { env: 'ENV', args: 'ARG', labels: 'LABEL' }[location[2]];
    const found = stage.instructions.find((i) => i.instruction === word && i.arguments.some((a) => a.split('=')[0] === location[3]));
    if (found) return found.line;
  }
  return stage.line;
}

/** The stages of a Dockerfile's text; throws only what the parser throws. */
function parseStages(
  text: string,
  parser: Parser,
): {
  stages: Stage[];
  syntax: string;
  args: Record<string, string | null>;
  unknown: { line: number; word: string }[];
} {
  const file = parser.parse(withoutComments(text));
  const stages: Stage[] = [];
  const globals: Record<string, string | null> = {};
  const unknown: { line: number; word: string }[] = [];
  for (const node of file.getInstructions()) {
    const instruction = readInstruction(node);
    if (!keywords.has(instruction.instruction)) unknown.push({ line: instruction.line, word: instruction.instruction.slice(0, 40) });
    else if (instruction.instruction === 'FROM') stages.push(openStage(instruction, stages, globals));
    else if (stages.length === 0) Object.assign(globals, instruction.instruction === 'ARG' ? argumentsOf(instruction, globals) : {});
    else apply(stages.at(-1)!, instruction, node, globals);
  }
  const syntax = file.getDirectives().find((d) => d.getName().toLowerCase() === 'syntax');
  return { stages, syntax: syntax?.getValue() ?? '', args: globals, unknown };
}

/** Comment lines after the first instruction become empty: the parser leaves some in continued lines. Directives stand above. */
function withoutComments(text: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => /^\s*[A-Za-z]/.test(line));
  return lines.map((line, i) => (i > first && /^\s*#/.test(line) ? '' : line)).join('\n');
}

type Node = ReturnType<ReturnType<Parser['parse']>['getInstructions']>[number];

function readInstruction(node: Node): Instruction {
  const text = (node.getArgumentsContent() ?? '').trim();
  const flags: Record<string, string> = {};
  if ('getFlags' in node)
    for (const flag of (node as unknown as { getFlags(): { getName(): string; getValue(): string | null }[] }).getFlags())
      flags[flag.getName()] = flag.getValue() ?? '';
  const list = execForm(text);
  return {
    instruction: node.getKeyword(),
    arguments: list ?? node.getArguments().map((argument) => argument.getValue()),
    text,
    line: node.getRange().start.line + 1,
    flags,
    json: list !== null,
  };
}

/** The list of a JSON form; null for the shell form, which broken JSON is too (so Docker does it). */
function execForm(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((member) => typeof member === 'string') ? value : null;
  } catch {
    return null;
  }
}

function openStage(from: Instruction, earlier: readonly Stage[], globals: Record<string, string | null>): Stage {
  const [reference = '', as = '', name = ''] = from.arguments;
  const { text, complete } = substitute(reference, globals);
  const parent = earlier.find(
    (stage, i) => (stage.name !== '' && stage.name.toLowerCase() === text.toLowerCase()) || (/^\d+$/.test(text) && Number(text) === i),
  );
  const inherited = parent
    ? {
        user: parent.user,
        userLine: parent.userLine,
        workdir: parent.workdir,
        cmd: parent.cmd,
        entrypoint: parent.entrypoint,
        healthcheck: parent.healthcheck,
        exposes: [...parent.exposes],
        env: { ...parent.env },
        labels: { ...parent.labels },
      }
    : { user: '', userLine: from.line, workdir: '', cmd: null, entrypoint: null, healthcheck: null, exposes: [], env: {}, labels: {} };
  const base = parent ? parent.base : text;
  return {
    ...inherited,
    name: /^as$/i.test(as) ? name : '',
    from: text,
    ...(parent ? { image: '', tag: null, digest: null } : imageParts(text)),
    platform: from.flags.platform ?? '',
    fromStage: parent ? parent.name || String(earlier.indexOf(parent)) : null,
    base,
    unresolved: !complete || (parent?.unresolved ?? false),
    baseNonRoot: runsUnprivileged(base),
    args: {},
    copies: [],
    runs: [],
    instructions: [from],
    line: from.line,
  };
}

function apply(stage: Stage, it: Instruction, node: Node, globals: Record<string, string | null>): void {
  stage.instructions.push(it);
  const known = () => ({ ...stage.args, ...stage.env });
  const command = (): Command => ({ exec: it.json ? it.arguments : null, text: it.json ? it.arguments.join(' ') : it.text, line: it.line });
  switch (it.instruction) {
    case 'ARG':
      return void Object.assign(stage.args, argumentsOf(it, known(), globals));
    case 'ENV':
      for (const property of propertiesOf(node)) stage.env[property.name] = substitute(property.value ?? '', known()).text;
      return;
    case 'LABEL':
      for (const property of propertiesOf(node)) stage.labels[property.name] = property.value ?? '';
      return;
    case 'USER':
      stage.user = substitute(it.text, known()).text;
      stage.userLine = it.line;
      return;
    case 'WORKDIR': {
      const folder = substitute(it.text, known()).text;
      stage.workdir = folder.startsWith('/') || !stage.workdir ? folder : `${stage.workdir.replace(/\/$/, '')}/${folder}`;
      return;
    }
    case 'CMD':
      stage.cmd = command();
      return;
    case 'ENTRYPOINT':
      stage.entrypoint = command();
      // A CMD of the parent image is reset by a new ENTRYPOINT.
      if (stage.cmd && stage.cmd.line < stage.line) stage.cmd = null;
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = healthcheckOf(it);
      return;
    case 'EXPOSE':
      stage.exposes.push(...it.arguments.map((port) => substitute(port, known()).text));
      return;
    case 'COPY':
    case 'ADD': {
      const words = it.arguments.map((word) => substitute(word, known()).text);
      const from = substitute(it.flags.from ?? '', { ...globals, ...known() }).text;
      stage.copies.push({
        instruction: it.instruction,
        sources: words.slice(0, -1),
        destination: words.at(-1) ?? '',
        from,
        chown: it.flags.chown ?? '',
        line: it.line,
      });
      return;
    }
    case 'RUN':
      stage.runs.push({ text: it.json ? it.arguments.join(' ') : it.text, line: it.line, flags: it.flags });
  }
}

function healthcheckOf(it: Instruction): Healthcheck {
  const [, word = '', rest = ''] = /^(\w+)\s*([^]*)$/.exec(it.text) ?? [];
  const exec = execForm(rest.trim());
  return {
    none: /^none$/i.test(word),
    command: /^cmd$/i.test(word) ? (exec ? exec.join(' ') : rest.trim()) : '',
    exec,
    flags: it.flags,
    line: it.line,
  };
}

function propertiesOf(node: Node): { name: string; value: string | null }[] {
  if (!('getProperties' in node)) return [];
  return (node as unknown as { getProperties(): { getName(): string; getValue(): string | null }[] })
    .getProperties()
    .map((p) => ({ name: p.getName(), value: p.getValue() }));
}

/** ARG NAME or NAME=default, several on a line; a stage's bare ARG takes the default given before the first FROM. */
function argumentsOf(
  it: Instruction,
  known: Record<string, string | null>,
  globals: Record<string, string | null> = {},
): Record<string, string | null> {
  const out: Record<string, string | null> = {};
  for (const word of it.text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    out[name] =
      at < 0 ? (globals[name] ?? null) : substitute(word.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2'), { ...known, ...out }).text;
  }
  return out;
}

/** $NAME, ${NAME}, ${NAME:-default}, ${NAME:+value}; what has no value stays as written and `complete` is false. */
function substitute(text: string, values: Readonly<Record<string, string | null>>): { text: string; complete: boolean } {
  let complete = true;
  const replaced = text.replace(
    /\$(?:\{(\w+)(?::?([-+])([^}]*))?\}|(\w+))/g,
    (whole, braced: string | undefined, operator: string | undefined, word: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare ?? '';
      const value = Object.hasOwn(values, name) ? values[name] : null;
      if (operator === '+') return value ? (word ?? '') : '';
      if (value) return value;
      if (operator === '-') return word ?? '';
      complete = false;
      return whole;
    },
  );
  return { text: replaced, complete };
}

/** registry:5000/name:tag@digest in its parts; tag and digest are null where not given. */
export function imageParts(reference: string): { image: string; tag: string | null; digest: string | null } {
  const [name = '', digest = null] = reference.split('@');
  const slash = name.lastIndexOf('/');
  // A variable's own colon (${TAG:-1}) opens no tag.
  const colon = name.replace(/\$\{[^}]*\}/g, (variable) => '_'.repeat(variable.length)).indexOf(':', slash + 1);
  return { image: colon < 0 ? name : name.slice(0, colon), tag: colon < 0 ? null : name.slice(colon + 1), digest };
}

/** Public images that set an unprivileged USER themselves (their documentation says so). */
function runsUnprivileged(reference: string): boolean {
  const { image, tag } = imageParts(reference);
  if (/(?:^|[-.])nonroot\b/.test(tag ?? '') || /:nonroot/.test(reference)) return true;
  if (image.startsWith('mcr.microsoft.com/dotnet/')) return /chiseled|distroless/.test(tag ?? '');
  if (/^(?:cgr\.dev\/chainguard\/|(?:docker\.io\/)?chainguard\/)/.test(image)) return !/-root\b/.test(tag ?? '');
  return (
    /^(?:docker\.io\/|quay\.io\/|public\.ecr\.aws\/)?(?:nginxinc\/nginx-unprivileged|nginx\/nginx-unprivileged|bitnami(?:legacy|secure)?\/[\w-]+|jupyter\/[\w-]+|quay\.io\/jupyter\/[\w-]+|keycloak\/keycloak|grafana\/[\w-]+|prom\/[\w-]+|jenkins\/jenkins|redhat\/ubi\d-micro-nonroot)$/.test(
      image,
    ) ||
    /^(?:quay\.io\/keycloak\/keycloak|registry\.access\.redhat\.com\/ubi\d+\/(?:nodejs|python|ruby|php|openjdk|go)[\w-]*|docker\.elastic\.co\/[\w/-]+)$/.test(
      image,
    )
  );
}
