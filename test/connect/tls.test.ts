import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEnvironment } from '../../src/connect/index.js';
import { clientHello, readAnswer } from '../../src/connect/tls-hello.js';
import type { Measured } from '../../src/model/environment.js';
import { issue, nginx, nginxFolder } from '../support/nginx.js';
import { hostilePeer, hostilePeers } from '../support/servers.js';

interface Facts {
  trusted: boolean;
  problem: string;
  hostMatches: boolean;
  selfSigned: boolean;
  daysLeft: number;
  days: number;
  names: string[];
  versions: string[];
  weak: string[];
  forwardSecrecyOnly: boolean;
  ocspStapled: boolean;
  version: string;
  certificate: { keyType: string; keyBits: number; signature: string; issuer: string };
  chain: { subject: string }[];
}

const modern = 'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;';
let ports: Record<
  'good' | 'expired' | 'soon' | 'selfSigned' | 'wrongHost' | 'stranger' | 'old' | 'null' | 'rsaKex' | 'only13' | 'small' | 'plain',
  number
>;
let trust: string;

beforeAll(async () => {
  const root = issue({ name: 'Test Root', authority: true, to: 3650 });
  const between = issue({ name: 'Test Intermediate', authority: true, issuer: root, to: 1000 });
  const hosts = ['localhost', '127.0.0.1'];
  trust = join(nginxFolder(), 'root.pem');
  writeFileSync(trust, root.pem);
  const good = issue({ hosts, issuer: between, to: 80 });
  ports = await nginx({
    good: { tls: good, directives: `${modern} return 200 'ok';` },
    expired: { tls: issue({ hosts, issuer: between, from: -90, to: -3 }), directives: modern },
    soon: { tls: issue({ hosts, issuer: between, from: -80, to: 10.5 }), directives: modern },
    selfSigned: { tls: issue({ hosts }), directives: modern },
    wrongHost: { tls: issue({ hosts: ['other.example.org'], issuer: between }), directives: modern },
    stranger: { tls: issue({ hosts, issuer: issue({ name: 'Nobody', authority: true }) }), directives: modern },
    old: {
      tls: issue({ hosts, issuer: between, rsaBits: 2048 }),
      directives: 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers "HIGH:!aNULL:@SECLEVEL=0";',
    },
    null: {
      tls: issue({ hosts, issuer: between, rsaBits: 2048 }),
      directives: 'ssl_protocols TLSv1.2; ssl_ciphers "ALL:eNULL:aNULL:@SECLEVEL=0";',
    },
    rsaKex: {
      tls: issue({ hosts, issuer: between, rsaBits: 2048 }),
      directives: 'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers "AES128-GCM-SHA256";',
    },
    only13: { tls: good, directives: 'ssl_protocols TLSv1.3;' },
    small: {
      tls: issue({ hosts, rsaBits: 1024, hash: 'sha1' }),
      directives: 'ssl_protocols TLSv1.2; ssl_ciphers "ALL:@SECLEVEL=0";',
    },
    plain: { directives: "return 200 'ok';" },
  });
});

async function measure(endpoint: string, options: { trusted?: boolean; deadlineMs?: number } = {}): Promise<Measured> {
  const environment = openEnvironment({
    name: 'test',
    source: { tls: endpoint, ...(options.trusted === false ? {} : { trust }) },
    permissions: { load: false, commands: false },
    now: new Date(),
    deadlineMs: options.deadlineMs ?? 8_000,
  });
  try {
    return await environment.measure({ connection: 'tls', ask: {} });
  } finally {
    await environment.close();
  }
}

async function look(name: keyof typeof ports, options: { trusted?: boolean; host?: string } = {}): Promise<Facts> {
  const answer = await measure(`${options.host ?? 'localhost'}:${ports[name]}`, options);
  if (answer.status !== 'measured') throw new Error(`${answer.reason}: ${answer.message}`);
  const { tls } = await import('../../src/connect/tls.js');
  expect(tls.facts.parse(answer.facts)).toEqual(answer.facts);
  return (answer.facts as { endpoints: Facts[] }).endpoints[0] as Facts;
}

describe('certificates', () => {
  it('tells a good one, by name and by address', async () => {
    for (const host of ['localhost', '127.0.0.1']) {
      const facts = await look('good', { host });
      expect(facts).toMatchObject({ trusted: true, problem: '', hostMatches: true, selfSigned: false, daysLeft: 79, days: 81 });
      expect(facts.certificate).toMatchObject({ keyType: 'ec', keyBits: 256, signature: 'ecdsaWithSHA256', issuer: 'Test Intermediate' });
      expect(facts.chain.map((c) => c.subject).slice(0, 2)).toEqual(['localhost', 'Test Intermediate']);
      expect(facts.names).toEqual(['localhost', '127.0.0.1']);
    }
  });

  it('tells the same one from a stranger where its authority is not trusted', async () => {
    expect(await look('good', { trusted: false })).toMatchObject({
      trusted: false,
      problem: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      hostMatches: true,
    });
    expect(await look('stranger')).toMatchObject({ trusted: false, selfSigned: false });
  });

  it.each([
    ['expired', { trusted: false, problem: 'CERT_HAS_EXPIRED', hostMatches: true, daysLeft: -4 }],
    ['soon', { trusted: true, hostMatches: true, daysLeft: 10 }],
    ['selfSigned', { trusted: false, problem: 'DEPTH_ZERO_SELF_SIGNED_CERT', selfSigned: true, hostMatches: true }],
    ['wrongHost', { trusted: true, problem: '', hostMatches: false }],
  ] as const)('%s', async (name, wanted) => {
    expect(await look(name)).toMatchObject(wanted);
  });

  it('tells small keys and old signatures', async () => {
    expect((await look('small')).certificate).toMatchObject({ keyType: 'rsa', keyBits: 1024, signature: 'sha1WithRSA' });
  });
});

describe('protocols and ciphers', () => {
  it.each([
    ['good', ['TLSv1.2', 'TLSv1.3'], [], true],
    ['old', ['TLSv1', 'TLSv1.1', 'TLSv1.2'], [], false],
    ['null', ['TLSv1.2'], ['no encryption', 'anonymous'], false],
    ['rsaKex', ['TLSv1.2', 'TLSv1.3'], [], false],
    ['only13', ['TLSv1.3'], [], true],
  ] as const)('%s', async (name, versions, weak, forwardSecrecyOnly) => {
    expect(await look(name)).toMatchObject({ versions, weak, forwardSecrecyOnly });
  });

  it('agrees with sslscan on every one of them', async () => {
    const rows: string[] = [];
    for (const name of Object.keys(ports).filter((n) => n !== 'plain') as (keyof typeof ports)[]) {
      const facts = await look(name);
      const theirs = sslscan(ports[name]);
      rows.push(`${name}: ${facts.versions.join(' ')} | ${facts.weak.join(', ') || 'none'} | ${facts.selfSigned} | ${facts.daysLeft < 0}`);
      expect({
        name,
        versions: facts.versions,
        weak: facts.weak,
        forwardSecrecyOnly: facts.forwardSecrecyOnly,
        selfSigned: facts.selfSigned,
        expired: facts.daysLeft < 0,
        keyBits: facts.certificate.keyType === 'rsa' ? facts.certificate.keyBits : 0,
      }).toEqual({ name, ...theirs });
    }
    expect(rows).toHaveLength(11);
  });
});

/** What sslscan says of a port, in our words. */
function sslscan(port: number) {
  const { stdout } = spawnSync('sslscan', ['--no-colour', '--xml=-', '--no-heartbleed', '--no-groups', `localhost:${port}`], {
    encoding: 'utf8',
  });
  const versions = [...stdout.matchAll(/<protocol type="(\w+)" version="([\d.]+)" enabled="1"/g)].map(([, type, version]) =>
    type === 'ssl' ? `SSLv${version}` : version === '1.0' ? 'TLSv1' : `TLSv${version}`,
  );
  const ciphers = [...stdout.matchAll(/<cipher status="\w+" sslversion="([^"]+)" bits="\d+" cipher="([^"]+)"/g)].map((m) => m[2] as string);
  const has = (pattern: RegExp) => ciphers.some((c) => pattern.test(c));
  const weak = [
    ...(has(/NULL/) ? ['no encryption'] : []),
    ...(has(/ADH|AECDH|_anon_/i) ? ['anonymous'] : []),
    ...(has(/EXP/) ? ['export'] : []),
    ...(has(/RC4/) ? ['RC4'] : []),
    ...(has(/(?<!3)DES-CBC-/) ? ['DES'] : []),
    ...(has(/DES-CBC3|3DES/) ? ['3DES'] : []),
  ];
  return {
    versions: versions.sort(),
    weak,
    forwardSecrecyOnly: !ciphers.some((c) => !/^(?:ECDHE|DHE|ADH|AECDH|TLS_)/.test(c) && !/NULL/.test(c)),
    selfSigned: /<self-signed>true/.test(stdout),
    expired: /<expired>true/.test(stdout),
    keyBits: Number(/<pk error="false" type="RSA" bits="(\d+)"/.exec(stdout)?.[1] ?? 0),
  };
}

describe('peers that are no good TLS servers', () => {
  it.each([
    ['silent', 'timed-out'],
    ['drip', 'not-understood'],
    ['endless', 'not-understood'],
    ['garbage', 'not-understood'],
  ])('%s ends as %s', async (name, reason) => {
    const port = await hostilePeer(hostilePeers[name]!);
    const answer = await measure(`127.0.0.1:${port}`, { deadlineMs: 700 });
    expect(answer).toMatchObject({ status: 'unknown', reason, where: `tls://127.0.0.1:${port}` });
  });

  it('plain HTTP is no TLS, and a closed port is refused', async () => {
    expect(await measure(`localhost:${ports.plain}`)).toMatchObject({
      status: 'unknown',
      reason: 'not-understood',
      message: 'the server does not speak TLS',
    });
    expect(await measure('127.0.0.1:1')).toMatchObject({ status: 'unknown', reason: 'refused' });
  });

  it('one that is silent does not silence the others', async () => {
    const environment = openEnvironment({
      name: 'test',
      source: { tls: [`localhost:${ports.good}`, '127.0.0.1:1'], trust },
      permissions: { load: false, commands: false },
      now: new Date(),
    });
    const answer = await environment.measure({ connection: 'tls', ask: {} });
    await environment.close();
    expect(answer).toMatchObject({
      status: 'measured',
      facts: { endpoints: [{ port: ports.good }], unreachable: [{ reason: 'refused' }] },
    });
  });

  it('a malformed ServerHello is told, whatever its bytes', () => {
    const hello = clientHello('localhost', 'TLSv1.2', [0xc02f]);
    expect(() => readAnswer(hello)).toThrow(/malformed/);
    expect(() => readAnswer(Buffer.from('HTTP/1.1 400 Bad'))).toThrow(/does not speak TLS/);
    expect(readAnswer(Buffer.from([21, 3, 3, 0, 2, 2, 40]))).toBeNull();
    expect(readAnswer(Buffer.from([22, 3]))).toBeUndefined();
    for (let length = 0; length < 60; length++) {
      const bytes = Buffer.concat([Buffer.from([22, 3, 3, 0, length]), Buffer.alloc(length, 2)]);
      expect(() => {
        const answer = readAnswer(bytes);
        if (answer) expect(answer.version).toBeGreaterThan(0);
      }).not.toThrow(TypeError);
    }
  });
});
