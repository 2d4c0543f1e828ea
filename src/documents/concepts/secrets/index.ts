import type { Combiner, Reader } from '../../../model/document.js';
import { assignedLiterals } from './assigned.js';
import { kubernetesSecrets } from './kubernetes.js';
import { provider } from './provider.js';

export const secretsReaders: readonly Reader[] = [provider, assignedLiterals, kubernetesSecrets];

/** One credential seen by two readers is one item: the more specific rule of a line stays. */
export const secretsCombiner: Combiner = {
  kind: 'secrets',
  combine(items) {
    const rank = (rule: unknown) => (/^(?:assigned-literal|default-password|env-file|dockerfile-env)$/.test(String(rule)) ? 1 : 0);
    const specific = new Set(items.filter((i) => rank(i.rule) === 0).map((i) => `${i.path}:${i.line}`));
    return items.filter((i) => rank(i.rule) === 0 || !specific.has(`${i.path}:${i.line}`));
  },
};
