import { z } from 'zod';

const cookie = z.object({
  name: z.string().default(''),
  secure: z.boolean().default(false),
  httpOnly: z.boolean().default(false),
  sameSite: z.enum(['', 'strict', 'lax', 'none']).default('').describe("'' where the attribute is missing or means nothing"),
  path: z.string().default(''),
  domain: z.string().default(''),
  persistent: z.boolean().default(false).describe('Has Max-Age or Expires; false lasts until the browser is closed'),
  clears: z.boolean().default(false).describe('Deletes a cookie: an empty value, or an expiry in the past'),
  session: z.boolean().default(false).describe('By its name it carries a session or proves an identity'),
});

const redirect = z.object({
  status: z.number(),
  from: z.string(),
  to: z.string(),
});

const asset = z.object({ url: z.string(), status: z.number().default(0), type: z.string().default(''), kind: z.enum(['script', 'style']) });

/** Facts of one exchange with the application. */
export const httpFacts = z.object({
  url: z.string().default('').describe('The address asked for'),
  final: z.string().default('').describe('The address that answered, after redirects'),
  status: z.number().default(200),
  headers: z.record(z.string(), z.array(z.string())).default({}).describe('Names in lower case, every value that was sent'),
  header: z.record(z.string(), z.string()).default({}).describe('The same, several values joined with a comma'),
  redirects: z.array(redirect).default([]).describe('Redirects before the answer'),
  location: z.string().default('').describe('Where the answer itself redirects to, as an absolute address'),
  type: z.string().default('').describe('Media type without parameters: text/html'),
  body: z.string().default('').describe('Up to 256 kB of the decoded text; empty for other media types'),
  bytes: z.number().default(0).describe('Bytes of the decoded body'),
  sent: z.number().default(0).describe('Bytes of the body as sent'),
  json: z.json().default(null).describe('The body where it is JSON, else null'),
  title: z.string().default('').describe('Of an HTML page'),
  encoding: z.string().default('').describe('gzip, br, deflate, or empty'),
  cookies: z.array(cookie).default([]).describe('Cookies that were set, without their values'),
  ms: z.number().default(0).describe('Milliseconds until the last byte, the connection included'),
  firstByteMs: z.number().default(0).describe('Milliseconds until the first byte of the answer'),
  times: z
    .object({ count: z.number().default(1), p50: z.number().default(0), p95: z.number().default(0), max: z.number().default(0) })
    .prefault({})
    .describe('Milliseconds over several requests, where the question asks for them'),
  words: z.number().default(0).describe('Words of an HTML page that a reader sees'),
  origin: z.string().default('').describe('The foreign origin that was sent, else empty'),
  refused: z.boolean().default(false).describe('The usual port of another scheme is closed; there is no answer then, and status is 0'),
  sameAsUsual: z
    .boolean()
    .default(false)
    .describe('Under another host name: the same page as under its own; status 0 where the connection was closed'),
  secure: z.boolean().default(true).describe('The answer came over HTTPS with a trusted certificate'),
  hsts: z
    .object({ maxAge: z.number().default(0), includeSubDomains: z.boolean().default(false), preload: z.boolean().default(false) })
    .nullable()
    .default(null)
    .describe('Strict-Transport-Security where it is valid, else null'),
  csp: z
    .record(z.string(), z.array(z.string()))
    .nullable()
    .default(null)
    .describe('Content-Security-Policy by directive, sources in lower case; several policies are cut down to what all of them permit'),
  referrerPolicy: z
    .string()
    .default('')
    .describe('Of Referrer-Policy, else of a meta tag: the last value that browsers know, in lower case; empty where there is none'),
  assets: z.array(asset).default([]).describe('Scripts and stylesheets of the page on the same host, where the question asks for them'),
});
export type HttpFacts = z.infer<typeof httpFacts>;
export type Cookie = z.infer<typeof cookie>;

const sessionName =
  /sess|(?:^|[_.-])s?id$|auth|token|jwt|remember|refresh|identity|login|^(?:connect\.sid|laravel_session|phpsessid|jsessionid|asp\.net_sessionid|\.aspnetcore\.(?:identity|cookies)|next-auth|__(?:secure|host)-)/i;
/** Tokens against request forgery and settings are readable by scripts on purpose. */
const noSession = /csrf|xsrf|antiforgery|theme|lang|locale|consent|timezone/i;

/** A Set-Cookie header without its value (RFC 6265, section 5.2: attributes are not case-sensitive, the last one counts). */
export function parseCookie(header: string, now: Date): Cookie {
  const [pair = '', ...rest] = header.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const name = at < 0 ? pair : pair.slice(0, at).trim();
  const value = at < 0 ? '' : pair.slice(at + 1).trim();
  const attributes = new Map(
    rest.map((part) => {
      const equals = part.indexOf('=');
      return equals < 0
        ? ([part.toLowerCase(), ''] as const)
        : ([part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()] as const);
    }),
  );
  const sameSite = attributes.get('samesite')?.toLowerCase() ?? '';
  const maxAge = attributes.get('max-age');
  const expires = attributes.get('expires');
  const expired = maxAge !== undefined ? Number(maxAge) <= 0 : expires !== undefined && Date.parse(expires) <= now.getTime();
  return {
    name: name.slice(0, 200),
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? sameSite : '',
    path: attributes.get('path') ?? '',
    domain: attributes.get('domain') ?? '',
    persistent: maxAge !== undefined || expires !== undefined,
    clears: expired || value === '' || value === '""',
    session: sessionName.test(name) && !noSession.test(name),
  };
}

/** Strict-Transport-Security (RFC 6797, section 6.1); null where max-age is missing or no number. Only the first header counts. */
export function parseHsts(header: string | undefined): HttpFacts['hsts'] {
  if (header === undefined) return null;
  const directives = header.split(';').map((part) => part.trim().toLowerCase());
  const age = directives.map((d) => /^max-age\s*=\s*"?(\d+)"?$/.exec(d)?.[1]).find((d) => d !== undefined);
  if (age === undefined) return null;
  return { maxAge: Number(age), includeSubDomains: directives.includes('includesubdomains'), preload: directives.includes('preload') };
}

/**
 * Content-Security-Policy by directive (CSP Level 3, section 2.2.1): the first occurrence of a directive counts. Of several policies
 * each must permit a source: what only some of them list is left out, a directive that only one has is taken as it is.
 */
export function parseCsp(headers: readonly string[] | undefined): HttpFacts['csp'] {
  const policies = (headers ?? [])
    .flatMap((header) => header.split(','))
    .map(parsePolicy)
    .filter((p) => p.size > 0);
  if (policies.length === 0) return null;
  const joined: Record<string, string[]> = {};
  for (const policy of policies)
    for (const [name, sources] of policy) {
      const known = Object.hasOwn(joined, name) ? joined[name] : undefined;
      joined[name] = known ? intersection(known, sources) : sources;
    }
  return joined;
}

function parsePolicy(text: string): Map<string, string[]> {
  const policy = new Map<string, string[]>();
  for (const directive of text.split(';')) {
    const [name, ...sources] = directive.trim().split(/\s+/);
    if (name && !policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), sources.map(lowered));
  }
  return policy;
}

/** Nonces and hashes tell case apart. */
const lowered = (source: string): string => (/^'(?:nonce|sha\d+)-/i.test(source) ? source : source.toLowerCase());

function intersection(a: readonly string[], b: readonly string[]): string[] {
  const both = a.filter((source) => b.includes(source));
  return both.length > 0 ? both : ["'none'"];
}

const referrerPolicies = new Set([
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
]);

/** The policy in force (Referrer Policy, section 8.1): of several values the last that is known; a meta tag where no header says one. */
export function parseReferrerPolicy(headers: readonly string[] | undefined, html: string): string {
  const known = (text: string): string | undefined =>
    text
      .toLowerCase()
      .split(',')
      .map((value) => value.trim())
      .findLast((value) => referrerPolicies.has(value));
  const tag = /<meta\b[^<>]{0,200}\bname\s*=\s*["']?referrer\b[^<>]{0,200}>/i.exec(html)?.[0];
  const content = tag === undefined ? '' : (/\bcontent\s*=\s*["']?([a-z-]+)/i.exec(tag)?.[1] ?? '');
  return known((headers ?? []).join(',')) ?? known(content) ?? '';
}

/** Scripts and stylesheets that a page names on the host that sent it, at most `max`, each once, in the order of the page. */
export function assetsOf(html: string, page: string, max: number): { url: string; kind: 'script' | 'style' }[] {
  const found = new Map<string, 'script' | 'style'>();
  const base = new URL(page);
  for (const [tag] of html.replace(/<!--[\s\S]{0,20000}?-->/g, '').matchAll(/<(?:script|link)\b[^<>]{0,2000}>/gi)) {
    const script = /^<script/i.test(tag);
    if (!script && !/\brel\s*=\s*["']?(?:stylesheet|modulepreload)/i.test(tag)) continue;
    const target = new RegExp(`\\b${script ? 'src' : 'href'}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag);
    const written = (target?.[1] ?? target?.[2] ?? target?.[3])?.replaceAll('&amp;', '&');
    if (!written || !URL.canParse(written, page)) continue;
    const url = new URL(written, base);
    if (url.origin === base.origin && found.size < max) found.set(url.href, script || /modulepreload/i.test(tag) ? 'script' : 'style');
  }
  return [...found].map(([url, kind]) => ({ url, kind }));
}

/** What a reader sees of an HTML page, white space folded. */
export function visibleText(html: string): string {
  return html
    .replace(/<!--[\s\S]{0,20000}?-->|<(script|style|noscript|template|svg)\b[\s\S]{0,200000}?<\/\1\s*>/gi, ' ')
    .replace(/<[^<>]{0,5000}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The title of an HTML page, white space folded. */
export function titleOf(html: string): string {
  return (/<title[^<>]{0,200}>([^<]{0,500})<\/title/i.exec(html)?.[1] ?? '').replace(/\s+/g, ' ').trim();
}
