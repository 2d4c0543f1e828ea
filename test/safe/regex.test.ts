import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { checkSync } from 'recheck';
import { compileRegex, requiredLiterals, UnsafeRegexError } from '../../src/safe/regex.js';

const accepts = (pattern: string, flags = ''): boolean => {
  try {
    compileRegex(pattern, flags);
    return true;
  } catch (error) {
    if (error instanceof UnsafeRegexError) return false;
    throw error;
  }
};

const evil = [
  '(a+)+$',
  '(a*)*b',
  '(a|a)*b',
  '(a|aa)+$',
  '([a-zA-Z]+)*$',
  '(.*)*x',
  '(x+x+)+y',
  '(?:a|b|ab)*c',
  '(\\w+\\s?)+$',
  '(?:[a-z]+-?)+x',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(\\d{4}|\\d{2})*x',
  '^(a?){30}a{30}$',
  '((a{0,30}){0,30}){0,30}b',
  '(?:\\s*,?\\s*)+;',
  '^(?:(?:"[^"]*"|[^",]*),?)*$',
  '([^=]+=?)*;',
  '(?=(a+)+b)a',
  '(?!(a|a)*b)x',
  '(?:.|\\n)*(?:.|\\s)*z(?:\\w|\\d)*!',
  '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
  '(A+)+b',
  '(?:[\\s\\S]|.)*?x',
];

const ordinary = [
  '(?:\\w+\\.)*\\w+',
  'foo.*bar',
  'foo.*bar.*baz',
  '([0-9a-f]{2})+',
  '(?:[0-9A-F]{2}:)+[0-9A-F]{2}',
  '\\d{1,3}(\\.\\d{1,3}){3}',
  'password\\s*[:=]\\s*["\'][^"\']{4,}["\']',
  'https?://[^\\s/]+(?:/[^\\s]*)?',
  'app\\.use\\(\\s*helmet\\s*\\(',
  '^\\s*add_header\\s+Strict-Transport-Security\\s+"?max-age=(\\d+)',
  '(?:AKIA|ASIA)[A-Z0-9]{16}',
  '\\b(?:eval|exec)\\s*\\(',
  '^(?:[^"\\\\]|\\\\.)*"',
  '(?:(?!-->).)*-->',
  'verify\\s*=\\s*False',
  '[A-Za-z_]\\w*\\s*=\\s*(?:os\\.environ|os\\.getenv)',
  '"[^"]*"\\s*:\\s*"[^"]*"',
  '(?:a|b)*c',
  '(?:ab)+c',
  '\\s+$',
  '^#.*$',
  '(?<=x)y+z',
  '(?<year>\\d{4})-(\\d{2})',
  '\\p{L}+x',
  '(?:\\/[\\w.-]+)+\\/?$',
  '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}',
];

describe('compileRegex', () => {
  test.each(evil)('refuses %s', (pattern) => expect(accepts(pattern)).toBe(false));
  test.each(ordinary)('accepts %s', (pattern) => expect(accepts(pattern, pattern.includes('\\p') ? 'u' : '')).toBe(true));
  test.each([...evil, ...ordinary].filter((pattern) => !pattern.includes('\\p')))(
    'refuses %s if it is exponential by recheck',
    (pattern) => {
      const verdict = checkSync(pattern, '', { timeout: 4_000, checker: 'automaton' });
      if (verdict.status === 'vulnerable' && verdict.complexity.type === 'exponential') expect(accepts(pattern)).toBe(false);
      if (ordinary.includes(pattern)) expect(verdict.status === 'vulnerable' && verdict.complexity.type === 'exponential').toBe(false);
    },
  );
  test('random small patterns that recheck finds exponential are refused', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '.', '(?:ab)', '(?:a|b)');
    const quantified = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}')).map(([a, q]) => a + q);
    const sequence = fc.array(quantified, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
    const group = fc.tuple(sequence, sequence, fc.constantFrom('*', '+', '?', '')).map(([a, b, q]) => `(?:${a}|${b})${q}`);
    fc.assert(
      fc.property(fc.tuple(group, sequence), ([head, tail]) => {
        const pattern = `^${head}${tail}!$`;
        const verdict = checkSync(pattern, '', { timeout: 2_000, checker: 'automaton' });
        if (verdict.status === 'vulnerable' && verdict.complexity.type === 'exponential') expect(accepts(pattern), pattern).toBe(false);
      }),
      { numRuns: 60, seed: 7 },
    );
  }, 60_000);
  test('three scans of one line are the most', () => {
    expect(accepts('a.*b.*c')).toBe(true);
    expect(accepts('a.*b.*c.*d')).toBe(false);
    expect(accepts('a[^b]*b[^c]*c[^d]*d')).toBe(true);
    expect(accepts('^\\s*\\w+\\s*\\(\\s*\\w+\\s*,\\s*\\w+\\s*\\)')).toBe(true);
    expect(accepts('foo.*')).toBe(true);
  });
  test('refuses backreferences, invalid and overlong patterns, with a reason', () => {
    expect(() => compileRegex('(a|b)\\1')).toThrow(/backreference/);
    expect(() => compileRegex('(a')).toThrow(/no valid regular expression/);
    expect(() => compileRegex('a'.repeat(6_000))).toThrow(/longer/);
    expect(() => compileRegex('a', 'k')).toThrow(UnsafeRegexError);
  });
  test('flags are kept, and objects with state are not shared', () => {
    expect(compileRegex('FOO', 'i').test('foo')).toBe(true);
    expect(compileRegex('x', 'g')).not.toBe(compileRegex('x', 'g'));
    expect(compileRegex('x')).toBe(compileRegex('x'));
  });
});

describe('requiredLiterals', () => {
  test.each([
    ['foobar', ['foobar']],
    ['FooBar', ['foobar']],
    ['foo|quux', ['foo', 'quux']],
    ['https?://', ['http://', 'https://']],
    ['foo(?:bar)?baz', ['foobaz', 'foobarbaz']],
    ['[Ss]ecret', ['secret']],
    ['a[bc]d', ['abd', 'acd']],
    ['(?:foo|ab)\\s*password', ['password']],
    ['verify\\s*=\\s*False', ['verify']],
    ['app\\.use\\(', ['app.use(']],
    ['\\bfoo\\b', ['foo']],
    ['foo(?=barbaz)', ['foo']],
    ['(?!never)foo', ['foo']],
    ['(?:foo)+bar', ['foobar']],
    ['ba+rn', ['arn']],
    ['(?:abc){2}', ['abcabc']],
    ['(?:pass|secret|token)_key', ['pass_key', 'token_key', 'secret_key']],
    ['password|pass', ['pass']],
    ['grün-licht', ['n-licht']],
    ['foo\\nbarbaz', ['barbaz']],
    ['x{3}', ['xxx']],
    ['from\\s+"(?:k6|x1)/', ['"k6/', '"x1/']],
    ['return\\s+(?:oops|fail)', ['fail', 'oops']],
    ['return\\s', ['return']],
  ])('%s', (pattern, literals) => expect(requiredLiterals(pattern)).toEqual(literals));
  test.each(['\\d+', 'ab', 'foo|ab', '(?:foo)?', 'a.b.c', '[a-z]+', 'foo|', '(?:foo)*', '[^a]bc', ''])('none for %j', (pattern) =>
    expect(requiredLiterals(pattern)).toBeNull(),
  );
  test('an invalid pattern is refused', () => expect(() => requiredLiterals('(')).toThrow(UnsafeRegexError));

  const shapes = [
    'foo(?:bar|baz)?[qx]uux',
    '(?:GET|POST|DELETE)\\s/api',
    'pass(?:word|wd|phrase)\\s{0,3}[:=]',
    '[Aa]pi[-_]?[Kk]ey',
    'x+yz+abc',
    '(?:ab|cd){2}ef',
    'TLSv1(?:\\.[01])?;',
    '(?:a{3}|b{4})c?',
    'foo.{0,4}bar',
    'add_header +X-Frame',
    '(?:log(?:ger|ging)?)\\.(?:info|debug)',
    '(?:re){1,2}start',
    'https?://[a-z]{1,8}\\.(?:com|org)',
    '(?:md5|sha1)\\(',
  ];
  test.each(shapes)('one of the literals of %s is in every match', (pattern) => {
    const literals = requiredLiterals(pattern);
    expect(literals).not.toBeNull();
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(`^(?:${pattern})$`)), (match) => {
        const folded = match.toLowerCase();
        expect((literals ?? []).some((literal) => folded.includes(literal))).toBe(true);
      }),
    );
    for (const literal of literals ?? []) expect(literal).toMatch(/^[\t -~]{3,}$/);
  });
});
