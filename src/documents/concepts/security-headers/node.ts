import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { type Argument, findCalls } from '../syntax-text.js';
import { literal, optionsOf, stringsIn } from '../syntax-value.js';
import { csp, cspReportOnly, frame, headerItem, hsts, hstsValue, placeAt, referrer, sniff, xss } from './shared.js';

const codeFiles = { languages: ['javascript', 'typescript', 'tsx'] as const, roles: ['product'] as const };
type Entries = ReadonlyMap<string, Argument> | null;

/** Directives of an object literal as a policy; helmet adds its defaults unless useDefaults is false. */
export function policyOf(text: string, code: string, base: string): string | null {
  const entries = optionsOf(text, code) as Entries;
  if (!entries) return null;
  const given = [...entries]
    .filter(([name]) => name !== 'useDefaults')
    .map(([name, entry]) => {
      const kebab = name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
      return [
        kebab,
        literal(entry.text) === null
          ? null
          : `${kebab} ${stringsIn(entry.text).join(' ') || (/=>|function/.test(entry.text) ? "'nonce-x'" : '')}`,
      ] as const;
    });
  const names = new Set(given.map(([name]) => name));
  const kept = base.split('; ').filter((part) => part && !names.has(part.split(' ')[0]!));
  return [...given.map(([, value]) => value).filter((v) => v !== null), ...kept].join('; ');
}

const helmetPolicy =
  "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'; script-src 'self'; script-src-attr 'none'; style-src 'self' https: 'unsafe-inline'";

/** helmet 4 and later: what is sent without options. Older versions are corrected by the combiner. */
const helmetDefaults: Record<string, string> = {
  [csp]: helmetPolicy,
  [hsts]: hstsValue(15552000, true),
  [frame]: 'SAMEORIGIN',
  [sniff]: 'nosniff',
  [xss]: '0',
  [referrer]: 'no-referrer',
};
const optionOf: Record<string, readonly string[]> = {
  [csp]: ['contentSecurityPolicy'],
  [hsts]: ['hsts', 'strictTransportSecurity'],
  [frame]: ['frameguard', 'xFrameOptions'],
  [sniff]: ['noSniff', 'xContentTypeOptions'],
  [xss]: ['xssFilter', 'xXssProtection'],
  [referrer]: ['referrerPolicy'],
};

function helmetValue(source: Source, at: number, header: string, text: string | undefined, technology: string): Item {
  const place = placeAt(source, at);
  const fallback = helmetDefaults[header]!;
  if (text === undefined || literal(text) === true) return headerItem(place, technology, header, fallback, { default: true });
  if (literal(text) === false) return headerItem(place, technology, header, null, { off: true });
  const options = optionsOf(text, source.code) as Entries;
  if (!options) return headerItem(place, technology, header, null);
  const own = (name: string) => options.get(name)?.text;
  if (header === csp) {
    const directives = own('directives');
    const base = literal(own('useDefaults') ?? '') === false ? '' : helmetPolicy;
    const policy = directives === undefined ? base : policyOf(directives, source.code, base);
    return headerItem(place, technology, literal(own('reportOnly') ?? '') === true ? cspReportOnly : csp, policy);
  }
  if (header === hsts) {
    const age = own('maxAge');
    const seconds = age === undefined ? 15552000 : literal(age);
    const subdomains = literal(own('includeSubDomains') ?? 'true') !== false;
    return typeof seconds === 'number'
      ? headerItem(place, technology, header, hstsValue(seconds, subdomains))
      : headerItem(place, technology, header, null, { subdomains });
  }
  if (header === frame) return headerItem(place, technology, header, String(literal(own('action') ?? '"SAMEORIGIN"') ?? '').toUpperCase());
  if (header === referrer) return headerItem(place, technology, header, stringsIn(own('policy') ?? '"no-referrer"').join(', '));
  return headerItem(place, technology, header, fallback);
}

/** helmet for Express, Fastify, Koa and Nest: the whole set, or its parts one by one. */
export const helmet: Reader = {
  name: 'security-headers/helmet',
  kind: 'security-headers',
  files: codeFiles,
  keywords: ['helmet'],
  read(source) {
    const { code } = source;
    if (!/(?:from|require\(|import\()\s*["'](?:helmet|@fastify\/helmet|fastify-helmet|koa-helmet|elysia-helmet)["']/.test(code)) return {};
    const names = [
      ...code.matchAll(/(?:import\s+(?:\*\s+as\s+)?|(?:const|let|var)\s+)(\w+)\s*(?:=\s*require\(|from)\s*["'](?:@?\w+[/-])?helmet["']/g),
    ].map((m) => m[1]!);
    const items: Item[] = [];
    const whole = (at: number, argument: string | undefined) => {
      const options = argument === undefined ? null : (optionsOf(argument, code) as Entries);
      for (const header of Object.keys(helmetDefaults)) {
        const option = optionOf[header]!.map((name) => options?.get(name)).find(Boolean);
        items.push(helmetValue(source, at, header, option?.text, 'helmet'));
      }
    };
    for (const name of names.length ? names : ['helmet']) {
      for (const call of findCalls(code, new RegExp(`(?<![\\w.$])${name}(?=\\s*\\()`, 'g'))) whole(call.offset, call.arguments[0]?.text);
      for (const call of findCalls(
        code,
        new RegExp(
          `(?<![\\w.$])${name}\\.(?:contentSecurityPolicy|hsts|strictTransportSecurity|frameguard|xFrameOptions|noSniff|xContentTypeOptions|xssFilter|xXssProtection|referrerPolicy)(?=\\s*\\()`,
          'g',
        ),
      )) {
        const part = call.name.slice(call.name.indexOf('.') + 1);
        const header = Object.keys(optionOf).find((h) => optionOf[h]!.includes(part));
        if (header) items.push(helmetValue(source, call.offset, header, call.inner.trim() ? call.inner : undefined, 'helmet'));
      }
    }
    for (const call of findCalls(code, /\.register(?=\s*\()/g))
      if (/helmet/i.test(call.arguments[0]?.text ?? '')) whole(call.offset, call.arguments[1]?.text);
    if (!items.length && names.length) {
      // app.use(helmet) and lists of middleware: as without options.
      const used = new RegExp(`\\.use\\(\\s*${names[0]}\\s*[,)]`).exec(code);
      if (used) whole(used.index, undefined);
    }
    return { items };
  },
};

const luscaParts = ['xframe', 'nosniff', 'xssProtection', 'hsts', 'csp', 'referrerPolicy'];

/** What a part of lusca sends when it is given `text`: an option's value, or the arguments of the part's own function. */
function luscaHeader(source: Source, at: number, part: string, text: string): Item | null {
  const place = placeAt(source, at);
  const options = optionsOf(text, source.code) as Entries;
  const own = (name: string) => options?.get(name)?.text ?? '';
  const quoted = stringsIn(text)[0] ?? null;
  if (part === 'xframe') return headerItem(place, 'lusca', frame, quoted);
  if (part === 'nosniff') return headerItem(place, 'lusca', sniff, 'nosniff');
  if (part === 'referrerPolicy') return headerItem(place, 'lusca', referrer, quoted);
  if (part === 'xssProtection') {
    const on = !options?.has('enabled') || literal(own('enabled')) !== 0;
    return headerItem(place, 'lusca', xss, on ? `1; mode=${stringsIn(own('mode'))[0] ?? 'block'}` : '0');
  }
  if (part === 'hsts') {
    const age = literal(own('maxAge'));
    const subdomains = literal(own('includeSubDomains')) === true;
    return typeof age === 'number'
      ? headerItem(place, 'lusca', hsts, hstsValue(age, subdomains))
      : headerItem(place, 'lusca', hsts, null, { subdomains });
  }
  const header = literal(own('reportOnly')) === true ? cspReportOnly : csp;
  const policy = options?.get('policy')?.text;
  const value = policy?.startsWith('{') ? policyOf(policy, source.code, '') : policy ? stringsIn(policy).join('; ') : quoted;
  return headerItem(place, 'lusca', header, value || null);
}

/** lusca, SvelteKit's kit.csp, nuxt-security, next-safe: other ways of Node.js. */
export const otherNode: Reader = {
  name: 'security-headers/node',
  kind: 'security-headers',
  files: { ...codeFiles, roles: ['product', 'config'] },
  keywords: ['lusca', 'nuxt-security', 'svelte', 'secureHeaders'],
  read(source) {
    const { code, path } = source;
    const items: Item[] = [];
    for (const call of findCalls(code, /(?<![\w.$])lusca(?=\s*\()/g)) {
      const entries = optionsOf(call.arguments[0]?.text ?? '', code) as Entries;
      for (const part of luscaParts) {
        const text = entries?.get(part)?.text;
        const header = text === undefined || literal(text) === false ? null : luscaHeader(source, call.offset, part, text);
        if (header) items.push(header);
      }
    }
    // One protection alone: app.use(lusca.xframe('SAMEORIGIN')).
    for (const call of findCalls(code, new RegExp(`(?<![\\w.$])lusca\\.(?:${luscaParts.join('|')})(?=\\s*\\()`, 'g'))) {
      const header = luscaHeader(source, call.offset, call.name.slice('lusca.'.length), call.inner);
      if (header) items.push(header);
    }
    for (const call of findCalls(code, /(?<![\w.$])secureHeaders(?=\s*\()/g)) {
      // hono/secure-headers: its defaults.
      if (!/hono\/secure-headers/.test(code)) break;
      const place = placeAt(source, call.offset);
      const options = (call.arguments[0] ? optionsOf(call.arguments[0].text, code) : null) as Entries;
      const off = (name: string) => literal(options?.get(name)?.text ?? '') === false;
      for (const [header, option, value] of [
        [frame, 'xFrameOptions', 'SAMEORIGIN'],
        [sniff, 'xContentTypeOptions', 'nosniff'],
        [hsts, 'strictTransportSecurity', hstsValue(15552000, true)],
        [xss, 'xXssProtection', '0'],
        [referrer, 'referrerPolicy', 'no-referrer'],
      ] as const)
        // prettier-ignore
        items.push(off(option) ? headerItem(place, 'hono', header, null, { off: true }) : headerItem(place, 'hono', header, stringsIn(options?.get(option)?.text ?? '')[0] ?? value, { default: !options?.has(option) }));
      const policy = options?.get('contentSecurityPolicy');
      if (policy) items.push(headerItem(place, 'hono', csp, policyOf(policy.text, code, '')));
    }
    const nuxt = /(^|\/)nuxt\.config\.\w+$/.test(path) ? /["']nuxt-security["']/.exec(code) : null;
    if (nuxt) {
      const place = placeAt(source, nuxt.index);
      const off = (name: string) => new RegExp(`\\b${name}\\s*:\\s*false`).test(code);
      for (const [header, option, value] of [
        [csp, 'contentSecurityPolicy', "script-src 'self' https: 'unsafe-inline' 'strict-dynamic' 'nonce-x'; frame-ancestors 'self'"],
        [frame, 'xFrameOptions', 'SAMEORIGIN'],
        [sniff, 'xContentTypeOptions', 'nosniff'],
        [hsts, 'strictTransportSecurity', hstsValue(15552000, true)],
        [xss, 'xXSSProtection', '0'],
        [referrer, 'referrerPolicy', 'no-referrer'],
      ] as const)
        // prettier-ignore
        items.push(off(option) ? headerItem(place, 'nuxt-security', header, null, { off: true }) : headerItem(place, 'nuxt-security', header, value, { default: true }));
    }
    if (/(^|\/)svelte\.config\.\w+$/.test(path)) {
      const found = /\bcsp\s*:\s*\{[\s\S]{0,200}?directives\s*:\s*(\{[\s\S]{0,2000}?\n?\s*\})/.exec(code);
      // SvelteKit adds a nonce or hash for its own inline scripts.
      if (found)
        items.push(
          headerItem(
            placeAt(source, found.index),
            'sveltekit',
            csp,
            `${policyOf(found[1]!, code, '') ?? ''}`.replace(/(script-src [^;]*)/, "$1 'nonce-x'"),
          ),
        );
    }
    return { items };
  },
};
