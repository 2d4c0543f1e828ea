import type { ConceptItem } from '../../../model/concepts.js';
import type { Document, Item } from '../../../model/document.js';
import type { FileInfo, Variant } from '../../../model/file.js';
import { isPlaceholder, isSecretLikeName, maskSecrets } from '../../../safe/redact.js';
import { at, folderOf, list, record, text } from '../../json.js';
import { builtImages } from './own-names.js';
import { imageName, isPublicImage } from './roles.js';

export type Workload = ConceptItem<'workloads'>;

/** A workload with every field present; what is not given is not said. */
export function workload(fields: Partial<Workload> & Pick<Workload, 'path' | 'line' | 'source' | 'kind' | 'name'>): Workload {
  if (fields.env) markWeak(fields.env);
  return {
    container: fields.name,
    image: '',
    build: null,
    dockerfile: null,
    own: false,
    role: 'other',
    init: false,
    command: '',
    env: [],
    envFiles: [],
    ports: [],
    replicas: null,
    restart: '',
    user: '',
    runAsNonRoot: null,
    privileged: false,
    readOnlyRoot: null,
    allowPrivilegeEscalation: null,
    capabilitiesDropped: [],
    capabilitiesAdded: [],
    seccomp: '',
    hostNetwork: false,
    hostPid: false,
    hostPaths: [],
    limits: { cpu: '', memory: '' },
    requests: { cpu: '', memory: '' },
    healthcheck: '',
    livenessProbe: null,
    readinessProbe: null,
    startupProbe: null,
    dependsOn: [],
    volumes: [],
    logging: '',
    networks: [],
    labels: [],
    stopGracePeriod: '',
    strategy: '',
    serviceAccount: '',
    oneShot: false,
    optIn: false,
    production: true,
    variant: 'base',
    ...fields,
  };
}

export const asItem = (value: Workload): Item => value as unknown as Item;

/** Passwords that services ship with or that everybody guesses (catalogue: secrets/no-default-credentials). */
const guessable =
  /^(?:postgres|password|passw0rd|p@ssw0rd|root|admin|admin123|administrator|guest|test|secret|changeme|change-me|changethis|example|default|minioadmin|mysql|redis|mongo|rabbitmq|toor|1234|12345|123456|1234567|12345678|123456789|qwerty|letmein|password1|password123)$/i;
/** Values as they stand, for comparing a password with its user name; items never hold them. */
const plain = new WeakMap<object, string>();

/** One environment variable; values of secrets are kept only where they are placeholders, and passwords in URLs are masked. */
export function envEntry(name: string, value: string | null, line: number, fromSecret = false): Workload['env'][number] {
  const literal = value !== null && !/\$[\w{(]/.test(value);
  const secretLike = isSecretLikeName(name, value ?? undefined);
  const shown = !literal || value === null ? null : secretLike && !isPlaceholder(value) ? null : maskSecrets(value);
  const entry = { name, value: shown, fromSecret, literal, secretLike, weak: false, fallback: false, line };
  if (literal && value !== null) plain.set(entry, value);
  return entry;
}

/** Marks passwords that anybody guesses: well-known ones, and those that equal a user name of the same container. */
function markWeak(env: Workload['env']): void {
  const users = new Set(env.filter((e) => /user(?:_?name)?$/i.test(e.name) && e.value).map((e) => e.value));
  const guessed = (password: string, user = '') => guessable.test(password) || (password !== '' && password === user);
  for (const entry of env) {
    const value = plain.get(entry);
    if (!value || !entry.secretLike) continue;
    const url = /^[a-z][\w.+-]*:\/\/([^\s:@/]*):([^\s:@/]+)@/i.exec(value);
    entry.weak = url ? guessed(url[2]!, url[1]) : /pass|pwd/i.test(entry.name) && (guessed(value) || users.has(value));
  }
}

/** What says that an image is built from this repository. */
export class Ownership {
  private readonly folders = new Set<string>();
  /** Folders with a Dockerfile: acme/shop_worker is built in worker/. */
  private readonly images = new Set<string>();
  private readonly artifacts = new Set<string>();
  private readonly pushed: string;
  private readonly known = new Map<string, boolean>();

  constructor(files: readonly FileInfo[], documents: (kind: string) => readonly Document[]) {
    for (const file of files) {
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      if (
        !/^(?:(?:.*\.)?Dockerfile.*|Containerfile|package\.json|pom\.xml|build\.gradle(?:\.kts)?|go\.mod|pyproject\.toml|requirements\.txt|Cargo\.toml|Gemfile|composer\.json|.*\.csproj|main\.go)$/.test(
          name,
        )
      )
        continue;
      const folder = folderOf(file.path).split('/');
      // src/frontend/Dockerfile and src/cart/src/Dockerfile both make an image named after their component.
      for (const part of folder.slice(-2))
        if (part && !/^(?:src|app|docker|build|deploy|server|web)$/.test(part)) this.folders.add(part.toLowerCase());
      const last = folder.at(-1)!.toLowerCase();
      if (
        /dockerfile/i.test(name) &&
        last.length > 3 &&
        !/^(?:docker|build|deploy|server|base|proxy|nginx|agent|exporter|latest|alpine|debian)$/.test(last)
      )
        this.images.add(last);
    }
    for (const document of documents('skaffold')) {
      const profiles = list(at(document.root, 'profiles')).flatMap((p) => list(at(p, 'build', 'artifacts')));
      for (const artifact of [...list(at(document.root, 'build', 'artifacts')), ...profiles])
        this.artifacts.add(imageName(text(record(artifact)['image'])));
    }
    for (const document of documents('package-names')) this.artifacts.add(text(at(document.root, 'name')));
    this.pushed = builtImages(documents);
  }

  /** Built or pushed here, named after a component or package that is here, or filled in when it is deployed. */
  owns(image: string): boolean {
    const known = this.known.get(image);
    if (known !== undefined) return known;
    const own = this.decide(image);
    this.known.set(image, own);
    return own;
  }

  private decide(image: string): boolean {
    if (image === '') return false;
    if (/^[^/]*(?:\$|\{\{|<)/.test(image) && !isPublicImage(image)) return true;
    if (isPublicImage(image)) return false;
    const name = imageName(image);
    if (name.length < 2) return false;
    return (
      this.artifacts.has(name) ||
      this.folders.has(name) ||
      this.images.has(name.split(/[-_]/).at(-1)!) ||
      /[${<]/.test(name) ||
      new RegExp(`[/"\\s]${name.replace(/[^\w.-]/g, '').replace(/\./g, '\\.')}(?:[:"@\\s\\\\$]|$)`).test(this.pushed)
    );
  }
}

export type Files = ReadonlyMap<string, FileInfo>;
export const variantOf = (files: Files, path: string): Variant => files.get(path)?.variant ?? 'base';
