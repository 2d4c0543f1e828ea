import type { Connection, Connector } from '../model/environment.js';

/** Every kind of connection, one line each; loaded when the first measurement of its kind is asked for. */
export const connectors: Partial<Record<Connection, () => Promise<Connector>>> = {
  env: async () => (await import('./env.js')).env,
  prometheus: async () => (await import('./prometheus.js')).prometheus,
  load: async () => (await import('./load.js')).load,
  command: async () => (await import('./command.js')).command,
  backup: async () => (await import('./backup.js')).backup,
  postgres: async () => (await import('./postgres.js')).postgres,
};
