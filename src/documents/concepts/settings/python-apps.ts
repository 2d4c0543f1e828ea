import type { Item, Reader, Value } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { argument, findCalls, splitTop } from '../syntax-text.js';
import { readModule } from './django.js';
import { conditionOf, pythonLeaves, pythonValue, statements, type Statement } from './python-statements.js';
import { variantAt } from '../syntax-variant.js';
import { lineOf, settingItem, unknownValue, variantOfName } from './shared.js';

const classHeader = /^class\s+(\w+)\s*(?:\(([^)]*)\))?\s*:/;

/** The class bodies of a module: header name, bases, and the statements directly in it. */
function classes(all: readonly Statement[]): { name: string; bases: string[]; body: Statement[]; nested: Statement[] }[] {
  return all.flatMap((statement, i) => {
    const match = classHeader.exec(statement.text);
    if (!match) return [];
    const depth = statement.blocks.length;
    const rest = all.slice(i + 1);
    const end = rest.findIndex((s) => s.blocks.length <= depth);
    const inside = end < 0 ? rest : rest.slice(0, end);
    return [
      {
        name: match[1]!,
        bases: (match[2] ?? '').split(',').map((b) => b.trim().split('.').pop() ?? '').filter(Boolean), // prettier-ignore
        body: inside.filter((s) => s.blocks.length === depth + 1),
        nested: inside.filter((s) => s.blocks.length === depth + 2),
      },
    ];
  });
}

/** One field of a pydantic settings class: the environment variable it is read from and its default. */
export interface SettingsField {
  readonly field: string;
  readonly env: string;
  readonly value: Value;
  readonly required: boolean;
  readonly offset: number;
}

const field = /^([A-Za-z]\w*)\s*:(?!=)\s*/;

/** Fields of classes derived from BaseSettings (their own bases in the same file included); names in upper case with env_prefix. */
export function settingsFields(source: Source): SettingsField[] {
  const { code } = source;
  const all = classes(statements(code));
  const settings = new Map<string, string>();
  const found: SettingsField[] = [];
  for (const { name, bases, body, nested } of all) {
    // Most projects derive their classes from a settings class of another module.
    if (!bases.some((base) => (base.endsWith('Settings') && base !== 'QSettings') || settings.has(base))) continue;
    const configuration = [...body, ...nested].map((s) => s.text).join('\n');
    const prefix =
      /env_prefix\s*[=:]\s*["']([^"'\n]*)["']/.exec(configuration)?.[1] ?? bases.map((b) => settings.get(b)).find(Boolean) ?? '';
    settings.set(name, prefix);
    for (const statement of body) {
      const match = field.exec(statement.text);
      if (!match) continue;
      const [type, fallback] = splitTop(statement.text.slice(match[0].length), '=');
      const rest = fallback && statement.text.slice(match[0].length + fallback.offset);
      if (!type || match[1] === 'model_config' || /^(?:ClassVar|InitVar)\b/.test(type.text)) continue;
      found.push(readField(match[1]!, type.text, rest || undefined, statement.offset, prefix, code));
    }
  }
  return found;
}

function readField(name: string, type: string, text: string | undefined, offset: number, prefix: string, code: string): SettingsField {
  const annotated = /^(?:typing\.)?Annotated\[/.test(type) ? (/Field\s*\([\s\S]*\)/.exec(type)?.[0] ?? '') : '';
  const call = findCalls(text && /^(?:\w+\.)?Field\s*\(/.test(text) ? text : annotated, /\bField/g)[0];
  const given = call?.arguments ?? [];
  const alias = argument(given, 'validation_alias') ?? argument(given, 'env') ?? argument(given, 'alias');
  const named = alias && /["'](\w+)["']/.exec(alias.text)?.[1];
  const env = (named ?? prefix + name).toUpperCase();
  const fallback = call && text && /Field\s*\(/.test(text) ? argument(given, 'default', 0)?.text : text;
  const factory = argument(given, 'default_factory')?.text;
  const required = factory === undefined && (fallback === undefined || fallback === '...');
  const value =
    required || fallback === undefined
      ? unknownValue(factory ?? '', env)
      : { ...pythonValue(fallback, code), env, text: (text ?? fallback).slice(0, 200) };
  return { field: name, env, value, required, offset };
}

/** pydantic-settings: one item a field, its key as written. */
export const pydantic: Reader = {
  name: 'settings/pydantic',
  kind: 'settings',
  files: { languages: ['python'], roles: ['product', 'script'] },
  keywords: ['BaseSettings', 'Settings)', 'Settings,'],
  read: (source) => ({
    items: settingsFields(source).map((f) =>
      settingItem(source.path, lineOf(source, f.offset), 'pydantic', f.field, f.value, variantAt(source, f.offset)),
    ),
  }),
};

/** Modules whose classes or names Flask may load; the combiner keeps them where an application loads configuration. */
export const flaskModule = /(?:^|\/)(?:config|settings|configuration|default_settings)(?:\/\w+)?\.py$/;

/** A value that holds only where a condition does which cannot be told: what is known is the variable that decides. */
const guarded = (value: Value, condition: string, code: string): Value =>
  unknownValue(value.text, value.env || pythonValue(condition, code).env);

/** Flask: configuration classes and modules, app.config[...], config.update, from_mapping, app.secret_key, app.run. */
export const flask: Reader = {
  name: 'settings/flask',
  kind: 'settings',
  files: { languages: ['python'], roles: ['product', 'script'] },
  keywords: ['.config[', '.config.', 'Config:', 'Config(', 'flask'],
  read(source) {
    const { code, path } = source;
    if (!flaskModule.test(path) && !/\bflask\b|\bapp\w*\.config\b/i.test(code)) return {};
    const all = statements(code);
    const items: Item[] = [];
    const add = (key: string, value: Value, offset: number, variant: Variant, profile = '') =>
      items.push(settingItem(path, lineOf(source, offset), 'flask', key, value, variant, profile));
    const mentions = /\bflask\b/i.test(code);
    if (flaskModule.test(path) && !/INSTALLED_APPS|BaseSettings|ROOT_URLCONF/.test(code)) {
      for (const { name, bases, body, nested } of classes(all)) {
        if (
          !/Config|Settings|^(?:Base|Production|Development|Testing|Staging)$/.test(name) ||
          bases.some((b) => /Model|AppConfig|Enum|Exception/.test(b))
        )
          continue;
        const profile = name.replace(/Config(?:uration)?$|Settings$/, '');
        const inherited = bases.map((b) => variantOfName(b.replace(/Config(?:uration)?$|Settings$/, ''))).find(Boolean);
        const own = variantOfName(profile) ?? inherited ?? source.file.variant;
        for (const { text, offset, blocks } of [...body, ...nested.filter((s) => /^(?:else of )?(?:el)?if\b/.test(s.blocks.at(-1)!))]) {
          const match = /^([A-Z][A-Z0-9_]*)\s*(?::[^=\n]+?)?=(?!=)\s*/.exec(text);
          if (!match) continue;
          const { variant, unclear } = conditionOf(blocks, own);
          for (const leaf of pythonLeaves(text.slice(match[0].length), offset + match[0].length, code, match[1]!))
            add(leaf.key, unclear ? guarded(leaf.value, unclear, code) : leaf.value, leaf.offset, variant, profile);
        }
      }
      items.push(...readModule(source, 'flask'));
    }
    for (const { text, offset, blocks } of all) {
      const { variant, unclear } = conditionOf(blocks, source.file.variant);
      const certain = (value: Value) => (unclear ? guarded(value, unclear, code) : value);
      const subscript = /^[\w.]*\bconfig((?:\[\s*["'][\w.]+["']\s*\])+)\s*=(?!=)\s*/.exec(text);
      const attribute = mentions ? /^\w*app\w*\.(secret_key|debug|testing|permanent_session_lifetime)\s*=(?!=)\s*/.exec(text) : null;
      if (subscript && /^\w*app|current_app|self\.app|^config/.test(text)) {
        const key = [...subscript[1]!.matchAll(/["']([\w.]+)["']/g)].map((m) => m[1]).join('.');
        for (const leaf of pythonLeaves(text.slice(subscript[0].length), offset + subscript[0].length, code, key))
          add(leaf.key, certain(leaf.value), leaf.offset, variant);
      } else if (attribute) add(attribute[1]!.toUpperCase(), certain(pythonValue(text.slice(attribute[0].length), code)), offset, variant);
      const loaded = /^\w*app\w*\.config\.(from_\w+)\(\s*(.*?)\s*\)$/s.exec(text);
      if (loaded) add(`config.${loaded[1]}`, pythonValue(loaded[2]!, code), offset, variant);
      for (const call of findCalls(text, /\bapp\w*\.config\.(?:update|from_mapping)|\bapp\w*\.run|\bsocketio\.run/g)) {
        const run = call.name.endsWith('run');
        if (run && !mentions) continue;
        const profile = run && blocks.some((b) => /__name__/.test(b)) ? '__main__' : '';
        for (const given of call.arguments)
          if (given.name)
            add(run ? `run.${given.name}` : given.name, certain(pythonValue(given.text, code)), offset + given.offset, variant, profile);
      }
    }
    return { items };
  },
};

const constructors: Record<string, string> = { FastAPI: 'fastapi', Starlette: 'starlette', Litestar: 'litestar', Sanic: 'sanic' };

const pages = ['docs_url', 'redoc_url', 'openapi_url'];

/** Where FastAPI's documentation is served, said in a dictionary that is handed over with `**`: its literal, or one key set later. */
function collectedPages(source: Source): Item[] {
  const { code } = source;
  return statements(code).flatMap(({ text, offset, blocks }) => {
    const target = /^\w+(?:\[\s*["'](\w+)["']\s*\]|\s*(?::[^=\n]+)?)\s*=(?!=)\s*/.exec(text);
    if (!target || !pages.some((page) => text.includes(page))) return [];
    const { variant, unclear } = conditionOf(blocks, source.file.variant);
    const start = target[0].length;
    return pythonLeaves(text.slice(start), offset + start, code, target[1] ?? '').flatMap((leaf) => {
      const key = leaf.key.split('.').pop()!;
      if (!pages.includes(key)) return [];
      const value = unclear ? unknownValue(leaf.value.text, leaf.value.env) : leaf.value;
      return [settingItem(source.path, lineOf(source, leaf.offset), 'fastapi', key, value, variant)];
    });
  });
}

/** Named arguments of FastAPI(), Starlette(), Litestar(), Sanic(): debug, docs_url, openapi_url, root_path ... */
export const asgi: Reader = {
  name: 'settings/asgi',
  kind: 'settings',
  files: { languages: ['python'], roles: ['product', 'script'] },
  keywords: [...Object.keys(constructors).map((name) => `${name}(`), ...pages.flatMap((page) => [`"${page}"`, `'${page}'`])],
  read(source) {
    const { code } = source;
    const given = findCalls(code, /\b(?:FastAPI|Starlette|Litestar|Sanic)(?=\s*\()/g).flatMap((call) =>
      call.arguments
        .filter((given) => /^[a-z_]+$/.test(given.name) && given.text.length < 2_000)
        .map((given) =>
          settingItem(
            source.path,
            lineOf(source, given.offset),
            constructors[call.name] ?? 'asgi',
            given.name,
            pythonValue(given.text, code),
            source.file.variant,
          ),
        ),
    );
    return { items: [...given, ...collectedPages(source)] };
  },
};
