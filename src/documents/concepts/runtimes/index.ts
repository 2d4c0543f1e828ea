import semver from 'semver';
import type { Collected, Combiner, Item, Reader } from '../../../model/document.js';
import { helpsToBuild } from '../images/index.js';
import { endOf, lineOf } from './end-of-life.js';
import { functions } from './functions.js';
import { runtimeReaders as others } from './readers.js';

export const runtimeReaders: readonly Reader[] = [...others, functions];

/** Packages that are a framework with releases of its own, by ecosystem:name. */
const frameworks: Readonly<Record<string, string>> = {
  'pypi:django': 'django',
  'npm:next': 'nextjs',
  'npm:@angular/core': 'angular',
  'composer:laravel/framework': 'laravel',
  'composer:symfony/framework-bundle': 'symfony',
  'gem:rails': 'rails',
  'maven:org.springframework.boot:spring-boot-starter-parent': 'spring-boot',
  'maven:org.springframework.boot:spring-boot-dependencies': 'spring-boot',
  'maven:plugin:org.springframework.boot': 'spring-boot',
};

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The version that a constraint certainly allows only within one release line: exact, or ^ and ~ where lines are majors. */
function certainVersion(product: string, dependency: Item): string {
  const version = dependency['version'];
  if (typeof version === 'string') return version;
  const spec = String(dependency['spec']).trim();
  const caret = /^[\^~]\s*v?(\d+(?:\.\d+)*)(?:\.[x*])?$/.exec(spec)?.[1];
  if (caret && !lineOf(product, `${caret.split('.')[0]}.0`).includes('.')) return caret;
  const tilde = /^~(?:=|>)?\s*(\d+\.\d+\.\d+)$/.exec(spec)?.[1] ?? /^={2}\s*(\d+\.\d+)\.\*$/.exec(spec)?.[1];
  return tilde ?? '';
}

function frameworksOf(all: Collected): Item[] {
  const found = new Map<string, Item>();
  for (const d of all.items('dependencies')) {
    const product = frameworks[`${String(d['ecosystem'])}:${String(d['name'])}`];
    if (!product || d['scope'] === 'dev') continue;
    const version = certainVersion(product, d);
    if (!version) continue;
    // The lock says what is installed; the manifest what was asked for.
    const key = `${folderOf(d.path)}\n${product}`;
    if (found.has(key) && d['source'] !== 'lock') continue;
    found.set(key, {
      path: d.path,
      line: d.line,
      product,
      version,
      release: lineOf(product, version),
      exact: true,
      origin: 'framework',
      ended: endOf(product, version),
      conflict: '',
    });
  }
  return [...found.values()];
}

/** What two versions must share: for Node, Java and .NET the major, else the minor version, as far as both name it. */
function agrees(product: string, a: string, b: string): boolean {
  const parts = ['node', 'java', 'dotnet', 'bun'].includes(product) ? 1 : 2;
  const [x, y] = [a.split('.'), b.split('.')];
  return Array.from({ length: Math.min(parts, x.length, y.length) }, (_, i) => x[i] === y[i]).every(Boolean);
}

/** Whether a version is in a manifest's range; true where the range cannot be read. */
function allowed(version: string, range: string): boolean {
  const full = semver.coerce(version);
  if (!full) return true;
  // "3.12" stands for some 3.12.x.
  const parts = version.split('.').length;
  const candidates =
    parts >= 3
      ? [full.version]
      : parts === 2
        ? [`${full.major}.${full.minor}.0`, `${full.major}.${full.minor}.99`]
        : [`${full.major}.0.0`, `${full.major}.99.0`];
  const readable = range
    .replace(/==\s*/g, '')
    // Of Ruby and Python: the last part that is written may grow.
    .replace(/~[=>]\s*(\d+\.\d+)(?![.\d])/g, '^$1')
    .replace(/~=\s*/g, '~')
    .replace(/\s*,\s*/g, ' ')
    .replace(/(?<!\|)\|(?!\|)/g, '||')
    .replace(/\.\*/g, '.x')
    .replace(/!=\s*\S+/g, '')
    .trim();
  const valid = semver.validRange(readable, { loose: true });
  return valid === null || candidates.some((c) => semver.satisfies(c, valid));
}

/**
 * What pipelines say of a runtime that the root alone declares. A pipeline for the whole repository says nothing certain about one of
 * several folders, and several versions are a range that is tested. A newer JDK or SDK may build for an older release.
 */
function pipelines(items: readonly Item[]): Item[] {
  return items.filter((item) => {
    if (item['origin'] !== 'ci' || item['exact'] !== true || !['python', 'node', 'ruby', 'php', 'go'].includes(String(item['product'])))
      return false;
    const same = items.filter((i) => i['product'] === item['product'] && i['origin'] !== 'framework' && i['origin'] !== 'system');
    const versions = same.filter((i) => i['origin'] === 'ci').map((i) => String(i['version']));
    return (
      same.every((i) => i['origin'] === 'ci' || folderOf(i.path) === '') &&
      versions.every((v) => agrees(String(item['product']), v, String(item['version'])))
    );
  });
}

/** Whether a pipeline tests with an older toolchain than the minimum that the project declares. */
const olderPipeline = (pipeline: Item, declared: Item): boolean =>
  pipeline['origin'] === 'ci' &&
  declared['origin'] === 'pin' &&
  semver.lt(semver.coerce(String(pipeline['version'])) ?? '0.0.0', semver.coerce(String(declared['version'])) ?? '0.0.0');

const apart = new Set(['function', 'image', 'builder']);

/** Marks declarations of one runtime in one folder (and those of its Dockerfile) that contradict each other. */
function conflicts(items: readonly Item[]): Item[] {
  const groups = new Map<string, Item[]>();
  const piped = new Set(pipelines(items));
  for (const item of items) {
    if (item['origin'] === 'framework' || item['origin'] === 'system') continue;
    if (item['origin'] === 'ci' && !piped.has(item)) continue;
    const key = `${piped.has(item) ? '' : folderOf(item.path)}\n${String(item['product'])}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  const marked = new Map<Item, string>();
  for (const group of groups.values()) {
    const product = String(group[0]!['product']);
    const exact = group.filter((i) => i['exact'] === true);
    const ranges = group.filter((i) => i['origin'] === 'manifest');
    const wanted = exact[0];
    for (const item of exact) {
      const version = String(item['version']);
      // Go's directive and Java's release level are minima, which a newer toolchain may serve.
      const minimum = product === 'go' || product === 'rust';
      const images = item['origin'] === 'image' || item['origin'] === 'builder';
      const other = exact.find((o) => {
        if (o === item || agrees(product, String(o['version']), version)) return false;
        // Functions of one template, or beside an image, are software of their own.
        if ([item, o].some((i) => i['origin'] === 'function') && [item, o].every((i) => apart.has(String(i['origin'])))) return false;
        const otherImage = o['origin'] === 'image' || o['origin'] === 'builder';
        if (minimum) return (images && otherImage && o.path === item.path) || olderPipeline(item, o) || olderPipeline(o, item);
        if (product === 'java' && images !== otherImage) {
          const [image, level] = images ? [version, String(o['version'])] : [String(o['version']), version];
          return Number(image.split('.')[0]) < Number(level.split('.')[0]);
        }
        // Different Dockerfiles of a folder build different things.
        return !(images && otherImage && o.path !== item.path);
      });
      if (other && wanted && item !== wanted)
        marked.set(item, `${product} ${version} here, ${String(other['version'])} in ${other.path}:${other.line}`);
      const range = ranges.find((r) => !allowed(version, String(r['version'])));
      if (range && !(minimum && item['origin'] === 'pin'))
        marked.set(item, `${product} ${version} here, ${String(range['version'])} in ${range.path}:${range.line}`);
    }
  }
  return items.map((item) => (marked.has(item) ? { ...item, conflict: marked.get(item)! } : item));
}

/** Declared versions of runtimes, base systems and frameworks, with the end of their support and contradictions. */
export const runtimes: Combiner = {
  kind: 'runtimes',
  uses: ['dependencies', 'dockerfile'],
  combine(items, all) {
    const frameworkItems = frameworksOf(all);
    const helping = new Set(items.filter((i) => i['origin'] === 'image' && helpsToBuild(i.path, all.documents('dockerfile'))));
    const found = items
      .filter((i) => i['origin'] !== 'framework' || !frameworkItems.some((f) => f.path === i.path && f['product'] === i['product']))
      .map((i) => (helping.has(i) ? { ...i, origin: 'builder' } : i));
    return conflicts([...found, ...frameworkItems]);
  },
};
