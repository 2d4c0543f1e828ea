import type { Finding } from '../model/report.js';

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

/** Whether the running system would decide it: one of its probes asks a connection. */
export const isObservable = (finding: Finding): boolean => finding.evidence.some((e) => Object.hasOwn(options, e.probe));

/**
 * The command that would decide these findings, or as many of them as can be decided by looking at a running system; null where none
 * can. More than `named` checks are not listed one by one: then the command asks everything.
 */
export function verifyCommand(findings: readonly Finding[], named = 3): string | null {
  const seen = findings.filter(isObservable);
  if (seen.length === 0) return null;
  const wanted = seen.flatMap((f) => f.evidence.flatMap((e) => (Object.hasOwn(options, e.probe) ? [options[e.probe] ?? ''] : [])));
  const flags = [...new Set(wanted.flatMap((o) => o.split(/ (?=--)/)))];
  const only = seen.length <= named ? ` --only ${seen.map((f) => f.check.replace(/[^\w/-]/g, '')).join(',')}` : '';
  return `readiness audit${only} ${flags.join(' ')}`;
}
