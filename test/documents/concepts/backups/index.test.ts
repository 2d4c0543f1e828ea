import { expect, test } from 'vitest';
import { cronHours } from '../../../../src/documents/concepts/backups/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function backups(files: Record<string, string>) {
  const { items } = await collect('backups', { Dockerfile: 'FROM node:22\nCMD ["node", "server.js"]\n', ...files });
  return items.map((item) => concepts.backups.strict().parse(item));
}

test.each([
  ['@daily', 24],
  ['0 3 * * *', 24],
  ['0 0 3 * * *', 24],
  ['0 */6 * * *', 6],
  ['*/15 * * * *', 0.25],
  ['0 3 * * 0', 168],
  ['0 3 1 * *', 730],
  ['@every 12h', 12],
  ['nightly', null],
])('hours between two runs of %s', (expression, hours) => {
  expect(cronHours(expression)).toBe(hours);
});

test('a script, its schedule and what it does with its files', async () => {
  const found = await backups({
    'ops/backup.sh':
      '#!/bin/bash\nset -euo pipefail\npg_dump shop | gzip | aws s3 cp - s3://b/shop-$(date +%F).gz\nfind /backup -mtime +30 -delete\n',
    'ops/crontab': '0 3 * * * /srv/ops/backup.sh\n',
  });
  expect(found).toMatchObject([
    {
      kind: 'script',
      tool: 'pg_dump',
      line: 3,
      scheduled: true,
      intervalHours: 24,
      retentionDays: 30,
      offsite: true,
      encrypted: true,
      ignoresErrors: false,
      overwrites: false,
    },
  ]);
});

test('errors that a pipe hides, and a file that every run overwrites', async () => {
  expect(await backups({ 'ops/backup.sh': '#!/bin/bash\npg_dump shop | gzip > /b/shop-$(date +%F).gz\n' })).toMatchObject([
    { ignoresErrors: true, scheduled: false },
  ]);
  expect(await backups({ 'ops/backup.sh': '#!/bin/bash\nset -e\npg_dump -Fc shop > /b/shop.dump\n' })).toMatchObject([
    { ignoresErrors: false, overwrites: true },
  ]);
});

test.each([
  ['the schema alone', 'pg_dump --schema-only shop > schema.sql'],
  ['an installation', 'apt-get install -y restic'],
  ['a comment', '# pg_dump shop > a.sql'],
])('%s is no backup', async (_, line) => {
  expect(await backups({ 'ops/x.sh': `#!/bin/sh\n${line}\n` })).toEqual([]);
});

test('sidecars, operators and managed services', async () => {
  const found = await backups({
    'docker-compose.prod.yml':
      'services:\n  app: { build: . }\n  backup:\n    image: prodrigestivill/postgres-backup-local:16\n    environment: { SCHEDULE: "@daily", BACKUP_KEEP_DAYS: 30 }\n',
    'k8s/s.yaml':
      "apiVersion: postgresql.cnpg.io/v1\nkind: ScheduledBackup\nmetadata: { name: nightly }\nspec: { schedule: '0 0 3 * * *' }\n",
    'db.tf': 'resource "aws_db_instance" "main" {\n  backup_retention_period = 14\n}\n',
  });
  expect(found.map((b) => [b.kind, b.scheduled, b.intervalHours, b.retentionDays])).toEqual([
    ['workload', true, 24, 30],
    ['operator', true, 24, null],
    ['managed', true, 0, 14],
  ]);
});
