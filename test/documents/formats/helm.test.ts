import { expect, test } from 'vitest';
import { at } from '../../../src/documents/json.js';
import { parseTemplate, Rendering } from '../../../src/documents/formats/helm-template.js';
import { collect } from '../collect.js';

const chart = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`charts/shop/${path}`, text]));

const files = chart({
  'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\nappVersion: "2.3.4"\n',
  'values.yaml':
    'replicaCount: 2\nimage: { repository: acme/shop, tag: "" }\nresources: { limits: { memory: 64Mi } }\nautoscaling: { enabled: false }\npodAnnotations: {}\n',
  'templates/_helpers.tpl':
    '{{- define "shop.labels" -}}\napp: {{ .Chart.Name | quote }}\nchart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}\n{{- end }}\n',
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  template:
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
`,
  'templates/hpa.yaml':
    '{{- if .Values.autoscaling.enabled }}\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: x }\n{{- end }}\n',
});

test('a chart comes out with its values; what is off by default is not there', async () => {
  const { documents } = await collect('kubernetes', files);
  expect(documents).toHaveLength(1);
  const [deployment] = documents;
  expect(deployment!.root).toMatchObject({
    kind: 'Deployment',
    metadata: { name: null, labels: { app: 'shop', chart: 'shop-1.0.0' } },
    spec: { replicas: 2 },
    helm: { chart: 'charts/shop', name: 'shop' },
  });
  expect(at(deployment!.root, 'spec', 'template', 'spec', 'containers', 0)).toEqual({
    name: 'shop',
    image: 'acme/shop:2.3.4',
    resources: { limits: { memory: '64Mi' } },
  });
  expect(deployment!.place(['spec', 'replicas'])).toMatchObject({ path: 'charts/shop/templates/deployment.yaml', line: 9 });
  expect(deployment!.place(['spec', 'template', 'spec', 'containers', 0, 'image']).line).toBe(15);
});

test('production values go over the base; a switched-off subchart is left out', async () => {
  const { documents } = await collect('kubernetes', {
    ...files,
    'charts/shop/values-prod.yaml': 'autoscaling: { enabled: true }\n',
    'charts/shop/charts/cache/Chart.yaml': 'name: cache\nversion: 1.0.0\n',
    'charts/shop/charts/cache/templates/s.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: {{ .Chart.Name }} }\n',
    'charts/shop/Chart.yaml': 'name: shop\nversion: 1.0.0\ndependencies: [{ name: cache, version: 1.0.0, condition: cache.enabled }]\n',
    'charts/shop/values.yaml': `${files['charts/shop/values.yaml']}cache: { enabled: false }\n`,
  });
  expect(documents.map((d) => at(d.root, 'kind')).sort()).toEqual(['Deployment', 'HorizontalPodAutoscaler']);
});

const render = (text: string, values: object = {}) => {
  const rendering = new Rendering(new Map());
  const root = { Values: values as never };
  rendering.render(parseTemplate(text, new Map()), { dot: root, root, variables: new Map() });
  return rendering.text;
};

test.each([
  ['{{ .Values.a | default "x" | quote }}', {}, '"x"'],
  ['{{ if and .Values.a (eq .Values.b "y") }}1{{ else if .Values.a }}2{{ else }}3{{ end }}', { a: true, b: 'n' }, '2'],
  ['{{ range $i, $e := .Values.l }}{{ $i }}={{ $e.n }};{{ end }}', { l: [{ n: 'a' }, { n: 'b' }] }, '0=a;1=b;'],
  ['{{- $x := .Values.a -}}{{ $x.b }}', { a: { b: 7 } }, '7'],
  ['a {{- /* note */ -}} b', {}, 'ab'],
  ['{{ (index .Values.l 1).k }}', { l: [{}, { k: 'v' }] }, 'v'],
])('%s', (text, values, expected) => {
  expect(render(text, values)).toBe(expected);
});

test('endless templates end', () => {
  const definitions = new Map();
  const nodes = parseTemplate('{{ define "a" }}{{ include "a" . }}{{ include "a" . }}{{ end }}{{ include "a" . }}', definitions);
  const rendering = new Rendering(definitions);
  rendering.render(nodes, { dot: null, root: null, variables: new Map() });
  expect(rendering.text.length).toBeLessThan(600_000);
});

test('braces that never close take no long', () => {
  expect(render(`a {{ "b }} c ${'{{'.repeat(200_000)}`).startsWith('a ')).toBe(true);
});
