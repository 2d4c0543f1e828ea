import type { Collected, Combiner, Item } from '../../../model/document.js';

type State = 'locked' | 'missing' | 'stale' | 'competing' | 'ranges';
interface Verdict {
  readonly state: State;
  /** The lock file that counts, '' where there is none. */
  readonly lock: string;
  readonly detail: string;
  readonly line?: number;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** Lock files of one tool each: two of different tools in a folder contradict each other. */
const npmTools: readonly (readonly string[])[] = [
  ['package-lock.json', 'npm-shrinkwrap.json'],
  ['yarn.lock'],
  ['pnpm-lock.yaml'],
  ['bun.lock', 'bun.lockb'],
  ['deno.lock'],
];
const pythonTools: readonly (readonly string[])[] = [
  ['uv.lock'],
  ['poetry.lock'],
  ['pdm.lock'],
  ['pylock.toml'],
  ['pixi.lock'],
  ['Pipfile.lock'],
];
/** Gems that the lock leaves out on other platforms. */
const platformGems = new Set(['tzinfo-data', 'wdm', 'byebug', 'win32console']);

class Folder {
  constructor(
    private readonly files: ReadonlySet<string>,
    readonly path: string,
  ) {}

  has(name: string): boolean {
    return this.files.has(join(this.path, name));
  }

  first(names: readonly string[]): string {
    const name = names.find((n) => this.has(n));
    return name ? join(this.path, name) : '';
  }

  /** This folder, then those above it up to the root. */
  upwards(): Folder[] {
    const parts = this.path === '' ? [] : this.path.split('/');
    return Array.from({ length: parts.length + 1 }, (_, i) => new Folder(this.files, parts.slice(0, parts.length - i).join('/')));
  }

  nearest(names: readonly string[]): string {
    for (const folder of this.upwards()) {
      const found = folder.first(names);
      if (found) return found;
    }
    return '';
  }
}

interface Manifest {
  readonly path: string;
  readonly folder: Folder;
  readonly items: readonly Item[];
  /** Names in lock files by the lock's path. */
  readonly locked: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of npm packages that the repository holds itself: a lock of Yarn 1 leaves the members of a workspace out. */
  readonly own: ReadonlySet<string>;
}

const missing = (detail: string): Verdict => ({ state: 'missing', lock: '', detail });
const lockedBy = (lock: string): Verdict => ({ state: 'locked', lock, detail: `locked by ${lock}` });
const local = (spec: string): boolean => /^(?:file:|link:|workspace:|portal:|\.{1,2}\/|git\+|https?:|github:|catalog:|patch:)/.test(spec);

function competing(folder: Folder, tools: readonly (readonly string[])[]): Verdict | null {
  const found = tools.map((names) => folder.first(names)).filter(Boolean);
  return found.length > 1 ? { state: 'competing', lock: found[0]!, detail: `${found.map(nameOf).join(' and ')} compete` } : null;
}

/** Packages of the manifest that its lock does not know. */
function stale(manifest: Manifest, lock: string, scopes: readonly string[], ignore: (d: Item) => boolean): Verdict | null {
  const names = manifest.locked.get(lock);
  if (!names || names.size === 0) return null;
  const absent = manifest.items.filter((d) => scopes.includes(String(d['scope'])) && !ignore(d) && !names.has(String(d['name'])));
  const first = absent[0];
  return first
    ? {
        state: 'stale',
        lock,
        detail: `${lock} does not know ${absent
          .slice(0, 4)
          .map((d) => String(d['name']))
          .join(', ')}`,
        line: first.line,
      }
    : null;
}

function npm(manifest: Manifest): Verdict | null {
  if (!manifest.items.some((d) => ['runtime', 'dev', 'optional'].includes(String(d['scope'])) && !local(String(d['spec'])))) return null;
  const clash = competing(manifest.folder, npmTools);
  if (clash) return clash;
  const lock = manifest.folder.nearest(npmTools.flat());
  if (!lock) return missing('no package-lock.json, yarn.lock, pnpm-lock.yaml or bun.lock');
  const own = folderOf(lock) === manifest.folder.path;
  const reads = own || lock.endsWith('yarn.lock');
  return (
    (reads
      ? stale(
          manifest,
          lock,
          ['runtime', 'dev'],
          (d) => local(String(d['spec'])) || String(d['spec']).startsWith('npm:') || manifest.own.has(String(d['name'])),
        )
      : null) ?? lockedBy(lock)
  );
}

/** Share of a requirements file's lines that name one version. */
function pinned(items: readonly Item[]): number {
  return (
    items.filter((d) => d['version'] !== null || String(d['spec']).startsWith('@') || /===/.test(String(d['spec']))).length / items.length
  );
}

function requirements(manifest: Manifest): Verdict | null {
  const items = manifest.items.filter((d) => d['scope'] === 'runtime');
  if (items.length === 0) return null;
  const name = nameOf(manifest.path);
  const { folder } = manifest;
  if (name.endsWith('.in')) return folder.has(name.replace(/\.in$/, '.txt')) ? null : missing(`${name} is not compiled`);
  if (pinned(items) >= 0.95) return { state: 'locked', lock: manifest.path, detail: `${items.length} requirements name one version each` };
  // What a pinned requirements.txt was made from.
  if (name !== 'requirements.txt' && folder.has('requirements.txt') && /base|in|min|top|direct|loose/.test(name)) return null;
  const tool = folder.nearest(pythonTools.flat().filter((n) => n !== 'Pipfile.lock'));
  if (tool) return lockedBy(tool);
  if (folder.has('Pipfile.lock') || folder.has('constraints.txt')) return null;
  const loose = items.filter((d) => d['version'] === null && !String(d['spec']).startsWith('@'));
  return {
    state: 'ranges',
    lock: '',
    detail: `${loose.length} of ${items.length} requirements name no exact version, such as ${String(loose[0]!['name'])}${String(loose[0]!['spec'])}`,
    line: loose[0]!.line,
  };
}

function python(manifest: Manifest): Verdict | null {
  const name = nameOf(manifest.path);
  if (/\.(?:txt|in)$/.test(name)) return requirements(manifest);
  const runtime = manifest.items.filter((d) => d['scope'] === 'runtime');
  if (runtime.length === 0) return null;
  const { folder } = manifest;
  const clash = competing(folder, pythonTools);
  if (clash) return clash;
  if (name === 'Pipfile') return folder.has('Pipfile.lock') ? lockedBy(join(folder.path, 'Pipfile.lock')) : missing('no Pipfile.lock');
  if (name.startsWith('environment')) {
    const lock = folder.first(['conda-lock.yml', 'pixi.lock']);
    if (lock) return lockedBy(lock);
    return pinned(runtime) >= 0.95
      ? { state: 'locked', lock: manifest.path, detail: 'exact versions' }
      : missing('no conda-lock.yml and versions are ranges');
  }
  const lock = folder.nearest(pythonTools.flat());
  if (lock)
    return (
      stale(manifest, lock, ['runtime'], (d) => /@|path|git/.test(String(d['spec'])) || folderOf(lock) !== folder.path) ?? lockedBy(lock)
    );
  // A compiled requirements file beside it is judged on its own.
  if (
    ['requirements.txt', 'requirements/base.txt', 'requirements/production.txt', 'requirements/prod.txt', 'requirements.lock'].some((n) =>
      folder.has(n),
    )
  )
    return null;
  return missing(`no uv.lock, poetry.lock, pdm.lock or pinned requirements for ${name}`);
}

function maven(manifest: Manifest): Verdict | null {
  if (nameOf(manifest.path) === 'pom.xml') {
    const loose = manifest.items.find((d) => d['scope'] !== 'dev' && /^[[(]|^(?:LATEST|RELEASE)$/.test(String(d['spec'])));
    return loose
      ? { state: 'ranges', lock: '', detail: `${String(loose['name'])} ${String(loose['spec'])} is no exact version`, line: loose.line }
      : { state: 'locked', lock: manifest.path, detail: 'exact versions' };
  }
  if (!manifest.items.some((d) => d['scope'] === 'runtime')) return null;
  if (nameOf(manifest.path) === 'libs.versions.toml') return null;
  const lock = manifest.folder.nearest([
    'gradle.lockfile',
    'gradle/verification-metadata.xml',
    'gradle/dependency-locks/compileClasspath.lockfile',
    'versions.lock',
  ]);
  return lock ? lockedBy(lock) : missing('no gradle.lockfile');
}

function nuget(manifest: Manifest): Verdict | null {
  if (!/\.(?:cs|fs|vb)proj$/.test(manifest.path)) return null;
  if (!manifest.items.some((d) => d['scope'] === 'runtime' && !/^Microsoft\.NET\.Sdk|^Microsoft\.AspNetCore\.App$/.test(String(d['name']))))
    return null;
  const lock = manifest.folder.first(['packages.lock.json']);
  return lock ? lockedBy(lock) : missing('no packages.lock.json');
}

function simple(lock: string, scopes: readonly string[], ignore: (d: Item) => boolean = () => false, upwards = false) {
  return (manifest: Manifest): Verdict | null => {
    const wanted = manifest.items.filter((d) => scopes.includes(String(d['scope'])));
    if (wanted.length === 0) return null;
    const found = upwards ? manifest.folder.nearest([lock]) : manifest.folder.first([lock]);
    if (!found) return missing(`no ${lock}`);
    return stale(manifest, found, scopes, ignore) ?? lockedBy(found);
  };
}

function go(manifest: Manifest): Verdict | null {
  if (manifest.items.length === 0) return null;
  const lock = manifest.folder.first(['go.sum', 'vendor/modules.txt']) || manifest.folder.nearest(['go.work.sum']);
  return lock
    ? (stale(manifest, lock, ['runtime', 'optional'], (d) => String(d['spec']).includes('=>')) ?? lockedBy(lock))
    : missing('no go.sum');
}

const judges: Readonly<Record<string, (manifest: Manifest) => Verdict | null>> = {
  npm,
  pypi: python,
  maven,
  nuget,
  go,
  gem: (m) =>
    m.path.endsWith('.gemspec') ? null : simple('Gemfile.lock', ['runtime', 'dev'], (d) => platformGems.has(String(d['name'])))(m),
  composer: simple('composer.lock', ['runtime', 'dev']),
  cargo: simple('Cargo.lock', ['runtime'], () => true, true),
};

function combine(_: readonly Item[], all: Collected): Item[] {
  const files = new Set(all.files.map((f) => f.path));
  const byManifest = new Map<string, Item[]>();
  const locked = new Map<string, Set<string>>();
  for (const item of all.items('dependencies')) {
    if (item['source'] === 'lock') {
      const names = locked.get(item.path) ?? new Set();
      locked.set(item.path, names.add(String(item['name'])));
    } else byManifest.set(item.path, [...(byManifest.get(item.path) ?? []), item]);
  }
  const own = new Set(
    all
      .items('own-packages')
      .filter((i) => nameOf(i.path) === 'package.json')
      .flatMap((i) => i['names'] as string[]),
  );
  const roles = new Map(all.files.map((f) => [f.path, f.role]));
  return [...byManifest].flatMap(([path, items]) => {
    if (['test', 'sample', 'docs', 'vendored'].includes(roles.get(path) ?? '')) return [];
    const ecosystem = String(items[0]?.['ecosystem']);
    const verdict = judges[ecosystem]?.({ path, folder: new Folder(files, folderOf(path)), items, locked, own });
    return verdict ? [{ path, line: verdict.line ?? 1, ecosystem, state: verdict.state, lock: verdict.lock, detail: verdict.detail }] : [];
  });
}

/** Whether each manifest's versions are locked: the manifest beside or below the lock file of its ecosystem, both in step. */
export const lockStates: Combiner = { kind: 'lock-states', uses: ['dependencies', 'own-packages'], combine };
