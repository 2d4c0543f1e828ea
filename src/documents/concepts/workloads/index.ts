import type { Combiner, Reader } from '../../../model/document.js';
import { composeWorkloads } from './compose.js';
import { ecs, ecsFromTerraform, ecsWorkloads } from './ecs.js';
import { kubernetesWorkloads } from './kubernetes.js';
import { packageNames } from './own-names.js';
import { composeRemarks, documentRemarks } from './remarks.js';
import { asItem, Ownership, type Workload } from './shape.js';

export { productionComposeFiles } from './production-compose.js';

export const workloadReaders: readonly Reader[] = [ecs, composeRemarks, documentRemarks, packageNames];

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
    'scripts',
    'package-names',
    'ecs',
  ],
  combine(items, all) {
    const files = new Map(all.files.map((f) => [f.path, f]));
    const ownership = new Ownership(all.files, all.documents);
    return [
      ...items,
      ...withOneShots([
        ...composeWorkloads(all.documents('compose'), all.documents('dockerfile'), all.documents('compose-remarks'), files, ownership),
        ...kubernetesWorkloads(all.documents('kubernetes'), all.documents('kustomization'), files, ownership),
        ...ecsWorkloads([...all.documents('ecs'), ...ecsFromTerraform(all.documents('terraform'))], ownership),
      ]).map(asItem),
    ];
  },
};

const endsByItself =
  /\b(?:migrate(?::\w+)?|migrations?|db:(?:migrate|prepare|setup|seed|deploy)|collectstatic|createsuperuser|seed(?::\w+)?|alembic upgrade|flyway|liquibase|prestart)\b/;
const keepsRunning = /&&\s*(?!.*\b(?:migrate|seed|collectstatic)\b)\S|;\s*\S|\bexec\b|\|\|/;

/** Jobs, init containers, migrations, and services that another one waits for until they have completed. */
function withOneShots(items: readonly Workload[]): Workload[] {
  const awaited = new Set(
    items.flatMap((w) => w.dependsOn.filter((d) => d.condition === 'service_completed_successfully').map((d) => `${w.path}\n${d.service}`)),
  );
  return items.map((w) => {
    const migrates = endsByItself.test(w.command) && !keepsRunning.test(w.command);
    const named =
      w.source === 'compose' &&
      /^(?:.*[-_])?(?:migrate|migrations?|prestart|init|seed|setup|certs?-init)(?:[-_].*)?$/i.test(w.name) &&
      w.ports.length === 0;
    const oneShot = w.init || /^(?:Job|CronJob)$/.test(w.kind) || awaited.has(`${w.path}\n${w.name}`) || migrates || named;
    return oneShot ? { ...w, oneShot } : w;
  });
}
