import { describe, expect, it } from 'vitest';
import type { Combiner, Reader } from '../../src/model/document.js';
import { queryKey } from '../../src/model/facts.js';
import type { FileSelector } from '../../src/model/file.js';
import type { Query } from '../../src/model/query.js';
import type { Target } from '../../src/model/target.js';
import { limits } from '../../src/safe/limits.js';
import { makePlan, scan, vetPatterns } from '../../src/scan/index.js';
import { memoryTarget } from '../../src/target/index.js';

type Text = Extract<Query, { type: 'text' }>;
const text = (pattern: string, more: Partial<Text> = {}): Text => ({
  type: 'text',
  files: { roles: ['product', 'config', 'docs'] },
  pattern,
  ignoreCase: false,
  over: 'code',
  lines: 1,
  ...more,
});
const kind = (name: string): Query => ({ type: 'kind', kind: name });
const reader = (name: string, more: Partial<Reader> = {}): Reader => ({
  name,
  kind: name.split('/')[0]!,
  files: {},
  read: (source) => ({ items: [{ path: source.path, line: 1 }] }),
  ...more,
});

async function run(files: Record<string, string | Uint8Array>, query: Query) {
  const facts = await scan(memoryTarget(files), makePlan({ queries: [query] }));
  return { facts, matches: facts.matches.get(queryKey(query)) ?? [] };
}

describe('makePlan', () => {
  it('merges equal queries and refuses a pattern without a literal', () => {
    expect(makePlan({ queries: [text('redis'), text('redis'), text('redis', { lines: 2 })] }).texts).toHaveLength(2);
    expect(() => makePlan({ queries: [text('a\\d+')] })).toThrow(/at least 3 characters/);
  });

  it('refuses empty keywords, which would parse every file', () => {
    expect(() => makePlan({ queries: [{ type: 'code', files: {}, language: 'python', rule: { kind: 'call' }, keywords: [] }] })).toThrow(
      /keywords/,
    );
  });

  it('takes only readers of asked kinds, and those that their combiners use', () => {
    const combiners: Combiner[] = [
      { kind: 'a', uses: ['b'], combine: (items) => items },
      { kind: 'b', uses: ['c'], combine: (items) => items },
    ];
    const plan = makePlan({ queries: [kind('a')], readers: [reader('a/x'), reader('b/x'), reader('c/x'), reader('d/x')], combiners });
    expect(plan.readers.map((r) => r.reader.name)).toEqual(['a/x', 'b/x', 'c/x']);
    expect(plan.combiners.map((c) => c.kind)).toEqual(['b', 'a']);
  });

  it('takes stored analyses for its own', async () => {
    const queries = [text('redis|memcached'), text('Redis', { ignoreCase: true }), kind('a')];
    const vetted = JSON.parse(JSON.stringify(vetPatterns(queries)));
    const target = memoryTarget({ 'a.py': 'redis\nMEMCACHED\nmemcached\n' });
    expect((await scan(target, makePlan({ queries, vetted }))).matches).toEqual((await scan(target, makePlan({ queries }))).matches);
    expect(() => vetPatterns([text('a\\d+')])).toThrow(/at least 3 characters/);
  });

  it('is built once for many targets', async () => {
    const plan = makePlan({ queries: [text('redis')] });
    const one = await scan(memoryTarget({ 'a.py': 'redis\n' }), plan);
    const two = await scan(memoryTarget({ 'b.py': 'x\nredis\n' }), plan);
    expect(one.matches.get(plan.texts[0]!.key)!.map((m) => `${m.path}:${m.line}`)).toEqual(['a.py:1']);
    expect(two.matches.get(plan.texts[0]!.key)!.map((m) => `${m.path}:${m.line}`)).toEqual(['b.py:2']);
  });
});

describe('text queries', () => {
  it('give place, excerpt, and captures', async () => {
    const { matches } = await run({ 'a.py': 'x = 1\n  timeout = 30  # s\n' }, text('timeout\\s*=\\s*(?<seconds>\\d+)'));
    expect(matches).toEqual([{ path: 'a.py', line: 2, column: 3, excerpt: 'timeout = 30 # s', captures: { 1: '30', seconds: '30' } }]);
  });

  it('see no comments in code, and everything with over: all', async () => {
    const files = { 'a.py': '# redis\n"""redis"""\nx = "redis"\n' };
    expect((await run(files, text('redis'))).matches.map((m) => m.line)).toEqual([3]);
    expect((await run(files, text('redis', { over: 'all' }))).matches.map((m) => m.line)).toEqual([1, 2, 3]);
  });

  it('reach one line back and the given lines on', async () => {
    const files = { 'a.js': 'foo(\n  1,\n  redis,\n  2,\n  3)\n' };
    expect((await run(files, text('1,\\s*redis'))).matches.map((m) => m.line)).toEqual([2]);
    expect((await run(files, text('redis[\\s\\S]*?3', { lines: 1 }))).matches).toHaveLength(1);
    expect((await run(files, text('redis[\\s\\S]*?3', { lines: 0 }))).matches).toHaveLength(0);
  });

  it('are found where their literal stands at the end', async () => {
    const files = { 'a.js': 'open(\n  1,\n  2,\n  redis)\n' };
    expect((await run(files, text('open\\([\\s\\S]*?redis', { lines: 3 }))).matches.map((m) => m.line)).toEqual([1]);
    expect((await run(files, text('open\\([\\s\\S]*?redis', { lines: 1 }))).matches).toHaveLength(0);
  });

  it('stand where they begin to show something, with enough of it to tell', async () => {
    const files = { 'a.js': 'x\n\nreturn (\n  redis())\nreturn connectAll(\n  redis())\n' };
    const { matches } = await run(files, text('\\n\\s*return [\\s\\S]{0,16}?redis', { lines: 2 }));
    expect(matches).toMatchObject([
      { line: 3, excerpt: 'return ( redis())' },
      { line: 5, excerpt: 'return connectAll(' },
    ]);
  });

  it('take ^ and $ as the ends of lines', async () => {
    expect(
      (await run({ Dockerfile: 'FROM a\n  USER b\nUSER app\n' }, text('^USER \\w+$', { files: { paths: ['Dockerfile'] } }))).matches.map(
        (m) => m.line,
      ),
    ).toEqual([3]);
  });

  it('report each place once, though windows overlap', async () => {
    const { matches } = await run({ 'a.py': 'redis\nredis redis\nredis\n' }, text('redis'));
    expect(matches.map((m) => `${m.line}:${m.column}`)).toEqual(['1:1', '2:1', '2:7', '3:1']);
  });

  it('heed ignoreCase', async () => {
    expect((await run({ 'a.py': 'REDIS\n' }, text('redis'))).matches).toHaveLength(0);
    expect((await run({ 'a.py': 'REDIS\n' }, text('redis', { ignoreCase: true }))).matches).toHaveLength(1);
  });

  it('find lines right behind characters of several bytes and CRLF', async () => {
    const { matches } = await run({ 'a.py': 'é = "🎉"\r\n\r\nü = redis\r\n' }, text('redis'));
    expect(matches).toMatchObject([{ line: 3, column: 5, excerpt: 'ü = redis' }]);
  });

  it('cut long lines and say so', async () => {
    const { facts, matches } = await run({ 'a.js': `redis(${'x'.repeat(3000)}redis)\nredis()\n` }, text('redis\\('));
    expect(matches.map((m) => m.line)).toEqual([1, 2]);
    expect(facts.notes).toMatchObject([{ kind: 'limit', location: { path: 'a.js' } }]);
  });

  it('keep at most so many matches of an area, and leave the others their own', async () => {
    const many = 'redis\n'.repeat(limits.matchesPerQuery + 10);
    const { facts, matches } = await run({ 'a/b/x.py': many, 'c/d/y.py': 'redis\n' }, text('redis'));
    expect(matches).toHaveLength(limits.matchesPerQuery + 1);
    expect(matches.at(-1)!.path).toBe('c/d/y.py');
    expect(facts.notes).toMatchObject([{ kind: 'limit' }]);
  });

  it('skip binary files', async () => {
    expect((await run({ 'a.py': Buffer.from('redis\0redis') }, text('redis'))).matches).toEqual([]);
  });
});

describe('other queries', () => {
  it('files are answered from the list without reading', async () => {
    const { facts, matches } = await run(
      { 'deploy/Dockerfile': 'FROM a', 'b.md': 'x' },
      { type: 'files', files: { paths: ['Dockerfile'] } },
    );
    expect(matches.map((m) => m.path)).toEqual(['deploy/Dockerfile']);
    expect(facts.counters.read).toBe(0);
  });

  it('code rules are matched in syntax, not in strings or comments', async () => {
    const query: Query = {
      type: 'code',
      files: { languages: ['python'] },
      language: 'python',
      rule: { pattern: 'eval($X)' },
      keywords: ['eval'],
    };
    const { facts, matches } = await run({ 'a.py': '# eval(a)\nx = "eval(b)"\neval( c )\n', 'b.py': 'print(1)\n' }, query);
    expect(matches).toEqual([{ path: 'a.py', line: 3, column: 1, excerpt: 'eval( c )', captures: { X: 'c' } }]);
    expect(facts.counters.parsed).toBe(1);
  });

  it('imports become items; comments, docstrings, and type-only ones do not', async () => {
    const { facts } = await run(
      {
        'src/a.py': '"""\nimport redis\n"""\n# import redis\n\nimport redis.asyncio\n',
        'src/b.ts': 'import type { R } from "redis";\nimport { c } from "./redis";\n',
        'src/c.js': 'const r = require("redis");\n',
        'tests/test_d.py': 'from redis import Redis\n',
        'src/e.py': 'x = "redis"\n',
      },
      { type: 'imports', modules: ['redis', 'pg'] },
    );
    expect(facts.items.get('imports')).toEqual([
      { path: 'src/a.py', line: 6, language: 'python', module: 'redis.asyncio', role: 'product' },
      { path: 'src/c.js', line: 1, language: 'javascript', module: 'redis', role: 'product' },
      { path: 'tests/test_d.py', line: 1, language: 'python', module: 'redis', role: 'test' },
    ]);
  });
});

describe('readers', () => {
  const files: FileSelector = { paths: ['*.yml'], roles: ['config'] };

  it('run on selected files with a keyword, or on all without keywords', async () => {
    const plan = makePlan({
      queries: [kind('a'), kind('b')],
      readers: [reader('a/x', { files, keywords: ['Kind:'] }), reader('b/x', { files })],
    });
    const facts = await scan(memoryTarget({ 'x.yml': 'kind: Pod\n', 'y.yml': 'a: 1\n' }), plan);
    expect(facts.items.get('a')!.map((i) => i.path)).toEqual(['x.yml']);
    expect(facts.items.get('b')!.map((i) => i.path)).toEqual(['x.yml', 'y.yml']);
  });

  it('that throw, at once or later, become problems of their kind', async () => {
    const plan = makePlan({
      queries: [kind('a'), kind('b')],
      readers: [
        reader('a/x', { read: () => { throw new Error('odd'); } }), // prettier-ignore
        reader('a/y'),
        reader('b/x', { read: async () => Promise.reject(new Error('late')) }),
      ],
    });
    const facts = await scan(memoryTarget({ 'x.yml': 'a: 1\n' }), plan);
    expect(facts.problems.get('a')).toEqual([{ path: 'x.yml', message: 'a/x could not read this file: odd' }]);
    expect(facts.problems.get('b')).toEqual([{ path: 'x.yml', message: 'b/x could not read this file: late' }]);
    expect(facts.items.get('a')).toHaveLength(1);
  });

  it('are left out when none of their technologies is possible', async () => {
    const readers = [
      reader('dependencies/npm', {
        files: { paths: ['package.json'] },
        read: (s) => ({ items: [{ path: s.path, line: 1, name: 'express' }] }),
      }),
      reader('cors/express', { technologies: ['express'] }),
      reader('cors/django', { technologies: ['django'], read: () => ({ items: [{ path: 'wrong', line: 1 }] }) }),
    ];
    const plan = makePlan({ queries: [kind('cors'), kind('dependencies')], readers });
    const target = memoryTarget({ 'a.js': 'x', 'package.json': '{}' });
    expect((await scan(target, plan, { possible: new Set() })).items.get('cors')).toEqual([]);
    const asked: unknown[] = [];
    const facts = await scan(target, plan, {
      possible: (dependencies) => {
        asked.push(...dependencies.map((d) => d.name));
        return new Set(['express']);
      },
    });
    expect(asked).toEqual(['express']);
    expect(facts.items.get('cors')!.map((i) => i.path)).toEqual(['a.js', 'package.json']);
    expect(facts.items.get('dependencies')).toHaveLength(1);
    expect(facts.counters.read).toBe(2);
  });

  it('share one reading and one tree of a file', async () => {
    const parse: Reader['read'] = (source) => ({ items: [{ path: source.path, line: source.syntax()!.range().start.line + 1 }] });
    const target = memoryTarget({ 'a.py': 'eval(1)\nredis\n', 'b.py': 'eval(2)\n', 'c.png': 'eval' });
    const reads = new Map<string, number>();
    const counting: Target = { ...target, read: (path) => (reads.set(path, (reads.get(path) ?? 0) + 1), target.read(path)) };
    const plan = makePlan({
      queries: [
        text('redis'),
        { type: 'code', files: {}, language: 'python', rule: { kind: 'call' }, keywords: ['eval'] },
        kind('a'),
        kind('b'),
      ],
      readers: [reader('a/x', { read: parse, keywords: ['eval'] }), reader('b/x', { read: parse, keywords: ['eval'] })],
    });
    const facts = await scan(counting, plan);
    expect([...reads]).toEqual([
      ['a.py', 1],
      ['b.py', 1],
    ]);
    expect(facts.counters).toMatchObject({ listed: 3, read: 2, parsed: 2 });
  });
});

describe('combiners', () => {
  it('run after those that they use, see documents and files, and a fault becomes a problem', async () => {
    const combiners: Combiner[] = [
      { kind: 'a', uses: ['b'], combine: (items, all) => [...items, ...all.items('b')] },
      { kind: 'b', combine: (items, all) => items.map((i) => ({ ...i, files: all.files.length })) },
      { kind: 'c', combine: () => { throw new Error('odd'); } }, // prettier-ignore
    ];
    const plan = makePlan({ queries: [kind('a'), kind('c')], readers: [reader('a/x'), reader('b/x'), reader('c/x')], combiners });
    const facts = await scan(memoryTarget({ 'x.yml': 'a' }), plan);
    expect(facts.items.get('a')).toEqual([
      { path: 'x.yml', line: 1 },
      { path: 'x.yml', line: 1, files: 1 },
    ]);
    expect(facts.problems.get('c')![0]!.message).toContain('odd');
    expect(facts.items.get('c')).toHaveLength(1);
  });
});

describe('the pass', () => {
  it('counts non-blank lines of product code', async () => {
    const facts = await scan(
      memoryTarget({ 'a.py': 'x\n\n  \r\ny', 'b.go': 'package b\n', 'tests/test_c.py': 'x\n', 'd.md': 'x\n' }),
      makePlan({ queries: [] }),
    );
    expect(Object.fromEntries(facts.productLines)).toEqual({ python: 2, go: 1 });
    expect(Object.fromEntries(facts.linesByFile)).toEqual({ 'a.py': 2, 'b.go': 1 });
  });

  it('reports progress up to the end, and leaves filtered files out', async () => {
    const seen: string[] = [];
    const facts = await scan(memoryTarget({ 'a.py': 'x', 'b.py': 'y' }), makePlan({ queries: [] }), {
      onProgress: (done, total) => seen.push(`${done}/${total}`),
      filter: (file) => file.path !== 'b.py',
    });
    expect(seen).toEqual(['1/1']);
    expect(facts.files.map((f) => f.path)).toEqual(['a.py']);
  });

  it('gives the same facts twice', async () => {
    const target = memoryTarget({ 'b.py': 'import redis\nredis(1)\n', 'a.py': 'redis\n' });
    const plan = makePlan({
      queries: [text('redis'), kind('a'), { type: 'imports', modules: ['redis'] }],
      readers: [reader('a/x'), reader('a/y')],
    });
    const flat = async () => JSON.stringify(Object.entries(await scan(target, plan)).map(([k, v]) => [k, v instanceof Map ? [...v] : v]));
    expect(await flat()).toBe(await flat());
  });
});
