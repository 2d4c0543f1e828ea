import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

const app = { Dockerfile: 'FROM node:22\nCMD ["node", "server.js"]\n' };
async function servers(files: Record<string, string>) {
  const { items } = await collect('redis-servers', { ...app, ...files });
  return items.map((item) => concepts['redis-servers'].strict().parse(item));
}
const compose = (redis: string) => ({
  'docker-compose.prod.yml': `services:\n  app: { build: . }\n  redis:\n    image: redis:7\n${redis}`,
});

test.each([
  ['nothing', '', { auth: false, authOff: false, persistence: null, volume: false, maxmemory: '', policy: '' }],
  ['a password', '    command: redis-server --requirepass ${PW}\n', { auth: true, authOff: false }],
  ['an empty password', '    command: redis-server --requirepass ""\n', { auth: false, authOff: true }],
  ['no protected mode', '    command: redis-server --protected-mode no\n', { auth: false, authOff: true }],
  [
    'persistence on a volume',
    '    command: redis-server --appendonly yes\n    volumes: ["data:/data"]\n',
    { persistence: true, volume: true },
  ],
  ['a cache on purpose', '    command: redis-server --save "" --appendonly no\n', { ephemeral: true, persistence: false }],
  ['limits', '    command: redis-server --maxmemory 256mb --maxmemory-policy allkeys-lru\n', { maxmemory: '256mb', policy: 'allkeys-lru' }],
])('a container with %s', async (_, redis, expected) => {
  expect(await servers(compose(redis))).toMatchObject([expected]);
});

test('the configuration file that a container mounts is its own; one that is not in the repository leaves it open', async () => {
  const mounted = compose('    command: redis-server /etc/redis.conf\n    volumes: ["./redis.conf:/etc/redis.conf"]\n');
  expect(await servers({ ...mounted, 'redis.conf': '# requirepass a\nrequirepass b\nmaxmemory 1gb\n' })).toMatchObject([
    { auth: true, maxmemory: '1gb' },
  ]);
  expect(await servers(mounted)).toMatchObject([{ auth: null }]);
});

test('managed servers with the defaults of their provider', async () => {
  const found = await servers({
    'main.tf':
      'resource "google_redis_instance" "a" {\n  tier = "BASIC"\n}\nresource "aws_elasticache_replication_group" "b" {\n  auth_token = var.t\n  automatic_failover_enabled = true\n}\nresource "aws_elasticache_cluster" "c" {\n  engine = "memcached"\n}\n',
  });
  expect(found).toMatchObject([
    { name: 'a', managed: true, auth: false, replicated: false, replicationOff: true },
    { name: 'b', auth: true, replicated: true },
  ]);
});

test('values of a chart', async () => {
  expect(
    await servers({ 'chart/values.yaml': 'redis:\n  enabled: true\n  architecture: standalone\n  auth:\n    enabled: false\n' }),
  ).toMatchObject([{ source: 'helm-values', authOff: true, replicated: false, persistence: true }]);
});

test('calls of published modules', async () => {
  const found = await servers({
    'infra/a.tf': 'module "cache" {\n  source = "cloudposse/elasticache-redis/aws"\n  transit_encryption_enabled = false\n}\n',
    'infra/b.tf':
      'module "queue" {\n  source = "cloudposse/elasticache-redis/aws"\n  auth_token = random_password.redis.result\n  automatic_failover_enabled = true\n}\n',
    'infra/c.tf': 'module "memo" {\n  source = "terraform-aws-modules/elasticache/aws"\n  engine = "memcached"\n}\n',
  });
  expect(found).toMatchObject([
    { name: 'cache', managed: true, auth: false, replicated: false },
    { name: 'queue', managed: true, auth: true, replicated: true },
  ]);
});
