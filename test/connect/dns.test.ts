import { describe, expect, it } from 'vitest';
import { dns } from '../../src/connect/dns.js';
import { parseServer } from '../../src/connect/dns-query.js';
import { asking } from '../support/measure.js';
import { dnsServer, type Zone } from '../support/dns.js';

interface Facts {
  exists: boolean;
  a: string[];
  dnssec: boolean;
  [field: string]: unknown;
}
const { facts: ask, failure } = asking<Facts>(dns);

const text = (name: string, ...data: string[]) => ({ type: 'TXT' as const, name, data });
const careful: Zone['records'] = {
  'app.example.org': [
    { type: 'CNAME', name: 'app.example.org', data: 'edge.example.org' },
    { type: 'A', name: 'edge.example.org', data: '192.0.2.1' },
    { type: 'AAAA', name: 'edge.example.org', data: '2001:db8::1' },
  ],
  'example.org': [
    { type: 'CAA', name: 'example.org', data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' } },
    { type: 'MX', name: 'example.org', data: { preference: 20, exchange: 'b.example.org' } },
    { type: 'MX', name: 'example.org', data: { preference: 10, exchange: 'a.example.org' } },
    text('example.org', 'google-site-verification=x'),
    text('example.org', 'v=spf1 include:_spf.example.net ', '-all'),
  ],
  '_dmarc.example.org': [text('_dmarc.example.org', 'v=DMARC1; p=reject; rua=mailto:d@example.org; pct=50')],
};

describe('a careful domain', () => {
  it('tells addresses, and what its ancestors say of certificates and mail', async () => {
    const { server } = await dnsServer({ records: careful, validated: true });
    const facts = await ask({ url: 'https://app.example.org', dns: { server } });
    expect(facts).toEqual({
      domain: 'app.example.org',
      exists: true,
      a: ['192.0.2.1'],
      aaaa: ['2001:db8::1'],
      cname: ['edge.example.org'],
      caa: [{ tag: 'issue', value: 'letsencrypt.org', critical: false }],
      mailDomain: 'example.org',
      mx: [
        { exchange: 'a.example.org', priority: 10 },
        { exchange: 'b.example.org', priority: 20 },
      ],
      spf: { record: 'v=spf1 include:_spf.example.net -all', all: '-' },
      spfRecords: 1,
      dmarc: { domain: 'example.org', policy: 'reject', percent: 50, reports: true },
      dnssec: true,
    });
  });

  it('comes back over TCP where an answer is cut off', async () => {
    const { server, asked } = await dnsServer({ records: careful, cutOff: true });
    const facts = await ask({ url: 'https://app.example.org', dns: { server } });
    expect(facts).toMatchObject({ a: ['192.0.2.1'], dnssec: false });
    expect(asked).toContain('A app.example.org tcp');
  });
});

describe('a careless domain', () => {
  it('tells what is not there', async () => {
    const records = {
      'example.net': [
        { type: 'A' as const, name: 'example.net', data: '192.0.2.9' },
        text('example.net', 'v=spf1 +all'),
        text('example.net', 'v=spf1 ~all'),
      ],
      '_dmarc.example.net': [text('_dmarc.example.net', 'v=DMARC1; p=maybe')],
    };
    const { server } = await dnsServer({ records });
    expect(await ask({ dns: { domain: 'example.net', server } })).toMatchObject({
      exists: true,
      aaaa: [],
      caa: [],
      mx: [],
      spf: { all: '+' },
      spfRecords: 2,
      dmarc: null,
      dnssec: false,
    });
    expect(await ask({ dns: { domain: 'nowhere.example.net', server } })).toMatchObject({
      exists: false,
      a: [],
      mailDomain: 'example.net',
    });
  });
});

describe('what cannot be told', () => {
  it.each([
    ['refuses', { records: {}, rcode: 'REFUSED' }, 'refused'],
    ['fails', { records: {}, rcode: 'SERVFAIL' }, 'not-understood'],
    ['answers garbage', { records: {}, garbage: Buffer.from('this is no DNS at all') }, 'not-understood'],
    ['answers too little', { records: {}, garbage: Buffer.alloc(3) }, 'timed-out'],
    ['is silent', { records: {}, silent: true }, 'timed-out'],
  ] as const)('a server that %s', async (_name, zone, reason) => {
    const { server } = await dnsServer(zone as Zone);
    expect(await failure({ dns: { domain: 'example.net', server } })).toMatchObject({ reason });
  });

  it('nobody listens, and addresses and local names have no domain', async () => {
    expect(await failure({ dns: { domain: 'example.net', server: '127.0.0.1:1' } })).toMatchObject({ reason: 'refused' });
    for (const url of ['http://127.0.0.1:8080', 'http://[::1]/', 'http://localhost', 'https://shop.internal'])
      expect(await failure({ url })).toMatchObject({ reason: 'not-named', message: expect.stringContaining('dns.domain') });
  });

  it('takes addresses with and without a port for servers, and nothing else', () => {
    expect(parseServer('127.0.0.1:5353')).toEqual({ host: '127.0.0.1', port: 5353 });
    expect(parseServer('[::1]:53')).toEqual({ host: '::1', port: 53 });
    expect(parseServer('9.9.9.9')).toEqual({ host: '9.9.9.9', port: 53 });
    expect(parseServer('dns.example.org')).toBeNull();
    expect(parseServer('127.0.0.1:99999')).toBeNull();
  });
});
