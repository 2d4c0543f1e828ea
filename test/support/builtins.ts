import { loadBuiltins } from '../../src/checklist/builtins.js';
import { define, type Definitions } from '../../src/definitions.js';
import { combiners, readers } from '../../src/documents/index.js';
import { concepts } from '../../src/model/concepts.js';
import { probeParams } from '../../src/probes/params.js';

/** What checks may name: the same as scripts/build.mjs passes. */
export const vocabulary = {
  probes: new Map(Object.entries(probeParams).map(([name, params]) => [name, { params }])),
  kinds: new Set(['languages', ...Object.keys(concepts), ...readers.map((r) => r.kind), ...combiners.map((c) => c.kind)]),
  fields: new Map(Object.entries(concepts).map(([kind, shape]) => [kind, Object.keys(shape.shape)])),
};

let loaded: Promise<Definitions> | undefined;

/** Everything in checks/, validated, with its plan; loaded once a worker. */
export const definitions = (): Promise<Definitions> => (loaded ??= loadBuiltins(vocabulary).then(define));
