import { describe, expect, it } from 'vitest';
import picomatch from 'picomatch';
import { corsCombiner, corsReaders } from '../../../../src/documents/concepts/cors/index.js';
import type { Item } from '../../../../src/model/document.js';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';
import { sourceOf } from '../../../support/source.js';

/** What all CORS readers find in one file, selected as the pass selects them. */
async function read(path: string, text: string): Promise<Item[]> {
  const source = sourceOf(path, text);
  const items: Item[] = [];
  for (const reader of corsReaders) {
    const { languages, paths } = reader.files;
    if (languages && (!source.file.language || !languages.includes(source.file.language))) continue;
    if (paths && !paths.some((p) => picomatch(p.includes('/') ? p : `**/${p}`, { dot: true })(path))) continue;
    if (!reader.keywords!.some((k) => text.toLowerCase().includes(k.toLowerCase()))) continue;
    items.push(...((await reader.read(source)).items ?? []));
  }
  for (const item of items) concepts.cors.parse(item);
  return items;
}

type Expected = Partial<
  Record<'anyOrigin' | 'origins' | 'credentials' | 'patterns' | 'env' | 'reflects' | 'variant' | 'line' | 'methods', unknown>
>;
const cases: [string, string, string, Expected[]][] = [
  ['node list by a function of the file', 'app.ts', 'import cors from "cors";\nconst mode = process.env.NODE_ENV;\nconst listed = (): string[] | string => {\n  if (mode === "development") {\n    return "*";\n  }\n  const origins = ["https://a.org"];\n  (process.env.ALLOW_ORIGINS ?? "").split(",").forEach((o) => { origins.push(o); });\n  return origins;\n};\napp.use(cors({ origin: listed() }));', [{ anyOrigin: false, origins: ['https://a.org'], env: 'ALLOW_ORIGINS' }]],
  ['node any origin by a function of the file', 'app.js', 'const cors = require("cors");\nfunction listed() {\n  return "*";\n}\napp.use(cors({ origin: listed() }));', [{ anyOrigin: true }]],
  ['starlette list by a function of the file', 'main.py', 'import os\nallow = os.environ.get("ALLOW_ORIGINS")\nmode = os.environ.get("MODE")\n\ndef listed():\n    if mode == "develop":\n        return ["*"]\n    origins = ["https://a.org"]\n    if allow is not None:\n        origins.append(allow)\n    return origins\n\napp.add_middleware(CORSMiddleware, allow_origins=listed(), allow_credentials=True)', [{ anyOrigin: false, origins: ['https://a.org'], env: 'ALLOW_ORIGINS', credentials: true }]],
  ['starlette any origin by a function of the file', 'main.py', 'def listed():\n    return ["*"]\n\napp.add_middleware(CORSMiddleware, allow_origins=listed())', [{ anyOrigin: true }]],
  ['node function of another file', 'app.js', 'const cors = require("cors");\nconst { listed } = require("./origins");\napp.use(cors({ origin: listed() }));', [{ anyOrigin: null }]],
  ['starlette wildcard with credentials', 'main.py', 'from x import y\napp.add_middleware(\n    CORSMiddleware,\n    allow_origins=["*"],\n    allow_credentials=True,\n    allow_methods=["get"],\n)\n', [{ anyOrigin: true, credentials: true, line: 2, methods: ['GET'] }]],
  ['starlette constant list', 'main.py', 'origins = [\n  "https://a.org",\n  "https://b.org",\n]\napp.add_middleware(CORSMiddleware, allow_origins=origins)', [{ anyOrigin: false, origins: ['https://a.org', 'https://b.org'], credentials: false }]],
  ['starlette annotated constant', 'main.py', 'ORIGINS: list[str] = ["*"]\napp.add_middleware(CORSMiddleware, allow_origins=ORIGINS)', [{ anyOrigin: true }]],
  ['starlette settings name', 'main.py', 'app.add_middleware(CORSMiddleware, allow_origins=[settings.FRONTEND_HOST], allow_credentials=True)', [{ anyOrigin: null, env: 'FRONTEND_HOST', credentials: true }]],
  ['starlette comprehension over settings', 'main.py', 'app.add_middleware(CORSMiddleware, allow_origins=[str(o).strip("/") for o in settings.BACKEND_CORS_ORIGINS])', [{ anyOrigin: null, env: 'BACKEND_CORS_ORIGINS' }]],
  ['starlette env with default', 'main.py', 'app.add_middleware(CORSMiddleware, allow_origins=os.getenv("ORIGINS", "*").split(","))', [{ anyOrigin: true, env: 'ORIGINS' }]],
  ['starlette env without default', 'main.py', 'app.add_middleware(CORSMiddleware, allow_origins=os.environ["ORIGINS"].split(","))', [{ anyOrigin: null, env: 'ORIGINS' }]],
  ['starlette regex', 'main.py', 'app.add_middleware(CORSMiddleware, allow_origin_regex=r".*")', [{ anyOrigin: true, patterns: ['.*'] }]],
  ['starlette anchored regex', 'main.py', 'app.add_middleware(CORSMiddleware, allow_origin_regex=r"^https://.*\\.a\\.org$")', [{ anyOrigin: false, patterns: ['^https://.*\\.a\\.org$'] }]],
  ['starlette Middleware()', 'main.py', 'middleware = [Middleware(CORSMiddleware, allow_origins=["*"])]', [{ anyOrigin: true }]],
  ['starlette in a debug branch', 'main.py', 'if settings.DEBUG:\n    app.add_middleware(CORSMiddleware, allow_origins=["*"])\n', [{ anyOrigin: true, variant: 'development' }]],
  ['starlette import alone', 'main.py', 'from fastapi.middleware.cors import CORSMiddleware\n', []],
  ['starlette in a comment', 'main.py', '# app.add_middleware(CORSMiddleware, allow_origins=["*"])\n', []],
  ['flask default', 'app.py', 'from flask_cors import CORS\nCORS(app)', [{ anyOrigin: true, credentials: false, line: 2 }]],
  ['flask list', 'app.py', 'from flask_cors import CORS\nCORS(app, origins=["https://a.org"], supports_credentials=True)', [{ anyOrigin: false, credentials: true }]],
  ['flask resources', 'app.py', 'from flask_cors import CORS\nCORS(app, resources={r"/api/*": {"origins": "*"}})', [{ anyOrigin: true }]],
  ['flask resources with a list', 'app.py', 'from flask_cors import CORS\nCORS(app, resources={r"/api/*": {"origins": ["https://a.org"], "supports_credentials": True}})', [{ anyOrigin: false, credentials: true }]],
  ['flask init_app', 'app.py', 'from flask_cors import CORS\ncors = CORS()\ncors.init_app(app, origins=os.environ["ORIGIN"])', [{ anyOrigin: null, env: 'ORIGIN' }]],
  ['flask decorator', 'app.py', 'from flask_cors import cross_origin\n@cross_origin()\ndef f(): pass', [{ anyOrigin: true }]],
  ['socketio', 'app.py', 'socketio = SocketIO(app, cors_allowed_origins="*")', [{ anyOrigin: true }]],
  ['django all', 'settings.py', 'CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True\n', [{ anyOrigin: true, credentials: true, line: 1 }]],
  ['django old name', 'settings.py', 'CORS_ORIGIN_ALLOW_ALL = True\n', [{ anyOrigin: true }]],
  ['django whitelist', 'settings.py', 'CORS_ORIGIN_WHITELIST = (\n    "0.0.0.0:4000",\n    "localhost:4000",\n)\n', [{ anyOrigin: false, origins: ['0.0.0.0:4000', 'localhost:4000'] }]],
  ['django explicit false', 'settings.py', 'CORS_ALLOW_ALL_ORIGINS = False\nCORS_ALLOWED_ORIGINS = env.list("ORIGINS", default=[])\n', [{ anyOrigin: false, env: 'ORIGINS' }]],
  ['django all in a debug branch', 'settings.py', 'if DEBUG:\n    CORS_ALLOW_ALL_ORIGINS = True\n', [{ anyOrigin: true, variant: 'development' }]],
  ['django all from debug', 'settings.py', 'CORS_ALLOW_ALL_ORIGINS = DEBUG\n', [{ anyOrigin: null }]],
  ['express default', 'app.js', "const cors = require('cors');\napp.use(cors());\napp.options('*', cors());", [{ anyOrigin: true, line: 2, credentials: false }, { anyOrigin: true, line: 3 }]],
  ['express list', 'app.ts', "import cors from 'cors';\napp.use(cors({ origin: ['https://a.org'], credentials: true }));", [{ anyOrigin: false, credentials: true }]],
  ['express constant options', 'app.ts', "import cors from 'cors';\nconst corsOptions = { origin: 'https://a.org', methods: ['GET', 'POST'] };\napp.use(cors(corsOptions));", [{ anyOrigin: false, methods: ['GET', 'POST'] }]],
  ['express reflect', 'app.ts', "import cors from 'cors';\napp.use(cors({ origin: true, credentials: true }));", [{ anyOrigin: true, reflects: true, credentials: true }]],
  ['express env', 'app.ts', "import cors from 'cors';\napp.use(cors({ origin: process.env.CLIENT_URL }));", [{ anyOrigin: null, env: 'CLIENT_URL' }]],
  ['express env default wildcard', 'app.ts', "import cors from 'cors';\napp.use(cors({ origin: process.env.CLIENT_URL || '*' }));", [{ anyOrigin: true, env: 'CLIENT_URL' }]],
  ['express regex', 'app.ts', "import cors from 'cors';\napp.use(cors({ origin: [/^https:\\/\\/a\\.org$/, 'https://b.org'] }));", [{ anyOrigin: false, origins: ['https://b.org'], patterns: ['^https:\\/\\/a\\.org$'] }]],
  ['express checking function', 'app.ts', "import cors from 'cors';\napp.use(cors({ origin: (origin, cb) => { if (allowed.includes(origin)) cb(null, true); else cb(new Error('no')); } }));", [{ anyOrigin: null, reflects: false }]],
  ['express careless function', 'app.ts', "import cors from 'cors';\napp.use(cors({ origin: (origin, cb) => cb(null, true), credentials: true }));", [{ anyOrigin: true, reflects: true }]],
  ['koa default echoes', 'app.js', "const cors = require('@koa/cors');\napp.use(cors());", [{ anyOrigin: true, reflects: true }]],
  ['hono', 'app.ts', "import { cors } from 'hono/cors'\napp.use('/api/*', cors({ origin: 'https://a.org' }))", [{ anyOrigin: false }]],
  ['fastify', 'app.ts', "import cors from '@fastify/cors';\nawait app.register(cors, { origin: true });", [{ anyOrigin: true, reflects: true }]],
  ['fastify require', 'app.js', "fastify.register(require('@fastify/cors'), { origin: ['https://a.org'] });", [{ anyOrigin: false }]],
  ['fastify import', 'app.js', "await app.register(import('@fastify/cors'), { origin: '*' });", [{ anyOrigin: true }]],
  ['nest default', 'main.ts', 'const app = await NestFactory.create(AppModule);\napp.enableCors();', [{ anyOrigin: true, line: 2 }]],
  ['nest option', 'main.ts', 'const app = await NestFactory.create(AppModule, { cors: true });', [{ anyOrigin: true }]],
  ['routing-controllers', 'app.ts', "import { createExpressServer } from 'routing-controllers';\nconst app = createExpressServer({\n  cors: true,\n  controllers: [],\n});", [{ anyOrigin: true, line: 2 }]],
  ['routing-controllers without', 'app.ts', "import { createExpressServer } from 'routing-controllers';\nconst app = createExpressServer({ cors: false, controllers: [] });", []],
  ['headers by hand, credentials only where asked for', 'cors.ts', "export function cors(res: Response, options: Options) {\n  res.headers.set('Access-Control-Allow-Origin', '*');\n  if (options.credentials) {\n    res.headers.set('Access-Control-Allow-Credentials', 'true');\n  }\n}\n", [{ anyOrigin: true, credentials: false }]],
  ['headers by hand, credentials asked for', 'cors.ts', "const options = { credentials: true };\nexport function cors(res: Response) {\n  res.headers.set('Access-Control-Allow-Origin', '*');\n  if (options.credentials) {\n    res.headers.set('Access-Control-Allow-Credentials', 'true');\n  }\n}\n", [{ anyOrigin: true, credentials: true }]],
  ['nest option in a constant', 'main.ts', 'const options = { cors: true };\nconst app = await NestFactory.create(AppModule, options);', [{ anyOrigin: true, line: 2 }]],
  ['nest list', 'main.ts', "app.enableCors({ origin: configService.get('ORIGINS'), credentials: true });", [{ anyOrigin: null, env: 'ORIGINS', credentials: true }]],
  ['express development only', 'app.ts', "import cors from 'cors';\nif (process.env.NODE_ENV !== 'production') {\n  app.use(cors());\n}", [{ anyOrigin: true, variant: 'development' }]],
  ['manual header', 'app.js', "app.use((req, res, next) => {\n  res.header('Access-Control-Allow-Origin', '*');\n  next();\n});", [{ anyOrigin: true, line: 2 }]],
  ['manual echo', 'app.js', "res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\nres.setHeader('Access-Control-Allow-Credentials', 'true');", [{ anyOrigin: true, reflects: true, credentials: true }]],
  ['manual echo, or any origin without one', 'cors.go', 'func preflight(w http.ResponseWriter, r *http.Request) {\n\torigin := r.Header.Get("Origin")\n\tif origin == "" {\n\t\torigin = "*"\n\t}\n\tw.Header().Set("Access-Control-Allow-Origin", origin)\n\tw.Header().Set("Access-Control-Allow-Credentials", "true")\n}\n', [{ anyOrigin: true, reflects: true, credentials: true }]],
  ['manual echo behind a comparison', 'cors.go', 'func preflight(w http.ResponseWriter, r *http.Request) {\n\torigin := r.Header.Get("Origin")\n\tif origin == own {\n\t\tw.Header().Set("Access-Control-Allow-Origin", origin)\n\t}\n}\n', [{ anyOrigin: null, reflects: false }]],
  ['ozzo-routing', 'main.go', 'import "github.com/go-ozzo/ozzo-routing/v2/cors"\nfunc main() { router.Use(cors.Handler(cors.AllowAll)) }\n', [{ anyOrigin: true }]],
  ['headers object', 'fn.ts', "const headers = { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'application/json' };", [{ anyOrigin: true }]],
  ['manual named origin', 'fn.ts', "res.setHeader('Access-Control-Allow-Origin', 'https://a.org');", [{ anyOrigin: false, origins: ['https://a.org'] }]],
  ['rs/cors allow all', 'main.go', 'import "github.com/rs/cors"\nhandler := cors.AllowAll().Handler(mux)', [{ anyOrigin: true }]],
  ['rs/cors list', 'main.go', 'import "github.com/rs/cors"\nc := cors.New(cors.Options{\n AllowedOrigins: []string{"https://a.org"},\n AllowCredentials: true,\n})', [{ anyOrigin: false, credentials: true, origins: ['https://a.org'] }]],
  ['gin default', 'main.go', 'import "github.com/gin-contrib/cors"\nr.Use(cors.Default())', [{ anyOrigin: true }]],
  ['gin config', 'main.go', 'import "github.com/gin-contrib/cors"\nconfig := cors.DefaultConfig()\nconfig.AllowAllOrigins = true\nr.Use(cors.New(config))', [{ anyOrigin: true }]],
  ['gin literal', 'main.go', 'import (\n "github.com/gin-gonic/gin"\n "github.com/gin-contrib/cors"\n)\nr.Use(cors.New(cors.Config{AllowOrigins: []string{os.Getenv("ORIGIN")}}))', [{ anyOrigin: null, env: 'ORIGIN' }]],
  ['echo default', 'main.go', 'e.Use(middleware.CORS())', [{ anyOrigin: true }]],
  ['echo config', 'main.go', 'e.Use(middleware.CORSWithConfig(middleware.CORSConfig{AllowOrigins: []string{"*"}}))', [{ anyOrigin: true }]],
  ['gorilla', 'main.go', 'h := handlers.CORS(handlers.AllowedOrigins([]string{"*"}))(r)', [{ anyOrigin: true }]],
  ['go header', 'main.go', 'w.Header().Set("Access-Control-Allow-Origin", "*")', [{ anyOrigin: true }]],
  ['spring bare annotation', 'A.java', '@CrossOrigin\n@RestController\nclass A {}', [{ anyOrigin: true, line: 1 }]],
  ['spring annotation', 'A.java', '@CrossOrigin(origins = "https://a.org")\nclass A {}', [{ anyOrigin: false, origins: ['https://a.org'] }]],
  ['spring annotation value', 'A.java', '@CrossOrigin("*")\nclass A {}', [{ anyOrigin: true }]],
  ['spring annotation list', 'A.java', '@CrossOrigin(origins = {"https://a.org", "https://b.org"}, allowCredentials = "true")\nclass A {}', [{ anyOrigin: false, credentials: true }]],
  ['spring placeholder', 'A.java', '@CrossOrigin(origins = "${app.origin:*}")\nclass A {}', [{ anyOrigin: true, env: 'app.origin' }]],
  ['spring registry', 'W.java', 'public void addCorsMappings(CorsRegistry registry) {\n registry.addMapping("/**")\n   .allowedOrigins("https://a.org", "https://b.org")\n   .allowCredentials(true);\n}', [{ anyOrigin: false, credentials: true, origins: ['https://a.org', 'https://b.org'] }]],
  ['spring registry default', 'W.java', 'void f(CorsRegistry registry) { registry.addMapping("/**").allowedMethods("*"); }', [{ anyOrigin: true }]],
  ['spring registry patterns', 'W.java', 'void f(CorsRegistry registry) { registry.addMapping("/**").allowedOriginPatterns("*").allowCredentials(true); }', [{ anyOrigin: true, credentials: true }]],
  ['spring configuration', 'W.java', 'CorsConfiguration c = new CorsConfiguration();\n    c.setAllowedOrigins(List.of("*"));\n    c.setAllowCredentials(true);', [{ anyOrigin: true, credentials: true }]],
  ['spring configuration kotlin', 'W.kt', 'val c = CorsConfiguration()\n    c.allowedOrigins = listOf("https://a.org")\n', [{ anyOrigin: false }]],
  ['rack-cors wildcard', 'config/initializers/cors.rb', "Rails.application.config.middleware.insert_before 0, Rack::Cors do\n  allow do\n    origins '*'\n    resource '*', headers: :any\n  end\nend", [{ anyOrigin: true, line: 3, credentials: false }]],
  ['rack-cors list', 'config/initializers/cors.rb', "use Rack::Cors do\n  allow do\n    origins 'a.org', ENV['ORIGIN']\n    resource '*', credentials: true\n  end\nend", [{ anyOrigin: null, env: 'ORIGIN', origins: ['a.org'], credentials: true }]],
  ['rack-cors commented', 'config/initializers/cors.rb', "# use Rack::Cors do\n#   origins '*'\n", []],
  ['rack-cors in Gemfile only', 'lib/a.rb', "gem 'rack-cors'", []],
  ['laravel wildcard', 'config/cors.php', "<?php return [\n 'allowed_origins' => ['*'],\n 'supports_credentials' => true,\n];", [{ anyOrigin: true, credentials: true, line: 2 }]],
  ['django headers by hand', 'app/decorators.py', 'def cors(f):\n    response = f()\n    response["Access-Control-Allow-Origin"] = "*"\n    return response\n', [{ anyOrigin: true, credentials: false, line: 3 }]],
  ['laravel before 7', 'config/cors.php', "<?php return [\n 'supportsCredentials' => true,\n 'allowedOrigins' => env('CORS_ORIGINS') ? explode(',', env('CORS_ORIGINS')) : ['*'],\n];", [{ anyOrigin: true, credentials: true, line: 3 }]],
  ['laravel with a closed default', 'config/cors.php', "<?php return [\n 'allowed_origins' => env('CORS_ORIGINS') ? explode(',', env('CORS_ORIGINS')) : [],\n];", [{ anyOrigin: null, env: 'CORS_ORIGINS' }]],
  ['laravel env', 'config/cors.php', "<?php return [\n 'allowed_origins' => [env('FRONTEND_URL', 'http://localhost:3000')],\n 'allowed_origins_patterns' => [],\n];", [{ anyOrigin: false, env: 'FRONTEND_URL' }]],
  ['php header', 'a.php', '<?php header("Access-Control-Allow-Origin: *");', [{ anyOrigin: true }]],
  ['psr-7 echo', 'src/Emitter.php', "<?php\n$origin = $_SERVER['HTTP_ORIGIN'] ?? '';\n$response = $response\n  ->withHeader('Access-Control-Allow-Credentials', 'true')\n  ->withHeader('Access-Control-Allow-Origin', $origin)\n  ->withHeader('Pragma', 'no-cache');", [{ anyOrigin: true, reflects: true, credentials: true, line: 5 }]],
  ['psr-7 named', 'src/Cors.php', "<?php return $response->withHeader('Access-Control-Allow-Origin', 'https://a.org');", [{ anyOrigin: false, origins: ['https://a.org'] }]],
  ['psr-7 compared', 'src/Cors.php', "<?php\n$origin = $_SERVER['HTTP_ORIGIN'] ?? '';\nif (in_array($origin, $allowed)) {\n  return $response->withHeader('Access-Control-Allow-Origin', $origin);\n}", [{ anyOrigin: null, reflects: false }]],
  ['aspnet any', 'Program.cs', 'builder.Services.AddCors(o => o.AddPolicy("p", b => b.AllowAnyOrigin().AllowAnyHeader()));', [{ anyOrigin: true, credentials: false }]],
  ['aspnet list', 'Program.cs', 'app.UseCors(x => x.WithOrigins("https://a.org", "https://b.org").AllowCredentials());', [{ anyOrigin: false, credentials: true }]],
  ['aspnet settings object', 'Program.cs', 'var urls = section.Get<Urls>();\napp.UseCors(x => x.WithOrigins(urls!.WebBase.TrimEnd((char)47)));', [{ anyOrigin: null, env: 'WebBase' }]],
  ['aspnet configuration', 'Program.cs', 'app.UseCors(x => x.WithOrigins(builder.Configuration["Cors:Origin"]));', [{ anyOrigin: null, env: 'Cors:Origin' }]],
  ['aspnet test', 'Program.cs', 'app.UseCors(x => x.SetIsOriginAllowed(_ => true).AllowCredentials());', [{ anyOrigin: true, reflects: true, credentials: true }]],
  ['aspnet development', 'Program.cs', 'if (app.Environment.IsDevelopment())\n{\n  app.UseCors(x => x.AllowAnyOrigin());\n}', [{ anyOrigin: true, variant: 'development' }]],
  ['nginx wildcard', 'nginx.conf', "server {\n  add_header 'Access-Control-Allow-Origin' '*' always;\n}", [{ anyOrigin: true, line: 2 }]],
  ['nginx echo', 'nginx/default.conf', 'add_header Access-Control-Allow-Origin $http_origin;\nadd_header Access-Control-Allow-Credentials true;', [{ anyOrigin: true, reflects: true, credentials: true }]],
  ['nginx map', 'nginx.conf', 'map $http_origin $cors { default ""; "~^https://a\\.org$" $http_origin; }\nadd_header Access-Control-Allow-Origin $cors;', [{ anyOrigin: false }]],
  ['nginx named', 'nginx.conf', 'add_header Access-Control-Allow-Origin "https://a.org";', [{ anyOrigin: false, origins: ['https://a.org'] }]],
  ['nginx comment', 'nginx.conf', ' # add_header Access-Control-Allow-Origin *;', []],
  ['ingress default', 'k8s/ingress.yaml', 'metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/enable-cors: "true"\n', [{ anyOrigin: true }]],
  ['ingress named', 'k8s/ingress.yaml', 'metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/enable-cors: "true"\n    nginx.ingress.kubernetes.io/cors-allow-origin: "https://a.org"\n', [{ anyOrigin: false, credentials: true }]],
  ['traefik', 'traefik.yml', 'accessControlAllowOriginList:\n  - "https://a.org"\n  - "https://b.org"\n', [{ anyOrigin: false, origins: ['https://a.org', 'https://b.org'] }]],
  ['spring cloud gateway', 'application.yml', "globalcors:\n  corsConfigurations:\n    '[/**]':\n      allowedOrigins: '*'\n", [{ anyOrigin: true }]],
]; // prettier-ignore

describe('cors', () => {
  it.each(cases)('%s', async (_name, path, text, expected) => {
    const items = await read(path, text);
    expect(items).toHaveLength(expected.length);
    expected.forEach((fields, i) => expect(items[i]).toMatchObject(fields));
  });

  it('takes the default of a setting from elsewhere in the repository', async () => {
    const [item] = await read('main.py', 'app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins)');
    const variable = { path: 'config.py', line: 3, name: 'CORS_ORIGINS', origin: 'read', default: '["*"]' };
    const combined = corsCombiner.combine([item!], {
      items: (kind) => (kind === 'env-variables' ? [variable] : []),
      documents: () => [],
      files: [],
    });
    expect(combined).toMatchObject([{ anyOrigin: true, env: 'cors_origins' }]);
  });

  const middleware =
    'class Cors:\n    def __call__(self, request):\n        r = self.get_response(request)\n        r["Access-Control-Allow-Origin"] = "*"\n        return r\n';
  it.each([
    ['settings of development alone', { 'shop/settings/dev.py': 'MIDDLEWARE.insert(0, "shop.middleware.Cors")\n' }, 0],
    ['a debug branch', { 'shop/settings.py': 'MIDDLEWARE = []\nif DEBUG:\n    MIDDLEWARE += ["shop.middleware.Cors"]\n' }, 0],
    [
      'settings of production too',
      {
        'shop/settings/dev.py': 'MIDDLEWARE = ["shop.middleware.Cors"]\n',
        'shop/settings/prod.py': 'MIDDLEWARE = ["shop.middleware.Cors"]\n',
      },
      1,
    ],
    ['the base', { 'shop/settings/base.py': 'MIDDLEWARE = ["shop.middleware.Cors"]\n' }, 1],
    ['no settings', { 'shop/settings/dev.py': 'MIDDLEWARE = ["shop.other.Cors"]\n' }, 1],
  ])('middleware that sets the header, installed by %s', async (_, settings, count) => {
    const { items } = await collect('cors', { 'shop/middleware.py': middleware, ...(settings as Record<string, string>) });
    expect(items.map((i) => concepts.cors.strict().parse(i))).toHaveLength(count);
  });

  it.each([
    ['any host', 'anyHost()\n    allowCredentials = true', { anyOrigin: true, credentials: true }],
    [
      'named hosts',
      'allowHost("shop.acme.io", schemes = listOf("https"))\n    allowHost("acme.io")',
      { anyOrigin: false, origins: ['shop.acme.io', 'acme.io'] },
    ],
    ['headers alone', 'allowHeader(HttpHeaders.ContentType)', { anyOrigin: false, credentials: false }],
  ])('Ktor: %s', async (_, block, expected) => {
    const text = `fun Application.http() {\n  install(CORS) {\n    ${block}\n  }\n  anyHost()\n}\n`;
    expect(await read('src/main/kotlin/Http.kt', text)).toMatchObject([{ technology: 'ktor', line: 2, ...expected }]);
  });

  it('survives broken input', async () => {
    for (const text of ['app.add_middleware(CORSMiddleware, allow_origins=["*"', 'CORS_ALLOWED_ORIGINS = [', '']) {
      expect(await read('settings.py', text)).toBeInstanceOf(Array);
    }
  });
});
