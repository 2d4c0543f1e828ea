import { open, readdir, readlink, stat, lstat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';

/** A machine's files below a root folder: `/` for the machine itself. Everything is bounded, and what cannot be read is null. */
export class HostTree {
  constructor(readonly root: string) {}

  at(path: string): string {
    return join(this.root, path);
  }

  /** The first `max` bytes as text; null where it is not there or may not be read. Files of /proc have no size, so none is asked for. */
  async text(path: string, max = 1_000_000): Promise<string | null> {
    try {
      const file = await open(this.at(path), 'r');
      try {
        const chunks: Buffer[] = [];
        for (let length = 0; length < max;) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(65_536, max - length)));
          if (bytesRead === 0) break;
          chunks.push(buffer.subarray(0, bytesRead));
          length += bytesRead;
        }
        return Buffer.concat(chunks).toString('utf8');
      } finally {
        await file.close();
      }
    } catch {
      return null;
    }
  }

  /** Names in a folder, sorted, at most `max`; empty where there is none. */
  async names(path: string, max = 5_000): Promise<string[]> {
    const names = await readdir(this.at(path)).catch(() => []);
    return names.sort().slice(0, max);
  }

  async stat(path: string): Promise<Stats | null> {
    return stat(this.at(path)).catch(() => null);
  }

  async lstat(path: string): Promise<Stats | null> {
    return lstat(this.at(path)).catch(() => null);
  }

  async link(path: string): Promise<string | null> {
    return readlink(this.at(path)).catch(() => null);
  }

  async has(path: string): Promise<boolean> {
    return (await this.lstat(path)) !== null;
  }
}

/** Whether systemd starts a unit: a link to it in a folder of what is wanted (or Debian's start links of the old kind). */
export async function isEnabled(tree: HostTree, unit: string): Promise<boolean> {
  const folders = ['multi-user', 'sysinit', 'timers', 'sockets', 'basic', 'default', 'graphical', 'network-pre'];
  const found = await Promise.all(folders.map((folder) => tree.has(`/etc/systemd/system/${folder}.target.wants/${unit}`)));
  return found.includes(true);
}

/** Names of the processes that run, each once; empty where /proc may not be read. */
export async function processNames(tree: HostTree): Promise<Set<string>> {
  const pids = (await tree.names('/proc', 20_000)).filter((name) => /^\d+$/.test(name)).slice(0, 5_000);
  const names = await Promise.all(pids.map((pid) => tree.text(`/proc/${pid}/comm`, 100)));
  return new Set(names.flatMap((name) => (name === null ? [] : [name.trim()])));
}
