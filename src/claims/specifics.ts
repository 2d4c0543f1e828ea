import type { ClaimNumber } from '../model/claims.js';
import { numbersOf } from './marks.js';
import { isCommonTerm } from './terms.js';

/** What a claim names beyond its topic: each of it must be seen before the claim counts as verified. */
export interface Specifics {
  readonly numbers: readonly ClaimNumber[];
  /** Times per period: {value: 5, period: 'minute'}. */
  readonly rates: readonly Rate[];
  /** Versions: 3.12.3, TLS 1.2. */
  readonly versions: readonly string[];
  /** Products; one of each group must be in use. */
  readonly products: readonly (readonly string[])[];
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Addresses of the application: /health. */
  readonly routes: readonly string[];
}

export interface Rate {
  readonly value: number;
  readonly period: string;
}

const rate =
  /(\d[\d,]*)\s*(?:requests?|reqs?|attempts?|times|calls|tries|logins?)?\s*(?:\/|per\s+|an?\s+)\s*(second|sec|minute|min|hour|hr|day|[smhd])s?\b/gi;
const periods: Readonly<Record<string, string>> = {
  s: 'second',
  sec: 'second',
  m: 'minute',
  min: 'minute',
  h: 'hour',
  hr: 'hour',
  d: 'day',
};

/** Rates such as 5/minute, 100 req/min, 10 attempts per hour. */
export function ratesOf(text: string): Rate[] {
  return [...text.slice(0, 2_000).matchAll(rate)].map((match) => {
    const period = match[2]!.toLowerCase();
    return { value: Number(match[1]!.replace(/,/g, '')), period: periods[period] ?? period };
  });
}

const fileName =
  /(?<![\w/.-])(?:\.{0,2}\/)?(?:[\w.@-]+\/)*(?:[\w-][\w.-]*\.(?:md|rst|txt|py|js|ts|tsx|jsx|mjs|cjs|go|rb|java|kt|php|rs|cs|sh|sql|ya?ml|toml|json|ini|cfg|conf|lock|xml|gradle|properties|tf|html)|\.env(?:\.[\w-]+)+|Dockerfile(?:\.[\w-]+)?|Makefile|Procfile|\.(?:dockerignore|gitignore|nvmrc|python-version))(?![\w/-])/g;
const route = /(?<![\w:/.}])\/[a-z0-9_{}:.-]+(?:\/[a-z0-9_{}:.-]+)*\/?(?![\w.])/gi;

/** Files and folders that a text names. */
export const filesOf = (text: string): string[] => [
  ...new Set(
    (text.replace(/https?:\/\/\S+/g, ' ').match(fileName) ?? []).map((name) => name.replace(/^\.{1,2}\//, '').replace(/[.,;]+$/, '')),
  ),
];

/** Folders that a text names: nginx/ssl/, ./data/uploads. */
export const foldersOf = (text: string): string[] =>
  [...text.replace(/https?:\/\/\S+/g, ' ').matchAll(/(?<![\w/.@-])(?:\.\/((?:[\w-]+\/)*[\w-]+)\/?|((?:[\w-]+\/)+))(?![\w./])/g)].map((m) =>
    (m[1] ?? m[2]!).replace(/\/$/, ''),
  );

/** Addresses that a text names: /health, /api/v1. */
export const routesOf = (text: string): string[] => [
  ...new Set(
    (
      text
        .replace(/https?:\/\/[^\s/]+/g, ' ')
        .replace(fileName, ' ')
        .match(route) ?? []
    ).filter((path) => !/^\/\w{1,6}$/.test(path) || /health|ready|live|status|metrics|login|api|docs|admin/i.test(path)),
  ),
];

/** Words of technology titles and ids that are no product by themselves. */
const common = new Set(
  `and for the with python java javascript typescript node nodejs ruby rust php dotnet net jvm go kotlin scala server servers client clients
  library libraries framework http https tls ssl json yaml sql api apis web cloud logging log test tests testing tool tools service services
  docker compose container containers data database databases cache queue mail email auth authentication session sessions cookie cookies
  security secure headers header rate limit limits limiter limiting health check checks metrics monitoring error errors alert alerts app
  application apps code coverage lint linter type types static files file storage backup backups deploy deployment pipeline ci production
  environment variables config configuration settings secret secrets vault key keys token tokens password passwords hash hashing input
  validation validator form forms template templates proxy reverse load balancer gateway cdn dns certificate certificates ssh firewall
  request requests response responses retry timeout async worker workers process manager scheduler cron job jobs task tasks event events
  report reports admin user users guide documentation docs swagger openapi rest graphql websocket websockets real time page pages browser
  image images upload uploads csrf cors csp xss hsts jwt oauth rbac mfa totp orm migration migrations schema model models connection pool
  pooling index transaction transactions replication cluster high availability kubernetes helm terraform git github gitlab actions main
  express click black rich fast open simple core base common standard local remote global system module plugin extension driver adapter
  built-in builtin native express-session best first next last unit integration end performance stress smoke memory resource usage slack
  let encrypt elk stack google amazon aws azure microsoft apache role based access control strict transport content policy frame options`
    .split(/\s+/)
    .filter(Boolean),
);

/** Finds the products that a text names, by the technologies known; `vocabulary` maps a word to technology ids. */
export function productsOf(text: string, vocabulary: ReadonlyMap<string, readonly string[]>): string[][] {
  // What stands behind "e.g." or in a choice are examples, not claims.
  const firm = text
    .replace(/\((?:e\.?g\.?|such as|for example|like|optional|if )[^)]*\)/gi, ' ')
    .replace(/(?:\be\.?g\.?|\bsuch as\b|\bfor example\b|\blike\b).*$/i, ' ');
  const words = [...firm.matchAll(/[\p{L}\p{N}][\p{L}\p{N}.+#-]*/gu)].map((m) => ({ word: m[0].replace(/[.]+$/, ''), at: m.index }));
  const groups: string[][] = [];
  let end = -10;
  for (const { word, at } of words) {
    const name = word.toLowerCase();
    const camel = /^[A-Z][a-z]+[A-Z]\w*$/.test(word) && !isCommonTerm(name);
    if (common.has(name) || (!vocabulary.has(name) && !camel)) continue;
    // Products are written with a capital, or in the way that only names are.
    if (!/[A-Z\d]/.test(word) && !lowerCaseNames.has(name)) continue;
    const between = firm.slice(end, at);
    if (groups.length > 0 && /^\s*(?:\/|,? or|\|)\s*$/.test(between)) groups.at(-1)!.push(name);
    else groups.push([name]);
    end = at + word.length;
  }
  return groups;
}

const lowerCaseNames = new Set([
  'bcrypt',
  'argon2',
  'scrypt',
  'nginx',
  'gunicorn',
  'uvicorn',
  'slowapi',
  'alembic',
  'helmet',
  'zod',
  'pydantic',
  'structlog',
  'loguru',
  'winston',
  'pino',
  'pytest',
  'jest',
  'vitest',
  'mypy',
  'eslint',
  'ruff',
  'redis',
  'postgresql',
  'mysql',
  'mariadb',
  'systemd',
  'supervisor',
  'fail2ban',
  'certbot',
  'logrotate',
  'k6',
  'locust',
  'sentry',
  'prometheus',
  'grafana',
  'loki',
  'celery',
  'traefik',
  'caddy',
  'haproxy',
  'pgbouncer',
  'tenacity',
]);

/** Words of technologies that name products, with the ids of the technologies; `phrases` are those of the checks. */
export function productVocabulary(
  technologies: readonly { readonly id: string; readonly title: string }[],
  phrases: readonly string[],
): Map<string, string[]> {
  const vocabulary = new Map<string, string[]>();
  // Whatever is written small in the phrases of checks is a word of the language, not a name.
  const ordinary = new Set(phrases.flatMap((phrase) => phrase.match(/(?<![\p{L}\p{N}])\p{Ll}[\p{L}\p{N}]*/gu) ?? []));
  const add = (word: string, id: string): void => {
    if (word.length < 2 || common.has(word) || (ordinary.has(word) && !lowerCaseNames.has(word))) return;
    const ids = vocabulary.get(word) ?? [];
    if (!ids.includes(id)) ids.push(id);
    vocabulary.set(word, ids);
  };
  for (const { id, title } of technologies) {
    add(id.split('-')[0]!, id);
    add(id.replace(/-/g, ''), id);
    for (const word of title.match(/[A-Z][\p{L}\p{N}.+#]*/gu) ?? []) add(word.toLowerCase(), id);
  }
  for (const name of lowerCaseNames) if (!vocabulary.has(name)) vocabulary.set(name, []);
  return vocabulary;
}

/** All that a claim names. */
export function specificsOf(text: string, numbers: readonly ClaimNumber[], vocabulary: ReadonlyMap<string, readonly string[]>): Specifics {
  const rates = ratesOf(text);
  return {
    rates,
    versions: versionsOf(text),
    numbers: numbers.filter((n) => !rates.some((r) => r.value === n.value) && !/^(?:files|ports|stages|versions|top)$/.test(n.unit)),
    products: productsOf(text, vocabulary),
    files: filesOf(text),
    folders: foldersOf(text),
    routes: routesOf(text),
  };
}

/** Versions that a text names: with three parts, or behind the name of what has them. */
export const versionsOf = (text: string): string[] => [
  ...new Set(
    [
      ...text.matchAll(
        /(?<![\w.])v?(\d+\.\d+\.\d+)(?![\w.])|\b(?:tls|python|node(?:\.?js)?|java|go|ruby|php|postgres(?:ql)?|mysql|redis|version)[ :v]{1,3}(\d+\.\d+)(?![\w.])/gi,
      ),
    ].map((m) => (m[1] ?? m[2])!),
  ),
];

/** Whether evidence shows a version; another one with as many parts speaks against it. */
export function sightOfVersion(wanted: string, evidence: string): Sight {
  if (new RegExp(`(?<![\\d.])${wanted.replace(/\./g, '\\.')}(?![\\d])`).test(evidence)) return 'same';
  const parts = wanted.split('.').length;
  return parts === 3 && versionsOf(evidence).some((v) => v.split('.').length === parts) ? 'other' : 'none';
}

const sizes: Readonly<Record<string, number>> = { B: 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
/** Sizes in bytes that a text names: 5MB, 5m, 5 * 1024 * 1024, 5242880. */
function sizesOf(text: string): number[] {
  const found = [...text.matchAll(/(?<![\w.])(\d+(?:\.\d+)?)\s*([kmgt])i?b?\b/gi)].map((m) => Number(m[1]) * sizes[m[2]!.toUpperCase()]!);
  for (const m of text.matchAll(/(?<![\w.])(\d+)\s*\*\s*(1024|1000|1_000|1_024)\s*(?:\*\s*(?:1024|1000|1_000|1_024))?/g))
    found.push(Number(m[1]) * (/\*.*\*/.test(m[0]) ? 1e6 : 1e3));
  for (const m of text.matchAll(/(?<![\w.])(\d{1,3}(?:_?\d{3})+|\d{4,})(?![\w.])/g)) found.push(Number(m[1]!.replace(/_/g, '')));
  return found;
}

/** Seen as it stands, seen as another number, or not seen. */
export type Sight = 'same' | 'other' | 'none';

/** Whether evidence shows a rate; another number for the same period speaks against it. */
export function sightOfRate(wanted: Rate, evidence: string): Sight {
  const found = ratesOf(evidence).filter((r) => r.period === wanted.period);
  if (found.some((r) => r.value === wanted.value)) return 'same';
  return found.length > 0 ? 'other' : 'none';
}

const nearWords: Readonly<Record<string, RegExp>> = {
  rounds: /(?:rounds|cost|work[_ ]?factor|salt|gensalt|genSalt|log_rounds)\W{0,12}?(\d+)|(\d+)\s*(?:rounds|iterations)/gi,
  '%': /(?:fail[_-]under|threshold|minimum|coverage|branches|lines|statements|functions)\W{0,14}?(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:%|percent)/gi,
  days: /(?:days|retention|max[_-]?age|mtime)\W{0,12}?(\d+)|(\d+)[\s_-]*(?:days?\b|d\b)/gi,
  connections: /(?:pool_?size|max(?:_connections|Connections|Open|imumPoolSize)?|max_overflow|pool)\W{0,12}?(\d+)|(\d+)\s*connections/gi,
  characters: /(?:min(?:_length|Length|imum)?|length|len\(\w*\))\W{0,12}?(\d+)|(\d+)\s*char/gi,
  replicas: /(?:replicas|instances|scale)\W{0,6}?(\d+)|(\d+)\s*(?:replicas|instances)/gi,
  instances: /(?:replicas|instances|scale)\W{0,6}?(\d+)|(\d+)\s*(?:replicas|instances)/gi,
  workers: /(?:workers|-w|concurrency|processes)\W{0,6}?(\d+)|(\d+)\s*workers/gi,
  tests: /(\d[\d,]*)\s*(?:tests?\b|test functions|test cases)/gi,
  minutes: /(?:minutes)\W{0,6}?(\d+)|(\d+)\s*(?:minutes?|min)\b/gi,
  hours: /(?:hours)\W{0,6}?(\d+)|(\d+)\s*(?:hours?|h)\b/gi,
  seconds: /(?:seconds|timeout)\W{0,6}?(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:seconds?|secs?|s)\b/gi,
};

/** Whether evidence shows a number with its unit; another number of the same kind speaks against it. */
export function sightOfNumber(wanted: ClaimNumber, evidence: string): Sight {
  const text = evidence.slice(0, 8_000).replace(/(\d)_(?=\d{3})/g, '$1');
  const holds = (value: number): boolean =>
    wanted.bound === '<' ? value <= wanted.value : wanted.bound === '>' ? value >= wanted.value : value === wanted.value;
  const size = /^([KMGT])I?B$/.exec(wanted.unit);
  if (size) {
    // 1000 and 1024 are used alike.
    const bytes = wanted.value * sizes[size[1]!]!;
    const seen = sizesOf(text);
    return seen.some((n) => n > bytes * 0.97 && n < bytes * 1.12) ? 'same' : seen.length > 0 ? 'other' : 'none';
  }
  const near = nearWords[wanted.unit];
  const found: number[] = [];
  if (near) for (const match of text.matchAll(near)) found.push(Number((match[1] ?? match[2] ?? '').replace(/,/g, '')));
  else if (wanted.unit !== '') for (const n of numbersOf(text)) if (n.unit === wanted.unit) found.push(n.value);
  if (found.some(holds)) return 'same';
  if (near) return found.length > 0 ? 'other' : 'none';
  const plain = String(wanted.value).replace('.', '\\.');
  if (new RegExp(`(?<![\\d.])${plain}(?![\\d.])`).test(text.replace(/(\d),(\d{3})/g, '$1$2'))) return 'same';
  return found.length > 0 ? 'other' : 'none';
}
