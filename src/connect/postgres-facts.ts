import { z } from 'zod';
import { deniedList, encryptionFields, passwordSchema, reachSchema } from './denied.js';
import { migrationsSchema } from './migrations.js';

const count = z.number().default(0);
const names = z.array(z.string()).default([]);
const group = <T extends z.ZodType>(schema: T, description: string) => schema.nullable().default(null).describe(description);

/** Settings that are read, by the server's own names. Times in milliseconds, sizes in bytes, switches as booleans. */
export const settingNames = [
  'ssl',
  'ssl_min_protocol_version',
  'password_encryption',
  'row_security',
  'max_connections',
  'superuser_reserved_connections',
  'reserved_connections',
  'statement_timeout',
  'lock_timeout',
  'transaction_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'tcp_keepalives_idle',
  'log_min_duration_statement',
  'log_min_duration_sample',
  'log_statement',
  'log_connections',
  'log_lock_waits',
  'log_checkpoints',
  'logging_collector',
  'auto_explain.log_min_duration',
  'shared_preload_libraries',
  'session_preload_libraries',
  'track_io_timing',
  'shared_buffers',
  'work_mem',
  'maintenance_work_mem',
  'effective_cache_size',
  'autovacuum',
  'fsync',
  'full_page_writes',
  'synchronous_commit',
  'wal_level',
  'max_wal_senders',
  'archive_mode',
  'archive_timeout',
  'data_checksums',
  'default_transaction_read_only',
  'listen_addresses',
  'rds.force_ssl',
  'TimeZone',
] as const;

const setting = z.union([z.number(), z.string(), z.boolean()]).nullable().default(null);

export const facts = z.object({
  reach: reachSchema.prefault({}).describe('Whether the server could be reached with these credentials'),
  server: group(
    z.object({
      vendor: z.string().default('postgresql').describe('postgresql, or what speaks its protocol: cockroachdb, redshift, yugabyte'),
      version: z.string().default('').describe('15.18'),
      line: z.string().default('').describe('Release line: 15'),
      endOfSupport: z.string().nullable().default(null).describe('ISO date on which fixes for the line end; null where not known'),
      supported: z.boolean().nullable().default(null),
      standby: z.boolean().default(false).describe('In recovery: a replica, which takes no writes'),
      readOnly: z.boolean().default(false).describe('New transactions are read-only by default, for others than this role too'),
    }),
    'The server itself',
  ),
  database: group(
    z.object({
      name: z.string().default(''),
      encoding: z.string().default('UTF8'),
      transactionAge: z.number().default(0).describe('Transactions since the last freeze; at 2 billion the database stops'),
    }),
    'The database of the address',
  ),
  role: group(
    z.object({
      name: z.string().default(''),
      superuser: z.boolean().default(false),
      owner: z.boolean().default(false).describe('Owns the database'),
      createRole: z.boolean().default(false),
      createDatabase: z.boolean().default(false),
      replication: z.boolean().default(false),
      bypassRowSecurity: z.boolean().default(false),
      monitor: z.boolean().default(false).describe('May see other roles’ activity (pg_read_all_stats)'),
    }),
    'The role of the address',
  ),
  tls: z
    .object({
      on: z.boolean().nullable().default(null).describe('The server offers TLS (SHOW ssl)'),
      ...encryptionFields,
      mode: z.string().default('').describe('What the address demands: disable, prefer, require, verify-ca, verify-full'),
      plainAccepted: z
        .boolean()
        .nullable()
        .default(null)
        .describe('A connection without TLS gets as far as the password; null where not told. No password is sent to find out'),
    })
    .prefault({}),
  settings: group(
    z.object(Object.fromEntries(settingNames.map((name) => [name, setting])) as Record<(typeof settingNames)[number], typeof setting>),
    'Server settings as a new session of this role gets them; null where the server has none of the name or hides it',
  ),
  roles: group(
    z.object({
      superusers: names.describe('Roles that may log in and may do everything'),
      logins: count.describe('Roles that may log in'),
      withoutExpiry: names.describe('Roles that may log in with a password that never expires, superusers aside'),
    }),
    'Roles of the server',
  ),
  passwords: group(
    z.object({
      missing: names.describe('Roles that may log in and have no password'),
      md5: names.describe('Roles whose password is kept as MD5'),
    }),
    'How passwords are kept; only a superuser may see it',
  ),
  access: group(
    z.object({
      trust: count.describe('Lines of pg_hba.conf that let any host but this one in without a password'),
      plain: count.describe('Lines that let other hosts in without TLS'),
      everywhere: count.describe('Lines for every address (0.0.0.0/0, ::/0)'),
    }),
    'pg_hba.conf; only a superuser may see it',
  ),
  extensions: group(names, 'Extensions of the database'),
  connections: group(
    z.object({
      used: count,
      max: count,
      reserved: count.describe('Kept for superusers'),
      share: z.number().default(0).describe('used / (max - reserved), 0 to 1'),
    }),
    'How many connections are open',
  ),
  activity: group(
    z.object({
      longestTransactionSeconds: z.number().default(0),
      idleInTransaction: count,
      waitingForLocks: count,
      partial: z.boolean().default(false).describe('Only this role’s own sessions could be seen'),
    }),
    'What sessions do',
  ),
  archiving: group(
    z.object({
      mode: z.string().default('off').describe('archive_mode: off, on, always'),
      commandSet: z.boolean().nullable().default(null).describe('archive_command or archive_library is set; null where hidden'),
      archived: count,
      failed: count,
      lastArchivedAgeSeconds: z.number().nullable().default(null),
      failing: z.boolean().default(false).describe('The newest attempt failed'),
    }),
    'Archiving of the write-ahead log',
  ),
  replication: group(
    z.object({
      replicas: count,
      synchronous: count,
      maxLagSeconds: z.number().nullable().default(null).describe('null where no replica tells, or this role may not see it'),
      inactiveSlots: names.describe('Replication slots that nobody reads and that keep the log from being removed'),
    }),
    'Replicas that read from this server',
  ),
  schema: group(
    z.object({
      tables: count,
      withoutPrimaryKey: names,
      foreignKeys: count,
      largeTables: count.describe('Tables above 10,000 rows, as estimated'),
      unindexedForeignKeys: z
        .array(z.object({ table: z.string(), columns: z.string(), rows: z.number().default(0) }))
        .default([])
        .describe('Foreign keys that no index leads with; rows as estimated'),
      unvalidatedForeignKeys: names.describe('Foreign keys that were never checked against the rows there were (NOT VALID)'),
      invalidIndexes: names,
      fullScans: z
        .array(z.object({ table: z.string(), rows: z.number(), scans: z.number(), indexScans: z.number() }))
        .default([])
        .describe('Tables above 10,000 rows that were read whole more than 1,000 times and more often than by index'),
    }),
    'Tables outside the system’s schemas; lists are cut at 200',
  ),
  statements: group(
    z.object({
      slow: z
        .array(z.object({ id: z.string(), calls: z.number(), meanMs: z.number(), maxMs: z.number() }))
        .default([])
        .describe('The twenty slowest on average of those called at least 50 times; ids only, no text'),
      partial: z.boolean().default(false).describe('Statements of other roles could not be seen'),
    }),
    'pg_stat_statements, null where the extension is not installed',
  ),
  migrations: group(z.array(migrationsSchema), 'What migration tools have noted in the database'),
  password: passwordSchema,
  denied: deniedList,
});
export type PostgresFacts = z.infer<typeof facts>;
