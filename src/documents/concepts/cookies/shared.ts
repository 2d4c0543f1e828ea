import type { Item } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import type { Argument } from '../syntax-text.js';
import { variantAt } from '../syntax-variant.js';

/** What a cookie is given, by the names of its settings. */
export type Options = ReadonlyMap<string, { text: string }>;
/** What a library sets where nothing is said; '' for no SameSite. */
export interface Defaults {
  readonly httpOnly: boolean;
  /** null: where the connection is HTTPS. */
  readonly secure: boolean | null;
  readonly sameSite: string;
}

/** Names of cookies that carry an identity; those about forms, tastes and consent do not. */
export const identity = /sess|sid$|^sid|token|auth|jwt|refresh|remember|login|ident/i;
export const harmless = /csrf|xsrf|consent|theme|locale|lang|timezone|redirect|state|nonce|verifier|flash|return/i;
/** Whether a cookie of this name carries an identity; one without a name may. */
export const carries = (name: string) => name === '' || (identity.test(name) && !harmless.test(name));

/** true or false where it is written; true for conditions on the environment (`secure: isProduction`); null else. */
function flag(given: { text: string } | undefined, fallback: boolean | null): boolean | null {
  if (!given) return fallback;
  const text = given.text.trim().replace(/[;,]$/, '');
  if (/^(?:true|True|1)$/.test(text)) return true;
  if (/^(?:false|False|0|nil|None|null|undefined)$/.test(text)) return false;
  // secure: isProduction, Secure: r.TLS != nil, secure: scheme === 'https'; a plain setting may be anything.
  if (
    /^(?!\s*(?:!|not\b)).{0,80}(?:is_?prod|\bprod(?:uction)?\b|is_?https\b|==\s*["']https|\bTLS\s*!=\s*nil)/i.test(text) &&
    !/(?:!==?|\bnot\b)[^=\n]*prod/i.test(text)
  )
    return true;
  return null;
}

function sameSite(given: { text: string } | undefined, fallback: string): string {
  if (!given) return fallback;
  const word = /(lax|strict|none|default)/i.exec(given.text)?.[1]?.toLowerCase();
  if (/^(?:false|False|None|null|undefined|nil)$/.test(given.text.trim())) return '';
  if (/^true$/.test(given.text.trim())) return 'strict';
  if (/\?/.test(given.text)) return 'set';
  return word === 'default' ? '' : (word ?? 'set');
}

/** One cookie, with the flags that are written or the library's own. */
export function item(source: Source, offset: number, technology: string, name: string, options: Options, defaults: Defaults): Item {
  const get = (...names: string[]) => names.map((n) => options.get(n)).find(Boolean);
  return {
    path: source.path,
    line: source.at(offset).line,
    technology,
    name,
    httpOnly: flag(get('httpOnly', 'httponly', 'HttpOnly', 'HTTPOnly', 'http_only'), defaults.httpOnly),
    secure: flag(get('secure', 'Secure', 'https_only'), defaults.secure),
    sameSite: sameSite(get('sameSite', 'samesite', 'SameSite', 'same_site'), defaults.sameSite),
    variant: variantAt(source, offset),
  };
}

/** Of libraries that set nothing by themselves. */
export const off: Defaults = { httpOnly: false, secure: false, sameSite: '' };
/** Named arguments as settings. */
export const asMap = (given: readonly Argument[]): Options => new Map(given.filter((a) => a.name !== '').map((a) => [a.name, a]));
const quoted = (text: string | undefined): string => /^[rbuf]?["'`]([^"'`\n]*)["'`]$/.exec(text?.trim() ?? '')?.[1] ?? '';
/** The words of a constant's name say what it holds: ACCESS_TOKEN_COOKIE. */
export const nameOf = (text: string | undefined): string => quoted(text) || (text?.trim().slice(0, 80) ?? '');
