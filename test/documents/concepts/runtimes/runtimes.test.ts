import { expect, test } from 'vitest';
import { dependencyReaders } from '../../../../src/documents/concepts/dependencies/index.js';
import { endOf, lineOf } from '../../../../src/documents/concepts/runtimes/end-of-life.js';
import { runtimeReaders, runtimes } from '../../../../src/documents/concepts/runtimes/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';
import { combined } from '../dependencies/support.js';

const found = async (files: Record<string, string>) =>
  (await combined(runtimes, [...runtimeReaders, ...dependencyReaders], files)).map((i) => concepts.runtimes.parse(i));

test.each([
  ['python', '3.9.18', '3.9', '2025-10-31'],
  ['node', '16', '16', '2023-09-11'],
  ['node', '22.11.0', '22', '2027-04-30'],
  ['python', '3', '', ''],
  ['java', '1.8', '8', '2030-12-31'],
  ['laravel', '5.5.45', '5', '2020-08-30'],
  ['go', '1.14.4', '1.14', '2021-02-16'],
  ['go', '1.4', '1.4', '2019-02-25'],
  ['go', '1.99', '1.99', ''],
  ['java', '7', '7', ''],
  ['cobol', '85', '', ''],
])('%s %s is of line %s', (product, version, line, ended) => {
  expect(lineOf(product, version)).toBe(line);
  expect(endOf(product, version)).toBe(ended);
});

test('stages of an image: what runs, what builds, what system', async () => {
  const dockerfile =
    'ARG NODE=20\nFROM node:${NODE}-alpine AS assets\nRUN npm ci\n\nFROM python:3.13-slim-bookworm AS base\n\nFROM base\nCMD ["x"]\n';
  expect((await found({ Dockerfile: dockerfile })).map((i) => [i.line, i.product, i.version, i.origin])).toEqual([
    [2, 'node', '20', 'builder'],
    [5, 'python', '3.13', 'image'],
    [5, 'debian', '12', 'system'],
  ]);
});

test.each([
  ['only copied from', 'FROM acme/shop:check AS check\nFROM debian:12\nCOPY --from=check /check /check\nCMD ["x"]\n', 'builder'],
  ['continued', 'FROM acme/shop:check\nCMD ["x"]\n', 'image'],
  ['of another name', 'FROM acme/shop:base\nCMD ["x"]\n', 'image'],
])('an image of its own that is %s by another Dockerfile', async (_, dockerfile, origin) => {
  const { items } = await collect('runtimes', { 'Check.Dockerfile': 'FROM golang:1.21\nRUN go build\n', Dockerfile: dockerfile });
  expect(items.find((i) => i['product'] === 'go')).toMatchObject({ path: 'Check.Dockerfile', origin });
});

test.each<[string, Record<string, string>, unknown[]]>([
  ['version file', { '.python-version': '3.13\n' }, [['python', '3.13', 'pin']]],
  ['matrix in CI', { '.github/workflows/a.yml': 'jobs:\n  a:\n    steps:\n      - with:\n          python-version: ${{ matrix.python }}\n' }, []],
  ['one version in CI', { '.github/workflows/a.yml': '          node-version: "22.x"\n' }, [['node', '22', 'ci']]],
  ['Travis', { '.travis.yml': "node_js:\n  - '12'\n" }, [['node', '12', 'ci']]],
  ['framework by lock', { Gemfile: "gem 'rails'\n", 'Gemfile.lock': 'GEM\n  specs:\n    rails (8.0.1)\n' }, [['rails', '8.0.1', 'framework']]],
  ['framework by caret', { 'package.json': '{"dependencies": {"next": "^13.4.0"}}' }, [['nextjs', '13.4.0', 'framework']]],
  [
    'functions of SAM',
    { 'template.yaml': 'Resources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.7\n  B:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs14.x\n      # Runtime: ruby2.7\n  C:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: provided.al2023\n' },
    [['python', '3.7', 'function'], ['node', '14', 'function']],
  ],
  ['functions of Terraform', { 'main.tf': 'resource "aws_lambda_function" "a" {\n  runtime       = "python3.12"\n}\n' }, [['python', '3.12', 'function']]],
  ['App Engine', { 'app.yaml': 'runtime: python39\nenv: standard\n' }, [['python', '3.9', 'function']]],
  ['another key of this name', { 'compose.yaml': 'services:\n  a:\n    runtime: nodejs14.x\n' }, []],
  ['range of a gem', { 'a.gemspec': "Gem::Specification.new do |gem|\n  gem.required_ruby_version = '>= 3.2.0'\nend\n" }, [['ruby', '>= 3.2.0', 'manifest']]],
  ['requirement of a gem', { 'a.gemspec': "  s.required_ruby_version = Gem::Requirement.new('>= 3.1')\n  s.required_rubygems_version = '>= 3'\n" }, [['ruby', '>= 3.1', 'manifest']]],
  ['no certain framework', { 'requirements.txt': 'django>=3.2\n' }, []],
  ['tool versions', { '.tool-versions': 'nodejs 22.1.0\nruby 3.4.2\n' }, [['node', '22.1.0', 'pin'], ['ruby', '3.4.2', 'pin']]],
])('%s', async (_, files, expected) =>
  expect((await found(files)).map((i) => [i.product, i.version, i.origin])).toEqual(expected)); // prettier-ignore

test.each<[string, Record<string, string>, boolean]>([
  ['image against version file', { '.python-version': '3.12\n', Dockerfile: 'FROM python:3.13\n' }, true],
  ['patch levels agree', { '.python-version': '3.13\n', Dockerfile: 'FROM python:3.13.2-slim\n' }, false],
  ['image outside the range', { 'package.json': '{"engines": {"node": ">=22"}}', Dockerfile: 'FROM node:20\n' }, true],
  ['image within the range', { 'package.json': '{"engines": {"node": ">=18 <23"}}', Dockerfile: 'FROM node:20\n' }, false],
  ['newer JDK than release level', { 'pom.xml': '<java.version>17</java.version>', Dockerfile: 'FROM eclipse-temurin:21\n' }, false],
  ['older JRE than release level', { 'pom.xml': '<java.version>21</java.version>', Dockerfile: 'FROM eclipse-temurin:17\n' }, true],
  ['two stages of one image', { Dockerfile: 'FROM eclipse-temurin:24 AS b\nFROM eclipse-temurin:25-jre\n' }, true],
  ['two images of two units', { 'a/Dockerfile': 'FROM node:20\n', 'b/Dockerfile': 'FROM node:22\n' }, false],
  ['Ruby within the range of a gem', { 'a.gemspec': "  s.required_ruby_version = '~> 3.1'\n", '.ruby-version': '3.4.2\n' }, false],
  ['Ruby outside the range of a gem', { 'a.gemspec': "  s.required_ruby_version = '>= 3.2'\n", '.ruby-version': '3.1.0\n' }, true],
  ['newer Go than the directive', { 'go.mod': 'module a\n\ngo 1.24\n', Dockerfile: 'FROM golang:1.26\n' }, false],
  ['pipeline with an older Go than the directive', { 'go.mod': 'module a\n\ngo 1.20\n', '.github/workflows/a.yml': '          go-version: 1.19\n' }, true],
  ['pipeline with a newer Go than the directive', { 'go.mod': 'module a\n\ngo 1.20\n', '.github/workflows/a.yml': '          go-version: "1.22"\n' }, false],
  ['pipeline with several Go versions', { 'go.mod': 'module a\n\ngo 1.20\n', '.github/workflows/a.yml': '          go-version: "1.19"\n          go-version: "1.20"\n' }, false],
  ['Poetry range', { 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.11"\n', '.python-version': '3.12\n' }, false],
])('contradiction: %s', async (_, files, expected) => expect((await found(files)).some((i) => i.conflict !== '')).toBe(expected)); // prettier-ignore

test('functions contradict the manifest beside them, not each other', async () => {
  const template = (runtime: string): string =>
    `Resources:\n  A:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: ${runtime}\n  B:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n`;
  const conflicts = async (files: Record<string, string>): Promise<string[]> =>
    (await found(files)).map((i) => i.conflict).filter((c) => c !== '');
  expect(await conflicts({ 'template.yaml': template('python3.12') })).toEqual([]);
  expect(await conflicts({ 'template.yaml': template('python3.7'), 'pyproject.toml': 'requires-python = ">=3.9"\n' })).toEqual([
    'python 3.7 here, >=3.9 in pyproject.toml:1',
  ]);
});
