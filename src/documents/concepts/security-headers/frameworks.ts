import type { Item, Reader } from '../../../model/document.js';
import { argument, entriesOf, findCalls } from '../syntax-text.js';
import { literal, optionsOf, stringsIn, valueOf } from '../syntax-value.js';
import { csp, cspReportOnly, frame, headerItem, hsts, hstsValue, placeAt, referrer, sniff, xss } from './shared.js';

const number = (text: string | undefined, code: string): number | null => {
  const value = text === undefined ? null : valueOf(text, code).value;
  return typeof value === 'number' ? value : null;
};

/** Flask-Talisman, Secweb, `secure`: middleware of Python with its defaults (talisman 1.x, secure 1.x). */
export const python: Reader = {
  name: 'security-headers/python',
  kind: 'security-headers',
  files: { languages: ['python'], roles: ['product'] },
  keywords: ['Talisman', 'SecWeb', 'Secweb', 'import secure', 'from secure'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const call of findCalls(code, /(?<![\w.])Talisman(?=\s*\()|\btalisman\.init_app(?=\s*\()/g)) {
      if (call.name.startsWith('Talisman') && !call.inner.trim() && /\.init_app\(/.test(code)) continue;
      const place = placeAt(source, call.offset);
      const get = (name: string) => argument(call.arguments, name)?.text;
      const isOff = (name: string) => get(name) !== undefined && [false, null].includes(literal(get(name)!) as boolean | null);
      if (isOff('content_security_policy')) items.push(headerItem(place, 'flask-talisman', csp, null, { off: true }));
      else {
        const given = get('content_security_policy');
        const options = given === undefined ? null : optionsOf(given, code);
        const policy =
          given === undefined
            ? "default-src 'self'; object-src 'none'"
            : options
              ? [...options].map(([name, entry]) => `${name} ${stringsIn(entry.text).join(' ')}`).join('; ')
              : (stringsIn(given)[0] ?? null);
        const nonced =
          policy !== null && /script-src/.test(get('content_security_policy_nonce_in') ?? '')
            ? policy.replace(/(script-src [^;]*)/, "$1 'nonce-x'")
            : policy;
        items.push(
          headerItem(
            place,
            'flask-talisman',
            literal(get('content_security_policy_report_only') ?? '') === true ? cspReportOnly : csp,
            nonced,
            { default: given === undefined },
          ),
        );
      }
      if (isOff('strict_transport_security')) items.push(headerItem(place, 'flask-talisman', hsts, null, { off: true }));
      else
        items.push(
          headerItem(
            place,
            'flask-talisman',
            hsts,
            hstsValue(
              number(get('strict_transport_security_max_age'), code) ?? 31556926,
              literal(get('strict_transport_security_include_subdomains') ?? 'True') !== false,
            ),
          ),
        );
      const framing = get('frame_options');
      items.push(
        isOff('frame_options')
          ? headerItem(place, 'flask-talisman', frame, null, { off: true })
          : headerItem(
              place,
              'flask-talisman',
              frame,
              framing === undefined ? 'SAMEORIGIN' : (stringsIn(framing)[0] ?? /DENY|SAMEORIGIN/.exec(framing)?.[0] ?? null),
            ),
      );
      if (!isOff('x_content_type_options')) items.push(headerItem(place, 'flask-talisman', sniff, 'nosniff', { default: true }));
      const policy = get('referrer_policy');
      items.push(
        headerItem(
          place,
          'flask-talisman',
          referrer,
          policy === undefined ? 'strict-origin-when-cross-origin' : (stringsIn(policy)[0] ?? null),
          { default: policy === undefined },
        ),
      );
    }
    for (const call of findCalls(code, /(?<![\w.])(?:SecWeb)(?=\s*\()/g)) {
      const place = placeAt(source, call.offset);
      for (const [header, value] of [
        [csp, "default-src 'self'; frame-ancestors 'self'"],
        [frame, 'DENY'],
        [sniff, 'nosniff'],
        [hsts, hstsValue(432000, true)],
        [xss, '0'],
        [referrer, 'strict-origin-when-cross-origin'],
      ] as const)
        // prettier-ignore
        items.push(headerItem(place, 'secweb', header, value, { default: true }));
    }
    if (/(?:import secure|from secure import)\b/.test(code))
      for (const call of findCalls(
        code,
        /\bSecure(?:\.with_default_headers|\.from_preset)?(?=\s*\()|\bsecure\.Secure(?:\.with_default_headers)?(?=\s*\()/g,
      )) {
        const place = placeAt(source, call.offset);
        for (const [header, value] of [
          [frame, 'SAMEORIGIN'],
          [sniff, 'nosniff'],
          [hsts, hstsValue(31536000, true)],
          [xss, '0'],
          [referrer, 'strict-origin-when-cross-origin'],
        ] as const)
          // prettier-ignore
          items.push(headerItem(place, 'secure', header, value, { default: true }));
        const policy = argument(call.arguments, 'csp')?.text;
        if (policy) items.push(headerItem(place, 'secure', csp, null));
      }
    return { items };
  },
};

/** Spring Security: what HttpSecurity sends by itself, and what `.headers(...)` changes. */
export const spring: Reader = {
  name: 'security-headers/spring',
  kind: 'security-headers',
  files: { languages: ['java', 'kotlin'], roles: ['product'] },
  keywords: ['HttpSecurity'],
  read(source) {
    const { code } = source;
    const chain = /\bSecurity(?:Web)?FilterChain\b[^;{=]{0,120}\(|\bconfigure\s*\(\s*(?:final\s+)?HttpSecurity\b/.exec(code);
    if (!chain) return {};
    const items: Item[] = [];
    const find = (pattern: RegExp) => pattern.exec(code);
    const place = (match: RegExpExecArray | null) => placeAt(source, match?.index ?? chain.index);
    const all = find(/\.headers\s*\(\s*\)\s*\.disable\s*\(|\.headers\s*\(\s*(?:\w+\s*->\s*\w+\.disable\(\)|\w+::disable|[\w.]+::disable)/);
    const off = (name: string) =>
      find(
        new RegExp(
          `\\.?\\b${name}\\s*\\(\\s*(?:\\)\\s*\\.disable\\(|\\w+\\s*->\\s*\\w+\\.disable\\(|[\\w.]+::disable)|${name}\\s*\\{\\s*disable\\(`,
        ),
      );
    const add = (header: string, value: string, disabled: RegExpExecArray | null, changed: RegExpExecArray | null = null) =>
      items.push(
        all || disabled
          ? headerItem(place(all ?? disabled), 'spring-security', header, null, { off: true })
          : headerItem(place(changed), 'spring-security', header, value, { default: !changed }),
      );
    const same = find(/frameOptions[\s\S]{0,80}?(?:sameOrigin|SAMEORIGIN|::sameOrigin)/);
    add(frame, same ? 'SAMEORIGIN' : 'DENY', off('frameOptions'), same);
    add(sniff, 'nosniff', off('contentTypeOptions'));
    const age = find(/maxAgeInSeconds\s*\(\s*(\d[\d_]*)|maxAge\s*\(\s*Duration\.ofDays\(\s*(\d+)/);
    const subdomains = find(/includeSubDomains\s*\(\s*false/i);
    const seconds = age ? (age[1] ? Number(age[1].replaceAll('_', '')) : Number(age[2]) * 86400) : 31536000;
    add(hsts, hstsValue(seconds, !subdomains), off('httpStrictTransportSecurity') ?? off('hsts'), age ?? subdomains);
    add(xss, '0', off('xssProtection'));
    const policy = find(/contentSecurityPolicy\s*\([\s\S]{0,120}?("[^"]*"(?:\s*\+\s*"[^"]*")*|\b[A-Z_]{4,})/);
    if (policy && !all) {
      const named = policy[1]!.startsWith('"') ? policy[1]! : (new RegExp(`\\b${policy[1]!}\\s*=\\s*([^;]+);`).exec(code)?.[1] ?? '');
      const text = stringsIn(named).join(' ');
      items.push(headerItem(place(policy), 'spring-security', /reportOnly\(\)/.test(code) ? cspReportOnly : csp, text || null));
    }
    const refer = find(/referrerPolicy\s*\([\s\S]{0,100}?ReferrerPolicy\.([A-Z_]+)/);
    if (refer && !all) items.push(headerItem(place(refer), 'spring-security', referrer, refer[1]!.toLowerCase().replaceAll('_', '-')));
    return { items };
  },
};

/** unrolled/secure, gin-contrib/secure, Echo's and Fiber's own middleware. */
export const go: Reader = {
  name: 'security-headers/go',
  kind: 'security-headers',
  files: { languages: ['go'], roles: ['product'] },
  keywords: ['secure', 'helmet', 'STSSeconds'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const call of findCalls(code, /\b(?:secure\.(?:Options|Config)|middleware\.SecureConfig|helmet\.Config)/g, '{')) {
      const place = placeAt(source, call.offset);
      const entries = entriesOf(`{${call.inner}}`) ?? new Map();
      const get = (name: string) => (entries.get(name) as { text: string } | undefined)?.text;
      const isTrue = (name: string) => get(name) === 'true';
      const text = (name: string) => (get(name) === undefined ? undefined : stringsIn(get(name)!).join('') || null);
      const technology = call.name.includes('middleware') ? 'echo' : call.name.startsWith('helmet') ? 'fiber' : 'secure';
      if (isTrue('FrameDeny')) items.push(headerItem(place, technology, frame, 'DENY'));
      const framing = text('CustomFrameOptionsValue') ?? text('XFrameOptions');
      if (framing) items.push(headerItem(place, technology, frame, framing));
      if (isTrue('ContentTypeNosniff') || text('ContentTypeNosniff') === 'nosniff')
        items.push(headerItem(place, technology, sniff, 'nosniff'));
      if (isTrue('BrowserXssFilter')) items.push(headerItem(place, technology, xss, '1; mode=block'));
      const filter = text('XSSProtection');
      if (filter) items.push(headerItem(place, technology, xss, filter));
      const age = get('STSSeconds') ?? get('HSTSMaxAge');
      if (age !== undefined) {
        const subdomains = technology === 'secure' ? isTrue('STSIncludeSubdomains') : !isTrue('HSTSExcludeSubdomains');
        const seconds = number(age, code);
        items.push(
          seconds === null
            ? headerItem(place, technology, hsts, null, { subdomains })
            : headerItem(place, technology, hsts, hstsValue(seconds, subdomains)),
        );
      }
      const policy = get('ContentSecurityPolicy');
      if (policy !== undefined && policy !== '""')
        items.push(
          headerItem(
            place,
            technology,
            csp,
            stringsIn(policy).join('') ||
              stringsIn(String(valueOf(policy, code).value ?? '')).join('') ||
              (typeof valueOf(policy, code).value === 'string' ? String(valueOf(policy, code).value) : '') ||
              null,
          ),
        );
      const refer = text('ReferrerPolicy');
      if (refer !== undefined) items.push(headerItem(place, technology, referrer, refer));
    }
    const defaults: [RegExp, string, [string, string][]][] = [
      [/\bmiddleware\.Secure\(\s*\)|\bmiddleware\.SecureWithConfig\(/g, 'echo', [[xss, '1; mode=block'], [sniff, 'nosniff'], [frame, 'SAMEORIGIN']]], // prettier-ignore
      [/\bhelmet\.New\(/g, 'fiber', [[xss, '0'], [sniff, 'nosniff'], [frame, 'SAMEORIGIN'], [referrer, 'no-referrer']]], // prettier-ignore
      [/\bsecure\.(?:New\(\s*secure\.)?DefaultConfig\(\s*\)/g, 'secure', [[frame, 'DENY'], [sniff, 'nosniff'], [xss, '1; mode=block'], [hsts, hstsValue(315360000, true)], [csp, "default-src 'self'"]]], // prettier-ignore
    ];
    for (const [pattern, technology, headers] of defaults)
      for (const match of code.matchAll(pattern))
        for (const [header, value] of headers)
          if (!items.some((i) => i.header === header && i.technology === technology))
            items.push(headerItem(placeAt(source, match.index), technology, header, value, { default: true }));
    return { items };
  },
};

/** ASP.NET Core: UseHsts and AddHsts, NetEscapades, NWebsec. */
export const aspnet: Reader = {
  name: 'security-headers/aspnet',
  kind: 'security-headers',
  files: { languages: ['csharp'], roles: ['product'] },
  keywords: [
    'UseHsts',
    'AddHsts',
    'SecurityHeaders',
    'HeaderPolicyCollection',
    'UseXfo',
    'UseCsp',
    'UseXContentTypeOptions',
    'UseReferrerPolicy',
    'AddFrameOptions',
    'AddContentSecurityPolicy',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const each = (pattern: RegExp, technology: string, make: (m: RegExpMatchArray) => [string, string | null]) => {
      for (const m of code.matchAll(pattern)) {
        const [header, value] = make(m);
        items.push(headerItem(placeAt(source, m.index), technology, header, value));
      }
    };
    const options = /\bAddHsts\s*\(([\s\S]{0,600}?)\)\s*;/.exec(code);
    if (options) {
      const days = /FromDays\(\s*(\d+)/.exec(options[1]!)?.[1];
      const seconds = /FromSeconds\(\s*(\d[\d_]*)/.exec(options[1]!)?.[1];
      items.push(
        headerItem(
          placeAt(source, options.index),
          'aspnet',
          hsts,
          hstsValue(
            days ? Number(days) * 86400 : seconds ? Number(seconds.replaceAll('_', '')) : 2592000,
            /IncludeSubDomains\s*=\s*true/.test(options[1]!),
          ),
        ),
      );
    }
    // The options may stand in another file: the combiner drops this default where they do.
    const used = /\.UseHsts\s*\(\s*\)/.exec(code);
    if (used && !options)
      items.push(
        headerItem({ ...placeAt(source, used.index), variant: 'production' }, 'aspnet', hsts, hstsValue(2592000, false), { default: true }),
      );
    const preset = /\.AddDefault(?:Api)?SecurityHeaders\s*\(|\.UseSecurityHeaders\s*\(\s*\)/.exec(code);
    if (preset) for (const [header, value] of [[frame, 'DENY'], [sniff, 'nosniff'], [hsts, hstsValue(31536000, false)], [xss, '1; mode=block'], [referrer, 'strict-origin-when-cross-origin'], [csp, "object-src 'none'; form-action 'self'; frame-ancestors 'none'"]] as const) items.push(headerItem(placeAt(source, preset.index), 'netescapades', header, value, { default: true })); // prettier-ignore
    each(/\.AddFrameOptions(Deny|SameOrigin)\s*\(/g, 'netescapades', (m) => [frame, m[1]!.toUpperCase()]);
    each(/\.AddContentTypeOptionsNoSniff\s*\(/g, 'netescapades', () => [sniff, 'nosniff']);
    each(/\.AddStrictTransportSecurityMaxAgeIncludeSubDomains(?:AndPreload)?\s*\((?:[^)\n]*?(\d[\d_*\s]*))?\)/g, 'netescapades', (m) => [
      hsts,
      hstsValue(m[1] ? Number(literal(m[1].trim()) ?? 31536000) : 31536000, true),
    ]);
    each(/\.AddReferrerPolicy(\w+?)\s*\(/g, 'netescapades', (m) => [referrer, m[1]!.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()]);
    each(/\.AddContentSecurityPolicy(ReportOnly)?\s*\(/g, 'netescapades', (m) => {
      const body = code.slice(m.index!, m.index! + 3000);
      const scripts = /AddScriptSrc\(\)([^;]*);/.exec(body)?.[1] ?? /AddDefaultSrc\(\)([^;]*);/.exec(body)?.[1] ?? '';
      const sources = [...scripts.matchAll(/\.(Self|None|UnsafeInline|UnsafeEval|WithNonce|StrictDynamic|OverHttps|Data)\(/g)].map(
        (s) =>
          ({
            Self: "'self'",
            None: "'none'",
            UnsafeInline: "'unsafe-inline'",
            UnsafeEval: "'unsafe-eval'",
            WithNonce: "'nonce-x'",
            StrictDynamic: "'strict-dynamic'",
            OverHttps: 'https:',
            Data: 'data:',
          })[s[1]!],
      );
      return [
        m[1] ? cspReportOnly : csp,
        `script-src ${sources.join(' ')}${/AddFrameAncestors\(\)/.test(body) ? "; frame-ancestors 'self'" : ''}`,
      ];
    });
    each(/\.UseXfo\s*\([^;\n]*?\.(Deny|SameOrigin)\(/g, 'nwebsec', (m) => [frame, m[1]!.toUpperCase()]);
    each(/\.UseXContentTypeOptions\s*\(/g, 'nwebsec', () => [sniff, 'nosniff']);
    each(/\.UseReferrerPolicy\s*\([^;\n]*?\.(\w+)\(\s*\)\s*\)/g, 'nwebsec', (m) => [
      referrer,
      m[1]!.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase(),
    ]);
    each(/\.UseCsp\s*\(([\s\S]{0,800}?)\)\s*;/g, 'nwebsec', (m) => [
      csp,
      `script-src ${/ScriptSources\([\s\S]{0,120}?UnsafeInline/.test(m[1]!) ? "'unsafe-inline'" : "'self'"}`,
    ]);
    return { items };
  },
};

/** Traefik labels and dynamic configuration; ingress and gateway options; Terraform of CloudFront. */
export const infrastructure: Reader = {
  name: 'security-headers/infrastructure',
  kind: 'security-headers',
  files: { paths: ['*.yml', '*.yaml', '*.toml', '*.tf', '*.hcl', '*.json'], roles: ['config', 'product', 'other'] },
  keywords: [
    'stsSeconds',
    'frameDeny',
    'contentTypeNosniff',
    'browserXssFilter',
    'contentSecurityPolicy',
    'customFrameOptionsValue',
    'security_headers_config',
    'SecurityHeadersConfig',
    'referrerPolicy',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const each = (pattern: RegExp, technology: string, make: (m: RegExpMatchArray) => Item | [string, string | null]) => {
      for (const m of code.matchAll(pattern)) {
        const made = make(m);
        items.push(Array.isArray(made) ? headerItem(placeAt(source, m.index), technology, made[0], made[1]) : made);
      }
    };
    if (
      /stsSeconds|frameDeny|contentTypeNosniff|browserXssFilter|customFrameOptionsValue|middlewares/i.test(code) &&
      !source.path.endsWith('.tf')
    ) {
      const sep = `["']?\\s*[:=]\\s*["']?`;
      const subdomains = new RegExp(`stsIncludeSubdomains${sep}true`, 'i').test(code);
      each(new RegExp(`\\bstsSeconds${sep}(\\d+)`, 'gi'), 'traefik', (m) => [hsts, hstsValue(Number(m[1]), subdomains)]);
      each(new RegExp(`\\bframeDeny${sep}true`, 'gi'), 'traefik', () => [frame, 'DENY']);
      each(new RegExp(`\\bcustomFrameOptionsValue${sep}([A-Z-]+)`, 'gi'), 'traefik', (m) => [frame, m[1]!]);
      each(new RegExp(`\\bcontentTypeNosniff${sep}true`, 'gi'), 'traefik', () => [sniff, 'nosniff']);
      each(new RegExp(`\\bbrowserXssFilter${sep}true`, 'gi'), 'traefik', () => [xss, '1; mode=block']);
      each(new RegExp(`\\bcontentSecurityPolicy${sep}([^\\n]{8,1500})`, 'gi'), 'traefik', (m) => [csp, m[1]!.replace(/["']?\s*$/, '')]);
      each(new RegExp(`\\breferrerPolicy${sep}([a-z-]+)`, 'gi'), 'traefik', (m) => [referrer, m[1]!]);
    }
    for (const match of code.matchAll(/\bsecurity_headers_config\s*\{/g)) {
      const body = code.slice(match.index, match.index + 3000);
      const place = placeAt(source, match.index);
      if (/content_type_options\s*\{/.test(body)) items.push(headerItem(place, 'cloudfront', sniff, 'nosniff'));
      const framing = /frame_option\s*=\s*"(\w+)"/.exec(body)?.[1];
      if (framing) items.push(headerItem(place, 'cloudfront', frame, framing));
      const age = /access_control_max_age_sec\s*=\s*"?(\d+)/.exec(body)?.[1];
      if (age) items.push(headerItem(place, 'cloudfront', hsts, hstsValue(Number(age), /include_subdomains\s*=\s*true/.test(body))));
      const policy = /content_security_policy\s*=\s*("[^"]*")/.exec(body)?.[1];
      if (policy) items.push(headerItem(place, 'cloudfront', csp, stringsIn(policy)[0] ?? null));
      const refer = /referrer_policy\s*=\s*"([\w-]+)"/.exec(body)?.[1];
      if (refer) items.push(headerItem(place, 'cloudfront', referrer, refer));
      if (/xss_protection\s*\{/.test(body))
        items.push(
          headerItem(
            place,
            'cloudfront',
            xss,
            /mode_block\s*=\s*true/.test(body) ? '1; mode=block' : /protection\s*=\s*false/.test(body) ? '0' : '1',
          ),
        );
    }
    return { items };
  },
};
