import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

test('pictures that browsers get, not icons, screenshots and documentation', async () => {
  const { items } = await collect('raster-images', {
    'public/img/hero.PNG': 'x'.repeat(2_000),
    'public/favicon-32.png': 'x',
    'docs/images/a.png': 'x',
    'img/screenshot.png': 'x',
    'public/logo.svg': '<svg/>',
  });
  expect(items.map((i) => concepts['raster-images'].strict().parse(i))).toEqual([
    { path: 'public/img/hero.PNG', line: 1, format: 'png', kilobytes: 2 },
  ]);
});
