import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, parseArguments } from '../syntax-text.js';
import { pythonValue, conditionOf, pythonLeaves, statements } from './python-statements.js';
import { lineOf, settingItem, unknownValue } from './shared.js';

const assignment = /^([A-Z][A-Z0-9_]*)((?:\[\s*["'][^"'\n]+["']\s*\])*)\s*(?::[^=\n]+?)?\s*(\+)?=(?!=)\s*/;

/** Django settings modules: upper-case names of the module, dicts flattened with dots (DATABASES.default.ENGINE). */
export const django: Reader = {
  name: 'settings/django',
  kind: 'settings',
  files: {
    paths: ['settings.py', '**/settings/**/*.py', 'settings_*.py', '*_settings.py', '*settings*.py', '**/conf/**/*.py'],
    languages: ['python'],
    roles: ['product', 'config', 'script'],
  },
  keywords: [
    'INSTALLED_APPS',
    'MIDDLEWARE',
    'ROOT_URLCONF',
    'ALLOWED_HOSTS',
    'DATABASES',
    'SECRET_KEY',
    'DEBUG',
    'SECURE_',
    'SESSION_',
    'EMAIL_',
    'CACHES',
    'LOGGING',
    'import *',
  ],
  read: (source) => ({ items: readModule(source, 'django') }),
};

/** Upper-case assignments of a module, as Django and Flask's from_object read them; the last one of a variant holds. */
export function readModule(source: Source, framework: string): Item[] {
  const { code } = source;
  const items = new Map<string, Item>();
  for (const { text, offset, blocks } of statements(code)) {
    if (blocks.some((block) => /^(?:async |def|class|for|while)\b/.test(block))) continue;
    const match = assignment.exec(text);
    if (!match) continue;
    const { variant, unclear } = conditionOf(blocks, source.file.variant);
    const first = match[1]! + [...match[2]!.matchAll(/["']([^"']+)["']/g)].map((m) => `.${m[1]}`).join('');
    const { keys, from } = targetsOf(text, first, match[0].length);
    const start = offset + from;
    const leaves = keys.flatMap(
      (key) => databaseUrl(text.slice(from), start, code, key) ?? pythonLeaves(text.slice(from), start, code, key),
    );
    for (const leaf of leaves) {
      const slot = `${leaf.key}|${variant}|${unclear}`;
      // What a condition that nobody can judge here selects is not certain.
      const value = unclear
        ? unknownValue(
            leaf.value.text,
            leaf.value.env || pythonValue(unclear, code).env || (/^[A-Z][A-Z0-9_]+$/.test(unclear) ? unclear : ''),
          )
        : leaf.value;
      const before = match[3] ? items.get(slot) : undefined;
      const appended =
        before && Array.isArray(before.value) && Array.isArray(value.value)
          ? { ...value, known: value.known && before.known === true, value: [...before.value, ...value.value] }
          : match[3]
            ? { ...value, known: false }
            : value;
      items.delete(slot);
      items.set(slot, settingItem(source.path, lineOf(source, leaf.offset), framework, leaf.key, appended, variant));
    }
  }
  return [...items.values()];
}

/** All names of a chained assignment, `DEBUG = TEMPLATE_DEBUG = False`, and where its value starts. */
function targetsOf(text: string, first: string, from: number): { keys: string[]; from: number } {
  const keys = [first];
  for (let next; keys.length < 10 && (next = /^([A-Z][A-Z0-9_]*)\s*=(?!=)\s*/.exec(text.slice(from, from + 200))); from += next[0].length)
    keys.push(next[1]!);
  return { keys, from };
}

/** dj_database_url and django-environ's db(): the URL's variable, and the options given beside it. */
function databaseUrl(text: string, offset: number, code: string, key: string): ReturnType<typeof pythonLeaves> | null {
  const found = /(["'](\w+)["']\s*:\s*)?(?:dj_database_url\.(?:config|parse)|env\.(?:db|db_url|dj_db_url|cache_url|cache))\s*(?=\()/.exec(
    text,
  );
  if (!found || !/^(?:DATABASES|CACHES)/.test(key)) return null;
  const open = found.index + found[0].length;
  const end = closing(text, open);
  if (end < 0) return null;
  const name = key.includes('.') ? key : `${key}.${found[2] ?? 'default'}`;
  const given = parseArguments(text.slice(open + 1, end), offset + open + 1);
  const first = given.find((a) => a.name === '' || a.name === 'env' || a.name === 'var');
  const read = first ? pythonValue(first.text, code) : null;
  const env =
    read?.env ||
    (typeof read?.value === 'string' && /^[A-Z_]+$/.test(read.value)
      ? read.value
      : found[0].includes('cache')
        ? 'CACHE_URL'
        : 'DATABASE_URL');
  const fallback = given.find((a) => a.name === 'default');
  const value = fallback ? pythonValue(fallback.text, code) : unknownValue(text);
  const options: Record<string, string> = {
    conn_max_age: 'CONN_MAX_AGE',
    conn_health_checks: 'CONN_HEALTH_CHECKS',
    ssl_require: 'OPTIONS.sslmode',
    engine: 'ENGINE',
  };
  return [
    { key: name, value: { ...value, env, text: text.slice(0, 200) }, offset: offset + found.index },
    ...given.flatMap((a) =>
      options[a.name] ? [{ key: `${name}.${options[a.name]}`, value: sslMode(a.name, pythonValue(a.text, code)), offset: a.offset }] : [],
    ),
  ];
}

const sslMode = (name: string, value: ReturnType<typeof pythonValue>): ReturnType<typeof pythonValue> =>
  name === 'ssl_require' && value.known ? { ...value, value: value.value === true ? 'require' : 'prefer' } : value;
