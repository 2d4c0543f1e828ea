import type { Document, Json, Reader, ReadResult } from '../../model/document.js';
import type { Place } from '../../model/file.js';
import { parseYaml } from '../../safe/yaml.js';
import { at, documentOf, isRecord, list, text } from '../json.js';

const yamlFiles = ['**/*.yml', '**/*.yaml'];
const notManifests = ['.github/**', '**/docker-compose*', '**/compose*.y*ml', '**/Chart.yaml', '**/pnpm-lock.yaml'];

/** An object of the Kubernetes API by its two mandatory fields (Kustomize's own files are a kind of their own). */
const isObject = (value: Json): value is { [key: string]: Json } =>
  isRecord(value) && text(value['apiVersion']) !== '' && text(value['kind']) !== '';
const isKustomization = (value: { [key: string]: Json }): boolean => text(value['apiVersion']).startsWith('kustomize.config.k8s.io/');

type Located = { value: Json; place(location: readonly (string | number)[]): { line: number; column: number } };

/** The objects of one parsed YAML document, the items of a List one by one. */
export function objectsOf(path: string, document: Located, extra: { [key: string]: Json } = {}): Document[] {
  const root = document.value;
  if (!isObject(root) || isKustomization(root)) return [];
  if (!text(root['kind']).endsWith('List') || !Array.isArray(root['items']))
    return [documentOf('kubernetes', path, { ...root, ...extra }, document.place)];
  return list(root['items']).flatMap((item, i) =>
    isObject(item) ? [documentOf('kubernetes', path, { ...item, ...extra }, (location) => document.place(['items', i, ...location]))] : [],
  );
}

const under = (path: string, problems: readonly { line: number; column: number; message: string }[]): (Place & { message: string })[] =>
  problems.map((p) => ({ path, ...p }));

/** Looks like a template of Helm (or of another text templating) rather than YAML. */
const templated = (code: string): boolean => /\{\{-?\s*(?:if|range|with|include|define|template|end|\.|\$|toYaml|tpl|\/\*)/.test(code);

/** Kubernetes objects in YAML: one document an object, as written. Helm templates are rendered by `helm.ts`. */
export const kubernetes: Reader = {
  name: 'format/kubernetes',
  kind: 'kubernetes',
  files: { paths: yamlFiles, except: notManifests, roles: ['config', 'product', 'script', 'template'] },
  keywords: ['apiversion:'],
  read(source): ReadResult {
    if (!/^\s*-?\s*["']?kind["']?\s*:/m.test(source.code)) return {};
    if (templated(source.code)) return {};
    const { documents, problems } = parseYaml(source.text);
    const found = documents.flatMap((d) => objectsOf(source.path, d));
    return { documents: found, problems: found.length || problems.length ? under(source.path, problems) : [] };
  },
};

/** Kustomization files as written: resources, components, patches, images, configMapGenerator ... */
export const kustomization: Reader = {
  name: 'format/kustomization',
  kind: 'kustomization',
  files: { paths: ['**/kustomization.yaml', '**/kustomization.yml', '**/Kustomization'], roles: ['config', 'product', 'script'] },
  read(source): ReadResult {
    const { documents, problems } = parseYaml(source.text);
    return {
      documents: documents.filter((d) => isRecord(d.value)).map((d) => documentOf('kustomization', source.path, d.value, d.place)),
      problems: under(source.path, problems),
    };
  },
};

/** Skaffold files: which images are built from this repository (build.artifacts[].image, .context). */
export const skaffold: Reader = {
  name: 'format/skaffold',
  kind: 'skaffold',
  files: { paths: ['**/skaffold*.yaml', '**/skaffold*.yml'], variants: ['base', 'production', 'staging', 'development'] },
  keywords: ['skaffold/'],
  read(source): ReadResult {
    const { documents, problems } = parseYaml(source.text);
    return {
      documents: documents
        .filter((d) => text(at(d.value, 'apiVersion')).startsWith('skaffold/'))
        .map((d) => documentOf('skaffold', source.path, d.value, d.place)),
      problems: under(source.path, problems),
    };
  },
};
