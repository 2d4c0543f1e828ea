import type { Collected, Item, Reader } from '../../../model/document.js';

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** `a/b` and `../c/C.csproj` give `a/c/C.csproj`; null where it leaves the repository. */
function joined(folder: string, relative: string): string | null {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.replaceAll('\\', '/').split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Projects of the repository that a project is built with: ProjectReference of .NET, project(':x') of Gradle (`to` is that name). */
export const projectReferences: Reader = {
  name: 'project-references',
  kind: 'project-references',
  files: { paths: ['*.csproj', '*.fsproj', 'build.gradle', 'build.gradle.kts'], roles: ['config', 'product', 'other'] },
  keywords: ['ProjectReference', 'project('],
  read(source) {
    const from = folderOf(source.path);
    const text = source.text.replace(/<!--[\s\S]*?-->/g, (c) => c.replace(/[^\n]/g, ' ')).replace(/^\s*\/\/[^\n]*/gm, (c) => ' '.repeat(c.length)); // prettier-ignore
    const items: Item[] = [];
    for (const m of text.matchAll(/<ProjectReference\s+Include="([^"]+)"|\bproject\s*\(\s*(?:path\s*[:=]\s*)?["'](:[\w.:-]+)["']/g)) {
      const project = m[1] === undefined ? null : joined(from, m[1]);
      const to = m[2] ?? (project === null ? null : folderOf(project));
      if (to !== null) items.push({ path: source.path, line: source.at(m.index).line, from, to });
    }
    return { items };
  },
};

/** The folders of all projects that the project in a folder is built with, directly or through others. */
export function partsOf({ items, files }: Collected): (root: string) => string[] {
  const builds = files.filter((f) => /(^|\/)settings\.gradle(\.kts)?$/.test(f.path)).map((f) => folderOf(f.path));
  const target = (item: Item): string => {
    const to = String(item.to);
    if (!to.startsWith(':')) return to;
    const from = String(item.from);
    const build = builds.filter((b) => b === '' || from === b || from.startsWith(`${b}/`)).sort((a, b) => b.length - a.length)[0] ?? '';
    return joined(build, to.replaceAll(':', '/')) ?? '';
  };
  const edges = new Map<string, string[]>();
  for (const item of items('project-references')) {
    const from = String(item.from);
    edges.set(from, [...(edges.get(from) ?? []), target(item)]);
  }
  return (root) => {
    const seen = new Set<string>();
    const visit = (folder: string): void => {
      for (const to of edges.get(folder) ?? [])
        if (to !== '' && to !== root && !seen.has(to)) {
          seen.add(to);
          visit(to);
        }
    };
    visit(root);
    return [...seen].sort();
  };
}
