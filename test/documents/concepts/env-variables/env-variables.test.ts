import { describe, expect, it } from 'vitest';
import { envVariableReaders, envVariablesCombiner } from '../../../../src/documents/concepts/env-variables/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import type { Document, Item, ReadResult } from '../../../../src/model/document.js';
import { sourceOf } from '../../../support/source.js';

const read = (name: string, path: string, text: string): readonly Item[] => {
  const reader = envVariableReaders.find((r) => r.name === `env-variables/${name}`)!;
  const { items = [] } = reader.read(sourceOf(path, text)) as ReadResult;
  for (const item of items) expect(() => concepts['env-variables'].parse(item)).not.toThrow();
  return items;
};
/** name, name=default, name! for required */
const brief = (items: readonly Item[]) =>
  items.map((i) => `${String(i.name)}${i.default === null ? '' : `=${String(i.default)}`}${i.required ? '!' : ''}`);

it('has readers with unique names, all of one kind', () => {
  expect(new Set(envVariableReaders.map((r) => r.name)).size).toBe(envVariableReaders.length);
  expect(new Set(envVariableReaders.map((r) => r.kind))).toEqual(new Set(['env-variables']));
});

describe.each([
  ['os.environ["A"]', ['A!']],
  ['from os import environ\nx = os.environ["A"] + environ["B"]', ['A!', 'B!']],
  ['x = request.environ["HTTP_A"] or request.headers.environ.get("HTTP_B")\ndef app(environ, start):\n    return environ["HTTP_C"]', []],
  ['os.environ["A"] = "x"\ndel os.environ["B"]', []],
  ['os.environ.get("A")', ['A']],
  ['os.environ.get("A", "x")', ['A=x']],
  ['os.getenv("A", default="x")', ['A=x']],
  ['os.getenv("A") or "x"', ['A=x']],
  ['int(os.getenv("A", 5))', ['A=5']],
  ['os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.b")', ['DJANGO_SETTINGS_MODULE=a.b']],
  ['if "A_B" in os.environ: pass', ['A_B']],
  ['key = os.getenv("A")\nif not key:\n    raise RuntimeError("x")', ['A!']],
  ['from decouple import config\nconfig("A")\nconfig("B", default=True, cast=bool)\nconfig("C", cast=int)', ['A!', 'B=true', 'C!']],
  ['config("A")', []],
  ['env = environ.Env(DEBUG=(bool, False))\nenv("A")\nenv.bool("B", False)\nenv.list("C", default=["x"])', ['A!', 'B=false', 'C=x']],
  ['class S(BaseSettings):\n    a: str\n    b: int = 3\n    c: str | None = None', ['A!', 'B=3', 'C']],
  ['st.secrets["A_B"]\nst.secrets.C_D', ['A_B', 'C_D']],
  ['@click.option("--x", envvar="A_X")\ndef f(): os.environ', ['A_X']],
  ['get_env("AA", "x")\nrequire_env("BB")', ['AA=x', 'BB!']],
  ['get_bool_from_env("A_DEBUG", "NO")\nmonkeypatch.setenv("B_C", "x")', ['A_DEBUG=NO']],
  ['# os.environ["A"]\n"""\nos.environ["B"]\n"""', []],
])('python %j', (text, expected) => {
  it('is read', () => expect(brief(read('python', 'app/x.py', `${text}\n`))).toEqual(expected));
});

describe.each([
  ['process.env.A', ['A']],
  ['process.env["A"] || "x"', ['A=x']],
  ["process.env.A ?? 'x'", ['A=x']],
  ['process.env.A! + process.env.B', ['A', 'B']],
  ['process.env.PORT || 3000', ['PORT=3000']],
  ['process.env.A = "x"', []],
  ['process.env.npm_package_version', []],
  ['if (process.env.A === "x") {}', ['A']],
  ['if (!process.env.A) { throw new Error("x"); }', ['A!']],
  ['const key = process.env.A;\nif (!key) {\n  throw new Error();\n}', ['A!']],
  ['const { A, B = "x", C: c } = process.env;', ['A', 'B=x', 'C']],
  ['import.meta.env.VITE_A + import.meta.env.MODE', ['VITE_A']],
  ['Deno.env.get("A") ?? "x"', ['A=x']],
  ['this.configService.get<string>("A_B")\nconfigService.get("a.b")\nconfig.getOrThrow("C")', ['A_B', 'C!']],
  [
    'const s = z.object({ AAA: z.string(), BBB: z.coerce.number().default(3), CCC: z.string().optional() });\ns.parse(process.env)',
    ['AAA!', 'BBB=3', 'CCC'],
  ],
  [
    'Joi.object().keys({})\nconst envVarsSchema = Joi.object({ AAA: Joi.string().required(), BBB: Joi.number().default(3000), CCC: Joi.string() });\nvalidate(process.env)',
    ['AAA!', 'BBB=3000', 'CCC'],
  ],
  ['cleanEnv(process.env, { AAA: str(), BBB: port({ default: 3000 }) })', ['AAA!', 'BBB=3000']],
  [
    'createEnv({ server: { AAA: z.string() }, client: { NEXT_PUBLIC_B: z.string().optional() }, runtimeEnv: { AAA: process.env.AAA } })',
    ['AAA!', 'NEXT_PUBLIC_B'],
  ],
  ['const shape = z.object({ AAA: z.string() })', []],
  ["import env from 'env-var';\nenv.get('AAA').required().asString();\nenv.get('BBB').default('x').asString();", ['AAA!', 'BBB=x']],
  ['// process.env.A\n/* process.env.B */', []],
])('javascript %j', (text, expected) => {
  it('is read', () => expect(brief(read('javascript', 'src/x.ts', `${text}\n`)).sort()).toEqual([...expected].sort()));
});

describe.each([
  ['go', 'main.go', 'a := os.Getenv("A")\nb, ok := os.LookupEnv("B")\n// os.Getenv("C")', ['A', 'B']],
  ['go', 'main.go', 'key := os.Getenv("A")\nif key == "" {\n\tlog.Fatal("x")\n}', ['A!']],
  [
    'go',
    'main.go',
    'a := os.Getenv("A")\nif a == "" {\n\ta = "x"\n}\nb := os.Getenv("B")\nif len(b) == 0 {\n\tb = "y"\n}\n',
    ['A=x', 'B=y'],
  ],
  ['go', 'main.go', 'c.Port = os.Getenv("A")\nif c.Port == "" {\n\tc.Port = "80"\n}\n', ['A=80']],
  ['go', 'main.go', 'a := os.Getenv("A")\nif a == "" {\n\tb = "x"\n}\nif a == "z" {\n\ta = "y"\n}\n', ['A']],
  [
    'go',
    'main.go',
    'type C struct {\n A string `env:"AA,required"`\n B int `env:"BB" envDefault:"3"`\n D string `envconfig:"DD" default:"x" required:"true"`\n E string `json:"e"`\n}',
    ['AA!', 'BB=3', 'DD=x'],
  ],
  ['go', 'main.go', 'viper.BindEnv("x", "AA")\ngetEnv("BB", "y")\nmustMapEnv(&svc.addr, "CC_ADDR")', ['AA', 'CC_ADDR!', 'BB=y']],
  [
    'jvm',
    'A.java',
    'System.getenv("A"); System.getenv().getOrDefault("B", "x"); @Value("${CC:y}") @Value("${DD}") @Value("${server.port}")',
    ['A', 'B=x', 'CC=y', 'DD!'],
  ],
  ['jvm', 'A.kt', 'val a = System.getenv("A") ?: "x"', ['A=x']],
  [
    'csharp',
    'A.cs',
    'Environment.GetEnvironmentVariable("A") ?? "x"; Configuration["BB_C"]; Configuration["Jwt:Key"]; Environment.GetEnvironmentVariable("D") ?? throw new X();',
    ['A=x', 'BB_C', 'D!'],
  ],
  [
    'rust',
    'a.rs',
    'env::var("A")?; std::env::var("B").unwrap_or_else(|_| "x".to_string()); env::var("C").ok(); env!("D"); env!("CARGO_PKG_NAME"); option_env!("E");',
    ['A!', 'B=x', 'C', 'D!', 'E'],
  ],
  [
    'rust',
    'config.rs',
    '#[derive(clap::Parser)]\npub struct Config {\n    #[clap(long, env)]\n    pub database_url: String,\n    #[arg(\n        long,\n        env = "LISTEN_ON",\n        default_value = "x"\n    )]\n    key: String,\n    #[arg(env, hide = true)]\n    smtp: Option<String>,\n    #[arg(long)]\n    other: String,\n}\n',
    ['DATABASE_URL!', 'LISTEN_ON=x', 'SMTP'],
  ],
  [
    'go',
    'viper.go',
    'package a\nfunc f() {\n fs.String("level", "info", "log level")\n viper.SetEnvPrefix("shop")\n viper.SetEnvKeyReplacer(strings.NewReplacer("-", "_"))\n viper.AutomaticEnv()\n viper.SetDefault("mail-host", "x")\n viper.GetString("mail-host")\n viper.GetString("level")\n viper.GetInt("pool.size")\n os.Getenv("A")\n}\n',
    ['A', 'SHOP_MAIL_HOST=x', 'SHOP_POOL_SIZE'],
  ],
  ['go', 'file.go', 'package a\nfunc f() { viper.SetDefault("jwt-secret", "x"); viper.BindEnv("a", "A") }\n', ['A']],
  [
    'ruby',
    'a.rb',
    'ENV["A"]\nENV["B"] || "x"\nENV.fetch("C")\nENV.fetch("D", "y")\nENV.fetch("E") { 5 }\nENV["F"] = "1"\nENV["G"] ||= "z"\n# ENV["H"]\n',
    ['A', 'B=x', 'G=z', 'C!', 'D=y', 'E=5'],
  ],
  [
    'php',
    'config/app.php',
    "<?php\nenv('A'); env('B', 'x'); env('C', false); getenv('D') ?: 'y'; $_ENV['E'];\n$this->env('F');",
    ['A', 'B=x', 'C=false', 'D=y', 'E'],
  ],
  [
    'elixir',
    'config/runtime.exs',
    'System.get_env("A") || "x"\nSystem.fetch_env!("B")\nSystem.get_env("C") || raise "x"',
    ['A=x', 'B!', 'C!'],
  ],
  ['shell', 'entrypoint.sh', 'set -e\n: "${A_B:?must be set}"\nPORT=${PORT:-80}\nX=1\necho ${X:-2} $C', ['A_B!', 'PORT=80']],
  [
    'compose',
    'docker-compose.yml',
    'services:\n  a:\n    image: "x:${TAG:-1}"\n    environment:\n      K: ${K:?set}\n      L: ${L}\n      M: $${N}\n# ${O}\n',
    ['TAG=1', 'K!', 'L'],
  ],
  ['settings-files', 'src/main/resources/application.yml', 'a: ${A:x}\nb: ${BB}\nc: ${server.port}\n', ['A=x', 'BB!']],
  ['settings-files', 'config/database.yml', 'pool: <%= ENV.fetch("A") { 5 } %>\nurl: <%= ENV["B"] %>\n', ['A=5', 'B']],
  ['settings-files', 'config/packages/framework.yaml', "secret: '%env(APP_SECRET)%'\nx: '%env(bool:B)%'\n", ['APP_SECRET', 'B']],
  [
    'app-json',
    'app.json',
    '{"env": {"A": {"required": true}, "B": {"value": "x"}, "C": {"generator": "secret"}, "D": "y"}}',
    ['A!', 'B=x', 'C', 'D=y'],
  ],
])('%s in %s %j', (name, path, text, expected) => {
  it('is read', () => expect(brief(read(name, path, `${text}\n`))).toEqual(expected));
});

describe('environment files', () => {
  it('documents in templates, commented names included, and sets in others', () => {
    const items = read('environment-files', '.env.example', 'A=1\n# BBB=2\n# a sentence = no\nC=\nexport D="x"\n');
    expect(items.map((i) => [i.name, i.origin, i.where, i.default, i.line])).toEqual([
      ['A', 'documented', 'template', '1', 1],
      ['C', 'documented', 'template', '', 4],
      ['D', 'documented', 'template', 'x', 5],
      ['BBB', 'documented', 'template', '2', 2],
    ]);
    expect(read('environment-files', '.env', 'A=1\n# B=2\n').map((i) => [i.name, i.origin, i.where])).toEqual([['A', 'set', 'settings']]);
  });
  it('masks secrets, keeps placeholders and default passwords, and says what is what', () => {
    const secret = ['s7K', '2mQ', 'x9Z'].join('');
    const [a, b, c, d] = read('environment-files', '.env', `API_KEY=${secret}\nSECRET_KEY=changeme\nDB_PASSWORD=postgres\nNAME=x\n`);
    expect(a).toMatchObject({ default: '•••••••••', secretLike: true, placeholder: false });
    expect(b).toMatchObject({ default: 'changeme', secretLike: true, placeholder: true });
    expect(c).toMatchObject({ default: 'postgres', secretLike: true, placeholder: false });
    expect(d).toMatchObject({ secretLike: false });
    expect(JSON.stringify(a)).not.toContain(secret);
  });
});

it('finds names in tables, code and lists of documents', () => {
  const text =
    '# Setup\n\n| Variable | Use |\n|---|---|\n| `DATABASE_URL` | the database |\n| `PORT` | port |\n| NAME | no |\n\n```sh\nexport API_URL=http://x\nLOG_LEVEL=info npm start\n```\n\n- `SMTP_HOST`: mail\n- **SMTP_PORT** mail\n- **CORS**: no\n\nWe use HTTP and JSON.\n';
  expect(read('documents', 'README.md', text).map((i) => [i.name, i.line])).toEqual([
    ['DATABASE_URL', 5],
    ['PORT', 6],
    ['API_URL', 10],
    ['LOG_LEVEL', 11],
    ['SMTP_HOST', 14],
    ['SMTP_PORT', 15],
  ]);
});

it('finds names in the column of variables beside flags', () => {
  const text =
    '| Argument | Env var | Default |\n| - | - | - |\n| `-max-size` | `MAX_SIZE` | 10 |\n| `-version` | | |\n| `-host` | HOST | NONE |\n\n| Code | Meaning |\n|---|---|\n| x | `NOT_FOUND` |\n';
  expect(read('documents', 'README.md', text).map((i) => [i.name, i.line])).toEqual([
    ['MAX_SIZE', 3],
    ['HOST', 5],
  ]);
});

describe('the combiner', () => {
  it('adds what workloads, images and workflows set', () => {
    const workload = { path: 'docker-compose.yml', line: 2, source: 'compose', variant: 'production', env: [{ name: 'A', value: '1', line: 5 }, { name: 'B', value: null, line: 0 }] } as unknown as Item; // prettier-ignore
    const document = (kind: string, root: Document['root']): Document => ({
      kind,
      path: kind,
      root,
      place: (location) => ({ path: kind, line: location.length }),
    });
    const documents: Record<string, Document[]> = {
      dockerfile: [document('dockerfile', { stages: [{ env: { X: 'no' } }, { env: { NODE_ENV: 'production' } }] })],
      workflow: [document('workflow', { env: { C: 'c' }, jobs: { a: { env: { D: '${{ secrets.D }}' }, steps: [{ env: { E: 1 } }] } } })],
    };
    const items = envVariablesCombiner.combine([], { items: () => [workload], documents: (kind) => documents[kind] ?? [], files: [] });
    for (const item of items) expect(() => concepts['env-variables'].parse(item)).not.toThrow();
    expect(items.map((i) => [i.name, i.default, i.where, i.line, i.variant])).toEqual([
      ['A', '1', 'compose', 5, 'production'],
      ['B', null, 'compose', 2, 'production'],
      ['NODE_ENV', 'production', 'dockerfile', 4, 'base'],
      ['C', 'c', 'workflow', 2, 'base'],
      ['D', null, 'workflow', 4, 'base'],
      ['E', '1', 'workflow', 6, 'base'],
    ]);
  });
});

it("node-config's map of settings names variables; how they are read is none", () => {
  const map =
    '{\n  "database": {\n    "url": "DATABASE_URL",\n    "pool": { "__name": "DB_POOL", "__format": "json" }\n  },\n  "title": "some words"\n}\n';
  const found = read('node-config', 'src/config/custom-environment-variables.json', map);
  expect(brief(found)).toEqual(['DATABASE_URL', 'DB_POOL']);
  expect(found[0]!.line).toBe(3);
  expect(brief(read('node-config', 'config/custom-environment-variables.yml', 'mail:\n  host: SMTP_HOST\n'))).toEqual(['SMTP_HOST']);
});
