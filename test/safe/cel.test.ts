import { describe, expect, it } from 'vitest';
import { CelError, CelSyntaxError, compileCel } from '../../src/safe/cel.js';

const variables = {
  item: {
    n: 2,
    half: 1.5,
    s: 'Abc',
    none: null,
    list: ['a', 'b'],
    nested: [{ a: 1 }, { a: 2 }],
    version: '3.11-slim',
    yes: true,
    memory: '512Mi',
  },
  uses: new Set(['spring-boot', 'docker']),
  has: { http_service: true, web_ui: false },
  param: { max: 3 },
};
const value = (expression: string, given: Record<string, unknown> = variables) => compileCel(expression).evaluate(given);

describe('evaluation', () => {
  it.each<[string, unknown]>([
    ['item.n * 2', 4],
    ['2 * item.n + 1', 5],
    ['item.n - 1 == 1', true],
    ['item.half + 1', 2.5],
    ['item.n / 4', 0.5],
    ['item.n % 2 == 0', true],
    ['item.n == 2', true],
    ['2 == item.n', true],
    ['item.n != 2', false],
    ['item.n in [1, 2]', true],
    ['item.n < param.max', true],
    ['size(item.list) == item.n', true],
    ['size(item.list) > 1', true],
    ['item.list.exists(x, x == "b")', true],
    ['item.list.all(x, x in ["a", "b"])', true],
    ['item.nested.map(i, i.a * 10)', [10, 20]],
    ['item.nested.filter(i, i.a >= item.n).size()', 1],
    ['cel.bind(t, item.n, t + 1)', 3],
    ['has(item.q)', false],
    ['has(item.none)', true],
    ['item.none == null', true],
    ['item.none == "a"', false],
    ['item.none in ["", "root"]', false],
    ['item.?q.orValue("x")', 'x'],
    ['!(item.s in ["", "root", "0"])', true],
    ['item.s.matches("^A[a-z]+$")', true],
    ['item.s.matches("(?i)^aBC$")', true],
    ['item.s.lower() + item.s.upper()', 'abcABC'],
    ['item.s.replace("b", "-")', 'A-c'],
    ['"src/api/main.py".glob("src/**/*.py")', true],
    ['"README.md".glob(["*.rst", "*.md"])', true],
    ['item.version.semver(">=3.10")', true],
    ['versionAtLeast(item.version, "3.12")', false],
    ['versionAtLeast(item.n, "2")', true],
    ['seconds("1m30s")', 90],
    ['seconds("500ms")', 0.5],
    ['seconds("1.5h") == 5400', true],
    ['seconds(30)', 30],
    ['bytes(item.memory)', 536870912],
    ['bytes("1k") == 1000', true],
    ['bytes("64 MB")', 64000000],
    ['days("2024-01-31") - days("2024-01-01") == 30', true],
    ['days(today) > days("2020-01-01")', true],
    ['isPlaceholder("changeme")', true],
    ['isPlaceholder(null)', true],
    ['isSecretLike("DB_PASSWORD")', true],
    ['isSecretLike("max_tokens")', false],
    ['any(item.nested.map(i, i.a == 2))', true],
    ['distinct(["a", "b", "a"])', ['a', 'b']],
    ['["a", "a"].distinct().size()', 1],
    ['{"a": 1, "b": "c"}', { a: 1, b: 'c' }],
    ['uses.spring_boot && has.http_service', true],
    ['uses.nothing_like_it', false],
    ['has.web_ui || uses.docker', true],
  ])('%s', (expression, expected) => expect(value(expression)).toEqual(expected));

  it('takes sets and records of names for has alike and treats a missing one as false', () => {
    expect(value('has.x', { has: new Set(['x']) })).toBe(true);
    expect(value('has.x_y', { has: new Set(['x-y']) })).toBe(true);
    expect(value('has.x', {})).toBe(false);
    expect(value('has.constructor', { has: {} })).toBe(false);
  });

  it('asks the given function for passes()', () => {
    const asked: string[] = [];
    const passes = (id: string) => (asked.push(id), id === 'a/b');
    expect(value('passes("a/b") && !passes("c/d")', { passes })).toBe(true);
    expect(asked).toEqual(['a/b', 'c/d']);
    expect(() => value('passes("a/b")', {})).toThrow(CelError);
  });

  it.each([
    ['item.none.startsWith("a")', /null\.startsWith/],
    ['item.none.matches("a")', /null\.matches/],
    ['item.q', /No such key: q/],
    ['item.none > 1', /no such overload/],
    ['nothing.at.all', /Unknown variable: nothing/],
    ['seconds("soon")', /not a duration: soon/],
    ['seconds(item.none)', /not a duration: null/],
    ['bytes("many")', /not a quantity of bytes: many/],
    ['days("yesterday")', /not a date/],
    ['"latest".semver(">=1")', /no version number/],
    ['item.s.matches(item.s + "(a+)+$")', /./],
  ])('%s is a CelError', (expression, message) => {
    expect(() => value(expression)).toThrow(CelError);
    expect(() => value(expression)).toThrow(message);
  });

  it('demands true or false of conditions', () => {
    expect(compileCel('item.yes').holds(variables)).toBe(true);
    expect(() => compileCel('item.n').holds(variables)).toThrow(/must be true or false/);
  });
});

describe('compilation', () => {
  it.each([
    ['1 +', 3, /Unexpected token/],
    ['"a" + 1', 0, /no such overload/],
    ['item.s.startWith("a")', 0, /unknown function startWith/],
    ['item.s.matches("(a+)+$")', 15, /./],
    ['uses == null', 0, /read by member/],
    ['passes(item.id)', 0, /takes the id of a check/],
    ['item.n == 1 ? "a" : 2', 0, /Ternary/],
  ])('refuses %s', (expression, offset, message) => {
    const error = (() => {
      try {
        compileCel(expression).verify();
      } catch (caught) {
        return caught as CelSyntaxError;
      }
    })();
    expect(error).toBeInstanceOf(CelSyntaxError);
    expect(error!.message).toMatch(message);
    expect(error!.offset).toBe(offset);
  });

  it('names the nearest function', () => {
    expect(() => compileCel('item.s.startWith("a")').verify()).toThrow(expect.objectContaining({ hint: 'did you mean startsWith()?' }));
  });

  it('is memoised and tells what it reads', () => {
    const expression =
      'uses.docker && item.list.exists(x, x == has.web_ui || y) && param.max > 1 && passes("a/b") && cel.bind(t, item.n, t > 1)';
    const program = compileCel(expression);
    expect(compileCel(expression)).toBe(program);
    expect(program.identifiers).toEqual(['has.web_ui', 'item', 'item.list', 'item.n', 'param', 'param.max', 'uses.docker', 'y']);
    expect(program.references).toContainEqual({ root: 'has', name: 'web_ui', offset: expression.indexOf('has.') });
    expect(program.passes).toEqual([{ id: 'a/b', offset: expression.indexOf('"a/b"') }]);
  });
});

describe('decide', () => {
  const known = (path: string) => ({ 'uses.yes': true, 'uses.no': false, 'has.no': false })[path];
  it.each<[string, boolean | undefined]>([
    ['uses.yes', true],
    ['uses.no', false],
    ['uses.maybe', undefined],
    ['!uses.no', true],
    ['!uses.maybe', undefined],
    ['uses.no && uses.maybe', false],
    ['uses.maybe && has.no', false],
    ['uses.yes && uses.maybe', undefined],
    ['uses.maybe || uses.yes', true],
    ['uses.maybe || uses.no', undefined],
    ['uses.no || has.no', false],
    ['true || uses.maybe', true],
    ['passes("a/b") && uses.no', false],
    ['passes("a/b")', undefined],
    ['param.max > 1 || uses.yes', true],
    ['(uses.yes ? true : false)', undefined],
  ])('%s is %s', (expression, expected) => expect(compileCel(expression).decide(known)).toBe(expected));
});
