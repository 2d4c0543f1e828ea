import { describe, expect, it } from 'vitest';
import { securityHeadersCombiner, securityHeadersReaders } from '../../../../src/documents/concepts/security-headers/index.js';
import type { Collected, Item } from '../../../../src/model/document.js';
import { concepts } from '../../../../src/model/concepts.js';
import { sourceOf } from '../../../support/source.js';

async function read(path: string, text: string, kinds: Record<string, Item[]> = {}): Promise<Item[]> {
  const source = sourceOf(path, text);
  const items: Item[] = [];
  for (const reader of securityHeadersReaders) {
    const languages = reader.files.languages;
    if (languages && !(source.file.language && languages.includes(source.file.language))) continue;
    if (!reader.keywords?.some((k) => text.toLowerCase().includes(k.toLowerCase()))) continue;
    items.push(...((await reader.read(source)).items ?? []));
  }
  const all: Collected = { items: (kind) => kinds[kind] ?? [], documents: () => [], files: [] };
  return [...securityHeadersCombiner.combine(items, all)];
}
const header = (items: readonly Item[], name: string): Item | undefined => items.find((i) => i.header === name);

describe('security-headers', () => {
  it('reads helmet with its defaults and what is switched off', async () => {
    const items = await read(
      'src/app.js',
      "const helmet = require('helmet');\napp.use(helmet({ frameguard: false, hsts: { maxAge: 60 } }));\n",
    );
    expect(header(items, 'content-security-policy')).toMatchObject({ scripts: "'self'", default: true, line: 2 });
    expect(header(items, 'x-frame-options')).toMatchObject({ off: true });
    expect(header(items, 'strict-transport-security')).toMatchObject({ maxAge: 60, subdomains: true });
    for (const item of items) expect(() => concepts['security-headers'].parse(item)).not.toThrow();
  });

  it('knows that helmet 3 sends no policy', async () => {
    const dependency = { path: 'package.json', line: 3, ecosystem: 'npm', name: 'helmet', spec: '^3.21.0', version: null };
    const items = await read('src/app.js', "const helmet = require('helmet');\napp.use(helmet());\n", { dependencies: [dependency] });
    expect(header(items, 'content-security-policy')).toBeUndefined();
    expect(header(items, 'x-xss-protection')).toMatchObject({ value: '1; mode=block' });
  });

  it('reads lusca as a whole and part by part', async () => {
    const whole = await read(
      'src/app.js',
      "app.use(lusca({ xframe: 'DENY', nosniff: true, xssProtection: false, hsts: { maxAge: 31536000, includeSubDomains: true } }));\n",
    );
    expect(header(whole, 'x-frame-options')).toMatchObject({ value: 'DENY' });
    expect(header(whole, 'strict-transport-security')).toMatchObject({ maxAge: 31536000, subdomains: true });
    expect(header(whole, 'x-xss-protection')).toBeUndefined();
    const parts = await read(
      'src/app.js',
      "app.use(lusca.csrf());\napp.use(lusca.xframe('SAMEORIGIN'));\napp.use(lusca.nosniff());\napp.use(lusca.xssProtection(true));\napp.use(lusca.csp({ policy: { 'default-src': \"'self'\" } }));\n",
    );
    expect(parts.map((i) => [i.header, i.value])).toEqual([
      ['x-frame-options', 'SAMEORIGIN'],
      ['x-content-type-options', 'nosniff'],
      ['x-xss-protection', '1; mode=block'],
      ['content-security-policy', "default-src 'self'"],
    ]);
  });

  it.each([
    ['nginx.conf', 'server {\n  add_header X-Frame-Options "DENY" always;\n}\n', 'DENY'],
    ['vercel.json', '{ "headers": [{ "key": "X-Frame-Options", "value": "DENY" }] }\n', 'DENY'],
    ['netlify.toml', '[headers.values]\nX-Frame-Options = "SAMEORIGIN"\n', 'SAMEORIGIN'],
    ['src/Middleware.php', "<?php\n$response->headers->set('X-Frame-Options', 'SAMEORIGIN');\n", 'SAMEORIGIN'],
    ['middleware.go', 'package web\n\nfunc middleware() {\n\tw.Header().Set("X-Frame-Options", "DENY")\n}\n', 'DENY'],
  ])('reads name and value in %s', async (path, text, value) => {
    expect(header(await read(path, text), 'x-frame-options')).toMatchObject({ value, off: false });
  });

  it('takes neither look-ups, removals nor lists of names for settings', async () => {
    const text =
      "const names = ['X-Frame-Options', 'Content-Type'];\nres.removeHeader('X-Frame-Options');\nres.getHeader('X-Frame-Options');\n";
    expect(await read('src/app.js', text)).toEqual([]);
  });

  it('tells what a single response carries from what all carry', async () => {
    const handler =
      "def download(request):\n    response['Content-Security-Policy'] = \"default-src 'none'; sandbox\"\n    return response\n";
    expect(header(await read('app/views.py', handler), 'content-security-policy')).toMatchObject({ technology: 'response' });
    const middleware =
      "@app.middleware('http')\nasync def headers(request, call_next):\n    response = await call_next(request)\n    response.headers['Content-Security-Policy'] = \"default-src 'self'\"\n";
    expect(header(await read('app/main.py', middleware), 'content-security-policy')).toMatchObject({
      technology: 'application',
      scripts: "'self'",
    });
  });

  it('derives headers of Django from its settings and version', async () => {
    const setting = (key: string, value: unknown, line: number): Item => ({
      path: 'settings.py',
      line,
      framework: 'django',
      key,
      known: true,
      value: value as string,
      env: '',
      text: JSON.stringify(value),
      variant: 'base',
      profile: '',
    });
    const settings = [
      setting('MIDDLEWARE', ['django.middleware.security.SecurityMiddleware'], 1),
      setting('SECURE_HSTS_SECONDS', 31536000, 2),
    ];
    const items = await read('README.md', '', {
      settings,
      dependencies: [{ path: 'requirements.txt', line: 1, ecosystem: 'pypi', name: 'django', spec: '==1.10', version: '1.10' }],
    });
    expect(header(items, 'x-content-type-options')).toBeUndefined();
    expect(header(items, 'strict-transport-security')).toMatchObject({ maxAge: 31536000, subdomains: false, line: 2 });
  });
});
