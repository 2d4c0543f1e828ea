import type { Probe } from '../model/probe.js';
import type { Query } from '../model/query.js';
import { found, keptPlaces, missing, oncePer, say, selectorOf, type Where } from './common.js';

export interface FileParams extends Where {
  paths: string[];
  atLeast?: number;
  message?: string;
}

/** Is there such a file? Vendored files never count. */
export const file: Probe<FileParams> = {
  name: 'file',
  queries: (params) => [query(params)],
  judge(params, view) {
    const matches = view.matches(query(params));
    if (matches.length >= (params.atLeast ?? 1))
      return {
        answer: 'yes',
        evidence: matches.slice(0, keptPlaces).map((m) => found('file', m, say(view, undefined, `${m.path} is there`))),
      };
    const paths = Array.isArray(params.paths) ? params.paths : [params.paths];
    return { answer: 'no', evidence: [missing('file', say(view, params.message, `no file ${paths.join(', ')}`))] };
  },
};

const query = oncePer((params: FileParams): Query => ({
  type: 'files',
  files: selectorOf(params, ['product', 'script', 'docs', 'ci', 'config', 'template', 'generated', 'other']),
}));
