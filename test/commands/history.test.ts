import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HistoryPoint, Report } from '../../src/model/report.js';
import { goldenReport } from '../report/golden.js';
import { git, readiness, temporaryFolder } from '../support/cli.js';
import { commit, put, repository } from '../support/repository.js';

/** Kept reports and their trend by the built command line. */

const reportOf = (day: number, score: number | null, commitId: string | null = `${day}`.repeat(40).slice(0, 40)): Report => {
  const golden = goldenReport();
  return {
    ...golden,
    date: `2026-03-0${day}T10:00:00.000Z`,
    target: { ...golden.target, commit: commitId },
    score: { ...golden.score, value: score },
  };
};
const save = (report: Report): string => {
  const file = join(temporaryFolder(), 'report.json');
  writeFileSync(file, JSON.stringify(report));
  return file;
};

describe('readiness history', () => {
  const kept = join(temporaryFolder(), 'kept');
  beforeAll(() => {
    for (const [day, score] of [
      [3, 61.5],
      [1, 40],
      [2, 55],
      [4, null],
    ] as const)
      readiness(['history', 'add', save(reportOf(day, score)), kept]);
  });

  it('keeps reports as files named by date and commit', () => {
    expect(readdirSync(kept)).toEqual([
      '2026-03-01T100000Z-1111111.json',
      '2026-03-02T100000Z-2222222.json',
      '2026-03-03T100000Z-3333333.json',
      '2026-03-04T100000Z-4444444.json',
    ]);
  });

  it('lists them oldest first with the change between them, and draws the trend', () => {
    const { stdout, status } = readiness(['history', kept]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /2026-03-01 10:00 {2}1111111 {5}40 .*\n2026-03-02 10:00 {2}2222222 {5}55 {3}\+15 .*\n2026-03-03 10:00 {2}3333333 {3}61.5 {2}\+6.5 /,
    );
    expect(stdout.match(/●/g)).toHaveLength(3);
    expect(stdout).toContain('│');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('in plain characters where the locale has no others', () => {
    const { stdout } = readiness(['history', kept], { env: { LC_ALL: 'C' } });
    expect(stdout.match(/\*/g)).toHaveLength(3);
    expect(stdout.replaceAll('±', '')).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('as data, and as a page without a script', () => {
    const points = JSON.parse(readiness(['history', kept, '--format', 'json']).stdout) as HistoryPoint[];
    expect(points.map((p) => p.score)).toEqual([40, 55, 61.5, null]);
    const { stdout } = readiness(['history', kept, '--format', 'html']);
    expect(stdout).toContain('<svg class="trend"');
    expect(stdout.match(/<circle/g)).toHaveLength(3);
    expect(stdout).not.toContain('<script');
  });

  it('leaves out what is no report, and says so', () => {
    writeFileSync(join(kept, 'notes.json'), '{"hello": "world"}');
    const run = readiness(['history', kept]);
    expect(run.status).toBe(0);
    expect(run.stderr).toBe('note: notes.json holds no report, and was left out\n');
  });

  it('a folder that is not there is told with the way to make it', () => {
    const run = readiness(['history', 'nowhere'], { cwd: temporaryFolder() });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('nowhere does not exist');
    expect(run.stderr).toContain('readiness audit --history nowhere');
  });
});

describe('in a repository', () => {
  it('an audit keeps its report and shows the trend in every format that draws', () => {
    const folder = repository();
    const kept = join(temporaryFolder(), 'a', 'b');
    const args = ['audit', folder, '--history', kept, '--fail-on', 'never'];
    readiness([...args, '--quiet']);
    put(folder, { Dockerfile: 'FROM python:3.12-slim\nUSER 10001\nCMD ["gunicorn", "app:app"]\n' });
    commit(folder);
    const { stdout } = readiness(args);
    expect(stdout).toMatch(/Trend of 2 audits: [▁-█]{2}/);
    expect(readdirSync(kept)).toHaveLength(2);
    expect(readiness([...args, '--format', 'html']).stdout).toContain('<svg class="trend"');
    expect(existsSync(join(folder, '.readiness'))).toBe(false);
  });

  it('keeps reports as git notes of their commits', () => {
    const folder = repository();
    const [first] = [git(folder, 'rev-parse', 'HEAD')];
    const second = commit(folder, 'another');
    for (const [day, score, id] of [
      [1, 40, first],
      [2, 55, second],
      [3, 58, second],
    ] as const) {
      const run = readiness(['history', 'add', save(reportOf(day, score, id)), folder, '--notes']);
      expect([run.status, run.stderr]).toEqual([0, '']);
    }
    const points = JSON.parse(readiness(['history', folder, '--notes', '--format', 'json']).stdout) as HistoryPoint[];
    expect(points.map((p) => [p.commit, p.score])).toEqual([
      [first, 40],
      [second, 58],
    ]);
    expect(git(folder, 'log', '--format=%H')).toBe(`${second}\n${first}`);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('a commit that the repository does not have cannot be noted', () => {
    const run = readiness(['history', 'add', save(reportOf(1, 40)), repository(), '--notes']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('git could not note it to 111111111111');
    expect(readiness(['history', 'add', save(reportOf(1, 40, null)), repository(), '--notes']).stderr).toContain('names no commit');
  });
});
