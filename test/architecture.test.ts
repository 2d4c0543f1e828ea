import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));
const files = (readdirSync(src, { recursive: true }) as string[]).filter((f) => f.endsWith('.ts')).sort();

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  readonly lazy: boolean;
}

/** Every import of every source file; `to` is relative to src for our own files, else the package's name. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm))
    found.push(make(file, match[2] as string, Boolean(match[1]), false));
  for (const match of text.matchAll(/(?<!typeof )\bimport\(\s*['"]([^'"]+)['"]\s*\)/g))
    found.push(make(file, match[1] as string, false, true));
  return found;
}

function make(from: string, specifier: string, typeOnly: boolean, lazy: boolean): Import {
  const to = specifier.startsWith('.') ? relative(src, join(src, dirname(from), specifier)).replace(/\.js$/, '.ts') : specifier;
  return { from, to, typeOnly, lazy };
}

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
const own = (to: string): boolean => to.endsWith('.ts');
const all = files.flatMap(importsOf);

describe('the import rule', () => {
  it('reads every source file and its imports', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(all.length).toBeGreaterThan(200);
  });

  it('lets model import nothing but zod', () => {
    expect(all.filter((i) => folderOf(i.from) === 'model' && !(own(i.to) ? folderOf(i.to) === 'model' : i.to === 'zod'))).toEqual([]);
  });

  it('lets siblings import only model and safe', () => {
    const allowed = (i: Import) => {
      const from = folderOf(i.from);
      const to = folderOf(i.to);
      if (from === '' || from === 'commands' || !own(i.to)) return true;
      return to === from || to === 'model' || (to === 'safe' && from !== 'model');
    };
    expect(all.filter((i) => !allowed(i)).map((i) => `${i.from} imports ${i.to}`)).toEqual([]);
  });

  it('imports nothing outside of src', () => {
    expect(all.filter((i) => own(i.to) && i.to.startsWith('..')).map((i) => `${i.from} imports ${i.to}`)).toEqual([]);
  });

  it('has no circles', () => {
    const edges = new Map(files.map((f) => [f, all.filter((i) => i.from === f && own(i.to) && !i.typeOnly && !i.lazy).map((i) => i.to)]));
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, trail: string[]) => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe('capabilities', () => {
  const users = (pattern: RegExp) => files.filter((f) => pattern.test(readFileSync(join(src, f), 'utf8')));

  it('starts processes only in target/git.ts, and the operator’s own commands in connect/command.ts', () => {
    expect(users(/['"]node:child_process['"]/)).toEqual(['connect/command.ts', 'target/git.ts']);
  });

  it('opens sockets only in connect/', () => {
    expect(
      users(/['"]node:(?:net|tls|http|https|http2|dgram|dns)['"]|\bfetch\(/).filter(
        (f) => folderOf(f) !== 'connect' && folderOf(f) !== 'documents',
      ),
    ).toEqual([]);
  });

  it('prints only in commands and cli.ts', () => {
    expect(users(/\bprocess\.(?:stdout|stderr)\b|\bconsole\.\w+\(/).filter((f) => folderOf(f) !== 'commands' && f !== 'cli.ts')).toEqual(
      [],
    );
  });

  it('reads files of the target only in target/', () => {
    // syntax.ts only asks whether a grammar's library is installed.
    // connect/ reads what the operator names: environment files, backups, certificates.
    const allowed = new Set(['target', 'checklist', 'commands', 'connect']);
    expect(
      users(/from ['"]node:fs(?:\/promises)?['"]/).filter((f) => !allowed.has(folderOf(f)) && f !== 'cli.ts' && f !== 'scan/syntax.ts'),
    ).toEqual([]);
  });

  it('loads zod at run time only where people’s YAML is read', () => {
    const values = all.filter((i) => !i.typeOnly && !i.lazy && i.to === 'zod').map((i) => i.from);
    const users = all.filter((i) => !i.typeOnly && !i.lazy && values.includes(i.to)).map((i) => i.from);
    expect(users.filter((f) => !['checklist', 'model', 'connect'].includes(folderOf(f)))).toEqual([]);
  });

  it('loads connections only when an environment is named', () => {
    const eager = all.filter((i) => folderOf(i.to) === 'connect' && folderOf(i.from) !== 'connect' && !i.typeOnly && !i.lazy);
    expect(eager).toEqual([]);
    const registered = all.filter((i) => i.from === 'connect/registry.ts' && own(i.to) && !i.typeOnly && !i.lazy);
    expect(registered).toEqual([]);
  });
});
