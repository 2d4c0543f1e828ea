import type { EnvironmentSource } from '../model/environment.js';

/** Replaces every secret that an environment's definition holds, in texts and in JSON values. */
export interface Scrubber {
  text(text: string): string;
  value<T>(value: T): T;
}

const mask = '****';
/** Shorter ones would blot out ordinary words. */
const shortest = 4;
/** Headers whose value is no secret. */
const openHeaders = /^(?:accept|accept-\w+|user-agent|host|origin|referer|content-type|cache-control|x-forwarded-\w+|x-requested-with)$/i;

/** A scrubber for the credentials of an environment: passwords in URLs (as written and decoded), values of headers. */
export function scrubber(source: EnvironmentSource): Scrubber {
  const secrets = secretsOf(source);
  const text = (given: string): string =>
    secrets.reduce((out, secret) => (out.includes(secret) ? out.split(secret).join(mask) : out), given);
  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return text(given);
    if (Array.isArray(given)) return given.map(value);
    if (given && typeof given === 'object')
      return Object.fromEntries(Object.entries(given).map(([key, member]) => [text(key), value(member)]));
    return given;
  };
  return { text, value: <T>(given: T): T => (secrets.length === 0 ? given : (value(given) as T)) };
}

/** Longest first, so that none is masked in part. */
function secretsOf(source: EnvironmentSource): string[] {
  const urls = [source.url, source.postgres, source.mysql, source.redis, source.prometheus].filter((u) => u !== undefined);
  const found = new Set<string>();
  for (const url of urls) for (const secret of passwordsOf(url)) found.add(secret);
  for (const url of urls) for (const secret of basicOf(url)) found.add(secret);
  for (const [name, header] of Object.entries(source.headers ?? {})) {
    if (openHeaders.test(name)) continue;
    found.add(header);
    const token = /^\S+\s+(\S+)$/.exec(header)?.[1];
    if (token) found.add(token);
  }
  const open = new Set([...products, ...urls.flatMap(openParts)]);
  return [...found].filter((s) => s.length >= shortest && !open.has(s)).sort((a, b) => b.length - a.length);
}

/** Names that facts and addresses are full of: a password of the same text would be told by hiding it, and the facts would be lost. */
const products = ['postgres', 'postgresql', 'mysql', 'mariadb', 'redis', 'rediss', 'valkey', 'root', 'default', 'localhost'];

/** What an address says in the open: scheme, user, host and path. */
function openParts(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { protocol, username, hostname, pathname } = new URL(url);
  return [protocol.slice(0, -1), username, hostname, ...pathname.split('/')].filter((part) => part !== '');
}

/** As HTTP sends a name and password, since a server may echo its request. */
function basicOf(url: string): string[] {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  try {
    return username || password ? [btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)] : [];
  } catch {
    return [];
  }
}

function passwordsOf(url: string): string[] {
  const written = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(url)?.[1];
  const password = written?.includes(':') ? written.slice(written.indexOf(':') + 1) : undefined;
  const query = [...url.matchAll(/[?&](?:password|pass|pwd|token|sslpassword|secret|key|api_?key|access_token)=([^&#]+)/gi)].map(
    (m) => m[1] as string,
  );
  return [...(password ? [password] : []), ...query].flatMap((secret) => {
    try {
      return [secret, decodeURIComponent(secret)];
    } catch {
      return [secret];
    }
  });
}
