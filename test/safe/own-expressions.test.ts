import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ts, tsx } from '@ast-grep/napi';
import glob from 'fast-glob';
import { expect, it } from 'vitest';
import { boundedExpressions } from '../../src/safe/regex-engine.js';
import { compileRegex, UnsafeRegexError } from '../../src/safe/regex.js';

/** Every regular expression written out in our own code, with its place. */
function expressions(): { place: string; source: string; flags: string }[] {
  return glob.sync('src/**/*.ts').flatMap((file) => {
    const language = file.endsWith('.tsx') ? tsx : ts;
    const nodes = language
      .parse(readFileSync(file, 'utf8'))
      .root()
      .findAll({ rule: { kind: 'regex' } });
    return nodes.map((node) => {
      const text = node.text();
      const end = text.lastIndexOf('/');
      return { place: `${file}:${node.range().start.line + 1}`, source: text.slice(1, end), flags: text.slice(end + 1) };
    });
  });
}

it('no expression in our own code can take exponential time', () => {
  const all = expressions();
  expect(all.length).toBeGreaterThan(3_000);
  const exponential = all.filter(({ source, flags }) => {
    try {
      compileRegex(source, flags);
      return false;
    } catch (error) {
      if (!(error instanceof UnsafeRegexError)) throw error;
      return error.reason.includes('exponential');
    }
  });
  expect(exponential.map(({ place, source }) => `${place} ${source}`)).toEqual([]);
});

it('an expression that goes back too often ends all the same', () => {
  // the flags of the built command line, then an expression that would take longer than the world is old
  const code = `console.log(/^(?:a+)+$/.test('a'.repeat(200) + 'b'), /^(a|ab)(c|bcd)*$/.exec('abcdbcd')[0], /(x+x+)+y/.test('x'.repeat(5000)));`;
  expect(execFileSync(process.execPath, [...boundedExpressions, '-e', code], { encoding: 'utf8', timeout: 50_000 })).toBe(
    'false abcdbcd false\n',
  );
});
