import { expect, test } from 'vitest';
import { parseCommits, parseRemote } from '../../src/target/git.js';
import { parseList } from '../../src/target/list.js';
import { ignoredBy } from '../../src/target/plain.js';

test.each([
  ['https://user:pass@GitHub.com/org/name.git', { host: 'github.com', path: 'org/name', name: 'name' }],
  ['git@gitlab.com:group/sub/name.git', { host: 'gitlab.com', path: 'group/sub/name', name: 'name' }],
  ['ssh://git@host.org:2222/org/name/', { host: 'host.org', path: 'org/name', name: 'name' }],
  ['/srv/git/name.git', { host: null, path: null, name: 'name' }],
  ['../name', { host: null, path: null, name: 'name' }],
  ['C:\\repos\\name', { host: null, path: null, name: 'name' }],
])('remote %s', (url, expected) => expect(parseRemote(url)).toEqual(expected));

test('commits from raw objects, hostile dates and signatures included', () => {
  const hash = 'a'.repeat(40);
  const signed = `commit ${hash}\ntree b\nauthor A <a@b> 1 +0000\ncommitter A > x <a@b> 1700000000 +0100\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n\n    Subject here\n\n    Body\n`;
  const odd = `commit ${hash}\ncommitter A <a@b> 999999999999999 +0000\n\n`;
  expect(parseCommits(`${signed}\0${odd}\0garbage`)).toEqual([
    {
      hash,
      subject: 'Subject here',
      date: '2023-11-14T22:13:20.000Z',
      signed: true,
      author: 'A',
      bot: false,
      merge: false,
      firstParent: true,
    },
    { hash, subject: '', date: '', signed: false, author: '', bot: false, merge: false, firstParent: false },
  ]);
  expect(parseCommits('')).toEqual([]);
});

test('merges, bots and the line of first parents', () => {
  const id = (c: string): string => c.repeat(40);
  const commit = (hash: string, author: string, ...parents: string[]): string =>
    `commit ${id(hash)}\ntree b\n${parents.map((p) => `parent ${id(p)}\n`).join('')}author ${author} <x@y> 1 +0000\ncommitter C <c@d> 1 +0000\n\n    s\n`;
  const log = [commit('a', 'Ann', 'b', 'c'), commit('c', 'Bo', 'd'), commit('b', 'renovate[bot]', 'd'), commit('d', 'Dependabot')].join(
    '\0',
  );
  expect(parseCommits(log).map((c) => [c.hash[0], c.merge, c.bot, c.firstParent])).toEqual([
    ['a', true, false, true],
    ['c', false, false, false],
    ['b', false, true, true],
    ['d', false, true, true],
  ]);
});

test('entries of ls-files', () => {
  const line = (mode: string, stage: number, path: string): string => `${mode} ${'1'.repeat(40)} ${stage}\t${path}\0`;
  const out = line('100644', 1, 'a') + line('100644', 2, 'a') + line('120000', 0, 'l\tx');
  expect(parseList(Buffer.from(out), false)).toEqual([
    { path: 'a', raw: null, mode: '100644', blob: '1'.repeat(40) },
    { path: 'l\tx', raw: null, mode: '120000', blob: '1'.repeat(40) },
  ]);
  expect(parseList(Buffer.from('x\0y z\0'), true).map((entry) => entry.path)).toEqual(['x', 'y z']);
  expect(parseList(Buffer.alloc(0), false)).toEqual([]);
});

test('lines of .gitignore', async () => {
  const ignored = await ignoredBy('*.log\n!keep.log\n/only-root\nbuild/\ndocs/*.tmp\n\\#odd\n# comment\n\n');
  expect(['a.log', 'x/a.log', 'only-root', 'build/x', 'x/build/keep.log', 'docs/a.tmp', '#odd'].map(ignored)).toEqual(Array(7).fill(true));
  expect(['keep.log', 'x/only-root', 'build', 'x/docs/a.tmp', 'a.txt'].map(ignored)).toEqual(Array(5).fill(false));
});
