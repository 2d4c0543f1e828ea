import type { Item, Json, Reader, Value } from '../../../model/document.js';
import { parseYaml } from '../../../safe/yaml.js';
import { closing, parseArguments } from '../syntax-text.js';
import { literal } from '../syntax-value.js';
import { dotted, flatten, lineOf, literalValue, scalar, settingItem, unknownValue, variantOfName } from './shared.js';

/** Laravel: the arrays that config/*.php (app/Config/*.php where that was moved) return; keys as config() takes them (app.debug, session.secure). */
export const laravel: Reader = {
  name: 'settings/laravel',
  kind: 'settings',
  files: { paths: ['**/config/*.php', 'config/*.php', '**/app/Config/*.php'], languages: ['php'], roles: ['product', 'config', 'script'] },
  keywords: ['return ['],
  read(source) {
    const { code, path } = source;
    const start = /\breturn\s*(?=\[)/.exec(code);
    const file = /([\w-]+)\.php$/.exec(path)?.[1];
    if (!start || !file) return {};
    const open = start.index + start[0].length;
    const end = closing(code, open, 200_000);
    if (end < 0) return { problems: [{ ...source.at(open), message: 'the returned array could not be read' }] };
    const items: Item[] = [];
    walk(code.slice(open + 1, end), open + 1, file, 0, (key, text, offset) =>
      items.push(settingItem(path, lineOf(source, offset), 'laravel', key, phpValue(text), source.file.variant)),
    );
    return { items };
  },
};

function walk(inner: string, offset: number, path: string, depth: number, add: (key: string, text: string, offset: number) => void): void {
  for (const entry of parseArguments(inner, offset)) {
    if (!entry.name) continue;
    const key = `${path}.${entry.name}`;
    const nested =
      depth < 8 && entry.text.startsWith('[') && closing(entry.text, 0, 200_000) === entry.text.length - 1 && /=>/.test(entry.text);
    if (nested) walk(entry.text.slice(1, -1), entry.offset + 1, key, depth + 1, add);
    else add(key, entry.text, entry.offset);
  }
}

/** PHP literals and env('NAME', default), casts and explode(',', env(...)) included. */
export function phpValue(source: string): Value {
  const text = source.trim();
  const bare = text.replace(/^\((?:bool|boolean|int|integer|string|float)\)\s*/i, '');
  const env = /^(?:env|Env::get)\(\s*["'](\w+)["']\s*(?:,\s*([\s\S]*?))?,?\s*\)(.*)$/s.exec(bare);
  if (env && closing(bare, bare.indexOf('(')) === bare.length - 1 - (env[3]?.length ?? 0)) {
    const fallback = env[2] === undefined ? undefined : phpValue(env[2]);
    const whole = !env[3]?.trim();
    const compared = /^\s*(===?|!==?)\s*["'](\w*)["']$/.exec(env[3] ?? '');
    if (compared && fallback?.known) {
      const same = fallback.value === compared[2];
      return { known: true, value: compared[1]!.startsWith('!') ? !same : same, env: env[1]!, text: text.slice(0, 200) };
    }
    return {
      known: whole && (fallback?.known ?? false),
      value: whole && fallback?.known ? fallback.value : null,
      env: env[1]!,
      text: text.slice(0, 200),
    };
  }
  const explode = /^explode\(\s*(["'])(.*?)\1\s*,\s*([\s\S]*)\)$/.exec(bare);
  if (explode) {
    const inner = phpValue(explode[3]!);
    return {
      ...inner,
      value: typeof inner.value === 'string' ? inner.value.split(explode[2]!).filter(Boolean) : inner.value,
      text: text.slice(0, 200),
    };
  }
  const plain = literal(bare);
  if (plain !== undefined) return literalValue(plain, text);
  return unknownValue(text, /\benv\(\s*["'](\w+)["']/.exec(bare)?.[1] ?? '');
}

/** Symfony: config/packages/*.yaml flattened with dots; `when@prod` sections and config/packages/prod are production. */
export const symfony: Reader = {
  name: 'settings/symfony',
  kind: 'settings',
  files: {
    paths: ['**/config/packages/**/*.yaml', '**/config/packages/**/*.yml', 'config/packages/**/*.yaml', 'config/packages/**/*.yml'],
    roles: ['config'],
  },
  read(source) {
    const folder = /packages\/(\w+)\//.exec(source.path)?.[1] ?? '';
    const { documents, problems } = parseYaml(source.text);
    const items = documents.flatMap((document) =>
      flatten(document.value, dotted).map((leaf) => {
        const [, when, rest] = /^when@(\w+)\.(.*)$/.exec(leaf.key) ?? [];
        const environment = when ?? folder;
        const variant = environment ? (variantOfName(environment) ?? 'development') : source.file.variant;
        return settingItem(
          source.path,
          document.place([...leaf.location]).line,
          'symfony',
          rest ?? leaf.key,
          symfonyValue(leaf.value),
          variant,
          environment,
        );
      }),
    );
    return { items, problems: problems.map((problem) => ({ path: source.path, ...problem })) };
  },
};

function symfonyValue(value: Json): Value {
  const env = typeof value === 'string' ? /%env\((?:[\w:]*:)?(\w+)\)%/.exec(value) : null;
  return env ? unknownValue(String(value), env[1]) : literalValue(typeof value === 'string' ? scalar(value) : value);
}
