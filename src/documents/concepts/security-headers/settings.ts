import type { Collected, Item, Json } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import { csp, cspReportOnly, frame, headerItem, hsts, hstsValue, referrer, sniff, xss } from './shared.js';

/** Major and minor of a locked or declared version as a number (3.1 is 3.01, 4.2 is 4.02); null where nothing says it. */
export function versionOf(all: Collected, ecosystem: string, name: string): number | null {
  const found = all.items('dependencies').filter((d) => d.ecosystem === ecosystem && d.name === name);
  const best = found.find((d) => typeof d.version === 'string') ?? found.find((d) => /\d/.test(String(d.spec)));
  const match = /(\d+)(?:\.(\d+))?/.exec(String(best?.version ?? best?.spec ?? ''));
  return match ? Number(match[1]) + Number(match[2] ?? 0) / 100 : null;
}

export const majorOf = (all: Collected, ecosystem: string, name: string): number | null => {
  const version = versionOf(all, ecosystem, name);
  return version === null ? null : Math.floor(version);
};

/** Headers that settings of Django and Rails switch on, with the defaults of the version in use. */
export function fromSettings(items: readonly Item[], all: Collected): Item[] {
  const settings = all.items('settings').filter((s) => s.variant === 'base' || s.variant === 'production');
  return [...django(settings, all), ...rails(settings, items, all), ...spring(items, all)];
}

const place = (item: Item) => ({ path: item.path, line: item.line, variant: item.variant as Variant });
const listOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : typeof value === 'string' ? [value] : [];

function django(settings: readonly Item[], all: Collected): Item[] {
  const own = settings.filter((s) => s.framework === 'django');
  const middleware = own.filter((s) => s.key === 'MIDDLEWARE' || s.key === 'MIDDLEWARE_CLASSES');
  const found: Item[] = [];
  const get = (key: string) => own.filter((s) => s.key === key).at(-1);
  const version = versionOf(all, 'pypi', 'django') ?? 5;
  const holder = (name: string) => middleware.find((m) => listOf(m.value).some((v) => v.endsWith(name)) || String(m.text).includes(name));
  const security = holder('SecurityMiddleware');
  if (security) {
    const nosniff = get('SECURE_CONTENT_TYPE_NOSNIFF');
    if (nosniff?.known && nosniff.value === false) found.push(headerItem(place(nosniff), 'django', sniff, null, { off: true }));
    else if (nosniff) found.push(headerItem(place(nosniff), 'django', sniff, 'nosniff'));
    else if (version >= 3) found.push(headerItem(place(security), 'django', sniff, 'nosniff', { default: true }));
    const refer = get('SECURE_REFERRER_POLICY');
    if (refer)
      found.push(
        headerItem(place(refer), 'django', referrer, refer.known ? listOf(refer.value).join(', ') || null : null, {
          off: refer.known === true && refer.value === null,
        }),
      );
    else if (version >= 3.01) found.push(headerItem(place(security), 'django', referrer, 'same-origin', { default: true }));
    const age = get('SECURE_HSTS_SECONDS');
    if (age && !(age.known && age.value === 0)) {
      const subdomains = get('SECURE_HSTS_INCLUDE_SUBDOMAINS');
      const wide = subdomains
        ? subdomains.known
          ? subdomains.value === true || subdomains.value === 'True' || subdomains.value === 'true'
          : true
        : false;
      const seconds =
        typeof age.value === 'number' ? age.value : typeof age.value === 'string' && /^\d+$/.test(age.value) ? Number(age.value) : null;
      // A default of 0 that the environment may raise is no setting yet.
      if (seconds !== 0)
        found.push(
          seconds === null
            ? headerItem(place(age), 'django', hsts, null, { subdomains: wide })
            : headerItem(place(age), 'django', hsts, hstsValue(seconds, wide)),
        );
    }
    const filter = get('SECURE_BROWSER_XSS_FILTER');
    if (filter?.value === true && version < 4) found.push(headerItem(place(filter), 'django', xss, '1; mode=block'));
    const own6 = get('SECURE_CSP');
    if (own6) found.push(headerItem(place(own6), 'django', csp, null));
  }
  const framing = holder('XFrameOptionsMiddleware');
  if (framing) {
    const option = get('X_FRAME_OPTIONS');
    found.push(
      option
        ? headerItem(place(option), 'django', frame, option.known ? String(option.value) : null)
        : headerItem(place(framing), 'django', frame, version >= 3 ? 'DENY' : 'SAMEORIGIN', { default: true }),
    );
  }
  const policy = holder('CSPMiddleware') ?? holder('ContentSecurityPolicyMiddleware');
  if (policy) found.push(...djangoPolicy(own, policy));
  return found;
}

/** django-csp 3 (CSP_SCRIPT_SRC ...) and 4 (CONTENT_SECURITY_POLICY["DIRECTIVES"]). */
function djangoPolicy(own: readonly Item[], middleware: Item): Item[] {
  const report = own.find((s) => s.key === 'CSP_REPORT_ONLY')?.value === true;
  const old = own.filter((s) => /^CSP_\w+_SRC$|^CSP_(?:FRAME_ANCESTORS|BASE_URI|FORM_ACTION)$/.test(String(s.key)));
  const nonces = own.some((s) => s.key === 'CSP_INCLUDE_NONCE_IN' && JSON.stringify(s.value).includes('script-src'));
  const directives = old.map(
    (s) => `${String(s.key).slice(4).toLowerCase().replaceAll('_', '-')} ${s.known ? listOf(s.value).join(' ') : ''}`,
  );
  const fresh = own.filter((s) => /^CONTENT_SECURITY_POLICY(?:_REPORT_ONLY)?\.DIRECTIVES\./.test(String(s.key)));
  for (const s of fresh)
    directives.push(
      `${String(s.key).split('.').at(-1)!} ${
        s.known
          ? listOf(s.value).join(' ')
          : String(s.text)
              .replace(/\bSELF\b/g, "'self'")
              .replace(/\bNONE\b/g, "'none'")
              .replace(/\bNONCE\b/g, "'nonce-x'")
              .replace(/[[\](),]/g, ' ')
      }`,
    );
  if (!directives.length)
    return [
      headerItem(
        place(middleware),
        'django-csp',
        csp,
        own.some((s) => String(s.key).startsWith('CONTENT_SECURITY_POLICY')) ? null : "default-src 'self'",
        { default: true },
      ),
    ];
  const only = report || (fresh.length > 0 && fresh.every((s) => String(s.key).includes('REPORT_ONLY')));
  const text = directives.join('; ');
  return [
    headerItem(
      place(old[0] ?? fresh[0] ?? middleware),
      'django-csp',
      only ? cspReportOnly : csp,
      nonces ? text.replace(/(script-src [^;]*)/, "$1 'nonce-x'") : text,
    ),
  ];
}

function rails(settings: readonly Item[], items: readonly Item[], all: Collected): Item[] {
  const version = versionOf(all, 'gem', 'rails') ?? versionOf(all, 'gem', 'actionpack');
  if (version === null || version < 4) return [];
  const gem = all.items('dependencies').find((d) => d.ecosystem === 'gem' && (d.name === 'rails' || d.name === 'actionpack'))!;
  const own = settings.filter((s) => s.framework === 'rails');
  const at = { path: gem.path, line: gem.line, variant: 'base' as const };
  const written = new Set(
    items
      .filter((i) => i.path.endsWith('.rb') && /default_headers/.test(String(own.find((s) => s.path === i.path)?.key ?? '')))
      .map((i) => i.header),
  );
  const found: Item[] = [];
  const replaced = own.some((s) => s.key === 'config.action_dispatch.default_headers');
  const add = (header: string, value: string) => {
    if (!replaced && !written.has(header)) found.push(headerItem(at, 'rails', header, value, { default: true }));
  };
  add(frame, 'SAMEORIGIN');
  add(sniff, 'nosniff');
  const loaded = own.find((s) => s.key === 'config.load_defaults');
  const defaults = loaded && Number.isFinite(Number(loaded.value)) ? railsVersion(String(loaded.value)) : version;
  add(xss, defaults >= 7 ? '0' : '1; mode=block');
  if (version >= 5.02) add(referrer, 'strict-origin-when-cross-origin');
  const forced = own.find((s) => (s.key === 'config.force_ssl' || s.key === 'config.force_ssl!') && s.value !== false);
  if (forced) {
    const options = own
      .filter((s) => String(s.key).startsWith('config.ssl_options'))
      .map((s) => `${String(s.key)} ${String(s.text)}`)
      .join(' ');
    const seconds = /expires["']?:?\s*(?:=>)?\s*(\d+)\.(year|month|week|day)/.exec(options);
    const unit = { year: 31556952, month: 2629746, week: 604800, day: 86400 }[seconds?.[2] ?? 'year']!;
    const age = seconds ? Number(seconds[1]) * unit : version < 5 ? 31536000 : version < 6.01 ? 15552000 : 63072000;
    const off = /hsts:\s*false/.test(options);
    const wide = /subdomains:\s*false/.test(options) ? false : /subdomains:\s*true/.test(options) || defaults >= 5;
    found.push(
      off ? headerItem(place(forced), 'rails', hsts, null, { off: true }) : headerItem(place(forced), 'rails', hsts, hstsValue(age, wide)),
    );
  }
  return found;
}

const railsVersion = (text: string): number => {
  const [major = '0', minor = '0'] = text.split('.');
  return Number(major) + Number(minor) / 100;
};

/** The starter without a configuration class of its own protects by Spring Boot's default chain. */
function spring(items: readonly Item[], all: Collected): Item[] {
  if (items.some((i) => i.technology === 'spring-security')) return [];
  return all
    .items('dependencies')
    .filter((d) => d.ecosystem === 'maven' && d.name === 'org.springframework.boot:spring-boot-starter-security')
    .flatMap((starter) =>
      (
        [
          [frame, 'DENY'],
          [sniff, 'nosniff'],
          [hsts, hstsValue(31536000, true)],
          [xss, '0'],
        ] as const
      ).map(([header, value]) =>
        // prettier-ignore
        headerItem({ path: starter.path, line: starter.line, variant: 'base' }, 'spring-security', header, value, { default: true }),
      ),
    );
}
