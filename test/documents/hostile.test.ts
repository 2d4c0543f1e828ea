import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collect } from './collect.js';

const samples: Record<string, string> = {
  '.github/workflows/a.yml': 'on: {push: {branches: [main]}}\njobs:\n  a:\n    runs-on: x\n    steps: [{run: "npm test || true", with: {a: 1}}]\n',
  '.gitlab-ci.yml': 'include: [{local: /x.yml}]\na: {script: [!reference [.b, script], pytest], rules: [{if: "$CI_COMMIT_TAG"}], extends: [.b]}\n.b: {script: [x]}\n',
  '.circleci/config.yml': 'orbs: {n: a/b@1}\njobs: {t: {docker: [{image: x}], steps: [{run: {command: y}}, {when: {steps: [checkout]}}]}}\nworkflows: {w: {jobs: [{t: {filters: {branches: {only: main}}}}]}}\n',
  'compose.prod.yml': 'services: {web: {build: ., ports: ["80:80"], volumes: [".:/x"], environment: [A=1], deploy: {resources: {limits: {cpus: 1}}}}}\n',
  'k8s/a.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {volumes: [{name: v, hostPath: {path: /}}], containers: [{name: a, image: x:1, volumeMounts: [{name: v, mountPath: /y}], env: [{name: A, value: b}], resources: {limits: {cpu: 1}}}]}}}\n',
  'c/Chart.yaml': 'name: c\nversion: 1.0.0\ndependencies: [{name: d, condition: d.on}]\n',
  'c/values.yaml': 'a: {b: [1, 2]}\nd: {on: true}\n',
  'c/templates/x.yaml': 'apiVersion: v1\nkind: Pod\nspec:\n{{- range $i, $e := .Values.a.b }}\n  x{{ $i }}: {{ $e | default "q" | quote }}\n{{- end }}\n{{ define "n" }}{{ include "n" . }}{{ end }}{{ include "n" . }}\n',
  'main.tf': 'resource "a" "b" {\n  x = [1, {y = "z"}]\n  count = var.on ? 1 : 0\n  dynamic "s" { content { h = <<EOT\nx\nEOT\n} }\n}\nvariable "on" { default = true }\n',
  'nginx.conf': 'server { listen 80; location / { proxy_pass http://a; } }\n',
  Caddyfile: 'a.b {\n  reverse_proxy x\n}\n',
  'task.json': '{"containerDefinitions": [{"name": "a", "image": "b", "environment": [{"name": "X", "value": "y"}]}]}',
  'docs/a.md': '# A\n\n| a |\n|---|\n| b |\n\n- [l](u)\n\n## B\n\n<x>\n',
  'docs/b.rst': 'A\n=\n\n.. code::\n\n   x\n\n* y\n',
  'package.json': '{"scripts": {"test": "jest", "a": "npm run a"}}',
  Makefile: 'a: b\n\t$(X) y\nb: a\n\tmake a\n',
}; // prettier-ignore
const kinds = [
  'ci-jobs',
  'workloads',
  'prose',
  'kubernetes',
  'terraform',
  'nginx',
  'caddy',
  'workflow',
  'gitlab-ci',
  'helm-values',
  'kustomization',
];

test('damaged files give problems or nothing, never an exception', async () => {
  const damage = fc.record({
    path: fc.constantFrom(...Object.keys(samples)),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.integer({ min: 0, max: 12 }),
    insert: fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      ':',
      '- ',
      '\n',
      '{{',
      '}}',
      '&a *a',
      '!x ',
      '\0',
      '${',
      '%',
      '<',
      'null',
      '\u2028',
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), fc.constantFrom(...kinds), async (damages, kind) => {
      const files = { ...samples };
      for (const { path, at, drop, insert } of damages) {
        const text = files[path]!;
        const place = Math.floor(at * text.length);
        files[path] = text.slice(0, place) + insert + text.slice(place + drop);
      }
      const { items, documents } = await collect(kind, files);
      for (const document of documents) expect(document.place(['spec', 0, 'x']).line).toBeGreaterThan(0);
      for (const item of items) expect(item.line).toBeGreaterThan(0);
    }),
    { numRuns: 150, seed: 7 },
  );
});

test('maps where lists belong and lists where maps belong', async () => {
  const odd = ['null', '[]', '{}', '[[[]]]', '{a: {a: [null]}}', '3', '"x"', 'true'];
  for (const value of odd)
    for (const kind of ['ci-jobs', 'workloads', 'kubernetes'])
      await expect(
        collect(kind, {
          '.github/workflows/a.yml': `on: ${value}\njobs: {a: {steps: ${value}, needs: ${value}, container: ${value}}, b: ${value}}\n`,
          '.gitlab-ci.yml': `include: ${value}\na: {script: ${value}, rules: ${value}, only: ${value}, extends: ${value}}\n`,
          'azure-pipelines.yml': `trigger: ${value}\nstages: ${value}\nsteps: ${value}\n`,
          'bitbucket-pipelines.yml': `pipelines: {default: ${value}, branches: ${value}}\n`,
          '.circleci/config.yml': `jobs: {a: {steps: ${value}}}\nworkflows: {w: {jobs: ${value}}}\n`,
          'compose.yml': `services: {a: ${value}, b: {image: x, ports: ${value}, volumes: ${value}, environment: ${value}}}\n`,
          'a.yaml': `apiVersion: v1\nkind: Pod\nmetadata: ${value}\nspec: {containers: ${value}, initContainers: ${value}, volumes: ${value}}\n`,
          'b.yaml': `apiVersion: v1\nkind: List\nitems: ${value}\n`,
          'kustomization.yaml': `images: ${value}\ncomponents: ${value}\n`,
          'c/Chart.yaml': `name: ${value}\ndependencies: ${value}\n`,
          'c/values.yaml': `a: ${value}\n`,
          'c/templates/x.yaml': 'kind: {{ .Values.a.b.c }}\napiVersion: {{ index .Values.a 0 }}\nx: {{ toYaml .Values.a | nindent 2 }}\n',
        }),
      ).resolves.toHaveProperty('items');
});
