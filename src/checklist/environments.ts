import { isAbsolute, resolve } from 'node:path';
import type { Checklist, ChecklistSource } from '../model/checklist.js';
import type { EnvironmentSource } from '../model/environment.js';
import { isInside } from './inside.js';

interface Layer {
  readonly name: string;
  readonly folder: string;
  readonly content: ChecklistSource;
}

/**
 * The environments that the layers name, later ones over earlier ones, their paths relative to the file that names them. A file
 * inside the audited folder names none, whoever asked for it: what a repository says must never lead to a connection.
 */
export function environmentsOf(
  layers: readonly Layer[],
  { target, within, read }: { target?: string; within?: string; read?: unknown },
): Pick<Checklist, 'environments' | 'notes'> {
  const environments: Record<string, EnvironmentSource> = {};
  const notes: string[] = [];
  for (const { name, folder, content } of layers) {
    if (!content.environments) continue;
    const inside = within !== undefined || (target !== undefined && isInside(target, folder, read === undefined));
    if (inside)
      notes.push(
        `${name} lies in the audited repository, so its environments (${Object.keys(content.environments).join(', ')}) are not used: ` +
          'put them into a checklist outside of it, and name that with --checklist.',
      );
    else for (const [key, source] of Object.entries(content.environments)) environments[key] = withPaths(source, folder);
  }
  return { ...(Object.keys(environments).length > 0 ? { environments } : {}), ...(notes.length > 0 ? { notes } : {}) };
}

function withPaths(source: EnvironmentSource, folder: string): EnvironmentSource {
  const path = (given: string): string => (isAbsolute(given) || /^(?:~|\$\{)|:\/\//.test(given) ? given : resolve(folder, given));
  const { envFile, trust, backups } = source;
  return {
    ...source,
    ...(envFile !== undefined ? { envFile: path(envFile) } : {}),
    ...(trust !== undefined ? { trust: path(trust) } : {}),
    ...(backups !== undefined ? { backups: [backups].flat().map(path) } : {}),
  };
}
