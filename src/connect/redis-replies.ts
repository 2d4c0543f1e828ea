import type { RedisFacts } from './redis-facts.js';

/** Names and values as the server writes them. */
export type Info = Readonly<Record<string, string>>;

/** The lines of INFO; the statistics of single commands and keys are left out. */
export function infoOf(reply: unknown): Info {
  const text = typeof reply === 'string' ? reply.slice(0, 1_000_000) : '';
  const pairs = [...text.matchAll(/^(\w+):([^\r\n]*)/gm)].map(([, name = '', value = '']) => [name, value] as const);
  if (pairs.length === 0) throw new Error('INFO gave nothing that could be read');
  return Object.fromEntries(pairs.filter(([name]) => !/^(?:cmdstat_|errorstat_|latency_|db\d)/.test(name)));
}

/** The flat list of names and values that CONFIG GET gives. */
export function configOf(reply: unknown): Info {
  if (!Array.isArray(reply) || reply.length === 0) throw new Error('CONFIG GET gave nothing');
  const texts = reply.map(String);
  return Object.fromEntries(texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1] ?? '']] : [])));
}

/** `ACL GETUSER`: a flat list of field and value; of the passwords only whether there are any. */
export function aclUserOf(reply: unknown): { passwordless: boolean; enabled: boolean } {
  if (!Array.isArray(reply)) throw new Error('ACL GETUSER gave no list');
  const flags = (reply[reply.indexOf('flags') + 1] ?? []) as unknown;
  const has = (flag: string) => Array.isArray(flags) && flags.includes(flag);
  return { passwordless: has('nopass'), enabled: has('on') };
}

const number = (text: string | undefined): number => (text !== undefined && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0);

export function memoryOf(info: Info | null, config: Info | null): RedisFacts['memory'] {
  const limit = config?.['maxmemory'] ?? info?.['maxmemory'];
  const policy = config?.['maxmemory-policy'] ?? info?.['maxmemory_policy'];
  if (limit === undefined || policy === undefined) return null;
  const used = number(info?.['used_memory']);
  const bytes = number(limit);
  return { limit: bytes, policy, used, share: bytes > 0 ? used / bytes : null, evicted: number(info?.['evicted_keys']) };
}

export function persistenceOf(info: Info | null, config: Info | null): RedisFacts['persistence'] {
  const appendOnly = info?.['aof_enabled'] ?? (config?.['appendonly'] === 'yes' ? '1' : config?.['appendonly']);
  if (appendOnly === undefined) return null;
  const savedAt = number(info?.['rdb_last_save_time']);
  const serverTime = number(info?.['server_time_usec']) / 1e6;
  return {
    appendOnly: appendOnly === '1',
    snapshots: config && 'save' in config ? config['save'] !== '' : null,
    lastSnapshotOk: (info?.['rdb_last_bgsave_status'] ?? 'ok') === 'ok',
    lastSnapshotAgeSeconds: savedAt > 0 && serverTime > 0 ? Math.max(0, Math.round(serverTime - savedAt)) : null,
    lastAppendOk: (info?.['aof_last_write_status'] ?? 'ok') === 'ok',
    changesSinceSnapshot: number(info?.['rdb_changes_since_last_save']),
  };
}

export function statsOf(info: Info): RedisFacts['stats'] {
  const [hits, misses] = [number(info['keyspace_hits']), number(info['keyspace_misses'])];
  return {
    hits,
    misses,
    lookups: hits + misses,
    hitRate: hits + misses > 0 ? hits / (hits + misses) : null,
    expired: number(info['expired_keys']),
    rejected: number(info['rejected_connections']),
    clients: number(info['connected_clients']),
    maxClients: number(info['maxclients']),
    blocked: number(info['blocked_clients']),
  };
}
