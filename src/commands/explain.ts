import type { Command } from 'commander';
import { UsageError } from '../model/error.js';
import type { CommandContext } from './run.js';

export function addExplain(program: Command, _context: CommandContext): void {
  program
    .command('explain')
    .description('What a check looks for, why it matters, and how to fix it')
    .argument('<id>', 'the check, for example containers/non-root-user')
    .action(async (id: string) => {
      const [{ builtins }, { loadExtras }, { explainCheck }, { nearest }] = await Promise.all([
        import('./builtins.js'),
        import('../checklist/compiled.js'),
        import('../report/explain.js'),
        import('../safe/nearest.js'),
      ]);
      const { checks } = await builtins();
      const check = checks.find((c) => c.id === id) ?? checks.find((c) => c.id.endsWith(`/${id}`));
      if (!check) {
        const near = nearest(
          id,
          checks.map((c) => c.id),
        );
        throw new UsageError(
          `no check is called \`${id}\``,
          undefined,
          near ? `did you mean ${near}?` : '`readiness checks list` shows all checks',
        );
      }
      process.stdout.write(explainCheck(check, loadExtras()[check.id]));
    });
}
