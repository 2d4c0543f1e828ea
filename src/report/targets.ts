import type { Evidence } from '../model/evidence.js';
import type { Finding } from '../model/report.js';
import { mainEvidence } from './words.js';

/** Numbers that an operator steers by, and whether the repository states them. */
export interface TargetGroup {
  readonly title: string;
  readonly rows: readonly TargetRow[];
}

export interface TargetRow {
  readonly finding: Finding;
  readonly state: 'declared' | 'observed' | 'attested' | 'missing' | 'wrong' | 'not verified';
  /** What states it; '' where nothing does. */
  readonly detail: string;
  /** The words of the place, where they say more; '' where they don't. */
  readonly quote: string;
  readonly evidence: Evidence | undefined;
}

const groups: readonly (readonly [title: string, checks: readonly string[]])[] = [
  [
    'Performance and availability targets',
    [
      'monitoring/service-level-objectives',
      'monitoring/slo-met',
      'performance/api-response-time',
      'performance/page-load-time',
      'performance/database-query-time',
      'performance/resource-usage',
      'testing/coverage-threshold',
    ],
  ],
  [
    'Alert thresholds',
    [
      'monitoring/alert-service-down',
      'monitoring/alert-error-rate',
      'monitoring/alert-latency',
      'monitoring/alert-memory',
      'monitoring/alert-cpu',
      'monitoring/alert-disk',
      'monitoring/alert-database-connections',
      'monitoring/alert-certificate-expiry',
      'backup/failure-alert',
      'monitoring/alert-notification-channel',
      'monitoring/alerts-functioning',
    ],
  ],
  [
    'Recovery and retention',
    [
      'backup/recovery-objectives',
      'backup/automated-backups',
      'backup/retention-policy',
      'backup/recent-backup-exists',
      'data-protection/retention-policy',
      'infrastructure/disk-space',
    ],
  ],
];

/** Targets, alert thresholds and objectives that apply; groups of which nothing applies are left out. */
export function targetsOf(all: readonly Finding[]): TargetGroup[] {
  const byCheck = new Map(all.map((f) => [f.check, f]));
  return groups
    .map(([title, checks]) => ({
      title,
      rows: checks.flatMap((check) => {
        const finding = byCheck.get(check);
        return finding && finding.outcome !== 'not-applicable' ? [rowOf(finding)] : [];
      }),
    }))
    .filter((group) => group.rows.length > 0);
}

function rowOf(finding: Finding): TargetRow {
  const evidence = mainEvidence(finding);
  const detail = finding.outcome === 'pass' ? (finding.attestation?.statement ?? evidence?.message ?? finding.summary) : '';
  const quote = finding.outcome === 'pass' && evidence?.excerpt && !detail.includes(evidence.excerpt) ? evidence.excerpt : '';
  return { finding, state: stateOf(finding), detail, quote, evidence };
}

function stateOf({ outcome, kind, rung, attestation }: Finding): TargetRow['state'] {
  if (attestation) return 'attested';
  if (outcome === 'pass') return rung === 'observed' ? 'observed' : 'declared';
  if (outcome === 'fail') return kind === 'missing' ? 'missing' : 'wrong';
  return 'not verified';
}
