import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import type { FileInfo, FileSelector } from '../../src/model/file.js';
import { expandBraces, plainGlob } from '../../src/safe/glob.js';
import { compileSelector, indexSelectors } from '../../src/scan/selector.js';

const file = (path: string, more: Partial<FileInfo> = {}): FileInfo => ({
  path,
  size: 1,
  role: 'product',
  language: null,
  variant: 'base',
  ...more,
});
/** Indexes of the selectors that hold, ascending. */
const holding = (selectors: readonly FileSelector[], ...files: FileInfo[]) => {
  const index = indexSelectors(selectors);
  return files.map((one) => [...index(one).always, ...index(one).more].sort());
};
/** By the predicate and by the index, which must agree. */
const holds = (selector: FileSelector, path: string, more: Partial<FileInfo> = {}) => {
  const alone = compileSelector(selector)(file(path, more));
  expect(holding([selector], file(path, more))).toEqual([alone ? [0] : []]);
  return alone;
};

describe('compileSelector', () => {
  it.each<[string, string, boolean]>([
    ['Dockerfile', 'Dockerfile', true],
    ['Dockerfile', 'a/b/Dockerfile', true],
    ['Dockerfile', 'a/Dockerfile.dev', false],
    ['Dockerfile*', 'a/Dockerfile.dev', true],
    ['Dockerfile*', 'a/MyDockerfile', false],
    ['*.tf', 'infra/main.tf', true],
    ['*.tf', 'infra/main.tfvars', false],
    ['*.test.ts', 'a/b.test.ts', true],
    ['*.test.ts', 'a/b.ts', false],
    ['.github/workflows/*.{yml,yaml}', '.github/workflows/ci.yaml', true],
    ['.github/workflows/*.{yml,yaml}', 'sub/.github/workflows/ci.yaml', false],
    ['.github/workflows/*.{yml,yaml}', '.github/workflows/deep/ci.yaml', false],
    ['**/migrations/**', 'app/migrations/0001.py', true],
    ['**/migrations/**', 'migrations/0001.py', true],
    ['**/migrations/**', 'app/mymigrations/0001.py', false],
    ['config/*.php', 'config/app.php', true],
    ['config/*.php', 'x/config/app.php', false],
    ['**/config/environments/*.rb', 'config/environments/production.rb', true],
    ['./Makefile', 'Makefile', true],
    ['**/*.service', 'deploy/a.service', true],
    ['**/settings/**/*.py', 'a/settings/prod/base.py', true],
    ['**/[Rr]eadme*', 'docs/Readme.md', true],
    ['**/values?(-prod).yaml', 'chart/values-prod.yaml', true],
    ['.env*', '.env.production', true],
    ['*compose*.yml', 'deploy/docker-compose.prod.yml', true],
    ['*', 'a/b/c', true],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(holds({ paths: [pattern] }, path)).toBe(expected);
    const glob = pattern.replace(/^\.\//, '');
    expect(picomatch(glob.includes('/') ? glob : `**/${glob}`, { dot: true })(path)).toBe(expected);
  });

  it('takes except away', () => {
    expect(holds({ paths: ['*.yml'], except: ['**/ci/**'] }, 'ci/a.yml')).toBe(false);
    expect(holds({ paths: ['*.yml'], except: ['**/ci/**'] }, 'cd/a.yml')).toBe(true);
    expect(holds({ except: ['*.md'] }, 'a.md')).toBe(false);
    expect(holds({ except: ['*.md'] }, 'a.txt')).toBe(true);
  });

  it('has defaults for roles and variants', () => {
    expect(holds({}, 'a.py', { role: 'test' })).toBe(true);
    expect(holds({}, 'a.py', { role: 'vendored' })).toBe(false);
    expect(holds({}, 'a.lock', { role: 'generated' })).toBe(false);
    expect(holds({ roles: ['generated'] }, 'a.lock', { role: 'generated' })).toBe(true);
    expect(holds({}, 'dev.py', { variant: 'development' })).toBe(false);
    expect(holds({}, 'prod.py', { variant: 'production' })).toBe(true);
    expect(holds({ variants: ['development'] }, 'dev.py', { variant: 'development' })).toBe(true);
  });

  it('demands the language where one is given', () => {
    expect(holds({ languages: ['go'] }, 'a.go', { language: 'go' })).toBe(true);
    expect(holds({ languages: ['go'] }, 'a.go')).toBe(false);
  });

  it('selects nothing with an empty list of paths', () => expect(holds({ paths: [] }, 'a.py')).toBe(false));
});

describe('indexSelectors', () => {
  it('names every selector that holds, each once', () => {
    const selectors = [{ paths: ['*.yml', 'a/**'] }, { roles: ['config' as const] }, {}, { paths: ['b.yml'] }, { except: ['*.yml'] }];
    expect(holding(selectors, file('a/c.yml'), file('a/b.yml', { role: 'config' }), file('x.md'))).toEqual([
      [0, 2],
      [0, 1, 2, 3],
      [2, 4],
    ]);
  });
  it('gives files of one kind that match the same patterns the same object', () => {
    const index = indexSelectors([{ paths: ['*.yml'] }, {}]);
    expect(index(file('a.yml'))).toBe(index(file('b/c.yml')));
    expect(index(file('a.yml')).always).toBe(index(file('a.md')).always);
    expect(index(file('a.yml'))).not.toBe(index(file('a.md')));
  });
});

describe('expandBraces', () => {
  it('multiplies alternatives out, nested ones too', () => {
    expect(expandBraces('a.{b,c}').sort()).toEqual(['a.b', 'a.c']);
    expect(expandBraces('{a,b{c,d}}/{e,f}').sort()).toEqual(['a/e', 'a/f', 'bc/e', 'bc/f', 'bd/e', 'bd/f']);
  });
  it('leaves a pattern with too many alternatives as it is', () => {
    const many = '{a,b,c,d}'.repeat(5);
    expect(expandBraces(many)).toEqual([many]);
  });
});

describe('plain globs', () => {
  const globs = [
    '**/*.py',
    '**/settings*.py',
    'deploy/**',
    '**/k8s/**/*.yaml',
    'a?c/*.t',
    '**',
    '*',
    'docs/*/x-*.md',
    '**/Dockerfile*',
    '**/.env*',
  ];
  const paths = [
    'a.py',
    'b/a.py',
    '.env',
    'x/.env.local',
    'deploy/a',
    'deploy',
    'k8s/a.yaml',
    'x/k8s/y/z/a.yaml',
    'abc/q.t',
    'abc/d/q.t',
    'docs/a/x-1.md',
    'docs/x-1.md',
    'Dockerfile',
    'c/Dockerfile.dev',
    'settings_prod.py',
    'b/settings/x.py',
    '.a/b',
  ];
  it.each(globs)('%s matches what picomatch matches', (glob) => {
    const plain = plainGlob(glob)!;
    const other = picomatch(glob, { dot: true });
    for (const path of paths) expect([path, plain(path)]).toEqual([path, other(path)]);
  });
  it('leaves classes, groups and braces to picomatch', () => {
    for (const glob of ['[ab].py', '*.{a,b}', '!(a)', '+(a)', 'a**b']) expect(plainGlob(glob)).toBeNull();
  });
});
