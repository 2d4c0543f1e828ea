import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { assigned, expressionEnd, stringsIn } from '../syntax-value.js';
import { skipToken } from '../syntax-text.js';
import { csp, frame, headerItem, hsts, placeAt, referrer, sniff, xss } from './shared.js';

const named =
  /(?<![\w-])(Content-Security-Policy(?:-Report-Only)?|X-Frame-Options|X-Content-Type-Options|Strict-Transport-Security|X-XSS-Protection|Referrer-Policy)(?![\w-])/gi;
/** Constants of Java, Rust, Go, .NET and PHP libraries: HttpHeaders.X_FRAME_OPTIONS, header::CONTENT_SECURITY_POLICY, HeaderNames.XFrameOptions. */
const constants =
  /(?:[A-Za-z]\w*(?:\.|::))(CONTENT_SECURITY_POLICY(?:_REPORT_ONLY)?|X_FRAME_OPTIONS|X_CONTENT_TYPE_OPTIONS|STRICT_TRANSPORT_SECURITY|X_XSS_PROTECTION|REFERRER_POLICY|ContentSecurityPolicy(?:ReportOnly)?|XFrameOptions|XContentTypeOptions|StrictTransportSecurity|XXSSProtection|ReferrerPolicy)\b(?!\s*[(.:])/g;

const normal: Record<string, string> = {
  contentsecuritypolicy: csp,
  contentsecuritypolicyreportonly: `${csp}-report-only`,
  xframeoptions: frame,
  xcontenttypeoptions: sniff,
  stricttransportsecurity: hsts,
  xxssprotection: xss,
  referrerpolicy: referrer,
};

/** What a value of the header must look like at least, so that lists of header names and comparisons are no settings. */
const looks: Record<string, RegExp> = {
  [csp]: /-src\b|frame-ancestors|upgrade-insecure-requests|block-all-mixed|sandbox|base-uri/i,
  [`${csp}-report-only`]: /-src\b|frame-ancestors|report-/i,
  [frame]: /deny|sameorigin|allow/i,
  [sniff]: /nosniff/i,
  [hsts]: /max-age/i,
  [xss]: /^\s*["']?[01]/,
  [referrer]: /no-referrer|origin|unsafe-url/i,
};

const taken =
  /(?:remove|unset|delete|hide_header|\bget|\bhas|\bdel|contains|ignore|expose|assert|expect|clear_headers|more_clear)\w*\s*[([\s]?\s*["'`]?$/i;

/**
 * Header name and value written next to each other, whatever the language: `res.setHeader('X-Frame-Options', 'DENY')`,
 * `add_header X-Frame-Options DENY`, `{ key: 'X-Frame-Options', value: 'DENY' }`, `X-Frame-Options: DENY`, `<meta http-equiv>`.
 */
export const plain: Reader = {
  name: 'security-headers/plain',
  kind: 'security-headers',
  files: {
    roles: ['product', 'config', 'template', 'other'],
    except: [
      '**/*.{md,rst,txt,lock,svg,css,po,csv,tsv}',
      '**/package-lock.json',
      '**/*.har',
      '**/{e2e,test,tests,fixtures,__snapshots__}/**',
      '**/*openapi*',
      '**/*swagger*',
      '**/*.tf',
    ],
    variants: ['base', 'production'],
  },
  keywords: [
    'content-security-policy',
    'x-frame-options',
    'x-content-type-options',
    'strict-transport-security',
    'x-xss-protection',
    'referrer-policy',
    'x_frame_options',
    'x_content_type',
    'strict_transport',
    'content_security_policy',
    'referrer_policy',
    'xframeoptions',
    'xcontenttypeoptions',
    'stricttransportsecurity',
  ],
  read(source) {
    const items: Item[] = [];
    for (const match of source.code.matchAll(named)) add(items, source, match.index, match[1]!, match.index + match[0].length);
    if (source.file.language && source.file.language !== 'python' && source.file.language !== 'ruby')
      for (const match of source.code.matchAll(constants)) add(items, source, match.index, match[1]!, match.index + match[0].length);
    return { items };
  },
};

function add(items: Item[], source: Source, offset: number, name: string, end: number): void {
  const { code } = source;
  const header = normal[name.replace(/[-_]/g, '').toLowerCase()];
  if (!header || items.length > 200) return;
  if (taken.test(code.slice(Math.max(0, offset - 40), offset))) return;
  const value = valueAfter(code, end, header);
  if (value === null) return;
  if (value.text !== null && !looks[header]!.test(value.text)) return;
  const technology = technologyOf(source.path);
  // A sandbox without sources is what single downloads are served with, never whole sites.
  const download = /\bsandbox\b/.test(value.text ?? '') && /default-src 'none'/.test(value.text ?? '');
  const single =
    technology === 'application' && source.file.language !== null && !everywhere.test(around(code, offset)) && !global.test(source.path);
  items.push(
    headerItem(
      placeAt(source, offset),
      (single || download) && source.file.language !== 'html' ? 'response' : technology,
      header,
      value.text,
    ),
  );
}

/** Signs that a header goes with every response: middleware, hooks, configuration. Otherwise it belongs to one response. */
const everywhere =
  /middleware|\bnext\s*\(|call_next|(?:after|before)_request|\.use\(|addHook|http\.Handler\b|Handler\s*\{|interceptor|Filter\b|get_response|process_response|headers\s*\(\)|headers:\s*\[|onSend|preHandler|onRequest|\.Use\w*\(|\.layer\(|DefaultHeaders|SetResponseHeader|kernel\.response|default_headers|(?:before|after)_action|ResponseInterceptor|http-equiv|routeRules|defaultHeaders|\bheaders\s*=\s*[[{]/i;
const global =
  /middleware|security|headers?\b|config|(?:^|\/)(?:app|main|server|index)\.\w+$|Program\.cs$|Startup\.cs$|hooks\.server|filter/i;

/** From the start of the function that holds the offset (or 8,000 characters before) to a little behind it. */
function around(code: string, offset: number): string {
  const before = code.slice(Math.max(0, offset - 8000), offset);
  const starts = [
    ...before.matchAll(
      /^(?:\s{0,4}(?:@|async def|def|class|public|private|protected|internal)|func|export|function|const \w+ = (?:async )?\()/gm,
    ),
  ];
  const start = starts.at(-1)?.index ?? 0;
  // Decorators and comments of the function stand right above it.
  return before.slice(Math.max(0, start - 200)) + code.slice(offset, offset + 400);
}

function technologyOf(path: string): string {
  if (/nginx|\.conf\b|sites-(?:available|enabled)/i.test(path)) return 'nginx';
  if (/caddy/i.test(path)) return 'caddy';
  if (/\.htaccess$|apache|httpd/i.test(path)) return 'apache';
  if (/vercel\.json$|netlify\.toml$|_headers$|firebase\.json$|staticwebapp/i.test(path)) return 'platform';
  return /\.ya?ml$|\.toml$/i.test(path) ? 'configuration' : 'application';
}

/** The value that follows a header's name; `text` is null where it is computed, the result is null where nothing is set here. */
function valueAfter(code: string, end: number, header: string): { text: string | null } | null {
  const rest = code.slice(end, end + 4000);
  const pair =
    /^["'`]?\s*[,;]?\s*["']?(?:value|content|headerValue|Value)["']?\s*[:=]\s*/.exec(rest) ??
    /^["'`]?\s*(?:\]|\))?\s*(?:,|=>|:(?!:)|=(?![=~>])|\+=|\()\s*/.exec(rest) ??
    /^["']?[ \t]+(?:always[ \t]+)?(?=["'\w{])/.exec(rest);
  if (!pair) return null;
  const start = end + pair[0].length;
  const before = pair[0];
  const first = code[start];
  if (first === '"' || first === "'" || first === '`') {
    const stop = skipToken(code, start);
    const quoted = code.slice(start + 1, stop - 1);
    const after = code.slice(stop, stop + 3);
    if (!/^\s*[+.]/.test(after) || !/[,(]/.test(before)) return { text: quoted.replace(/\$\{[^}]*\}/g, 'x') };
    return {
      text: stringsIn(code.slice(start, expressionEnd(code, start)))
        .join(' ')
        .replace(/\$\{[^}]*\}/g, 'x'),
    };
  }
  // A YAML block scalar, an unquoted value to the line's end, a constructor around a literal, a name assigned elsewhere in the file.
  const line = /^[^\n;]*/.exec(code.slice(start, start + 2000))![0].trim();
  if (/^[|>][+-]?$/.test(line))
    return {
      text: code
        .slice(start, start + 1500)
        .split('\n')
        .slice(1, 20)
        .join(' '),
    };
  const wanted = looks[header]!;
  if (/^[\w./]+!?\(/.test(line) || /^[[{(]/.test(line)) {
    const text = stringsIn(code.slice(start, expressionEnd(code, start))).join('; ');
    return { text: wanted.test(text) ? text.replace(/\$\{[^}]*\}/g, 'x') : null };
  }
  const name = /^(?:this\.|self\.)?([A-Za-z_$]\w*)\s*[,)\]}]?/.exec(line);
  if (name && /[,=(>]/.test(before)) {
    const found = assigned(code, name[1]!);
    if (found) {
      const strings = stringsIn(found.text)
        .join('; ')
        .replace(/\$\{[^}]*\}/g, 'x');
      return { text: wanted.test(strings) ? strings : null };
    }
    // nginx and YAML take words without quotes; in code a bare name is a computed value.
    if (/[,(]/.test(before)) return { text: null };
  }
  return line
    ? {
        text: code
          .slice(start, start + (header.startsWith(csp) ? 1500 : 200))
          .split('\n')[0]!
          .replace(/[\s;]+$/, '')
          // nginx: sent with errors too
          .replace(/[ \t]+always$/, ''),
      }
    : null;
}
