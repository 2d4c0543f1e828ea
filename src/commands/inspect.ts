import type { Command } from 'commander';
import { UsageError } from '../model/error.js';
import type { CommandContext } from './run.js';

/** `readiness inspect <what>`: what the readers saw, to understand a verdict. */
export function addInspect(program: Command, _context: CommandContext): void {
  program
    .command('inspect')
    .description('What a reader saw: inventory, or a kind such as routes, cors, workloads, ci-jobs')
    .argument('<kind>', 'inventory, files, or a kind of document')
    .argument('[path]', 'the repository', '.')
    .option('--json', 'as JSON')
    .action(async (kind: string, path: string, flags: { json?: boolean }) => {
      process.stdout.write(await inspect(kind, path, flags.json === true));
    });
}

async function inspect(kind: string, path: string, json: boolean): Promise<string> {
  const [{ scanTarget, takeInventory }, { define }, { openTarget }, { builtins }, { readers, combiners }, { nearest }] = await Promise.all([
    import('../audit.js'),
    import('../definitions.js'),
    import('../target/index.js'),
    import('./builtins.js'),
    import('../documents/index.js'),
    import('../safe/nearest.js'),
  ]);
  const kinds = [...new Set(['inventory', 'files', ...readers.map((r) => r.kind), ...combiners.map((c) => c.kind)])].sort();
  if (!kinds.includes(kind)) {
    const near = nearest(kind, kinds);
    throw new UsageError(`nothing is called \`${kind}\``, undefined, `${near ? `did you mean ${near}? ` : ''}allowed: ${kinds.join(', ')}`);
  }
  const target = await openTarget(path);
  if (kind === 'files')
    return (
      target.files
        .map((f) => (json ? JSON.stringify(f) : `${f.role.padEnd(10)} ${f.variant.padEnd(11)} ${(f.language ?? '').padEnd(10)} ${f.path}`))
        .join('\n') + '\n'
    );
  const definitions = define({ ...(await builtins()), extraKinds: kind === 'inventory' ? [] : [kind] });
  const facts = await scanTarget(target, definitions);
  if (kind === 'inventory') {
    const inventory = takeInventory(facts, target, definitions, new Date().toISOString().slice(0, 10));
    const lines: string[] = [];
    for (const unit of [inventory.repository, ...inventory.deployables]) {
      lines.push(
        `${unit.name ?? 'repository'}${unit.auxiliary ? ' (auxiliary)' : ''}${unit.deployable ? ` at ${unit.deployable.root || '.'}` : ''}`,
      );
      for (const t of unit.technologies) lines.push(`  uses ${t.id.padEnd(30)} ${where(t.evidence)}`);
      for (const [id, evidence] of unit.traits) lines.push(`  has  ${id.padEnd(30)} ${where(evidence)}`);
    }
    return `${lines.join('\n')}\n`;
  }
  const items = facts.items.get(kind) ?? [];
  const documents = facts.documents.get(kind) ?? [];
  // A concept is made of other kinds: what of those could not be read is missing in it.
  const from = new Set([kind, ...combiners.filter((c) => c.kind === kind).flatMap((c) => c.uses ?? [])]);
  const problems = [...from].flatMap((k) => facts.problems.get(k) ?? []);
  if (json) return `${JSON.stringify({ items, documents: documents.map((d) => ({ path: d.path, root: d.root })), problems }, null, 2)}\n`;
  const lines = [
    ...items.map((i) => {
      const { path: file, line, ...rest } = i;
      return `${file}:${line}  ${Object.entries(rest)
        .filter(
          ([key, value]) =>
            key !== 'body' && key !== 'text' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
        )
        .map(
          ([key, value]) =>
            `${key}=${typeof value === 'string' ? value.replace(/\s+/g, ' ').slice(0, 100) : JSON.stringify(value).slice(0, 200)}`,
        )
        .join(' ')}`;
    }),
    ...documents.map((d) => `${d.path}  ${JSON.stringify(d.root).slice(0, 400)}`),
    ...problems.map((p) => `${p.path}:${p.line ?? 1}  could not be read: ${p.message}`),
  ];
  return lines.length === 0 ? `nothing of kind ${kind} was found\n` : `${lines.join('\n')}\n`;
}

function where(evidence: readonly { location?: { path: string; line?: number }; message: string }[]): string {
  const first = evidence.find((e) => e.location) ?? evidence[0];
  if (!first) return '';
  return first.location ? `${first.location.path}${first.location.line ? `:${first.location.line}` : ''}  ${first.message}` : first.message;
}
