import type { Combiner, Item, Reader } from '../../../model/document.js';
import { projectRoots } from '../../../model/manifests.js';
import type { FileSelector, Language } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';

type Kind = 'server' | 'worker' | 'frontend' | 'cli' | 'process';

/** One way in which code or configuration starts something; the pattern runs over comment-free text. */
interface Start {
  readonly technology: string;
  readonly kind: Kind;
  readonly pattern: RegExp;
  readonly message: string;
}

const item = (source: Source, offset: number, start: Omit<Start, 'pattern'>, command = ''): Item => ({
  path: source.path,
  line: source.at(offset).line,
  technology: start.technology,
  kind: start.kind,
  command,
  root: '',
  message: start.message,
});

function byPattern(name: string, languages: Language[], keywords: string[], starts: readonly Start[]): Reader {
  return {
    name: `starts/${name}`,
    kind: 'starts',
    files: { languages, roles: ['product', 'script'], variants: ['base', 'production'] } satisfies FileSelector,
    keywords,
    read(source) {
      const items: Item[] = [];
      for (const start of starts) {
        const match = start.pattern.exec(source.code);
        if (match) items.push(item(source, match.index, start));
      }
      return { items };
    },
  };
}

const python = byPattern(
  'python',
  ['python'],
  [
    'uvicorn.run',
    '.run(',
    'hypercorn',
    'waitress',
    'web.run_app',
    'execute_from_command_line',
    'grpc',
    'streamlit',
    'gradio',
    '.launch(',
    'ui.run',
    'serve_forever',
    'make_server',
    'celery',
    'Mangum(',
    'serverless_wsgi',
    'apig_wsgi',
  ],
  [
    { technology: 'uvicorn', kind: 'server', pattern: /\buvicorn\.run\s*\(/, message: 'uvicorn.run() starts it' },
    { technology: 'flask', kind: 'server', pattern: /^\s*(?:app|application|server|socketio)\.run\s*\(/m, message: 'app.run() starts it' },
    { technology: 'waitress', kind: 'server', pattern: /\bwaitress\.serve\s*\(|^\s*serve\s*\(\s*app/m, message: 'waitress starts it' },
    { technology: 'aiohttp', kind: 'server', pattern: /\bweb\.run_app\s*\(/, message: 'web.run_app() starts it' },
    { technology: 'django', kind: 'server', pattern: /\bexecute_from_command_line\s*\(/, message: 'manage.py starts it' },
    { technology: 'grpc', kind: 'server', pattern: /\bgrpc\.(?:aio\.)?server\s*\(/, message: 'a gRPC server is started' },
    { technology: 'streamlit', kind: 'server', pattern: /^\s*(?:import streamlit|from streamlit)\b/m, message: 'a Streamlit script' },
    { technology: 'gradio', kind: 'server', pattern: /\.launch\s*\(/, message: 'launch() starts it' },
    { technology: 'nicegui', kind: 'server', pattern: /\bui\.run\s*\(/, message: 'ui.run() starts it' },
    { technology: 'python-http', kind: 'server', pattern: /\.serve_forever\s*\(/, message: 'serve_forever() starts it' },
    {
      technology: 'lambda',
      kind: 'server',
      pattern: /=\s*Mangum\s*\(|\bserverless_wsgi\.handle_request\s*\(|=\s*make_lambda_handler\s*\(/,
      message: 'an adapter for Lambda starts it',
    },
    { technology: 'celery', kind: 'worker', pattern: /=\s*Celery\s*\(/, message: 'a Celery application' },
  ],
);

const node = byPattern(
  'node',
  ['javascript', 'typescript', 'tsx'],
  ['.listen(', 'Deno.serve', 'Bun.serve', 'NestFactory', 'new Worker(', 'serve(', 'serverless', 'awsLambdaFastify'],
  [
    { technology: 'nestjs', kind: 'server', pattern: /\bNestFactory\.create/, message: 'NestFactory.create() starts it' },
    {
      technology: 'node-http',
      kind: 'server',
      pattern: /\b(?:app|server|httpServer|http|fastify|api|instance|express\(\)|[\w.]*[sS]erver|[\w.]*[aA]pp)\.listen\s*\(/,
      message: 'listen() starts it',
    },
    {
      technology: 'node-http',
      kind: 'server',
      pattern: /\b(?:Deno|Bun)\.serve\s*\(|^\s*serve\s*\(\s*\{?\s*(?:fetch|app)/m,
      message: 'serve() starts it',
    },
    {
      technology: 'lambda',
      kind: 'server',
      pattern: /(?:\bhandler\s*=|\bexport default)\s*(?:serverless|serverlessExpress|awsLambdaFastify|serverlessHttp)\s*\(/,
      message: 'an adapter for Lambda starts it',
    },
    { technology: 'bullmq', kind: 'worker', pattern: /\bnew Worker\s*\(\s*['"`]/, message: 'a queue worker' },
  ],
);

const go = byPattern(
  'go',
  ['go'],
  ['package main'],
  [
    {
      technology: 'go',
      kind: 'server',
      pattern:
        /\.ListenAndServe(?:TLS)?\s*\(|\bgrpc\.NewServer\s*\(|\.Serve\s*\(\s*\w|\.Listen\s*\(\s*"|\.Run\s*\(\s*(?:"?:|addr|port|fmt\.Sprintf)/,
      message: 'a main package that serves',
    },
    { technology: 'go', kind: 'process', pattern: /^func main\s*\(\s*\)/m, message: 'a main package' },
  ],
);

const jvm = byPattern(
  'jvm',
  ['java', 'kotlin'],
  [
    'SpringApplication',
    'QuarkusApplication',
    'Quarkus.run',
    'Micronaut.run',
    'embeddedServer',
    'EngineMain',
    'Javalin',
    'runApplication',
    'static void main',
    'fun main',
  ],
  [
    {
      technology: 'spring-boot',
      kind: 'server',
      pattern: /\bSpringApplication(?:Builder)?\b|\brunApplication\s*</,
      message: 'a Spring Boot application',
    },
    { technology: 'quarkus', kind: 'server', pattern: /\bQuarkus\.run\s*\(|@QuarkusMain\b/, message: 'a Quarkus application' },
    { technology: 'micronaut', kind: 'server', pattern: /\bMicronaut\.(?:run|build)\b/, message: 'a Micronaut application' },
    {
      technology: 'ktor',
      kind: 'server',
      // A main that names the engine hands it to whoever starts it.
      pattern:
        /\bembeddedServer\s*\(|\bEngineMain\b|^import io\.ktor\.server\.(?:netty|cio|jetty|tomcat)\.[^]*?^(?:suspend )?fun main\s*\(/m,
      message: 'a Ktor application',
    },
    { technology: 'javalin', kind: 'server', pattern: /\bJavalin\.(?:create|start)\b/, message: 'a Javalin application' },
    { technology: 'grpc', kind: 'server', pattern: /\bServerBuilder\b[\s\S]{0,400}\.start\s*\(/, message: 'a gRPC server is started' },
    { technology: 'jvm', kind: 'process', pattern: /\bpublic static void main\s*\(|^fun main\s*\(/m, message: 'a main class' },
  ],
);

const dotnet = byPattern(
  'dotnet',
  ['csharp'],
  ['WebApplication.Create', 'CreateHostBuilder', 'CreateDefaultBuilder', 'WebHost', 'Host.CreateApplicationBuilder'],
  [
    {
      technology: 'aspnet-core',
      kind: 'server',
      pattern: /\bWebApplication\.Create|\bConfigureWebHostDefaults\b|\bWebHost\.Create/,
      message: 'an ASP.NET Core application',
    },
    {
      technology: 'dotnet',
      kind: 'worker',
      pattern: /^(?![\s\S]*ConfigureWebHostDefaults)[\s\S]*?\bHost\.Create(?:DefaultBuilder|ApplicationBuilder)\b/,
      message: 'a .NET host',
    },
  ],
);

const rust = byPattern(
  'rust',
  ['rust'],
  ['axum::serve', 'HttpServer::new', 'rocket', 'warp::serve', 'axum::Server', 'Server::builder'],
  [
    { technology: 'axum', kind: 'server', pattern: /\baxum::(?:serve|Server)\b/, message: 'an axum server' },
    { technology: 'actix-web', kind: 'server', pattern: /\bHttpServer::new\s*\(/, message: 'an Actix server' },
    { technology: 'rocket', kind: 'server', pattern: /#\[launch\]|\brocket::build\s*\(/, message: 'a Rocket application' },
    { technology: 'warp', kind: 'server', pattern: /\bwarp::serve\s*\(/, message: 'a warp server' },
    { technology: 'tonic', kind: 'server', pattern: /\bServer::builder\s*\(\)/, message: 'a tonic server' },
  ],
);

const ruby = byPattern(
  'ruby',
  ['ruby'],
  ['Sinatra'],
  [
    {
      technology: 'sinatra',
      kind: 'server',
      pattern: /<\s*Sinatra::(?:Base|Application)|^require ['"]sinatra['"]/m,
      message: 'a Sinatra application',
    },
  ],
);

/** Front controllers of frameworks that leave the server to the web server. A class that only names the application's type starts nothing. */
const php = byPattern(
  'php',
  ['php'],
  ['Slim\\', 'Flight::start', 'yii\\web\\Application', 'Boot::bootWeb', 'Laminas\\Mvc\\Application', 'Kernel('],
  [
    {
      technology: 'slim',
      kind: 'server',
      pattern:
        /\bSlim\\Factory\\AppFactory\b|\bSlim\\Bridge::create\b|\bnew\s+\\?Slim\\(?:App|Slim)\b|\bSlim\\App;[\s\S]{0,4000}?\bnew App\s*\(/,
      message: 'a Slim application',
    },
    {
      technology: 'symfony',
      kind: 'server',
      pattern:
        /\breturn\s+(?:static\s+)?(?:function|fn)\b[^{=]{0,80}(?:\{\s*return|=>)\s*new\s+[\w\\]{0,60}Kernel\s*\(|\$kernel\s*=\s*new\s+[\w\\]{0,60}Kernel\s*\([\s\S]{0,1500}?->handle\s*\(/,
      message: 'a Symfony application',
    },
    { technology: 'flight', kind: 'server', pattern: /\bFlight::start\s*\(/, message: 'a Flight application' },
    { technology: 'yii', kind: 'server', pattern: /\bnew\s+\\?yii\\web\\Application\b/, message: 'a Yii application' },
    { technology: 'codeigniter', kind: 'server', pattern: /\bBoot::bootWeb\s*\(/, message: 'a CodeIgniter application' },
    { technology: 'laminas', kind: 'server', pattern: /\bApplication::init\s*\(/, message: 'a Laminas application' },
  ],
);

/** Files whose presence is a start. */
const fileStarts: readonly { name: RegExp; technology: string; kind: Kind; message: string }[] = [
  { name: /^manage\.py$/, technology: 'django', kind: 'server', message: 'manage.py starts it' },
  { name: /^(asgi|wsgi)\.py$/, technology: 'wsgi', kind: 'server', message: 'an ASGI or WSGI entry point' },
  { name: /^config\.ru$/, technology: 'rack', kind: 'server', message: 'config.ru starts it' },
  { name: /^artisan$/, technology: 'laravel', kind: 'server', message: 'artisan starts it' },
  { name: /^Procfile$/, technology: 'procfile', kind: 'process', message: 'Procfile starts it' },
  { name: /^symfony\.lock$/, technology: 'symfony', kind: 'server', message: 'a Symfony application' },
];

const serverCommand =
  /\b(?:node|nodemon|pm2(?:-runtime)?|ts-node|tsx|bun|deno|next start|nuxt start|nest start|node --|nuxi|remix-serve|react-router-serve|serve|http-server|fastify start|medusa start|strapi start|keystone start|sails lift|meteor|cross-env \S+ node|env-cmd)\b/;
const frontendCommand =
  /\b(?:react-scripts (?:start|build)|vite(?: build| preview)?|ng (?:serve|build)|vue-cli-service (?:serve|build)|svelte-kit|astro (?:build|preview)|next build|next dev|nuxt (?:build|generate)|gatsby build|remix (?:build|vite:build)|parcel build|webpack)\b/;

/** Bundlers' plugins of a framework on the server, which serves what they build: a part of that application, in whatever folder. */
const servedElsewhere = /"(?:laravel-vite-plugin|laravel-mix|@symfony\/webpack-encore|vite-plugin-(?:rails|ruby|symfony))"/;

const packageJson: Reader = {
  name: 'starts/package-json',
  kind: 'starts',
  files: { paths: ['package.json'], roles: ['config', 'product'] },
  keywords: ['"scripts"'],
  read(source) {
    let manifest: { scripts?: Record<string, unknown>; files?: unknown; publishConfig?: unknown };
    try {
      manifest = JSON.parse(source.text) as typeof manifest;
    } catch {
      return {};
    }
    const scripts = manifest?.scripts;
    if (!scripts || typeof scripts !== 'object') return {};
    const items: Item[] = [];
    for (const name of ['start:prod', 'start:production', 'start', 'serve', 'prod']) {
      const command = scripts[name];
      if (typeof command !== 'string' || !serverCommand.test(command) || /storybook|--watch\b|tsc -w|tsdx/.test(command)) continue;
      items.push(
        item(
          source,
          source.text.indexOf(`"${name}"`),
          { technology: 'package-json', kind: 'server', message: `npm run ${name} starts it` },
          command,
        ),
      );
      break;
    }
    const build = scripts['build'];
    const part = source.path.includes('/') && servedElsewhere.test(source.text);
    if (typeof build === 'string' && frontendCommand.test(build) && !/--lib\b|build:lib/.test(build) && !part)
      items.push(
        item(
          source,
          source.text.indexOf('"build"'),
          { technology: 'package-json', kind: 'frontend', message: 'npm run build makes a browser bundle' },
          build,
        ),
      );
    return { items };
  },
};

const procfile: Reader = {
  name: 'starts/procfile',
  kind: 'starts',
  files: { paths: ['Procfile'], roles: ['config', 'other', 'product'] },
  read(source) {
    const items: Item[] = [];
    for (const match of source.text.matchAll(/^([\w-]+):[ \t]*(.{1,300})$/gm)) {
      const kind: Kind = match[1] === 'web' ? 'server' : match[1] === 'worker' ? 'worker' : 'process';
      items.push(
        item(source, match.index, { technology: 'procfile', kind, message: `Procfile starts ${match[1]}` }, (match[2] as string).trim()),
      );
    }
    return { items };
  },
};

/** https://vercel.com/docs/project-configuration#builds: the runtimes that make a function, other than that of static files. */
const vercel: Reader = {
  name: 'starts/vercel',
  kind: 'starts',
  files: { paths: ['vercel.json', 'now.json'], roles: ['config', 'product'] },
  keywords: ['"use"'],
  read(source) {
    const match = /"use"\s*:\s*"@(?:vercel|now)\/(?:python|node|go|ruby)\b/.exec(source.text);
    return match
      ? { items: [item(source, match.index, { technology: 'vercel', kind: 'server', message: 'Vercel runs it as a function' })] }
      : {};
  },
};

/** Servers whose command line names the application, and those that find it. */
const runCommand =
  /(?:^|[\s`$>/=])((?:(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve)[ \t]+(?=[^\n`]{0,120}(?:\w:\w|\b[aw]sgi\b|\s-c\s))|(?:streamlit run|flask run|fastapi (?:run|dev)|litestar run|chainlit run|panel serve|bokeh serve|solara run|reflex run)[ \t]+)[\w./:$-][^\n`]{0,120}|(?:flask run|fastapi (?:run|dev)|litestar run)$)/gm;

/**
 * `streamlit run app.py`, `uvicorn app.main:app` and the like, given as the run command in the README, a Makefile, a script or the unit
 * of a process manager.
 */
const documented: Reader = {
  name: 'starts/documented',
  kind: 'starts',
  files: { paths: ['README*', 'Makefile', 'justfile', 'Taskfile.y*ml', '*.sh', '*.service', '*supervisor*.conf'] },
  keywords: [
    'streamlit run',
    'uvicorn ',
    'gunicorn ',
    'hypercorn ',
    'daphne ',
    'granian ',
    'waitress-serve ',
    'flask run',
    'fastapi run',
    'fastapi dev',
    'litestar run',
    'chainlit run',
    'panel serve',
    'bokeh serve',
    'solara run',
    'reflex run',
  ],
  read(source) {
    const items: Item[] = [];
    for (const match of source.text.matchAll(runCommand)) {
      const command = (match[1] as string).trim();
      items.push(
        item(
          source,
          match.index,
          { technology: command.split(' ')[0] as string, kind: 'server', message: `documented run command: ${command.slice(0, 60)}` },
          command,
        ),
      );
      if (items.length >= 3) break;
    }
    return { items };
  },
};

/** Adds the starts that are files, and gives each start the folder of the nearest manifest above it. */
const combiner: Combiner = {
  kind: 'starts',
  combine(items, { files }) {
    const roots = projectRoots(files.filter((f) => f.role !== 'vendored').map((f) => f.path));
    const all: Item[] = [...items];
    for (const file of files) {
      if (!['product', 'config', 'script', 'other'].includes(file.role)) continue;
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      const start = fileStarts.find((s) => s.name.test(name));
      if (start)
        all.push({
          path: file.path,
          line: 1,
          technology: start.technology,
          kind: start.kind,
          command: '',
          root: '',
          message: start.message,
        });
    }
    return all.map((i) => ({ ...i, root: roots.ofStart(i.path) ?? '' }));
  },
};

export const startsReaders: readonly Reader[] = [python, node, go, jvm, dotnet, rust, ruby, php, packageJson, procfile, vercel, documented];
export const startsCombiners: readonly Combiner[] = [combiner];
