import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { coversMainLine } from '../../../../src/documents/concepts/ci-jobs/draft.js';
import { collect } from '../../collect.js';

async function steps(files: Record<string, string>) {
  const { items } = await collect('ci-jobs', files);
  return items.map((item) => concepts['ci-jobs'].strict().parse(item));
}

test('a workflow with scripts resolved through package.json and a shell script', async () => {
  const found = await steps({
    '.github/workflows/ci.yml': `name: CI
on:
  push: { branches: [main] }
  pull_request:
permissions: { contents: read }
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: npm run check
      - run: bash scripts/all.sh
        continue-on-error: true
`,
    'package.json': '{"scripts": {"check": "eslint . && npm run unit", "unit": "jest --coverage"}}',
    'scripts/all.sh': '#!/bin/sh\nset -e\nnpm audit\n',
  });
  expect(found.map((s) => [s.line, s.purposes, s.canFail])).toEqual([
    [10, [], false],
    [11, ['coverage', 'lint', 'test'], false],
    [12, ['dependency-scan'], true],
  ]);
  expect(found[1]).toMatchObject({
    triggers: ['push', 'pull_request'],
    onChange: true,
    job: 'test',
    workflow: 'CI',
    permissions: { contents: 'read' },
  });
  expect(found[1]!.run).toContain('jest --coverage');
});

test('the placeholder that npm writes is no test', async () => {
  const found = await steps({
    '.travis.yml': 'script: npm test\n',
    'package.json': '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}',
  });
  expect(found[0]!.purposes).toEqual([]);
});

test('Travis runs the tests of the language where the file gives no script', async () => {
  const purposes = async (file: string, more: Record<string, string> = {}) =>
    (await steps({ '.travis.yml': file, ...more })).flatMap((s) => s.purposes);
  expect(await purposes('language: java\nafter_success:\n  - docker push acme/shop\n')).toContain('test');
  expect(await purposes('language: java\nscript: mvn -B package -DskipTests\n')).not.toContain('test');
  expect(await purposes('language: python\ninstall: pip install pytest\n')).not.toContain('test');
  expect(await purposes('language: node_js\n', { 'package.json': '{"scripts": {"test": "echo \\"Error: no test specified\\""}}' })).toEqual(
    [],
  );
  expect(await purposes('language: go\njobs:\n  include:\n    - script: make lint\n')).toEqual(['lint']);
});

test('tags, schedules and manual starts are no change; disabled jobs never start', async () => {
  const found = await steps({
    '.github/workflows/a.yml':
      'on: { push: { tags: ["v*"] }, schedule: [{ cron: "0 3 * * 1" }], workflow_dispatch: }\njobs:\n  a:\n    steps:\n      - run: pytest\n',
    '.github/workflows/b.yml': 'on: push\njobs:\n  b:\n    if: false\n    steps:\n      - run: pytest\n',
  });
  expect(found[0]).toMatchObject({ triggers: ['tag', 'schedule', 'workflow_dispatch'], onChange: false, cron: ['0 3 * * 1'] });
  expect(found[1]).toMatchObject({ onChange: false, triggers: [] });
});

test('a reusable workflow starts when its callers do; a local action lends its steps', async () => {
  const found = await steps({
    '.github/workflows/ci.yml': 'on: [pull_request]\njobs:\n  call:\n    uses: ./.github/workflows/tests.yml\n    secrets: inherit\n',
    '.github/workflows/tests.yml': 'on: workflow_call\njobs:\n  unit:\n    steps:\n      - uses: ./.github/actions/unit\n',
    '.github/actions/unit/action.yml': 'runs:\n  using: composite\n  steps:\n    - run: go test ./...\n      shell: bash\n',
  });
  const unit = found.find((s) => s.job === 'unit')!;
  expect(unit).toMatchObject({ onChange: true, triggers: ['workflow_call', 'pull_request'], purposes: ['test'] });
});

test('continue-on-error does not let a step fail whose outcome is checked later', async () => {
  const found = await steps({
    '.github/workflows/a.yml': `on: pull_request
jobs:
  a:
    steps:
      - id: lint
        run: ruff check .
        continue-on-error: true
      - if: steps.lint.outcome == 'failure'
        run: exit 1
`,
  });
  expect(found[0]!.canFail).toBe(false);
});

test('GitLab: extends, references, local includes, templates, rules', async () => {
  const found = await steps({
    '.gitlab-ci.yml': `include:
  - local: /ci/base.yml
  - template: Security/SAST.gitlab-ci.yml
default: { image: "python:3.12" }
unit:
  extends: .base
  script:
    - !reference [.setup, script]
    - pytest
nightly:
  script: [pip-audit]
  allow_failure: true
  rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }]
deploy:
  script: [kubectl apply -f k8s]
  environment: production
  when: manual
`,
    'ci/base.yml': '.setup:\n  script: [make deps]\n.base:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
  });
  const by = (job: string) => found.find((s) => s.job === job)!;
  expect(by('unit')).toMatchObject({
    run: 'make deps\npytest',
    purposes: ['test'],
    onChange: true,
    triggers: ['pull_request'],
    image: 'python:3.12',
    line: 5,
  });
  expect(by('nightly')).toMatchObject({ canFail: true, triggers: ['schedule'], onChange: false, purposes: ['dependency-scan'] });
  expect(by('deploy')).toMatchObject({ condition: 'when: manual', environment: 'production', purposes: ['deploy'], onChange: false });
  expect(by('Security/SAST.gitlab-ci.yml')).toMatchObject({ purposes: ['sast'], onChange: true });
});

test('other systems', async () => {
  const found = await steps({
    '.circleci/config.yml':
      'version: 2.1\norbs: { node: circleci/node@5.1 }\njobs:\n  t:\n    steps:\n      - checkout\n      - run: { name: T, command: npx vitest run }\nworkflows:\n  w:\n    jobs: [t, node/test]\n',
    'azure-pipelines.yml':
      "trigger: [main]\nsteps:\n- task: DotNetCoreCLI@2\n  inputs: { command: test, projects: '**/*.csproj' }\n- script: dotnet publish\n",
    'bitbucket-pipelines.yml': 'pipelines:\n  default:\n    - step:\n        name: T\n        script: [mvn verify]\n',
    '.drone.yml': 'steps:\n- name: t\n  image: golang\n  commands: [go test ./...]\n',
    Jenkinsfile: "pipeline {\n  stages {\n    stage('Test') { steps {\n      sh 'gradle check'\n    } }\n  }\n}\n",
    'system.cloudbuild.yaml': 'steps:\n- name: golang\n  args: [go, test, ./...]\n',
    'cloudbuild.yaml': 'steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, x, .]\n',
  });
  const by = (system: string) => found.filter((s) => s.system === system);
  expect(by('circleci').map((s) => [s.run || s.uses, s.purposes, s.onChange])).toContainEqual(['npx vitest run', ['test'], true]);
  expect(by('circleci').some((s) => s.uses === 'circleci/node@5.1/test')).toBe(true);
  expect(by('azure-pipelines').map((s) => [s.purposes, s.line])).toEqual([
    [['test'], 3],
    [['build'], 5],
  ]);
  expect(by('bitbucket-pipelines')[0]!.purposes).toEqual(['build', 'test']);
  expect(by('drone')[0]!.purposes).toEqual(['test']);
  expect(by('jenkins')[0]).toMatchObject({ purposes: ['test'], job: 'Test', line: 4 });
  expect(by('cloudbuild').map((i) => [i.path, i.purposes])).toEqual([
    ['system.cloudbuild.yaml', ['test']],
    ['cloudbuild.yaml', ['build']],
  ]);
});

test('broken YAML is a problem, not an exception', async () => {
  const { items, problems } = await collect('ci-jobs', { '.github/workflows/x.yml': 'on: [push\njobs: {' });
  expect(items).toEqual([]);
  expect(problems.length).toBeGreaterThan(0);
});

test.each([
  [['main'], true],
  [['release/**'], false],
  [['gh-pages'], false],
  [['**'], true],
  [['ma*'], true],
  [['**', '!main'], false],
  [['production'], false],
])('branches %j cover the main line: %s', (patterns, expected) => {
  expect(coversMainLine(patterns)).toBe(expected);
});

test('a script runs the function that it is told, with what its wrappers are handed', async () => {
  const run =
    '#!/usr/bin/env bash\ncmd() {\n  docker compose exec -T web "${@}"\n}\nlint() {\n  cmd ruff check "${@}"\n}\n' +
    'test() {\n  cmd pytest test/ "${@}"\n}\nscan() {\n  npm audit\n}\nci:test() {\n  lint "${@}"\n  test "${@}"\n}\ntime "${@:-help}"\n';
  const workflow = (script: string) => `on: [push]\njobs:\n  a:\n    steps:\n      - run: ${script}\n`;
  const purposes = async (script: string, text = run) =>
    (await steps({ '.github/workflows/ci.yml': workflow(script), run: text })).flatMap((s) => s.purposes);
  expect(await purposes('./run ci:test')).toEqual(['lint', 'test']);
  expect(await purposes('./run scan')).toEqual(['dependency-scan']);
  // Without a function of that name the whole script runs, as any other does.
  expect(await purposes('./run other', '#!/bin/sh\nnpm audit\n')).toEqual(['dependency-scan']);
});

test('what an action for Gradle is given to run is a command like any other', async () => {
  const workflow = (uses: string) =>
    `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n        with:\n          arguments: build --stacktrace\n`;
  const purposes = async (uses: string) => (await steps({ '.github/workflows/ci.yml': workflow(uses) })).flatMap((s) => s.purposes);
  expect(await purposes('gradle/gradle-build-action@v3')).toEqual(expect.arrayContaining(['build', 'test']));
  expect(await purposes('acme/notify@v1')).toEqual([]);
});
