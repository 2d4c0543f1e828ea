import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Prefer the ES module of a package: UMD builds hide their require() calls from the bundler. */
export const mainFields = ['module', 'main'];

/** Native modules find their binaries beside themselves, so they stay packages. */
export const external = ['@ast-grep/*'];

/** Some packages are CommonJS and ask for Node's own modules with require(), which an ES module does not have. */
export const banner = { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" };

/** Imports TypeScript, by way of a bundle of our own files that is deleted afterwards. */
export async function importTypeScript(contents) {
  // Inside the project, so that packages are found.
  const folder = await mkdtemp(join(root, 'node_modules', '.readiness-'));
  try {
    const outfile = join(folder, 'bundle.mjs');
    await build({
      stdin: { contents, resolveDir: join(root, 'src'), loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the loaders of checks need to know of the code: probes with their parameters, kinds, fields of concepts. */
export const vocabularySource = `
  import { concepts } from './model/concepts.js';
  import { combiners, readers } from './documents/index.js';
  import { probeParams } from './probes/params.js';
  export const vocabulary = {
    probes: new Map(Object.entries(probeParams).map(([name, params]) => [name, { params }])),
    kinds: new Set(['languages', ...Object.keys(concepts), ...readers.map((reader) => reader.kind), ...combiners.map((combiner) => combiner.kind)]),
    fields: new Map(Object.entries(concepts).map(([kind, shape]) => [kind, Object.keys(shape.shape)])),
  };
`;
