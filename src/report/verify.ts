import type { Finding, Report } from '../model/report.js';

/** What an operator adds to the command for each kind of probe; addresses and names to be replaced. */
const options: Readonly<Record<string, string>> = {
  http: '--url https://app.example.com',
  tls: '--url https://app.example.com',
  tcp: '--url https://app.example.com',
  dns: '--url https://app.example.com',
  env: '--env-file production.env',
  postgres: '--postgres "$DATABASE_URL"',
  mysql: '--mysql "$DATABASE_URL"',
  redis: '--redis "$REDIS_URL"',
  host: '--host local',
  prometheus: '--prometheus http://prometheus:9090',
  backup: '--backup /var/backups',
  load: '--url https://app.example.com --allow-load',
  command: '--allow-commands',
};

/** The connections that would decide it; empty where no running system can. */
function connectionsFor(finding: Finding): string[] {
  const asked = [...(finding.observable ?? []), ...finding.evidence.map((e) => e.probe)];
  return asked.filter((name) => Object.hasOwn(options, name));
}

/** Characters of a command that still stand on one line. */
const longestLine = 90;

/** Whether a running system would decide it. */
export const isObservable = (finding: Finding): boolean => connectionsFor(finding).length > 0;

/**
 * The command that would decide these findings, or as many of them as can be decided by looking at a running system; null where none
 * can. More than `named` checks are not listed one by one: then the command asks everything.
 */
export function verifyCommand(findings: readonly Finding[], inventory: Report['inventory'], named = 3): string | null {
  const seen = findings.filter(isObservable);
  if (seen.length === 0) return null;
  const unused = databaseNotUsed(inventory);
  const wanted = seen.flatMap((f) =>
    connectionsFor(f)
      .filter((name) => name !== unused)
      .map((name) => options[name] ?? ''),
  );
  const flags = [...new Set(wanted.flatMap((o) => o.split(/ (?=--)/)))];
  if (flags.length === 0) return null;
  const only = seen.length <= named ? ` --only ${seen.map((f) => f.check.replace(/[^\w/-]/g, '')).join(',')}` : '';
  const command = [`readiness audit${only}`, ...flags];
  return command.join(' ').length <= longestLine ? command.join(' ') : command.join(' \\\n  ');
}

/** Where only one of the two databases is used, the other needs no option. */
function databaseNotUsed({ technologies, capabilities }: Report['inventory']): 'mysql' | 'postgres' | null {
  const names = [...technologies.map((t) => t.id), ...capabilities].join(' ');
  const [postgres, mysql] = [/postgres|asyncpg|psycopg/.test(names), /mysql|mariadb/.test(names)];
  return postgres && !mysql ? 'mysql' : mysql && !postgres ? 'postgres' : null;
}
