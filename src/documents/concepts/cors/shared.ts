import type { Item, Json } from '../../../model/document.js';
import type { ConceptItem } from '../../../model/concepts.js';
import type { FileSelector, Language } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { splitTop } from '../syntax-text.js';
import { assigned, envRead, literal, valueOf } from '../syntax-value.js';
import { variantAt } from '../syntax-variant.js';

export type CorsItem = ConceptItem<'cors'>;
export type Origins = Pick<CorsItem, 'anyOrigin' | 'origins' | 'patterns' | 'env' | 'reflects'>;

/** Product code of these languages; production and base variants. */
export const codeFiles = (...languages: Language[]): FileSelector => ({ languages, roles: ['product'] });

const nothing: Origins = { anyOrigin: null, origins: [], patterns: [], env: '', reflects: false };
export const anyOrigin: Origins = { ...nothing, anyOrigin: true };
export const noOrigin: Origins = { ...nothing, anyOrigin: false };
const everything = /^\^?(?:https?(?:\??|\?):\/\/)?\(?\.[*+]\)?\$?$/;

/** Items in the concept's shape; what is not given is "not said". */
export function corsItem(
  source: Source,
  offset: number,
  technology: string,
  origins: Origins,
  rest: { credentials?: boolean | null; methods?: string[] } = {},
): Item {
  const { line } = source.at(offset);
  return {
    path: source.path,
    line,
    technology,
    ...origins,
    credentials: rest.credentials ?? (rest.credentials === null ? null : false),
    methods: rest.methods ?? [],
    variant: variantAt(source, offset),
  };
}

/** A regular expression as the set of origins: `.*` is any origin. */
export function patternOrigins(pattern: string): Origins {
  return everything.test(pattern) ? { ...anyOrigin, patterns: [pattern] } : { ...noOrigin, patterns: [pattern] };
}

/** Origins of plain data: '*', a list, a comma-separated text; `true` echoes whatever origin asks. */
export function plainOrigins(value: Json): Origins {
  if (value === true) return { ...anyOrigin, reflects: true };
  if (value === false || value === null) return noOrigin;
  const list = (Array.isArray(value) ? value : String(value).split(/[,\s]+/)).filter((v): v is string => typeof v === 'string').map((v) => v.trim()).filter(Boolean); // prettier-ignore
  const wide = list.filter((o) => o === '*' || o === '/.*/' || /^\*:\/\/\*|^https?:\/\/\*$/.test(o));
  return { ...nothing, anyOrigin: wide.length > 0, origins: list };
}

/** The origins that an expression denotes, as far as it is certain. `text` is the argument's source text. */
export function originsOf(text: string, code: string, depth = 0): Origins {
  const source = text.trim();
  const regex =
    /^\/((?:\\.|[^\\\n])+)\/[a-z]*$/.exec(source) ??
    /^(?:re\.compile|new RegExp|Regexp\.new|%r)\s*[({]\s*r?["']?([\s\S]+?)["']?\s*[)}]$/.exec(source);
  if (regex) return patternOrigins(regex[1]!);
  if (/^(?:async\s*)?(?:function\b|\([^()]*\)\s*=>|\w+\s*=>|origin\s*\([^)]*\)\s*\{|func\s*\(|lambda\b)/.test(source))
    return originFunction(source);
  const value = valueOf(source, code);
  if (value.known) return { ...plainOrigins(value.value), env: value.env };
  if (value.env) return { ...nothing, env: value.env };
  const mapped = /^[[(][^\n]*?\bfor\s+\w+\s+in\s+([\w.]+)/.exec(source);
  if (mapped && depth < 3) return originsOf(mapped[1]!, code, depth + 1);
  const list =
    /^(?:\[\]string|new(?: string)?\[\]|(?:\w+\.)?(?:of|asList|singletonList|singleton|newArrayList|newHashSet)|(?:list|set|arrayList|mutableList)Of)?\s*[[{(]([\s\S]*)[\]})]$/.exec(
      source,
    );
  if (list && depth < 3) return splitTop(list[1]!).map((part) => originsOf(part.text.replace(/^(?:\.\.\.|\*)/, ''), code, depth + 1)).reduce(joinOrigins, { ...nothing, anyOrigin: false }); // prettier-ignore
  const found = /^(?:this\.)?\w+$/.test(source) ? assigned(code, source.replace('this.', '')) : null;
  if (found && depth < 3 && found.text !== source) return originsOf(found.text, code, depth + 1);
  const read = /(?:process\.env\.|os\.Getenv\("|getenv\(["']|environ(?:\.get\(|\[)["']|ENV(?:\.fetch\(|\[)["']|\benv\(["'])(\w+)/.exec(
    source,
  );
  if (/["'`]\*["'`]/.test(source))
    return {
      ...nothing,
      env: read?.[1] ?? '',
      anyOrigin: read && !wideFallback(source) ? null : wideFallback(source) ? true : null,
      origins: ['*'],
    };
  return { ...nothing, env: read?.[1] ?? envRead(source)?.name ?? '' };
}

const wideFallback = (text: string) => /(?:\|\||\?\?|\bor\b|\?:)\s*\[?\s*["'`]\*["'`]/.test(text);

/** `(origin, callback) => callback(null, true)` with no condition lets every origin in; any condition leaves it open. */
function originFunction(text: string): Origins {
  const conditional = /\bif\b|\?|&&|\|\||\.includes|indexOf|\.has\(|\.test\(|\bin\b|==|endsWith|HasSuffix|strings\.|match/.test(text);
  const always =
    /\(\s*null\s*,\s*(?:true|origin)\s*\)|=>\s*(?:true|origin)\s*[,;)}]?\s*$|return\s+(?:true|origin)\b|lambda\s+\w+\s*:\s*True/.test(text);
  if (always && !conditional) return { ...anyOrigin, reflects: true };
  const suffix = /(?:endsWith|HasSuffix)\(\s*(?:\w+\s*,\s*)?["'`]([^"'`]+)["'`]/.exec(text);
  return suffix
    ? { ...noOrigin, patterns: [`${suffix[1]!.startsWith('.') ? '\\.' : ''}${suffix[1]!.replace(/^\./, '').replace(/\./g, '\\.')}$`] }
    : nothing;
}

function joinOrigins(a: Origins, b: Origins): Origins {
  const wide = a.anyOrigin === true || b.anyOrigin === true;
  return {
    anyOrigin: wide ? true : a.anyOrigin === false && b.anyOrigin === false ? false : null,
    origins: [...a.origins, ...b.origins],
    patterns: [...a.patterns, ...b.patterns],
    env: a.env || b.env,
    reflects: a.reflects || b.reflects,
  };
}
export { joinOrigins };

/** true, false, or null where the expression is no literal; false where there is none. */
export function flagOf(text: string | undefined, code: string): boolean | null {
  if (text === undefined) return false;
  const value = valueOf(text, code);
  return value.known && typeof value.value === 'boolean'
    ? value.value
    : value.known && typeof value.value === 'string'
      ? /^(?:true|1|yes|on)$/i.test(value.value)
      : null;
}

/** Method names in upper case from a literal list or text. */
export function methodsOf(text: string | undefined, code: string): string[] {
  if (text === undefined) return [];
  const value = literal(text) ?? valueOf(text, code).value;
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,\s]+/) : [];
  return list.filter((m): m is string => typeof m === 'string' && m !== '').map((m) => m.toUpperCase());
}
