import type { Item, Json, Value } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { maskSecrets, isPlaceholder, isSecretLikeName } from '../../../safe/redact.js';
import { placeholderRead } from '../syntax-value.js';

/** Passwords that ship with software and are no secret to anybody: kept readable, since checks compare with them. */
const wellKnown =
  /^(?:postgres|password|passw0rd|root|admin|admin123|administrator|guest|test|secret|changeme|change-me|changethis|example|default|minioadmin|mysql|redis|123456|12345678|qwerty|letmein)$/i;

/**
 * A value that may stand in items and reports: a secret becomes as many bullets as it has characters, so that its length
 * can still be judged; placeholders and well-known default passwords stay, passwords in URLs are masked.
 */
export function maskedValue(name: string, value: string): string {
  // env('APP_SECRET', false): no secret, and checks must see so.
  if (/^(?:true|false|null|none|nil|undefined)$/i.test(value)) return value;
  if (!isSecretLikeName(name, value) || isPlaceholder(value) || wellKnown.test(value)) return maskSecrets(value);
  if (/^[a-z][\w+.-]*:\/\//i.test(value)) return maskSecrets(value);
  return '•'.repeat(value.length);
}

/** A settings item; literal secrets are masked in `value` and `text`. */
export function settingItem(
  path: string,
  line: number,
  framework: string,
  key: string,
  value: Value,
  variant: Variant,
  profile = '',
): Item {
  const last = key.split(/[.:]/).pop() ?? key;
  const masked = typeof value.value === 'string' ? maskedValue(last, value.value) : value.value;
  const hidden = masked !== value.value;
  const text = hidden ? String(masked) : maskSecrets(value.text).slice(0, 200);
  return { path, line, framework, key, known: value.known, value: masked, env: value.env, text, variant, profile };
}

export const literalValue = (value: Json, text = typeof value === 'string' ? value : JSON.stringify(value)): Value => ({
  known: true,
  value,
  env: '',
  text: text.slice(0, 200),
});
export const unknownValue = (text: string, env = ''): Value => ({ known: false, value: null, env, text: text.trim().slice(0, 200) });

/** 'true', '8080' and the like as what they mean, as every configuration format but JSON leaves to the reader. */
export function scalar(text: string): Json {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : text;
}

/** `${NAME:default}` and texts with several such parts (`jdbc:postgresql://${HOST:localhost}/x`): filled where all have defaults. */
export function placeholderValue(value: Json): Value {
  if (typeof value !== 'string' || !value.includes('${')) return literalValue(value);
  const whole = placeholderRead(value);
  if (whole)
    return { known: whole.fallback !== null, value: whole.fallback === null ? null : scalar(whole.fallback), env: whole.name, text: value };
  let known = true;
  let env = '';
  const filled = value.replace(/\$\{\s*([\w.-]+)\s*(?::-?([^{}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
    env ||= name;
    if (fallback === undefined) known = false;
    return fallback ?? '';
  });
  return { known, value: known ? filled : null, env, text: value };
}

/** Leaves of nested plain data as flat keys; empty maps and lists of scalars are leaves themselves. */
export function flatten(
  value: Json,
  join: (path: string, key: string | number) => string,
  path = '',
  location: readonly (string | number)[] = [],
): { key: string; value: Json; location: readonly (string | number)[] }[] {
  const isLeaf =
    value === null ||
    typeof value !== 'object' ||
    (Array.isArray(value) ? value.every((m) => m === null || typeof m !== 'object') : Object.keys(value).length === 0);
  if (isLeaf) return path ? [{ key: path, value, location }] : [];
  const entries: [string | number, Json][] = Array.isArray(value) ? value.map((member, i) => [i, member]) : Object.entries(value);
  return entries.flatMap(([key, member]) => flatten(member, join, path === '' ? String(key) : join(path, key), [...location, key]));
}

export const dotted = (path: string, key: string | number): string => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${key}`);

/** The variant that an environment's or profile's name stands for; null where the name says nothing. */
export function variantOfName(name: string): Variant | null {
  if (/^(?:prod(?:uction)?|live|prd)(?:[-_].*)?$/i.test(name) || /(?:^|[-_])prod(?:uction)?$/i.test(name)) return 'production';
  if (/^(?:stag(?:e|ing)|uat|preprod|qa)$/i.test(name)) return 'staging';
  if (/^(?:dev(?:el(?:opment)?)?|local(?:host|dev)?|debug|default-dev)$/i.test(name)) return 'development';
  return /^(?:tests?|testing|ci|it|integration(?:-?tests?)?|e2e)$/i.test(name) ? 'test' : null;
}

export const lineOf = (source: Source, offset: number): number => source.at(offset).line;
