import type { Item } from '../model/document.js';
import type { Evidence } from '../model/evidence.js';
import type { Probe, View } from '../model/probe.js';
import type { Query } from '../model/query.js';
import semver from 'semver';
import { keptPlaces, missing, say } from './common.js';

export interface DependencyParams {
  any: string[];
  scope?: 'runtime' | 'dev' | 'any';
  imports?: string[];
  declared?: boolean;
  version?: string;
  message?: string;
}

/** PyPI distributions whose module is named otherwise; the rest follows PEP 503 with - turned into _. */
const pythonModules: Record<string, string> = {
  pyjwt: 'jwt',
  'python-jose': 'jose',
  pyyaml: 'yaml',
  pillow: 'PIL',
  beautifulsoup4: 'bs4',
  'python-dotenv': 'dotenv',
  'scikit-learn': 'sklearn',
  'django-cors-headers': 'corsheaders',
  djangorestframework: 'rest_framework',
  'psycopg2-binary': 'psycopg2',
  'python-decouple': 'decouple',
  'django-environ': 'environ',
  'argon2-cffi': 'argon2',
  'sentry-sdk': 'sentry_sdk',
  'python-multipart': 'multipart',
  'opencv-python': 'cv2',
};

/** Ecosystems whose packages register themselves or are required by the framework: a declaration is already a use. */
const autoRegistered = new Set(['maven', 'gem', 'composer', 'nuget']);

/** Is one of these packages declared (runtime scope) and referenced by product code (catalogue: dependency-and-use)? */
export const dependency: Probe<DependencyParams> = {
  name: 'dependency',
  queries: (params) => {
    const queries: Query[] = [{ type: 'kind', kind: 'dependencies' }];
    const modules = list(params.any).flatMap((d) => modulesOf(d, params));
    if (modules.length > 0) queries.push({ type: 'imports', modules });
    return queries;
  },
  judge(params, view) {
    const evidence = list(params.any).flatMap((wanted) => judgeOne(wanted, params, view));
    if (evidence.some((e) => e.answer === 'yes'))
      return { answer: 'yes', evidence: evidence.filter((e) => e.answer === 'yes').slice(0, keptPlaces) };
    if (evidence.length > 0) return { answer: 'no', evidence: evidence.slice(0, keptPlaces) };
    return {
      answer: 'no',
      evidence: [missing('dependency', say(view, params.message, `none of ${list(params.any).join(', ')} is a dependency`))],
    };
  },
};

function judgeOne(wanted: string, params: DependencyParams, view: View): Evidence[] {
  const named = view.items('dependencies').filter((d) => matches(wanted, d) && inScope(d, params));
  // A manifest that names no version does not speak where a lock file does.
  const known = new Set(named.filter((d) => versionOf(d) !== null).map((d) => d.name));
  const declared = named.filter((d) => versionFits(d, params, known));
  const first = declared[0];
  if (!first) return [];
  const at = { location: { path: first.path, line: first.line }, excerpt: `${String(first.name)} ${String(first.spec)}`.trim() };
  const modules = modulesOf(wanted, params);
  if (params.declared || modules.length === 0)
    return [{ probe: 'dependency', answer: 'yes', violation: false, ...at, message: `${String(first.name)} is a dependency` }];
  const use = view.items('imports').find((i) => i.role === 'product' && modules.some((m) => importMatches(m, String(i.module))));
  if (use)
    return [
      {
        probe: 'dependency',
        answer: 'yes',
        violation: false,
        location: { path: use.path, line: use.line },
        message: `${String(first.name)} is a dependency and imported here`,
      },
    ];
  return [
    {
      probe: 'dependency',
      answer: 'no',
      violation: false,
      ...at,
      message: `${String(first.name)} is declared, but no product code imports it`,
    },
  ];
}

const list = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

function modulesOf(wanted: string, params: DependencyParams): string[] {
  if (params.declared) return [];
  if (params.imports) return list(params.imports);
  const [ecosystem = '', name = ''] = split(wanted);
  if (autoRegistered.has(ecosystem) || name.includes('*')) return [];
  if (ecosystem === 'pypi') return [pythonModules[name] ?? name.replaceAll('-', '_')];
  if (ecosystem === 'cargo') return [name.replaceAll('-', '_')];
  return [name];
}

function split(wanted: string): [string, string] {
  const colon = wanted.indexOf(':');
  return [wanted.slice(0, colon), wanted.slice(colon + 1)];
}

function matches(wanted: string, item: Item): boolean {
  const [ecosystem, name] = split(wanted);
  if (item.ecosystem !== ecosystem) return false;
  if (!name.includes('*')) return item.name === name;
  const parts = name.split('*');
  const actual = String(item.name);
  return actual.startsWith(parts[0] ?? '') && actual.endsWith(parts.at(-1) ?? '');
}

function inScope(item: Item, params: DependencyParams): boolean {
  const scope = params.scope ?? 'runtime';
  if (scope === 'any') return true;
  return scope === 'dev' ? item.scope === 'dev' || item.scope === 'build' : item.scope === 'runtime' || item.scope === 'peer';
}

/** What is unpinned here is installed in its newest version; elsewhere something that is not read decides. */
const newestUnlessPinned = new Set(['pypi', 'npm', 'gem', 'composer', 'cargo']);
const newest = new semver.SemVer('9999.0.0');

const versionOf = (item: Item): semver.SemVer | null => semver.coerce(typeof item.version === 'string' ? item.version : String(item.spec));

function versionFits(item: Item, params: DependencyParams, known: ReadonlySet<unknown>): boolean {
  if (!params.version) return true;
  const version = versionOf(item);
  if (version === null && (known.has(item.name) || !newestUnlessPinned.has(String(item.ecosystem)))) return false;
  return semver.satisfies(version ?? newest, params.version);
}

/** `redis` also stands for `redis.asyncio`, `redis/client`; a trailing * is a wildcard. */
export function importMatches(pattern: string, module: string): boolean {
  if (pattern.endsWith('*')) return module.startsWith(pattern.slice(0, -1));
  return module === pattern || (module.startsWith(pattern) && '/.:\\'.includes(module.charAt(pattern.length)));
}
