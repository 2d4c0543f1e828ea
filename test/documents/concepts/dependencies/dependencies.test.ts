import { expect, test } from 'vitest';
import { dependencyReaders } from '../../../../src/documents/concepts/dependencies/index.js';
import { exactVersion } from '../../../../src/documents/concepts/dependencies/shared.js';
import { concepts } from '../../../../src/model/concepts.js';
import { itemsOf } from './support.js';

const facts = async (path: string, text: string): Promise<unknown[]> =>
  (await itemsOf(dependencyReaders, { [path]: text }))
    .map((item) => concepts.dependencies.parse(item))
    .map((d) => [d.line, d.name, d.spec, d.version, d.scope, d.source]);

test.each<[string, string, unknown[]]>([
  ['requirements.txt', '# a\nFlask[async] == 3.1.0 ; python_version > "3.8"\n-r other.txt\nuvloop>=0.20 # fast\nx @ https://e.org/x.whl\n', [[2, 'flask', '== 3.1.0', '3.1.0', 'runtime', 'manifest'], [4, 'uvloop', '>=0.20', null, 'runtime', 'manifest'], [5, 'x', '@ https://e.org/x.whl', null, 'runtime', 'manifest']]],
  ['requirements-dev.txt', 'pytest==8.0\n', [[1, 'pytest', '==8.0', '8.0', 'dev', 'manifest']]],
  ['pyproject.toml', '[project]\ndependencies = ["Django>=5"]\n[dependency-groups]\ntest = ["pytest"]\n', [[2, 'django', '>=5', null, 'runtime', 'manifest'], [4, 'pytest', '', null, 'dev', 'manifest']]],
  ['uv.lock', '[[package]]\nname = "Flask"\nversion = "3.1.0"\n', [[2, 'flask', '', '3.1.0', 'runtime', 'lock']]],
  ['package.json', '{\n  "dependencies": {\n    "express": "5.0.1"\n  },\n  "devDependencies": {\n    "jest": "^29"\n  }\n}\n', [[3, 'express', '5.0.1', '5.0.1', 'runtime', 'manifest'], [6, 'jest', '^29', null, 'dev', 'manifest']]],
  ['package-lock.json', '{"packages": {"": {"dependencies": {"a": "^1"}}, "node_modules/a": {"version": "1.2.3"}, "node_modules/b": {"version": "2.0.0"}}}', [[1, 'a', '', '1.2.3', 'runtime', 'lock']]],
  ['yarn.lock', '"@a/b@^1.0.0":\n  version "1.2.3"\n', [[1, '@a/b', '', '1.2.3', 'runtime', 'lock']]],
  ['go.mod', 'module a\n\nrequire (\n\tgithub.com/x/y v1.2.0\n\tgithub.com/z v0.1.0 // indirect\n)\n\nreplace github.com/x/y => ../y\n', [[4, 'github.com/x/y', 'v1.2.0 =>', '1.2.0', 'runtime', 'manifest'], [5, 'github.com/z', 'v0.1.0', '0.1.0', 'optional', 'manifest']]],
  ['go.sum', 'github.com/x/y v1.2.0 h1:a=\ngithub.com/x/y v1.2.0/go.mod h1:b=\n', [[2, 'github.com/x/y', '', '1.2.0', 'runtime', 'lock']]],
  ['Gemfile', "gem 'rails', '8.0.1'\ngroup :development, :test do\n  gem 'rspec'\nend\n", [[1, 'rails', '8.0.1', '8.0.1', 'runtime', 'manifest'], [3, 'rspec', '', null, 'dev', 'manifest']]],
  ['composer.json', '{\n"require": {\n"php": ">=8.2",\n"laravel/framework": "^12.0"\n}\n}\n', [[4, 'laravel/framework', '^12.0', null, 'runtime', 'manifest']]],
  ['pom.xml', '<project>\n<properties><v>2.14.1</v></properties>\n<dependencies>\n<dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency>\n<!-- <dependency><groupId>g</groupId><artifactId>b</artifactId></dependency> -->\n</dependencies>\n</project>\n', [[4, 'g:a', '2.14.1', '2.14.1', 'runtime', 'manifest']]],
  ['pom.xml', '<project>\n<build><plugins>\n<plugin><artifactId>e</artifactId><executions><execution><configuration><rules><requireJavaVersion><version>[21,)</version></requireJavaVersion></rules></configuration></execution></executions></plugin>\n</plugins></build>\n</project>\n', [[3, 'org.apache.maven.plugins:e', '', null, 'build', 'manifest']]],
  ['buildSrc/build.gradle', "dependencies {\n  implementation 'g:a:1.0'\n}\n", [[2, 'g:a', '1.0', '1.0', 'build', 'manifest']]],
  ['build.gradle', "dependencies {\n  implementation 'g:a:1.0'\n  testImplementation 'g:t:2.0'\n  // implementation 'g:c:1.0'\n}\n", [[2, 'g:a', '1.0', '1.0', 'runtime', 'manifest'], [3, 'g:t', '2.0', '2.0', 'dev', 'manifest']]],
  ['build.gradle.kts', 'dependencies {\n  implementation(ktorLibs.server.auth.jwt)\n  implementation(ktorLibs.server.contentNegotiation)\n  testImplementation(ktorLibs.server.testHost)\n  implementation(libs.arrow)\n}\n', [[2, 'io.ktor:ktor-server-auth-jwt', '', null, 'runtime', 'manifest'], [3, 'io.ktor:ktor-server-content-negotiation', '', null, 'runtime', 'manifest'], [4, 'io.ktor:ktor-server-test-host', '', null, 'dev', 'manifest']]],
  ['A.csproj', '<Project>\n<PackageReference Include="Serilog" Version="4.0.0" />\n</Project>\n', [[2, 'Serilog', '4.0.0', '4.0.0', 'runtime', 'manifest']]],
  ['Cargo.toml', '[dependencies]\naxum = "0.8"\n[dev-dependencies]\nx = { version = "1" }\n', [[2, 'axum', '0.8', '0.8', 'runtime', 'manifest'], [4, 'x', '1', null, 'dev', 'manifest']]],
])('%s', async (path, text, expected) => expect(await facts(path, text)).toEqual(expected)); // prettier-ignore

test('broken manifests give nothing and throw nothing', async () => {
  for (const path of ['package.json', 'pyproject.toml', 'Cargo.toml', 'composer.lock', 'Pipfile.lock', 'pom.xml'])
    expect(await facts(path, '{[ "a": <<<')).toEqual([]);
});

test.each([
  ['==1.2.3', '1.2.3'],
  ['0.60b1', '0.60b1'],
  ['==2.0.0rc1', '2.0.0rc1'],
  ['1.2.3-beta.1', '1.2.3-beta.1'],
  ['>=1.2', null],
  ['==1.2.*', null],
  ['^1.2.3', null],
])('exact version of %s', (spec, version) => expect(exactVersion(spec)).toBe(version));
