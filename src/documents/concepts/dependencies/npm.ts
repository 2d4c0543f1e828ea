import { dependencyReader, exactVersion, isRecord, lineOfKey, parseJson, type Dependency, type Scope } from './shared.js';

const sections: readonly [key: string, scope: Scope][] = [
  ['dependencies', 'runtime'],
  ['devDependencies', 'dev'],
  ['peerDependencies', 'peer'],
  ['optionalDependencies', 'optional'],
];

const manifest = dependencyReader('package-json', 'npm', ['package.json'], 'manifest', (source) => {
  const root = parseJson(source.text);
  if (!isRecord(root)) return [];
  const found: Dependency[] = [];
  for (const [key, scope] of sections) {
    const section = root[key];
    if (!isRecord(section)) continue;
    const from = Math.max(0, source.text.indexOf(`"${key}"`));
    for (const [name, spec] of Object.entries(section))
      if (typeof spec === 'string') found.push({ name, spec, version: exactVersion(spec), scope, line: lineOfKey(source, name, from) });
  }
  return found;
});

const lock = dependencyReader('package-lock', 'npm', ['package-lock.json', 'npm-shrinkwrap.json'], 'lock', (source) => {
  const root = parseJson(source.text);
  if (!isRecord(root)) return [];
  const found: Dependency[] = [];
  const add = (name: string, entry: unknown) => {
    if (isRecord(entry) && typeof entry.version === 'string')
      found.push({ name, spec: '', version: entry.version, scope: entry.dev === true ? 'dev' : 'runtime', line: 1 });
  };
  if (isRecord(root.packages)) {
    const top = root.packages[''];
    const direct = new Set(isRecord(top) ? sections.flatMap(([key]) => (isRecord(top[key]) ? Object.keys(top[key]) : [])) : []);
    for (const name of direct) add(name, root.packages[`node_modules/${name}`]);
  } else if (isRecord(root.dependencies)) for (const [name, entry] of Object.entries(root.dependencies)) add(name, entry);
  return found;
});

/** yarn.lock (classic and berry): `name@spec:` then an indented `version "x"` or `version: x`. */
const yarn = dependencyReader('yarn-lock', 'npm', ['yarn.lock'], 'lock', (source) => {
  const found: Dependency[] = [];
  for (const match of source.text.matchAll(/^"?((?:@[\w.-]+\/)?[\w.-]+)@[^\n]{0,300}:\n {2}version:? "?([\w.+-]+)"?/gm))
    found.push({ name: match[1] as string, spec: '', version: match[2] as string, scope: 'runtime', line: source.at(match.index).line });
  return found;
});

/** pnpm-lock.yaml: the direct ones under importers, `name:` then `specifier:` and `version:`. */
const pnpm = dependencyReader('pnpm-lock', 'npm', ['pnpm-lock.yaml'], 'lock', (source) => {
  const found: Dependency[] = [];
  const end = source.text.search(/^packages:/m);
  const head = end < 0 ? source.text : source.text.slice(0, end);
  for (const match of head.matchAll(/^ +'?((?:@[\w.-]+\/)?[\w.-]+)'?:\n +specifier: [^\n]*\n +version: '?([\w.+-]+)/gm))
    found.push({ name: match[1] as string, spec: '', version: match[2] as string, scope: 'runtime', line: source.at(match.index).line });
  return found;
});

/** importmap.php of Symfony's AssetMapper: packages of npm with their version, fetched without npm; those with a path are files. */
const importmap = dependencyReader('importmap-php', 'npm', ['importmap.php'], 'manifest', (source) => {
  const found: Dependency[] = [];
  for (const match of source.code.matchAll(/^\s*'((?:@[\w.-]+\/)?[\w.-]+)(?:\/[\w./-]+)?'\s*=>\s*\[([^\][]{0,600})\]/gm)) {
    const spec = /'version'\s*=>\s*'([^'\n]+)'/.exec(match[2] as string)?.[1] ?? '';
    const line = source.at(match.index + match[0].indexOf("'")).line;
    found.push({ name: match[1] as string, spec, version: exactVersion(spec), scope: 'runtime', line });
  }
  return found;
});

export const npm = [manifest, lock, yarn, pnpm, importmap];
