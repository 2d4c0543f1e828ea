import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';

/** Whether a path stays inside a folder, symbolic links followed. */
export function isInside(folder: string, path: string, onDisk: boolean): boolean {
  const inside = (base: string, other: string): boolean => {
    const way = relative(base, other);
    return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
  };
  if (!inside(resolve(folder), path)) return false;
  if (!onDisk) return true;
  try {
    return inside(realpathSync(folder), realpathSync(path));
  } catch {
    return true; // it does not exist, which reading it will say
  }
}
