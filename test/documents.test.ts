import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../src/model/report.js';
import { layersOf } from '../src/report/layers.js';
import { targetsOf } from '../src/report/targets.js';
import { definitions } from './support/builtins.js';
import { readiness, root, temporaryFolder } from './support/cli.js';

/**
 * Readiness documents that people wrote by hand, and what of them a reader finds again in ours: the heading of theirs, and what
 * has to stand in ours. The fixtures were made after the projects that the documents judged.
 */

interface Document {
  readonly text: string;
  readonly report: Report;
}

function assess(fixture: string, ...args: string[]): Document {
  const folder = temporaryFolder();
  const [text, json] = [join(folder, 'a.md'), join(folder, 'a.json')];
  const run = readiness([
    'audit',
    join(root, 'fixtures', fixture),
    '--fail-on',
    'critical',
    '-q',
    '-r',
    `markdown=${text}`,
    '-r',
    `json=${json}`,
    ...args,
  ]);
  if (run.status === null || run.status > 1) throw new Error(run.stderr);
  return { text: readFileSync(text, 'utf8'), report: JSON.parse(readFileSync(json, 'utf8')) as Report };
}

/** The text under a heading, up to the next one of the same or a higher level. */
function under(text: string, heading: RegExp): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith('#') && heading.test(line));
  if (at < 0) return '';
  const level = /^#+/.exec(lines[at] ?? '')?.[0].length ?? 1;
  const end = lines.findIndex((line, i) => i > at && new RegExp(`^#{1,${level}} `).test(line));
  return lines.slice(at, end < 0 ? undefined : end).join('\n');
}

describe('a list of gaps that ends in "DO NOT DEPLOY, 3/10" (Streamlit)', () => {
  let document: Document;
  beforeAll(() => {
    document = assess('streamlit-assistant');
  });

  it('has its verdict and rating', () => {
    expect(document.report.verdict).toBe('DO NOT DEPLOY');
    expect(document.report.score.outOfTen).toBeGreaterThan(2);
    expect(document.report.score.outOfTen).toBeLessThan(4);
    expect(document.text).toContain(`${document.report.score.outOfTen}/10 · ⛔ DO NOT DEPLOY`);
  });

  it.each([
    ['CRITICAL ISSUES - Must Fix Before Production', /Immediately: must be fixed before production/, /parameterised.*\n|hard-coded.*\n/],
    ['Remove hardcoded credentials from auth.py', /^## Secrets/, /\[auth\.py:3\]/],
    ['Add SQL injection protection', /^## Security/, /history\.py#L8[\s\S]*Recommended/],
    ['Replace SQLite with PostgreSQL', /^## Database/, /client-server database, not SQLite/],
    ['Add database backup strategy', /^## Backup/, /backups run automatically/],
    ['Containerize with Docker', /^## Containers/, /container image/],
    ['HIGH PRIORITY - Should Fix', /Within 30 days: should be fixed/, /^1\. /m],
    ['MEDIUM PRIORITY - Recommended', /Later: recommended/, /^1\. /m],
    ['Code Quality', /^## Testing/, /Integration tests/],
    ['Production Configuration Changes Needed: environment variables', /^## Environment variables/, /```bash\nOPENAI_API_KEY= /],
    ['Deployment Architecture', /^## Deployment architecture/, /### Database\n\n[\s\S]*❌/],
    ['Production Readiness Score: breakdown', /^## Rating/, /\| Security \| ⛔ BLOCKED \| [\d.]+ \|/],
    ['Next Steps: week by week', /^## Week by week/, /\*\*Week 1\*\*/],
    ['Quick Wins', /Quick wins/, /on the score/],
    ['DO NOT DEPLOY TO PRODUCTION until', /^## Conclusion/, /⛔ DO NOT DEPLOY[\s\S]*Stands in the way/],
  ])('%s', (_, heading, content) => {
    expect(under(document.text, heading)).toMatch(content);
  });

  it('shows the code as it is and as it should be', () => {
    const queries = under(under(document.text, /^## Security/), /queries are parameterised/);
    expect(queries).toMatch(/\*\*Current\*\* \(\[history\.py:8\][\s\S]*```python\n.*INSERT INTO questions/);
    expect(queries).toMatch(/\*\*Recommended\*\*/);
    expect(document.text).not.toContain('admin123');
  });

  it('follows the document’s own order with the checklist that was made of it', () => {
    const { text } = assess('streamlit-assistant', '--checklist', 'gap-list');
    const own = under(text, /^## Gap list by priority/);
    const heads = [...own.matchAll(/^### (.*)$/gm)].map((m) => m[1]);
    expect(heads.slice(0, 3)).toEqual(['CRITICAL ISSUES', 'HIGH PRIORITY', 'MEDIUM PRIORITY']);
    expect(own).toMatch(/\*\*Security Vulnerabilities\*\* \([01] of \d+\)\n\n(- \[[ x]\] .*\n)*- \[ \] /);
  });
});

describe('an analysis that ends in "89 % ready" (FastAPI)', () => {
  let document: Document;
  beforeAll(() => {
    document = assess('fastapi-speech', '--checklist', 'backend-analysis');
  });

  it('has a high score, and says nevertheless what stands in the way', () => {
    expect(document.report.score.value).toBeGreaterThan(75);
    expect(document.report.verdict).toBe('DO NOT DEPLOY');
    expect(under(document.text, /^## Conclusion/)).toContain('`configuration/debug-disabled`');
  });

  it('API documentation exposure: current → recommended', () => {
    const found = under(document.text, /Interactive API documentation is not public/);
    expect(found).toMatch(/\*\*Current\*\* \(\[app\/main\.py:33\][\s\S]*```python\napp = FastAPI\([\s\S]*docs_url="\/docs"/);
    expect(found).toMatch(/\*\*Recommended\*\*[\s\S]*```python\n[\s\S]*"docs_url": None/);
  });

  it('debug mode: current → recommended', () => {
    const found = under(document.text, /Debug mode is off in production/);
    expect(found).toMatch(/\*\*Current\*\*[\s\S]*debug=True/);
    expect(found).toMatch(/\*\*Recommended\*\*[\s\S]*FastAPI\(debug=settings\.ENVIRONMENT == "development"\)/);
  });

  it.each([
    [
      'Security Analysis: secure configurations',
      /^## Security/,
      /### What holds\n\n- ✅ \*\*[\s\S]*Cross-origin access is limited to named origins/,
    ],
    ['Logging level fixed', /^## Logging/, /log level comes from configuration/],
    ['Health Endpoints', /^## Monitoring/, /health endpoint/],
    ['Rate Limiting', /^## API/, /Rate limits are set by configuration/],
    ['Database Configuration', /^## Database/, /### What holds/],
    ['Environment Variables: missing production variables', /^## Environment variables/, /```bash\n[A-Z_]+=/],
    ['Critical Production Changes Required', /Immediately: must be fixed before production/, /Debug mode/],
    ['Production Deployment Checklist', /^## Deployment checklist/, /- \[x\] [\s\S]*- \[ \] /],
    ['Recommended Next Steps', /^## The cheapest path/, /1\. Fix \*\*Debug mode is off/],
    ['Current Score: breakdown', /Final assessment summary/, /\| API \| ★.* \| [\d.]+ \| /],
    ['Production ready after', /^## Conclusion/, /Stands in the way: /],
  ])('%s', (_, heading, content) => {
    expect(under(document.text, heading)).toMatch(content);
  });

  it('follows the document’s own order, without its claims', () => {
    const own = under(document.text, /^## Backend readiness analysis/);
    expect([...own.matchAll(/^### (.*)$/gm)].map((m) => m[1]?.replace(/ \(.*/, ''))).toEqual([
      'Current Production Status',
      'Critical Production Changes Required',
      'Production Deployment Checklist',
      'Next Steps',
      'Current Score',
    ]);
    expect(document.text).not.toMatch(/89 ?%|89\/100/);
  });
});

describe('what readers of such documents expect everywhere', () => {
  it('targets, alert thresholds and recovery objectives, with their words or missing', () => {
    const { text } = assess('fastapi-speech');
    const targets = under(text, /^## Targets and alert thresholds/);
    expect(targets).toMatch(
      /✅ An alert fires on a high error rate: declared, alert HighErrorRate: `.*http_requests_total.*deploy\/alerts\.yml/,
    );
    expect(targets).toMatch(/❌ An alert fires on sustained high CPU use: missing/);
    expect(targets).toMatch(/✅ Recovery time and recovery point objectives are defined: declared, an RTO/);
    expect(under(text, /^## Technical implementation/)).toContain('[app/main.py](app/main.py)');
    expect(under(text, /^## What was not verified/)).toMatch(/```bash\nreadiness audit[^`]*--url/);
    expect(under(text, /Sign-off/)).toContain('| Go-live |');
  });

  it('names only checks that there are', async () => {
    const known = (await definitions()).checks.map((c) => c.id);
    const asked = new Set<string>();
    expect([...layersOf([]), ...targetsOf([])]).toEqual([]);
    for (const file of ['layers.ts', 'targets.ts'])
      for (const [, id = ''] of readFileSync(join(root, 'src/report', file), 'utf8').matchAll(/'([a-z-]+\/[a-z-]+)'/g)) asked.add(id);
    expect(asked.size).toBeGreaterThan(40);
    expect([...asked].filter((id) => !known.includes(id))).toEqual([]);
  });
});
