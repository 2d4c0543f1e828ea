import type { Technology } from '../model/check.js';
import type { Language, Role, Variant } from '../model/file.js';
import type { Query } from '../model/query.js';

/** One technology with everything about it that does not depend on the target. */
export interface Entry {
  readonly technology: Technology;
  readonly ecosystems: readonly string[];
  /** Declarations for development count as well. */
  readonly anyScope: boolean;
  readonly importRoles: ReadonlySet<string>;
  readonly files: Query | null;
  /** With `ecosystems` the pattern is a reference that needs a declaration there; without, it shows the technology by itself. */
  readonly texts: readonly { readonly query: Query; readonly ecosystems: ReadonlySet<string> }[];
  /** Patterns that show the technology by themselves. */
  readonly shownByText: readonly Query[];
  readonly alwaysPossible: boolean;
  declaredSuffices(ecosystem: string): boolean;
}

/** Lookups that stay fast with hundreds of technologies and thousands of dependencies. */
export interface TechnologyIndex {
  readonly entries: readonly Entry[];
  declaredBy(ecosystem: string, name: string): readonly Entry[];
  importedAs(module: string, language: string): readonly Entry[];
  runBy(image: string): readonly Entry[];
  /** Judged by the last segment of the globs only: a superset. */
  shownBy(path: string): readonly Entry[];
}

const languages: Record<string, ReadonlySet<string>> = {
  npm: new Set<Language>(['javascript', 'typescript', 'tsx', 'vue', 'svelte']),
  pypi: new Set<Language>(['python']),
  go: new Set<Language>(['go']),
  maven: new Set<Language>(['java', 'kotlin', 'scala']),
  gem: new Set<Language>(['ruby']),
  composer: new Set<Language>(['php']),
  nuget: new Set<Language>(['csharp']),
  cargo: new Set<Language>(['rust']),
};
const none: ReadonlySet<string> = new Set();

/** Languages whose imports name packages of the ecosystem. */
export const languagesOf = (ecosystem: string): ReadonlySet<string> => languages[ecosystem] ?? none;

const indexes = new WeakMap<readonly Technology[], TechnologyIndex>();

/** The index of a list of technologies, made once for each list. */
export function indexTechnologies(technologies: readonly Technology[]): TechnologyIndex {
  let index = indexes.get(technologies);
  if (!index) indexes.set(technologies, (index = build(technologies.map(entryOf))));
  return index;
}

function build(entries: readonly Entry[]): TechnologyIndex {
  const dependencies = new Patterns();
  const imports = new Patterns();
  const images = new Patterns();
  const names = new Map<string, Entry[]>();
  const suffixes = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { technology } = entry;
    for (const name of technology.dependencies) dependencies.add(name, entry, name.slice(0, name.indexOf(':')));
    for (const name of technology.imports) imports.add(name, entry);
    for (const name of technology.images) images.add(name, entry);
    for (const glob of technology.files) {
      const last = lastSegment(glob);
      if (last.startsWith('*')) add(suffixes, last.slice(last.lastIndexOf('.')), entry);
      else add(names, last, entry);
    }
  }
  return {
    entries,
    // Go puts the major version last: github.com/gofiber/fiber/v2, gopkg.in/yaml.v3.
    declaredBy: (ecosystem, name) =>
      dependencies.find(ecosystem === 'go' ? [`go:${name}`, `go:${name.replace(/[/.]v\d+$/, '')}`] : [`${ecosystem}:${name}`], ecosystem),
    importedAs: (module, language) => imports.find(enclosing(module, language)).filter((e) => speaks(e, language)),
    runBy: (image) => images.find(imageNames(image)),
    shownBy(path) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const dot = name.lastIndexOf('.');
      return [...(names.get(name) ?? []), ...(dot >= 0 ? (suffixes.get(name.slice(dot)) ?? []) : [])];
    },
  };
}

/** Exact names, and patterns with one or more `*`, of which everything before the first and after the last must hold. */
class Patterns {
  private readonly exact = new Map<string, Entry[]>();
  private readonly open = new Map<string, { head: string; tail: string; entry: Entry }[]>();
  /** Answers by realm and names: every deployable and manifest of a monorepo asks for the same ones. */
  private readonly known = new Map<string, readonly Entry[]>();

  /** `realm` keeps apart what never meets: ecosystems. */
  add(pattern: string, entry: Entry, realm = ''): void {
    const star = pattern.indexOf('*');
    if (star < 0) add(this.exact, pattern, entry);
    else add(this.open, realm, { head: pattern.slice(0, star), tail: pattern.slice(pattern.lastIndexOf('*') + 1), entry });
  }

  find(names: readonly string[], realm = ''): readonly Entry[] {
    const key = [realm, ...names].join('\n');
    const known = this.known.get(key);
    if (known) return known;
    const found = new Set<Entry>();
    for (const name of names) for (const entry of this.exact.get(name) ?? []) found.add(entry);
    const whole = names[0] ?? '';
    for (const { head, tail, entry } of this.open.get(realm) ?? [])
      if (whole.length >= head.length + tail.length && whole.startsWith(head) && whole.endsWith(tail)) found.add(entry);
    const entries = [...found];
    this.known.set(key, entries);
    return entries;
  }
}

const separators: Record<string, string> = { python: '.', java: '.', kotlin: '.', scala: '.', csharp: '.', php: '\\', rust: '::' };

/** A module's name, then the names of the modules that hold it: `redis.asyncio.client`, `redis.asyncio`, `redis`. */
function enclosing(module: string, language: string): string[] {
  const separator = separators[language] ?? '/';
  const names = [module];
  for (let cut = module.lastIndexOf(separator); cut > 0; cut = module.lastIndexOf(separator, cut - 1)) names.push(module.slice(0, cut));
  return names;
}

function speaks(entry: Entry, language: string): boolean {
  if (entry.ecosystems.length === 0) return !entry.technology.languages || entry.technology.languages.includes(language);
  return entry.ecosystems.some((e) => languagesOf(e).has(language));
}

/** `registry.example.com:5000/library/postgres:17@sha256:...` as `postgres`, then without each leading folder. */
function imageNames(image: string): string[] {
  const plain = image.replace(/@sha256:.*$/, '').replace(/:[^/:]*$/, '');
  const parts = plain.split('/');
  if (parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? '')) parts.shift();
  if (parts[0] === 'docker') parts.shift();
  if (parts[0] === 'library') parts.shift();
  return [parts.join('/'), parts.slice(-2).join('/')];
}

const liveRoles: readonly Role[] = ['product', 'script', 'ci', 'config', 'template', 'generated', 'other'];
const withTests: readonly Role[] = [...liveRoles, 'test'];
const everyday: readonly Variant[] = ['base', 'production'];
const anyVariant: readonly Variant[] = ['base', 'production', 'staging', 'development', 'test'];
const runtimeImports = new Set(['product', 'config', 'template']);
const toolImports = new Set(['product', 'config', 'template', 'script', 'test', 'ci']);

function entryOf(technology: Technology): Entry {
  const ecosystems = [...new Set(technology.dependencies.map((d) => d.slice(0, d.indexOf(':'))))];
  const tool = technology.kind === 'tool';
  const roles = tool ? withTests : liveRoles;
  const variants = tool ? anyVariant : everyday;
  const texts = technology.text.map((entry) => {
    const own = ecosystems.filter((e) => entry.languages?.some((l) => languagesOf(e).has(l)));
    const query: Query = {
      type: 'text',
      files: {
        ...(entry.paths ? { paths: entry.paths } : {}),
        ...(entry.languages ? { languages: entry.languages as Language[] } : {}),
        roles: (entry.in as Role[] | undefined) ?? (entry.paths ? roles : ['product', 'config']),
        variants,
      },
      pattern: entry.pattern,
      ignoreCase: false,
      over: 'code',
      lines: 1,
    };
    return { query, ecosystems: new Set(own) };
  });
  return {
    technology,
    ecosystems,
    anyScope: tool || technology.provides.includes('js-frontend'),
    importRoles: tool ? toolImports : runtimeImports,
    files: technology.files.length > 0 ? { type: 'files', files: { paths: technology.files, roles, variants } } : null,
    texts,
    shownByText: texts.filter((t) => t.ecosystems.size === 0).map((t) => t.query),
    alwaysPossible:
      (ecosystems.length === 0 && technology.files.length === 0) ||
      technology.images.length > 0 ||
      texts.some((t) => t.ecosystems.size === 0) ||
      technology.files.some((glob) => !/^(?:\*+\.\w[\w-]*|[^*?[\]{}()!]+|\*[\w.-]*\.\w[\w-]*)$/.test(lastSegment(glob))),
    declaredSuffices: (ecosystem) =>
      declaredSuffices(technology, ecosystem) && (technology.referenced === 'declared' || !texts.some((t) => t.ecosystems.has(ecosystem))),
  };
}

/** How imports look in ecosystems where much is wired by convention; where a technology lists none of that form, a declaration suffices. */
const importForms: Record<string, RegExp> = {
  maven: /^(?:com|org|io|net|jakarta|javax|dev|redis|feign|okhttp3|retrofit2|reactor|kotlinx)\./,
  composer: /\\/,
  nuget: /^[A-Z]\w*(?:\.|$)/,
};

function declaredSuffices(technology: Technology, ecosystem: string): boolean {
  // Bundler requires the gems of a Gemfile by itself.
  if (technology.referenced === 'declared' || ecosystem === 'gem') return true;
  const form = importForms[ecosystem];
  return form !== undefined && !technology.imports.some((i) => form.test(i));
}

const lastSegment = (glob: string): string => glob.slice(glob.lastIndexOf('/') + 1);

function add<T>(map: Map<string, T[]>, key: string, entry: T): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}
