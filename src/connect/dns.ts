import { isIP } from 'node:net';
import { z } from 'zod';
import { ConnectFailure, type Connector, type EnvironmentSource } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import { parseServer, query, systemServers, type Answer, type Server } from './dns-query.js';
import { baseOf } from './http.js';

const dnsFacts = z.object({
  domain: z.string().default('app.example.org'),
  exists: z.boolean().default(true),
  a: z.array(z.string()).default([]).describe('IPv4 addresses, aliases followed'),
  aaaa: z.array(z.string()).default([]).describe('IPv6 addresses, aliases followed'),
  cname: z.array(z.string()).default([]).describe('Names that it is an alias of, in order'),
  caa: z
    .array(z.object({ tag: z.string(), value: z.string(), critical: z.boolean().default(false) }))
    .default([])
    .describe('Which authorities may issue certificates: of the nearest ancestor that says so (RFC 8659)'),
  mailDomain: z.string().default('').describe('The domain, or its nearest ancestor, that receives or sends mail; empty where none does'),
  mx: z.array(z.object({ exchange: z.string(), priority: z.number() })).default([]),
  spf: z
    .object({ record: z.string(), all: z.enum(['', '+', '-', '~', '?']).describe('What it says of every other sender; empty: nothing') })
    .nullable()
    .default(null),
  spfRecords: z.number().default(0).describe('More than one is an error (RFC 7208, section 4.5)'),
  dmarc: z
    .object({ domain: z.string(), policy: z.enum(['none', 'quarantine', 'reject']), percent: z.number(), reports: z.boolean() })
    .nullable()
    .default(null)
    .describe('Of the domain, or of its nearest ancestor that has one (RFC 7489)'),
  dnssec: z.boolean().default(false).describe('The resolver says that it validated the addresses (the AD flag)'),
});
type DnsFacts = z.infer<typeof dnsFacts>;

function domainOf(environment: EnvironmentSource): string {
  const domain = environment.dns?.domain ?? (environment.url === undefined ? '' : baseOf(environment).hostname);
  return domain.replace(/\.$/, '').toLowerCase();
}

/** Names that the DNS of the world knows nothing about. */
const local = /^$|^localhost$|^[^.]+$|\.(?:localhost|local|internal|test|invalid|lan|home\.arpa)$/;

function serversOf(environment: EnvironmentSource): Server[] {
  const given = environment.dns?.server;
  if (given === undefined) return systemServers().slice(0, 3);
  const server = parseServer(given);
  if (!server)
    throw new UsageError(
      `\`${given}\` is no DNS server`,
      '`dns.server` of the environment',
      'write an address, with a port where it is not 53: 127.0.0.1:5353',
    );
  return [server];
}

export const dns: Connector = {
  connection: 'dns',
  facts: dnsFacts,
  endpoints(environment) {
    serversOf(environment);
    return domainOf(environment) === '' ? [] : [`dns:${domainOf(environment)}`];
  },
  open: async ({ environment }) => ({
    async measure(_ask, signal) {
      const domain = domainOf(environment);
      if (isIP(domain.replace(/^\[|\]$/g, '')) || (local.test(domain) && environment.dns?.domain === undefined))
        throw new ConnectFailure(
          'not-named',
          'the application is named by an address or a local name: give `dns.domain` in the environment',
        );
      const servers = serversOf(environment);
      const ask = (name: string, type: Parameters<typeof query>[1]) => query(name, type, servers, signal);
      return { where: `dns:${domain}`, facts: await lookUp(domain, ask) };
    },
    close: async () => undefined,
  }),
};

type Ask = (name: string, type: Parameters<typeof query>[1]) => Promise<Answer>;

async function lookUp(domain: string, ask: Ask): Promise<DnsFacts> {
  const ancestors = ancestorsOf(domain);
  const [a, aaaa, caa, mail, dmarc] = await Promise.all([
    ask(domain, 'A'),
    ask(domain, 'AAAA'),
    firstOf(ancestors, async (name) => nonEmpty(recordsOf(await ask(name, 'CAA'), 'CAA').map(caaOf))),
    firstOf(ancestors, (name) => mailOf(name, ask)),
    firstOf(ancestors, async (name) => dmarcOf(name, textsOf(await ask(`_dmarc.${name}`, 'TXT')))),
  ]);
  return {
    domain,
    exists: a.rcode === 'NOERROR' || aaaa.rcode === 'NOERROR',
    a: recordsOf(a, 'A').map((r) => String(r.data)),
    aaaa: recordsOf(aaaa, 'AAAA').map((r) => String(r.data)),
    cname: recordsOf(a, 'CNAME').map((r) => String(r.data)),
    caa: caa ?? [],
    mailDomain: mail?.domain ?? '',
    mx: mail?.mx ?? [],
    spf: mail?.spf ?? null,
    spfRecords: mail?.spfRecords ?? 0,
    dmarc,
    dnssec: a.ad && (a.answers.length > 0 || aaaa.ad),
  };
}

/** The name and its ancestors down to two labels; a top-level domain says nothing about its customers. */
function ancestorsOf(domain: string): string[] {
  const labels = domain.split('.');
  return labels.length < 2 ? [domain] : labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/** Asks in order until one has something to say. */
async function firstOf<T>(names: readonly string[], ask: (name: string) => Promise<T | null>): Promise<T | null> {
  for (const name of names) {
    const found = await ask(name);
    if (found !== null) return found;
  }
  return null;
}

const nonEmpty = <T>(list: T[]): T[] | null => (list.length > 0 ? list : null);

interface Record_ {
  readonly data: unknown;
}

const recordsOf = (answer: Answer, type: string): Record_[] =>
  answer.answers.filter((record) => record.type === type) as unknown as Record_[];

function caaOf({ data }: Record_): DnsFacts['caa'][number] {
  const { tag, value, flags, issuerCritical } = data as { tag?: unknown; value?: unknown; flags?: unknown; issuerCritical?: unknown };
  return { tag: String(tag ?? ''), value: String(value ?? ''), critical: issuerCritical === true || flags === 128 };
}

/** TXT records, their strings joined (RFC 7208, section 3.3). */
function textsOf(answer: Answer): string[] {
  return recordsOf(answer, 'TXT').map(({ data }) =>
    [data]
      .flat()
      .map((part) => (typeof part === 'string' ? part : Buffer.from(part as Uint8Array).toString('latin1')))
      .join(''),
  );
}

async function mailOf(domain: string, ask: Ask): Promise<(Pick<DnsFacts, 'mx' | 'spf' | 'spfRecords'> & { domain: string }) | null> {
  const [exchanges, texts] = await Promise.all([ask(domain, 'MX'), ask(domain, 'TXT')]);
  const mx = recordsOf(exchanges, 'MX').map(({ data }) => {
    const { exchange, preference } = data as { exchange?: unknown; preference?: unknown };
    return { exchange: String(exchange ?? ''), priority: Number(preference ?? 0) };
  });
  const policies = textsOf(texts).filter((text) => /^v=spf1(?:\s|$)/i.test(text));
  if (mx.length === 0 && policies.length === 0) return null;
  return {
    domain,
    mx: mx.sort((x, y) => x.priority - y.priority),
    spf: policies[0] === undefined ? null : spfOf(policies[0]),
    spfRecords: policies.length,
  };
}

function spfOf(record: string): NonNullable<DnsFacts['spf']> {
  const all = /(?:^|\s)([-+~?]?)all(?:\s|$)/i.exec(record);
  return { record: record.slice(0, 500), all: all ? ((all[1] || '+') as '+' | '-' | '~' | '?') : '' };
}

function dmarcOf(domain: string, texts: readonly string[]): DnsFacts['dmarc'] {
  const record = texts.find((text) => /^v=DMARC1\s*(?:;|$)/.test(text));
  if (record === undefined) return null;
  const tags = new Map<string, string>();
  for (const part of record.split(';')) {
    const [name = '', value = ''] = part.split('=', 2);
    tags.set(name.trim(), value.trim());
  }
  const policy = (tags.get('p') ?? '').toLowerCase();
  if (policy !== 'none' && policy !== 'quarantine' && policy !== 'reject') return null;
  return { domain, policy, percent: Number(tags.get('pct') ?? 100), reports: tags.has('rua') };
}
