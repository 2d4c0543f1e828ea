import type { Item, Reader, Value } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import { limits } from '../../../safe/limits.js';
import { parseYaml } from '../../../safe/yaml.js';
import { splitTop } from '../syntax-text.js';
import { literal } from '../syntax-value.js';
import { dotted, flatten, literalValue, scalar, settingItem, unknownValue, variantOfName } from './shared.js';

/** Rails: `config.x = value` in application.rb, environments and initializers. Keys keep their `config.`; other gems' blocks name the gem. */
export const rails: Reader = {
  name: 'settings/rails',
  kind: 'settings',
  files: {
    paths: [
      '**/config/application.rb',
      '**/config/environments/*.rb',
      '**/config/initializers/**/*.rb',
      '**/config/puma.rb',
      'config/*.rb',
    ],
    languages: ['ruby'],
    roles: ['product', 'config', 'script', 'test'],
    variants: ['base', 'production', 'staging', 'development', 'test'],
  },
  keywords: ['config', 'Rails'],
  read(source) {
    const environment = /\/?config\/environments\/(\w+)\.rb$/.exec(source.path)?.[1] ?? '';
    const variant: Variant = environment ? (variantOfName(environment) ?? 'development') : 'base';
    const items: Item[] = [];
    const add = (key: string, value: Value, line: number) =>
      items.push(settingItem(source.path, line, 'rails', key, value, variant, environment));
    let owner = 'config';
    let receiver = 'config';
    const lines = source.code.split('\n').map((line) => line.slice(0, limits.lineChars));
    for (let i = 0; i < lines.length; i++) {
      const block =
        /^\s*([A-Z]\w*(?:::\w+)*)\.(?:setup|configure|config|configure_server|configure_client|init)\b.*?\bdo\s*(?:\|(\w+)\|)?/.exec(
          lines[i]!,
        );
      if (block && block[1] !== 'Rails') {
        owner = block[1]!.split('::')[0]!.toLowerCase();
        receiver = block[2] ?? 'config';
      }
      const set =
        /^\s*((?:Rails\.(?:application\.)?)?(?:config|Rails\.configuration))\.([a-z]\w*(?:\.[a-z]\w*)*[!?]?)\s*(=(?![=~>])|<<|\|\|=|\+=)\s*(.*)$/.exec(
          lines[i]!,
        );
      const other =
        owner === 'config' || set?.[1]?.startsWith('Rails')
          ? null
          : new RegExp(`^\\s*${receiver}\\.([a-z]\\w*(?:\\.\\w+)*)\\s*(=(?![=~>])|<<)\\s*(.*)$`).exec(lines[i]!);
      if (other) {
        const { text, last } = joinLines(lines, i, other[3]!);
        add(`${owner}.${other[1]}`, rubyValue(text), i + 1);
        i = last;
        continue;
      }
      if (set) {
        const { text, last } = joinLines(lines, i, set[4]!);
        const value = rubyValue(text);
        add(`config.${set[2]}`, set[3] === '<<' ? { ...value, value: value.known ? [value.value].flat() : null } : value, i + 1);
        i = last;
        continue;
      }
      const called =
        /^\s*(?:Rails\.application\.)?config\.(hosts\.clear|(?:middleware\.(?:use|insert_before|insert_after|delete|unshift|swap))|force_ssl!?|load_defaults)\b[\s(]*(.*?)\)?\s*(?:do\b.*)?$/.exec(
          lines[i]!,
        );
      if (called)
        add(`config.${called[1]}`, called[2] ? { ...rubyValue(called[2]), text: called[2].slice(0, 200) } : literalValue(true), i + 1);
    }
    return { items };
  },
};

/** A value over several lines, as long as its brackets or a trailing operator leave it open. `last` is its last line. */
function joinLines(lines: readonly string[], at: number, first: string): { text: string; last: number } {
  const openedBy = (line: string) => (line.match(/[([{]/g) ?? []).length - (line.match(/[)\]}]/g) ?? []).length;
  const parts = [first];
  let opened = openedBy(first);
  let i = at;
  while (i + 1 < Math.min(lines.length, at + 60) && (opened > 0 || /[,|&+\\=][ \t]*$/.test(parts.at(-1)!))) {
    parts.push(lines[++i]!);
    opened += openedBy(lines[i]!);
  }
  return { text: parts.join('\n').trim(), last: i };
}

/** Ruby literals, symbols, durations (30.minutes, in seconds), ENV look-ups with defaults; anything under a trailing if is not certain. */
export function rubyValue(source: string): Value {
  const text = source.slice(0, limits.lineChars).trim().replace(/;$/, '');
  const conditional = /^([\s\S]+?)\s+(?:if|unless)\s+(.+)$/.exec(text);
  if (conditional && !/^["']/.test(text)) return unknownValue(text, envOf(conditional[2]!) || envOf(conditional[1]!));
  // Production takes the other branch.
  const ternary = /^!?Rails\.env\.(?:test|development|local)\?\s*\?\s*(.+?)\s+:\s+(.+)$/.exec(text);
  if (ternary) return { ...rubyValue(ternary[text.startsWith('!') ? 1 : 2]!), text };
  if (/^:(\w+)$/.test(text)) return literalValue(text.slice(1), text);
  if (/^\[\s*:\w+(?:\s*,\s*:\w+)*\s*\]$/.test(text)) return literalValue(text.match(/\w+/g) ?? [], text);
  if (/^\d+\.\.\.?\d+$/.test(text)) return literalValue(text, text);
  const duration = /^(\d+)\.(second|minute|hour|day|week|month|year)s?(?:\.to_i)?$/.exec(text);
  if (duration)
    return literalValue(
      Number(duration[1]) *
        { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800, month: 2629746, year: 31556952 }[duration[2] as 'day'],
      text,
    );
  const compared = /^(.+?)\s*(==|!=)\s*["'](\w*)["']$/.exec(text);
  if (compared && envOf(compared[1]!)) {
    const left = rubyValue(compared[1]!);
    const holds = left.value === compared[3];
    return { known: true, value: compared[2] === '==' ? holds : !holds, env: left.env, text: text.slice(0, 200) };
  }
  const env =
    /^(?:!+\s*)?(?:ActiveModel::Type::Boolean\.new\.cast\()?(?:Integer\()?ENV(?:\.fetch\(|\[)\s*["'](\w+)["']\s*(?:,\s*([^)]*))?[)\]]\s*(?:\{\s*([^}]*)\}|\|\|\s*(.+))?/.exec(
      text,
    );
  if (env) {
    const fallback = (env[2] ?? env[3] ?? env[4])?.trim();
    const value = fallback === undefined ? undefined : rubyValue(fallback);
    const plain = value?.known
      ? typeof value.value === 'string' && /\.to_i\b|Integer\(|Boolean/.test(text)
        ? scalar(value.value)
        : value.value
      : null;
    return { known: value?.known ?? false, value: plain, env: env[1]!, text: text.slice(0, 200) };
  }
  const plain = literal(text);
  if (plain !== undefined) return literalValue(plain, text);
  const hash = /^\{([\s\S]*)\}$/.exec(text);
  if (hash && splitTop(hash[1]!).length === 0) return literalValue({}, text);
  return unknownValue(text, envOf(text));
}

const envOf = (text: string): string => /ENV(?:\.(?:fetch|key\?)\(|\[)\s*["'](\w+)["']/.exec(text)?.[1] ?? '';

/** config/database.yml, cable.yml, storage.yml and secrets.yml: sections are variants, keys are `database.url`. ERB is read for ENV. */
export const railsYaml: Reader = {
  name: 'settings/rails-yaml',
  kind: 'settings',
  files: {
    paths: ['**/config/database.yml', '**/config/cable.yml', '**/config/secrets.yml', '**/config/cache.yml', '**/config/queue.yml'],
    roles: ['config'],
  },
  read(source) {
    // ERB tags are quoted for the parser; control tags (<% if %>) are dropped.
    const text = source.text
      .replace(/^[ \t]*<%[^=\n][^\n]*%>[ \t]*$/gm, '')
      .replace(/:[ \t]+(<%=[^\n]*%>[^\n]*)$/gm, (_, erb: string) => `: ${JSON.stringify(erb.trim())}`);
    const { documents, problems } = parseYaml(text);
    const file = /([\w-]+)\.yml$/.exec(source.path)?.[1] ?? '';
    const items = documents.flatMap((document) =>
      flatten(document.value, dotted).flatMap((leaf) => {
        const [section, ...rest] = leaf.key.split('.');
        const variant = variantOfName(section ?? '');
        if (!variant || rest.length === 0) return [];
        return [
          settingItem(
            source.path,
            document.place([...leaf.location]).line,
            'rails',
            `${file}.${rest.join('.')}`,
            erbValue(leaf.value),
            variant,
            section,
          ),
        ];
      }),
    );
    return { items, problems: problems.map((problem) => ({ path: source.path, ...problem })) };
  },
};

function erbValue(value: Parameters<typeof literalValue>[0]): Value {
  const erb = typeof value === 'string' ? /<%=\s*([\s\S]*?)\s*%>/.exec(value) : null;
  if (!erb) return literalValue(value);
  const read = rubyValue(erb[1]!);
  return erb[0] === value ? read : unknownValue(String(value), read.env);
}
