import type { Collected, Combiner, Item, Json, Reader } from '../../../model/document.js';
import { at, list, number, record, text } from '../../json.js';

/** Commands that write a backup. `pg_dump --schema-only` and the like write none. */
const dumps =
  'pg_dumpall|pg_dump|pg_basebackup|mysqldump|mariadb-dump|mydumper|mariabackup|mariadb-backup|xtrabackup|mongodump|influxd? backup|cockroach dump';
const command = new RegExp(
  `(?:^|[\\s;|&("'\`=/])(?:(${dumps})|(?:(wal-g) (?:backup-push|wal-push)|(pgbackrest)[^\\n]{0,200}\\bbackup\\b|(barman) (?:backup|cron)|(litestream) replicate|(restic)[^\\n]{0,200}\\bbackup\\b|(borgmatic)\\b|(borg) create|(kopia) snapshot create|(duplicity) (?:full|incr|\\S*/)|(velero) (?:backup|schedule) create|(rdiff-backup)\\s))(?=[\\s"',)\`\\\\;]|$)`,
  'gm',
);
const sqliteBackup =
  /\bsqlite3\s[^\n]*(?:\.backup|VACUUM INTO)\b|\bsource\.backup\(|\.backup\s*\(\s*(?:dst|dest|target|backup)\w*|VACUUM INTO/;
const noBackup =
  /--schema-only|--no-data\b|(?:^|\s)-s\s|--version|--help|apt(?:-get)?\s|apk add|brew |yum |dnf |which |command -v|install|alias |echo |printf |logger |type -p|hash /;
const copies = /\btar\s+(?:-?-?c|-?[a-z]*c[a-z]*f|--create)|\brsync\s|\bzip -r/;

const inProgram = /\.(?:py|rb|js|ts|mjs|cjs|php|go|cs|java|kt|rs)$/;

/** Raw findings for the combiner: files that run a backup command, and lines that schedule something. */
export const backupScripts: Reader = {
  name: 'backups/scripts',
  kind: 'backups',
  files: { roles: ['script', 'product', 'config', 'other'], variants: ['base', 'production'] },
  keywords: [
    'pg_dump',
    'pg_basebackup',
    'mysqldump',
    'mariadb-dump',
    'mydumper',
    'mariabackup',
    'mariadb-backup',
    'xtrabackup',
    'mongodump',
    'wal-g',
    'pgbackrest',
    'barman',
    'litestream',
    'restic',
    'borgmatic',
    'borg create',
    'kopia',
    'duplicity',
    'velero',
    'sqlite3',
    'VACUUM INTO',
    'rdiff-backup',
    'dbbackup',
    'backup:run',
    'db:backup',
  ],
  read(source) {
    const { code, path } = source;
    // Pages show commands to their readers; `.html-fragment` and the like are pages as well.
    if (/\.(?:md|mdx|rst|lock|sum|json|svg|txt|sql|x?html?(?:[-_.]\w+)?|css)$/.test(path) && !/crontab/.test(path)) return {};
    if (/(?:^|\/)docker-compose|(?:^|\/)compose\.|(?:^|\/)\.github\//.test(path)) return {};
    for (const match of code.matchAll(command)) {
      const start = code.lastIndexOf('\n', match.index + 1) + 1;
      const line = code.slice(start, code.indexOf('\n', match.index + 1) < 0 ? undefined : code.indexOf('\n', match.index + 1));
      const tool = match.slice(1).find(Boolean)!;
      if (
        noBackup.test(line.replace(/(?:docker|kubectl)\S*\s.*?\sexec\b/, '')) ||
        (inProgram.test(path) && /--schema-only|--no-data|"-s"/.test(code))
      )
        continue;
      // In a program the command is an argument of something that starts it, not a word of a message.
      if (
        inProgram.test(path) &&
        !/(?:subprocess|Popen|exec|spawn|system|run|Command|Process|`|proc_open|shell|\[|cmd|args)/i.test(
          code.slice(Math.max(0, start - 200), match.index + 20),
        )
      )
        continue;
      // ... and starts the string, or has options behind it.
      if (
        inProgram.test(path) &&
        !/["'`/]/.test(code[match.index] ?? '') &&
        !/^\S+\s+(?:-|\$|\{|%)/.test(code.slice(match.index).trimStart())
      )
        continue;
      return {
        items: [
          {
            path,
            line: source.at(match.index + 1).line,
            tool,
            raw: code.slice(0, 20_000),
            written: line.trim().slice(0, 200),
            variant: source.file.variant,
          },
        ],
      };
    }
    const sqlite = sqliteBackup.exec(code);
    if (sqlite)
      return {
        items: [
          {
            path,
            line: source.at(sqlite.index).line,
            tool: 'sqlite3',
            raw: code.slice(0, 20_000),
            written: sqlite[0].slice(0, 200),
            variant: source.file.variant,
          },
        ],
      };
    const task = /\bdbbackup\b['"]?\s*[,)\]]|\bcall_command\(\s*['"]dbbackup['"]|\bbackup:run\b|\bdb:backup\b/.exec(code);
    if (task && !/INSTALLED_APPS/.test(code))
      return {
        items: [
          {
            path,
            line: source.at(task.index).line,
            tool: task[0].replace(/[^\w:]/g, '').replace(/^call_command/, ''),
            raw: code.slice(0, 20_000),
            written: task[0],
            variant: source.file.variant,
          },
        ],
      };
    return {};
  },
};

/** Crontabs, systemd timers and their services, as raw text. */
export const backupSchedules: Reader = {
  name: 'backups/schedules',
  kind: 'backups',
  files: {
    paths: [
      '*crontab*',
      '*.cron',
      '**/cron/**',
      '**/cron.d/**',
      '**/cron.daily/**',
      '*.timer',
      '*.service',
      'ofelia*.ini',
      'schedule.rb',
      // Solid Queue, Sidekiq and GoodJob name the classes of recurring jobs in YAML.
      '**/config/*recurring*.yml',
      '**/config/*sidekiq*.yml',
      '**/config/*schedule*.yml',
      '**/config/*cron*.yml',
      '**/ansible/**/*.yml',
      '**/roles/**/*.yml',
      '*playbook*.yml',
    ],
    roles: ['config', 'script', 'product', 'other', 'docs'],
  },
  keywords: ['backup', 'Backup', 'dump', 'Dump', 'restic', 'Restic', 'borg', 'Borg', 'barman', 'wal-g'],
  read: (source) => ({ items: [{ path: source.path, line: 1, schedule: source.code.slice(0, 20_000), variant: source.file.variant }] }),
};

const cronFields =
  /(?:^|\s|["'])((?:@(?:hourly|daily|midnight|weekly|monthly|yearly)|@every \S+|(?:[\d*/,-]+\s+){4}(?:[\d*/,-]+|[A-Z]{3}(?:-[A-Z]{3})?)))(?=\s|["']|$)/im;

/** Hours between two runs of a cron expression, null where it is none or too irregular to say. */
export function cronHours(expression: string): number | null {
  const trimmed = expression.trim().toLowerCase();
  const named: Record<string, number> = { '@hourly': 1, '@daily': 24, '@midnight': 24, '@weekly': 168, '@monthly': 730, '@yearly': 8760 };
  if (named[trimmed] !== undefined) return named[trimmed]!;
  const every = /^@every (?:(\d+)h)?(?:(\d+)m)?/.exec(trimmed);
  if (every && (every[1] || every[2])) return Number(every[1] ?? 0) + Number(every[2] ?? 0) / 60;
  let fields = trimmed.split(/\s+/);
  if (fields.length === 6) fields = fields.slice(1);
  if (fields.length !== 5) return null;
  const [minute, hour, day, , weekday] = fields as [string, string, string, string, string];
  if (day !== '*' && !day.startsWith('*/')) return 730;
  if (weekday !== '*' && weekday !== '?' && !/^(?:0-6|1-7|mon-sun)$/.test(weekday))
    return weekday === '1-5' || weekday === 'mon-fri' ? 72 : 168 / weekday.split(',').length;
  if (day.startsWith('*/')) return 24 * Number(day.slice(2));
  if (hour === '*') return minute.startsWith('*/') ? Number(minute.slice(2)) / 60 : 1;
  if (hour.startsWith('*/')) return Number(hour.slice(2));
  return 24 / hour.split(',').length;
}

/** Hours between two runs of a schedule in words (`every day at 1 am`, `every 12 hours`) or of a cron expression. */
export function spokenHours(schedule: string): number | null {
  const words = /^(?:at [\w:]+ )?every (?:(\d+) ?)?(minute|hour|day|night|week|month)/i.exec(schedule.trim());
  if (!words) return /^(?:daily|hourly)$/i.test(schedule.trim()) ? 24 : cronHours(schedule);
  const unit = { minute: 1 / 60, hour: 1, day: 24, night: 24, week: 168, month: 730 }[words[2]!.toLowerCase()] ?? null;
  return unit === null ? null : Number(words[1] ?? 1) * unit;
}

/** The schedule that a YAML list of recurring jobs gives to a class defined in this text. */
function recurringSchedule(schedules: readonly Item[], raw: string): string | undefined {
  const classes = [...raw.matchAll(/^\s*class\s+(?:\w+::)*(\w+)/gm)].map((m) => m[1]!);
  if (classes.length === 0) return undefined;
  for (const s of schedules) {
    if (!/\.ya?ml$/.test(s.path)) continue;
    const rows = String(s['schedule']).split('\n');
    for (const [n, row] of rows.entries()) {
      const named = /^(\s*)(?:class|class_name|job):\s*["']?(?:\w+::)*(\w+)["']?\s*$/.exec(row);
      if (!named || !classes.includes(named[2]!)) continue;
      const near = rows.slice(Math.max(0, n - 3), n + 4);
      const at = near.map((r) => /^(\s*)(?:schedule|cron|every):\s*["']?([^"'#\n]+)/.exec(r)).find((m) => m?.[1] === named[1]);
      if (at) return at[2]!.trim();
    }
  }
  return undefined;
}

const blank = {
  name: '',
  database: true,
  files: false,
  scheduled: null,
  intervalHours: null,
  retained: null,
  retentionDays: null,
  overwrites: false,
  encrypted: null,
  encryptionOff: false,
  offsite: null,
  verified: false,
  alerts: false,
  ignoresErrors: false,
  continuous: false,
  text: '',
  variant: 'base',
} satisfies Partial<Item>;

const basename = (path: string): string => path.split('/').at(-1)!;
const remote =
  /\baws s3\b|s3:\/\/|s3:https?:|\brclone\b|\bgsutil\b|gcloud storage|gs:\/\/|\baz storage\b|azcopy|\bscp\s|rsync [^\n@]{1,160}@[\w.-]{1,80}:|rsync [^\n]{1,160}\w::|\bmc (?:cp|mirror)\b|\bs3cmd\b|b2:|sftp:|ssh:\/\/|WALG_S3_PREFIX|repo\d?-type=(?:s3|gcs|azure|sftp)|repo\d?-s3-|\bb2 (?:upload|sync)\b|swift upload|\.upload_file\(|put_object|upload_blob|upload_from_filename|\bS3_BUCKET\b|AWS_S3_BUCKET|rest:https?:|borg create [^\n@]{0,160}@[\w.-]{1,80}:|ftp:\/\//i;
const strong = new Set(['restic', 'kopia', 'tarsnap', 'duplicity']);

/** What the text of a script or job says about its own backups. */
function judged(raw: string, tool: string): Partial<Item> {
  const keep =
    /-mtime\s+\+?(\d+)/.exec(raw) ??
    /(?:BACKUP_)?(?:KEEP|RETENTION|RETAIN)(?:_DAYS|_COUNT|_DAILY|DAYS)?["']?\s*[:=]\s*["']?(?:\$\{\w+:-)?(\d+)/i.exec(raw) ??
    /--keep-(?:within[= ](\d+)d|daily[= ](\d+)|last[= ](\d+))/.exec(raw) ??
    /repo\d?-retention-full=(\d+)/.exec(raw) ??
    /delete\s+retain\s+(?:FULL\s+|FIND_FULL\s+)?(\d+)/.exec(raw) ??
    /retention:\s*["']?(\d+)d?/.exec(raw) ??
    /ls -\w*t\w* [^\n]*tail -n ?\+(\d+)/.exec(raw) ??
    /remove-all-but-n-full (\d+)|remove-older-than (\d+)D/.exec(raw);
  const days = keep ? Number(keep.slice(1).find(Boolean)) : null;
  const longer = [...raw.matchAll(/--keep-(weekly|monthly|yearly)[= ](\d+)/g)].reduce(
    (sum, m) => Math.max(sum, Number(m[2]) * ({ weekly: 7, monthly: 30, yearly: 365 }[m[1]!] ?? 1)),
    0,
  );
  const retention = days === null && longer === 0 ? null : Math.max(days ?? 0, longer);
  const pipes = /\b(?:pg_dump|pg_dumpall|mysqldump|mongodump|mariadb-dump)\b[^\n]*(?:\\\n[^\n]*)*\|\s*\w/.test(raw);
  const guarded = /set -[a-z]*o?[a-z]*\s*pipefail|pipefail|PIPESTATUS/.test(raw);
  const checks =
    /set -[a-z]*e|errexit|\bif\s+!?\s*[^\n]*(?:dump|backup|restic|borg)|\$\?|\|\|\s*\{?\s*(?:exit|return|fail|die|error|notify|echo|curl)|trap\s/.test(
      raw,
    );
  const dated =
    /\$\(date|`date|strftime|datetime\.|Date\.now|toISOString|time\.Now|%Y|\$\{?(?:DATE|TIMESTAMP|NOW|TODAY|STAMP|BACKUP_DATE|FILENAME|BACKUP_FILE|1|OUT\w*)\b|Get-Date|Time\.now/i.test(
      raw,
    );
  const writes = /(?:>|-f\s|--file[= ]|--result-file[= ]|--archive=|-o\s)\s*["']?[\w./${}-]+/.test(raw);
  const shell = !/import |require\(|using /.test(raw.slice(0, 400));
  return {
    database: true,
    files: copies.test(raw) || strong.has(tool) || tool === 'borg' || tool === 'borgmatic' || tool === 'velero',
    retained:
      retention !== null ||
      /\bfind\s[^\n]*-delete|\bfind\s[^\n]*-exec rm|restic forget|borg prune|kopia (?:policy|maintenance)|lifecycle/.test(raw)
        ? true
        : null,
    retentionDays: retention,
    overwrites:
      shell && !dated && writes && new RegExp(`^(?:${dumps})$`).test(tool) && !remote.test(raw) && !/\bmv\s|\$\{?\w+\}?/.test(raw),
    encrypted:
      /\bgpg\b|\bage\s+-|openssl (?:enc|smime|aes)|--sse|sse-kms|kms-key|cipher-type=aes|WALG_(?:LIBSODIUM|PGP)|GPG_|ccrypt|-p\$\w*PASS[^\n]*7z|cryptography|Fernet/i.test(
        raw,
      ) ||
      strong.has(tool) ||
      /borg[^\n]*--encryption[= ](?!none)|BORG_PASSPHRASE|encryption_passphrase/.test(raw)
        ? true
        : /s3:\/\/|\baws s3\b|\.upload_file\(|put_object|gs:\/\/|gsutil|az storage|azcopy|WALG_S3_PREFIX|S3_BUCKET/i.test(raw)
          ? true
          : null,
    encryptionOff: /--encryption[= ]none|repo\d?-cipher-type=none|(?:^|\s)(?:curl|ftp|ncftpput|lftp)[^\n]*\bftp:\/\//m.test(raw),
    offsite: remote.test(raw) ? true : null,
    verified:
      /pg_restore\s[^\n]*(?:--list|-l\b)|pg_verifybackup|gzip -t|gunzip -t|zstd -t|restic check|borg check|kopia snapshot verify|pgbackrest[^\n]*\bverify|integrity_check|\bpg_restore\b[^\n]*(?:scratch|verify|test|check|tmp)|createdb [^\n]*(?:verify|restore|test)/.test(
        raw,
      ),
    alerts:
      /hc-ping\.com|healthchecks\.io|hchk\.io|HEALTHCHECK\w*_URL|cronitor|deadmanssnitch|nosnch\.in|hooks\.slack\.com|SLACK_\w*(?:URL|WEBHOOK)|discord(?:app)?\.com\/api\/webhooks|WEBHOOK_URL|\bmail\s+-s|sendmail|mailx|MAILTO=|msmtp|pushgateway|opsgenie|pagerduty|ntfy|telegram|pushover|sentry|capture_exception|uptime|OnFailure=|notify_\w+|healthcheck|apprise|\bsns publish|gotify/i.test(
        raw,
      ),
    ignoresErrors:
      shell &&
      ((pipes && !guarded) ||
        /\b(?:pg_dump|pg_dumpall|mysqldump|mongodump)\b[^\n]*\|\|\s*true/.test(raw) ||
        (!checks && new RegExp(`\\b(?:${dumps})\\b[^\\n]*(?:\\\\\\n[^\\n]*)*\\n\\s*\\S`).test(raw))),
    continuous: /wal-push|archive-push|litestream replicate|barman/.test(raw),
  };
}

/** A schedule beside the command: Celery beat, APScheduler, node-cron, sleep loops, go-cron ... */
const ownSchedule =
  /\bcrontab\(|add_job\(|schedule\.every|cron\.schedule\(|@Scheduled|@Cron\(|@periodic_task|beat_schedule|on_after_configure|while (?:true|:|\[ 1 \]|sleep)|sidekiq_options|Schedule::|\$schedule->|every\s+1\.day|crond\b|go-cron|cron\.New|AddFunc\(|supercronic|setInterval\(/;

function fromScripts(items: readonly Item[], all: Collected): Item[] {
  const schedules = items.filter((i) => typeof i['schedule'] === 'string');
  const jobs = all.items('ci-jobs');
  const cronJobs = all.documents('kubernetes').filter((d) => text(at(d.root, 'kind')) === 'CronJob');
  const workloads = all.items('workloads');
  return items
    .filter((i) => typeof i['raw'] === 'string')
    .map((i) => {
      const raw = String(i['raw']);
      const name = basename(i.path);
      const mention = (t: string): boolean => t.includes(name);
      const inCron = schedules.flatMap((s) =>
        String(s['schedule'])
          .split('\n')
          .filter((l) => (mention(l) || s.path === i.path) && (cronFields.test(l) || /ExecStart|cron_file|special_time/.test(l)))
          .map((l) => ({ l, s })),
      );
      const service = inCron.find(({ l }) => /ExecStart/.test(l));
      const timer =
        service &&
        schedules.find(
          (s) => s.path.endsWith('.timer') && basename(s.path).replace('.timer', '') === basename(service.s.path).replace('.service', ''),
        );
      const inJob = jobs.find(
        (j) =>
          list(j['cron'] as Json).length > 0 &&
          (mention(String(j['run'])) || new RegExp(`\\b${String(i['tool']).replace(/\W/g, '.')}\\b`).test(String(j['run']))),
      );
      const inKube = cronJobs.find((d) => mention(JSON.stringify(d.root)) || d.path === i.path);
      const ansible = schedules.find((s) => mention(String(s['schedule'])) && /\bcron:/.test(String(s['schedule'])));
      const mounted = workloads.find(
        (w) =>
          w['optIn'] !== true &&
          (mention(String(w['command'])) || list(w['volumes'] as Json).some((v) => mention(text(at(v, 'source'))))) &&
          /cron|backup/.test(`${String(w['name'])} ${String(w['image'])} ${String(w['command'])}`),
      );
      const recurring = recurringSchedule(schedules, raw);
      const own =
        ownSchedule.test(raw) ||
        (/crontab|\.cron$|cron\.d\//.test(i.path) && cronFields.test(raw)) ||
        /cron\.(?:daily|hourly)\//.test(i.path);
      const cronText = inCron.find(({ l }) => cronFields.test(l))?.l ?? text(list(inJob?.['cron'] as Json)[0] ?? null) ?? '';
      const expression = cronFields.exec(cronText)?.[1] ?? text(list(inJob?.['cron'] as Json)[0] ?? null) ?? '';
      const kubeSchedule = inKube ? text(at(inKube.root, 'spec', 'schedule')) : '';
      const ownExpression = own ? (cronFields.exec(raw)?.[1] ?? '') : '';
      const scheduled =
        inCron.some(({ l }) => cronFields.test(l)) ||
        timer !== undefined ||
        inJob !== undefined ||
        inKube !== undefined ||
        ansible !== undefined ||
        own ||
        mounted !== undefined ||
        recurring !== undefined;
      const said = judged(raw + (inJob ? String(inJob['run']) : '') + (service ? String(service.s['schedule']) : ''), String(i['tool']));
      return {
        ...blank,
        path: i.path,
        line: i.line,
        kind: /(?:^|\/)(?:litestream|pgbackrest|barman|borgmatic)[^/]*\.(?:ya?ml|conf)$/.test(i.path) ? 'config' : 'script',
        tool: String(i['tool']),
        name,
        ...said,
        alerts: said.alerts === true || inJob !== undefined,
        scheduled,
        intervalHours:
          said.continuous === true
            ? 0
            : (cronHours(expression || kubeSchedule || ownExpression) ??
              (recurring === undefined ? null : spokenHours(recurring)) ??
              (/OnCalendar=(?:daily|hourly|\*-\*-\* )/.test(timer ? String(timer['schedule']) : '') ||
              /cron\.daily\//.test(i.path) ||
              /sleep (?:86400|24h|1d)/.test(raw)
                ? 24
                : null)),
        text: String(i['written']),
        variant: String(i['variant']),
      };
    });
}

const sidecars: readonly (readonly [RegExp, { files?: boolean; offsite?: boolean; encrypted?: boolean; retention?: boolean }])[] = [
  [
    /postgres-backup-local|mysql-backup|mysql-cron-backup|mongo-backup|pg-backup|db-backup|mariadb-backup|postgresql-backup|rds-backup|pgbackups/,
    {},
  ],
  [/postgres-backup-s3|mysql-backup-s3|mongodb-backup-s3|pg-s3-backup/, { offsite: true }],
  [/docker-volume-backup|volume-backup/, { files: true }],
  [/(?:^|\/)(?:restic|resticker|autorestic|backrest)/, { files: true, encrypted: true }],
  [/borgmatic|(?:^|\/)borg/, { files: true }],
  [/litestream/, { offsite: true }],
  [/wal-g|pgbackrest|barman/, {}],
  [/duplicati|kopia|duplicity/, { files: true, encrypted: true }],
];

function fromWorkloads(all: Collected): Item[] {
  return all.items('workloads').flatMap((w): Item[] => {
    if (w['optIn'] === true || w['init'] === true) return [];
    const image = String(w['image']);
    const command_ = String(w['command']);
    const known = sidecars.find(([pattern]) => pattern.test(image));
    command.lastIndex = 0;
    const run = command.exec(command_);
    command.lastIndex = 0;
    if (!known && (!run || noBackup.test(command_.replace(/echo[^;&\n]*/g, '')))) return [];
    const env = list(w['env'] as Json).map(record);
    const value = (pattern: RegExp): string | undefined => {
      const entry = env.find((e) => pattern.test(text(e['name'])));
      return entry === undefined ? undefined : text(entry['value']);
    };
    const written = [command_, ...env.map((e) => `${text(e['name'])}=${text(e['value'])}`)].join('\n');
    const said = judged(written, run ? String(run.slice(1).find(Boolean)) : image.split('/').at(-1)!.split(':')[0]!);
    const cron = value(/SCHEDULE|CRON|INTERVAL|FREQ/i);
    const kube = all
      .documents('kubernetes')
      .find((d) => d.path === w.path && text(at(d.root, 'kind')) === 'CronJob' && text(at(d.root, 'metadata', 'name')) === w['name']);
    const expression = cron ?? (kube ? text(at(kube.root, 'spec', 'schedule')) : '');
    const defaults = known !== undefined;
    const days = number(value(/KEEP_DAYS|RETENTION_DAYS|CLEANUP_TIME|MAX_BACKUPS|BACKUP_KEEP/i) ?? null);
    return [
      {
        ...blank,
        ...said,
        path: w.path,
        line: w.line,
        kind: 'workload',
        tool: run ? String(run.slice(1).find(Boolean)) : image.split('/').at(-1)!.split(/[:@]/)[0]!,
        name: String(w['name']),
        files: known?.[1].files === true || said.files === true,
        database:
          known?.[1].files !== true || /pg_dump|mysqldump|mongodump|stop-during-backup/.test(written + list(w['labels'] as Json).join(' ')),
        scheduled: defaults || kube !== undefined || /crond?|while |sleep /.test(command_) || expression !== '',
        intervalHours: /litestream|wal-g|barman/.test(image)
          ? 0
          : (cronHours(expression) ??
            (/@daily|daily/.test(expression) || (defaults && expression === '')
              ? 24
              : /sleep (?:86400|24h|1d)/.test(command_)
                ? 24
                : null)),
        retained: said.retained === true || days !== null || /postgres-backup-local/.test(image) ? true : null,
        retentionDays: said.retentionDays ?? days ?? (/postgres-backup-local/.test(image) ? 7 : null),
        offsite:
          said.offsite === true ||
          known?.[1].offsite === true ||
          value(/S3_BUCKET|AWS_S3|WEBDAV_URL|SSH_HOST|AZURE_STORAGE|DROPBOX|GCS|RESTIC_REPOSITORY/i) !== undefined
            ? true
            : null,
        encrypted:
          said.encrypted === true ||
          known?.[1].encrypted === true ||
          known?.[1].offsite === true ||
          value(/GPG_PASSPHRASE|ENCRYPT|AGE_|S3_BUCKET/i) !== undefined
            ? true
            : null,
        alerts: said.alerts === true || value(/NOTIFICATION_URLS|WEBHOOK|HEALTHCHECK|SMTP_HOST/i) !== undefined,
        // Images made for it check their own commands.
        ignoresErrors: known ? false : (said.ignoresErrors ?? false),
        overwrites: known ? false : (said.overwrites ?? false),
        text: image,
        variant: String(w['variant'] ?? 'base'),
      },
    ];
  });
}

/** Steps of CI jobs that run on a schedule or by hand. */
function fromJobs(all: Collected): Item[] {
  return all.items('ci-jobs').flatMap((j): Item[] => {
    const run = String(j['run']);
    command.lastIndex = 0;
    const hit = command.exec(run);
    command.lastIndex = 0;
    const crons = list(j['cron'] as Json).map(text);
    if (!hit || crons.length === 0 || noBackup.test(run.slice(Math.max(0, hit.index - 20), hit.index + 60))) return [];
    const tool = String(hit.slice(1).find(Boolean));
    return [
      {
        ...blank,
        ...judged(run + JSON.stringify(j['with'] ?? ''), tool),
        path: j.path,
        line: j.line,
        kind: 'ci',
        tool,
        name: String(j['job']),
        scheduled: true,
        intervalHours: cronHours(crons[0]!),
        alerts: true,
        ignoresErrors: false,
        overwrites: false,
        text: run.slice(hit.index, hit.index + 120).trim(),
        variant: 'base',
      },
    ];
  });
}

function fromOperators(all: Collected): Item[] {
  return all.documents('kubernetes').flatMap((d): Item[] => {
    const kind = text(at(d.root, 'kind'));
    const api = text(at(d.root, 'apiVersion'));
    const spec = record(at(d.root, 'spec'));
    const item = (more: Partial<Item>): Item[] => [
      {
        ...blank,
        path: d.path,
        line: d.place(['kind']).line ?? 1,
        kind: 'operator',
        tool: api.split('/')[0]!,
        name: text(at(d.root, 'metadata', 'name')),
        scheduled: true,
        offsite: true,
        encrypted: true,
        text: `${kind} ${text(at(d.root, 'metadata', 'name'))}`,
        ...more,
      },
    ];
    if (kind === 'ScheduledBackup' && api.startsWith('postgresql.cnpg.io'))
      return item({ intervalHours: cronHours(text(spec['schedule'])) });
    if (kind === 'Cluster' && api.startsWith('postgresql.cnpg.io') && at(spec, 'backup', 'barmanObjectStore') !== undefined) {
      const retention = /^(\d+)([dwm])$/.exec(text(at(spec, 'backup', 'retentionPolicy')));
      return item({
        continuous: true,
        intervalHours: 0,
        retained: retention ? true : null,
        retentionDays: retention ? Number(retention[1]) * { d: 1, w: 7, m: 30 }[retention[2] as 'd' | 'w' | 'm'] : null,
      });
    }
    if (kind === 'Schedule' && api.startsWith('velero.io')) {
      const ttl = /^(\d+)h/.exec(text(at(spec, 'template', 'ttl')));
      return item({
        files: true,
        intervalHours: cronHours(text(spec['schedule'])),
        retained: true,
        retentionDays: ttl ? Number(ttl[1]) / 24 : 30,
      });
    }
    if (/percona\.com/.test(api) && at(spec, 'backup', 'schedule') !== undefined) {
      const first = record(list(at(spec, 'backup', 'schedule'))[0]);
      return item({
        intervalHours: cronHours(text(first['schedule'])),
        retained: first['keep'] !== undefined ? true : null,
        retentionDays: number(first['keep']),
      });
    }
    if (api.startsWith('postgres-operator.crunchydata.com') && at(spec, 'backups', 'pgbackrest') !== undefined)
      return item({ continuous: true, intervalHours: 0 });
    return [];
  });
}

/** Automated backups of managed databases and backup plans in infrastructure as code. */
function fromManaged(all: Collected): Item[] {
  const servers = all
    .items('database-servers')
    .filter((s) => s['managed'] === true && s['backups'] === true)
    .map((s): Item => ({
      ...blank,
      path: s.path,
      line: s.line,
      kind: 'managed',
      tool: String(s['resource']),
      name: String(s['name']),
      scheduled: true,
      intervalHours: s['pointInTime'] === true ? 0 : 24,
      retained: s['retentionDays'] !== null ? true : null,
      retentionDays: (s['retentionDays'] as number | null) ?? null,
      encrypted: s['encrypted'] ?? null,
      offsite: true,
      alerts: true,
      continuous: s['pointInTime'] === true,
      text: String(s['resource']),
      variant: String(s['variant']),
    }));
  const plans = all.documents('terraform').flatMap((d) =>
    list(at(d.root, 'resource')).flatMap((r, i): Item[] => {
      if (text(at(r, 'type')) !== 'aws_backup_plan') return [];
      const rule = record(list(at(r, 'blocks')).find((b) => text(at(b, 'type')) === 'rule'));
      const schedule = /cron\((.*)\)/.exec(text(at(rule, 'attributes', 'schedule')))?.[1] ?? '';
      const lifecycle = list(rule['blocks']).find((b) => text(at(b, 'type')) === 'lifecycle');
      return [
        {
          ...blank,
          path: d.path,
          line: number(at(r, 'line')) ?? d.place(['resource', i]).line ?? 1,
          kind: 'managed',
          tool: 'aws_backup_plan',
          name: text(at(r, 'name')),
          files: true,
          scheduled: true,
          intervalHours: schedule ? (cronHours(schedule.split(/\s+/).slice(0, 5).join(' ').replaceAll('?', '*')) ?? 24) : null,
          retained: lifecycle ? true : null,
          retentionDays: number(at(lifecycle, 'attributes', 'delete_after')),
          encrypted: true,
          offsite: true,
          text: 'aws_backup_plan',
        },
      ];
    }),
  );
  return [...servers, ...plans];
}

/** The concept `backups`: what makes them, when, where to, and what becomes of old and failed ones. */
export const backups: Combiner = {
  kind: 'backups',
  uses: ['workloads', 'kubernetes', 'ci-jobs', 'terraform', 'database-servers'],
  combine: (items, all) => {
    const jobs = fromJobs(all);
    const scripts = fromScripts(items, all);
    return [...scripts, ...fromWorkloads(all), ...jobs, ...fromOperators(all), ...fromManaged(all)];
  },
};
