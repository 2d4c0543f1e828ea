import { describe, expect, it } from 'vitest';
import { environmentVariables } from '../../src/inventory/environment.js';
import type { Item } from '../../src/model/document.js';
import type { FileInfo } from '../../src/model/file.js';

const item = (name: string, origin: string, more: Partial<Record<string, string | boolean | null>> = {}): Item => ({
  path: 'app.py',
  line: 3,
  name,
  origin,
  default: null,
  required: false,
  secretLike: false,
  placeholder: false,
  where: 'code',
  variant: 'base',
  ...more,
});
const file = (path: string): FileInfo => ({
  path,
  size: 1,
  role: path.startsWith('tests/') ? 'test' : 'product',
  language: 'python',
  variant: 'base',
});

describe('environment variables', () => {
  it('joins what code reads, documents name and production sets', () => {
    const all = environmentVariables(
      [
        item('B', 'read', { required: true, secretLike: true }),
        item('B', 'documented', { variant: 'template' }),
        item('A', 'read', { default: '1' }),
        item('A', 'set'),
      ],
      file,
    );
    expect(all).toEqual([
      {
        name: 'A',
        required: false,
        secretLike: false,
        hasDefault: true,
        documented: false,
        set: true,
        location: { path: 'app.py', line: 3 },
      },
      {
        name: 'B',
        required: true,
        secretLike: true,
        hasDefault: false,
        documented: true,
        set: false,
        location: { path: 'app.py', line: 3 },
      },
    ]);
  });

  it('leaves out what only tests read, what development sets, and what nobody reads', () => {
    expect(environmentVariables([item('A', 'read', { path: 'tests/a.py' }), item('B', 'set'), item('C', 'documented')], file)).toEqual([]);
    expect(environmentVariables([item('A', 'read'), item('A', 'set', { variant: 'development' })], file)[0]?.set).toBe(false);
  });
});
