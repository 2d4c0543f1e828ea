import type { Probe } from '../model/probe.js';
import { oncePer } from './common.js';
import { document, type DocumentParams } from './document.js';

export interface ResultParams {
  format?: string;
  require: string;
  message?: string;
}

/** What test, coverage, scan and load runs left behind: unknown where there is none. */
export const result: Probe<ResultParams> = {
  name: 'result',
  queries: () => [{ type: 'kind', kind: 'results' }],
  judge: (params, view) => document.judge(asDocument(params), view),
};

const asDocument = oncePer((params: ResultParams): DocumentParams => ({
  kind: 'results',
  in: ['product', 'test', 'config', 'docs', 'generated', 'other', 'script', 'template'],
  ...(params.format ? { where: `item.format == '${params.format.replace(/[^a-z0-9-]/g, '')}'` } : {}),
  require: params.require,
  empty: 'unknown',
  ...(params.message ? { message: params.message } : {}),
}));
