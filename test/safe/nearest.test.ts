import { expect, test } from 'vitest';
import { nearest } from '../../src/safe/nearest.js';

test('finds the word that was meant', () => {
  expect(nearest('severty', ['severity', 'scope', 'phase'])).toBe('severity');
  expect(nearest('Critcal', ['critical', 'important'])).toBe('critical');
  expect(nearest('docment', ['document', 'dependency'])).toBe('document');
});
test('stays silent when nothing is near', () => {
  expect(nearest('xyz', ['severity', 'scope'])).toBeNull();
  expect(nearest('all', ['any', 'none'])).toBeNull();
  expect(nearest('anything', [])).toBeNull();
});
test('takes the first of equally near words', () => {
  expect(nearest('cat', ['car', 'bat'])).toBe('car');
});
