import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTechnologies } from '../../src/checklist/load-checks.js';
import { detectTechnologies, possibleTechnologies, technologyQueries } from '../../src/inventory/technologies.js';
import type { Technology } from '../../src/model/check.js';
import type { Item } from '../../src/model/document.js';
import { queryKey } from '../../src/model/facts.js';
import type { FileInfo } from '../../src/model/file.js';
import type { View } from '../../src/model/probe.js';
import type { Match, Query } from '../../src/model/query.js';

const folder = new URL('../../checks/technologies/', import.meta.url);
const builtIn = loadTechnologies(folder.pathname);

const dependency = (ecosystem: string, name: string, more: object = {}): Item => ({
  path: 'manifest', line: 3, ecosystem, name, spec: '', version: null, scope: 'runtime', source: 'manifest', ...more,
}); // prettier-ignore
const imported = (language: string, module: string, role = 'product'): Item => ({ path: 'src/a', line: 1, language, module, role });
const workload = (image: string, more: object = {}): Item => ({
  path: 'compose.yml',
  line: 5,
  name: 's',
  image,
  optIn: false,
  production: true,
  ...more,
});

function view(items: Record<string, Item[]>, matches: readonly [Query, Match[]][] = []): View {
  const byKey = new Map(matches.map(([query, found]) => [queryKey(query), found]));
  return { items: (kind: string) => items[kind] ?? [], matches: (query: Query) => byKey.get(queryKey(query)) ?? [] } as unknown as View;
}

const ids = (items: Record<string, Item[]>, technologies: readonly Technology[] = builtIn) =>
  detectTechnologies(technologies, view(items)).map((t) => t.id);

function technology(more: Partial<Technology>): Technology {
  return {
    id: 'x',
    title: 'X',
    kind: 'library',
    provides: [],
    dependencies: [],
    imports: [],
    referenced: 'required',
    files: [],
    text: [],
    images: [],
    ...more,
  };
}

describe('a library', () => {
  it('is in use when it is declared for run time and imported by product code', () => {
    expect(ids({ dependencies: [dependency('pypi', 'fastapi')], imports: [imported('python', 'fastapi.routing')] })).toEqual(['fastapi']);
  });
  it.each([
    ['declared only', [dependency('pypi', 'slowapi')], []],
    ['imported by tests only', [dependency('pypi', 'slowapi')], [imported('python', 'slowapi', 'test')]],
    ['declared for development only', [dependency('pypi', 'slowapi', { scope: 'dev' })], [imported('python', 'slowapi')]],
    ['imported, but not declared', [dependency('pypi', 'flask')], [imported('python', 'slowapi')]],
    ['imported in another language', [dependency('pypi', 'redis'), dependency('npm', 'left-pad')], [imported('javascript', 'redis')]],
  ])('is not in use when %s', (_, dependencies, imports) => {
    expect(ids({ dependencies, imports })).toEqual([]);
  });
  it('is told by its import where there is no manifest of the ecosystem', () => {
    expect(ids({ dependencies: [dependency('npm', 'left-pad')], imports: [imported('python', 'streamlit')] })).toEqual(['streamlit']);
  });
  it('is known by the name that is imported', () => {
    expect(ids({ dependencies: [dependency('pypi', 'pyjwt')], imports: [imported('python', 'jwt')] })).toEqual(['pyjwt']);
    expect(
      ids({ dependencies: [dependency('go', 'github.com/gofiber/fiber/v2')], imports: [imported('go', 'github.com/gofiber/fiber/v2')] }),
    ).toContain('fiber');
  });
  it('is in use by its declaration where it registers itself', () => {
    expect(ids({ dependencies: [dependency('gem', 'sidekiq')] })).toEqual(['sidekiq']);
    expect(ids({ dependencies: [dependency('maven', 'org.springframework.boot:spring-boot-starter-actuator')] })).toEqual([
      'spring-actuator',
      'spring-boot',
    ]);
    expect(ids({ dependencies: [dependency('maven', 'com.auth0:java-jwt')] })).toEqual([]);
  });
  it('is not in use because something else depends on it', () => {
    const locked = dependency('gem', 'rack-cors', { source: 'lock' });
    expect(ids({ dependencies: [dependency('gem', 'pg'), locked] })).toEqual(['pg-ruby']);
    expect(ids({ dependencies: [locked] })).toEqual(['rack-cors']);
  });
  it('of a standard library shows by its import in that language', () => {
    expect(ids({ imports: [imported('python', 'smtplib')] })).toEqual(['smtplib']);
    expect(ids({ imports: [imported('javascript', 'smtplib')] })).toEqual([]);
  });
  it('is referred to by a setting that names it', () => {
    const one = technology({ dependencies: ['pypi:django-axes'], imports: ['axes'], text: [{ pattern: `'axes'`, languages: ['python'] }] });
    const query = technologyQueries([one]).find((q) => q.type === 'text') as Query;
    const hit: [Query, Match[]][] = [[query, [{ path: 'settings.py', line: 9, excerpt: `'axes',`, captures: {} }]]];
    expect(detectTechnologies([one], view({ dependencies: [dependency('pypi', 'django-axes')] }, hit))[0]?.rung).toBe('configured');
    expect(detectTechnologies([one], view({ dependencies: [dependency('pypi', 'django')] }, hit))).toEqual([]);
  });
});

describe('tools, servers, front ends', () => {
  it('tools and front ends count from development dependencies', () => {
    expect(
      ids({
        dependencies: [
          dependency('npm', 'eslint', { scope: 'dev' }),
          dependency('npm', 'svelte', { scope: 'dev' }),
          dependency('npm', 'express', { scope: 'dev' }),
        ],
      }),
    ).toEqual(['eslint', 'svelte']);
  });
  it.each([
    'postgres:17',
    'docker.io/library/postgres:17-alpine',
    'registry.example.com:5000/postgis/postgis@sha256:00',
    'public.ecr.aws/docker/library/postgres',
  ])('a server by its image %s', (image) => {
    expect(ids({ workloads: [workload(image)] })).toEqual(['postgresql']);
  });
  it('not by an image that only holds its name, is optional, or runs in development', () => {
    expect(
      ids({
        workloads: [workload('acme/postgres-client:1'), workload('postgres:17', { optIn: true }), workload('redis', { production: false })],
      }),
    ).toEqual([]);
  });
  it('a platform by its file', () => {
    const one = technology({ id: 'fly', kind: 'platform', files: ['fly.toml'] });
    const query = technologyQueries([one]).find((q) => q.type === 'files') as Query;
    expect(detectTechnologies([one], view({}, [[query, [{ path: 'fly.toml', excerpt: '', captures: {} }]]]))).toMatchObject([
      { id: 'fly', rung: 'present', evidence: [{ location: { path: 'fly.toml' } }] },
    ]);
  });
});

describe('possibleTechnologies', () => {
  const files = ['app/main.py', 'fly.toml'].map(
    (path) => ({ path, size: 1, role: 'product', language: path.endsWith('.py') ? 'python' : null, variant: 'base' }) as FileInfo,
  );
  it('keeps what manifests and files show, and what they cannot rule out', () => {
    const possible = possibleTechnologies(builtIn, [dependency('pypi', 'fastapi', { scope: 'dev' })], files);
    for (const id of ['fastapi', 'fly', 'smtplib', 'postgresql', 'node-http']) expect(possible).toContain(id);
    for (const id of ['flask', 'express', 'netlify', 'terraform']) expect(possible).not.toContain(id);
  });
  it('keeps every technology of a language without a manifest', () => {
    const possible = possibleTechnologies(builtIn, [], files);
    expect(possible).toContain('flask');
    expect(possible).not.toContain('express');
  });
});

describe('the built-in technologies', () => {
  const documented = new Set(
    readFileSync(new URL('README.md', folder), 'utf8')
      .split('## Capabilities')[1]
      ?.match(/`[a-z][a-z0-9-]*`/g)
      ?.map((c) => c.slice(1, -1)),
  );
  it('provide documented capabilities only', () => {
    expect(builtIn.flatMap((t) => t.provides).filter((c) => !documented.has(c))).toEqual([]);
  });
  it('can each be detected', () => {
    const auto = new Set(['gem', 'maven', 'composer', 'nuget']);
    const mute = builtIn.filter((t) => {
      const shows = t.files.length + t.text.length + t.images.length + t.imports.length > 0 || t.referenced === 'declared';
      return !shows && !t.dependencies.some((d) => auto.has(d.slice(0, d.indexOf(':'))));
    });
    expect(mute.map((t) => t.id)).toEqual([]);
  });
  it('write PyPI names as PEP 503 normalises them', () => {
    const names = builtIn.flatMap((t) => t.dependencies).filter((d) => d.startsWith('pypi:'));
    expect(names.filter((d) => !/^pypi:[a-z0-9]+(?:-[a-z0-9]+)*(?:-?\*)?$/.test(d))).toEqual([]);
  });
});
