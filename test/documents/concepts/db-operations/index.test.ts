import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function operations(files: Record<string, string>) {
  const { items } = await collect('db-operations', files);
  return items.map((item) => concepts['db-operations'].strict().parse(item));
}

test.each([
  ['two saves', 'def f(a):\n    a.save()\n    a.b.save()\n', { writes: 2, transactional: false, line: 3 }],
  ['branches', 'def f(a):\n    if a.x:\n        a.save()\n    else:\n        a.b.save()\n', { writes: 1 }],
  ['an early return', 'def f(a):\n    if a.x:\n        a.save()\n        return\n    a.b.save()\n', { writes: 1 }],
  [
    'a transaction',
    'def f(a):\n    with transaction.atomic():\n        a.save()\n        a.b.save()\n',
    { writes: 2, transactional: true },
  ],
  [
    'two commits',
    'def f(session, a):\n    session.add(a)\n    session.commit()\n    session.add(a.b)\n    session.commit()\n',
    { commits: 2 },
  ],
  ['one commit', 'def f(session, a):\n    session.add(a)\n    session.add(a.b)\n    session.commit()\n', { commits: 1, writes: 2 }],
  ['a query for each row', 'def f():\n    for a in A.objects.all():\n        B.objects.get(a=a)\n', { queryInLoop: true, line: 2 }],
])('Python: %s', async (_, code, expected) => {
  expect(await operations({ 'app/x.py': code })).toMatchObject([expected]);
});

test('PHP: models are created with values; builders and contexts without', async () => {
  const action = (body: string) => `<?php\nclass A {\n  public function f() {\n${body}\n  }\n}\n`;
  expect(await operations({ 'app/A.php': action("    Order::create(['a' => 1]);\n    Line::create(['b' => 2]);") })).toMatchObject([
    { writes: 2 },
  ]);
  expect(
    await operations({
      'app/A.php': action('    $d = SerializerBuilder::create()->build()->serialize($a, SerializationContext::create());'),
    }),
  ).toEqual([]);
});

test('Drizzle: writes in a row, chained over lines, and those of a transaction or of another client', async () => {
  const remove = (open: string, close: string) =>
    `export async function remove(id: string) {\n${open}  await db.delete(vote).where(eq(vote.chatId, id));\n  const [gone] = await db\n    .delete(chat)\n    .where(eq(chat.id, id))\n    .returning();\n${close}  return gone;\n}\n`;
  expect(await operations({ 'src/queries.ts': remove('', '') })).toMatchObject([
    { function: 'remove', writes: 2, transactional: false, line: 3 },
  ]);
  expect(await operations({ 'src/queries.ts': remove('  await db.transaction(async (tx) => {\n', '  });\n') })).toMatchObject([
    { transactional: true },
  ]);
  expect(
    await operations({ 'src/cache.ts': 'export async function drop(k: string) {\n  await db.delete(k);\n  await db.delete(k + 1);\n}\n' }),
  ).toEqual([]);
  expect(
    await operations({
      'src/list.ts':
        'export async function list() {\n  const all = await db.select().from(chat);\n  for (const one of all) {\n    one.votes = await db.select().from(vote).where(eq(vote.chatId, one.id));\n  }\n  return all;\n}\n',
    }),
  ).toMatchObject([{ queryInLoop: true, line: 3 }]);
});

test('TypeScript, Java, C#', async () => {
  expect(
    await operations({
      'src/x.ts':
        'export class A {\n  async f(o: O) {\n    await this.prisma.a.create({ data: o });\n    await this.prisma.b.update({ where: o });\n  }\n}\n',
    }),
  ).toMatchObject([{ function: 'f', writes: 2, transactional: false, line: 4 }]);
  expect(
    await operations({
      'src/A.java': 'class A {\n  @Transactional\n  public void f(O o) {\n    aRepository.save(o);\n    bRepository.save(o);\n  }\n}\n',
    }),
  ).toMatchObject([{ writes: 2, transactional: true }]);
  expect(
    await operations({
      'src/A.cs':
        'class A {\n  public async Task F() {\n    await db.SaveChangesAsync();\n    db.Add(x);\n    await db.SaveChangesAsync();\n  }\n}\n',
    }),
  ).toMatchObject([{ writes: 2, transactional: false }]);
});

test('seeds and migrations are no operations', async () => {
  expect(await operations({ 'app/seed.py': 'def f(a):\n    a.save()\n    a.b.save()\n' })).toEqual([]);
});
