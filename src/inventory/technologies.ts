import type { Technology } from '../model/check.js';
import type { Item } from '../model/document.js';
import type { Evidence, Rung } from '../model/evidence.js';
import type { FileInfo, Place } from '../model/file.js';
import type { View } from '../model/probe.js';
import type { Query } from '../model/query.js';
import { indexTechnologies, languagesOf, type Entry, type TechnologyIndex } from './technology-index.js';

export interface DetectedTechnology {
  readonly id: string;
  readonly evidence: readonly Evidence[];
  /** present: declared, or shown by a file; configured: imported, referred to by a setting, or run by a workload. */
  readonly rung: Rung;
}

/** What the pass has to collect so that `detectTechnologies` can answer. */
export function technologyQueries(technologies: readonly Technology[]): Query[] {
  const index = indexTechnologies(technologies);
  const modules = [...new Set(technologies.flatMap((t) => t.imports))].sort();
  return [
    { type: 'kind', kind: 'dependencies' },
    { type: 'kind', kind: 'workloads' },
    ...(modules.length > 0 ? [{ type: 'imports', modules } as const] : []),
    ...index.entries.flatMap((e) => [...(e.files ? [e.files] : []), ...e.texts.map((t) => t.query)]),
  ];
}

/**
 * The technologies in use in a view, sorted by id (catalogue: `dependency-and-use`). A library is in use when it is declared
 * for run time and product code in a language of the same ecosystem refers to it; a declaration suffices where the technology
 * says so, an import where the view has no manifest of the ecosystem or the technology no package. Tools and platforms show by
 * their files, servers by the images of production workloads.
 */
export function detectTechnologies(technologies: readonly Technology[], view: View): DetectedTechnology[] {
  const index = indexTechnologies(technologies);
  const seen = collect(index, view);
  const found: DetectedTechnology[] = [];
  for (const entry of index.entries) {
    const evidence = evidenceOf(entry, seen, view);
    if (evidence.length > 0)
      found.push({
        id: entry.technology.id,
        evidence: evidence.slice(0, 5),
        rung: evidence.some((e) => e.rung === 'configured') ? 'configured' : 'present',
      });
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const none: readonly Evidence[] = [];

/** Nothing, without a step, for the many of which no manifest, import or image tells. */
function evidenceOf(entry: Entry, seen: Seen, view: View): readonly Evidence[] {
  const library = seen.declared.has(entry) || seen.imported.has(entry) ? libraryEvidence(entry, seen) : none;
  const texts = entry.shownByText.length > 0 ? textEvidence(entry, view) : none;
  const images = seen.images.get(entry) ?? none;
  const files = fileEvidence(entry, view);
  return library.length + texts.length + images.length + files.length === 0 ? none : [...library, ...texts, ...images, ...files];
}

interface Seen {
  readonly declared: ReadonlyMap<Entry, readonly Item[]>;
  readonly imported: ReadonlyMap<Entry, readonly Item[]>;
  readonly images: ReadonlyMap<Entry, readonly Evidence[]>;
  /** Ecosystems of which the view has a manifest, or at least a lock file. */
  readonly manifests: ReadonlySet<string>;
  readonly locks: ReadonlySet<string>;
  readonly references: (entry: Entry, ecosystem: string) => readonly Place[];
}

function collect(index: TechnologyIndex, view: View): Seen {
  const declared = new Map<Entry, Item[]>();
  const imported = new Map<Entry, Item[]>();
  const images = new Map<Entry, Evidence[]>();
  const manifests = new Set<string>();
  const locks = new Set<string>();
  for (const item of view.items('dependencies')) {
    (item.source === 'lock' ? locks : manifests).add(String(item.ecosystem));
    for (const entry of index.declaredBy(String(item.ecosystem), String(item.name)))
      if (scopeCounts(entry, item)) push(declared, entry, item);
  }
  for (const item of view.items('imports'))
    for (const entry of index.importedAs(String(item.module), String(item.language)))
      if (entry.importRoles.has(String(item.role))) push(imported, entry, item);
  for (const item of view.items('workloads')) {
    if (item.optIn === true || item.production !== true || typeof item.image !== 'string') continue;
    for (const entry of index.runBy(item.image)) push(images, entry, workloadEvidence(item));
  }
  const references = (entry: Entry, ecosystem: string): Place[] =>
    entry.texts
      .filter((t) => t.ecosystems.has(ecosystem))
      .flatMap((t) => view.matches(t.query).map((m) => ({ path: m.path, line: m.line })));
  return { declared, imported, images, manifests, locks, references };
}

/** Front ends are bundled, so that their packages stand among the development dependencies as often as not; so do tools. */
function scopeCounts(entry: Entry, item: Item): boolean {
  if (item.scope === 'runtime') return true;
  if (item.scope === 'peer') return entry.technology.referenced === 'required';
  return entry.anyScope;
}

function libraryEvidence(entry: Entry, seen: Seen): Evidence[] {
  const imports = seen.imported.get(entry) ?? [];
  const { technology } = entry;
  if (entry.ecosystems.length === 0) return imports.slice(0, 2).map((i) => importEvidence(i));
  const declared = seen.declared.get(entry) ?? [];
  for (const ecosystem of entry.ecosystems) {
    const languages = languagesOf(ecosystem);
    const used = imports.find((i) => languages.has(String(i.language)));
    const known = seen.manifests.has(ecosystem) || seen.locks.has(ecosystem);
    if (!known) {
      if (used) return [importEvidence(used)];
      continue;
    }
    const here = declared.filter((d) => d.ecosystem === ecosystem);
    const first = here.find((d) => d.source === 'manifest') ?? here[0];
    if (!first) continue;
    if (used) return [dependencyEvidence(first), importEvidence(used)];
    const reference = seen.references(entry, ecosystem)[0];
    if (reference) return [dependencyEvidence(first), evidenceAt(reference, `${technology.title} is referred to here`, '', 'configured')];
    // A lock file holds what others depend on, which is no declaration, unless it is all there is.
    if (entry.declaredSuffices(ecosystem) && (first.source === 'manifest' || !seen.manifests.has(ecosystem)))
      return [dependencyEvidence(first)];
  }
  return [];
}

/** Patterns that show the technology by themselves. */
function textEvidence(entry: Entry, view: View): Evidence[] {
  return entry.shownByText
    .flatMap((query) => view.matches(query).slice(0, 1))
    .map((m) => evidenceAt({ path: m.path, line: m.line }, `${entry.technology.title} is set up here`, m.excerpt, 'configured'));
}

function fileEvidence({ files, technology }: Entry, view: View): Evidence[] {
  if (!files) return [];
  return view
    .matches(files)
    .slice(0, 2)
    .map((m) => evidenceAt({ path: m.path }, `${m.path} belongs to ${technology.title}`, '', 'present'));
}

const dependencyEvidence = (item: Item): Evidence =>
  evidenceAt(
    { path: item.path, line: item.line },
    `${String(item.name)} is a dependency`,
    `${String(item.name)} ${String(item.spec ?? '')}`.trim(),
    'present',
  );
const importEvidence = (item: Item): Evidence =>
  evidenceAt({ path: item.path, line: item.line }, `${String(item.module)} is imported here`, '', 'configured');
const workloadEvidence = (item: Item): Evidence =>
  evidenceAt({ path: item.path, line: item.line }, `${String(item.name)} runs ${String(item.image)}`, '', 'configured');

function evidenceAt(location: Place, message: string, excerpt: string, rung: Rung): Evidence {
  return { probe: 'inventory', answer: 'yes', violation: false, location, ...(excerpt ? { excerpt } : {}), message, rung };
}

/**
 * A superset of the technologies in use, told from manifests and the file list alone, so that readers of others need not run.
 * What no manifest and no file could rule out (standard libraries, patterns that stand by themselves, images) is always possible.
 */
export function possibleTechnologies(
  technologies: readonly Technology[],
  dependencies: readonly Item[],
  files: readonly FileInfo[],
): Set<string> {
  const index = indexTechnologies(technologies);
  const possible = new Set(index.entries.filter((e) => e.alwaysPossible).map((e) => e.technology.id));
  const ecosystems = new Set<string>();
  for (const item of dependencies) {
    ecosystems.add(String(item.ecosystem));
    for (const entry of index.declaredBy(String(item.ecosystem), String(item.name))) possible.add(entry.technology.id);
  }
  const languages = new Set<string>();
  for (const file of files) {
    if (file.language) languages.add(file.language);
    for (const entry of index.shownBy(file.path)) possible.add(entry.technology.id);
  }
  for (const entry of index.entries)
    if (entry.ecosystems.some((e) => !ecosystems.has(e) && [...languagesOf(e)].some((l) => languages.has(l))))
      possible.add(entry.technology.id);
  return possible;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
