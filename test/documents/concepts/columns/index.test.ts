import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function columns(files: Record<string, string>) {
  const { items } = await collect('columns', files);
  return items.map((item) => concepts.columns.strict().parse(item));
}
/** `table.column` with one letter for each fact: p primary, n not null, u unique, i indexed, r refers, c constrained, o constraint off. */
const facts = async (files: Record<string, string>) =>
  Object.fromEntries(
    (await columns(files)).map((c) => [
      `${c.table}.${c.name}`,
      [
        c.primary && 'p',
        c.nullable === false && 'n',
        c.unique && 'u',
        c.indexed && 'i',
        c.refers && 'r',
        c.constrained && 'c',
        c.constraintOff && 'o',
      ]
        .filter(Boolean)
        .join(''),
    ]),
  );

test('Django', async () => {
  const code = `from django.db import models

class Base(models.Model):
    created = models.DateTimeField()
    class Meta:
        abstract = True

class User(Base):
    email = models.EmailField(unique=True)

class Order(Base):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    loose = models.ForeignKey('shop.User', null=True, db_constraint=False, on_delete=models.CASCADE)
`;
  expect(await facts({ 'shop/models.py': code })).toEqual({
    'User.email': 'nui',
    'User.created': 'n',
    'Order.user': 'nirc',
    'Order.loose': 'iro',
    'Order.created': 'n',
  });
});

test('SQLAlchemy and SQLModel', async () => {
  const code = `class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]

class ItemBase(SQLModel):
    title: str = Field(min_length=1)

class Item(ItemBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="users.id", nullable=False)
`;
  expect(await facts({ 'app/models.py': code })).toMatchObject({
    'User.id': 'pnui',
    'User.email': 'nui',
    'User.name': '',
    'Item.owner_id': 'nrc',
  });
});

test('SQL: constraints of the table, later files, and names that an own table explains', async () => {
  const found = await facts({
    'db/1.sql':
      'create table users (id bigint primary key, email text not null, unique (email));\ncreate table orders (\n  id bigint primary key,\n  user_id bigint,\n  stripe_id text -- references x\n);\n',
    'db/2.sql':
      'alter table orders add constraint fk foreign key (user_id) references users (id);\ncreate index o_u on orders (user_id);\n',
  });
  expect(found).toEqual({ 'users.id': 'pnui', 'users.email': 'nui', 'orders.id': 'pnui', 'orders.user_id': 'irc', 'orders.stripe_id': '' });
});

test('an index over lower(email) makes the e-mail unique; one over a part of it does not', async () => {
  const table = 'create table users (id bigint primary key, email text, name text);\n';
  const unique = (index: string) => `create unique index i on public.users using btree (${index});\n`;
  expect(await facts({ 'db/1.sql': table + unique('lower((email)::text)') })).toMatchObject({ 'users.email': 'ui' });
  expect(await facts({ 'db/1.sql': table + unique('substr(email, 1, 3)') })).toMatchObject({ 'users.email': '' });
  const schema = (index: string) =>
    `ActiveRecord::Schema[8.0].define do\n  create_table "users" do |t|\n    t.string "email"\n    t.index ${index}, unique: true\n  end\nend\n`;
  expect(await facts({ 'db/schema.rb': schema('"lower((email)::text)", name: "i"') })).toMatchObject({ 'users.email': 'ui' });
  expect(await facts({ 'db/schema.rb': schema('["name"], name: "i"') })).toMatchObject({ 'users.email': '' });
});

test('SQL in literals of a program, where nothing else describes the tables', async () => {
  const code =
    'package db\n\nvar steps = []string{\n\t`CREATE TABLE users (id serial primary key, email text not null unique);\n\t-- the first draft\n\tCREATE TABLE orders (id serial primary key, user_id int not null references users (id));\n\tCREATE INDEX orders_user ON orders (user_id);`,\n\t"ALTER TABLE orders ADD COLUMN note text",\n}\n';
  expect(await facts({ 'internal/db/steps.go': code })).toEqual({
    'users.id': 'pnui',
    'users.email': 'nui',
    'orders.id': 'pnui',
    'orders.user_id': 'nirc',
    'orders.note': '',
  });
  expect(Object.keys(await facts({ 'internal/db/steps.go': code, 'db/1.sql': 'create table a (id int primary key);\n' }))).toEqual([
    'a.id',
  ]);
});

test('Prisma: only MySQL indexes a relation, and relationMode = "prisma" has no constraints', async () => {
  const schema = (source: string) =>
    `datasource db {\n${source}\n}\nmodel User {\n  id Int @id\n}\nmodel Order {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n`;
  expect(await facts({ 'schema.prisma': schema('provider = "postgresql"') })).toMatchObject({ 'Order.userId': 'nrc' });
  expect(await facts({ 'schema.prisma': schema('provider = "mysql"') })).toMatchObject({ 'Order.userId': 'nirc' });
  expect(await facts({ 'schema.prisma': schema('provider = "mysql"\nrelationMode = "prisma"') })).toMatchObject({ 'Order.userId': 'nro' });
});

test('Rails: schema.rb before migrations', async () => {
  const found = await facts({
    'db/schema.rb':
      'ActiveRecord::Schema[7.1].define(version: 1) do\n  create_table "users" do |t|\n    t.string "email", null: false\n    t.index ["email"], unique: true\n  end\n  create_table "orders" do |t|\n    t.bigint "user_id"\n  end\n  add_foreign_key "orders", "users"\nend\n',
    'db/migrate/1_x.rb':
      'class X < ActiveRecord::Migration[7.1]\n  def change\n    create_table :old do |t|\n      t.string :a\n    end\n  end\nend\n',
  });
  expect(found).toEqual({ 'users.id': 'pnui', 'users.email': 'nui', 'orders.id': 'pnui', 'orders.user_id': 'rc' });
});

test('Rails: schema.rb before a structure.sql beside it, which stands alone elsewhere', async () => {
  const sql = 'CREATE TABLE posts (id bigint PRIMARY KEY, user_id integer REFERENCES users (id));\n';
  const schema = 'ActiveRecord::Schema[7.1].define(version: 1) do\n  create_table "notes" do |t|\n  end\nend\n';
  expect(Object.keys(await facts({ 'db/schema.rb': schema, 'db/structure.sql': sql }))).toEqual(['notes.id']);
  expect(Object.keys(await facts({ 'db/structure.sql': sql }))).toEqual(['posts.id', 'posts.user_id']);
  expect(Object.keys(await facts({ 'db/schema.rb': schema, 'reports/structure.sql': sql }))).toEqual([
    'notes.id',
    'posts.id',
    'posts.user_id',
  ]);
});

test('Laravel, TypeORM, Drizzle, GORM', async () => {
  expect(
    await facts({
      'database/migrations/1_x.php':
        "<?php\nSchema::create('orders', function (Blueprint $table) {\n  $table->id();\n  $table->foreignId('user_id')->constrained();\n  $table->string('code')->unique();\n});\n",
    }),
  ).toEqual({ 'orders.id': 'pnui', 'orders.user_id': 'nirc', 'orders.code': 'nui' });
  expect(
    await facts({
      'src/order.ts':
        '@Entity()\nexport class Order {\n  @PrimaryGeneratedColumn()\n  id: number;\n\n  @Column({ unique: true })\n  code: string;\n\n  @ManyToOne(() => User, (u) => u.orders)\n  user: User;\n}\n',
    }),
  ).toEqual({ 'Order.id': 'pnui', 'Order.code': 'nui', 'Order.user': 'nrc' });
  expect(
    await facts({
      'src/schema.ts':
        "export const orders = pgTable('orders', {\n  id: serial('id').primaryKey(),\n  userId: integer('user_id').notNull().references(() => users.id),\n});\n",
    }),
  ).toEqual({ 'orders.id': 'pnui', 'orders.userId': 'nrc' });
  expect(
    await facts({
      'm.go': 'package m\n\ntype User struct {\n\tID    uint   `gorm:"primaryKey"`\n\tEmail string `gorm:"uniqueIndex;not null"`\n}\n',
    }),
  ).toEqual({ 'User.ID': 'pnui', 'User.Email': 'nui' });
});

test('GORM: an association is a foreign key where the library makes one of it', async () => {
  const model = (library: string) =>
    `package m\n\nimport "${library}"\n\ntype Article struct {\n\tgorm.Model\n\tTagID int \`gorm:"index"\`\n\tTag   Tag\n}\n\ntype Tag struct {\n\tModel\n\tName string \`json:"name"\`\n}\n\ntype Model struct {\n\tID int \`gorm:"primary_key"\`\n}\n\ntype Form struct {\n\tName string \`json:"name"\`\n}\n`;
  expect(await facts({ 'm.go': model('gorm.io/gorm') })).toEqual({ 'Article.TagID': 'irc', 'Tag.Name': '' });
  expect(await facts({ 'm.go': model('github.com/jinzhu/gorm') })).toEqual({ 'Article.TagID': 'ir', 'Tag.Name': '' });
});

test('Prisma: an index of one column without brackets', async () => {
  expect(
    await facts({
      'prisma/schema.prisma':
        'model Passkey {\n  id String @id\n  user User @relation(fields: [userId], references: [id])\n  userId String\n  name String\n\n  @@index(userId)\n  @@index(fields: [name])\n}\nmodel User {\n  id String @id\n}\n',
    }),
  ).toEqual({ 'Passkey.id': 'pnui', 'Passkey.userId': 'nirc', 'Passkey.name': 'ni', 'User.id': 'pnui' });
});

test('TypeORM: a column beside the relation that it belongs to, and one of another name', async () => {
  expect(
    await facts({
      'src/pet.ts':
        "@Entity()\nexport class Pet {\n  @Column({ name: 'user_id', nullable: true })\n  public userId: string;\n\n  @ManyToOne((type) => User)\n  @JoinColumn({ name: 'user_id' })\n  public user: User;\n\n  @Index()\n  @Column()\n  vetId: string;\n\n  @ManyToOne(() => Vet)\n  vet: Vet;\n\n  @Column()\n  chipId: string;\n}\n",
    }),
  ).toEqual({ 'Pet.userId': 'rc', 'Pet.user': 'nrc', 'Pet.vetId': 'nirc', 'Pet.vet': 'nirc', 'Pet.chipId': 'n' });
});

test('Drizzle: keys of several columns and foreign keys that stand behind the columns', async () => {
  expect(
    await facts({
      'src/schema.ts': `import { foreignKey, index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
export const page = pgTable('page', { id: uuid('id').notNull(), version: uuid('version').notNull() }, (t) => [primaryKey({ columns: [t.id, t.version] })]);
export const note = pgTable('note', {
  id: uuid('id').primaryKey(),
  pageId: uuid('pageId').notNull(),
  version: uuid('version').notNull(),
  author: uuid('author').notNull(),
}, (table) => ({
  ref: foreignKey({ columns: [table.pageId, table.version], foreignColumns: [page.id, page.version] }),
  by: index('by').on(table.author),
}));
`,
    }),
  ).toEqual({
    'page.id': 'ni',
    'page.version': 'n',
    'note.id': 'pnui',
    'note.pageId': 'nrc',
    'note.version': 'nrc',
    'note.author': 'ni',
  });
});

test('Drizzle: columns given by a function of the builders, tables of an own creator and of a schema', async () => {
  expect(
    await facts({
      'src/schema.ts': `import { pgSchema, pgTable, pgTableCreator } from 'drizzle-orm/pg-core';
export const user = pgTable('user', (t) => ({ id: t.text().primaryKey(), email: t.text().notNull().unique() }));
export const createTable = pgTableCreator((name) => \`shop_\${name}\`);
export const post = createTable('post', (d) => ({
  id: d.uuid().primaryKey(),
  userId: d
    .text()
    .notNull()
    .references(() => user.id),
}), (t) => [index('author').on(t.userId)]);
const shop = pgSchema('shop');
export const item = shop.table('item', { code: text('code').notNull() });
`,
    }),
  ).toEqual({ 'user.id': 'pnui', 'user.email': 'nui', 'post.id': 'pnui', 'post.userId': 'nirc', 'item.code': 'n' });
});

test('damaged input yields what can be read', async () => {
  expect(await facts({ 'db/1.sql': 'create table a (id int primary key, (((;\ncreate table b (id int primary key);\n' })).toEqual({
    'b.id': 'pnui',
  });
});

test("SQLAlchemy's tables without a class: a key of two columns serves look-ups by the first", async () => {
  const code = `import sqlalchemy as sa

followers = sa.Table(
    'followers',
    db.metadata,
    sa.Column('follower_id', sa.Integer, sa.ForeignKey('user.id'), primary_key=True),
    sa.Column('followed_id', sa.Integer, sa.ForeignKey('user.id'), primary_key=True),
    sa.Column('note', sa.String(9), nullable=False, index=True),
)
`;
  expect(await facts({ 'app/models.py': code })).toEqual({
    'followers.follower_id': 'nirc',
    'followers.followed_id': 'nrc',
    'followers.note': 'ni',
  });
});

test('Laravel: an index that a later migration adds', async () => {
  const php = (body: string) => `<?php\nreturn new class extends Migration {\n  public function up(): void {\n    ${body}\n  }\n};\n`;
  expect(
    await facts({
      'database/migrations/1_pages.php': php(
        "Schema::create('books', function (Blueprint $table) {\n $table->increments('id');\n });\n Schema::create('pages', function (Blueprint $table) {\n $table->integer('book_id');\n });",
      ),
      'database/migrations/2_indexes.php': php("Schema::table('pages', function (Blueprint $table) {\n $table->index('book_id');\n });"),
    }),
  ).toMatchObject({ 'pages.book_id': expect.stringContaining('i') });
});

test('Knex: chains over several lines, constraints of later statements, and nothing of what takes a step back', async () => {
  const first = `exports.up = (knex) =>
  knex.schema
    .createTable('users', function (table) {
      table.increments();
      table.string('email', 255).notNullable().unique();
      table.timestamps(true, true);
    })
    .createTable('posts', (t) => {
      t.uuid('id').primary();
      t.integer('user_id')
        .notNullable()
        .references('id')
        .inTable('users');
      t.integer('editor_id').references('users.id').index();
      t.integer('reviewer_id');
      t.string('slug').notNullable();
      t.unique(['user_id', 'slug']);
      t.foreign('reviewer_id').references('users.id');
    });
exports.down = (knex) => knex.schema.dropTable('posts').dropTable('users');
`;
  const second = `import type { Knex } from 'knex';
export async function up(knex: Knex) {
  await knex.schema.alterTable('posts', (table) => {
    table.index(['slug']);
    table.string('slug').nullable().alter();
    table.boolean('hidden').notNullable();
  });
}
export async function down(knex: Knex) {
  await knex.schema.table('posts', (table) => table.dropColumn('hidden'));
}
`;
  expect(await facts({ 'migrations/1_first.js': first, 'migrations/2_second.ts': second })).toEqual({
    'users.id': 'pnui',
    'users.email': 'nui',
    'posts.id': 'pnui',
    'posts.user_id': 'nirc',
    'posts.editor_id': 'irc',
    'posts.reviewer_id': 'rc',
    'posts.slug': 'ni',
    'posts.hidden': 'n',
  });
});

test('tables that others create, and tools of their own, are none of Knex', async () => {
  const sequelize = "module.exports = { up: (queryInterface, S) => queryInterface.createTable('users', { id: { type: S.INTEGER } }) };\n";
  const pages = "document.createTable('rows', (table) => { table.string('x'); });\n";
  expect(await facts({ 'migrations/1.js': sequelize, 'page.js': pages })).toEqual({});
});

test('what Knex drops later leaves the sum only roughly right', async () => {
  const up = (body: string) => `exports.up = (knex) => knex.schema${body};\n`;
  const found = await columns({
    'migrations/1.js': up(".createTable('users', (t) => { t.increments('id'); t.string('name'); })"),
    'migrations/2.js': up(".alterTable('users', (t) => { t.dropColumn('name'); })"),
  });
  expect(new Set(found.map((c) => c.framework))).toEqual(new Set(['sql-history']));
});
