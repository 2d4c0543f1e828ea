import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import type { Note } from '../model/target.js';
import { limits } from '../safe/limits.js';

/** Bounded reads below one real folder. */
export interface Reader {
  /** As `Target.read`: the bytes in a shared buffer, or null with a note. */
  read(path: string): Uint8Array | null;
  /** The bytes of a path, or null, without a note. */
  content(path: string): Uint8Array | null;
  /** Names whose bytes are no UTF-8. */
  rawPaths: ReadonlyMap<string, Buffer>;
}

// Not to follow a link in the last segment, and not to wait for a pipe's other end.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads files below `root` (a real path); what cannot be read is added to `notes` once. */
export function makeReader(root: string, notes: Note[]): Reader {
  let buffer: Buffer | null = null;
  const noted = new Set<string>();
  const inside = new Map<string, boolean>();
  const prefix = root.endsWith(sep) ? root : root + sep;

  /** A folder replaced by a link after it was listed must not lead outside; one that is no link in one that is inside does not. */
  const isInside = (folder: string): boolean => {
    let known = inside.get(folder);
    if (known === undefined) {
      const place = rawPlace(`${prefix}${folder}`, folder);
      const slash = folder.lastIndexOf('/');
      try {
        known = (slash < 0 || isInside(folder.slice(0, slash))) && (lstatSync(place).isDirectory() || leadsInside(place));
      } catch {
        known = false;
      }
      inside.set(folder, known);
    }
    return known;
  };
  const leadsInside = (place: string | Buffer): boolean => {
    const real = realpathSync.native(place);
    return real === root || real.startsWith(prefix);
  };
  /** Folders of a name that is no UTF-8 are shown with escapes; the file's own raw path tells their bytes. */
  const rawPlace = (place: string, folder: string): string | Buffer => {
    if (!folder.includes('\\x')) return place;
    for (const [path, raw] of reader.rawPaths) {
      if (!path.startsWith(`${folder}/`)) continue;
      let end = -1;
      for (let parts = folder.split('/').length; parts > 0; parts--) end = raw.indexOf(0x2f, end + 1);
      return Buffer.concat([Buffer.from(prefix), raw.subarray(0, end)]);
    }
    return place;
  };

  const load = (path: string): Uint8Array | string => {
    if (path === '' || path.startsWith('/') || /(?:^|\/)\.\.(?:\/|$)/.test(path)) return 'is not a path of the repository';
    const slash = path.lastIndexOf('/');
    if (slash > 0 && !isInside(path.slice(0, slash))) return 'leads outside the repository and is not read';
    const raw = reader.rawPaths.get(path);
    let descriptor: number;
    try {
      descriptor = openSync(raw ? Buffer.concat([Buffer.from(prefix), raw]) : prefix + path, flags);
    } catch (error) {
      return `cannot be opened (${(error as NodeJS.ErrnoException).code ?? 'error'})`;
    }
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile()) return 'is not a regular file';
      if (stat.size > limits.fileBytes) return `is larger than ${limits.fileBytes} bytes and was not read`;
      buffer ??= Buffer.allocUnsafeSlow(limits.fileBytes + 1);
      let length = 0;
      for (;;) {
        const got = readSync(descriptor, buffer, length, buffer.length - length, null);
        length += got;
        if (got === 0 || length >= stat.size) break;
      }
      if (length > limits.fileBytes) return `is larger than ${limits.fileBytes} bytes and was not read`;
      return buffer.subarray(0, length);
    } catch (error) {
      return `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`;
    } finally {
      closeSync(descriptor);
    }
  };

  const reader: Reader = {
    rawPaths: new Map(),
    content: (path) => {
      const got = load(path);
      return typeof got === 'string' ? null : got;
    },
    read: (path) => {
      const got = load(path);
      if (typeof got !== 'string') return got;
      if (!noted.has(path)) {
        noted.add(path);
        notes.push({ kind: got.includes('larger') ? 'limit' : 'unreadable', message: got, location: { path } });
      }
      return null;
    },
  };
  return reader;
}
