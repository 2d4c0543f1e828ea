import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function actions(files: Record<string, string>) {
  const { items } = await collect('server-actions', files);
  return items.map((item) => concepts['server-actions'].strict().parse(item));
}

test('every export of a module that begins with "use server"', async () => {
  const code = `'use server';
import { redis } from '@/lib/redis';

export async function remove(
  state: unknown,
  formData: FormData
): Promise<{ ok: boolean }> {
  const name = formData.get('name');
  await redis.del(\`shop:\${name}\`);
  return { ok: true };
}

export const list = async () => db.item.findMany();

function helper() {}
`;
  expect(await actions({ 'app/actions.ts': code })).toMatchObject([
    { line: 4, name: 'remove', writes: true, auth: null, validated: false },
    { line: 13, name: 'list', writes: false, auth: null, validated: null },
  ]);
});

test('guards by a session, a helper of the file, or a wrapper; schemas', async () => {
  const code = `'use server';
async function mayEdit() {
  const session = await auth();
  if (!session) throw new Error('no');
}

export async function rename(formData: FormData) {
  await mayEdit();
  await db.item.update({ name: schema.parse(formData.get('name')) });
}

export const close = validatedActionWithUser(closeSchema, async (data) => {
  await db.update(accounts).set({ open: false });
});
`;
  expect(await actions({ 'app/actions.ts': code })).toMatchObject([
    { name: 'rename', writes: true, auth: true, validated: true },
    { name: 'close', writes: true, auth: true, validated: true },
  ]);
});

test('a name that speaks of administrators asks for nobody', async () => {
  const code = "'use server';\nexport async function adminRemoveAction(id: string) {\n  await db.item.delete({ where: { id } });\n}\n";
  expect(await actions({ 'app/actions.ts': code })).toMatchObject([{ name: 'adminRemoveAction', writes: true, auth: null }]);
});

test('a function within a page; modules without the directive have none', async () => {
  const page = `export default function Page() {
  async function add(formData: FormData) {
    'use server';
    await prisma.note.create({ data: { text: formData.get('text') } });
  }
  async function load() { return 1; }
  return <form action={add} />;
}
`;
  expect(await actions({ 'app/page.tsx': page })).toMatchObject([{ line: 2, name: 'add', writes: true }]);
  expect(await actions({ 'lib/a.ts': 'export async function add() { await db.item.create({}); }\n' })).toEqual([]);
});
