import type { ConceptItem } from '../../../model/concepts.js';
import type { Item } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { enclosing } from '../syntax-text.js';
import { literal, valueOf } from '../syntax-value.js';

export type ClientItem = ConceptItem<'http-clients'>;

/** An item in the concept's shape; what is not given is "not said". */
export function clientItem(
  source: Source,
  offset: number,
  technology: string,
  given: Partial<ClientItem> & Pick<ClientItem, 'kind'>,
): Item {
  return {
    path: source.path,
    line: source.at(offset).line,
    frontend: given.frontend ?? inBrowser(source),
    technology,
    kind: given.kind,
    timeout: given.timeout ?? null,
    timeoutSet: given.timeoutSet === undefined ? false : given.timeoutSet,
    defaultTimeout: given.defaultTimeout ?? null,
    retries: given.retries ?? null,
    verify: given.verify ?? null,
    perCall: given.perCall ?? inFunction(source, offset),
    pooled: given.pooled ?? null,
  };
}

const browserCode =
  /\b(?:document|window|localStorage|sessionStorage)\.|(?:from\s*|require\()["'](?:react|react-dom|vue|svelte|@angular\/[\w/]+|preact|solid-js|jquery|@tanstack\/react-query|pinia|vuex|zustand)["']|["']use client["']|import\.meta\.env\.(?:VITE|PUBLIC)_|process\.env\.(?:REACT_APP|VUE_APP|EXPO_PUBLIC)_/;
const serverCode =
  /["']use server["']|["']server-only["']|(?:from\s*|require\()["'](?:express|fastify|koa|hono|node:[\w/]+|fs|path|http|https|@nestjs\/[\w/]+|next\/server|pg|ioredis|mongoose)["']|getServerSideProps|NextResponse/;
const browserFolder =
  /(?:^|\/)(?:app\/javascript|(?:[\w-]+[-_])?(?:frontend|webapp|spa)|client|web-?ui|ui|public|static|assets|www)\/(?!.*(?:\/|^)(?:server|api|functions)\/)/i;

/** Whether a file is part of a browser bundle, by what it uses, then by its folder. */
export function inBrowser(source: Source): boolean {
  if (!['javascript', 'typescript', 'tsx', 'vue', 'svelte'].includes(source.file.language ?? '')) return false;
  if (serverCode.test(source.code) || /(?:^|\/)(?:route|\+server|middleware)\.[jt]s$|(?:^|\/)pages\/api\//.test(source.path)) return false;
  return /\.(?:tsx|jsx|vue|svelte)$/.test(source.path) || browserCode.test(source.code) || browserFolder.test(source.path);
}

/** Whether the Python function around an offset keeps what it returned first: `@st.cache_resource`, `@lru_cache`. */
function cachedPython(code: string, offset: number): boolean {
  const lines = code.slice(0, offset).split('\n');
  let at = lines.findLastIndex((line) => /^\s*(?:async\s+)?def\s/.test(line));
  while (--at >= 0 && /^\s*@/.test(lines[at]!)) if (/cache/i.test(lines[at]!)) return true;
  return false;
}

/** Whether code at an offset runs on every call of a function rather than once when the module is loaded. */
function inFunction(source: Source, offset: number): boolean {
  if (source.file.language === 'python')
    return (
      !cachedPython(source.code, offset) &&
      enclosing(source.code, offset, true).some((h) =>
        /^(?:async\s+)?def\s+(?!__init__|create_|make_|build_|get_client|setup|lifespan)/.test(h),
      )
    );
  const around = enclosing(source.code, offset, false);
  // Made on the first call and kept: `if (!client) client = new X()`, `client ??= new X()`.
  const before = source.code.slice(Math.max(0, offset - 120), offset);
  const kept = /([\w.$]+)\s*=\s*$/.exec(before)?.[1];
  if (/(?:\?\?=|\|\|=)\s*$/.test(before)) return false;
  if (kept !== undefined && [around[0] ?? '', before].some((text) => lazily(text, kept))) return false;
  return around.some(
    (h) =>
      /\bfunction\b|=>\s*$|\bfunc\b|\)\s*(?:throws [\w., ]+)?$|\bfun\s|\bfn\s/.test(h) &&
      !/^(?:if|for|while|switch|catch|try)\b|constructor\s*\(|@Bean|func\s+(?:New|main|init|Init|Create|Make|Setup)\w*\(|\bnew[A-Z]\w*\(/.test(
        h,
      ),
  );
}

/** Whether a condition asks that `name` is not set yet. */
function lazily(text: string, name: string): boolean {
  const at = text.lastIndexOf(name);
  return [...text.matchAll(/\bif\s*\(?\s*(?:!\s*([\w.$]+)|([\w.$]+)\s*={2,3}\s*(?:null|undefined|nil))/g)].some(
    (m) => (m[1] ?? m[2]) === name && m.index <= at,
  );
}

/**
 * A timeout argument in seconds. `unit` is that of plain numbers. Explicitly none (None, 0, -1, false)
 * gives `timeoutSet: false, timeout: 0`, which takes a library's default away; not said gives `timeout: null`. A name or call that
 * can't be resolved is set, of unknown length.
 */
export function timeoutOf(
  text: string | undefined,
  code: string,
  unit: 's' | 'ms',
): { timeoutSet: boolean | null; timeout: number | null } {
  if (text === undefined) return { timeoutSet: false, timeout: null };
  const plain = literal(text) ?? valueOf(text, code).value;
  const value = typeof plain === 'string' && /^\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : plain;
  if (value === null && /^(?:None|null|nil|undefined|false|False)$/.test(text.trim())) return { timeoutSet: false, timeout: 0 };
  if (value === false) return { timeoutSet: false, timeout: 0 };
  if (typeof value === 'number')
    return value > 0 ? { timeoutSet: true, timeout: unit === 'ms' ? value / 1000 : value } : { timeoutSet: false, timeout: 0 };
  if (Array.isArray(value)) {
    const parts = value.filter((v): v is number => typeof v === 'number');
    return parts.length
      ? { timeoutSet: !value.includes(null), timeout: value.includes(null) ? null : Math.max(...parts) }
      : { timeoutSet: true, timeout: null };
  }
  const duration = durationOf(text);
  if (duration !== null) return duration > 0 ? { timeoutSet: true, timeout: duration } : { timeoutSet: false, timeout: 0 };
  return { timeoutSet: true, timeout: null };
}

const units: Record<string, number> = {
  nanosecond: 1e-9,
  microsecond: 1e-6,
  millisecond: 1e-3,
  milli: 1e-3,
  second: 1,
  minute: 60,
  hour: 3600,
  sec: 1,
  ms: 1e-3,
  s: 1,
  m: 60,
};

/** `10 * time.Second`, `Duration.ofSeconds(5)`, `TimeSpan.FromMinutes(1)`, `5, TimeUnit.SECONDS`, `5.seconds`, `ClientTimeout(total=5)`: seconds, or null. */
export function durationOf(text: string): number | null {
  const forms: [RegExp, number, number][] = [
    [/([\d_.]+)\s*\*\s*time\.(\w+?)s?\b/i, 1, 2],
    [/\btime\.(\w+?)s?\s*\*\s*([\d_.]+)/i, 2, 1],
    [/\b(?:Duration\.of|TimeSpan\.From|Duration::from_)(\w+?)s?\s*\(\s*([\d_.]+)/i, 2, 1],
    [/([\d_.]+)L?\s*,\s*(?:TimeUnit|ChronoUnit)\.(\w+?)s?\b/i, 1, 2],
    [/([\d_.]+)\.(\w+?)s?\b/i, 1, 2],
    [/^\s*["']([\d.]+)\s*(ms|s|m)["']/i, 1, 2],
  ];
  for (const [pattern, amount, unit] of forms) {
    const match = pattern.exec(text);
    const factor = match && units[match[unit]!.toLowerCase()];
    if (match && factor) return Number(match[amount]!.replace(/_/g, '')) * factor;
  }
  if (/^\s*time\.Second\b/.test(text)) return 1;
  if (/^\s*time\.Minute\b/.test(text)) return 60;
  const total = /\b(?:ClientTimeout|Timeout)\s*\(\s*(?:(?:total|timeout)\s*=\s*)?([\d.]+)/.exec(text);
  return total ? Number(total[1]) : null;
}

export const off = (text: string | undefined): boolean => text !== undefined && /^(?:False|false|0|nil)$/.test(text.trim());
