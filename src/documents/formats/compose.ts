import type { Combiner, Document, Json, Reader, ReadResult } from '../../model/document.js';
import type { Source } from '../../model/source.js';
import { parseYaml } from '../../safe/yaml.js';
import { baseName, folderOf, isRecord, joinPath, list, record, text, texts } from '../json.js';
import type { Location } from './text-positions.js';

/** One Compose service in long syntax, whatever was written. Not said is '', [] or null; `line` is where a thing stands. */
export type ComposeService = {
  name: string;
  /** Defaults of variables filled in; what has no default stays as `${NAME}`. */
  image: string;
  imageRaw: string;
  build: { context: string; dockerfile: string; target: string; args: Record<string, string | null> } | null;
  command: string;
  commandExec: string[] | null;
  entrypoint: string;
  entrypointExec: string[] | null;
  /** `value` as written (variables kept), null where it is passed on from the shell. */
  environment: { name: string; value: string | null; line: number }[];
  envFiles: string[];
  ports: { host: string; published: string; target: string; protocol: string; line: number }[];
  expose: string[];
  volumes: { source: string; target: string; kind: 'named' | 'bind' | 'anonymous' | 'tmpfs'; readOnly: boolean; line: number }[];
  dependsOn: { service: string; condition: string }[];
  healthcheck: {
    disabled: boolean;
    test: string;
    exec: string[] | null;
    interval: string;
    timeout: string;
    retries: string;
    startPeriod: string;
  } | null;
  restart: string;
  user: string;
  privileged: boolean | null;
  readOnly: boolean | null;
  init: boolean | null;
  capAdd: string[];
  capDrop: string[];
  securityOpt: string[];
  networkMode: string;
  pid: string;
  ipc: string;
  networks: string[];
  secrets: string[];
  configs: string[];
  profiles: string[];
  labels: Record<string, string>;
  logging: { driver: string; options: Record<string, string> } | null;
  deploy: { [key: string]: Json };
  limits: { cpu: string; memory: string };
  requests: { cpu: string; memory: string };
  replicas: number | null;
  /** restart, or deploy.restart_policy.condition. */
  restartPolicy: string;
  stopGracePeriod: string;
  stopSignal: string;
  containerName: string;
  extends: { service: string; file: string } | null;
  develop: boolean;
  line: number;
  /** Fields with the tag !reset or !override: a merge drops what the base says. */
  replaces: string[];
};

export type ComposeFile = {
  name: string;
  services: Record<string, ComposeService>;
  volumes: { [key: string]: Json };
  networks: { [key: string]: Json };
  secrets: { [key: string]: Json };
  configs: { [key: string]: Json };
  /** Paths of `include`, relative to the target's root. */
  includes: string[];
  /** The file's name says production, deploy or release. */
  productionNamed: boolean;
  /** Some service has neither image nor build nor extends: meant to be merged over another file. */
  override: boolean;
  /** The document is an override merged over the file at `base`. */
  merged: boolean;
  base: string | null;
  variant: string;
};

const composeNamed = /(?:^|[._-])(?:docker-)?compose(?:[._-].*)?\.ya?ml$|^stack[\w.-]*\.ya?ml$/i;
const productionNamed = /(?:^|[._-])(?:prod(?:uction)?|deploy(?:ment)?|release)(?:[._-]|$)/i;
/** Nobody runs more services from one file; the rest is cut off and said to be. */
const mostServices = 500;
const topLevel = /^(?:version|services|volumes|networks|secrets|configs|name|include|models|x-.*)$/;

/** Compose files of the Compose Specification, under any file name that holds one. `root` is a `ComposeFile`. */
export const compose: Reader = {
  name: 'format/compose',
  kind: 'compose',
  files: {
    paths: ['*.yml', '*.yaml'],
    except: ['.github/**', '**/templates/**'],
    roles: ['config', 'product', 'script'],
    variants: ['base', 'production', 'staging', 'development', 'test'],
  },
  keywords: ['services:'],
  read: readCompose,
};

/** Production-named overrides are replaced by what they are once merged over their base, and `extends` over files is resolved. */
export const composeCombiner: Combiner = {
  kind: 'compose',
  combine: (items) => items,
  documents: (documents) => combineCompose(documents),
};

function readCompose(source: Source): ReadResult {
  const named = composeNamed.test(baseName(source.path));
  if (!named && !/^services:/m.test(source.text)) return {};
  const { documents, problems } = parseYaml(source.text);
  const first = documents[0];
  const raw = record(first?.value as Json);
  const services = record(raw.services);
  const isCompose =
    Object.keys(raw).every((key) => topLevel.test(key)) &&
    (named
      ? isRecord(raw.services) || raw.include !== undefined
      : Object.values(services).some((s) => isRecord(s) && (s.image !== undefined || s.build !== undefined)));
  if (!first || !isCompose) return named ? { problems: problems.map((p) => ({ path: source.path, ...p })) } : {};
  const lines = source.text.split('\n');
  const lineAt = (location: Location) => first.place([...location]).line;
  const root: ComposeFile = {
    name: text(raw.name),
    services: {},
    volumes: record(raw.volumes),
    networks: record(raw.networks),
    secrets: record(raw.secrets),
    configs: record(raw.configs),
    includes: list(raw.include)
      .flatMap((i) => (isRecord(i) ? texts(i.path) : texts(i)))
      .flatMap((p) => joinPath(folderOf(source.path), p) ?? []),
    productionNamed: productionNamed.test(baseName(source.path)) || source.file.variant === 'production',
    override: false,
    merged: false,
    base: null,
    variant: source.file.variant,
  };
  for (const [name, service] of Object.entries(services).slice(0, mostServices))
    if (isRecord(service) || service === null) root.services[name] = normalise(name, record(service), lineAt, lines);
  for (const name of Object.keys(root.services)) root.services[name] = extended(root.services, name, []);
  root.override = Object.values(root.services).some((s) => !s.image && !s.build && !s.extends);
  const cut =
    Object.keys(services).length > mostServices
      ? [{ path: source.path, line: 1, message: `more than ${mostServices} services: the rest was left out` }]
      : [];
  const place = (location: Location) => ({ path: source.path, ...placeIn(root, location, (l) => first.place([...l])) });
  return {
    documents: [{ kind: 'compose', path: source.path, root: root as unknown as Json, place }],
    problems: [...cut, ...problems.map((p) => ({ path: source.path, ...p }))],
  };
}

/** camelCase of `root` back to the names of the file; list members by their own line. */
function placeIn(
  root: ComposeFile,
  location: Location,
  at: (location: Location) => { line: number; column: number },
): { line: number; column?: number } {
  const service = location[0] === 'services' ? root.services[String(location[1])] : undefined;
  const field = service && typeof location[2] === 'string' ? (service as unknown as Record<string, Json>)[location[2]] : undefined;
  const member = Array.isArray(field) && typeof location[3] === 'number' ? field[location[3]] : undefined;
  if (isRecord(member) && typeof member.line === 'number') return { line: member.line };
  const names: Record<string, string> = {
    imageRaw: 'image',
    commandExec: 'command',
    entrypointExec: 'entrypoint',
    limits: 'deploy',
    requests: 'deploy',
    replicas: 'deploy',
    restartPolicy: 'restart',
    envFiles: 'env_file',
  };
  const written = location.map((step, i) =>
    i === 2 && typeof step === 'string' ? (names[step] ?? step.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)) : step,
  );
  return at(written);
}

/** `${X:-y}`, `${X-y}` → y; `${X:+y}` → ''; `$$` → `$`; without default it stays as written. */
export function fillDefaults(value: string): string {
  return value.replace(
    /\$(?:\$|\{(\w+)(?:(:?[-?+])((?:[^{}]|\$\{[^{}]*\})*))?\})/g,
    (whole, name: string | undefined, operator: string | undefined, word: string | undefined) => {
      if (name === undefined) return '$';
      if (operator === '-' || operator === ':-') return fillDefaults(word ?? '');
      if (operator === '+' || operator === ':+') return '';
      return whole;
    },
  );
}

const filled = (value: Json | undefined): string => fillDefaults(text(value));
const fills = (value: Json | undefined): string[] => texts(value).map(fillDefaults);
const flag = (value: Json | undefined): boolean | null =>
  value === undefined || value === null ? null : value === true || value === 'true';
const words = (value: Json | undefined): { text: string; exec: string[] | null } =>
  Array.isArray(value) ? { text: fills(value).join(' '), exec: fills(value) } : { text: filled(value), exec: null };

/** `[A=1, B]` or `{A: 1}` as pairs with the key or index under which they stand. */
function pairs(value: Json | undefined): { name: string; value: string | null; key: string | number }[] {
  if (isRecord(value)) return Object.entries(value).map(([name, v]) => ({ name, value: v === null ? null : text(v), key: name }));
  return list(value).flatMap((entry, key) => {
    const line = text(entry);
    const at = line.indexOf('=');
    return line ? [{ name: at < 0 ? line : line.slice(0, at), value: at < 0 ? null : line.slice(at + 1), key }] : [];
  });
}

const mapOf = (value: Json | undefined): Record<string, string> => Object.fromEntries(pairs(value).map((p) => [p.name, p.value ?? '']));
const namesOf = (value: Json | undefined, key: string): string[] =>
  isRecord(value)
    ? Object.keys(value)
    : list(value)
        .map((entry) => (isRecord(entry) ? text(entry[key]) : text(entry)))
        .filter(Boolean);

function normalise(
  name: string,
  raw: { [key: string]: Json },
  lineAt: (location: Location) => number,
  lines: readonly string[],
): ComposeService {
  const at = (...location: Location) => lineAt(['services', name, ...location]);
  const command = words(raw.command);
  const entrypoint = words(raw.entrypoint);
  const deploy = record(raw.deploy);
  const resources = record(deploy.resources);
  const limits = record(resources.limits);
  const reservations = record(resources.reservations);
  const restart = raw.restart === false ? 'no' : filled(raw.restart);
  const build = isRecord(raw.build) ? raw.build : raw.build ? { context: raw.build } : null;
  const health = isRecord(raw.healthcheck) ? raw.healthcheck : null;
  const test = health ? healthTest(health.test) : { test: '', exec: null };
  const extend = isRecord(raw.extends)
    ? { service: text(raw.extends.service), file: text(raw.extends.file) }
    : raw.extends
      ? { service: text(raw.extends), file: '' }
      : null;
  const replicas = Number(filled(deploy.replicas ?? raw.scale ?? '') || NaN);
  return {
    name,
    image: filled(raw.image),
    imageRaw: text(raw.image),
    build: build && {
      context: filled(build.context) || '.',
      dockerfile: filled(build.dockerfile),
      target: filled(build.target),
      args: Object.fromEntries(pairs(build.args).map((p) => [p.name, p.value])),
    },
    command: command.text,
    commandExec: command.exec,
    entrypoint: entrypoint.text,
    entrypointExec: entrypoint.exec,
    environment: pairs(raw.environment).map((p) => ({ name: p.name, value: p.value, line: at('environment', p.key) })),
    envFiles: list(raw.env_file)
      .map((entry) => filled(isRecord(entry) ? entry.path : entry))
      .filter(Boolean),
    ports: list(raw.ports).flatMap((port, i) => portsOf(port, at('ports', i))),
    expose: fills(raw.expose),
    volumes: [
      ...list(raw.volumes).flatMap((volume, i) => volumeOf(volume, at('volumes', i))),
      ...texts(raw.tmpfs).map((target) => ({
        source: '',
        target: target.split(':')[0] ?? '',
        kind: 'tmpfs' as const,
        readOnly: false,
        line: at('tmpfs'),
      })),
    ],
    dependsOn: isRecord(raw.depends_on)
      ? Object.entries(raw.depends_on).map(([service, v]) => ({ service, condition: text(record(v).condition) || 'service_started' }))
      : texts(raw.depends_on).map((service) => ({ service, condition: 'service_started' })),
    healthcheck: health && {
      disabled: health.disable === true || /^none$/i.test(test.test),
      ...test,
      interval: filled(health.interval),
      timeout: filled(health.timeout),
      retries: filled(health.retries),
      startPeriod: filled(health.start_period),
    },
    restart,
    user: filled(raw.user),
    privileged: flag(raw.privileged),
    readOnly: flag(raw.read_only),
    init: flag(raw.init),
    capAdd: fills(raw.cap_add),
    capDrop: fills(raw.cap_drop),
    securityOpt: fills(raw.security_opt),
    networkMode: filled(raw.network_mode),
    pid: filled(raw.pid),
    ipc: filled(raw.ipc),
    networks: namesOf(raw.networks, 'name'),
    secrets: namesOf(raw.secrets, 'source'),
    configs: namesOf(raw.configs, 'source'),
    profiles: texts(raw.profiles),
    labels: mapOf(raw.labels),
    logging: isRecord(raw.logging) ? { driver: filled(raw.logging.driver), options: mapOf(raw.logging.options) } : null,
    deploy,
    limits: { cpu: filled(limits.cpus) || filled(raw.cpus), memory: filled(limits.memory) || filled(raw.mem_limit) },
    requests: { cpu: filled(reservations.cpus), memory: filled(reservations.memory) || filled(raw.mem_reservation) },
    replicas: Number.isFinite(replicas) ? replicas : null,
    restartPolicy: restart || text(record(deploy.restart_policy).condition),
    stopGracePeriod: filled(raw.stop_grace_period),
    stopSignal: filled(raw.stop_signal),
    containerName: filled(raw.container_name),
    extends: extend?.service ? extend : null,
    develop: isRecord(raw.develop),
    line: at(),
    replaces: Object.keys(raw).filter((key) => /!(?:reset|override)\b/.test(lines[at(key) - 1] ?? '')),
  };
}

function healthTest(value: Json | undefined): { test: string; exec: string[] | null } {
  if (!Array.isArray(value)) return { test: filled(value), exec: null };
  const [first = '', ...rest] = fills(value);
  if (first === 'CMD') return { test: rest.join(' '), exec: rest };
  return { test: first === 'CMD-SHELL' ? rest.join(' ') : [first, ...rest].join(' '), exec: null };
}

/** "127.0.0.1:8080-8081:80-81/udp", "[::1]:80:80", "3000" or the long form. */
function portsOf(port: Json, line: number): ComposeService['ports'] {
  if (isRecord(port))
    return [
      {
        host: filled(port.host_ip),
        published: filled(port.published),
        target: filled(port.target),
        protocol: filled(port.protocol) || 'tcp',
        line,
      },
    ];
  const [, rest = '', protocol = 'tcp'] = /^(.*?)(?:\/(\w+))?$/.exec(filled(port)) ?? [];
  // A variable without default holds colons of its own: ${PORT:?message}.
  const held: string[] = [];
  const masked = rest.replace(/\$\{[^}]*\}/g, (variable) => `\0${held.push(variable) - 1}\0`);
  const restore = (part = '') => part.replace(/\0(\d+)\0/g, (_, i: string) => held[Number(i)] ?? '');
  const [, host = '', tail = masked] = /^(\[[^\]]*\]|[^:]*):((?:[^:]*):[^:]*)$/.exec(masked) ?? [];
  const [published = '', target] = tail.split(':');
  if (!published && target === undefined) return [];
  return [
    {
      host: restore(host).replace(/^\[|\]$/g, ''),
      published: target === undefined ? '' : restore(published),
      target: restore(target ?? published),
      protocol,
      line,
    },
  ];
}

function volumeOf(volume: Json, line: number): ComposeService['volumes'] {
  if (isRecord(volume)) {
    const source = filled(volume.source);
    const type = text(volume.type);
    const kind = type === 'bind' ? 'bind' : type === 'tmpfs' ? 'tmpfs' : source ? 'named' : 'anonymous';
    return [{ source, target: filled(volume.target), kind, readOnly: volume.read_only === true, line }];
  }
  const masked = filled(volume).replace(/\$\{[^}]*\}/g, (v) => v.replace(/:/g, '\0'));
  const parts = masked.split(/:(?![\\/]{1}[^:]*\\)/).map((part) => part.replace(/\0/g, ':'));
  if (!parts[0]) return [];
  if (parts.length === 1) return [{ source: '', target: parts[0], kind: 'anonymous', readOnly: false, line }];
  const [source = '', target = '', mode = ''] = parts;
  return [
    {
      source,
      target,
      kind: /^(?:[./~\\]|[A-Za-z]:\\|\$\{?(?:PWD|HOME)\b)/.test(source) ? 'bind' : 'named',
      readOnly: /(?:^|,)ro(?:,|$)/.test(mode),
      line,
    },
  ];
}

/** A service with what it extends in the same file; one in another file is left to the combiner. */
function extended(services: Record<string, ComposeService>, name: string, seen: readonly string[]): ComposeService {
  const service = services[name]!;
  const base = service.extends && !service.extends.file ? service.extends.service : '';
  if (!base || !services[base] || seen.includes(base) || base === name || seen.length > 5) return service;
  return { ...mergeService(extended(services, base, [...seen, name]), service), extends: null };
}

/**
 * Merges an override over a base file by the Compose Specification's rules: maps merged, sequences appended (ports and
 * volumes unique by target), command, entrypoint and healthcheck replaced. Pure; neither argument is changed.
 */
export function mergeCompose(base: ComposeFile, override: ComposeFile): ComposeFile {
  const services = { ...base.services };
  for (const [name, service] of Object.entries(override.services))
    services[name] = services[name] ? mergeService(services[name], service) : service;
  return {
    ...override,
    name: override.name || base.name,
    services,
    volumes: { ...base.volumes, ...override.volumes },
    networks: { ...base.networks, ...override.networks },
    secrets: { ...base.secrets, ...override.secrets },
    configs: { ...base.configs, ...override.configs },
    includes: [...new Set([...base.includes, ...override.includes])],
    override: false,
    merged: true,
  };
}

function mergeService(base: ComposeService, over: ComposeService): ComposeService {
  const reset = (key: string) => over.replaces.includes(key);
  const scalar = (a: string, b: string, key: string) => b || (reset(key) ? '' : a);
  const sequence = (a: string[], b: string[], key: string) => (reset(key) ? b : [...new Set([...a, ...b])]);
  const keyed = <T>(a: T[], b: T[], by: (entry: T) => string, key: string) =>
    reset(key) ? b : [...a.filter((entry) => !b.some((other) => by(other) === by(entry))), ...b];
  const given = (value: string | null | object) => value !== '' && value !== null;
  const command = given(over.command) || over.commandExec || reset('command');
  const entrypoint = given(over.entrypoint) || over.entrypointExec || reset('entrypoint');
  const baseDeploy = reset('deploy') ? {} : base.deploy;
  return {
    name: over.name,
    image: scalar(base.image, over.image, 'image'),
    imageRaw: scalar(base.imageRaw, over.imageRaw, 'image'),
    build:
      over.build && base.build && !reset('build')
        ? {
            context: over.build.context === '.' ? base.build.context : over.build.context,
            dockerfile: over.build.dockerfile || base.build.dockerfile,
            target: over.build.target || base.build.target,
            args: { ...base.build.args, ...over.build.args },
          }
        : (over.build ?? (reset('build') ? null : base.build)),
    command: command ? over.command : base.command,
    commandExec: command ? over.commandExec : base.commandExec,
    entrypoint: entrypoint ? over.entrypoint : base.entrypoint,
    entrypointExec: entrypoint ? over.entrypointExec : base.entrypointExec,
    environment: keyed(base.environment, over.environment, (e) => e.name, 'environment'),
    envFiles: sequence(base.envFiles, over.envFiles, 'env_file'),
    ports: keyed(base.ports, over.ports, (p) => `${p.host}|${p.published}|${p.target}|${p.protocol}`, 'ports'),
    expose: sequence(base.expose, over.expose, 'expose'),
    volumes: keyed(base.volumes, over.volumes, (v) => v.target, 'volumes'),
    dependsOn: keyed(base.dependsOn, over.dependsOn, (d) => d.service, 'depends_on'),
    healthcheck: over.healthcheck
      ? base.healthcheck && !over.healthcheck.disabled && !over.healthcheck.test
        ? { ...base.healthcheck, ...Object.fromEntries(Object.entries(over.healthcheck).filter(([, v]) => v)) }
        : over.healthcheck
      : reset('healthcheck')
        ? null
        : base.healthcheck,
    restart: scalar(base.restart, over.restart, 'restart'),
    user: scalar(base.user, over.user, 'user'),
    privileged: over.privileged ?? (reset('privileged') ? null : base.privileged),
    readOnly: over.readOnly ?? (reset('read_only') ? null : base.readOnly),
    init: over.init ?? (reset('init') ? null : base.init),
    capAdd: sequence(base.capAdd, over.capAdd, 'cap_add'),
    capDrop: sequence(base.capDrop, over.capDrop, 'cap_drop'),
    securityOpt: sequence(base.securityOpt, over.securityOpt, 'security_opt'),
    networkMode: scalar(base.networkMode, over.networkMode, 'network_mode'),
    pid: scalar(base.pid, over.pid, 'pid'),
    ipc: scalar(base.ipc, over.ipc, 'ipc'),
    networks: sequence(base.networks, over.networks, 'networks'),
    secrets: sequence(base.secrets, over.secrets, 'secrets'),
    configs: sequence(base.configs, over.configs, 'configs'),
    profiles: sequence(base.profiles, over.profiles, 'profiles'),
    labels: { ...(reset('labels') ? {} : base.labels), ...over.labels },
    logging: over.logging ?? (reset('logging') ? null : base.logging),
    deploy: mergeMaps(baseDeploy, over.deploy),
    limits: { cpu: over.limits.cpu || base.limits.cpu, memory: over.limits.memory || base.limits.memory },
    requests: { cpu: over.requests.cpu || base.requests.cpu, memory: over.requests.memory || base.requests.memory },
    replicas: over.replicas ?? base.replicas,
    restartPolicy: over.restartPolicy || base.restartPolicy,
    stopGracePeriod: scalar(base.stopGracePeriod, over.stopGracePeriod, 'stop_grace_period'),
    stopSignal: scalar(base.stopSignal, over.stopSignal, 'stop_signal'),
    containerName: scalar(base.containerName, over.containerName, 'container_name'),
    extends: over.extends,
    develop: over.develop || base.develop,
    line: over.line,
    replaces: [],
  };
}

function mergeMaps(base: { [key: string]: Json }, over: { [key: string]: Json }): { [key: string]: Json } {
  const out = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = out[key];
    out[key] = isRecord(before) && isRecord(value) ? mergeMaps(before, value) : value;
  }
  return out;
}

function combineCompose(documents: readonly Document[]): readonly Document[] {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const rootOf = (document: Document) => document.root as unknown as ComposeFile;
  return documents.map((document) => {
    const file = withExtended(document.path, rootOf(document), byPath);
    const base = file.productionNamed && file.override ? baseOf(document.path, byPath) : undefined;
    if (!base)
      return file === rootOf(document)
        ? document
        : { ...document, root: file as unknown as Json, place: (location) => document.place(location) };
    const merged: ComposeFile = { ...mergeCompose(withExtended(base.path, rootOf(base), byPath), file), base: base.path };
    return {
      kind: 'compose',
      path: document.path,
      root: merged as unknown as Json,
      place: (location) => (says(file, location) ? document : base).place(location),
    };
  });
}

/** Whether the override itself says something at this location of the merged file. */
function says(file: ComposeFile, location: Location): boolean {
  if (location[0] !== 'services' || location[1] === undefined) return true;
  const service = file.services[String(location[1])];
  if (!service) return false;
  if (typeof location[2] !== 'string') return true;
  const value = (service as unknown as Record<string, Json>)[location[2]];
  return value !== '' && value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** docker-compose.prod.yml → docker-compose.yml (or compose.yml, docker-compose.base.yml) in the same folder. */
function baseOf(path: string, byPath: ReadonlyMap<string, Document>): Document | undefined {
  const folder = folderOf(path);
  const stem = baseName(path).split('.')[0] ?? '';
  const stems = [...new Set([stem.replace(/[-_](?:prod(?:uction)?|deploy(?:ment)?|release)$/i, ''), 'compose', 'docker-compose'])];
  const names = stems.flatMap((s) => ['.yml', '.yaml', '.base.yml', '.base.yaml', '.common.yml'].map((ending) => s + ending));
  for (const name of names) {
    const candidate = byPath.get(folder ? `${folder}/${name}` : name);
    if (candidate && candidate.path !== path) return candidate;
  }
  return undefined;
}

function withExtended(path: string, file: ComposeFile, byPath: ReadonlyMap<string, Document>): ComposeFile {
  if (!Object.values(file.services).some((service) => service.extends?.file)) return file;
  const services = { ...file.services };
  for (const [name, service] of Object.entries(services)) {
    const from = service.extends?.file ? byPath.get(joinPath(folderOf(path), service.extends.file) ?? '') : undefined;
    const base = from && (from.root as unknown as ComposeFile).services[service.extends!.service];
    if (base) services[name] = { ...mergeService(base, service), extends: null };
  }
  return { ...file, services };
}
