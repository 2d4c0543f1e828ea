import type { Json, Reader, ReadResult } from '../../model/document.js';
import { parseYaml } from '../../safe/yaml.js';
import { at, isRecord, linedDocument, list, record, text, texts, type JsonMap } from '../json.js';

type Line = (...location: (string | number)[]) => number;

/** `on: push`, `on: [push, pull_request]` and `on: {push: {...}}` as one map from event to its details. */
export function eventsOf(on: Json | undefined): JsonMap {
  if (isRecord(on)) return Object.fromEntries(Object.entries(on).map(([event, details]) => [event, details ?? {}]));
  return Object.fromEntries(texts(on).map((event) => [event, {}]));
}

function step(raw: Json, line: number): Json {
  const s = record(raw);
  return {
    name: text(s['name']),
    id: text(s['id']),
    uses: text(s['uses']),
    run: text(s['run']),
    with: record(s['with']),
    env: record(s['env']),
    if: text(s['if']),
    shell: text(s['shell']),
    workingDirectory: text(s['working-directory']),
    continueOnError: s['continue-on-error'] ?? false,
    line,
  };
}

function job(raw: Json, place: Line, path: (string | number)[]): Json {
  const j = record(raw);
  const container = j['container'] ?? null;
  return {
    name: text(j['name']),
    runsOn: isRecord(j['runs-on']) ? [...texts(j['runs-on']['labels']), ...texts(j['runs-on']['group'])] : texts(j['runs-on']),
    needs: texts(j['needs']),
    if: text(j['if']),
    environment: isRecord(j['environment']) ? text(j['environment']['name']) : text(j['environment']),
    permissions: j['permissions'] ?? null,
    strategy: j['strategy'] ?? null,
    container: typeof container === 'string' ? { image: container } : container,
    services: record(j['services']),
    env: record(j['env']),
    defaults: record(j['defaults']),
    continueOnError: j['continue-on-error'] ?? false,
    timeoutMinutes: j['timeout-minutes'] ?? null,
    uses: text(j['uses']),
    with: record(j['with']),
    secrets: j['secrets'] ?? null,
    steps: list(j['steps']).map((s, i) => step(s, place(...path, 'steps', i))),
    line: place(...path),
  };
}

function read(kind: 'workflow' | 'action'): Reader['read'] {
  return (source): ReadResult => {
    const { documents, problems } = parseYaml(source.text);
    const first = documents[0];
    const found = problems.map((p) => ({ path: source.path, ...p }));
    if (!first || !isRecord(first.value)) return { problems: found };
    const root = first.value;
    const place: Line = (...location) => first.place(location).line;
    if (kind === 'action') {
      const steps = list(at(root, 'runs', 'steps')).map((s, i) => step(s, place('runs', 'steps', i)));
      const document = {
        name: text(root['name']),
        using: text(at(root, 'runs', 'using')),
        image: text(at(root, 'runs', 'image')),
        inputs: record(root['inputs']),
        steps,
        line: 1,
      };
      return { documents: [linedDocument('action', source.path, document)], problems: found };
    }
    const jobs = Object.entries(record(root['jobs'])).map(([id, j]) => [id, job(j, place, ['jobs', id])]);
    const document = {
      name: text(root['name']) || source.path.slice(source.path.lastIndexOf('/') + 1),
      on: eventsOf(root['on'] ?? root['true']),
      permissions: root['permissions'] ?? null,
      env: record(root['env']),
      concurrency: root['concurrency'] ?? null,
      defaults: record(root['defaults']),
      jobs: Object.fromEntries(jobs),
      line: 1,
    };
    return { documents: [linedDocument('workflow', source.path, document)], problems: found };
  };
}

/**
 * GitHub Actions workflows, normalised: `{name, on: {event: details}, permissions, env, concurrency, jobs: {id: {...}}}`, every field
 * present. Source: the workflow syntax reference of GitHub Actions. Only the folder that GitHub reads counts.
 */
export const workflow: Reader = {
  name: 'format/workflow',
  kind: 'workflow',
  files: {
    paths: ['.github/workflows/*.yml', '.github/workflows/*.yaml'],
    variants: ['base', 'production', 'staging', 'development', 'test'],
  },
  read: read('workflow'),
};

/** Actions kept in the repository: `{name, using, image, inputs, steps: [...]}` with the same steps as a workflow's. */
export const action: Reader = {
  name: 'format/action',
  kind: 'action',
  files: { paths: ['**/action.yml', '**/action.yaml'], variants: ['base', 'production', 'staging', 'development', 'test'] },
  keywords: ['runs:'],
  read: read('action'),
};
