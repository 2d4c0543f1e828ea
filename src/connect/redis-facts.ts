import { z } from 'zod';
import { deniedList, encryptionFields, passwordSchema, reachSchema } from './denied.js';

const count = z.number().default(0);
const group = <T extends z.ZodType>(schema: T, description: string) => schema.nullable().default(null).describe(description);

/** Commands that empty, stop, block or reconfigure a server, or run code on it (Redis' own category `@dangerous`, the gist of it). */
export const dangerousCommands = [
  'FLUSHALL',
  'FLUSHDB',
  'CONFIG',
  'DEBUG',
  'SHUTDOWN',
  'KEYS',
  'SAVE',
  'REPLICAOF',
  'SLAVEOF',
  'MODULE',
  'MIGRATE',
  'MONITOR',
] as const;

export const facts = z.object({
  reach: reachSchema.prefault({}).describe('Whether the server could be reached with these credentials'),
  server: group(
    z.object({
      vendor: z.string().default('redis').describe('redis, valkey, dragonfly'),
      version: z.string().default('').describe('7.2.5'),
      line: z.string().default('').describe('Release line: 7.2'),
      endOfSupport: z.string().nullable().default(null).describe('ISO date on which fixes for the line end; null where not known'),
      supported: z.boolean().nullable().default(null),
      mode: z.string().default('standalone').describe('standalone, cluster, sentinel'),
      role: z.string().default('master').describe('master, slave'),
      replicas: count,
      linkUp: z.boolean().nullable().default(null).describe('Of a replica: connected to its master'),
      loading: z.boolean().default(false).describe('Still reading its data from disk'),
      pingMs: z.number().default(0).describe('Milliseconds of one PING'),
    }),
    'The server itself (INFO)',
  ),
  authentication: z
    .object({
      required: z.boolean().nullable().default(null).describe('PING without credentials is refused'),
      credentialsNeeded: z
        .boolean()
        .nullable()
        .default(null)
        .describe('The credentials of the address were checked; false: the server takes anybody; null: the address has none'),
      defaultUserWithoutPassword: z.boolean().nullable().default(null).describe('The user `default` is on and needs no password'),
      protectedMode: z.boolean().nullable().default(null),
    })
    .prefault({}),
  tls: z
    .object({ ...encryptionFields, plainPort: z.boolean().nullable().default(null).describe('The server also listens without TLS') })
    .prefault({}),
  memory: group(
    z.object({
      limit: z.number().default(0).describe('maxmemory in bytes; 0: none'),
      policy: z.string().default('noeviction').describe('maxmemory-policy'),
      used: count.describe('Bytes'),
      share: z.number().nullable().default(null).describe('used / limit, null without a limit'),
      evicted: count.describe('Keys evicted since the server started'),
    }),
    'Memory (CONFIG, or INFO where CONFIG is hidden)',
  ),
  persistence: group(
    z.object({
      appendOnly: z.boolean().default(false).describe('Every write goes to the append-only file'),
      snapshots: z.boolean().nullable().default(null).describe('Snapshots are scheduled (save); null where CONFIG is hidden'),
      lastSnapshotOk: z.boolean().default(true),
      lastSnapshotAgeSeconds: z.number().nullable().default(null),
      lastAppendOk: z.boolean().default(true),
      changesSinceSnapshot: count,
    }),
    'What a restart would leave (INFO persistence)',
  ),
  stats: group(
    z.object({
      hits: count,
      misses: count,
      lookups: count,
      hitRate: z.number().nullable().default(null).describe('0 to 1; null without a look-up'),
      expired: count,
      rejected: count.describe('Connections refused for want of room'),
      clients: count,
      maxClients: count,
      blocked: count,
    }),
    'Counts since the server started (INFO)',
  ),
  commands: group(
    z.object({
      enabled: z.array(z.string()).default([]).describe('Dangerous commands that the server knows by their name'),
      allowed: z.array(z.string()).nullable().default(null).describe('Those that this user may run; null where the server does not say'),
    }),
    'Dangerous commands; none is ever run',
  ),
  password: passwordSchema,
  denied: deniedList,
});
export type RedisFacts = z.infer<typeof facts>;
