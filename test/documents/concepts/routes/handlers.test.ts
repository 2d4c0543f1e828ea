import { expect, it } from 'vitest';
import { collect } from '../../collect.js';

/** Method, path and what becomes of the body, with the first words of the handler. */
async function routes(files: Record<string, string>): Promise<unknown[]> {
  const { items } = await collect('routes', files);
  return items.map((i) => [
    i['method'],
    i['route'],
    i['validated'],
    /\w+\.(?:send|json|redirect)|create\(/.exec(String(i['body']))?.[0] ?? '',
  ]);
}

it('joins the handlers of controllers, however they are imported and wrapped', async () => {
  expect(
    await routes({
      'app.js': `const express = require('express');
const orders = require('./controllers/orders');
const { login } = require('./controllers/auth');
const UserController = require('./controllers/user');
const users = new UserController();
const app = express();
function ping(req, res) { res.send('pong'); }
app.get('/ping', ping);
app.post('/orders', orders.create);
app.put('/orders/:id', requireUser, asyncHandler(orders.update));
app.post('/login', login);
app.post('/users', users.create.bind(users));
app.post('/other', require('./x').create);
`,
      'controllers/orders.js': `exports.create = async (req, res) => {
  const { sku } = req.body;
  res.json(await Order.create({ sku }));
};
exports.update = catchAsync(async (req, res) => {
  const body = schema.parse(req.body);
  res.send(await Order.update(body));
});
`,
      'controllers/auth.ts': `export const login: RequestHandler = async (req, res) => {
  if (!req.body.email) return res.status(400).end();
  res.redirect('/');
};
`,
      'controllers/user.js': `class UserController {
  async create(req, res, next) {
    if (req.query.dry) { next(); }
    await this.users.create(req.body);
  }
}
module.exports = UserController;
`,
    }),
  ).toEqual([
    ['GET', '/ping', null, 'res.send'],
    ['POST', '/orders', false, 'res.json'],
    ['PUT', '/orders/:id', true, 'res.send'],
    ['POST', '/login', null, 'res.redirect'],
    ['POST', '/users', null, 'create('],
    ['POST', '/other', null, ''],
  ]);
});

it('takes no function of the same name of another file, and none of two in one file', async () => {
  const app = "const express = require('express');\nconst a = require('./a');\nconst app = express();\napp.get('/x', a.list);\n";
  expect(await routes({ 'app.js': app, 'b.js': 'exports.list = (req, res) => { res.send(1); };\n' })).toEqual([['GET', '/x', null, '']]);
  const twice = 'exports.list = (req, res) => { res.send(1); };\nconst list = (req, res) => { res.json(2); };\n';
  expect(await routes({ 'app.js': app, 'a.js': twice })).toEqual([['GET', '/x', null, '']]);
});

it('mounts a router that is called like a guard, under the limiter that all pass', async () => {
  const files = (limiter: string) => ({
    'server.js': `const express = require('express');
const rateLimit = require('express-rate-limit');
const auth = require('./routes/auth');
const app = express();
const limiter = rateLimit(${limiter});
app.use(limiter);
app.use('/api/v1/auth', auth);
`,
    'routes/auth.js': "const router = require('express').Router();\nrouter.post('/login', login);\nmodule.exports = router;\n",
  });
  const first = async (limiter: string) => {
    const { items } = await collect('routes', files(limiter));
    return items.map((i) => [i['route'], i['auth'], i['rateLimited']]);
  };
  expect(await first('{ windowMs: 10 * 60 * 1000, max: 100 }')).toEqual([['/api/v1/auth/login', false, true]]);
  expect(await first('{ windowMs: 60 * 1000, max: 1000 }')).toEqual([['/api/v1/auth/login', false, false]]);
});

it('takes a file that is one handler for what imports it', async () => {
  expect(
    await routes({
      'app.js': `const express = require('express');
const add = require('./routes/add');
const remove = require('./routes/remove');
const guess = require('./routes/guess');
const app = express();
app.post('/items', add);
app.post('/gone', remove);
app.post('/guess', guess);
`,
      'routes/add.js': `module.exports = async (req, res) => {
  res.send(await items.create({ name: req.body.name }));
};
`,
      'routes/remove.ts': `const log = (req, res) => { res.json(1); };
const remove = async (req: Request, res: Response) => {
  res.send(await schema.parse(req.body));
};
export default remove;
`,
      'routes/guess.js': `const one = (req, res) => { res.json(1); };
module.exports = { one };
`,
    }),
  ).toEqual([
    ['POST', '/items', false, 'res.send'],
    ['POST', '/gone', true, 'res.send'],
    ['POST', '/guess', null, ''],
  ]);
});
