import { parse } from 'smol-toml';
import { dependencyReader, exactVersion, isRecord, lineOfKey, parseJson, type Dependency, type Scope } from './shared.js';

const goMod = dependencyReader('go-mod', 'go', ['go.mod'], 'manifest', (source) => {
  const found: Dependency[] = [];
  let block = '';
  source.text.split('\n').forEach((line, i) => {
    const opened = /^(\w+)\s*\($/.exec(line.trim());
    if (opened) block = opened[1] as string;
    else if (line.trim() === ')') block = '';
    const match = block === 'require' ? /^\s*(\S+)\s+(v\S+)(.*)$/.exec(line) : /^require\s+(\S+)\s+(v\S+)(.*)$/.exec(line);
    if (match && !(match[1] as string).startsWith('//'))
      found.push({
        name: match[1] as string,
        spec: match[2] as string,
        version: (match[2] as string).slice(1),
        scope: /\/\/\s*indirect/.test(match[3] ?? '') ? 'optional' : 'runtime',
        line: i + 1,
      });
  });
  // What a replacement takes the place of needs no hash of its own.
  const replaced = new Set([...source.text.matchAll(/^(?:replace\s+)?\s*(\S+)(?:\s+v\S+)?\s+=>/gm)].map((m) => m[1] as string));
  return found.map((d) => (replaced.has(d.name) ? { ...d, spec: `${d.spec} =>` } : d));
});

const goSum = dependencyReader('go-sum', 'go', ['go.sum'], 'lock', (source) => {
  const newest = new Map<string, Dependency>();
  source.text.split('\n').forEach((line, i) => {
    const match = /^(\S+) v(\S+?)(?:\/go\.mod)? h1:/.exec(line);
    if (match)
      newest.set(match[1] as string, { name: match[1] as string, spec: '', version: match[2] as string, scope: 'runtime', line: i + 1 });
  });
  return [...newest.values()];
});

const gemfile = dependencyReader('gemfile', 'gem', ['Gemfile', '*.gemspec'], 'manifest', (source) => {
  const found: Dependency[] = [];
  const groups: (Scope | null)[] = [];
  source.text.split('\n').forEach((raw, i) => {
    const line = raw.replace(/(^|\s)#.*$/, '');
    const group = /^\s*group\s+([^\n]*?)\s+do\b/.exec(line);
    if (group) groups.push(/:(?!development|test|ci|lint|debug|doc)\w+/.test(group[1] as string) ? 'runtime' : 'dev');
    else if (/\bdo\s*(\|[^|]*\|)?\s*$/.test(line)) groups.push(null);
    else if (/^\s*end\b/.test(line)) groups.pop();
    const gem =
      /^\s*(?:gem|[\w.]+\.add_(?:runtime_)?(development_)?dependency)\s*\(?\s*['"]([\w.-]+)['"]\s*(?:,\s*['"]([^'"]+)['"])?(.*)$/.exec(
        line,
      );
    if (!gem) return;
    const inline = /groups?:\s*(\[[^\]]*\]|:\w+)|:group\s*=>\s*(\[[^\]]*\]|:\w+)/.exec(gem[4] ?? '');
    const listed = inline?.[1] ?? inline?.[2];
    const scope: Scope =
      gem[1] || (listed && !/production|default/.test(listed) && /development|test/.test(listed))
        ? 'dev'
        : ([...groups].reverse().find((g) => g !== null) ?? 'runtime');
    found.push({ name: gem[2] as string, spec: gem[3] ?? '', version: exactVersion(gem[3] ?? ''), scope, line: i + 1 });
  });
  return found;
});

const gemfileLock = dependencyReader('gemfile-lock', 'gem', ['Gemfile.lock'], 'lock', (source) =>
  [...source.text.matchAll(/^ {4}([\w.-]+) \(([\w.-]+)\)$/gm)].map((m) => ({
    name: m[1] as string,
    spec: '',
    version: m[2] as string,
    scope: 'runtime',
    line: source.at(m.index).line,
  })),
);

const composer = dependencyReader('composer-json', 'composer', ['composer.json'], 'manifest', (source) => {
  const root = parseJson(source.text);
  if (!isRecord(root)) return [];
  return (['require', 'require-dev'] as const).flatMap((key) => {
    const section = root[key];
    const from = Math.max(0, source.text.indexOf(`"${key}"`));
    return Object.entries(isRecord(section) ? section : {}).flatMap(([name, spec]): Dependency[] =>
      name === 'php' || name.startsWith('ext-')
        ? []
        : [
            {
              name,
              spec: String(spec),
              version: exactVersion(String(spec)),
              scope: key === 'require' ? 'runtime' : 'dev',
              line: lineOfKey(source, name, from),
            },
          ],
    );
  });
});

/** Packages that a locked one takes the place of, so that they are not locked themselves. */
const standsFor = (locked: Record<string, unknown>): string[] =>
  [locked.replace, locked.provide].flatMap((names) => (isRecord(names) ? Object.keys(names).filter((n) => n.includes('/')) : []));

const composerLock = dependencyReader('composer-lock', 'composer', ['composer.lock'], 'lock', (source) => {
  const root = parseJson(source.text);
  if (!isRecord(root)) return [];
  return (['packages', 'packages-dev'] as const).flatMap((key) =>
    (Array.isArray(root[key]) ? root[key] : []).flatMap((p): Dependency[] =>
      isRecord(p) && typeof p.name === 'string' && typeof p.version === 'string'
        ? [
            {
              name: p.name,
              spec: '',
              version: p.version.replace(/^v/, ''),
              scope: key === 'packages' ? 'runtime' : 'dev',
              line: lineOfKey(source, p.name),
            },
            ...standsFor(p).map((name) => ({ name, spec: '', version: null, scope: 'optional' as const, line: lineOfKey(source, name) })),
          ]
        : [],
    ),
  );
});

const csproj = dependencyReader(
  'csproj',
  'nuget',
  ['*.csproj', '*.fsproj', '*.vbproj', 'Directory.Packages.props', 'Directory.Build.props', 'packages.config'],
  'manifest',
  (source) => {
    const text = source.text.replace(/<!--[\s\S]*?-->/g, (c) => c.replace(/[^\n]/g, ' '));
    const found: Dependency[] = [];
    const dev = /(?:[Tt]ests?|Specs?)\.\w+proj$/.test(source.path) || /Microsoft\.NET\.Test\.Sdk/.test(text);
    for (const m of text.matchAll(
      /<(PackageReference|package|PackageVersion)\s+(?:Include|id)="([^"]+)"(?:[^>]*?(?:Version|version)="([^"]+)")?([^>]*)>/g,
    )) {
      if (m[1] === 'PackageVersion') continue;
      const spec = m[3] ?? '';
      const build = /PrivateAssets="all"|developmentDependency="true"/i.test(m[0]);
      found.push({
        name: m[2] as string,
        spec,
        version: exactVersion(spec),
        scope: dev ? 'dev' : build ? 'build' : 'runtime',
        line: source.at(m.index).line,
      });
    }
    const sdk = /<Project\s+Sdk="([^"/]+)(?:\/[^"]*)?"/.exec(text);
    if (sdk)
      found.push({ name: sdk[1] as string, spec: '', version: null, scope: dev ? 'dev' : 'runtime', line: source.at(sdk.index).line });
    for (const m of text.matchAll(/<FrameworkReference\s+Include="([^"]+)"/g))
      found.push({ name: m[1] as string, spec: '', version: null, scope: dev ? 'dev' : 'runtime', line: source.at(m.index).line });
    return found;
  },
);

const cargo = dependencyReader('cargo-toml', 'cargo', ['Cargo.toml'], 'manifest', (source) => {
  let root: unknown;
  try {
    root = parse(source.text);
  } catch {
    return [];
  }
  if (!isRecord(root)) return [];
  const found: Dependency[] = [];
  const add = (table: unknown, scope: Scope) => {
    if (!isRecord(table)) return;
    for (const [name, value] of Object.entries(table)) {
      const spec = typeof value === 'string' ? value : isRecord(value) && typeof value.version === 'string' ? value.version : '';
      const at = source.text.search(new RegExp(`^\\s*"?${name.replace(/[^\w-]/g, '')}"?(?:\\.\\w+)*\\s*=`, 'm'));
      found.push({
        name: isRecord(value) && typeof value.package === 'string' ? value.package : name,
        spec,
        version: exactVersion(spec.replace(/^=/, '')),
        scope: isRecord(value) && value.optional === true ? 'optional' : scope,
        line: at < 0 ? 1 : source.at(at + (/^\s*/.exec(source.text.slice(at))?.[0].length ?? 0)).line,
      });
    }
  };
  add(root.dependencies, 'runtime');
  add(root['dev-dependencies'], 'dev');
  add(root['build-dependencies'], 'build');
  if (isRecord(root.workspace)) add(root.workspace.dependencies, 'runtime');
  return found;
});

const cargoLock = dependencyReader('cargo-lock', 'cargo', ['Cargo.lock'], 'lock', (source) =>
  [...source.text.matchAll(/^\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"/gm)].map((m) => ({
    name: m[1] as string,
    spec: '',
    version: m[2] as string,
    scope: 'runtime',
    line: source.at(m.index).line + 1,
  })),
);

export const others = [goMod, goSum, gemfile, gemfileLock, composer, composerLock, csproj, cargo, cargoLock];
