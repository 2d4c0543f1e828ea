import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../src/model/report.js';
import { readiness, root } from './support/cli.js';
import { audit as auditOf, repository } from './support/repository.js';

const audit = (name: string): Report =>
  JSON.parse(readiness(['audit', join(root, 'fixtures', name), '-f', 'json', '--fail-on', 'never']).stdout) as Report;
const outcome = (report: Report, check: string): string | undefined =>
  report.findings.find((f) => f.check === check && f.deployable === null)?.outcome;
const failing = (report: Report, severity: string): string[] =>
  report.findings.filter((f) => f.deployable === null && f.outcome === 'fail' && f.severity === severity).map((f) => f.check);

describe('whole repositories', () => {
  it('sees no critical violation in a service done well', () => {
    const report = audit('fastapi-careful');
    const seen = report.findings.filter((f) => f.outcome === 'fail' && f.severity === 'critical' && f.kind === 'violation');
    expect(seen.map((f) => `${f.check}: ${f.summary}`)).toEqual([]);
    expect(report.verdict).not.toBe('DO NOT DEPLOY');
    expect(report.score.value).toBeGreaterThan(70);
  });

  it('forbids the deployment of the same service done badly, and believes no README', () => {
    const report = audit('fastapi-careless');
    expect(report.verdict).toBe('DO NOT DEPLOY');
    expect(failing(report, 'critical')).toEqual(
      expect.arrayContaining([
        'security/cors-restricted-origins',
        'security/parameterized-queries',
        'security/tls-verification-enabled',
        'configuration/debug-disabled',
        'containers/no-privileged-containers',
        'containers/backing-services-not-published',
        'delivery/no-dangerous-workflows',
      ]),
    );
    expect(report.score.value).toBeLessThan(35);
  });

  it('finds the faults of the 3/10 checklist in the Streamlit application', () => {
    const report = audit('streamlit-assistant');
    expect(report.verdict).toBe('DO NOT DEPLOY');
    expect(outcome(report, 'security/parameterized-queries')).toBe('fail');
    for (const check of [
      'secrets/no-hardcoded-secrets',
      'database/production-engine',
      'backup/automated-backups',
      'security/https-enforced',
    ])
      expect([check, outcome(report, check)]).toEqual([check, 'fail']);
    expect(report.score.outOfTen).toBeLessThan(4.5);
  });

  it('finds the open documentation and the leaking errors of the Express service, and its good parts', () => {
    const report = audit('express-speech');
    expect(outcome(report, 'api/docs-hidden-in-production')).toBe('fail');
    expect(outcome(report, 'api/errors-hide-internals')).toBe('fail');
    expect(outcome(report, 'database/production-engine')).toBe('fail');
    expect(outcome(report, 'security/cors-restricted-origins')).toBe('pass');
    expect(outcome(report, 'authentication/password-hashing')).toBe('pass');
    expect(outcome(report, 'monitoring/health-endpoint')).toBe('pass');
  });

  it('judges a Go service with its manifests and Terraform', () => {
    const report = audit('go-shipping');
    expect(outcome(report, 'containers/non-root-user')).toBe('pass');
    expect(outcome(report, 'infrastructure/kubernetes-probes')).toBe('pass');
    expect(outcome(report, 'containers/backing-services-not-published')).toBe('fail');
    expect(outcome(report, 'backup/automated-backups')).toBe('pass');
    expect(outcome(report, 'reliability/graceful-shutdown')).toBe('pass');
  });

  it('judges the deployables of a monorepo one by one', () => {
    const report = audit('monorepo');
    expect(report.inventory.deployables.map((d) => d.name).sort()).toEqual(['api', 'mailer', 'web']);
    const nonRoot = new Map(report.findings.filter((f) => f.check === 'containers/non-root-user').map((f) => [f.deployable, f.outcome]));
    expect(nonRoot.get('api')).toBe('pass');
    expect(nonRoot.get('mailer')).toBe('fail');
    expect(nonRoot.get(null)).toBe('fail');
  });

  it('counts the code of the whole repository, however small its services are', () => {
    const lines = (name: string) => Array.from({ length: 120 }, (_, n) => `export const ${name}${n} = ${n};`).join('\n');
    const part = (name: string) => ({
      [`${name}/package.json`]: `{ "name": "${name}", "private": true, "dependencies": { "express": "5.0.0" } }`,
      [`${name}/Dockerfile`]: 'FROM node:22\nCMD ["node", "index.js"]\n',
      [`${name}/index.js`]: `${lines(name)}\neval(process.argv[2]);\n`,
    });
    const judged = (files: Record<string, string>) => auditOf(repository(files)).finding('security/no-code-injection').outcome;
    expect(judged({ ...part('cart'), ...part('mailer') })).toBe('fail');
    expect(judged(part('cart'))).toBe('not-applicable');
  });

  it('asks nothing of a library that only services need', () => {
    const report = audit('library');
    expect(failing(report, 'critical')).toEqual([]);
    for (const check of [
      'monitoring/health-endpoint',
      'containers/image-build-defined',
      'infrastructure/reverse-proxy',
      'security/https-enforced',
    ])
      expect(outcome(report, check)).toBe('not-applicable');
  });
});
