import { connect } from 'node:net';
import { z } from 'zod';
import { type Connector, type EnvironmentSource } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import { baseOf } from './http.js';

const portFacts = z.object({
  endpoint: z.string().default('tcp://app.example.org:5432'),
  port: z.number().default(5432),
  state: z
    .enum(['open', 'closed', 'filtered'])
    .default('closed')
    .describe('open: accepts connections; closed: refuses; filtered: no answer'),
  wanted: z.enum(['open', 'closed']).default('closed').describe('What the operator expects; filtered is as good as closed'),
});

const tcpFacts = z.object({ ports: z.array(portFacts).default([]) });

/** Milliseconds after which a port counts as filtered. */
const silenceMs = 3_000;

interface Port {
  readonly host: string;
  readonly port: number;
  readonly wanted: 'open' | 'closed';
  readonly endpoint: string;
}

function portsOf(environment: EnvironmentSource): Port[] {
  const { ports } = environment;
  if (!ports) return [];
  const host = (ports.host ?? (environment.url === undefined ? '' : baseOf(environment).hostname)).replace(/^\[|\]$/g, '');
  if (host === '')
    throw new UsageError('`ports` names no host', '`ports` of the environment', 'add `host: app.example.org`, or give `url`');
  const shown = host.includes(':') ? `[${host}]` : host;
  const make = (wanted: Port['wanted']) => (port: number) => {
    if (port < 1 || port > 65_535) throw new UsageError(`${port} is no port`, '`ports` of the environment', 'ports are 1 to 65535');
    return { host, port, wanted, endpoint: `tcp://${shown}:${port}` };
  };
  return [...(ports.open ?? []).map(make('open')), ...(ports.closed ?? []).map(make('closed'))];
}

export const tcp: Connector = {
  connection: 'tcp',
  facts: tcpFacts,
  endpoints: (environment) => portsOf(environment).map((p) => p.endpoint),
  open: async ({ environment }) => ({
    async measure(_ask, signal) {
      const ports = await Promise.all(
        portsOf(environment).map(async (p) => ({ endpoint: p.endpoint, port: p.port, wanted: p.wanted, state: await stateOf(p, signal) })),
      );
      return { where: ports.map((p) => p.endpoint).join(', '), facts: { ports } };
    },
    close: async () => undefined,
  }),
};

function stateOf({ host, port }: Port, signal: AbortSignal): Promise<'open' | 'closed' | 'filtered'> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      settle();
    };
    const stop = () => end(() => reject(signal.reason as Error));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(silenceMs, () => end(() => resolve('filtered')));
    socket.on('connect', () => end(() => resolve('open')));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(() => {
        if (error.code === 'ECONNREFUSED') resolve('closed');
        else if (error.code === 'ETIMEDOUT' || error.code === 'EHOSTUNREACH' || error.code === 'ENETUNREACH') resolve('filtered');
        else reject(error);
      }),
    );
  });
}
