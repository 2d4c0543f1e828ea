import { describe, expect, it } from 'vitest';
import { django } from '../../../../src/documents/concepts/settings/django.js';
import { concepts } from '../../../../src/model/concepts.js';
import type { Item, ReadResult } from '../../../../src/model/document.js';
import { sourceOf } from '../../../support/source.js';

const read = (text: string, path = 'config/settings.py') => (django.read(sourceOf(path, text)) as ReadResult).items!;
const value = (expression: string) => {
  const item = read(`import os\nX = ${expression}\n`).find((i) => i.key === 'X')!;
  return [item.known, item.value, item.env];
};
const brief = (items: readonly Item[]) => items.map((i) => [i.key, i.value, i.variant]);

describe('django settings', () => {
  it('reads literals, with the line of each', () => {
    const items = read(
      '"""Docs: DEBUG = False"""\nDEBUG = True  # no\n# DEBUG = False\nALLOWED_HOSTS: list[str] = ["a", "b"]\nSESSION_COOKIE_AGE = 60 * 60 * 24\nNAME = None\n',
    );
    for (const item of items) expect(() => concepts.settings.parse(item)).not.toThrow();
    expect(items.map((i) => [i.key, i.value, i.line, i.known])).toEqual([
      ['DEBUG', true, 2, true],
      ['ALLOWED_HOSTS', ['a', 'b'], 4, true],
      ['SESSION_COOKIE_AGE', 86400, 5, true],
      ['NAME', null, 6, true],
    ]);
  });
  it.each([
    ['os.environ["A"]', [false, null, 'A']],
    ['os.environ.get("A")', [false, null, 'A']],
    ['os.environ.get("A", "x")', [true, 'x', 'A']],
    ['os.getenv("A", default="x")', [true, 'x', 'A']],
    ['os.getenv("A") or "x"', [true, 'x', 'A']],
    ['os.getenv("A", "False") == "True"', [true, false, 'A']],
    ['os.getenv("A", "True") == "True"', [true, true, 'A']],
    ['os.getenv("A") == "1"', [true, false, 'A']],
    ['os.environ.get("A", "False").lower() in ("true", "1")', [true, false, 'A']],
    ['os.environ.get("A", "Yes").lower() in ["yes"]', [true, true, 'A']],
    ['bool(int(os.environ.get("A", 0)))', [true, false, 'A']],
    ['bool(os.environ.get("A", "False"))', [true, true, 'A']],
    ['strtobool(os.getenv("A", "no"))', [true, false, 'A']],
    ['int(os.environ.get("A", "5"))', [true, 5, 'A']],
    ['os.environ.get("A", "a,b").split(",")', [true, ['a', 'b'], 'A']],
    ['env.bool("A", default=False)', [true, false, 'A']],
    ['env.bool("A", False)', [true, false, 'A']],
    ['env("A")', [false, null, 'A']],
    ['get_bool_from_env("A", "NO")', [true, false, 'A']],
    ['os.environ.get("A", "true").lower() in \\\n    ["true", "on"]', [true, true, 'A']],
    ['env.list("A", default=["*"])', [true, ['*'], 'A']],
    ['config("A", default=False, cast=bool)', [true, false, 'A']],
    ['config("A", default="a,b", cast=Csv())', [true, ['a', 'b'], 'A']],
    ['not os.getenv("A", "") == "x"', [true, true, 'A']],
    ['["a"] + ["b"]', [true, ['a', 'b'], '']],
    ['["a", *OTHER]', [false, ['a'], '']],
    ['compute()', [false, null, '']],
    ['f"{A}b"', [false, null, '']],
  ])('%s', (expression, expected) => expect(value(expression)).toEqual(expected));
  it('takes defaults from the schema of django-environ', () => {
    expect(read('env = environ.Env(DEBUG=(bool, False))\nDEBUG = env("DEBUG")\n')[0]).toMatchObject({
      key: 'DEBUG',
      known: true,
      value: false,
      env: 'DEBUG',
    });
  });
  it('flattens dicts, dicts in lists, and subscripts', () => {
    const items = read(
      'DATABASES = {\n  "default": {\n    "ENGINE": "pg",\n    "OPTIONS": {"sslmode": "require"},\n  },\n}\nDATABASES["default"]["CONN_MAX_AGE"] = 60\nTEMPLATES = [{"APP_DIRS": True}]\n',
    );
    expect(items.map((i) => [i.key, i.value, i.line])).toEqual([
      ['DATABASES.default.ENGINE', 'pg', 3],
      ['DATABASES.default.OPTIONS.sslmode', 'require', 4],
      ['DATABASES.default.CONN_MAX_AGE', 60, 7],
      ['TEMPLATES[0].APP_DIRS', true, 8],
    ]);
  });
  it('reads database URLs', () => {
    const items = read(
      'DATABASES = {"default": dj_database_url.config(conn_max_age=600, ssl_require=True)}\nCACHES = {"default": env.cache("REDIS_URL")}\n',
    );
    expect(items.map((i) => [i.key, i.value, i.env])).toEqual([
      ['DATABASES.default', null, 'DATABASE_URL'],
      ['DATABASES.default.CONN_MAX_AGE', 600, ''],
      ['DATABASES.default.OPTIONS.sslmode', 'require', ''],
      ['CACHES.default', null, 'REDIS_URL'],
    ]);
  });
  it('gives branches their variant', () => {
    const text =
      'A = 0\nif DEBUG:\n    A = 1\nelse:\n    A = 2\nif not DEBUG:\n    B = 3\nif ENVIRONMENT == "production":\n    C = 4\nif "test" in sys.argv:\n    D = 5\nif os.environ.get("USE_S3"):\n    E = 6\ndef f():\n    G = 1\nclass H:\n    I = 1\n';
    expect(brief(read(text))).toEqual([
      ['A', 0, 'base'],
      ['A', 1, 'development'],
      ['A', 2, 'production'],
      ['B', 3, 'production'],
      ['C', 4, 'production'],
      ['D', 5, 'test'],
      ['E', null, 'base'],
    ]);
    expect(read(text).at(-1)).toMatchObject({ known: false, env: 'USE_S3' });
  });
  it('lets the last assignment hold and appends lists', () => {
    expect(brief(read('A = 1\nA = 2\nB = ["a"]\nB += ["b"]\n'))).toEqual([['A', 2, 'base'], ['B', ['a', 'b'], 'base']]); // prettier-ignore
  });
  it('masks literal secrets but keeps their length', () => {
    const secret = ['k3J9', 'xQ2w', 'Zp8L'].join('');
    const [item] = read(`SECRET_KEY = "${secret}"\n`);
    expect(item!.value).toBe('•'.repeat(12));
    expect(JSON.stringify(item)).not.toContain(secret);
    expect(read('SECRET_KEY = "changeme"\n')[0]!.value).toBe('changeme');
  });
});
