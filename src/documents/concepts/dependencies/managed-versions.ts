import type { Combiner, Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { exactVersion, manifestFiles } from './shared.js';

/**
 * Versions that stand apart from the packages they are for: the plugin or parent of Spring Boot, an imported bill of materials, the
 * managed section of a pom, NuGet's central list. `name` ends in * where it speaks for a whole group.
 */
interface Managed {
  readonly ecosystem: 'maven' | 'nuget';
  readonly name: string;
  readonly version: string;
  readonly at: number;
}

const bootGroup = 'org.springframework.boot:*';
const boms = /^(?:spring-boot-(?:dependencies|starter-parent)|quarkus-bom|micronaut-bom)$/;

function managedReader(name: string, paths: string[], read: (source: Source) => Managed[]): Reader {
  return {
    name: `managed-versions/${name}`,
    kind: 'managed-versions',
    files: { ...manifestFiles, paths },
    read: (source) => ({
      items: read(source).map(({ at, ...rest }): Item => ({ ...rest, path: source.path, line: source.at(at).line })),
    }),
  };
}

const blank = (text: string): string => text.replace(/<!--[\s\S]*?-->/g, (c) => c.replace(/[^\n]/g, ' '));
const tag = (block: string, name: string): string => new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(block)?.[1] ?? '';

const pom = managedReader('pom', ['pom.xml'], (source) => {
  const text = blank(source.text);
  const properties = new Map([...text.matchAll(/<([\w.-]+)>([^<>]+)<\/\1>/g)].map((m) => [m[1] as string, m[2] as string]));
  const found: Managed[] = [];
  const add = (block: string, at: number) => {
    const spec = tag(block, 'version').replace(/^\$\{([\w.-]+)\}$/, (_, key: string) => properties.get(key) ?? '');
    const version = exactVersion(spec);
    const [group, artifact] = [tag(block, 'groupId'), tag(block, 'artifactId')];
    if (version) found.push({ ecosystem: 'maven', name: boms.test(artifact) ? `${group}:*` : `${group}:${artifact}`, version, at });
  };
  for (const m of text.matchAll(/<dependencyManagement>[\s\S]*?<\/dependencyManagement>/g))
    for (const d of m[0].matchAll(/<dependency>[\s\S]*?<\/dependency>/g)) add(d[0], m.index + d.index);
  const parent = /<parent>[\s\S]*?<\/parent>/.exec(text);
  if (parent && boms.test(tag(parent[0], 'artifactId'))) add(parent[0], parent.index);
  return found;
});

const gradle = managedReader('gradle', ['*.gradle', '*.gradle.kts', 'libs.versions.toml'], (source) => {
  const text = source.text.replace(/(^|[^:'"])(?:\/\/|#)[^\n]*/g, (c) => c.replace(/[^\n]/g, ' '));
  const versions = new Map([...text.matchAll(/^([\w.-]+)\s*=\s*["']([^"'\n]+)["']/gm)].map((m) => [m[1] as string, m[2] as string]));
  const stated =
    /\bid\s*[(=]?\s*["']org\.springframework\.boot["']\s*\)?\s*,?\s*version(\.ref)?\s*[(=]?\s*["']([^"']+)["']|org\.springframework\.boot:spring-boot-(?:gradle-plugin|dependencies):([\w.-]+)/g;
  return [...text.matchAll(stated)].flatMap((m): Managed[] => {
    const version = exactVersion(m[3] ?? (m[1] ? (versions.get(m[2] as string) ?? '') : (m[2] as string)));
    return version ? [{ ecosystem: 'maven', name: bootGroup, version, at: m.index }] : [];
  });
});

const nuget = managedReader('nuget', ['Directory.Packages.props', 'Directory.Build.props'], (source) => {
  const text = blank(source.text);
  const properties = new Map([...text.matchAll(/<([\w.]+)>([^<>]+)<\/\1>/g)].map((m) => [m[1] as string, m[2] as string]));
  return [...text.matchAll(/<PackageVersion\s+(?:Include|Update)="([^"]+)"[^>]*?Version="([^"]+)"/g)].flatMap((m): Managed[] => {
    const version = exactVersion((m[2] as string).replace(/\$\(([\w.]+)\)/g, (_, key: string) => properties.get(key) ?? ''));
    return version ? [{ ecosystem: 'nuget', name: m[1] as string, version, at: m.index }] : [];
  });
});

export const managedVersionReaders: readonly Reader[] = [pom, gradle, nuget];

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const speaksFor = (managed: Item, dependency: Item): boolean => {
  const name = String(managed.name);
  return (
    managed.ecosystem === dependency.ecosystem &&
    (name.endsWith('*') ? String(dependency.name).startsWith(name.slice(0, -1)) : name === dependency.name) &&
    folderOf(dependency.path).startsWith(folderOf(managed.path).replace(/gradle\/$/, ''))
  );
};

/** A package that names no version has the one that the nearest file above manages for it. */
export const managedDependencies: Combiner = {
  kind: 'dependencies',
  uses: ['managed-versions'],
  combine(items, all) {
    const managed = [...all.items('managed-versions')].sort((a, b) => folderOf(b.path).length - folderOf(a.path).length);
    if (managed.length === 0) return items;
    return items.map((item) => {
      if (item.version !== null || !/^(?:\$[({].*[)}])?$/.test(String(item.spec))) return item;
      const found = managed.find((m) => speaksFor(m, item));
      return found ? { ...item, version: found.version } : item;
    });
  },
};
