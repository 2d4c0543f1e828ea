import type { Document, Item, Json } from '../../../model/document.js';
import { bool, number, record, text, type JsonMap } from '../../json.js';
import { moduleCalls } from '../module-calls.js';

/** What a call of a published module says of the server that it sets up; null where only the module's version tells. */
type Judge = (inputs: JsonMap) => { engine: string } & Partial<Item>;

const engineOf = (engine: string): string =>
  /postgres/.test(engine) ? 'postgres' : /mysql|maria/.test(engine) ? 'mysql' : /sqlserver/.test(engine) ? 'sqlserver' : 'other';

const written = (value: Json | undefined, absent: boolean | null): boolean | null =>
  value === undefined ? absent : typeof value === 'string' && value.includes('${') ? null : (bool(value) ?? null);

const size = (value: Json | undefined): number | null =>
  Array.isArray(value) ? value.length : value !== null && typeof value === 'object' ? Object.keys(value).length : null;

/** What RDS and Aurora share; Aurora keeps at least one day of backups and every moment of it. */
const rds = (inputs: JsonMap, aurora: boolean): { engine: string } & Partial<Item> => {
  const days = inputs['backup_retention_period'] ?? inputs['retention_period'];
  const kept = days === undefined || typeof number(days) !== 'number' ? (aurora ? true : null) : number(days)! > 0;
  return {
    engine: engineOf(text(inputs['engine'])),
    // Both families encrypt unless they are told not to.
    encrypted: inputs['kms_key_id'] === undefined ? written(inputs['storage_encrypted'], true) : true,
    backups: kept,
    pointInTime: kept,
    retentionDays: number(days),
    replicationOff: inputs['multi_az'] === false,
    insights: inputs['performance_insights_enabled'] === true || (number(inputs['monitoring_interval']) ?? 0) > 0,
    slowLog: inputs['performance_insights_enabled'] === true ? true : null,
    maintenance: inputs['maintenance_window'] !== undefined || inputs['preferred_maintenance_window'] !== undefined ? true : null,
    noFinalSnapshot: inputs['skip_final_snapshot'] === true,
  };
};

const cloudSql = (inputs: JsonMap, engine: string): { engine: string } & Partial<Item> => {
  const backup = record(inputs['backup_configuration']);
  const availability = text(inputs['availability_type']);
  return {
    engine,
    encrypted: true,
    replicated: availability.includes('${') ? null : availability === 'REGIONAL' || (size(inputs['read_replicas']) ?? 0) > 0,
    replicationOff: availability === 'ZONAL',
    backups: written(backup['enabled'], false),
    pointInTime: written(backup['point_in_time_recovery_enabled'] ?? backup['binary_log_enabled'], false),
    insights: inputs['insights_config'] !== undefined,
    slowLog: inputs['insights_config'] !== undefined ? true : null,
  };
};

/** Modules of the Terraform Registry that set up a database, by their source. */
const modules: readonly (readonly [source: RegExp, judge: Judge])[] = [
  [
    /^(?:app\.terraform\.io\/)?terraform-aws-modules\/rds\/aws(?:$|\/\/)/,
    (a) => ({ ...rds(a, false), replicated: written(a['multi_az'], false) }),
  ],
  [
    /^terraform-aws-modules\/rds-aurora\/aws(?:$|\/\/)/,
    (a) => ({ ...rds(a, true), replicated: size(a['instances']) === null ? null : size(a['instances'])! >= 2 }),
  ],
  [/^cloudposse\/rds\/aws(?:$|\/\/)/, (a) => ({ ...rds(a, false), replicated: written(a['multi_az'], false) })],
  [
    /^cloudposse\/rds-cluster\/aws(?:$|\/\/)/,
    (a) => ({ ...rds(a, true), encrypted: written(a['storage_encrypted'], false), replicated: (number(a['cluster_size']) ?? 2) >= 2 }),
  ],
  [/^(?:terraform-google-modules|GoogleCloudPlatform)\/sql-db\/google\/\/modules\/postgresql/, (a) => cloudSql(a, 'postgres')],
  [/^(?:terraform-google-modules|GoogleCloudPlatform)\/sql-db\/google\/\/modules\/mysql/, (a) => cloudSql(a, 'mysql')],
  [
    /^terraform-aws-modules\/dynamodb-table\/aws(?:$|\/\/)/,
    (a) => ({
      engine: 'dynamodb',
      encrypted: true,
      replicated: true,
      backups: written(a['point_in_time_recovery_enabled'], false),
      pointInTime: written(a['point_in_time_recovery_enabled'], false),
      retentionDays: 35,
    }),
  ],
];

/** Databases that calls of published modules set up, on top of what `blank` leaves open. */
export const fromModules = (documents: readonly Document[], blank: Partial<Item>): Item[] =>
  moduleCalls(documents).flatMap(({ path, line, name, source, inputs }): Item[] => {
    const judge = modules.find(([pattern]) => pattern.test(source))?.[1];
    if (!judge) return [];
    const judged = judge(inputs);
    const raw = JSON.stringify(inputs);
    return [
      {
        ...blank,
        path,
        line,
        source: 'terraform',
        name,
        resource: source,
        managed: true,
        ...judged,
        slowLog: judged.slowLog ?? (/log_min_duration_statement|slow_query_log/.test(raw) ? true : null),
        tlsRequired: /rds\.force_ssl|require_secure_transport|ENCRYPTED_ONLY/.test(raw) ? true : null,
      },
    ];
  });
