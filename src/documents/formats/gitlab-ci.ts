import type { Document, Json, Reader, ReadResult } from '../../model/document.js';
import { parseYaml } from '../../safe/yaml.js';
import { at, documentOf, isRecord, joinPath, linedDocument, list, record, text, texts, type JsonMap } from '../json.js';

/** Top-level keys that are no jobs. Source: the CI/CD YAML syntax reference of GitLab. */
const keywords = new Set([
  'stages',
  'variables',
  'default',
  'include',
  'workflow',
  'image',
  'services',
  'before_script',
  'after_script',
  'cache',
  'spec',
  'types',
]);
const inheritable = [
  'image',
  'services',
  'before_script',
  'after_script',
  'retry',
  'timeout',
  'tags',
  'interruptible',
  'artifacts',
] as const;
const maxDepth = 11;

/** Deep merge of maps as `extends` and `include` do it; lists and scalars of `over` replace those of `base`. */
function merge(base: JsonMap, over: JsonMap): JsonMap {
  const out: JsonMap = { ...base };
  for (const [key, value] of Object.entries(over))
    out[key] = isRecord(value) && isRecord(out[key]) ? merge(record(out[key]), value) : value;
  return out;
}

function extended(config: JsonMap, name: string, depth = 0): JsonMap {
  const own = record(config[name]);
  if (depth >= maxDepth) return own;
  const base = texts(own['extends']).reduce<JsonMap>((merged, parent) => merge(merged, extended(config, parent, depth + 1)), {});
  return merge(base, own);
}

/** Script lines with nested lists flattened and `!reference [job, key]` followed. */
function lines(config: JsonMap, value: Json | undefined, depth = 0): string[] {
  if (depth > maxDepth) return [];
  if (Array.isArray(value)) {
    const [first, ...keys] = value;
    if (
      typeof first === 'string' &&
      keys.length > 0 &&
      isRecord(config[first]) &&
      keys.every((k) => typeof k === 'string') &&
      Object.hasOwn(record(config[first]), text(keys[0]))
    )
      return lines(config, at(extended(config, first), ...keys.map(text)), depth + 1);
    return value.flatMap((part) => lines(config, part, depth + 1));
  }
  return texts(value);
}

const imageOf = (value: Json | undefined): string => (isRecord(value) ? text(value['name']) : text(value));

/**
 * A pipeline with `extends`, `default`, `!reference` and inherited keys resolved:
 * `{stages, workflow, variables, include: [{local | template | component | project | remote ...}], jobs: {name: {stage, script, beforeScript,
 * afterScript, image, rules, only, except, when, allowFailure, needs, environment, variables, services, trigger, line}}}`.
 */
export function resolvePipeline(config: JsonMap, lineOf: (job: string) => number): JsonMap {
  const defaults = merge(Object.fromEntries(inheritable.filter((k) => k in config).map((k) => [k, config[k]!])), record(config['default']));
  const jobs: JsonMap = {};
  for (const name of Object.keys(config)) {
    if (keywords.has(name) || name.startsWith('.') || !isRecord(config[name])) continue;
    const own = extended(config, name);
    if (!('script' in own || 'trigger' in own || 'run' in own)) continue;
    const inherits = at(own, 'inherit', 'default') === false ? {} : defaults;
    const job: JsonMap = { ...inherits, ...own };
    jobs[name] = {
      stage: text(job['stage']) || 'test',
      script: lines(config, job['script']),
      beforeScript: lines(config, job['before_script']),
      afterScript: lines(config, job['after_script']),
      image: imageOf(job['image']),
      rules: list(job['rules']).flat().filter(isRecord),
      only: job['only'] ?? null,
      except: job['except'] ?? null,
      when: text(job['when']) || 'on_success',
      allowFailure: job['allow_failure'] ?? false,
      needs: list(job['needs'])
        .map((n) => (isRecord(n) ? text(n['job']) : text(n)))
        .filter(Boolean),
      environment: isRecord(job['environment']) ? text(job['environment']['name']) : text(job['environment']),
      variables: record(job['variables']),
      services: list(job['services']).map(imageOf),
      trigger: job['trigger'] ?? null,
      artifacts: job['artifacts'] ?? null,
      tags: texts(job['tags']),
      line: lineOf(name),
    };
  }
  return {
    stages: texts(config['stages']),
    workflow: record(config['workflow']),
    variables: record(config['variables']),
    include: list(config['include']).map((i) => (typeof i === 'string' ? { [/^https?:/.test(i) ? 'remote' : 'local']: i } : i)),
    jobs,
    line: 1,
  };
}

/** A file's places for jobs, with the files it includes locally (as far as they are in the target) merged below it. */
function withIncludes(
  path: string,
  files: ReadonlyMap<string, Document>,
  seen: Set<string>,
): { config: JsonMap; lines: Map<string, { path: string; line: number }> } {
  const document = files.get(path);
  const config: JsonMap = {};
  const found = new Map<string, { path: string; line: number }>();
  if (!document || seen.has(path) || seen.size > 100) return { config, lines: found };
  seen.add(path);
  const own = record(document.root);
  let merged: JsonMap = {};
  for (const entry of list(own['include'])) {
    const local = typeof entry === 'string' && !/^https?:/.test(entry) ? entry : text(at(entry, 'local'));
    const target = local ? joinPath(local) : null;
    const names = target === null ? [] : target.includes('*') ? [...files.keys()].filter((f) => globLike(target).test(f)) : [target];
    for (const name of names) {
      const included = withIncludes(name, files, seen);
      merged = merge(merged, included.config);
      for (const [job, place] of included.lines) found.set(job, place);
    }
  }
  for (const job of Object.keys(own)) found.set(job, { path, line: document.place([job]).line ?? 1 });
  return { config: merge(merged, own), lines: found };
}

const globLike = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/?|\*/g, (star) => (star === '*' ? '[^/]*' : '.*'))}$`);

/** The pipeline of the repository from all its GitLab CI files; null where there is no `.gitlab-ci.yml`. */
export function gitlabPipeline(
  files: readonly Document[],
): { root: JsonMap; path: string; placeOf(job: string): { path: string; line: number } } | null {
  const byPath = new Map(files.map((d) => [d.path, d]));
  const path = ['.gitlab-ci.yml', '.gitlab-ci.yaml'].find((p) => byPath.has(p));
  if (!path) return null;
  const { config, lines: places } = withIncludes(path, byPath, new Set());
  const placeOf = (job: string): { path: string; line: number } => places.get(job) ?? { path, line: 1 };
  return { root: resolvePipeline(config, (job) => placeOf(job).line), path, placeOf };
}

const paths = ['.gitlab-ci.yml', '.gitlab-ci.yaml'];
const variants = ['base', 'production', 'staging', 'development', 'test'] as const;

const parse = (path: string, source: string): { document: Document | null; problems: ReadResult['problems'] } => {
  const { documents, problems } = parseYaml(source);
  // A `spec:` header may stand before the pipeline as a document of its own.
  const main = documents.findLast((d) => isRecord(d.value));
  return {
    document: main ? documentOf('gitlab-ci-file', path, main.value, main.place) : null,
    problems: problems.map((p) => ({ path, ...p })),
  };
};

/** Every file that may be part of a GitLab pipeline, as written. */
export const gitlabFile: Reader = {
  name: 'format/gitlab-ci-file',
  kind: 'gitlab-ci-file',
  files: {
    paths: [
      ...paths,
      '**/*.gitlab-ci.yml',
      '**/.gitlab-ci*.yml',
      '.gitlab/**/*.yml',
      '.gitlab/**/*.yaml',
      '**/ci/**/*.yml',
      '**/gitlab/**/*.yml',
      '.ci/**/*.yml',
      '.gitlab-ci/**/*.yml',
      '**/gitlab-ci/**/*.yml',
    ],
    variants,
  },
  keywords: ['script', 'include', 'trigger', 'extends', 'stages'],
  read(source) {
    const { document, problems } = parse(source.path, source.text);
    return { documents: document ? [document] : [], problems };
  },
};

/** The main GitLab pipeline, resolved within its file (see `gitlabPipeline` for local includes). */
export const gitlabCi: Reader = {
  name: 'format/gitlab-ci',
  kind: 'gitlab-ci',
  files: { paths, variants },
  read(source) {
    const { document, problems } = parse(source.path, source.text);
    if (!document) return { problems };
    return {
      documents: [
        linedDocument(
          'gitlab-ci',
          source.path,
          resolvePipeline(record(document.root), (job) => document.place([job]).line ?? 1),
        ),
      ],
      problems,
    };
  },
};
