import { describe, expect, it, test } from 'vitest';
import { settingsCombiner, settingsReaders } from '../../../../src/documents/concepts/settings/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import type { Document, Item, ReadResult } from '../../../../src/model/document.js';
import { sourceOf } from '../../../support/source.js';
import { collect } from '../../collect.js';

const read = (name: string, path: string, text: string): readonly Item[] => {
  const reader = settingsReaders.find((r) => r.name === `settings/${name}`)!;
  const { items = [] } = reader.read(sourceOf(path, text)) as ReadResult;
  for (const item of items) expect(() => concepts.settings.parse(item)).not.toThrow();
  return items;
};
const brief = (items: readonly Item[]) => items.map((i) => [i.key, i.known ? i.value : '?', i.env, i.variant]);
const combine = (items: readonly Item[], workloads: Item[] = [], documents: Document[] = []) =>
  settingsCombiner.combine(items, { items: (kind) => (kind === 'workloads' ? workloads : []), documents: () => documents, files: [] });

it('has readers with unique names, all of one kind', () => {
  expect(new Set(settingsReaders.map((r) => r.name)).size).toBe(settingsReaders.length);
  expect(new Set(settingsReaders.map((r) => r.kind))).toEqual(new Set(['settings']));
});

describe('python applications', () => {
  it('reads fields of pydantic settings with prefix, aliases and Field', () => {
    const text = `class Base(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_prefix="APP_")
    HOST: str
    port: int = 8000
    debug: bool = Field(default=False)
    key: SecretStr = Field(..., min_length=32)
    url: str = Field("x", validation_alias="DATABASE_URL")
    token: Annotated[str, Field(alias="TOKEN")]
    random: str = secrets.token_urlsafe(32)
    def method(self) -> int:
        local: int = 1
class Other(BaseModel):
    nope: int = 1
`;
    expect(brief(read('pydantic', 'app/config.py', text))).toEqual([
      ['HOST', '?', 'APP_HOST', 'base'],
      ['port', 8000, 'APP_PORT', 'base'],
      ['debug', false, 'APP_DEBUG', 'base'],
      ['key', '?', 'APP_KEY', 'base'],
      ['url', 'x', 'DATABASE_URL', 'base'],
      ['token', '?', 'TOKEN', 'base'],
      ['random', '?', 'APP_RANDOM', 'base'],
    ]);
  });
  it('reads Flask configuration classes by variant, and assignments on the application', () => {
    const classes =
      'import os\nclass Config:\n    SESSION_COOKIE_SECURE = True\n    SECRET_KEY = os.environ.get("SECRET_KEY")\nclass DevelopmentConfig(Config):\n    DEBUG = True\nclass ProductionConfig(Config):\n    DEBUG = False\n';
    expect(brief(read('flask', 'app/config.py', classes))).toEqual([
      ['SESSION_COOKIE_SECURE', true, '', 'base'],
      ['SECRET_KEY', '?', 'SECRET_KEY', 'base'],
      ['DEBUG', true, '', 'development'],
      ['DEBUG', false, '', 'production'],
    ]);
    const app =
      'from flask import Flask\napp = Flask(__name__)\napp.config["A"] = 1\napp.config.update(B=2, C="x")\napp.secret_key = os.environ["K"]\nif __name__ == "__main__":\n    app.run(debug=True)\n';
    expect(brief(read('flask', 'app.py', app))).toEqual([
      ['A', 1, '', 'base'],
      ['B', 2, '', 'base'],
      ['C', 'x', '', 'base'],
      ['SECRET_KEY', '?', 'K', 'base'],
      ['run.debug', true, '', 'base'],
    ]);
  });
  it('reads what the classes of Flask set on a condition, with the variable that decides', () => {
    const text =
      'import flask\nclass Config:\n    if os.environ.get("SECRET_KEY"):\n        SECRET_KEY = os.environ.get("SECRET_KEY")\n    else:\n        SECRET_KEY = "x"\n' +
      '    def init(self):\n        LOCAL = 1\n';
    expect(brief(read('flask', 'config.py', text))).toEqual([
      ['SECRET_KEY', '?', 'SECRET_KEY', 'base'],
      ['SECRET_KEY', '?', 'SECRET_KEY', 'base'],
    ]);
  });
  it('reads arguments of ASGI applications', () => {
    expect(brief(read('asgi', 'main.py', 'app = FastAPI(title="x", debug=settings.DEBUG, docs_url=None)\n'))).toEqual([
      ['title', 'x', '', 'base'],
      ['debug', '?', 'DEBUG', 'base'],
      ['docs_url', null, '', 'base'],
    ]);
  });
  it('reads where the documentation is served from a dictionary of arguments, and nothing else of it', () => {
    const text =
      'kw: dict = {"title": "x", "redoc_url": "/re"}\nif not settings.is_debug:\n    kw["openapi_url"] = None\nother["url"] = None\n';
    expect(brief(read('asgi', 'config.py', text))).toEqual([
      ['redoc_url', '/re', '', 'base'],
      ['openapi_url', null, '', 'production'],
    ]);
  });
});

describe('spring', () => {
  it('reads YAML documents, profiles, relaxed names and placeholders', () => {
    const text =
      'server:\n  port: ${PORT:8080}\n  error:\n    includeStacktrace: never\nspring:\n  datasource:\n    url: jdbc:postgresql://${DB_HOST:localhost}:${DB_PORT}/x\n---\nspring:\n  config:\n    activate:\n      on-profile: prod\nserver.error.include-stacktrace: always\n';
    const items = read('spring', 'src/main/resources/application.yml', text);
    expect(brief(items)).toEqual([
      ['server.port', 8080, 'PORT', 'base'],
      ['server.error.include-stacktrace', 'never', '', 'base'],
      ['spring.datasource.url', '?', 'DB_HOST', 'base'],
      ['spring.config.activate.on-profile', 'prod', '', 'production'],
      ['server.error.include-stacktrace', 'always', '', 'production'],
    ]);
    expect(items.map((i) => i.line)).toEqual([2, 4, 7, 12, 13]);
  });
  it('reads properties, their documents and file profiles', () => {
    expect(brief(read('spring', 'application.properties', 'a.bC=true\n#---\nspring.config.activate.on-profile=dev\na.bC=false\n'))).toEqual(
      [
        ['a.b-c', true, '', 'base'],
        ['spring.config.activate.on-profile', 'dev', '', 'development'],
        ['a.b-c', false, '', 'development'],
      ],
    );
    expect(read('spring', 'application-prod.properties', 'a=1\n')[0]).toMatchObject({ variant: 'production', profile: 'prod' });
    expect(read('spring', 'application-mysql.properties', 'a=1\n')[0]).toMatchObject({ variant: 'development', profile: 'mysql' });
  });
  it('reads Quarkus profiles', () => {
    const items = read(
      'spring',
      'application.properties',
      'quarkus.http.port=1\n%prod.quarkus.log.level=INFO\n%dev.quarkus.log.level=DEBUG\n',
    );
    expect(items.map((i) => [i.framework, i.key, i.variant])).toEqual([
      ['quarkus', 'quarkus.http.port', 'base'],
      ['quarkus', 'quarkus.log.level', 'production'],
      ['quarkus', 'quarkus.log.level', 'development'],
    ]);
  });
  it('reports broken YAML', () => {
    const reader = settingsReaders.find((r) => r.name === 'settings/spring')!;
    expect((reader.read(sourceOf('application.yml', 'a: [\n')) as ReadResult).problems!.length).toBeGreaterThan(0);
  });
});

describe('rails', () => {
  it('reads environments, initializers and values from ENV', () => {
    const text =
      'Rails.application.configure do\n  config.force_ssl = true\n  # config.assume_ssl = true\n  config.log_level = ENV.fetch("RAILS_LOG_LEVEL", "info")\n  config.hosts << "example.com"\n  config.action_mailer.smtp_settings = {\n    address: "x" }\n  config.x = :async\n  config.y = [:a, :b]\n  config.z = Rails.env.test? ? 1 : 11\n  config.a = ENV["A"].present?\n  config.s = true if ENV["B"]\n  config.t = 30.minutes\nend\n';
    const items = read('rails', 'config/environments/production.rb', text);
    expect(brief(items)).toEqual([
      ['config.force_ssl', true, '', 'production'],
      ['config.log_level', 'info', 'RAILS_LOG_LEVEL', 'production'],
      ['config.hosts', ['example.com'], '', 'production'],
      ['config.action_mailer.smtp_settings', '?', '', 'production'],
      ['config.x', 'async', '', 'production'],
      ['config.y', ['a', 'b'], '', 'production'],
      ['config.z', 11, '', 'production'],
      ['config.a', '?', 'A', 'production'],
      ['config.s', '?', 'B', 'production'],
      ['config.t', 1800, '', 'production'],
    ]);
    expect(items[1]!.line).toBe(4);
  });
  it('names the gem whose block it is', () => {
    expect(
      brief(
        read(
          'rails',
          'config/initializers/devise.rb',
          'Devise.setup do |config|\n  config.stretches = 12\n  config.paranoid = true\nend\n',
        ),
      ),
    ).toEqual([
      ['devise.stretches', 12, '', 'base'],
      ['devise.paranoid', true, '', 'base'],
    ]);
  });
  it('reads sections of database.yml as variants', () => {
    const text =
      'default: &default\n  adapter: postgresql\ndevelopment:\n  <<: *default\nproduction:\n  <<: *default\n  pool: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>\n  url: <%= ENV["DATABASE_URL"] %>\n';
    expect(
      brief(read('rails-yaml', 'config/database.yml', text))
        .filter((i) => i[3] === 'production')
        .sort(),
    ).toEqual([
      ['database.adapter', 'postgresql', '', 'production'],
      ['database.pool', 5, 'RAILS_MAX_THREADS', 'production'],
      ['database.url', '?', 'DATABASE_URL', 'production'],
    ]);
  });
});

describe('php', () => {
  it('reads Laravel configuration arrays', () => {
    const text =
      "<?php\nreturn [\n  'debug' => (bool) env('APP_DEBUG', false), // x\n  'key' => env('APP_KEY'),\n  'nested' => [\n    'a' => 'b',\n    'c' => ['x', 'y'],\n  ],\n  'origins' => explode(',', env('O', 'a,b')),\n];\n";
    const items = read('laravel', 'config/app.php', text);
    expect(brief(items)).toEqual([
      ['app.debug', false, 'APP_DEBUG', 'base'],
      ['app.key', '?', 'APP_KEY', 'base'],
      ['app.nested.a', 'b', '', 'base'],
      ['app.nested.c', ['x', 'y'], '', 'base'],
      ['app.origins', ['a', 'b'], 'O', 'base'],
    ]);
    expect(items.map((i) => i.line)).toEqual([3, 4, 6, 7, 9]);
  });
  it('reads Symfony packages with when@prod', () => {
    expect(
      brief(
        read(
          'symfony',
          'config/packages/framework.yaml',
          "framework:\n  secret: '%env(APP_SECRET)%'\nwhen@prod:\n  framework:\n    profiler: false\n",
        ),
      ),
    ).toEqual([
      ['framework.secret', '?', 'APP_SECRET', 'base'],
      ['framework.profiler', false, '', 'production'],
    ]);
  });
});

describe('other frameworks', () => {
  it('flattens appsettings', () => {
    const items = read(
      'aspnet',
      'src/appsettings.Production.json',
      '{\n  // c\n  "Logging": { "LogLevel": { "Default": "Warning" } },\n  "AllowedHosts": "*"\n}\n',
    );
    expect(brief(items)).toEqual([
      ['Logging:LogLevel:Default', 'Warning', '', 'production'],
      ['AllowedHosts', '*', '', 'production'],
    ]);
    expect(items[1]!.line).toBe(4);
  });
  it('reads Express and Fastify', () => {
    const text =
      "const app = express();\napp.disable('x-powered-by');\napp.set('trust proxy', 1);\nif (process.env.NODE_ENV === 'development') { app.set('json spaces', 2); }\n// app.disable('etag')\n";
    expect(brief(read('express', 'src/app.ts', text))).toEqual([
      ['x-powered-by', false, '', 'base'],
      ['trust proxy', 1, '', 'base'],
      ['json spaces', 2, '', 'development'],
    ]);
    expect(
      brief(
        read('fastify', 'src/app.ts', 'const app = Fastify({ trustProxy: true, logger: { level: process.env.LOG_LEVEL ?? "info" } });'),
      ),
    ).toEqual([
      ['trustProxy', true, '', 'base'],
      ['logger.level', 'info', 'LOG_LEVEL', 'base'],
    ]);
  });
  it('reads next.config in its common forms', () => {
    for (const text of [
      'module.exports = { poweredByHeader: false }',
      'const nextConfig = { poweredByHeader: false };\nexport default nextConfig;',
      'const c: NextConfig = { poweredByHeader: false };\nexport default withMDX(c);',
    ])
      expect(brief(read('nextjs', 'next.config.ts', text)), text).toEqual([['poweredByHeader', false, '', 'base']]);
  });
  it('reads Go modes and Streamlit', () => {
    expect(
      brief(read('go', 'main.go', 'gin.SetMode(gin.ReleaseMode)\nviper.SetDefault("port", 8080)\nr.SetTrustedProxies(nil)\n')),
    ).toEqual([
      ['mode', 'release', '', 'base'],
      ['port', 8080, '', 'base'],
      ['trusted-proxies', null, '', 'base'],
    ]);
    expect(brief(read('streamlit', '.streamlit/config.toml', '[server]\n# enableCORS = false\nenableXsrfProtection = true\n'))).toEqual([
      ['server.enableXsrfProtection', true, '', 'base'],
    ]);
  });
});

describe('the combiner', () => {
  const django = (path: string, text: string, variant: 'base' | 'production' = 'base') => {
    const reader = settingsReaders.find((r) => r.name === 'settings/django')!;
    return (reader.read(sourceOf(path, text, { variant })) as ReadResult).items!;
  };
  it('lets production override the base of its family, and no other', () => {
    const items = [
      ...django('a/settings/base.py', 'DEBUG = True\nALLOWED_HOSTS = []\nMIDDLEWARE = ["x"]\n'),
      ...django('a/settings/production.py', 'from .base import *\nDEBUG = False\nMIDDLEWARE += ["y"]\n', 'production'),
      ...django('b/settings.py', 'DEBUG = True\nALLOWED_HOSTS = []\n'),
    ];
    expect(combine(items).map((i) => [i.path, i.key, i.value])).toEqual([
      ['a/settings/base.py', 'ALLOWED_HOSTS', []],
      ['a/settings/base.py', 'MIDDLEWARE', ['x']],
      ['a/settings/production.py', 'DEBUG', false],
      ['a/settings/production.py', 'MIDDLEWARE', ['y']],
      ['b/settings.py', 'DEBUG', true],
      ['b/settings.py', 'ALLOWED_HOSTS', []],
    ]);
  });
  it('counts app.run() under __main__ unless another server runs production', () => {
    const items = read(
      'flask',
      'app.py',
      'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run(debug=True)\n',
    );
    const dockerfile = (cmd: string) => [
      { kind: 'dockerfile', path: 'Dockerfile', root: { stages: [{ cmd: { text: cmd } }] }, place: () => ({ path: 'Dockerfile' }) },
    ];
    expect(combine(items)[0]!.variant).toBe('base');
    expect(combine(items, [], dockerfile('gunicorn app:app'))[0]!.variant).toBe('development');
    expect(combine(items, [], dockerfile('python app.py'))[0]!.variant).toBe('base');
  });
  it('keeps configuration modules where a Flask application loads configuration', () => {
    const module = read('flask', 'config.py', 'class ProductionConfig:\n    A = 1\nclass HerokuConfig(ProductionConfig):\n    B = 2\n');
    expect(combine(module)).toEqual([]);
    const app = read(
      'flask',
      'app/__init__.py',
      'from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    app.config.from_object("config")\n',
    );
    expect(brief(combine([...module, ...app]))).toEqual([['A', 1, '', 'production'], ['B', 2, '', 'production'], ['config.from_object', 'config', '', 'base']]); // prettier-ignore
  });
  it('drops modules that are no Django settings', () => {
    expect(combine(django('x/settings.py', 'DEBUG = True\nTIMEOUT = 3\n'))).toEqual([]);
  });
  it('counts a profile as production once something activates it', () => {
    const items = [
      ...read('spring', 'application.yml', 'a: 1\n'),
      ...read('spring', 'application-docker.yml', 'a: 2\n'),
      ...read('spring', 'application-dev.yml', 'a: 3\n'),
    ];
    expect(combine(items).map((i) => [i.value, i.variant])).toEqual([[1, 'base'], [2, 'development'], [3, 'development']]); // prettier-ignore
    const workload = {
      path: 'docker-compose.yml',
      line: 1,
      production: true,
      optIn: false,
      env: [{ name: 'SPRING_PROFILES_ACTIVE', value: 'docker,dev' }],
    } as unknown as Item;
    expect(combine(items, [workload]).map((i) => [i.value, i.variant])).toEqual([[2, 'production'], [3, 'development']]); // prettier-ignore
  });
});

test('an appsettings.json beside a library of .NET is read by nothing, one beside what starts is', async () => {
  const files = {
    'Data/Data.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>',
    'Data/appsettings.json': '{ "Logging": { "LogLevel": { "Default": "Debug" } } }',
    'Jobs/Jobs.csproj': '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>',
    'Jobs/appsettings.json': '{ "Logging": { "LogLevel": { "Default": "Warning" } } }',
    'Jobs/Program.cs':
      'var builder = Host.CreateApplicationBuilder(args);\nbuilder.Services.AddHostedService<Sweep>();\nbuilder.Build().Run();\n',
    'Api/Api.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
    'Api/appsettings.json': '{ "Logging": { "LogLevel": { "Default": "Information" } } }',
  };
  const { items } = await collect('settings', files);
  expect(items.map((i) => i.path)).toEqual(['Jobs/appsettings.json', 'Api/appsettings.json']);
});
