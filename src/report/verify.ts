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

/** The connections that would decide it; empty where no running system can. */
function connectionsFor(finding: Finding): string[] {
  const asked = [...(finding.observable ?? []), ...finding.evidence.map((e) => e.probe)];
  return asked.filter((name) => Object.hasOwn(options, name));
}

/** Whether a running system would decide it. */
export const isObservable = (finding: Finding): boolean => connectionsFor(finding).length > 0;

/**
 * The command that would decide these findings, or as many of them as can be decided by looking at a running system; null where none
 * can. More than `named` checks are not listed one by one: then the command asks everything.
 */
export function verifyCommand(findings: readonly Finding[], named = 3): string | null {
  const seen = findings.filter(isObservable);
  if (seen.length === 0) return null;
  const wanted = seen.flatMap((f) => connectionsFor(f).map((name) => options[name] ?? ''));
  const flags = [...new Set(wanted.flatMap((o) => o.split(/ (?=--)/)))];
  const only = seen.length <= named ? ` --only ${seen.map((f) => f.check.replace(/[^\w/-]/g, '')).join(',')}` : '';
  return `readiness audit${only} ${flags.join(' ')}`;
}
