import { expect, test } from 'vitest';
import { dependencyReaders } from '../../../../src/documents/concepts/dependencies/index.js';
import { lockStates } from '../../../../src/documents/concepts/lock-states/index.js';
import { importReaders } from '../../../../src/documents/concepts/undeclared-imports/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import { combined } from '../dependencies/support.js';

const npmLock = (names: string[]): string =>
  JSON.stringify({ packages: Object.fromEntries([['', { dependencies: Object.fromEntries(names.map((n) => [n, '1']) ) }], ...names.map((n) => [`node_modules/${n}`, { version: '1.0.0' }])]) }); // prettier-ignore
const a = '{"dependencies": {"a": "^1"}}';

test.each<[string, Record<string, string>, unknown[]]>([
  ['npm with its lock', { 'package.json': a, 'package-lock.json': npmLock(['a']) }, [['package.json', 'locked']]],
  ['npm without', { 'package.json': a }, [['package.json', 'missing']]],
  ['npm out of step', { 'package.json': a, 'package-lock.json': npmLock(['b']) }, [['package.json', 'stale']]],
  ['two tools', { 'package.json': a, 'package-lock.json': npmLock(['a']), 'yarn.lock': '' }, [['package.json', 'competing']]],
  ['a member of a workspace', { 'package.json': '{}', 'pnpm-lock.yaml': '', 'apps/web/package.json': a }, [['apps/web/package.json', 'locked']]],
  ['members of a workspace that need each other', { 'package.json': a, 'yarn.lock': 'a@^1:\n  version "1.0.0"\n', 'packages/b/package.json': '{\n"name": "@x/b",\n"dependencies": {"@x/c": "0.1.0", "a": "^1"}}', 'packages/c/package.json': '{\n"name": "@x/c",\n"dependencies": {"@x/d": "0.1.0"}}' }, [['package.json', 'locked'], ['packages/b/package.json', 'locked'], ['packages/c/package.json', 'stale']]],
  ['pinned requirements', { 'requirements.txt': 'a==1.0\nb==2.0\n' }, [['requirements.txt', 'locked']]],
  ['open requirements', { 'requirements.txt': 'a==1.0\nb>=2\n' }, [['requirements.txt', 'ranges']]],
  ['requirements for development', { 'requirements-dev.txt': 'a\n' }, []],
  ['what pinned requirements were made from', { 'requirements.in': 'a\n', 'requirements.txt': 'a==1.0\n' }, [['requirements.txt', 'locked']]],
  ['uv', { 'pyproject.toml': '[project]\ndependencies = ["a"]\n', 'uv.lock': '[[package]]\nname = "a"\nversion = "1"\n' }, [['pyproject.toml', 'locked']]],
  ['uv out of step', { 'pyproject.toml': '[project]\ndependencies = ["a"]\n', 'uv.lock': '[[package]]\nname = "b"\nversion = "1"\n' }, [['pyproject.toml', 'stale']]],
  ['go without a hash', { 'go.mod': 'module m\n\nrequire x.org/a v1.0.0\n', 'go.sum': 'x.org/b v1.0.0 h1:=\n' }, [['go.mod', 'stale']]],
  ['go with a replacement', { 'go.mod': 'module m\n\nrequire x.org/a v1.0.0\nreplace x.org/a => ./a\n', 'go.sum': 'x.org/b v1.0.0 h1:=\n' }, [['go.mod', 'locked']]],
  ['Maven with a range', { 'pom.xml': '<project><dependency><groupId>g</groupId><artifactId>a</artifactId><version>[1,2)</version></dependency></project>' }, [['pom.xml', 'ranges']]],
  ['Gradle', { 'build.gradle': "implementation 'g:a:1.0'\n" }, [['build.gradle', 'missing']]],
  ['.NET', { 'A.csproj': '<PackageReference Include="X" Version="1.0.0" />', 'packages.lock.json': '{}' }, [['A.csproj', 'locked']]],
  ['Composer, a package that another stands for', { 'composer.json': '{"require": {"a/old": "^2.1"}}', 'composer.lock': '{"packages": [{"name": "b/fork", "version": "1.0.0", "replace": {"a/old": "^2.1"}}]}' }, [['composer.json', 'locked']]],
  ['Composer, a package that another only needs', { 'composer.json': '{"require": {"a/old": "^2.1"}}', 'composer.lock': '{"packages": [{"name": "b/fork", "version": "1.0.0", "require": {"a/old": "^2.1"}}]}' }, [['composer.json', 'stale']]],
  ['Rust', { 'Cargo.toml': '[workspace]\n', 'Cargo.lock': '', 'crates/a/Cargo.toml': '[dependencies]\nx = "1"\n' }, [['crates/a/Cargo.toml', 'locked']]],
])('%s', async (_, files, expected) => {
  const items = await combined(lockStates, [...dependencyReaders, ...importReaders], files);
  expect(items.map((i) => concepts['lock-states'].parse(i)).map((i) => [i.path, i.state])).toEqual(expected);
}); // prettier-ignore
