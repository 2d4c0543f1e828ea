import picomatch from 'picomatch';
import coerce from 'semver/functions/coerce.js';
import satisfies from 'semver/functions/satisfies.js';
import { isPlaceholder, isSecretLikeName } from './redact.js';
import { compileRegex } from './regex.js';

/** Arithmetic between doubles (what JSON holds) and ints (what CEL literals are). */
export const operators: readonly [signature: string, handler: (a: any, b: any) => unknown][] = [
  ...(
    [
      ['+', (a, b) => a + b],
      ['-', (a, b) => a - b],
      ['*', (a, b) => a * b],
      ['/', (a, b) => a / b],
      ['%', (a, b) => a % b],
    ] as [string, (a: number, b: number) => number][]
  ).flatMap(([operator, compute]) =>
    [['double', 'int'], ['int', 'double'], ...(operator === '%' ? [['double', 'double']] : [])].map(
      ([left, right]): [string, (a: any, b: any) => unknown] => [
        `${left} ${operator} ${right}: double`,
        (a: number | bigint, b: number | bigint) => compute(Number(a), Number(b)),
      ],
    ),
  ),
  ['double == int: bool', (a: number, b: bigint) => a === Number(b)],
];

/** Built-in functions of the engine that are replaced: `kind:name` to the name ours is registered under. */
export const renamed: ReadonlyMap<string, string> = new Map([
  ['rcall:matches', '_matchesSafely'],
  ['call:bytes', '_bytesOfQuantity'],
]);

/** What checks may call beside the CEL standard functions; described for authors in checks/README.md. */
export const functions: readonly [signature: string, handler: (...args: any[]) => unknown][] = [
  [
    'string._matchesSafely(string): bool',
    (text: string, pattern: string) => celRegex(pattern, literalPatterns.has(pattern)).test(text.slice(0, 20_000)),
  ],
  ['string.glob(string): bool', glob],
  ['string.glob(list): bool', (text: string, patterns: string[]) => patterns.some((pattern) => glob(text, pattern))],
  ['string.lower(): string', (text: string) => text.toLowerCase()],
  ['string.upper(): string', (text: string) => text.toUpperCase()],
  ['string.replace(string, string): string', (text: string, from: string, to: string) => text.replaceAll(from, to)],
  ['string.semver(string): bool', (version: string, range: string) => inRange(version, range)],
  ['versionAtLeast(dyn, string): bool', (version: unknown, least: string) => inRange(version, `>=${normalise(least)}`)],
  ['seconds(dyn): double', secondsOf],
  ['_bytesOfQuantity(dyn): double', bytesOf],
  ['days(dyn): double', daysOf],
  ['isPlaceholder(dyn): bool', (value: unknown) => value === null || isPlaceholder(String(value))],
  ['isSecretLike(dyn): bool', (name: unknown) => typeof name === 'string' && isSecretLikeName(name)],
  ['any(list): bool', (values: unknown[]) => values.some((value) => value === true)],
  ['distinct(list): list', distinct],
  ['list.distinct(): list', distinct],
  ['list.first(int): list', (values: unknown[], count: bigint | number) => values.slice(0, Number(count))],
  ['list.sum(): double', (values: unknown[]) => values.reduce((sum: number, value) => sum + Number(value), 0)],
];

/** Patterns that stand in expressions; they were verified when their check was loaded. Patterns from data are not among them. */
export const literalPatterns = new Set<string>();

/** Compiled literal patterns, so that a pattern is not taken apart at every call. */
const patterns = new Map<string, RegExp>();

/** CEL patterns are RE2's, where flags stand at the beginning: `(?i)token`. Throws where the pattern is wrong or not safe in time. */
export function celRegex(pattern: string, trusted = false): RegExp {
  const known = trusted ? patterns.get(pattern) : undefined;
  if (known) return known;
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const regex = flags
    ? compileRegex(pattern.slice(flags[0].length), [...new Set(flags[1])].sort().join(''), trusted)
    : compileRegex(pattern, '', trusted);
  if (trusted) patterns.set(pattern, regex);
  return regex;
}

const matchers = new Map<string, (text: string) => boolean>();

function glob(text: string, pattern: string): boolean {
  let matcher = matchers.get(pattern);
  if (!matcher) {
    if (pattern.length > 500) throw new Error('glob pattern is longer than 500 characters');
    matcher = picomatch(pattern, { dot: true });
    matchers.set(pattern, matcher);
  }
  return matcher(text.slice(0, 2000));
}

function distinct(values: unknown[]): unknown[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const key = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? Number(part) : part));
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

/** The first version number in the text (`v3.11-slim` is 3.11.0); throws when there is none, so that nothing is judged on a guess. */
function normalise(version: string): string {
  const found = coerce(version.slice(0, 200));
  if (!found) throw new Error(`no version number in "${version.slice(0, 40)}"`);
  return found.version;
}

function inRange(version: unknown, range: string): boolean {
  if (typeof version !== 'string' && typeof version !== 'number') throw new Error(`not a version: ${String(version)}`);
  return satisfies(normalise(String(version)), range);
}

const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `30s`, `1m30s`, `500ms`, `1.5h`, `2d`, `30` (seconds) or a number to seconds. Throws on anything else. */
export function secondsOf(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    const text = value.trim().slice(0, 100);
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    if (/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w))+$/.test(text)) {
      let total = 0;
      for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/g)) total += Number(number) * SECONDS[unit!]!;
      return total;
    }
  }
  throw new Error(`not a duration: ${value === null ? 'null' : String(value).slice(0, 40)}`);
}

const POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5, e: 6 };

/** `512Mi`, `1G`, `64kb`, `100 MB`, `1024` or a number to bytes; `Ki` is 1024, `k` is 1000 (Kubernetes quantities). Throws on anything else. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    const match = /^(\d+(?:\.\d+)?) ?(?:([kmgtpe])(i?)b?|b)?$/i.exec(value.trim().slice(0, 60));
    if (match) return Number(match[1]) * (match[2] ? (match[3] ? 1024 : 1000) ** POWERS[match[2].toLowerCase()]! : 1);
  }
  throw new Error(`not a quantity of bytes: ${value === null ? 'null' : String(value).slice(0, 40)}`);
}

/** An ISO date or time to days since 1970-01-01, so that `days(today) - days(item.date)` is an age. Throws on anything else. */
export function daysOf(value: unknown): number {
  const time =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value)
      ? Date.parse(value)
      : value instanceof Date
        ? value.getTime()
        : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`not a date: ${value === null ? 'null' : String(value).slice(0, 40)}`);
  return time / 86_400_000;
}
