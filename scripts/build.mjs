#!/usr/bin/env node
// Builds dist/: the bundled command line, and everything in checks/ validated and compiled to JSON.
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { banner, external, importTypeScript, mainFields, root, vocabularySource } from './bundle.mjs';

const dist = join(root, 'dist');

async function compileChecks() {
  const module = await importTypeScript(`
    ${vocabularySource}
    export { loadBuiltins } from './checklist/builtins.js';
    export { splitBuiltins } from './checklist/compiled.js';
    export { ChecklistError } from './model/error.js';
    export { allQueries } from './definitions.js';
    export { vetPatterns } from './scan/plan.js';
  `);
  try {
    const builtins = await module.loadBuiltins(module.vocabulary, join(root, 'checks'));
    const { index, extras } = module.splitBuiltins(builtins);
    return { index: { ...index, vetted: module.vetPatterns(module.allQueries(builtins)) }, extras };
  } catch (error) {
    if (!(error instanceof module.ChecklistError)) throw error;
    process.stderr.write(`${error.message}\n${error.problems.length} problem(s) in checks/\n`);
    process.exit(1);
  }
}

async function bundleCommandLine() {
  const { metafile } = await build({
    entryPoints: { cli: join(root, 'src/cli.ts') },
    outdir: dist,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    // Not the identifiers: libraries tell values apart by the names of their classes, and keeping names at run time costs an
    // extra call for every function that is made.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'linked',
    external,
    mainFields,
    banner,
    metafile: true,
    logLevel: 'warning',
  });
  const entry = join(dist, 'cli.js');
  await writeFile(entry, `#!/usr/bin/env node\n${await readFile(entry, 'utf8')}`);
  await chmod(entry, 0o755);
  return Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
}

/** A hash over all code and checks: what was computed by one build is not taken for what another would compute. */
async function digest(index) {
  const hash = createHash('sha256').update(JSON.stringify(index));
  for (const name of (await readdir(dist)).filter((n) => n.endsWith('.js')).sort()) hash.update(await readFile(join(dist, name)));
  return hash.digest('hex');
}

const started = performance.now();
const compiled = await compileChecks();
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const bytes = await bundleCommandLine().catch(() => process.exit(1)); // esbuild has said what is wrong
await writeFile(join(dist, 'checks.json'), JSON.stringify({ ...compiled.index, digest: await digest(compiled.index) }));
await writeFile(join(dist, 'examples.json'), JSON.stringify(compiled.extras));
const { checks, technologies, traits } = compiled.index;
process.stdout.write(
  `dist/: ${Math.round(bytes / 1024)} kB of code, ${checks.length} checks, ${technologies.length} technologies, ${traits.length} traits in ${Math.round(performance.now() - started)} ms\n`,
);
