import type { Document, Json, Reader, ReadResult } from '../../../model/document.js';
import { at, bool, isRecord, linedDocument, list, number, record, text, texts } from '../../json.js';
import { roleOfImage } from './roles.js';
import { envEntry, workload, type Ownership, type Workload } from './shape.js';

/** ECS task definitions in JSON, as `aws ecs register-task-definition` takes them. */
export const ecs: Reader = {
  name: 'format/ecs',
  kind: 'ecs',
  files: { paths: ['*.json'], roles: ['config', 'ci', 'script', 'product'] },
  keywords: ['containerdefinitions'],
  read(source): ReadResult {
    let root: Json;
    try {
      root = JSON.parse(source.text) as Json;
    } catch (error) {
      return { problems: [{ path: source.path, line: 1, message: `no JSON: ${(error as Error).message.slice(0, 100)}` }] };
    }
    const task = isRecord(at(root, 'taskDefinition')) ? record(at(root, 'taskDefinition')) : record(root);
    if (!Array.isArray(task['containerDefinitions'])) return {};
    // JSON.parse keeps no places: a container's line is that of its name.
    const lineOf = (name: string): number => {
      const offset = source.text.search(new RegExp(`"name"\\s*:\\s*"${name.replace(/[^\w-]/g, '.')}"`));
      return offset < 0 ? 1 : source.at(offset).line;
    };
    const containers = list(task['containerDefinitions']).map((c) => ({ ...record(c), line: lineOf(text(at(c, 'name'))) }));
    return { documents: [linedDocument('ecs', source.path, { ...task, containerDefinitions: containers, line: 1 })] };
  },
};

/** Task definitions in Terraform, in the shape of the JSON ones. */
export function ecsFromTerraform(documents: readonly Document[]): Document[] {
  return documents.flatMap((document) =>
    list(at(document.root, 'resource'))
      .map((resource, i) => ({ resource, i }))
      .filter(({ resource }) => text(at(resource, 'type')) === 'aws_ecs_task_definition')
      .flatMap(({ resource, i }) => {
        const attributes = record(at(resource, 'attributes'));
        const line = document.place(['resource', i, 'attributes', 'container_definitions']).line ?? 1;
        let containers: Json = attributes['container_definitions'] ?? null;
        if (typeof containers === 'string') {
          try {
            containers = JSON.parse(containers) as Json;
          } catch {
            return [];
          }
        }
        const root = {
          family: attributes['family'] ?? text(at(resource, 'name')),
          cpu: attributes['cpu'] ?? null,
          memory: attributes['memory'] ?? null,
          containerDefinitions: list(containers).map((c) => ({ ...record(c), line })),
          line,
        };
        return [linedDocument('ecs', document.path, root)];
      }),
  );
}

/** Containers of ECS task definitions; sizes of the task hold where a container has none. */
export function ecsWorkloads(documents: readonly Document[], ownership: Ownership): Workload[] {
  return documents.flatMap((document) =>
    list(at(document.root, 'containerDefinitions')).map((raw) => {
      const c = record(raw);
      const image = text(c['image']);
      const line = number(c['line']) ?? 1;
      const own = ownership.owns(image) || /\.dkr\.ecr\./.test(image) || image === '' || image.startsWith('<');
      const health = texts(at(c, 'healthCheck', 'command'));
      const sizes = {
        cpu: text(c['cpu']) || text(at(document.root, 'cpu')),
        memory: text(c['memory']) || text(at(document.root, 'memory')),
      };
      const driver = text(at(c, 'logConfiguration', 'logDriver'));
      return workload({
        path: document.path,
        line,
        source: 'ecs',
        kind: 'task',
        name: text(at(document.root, 'family')) || text(c['name']),
        container: text(c['name']),
        image,
        own,
        role: own ? 'app' : (roleOfImage(image) ?? 'other'),
        command: [...texts(c['entryPoint']), ...texts(c['command'])].join(' '),
        env: [
          ...list(c['environment']).map((e) => envEntry(text(at(e, 'name')), text(at(e, 'value')), line)),
          ...list(c['secrets']).map((e) => envEntry(text(at(e, 'name')), null, line, true)),
        ],
        ports: list(c['portMappings'])
          .filter((p) => number(at(p, 'hostPort')))
          .map((p) => ({ host: '', published: text(at(p, 'hostPort')), target: text(at(p, 'containerPort')) })),
        user: text(c['user']),
        privileged: bool(c['privileged']) === true,
        readOnlyRoot: bool(c['readonlyRootFilesystem']),
        limits: sizes,
        requests: { cpu: '', memory: text(c['memoryReservation']) },
        healthcheck: health.filter((w) => w !== 'CMD' && w !== 'CMD-SHELL').join(' '),
        logging: driver,
        capabilitiesDropped: texts(at(c, 'linuxParameters', 'capabilities', 'drop')),
        capabilitiesAdded: texts(at(c, 'linuxParameters', 'capabilities', 'add')),
      });
    }),
  );
}
