import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function commands(files: Record<string, string>) {
  const { items } = await collect('start-commands', files);
  return items.map((item) => concepts['start-commands'].strict().parse(item));
}
const image = (cmd: string, base = 'python:3.12-slim') => ({ Dockerfile: `FROM ${base}\nCOPY . .\nCMD ${cmd}\n` });

test.each([
  ['gunicorn', 'gunicorn app:app --workers 4', { server: 'gunicorn', development: '', workers: 4 }],
  ['a number from the environment', 'gunicorn app:app -w ${WORKERS}', { server: 'gunicorn', workers: 0 }],
  ['a default beside the variable', 'gunicorn app:app --workers ${WORKERS:-3}', { workers: 3 }],
  ['uvicorn', 'uvicorn main:app --host 0.0.0.0', { server: 'uvicorn', development: '', workers: null }],
  ['a reloader', 'uvicorn main:app --reload', { development: '--reload' }],
  ["Django's development server", 'python manage.py runserver 0.0.0.0:8000', { development: 'manage.py runserver' }],
  ['Flask', 'flask --app shop run --host 0.0.0.0', { development: 'flask run' }],
  ['a worker', 'celery -A shop worker', { kind: 'worker' }],
  ['a program of its own', './server', { server: 'binary', development: '' }],
  ['what leads nowhere', 'make serve', { server: '' }],
])('a Dockerfile that runs %s', async (_, cmd, expected) => {
  expect(await commands(image(cmd))).toMatchObject([expected]);
});

test('a script beside the Dockerfile is not the one of the same name in another folder', async () => {
  const emulator = {
    'docker/emulator/Dockerfile': 'FROM node:22\nCOPY start.sh .\nENTRYPOINT ["./start.sh"]\n',
    'docker/emulator/start.sh': '#!/bin/bash\nfirebase emulators:start\n',
    'docker/app/start.sh': 'go run .\n',
  };
  expect((await commands(emulator)).filter((c) => c.development !== '')).toEqual([]);
});

test('an image that only a Compose file for development runs, beside another and alone', async () => {
  const development = {
    'docker/node/Dockerfile': 'FROM node:22\nCOPY . .\nCMD ["nodemon", "server.js"]\n',
    'docker-compose.yml':
      'services:\n  node:\n    build: { context: ., dockerfile: ./docker/node/Dockerfile }\n    volumes: [".:/app"]\n    command: nodemon server.js\n',
    'server.js': "require('express')().listen(3000);\n",
    'package.json': '{"name":"a","dependencies":{"express":"4.19.2"}}',
  };
  const both = await commands({ ...development, ...image('node server.js', 'node:22') });
  expect(both.map((c) => c.path)).toEqual(['Dockerfile']);
  expect((await commands(development)).map((c) => c.path)).toEqual(['docker/node/Dockerfile']);
});

test('package scripts and shell scripts are followed to what they run', async () => {
  const node = { ...image('npm start', 'node:22'), 'package.json': '{"scripts":{"start":"nodemon src/server.js"}}' };
  expect(await commands(node)).toMatchObject([{ server: 'node', development: 'nodemon' }]);
  const shell = { ...image('./start.sh'), 'start.sh': '#!/bin/sh\npython manage.py migrate\nexec gunicorn shop.wsgi --workers 2\n' };
  expect(await commands(shell)).toMatchObject([{ server: 'gunicorn', workers: 2 }]);
});

test('scripts that wait and prepare start what they are given', async () => {
  expect(await commands(image('/app/wait-for.sh db:5432 -- /app/start.sh /app/main'))).toMatchObject([{ server: 'binary' }]);
  expect(await commands(image('/app/wait-for.sh db:5432'))).toMatchObject([{ server: '' }]);
});

test('configuration of the server sets the number of workers', async () => {
  expect(await commands({ ...image('gunicorn shop.wsgi'), 'gunicorn.conf.py': 'workers = 3\n' })).toMatchObject([{ workers: 3 }]);
});

test.each([
  ['one service', 'web: gunicorn shop.wsgi\n', 1],
  ['a worker that reloads, which production should not do', 'web: gunicorn shop.wsgi\nworker: nodemon jobs.js\n', 2],
  ['what watches the styles', 'web: make run\ncss: make watch-css\n', 0],
  ['a bundler for development', 'web: bundle exec puma\nassets: npx vite dev\n', 0],
  ['a data store', 'web: gunicorn shop.wsgi\nredis: redis-server\n', 0],
])('a Procfile with %s', async (_, Procfile, count) => {
  expect(await commands({ Procfile })).toHaveLength(count);
});

test('targets of a Makefile are followed', async () => {
  const files = { Procfile: 'web: make run\n', Makefile: 'run:\n\tpython -m manage runserver 0.0.0.0:8000\n' };
  expect(await commands(files)).toMatchObject([{ development: 'manage.py runserver' }]);
  const served = {
    ...image('make -s serve'),
    Makefile: 'serve: check\n\tgunicorn shop.wsgi --workers 2\ncheck:\n\tpython manage.py check\n',
  };
  expect(await commands(served)).toMatchObject([{ server: 'gunicorn', workers: 2, development: '' }]);
});

test('an entry point with app.run() is a development server', async () => {
  const files = { ...image('python app.py'), 'app.py': 'from flask import Flask\napp = Flask(__name__)\napp.run(host="0.0.0.0")\n' };
  expect((await commands(files))[0]?.development).toContain('Flask');
});

test('development Compose files say nothing; a start script counts where nothing else starts the software', async () => {
  const files = {
    'package.json': '{"scripts":{"start":"node server.js"}}',
    'docker-compose.dev.yml': 'services:\n  app:\n    build: .\n    command: nodemon server.js\n',
  };
  expect(await commands(files)).toMatchObject([{ source: 'package', server: 'node', development: '' }]);
});

test('hostile input ends in time', async () => {
  expect(await commands({ Procfile: `web: ${'a '.repeat(50_000)}\n`, 'start.sh': `python ${'\\\n'.repeat(20_000)}` })).toHaveLength(0);
});
