import type { Collected, Combiner, Item, Reader } from '../../../model/document.js';
import { baseName, folderOf, joinPath } from '../../json.js';

/** ProjectReference of .NET (`to` is the folder), project(':x') of Gradle (`to` is that name). */
const written: Reader = {
  name: 'project-references',
  kind: 'project-references',
  files: { paths: ['*.csproj', '*.fsproj', 'build.gradle', 'build.gradle.kts'], roles: ['config', 'product', 'other'] },
  keywords: ['ProjectReference', 'project('],
  read(source) {
    const from = folderOf(source.path);
    const text = source.text.replace(/<!--[\s\S]*?-->/g, (c) => c.replace(/[^\n]/g, ' ')).replace(/^\s*\/\/[^\n]*/gm, (c) => ' '.repeat(c.length)); // prettier-ignore
    const items: Item[] = [];
    for (const m of text.matchAll(/<ProjectReference\s+Include="([^"]+)"|\bproject\s*\(\s*(?:path\s*[:=]\s*)?["'](:[\w.:-]+)["']/g)) {
      const project = m[1] === undefined ? null : joinPath(from, m[1].replaceAll('\\', '/'));
      const to = m[2] ?? (project === null ? null : folderOf(project));
      if (to !== null) items.push({ path: source.path, line: source.at(m.index).line, from, to });
    }
    return { items };
  },
};

/** The one project that an image publishes by its name: `from` is the Dockerfile, `to` the file of the project. */
const published: Reader = {
  name: 'project-references/published',
  kind: 'project-references',
  files: { paths: ['Dockerfile', 'Dockerfile[._-]*', '*.Dockerfile', 'Containerfile'] },
  keywords: ['dotnet publish'],
  read(source) {
    const runs = source.text.replace(/\\\r?\n/g, '  ').matchAll(/^\s*RUN\b[^\n]*?\bdotnet publish\b[^\n]*?([\w.-]+\.[cf]sproj)\b/gim);
    const projects = new Set([...runs].map((m) => m[1]!));
    return { items: projects.size === 1 ? [{ path: source.path, line: 1, from: source.path, to: [...projects][0]! }] : [] };
  },
};

/** Folders by the name under which manifests of the same ecosystem depend on them. */
function foldersByName({ items, files }: Collected): (ecosystem: string, name: string) => string | undefined {
  const npm = new Map<string, string>();
  for (const own of items('own-packages'))
    if (baseName(own.path) === 'package.json') npm.set(String((own['names'] as string[])[0]), folderOf(own.path));
  const named = (manifest: RegExp) =>
    new Map(files.filter((f) => manifest.test(f.path) && f.path.includes('/')).map((f) => [plain(baseName(folderOf(f.path))), folderOf(f.path)])); // prettier-ignore
  const byFolder = new Map([
    ['maven', named(/(^|\/)(pom\.xml|build\.gradle(\.kts)?)$/)],
    ['cargo', named(/(^|\/)Cargo\.toml$/)],
    ['pypi', named(/(^|\/)pyproject\.toml$/)],
  ]);
  return (ecosystem, name) =>
    ecosystem === 'npm' ? npm.get(name) : byFolder.get(ecosystem)?.get(plain(name.slice(name.lastIndexOf(':') + 1)));
}

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/**
 * Which project of the repository, or which image, is built with which: as written in projects of .NET and Gradle and in Dockerfiles; members of an npm workspace by
 * their names; of Maven, Cargo and Python by names that are also those of the folders.
 */
export const projectReferences: Combiner = {
  kind: 'project-references',
  uses: ['dependencies', 'own-packages'],
  combine(items, all) {
    const builds = all.files.filter((f) => /(^|\/)settings\.gradle(\.kts)?$/.test(f.path)).map((f) => folderOf(f.path));
    const target = (from: string, to: string): string => {
      if (!to.startsWith(':')) return to;
      const build = builds.filter((b) => b === '' || from === b || from.startsWith(`${b}/`)).sort((a, b) => b.length - a.length)[0] ?? '';
      return joinPath(build, to.replaceAll(':', '/')) ?? '';
    };
    const folder = foldersByName(all);
    const needed = all.items('dependencies').flatMap((d): Item[] => {
      const to = d['source'] === 'lock' ? undefined : folder(String(d['ecosystem']), String(d['name']));
      return to === undefined ? [] : [{ path: d.path, line: d.line, from: folderOf(d.path), to }];
    });
    const said = items.flatMap((i): Item[] => {
      if (i['from'] !== i.path) return [{ ...i, to: target(String(i['from']), String(i['to'])) }];
      const projects = all.files.filter((f) => baseName(f.path) === i['to']);
      return projects.length === 1 ? [{ ...i, to: folderOf(projects[0]!.path) }] : [];
    });
    return [...said, ...needed].filter((i) => i['to'] !== '' && i['to'] !== i['from']);
  },
};

export const projectReferenceReaders: readonly Reader[] = [written, published];
