import { expect, test } from 'vitest';
import { startsCombiners, startsReaders } from '../../../../src/documents/concepts/starts/index.js';
import { combined } from '../dependencies/support.js';

test('what a framework of the server has built and serves itself is no start; another front end is', async () => {
  const manifest = (plugin: string) => `{"scripts":{"build":"vite build"},"devDependencies":{"vite":"8.1.0","${plugin}":"^3"}}`;
  const starts = await combined(startsCombiners[0]!, startsReaders, {
    'resources/assets/package.json': manifest('laravel-vite-plugin'),
    'web/package.json': manifest('@vitejs/plugin-react'),
  });
  expect(starts.map((s) => [s.root, s.kind])).toEqual([['web', 'frontend']]);
});

test('a manifest of another language is no root of a start', async () => {
  const files = {
    'requirements.txt': 'Django==5.2\n',
    'manage.py': 'from django.core.management import execute_from_command_line\nexecute_from_command_line()\n',
    'shop/package.json': '{"devDependencies": {"terser": "5"}}',
    'shop/wsgi.py': 'application = None\n',
  };
  const roots = async (f: Record<string, string>) => [
    ...new Set((await combined(startsCombiners[0]!, startsReaders, f)).map((s) => s.root)),
  ];
  expect(await roots(files)).toEqual(['']);
  expect(await roots({ ...files, 'shop/requirements.txt': 'Django==5.2\n' })).toEqual(['', 'shop']);
});

test.each([
  ['api/main.py', 'app = FastAPI()\nhandler = Mangum(app)\n', ['lambda server']],
  [
    'src/lambda.ts',
    "import serverlessExpress from '@codegenie/serverless-express';\nexport const handler = serverlessExpress({ app });\n",
    ['lambda server'],
  ],
  ['src/a.ts', 'const serverless = options.serverless(app);\n', []],
  ['vercel.json', '{"builds":[{"src":"main.py","use":"@vercel/python"}]}', ['vercel server']],
  ['vercel.json', '{"builds":[{"src":"dist/**","use":"@vercel/static"}]}', []],
  ['run.sh', '#!/bin/sh\nexec gunicorn shop.wsgi:application\n', ['gunicorn server']],
  ['deploy/shop.service', '[Service]\nExecStart=/srv/shop/venv/bin/uvicorn shop.main:app\n', ['uvicorn server']],
  ['README.md', 'Run:\n\n    fastapi dev\n', ['fastapi server']],
  ['README.md', 'Gunicorn is a server; gunicorn, uvicorn and hypercorn are known.\n', []],
])('%s: %s starts %j', async (path, text, expected) => {
  const starts = await combined(startsCombiners[0]!, startsReaders, { [path]: text });
  expect(starts.map((s) => `${s.technology} ${s.kind}`)).toEqual(expected);
});

test('a front controller of Slim is a start; a file that only names its type is none', async () => {
  const technologies = async (text: string) =>
    (await combined(startsCombiners[0]!, startsReaders, { 'composer.json': '{}', 'public/index.php': `<?php\n${text}` })).map(
      (s) => s.technology,
    );
  expect(await technologies('use Slim\\Factory\\AppFactory;\n$app = AppFactory::create();\n$app->run();')).toEqual(['slim']);
  expect(await technologies('use Slim\\App;\n$app = new App($settings);\n$app->run();')).toEqual(['slim']);
  expect(await technologies('$app = new \\Slim\\App();\n$app->run();')).toEqual(['slim']);
  expect(await technologies("use Slim\\App;\nreturn function (App $app) { $app->get('/', Home::class); };")).toEqual([]);
});

test('a front controller of Symfony is a start; its console is none', async () => {
  const technologies = async (path: string, text: string) =>
    (await combined(startsCombiners[0]!, startsReaders, { 'composer.json': '{}', [path]: `<?php\n${text}` })).map((s) => s.technology);
  const runtime = "require_once __DIR__.'/../vendor/autoload_runtime.php';\n";
  expect(
    await technologies(
      'web/index.php',
      `${runtime}return function (array $context): AppKernel {\n    return new AppKernel($context['APP_ENV']);\n};`,
    ),
  ).toEqual(['symfony']);
  expect(
    await technologies(
      'web/app.php',
      '$kernel = new AppKernel("prod", false);\n$request = Request::createFromGlobals();\n$kernel->handle($request)->send();',
    ),
  ).toEqual(['symfony']);
  expect(
    await technologies(
      'bin/console.php',
      `${runtime}return function (array $context): Application {\n    $kernel = new AppKernel($context['APP_ENV']);\n    return new Application($kernel);\n};`,
    ),
  ).toEqual([]);
});

test('Ktor: a main that names its engine hands it to whoever starts it', async () => {
  const kinds = async (imported: string) =>
    (
      await combined(startsCombiners[0]!, startsReaders, {
        'build.gradle.kts': 'plugins { kotlin("jvm") }\n',
        'src/main/kotlin/Main.kt': `package shop\n\nimport ${imported}\n\nfun main() = SuspendApp {\n  resourceScope { server(Netty) { shop() } }\n}\n`,
      })
    ).map((s) => `${String(s.technology)} ${String(s.kind)}`);
  expect(await kinds('io.ktor.server.netty.Netty')).toContain('ktor server');
  expect(await kinds('io.ktor.client.engine.cio.CIO')).not.toContain('ktor server');
});
