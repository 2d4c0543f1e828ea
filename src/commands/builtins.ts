import type { Check } from '../model/check.js';
import { loadCompiled, type Compiled } from '../checklist/compiled.js';

/** The built-in checks, compiled beside the bundle. */
export const builtins = async (): Promise<Compiled> => loadCompiled();

/** What expressions and probes in checks of one's own may name. */
export async function vocabulary() {
  const [{ probeParams }, { readers }, { concepts }] = await Promise.all([
    import('../probes/params.js'),
    import('../documents/index.js'),
    import('../model/concepts.js'),
  ]);
  const known = loadCompiled();
  return {
    probes: new Map(Object.entries(probeParams).map(([name, params]) => [name, { params }])),
    kinds: new Set([...readers.map((r) => r.kind), 'languages', ...Object.keys(concepts)]),
    technologies: new Set(known.technologies.map((t) => t.id)),
    capabilities: new Set(known.technologies.flatMap((t) => t.provides)),
    traits: new Set(known.traits.map((t) => t.id)),
    checks: new Set(known.checks.map((c) => c.id)),
    fields: new Map(Object.entries(concepts).map(([kind, shape]) => [kind, Object.keys(shape.shape)])),
  };
}

/** What conditions of attestations may name. */
export function namesOf({ technologies, traits }: Pick<Compiled, 'technologies' | 'traits'>): { uses: Set<string>; has: Set<string> } {
  const snake = (ids: readonly string[]): Set<string> => new Set(ids.map((id) => id.replaceAll('-', '_')));
  return {
    uses: snake(technologies.map((t) => t.id)),
    has: snake([...traits.map((t) => t.id), ...technologies.flatMap((t) => t.provides)]),
  };
}

/** Checks of one's own by their paths (`category/name.yaml`), validated; `label` is put before paths in messages. */
export async function loadFiles(files: Readonly<Record<string, string>>, label: string): Promise<Check[]> {
  const { loadChecks } = await import('../checklist/load-checks.js');
  return loadChecks(files, await vocabulary(), label);
}

/** Checks of one's own, from a folder laid out as `checks/`: validated, all errors at once. */
export async function loadFolder(folder: string): Promise<Check[]> {
  const { loadChecks } = await import('../checklist/load-checks.js');
  return loadChecks(folder, await vocabulary());
}
