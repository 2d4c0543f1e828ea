import { expect, test } from 'vitest';
import { at } from '../../../src/documents/json.js';
import { collect } from '../collect.js';

test('one document an object, items of lists too, with places', async () => {
  const { documents } = await collect('kubernetes', {
    'k8s/all.yaml':
      'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n---\napiVersion: v1\nkind: List\nitems:\n  - apiVersion: policy/v1\n    kind: PodDisruptionBudget\n    metadata:\n      name: b\n',
    'k8s/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [all.yaml]\n',
    'openapi.yaml': 'openapi: 3.0.0\ninfo: { title: "apiVersion: kind:" }\n',
  });
  expect(documents.map((d) => at(d.root, 'kind'))).toEqual(['Service', 'PodDisruptionBudget']);
  expect(documents[1]!.place(['metadata', 'name'])).toMatchObject({ path: 'k8s/all.yaml', line: 11 });
});

test('kustomizations and Skaffold files are kinds of their own', async () => {
  const files = {
    'k8s/kustomization.yaml': 'resources: [a.yaml]\n',
    'skaffold.yaml': 'apiVersion: skaffold/v4beta1\nkind: Config\nbuild: { artifacts: [{ image: shop }] }\n',
  };
  expect((await collect('kustomization', files)).documents.map((d) => d.root)).toEqual([{ resources: ['a.yaml'] }]);
  expect(at((await collect('skaffold', files)).documents[0]!.root, 'build', 'artifacts', 0, 'image')).toBe('shop');
});

test('broken YAML is a problem', async () => {
  const { documents, problems } = await collect('kubernetes', { 'a.yaml': 'apiVersion: v1\nkind: Pod\nspec: [\n' });
  expect(documents).toEqual([]);
  expect(problems.length).toBeGreaterThan(0);
});
