import type { ConceptItem } from '../../../model/concepts.js';
import type { Item, Json, ReadResult } from '../../../model/document.js';
import type { FileSelector, Role } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';

export type ResultItem = ConceptItem<'results'>;

const roles: Role[] = ['config', 'other', 'docs', 'test', 'script', 'generated', 'product', 'template', 'sample', 'ci'];
export const resultFiles = (...paths: string[]): FileSelector => ({ paths, roles });

/** One result in the concept's shape; what is not given is not known. */
export function resultItem(source: Source, format: ResultItem['format'], given: Partial<ResultItem>): Item {
  return {
    path: source.path,
    line: 1,
    format,
    tests: given.tests ?? null,
    failures: given.failures ?? null,
    skipped: given.skipped ?? null,
    coverage: given.coverage === undefined || given.coverage === null ? null : Math.round(given.coverage * 100) / 100,
    p95Ms: given.p95Ms ?? null,
    errorRate: given.errorRate ?? null,
    findings: given.findings ?? null,
    date: given.date ?? null,
  };
}

/** The attributes of an XML start tag, entities left as they are. */
export function attributesOf(tag: string): Record<string, string> {
  return Object.fromEntries([...tag.matchAll(/([\w:-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map((m) => [m[1]!, m[2] ?? m[3]!]));
}

export const numberOf = (value: unknown): number | null => {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
};

/** An ISO date and time from text or an epoch (seconds or milliseconds); null for anything else. */
export function dateOf(value: unknown): string | null {
  const number = numberOf(value);
  const date =
    number !== null && number > 1e9
      ? new Date(number > 1e11 ? number : number * 1000)
      : typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value)
        ? new Date(/(?:Z|[+-]\d{2}:?\d{2})$/.test(value) || !value.includes('T') ? value : `${value}Z`)
        : null;
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
}

/** JSON of a report, or a problem that says which report can't be read. */
export function parsed(source: Source, use: (root: { [key: string]: Json }) => Item | null): ReadResult {
  let root: unknown;
  try {
    root = JSON.parse(source.text);
  } catch {
    return { problems: [{ path: source.path, line: 1, message: 'not valid JSON' }] };
  }
  const item = root && typeof root === 'object' && !Array.isArray(root) ? use(root as { [key: string]: Json }) : null;
  return item ? { items: [item] } : {};
}

/** A member of plain data by path, undefined where there is none. */
export function member(root: Json | undefined, ...path: string[]): Json | undefined {
  let value: Json | undefined = root;
  for (const key of path)
    value = value && typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}
