import type { z } from 'zod';
import { nearest } from '../safe/nearest.js';

type Path = readonly (string | number)[];

/** One thing wrong in a value, in words a user can act on. `on` says whether the key or the value is to be pointed at. */
export interface Fault {
  readonly path: Path;
  readonly on: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

type Issue = z.core.$ZodIssue;
/** The part of zod's description of a schema that is read here. */
interface Def {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly getter?: () => z.ZodType;
}

/**
 * Validates and turns zod's issues into faults: what was found, what is allowed, the nearest correct word. `whole` is what the value
 * itself is called.
 */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  whole = 'the file',
): { value: T; faults: [] } | { value: null; faults: Fault[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, faults: [] };
  return { value: null, faults: result.error.issues.flatMap((issue) => faultsOf(issue, [], schema, value, whole)) };
}

function faultsOf(issue: Issue, prefix: Path, schema: z.ZodType, root: unknown, whole: string): Fault[] {
  const path = [...prefix, ...(issue.path as Path)];
  const found = valueAt(root, path);
  const missing = found === undefined;
  const key = path.findLast((step) => typeof step === 'string');
  const name = key === undefined ? whole : `\`${String(key)}\``;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = keysAt(schema, path);
      return issue.keys.map((key) => unknownWord('key', key, allowed, [...path, key], 'key'));
    }
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (missing) return [required(path, `one of ${allowed.join(', ')}`)];
      return [
        {
          path,
          on: 'value',
          message: `${show(found)} is not allowed for ${name}`,
          hint: hintOf(String(found), allowed),
        },
      ];
    }
    case 'invalid_type':
      if (missing) return [required(path, article(issue.expected))];
      return [{ path, on: 'value', message: `${name} must be ${article(issue.expected)}, not ${show(found)}` }];
    case 'invalid_union':
      return unionFaults(issue, path, schema, root, found, name, whole);
    case 'invalid_key':
      return [{ path, on: 'key', message: `\`${path.at(-1)}\`: ${issue.issues.map((inner) => inner.message).join('; ')}` }];
    case 'too_small':
      if (issue.origin === 'string')
        return [{ path, on: 'value', message: custom(issue.message) ?? `${name} needs at least ${issue.minimum} characters` }];
      if (issue.origin === 'array')
        return [{ path, on: 'value', message: `${name} needs at least ${issue.minimum} member${issue.minimum === 1 ? '' : 's'}` }];
      return [{ path, on: 'value', message: `${name} must be at least ${issue.minimum}, not ${show(found)}` }];
    case 'too_big':
      return [{ path, on: 'value', message: `${name} must be at most ${issue.maximum}, not ${show(found)}` }];
    default:
      return [
        {
          path,
          on: 'value',
          message: custom(issue.message)
            ? path.length
              ? `${name}: ${issue.message}`
              : issue.message
            : `${show(found)} is not allowed for ${name}`,
        },
      ];
  }
}

/** zod's own wording is replaced by ours; a schema's own wording is kept. */
const custom = (message: string): string | null => (/^(Invalid|Too (small|big)|Unrecognized)/.test(message) ? null : message);

/** The branch that fits best speaks; where none fits by type, the allowed types and words are listed. */
function unionFaults(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  schema: z.ZodType,
  root: unknown,
  found: unknown,
  name: string,
  whole: string,
): Fault[] {
  const branches = issue.errors as readonly Issue[][];
  const deep = branches.find(
    (issues) => issues.length > 0 && issues.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  if (deep) return deep.flatMap((inner) => faultsOf(inner, path, schema, root, whole));
  const words = branches
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_value' && inner.path.length === 0 ? inner.values.map(String) : []));
  const types = branches
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_type' && inner.path.length === 0 ? [article(inner.expected)] : []));
  const wanted = [...words, ...new Set(types)].join(', or ');
  if (found === undefined) return [required(path, wanted)];
  return [
    {
      path,
      on: 'value',
      message: `${name} must be ${wanted}, not ${show(found)}`,
      hint: typeof found === 'string' ? didYouMean(found, words) : undefined,
    },
  ];
}

const required = (path: Path, what: string): Fault => ({
  path: path.slice(0, -1),
  on: 'key',
  message: `\`${path.at(-1)}\` is missing`,
  hint: `it must be ${what}`,
});

/** A word that is in no list of allowed ones. */
export function unknownWord(kind: string, word: string, allowed: readonly string[], path: Path, on: 'key' | 'value'): Fault {
  return { path, on, message: `unknown ${kind} \`${word}\``, hint: hintOf(word, allowed) };
}

/** `did you mean severity? Allowed: ...`; long lists are left out when there is a near word, else cut. */
export function hintOf(word: string, allowed: readonly string[]): string | undefined {
  const near = didYouMean(word, allowed);
  if (allowed.length === 0) return near;
  const list =
    allowed.length <= 14
      ? `allowed: ${allowed.join(', ')}`
      : near
        ? ''
        : `allowed: ${allowed.slice(0, 12).join(', ')} ... (${allowed.length} in all)`;
  return [near, list].filter(Boolean).join(' ') || undefined;
}

export function didYouMean(word: string, allowed: readonly string[]): string | undefined {
  const near = nearest(word, [...allowed]);
  return near === null ? undefined : `did you mean \`${near}\`?`;
}

const article = (type: string): string =>
  ({
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    record: 'a map',
  })[type] ?? type;

/** A value as it may stand in a message: short, on one line. */
export function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = String(value).replace(/\s+/g, ' ');
  return `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return value;
}

const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def;

/** The keys that a map at this path may have, over all branches of unions. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let schemas = unwrap(schema);
  for (const step of path) {
    schemas = schemas.flatMap((inner) => {
      const def = defOf(inner);
      const next =
        def.type === 'object'
          ? def.shape![String(step)]
          : def.type === 'array'
            ? def.element
            : def.type === 'record'
              ? def.valueType
              : undefined;
      return next ? unwrap(next) : [];
    });
  }
  return [...new Set(schemas.flatMap((inner) => Object.keys(defOf(inner).shape ?? {})))];
}

function unwrap(schema: z.ZodType): z.ZodType[] {
  const def = defOf(schema);
  if (def.type === 'lazy') return unwrap(def.getter!());
  if (def.type === 'union') return def.options!.flatMap(unwrap);
  if (def.type === 'pipe') return unwrap(def.in!);
  if (def.innerType) return unwrap(def.innerType);
  return [schema];
}
