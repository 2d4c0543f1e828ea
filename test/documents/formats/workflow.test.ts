import { expect, test } from 'vitest';
import { at } from '../../../src/documents/json.js';
import { collect } from '../collect.js';

test.each<[string, object]>([
  ['on: push', { push: {} }],
  ['on: [push, pull_request]', { push: {}, pull_request: {} }],
  ['on: { push: { branches: [main] }, workflow_dispatch: }', { push: { branches: ['main'] }, workflow_dispatch: {} }],
])('%s', async (on, expected) => {
  const { documents } = await collect('workflow', { '.github/workflows/a.yml': `${on}\njobs: {}\n` });
  expect(at(documents[0]!.root, 'on')).toEqual(expected);
});

test('jobs and steps with every field, permissions as written, places', async () => {
  const { documents } = await collect('workflow', {
    '.github/workflows/a.yml':
      'name: CI\non: push\npermissions: write-all\njobs:\n  b:\n    runs-on: [self-hosted, linux]\n    environment: { name: production, url: x }\n    needs: a\n    steps:\n      - name: Test\n        run: npm test\n        working-directory: web\n      - uses: actions/checkout@v4\n        with: { ref: main }\n',
    'other/workflows/a.yml': 'on: push\njobs: {}\n',
  });
  expect(documents).toHaveLength(1);
  const root = documents[0]!.root;
  expect(root).toMatchObject({ name: 'CI', permissions: 'write-all' });
  expect(at(root, 'jobs', 'b')).toMatchObject({
    runsOn: ['self-hosted', 'linux'],
    environment: 'production',
    needs: ['a'],
    permissions: null,
    if: '',
    line: 5,
  });
  expect(at(root, 'jobs', 'b', 'steps')).toMatchObject([
    { name: 'Test', run: 'npm test', workingDirectory: 'web', uses: '', line: 10 },
    { uses: 'actions/checkout@v4', with: { ref: 'main' }, run: '', line: 13 },
  ]);
  expect(documents[0]!.place(['jobs', 'b', 'steps', 1, 'uses'])).toEqual({ path: '.github/workflows/a.yml', line: 13 });
});

test('composite actions', async () => {
  const { documents } = await collect('action', {
    '.github/actions/x/action.yml': 'name: X\nruns:\n  using: composite\n  steps:\n    - run: make\n      shell: bash\n',
  });
  expect(documents[0]!.root).toMatchObject({ name: 'X', using: 'composite', steps: [{ run: 'make', line: 5 }] });
});
