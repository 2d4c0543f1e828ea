import type { Collected, Combiner, Document, Item, Json, Reader } from '../../../model/document.js';
import { parseYaml } from '../../../safe/yaml.js';
import { at, bool, documentOf, list, number, record, text, type JsonMap } from '../../json.js';
import { imageName } from '../workloads/roles.js';
import { databaseBicep } from './bicep.js';
import { databaseCloudFormation } from './cloudformation.js';
import { fromModules } from './modules.js';

const engines: readonly (readonly [engine: string, image: RegExp])[] = [
  [
    'postgres',
    /^(?:postgres(?:ql)?(?!.*(?:exporter|backup|operator)).*|postgis|timescaledb(?:-ha)?|pgvector|spilo.*|supabase-postgres|citus)$/,
  ],
  ['mysql', /^(?:mysql(?:-server)?|mariadb(?:-galera)?|percona(?:-server|-xtradb-cluster)?)$/],
  ['mongodb', /^(?:mongo(?:db)?(?:-sharded|-community-server)?|percona-server-mongodb|ferretdb)$/],
  ['sqlserver', /^(?:server|azure-sql-edge|mssql.*)$/],
  ['oracle', /^(?:oracle.*|free|express)$/],
  ['cockroachdb', /^(?:cockroach(?:db)?|yugabyte|tidb)$/],
  [
    'other',
    /^(?:cassandra|scylla|clickhouse(?:-server)?|couchdb|couchbase|neo4j|influxdb|rethinkdb|arangodb|surrealdb|db2|firebird|dgraph)$/,
  ],
];

/** The engine that an image runs, '' where it is no database server. */
export function engineOfImage(image: string): string {
  const name = imageName(image);
  if (name === 'server' && !/mssql\//.test(image)) return '';
  if ((name === 'free' || name === 'express') && !/oracle\.com/.test(image)) return '';
  return engines.find(([, pattern]) => pattern.test(name))?.[0] ?? '';
}

const confFiles = ['postgresql*.conf', 'pg_hba.conf', 'my.cnf', 'mysqld.cnf', 'mongod.conf', '*.cnf'];
const engineOfConf = (path: string): string => (/pg_hba|postgres/.test(path) ? 'postgres' : /mongod/.test(path) ? 'mongodb' : 'mysql');

/** Server configuration files as raw text, for the combiner. Files of tests, samples and other tools' .cnf are none. */
const databaseConf: Reader = {
  name: 'database-servers/conf',
  kind: 'database-servers',
  files: { paths: confFiles, roles: ['config', 'product', 'script', 'other'] },
  keywords: [
    'mysqld',
    'listen_addresses',
    'shared_buffers',
    'max_connections',
    'log_',
    'ssl',
    'scram-sha-256',
    'md5',
    'storage',
    'autovacuum',
    'wal_level',
    'archive_mode',
    'host ',
    'slow_query_log',
  ],
  read(source) {
    const mysql = source.path.endsWith('.cnf');
    if (mysql && !/\[(?:mysqld|mariadb|server)\]/.test(source.code)) return {};
    return { items: [{ path: source.path, line: 1, conf: source.code.slice(0, 60_000), variant: source.file.variant }] };
  },
};

const blank = {
  managed: false,
  production: true,
  resource: '',
  encrypted: null,
  replicated: null,
  replicationOff: false,
  backups: null,
  retentionDays: null,
  pointInTime: null,
  slowLog: null,
  insights: false,
  maintenance: null,
  tlsRequired: null,
  noFinalSnapshot: false,
  variant: 'base',
} satisfies Partial<Item>;

const on = (written: string, pattern: RegExp): boolean | null => {
  const value = [...written.matchAll(pattern)].at(-1)?.[1]?.toLowerCase();
  return value === undefined ? null : !/^(?:off|0|no|false|none)$/.test(value);
};

/** What server arguments (`-c name=value`, `--name=value`) and configuration files say. */
function settingsOf(written: string): Partial<Item> {
  const slow = [...written.matchAll(/log[_-]min[_-]duration[_-](?:statement|sample)["']?\s*[=: ]\s*["']?(-?\d+)/g)].at(-1)?.[1];
  const slowMysql =
    on(written, /slow[_-]query[_-]log["']?\s*[=: ]\s*["']?(\w+)/g) ?? (/(?:--|^\s*)slow[_-]query[_-]log\s*$/m.test(written) ? true : null);
  const mongo = /operationProfiling|--slowms|--profile\b|slowOpThresholdMs/.test(written) ? true : null;
  const explain = /auto_explain/.test(written) ? true : null;
  const archive = on(written, /archive[_-]mode["']?\s*[=: ]\s*["']?(\w+)/g);
  const vacuum = on(written, /(?:^|[\s"'-]|-c\s*)autovacuum["']?\s*[=: ]\s*["']?(\w+)/gm);
  return {
    slowLog: slow !== undefined ? Number(slow) >= 0 : (slowMysql ?? mongo ?? explain),
    pointInTime: archive,
    maintenance: vacuum === false ? false : /autovacuum_(?!max_workers)\w+\s*[=: ]/.test(written) ? true : null,
    insights: /pg_stat_statements|performance[_-]schema\s*=\s*(?:on|1)/i.test(written),
    tlsRequired:
      on(written, /require_secure_transport["']?\s*[=: ]\s*["']?(\w+)/g) ??
      (/^\s*hostssl\b/m.test(written) && !/^\s*host\s/m.test(written) ? true : null) ??
      (/mode:\s*requireTLS|--tlsMode[= ]requireTLS/.test(written) ? true : null),
    encrypted:
      /pg_tde|innodb_encrypt_tables\s*=\s*(?:on|force|1)|innodb-encrypt-tables|default_table_encryption\s*=\s*on|--enableEncryption|enableEncryption:\s*true/i.test(
        written,
      )
        ? true
        : null,
    replicated: /primary_conninfo|hot_standby\s*=\s*on|--replSet|replSetName|wsrep_cluster_address|group_replication/.test(written)
      ? true
      : null,
  };
}

function running(all: Collected, confs: readonly Item[]): Item[] {
  const workloads = all.items('workloads').filter((w) => w['optIn'] !== true && w['init'] !== true);
  const servers = workloads.filter(
    (w) =>
      engineOfImage(String(w['image'])) !== '' &&
      !/backup|dump|restore|migrat|init|seed|exporter/i.test(String(w['name']) + String(w['container'])),
  );
  const classes = all
    .documents('kubernetes')
    .filter(
      (d) => text(at(d.root, 'kind')) === 'StorageClass' && /encrypted:\s*["']?true/.test(JSON.stringify(d.root).replaceAll('"', '')),
    );
  return servers.map((w) => {
    const image = String(w['image']);
    const engine = engineOfImage(image);
    const own = confs.filter((c) => engineOfConf(c.path) === engine).map((c) => String(c['conf']));
    const environment = list(w['env'] as Json).map((e) => `${text(at(e, 'name'))}=${text(at(e, 'value'))}`);
    const written = [...own, String(w['command']), ...environment].join('\n');
    const said = settingsOf(written);
    const same = servers.filter((o) => engineOfImage(String(o['image'])) === engine && o.path === w.path);
    const cluster =
      /replication|galera|repmgr|-ha$|patroni|spilo|cluster/.test(imageName(image)) ||
      environment.some((e) => /REPLICATION_MODE=|PATRONI_|REPMGR_|GALERA|MONGODB_REPLICA_SET/.test(e));
    return {
      ...blank,
      ...said,
      path: w.path,
      line: w.line,
      source: String(w['source']),
      name: String(w['name']),
      engine,
      resource: image,
      production: w['production'] === true,
      encrypted: said.encrypted ?? (classes.length > 0 ? true : null),
      replicated:
        said.replicated === true || cluster || engine === 'cockroachdb'
          ? same.length > 1 || cluster || (said.replicated ?? false)
          : same.length > 1 && same.some((o) => /slave|replica|standby|secondary/.test(String(o['name'])))
            ? true
            : false,
      variant: String(w['variant'] ?? 'base'),
    };
  });
}

/** Custom resources of database operators. */
function operated(documents: readonly Document[]): Item[] {
  return documents.flatMap((document): Item[] => {
    const api = text(at(document.root, 'apiVersion'));
    const kind = text(at(document.root, 'kind'));
    const spec = record(at(document.root, 'spec'));
    const item = (engine: string, more: Partial<Item>): Item[] => [
      {
        ...blank,
        path: document.path,
        line: document.place(['kind']).line ?? 1,
        source: 'operator',
        name: text(at(document.root, 'metadata', 'name')),
        engine,
        resource: `${api} ${kind}`,
        ...more,
      },
    ];
    if (api.startsWith('postgresql.cnpg.io') && kind === 'Cluster') {
      const archived =
        at(spec, 'backup', 'barmanObjectStore') !== undefined ||
        list(spec['plugins']).some((p) => /barman-cloud/.test(text(at(p, 'name'))));
      return item('postgres', { replicated: (number(spec['instances']) ?? 1) >= 2, pointInTime: archived, ...pickText(spec) });
    }
    if (api.startsWith('acid.zalan.do') && kind === 'postgresql')
      return item('postgres', { replicated: (number(spec['numberOfInstances']) ?? 1) >= 2, ...pickText(spec) });
    if (api.startsWith('postgres-operator.crunchydata.com') && kind === 'PostgresCluster')
      return item('postgres', {
        replicated: (number(at(list(spec['instances'])[0], 'replicas')) ?? 1) >= 2,
        pointInTime: at(spec, 'backups', 'pgbackrest') !== undefined ? true : null,
        ...pickText(spec),
      });
    if (/percona\.com/.test(api) && /PerconaXtraDBCluster|PerconaServerMongoDB|PerconaPGCluster/.test(kind))
      return item(/Mongo/.test(kind) ? 'mongodb' : /PG/.test(kind) ? 'postgres' : 'mysql', { replicated: true, ...pickText(spec) });
    if (/mysql\.oracle\.com/.test(api) && kind === 'InnoDBCluster')
      return item('mysql', { replicated: (number(spec['instances']) ?? 1) >= 2 });
    if (/mongodb(?:community)?\.mongodb\.com/.test(api) && kind.startsWith('MongoDB'))
      return item('mongodb', { replicated: (number(spec['members']) ?? 1) >= 3 });
    return [];
  });
}
const pickText = (spec: JsonMap): Partial<Item> => {
  const { slowLog, insights } = settingsOf(JSON.stringify(spec).replaceAll('"', ' '));
  return { slowLog: slowLog ?? null, insights: insights ?? false };
};

type Judge = (attributes: JsonMap, blocks: readonly Json[], raw: string) => { engine: string } & Partial<Item>;
const block = (blocks: readonly Json[], type: string): Json | undefined => blocks.find((b) => text(at(b, 'type')) === type);
const dynamic = (value: Json | undefined): boolean => typeof value === 'string' && value.includes('${');
const flag = (value: Json | undefined, absent: boolean | null): boolean | null => (value === undefined ? absent : (bool(value) ?? null));

const rds: Judge = (a) => ({
  engine: /postgres/.test(text(a['engine']))
    ? 'postgres'
    : /mysql|maria/.test(text(a['engine']))
      ? 'mysql'
      : /sqlserver/.test(text(a['engine']))
        ? 'sqlserver'
        : text(a['engine']) || 'other',
  encrypted:
    a['kms_key_id'] !== undefined
      ? true
      : a['snapshot_identifier'] !== undefined && a['storage_encrypted'] === undefined
        ? null
        : flag(a['storage_encrypted'], false),
  replicated: flag(a['multi_az'], false),
  replicationOff: a['multi_az'] === false,
  // The provider's default is 0 for instances and 1 for clusters.
  retentionDays: number(a['backup_retention_period']),
  backups: dynamic(a['backup_retention_period'])
    ? null
    : a['backup_retention_period'] === undefined
      ? a['replicate_source_db'] !== undefined
        ? null
        : false
      : (number(a['backup_retention_period']) ?? 0) > 0,
  pointInTime: dynamic(a['backup_retention_period']) ? null : (number(a['backup_retention_period']) ?? 0) > 0,
  insights:
    a['performance_insights_enabled'] === true ||
    (number(a['monitoring_interval']) ?? 0) > 0 ||
    text(a['database_insights_mode']) === 'advanced',
  slowLog: a['performance_insights_enabled'] === true ? true : null,
  maintenance: a['maintenance_window'] !== undefined || a['preferred_maintenance_window'] !== undefined ? true : null,
  noFinalSnapshot: a['skip_final_snapshot'] === true,
});

/** Flags of Cloud SQL: `database_flags { name = ..., value = ... }` below settings. */
const cloudSql: Judge = (a, blocks, raw) => {
  const settings = block(blocks, 'settings');
  const inner = list(at(settings, 'blocks'));
  const backup = record(at(block(inner, 'backup_configuration'), 'attributes'));
  const network = record(at(block(inner, 'ip_configuration'), 'attributes'));
  const availability = text(at(settings, 'attributes', 'availability_type'));
  return {
    engine: /MYSQL/.test(text(a['database_version'])) ? 'mysql' : /SQLSERVER/.test(text(a['database_version'])) ? 'sqlserver' : 'postgres',
    encrypted: true,
    replicated: dynamic(availability) ? null : availability === 'REGIONAL',
    replicationOff: availability === 'ZONAL',
    backups: flag(backup['enabled'], false),
    retentionDays:
      number(
        at(block(list(at(block(inner, 'backup_configuration'), 'blocks')), 'backup_retention_settings'), 'attributes', 'retained_backups'),
      ) ?? (backup['enabled'] === true ? 7 : null),
    pointInTime: flag(backup['point_in_time_recovery_enabled'] ?? backup['binary_log_enabled'], false),
    insights: block(inner, 'insights_config') !== undefined,
    slowLog:
      block(inner, 'insights_config') !== undefined || /log_min_duration_statement|slow_query_log/.test(raw)
        ? !/log_min_duration_statement[^}]*value[^}]*"-1"/.test(raw)
        : null,
    maintenance: block(inner, 'maintenance_window') !== undefined ? true : null,
    tlsRequired: network['require_ssl'] === true || /ENCRYPTED_ONLY|TRUSTED_CLIENT/.test(text(network['ssl_mode'])) ? true : null,
  };
};

const azure =
  (engine: string): Judge =>
  (a, blocks) => ({
    engine,
    encrypted: true,
    replicated: block(blocks, 'high_availability') !== undefined || a['zone_redundant'] === true || text(a['sku_name']).startsWith('BC_'),
    backups: true,
    retentionDays: number(a['backup_retention_days']) ?? 7,
    pointInTime: true,
    maintenance: block(blocks, 'maintenance_window') !== undefined ? true : null,
    tlsRequired: a['ssl_enforcement_enabled'] === true ? true : engine === 'sqlserver' ? true : null,
  });

const always =
  (engine: string, more: Partial<Item> = {}): Judge =>
  () => ({ engine, encrypted: true, replicated: true, backups: true, pointInTime: true, ...more });

/** Managed servers by resource type of Terraform. */
const resources: Record<string, Judge> = {
  aws_db_instance: rds,
  aws_rds_cluster: (a, b, raw) => ({
    ...rds(a, b, raw),
    retentionDays: number(a['backup_retention_period']) ?? 1,
    backups: a['backup_retention_period'] === 0 ? false : true,
    pointInTime: true,
    replicated: null,
    replicationOff: false,
  }),
  aws_docdb_cluster: (a, b, raw) => ({
    ...rds(a, b, raw),
    engine: 'mongodb',
    backups: a['backup_retention_period'] === 0 ? false : true,
    retentionDays: number(a['backup_retention_period']) ?? 1,
    pointInTime: true,
    replicated: null,
  }),
  aws_dynamodb_table: (_, blocks) => ({
    engine: 'dynamodb',
    encrypted: true,
    replicated: true,
    backups: at(block(blocks, 'point_in_time_recovery'), 'attributes', 'enabled') === true,
    pointInTime: at(block(blocks, 'point_in_time_recovery'), 'attributes', 'enabled') === true,
    retentionDays: 35,
  }),
  google_sql_database_instance: cloudSql,
  google_alloydb_cluster: () => ({
    engine: 'postgres',
    encrypted: true,
    replicated: null,
    backups: true,
    pointInTime: true,
    retentionDays: 14,
    insights: true,
    slowLog: true,
  }),
  google_spanner_instance: always('spanner'),
  azurerm_postgresql_flexible_server: azure('postgres'),
  azurerm_postgresql_server: azure('postgres'),
  azurerm_mysql_flexible_server: azure('mysql'),
  azurerm_mysql_server: azure('mysql'),
  azurerm_mssql_database: azure('sqlserver'),
  azurerm_cosmosdb_account: always('cosmosdb'),
  digitalocean_database_cluster: (a) => ({
    engine: /pg|postgres/.test(text(a['engine'])) ? 'postgres' : /mysql/.test(text(a['engine'])) ? 'mysql' : text(a['engine']),
    encrypted: true,
    replicated: (number(a['node_count']) ?? 1) > 1,
    backups: true,
    pointInTime: true,
    retentionDays: 7,
    maintenance: null,
  }),
  mongodbatlas_cluster: (a) => ({
    engine: 'mongodb',
    encrypted: true,
    replicated: true,
    backups: flag(a['cloud_backup'] ?? a['backup_enabled'], null),
    pointInTime: flag(a['pit_enabled'], null),
  }),
  mongodbatlas_advanced_cluster: (a) => ({
    engine: 'mongodb',
    encrypted: true,
    replicated: true,
    backups: flag(a['backup_enabled'], null),
    pointInTime: flag(a['pit_enabled'], null),
  }),
  neon_project: always('postgres'),
  planetscale_database: always('mysql'),
};

function declared(documents: readonly Document[]): Item[] {
  const every = documents.flatMap((document) => list(at(document.root, 'resource')).map((resource, i) => ({ document, resource, i })));
  const instances = every.filter(({ resource }) => text(at(resource, 'type')) === 'aws_rds_cluster_instance');
  const readers = every.some(
    ({ resource }) =>
      at(resource, 'attributes', 'replicate_source_db') !== undefined || at(resource, 'attributes', 'master_instance_name') !== undefined,
  );
  const groups = JSON.stringify(
    every
      .filter(({ resource }) => /aws_(?:db|rds_cluster)_parameter_group/.test(text(at(resource, 'type'))))
      .map(({ resource }) => resource),
  );
  const groupSlow = /log_min_duration_statement|slow_query_log/.test(groups) ? !/"log_min_duration_statement"[^}]*"-1"/.test(groups) : null;
  const groupTls = /rds\.force_ssl[^}]*"?1"?|require_secure_transport[^}]*(?:"?1"?|ON)/.test(groups) ? true : null;
  return every.flatMap(({ document, resource, i }): Item[] => {
    const type = text(at(resource, 'type'));
    const judge = Object.hasOwn(resources, type) ? resources[type] : undefined;
    if (!judge) return [];
    const attributes = record(at(resource, 'attributes'));
    const judged = judge(attributes, list(at(resource, 'blocks')), JSON.stringify(resource));
    if (type === 'digitalocean_database_cluster' && /redis|valkey|kafka/.test(judged.engine)) return [];
    const replica = attributes['replicate_source_db'] !== undefined || attributes['master_instance_name'] !== undefined;
    if (replica) return [];
    const counted = instances.reduce(
      (sum, { resource: r }) => sum + (number(at(r, 'attributes', 'count')) ?? (at(r, 'attributes', 'for_each') !== undefined ? 2 : 1)),
      0,
    );
    const aws = type.startsWith('aws_');
    return [
      {
        ...blank,
        path: document.path,
        line: number(at(resource, 'line')) ?? document.place(['resource', i]).line ?? 1,
        source: 'terraform',
        name: text(at(resource, 'name')),
        resource: type,
        managed: true,
        ...judged,
        slowLog: judged.slowLog ?? (aws ? groupSlow : null),
        tlsRequired: judged.tlsRequired ?? (aws ? groupTls : null),
        replicated:
          judged.replicated === true || readers
            ? true
            : type === 'aws_rds_cluster'
              ? counted >= 2 || attributes['serverlessv2_scaling_configuration'] !== undefined
              : (judged.replicated ?? null),
      },
    ];
  });
}

/** Databases of platforms' own files. */
const platforms: Reader = {
  name: 'database-servers/platforms',
  kind: 'database-servers',
  files: { paths: ['*.yaml', '*.yml'], roles: ['config'] },
  keywords: ['databases:'],
  read(source) {
    const first = parseYaml(source.text).documents[0];
    if (!first) return {};
    const document = documentOf('yaml', source.path, first.value, first.place);
    const items: Item[] = [];
    if (/(?:^|\/)render\.ya?ml$/.test(document.path))
      list(at(document.root, 'databases')).forEach((database, i) =>
        items.push({
          ...blank,
          path: document.path,
          line: document.place(['databases', i]).line ?? 1,
          source: 'render',
          name: text(at(database, 'name')),
          engine: 'postgres',
          resource: 'render database',
          managed: true,
          encrypted: true,
          replicated: at(database, 'highAvailability', 'enabled') === true || list(at(database, 'readReplicas')).length > 0,
          backups: text(at(database, 'plan')) !== 'free',
          pointInTime: text(at(database, 'plan')) !== 'free',
        }),
      );
    return { items };
  },
};

/** Readers of what declares databases, beside Terraform. */
export const databaseReaders: readonly Reader[] = [databaseConf, platforms, databaseCloudFormation(blank), databaseBicep(blank)];

/** The concept `database-servers`. A configuration file that no container explains stands for a server on a host. */
export const databaseServers: Combiner = {
  kind: 'database-servers',
  uses: ['workloads', 'kubernetes', 'terraform'],
  combine(items, all) {
    const confs = items.filter((i) => typeof i['conf'] === 'string');
    const containers = running(all, confs);
    const loose = confs
      .filter((c) => !/pg_hba/.test(c.path) && !containers.some((s) => s['engine'] === engineOfConf(c.path)))
      .map((c) => ({
        ...blank,
        ...settingsOf(String(c['conf'])),
        path: c.path,
        line: 1,
        source: 'config',
        name: c.path.split('/').at(-1)!,
        engine: engineOfConf(c.path),
        resource: '',
        variant: String(c['variant'] ?? 'base'),
      }));
    return [
      ...containers,
      ...loose,
      ...operated(all.documents('kubernetes')),
      ...declared(all.documents('terraform')),
      ...fromModules(all.documents('terraform'), blank),
      ...items.filter((i) => i['conf'] === undefined),
    ];
  },
};
