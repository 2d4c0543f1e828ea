import type { Collected, Combiner, Item, Json, Reader } from '../../../model/document.js';
import { isRecord, record } from '../../json.js';
import { csharp, elixir, go, jvm, php, ruby, rust } from './compiled.js';
import { appJson, compose, documents, environmentFiles, nodeConfig, prismaSchema, settingsFiles, shell } from './configuration.js';
import { javascript } from './javascript.js';
import { python } from './python.js';
import { envItem, envName, type Where } from './shared.js';

export const envVariableReaders: readonly Reader[] = [
  python,
  javascript,
  go,
  jvm,
  csharp,
  rust,
  ruby,
  php,
  elixir,
  shell,
  compose,
  settingsFiles,
  nodeConfig,
  prismaSchema,
  environmentFiles,
  appJson,
  documents,
];

/** Adds what workloads, images, and CI workflows set. */
export const envVariablesCombiner: Combiner = {
  kind: 'env-variables',
  uses: ['workloads', 'dockerfile', 'workflow'],
  combine: (items, all) => withSecretValues([...items, ...fromWorkloads(all), ...fromImages(all), ...fromWorkflows(all)]),
};

/** A connection URL is a secret where the value given for it elsewhere (a template, Compose) carries a password. */
function withSecretValues(items: readonly Item[]): Item[] {
  const secret = new Set(items.filter((item) => item.origin !== 'read' && item.secretLike === true).map((item) => item.name));
  return items.map((item) => (item.origin === 'read' && secret.has(item.name) ? { ...item, secretLike: true } : item));
}

const whereOf: Record<string, Where> = { compose: 'compose', kubernetes: 'kubernetes', helm: 'kubernetes' };
type Variant = Parameters<typeof envItem>[3]['variant'];

function fromWorkloads(all: Collected): Item[] {
  return all.items('workloads').flatMap((workload) => {
    const env = Array.isArray(workload.env) ? workload.env : [];
    return env.flatMap((entry) => {
      if (!isRecord(entry) || typeof entry.name !== 'string' || !envName.test(entry.name)) return [];
      const value = typeof entry.value === 'string' ? entry.value : null;
      const line = typeof entry.line === 'number' && entry.line > 0 ? entry.line : workload.line;
      return [
        envItem({ path: workload.path, line }, entry.name, 'set', {
          value,
          where: whereOf[String(workload.source)] ?? 'platform',
          variant: workload.variant as Variant,
        }),
      ];
    });
  });
}

/** ENV of an image's final stage, inherited ones included. */
function fromImages(all: Collected): Item[] {
  return all.documents('dockerfile').flatMap((document) => {
    const stages = record(document.root).stages;
    const last = Array.isArray(stages) ? stages.length - 1 : -1;
    const stage = Array.isArray(stages) ? record(stages[last]) : {};
    return Object.entries(record(stage.env)).map(([name, value]) =>
      envItem({ path: document.path, line: document.place(['stages', last, 'env', name]).line ?? 1 }, name, 'set', {
        value: String(value),
        where: 'dockerfile',
        variant: 'base',
      }),
    );
  });
}

/** `env:` of workflows, jobs, and steps; values from secrets and expressions are null. */
function fromWorkflows(all: Collected): Item[] {
  return all.documents('workflow').flatMap((document) => {
    const root = record(document.root);
    const found: Item[] = [];
    const add = (env: Json | undefined, location: (string | number)[]) => {
      for (const [name, value] of Object.entries(record(env))) {
        const text = value === null || typeof value === 'object' || String(value).includes('${{') ? null : String(value);
        found.push(
          envItem({ path: document.path, line: document.place([...location, name]).line ?? 1 }, name, 'set', {
            value: text,
            where: 'workflow',
            variant: 'base',
          }),
        );
      }
    };
    add(root.env, ['env']);
    for (const [id, job] of Object.entries(record(root.jobs))) {
      add(record(job).env, ['jobs', id, 'env']);
      const steps = record(job).steps;
      if (Array.isArray(steps)) steps.forEach((step, i) => add(record(step).env, ['jobs', id, 'steps', i, 'env']));
    }
    return found;
  });
}
