import { expect, test } from 'vitest';
import { advisoriesCombiner } from '../../../../src/documents/concepts/advisories/index.js';
import { advisories } from '../../../../src/documents/concepts/advisories/table.js';
import { dependencyReaders } from '../../../../src/documents/concepts/dependencies/index.js';
import { importReaders, undeclaredImports } from '../../../../src/documents/concepts/undeclared-imports/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import { combined } from '../dependencies/support.js';
import semver from 'semver';

const readers = [...importReaders, ...dependencyReaders];
const states = async (files: Record<string, string>) =>
  (await combined(undeclaredImports, readers, files))
    .map((i) => concepts['undeclared-imports'].parse(i))
    .map((i) => [i.path, i.line, i.module, i.state]);

test.each<[string, Record<string, string>, unknown[]]>([
  ['standard library, own modules, other names', { 'app/main.py': 'import os\nimport yaml\nfrom PIL import Image\nfrom app.cart import x\nfrom cart import y\n', 'app/cart.py': '', 'requirements.txt': 'PyYAML==6.0\npillow==11.0.0\n' }, []],
  ['certainly missing', { 'app.py': 'import stripe\n', 'requirements.txt': 'flask\n' }, [['app.py', 1, 'stripe', 'missing']]],
  ['guarded', { 'app.py': 'try:\n    import stripe\nexcept ImportError:\n    stripe = None\n', 'requirements.txt': 'flask\n' }, [['app.py', 2, 'stripe', 'guarded']]],
  ['brought along, or unclear', { 'app.py': 'import starlette\nimport odd_thing\n', 'requirements.txt': 'fastapi\n' }, [['app.py', 2, 'odd_thing', 'unclear']]],
  ['distributions of another name', { 'app.py': 'from djmoney.models.fields import MoneyField\nimport social_core\nimport skimage\n', 'requirements.txt': 'django-money==3.6.1\nsocial-auth-app-django\n' }, [['app.py', 3, 'skimage', 'unclear']]],
  ['no manifest at all', { 'app.py': 'import odd_thing\n' }, [['app.py', 1, 'odd_thing', 'missing']]],
  ['node modules, aliases, types', { 'src/a.ts': "import fs from 'fs';\nimport x from '@/x';\nimport y from 'components/y';\nimport type { Z } from 'zed';\nimport e from 'express/lib/router';\n", 'src/components/y.ts': '', 'package.json': '{"dependencies": {"express": "5"}}' }, []],
  ['aliases of a bundler', { 'client/a.js': "import q from 'gql/user.gql';\nimport o from 'odd/user.gql';\n", 'dev/webpack/webpack.prod.js': "module.exports = { resolve: { alias: { 'gql': path.join(process.cwd(), 'client/graph') } } };\n", 'package.json': '{"dependencies": {"express": "5"}}' }, [['client/a.js', 2, 'odd', 'missing']]],
  ['plain require knows no folders', { 'src/a.js': "const g = require('grpc');\n", 'grpc/a.proto': '', 'package.json': '{"dependencies": {"express": "5"}}' }, [['src/a.js', 1, 'grpc', 'missing']]],
  ['what Phoenix brings', { 'mix.exs': '{:phoenix_html, "~> 4.0"}', 'assets/js/app.js': "import 'phoenix_html';\nimport { Socket } from 'phoenix';\nimport x from 'odd';\n" }, [['assets/js/app.js', 3, 'odd', 'missing']]],
  ['a bundle that was copied in', { 'docs.js': `import*as e from"remarkable";${'var a=1;'.repeat(5_000)}`, 'a.js': "import x from 'odd';\n", 'package.json': '{"dependencies": {"express": "5"}}' }, [['a.js', 1, 'odd', 'missing']]],
  ['in the lock only', { 'src/a.js': "const g = require('grpc');\n", 'package.json': '{"dependencies": {"express": "5"}}', 'package-lock.json': '{"packages": {\n"node_modules/grpc": {}}}' }, []],
])('%s', async (_, files, expected) => expect(await states(files)).toEqual(expected)); // prettier-ignore

test('advisories: run time only, locks that mark scopes, fixed versions clear', async () => {
  const hits = async (files: Record<string, string>) =>
    (await combined(advisoriesCombiner, dependencyReaders, files))
      .map((i) => concepts.advisories.parse(i))
      .map((i) => [i.path, i.name, i.id]);
  expect(await hits({ 'requirements.txt': 'Django==1.10.5\nPyJWT==2.10.0\n' })).toEqual([['requirements.txt', 'django', 'CVE-2019-19844']]);
  expect(await hits({ 'package.json': '{"devDependencies": {"lodash": "4.17.0"}}' })).toEqual([]);
  expect(await hits({ 'package.json': '{"devDependencies": {"lodash": "^4"}}', 'yarn.lock': 'lodash@^4:\n  version "4.17.0"\n' })).toEqual(
    [],
  );
  expect(await hits({ 'Gemfile.lock': 'GEM\n  specs:\n    rack (1.6.4)\n    json (2.9.1)\n' })).toEqual([
    ['Gemfile.lock', 'rack', 'CVE-2022-30123'],
  ]);
});

test('every range of the table can be read, and its fixed version is outside', () => {
  for (const [name, entries] of Object.entries(advisories))
    for (const [range, , fixed] of entries) {
      expect(semver.validRange(range), name).not.toBeNull();
      const version = semver.coerce(fixed);
      if (version && /^\d/.test(fixed)) expect(semver.satisfies(version, range), `${name} ${fixed}`).toBe(false);
    }
});
