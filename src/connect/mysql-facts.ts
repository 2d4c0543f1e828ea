import { z } from 'zod';
import { deniedList, encryptionFields, passwordSchema, reachSchema } from './denied.js';
import { migrationsSchema } from './migrations.js';

const count = z.number().default(0);
const names = z.array(z.string()).default([]);
const group = <T extends z.ZodType>(schema: T, description: string) => schema.nullable().default(null).describe(description);

/** Server variables that are read, by the server's own names. Times in milliseconds, switches as booleans. */
export const variableNames = [
  'have_ssl',
  'require_secure_transport',
  'tls_version',
  'read_only',
  'super_read_only',
  'sql_mode',
  'slow_query_log',
  'long_query_time',
  'log_output',
  'general_log',
  'performance_schema',
  'log_bin',
  'binlog_expire_logs_seconds',
  'expire_logs_days',
  'sync_binlog',
  'binlog_format',
  'max_connections',
  'max_user_connections',
  'connect_timeout',
  'wait_timeout',
  'interactive_timeout',
  'max_execution_time',
  'max_statement_time',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
  'innodb_flush_log_at_trx_commit',
  'innodb_buffer_pool_size',
  'innodb_doublewrite',
  'innodb_encrypt_tables',
  'default_table_encryption',
  'default_storage_engine',
  'character_set_server',
  'collation_server',
  'local_infile',
  'secure_file_priv',
  'default_password_lifetime',
  'bind_address',
  'time_zone',
] as const;

const variable = z.union([z.number(), z.string(), z.boolean()]).nullable().default(null);

export const facts = z.object({
  reach: reachSchema.prefault({}).describe('Whether the server could be reached with these credentials'),
  server: group(
    z.object({
      vendor: z.string().default('mysql').describe('mysql, mariadb'),
      version: z.string().default('').describe('10.11.6'),
      line: z.string().default('').describe('Release line: 10.11'),
      endOfSupport: z.string().nullable().default(null).describe('ISO date on which fixes for the line end; null where not known'),
      supported: z.boolean().nullable().default(null),
      readOnly: z.boolean().default(false).describe('The server takes no writes (read_only)'),
    }),
    'The server itself',
  ),
  database: group(
    z.object({
      name: z.string().default(''),
      charset: z.string().default('utf8mb4').describe('Character set of new tables'),
      collation: z.string().default(''),
    }),
    'The database of the address; null where it names none',
  ),
  role: group(
    z.object({
      name: z.string().default('').describe('user@host as the server matched it'),
      superuser: z.boolean().default(false).describe('ALL PRIVILEGES or SUPER on everything'),
      grantOption: z.boolean().default(false).describe('May give rights to others'),
      everywhere: names.describe('Privileges on *.*, USAGE aside'),
    }),
    'The account of the address',
  ),
  tls: z
    .object({
      on: z.boolean().nullable().default(null).describe('The server offers TLS'),
      required: z.boolean().nullable().default(null).describe('The server refuses accounts without TLS (require_secure_transport)'),
      ...encryptionFields,
      mode: z.string().default('').describe('What the address demands: DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY'),
    })
    .prefault({}),
  settings: group(
    z.object(Object.fromEntries(variableNames.map((name) => [name, variable])) as Record<(typeof variableNames)[number], typeof variable>),
    'Variables as a new session of this account gets them; null where the server has none of the name',
  ),
  accounts: group(
    z.object({
      all: count,
      withoutPassword: names.describe('Accounts that log in with an empty password'),
      anonymous: names.describe('Accounts without a name'),
      anyHost: names.describe('Accounts that may come from any host (%)'),
      remoteRoot: names.describe('root from elsewhere than this host'),
      withoutTls: count.describe('Accounts from other hosts that need no TLS'),
    }),
    'Accounts of the server; needs SELECT on mysql.user',
  ),
  connections: group(
    z.object({
      used: count,
      max: count,
      peak: count.describe('Most at a time since the server started'),
      share: z.number().default(0).describe('used / max, 0 to 1'),
    }),
    'How many connections are open',
  ),
  activity: group(z.object({ transactions: count, longestTransactionSeconds: z.number().default(0) }), 'Open transactions; needs PROCESS'),
  binaryLog: group(
    z.object({
      on: z.boolean().default(false),
      retentionDays: z.number().nullable().default(null).describe('0: never expires'),
    }),
    'The binary log, which point-in-time recovery needs',
  ),
  replication: group(
    z.object({
      replicas: count.describe('Replicas that registered with this server'),
      replica: z.boolean().default(false).describe('This server is a replica'),
      running: z.boolean().nullable().default(null).describe('Both threads of the replica run'),
      lagSeconds: z.number().nullable().default(null),
    }),
    'Replication; needs REPLICATION CLIENT (MariaDB: REPLICA MONITOR)',
  ),
  schema: group(
    z.object({
      tables: count,
      withoutPrimaryKey: names,
      notInnodb: names.describe('Tables of an engine without transactions'),
      notUtf8mb4: names,
      foreignKeys: count,
      largeTables: count.describe('Tables above 10,000 rows, as estimated'),
      fullScans: z
        .array(z.object({ table: z.string(), rows: z.number(), scans: z.number() }))
        .nullable()
        .default(null)
        .describe('Tables above 10,000 rows that statements read whole (sys schema); null where performance_schema is off'),
    }),
    'Tables of the database of the address; lists are cut at 200',
  ),
  statements: group(
    z.object({
      slow: z
        .array(
          z.object({
            id: z.string(),
            calls: z.number(),
            meanMs: z.number(),
            maxMs: z.number(),
            p95Ms: z.number().nullable().default(null),
          }),
        )
        .default([])
        .describe('The twenty slowest on average of those called at least 50 times; digests only, no text'),
    }),
    'Statement digests; null where performance_schema is off',
  ),
  migrations: group(z.array(migrationsSchema), 'What migration tools have noted in the database'),
  password: passwordSchema,
  denied: deniedList,
});
export type MysqlFacts = z.infer<typeof facts>;
