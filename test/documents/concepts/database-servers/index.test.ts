import { expect, test } from 'vitest';
import { engineOfImage } from '../../../../src/documents/concepts/database-servers/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function servers(files: Record<string, string>) {
  const { items } = await collect('database-servers', { Dockerfile: 'FROM node:22\nCMD ["node", "server.js"]\n', ...files });
  return items.map((item) => concepts['database-servers'].strict().parse(item));
}

test.each([
  ['postgres:16', 'postgres'],
  ['bitnami/postgresql-repmgr:16', 'postgres'],
  ['prom/postgres-exporter', ''],
  ['mcr.microsoft.com/mssql/server:2022-latest', 'sqlserver'],
  ['vaultwarden/server', ''],
  ['elasticsearch:8', ''],
  ['mongo:7', 'mongodb'],
])('the engine of %s', (image, engine) => {
  expect(engineOfImage(image)).toBe(engine);
});

test('a container with its arguments', async () => {
  const found = await servers({
    'docker-compose.prod.yml':
      'services:\n  app: { build: . }\n  db:\n    image: postgres:16\n    command: postgres -c log_min_duration_statement=500 -c archive_mode=on\n',
  });
  expect(found).toMatchObject([
    { engine: 'postgres', managed: false, production: true, slowLog: true, pointInTime: true, replicated: false, encrypted: null },
  ]);
});

test('a configuration file stands for a server on a host; comments in it say nothing', async () => {
  expect(await servers({ 'deploy/postgresql.conf': 'max_connections = 100\n# archive_mode = on\nautovacuum = off\n' })).toMatchObject([
    { source: 'config', pointInTime: null, maintenance: false },
  ]);
});

test('managed servers with the defaults of their provider', async () => {
  const found = await servers({
    'db.tf':
      'resource "aws_db_instance" "a" {\n  engine = "postgres"\n}\nresource "aws_db_instance" "b" {\n  engine = "mysql"\n  storage_encrypted = true\n  multi_az = true\n  backup_retention_period = 14\n}\nresource "google_sql_database_instance" "c" {\n  settings {\n    availability_type = "ZONAL"\n    backup_configuration {\n      enabled = true\n    }\n  }\n}\n',
  });
  expect(found).toMatchObject([
    { name: 'a', encrypted: false, backups: false, replicated: false, replicationOff: false },
    { name: 'b', encrypted: true, backups: true, retentionDays: 14, replicated: true },
    { name: 'c', encrypted: true, backups: true, pointInTime: false, replicationOff: true },
  ]);
});

test('resources of an operator', async () => {
  expect(
    await servers({
      'k8s/db.yaml': 'apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: { name: shop }\nspec: { instances: 3 }\n',
    }),
  ).toMatchObject([{ source: 'operator', replicated: true }]);
});

test('calls of published modules, with the defaults of the module or of the service', async () => {
  const found = await servers({
    'infra/a.tf':
      'module "orders" {\n  source = "terraform-aws-modules/rds-aurora/aws"\n  engine = "aurora-postgresql"\n  instances = {\n    one = {}\n  }\n  skip_final_snapshot = true\n}\n',
    'infra/b.tf':
      'module "shop" {\n  source = "terraform-aws-modules/rds/aws//modules/db_instance"\n  engine = "mysql"\n  multi_az = true\n  storage_encrypted = false\n  backup_retention_period = 14\n}\n',
    'infra/c.tf': 'module "own" {\n  source = "./rds"\n  engine = "postgres"\n}\n',
    'infra/d.tf':
      'module "sql" {\n  source = "terraform-google-modules/sql-db/google//modules/postgresql"\n  availability_type = "REGIONAL"\n  backup_configuration = {\n    enabled = true\n  }\n}\n',
  });
  expect(found).toMatchObject([
    { name: 'orders', engine: 'postgres', managed: true, encrypted: true, replicated: false, backups: true, noFinalSnapshot: true },
    { name: 'shop', engine: 'mysql', encrypted: false, replicated: true, backups: true, retentionDays: 14 },
    { name: 'sql', engine: 'postgres', encrypted: true, replicated: true, backups: true, pointInTime: false },
  ]);
});

test('templates of CloudFormation and SAM, of a serverless.yml too', async () => {
  const found = await servers({
    'template.yaml':
      'Transform: AWS::Serverless-2016-10-31\nResources:\n  Points:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: !Sub points-${Stage}\n  Kept:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }\n  Queue:\n    Type: AWS::SQS::Queue\n',
    'infra/db.json':
      '{"Resources": {\n  "Main": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "MultiAZ": true}}}}\n',
    'serverless.yml': 'service: shop\nresources:\n  Resources:\n    Orders:\n      Type: AWS::DynamoDB::Table\n',
  });
  expect(found).toMatchObject([
    { name: 'Points', line: 3, engine: 'dynamodb', encrypted: true, replicated: true, backups: false, pointInTime: false },
    { name: 'Kept', pointInTime: true, backups: true },
    { name: 'Main', line: 2, engine: 'postgres', encrypted: false, replicated: true, backups: true },
    { name: 'Orders', source: 'cloudformation', managed: true },
  ]);
});

test('Bicep: resources and the verified modules, without what exists already or is off by default', async () => {
  const found = await servers({
    'infra/main.bicep': `param useSql bool = false
// resource gone 'Microsoft.DBforMySQL/flexibleServers@2023-06-30' = {}
resource db 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'db'
  properties: {
    highAvailability: { mode: 'ZoneRedundant' }
    backup: { backupRetentionDays: 14 }
  }
}
resource old 'Microsoft.Sql/servers@2023-08-01' existing = {
  name: 'old'
}
resource sql 'Microsoft.Sql/servers@2023-08-01' = if (useSql) {
  name: 'sql'
}
module cosmos 'br/public:avm/res/document-db/database-account:0.6.0' = {
  params: {
    mongodbDatabases: [ { name: 'todo' } ]
  }
}
resource account 'Microsoft.DocumentDB/databaseAccounts@2024-05-15' = {
  kind: 'GlobalDocumentDB'
}
module vault 'br/public:avm/res/key-vault/vault:0.5.1' = {
  params: {}
}
`,
  });
  expect(found).toMatchObject([
    { name: 'db', line: 3, engine: 'postgres', replicated: true, backups: true, retentionDays: 14, pointInTime: true },
    { name: 'cosmos', engine: 'mongodb', replicated: true, encrypted: true, pointInTime: true, tlsRequired: true },
    { name: 'account', engine: 'cosmosdb', backups: null, pointInTime: false },
  ]);
});
