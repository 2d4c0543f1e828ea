import { expect, test } from 'vitest';
import { at } from '../../../src/documents/json.js';
import { resolvePipeline } from '../../../src/documents/formats/gitlab-ci.js';
import { collect } from '../collect.js';

test('extends merges maps deeply and replaces lists; defaults are inherited unless refused', async () => {
  const { documents } = await collect('gitlab-ci', {
    '.gitlab-ci.yml': `default: { image: node, before_script: [npm ci] }
.a: { variables: { A: 1, B: 1 }, script: [one] }
.b: { extends: .a, variables: { B: 2 } }
job:
  extends: .b
  script: [two]
bare:
  inherit: { default: false }
  script: [three]
pages: { script: [four] }
.hidden: { script: [no] }
`,
  });
  const jobs = at(documents[0]!.root, 'jobs');
  expect(Object.keys(jobs as object)).toEqual(['job', 'bare', 'pages']);
  expect(at(jobs, 'job')).toMatchObject({
    variables: { A: 1, B: 2 },
    script: ['two'],
    beforeScript: ['npm ci'],
    image: 'node',
    stage: 'test',
    line: 4,
  });
  expect(at(jobs, 'bare')).toMatchObject({ image: '', beforeScript: [] });
});

test('circles of extends end', () => {
  const root = resolvePipeline({ a: { extends: 'b', script: ['x'] }, b: { extends: 'a', script: ['y'] } }, () => 1);
  expect(at(root, 'jobs', 'a', 'script')).toEqual(['x']);
});
