import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { endOf, lineOf } from './end-of-life.js';

/** manifest: a range in a manifest; pin: one exact version; image and builder: last and earlier stages; function: on a platform; ci; framework; system. */
export type Origin = 'manifest' | 'pin' | 'image' | 'builder' | 'function' | 'ci' | 'framework' | 'system';

interface Found {
  readonly product: string;
  readonly version: string;
  readonly origin: Origin;
  readonly offset: number;
}

const number = /^v?\d+(?:\.\d+){0,3}$/;

export function item(source: Source, found: Found): Item {
  const version = found.version.trim().replace(/^v(?=\d)/, '');
  const exact = found.origin !== 'manifest' && number.test(version);
  return {
    path: source.path,
    line: source.at(found.offset).line,
    product: found.product,
    version,
    release: exact ? lineOf(found.product, version) : '',
    exact,
    origin: found.origin,
    ended: exact ? endOf(found.product, version) : '',
    conflict: '',
  };
}

/** A reader that finds versions by patterns whose first group is the version. */
function byPatterns(
  name: string,
  paths: readonly string[],
  patterns: readonly (readonly [product: string, origin: Origin, pattern: RegExp])[],
): Reader {
  return {
    name: `runtimes/${name}`,
    kind: 'runtimes',
    files: { paths, roles: ['config', 'product', 'ci', 'other', 'generated', 'script', 'docs'], variants: ['base', 'production'] },
    read: (source) => ({
      items: patterns.flatMap(([product, origin, pattern]) =>
        [...source.text.matchAll(pattern)].map((m) =>
          item(source, { product, origin, version: m[1] as string, offset: m.index + m[0].length - 1 }),
        ),
      ),
    }),
  };
}

const images: readonly (readonly [product: string, pattern: RegExp])[] = [
  ['python', /(?:^|\/)(?:python|tiangolo\/uvicorn-gunicorn-fastapi:python|astral-sh\/uv:python|pypy)[:]?(\d+(?:\.\d+)*)/],
  ['node', /(?:^|\/)node:(\d+(?:\.\d+)*)/],
  ['bun', /(?:^|\/)oven\/bun:(\d+(?:\.\d+)*)/],
  ['go', /(?:^|\/)golang:(\d+(?:\.\d+)*)/],
  [
    'java',
    /(?:^|\/)(?:eclipse-temurin|openjdk|amazoncorretto|ibm-semeru-runtimes|azul\/zulu-openjdk(?:-alpine)?|bellsoft\/liberica-\w+|adoptopenjdk|sapmachine):(?:open-)?(\d+(?:\.\d+)*)/,
  ],
  ['java', /(?:^|\/)(?:gradle|maven):[\w.]*-?(?:jdk|eclipse-temurin|openjdk|amazoncorretto)-?(\d+)/],
  ['java', /distroless\/java(\d+)/],
  ['ruby', /(?:^|\/)ruby:(\d+(?:\.\d+)*)/],
  ['php', /(?:^|\/)php:(\d+(?:\.\d+)*)/],
  ['dotnet', /dotnet\/(?:aspnet|runtime|sdk|runtime-deps|monitor|nightly\/\w+):(\d+(?:\.\d+)*)/],
  ['rust', /(?:^|\/)rust:(\d+(?:\.\d+)*)/],
];
const debianNames: Readonly<Record<string, string>> = {
  jessie: '8',
  stretch: '9',
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
};

function systemOf(image: string): readonly [string, string] | null {
  const direct = /(?:^|\/)(debian|ubuntu|alpine|centos):(\d+(?:\.\d+)?)/.exec(image);
  if (direct) return [direct[1]!, direct[2]!];
  const debian = /[:-](jessie|stretch|buster|bullseye|bookworm|trixie)\b/.exec(image);
  if (debian) return ['debian', debianNames[debian[1]!]!];
  const alpine = /-alpine(\d+\.\d+)/.exec(image);
  return alpine ? ['alpine', alpine[1]!] : null;
}

/** FROM lines; the last stage (and what it is built on) runs in production, the others build. */
const dockerfile: Reader = {
  name: 'runtimes/dockerfile',
  kind: 'runtimes',
  files: {
    paths: ['Dockerfile', 'Dockerfile.*', '*.Dockerfile', '*.dockerfile', 'Containerfile', 'Containerfile.*'],
    roles: ['config', 'other', 'product'],
    variants: ['base', 'production'],
    except: ['**/.devcontainer/**', '**/*dev*', '**/*test*', '**/*.dockerignore'],
  },
  read(source) {
    const defaults = new Map([...source.text.matchAll(/^ARG\s+(\w+)=["']?([^\s"']+)/gm)].map((m) => [m[1]!, m[2]!]));
    const stages = [...source.text.matchAll(/^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/gim)].map((m) => ({
      image: m[1]!.replace(
        /\$\{?(\w+)(?::-([^}]*))?\}?/g,
        (whole, name: string, fallback?: string) => defaults.get(name) ?? fallback ?? whole,
      ),
      name: (m[2] ?? '').toLowerCase(),
      offset: m.index,
    }));
    // The last stage, and the stages of this file that it starts from.
    const last = new Set<number>();
    for (let at = stages.length - 1; at >= 0 && !last.has(at);) {
      last.add(at);
      const base = stages[at]!.image.toLowerCase();
      const next = stages.findIndex((s, i) => i < at && s.name !== '' && s.name === base);
      if (next < 0) break;
      at = next;
    }
    return {
      items: stages.flatMap(({ image, offset }, i) => {
        const final = last.has(i);
        const found: Item[] = [];
        for (const [product, pattern] of images) {
          const version = pattern.exec(image)?.[1];
          if (version) found.push(item(source, { product, version, origin: final ? 'image' : 'builder', offset }));
        }
        const system = final ? systemOf(image) : null;
        if (system) found.push(item(source, { product: system[0], version: system[1], origin: 'system', offset }));
        return found;
      }),
    };
  },
};

const tools: Readonly<Record<string, string>> = {
  python: 'python',
  nodejs: 'node',
  node: 'node',
  golang: 'go',
  go: 'go',
  java: 'java',
  ruby: 'ruby',
  php: 'php',
  'dotnet-core': 'dotnet',
  dotnet: 'dotnet',
  rust: 'rust',
  bun: 'bun',
};

const toolVersions: Reader = {
  name: 'runtimes/tool-versions',
  kind: 'runtimes',
  files: { paths: ['.tool-versions', 'mise.toml', '.mise.toml'], roles: ['config', 'other'] },
  read: (source) => ({
    items: [...source.text.matchAll(/^\s*"?([\w-]+)"?\s*(?:=|\s)\s*["']?(?:temurin-|openjdk-|corretto-|zulu-)?(\d[\w.]*)/gm)].flatMap(
      (m) => {
        const product = tools[m[1]!];
        return product ? [item(source, { product, version: m[2]!, origin: 'pin', offset: m.index })] : [];
      },
    ),
  }),
};

/** A version in a CI file counts when it is one value, not a matrix. */
const ci = byPatterns(
  'ci',
  ['.github/workflows/*.y*ml', '.gitlab-ci.yml', '.travis.yml', '.circleci/config.yml', 'azure-pipelines*.yml', 'bitbucket-pipelines.yml'],
  [
    ['python', 'ci', /^\s*(?:- )?python-version:\s*["']?(\d+(?:\.\d+)*)["']?\s*$/gm],
    ['node', 'ci', /^\s*(?:- )?node-version:\s*["']?(\d+(?:\.\d+)*)(?:\.x)?["']?\s*$/gm],
    ['node', 'ci', /^node_js:\s*(?:\n\s*-\s*)?["']?(\d+(?:\.\d+)*)["']?\s*(?:\n(?!\s*-)|$)/gm],
    ['bun', 'ci', /^\s*bun-version:\s*["']?(\d+(?:\.\d+)*)["']?\s*$/gm],
    ['go', 'ci', /^\s*(?:- )?go-version:\s*["']?(\d+(?:\.\d+)*)["']?\s*$/gm],
    ['java', 'ci', /^\s*(?:- )?java-version:\s*["']?(\d+(?:\.\d+)*)["']?\s*$/gm],
    ['ruby', 'ci', /^\s*(?:- )?ruby-version:\s*["']?(\d+(?:\.\d+)*)["']?\s*$/gm],
    ['php', 'ci', /^\s*(?:- )?php-version:\s*["']?(\d+(?:\.\d+)*)["']?\s*$/gm],
    ['dotnet', 'ci', /^\s*(?:- )?dotnet-version:\s*["']?(\d+(?:\.\d+)*)(?:\.x)?["']?\s*$/gm],
    ['python', 'ci', /^\s*(?:- )?image:\s*["']?(?:\S*\/)?python:(\d+(?:\.\d+)*)/gm],
    ['node', 'ci', /^\s*(?:- )?image:\s*["']?(?:\S*\/)?node:(\d+(?:\.\d+)*)/gm],
    ['go', 'ci', /^\s*(?:- )?image:\s*["']?(?:\S*\/)?golang:(\d+(?:\.\d+)*)/gm],
    ['ruby', 'ci', /^\s*(?:- )?image:\s*["']?(?:\S*\/)?ruby:(\d+(?:\.\d+)*)/gm],
  ],
);

const files: readonly Reader[] = [
  byPatterns('python-version', ['.python-version'], [['python', 'pin', /^(?:cpython-|python-)?(\d+(?:\.\d+)*)\s*$/gm]]),
  byPatterns('runtime-txt', ['runtime.txt'], [['python', 'pin', /^python-(\d+(?:\.\d+)*)/gm]]),
  byPatterns(
    'pyproject',
    ['pyproject.toml'],
    [
      ['python', 'manifest', /^requires-python\s*=\s*["']([^"']+)["']/gm],
      ['python', 'manifest', /^python\s*=\s*["']([^"']+)["']/gm],
    ],
  ),
  byPatterns('setup', ['setup.py', 'setup.cfg'], [['python', 'manifest', /python_requires\s*=\s*["']?([<>=!~][^"'\n)]+)/g]]),
  byPatterns('pipfile', ['Pipfile'], [['python', 'pin', /^python_(?:full_)?version\s*=\s*["']([^"']+)["']/gm]]),
  byPatterns('conda', ['environment.yml', 'environment.yaml'], [['python', 'pin', /^\s*-\s*python\s*={1,2}\s*(\d+(?:\.\d+)*)/gm]]),
  byPatterns('node-version', ['.nvmrc', '.node-version'], [['node', 'pin', /^v?(\d+(?:\.\d+)*)\s*$/gm]]),
  byPatterns(
    'package-json',
    ['package.json'],
    [
      ['node', 'manifest', /"engines"\s*:\s*\{[^}]*?"node"\s*:\s*"([^"]+)"/g],
      ['node', 'pin', /"volta"\s*:\s*\{[^}]*?"node"\s*:\s*"([^"]+)"/g],
      ['bun', 'pin', /"packageManager"\s*:\s*"bun@(\d[\d.]*)/g],
    ],
  ),
  byPatterns('go-mod', ['go.mod'], [['go', 'pin', /^go (\d+(?:\.\d+)*)/gm]]),
  byPatterns(
    'pom',
    ['pom.xml'],
    [
      ['java', 'pin', /<(?:java\.version|maven\.compiler\.release|jdk\.version)>\s*(?:1\.)?(\d+)\s*</g],
      ['java', 'pin', /<maven\.compiler\.target>\s*(?:1\.)?(\d+)\s*</g],
      ['java', 'pin', /<artifactId>maven-compiler-plugin<\/artifactId>[^]{0,400}?<(?:release|target)>\s*(?:1\.)?(\d+)\s*</g],
    ],
  ),
  byPatterns(
    'gradle',
    ['build.gradle', 'build.gradle.kts', '**/buildSrc/**/*.gradle*'],
    [
      ['java', 'pin', /JavaLanguageVersion\.of\((\d+)\)/g],
      ['java', 'pin', /jvmToolchain\s*\(\s*(\d+)/g],
      ['java', 'pin', /(?:sourceCompatibility|targetCompatibility)\s*=?\s*(?:JavaVersion\.VERSION_)?["']?(?:1[._])?(\d+)\b/g],
    ],
  ),
  byPatterns('java-version', ['.java-version', '.sdkmanrc'], [['java', 'pin', /^(?:java=)?(\d+(?:\.\d+)*)/gm]]),
  byPatterns('ruby-version', ['.ruby-version'], [['ruby', 'pin', /^(?:ruby-)?(\d+(?:\.\d+)*)/gm]]),
  byPatterns(
    'gemfile',
    ['Gemfile'],
    [
      ['ruby', 'pin', /^\s*ruby\s+["'](\d+(?:\.\d+)*)["']/gm],
      ['ruby', 'manifest', /^\s*ruby\s+["']([<>~=][^"']+)["']/gm],
    ],
  ),
  byPatterns(
    'gemspec',
    ['*.gemspec'],
    [['ruby', 'manifest', /\.required_ruby_version\s*=\s*(?:Gem::Requirement\.new\(?\s*)?\[?\s*["']([<>~=\d][^"']*)["']/g]],
  ),
  byPatterns(
    'gemfile-lock',
    ['Gemfile.lock'],
    [
      ['ruby', 'pin', /^RUBY VERSION\s+ruby (\d+(?:\.\d+)*)/gm],
      ['rails', 'framework', /^ {4}(?:rails|railties) \((\d+(?:\.\d+)*)\)$/gm],
    ],
  ),
  byPatterns('composer', ['composer.json'], [['php', 'manifest', /"require"\s*:\s*\{[^}]*?"php"\s*:\s*"([^"]+)"/g]]),
  byPatterns('composer-platform', ['composer.json'], [['php', 'pin', /"platform"\s*:\s*\{[^}]*?"php"\s*:\s*"(\d[\d.]*)"/g]]),
  byPatterns(
    'dotnet',
    ['*.csproj', '*.fsproj', 'Directory.Build.props'],
    [['dotnet', 'pin', /<TargetFramework>\s*net(?:coreapp)?(\d+\.\d+)/g]],
  ),
  byPatterns('global-json', ['global.json'], [['dotnet', 'pin', /"sdk"\s*:\s*\{[^}]*?"version"\s*:\s*"(\d+\.\d+)/g]]),
  byPatterns(
    'rust-toolchain',
    ['rust-toolchain', 'rust-toolchain.toml'],
    [['rust', 'pin', /^(?:channel\s*=\s*)?["']?(\d+\.\d+(?:\.\d+)?)/gm]],
  ),
  byPatterns('cargo', ['Cargo.toml'], [['rust', 'manifest', /^rust-version\s*=\s*"([^"]+)"/gm]]),
];

export const runtimeReaders: readonly Reader[] = [...files, toolVersions, ci, dockerfile];
