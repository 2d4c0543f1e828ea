import type { Probe } from '../model/probe.js';
import { missing } from './common.js';
import { compileCel } from '../safe/cel.js';

/** CEL over `uses` and `has`; a yes carries the inventory's own evidence for the names that hold. */
export const inventory: Probe<string> = {
  name: 'inventory',
  queries: () => [],
  judge(expression, view) {
    const names = compileCel(expression).references.map((r) => r.name.replaceAll('_', '-'));
    if (view.cel(expression) === true) {
      const evidence = names.flatMap((n) => view.because(n).slice(0, 3));
      return {
        answer: 'yes',
        evidence: evidence.length > 0 ? evidence : [{ probe: 'inventory', answer: 'yes', violation: false, message: expression }],
      };
    }
    return { answer: 'no', evidence: [missing('inventory', `not found: ${[...new Set(names)].join(', ')}`)] };
  },
};
