import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimsReportSchema, type ClaimsReport } from '../../src/model/claims.js';
import { readiness, root, temporaryFolder } from '../support/cli.js';

const document = `# Launch

## Security
- [x] CORS restricted to our domains
- [x] Debug mode is off
- [x] Backup restoration tested
- [ ] Second factor
- ✅ Non-root user in the container

| Area | Status |
|---|---|
| Error tracking with Sentry | ✅ Done |

## Score: 95/100

\`\`\`bash
API_KEY=${['sk', 'live', 'abcdefghijklmnop1234'].join('_')}
\`\`\`
`;

/** A small service that contradicts some of it. */
function service(text = document): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'LAUNCH.md'), text);
  writeFileSync(join(folder, 'requirements.txt'), 'fastapi==0.115.0\nuvicorn==0.30.0\n');
  writeFileSync(
    join(folder, 'Dockerfile'),
    'FROM python:3.12-slim\nCOPY . /app\nUSER app\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n',
  );
  mkdirSync(join(folder, 'app'));
  writeFileSync(
    join(folder, 'app/main.py'),
    `from fastapi import FastAPI, Depends
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI(debug=True)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True, allow_methods=["*"])


@app.get("/orders")
def orders():
    return []


@app.post("/orders")
def create(order: dict):
    return order
`,
  );
  return folder;
}

const json = (folder: string, ...args: string[]): ClaimsReport => {
  const run = readiness(['verify', join(folder, 'LAUNCH.md'), folder, '--format', 'json', ...args]);
  expect(run.stderr).toBe('');
  return claimsReportSchema.parse(JSON.parse(run.stdout));
};

describe('readiness verify', () => {
  it('judges every claim, on its line, with the place of the evidence, as the schema says', () => {
    const folder = service();
    const report = json(folder);
    const on = (line: number) => report.claims.find((c) => c.line === line)!;
    expect(on(4)).toMatchObject({ verdict: 'contradicted', state: 'asserts', kind: 'checkbox', headingPath: ['Launch', 'Security'] });
    expect(on(4).evidence[0]!.location).toEqual({ path: 'app/main.py', line: 5 });
    expect(on(5)).toMatchObject({ verdict: 'contradicted' });
    expect(on(6).verdict).not.toBe('verified');
    expect(on(6).verdict).not.toBe('contradicted');
    expect(on(8)).toMatchObject({ verdict: 'verified' });
    expect(on(12)).toMatchObject({ verdict: 'unsupported', kind: 'table-row' });
    expect(report.scores).toMatchObject([{ line: 14, value: 95, comparedWith: 'overall' }]);
    expect(report.computed!.score).toBeLessThan(95);
    const { verified, contradicted, unsupported, outdated } = report.counts;
    expect(report.honesty).toBeCloseTo((100 * verified) / (verified + contradicted + unsupported + outdated), 1);
    expect(JSON.stringify(report)).not.toContain('abcdefghijklmnop1234');
    expect(json(folder)).toEqual(report);
  });

  it('does not take the document as evidence for itself', () => {
    const folder = service(
      '# Launch checklist\n\n## Runbook\n- [x] Runbook for common problems\n\n1. Restart the service with systemctl.\n2. Read the logs.\n3. Call the owner.\n',
    );
    expect(json(folder).claims.find((c) => c.line === 4)!.verdict).not.toBe('verified');
  });

  it('fails where asked to', () => {
    const folder = service();
    const run = (...args: string[]) => readiness(['verify', join(folder, 'LAUNCH.md'), folder, ...args]).status;
    expect(run()).toBe(0);
    expect(run('--fail-on', 'contradicted')).toBe(1);
    const honest = service('# A\n- [x] Non-root user in the container\n- [x] Error tracking with Sentry\n');
    expect(readiness(['verify', join(honest, 'LAUNCH.md'), honest, '--fail-on', 'contradicted']).status).toBe(0);
    expect(readiness(['verify', join(honest, 'LAUNCH.md'), honest, '--fail-on', 'unsupported']).status).toBe(1);
  });

  it('tells the worst first, on a narrow screen, without control characters', () => {
    const folder = service(document.replace('Debug mode is off', 'Debug mode is off \u001b[31m'));
    const { stdout, status } = readiness(['verify', join(folder, 'LAUNCH.md'), folder], { env: { COLUMNS: '50' } });
    expect(status).toBe(0);
    expect(stdout).toContain('Honesty index');
    expect(stdout.indexOf('CONTRADICTED')).toBeLessThan(stdout.indexOf('\nunsupported'));
    expect(stdout).toContain('app/main.py:5');
    expect(stdout).not.toContain('\u001b');
    const verbose = readiness(['verify', join(folder, 'LAUNCH.md'), folder, '--verbose']).stdout;
    expect(verbose).toContain('\nverified');
    expect(verbose).toMatch(/claimed\s+95\s+computed/);
  });

  it('writes SARIF on the lines of the document, the evidence beside it', () => {
    const folder = service();
    const run = readiness(['verify', join(folder, 'LAUNCH.md'), folder, '--format', 'sarif']);
    const log = JSON.parse(run.stdout) as {
      version: string;
      runs: {
        results: {
          ruleId: string;
          level: string;
          locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
          relatedLocations?: unknown[];
        }[];
      }[];
    };
    expect(log.version).toBe('2.1.0');
    const result = log.runs[0]!.results.find((r) => r.locations[0]!.physicalLocation.region.startLine === 4)!;
    expect(result).toMatchObject({ ruleId: 'claim/contradicted', level: 'error' });
    expect(result.locations[0]!.physicalLocation.artifactLocation.uri).toBe('LAUNCH.md');
    expect(JSON.stringify(result.relatedLocations)).toContain('app/main.py');
    expect(log.runs[0]!.results.every((r) => r.ruleId !== 'claim/verified')).toBe(true);
  });

  it('shows what it would change, changes it only when told, and a second time nothing', () => {
    const folder = service();
    const path = join(folder, 'LAUNCH.md');
    const diff = readiness(['verify', path, folder, '--diff']);
    expect(diff.stdout).toContain('-- [x] CORS restricted to our domains');
    expect(diff.stdout).toMatch(/\+- \[ \] CORS restricted to our domains .*contradicted/);
    expect(readFileSync(path, 'utf8')).toBe(document);
    expect(readiness(['verify', path, folder, '--write']).status).toBe(0);
    const changed = readFileSync(path, 'utf8');
    expect(changed).toContain('- [ ] CORS restricted to our domains');
    expect(changed).toContain('- [ ] Second factor\n- ✅ Non-root user in the container\n');
    expect(changed.split('\n')).toHaveLength(document.split('\n').length);
    const again = readiness(['verify', path, folder, '--write']);
    expect(again.stderr).toContain('needs no change');
    expect(readFileSync(path, 'utf8')).toBe(changed);
    // The box is open now, and the claim reads as before.
    expect(json(folder).claims.find((c) => c.line === 4)).toMatchObject({
      text: 'CORS restricted to our domains',
      state: 'plans',
      verdict: 'verified',
    });
  });

  it('keeps line ends and garbled characters of the document as they are', () => {
    const garbled = '# A\r\n\r\n- [x] CORS restricted to our domains \u00e2\u0153\u2026\r\n- [x] Second line\r\n';
    const folder = service(garbled);
    const path = join(folder, 'LAUNCH.md');
    readiness(['verify', path, folder, '--write']);
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines[2]).toMatch(/^- \[ \] CORS restricted to our domains \u00e2\u0153\u2026 .*contradicted.*\r$/);
    expect(lines[3]).toBe('- [x] Second line\r');
  });

  it.each([
    [['verify'], 'missing required argument'],
    [['verify', 'no/such.md'], 'cannot read the document'],
    [['verify', '.', '.'], 'it is not a file'],
    [['verify', 'README.md', '.', '--format', 'xml'], 'terminal, json, sarif'],
    [['verify', 'README.md', 'no/such/folder'], 'no/such/folder'],
    [['import', 'no/such.md'], 'cannot read the document'],
  ])('%j is wrong use', (args, message) => {
    const run = readiness(args);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain('    at ');
  });
});

describe('readiness import', () => {
  /** Documents of five kinds, each with an application beside it. */
  const five = ['campus-api', 'lingua-coach', 'podium-speech', 'study-desk', 'whiteboard'] as const;
  const documents = { 'campus-api': 'PRODUCTION_CHECKLIST.md', 'lingua-coach': 'DEPLOYMENT_READINESS.md' } as Record<string, string>;

  it.each(five)('%s: the audit lists every item of the document, in its order, with an outcome', { timeout: 120_000 }, (name) => {
    const folder = temporaryFolder();
    cpSync(join(root, 'fixtures/claims', name), folder, { recursive: true });
    const file = join(folder, documents[name] ?? 'PRODUCTION_READINESS.md');
    const checklist = join(folder, 'readiness.yaml');
    const imported = readiness(['import', file, '-o', checklist]);
    expect(imported.status).toBe(0);
    const claims = JSON.parse(readiness(['verify', file, folder, '--format', 'json']).stdout) as ClaimsReport;
    const run = readiness(['audit', folder, '--format', 'json', '--fail-on', 'never', '-r', `markdown=${join(folder, 'report.md')}`]);
    expect(run.status).toBe(0);
    const report = JSON.parse(run.stdout) as {
      checklist: { sections: { title: string; items: { text: string; outcome: string; summary: string }[] }[] };
    };
    const items = report.checklist.sections.flatMap((s) => s.items);
    expect(items.map((i) => i.text)).toEqual(claims.claims.map((c) => c.text));
    expect(items.length).toBeGreaterThan(40);
    for (const item of items) {
      expect(['pass', 'fail', 'unknown', 'not-applicable', 'error']).toContain(item.outcome);
      expect(item.summary).not.toBe('');
    }
    expect(new Set(items.map((i) => i.outcome)).size).toBeGreaterThan(2);
    // The Markdown report has the sections in the document's order.
    const markdown = readFileSync(join(folder, 'report.md'), 'utf8');
    const lines = markdown.split('\n').filter((line) => /^- \[[x ]\] .*(?:✅|❌|❔|➖)/.test(line));
    expect(lines.length).toBeGreaterThanOrEqual(items.length);
    expect(readiness(['import', file, '-o', checklist]).status).toBe(2);
    expect(readiness(['import', file, '-o', checklist, '--force']).status).toBe(0);
  });

  it('lets a person sign what no check covers', () => {
    const folder = service();
    const yaml = (signature: string) =>
      `title: Ours\nonly: [containers/non-root-user]\nsections:\n  - title: A\n    items:\n      - text: Not root\n        checks: [containers/non-root-user]\n      - text: The coffee machine works\n        attestation: ${signature}\n`;
    const items = (signature: string) => {
      writeFileSync(join(folder, 'readiness.yaml'), yaml(signature));
      const run = readiness(['audit', folder, '--format', 'json', '--fail-on', 'never']);
      expect(run.stderr).toBe('');
      return (JSON.parse(run.stdout) as { checklist: { sections: { items: { outcome: string; summary: string }[] }[] } }).checklist
        .sections[0]!.items;
    };
    expect(items("{ owner: '', on: '', evidence: '', expires: '' }").map((i) => i.outcome)).toEqual(['pass', 'unknown']);
    expect(items("{ owner: Ann, on: 2026-01-02, evidence: '', expires: '' }")[1]!.summary).toContain('evidence, expires');
    expect(items('{ owner: Ann, on: "2026-01-02", evidence: "https://example.org/1", expires: "2020-01-01" }')[1]!.outcome).toBe('unknown');
    expect(items('{ owner: Ann, on: "2026-01-02", evidence: "https://example.org/1", expires: "2999-01-01" }')[1]).toMatchObject({
      outcome: 'pass',
    });
    writeFileSync(
      join(folder, 'readiness.yaml'),
      yaml('{ owner: Ann }').replace('[containers/non-root-user]\n      - text: The', '[containers/non-rot-user]\n      - text: The'),
    );
    const wrong = readiness(['audit', folder]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('containers/non-root-user');
  });
});
