import type { Combiner, Reader } from '../../../model/document.js';
import { composeWorkloads } from './compose.js';
import { ecs, ecsFromTerraform, ecsWorkloads } from './ecs.js';
import { kubernetesWorkloads } from './kubernetes.js';
import { composeRemarks, documentRemarks } from './remarks.js';
import { asItem, Ownership } from './shape.js';

export { productionComposeFiles } from './production-compose.js';

export const workloadReaders: readonly Reader[] = [ecs, composeRemarks, documentRemarks];

/** The concept `workloads`: one item a container that Compose, Kubernetes, Helm, Cloud Run or ECS would run. */
export const workloads: Combiner = {
  kind: 'workloads',
  uses: [
    'compose',
    'compose-remarks',
    'dockerfile',
    'kubernetes',
    'helm-template',
    'helm-chart',
    'helm-values',
    'terraform',
    'kustomization',
    'skaffold',
    'workflow',
    'action',
    'ecs',
  ],
  combine(items, all) {
    const files = new Map(all.files.map((f) => [f.path, f]));
    const ownership = new Ownership(all.files, all.documents);
    return [
      ...items,
      ...[
        ...composeWorkloads(all.documents('compose'), all.documents('dockerfile'), all.documents('compose-remarks'), files, ownership),
        ...kubernetesWorkloads(all.documents('kubernetes'), all.documents('kustomization'), files, ownership),
        ...ecsWorkloads([...all.documents('ecs'), ...ecsFromTerraform(all.documents('terraform'))], ownership),
      ].map(asItem),
    ];
  },
};
