import { describe, expect, it } from 'vitest';
import { makeMatcher } from '../../src/claims/match.js';
import { definitions } from '../support/builtins.js';

const matcher = makeMatcher((await definitions()).checks);
const first = (text: string, ...headingPath: string[]) => matcher.match({ text, headingPath })[0]?.check;

describe('makeMatcher', () => {
  it.each([
    ['TLS everywhere, plain traffic redirected', 'security/https-enforced'],
    ['The DB uses a pool of connections', 'database/connection-pooling'],
    ['k8s liveness and readiness probes', 'infrastructure/kubernetes-probes'],
    ['Clickjacking is prevented', 'security/frame-options'],
    ['2FA for all staff', 'authentication/multi-factor'],
    ['Exceptions go to Rollbar', 'monitoring/error-tracking'],
    ['Nobody logs in over SSH with a password', 'infrastructure/ssh-key-only'],
    ['Dumps are copied to another region', 'backup/offsite-storage'],
    ['LOG_LEVEL=WARNING', 'logging/production-log-level'],
    ['PITR', 'backup/point-in-time-recovery'],
    ['Right to be forgotten', 'data-protection/user-data-deletion'],
    ['We deploy with canaries', 'delivery/blue-green-or-canary'],
  ])('finds the check for "%s"', (text, check) => {
    expect(
      matcher
        .match({ text, headingPath: [] })
        .slice(0, 3)
        .map((m) => m.check),
    ).toContain(check);
  });

  it('lets the heading decide what a short claim is about', () => {
    expect(first('Monitoring configured', 'Infrastructure', 'Redis')).toBe('cache/redis-monitoring');
    expect(first('Retention', 'Backups')).toBe('backup/retention-policy');
    expect(first('Retention', 'Personal data')).toMatch(/^data-protection\/retention/);
  });

  it('has no match for what no check covers', () => {
    for (const text of ['Zebras graze quietly', '…', '12345', '']) expect(matcher.match({ text, headingPath: [] })).toEqual([]);
    // A word in common is no match that decides anything.
    for (const text of ['The office has a coffee machine', 'Holiday calendar agreed with the works council'])
      expect(matcher.match({ text, headingPath: [] })[0]?.confidence ?? 0).toBeLessThan(0.5);
  });

  it('is deterministic, sorted, and bounded', () => {
    const claim = { text: 'Automated daily backups with monitoring and alerts', headingPath: ['Operations'] };
    const matches = matcher.match(claim);
    expect(matches).toEqual(matcher.match({ ...claim }));
    expect(matches.length).toBeLessThanOrEqual(8);
    const confidences = matches.map((m) => m.confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
    expect(Math.max(...confidences)).toBeLessThanOrEqual(1);
  });

  it('asks for all of what a claim lists', () => {
    const groups = matcher.groups({ text: 'Resilience: circuit breakers, retries with backoff, graceful shutdown', headingPath: [] });
    expect(groups.flat()).toEqual(
      expect.arrayContaining(['reliability/circuit-breakers', 'reliability/retries-with-backoff', 'reliability/graceful-shutdown']),
    );
    expect(groups).toHaveLength(3);
  });

  it('asks for every header where the claim says headers', () => {
    const [group] = matcher.groups({ text: 'Security headers', headingPath: [] });
    expect(group).toEqual(
      expect.arrayContaining(['security/content-security-policy', 'security/frame-options', 'security/strict-transport-security']),
    );
  });
});
