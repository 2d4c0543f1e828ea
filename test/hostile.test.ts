import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../src/model/report.js';
import { makeHostile, type Hostile } from './support/hostile.js';
import { readiness, temporaryFolder } from './support/cli.js';

let hostile: Hostile;
const outputs = new Map<string, string>();
const formats = ['terminal', 'markdown', 'markdown-summary', 'html', 'json', 'sarif', 'junit', 'gitlab', 'github', 'badge', 'csv'];
let before: string[];
let statuses: (number | null)[];

const listing = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true, withFileTypes: true }) as { parentPath: string; name: string }[])
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => {
      try {
        const { size, mtimeMs } = statSync(path);
        return `${path} ${size} ${mtimeMs}`;
      } catch {
        return path;
      }
    })
    .sort();

beforeAll(() => {
  hostile = makeHostile(temporaryFolder());
  before = listing(hostile.folder);
  const reports = temporaryFolder();
  const run = readiness(['audit', hostile.folder, '--verbose', ...formats.slice(1).flatMap((f) => ['-r', `${f}=${join(reports, f)}`])], {
    env: { FORCE_COLOR: '' },
  });
  expect(run.stderr).toBe('');
  statuses = [run.status];
  outputs.set('terminal', run.stdout);
  for (const format of formats.slice(1)) outputs.set(format, readFileSync(join(reports, format), 'utf8'));
});

describe('a hostile repository', () => {
  it('is audited to the end', () => {
    expect(statuses.every((status) => status === 0 || status === 1)).toBe(true);
    const report = JSON.parse(outputs.get('json') ?? '') as Report;
    expect(report.findings.length).toBeGreaterThan(50);
    expect(report.findings.filter((f) => f.outcome === 'error').map((f) => `${f.check}: ${f.summary}`)).toEqual([]);
  });

  it('starts none of the programs that its configuration names', () => {
    expect(existsSync(hostile.canary)).toBe(false);
  });

  it('is left as it was', () => {
    expect(listing(hostile.folder)).toEqual(before);
  });

  it.each(formats)('says nothing of what lies outside, in %s', (format) => {
    const text = outputs.get(format) ?? '';
    expect(text).not.toContain(hostile.outside);
    expect(text).not.toContain('root:x:0:0');
  });

  it.each(formats.filter((f) => f !== 'json'))('prints no control characters, in %s', (format) => {
    const text = format === 'csv' ? (outputs.get(format) ?? '').replaceAll('\r\n', '\n') : (outputs.get(format) ?? '');
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it('puts no foreign markup into HTML, Markdown and XML', () => {
    for (const format of ['html', 'junit', 'badge']) expect(outputs.get(format)).not.toMatch(/<img src=x|<script>alert/);
    // Inside of a fence nothing is markup; a fence is longer than any in what it holds.
    const prose = (outputs.get('markdown') ?? '').replace(/^(\s*)(`{3,})[^\n]*\n[^]*?\n\1\2[ \t]*$/gm, '');
    expect(prose).not.toMatch(/(?<!\\)<img src=x|\]\(javascript:/);
  });

  it('issues no workflow commands that are not its own', () => {
    for (const line of (outputs.get('github') ?? '').split('\n')) if (line.startsWith('::')) expect(line).not.toMatch(/^::error::owned/);
    for (const format of formats.filter((f) => f !== 'github' && f !== 'json')) expect(outputs.get(format) ?? '').not.toMatch(/^::/m);
  });

  it('names what limits cut off', () => {
    const report = JSON.parse(outputs.get('json') ?? '') as Report;
    expect(report.notes.some((n) => n.kind === 'limit' && n.location?.path === 'src/line.js')).toBe(true);
  });
});
