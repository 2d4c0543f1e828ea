import { parse } from 'smol-toml';
import type { Source } from '../../../model/source.js';
import { dependencyReader, exactVersion, isRecord, normalisePython, parseJson, type Dependency, type Scope } from './shared.js';

/** One PEP 508 requirement: name, extras, constraint, marker. */
const requirement = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(@\s*\S+|\(?[<>=!~][^;#]*)?/;

function parseRequirement(text: string, scope: Scope, line: number): Dependency | null {
  const match = requirement.exec(text);
  if (!match) return null;
  const spec = (match[2] ?? '')
    .replace(/^\(|\)\s*$/g, '')
    .replace(/\s--hash.*$/, '')
    .replace(/\\\s*$/, '')
    .trim();
  return { name: normalisePython(match[1] as string), spec, version: exactVersion(spec), scope, line };
}

const developmentName =
  /(?:^|[-_./])(?:dev|develop|development|test|tests|testing|lint|docs?|ci|local|typing|style|qa|optional)(?:[-_./]|$)/i;

const requirements = dependencyReader(
  'requirements',
  'pypi',
  [
    'requirements*.txt',
    'requirements/*.txt',
    '**/requirements/*.txt',
    '*requirements.txt',
    '*-requirements.txt',
    'requirements*.in',
    'requirements/*.in',
    '**/requirements/*.in',
  ],
  'manifest',
  (source) => {
    const name = source.path.slice(source.path.lastIndexOf('/') + 1);
    const scope: Scope = developmentName.test(name.replace(/requirements/i, '')) ? 'dev' : 'runtime';
    const found: Dependency[] = [];
    source.text.split('\n').forEach((line, i) => {
      if (/^\s*(#|-|$|\\|--)/.test(line)) return;
      const d = parseRequirement(line.replace(/(^|\s)#.*$/, ''), scope, i + 1);
      if (d) found.push(d);
    });
    return found;
  },
);

/** The line of the first occurrence of a name as a word after an offset. */
function lineOf(source: Source, word: string, from = 0): number {
  const at = source.text.toLowerCase().indexOf(word.toLowerCase(), from);
  return at < 0 ? 1 : source.at(at).line;
}

const pyproject = dependencyReader('pyproject', 'pypi', ['pyproject.toml'], 'manifest', (source) => {
  let root: unknown;
  try {
    root = parse(source.text);
  } catch {
    return [];
  }
  if (!isRecord(root)) return [];
  const found: Dependency[] = [];
  const list = (values: unknown, scope: Scope, section: string) => {
    if (!Array.isArray(values)) return;
    const from = Math.max(0, source.text.indexOf(section));
    for (const value of values) {
      if (typeof value !== 'string') continue;
      const name = requirement.exec(value)?.[1] ?? value;
      const d = parseRequirement(value, scope, lineOf(source, name, from));
      if (d) found.push(d);
    }
  };
  const table = (values: unknown, scope: Scope, section: string) => {
    if (!isRecord(values)) return;
    const from = Math.max(0, source.text.indexOf(section));
    for (const [name, value] of Object.entries(values)) {
      if (name === 'python') continue;
      const spec = typeof value === 'string' ? value : isRecord(value) && typeof value.version === 'string' ? value.version : '';
      const optional = isRecord(value) && value.optional === true;
      found.push({
        name: normalisePython(name),
        spec,
        version: exactVersion(spec),
        scope: optional ? 'optional' : scope,
        line: lineOf(source, name, from),
      });
    }
  };
  const project = isRecord(root.project) ? root.project : {};
  list(project.dependencies, 'runtime', 'dependencies');
  if (isRecord(project['optional-dependencies']))
    for (const [group, values] of Object.entries(project['optional-dependencies']))
      list(values, developmentName.test(group) ? 'dev' : 'optional', 'optional-dependencies');
  if (isRecord(root['dependency-groups']))
    for (const values of Object.values(root['dependency-groups'])) list(values, 'dev', 'dependency-groups');
  const tool = isRecord(root.tool) ? root.tool : {};
  if (isRecord(tool.poetry)) {
    table(tool.poetry.dependencies, 'runtime', 'tool.poetry.dependencies');
    table(tool.poetry['dev-dependencies'], 'dev', 'dev-dependencies');
    if (isRecord(tool.poetry.group))
      for (const [group, value] of Object.entries(tool.poetry.group))
        if (isRecord(value))
          table(value.dependencies, /^(main|prod|production|web|server|db)$/i.test(group) ? 'runtime' : 'dev', `group.${group}`);
  }
  if (isRecord(tool.uv)) list(tool.uv['dev-dependencies'], 'dev', 'tool.uv');
  if (isRecord(tool.pdm) && isRecord(tool.pdm['dev-dependencies']))
    for (const values of Object.values(tool.pdm['dev-dependencies'])) list(values, 'dev', 'dev-dependencies');
  return found;
});

const pipfile = dependencyReader('pipfile', 'pypi', ['Pipfile'], 'manifest', (source) => {
  let root: unknown;
  try {
    root = parse(source.text);
  } catch {
    return [];
  }
  if (!isRecord(root)) return [];
  return (['packages', 'dev-packages'] as const).flatMap((key) =>
    Object.entries(isRecord(root[key]) ? root[key] : {}).map(([name, value]): Dependency => {
      const spec = typeof value === 'string' ? value : isRecord(value) && typeof value.version === 'string' ? value.version : '';
      return {
        name: normalisePython(name),
        spec: spec === '*' ? '' : spec,
        version: exactVersion(spec),
        scope: key === 'packages' ? 'runtime' : 'dev',
        line: lineOf(source, name),
      };
    }),
  );
});

/** install_requires and extras_require given as literal lists. */
const setupPy = dependencyReader('setup-py', 'pypi', ['setup.py'], 'manifest', (source) => {
  const found: Dependency[] = [];
  for (const [pattern, scope] of [
    [/(?:install_requires|requires|INSTALL_REQUIRES|REQUIRED)\s*=\s*\[([^\]]*)\]/g, 'runtime'],
    [/(?:tests_require|test_requirements)\s*=\s*\[([^\]]*)\]/g, 'dev'],
  ] as const)
    for (const block of source.code.matchAll(pattern))
      for (const entry of (block[1] as string).matchAll(/['"]([^'"\n]+)['"]/g)) {
        const d = parseRequirement(entry[1] as string, scope, source.at(block.index + block[0].indexOf(entry[0])).line);
        if (d) found.push(d);
      }
  return found;
});

const setupCfg = dependencyReader('setup-cfg', 'pypi', ['setup.cfg'], 'manifest', (source) => {
  const found: Dependency[] = [];
  let scope: Scope | null = null;
  let section = '';
  source.text.split('\n').forEach((line, i) => {
    const header = /^\[(.+)\]/.exec(line);
    if (header) {
      section = header[1] as string;
      scope = null;
      return;
    }
    const key = /^([\w.-]+)\s*=\s*(.*)$/.exec(line);
    if (key) {
      scope =
        section === 'options' && key[1] === 'install_requires'
          ? 'runtime'
          : section === 'options.extras_require'
            ? developmentName.test(key[1] as string)
              ? 'dev'
              : 'optional'
            : null;
      if (scope && key[2]) add(key[2], i);
    } else if (scope && /^\s+\S/.test(line)) add(line, i);
  });
  return found;
  function add(text: string, index: number) {
    if (text.trim().startsWith('#') || !scope) return;
    const d = parseRequirement(text, scope, index + 1);
    if (d) found.push(d);
  }
});

/** poetry.lock, uv.lock, pdm.lock: [[package]] with name and version. */
const tomlLock = dependencyReader('toml-lock', 'pypi', ['poetry.lock', 'uv.lock', 'pdm.lock'], 'lock', (source) =>
  [...source.text.matchAll(/^\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"/gm)].map((m) => ({
    name: normalisePython(m[1] as string),
    spec: '',
    version: m[2] as string,
    scope: 'runtime',
    line: source.at(m.index).line + 1,
  })),
);

const pipfileLock = dependencyReader('pipfile-lock', 'pypi', ['Pipfile.lock'], 'lock', (source) => {
  const root = parseJson(source.text);
  if (!isRecord(root)) return [];
  return (['default', 'develop'] as const).flatMap((key) =>
    Object.entries(isRecord(root[key]) ? root[key] : {}).flatMap(([name, value]): Dependency[] =>
      isRecord(value) && typeof value.version === 'string'
        ? [
            {
              name: normalisePython(name),
              spec: '',
              version: value.version.replace(/^==/, ''),
              scope: key === 'default' ? 'runtime' : 'dev',
              line: lineOf(source, `"${name}"`),
            },
          ]
        : [],
    ),
  );
});

const conda = dependencyReader('conda', 'pypi', ['environment.yml', 'environment.yaml'], 'manifest', (source) => {
  const found: Dependency[] = [];
  source.text.split('\n').forEach((line, i) => {
    const match = /^\s*-\s*(?:[\w-]+::)?([A-Za-z][\w.-]*)\s*([=<>!~][^#]*)?$/.exec(line);
    if (match && match[1] !== 'pip' && match[1] !== 'python')
      found.push({
        name: normalisePython(match[1] as string),
        spec: (match[2] ?? '').trim(),
        version: exactVersion((match[2] ?? '').replace(/^=+/, '')),
        scope: 'runtime',
        line: i + 1,
      });
  });
  return /^dependencies:/m.test(source.text) ? found : [];
});

export const python = [requirements, pyproject, pipfile, setupPy, setupCfg, tomlLock, pipfileLock, conda];
