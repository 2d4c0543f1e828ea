import type { Item } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { isPlaceholder, isSecretLikeName } from '../../../safe/redact.js';
import { maskedValue } from '../settings/shared.js';
import { literal } from '../syntax-value.js';
import { variantAt } from '../syntax-variant.js';

export type Where = 'code' | 'settings' | 'template' | 'compose' | 'kubernetes' | 'workflow' | 'dockerfile' | 'docs' | 'platform';

/** Names that a program may read from its environment: what starts with a digit or holds other characters is none. */
export const envName = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** In the way of environment variables: upper case. Names in other spellings are keys of something else. */
export const upperName = /^[A-Z_][A-Z0-9_]*$/;

/** One item; `value` is the default in code or the value set, as text, null where there is none. */
export function envItem(
  at: { path: string; line: number },
  name: string,
  origin: 'read' | 'documented' | 'set',
  rest: { value?: string | null; required?: boolean; where: Where; variant: Variant },
): Item {
  const value = rest.value ?? null;
  return {
    path: at.path,
    line: at.line,
    name,
    origin,
    default: value === null ? null : maskedValue(name, value.slice(0, 1_000)),
    required: rest.required ?? false,
    secretLike: isSecretLikeName(name, value ?? undefined),
    // GITHUB_CLIENT_SECRET=github_client_secret says where the value goes.
    placeholder: value !== null && (isPlaceholder(value) || (/_.+_/.test(name) && value.toLowerCase() === name.toLowerCase())),
    where: rest.where,
    variant: rest.variant,
  };
}

/** A read in code; one item a name, default and variant, the first place of it. */
export class Reads {
  private readonly items = new Map<string, Item>();

  constructor(
    private readonly source: Source,
    private readonly where: Where = 'code',
  ) {}

  add(name: string | undefined, offset: number, fallback: string | null = null, required = false): void {
    if (!name || !envName.test(name) || this.items.size >= 500) return;
    const { line } = this.source.at(offset);
    // Looking for the branch around a read costs the text before it: not done far into a file.
    const item = envItem({ path: this.source.path, line }, name, 'read', {
      value: fallback,
      required: required && fallback === null,
      where: this.where,
      variant: offset > 60_000 ? this.source.file.variant : variantAt(this.source, offset),
    });
    const key = `${name}|${item.default as string | null}|${String(item.variant)}`;
    const before = this.items.get(key);
    if (!before) this.items.set(key, item);
    else if (item.required && !before.required) this.items.set(key, { ...item, line: before.line });
  }

  result(): { items: Item[] } {
    return { items: [...this.items.values()] };
  }
}

/** A literal default as the text that a variable would hold; null where the expression is none. */
export function textOf(expression: string | undefined): string | null {
  if (expression === undefined) return null;
  const value = literal(expression.trim());
  if (value === undefined || value === null) return null;
  return Array.isArray(value) ? value.join(',') : typeof value === 'object' ? null : String(value);
}

/** What stands behind an offset on the same statement, at most 300 characters. */
export const after = (code: string, offset: number): string => code.slice(offset, offset + 300);

/** `|| "x"`, `?? "x"`, `?: "x"`, ` or "x"` right behind a read: the literal, else null. */
export function alternative(rest: string): string | null {
  const match =
    /^[\s)!]*(?:\|\||\?\?|\?:|\bor\b)=?\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`$\n]*`|-?\d[\d_.]*|true|false|True|False)/.exec(
      rest,
    );
  return match ? textOf(match[1]) : null;
}

/** `getEnv("X", "d")`, `mustGetEnv("X")`, `get_bool_from_env("X", "NO")`: helpers that projects write, in any language. */
const helper =
  /\b(\w{0,40}env\w{0,40})\(\s*(["'`])([A-Z][A-Z0-9_]{1,80})\2\s*(?:,\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|-?\d[\d_.]*|true|false|True|False))?/gi;
/** The languages' own functions are read by their readers, which know where a fallback may follow; others do not read. */
const noHelper =
  /^(?:env|[gG]etenv|LookupEnv|GetEnvironmentVariable)$|^(?:set|put|unset|del|stub|mock|restore|with|clear|remove|add|define|assign|write|update)|environments?$/;

export function addHelpers(code: string, reads: Reads): void {
  for (const match of code.matchAll(helper))
    if (upperName.test(match[3]!) && !noHelper.test(match[1]!))
      reads.add(match[3], match.index, textOf(match[4]), /must|require|panic/i.test(match[1]!));
}

/** Names that an `if` right behind their read refuses when empty: a throw, an exit, a fatal log. */
export function refused(code: string): Set<string> {
  const names = new Set<string>();
  for (const match of code.matchAll(
    /\bif\s*\(?\s*(?:not\s+|!\s*)?(?:process\.env\.|os\.(?:environ\.get|getenv|Getenv)\(["'])?(\w+)["']?\)?\s*(?:==\s*""|is None|===?\s*(?:undefined|null))?\s*\)?\s*[:{]?\s*(?:throw\b|raise\b|process\.exit|log\.Fatal|panic\(|os\.Exit|sys\.exit|logger\.(?:error|fatal)\([^\n]*\n\s*(?:process\.exit|sys\.exit|throw|raise)|console\.error\([^\n]*\n\s*(?:process\.exit|throw))/g,
  ))
    names.add(match[1]!);
  return names;
}
