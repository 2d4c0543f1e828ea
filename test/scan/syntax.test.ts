import { describe, expect, it } from 'vitest';
import type { Language } from '../../src/model/file.js';
import { matchCode } from '../../src/scan/code.js';
import { sourceOf } from '../../src/scan/source.js';
import { grammarMissing, hasGrammar, parse } from '../../src/scan/syntax.js';
import { limits } from '../../src/safe/limits.js';

const source = (path: string, language: Language | null, text: string) =>
  sourceOf({ path, size: Buffer.byteLength(text), role: 'product', language, variant: 'base' }, text);

describe('parse', () => {
  it.each([
    ['python', 'f(1)\n', 'module'],
    ['javascript', 'f(1)', 'program'],
    ['typescript', 'let a: number', 'program'],
    ['tsx', '<a/>', 'program'],
    ['go', 'package a', 'source_file'],
    ['java', 'class A {}', 'program'],
    ['kotlin', 'val a = 1', 'source_file'],
    ['ruby', 'f 1', 'program'],
    ['php', '<?php f(1);', 'program'],
    ['csharp', 'class A {}', 'compilation_unit'],
    ['rust', 'fn f() {}', 'source_file'],
    ['html', '<p>a</p>', 'document'],
    ['css', 'a { b: c }', 'stylesheet'],
  ])('%s', (language, text, kind) => {
    expect(grammarMissing(language)).toBe(false);
    expect(parse(language, text)?.kind()).toBe(kind);
  });

  it('gives null where there is no grammar', () => {
    expect(parse('elixir', 'x')).toBeNull();
    expect(hasGrammar('elixir')).toBe(false);
    expect(grammarMissing('elixir')).toBe(false);
  });
});

describe('Source', () => {
  it('derives each form once, with places', () => {
    const one = source('a.py', 'python', 'é = 1 # c\r\nf(é)\n');
    expect(one.code).toBe('é = 1    \r\nf(é)\n');
    expect(one.lines).toEqual(['é = 1    ', 'f(é)', '']);
    expect(one.at(one.text.indexOf('f('))).toEqual({ path: 'a.py', line: 2, column: 1 });
    expect(one.at(4)).toEqual({ path: 'a.py', line: 1, column: 5 });
    expect(one.syntax()).toBe(one.syntax());
    expect(one.lines).toBe(one.lines);
  });

  it('drops a byte order mark', () => expect(source('a.json', null, '\uFEFF{}').text).toBe('{}'));

  it('has no tree for large files and unknown languages', () => {
    expect(source('a.js', 'javascript', ' '.repeat(limits.syntaxBytes + 1)).syntax()).toBeNull();
    expect(source('a.txt', null, 'x').syntax()).toBeNull();
  });

  it('agrees with the tree on offsets beyond the basic plane', () => {
    const one = source('a.js', 'javascript', 'const é = "🎉"; go(1)');
    expect(one.syntax()!.find('go($A)')!.range().start.index).toBe(one.text.indexOf('go('));
  });
});

describe('matchCode', () => {
  const query = (rule: object) => ({ type: 'code', files: {}, language: 'python', rule, keywords: ['x'] }) as const;
  it('attributes matches to rules, with captures', () => {
    const tree = parse('python', 'open(a, b)\nclose(c)\n')!;
    const { found, faults } = matchCode(tree, [
      query({ pattern: 'open($F, $$$REST)' }),
      query({ pattern: 'nothing()' }),
      query({ kind: 'call' }),
    ]);
    expect(faults).toEqual([]);
    expect(found.map((f) => f.length)).toEqual([1, 0, 2]);
    expect(found[0]![0]).toEqual({ offset: 0, captures: { F: 'a', REST: 'b' } });
  });

  it('takes whole configurations, and names a rule that is refused without losing the others', () => {
    const tree = parse('python', 'open(a)\n')!;
    const { found, faults } = matchCode(tree, [
      query({ rule: { pattern: 'open($F)' }, constraints: { F: { regex: '^a$' } } }),
      query({ kind: 'no_such_kind' }),
      query({ pattern: 'open($F)' }),
    ]);
    expect(found.map((f) => f.length)).toEqual([1, 0, 1]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('no_such_kind');
  });
});
