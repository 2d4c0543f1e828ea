import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../model/error.js';
import { oneLine } from '../safe/escape.js';

/** The real path of a folder. Throws UsageError for what is no readable folder. */
export function realFolder(path: string): string {
  const shown = oneLine(path);
  let real: string;
  try {
    real = realpathSync.native(resolve(path));
    if (!statSync(real).isDirectory())
      throw new UsageError(`${shown} is a file, not a folder`, undefined, `audit the folder that holds it: ${dirname(shown)}`);
    accessSync(real, constants.R_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UsageError(`${shown} does not exist`, undefined, 'give the path of a folder, for example: readiness audit .');
    if (code === 'ELOOP') throw new UsageError(`${shown} is a symbolic link that leads back to itself`);
    if (code === 'EACCES' || code === 'EPERM') throw new UsageError(`${shown} may not be read by this user`);
    throw new UsageError(`${shown} cannot be opened (${code ?? 'error'})`);
  }
  return real;
}

/** Whether a path is excluded by globs (one without `/` matches at any depth; a folder's name its whole content); null without globs. */
export async function excluder(patterns: readonly string[]): Promise<((path: string) => boolean) | null> {
  if (patterns.length === 0) return null;
  const { default: picomatch } = await import('picomatch');
  const globs = patterns.flatMap((pattern) => {
    const body = pattern.replace(/^\.?\//, '').replace(/\/(?:\*\*)?$/, '');
    const glob = body.includes('/') || pattern.startsWith('/') ? body : `**/${body}`;
    return [glob, `${glob}/**`];
  });
  return picomatch(globs, { dot: true });
}
