import type { Connection, Connector } from '../model/environment.js';

/** Every kind of connection, one line each; loaded when the first measurement of its kind is asked for. */
export const connectors: Partial<Record<Connection, () => Promise<Connector>>> = {
  http: async () => (await import('./http.js')).http,
  tls: async () => (await import('./tls.js')).tls,
  tcp: async () => (await import('./tcp.js')).tcp,
  dns: async () => (await import('./dns.js')).dns,
  env: async () => (await import('./env.js')).env,
  prometheus: async () => (await import('./prometheus.js')).prometheus,
  load: async () => (await import('./load.js')).load,
  command: async () => (await import('./command.js')).command,
  host: async () => (await import('./host.js')).host,
  backup: async () => (await import('./backup.js')).backup,
  postgres: async () => (await import('./postgres.js')).postgres,
  mysql: async () => (await import('./mysql.js')).mysql,
  redis: async () => (await import('./redis.js')).redis,
};
