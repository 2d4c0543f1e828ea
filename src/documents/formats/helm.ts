import type { Combiner, Document, Json, Reader } from '../../model/document.js';
import { parseYaml } from '../../safe/yaml.js';
import { at, baseName, documentOf, folderOf, isRecord, linedDocument, list, record, text, type JsonMap } from '../json.js';
import { mergeValues, parseTemplate, Rendering, unknown, type Definitions } from './helm-template.js';
import { objectsOf } from './kubernetes.js';

const roles = ['config', 'product', 'script', 'template', 'other'] as const;

/** Templates of charts as text: rendered once all files of their chart are known. */
const templates: Reader = {
  name: 'format/helm-template',
  kind: 'helm-template',
  files: {
    paths: ['**/templates/**/*.yaml', '**/templates/**/*.yml', '**/templates/**/*.tpl'],
    except: ['**/templates/tests/**', '**/templates/NOTES.txt'],
    roles,
  },
  keywords: ['{{'],
  read: (source) => ({ documents: [linedDocument('helm-template', source.path, { text: source.text })] }),
};

function yamlDocument(kind: string, paths: readonly string[]): Reader {
  return {
    name: `format/${kind}`,
    kind,
    files: { paths, roles },
    read(source) {
      const { documents, problems } = parseYaml(source.text);
      const first = documents[0];
      return {
        documents: first && isRecord(first.value) ? [documentOf(kind, source.path, first.value, first.place)] : [],
        problems: problems.map((p) => ({ path: source.path, ...p })),
      };
    },
  };
}

/** Chart.yaml and the values of charts, as written. */
export const helmReaders: readonly Reader[] = [
  templates,
  yamlDocument('helm-chart', ['**/Chart.yaml', '**/Chart.yml']),
  yamlDocument('helm-values', ['**/values*.yaml', '**/values*.yml']),
];

interface Chart {
  readonly folder: string;
  readonly name: string;
  readonly root: Json;
  readonly values: JsonMap;
}

const productionValues = /^values[._-](?:prod(?:uction)?|release)\b/i;

/** The chart's own values, with those of its production variant over them. */
function valuesOf(folder: string, documents: readonly Document[]): JsonMap {
  const own = documents.filter((d) => folderOf(d.path) === folder);
  const base = own.find((d) => /^values\.ya?ml$/.test(baseName(d.path)));
  const production = own.filter((d) => productionValues.test(baseName(d.path)));
  return record(production.reduce<Json>((merged, d) => mergeValues(merged, d.root), base?.root ?? {}));
}

/** Values that a chart gets from the chart that holds it (`charts/<name>`); null where that one switches it off. */
function withParent(chart: Chart, charts: readonly Chart[]): JsonMap | null {
  const parent = charts.find((c) => chart.folder === `${c.folder === '' ? '' : `${c.folder}/`}charts/${baseName(chart.folder)}`);
  if (!parent) return chart.values;
  const entry = list(at(parent.root, 'dependencies')).find((d) => text(at(d, 'name')) === chart.name);
  const outer = withParent(parent, charts);
  if (outer === null) return null;
  const conditions = text(at(entry, 'condition'))
    .split(',')
    .filter(Boolean)
    .map((path) => at(outer, ...path.trim().split('.')));
  if (conditions.find((v) => typeof v === 'boolean') === false) return null;
  const given = record(outer[text(at(entry, 'alias')) || chart.name]);
  return record(mergeValues(mergeValues(chart.values, given), outer['global'] === undefined ? {} : { global: outer['global'] }));
}

/** `unknown` as a whole value is null; within a text it shows as a placeholder. */
function withoutMarks(value: Json): Json {
  if (typeof value === 'string')
    return value === unknown ? null : value.includes(unknown) ? value.replaceAll(unknown, '{{unknown}}') : value;
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([k]) => k !== unknown)
      .map(([k, v]) => [k.replaceAll(unknown, '{{unknown}}'), withoutMarks(v)]),
  );
}

function renderTemplate(document: Document, chart: Chart, values: JsonMap, definitions: Definitions): Document[] {
  const nodes = parseTemplate(text(at(document.root, 'text')), new Map());
  const root: JsonMap = {
    Values: values,
    Chart: {
      Name: chart.name,
      Version: at(chart.root, 'version') ?? null,
      AppVersion: at(chart.root, 'appVersion') ?? null,
      Type: 'application',
    },
    Release: { Name: 'release', Namespace: 'default', Service: 'Helm', Revision: 1, IsInstall: unknown, IsUpgrade: unknown },
    Capabilities: unknown,
    Files: unknown,
    Template: { Name: document.path, BasePath: `${chart.folder}/templates` },
  };
  const rendering = new Rendering(definitions);
  rendering.render(nodes, { dot: root, root, variables: new Map() });
  const { documents } = parseYaml(rendering.text);
  return documents.flatMap((parsed) =>
    objectsOf(
      document.path,
      {
        value: withoutMarks(parsed.value),
        place: (location) => ({ line: rendering.lines[parsed.place(location).line - 1] ?? 1, column: 1 }),
      },
      { helm: { chart: chart.folder || '.', name: chart.name } },
    ),
  );
}

/**
 * The objects of all charts of the repository as they come out with the charts' own values (and the production variant's): what is off by
 * default is left out, what cannot be known is null. Each carries `helm: {chart, name}`.
 */
export function renderCharts(
  templateDocuments: readonly Document[],
  chartDocuments: readonly Document[],
  valueDocuments: readonly Document[],
): Document[] {
  const charts: Chart[] = chartDocuments.map((d) => ({
    folder: folderOf(d.path),
    name: text(at(d.root, 'name')) || baseName(folderOf(d.path)),
    root: d.root,
    values: valuesOf(folderOf(d.path), valueDocuments),
  }));
  const inside = (d: Document, c: Chart): boolean => d.path.startsWith(c.folder === '' ? 'templates/' : `${c.folder}/templates/`);
  // Named templates are shared by a chart and all charts that it holds or that hold it.
  const definitions: Definitions = new Map();
  for (const document of templateDocuments)
    if (/\{\{-?\s*(?:define|block)\b/.test(text(at(document.root, 'text')))) parseTemplate(text(at(document.root, 'text')), definitions);
  return charts.flatMap((chart) => {
    const values = at(chart.root, 'type') === 'library' ? null : withParent(chart, charts);
    if (values === null) return [];
    return templateDocuments
      .filter((d) => inside(d, chart) && !d.path.endsWith('.tpl'))
      .flatMap((d) => renderTemplate(d, chart, values, definitions));
  });
}

/** Adds the objects of Helm charts to the Kubernetes objects found as plain YAML. */
export const kubernetesCombiner: Combiner = {
  kind: 'kubernetes',
  uses: ['helm-template', 'helm-chart', 'helm-values'],
  combine: (items) => items,
  documents: (documents, all) => [
    ...documents,
    ...renderCharts(all.documents('helm-template'), all.documents('helm-chart'), all.documents('helm-values')),
  ],
};
