import type { Item } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { variantAt } from '../syntax-variant.js';

export const csp = 'content-security-policy';
export const cspReportOnly = 'content-security-policy-report-only';
export const frame = 'x-frame-options';
export const sniff = 'x-content-type-options';
export const hsts = 'strict-transport-security';
export const xss = 'x-xss-protection';
export const referrer = 'referrer-policy';

type Place = { path: string; line: number; variant: Variant };
type Rest = { default?: boolean; off?: boolean; maxAge?: number | null; subdomains?: boolean | null };

/** Sources of a directive of a policy; null where the policy doesn't have it. */
export function directive(policy: string, name: string): string | null {
  const found = new RegExp(`(?:^|[;,]|["'])\\s*${name}(?:\\s+([^;]*))?(?=;|$)`, 'i').exec(policy);
  return found ? (found[1] ?? '').trim() : null;
}

/** An item in the concept's shape; sources and ages are read from the value. */
export function headerItem(place: Place, technology: string, header: string, value: string | null, rest: Rest = {}): Item {
  const text = value === null ? null : value.replace(/\s+/g, ' ').trim();
  const policy = header.startsWith(csp) ? text : null;
  const strict = header === hsts ? text : null;
  return {
    path: place.path,
    line: place.line,
    technology,
    header,
    value: text === null ? null : text.slice(0, 1000),
    default: rest.default ?? false,
    off: rest.off ?? false,
    scripts:
      policy === null
        ? null
        : (directive(policy, 'script-src') ?? directive(policy, 'script-src-elem') ?? directive(policy, 'default-src')),
    frameAncestors: policy === null ? null : directive(policy, 'frame-ancestors'),
    maxAge:
      rest.maxAge !== undefined
        ? rest.maxAge
        : strict === null
          ? null
          : Number(/max-age\s*=\s*"?(\d+)/i.exec(strict)?.[1] ?? NaN) || (/max-age\s*=\s*"?0/i.test(strict) ? 0 : null),
    subdomains: rest.subdomains !== undefined ? rest.subdomains : strict === null ? null : /includesubdomains/i.test(strict),
    variant: place.variant,
  };
}

export const placeAt = (source: Source, offset: number): Place => ({
  path: source.path,
  line: source.at(offset).line,
  variant: variantAt(source, offset),
});

/** An HSTS value from its parts. */
export const hstsValue = (maxAge: number, subdomains: boolean): string => `max-age=${maxAge}${subdomains ? '; includeSubDomains' : ''}`;
