import type { Finding } from '../model/report.js';

/** One layer of a deployment, from the outside in: what of it stands, and what is missing. */
export interface Layer {
  readonly title: string;
  readonly stands: readonly Finding[];
  readonly missing: readonly Finding[];
  readonly open: readonly Finding[];
}

const layers: readonly (readonly [title: string, checks: readonly string[]])[] = [
  [
    'Entry: DNS, TLS, proxy',
    [
      'infrastructure/dns-records',
      'security/https-enforced',
      'infrastructure/reverse-proxy',
      'infrastructure/load-balancer',
      'performance/cdn',
      'api/rate-limiting',
    ],
  ],
  [
    'Application',
    [
      'performance/production-app-server',
      'performance/worker-processes',
      'containers/image-build-defined',
      'containers/non-root-user',
      'infrastructure/process-supervision',
      'reliability/graceful-shutdown',
    ],
  ],
  [
    'Database',
    [
      'database/production-engine',
      'database/connection-pooling',
      'database/versioned-migrations',
      'backup/automated-backups',
      'backup/restore-tested',
    ],
  ],
  ['Cache and shared state', ['cache/caching-implemented', 'api/rate-limit-shared-store', 'cache/redis-connectivity']],
  [
    'Observability',
    [
      'monitoring/health-endpoint',
      'monitoring/application-metrics',
      'monitoring/error-tracking',
      'logging/structured-logging',
      'monitoring/alert-rules-defined',
    ],
  ],
  ['Delivery', ['delivery/ci-pipeline', 'infrastructure/deployment-described', 'delivery/deployment-automated', 'delivery/rollback-ready']],
];

/** The deployment by its layers, of the checks that stand for each; layers of which nothing applies are left out. */
export function layersOf(all: readonly Finding[]): Layer[] {
  const byCheck = new Map(all.map((f) => [f.check, f]));
  return layers
    .map(([title, checks]) => {
      const members = checks.flatMap((check) => byCheck.get(check) ?? []);
      return {
        title,
        stands: members.filter((f) => f.outcome === 'pass'),
        missing: members.filter((f) => f.outcome === 'fail'),
        open: members.filter((f) => f.outcome === 'unknown' || f.outcome === 'error'),
      };
    })
    .filter((layer) => layer.stands.length + layer.missing.length + layer.open.length > 0);
}

/** A file of the repository, and what its evidence shows. */
export interface ImplementedFile {
  readonly path: string;
  readonly shows: readonly Finding[];
  readonly fails: readonly Finding[];
}

/** The files that most passing checks rest on, at most `most`; each with the checks that fail at a place in it. */
export function implementedIn(all: readonly Finding[], most: number): ImplementedFile[] {
  const files = new Map<string, { shows: Set<Finding>; fails: Set<Finding> }>();
  const of = (path: string) => {
    const known = files.get(path) ?? { shows: new Set(), fails: new Set() };
    files.set(path, known);
    return known;
  };
  for (const finding of all) {
    for (const { location, answer, violation } of finding.evidence) {
      if (!location) continue;
      if (finding.outcome === 'pass' && answer === 'yes') of(location.path).shows.add(finding);
      if (finding.outcome === 'fail' && violation) of(location.path).fails.add(finding);
    }
  }
  return [...files]
    .filter(([, { shows }]) => shows.size > 0)
    .sort(([a, x], [b, y]) => y.shows.size - x.shows.size || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([path, { shows, fails }]) => ({ path, shows: [...shows], fails: [...fails] }));
}
