import type { Document } from '../../../model/document.js';
import { fillDefaults, type ComposeFile, type ComposeService } from '../../formats/compose.js';
import { at, joinPath, folderOf, list, text } from '../../json.js';
import { dockerfileOf, productionComposeFiles, startOf } from './production-compose.js';
import { isPublicImage, roleOfImage, roleOfName } from './roles.js';
import { envEntry, variantOf, workload, type Files, type Ownership, type Workload } from './shape.js';
import { restricted } from './remarks.js';

/** Outside image that the service's Dockerfile ends on; '' where it is not built here or unknown. */
function baseImage(path: string, service: ComposeService, dockerfiles: ReadonlyMap<string, Document>): string {
  const file = dockerfileOf(path, service);
  const stages = list(at(file ? dockerfiles.get(file.dockerfile)?.root : null, 'stages'));
  return text(at(stages.at(-1), 'base')) || text(at(stages.at(-1), 'image'));
}

/** The one Dockerfile of the repository that starts something: what an own image without `build` comes from. */
function onlyStarting(dockerfiles: ReadonlyMap<string, Document>, files: Files): Document | undefined {
  const starting = [...dockerfiles.values()].filter((d) => {
    const last = list(at(d.root, 'stages')).at(-1);
    const file = files.get(d.path);
    const real = ['base', 'production'].includes(variantOf(files, d.path)) && file?.role !== 'test' && file?.role !== 'sample';
    return real && text(at(last, 'entrypoint', 'text')) + text(at(last, 'cmd', 'text')) !== '';
  });
  return starting.length === 1 ? starting[0] : undefined;
}

/** What the Dockerfile's HEALTHCHECK runs, where the service has no test of its own. */
function imageTest(path: string, service: ComposeService, known: Known): string {
  const file = dockerfileOf(path, service);
  const pulled = !service.build && known.ownership.owns(service.image) ? onlyStarting(known.dockerfiles, known.files) : undefined;
  const stages = list(at((file ? known.dockerfiles.get(file.dockerfile) : pulled)?.root, 'stages'));
  const chosen = stages.find((s) => service.build?.target && text(at(s, 'name')) === service.build.target) ?? stages.at(-1);
  return at(chosen, 'healthcheck', 'none') === true ? 'NONE' : text(at(chosen, 'healthcheck', 'command'));
}

const backing = new Set(['database', 'cache', 'queue', 'monitoring', 'admin', 'mail', 'storage']);

interface Known {
  readonly files: Files;
  readonly dockerfiles: ReadonlyMap<string, Document>;
  readonly ownership: Ownership;
}

/** A backing service built from a Dockerfile that only configures it is no software of the repository. */
function roleAndOwn(path: string, service: ComposeService, known: Known): { role: string; own: boolean } {
  const base = baseImage(path, service, known.dockerfiles);
  const builtOn = service.build && base ? roleOfImage(base) : null;
  if (builtOn && backing.has(builtOn)) return { role: builtOn, own: false };
  const own =
    (service.build !== null &&
      dockerfileOf(path, service) !== null &&
      !(service.image !== '' && isPublicImage(service.image) && roleOfImage(service.image) !== null)) ||
    known.ownership.owns(service.image);
  if (own) return { role: (builtOn === 'proxy' && roleOfName(service.name) === 'proxy' ? 'proxy' : null) ?? 'app', own };
  return {
    role: roleOfImage(service.image) ?? (service.image === '' ? roleOfName(service.name) : null) ?? roleOfName(service.name) ?? 'other',
    own,
  };
}

function toWorkload(document: Document, service: ComposeService, known: Known, production: boolean): Workload {
  const { path } = document;
  const place = document.place(['services', service.name]);
  const file = dockerfileOf(path, service);
  const option = (name: string): string =>
    service.securityOpt
      .find((o) => o.startsWith(name))
      ?.slice(name.length)
      .replace(/^[:=]/, '') ?? '';
  const noNewPrivileges = service.securityOpt.some((o) => /^no-new-privileges(?:[:=]true)?$/.test(o));
  const binds = service.volumes.filter((v) => v.kind === 'bind');
  const order = text(at(service.deploy, 'update_config', 'order'));
  return workload({
    path: place.path,
    line: place.line ?? 1,
    source: 'compose',
    kind: 'service',
    name: service.name,
    container: service.containerName || service.name,
    image: service.image,
    build: file ? file.context : null,
    dockerfile: file ? file.dockerfile : null,
    ...roleAndOwn(path, service, known),
    command: startOf(path, { ...service, build: null }, []),
    env: service.environment.map((e) => {
      const filled = e.value === null ? null : fillDefaults(e.value);
      const entry = envEntry(e.name, filled, e.line);
      entry.literal = e.value !== null && !/\$[\w{]/.test(e.value);
      entry.fallback = e.value !== null && /\$\{\w+:?-[^}\s$]/.test(e.value);
      return entry;
    }),
    envFiles: service.envFiles.map((f) => joinPath(folderOf(path), f) ?? f),
    ports: service.ports
      .filter((p) => p.published !== '' || service.networkMode !== 'host')
      .map(({ host, published, target }) => ({ host, published, target })),
    replicas: service.replicas,
    restart: service.restartPolicy,
    user: service.user,
    runAsNonRoot: service.user === '' ? null : !/^(?:root|0)(?::|$)/.test(service.user),
    privileged: service.privileged === true,
    readOnlyRoot: service.readOnly,
    allowPrivilegeEscalation: noNewPrivileges ? false : null,
    capabilitiesDropped: service.capDrop,
    capabilitiesAdded: service.capAdd,
    seccomp: option('seccomp') || (option('apparmor') ? `apparmor:${option('apparmor')}` : ''),
    hostNetwork: service.networkMode === 'host',
    hostPid: service.pid === 'host' || service.ipc === 'host',
    hostPaths: binds.map((v) => v.source + (v.readOnly ? ':ro' : '')),
    limits: service.limits,
    requests: service.requests,
    healthcheck: service.healthcheck?.disabled ? 'NONE' : service.healthcheck?.test || imageTest(path, service, known),
    dependsOn: service.dependsOn,
    volumes: service.volumes.map(({ source, target, kind }) => ({ source, target, kind })),
    logging: service.logging
      ? [service.logging.driver || 'json-file', ...Object.entries(service.logging.options).map(([k, v]) => `${k}=${v}`)].join(' ')
      : '',
    networks: service.networks,
    labels: Object.entries(service.labels).map(([k, v]) => `${k}=${v}`),
    stopGracePeriod: service.stopGracePeriod,
    strategy: order,
    optIn: service.profiles.length > 0,
    production,
    variant: variantOf(known.files, path),
  });
}

/** Services of all Compose files; `production` by the trait production-compose. */
export function composeWorkloads(
  documents: readonly Document[],
  dockerfileDocuments: readonly Document[],
  remarks: readonly Document[],
  files: Files,
  ownership: Ownership,
): Workload[] {
  const known: Known = { files, dockerfiles: new Map(dockerfileDocuments.map((d) => [d.path, d])), ownership };
  const production = productionComposeFiles(documents, {
    files: [...files.values()],
    dockerfiles: dockerfileDocuments,
    developmentOnly: restricted(
      remarks,
      documents.map((d) => d.path),
    ),
    owns: (path, service) => roleAndOwn(path, service, known).own,
  });
  return documents.flatMap((document) =>
    Object.values((document.root as unknown as ComposeFile).services)
      .filter((s) => s.image !== '' || s.build !== null)
      .map((service) => toWorkload(document, service, known, production.has(document.path))),
  );
}
