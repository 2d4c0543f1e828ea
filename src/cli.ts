import { createRequire } from 'node:module';

/** The entry point. `--version` answers before anything is loaded; everything else is imported when it is needed. */
const version = (createRequire(import.meta.url)('../package.json') as { version: string }).version;

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  const { run } = await import('./commands/run.js');
  process.exitCode = await run(args, version);
}
