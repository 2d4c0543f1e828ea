import { describe, expect, it } from 'vitest';
import { JsonPathError, compileJsonPath } from '../../src/safe/jsonpath.js';
import { limits } from '../../src/safe/limits.js';

const root = {
  stages: [
    { name: 'a', user: 'root' },
    { name: 'b', user: 'app', ports: [80, 443] },
  ],
  'x-y': null,
};

describe('compileJsonPath', () => {
  it.each<[string, unknown[]]>([
    ['$.stages[-1:].name', ['b']],
    ['$.stages[?@.user == "root"].name', ['a']],
    ['$..ports[*]', [80, 443]],
    ["$['x-y']", [null]],
    ['$.nothing.here', []],
    ['$.stages[?match(@.user, "ro+t")].name', ['a']],
    ['$.stages[?match(@.user, "ro")].name', []],
    ['$.stages[?search(@.user, "pp")].name', ['b']],
    ['$.stages[?search(@.user, "(a+)+$")].name', []],
  ])('%s', (path, values) =>
    expect(
      compileJsonPath(path)
        .select(root)
        .map((s) => s.value),
    ).toEqual(values),
  );

  it('gives places', () => {
    expect(compileJsonPath('$.stages[*].ports[1]').select(root)).toEqual([{ value: 443, location: ['stages', 1, 'ports', 1] }]);
  });

  it('is memoised', () => expect(compileJsonPath('$.a')).toBe(compileJsonPath('$.a')));

  it('positions errors', () => {
    expect(() => compileJsonPath('$.stages[')).toThrow(JsonPathError);
    expect(() => compileJsonPath('$.a[?@.b == ]')).toThrow(expect.objectContaining({ offset: 12 }));
    expect(() => compileJsonPath('$.a[?nothing(@.b)]')).toThrow(/nothing/);
  });

  it('is bounded in results, visits and depth', () => {
    const many = Array.from({ length: limits.itemsPerKind + 10 }, () => 1);
    expect(compileJsonPath('$[*]').select(many)).toHaveLength(limits.itemsPerKind);
    let deep: unknown = 1;
    for (let i = 0; i < 1000; i++) deep = { deep };
    expect(() => compileJsonPath('$..x').select(deep)).toThrow(JsonPathError);
    const wide = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, {}]));
    const nested = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`n${i}`, wide]));
    expect(() => compileJsonPath('$..nothing').select(nested)).toThrow(/too many/);
  });

  it('selects nothing in nothing', () => expect(compileJsonPath('$.a').select(undefined)).toEqual([]));
});
