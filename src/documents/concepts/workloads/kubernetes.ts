import type { Document, Json } from '../../../model/document.js';
import { at, bool, folderOf, isRecord, joinPath, list, number, record, text, texts, type JsonMap } from '../../json.js';
import { roleOfImage, roleOfName } from './roles.js';
import { envEntry, variantOf, workload, type Files, type Ownership, type Workload } from './shape.js';

type Location = (string | number)[];

/** Where a pod's specification stands, by kind of object. */
function podPath(kind: string): Location | null {
  if (kind === 'Pod') return ['spec'];
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|Rollout|DeploymentConfig|CloneSet|Service)$/.test(kind)
    ? ['spec', 'template', 'spec']
    : null;
}

const stringsOf = (value: Json | undefined): string[] => Object.entries(record(value)).map(([k, v]) => `${k}=${text(v)}`);
const quantity = (value: Json | undefined): { cpu: string; memory: string } => ({
  cpu: text(at(value, 'cpu')),
  memory: text(at(value, 'memory')),
});
const matches = (selector: JsonMap, labels: JsonMap): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([k, v]) => text(labels[k]) === text(v));
const isInternal = (annotations: JsonMap): boolean =>
  Object.entries(annotations).some(([k, v]) => /internal/i.test(k) && !/^(?:false|0\.0\.0\.0\/0)$/i.test(text(v)));

interface Exposure {
  readonly scope: string;
  readonly selector: JsonMap;
  readonly ports: Workload['ports'];
}

/** Services that open a port to the outside of the cluster. */
function exposures(documents: readonly Document[]): Exposure[] {
  return documents
    .filter(
      (d) =>
        text(at(d.root, 'kind')) === 'Service' &&
        ['LoadBalancer', 'NodePort'].includes(text(at(d.root, 'spec', 'type'))) &&
        !isInternal(record(at(d.root, 'metadata', 'annotations'))),
    )
    .map((d) => ({
      scope: folderOf(d.path),
      selector: record(at(d.root, 'spec', 'selector')),
      ports: list(at(d.root, 'spec', 'ports')).map((p) => ({
        host: '',
        published: text(at(p, 'nodePort')) || text(at(p, 'port')),
        target: text(at(p, 'targetPort')) || text(at(p, 'port')),
      })),
    }));
}

const kinds: Record<string, Workload['volumes'][number]['kind']> = {
  persistentVolumeClaim: 'pvc',
  emptyDir: 'empty',
  configMap: 'config',
  secret: 'secret',
  hostPath: 'bind',
  projected: 'config',
  downwardAPI: 'config',
  ephemeral: 'pvc',
};

function volumesOf(pod: JsonMap, container: JsonMap, claims: ReadonlySet<string>): Workload['volumes'] {
  const volumes = new Map(list(pod['volumes']).map((v) => [text(at(v, 'name')), record(v)]));
  return list(container['volumeMounts']).map((mount) => {
    const name = text(at(mount, 'name'));
    const target = text(at(mount, 'mountPath'));
    if (claims.has(name)) return { source: name, target, kind: 'pvc' as const };
    const volume = volumes.get(name) ?? {};
    const kind = Object.keys(volume).find((k) => k !== 'name') ?? '';
    const memory = kind === 'emptyDir' && text(at(volume, 'emptyDir', 'medium')) === 'Memory';
    const source =
      text(at(volume, kind, 'path')) ||
      text(at(volume, kind, 'claimName')) ||
      text(at(volume, kind, 'secretName')) ||
      text(at(volume, kind, 'name')) ||
      name;
    return { source, target, kind: memory ? ('tmpfs' as const) : (kinds[kind] ?? 'other') };
  });
}

function hostPathsOf(pod: JsonMap, container: JsonMap): string[] {
  const hosts = new Map(
    list(pod['volumes'])
      .filter((v) => isRecord(at(v, 'hostPath')))
      .map((v) => [text(at(v, 'name')), text(at(v, 'hostPath', 'path'))]),
  );
  return list(container['volumeMounts']).flatMap((m) => {
    const path = hosts.get(text(at(m, 'name')));
    return path === undefined ? [] : [path + (bool(at(m, 'readOnly')) === true ? ':ro' : '')];
  });
}

/** Components of Kustomize that no kustomization of the repository switches on: folders whose objects are opt-in. */
export function unusedComponents(kustomizations: readonly Document[]): ReadonlySet<string> {
  const components = new Set(kustomizations.filter((k) => text(at(k.root, 'kind')) === 'Component').map((k) => folderOf(k.path)));
  for (const k of kustomizations)
    for (const used of texts(at(k.root, 'components'))) {
      const folder = joinPath(folderOf(k.path), used);
      if (folder !== null) components.delete(folder);
    }
  return components;
}

/** `images:` of kustomizations: the name and tag that an image gets. */
function imageRewrites(kustomizations: readonly Document[]): Map<string, { folder: string; image: string }> {
  const out = new Map<string, { folder: string; image: string }>();
  for (const k of kustomizations)
    for (const entry of list(at(k.root, 'images')).filter(isRecord)) {
      const name = text(entry['name']);
      const tag = entry['digest'] ? `@${text(entry['digest'])}` : entry['newTag'] !== undefined ? `:${text(entry['newTag'])}` : '';
      if (name && (tag || entry['newName'])) out.set(name, { folder: folderOf(k.path), image: `${text(entry['newName']) || name}${tag}` });
    }
  return out;
}

/** Containers of all pod-bearing objects: one item each, init containers included; pod settings hold where the container says nothing. */
export function kubernetesWorkloads(
  documents: readonly Document[],
  kustomizations: readonly Document[],
  files: Files,
  ownership: Ownership,
): Workload[] {
  const open = exposures(documents);
  const unused = [...unusedComponents(kustomizations)];
  const rewrites = imageRewrites(kustomizations);
  return documents.flatMap((document) => {
    const root = record(document.root);
    const kind = text(root['kind']);
    const path = podPath(kind);
    const knative = text(root['apiVersion']).startsWith('serving.knative.dev/');
    if (!path || (kind === 'Service' && !knative)) return [];
    const pod = record(at(root, ...path));
    const template = record(at(root, ...path.slice(0, -1)));
    const labels = record(at(kind === 'Pod' ? root : template, 'metadata', 'labels'));
    const claims = new Set(list(at(root, 'spec', 'volumeClaimTemplates')).map((c) => text(at(c, 'metadata', 'name'))));
    const podSecurity = record(pod['securityContext']);
    const name = text(at(root, 'metadata', 'name'));
    const sameScope = (scope: string): boolean =>
      scope === folderOf(document.path) || open.filter((o) => matches(o.selector, labels)).every((o) => o.scope === scope);
    const published = open.filter((o) => matches(o.selector, labels) && sameScope(o.scope)).flatMap((o) => o.ports);
    const variant = variantOf(files, document.path);
    const helm = isRecord(root['helm']);
    const optIn = unused.some((folder) => folder !== '' && document.path.startsWith(`${folder}/`));
    const toWorkload = (raw: Json, list_: string, i: number): Workload[] => {
      const container = record(raw);
      const written = text(container['image']);
      // A patch names a container without its image; the object that it patches is judged.
      if (written === '') return [];
      const bare = written.replace(/(?::[^/]*)?(?:@.*)?$/, '');
      const rewrite = rewrites.get(bare);
      const image = rewrite && !/@|:[^/]+$/.test(written) ? rewrite.image : written;
      const location: Location = [...path, list_, i];
      const security = record(container['securityContext']);
      const own = ownership.owns(image);
      const pick = (key: string): Json | undefined => security[key] ?? podSecurity[key];
      const place = document.place(location);
      const user = pick('runAsUser');
      const line = (...rest: Location): number => document.place([...location, ...rest]).line ?? 1;
      return [
        workload({
          path: document.path,
          line: place.line ?? 1,
          source: helm ? 'helm' : knative ? 'cloud-run' : 'kubernetes',
          kind,
          name,
          container: text(container['name']) || name,
          image,
          own,
          role: own ? 'app' : (roleOfImage(image) ?? roleOfName(name) ?? 'other'),
          init: list_ === 'initContainers' && text(container['restartPolicy']) !== 'Always',
          command: [...texts(container['command']), ...texts(container['args'])].join(' '),
          env: list(container['env']).map((e, n) => {
            const fromSecret = isRecord(at(e, 'valueFrom', 'secretKeyRef'));
            const value = at(e, 'value');
            return envEntry(text(at(e, 'name')), value === undefined || value === null ? null : text(value), line('env', n), fromSecret);
          }),
          envFiles: list(container['envFrom']).map((e) =>
            at(e, 'secretRef') ? `secret:${text(at(e, 'secretRef', 'name'))}` : `config:${text(at(e, 'configMapRef', 'name'))}`,
          ),
          ports: [
            ...list(container['ports'])
              .filter((p) => number(at(p, 'hostPort')))
              .map((p) => ({ host: text(at(p, 'hostIP')), published: text(at(p, 'hostPort')), target: text(at(p, 'containerPort')) })),
            ...(list_ === 'containers'
              ? published.filter(
                  (p) =>
                    i === 0 || list(container['ports']).some((c) => [text(at(c, 'containerPort')), text(at(c, 'name'))].includes(p.target)),
                )
              : []),
          ],
          replicas: number(at(root, 'spec', 'replicas')),
          restart: text(pod['restartPolicy']),
          user: text(user),
          runAsNonRoot: bool(pick('runAsNonRoot')) ?? (typeof user === 'number' ? user !== 0 : null),
          privileged: bool(security['privileged']) === true,
          readOnlyRoot: bool(security['readOnlyRootFilesystem']),
          allowPrivilegeEscalation: bool(security['allowPrivilegeEscalation']),
          capabilitiesDropped: texts(at(security, 'capabilities', 'drop')),
          capabilitiesAdded: texts(at(security, 'capabilities', 'add')),
          seccomp: text(at(pick('seccompProfile'), 'type')),
          hostNetwork: bool(pod['hostNetwork']) === true,
          hostPid: bool(pod['hostPID']) === true || bool(pod['hostIPC']) === true,
          hostPaths: hostPathsOf(pod, container),
          limits: quantity(at(container, 'resources', 'limits')),
          requests: quantity(at(container, 'resources', 'requests')),
          livenessProbe: container['livenessProbe'] ?? null,
          readinessProbe: container['readinessProbe'] ?? null,
          startupProbe: container['startupProbe'] ?? null,
          volumes: volumesOf(pod, container, claims),
          labels: stringsOf(labels),
          stopGracePeriod: text(pod['terminationGracePeriodSeconds']),
          strategy: text(at(root, 'spec', 'strategy', 'type')) || text(at(root, 'spec', 'updateStrategy', 'type')),
          serviceAccount: text(pod['serviceAccountName']),
          optIn,
          production: variant === 'base' || variant === 'production',
          variant,
        }),
      ];
    };
    return [
      ...list(pod['initContainers']).flatMap((c, i) => toWorkload(c, 'initContainers', i)),
      ...list(pod['containers']).flatMap((c, i) => toWorkload(c, 'containers', i)),
    ];
  });
}
