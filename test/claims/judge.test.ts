import { describe, expect, it } from 'vitest';
import { judge, type Facts } from '../../src/claims/judge.js';
import { numbersOf } from '../../src/claims/marks.js';
import { productVocabulary } from '../../src/claims/specifics.js';
import type { Claim } from '../../src/model/claims.js';
import type { Finding } from '../../src/model/report.js';

function finding(
  check: string,
  outcome: Finding['outcome'],
  evidence: Partial<Finding['evidence'][number]>[] = [],
  more: Partial<Finding> = {},
): Finding {
  return {
    check,
    title: check,
    category: check.split('/')[0]!,
    severity: 'important',
    effort: 'hours',
    phase: 'pre-deployment',
    deployable: null,
    outcome,
    kind: outcome === 'fail' ? (evidence.some((e) => e.violation) ? 'violation' : 'missing') : null,
    summary: `${check} says ${outcome}`,
    evidence: evidence.map((e) => ({ probe: 'text', answer: 'yes', violation: false, message: '', ...e })),
    held: null,
    total: null,
    weight: 5,
    rung: null,
    why: '',
    fix: { text: '', snippet: null },
    references: [],
    waiver: null,
    attestation: null,
    ...more,
  };
}

const claim = (text: string, state: Claim['state'] = 'asserts', kind: Claim['kind'] = 'checkbox'): Claim => ({
  id: 'c1',
  line: 3,
  endLine: 3,
  headingPath: [],
  text,
  state,
  kind,
  numbers: numbersOf(text),
});

interface World {
  findings?: Finding[];
  kinds?: Record<string, string>;
  files?: string[];
  technologies?: string[];
  around?: string;
  verdict?: string;
  score?: { value: number; computed: number; comparedWith: string };
}

const vocabulary = productVocabulary(
  [
    { id: 'sentry', title: 'Sentry' },
    { id: 'redis', title: 'Redis server' },
  ],
  ['error tracking', 'caching'],
);
function verdict(of: Claim, world: World = {}, confidence = 0.9) {
  const findings = new Map((world.findings ?? []).map((f) => [f.check, f]));
  const facts: Facts = {
    finding: (id) => findings.get(id),
    evidenceKind: (id) => world.kinds?.[id] ?? 'static',
    files: new Set(world.files ?? []),
    technologies: world.technologies ?? [],
    vocabulary,
    around: () => world.around ?? '',
    scoreOf: () => world.score ?? null,
    verdict: world.verdict ?? null,
  };
  const ids = (world.findings ?? []).filter((f) => f.check !== 'delivery/tests-in-ci' || world.findings!.length === 1).map((f) => f.check);
  const matches = ids.slice(0, 1).map((check) => ({ check, title: check, confidence }));
  return judge(of, matches, [ids], facts);
}
const place = { location: { path: 'app.py', line: 4 } };

describe('judge', () => {
  it('verifies what passes, contradicts what is violated at a place, and finds no support for what is missing', () => {
    expect(verdict(claim('Logs are structured'), { findings: [finding('logging/structured-logging', 'pass', [place])] })).toMatchObject({
      verdict: 'verified',
      evidence: [{ location: place.location }],
    });
    expect(
      verdict(claim('CORS is restricted'), { findings: [finding('security/cors', 'fail', [{ ...place, violation: true }])] }).verdict,
    ).toBe('contradicted');
    expect(verdict(claim('A runbook exists'), { findings: [finding('operations/runbook', 'fail')] }).verdict).toBe('unsupported');
    expect(verdict(claim('Redis has a password'), { findings: [finding('cache/redis', 'not-applicable')] }).verdict).toBe('unsupported');
  });

  it('says what would settle what it cannot see', () => {
    expect(verdict(claim('DNS is set up'), { findings: [finding('x/dns', 'unknown')], kinds: { 'x/dns': 'environment' } })).toMatchObject({
      verdict: 'not-verifiable',
      settle: expect.stringContaining('environment') as string,
    });
    expect(verdict(claim('Something odd'), {}).verdict).toBe('not-verifiable');
    expect(verdict(claim('Logs'), { findings: [finding('logging/a', 'pass', [place])] }, 0.35)).toMatchObject({
      verdict: 'not-verifiable',
      reason: expect.stringContaining('no check') as string,
    });
  });

  it('never takes configuration for an exercise', () => {
    for (const text of [
      'Backup restoration tested',
      'Load testing completed',
      'Failover was rehearsed',
      'Security headers verified',
      'Alerts are working',
      'Penetration test performed',
    ])
      expect(verdict(claim(text), { findings: [finding('backup/automated-backups', 'pass', [place])] }).verdict, text).toBe(
        'not-verifiable',
      );
    expect(verdict(claim('Backup restoration tested'), { findings: [finding('backup/restore-tested', 'pass', [place])] }).verdict).toBe(
      'verified',
    );
    expect(verdict(claim('User inputs validated'), { findings: [finding('security/input-validation', 'pass', [place])] }).verdict).toBe(
      'verified',
    );
  });

  it('takes tests that CI runs for tests that pass', () => {
    const tests = finding('testing/integration-tests', 'pass', [place]);
    expect(verdict(claim('Integration tests passing'), { findings: [tests] }).verdict).toBe('not-verifiable');
    expect(verdict(claim('Integration tests passing'), { findings: [tests, finding('delivery/tests-in-ci', 'pass')] }).verdict).toBe(
      'verified',
    );
    expect(
      verdict(claim('Load tests completed'), {
        findings: [finding('testing/load-tests', 'pass', [place]), finding('delivery/tests-in-ci', 'pass')],
      }).verdict,
    ).toBe('not-verifiable');
  });

  it('wants every number to be seen', () => {
    const bcrypt = (excerpt: string) => ({ findings: [finding('authentication/password-hash-cost', 'pass', [{ ...place, excerpt }])] });
    expect(verdict(claim('bcrypt with 12 rounds'), bcrypt('bcrypt.gensalt(rounds=12)')).verdict).toBe('verified');
    expect(verdict(claim('bcrypt with 12 rounds'), bcrypt('bcrypt.gensalt(rounds=10)')).verdict).toBe('contradicted');
    expect(verdict(claim('bcrypt with 12 rounds'), bcrypt('bcrypt.gensalt()')).verdict).toBe('unsupported');
    expect(verdict(claim('bcrypt, minimum 10 rounds'), bcrypt('bcrypt.gensalt(rounds=12)')).verdict).toBe('verified');
    expect(verdict(claim('Total tests: 5,737'), { findings: [finding('testing/unit-tests', 'pass', [place])] }).verdict).toBe(
      'unsupported',
    );
    const limits = (excerpt: string) => ({ findings: [finding('api/rate-limiting', 'pass', [{ ...place, excerpt }])] });
    expect(verdict(claim('Rate limiting (100 req/min)'), limits('@limiter.limit("100/minute")')).verdict).toBe('verified');
    expect(verdict(claim('Rate limiting (100 req/min)'), limits('@limiter.limit("500/minute")')).verdict).toBe('contradicted');
    const size = (excerpt: string) => ({ findings: [finding('security/request-size-limits', 'pass', [{ ...place, excerpt }])] });
    expect(verdict(claim('Requests limited to 5 MB'), size('client_max_body_size 5m;')).verdict).toBe('verified');
    expect(verdict(claim('Requests limited to 5 MB'), size('max_size = 50 * 1024 * 1024')).verdict).toBe('contradicted');
  });

  it('wants products, files, folders and addresses to be seen', () => {
    const tracking = finding('monitoring/error-tracking', 'pass', [{ ...place, message: 'rollbar.init()' }]);
    expect(verdict(claim('Error tracking with Sentry'), { findings: [tracking] }).verdict).toBe('unsupported');
    expect(verdict(claim('Error tracking with Sentry'), { findings: [tracking], technologies: ['sentry'] }).verdict).toBe('verified');
    expect(verdict(claim('Error tracking (e.g., Sentry)'), { findings: [tracking] }).verdict).toBe('verified');
    const report = { findings: [finding('security/security-audit-report', 'pass', [place])] };
    expect(verdict(claim('AUDIT.md holds the review'), report).verdict).toBe('unsupported');
    expect(verdict(claim('AUDIT.md holds the review'), { ...report, files: ['docs/AUDIT.md'] }).verdict).toBe('verified');
    expect(verdict(claim('Uploads live in ./data/uploads'), { ...report, files: ['app.py'] }).verdict).toBe('unsupported');
    const health = { findings: [finding('monitoring/health-endpoint', 'pass', [{ ...place, excerpt: "@app.get('/health')" }])] };
    expect(verdict(claim('Health endpoints (/health, /api/health)'), health).verdict).toBe('unsupported');
    expect(verdict(claim('Health endpoint (/health)'), health).verdict).toBe('verified');
  });

  it('judges gaps that the document admits', () => {
    const missing = { findings: [finding('logging/log-rotation', 'fail')] };
    const there = { findings: [finding('logging/log-rotation', 'pass', [place])] };
    expect(verdict(claim('No log rotation', 'denies'), missing).verdict).toBe('verified');
    expect(verdict(claim('No log rotation', 'denies'), there).verdict).toBe('outdated');
    expect(verdict(claim('Log rotation', 'plans'), there).verdict).toBe('outdated');
    expect(verdict(claim('Rotate the logs', 'recommends', 'bullet'), there)).toMatchObject({
      verdict: 'not-a-claim',
      reason: expect.stringContaining('done by now') as string,
    });
  });

  it('sets the whole document beside the verdict, and ratings beside the computed score', () => {
    const status = claim('Overall Status: APPROVED FOR PRODUCTION', 'asserts', 'sentence');
    expect(verdict(status, { verdict: 'DO NOT DEPLOY' }).verdict).toBe('contradicted');
    expect(verdict(status, { verdict: 'NOT READY' }).verdict).toBe('unsupported');
    expect(verdict(status, { verdict: 'READY' }).verdict).toBe('verified');
    const rating = claim('Security: 95/100', 'asserts', 'score');
    expect(verdict(rating, { score: { value: 95, computed: 40, comparedWith: 'security' } }).verdict).toBe('contradicted');
    expect(verdict(rating, { score: { value: 95, computed: 90, comparedWith: 'security' } }).verdict).toBe('verified');
  });
});
