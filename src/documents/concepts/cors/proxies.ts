import type { Item, Reader } from '../../../model/document.js';
import { anyOrigin, corsItem, noOrigin, patternOrigins, plainOrigins } from './shared.js';

const proxyFiles = [
  '*.conf',
  '*.conf.template',
  '*.conf.j2',
  '*.nginx',
  'nginx*',
  '**/nginx/**',
  '**/sites-available/*',
  '**/sites-enabled/*',
  '.htaccess',
  'Caddyfile*',
];

/** nginx `add_header`, Apache `Header set`, Caddy `header`: Access-Control-Allow-Origin with a literal, a variable or the echoed origin. */
export const proxyHeaders: Reader = {
  name: 'cors/proxy',
  kind: 'cors',
  files: { paths: proxyFiles, roles: ['config', 'other', 'product', 'template'] },
  keywords: ['Access-Control-Allow-Origin'],
  read(source) {
    const { code } = source;
    const credentials = /Access-Control-Allow-Credentials["']?\s+["']?true/i.test(code);
    const items: Item[] = [];
    for (const match of code.matchAll(
      /\b(?:add_header|more_set_headers|Header\s+(?:always\s+)?(?:set|add|append|merge)|header\s*(?:\*|\/\S*)?|\+?)\s*["']?Access-Control-Allow-Origin:?["']?\s+["']?([^"'\s;}]+)/gi,
    )) {
      const value = match[1]!;
      const origins = echoed(value, code);
      items.push(corsItem(source, match.index, 'proxy', origins, { credentials }));
    }
    return { items };
  },
};

/** `*`, `$http_origin` (safe only through a `map` or an `if` on it), or a named origin. */
function echoed(value: string, code: string) {
  if (value === '*') return anyOrigin;
  if (/^\$http_origin|%\{(?:HTTP_)?ORIGIN\}|^\{(?:http\.request\.)?header\.Origin\}/i.test(value)) {
    return /if\s*\(\s*\$http_origin\s*~/i.test(code) || /SetEnvIf\s+Origin/i.test(code)
      ? { ...noOrigin, anyOrigin: null }
      : { ...anyOrigin, reflects: true };
  }
  if (value.startsWith('$')) {
    const map = new RegExp(`map\\s+\\$http_origin\\s+\\${value}\\s*\\{([^}]*)\\}`).exec(code);
    if (!map) return { ...noOrigin, anyOrigin: null };
    const wide = /default\s+["']?(?:\*|\$http_origin)/.test(map[1]!) || /~\*?\s*["']?\.\*/.test(map[1]!);
    return wide
      ? { ...anyOrigin, reflects: true }
      : { ...noOrigin, patterns: [...map[1]!.matchAll(/~\*?\s*["']?([^"'\s;]+)/g)].map((m) => m[1]!) };
  }
  return plainOrigins(value);
}

/** Ingress annotations (ingress-nginx), Traefik labels and dynamic configuration, Spring Cloud Gateway, API Gateway in YAML, application properties of Quarkus and Micronaut. */
export const proxySettings: Reader = {
  name: 'cors/gateway',
  kind: 'cors',
  files: { paths: ['*.yml', '*.yaml', '*.toml', '*.properties', '*.json'], roles: ['config'] },
  keywords: [
    'cors-allow-origin',
    'accessControlAllowOrigin',
    'allowedOrigins',
    'allowed-origins',
    'quarkus.http.cors',
    'enable-cors',
    'allowOrigins',
    'AllowOrigins',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const credentials = /(?:allow-?credentials|accessControlAllowCredentials)["']?\s*[:=]\s*["']?true/i.test(code);
    // ingress-nginx: enable-cors alone means any origin.
    const ingress = /nginx\.ingress\.kubernetes\.io\/enable-cors["']?\s*:\s*["']?true/.exec(code);
    const annotation = /cors-allow-origin["']?\s*:\s*["']?([^"'\n]+)/.exec(code);
    if (ingress) {
      const origins = annotation ? plainOrigins(annotation[1]!.trim()) : anyOrigin;
      const off = /cors-allow-credentials["']?\s*:\s*["']?false/.test(code);
      items.push(corsItem(source, annotation?.index ?? ingress.index, 'ingress-nginx', origins, { credentials: !off }));
    }
    const lists =
      /\b(?:accessControlAllowOriginList(?:Regex)?|allowed-?Origins?(?:-?Patterns)?|quarkus\.http\.cors\.origins|allowOrigins)["']?[ \t]*[:=][ \t]*/gi;
    for (const match of code.matchAll(lists)) {
      const values = listAfter(code.slice(match.index + match[0].length, match.index + match[0].length + 2000));
      if (!values.length) continue;
      const read = values.length === 1 ? /^[$]\{?\{?\s*([\w.]+)(?::-?([^}]*))?\}?\}?$/.exec(values[0]!) : null;
      const regex = /Regex/i.test(match[0]);
      const origins = read
        ? { ...(read[2] === undefined ? { ...noOrigin, anyOrigin: null } : plainOrigins(read[2])), env: read[1]! }
        : regex
          ? patternOrigins(values[0]!)
          : plainOrigins(values);
      items.push(corsItem(source, match.index, 'gateway', origins, { credentials }));
    }
    return { items };
  },
};

/** A value on the line, a flow list, or the `- item` lines that follow. */
function listAfter(text: string): string[] {
  const clean = (s: string) => s.trim().replace(/^["']|["'],?$/g, '').replace(/,$/, ''); // prettier-ignore
  const flow = /^\[([^\]]*)\]/.exec(text);
  if (flow) return flow[1]!.split(',').map(clean).filter(Boolean);
  const first = text.split('\n')[0]!.trim();
  if (first && first !== '|' && first !== '>') return clean(first).split(',').map(clean).filter(Boolean); // prettier-ignore
  const lines: string[] = [];
  for (const line of text.split('\n').slice(1)) {
    const entry = /^\s*-\s+(.+?)\s*$/.exec(line);
    if (!entry) break;
    lines.push(clean(entry[1]!));
  }
  return lines;
}
