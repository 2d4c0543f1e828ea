import type { Item, Json, Reader } from '../../../model/document.js';
import { parseYaml } from '../../../safe/yaml.js';
import { at, bool, number, record, text, type JsonMap } from '../../json.js';

type Judge = (properties: JsonMap) => { engine: string } & Partial<Item>;

const flag = (value: Json | undefined, absent: boolean | null): boolean | null => (value === undefined ? absent : (bool(value) ?? null));

const rds =
  (cluster: boolean): Judge =>
  (p) => ({
    engine: /postgres/.test(text(p['Engine'])) ? 'postgres' : 'mysql',
    encrypted: flag(p['StorageEncrypted'], false),
    replicated: cluster ? null : flag(p['MultiAZ'], false),
    replicationOff: p['MultiAZ'] === false,
    // CloudFormation's default is one day.
    backups: number(p['BackupRetentionPeriod']) === 0 ? false : true,
    retentionDays: number(p['BackupRetentionPeriod']) ?? 1,
    pointInTime: number(p['BackupRetentionPeriod']) !== 0,
    insights: p['EnablePerformanceInsights'] === true,
    slowLog: p['EnablePerformanceInsights'] === true ? true : null,
    maintenance: p['PreferredMaintenanceWindow'] !== undefined ? true : null,
  });

/** DynamoDB encrypts and copies to several zones always; what was deleted comes back only from its point-in-time recovery. */
const dynamo: Judge = (p) => {
  const recovery = flag(at(p['PointInTimeRecoverySpecification'], 'PointInTimeRecoveryEnabled'), false);
  return { engine: 'dynamodb', encrypted: true, replicated: true, backups: recovery, pointInTime: recovery, retentionDays: 35 };
};

const globalDynamo: Judge = (p) => {
  const replicas = Array.isArray(p['Replicas']) ? p['Replicas'] : [];
  return dynamo({ ...record(replicas[0]) });
};

const types: Readonly<Record<string, Judge>> = {
  'AWS::RDS::DBInstance': rds(false),
  'AWS::RDS::DBCluster': rds(true),
  'AWS::DocDB::DBCluster': (p) => ({ ...rds(true)(p), engine: 'mongodb' }),
  'AWS::DynamoDB::Table': dynamo,
  'AWS::DynamoDB::GlobalTable': globalDynamo,
  'AWS::Serverless::SimpleTable': dynamo,
};

/** Databases in templates of CloudFormation and SAM, on top of what `blank` leaves open. */
export const databaseCloudFormation = (blank: Partial<Item>): Reader => ({
  name: 'database-servers/cloudformation',
  kind: 'database-servers',
  files: { paths: ['*.yaml', '*.yml', '*.json', '*.template'], roles: ['config'] },
  keywords: ['AWS::RDS::DB', 'AWS::DocDB::', 'AWS::DynamoDB::', 'AWS::Serverless::SimpleTable'],
  read(source) {
    const document = parseYaml(source.text).documents[0];
    const resources = record(at(document?.value, 'Resources') ?? at(document?.value, 'resources', 'Resources'));
    const above = at(document?.value, 'Resources') === undefined ? ['resources'] : [];
    const items = Object.entries(resources).flatMap(([name, resource]): Item[] => {
      const type = text(at(resource, 'Type'));
      const judge = Object.hasOwn(types, type) ? types[type] : undefined;
      if (!judge) return [];
      const line = document!.place([...above, 'Resources', name]).line;
      const judged = judge(record(at(resource, 'Properties')));
      return [{ ...blank, path: source.path, line, source: 'cloudformation', name, resource: type, managed: true, ...judged }];
    });
    return { items };
  },
});
