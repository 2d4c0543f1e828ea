import { expect, it } from 'vitest';
import { collect } from '../../collect.js';

it('reads the procedures of tRPC as routes and drops the address that hands on to them', async () => {
  const { items } = await collect('routes', {
    'server/post.ts': `export const postRouter = createTRPCRouter({
  all: publicProcedure.query(({ ctx }) => ctx.db.post.findMany({ take: 10 })),
  create: protectedProcedure
    .input(z.object({ title: z.string().max(99) }))
    .output(Post)
    .mutation(({ ctx, input }) => ctx.db.post.create({ data: input })),
  ping: t.procedure.mutation(() => 'pong'),
  remove: t.procedure.use(requireUser).input(z.string()).mutation(({ input }) => drop(input)),
  odd: limitedProcedure.query(() => 1),
  options: someProcedure.input(z.string()),
});
`,
    'app/api/trpc/[trpc]/route.ts':
      "const handler = (req: Request) => fetchRequestHandler({ endpoint: '/api/trpc', router: appRouter, req });\nexport { handler as GET, handler as POST };\n",
  });
  expect(items.map((i) => [i['method'], i['route'], i['auth'], i['validated'], i['responseSchema']])).toEqual([
    ['GET', '/all', false, null, null],
    ['POST', '/create', true, true, true],
    ['POST', '/ping', false, null, null],
    ['POST', '/remove', true, true, null],
    ['GET', '/odd', null, null, null],
  ]);
});
