import type { Json, Reader } from '../../model/document.js';
import { parseYaml } from '../../safe/yaml.js';
import { documentOf, isRecord, linedDocument } from '../json.js';
import type { Directive } from './nginx.js';

/** Caddy, Apache httpd, HAProxy in the same tree of directives as nginx; Traefik's files as written. */

const variants = ['base', 'production', 'staging', 'template'] as const;
const roles = ['config', 'script', 'product', 'template', 'other'] as const;
const maxDepth = 40;

/** Splits at white space; quotes hold words together. */
const wordsOf = (line: string): string[] => [...line.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3]!);

/** A Caddyfile: one directive a line, blocks in braces at line ends. */
export function parseCaddy(text: string): Directive[] {
  const root: Directive[] = [];
  const stack: Directive[][] = [root];
  text.split('\n').forEach((raw, i) => {
    const line = raw.replace(/(^|\s)#.*$/, '$1').trim();
    if (line === '') return;
    if (line === '}') {
      if (stack.length > 1) stack.pop();
      return;
    }
    const opens = /(?:^|\s)\{$/.test(line);
    const [directive = '', ...args] = wordsOf(opens ? line.slice(0, -1).trim() : line);
    const block: Directive[] | null = opens ? [] : null;
    stack.at(-1)!.push({ directive, args, line: i + 1, block });
    if (block && stack.length < maxDepth) stack.push(block);
  });
  return root;
}

/** Apache httpd: `<Section args>` ... `</Section>` and one directive a line. */
export function parseApache(text: string): Directive[] {
  const root: Directive[] = [];
  const stack: Directive[][] = [root];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const first = i + 1;
    let line = lines[i]!;
    while (line.endsWith('\\') && i + 1 < lines.length) line = line.slice(0, -1) + lines[++i]!;
    line = line.trim();
    if (line === '' || line.startsWith('#')) continue;
    const close = line.startsWith('</');
    const open = /^<(\w+)\s*([^>]*)>/.exec(line);
    if (close) {
      if (stack.length > 1) stack.pop();
    } else if (open) {
      const block: Directive[] = [];
      stack.at(-1)!.push({ directive: open[1]!, args: wordsOf(open[2]!), line: first, block });
      if (stack.length < maxDepth) stack.push(block);
    } else {
      const [directive = '', ...args] = wordsOf(line);
      stack.at(-1)!.push({ directive, args, line: first, block: null });
    }
  }
  return root;
}

const haproxySection = /^(?:global|defaults|frontend|backend|listen|userlist|resolvers|peers|cache|program|http-errors)\b/;

/** HAProxy: sections named by a keyword, each with one directive a line. */
export function parseHaproxy(text: string): Directive[] {
  const root: Directive[] = [];
  text.split('\n').forEach((raw, i) => {
    const line = raw.replace(/(^|\s)#.*$/, '$1').trim();
    if (line === '') return;
    const [directive = '', ...args] = wordsOf(line);
    const item: Directive = { directive, args, line: i + 1, block: null };
    if (haproxySection.test(line)) root.push({ ...item, block: [] });
    else (root.at(-1)?.block ?? root).push(item);
  });
  return root;
}

function treeReader(
  kind: string,
  paths: readonly string[],
  keywords: readonly string[] | undefined,
  parse: (text: string) => Directive[],
  fits: (text: string) => boolean,
): Reader {
  return {
    name: `format/${kind}`,
    kind,
    files: { paths, roles, variants },
    ...(keywords ? { keywords } : {}),
    read: (source) => (fits(source.text) ? { documents: [linedDocument(kind, source.path, parse(source.text) as unknown as Json)] } : {}),
  };
}

/** Static and dynamic configuration of Traefik in YAML, as written. */
const traefik: Reader = {
  name: 'format/traefik',
  kind: 'traefik',
  files: { paths: ['*traefik*.yml', '*traefik*.yaml', '**/*traefik*/**/*.yml', '**/*traefik*/**/*.yaml'], roles, variants },
  keywords: ['entrypoints', 'routers', 'middlewares', 'certificatesresolvers'],
  read(source) {
    const { documents, problems } = parseYaml(source.text);
    const found = documents.filter(
      (d) =>
        isRecord(d.value) &&
        ['entryPoints', 'entrypoints', 'http', 'tls', 'tcp', 'certificatesResolvers', 'providers'].some((key) =>
          Object.hasOwn(d.value as object, key),
        ),
    );
    return {
      documents: found.map((d) => documentOf('traefik', source.path, d.value, d.place)),
      problems: problems.map((p) => ({ path: source.path, ...p })),
    };
  },
};

export const proxies: readonly Reader[] = [
  treeReader('caddy', ['Caddyfile', 'Caddyfile.*', '*.caddyfile', '*.Caddyfile'], undefined, parseCaddy, () => true),
  treeReader(
    'apache',
    ['httpd*.conf', 'apache*.conf', '.htaccess', '**/apache*/**/*.conf', '**/sites-available/*', '*.conf'],
    ['<virtualhost', '<ifmodule', 'rewriterule', 'proxypass', '<directory'],
    parseApache,
    (text) =>
      /^\s*(?:<(?:VirtualHost|Directory|IfModule|Location|Files|Proxy)\b|RewriteRule\s|ProxyPass\s|Header\s+(?:always\s+)?set\s)/im.test(
        text,
      ),
  ),
  treeReader(
    'haproxy',
    ['haproxy*.cfg', '**/haproxy/**/*.cfg', 'haproxy*.cfg.{j2,template}'],
    ['frontend', 'backend', 'listen'],
    parseHaproxy,
    (text) => /^(?:frontend|backend|listen)\s/m.test(text),
  ),
  traefik,
];
