import type { Reader } from '../../model/document.js';
import { parseYaml } from '../../safe/yaml.js';
import { documentOf } from './text-positions.js';

/** Any YAML file, one document each where a file holds several; templated ones (Helm) become problems. */
export const yaml: Reader = {
  name: 'format/yaml',
  kind: 'yaml',
  files: {
    paths: ['*.yml', '*.yaml', '.clang-format', '.yamllint', '.prettierrc', 'CITATION.cff'],
    roles: ['product', 'config', 'ci', 'script', 'docs', 'template'],
  },
  read(source) {
    const { documents, problems } = parseYaml(source.text);
    return {
      documents: documents.map((document) => documentOf('yaml', source.path, document.value, (location) => document.place([...location]))),
      problems: problems.map((problem) => ({ path: source.path, ...problem })),
    };
  },
};
