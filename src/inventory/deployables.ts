import type { Item } from '../model/document.js';
import type { Evidence } from '../model/evidence.js';
import type { Facts } from '../model/facts.js';
import type { FileInfo } from '../model/file.js';
import { projectRoots, type ProjectRoots } from '../model/manifests.js';

/** Languages in which nothing is deployed by itself: what an image of a database or a proxy is set up with. */
const beside = new Set(['', 'shell', 'sql', 'html', 'css']);

/** A part of the repository with a start of its own (catalogue: several-deployables). `root` is '' for the whole repository. */
export interface Deployable {
  readonly name: string;
  readonly root: string;
  readonly evidence: readonly Evidence[];
  /** Folders of the other projects of the repository that it is built with, directly or through others. */
  readonly parts?: readonly string[];
  /** Dockerfiles elsewhere that publish it. */
  readonly images?: readonly string[];
}

const dockerfile = /(^|\/)(Dockerfile(\.[\w.-]+)?|[\w.-]+\.Dockerfile|Containerfile)$/i;
const startFiles =
  /(^|\/)(manage\.py|asgi\.py|wsgi\.py|config\.ru|artisan|Procfile|fly\.toml|render\.yaml|serverless\.ya?ml|app\.yaml|wrangler\.(toml|jsonc?)|vercel\.json|netlify\.toml)$/;
export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/**
 * Finds the deployables: folders with a Dockerfile, a manifest with a start command, or a platform file of their own; and
 * Compose services built from the repository. Fewer than two: the whole repository is the one deployable.
 */
export function findDeployables(facts: Facts, repository: string): Deployable[] {
  const found = new Map<string, { name: string; evidence: Evidence[] }>();
  const add = (root: string, name: string, path: string, message: string, line?: number) => {
    const entry = found.get(root) ?? { name, evidence: [] };
    entry.evidence.push({ probe: 'deployable', answer: 'yes', violation: false, location: { path, ...(line ? { line } : {}) }, message });
    found.set(root, entry);
  };
  const live = facts.files.filter(
    (f) => !['test', 'sample', 'docs', 'vendored'].includes(f.role) && (f.variant === 'base' || f.variant === 'production'),
  );
  const folders = new Set(facts.files.flatMap((f) => ancestors(f.path)));
  const projects = projectRoots(live.map((f) => f.path));
  const codeFolders = new Set(live.filter((f) => f.role === 'product' && !beside.has(f.language ?? '')).flatMap((f) => ancestors(f.path)));

  const references = facts.items.get('project-references') ?? [];
  const published = new Map(references.filter((r) => r.from === r.path).map((r) => [r.path, String(r.to)]));

  for (const workload of facts.items.get('workloads') ?? [])
    if (workload.source === 'compose' && workload.production && !workload.optIn && typeof workload.build === 'string') {
      // A Dockerfile in a folder of its own builds what that folder says (cmd/server/Dockerfile as well), however wide its context is.
      const own = typeof workload.dockerfile === 'string' ? folderOf(strip(workload.dockerfile)) : '';
      const root =
        published.get(String(workload.dockerfile)) ??
        (own === '' ? strip(workload.build) : sourceFolder(own, projects, codeFolders) || strip(workload.build));
      if (folders.has(root))
        add(
          root,
          root === '' ? repository : nameOf(root),
          workload.path,
          `Compose service ${String(workload.name)} is built from here`,
          workload.line,
        );
    }
  for (const file of live) {
    if (/(^|\/)\.devcontainer\//.test(file.path)) continue;
    if (dockerfile.test(file.path)) {
      const root = published.get(file.path) ?? sourceFolder(folderOf(file.path), projects, codeFolders);
      add(root, root === '' ? repository : nameOf(root), file.path, 'a container image is built from here');
    } else if (startFiles.test(file.path) && !/(^|\/)(src\/main|config)\//.test(file.path)) {
      const root = projects.ofStart(file.path) ?? folderOf(file.path);
      add(root, root === '' ? repository : nameOf(root), file.path, `${base(file.path)} starts it`);
    }
  }
  for (const start of facts.items.get('starts') ?? []) {
    // The program beside a Dockerfile is what that image starts, though its module is the whole repository's: cmd/server/main.go.
    const root = innermost([...found.keys()], start.path, String(start.root));
    add(root, root === '' ? repository : nameOf(root), start.path, String(start.message), start.line);
  }
  const parts = partsOf(references);
  for (const root of triedOut(facts.items.get('starts') ?? [], found, parts)) found.delete(root);
  const roots = withoutWrappers([...found.keys()].sort(), live);
  if (roots.length < 2) {
    const evidence = [...found.values()].flatMap((f) => f.evidence);
    return [{ name: repository, root: '', evidence: evidence.slice(0, 10) }];
  }
  return unique(
    roots.map((root) => ({
      name: root === '' ? repository : (found.get(root)?.name ?? nameOf(root)),
      root,
      evidence: (found.get(root)?.evidence ?? []).slice(0, 10),
      parts: parts(root),
      images: [...published].flatMap(([path, to]) => (to === root && folderOf(path) !== root ? [path] : [])),
    })),
  );
}

/** The deepest of the roots around a path, below the one that is known already. */
const innermost = (roots: readonly string[], path: string, known: string): string =>
  roots.filter((root) => root !== '' && inside(path, root) && inside(root, known)).reduce((a, b) => (b.length > a.length ? b : a), known);

/**
 * Libraries of the JVM in which nothing but a class has a `main`, as it is left behind when something was tried out: another
 * deployable is built with them.
 */
function triedOut(
  starts: readonly Item[],
  found: ReadonlyMap<string, { evidence: readonly Evidence[] }>,
  parts: (root: string) => string[],
): string[] {
  const mains = (root: string): number => starts.filter((s) => s.root === root && s.technology === 'jvm' && s.kind === 'process').length;
  const bare = new Set([...found].filter(([root, { evidence }]) => root !== '' && mains(root) === evidence.length).map(([root]) => root));
  const used = new Set([...found.keys()].filter((root) => !bare.has(root)).flatMap(parts));
  return [...bare].filter((root) => used.has(root));
}

/** The folders of all projects that the one in a folder is built with, by `project-references`. */
function partsOf(references: readonly Item[]): (root: string) => string[] {
  const edges = new Map<string, string[]>();
  for (const { from, to } of references) edges.set(String(from), [...(edges.get(String(from)) ?? []), String(to)]);
  return (root) => {
    const seen = new Set<string>();
    const visit = (folder: string): void => {
      for (const to of edges.get(folder) ?? [])
        if (to !== root && !seen.has(to)) {
          seen.add(to);
          visit(to);
        }
    };
    visit(root);
    return [...seen].sort();
  };
}

/** Names are made unique by their folders: two `api` folders become their whole paths. */
function unique(deployables: Deployable[]): Deployable[] {
  const seen = new Map<string, number>();
  for (const d of deployables) seen.set(d.name, (seen.get(d.name) ?? 0) + 1);
  return deployables.map((d) => ((seen.get(d.name) ?? 0) > 1 && d.root !== '' ? { ...d, name: d.root } : d));
}

/** A root counts when product code belongs to it and to no deeper one. */
function withoutWrappers(roots: string[], live: readonly FileInfo[]): string[] {
  const ownerOf = ownersOf(roots);
  const owning = new Set(live.filter((f) => f.role === 'product').map((f) => ownerOf(f.path)));
  return roots.filter((root) => owning.has(root));
}

/** The deepest of the roots that holds a path; '' where that is a root itself, else null for none. Remembered by folder. */
export function ownersOf(roots: readonly string[]): (path: string) => string | null {
  const known = new Set(roots);
  const byFolder = new Map<string, string | null>();
  const find = (folder: string): string | null => {
    const remembered = byFolder.get(folder);
    if (remembered !== undefined) return remembered;
    const owner = known.has(folder) ? folder : folder === '' ? null : find(folderOf(folder));
    byFolder.set(folder, owner);
    return owner;
  };
  return (path) => find(folderOf(path));
}

export const inside = (path: string, root: string): boolean => root === '' || path === root || path.startsWith(`${root}/`);

const buildFolder = /(^|\/)(docker|\.docker|deploy|deployment|build|container|containers|ops|infra|\.ci|etc|dockerfiles?)(\/.*)?$/i;

/**
 * What a Dockerfile in a folder builds: of docker/Dockerfile, deploy/api.Dockerfile and the like the folder above that holds the code;
 * else what the nearest manifest is for. Where that is the whole repository's, code beside the Dockerfile is a part of its own.
 */
function sourceFolder(folder: string, projects: ProjectRoots, codeFolders: ReadonlySet<string>): string {
  if (projects.folders.has(folder)) return folder;
  const place = folder.replace(buildFolder, '');
  const root = projects.above(place) ?? place;
  return root === '' && place === folder && codeFolders.has(folder) ? folder : root;
}

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A deployable is called like its folder, or the one above where that only says `src`. */
const nameOf = (root: string): string =>
  /^(src|app|source)$/.test(base(root)) && root.includes('/') ? nameOf(folderOf(root)) : base(root);
const strip = (path: string): string => path.replace(/^\.\/?/, '').replace(/\/+$/, '');

function ancestors(path: string): string[] {
  const result = [''];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) result.push(path.slice(0, at));
  return result;
}

/** Roots of the deployables that a path belongs to; null: to all of them. */
export type Owners = readonly string[] | null;

/**
 * Whose each path is: the deepest deployable around it, or those that are built with the project around it; of all where nothing
 * says whose (the root's files among them). Equal answers are the same object.
 */
export function partitionOwners(all: readonly Deployable[]): (path: string) => Owners {
  const roots = all.map((d) => d.root).filter((root) => root !== '');
  const owners = new Map<string, string[]>(roots.map((root) => [root, [root]]));
  for (const { root, parts = [] } of all)
    for (const part of parts) if (!roots.includes(part)) owners.set(part, [...(owners.get(part) ?? []), root]);
  // What a deployable at the root is built with cannot be told from the rest of the root.
  for (const [folder, users] of owners) if (users.includes('')) owners.delete(folder);
  const interned = new Map<string, Owners>();
  const answers = new Map([...owners].map(([folder, users]): [string, Owners] => [folder, intern(interned, users)]));
  const find = ownersOf([...owners.keys()]);
  const images = new Map(all.flatMap((d) => (d.images ?? []).map((path): [string, string] => [path, d.root])));
  return (path) => {
    const root = images.get(path) ?? find(path);
    return root === null ? null : (answers.get(root) ?? null);
  };
}

function intern(known: Map<string, Owners>, users: readonly string[]): Owners {
  const key = users.join('\n');
  if (!known.has(key)) known.set(key, users);
  return known.get(key)!;
}

/** A workload of this repository belongs to the deployable that it is built from or named like; others are shared. */
export function workloadOwnership(deployable: Deployable, all: readonly Deployable[]): (kind: string, item: Item) => boolean | undefined {
  if (all.length < 2) return () => undefined;
  const roots = all.map((d) => d.root).sort((a, b) => b.length - a.length);
  return (kind, item) => {
    if (kind !== 'workloads' || item.own !== true) return undefined;
    const build = typeof item.build === 'string' ? strip(item.build) : null;
    const dockerfileOf = typeof item.dockerfile === 'string' && item.dockerfile.includes('/') ? folderOf(strip(item.dockerfile)) : null;
    const publishedAs = all.find((d) => d.images?.includes(String(item.dockerfile)));
    if (publishedAs) return publishedAs === deployable;
    for (const place of [dockerfileOf, build])
      if (place !== null) {
        const root = roots.find((r) => r !== '' && inside(place, r)) ?? (all.some((d) => d.root === '' && place === '') ? '' : undefined);
        if (root !== undefined) return root === deployable.root;
      }
    const names = [String(item.name), String(item.container), base(String(item.image)).replace(/[:@].*$/, '')].map(plain);
    const named = all.find((d) => names.includes(plain(base(d.root || d.name))));
    return named ? named === deployable : undefined;
  };
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(deployment|service|server|app)$/, '');
