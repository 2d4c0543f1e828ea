import { builtinModules } from 'node:module';
import type { Collected, Combiner, Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { broughtBy, primary, pythonDistributions, pythonStandard } from './known.js';

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Top-level modules that Python code imports, once a file; those below `try:` or a condition are guarded. */
function python(source: Source): Item[] {
  const found = new Map<string, Item>();
  source.lines.forEach((line, i) => {
    const match = /^([ \t]*)(?:from\s+([A-Za-z_]\w*)[\w.]*\s+import\b|import\s+([\w., \t]+))/.exec(line);
    if (!match) return;
    const names = match[2] ? [match[2]] : (match[3] ?? '').split(',').map((n) => n.trim().split(/[.\s]/)[0] ?? '');
    for (const name of names)
      if (name && !pythonStandard.has(name) && !found.has(name))
        found.set(name, { path: source.path, line: i + 1, ecosystem: 'pypi', module: name, guarded: match[1] !== '', alias: false });
  });
  return [...found.values()];
}

const nodeModules = new Set(builtinModules);
/** Given by the program that runs the script. */
const provided = new Set(['k6', 'vscode', 'bun', 'deno']);

/** Packages that JavaScript and TypeScript import by name; type-only imports and everything relative aside. */
function javascript(source: Source): Item[] {
  const found = new Map<string, Item>();
  for (const match of source.code.matchAll(
    /(?:^|[\s;}])(?:import|export)\s+(?!type\b)(?:[\w*{}\s,$]+\s+from\s+)?['"]([^'"\n]+)['"]|\brequire\(\s*['"]([^'"\n]+)['"]\s*\)/g,
  )) {
    const specifier = match[1] ?? match[2] ?? '';
    const name = /^(@[\w.-]+\/[\w.-]+|[A-Za-z][\w.-]*)(?:\/|$)/.exec(specifier)?.[1];
    if (!name || nodeModules.has(name) || provided.has(name) || found.has(name)) continue;
    const at = match.index + Math.max(0, match[0].indexOf(specifier));
    // A require within a function or a try is optional as a rule.
    const { line, column } = source.at(at);
    const text = source.lines[line - 1] ?? '';
    const guarded = /^\s+/.test(text) && match[2] !== undefined && column > 1 && /^\s/.test(text);
    found.set(name, {
      path: source.path,
      line,
      ecosystem: 'npm',
      module: name,
      guarded,
      alias: match[2] === undefined || source.file.language !== 'javascript',
    });
  }
  return [...found.values()];
}

/** Tens of thousands of characters in a handful of lines: what a bundler wrote. */
const bundled = (source: Source): boolean => source.text.length > 20_000 && source.text.length > 2_000 * source.lines.length;

const readerOf = (name: string, languages: Reader['files']['languages'], read: (source: Source) => Item[]): Reader => ({
  name: `undeclared-imports/${name}`,
  kind: 'undeclared-imports',
  files: {
    languages,
    roles: ['product'],
    except: [
      '**/*.config.*',
      '**/.*',
      '**/gulpfile*',
      '**/Gruntfile*',
      '**/webpack.*.*',
      '**/webpack/**',
      '**/*.conf.js',
      '**/*.d.ts',
      '**/noxfile.py',
      '**/setup.py',
      '**/tasks.py',
      '**/fabfile.py',
      '**/conf.py',
    ],
  },
  keywords: name === 'python' ? ['import '] : ['import', 'require'],
  // A bundle that was copied in holds its packages or has them from elsewhere.
  read: (source) => ({ items: bundled(source) ? [] : read(source) }),
});

/** Names of the repository's own packages, and path aliases of its compilers. */
const ownNames: Reader = {
  name: 'undeclared-imports/own',
  kind: 'own-packages',
  files: {
    paths: [
      'package.json',
      'tsconfig*.json',
      'jsconfig.json',
      '{vite,rollup,rspack,rsbuild,vue,craco,svelte,nuxt,next,astro}.config.*',
      'webpack.*.{js,ts,cjs,mjs}',
      'webpack*.config.*',
      'deno.json*',
      'import_map.json',
      'babel.config.*',
      '.babelrc*',
    ],
    roles: ['config', 'product', 'script', 'other'],
    variants: ['base', 'production', 'staging', 'development', 'test'],
  },
  read: (source) => {
    const names: string[] = [];
    if (source.path.endsWith('package.json')) {
      const own = /^\s*"name"\s*:\s*"([^"]+)"/m.exec(source.text)?.[1];
      if (own) names.push(own);
      for (const m of source.text.matchAll(/^\s*"(@?[\w./-]+)"\s*:\s*"npm:/gm)) names.push(m[1] as string);
    } else
      for (const m of source.text.matchAll(
        /["']?(@?[\w-]+(?:\/[\w-]+)?)(?:\/\*)?["']?\s*:\s*(?:\[|["'](?:\.|\/|src)|path\.|fileURLToPath|resolve\()/g,
      ))
        names.push(m[1] as string);
    return { items: names.length > 0 ? [{ path: source.path, line: 1, names }] : [] };
  },
};

/** Every package name that an npm lock file holds, the ones brought along too. */
const lockedNames: Reader = {
  name: 'undeclared-imports/locked',
  kind: 'own-packages',
  files: { paths: ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'bun.lock'], roles: ['generated', 'config', 'other'] },
  read: (source) => ({
    items: [
      {
        path: source.path,
        line: 1,
        names: [
          ...new Set(
            [
              ...source.text.matchAll(
                /"(?:\S*\/)?node_modules\/((?:@[\w.-]+\/)?[\w.-]+)"\s*:|^ {2}['"]?\/?((?:@[\w.-]+\/)?[\w.-]+)@\d|^ {4}"((?:@[\w.-]+\/)?[\w.-]+)"\s*:\s*[[{]/gm,
              ),
            ].map((m) => (m[1] ?? m[2] ?? m[3]) as string),
          ),
        ],
      },
    ],
  }),
};

/** Import maps name what the browser loads without a bundler: config/importmap.rb (Rails), importmap.php (Symfony), JSON. */
const pinnedNames: Reader = {
  name: 'undeclared-imports/pinned',
  kind: 'own-packages',
  files: {
    paths: ['config/importmap.rb', 'importmap.php', 'importmap.json', 'import_map.json'],
    roles: ['product', 'config', 'other', 'script'],
  },
  read(source) {
    const text = source.path.endsWith('.json') ? source.text : source.code;
    const names = [...text.matchAll(/^\s*pin\s*\(?\s*["']([^"'\n]+)["']|["']([^"'\n]+)["']\s*(?:=>\s*\[|:\s*")/gm)].map(
      (m) => (m[1] ?? m[2]) as string,
    );
    return { items: names.length > 0 ? [{ path: source.path, line: 1, names }] : [] };
  },
};

const squeeze = (name: string): string => name.toLowerCase().replace(/[-_.]/g, '');

function combine(items: readonly Item[], all: Collected): Item[] {
  const names: Record<string, Set<string>> = { npm: new Set(), pypi: new Set() };
  const manifests: Record<string, boolean> = { npm: false, pypi: false };
  let pythonLock = false;
  for (const d of all.items('dependencies')) {
    const ecosystem = String(d['ecosystem']);
    names[ecosystem]?.add(String(d['name']));
    if (d['source'] === 'manifest') manifests[ecosystem] = true;
    if (ecosystem === 'pypi' && d['source'] === 'lock') pythonLock = true;
  }
  for (const own of all.items('own-packages')) for (const name of own['names'] as string[]) names['npm']!.add(name);
  const folders = new Set<string>();
  for (const file of all.files) {
    const parts = file.path.split('/');
    for (const part of parts.slice(0, -1)) folders.add(part);
    folders.add((parts.at(-1) ?? '').replace(/\.\w+$/, ''));
  }
  // Phoenix brings its JavaScript within the packages of mix.exs, where the bundler looks for it.
  const mix = all.files.some((f) => /(?:^|\/)mix\.exs$/.test(f.path));
  // A lock that is there and gave nothing was too large to be read.
  const read = new Set(
    all
      .items('dependencies')
      .filter((d) => d['source'] === 'lock')
      .map((d) => d.path),
  );
  for (const own of all.items('own-packages')) read.add(own.path);
  const unread = {
    npm: all.files.some(
      (f) =>
        /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock)$/.test(f.path) && f.role !== 'vendored' && !read.has(f.path),
    ),
    pypi: all.files.some((f) => /(?:^|\/)(?:uv|poetry|pdm)\.lock$/.test(f.path) && f.role !== 'vendored' && !read.has(f.path)),
  };
  if (unread.pypi) pythonLock = false;
  const python = [...names['pypi']!].map(squeeze);
  const brought = (module: string): boolean => (broughtBy[module] ?? []).some((parent) => names['pypi']!.has(parent));

  /** missing: certainly declared nowhere; unclear: nothing declared looks like it, but its distribution is not known. */
  const judge = (item: Item): 'declared' | 'missing' | 'unclear' => {
    const module = String(item['module']);
    if (item['ecosystem'] === 'npm') {
      if (mix && /^phoenix(?:[_-]|$)/.test(module)) return 'declared';
      if (names['npm']!.has(module) || names['npm']!.has(`@types/${module}`) || names['npm']!.has(module.split('/')[0]!)) return 'declared';
      // Names of folders are aliases of the compiler or bundler, which plain require knows nothing of.
      if (
        item['alias'] === true &&
        (folders.has(module) ||
          folders.has(module.split('/')[0]!.replace(/^@/, '')) ||
          [...names['npm']!].some((n) => n.startsWith(`${module}/`)))
      )
        return 'declared';
      return unread.npm ? 'unclear' : 'missing';
    }
    if (folders.has(module)) return 'declared';
    const wanted = squeeze(module);
    if (
      python.some(
        (name) =>
          name === wanted ||
          name === `py${wanted}` ||
          name === `python${wanted}` ||
          name.includes(wanted) ||
          (name.length > 3 && wanted.includes(name)),
      )
    )
      return 'declared';
    const known = pythonDistributions[module];
    if (known?.some((d) => names['pypi']!.has(d)) || brought(module)) return 'declared';
    if (!manifests['pypi']) return 'missing';
    // With a lock that was read nothing is brought along unseen; without one only what hardly anything brings along is certain.
    return (known && pythonLock) || primary.has(module) ? 'missing' : 'unclear';
  };
  return items.flatMap((item): Item[] => {
    const ecosystem = String(item['ecosystem']);
    const manifest = manifests[ecosystem] === true;
    const state = judge(item);
    if (state === 'declared') return [];
    return [
      {
        ...item,
        manifest,
        state: item['guarded'] === true ? 'guarded' : state,
        folder: folderOf(item.path),
      },
    ];
  });
}

export const importReaders: readonly Reader[] = [
  readerOf('python', ['python'], python),
  readerOf('javascript', ['javascript', 'typescript', 'tsx'], javascript),
  ownNames,
  lockedNames,
  pinnedNames,
];

/** Third-party modules that product code imports and no manifest or lock file names. */
export const undeclaredImports: Combiner = { kind: 'undeclared-imports', uses: ['dependencies', 'own-packages'], combine };
