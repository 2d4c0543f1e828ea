import { describe, expect, it } from 'vitest';
import { tcp } from '../../src/connect/tcp.js';
import { UsageError } from '../../src/model/error.js';
import { asking } from '../support/measure.js';
import { freePort, hostilePeer } from '../support/servers.js';

const { facts: ask } = asking<{ ports: { port: number; state: string; wanted: string; endpoint: string }[] }>(tcp);

describe('ports', () => {
  it('are open or closed, beside what the operator wants', async () => {
    const open = await hostilePeer(() => undefined);
    const closed = await freePort();
    const { ports } = await ask({ ports: { host: '127.0.0.1', open: [open], closed: [closed] } });
    expect(ports).toEqual([
      { endpoint: `tcp://127.0.0.1:${open}`, port: open, wanted: 'open', state: 'open' },
      { endpoint: `tcp://127.0.0.1:${closed}`, port: closed, wanted: 'closed', state: 'closed' },
    ]);
  });

  it('belong to the host of the application where none is named', () => {
    expect(tcp.endpoints({ url: 'https://[::1]:8443/x', ports: { closed: [5432] } })).toEqual(['tcp://[::1]:5432']);
    expect(tcp.endpoints({ url: 'https://app.example.org' })).toEqual([]);
    expect(() => tcp.endpoints({ ports: { closed: [5432] } })).toThrow(UsageError);
    expect(() => tcp.endpoints({ ports: { host: 'a', closed: [70_000] } })).toThrow(/no port/);
  });
});
