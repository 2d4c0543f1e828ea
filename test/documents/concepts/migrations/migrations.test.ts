import { describe, expect, it } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function histories(files: Record<string, string>) {
  const { items } = await collect('migrations', files);
  return items.map((item) => concepts.migrations.parse(item));
}

describe('migrations', () => {
  it('finds the heads of Alembic, branches and merges included', async () => {
    const revision = (id: string, after: string) =>
      `revision: str = '${id}'\ndown_revision: Union[str, None] = ${after}\n# revision = 'zz'\n`;
    const [one] = await histories({
      'db/versions/a1_init.py': revision('a1', 'None'),
      'db/versions/b2_users.py': revision('b2', "'a1'"),
      'db/versions/c3_orders.py': revision('c3', "'a1'"),
      'db/versions/d4_merge.py': "revision = 'd4'\ndown_revision = (\n    'b2',\n    'c3',\n)\n",
    });
    expect(one).toMatchObject({ tool: 'alembic', name: 'alembic in db/versions', ids: ['a1', 'b2', 'c3', 'd4'], required: ['d4'] });
  });

  it('names those of Django by app, and leaves squashed ones out', async () => {
    const file = 'from django.db import migrations\nclass Migration(migrations.Migration):\n    ';
    const found = await histories({
      'shop/migrations/0001_initial.py': file,
      'shop/migrations/0002_price.py': file,
      'shop/migrations/0001_squashed_0002.py': `${file}replaces = [('shop', '0001_initial')]\n`,
      'shop/migrations/__init__.py': '',
      'users/migrations/0001_initial.py': file,
    });
    expect(found.map((h) => h.required)).toEqual([['shop.0001_initial', 'shop.0002_price'], ['users.0001_initial']]);
  });

  it.each([
    ['rails', 'db/migrate/001_init.rb', '', '1'],
    ['flyway', 'src/main/resources/db/migration/V1_2__add.sql', '', '1.2'],
    ['prisma', 'prisma/migrations/20260101120000_init/migration.sql', '', '20260101120000_init'],
    ['laravel', 'database/migrations/2026_01_01_000000_create_shop.php', '', '2026_01_01_000000_create_shop'],
    ['ef-core', 'Data/Migrations/20260101120000_Init.cs', '', '20260101120000_Init'],
    [
      'sequelize',
      'migrations/20260101-init.js',
      'module.exports = { up: (queryInterface) => queryInterface.createTable() }',
      '20260101-init',
    ],
    ['knex', 'migrations/20260101_init.ts', 'export async function up(knex: Knex) {}', '20260101_init'],
    [
      'typeorm',
      'src/migrations/1700000000000-Init.ts',
      'export class Init1700000000000 implements MigrationInterface {}',
      'Init1700000000000',
    ],
    [
      'aerich',
      'project/migrations/models/0_20260101120000_init.py',
      'from tortoise import BaseDBAsyncClient\nasync def upgrade(db: BaseDBAsyncClient) -> str:\n    return ""',
      'models/0_20260101120000_init.py',
    ],
    ['goose', 'sql/00002_users.sql', '-- +goose Up\nCREATE TABLE users (id int);', '2'],
  ])('knows %s by its files', async (tool, path, text, id) => {
    expect(await histories({ [path]: text })).toMatchObject([{ tool, path, ids: [id], required: [id] }]);
  });

  it('asks of golang-migrate only where the history stands, by number and not by text', async () => {
    const found = await histories({ 'db/2_b.up.sql': '', 'db/2_b.down.sql': '', 'db/000010_c.up.sql': '', 'db/9_a.up.sql': '' });
    expect(found).toMatchObject([{ tool: 'golang-migrate', required: ['10'] }]);
    expect(found[0]?.ids.toSorted()).toEqual(['10', '2', '9']);
  });

  it('takes no test, sample or helper for a migration', async () => {
    expect(
      await histories({
        'tests/db/migrate/001_init.rb': '',
        'migrations/helpers.js': 'module.exports = (queryInterface) => 1',
        'Data/Migrations/ShopModelSnapshot.cs': '',
      }),
    ).toEqual([]);
  });
});
