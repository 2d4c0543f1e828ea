import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { backup, backupFacts } from '../../src/connect/backup.js';
import { openEnvironment } from '../../src/connect/index.js';
import type { Measured } from '../../src/model/environment.js';
import { temporaryFolder } from '../support/cli.js';
import { asking, testDay } from '../support/measure.js';
import { mariadbServer, postgresServer } from '../support/servers.js';
import type { z } from 'zod';

type Facts = z.infer<typeof backupFacts>;
const { facts, failure } = asking<Facts>(backup);
const location = async (backups: string | string[]) => (await facts({ backups })).locations[0] as Facts['locations'][number];
const newest = async (path: string) => (await location(path)).newest as NonNullable<Facts['locations'][number]['newest']>;

/** A file of some bytes, written so many hours before the day of the test. */
function file(folder: string, name: string, content: string | Buffer, hoursAgo = 1): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  const at = new Date(testDay.getTime() - hoursAgo * 3_600_000);
  utimesSync(path, at, at);
  return path;
}

const tool = (command: string, args: readonly string[], input?: string) =>
  execFileSync(command, args, { input, stdio: ['pipe', 'pipe', 'pipe'] });
/** Random enough that no packer makes it small. */
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7919 + ((i * i) % 251)) & 0xff));

describe('age and size', () => {
  it('are those of the newest file, beside the one before of its name', async () => {
    const folder = temporaryFolder();
    file(folder, 'shop-2026-11-17.sql.gz', gzipSync('x'.repeat(90)), 75);
    file(folder, 'shop-2026-11-18.sql.gz', noise(1_000), 51);
    file(folder, 'shop-2026-11-19.sql.gz', noise(2_000), 27);
    file(folder, 'shop-2026-11-20.sql.gz', noise(900), 3);
    file(folder, 'uploads-2026-10-20.tar', noise(50_000), 740);
    file(folder, 'shop-2026-11-20.sql.gz.sha256', 'abc', 2);
    file(folder, 'shop-2026-11-21.sql.gz.part', 'abc', 1);
    symlinkSync('shop-2026-11-17.sql.gz', join(folder, 'latest.sql.gz'));
    const found = await location(folder);
    expect(found).toMatchObject({
      kind: 'files',
      count: 5,
      problem: null,
      previousBytes: 2_000,
      ratio: 0.45,
      usualRatio: 0.9,
      cadenceHours: 24,
      longestGapHours: 24,
      oldestAgeHours: 740,
    });
    expect(found.newest).toMatchObject({ name: 'shop-2026-11-20.sql.gz', bytes: 900, ageHours: 3, namedAgeHours: 12 });
    expect(found.series).toEqual([
      { name: 'shop-#.sql.gz', count: 4, ageHours: 3 },
      { name: 'uploads-#.tar', count: 1, ageHours: 740 },
    ]);
  });

  it('count for a glob, a single file, an empty folder', async () => {
    const folder = temporaryFolder();
    file(folder, 'a/one.dump', noise(10), 5);
    file(folder, 'b/two.dump', noise(10), 4);
    file(folder, 'b/two.txt', noise(10), 1);
    expect(await location(join(folder, '*/*.dump'))).toMatchObject({ count: 2, newest: { name: 'b/two.dump', ageHours: 4 } });
    expect(await location(join(folder, 'a/one.dump'))).toMatchObject({ count: 1, newest: { name: 'one.dump', ageHours: 5 } });
    expect(await location(join(folder, '*.none'))).toMatchObject({ count: 0, newest: null, problem: null });
    mkdirSync(join(folder, 'empty'));
    expect(await location(join(folder, 'empty'))).toMatchObject({ count: 0, newest: null });
  });

  it('are unknown where the place is not there, and one bad place does not hide a good one', async () => {
    const folder = temporaryFolder();
    file(folder, 'x.dump', noise(10));
    expect(await failure({ backups: join(folder, 'nowhere') })).toMatchObject({ reason: 'not-found' });
    expect((await facts({ backups: [join(folder, 'nowhere'), folder] })).locations).toMatchObject([
      { count: null, newest: null },
      { count: 1, problem: null },
    ]);
  });

  it('come with the permissions of the file', async () => {
    const folder = temporaryFolder();
    const path = file(folder, 'x.dump', noise(10));
    chmodSync(path, 0o604);
    expect(await newest(folder)).toMatchObject({ mode: '0604', readableByOthers: true });
    chmodSync(path, 0o600);
    expect(await newest(folder)).toMatchObject({ mode: '0600', readableByOthers: false });
  });
});

/** Cuts a file made by the real tool to two thirds, which every format but an encrypted one must notice. */
async function wholeAndCut(path: string): Promise<[whole: object, cut: object]> {
  const whole = await newest(path);
  truncateSync(path, Math.floor((readFileSync(path).length * 2) / 3));
  return [whole, await newest(path)];
}

describe('integrity', () => {
  it.each([
    ['gzip', 'verified', (p: string) => writeFileSync(p, tool('gzip', ['-c'], noise(5_000).toString('latin1')))],
    ['tar, gzip', 'verified', (p: string) => tool('tar', ['czf', p, '-C', join(p, '..'), 'data'])],
    ['tar', 'verified', (p: string) => tool('tar', ['cf', p, '-C', join(p, '..'), 'data'])],
    ['zip', 'complete', (p: string) => tool('zip', ['-q', p, join(p, '../data')])],
    ['xz', 'complete', (p: string) => writeFileSync(p, tool('xz', ['-c', join(p, '../data')]))],
    ['zstd', 'complete', (p: string) => writeFileSync(p, tool('zstd', ['-q', '-c', join(p, '../data')]))],
    ['sqlite', 'complete', (p: string) => tool('sqlite3', [p, 'create table t(a); insert into t values (1); create index i on t(a)'])],
  ])('of %s made by its tool is %s, and a file that was cut off is damaged', async (format, integrity, make) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'data'), noise(30_000));
    const path = join(folder, 'backup.bin');
    make(path);
    const [whole, cut] = await wholeAndCut(path);
    expect(whole).toMatchObject({ format, integrity, encryption: null });
    expect(cut).toMatchObject({ integrity: 'damaged', note: expect.stringMatching(/cut off|not whole|missing/) as string });
  });

  it('notices a byte that changed under a gzip checksum and in a tar header', async () => {
    const folder = temporaryFolder();
    const packed = gzipSync(noise(5_000));
    packed[packed.length - 6] = (packed.at(-6) ?? 0) ^ 0xff;
    expect(await newest(file(folder, 'x.gz', packed))).toMatchObject({
      integrity: 'damaged',
      note: expect.stringContaining('checksum') as string,
    });
    writeFileSync(join(folder, 'data'), noise(3_000));
    tool('tar', ['cf', join(folder, 'x.tar'), '-C', folder, 'data', 'x.gz']);
    const tar = readFileSync(join(folder, 'x.tar'));
    tar[512 + 3_072 + 10] = 1;
    expect(await newest(file(folder, 'y.tar', tar))).toMatchObject({ format: 'tar', integrity: 'damaged' });
  });

  it('an empty file is no backup', async () => {
    expect(await newest(file(temporaryFolder(), 'x.sql', ''))).toMatchObject({ bytes: 0, format: 'empty', integrity: 'damaged' });
    expect(await newest(file(temporaryFolder(), 'x.gz', gzipSync('')))).toMatchObject({
      integrity: 'damaged',
      note: 'there is nothing inside',
    });
  });

  it('is not guessed of what is not known', async () => {
    expect(await newest(file(temporaryFolder(), 'x.bin', noise(3_000)))).toMatchObject({ format: 'unknown', integrity: 'unknown' });
  });

  it('of PostgreSQL dumps by the real pg_dump', async () => {
    const server = await postgresServer({ hba: ['host all all 127.0.0.1/32 trust'] });
    await server.sql('create table t as select generate_series(1, 500) as n');
    const folder = temporaryFolder();
    const dump = (name: string, ...args: string[]) => {
      tool('pg_dump', [...args, '-f', join(folder, name), server.url('postgres', 'x')]);
      return join(folder, name);
    };
    const [plain, cut] = await wholeAndCut(dump('a.sql'));
    expect(plain).toMatchObject({ format: 'pg_dump', integrity: 'complete' });
    expect(cut).toMatchObject({ format: 'pg_dump', integrity: 'damaged' });
    expect(await newest(dump('b.dump', '-Fc'))).toMatchObject({ format: 'pg_dump custom', integrity: 'header' });
    expect(await newest(dump('c.sql.gz', '-Z', '6'))).toMatchObject({ format: 'pg_dump, gzip', integrity: 'verified' });
    const half = readFileSync(dump('d.sql')).subarray(0, 600);
    // The process that compresses ended well, the one that dumps did not.
    expect(await newest(file(folder, 'd.sql.gz', gzipSync(half)))).toMatchObject({ format: 'pg_dump, gzip', integrity: 'damaged' });
  });

  it('of MariaDB dumps by the real mariadb-dump', async () => {
    const server = await mariadbServer();
    await server.sql('create database shop; create table shop.t (n int primary key); insert into shop.t values (1), (2)');
    const path = join(temporaryFolder(), 'shop.sql');
    writeFileSync(path, tool('mariadb-dump', ['--socket', join(server.folder, 's'), '-u', 'root', 'shop']));
    const [whole, cut] = await wholeAndCut(path);
    expect(whole).toMatchObject({ format: 'mysqldump', integrity: 'complete' });
    expect(cut).toMatchObject({ format: 'mysqldump', integrity: 'damaged' });
  });
});

describe('encryption', () => {
  it('is seen of what gpg and openssl make, and of age', async () => {
    const folder = temporaryFolder();
    const plain = file(folder, 'plain', noise(500), 9);
    const word = ['not', 'a', 'real', 'one'].join('-');
    tool('openssl', ['enc', '-aes-256-cbc', '-pbkdf2', '-k', word, '-in', plain, '-out', join(folder, 'a.enc')]);
    expect(await newest(join(folder, 'a.enc'))).toMatchObject({ encryption: 'openssl', integrity: 'header' });
    for (const [name, args] of [
      ['b.gpg', []],
      ['c.asc', ['--armor']],
    ] as const) {
      tool('gpg', [
        '--homedir',
        folder,
        '--batch',
        '--pinentry-mode',
        'loopback',
        '--passphrase',
        word,
        ...args,
        '-o',
        join(folder, name),
        '-c',
        plain,
      ]);
      expect(await newest(join(folder, name))).toMatchObject({ encryption: 'pgp' });
    }
    expect(await newest(file(folder, 'd.age', 'age-encryption.org/v1\n-> X25519 abc\n'))).toMatchObject({ encryption: 'age' });
    expect(await newest(plain)).toMatchObject({ encryption: null });
  });

  it('and of repositories of restic and borg by their layout', async () => {
    const restic = temporaryFolder();
    for (const name of ['config', 'keys/ab12', 'index/cd34', 'data/00/0011']) file(restic, name, noise(40), 90);
    file(restic, 'snapshots/aa11', noise(200), 30);
    file(restic, 'snapshots/bb22', noise(200), 6);
    expect(await location(restic)).toMatchObject({
      kind: 'restic',
      count: 2,
      cadenceHours: 24,
      ratio: null,
      newest: { ageHours: 6, encryption: 'restic', bytes: null },
    });
    rmSync(join(restic, 'snapshots'), { recursive: true });
    mkdirSync(join(restic, 'snapshots'));
    expect(await location(restic)).toMatchObject({ count: 0, newest: null });
    const borg = temporaryFolder();
    file(borg, 'config', '[repository]\nversion = 1\n', 900);
    file(borg, 'data/0/1', noise(40), 90);
    file(borg, 'index.5', noise(40), 7);
    expect(await location(borg)).toMatchObject({ kind: 'borg', newest: { ageHours: 7, encryption: 'borg' } });
  });
});

describe('bounds', () => {
  it('whatever follows a known beginning is judged, never an exception', async () => {
    const folder = temporaryFolder();
    const beginnings = [
      '\x1f\x8b\x08',
      'PK\x03\x04',
      '\x28\xb5\x2f\xfd',
      '\xfd7zXZ\x00',
      'BZh9',
      'PGDMP\x01\x0e',
      'SQLite format 3\0',
      'REDIS0011',
      '-- MySQL dump',
      '\x8c\x0d\x04',
    ];
    let seed = 7;
    const byte = () => ((seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16) & 0xff;
    const path = join(folder, 'x');
    for (const beginning of beginnings) {
      for (let n = 0; n < 40; n++) {
        const rest = Buffer.from(Array.from({ length: n * n * 3 }, byte));
        writeFileSync(path, Buffer.concat([Buffer.from(beginning, 'latin1'), rest]));
        const found = await newest(path);
        expect(['damaged', 'header', 'complete', 'verified']).toContain(found.integrity);
        if (n < 3 && !beginning.startsWith('BZ') && found.encryption === null) expect(found.integrity).toBe('damaged');
      }
    }
  });

  it('a gzip bomb is read through without keeping it, and the deadline ends it', async () => {
    const folder = temporaryFolder();
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    file(folder, 'bomb.gz', Buffer.concat(Array.from({ length: 400 }, () => bomb)));
    const before = process.memoryUsage().rss;
    const environment = openEnvironment({
      name: 'test',
      source: { backups: folder },
      permissions: { load: false, commands: false },
      now: testDay,
      overallMs: 1_500,
    });
    const answer: Measured = await environment.measure({ connection: 'backup', ask: {} });
    await environment.close();
    expect(answer).toMatchObject({ status: 'unknown', reason: 'timed-out' });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  });
});
