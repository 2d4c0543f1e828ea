import type { Source } from '../../../model/source.js';
import { dependencyReader, exactVersion, type Dependency, type Scope } from './shared.js';

const tag = (block: string, name: string): string => new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(block)?.[1] ?? '';
const withoutComments = (text: string): string => text.replace(/<!--[\s\S]*?-->/g, (c) => c.replace(/[^\n]/g, ' '));

function mavenScope(scope: string): Scope {
  if (scope === 'test') return 'dev';
  return scope === 'provided' || scope === 'import' ? 'build' : 'runtime';
}

const pom = dependencyReader('pom', 'maven', ['pom.xml'], 'manifest', (source) => {
  const text = withoutComments(source.text);
  const properties = new Map([...text.matchAll(/<([\w.-]+)>([^<>]+)<\/\1>/g)].map((m) => [m[1] as string, m[2] as string]));
  const managed = [...text.matchAll(/<dependencyManagement>[\s\S]*?<\/dependencyManagement>/g)].map(
    (m) => [m.index, m.index + m[0].length] as const,
  );
  const profiles = [...text.matchAll(/<profiles>[\s\S]*?<\/profiles>/g)].map((m) => [m.index, m.index + m[0].length] as const);
  const within = (spans: readonly (readonly [number, number])[], at: number) => spans.some(([a, b]) => at >= a && at < b);
  const found: Dependency[] = [];
  const read = (pattern: RegExp, fallback: Scope | null) => {
    for (const match of text.matchAll(pattern)) {
      const block = match[0]
        .replace(/<exclusions>[\s\S]*?<\/exclusions>/g, '')
        .replace(/<(dependencies|executions|configuration)>[\s\S]*?<\/\1>/g, '');
      const group = tag(block, 'groupId') || (fallback === 'build' ? 'org.apache.maven.plugins' : '');
      const artifact = tag(block, 'artifactId');
      if (!artifact || within(managed, match.index)) continue;
      const spec = tag(block, 'version').replace(/^\$\{([\w.-]+)\}$/, (_, name: string) => properties.get(name) ?? `\${${name}}`);
      const scope = within(profiles, match.index)
        ? 'optional'
        : (fallback ?? (tag(block, 'optional') === 'true' ? 'optional' : mavenScope(tag(block, 'scope'))));
      found.push({
        name: `${group}:${artifact}`,
        spec,
        version: exactVersion(spec),
        scope,
        line: source.at(match.index + Math.max(0, match[0].indexOf('<artifactId>'))).line,
      });
    }
  };
  read(/<dependency>[\s\S]*?<\/dependency>/g, null);
  read(/<plugin>[\s\S]*?<\/plugin>/g, 'build');
  const parent = /<parent>[\s\S]*?<\/parent>/.exec(text);
  if (parent && !/<relativePath>\s*\.\./.test(parent[0])) {
    const spec = tag(parent[0], 'version');
    found.push({
      name: `${tag(parent[0], 'groupId')}:${tag(parent[0], 'artifactId')}`,
      spec,
      version: exactVersion(spec),
      scope: 'build',
      line: source.at(parent.index).line,
    });
  }
  return found;
});

function gradleScope(configuration: string): Scope {
  if (/test/i.test(configuration)) return 'dev';
  if (/^(kapt|ksp|annotationProcessor|compileOnly|developmentOnly|classpath)/.test(configuration)) return 'build';
  return 'runtime';
}

/** Code that Gradle itself runs: what it needs is needed to build, not by the software. */
const buildLogic = /(?:^|\/)(?:buildSrc|build-logic)\//;

const gradle = dependencyReader(
  'gradle',
  'maven',
  ['build.gradle', 'build.gradle.kts', '*.gradle', '*.gradle.kts'],
  'manifest',
  (source) => {
    const text = source.text
      .replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' '))
      .replace(/(^|[^:'"])\/\/[^\n]*/g, (c) => c.replace(/[^\n]/g, ' '));
    const found: Dependency[] = [];
    const line = (at: number) => source.at(at).line;
    for (const m of text.matchAll(
      /\b(\w*(?:[iI]mplementation|[aA]pi|[rR]untimeOnly|[cC]ompileOnly|[cC]ompile|kapt|ksp|annotationProcessor|developmentOnly|classpath))\s*\(?\s*(?:platform\s*\(\s*)?["']([\w.-]+):([\w.-]+)(?::([^"'@]+))?["']/g,
    ))
      found.push({
        name: `${m[2]}:${m[3]}`,
        spec: m[4] ?? '',
        version: exactVersion(m[4] ?? ''),
        scope: buildLogic.test(source.path) ? 'build' : gradleScope(m[1] as string),
        line: line(m.index),
      });
    // Ktor publishes a catalogue of its own: ktorLibs.server.auth.jwt is io.ktor:ktor-server-auth-jwt.
    for (const m of text.matchAll(/\b(\w*(?:[iI]mplementation|[aA]pi|[rR]untimeOnly|[cC]ompileOnly))\s*\(\s*ktorLibs\.([\w.]+)\s*\)/g))
      found.push({
        name: `io.ktor:ktor-${m[2]!.replace(/\./g, '-').replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
        spec: '',
        version: exactVersion(''),
        scope: gradleScope(m[1] as string),
        line: line(m.index),
      });
    for (const m of text.matchAll(/\bid\s*\(?\s*["']([\w.-]+)["']\s*\)?(?:\s*version\s*\(?\s*["']([^"']+)["'])?/g))
      found.push({ name: `plugin:${m[1]}`, spec: m[2] ?? '', version: exactVersion(m[2] ?? ''), scope: 'build', line: line(m.index) });
    return found;
  },
);

/** gradle/libs.versions.toml: the catalogue's libraries count as declared for run time unless their alias says test. */
const versionCatalog = dependencyReader('gradle-catalog', 'maven', ['libs.versions.toml'], 'manifest', (source) => {
  const versions = new Map([...source.text.matchAll(/^([\w.-]+)\s*=\s*"([^"]+)"/gm)].map((m) => [m[1] as string, m[2] as string]));
  return [
    ...source.text.matchAll(
      /^([\w.-]+)\s*=\s*\{[^}\n]*(?:module\s*=\s*"([^":]+):([^"]+)"|group\s*=\s*"([^"]+)"\s*,\s*name\s*=\s*"([^"]+)")[^}\n]*\}/gm,
    ),
  ].map((m): Dependency => {
    const ref = /version\.ref\s*=\s*"([^"]+)"/.exec(m[0])?.[1];
    const spec = (ref ? versions.get(ref) : /version\s*=\s*"([^"]+)"/.exec(m[0])?.[1]) ?? '';
    return {
      name: `${m[2] ?? m[4]}:${m[3] ?? m[5]}`,
      spec,
      version: exactVersion(spec),
      scope: /test|junit|mock/i.test(m[1] as string) ? 'dev' : 'runtime',
      line: source.at(m.index).line,
    };
  });
});

const lockfile = dependencyReader('gradle-lock', 'maven', ['gradle.lockfile'], 'lock', (source: Source) =>
  [...source.text.matchAll(/^([\w.-]+):([\w.-]+):([\w.+-]+)=/gm)].map((m) => ({
    name: `${m[1]}:${m[2]}`,
    spec: '',
    version: m[3] as string,
    scope: 'runtime',
    line: source.at(m.index).line,
  })),
);

export const jvm = [pom, gradle, versionCatalog, lockfile];
