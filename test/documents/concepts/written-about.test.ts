import { expect, test } from 'vitest';
import { collect } from '../collect.js';

test('licences: a manifest is compared with the nearest licence file; blanks count in short texts only', async () => {
  const { items } = await collect('licences', {
    LICENSE: 'Apache License\nVersion 2.0, January 2004\nCopyright [yyyy] [name of copyright owner]\n',
    'a/package.json': '{\n  "license": "ISC"\n}\n',
    'b/LICENSE': 'MIT License\n\nCopyright (c) [year] [fullname]\n',
    'b/package.json': '{ "license": "MIT" }\n',
    'c/package.json': '{ "license": "SEE LICENSE IN LICENSE" }\n',
  });
  expect(items.map((i) => [i.path, i.line, i.id, i.placeholder, i.contradicts])).toEqual([
    ['LICENSE', 1, 'Apache-2.0', false, ''],
    ['b/LICENSE', 3, 'MIT', true, ''],
    ['a/package.json', 2, 'ISC', false, 'Apache-2.0'],
    ['b/package.json', 1, 'MIT', false, ''],
    ['c/package.json', 1, 'SEE LICENSE IN LICENSE', false, ''],
  ]);
});

test('licences: a notice that names a GNU licence is known; an owner who keeps all rights is not one', async () => {
  const id = async (text: string) => (await collect('licences', { LICENSE: text })).items[0]!.id;
  expect(await id('Copyright (c) Orders LLC\n\nLicensed under the LGPLv3. See <http://www.gnu.org/licenses/lgpl-3.0.html>.\n')).toBe(
    'LGPL-3.0',
  );
  expect(await id('Permission is hereby granted, free of charge, to any person\n\nParts are under GPL-2.0.\n')).toBe('MIT');
  expect(await id('Copyright (c) Orders LLC. All rights reserved. Not for use with code under GPLv3.\n')).toBe('proprietary');
});

test('documented-commands: scripts, targets and files, placed at the closest section', async () => {
  const { items } = await collect('documented-commands', {
    'package.json': '{"scripts":{"dev":"x"}}',
    Makefile: 'run:\n\techo\n',
    'scripts/go.sh': 'true\n',
    'README.md': '# A\n\n## Run\n\n```\nnpm run dev\nnpm run gone\nmake run\nmake gone\n./scripts/go.sh\n```\n',
  });
  expect(items.map((i) => [i.line, i.kind, i.name, i.exists])).toEqual([
    [3, 'script', 'dev', true],
    [3, 'script', 'gone', false],
    [3, 'target', 'run', true],
    [3, 'target', 'gone', false],
    [3, 'file', 'scripts/go.sh', true],
  ]);
});

test('variable-docs: comments of the template, sentences of documents, what is required', async () => {
  const { items } = await collect('variable-docs', {
    '.env.example': '# address of the shop\nSHOP_URL=\n\nSHOP_KEY=\nSHOP_MODE=\n',
    'README.md': '# A\n\n## Settings\nSHOP_KEY is the key that the shop gives you; it is required, SHOP_URL too.\n',
  });
  expect(items.map((i) => [i.name, i.explained, i.necessary])).toEqual([
    ['SHOP_URL', true, true],
    ['SHOP_KEY', true, true],
    ['SHOP_MODE', false, true],
  ]);
});

test('table-docs: descriptions at models, and documents about the schema but not about seeding', async () => {
  const schema = 'model Customer {\n  id Int @id\n}\n\n/// what they ordered\nmodel Order {\n  id Int @id\n}\n';
  const of = async (heading: string) =>
    (
      await collect('table-docs', { 'prisma/schema.prisma': schema, 'README.md': `# A\n\n## ${heading}\nCustomers and orders.\n` })
    ).items.map((i) => i.described);
  expect(await of('Database seeding')).toEqual([false, true]);
  expect(await of('Database schema')).toEqual([true, true]);
});
