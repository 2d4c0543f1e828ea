import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { env, envFacts, envFactsOf, type EnvFacts } from '../../src/connect/env.js';
import { parseEnvFile } from '../../src/connect/dotenv.js';
import { isCommonPassword } from '../../src/connect/passwords.js';
import { openEnvironment } from '../../src/connect/index.js';
import type { Measured } from '../../src/model/environment.js';
import { temporaryFolder } from '../support/cli.js';

const now = new Date('2026-11-20T12:00:00Z');
const permissions = { load: false, commands: false };

async function measured(envFile: string): Promise<Measured> {
  const environment = openEnvironment({ name: 'test', source: { envFile }, permissions, now });
  try {
    return await environment.measure({ connection: 'env', ask: {} });
  } finally {
    await environment.close();
  }
}

const variable = (facts: EnvFacts, name: string) => facts.variables.find((v) => v.name === name) as EnvFacts['variables'][number];
const factsOf = (values: Record<string, string>): EnvFacts => envFacts.parse(envFactsOf(new Map(Object.entries(values)), null));

describe('env files', () => {
  it('are read by the rules that dotenv libraries share', () => {
    const { variables, repeated, broken } = parseEnvFile(
      [
        '\uFEFF# comment',
        'export A=b',
        'B="x # y" # after',
        'C=b # c',
        "D='single $HOME \\n'",
        'E="two',
        'lines"',
        'F=',
        'G = spaced  ',
        'H="a\\nb \\"in\\" c"',
        'I=`back`',
        'J=a#b',
        'K=a=b=c',
        'L=${A}-$B',
        'A=again\r',
        'no assignment',
        'M="never closed',
      ].join('\n'),
    );
    expect(Object.fromEntries(variables)).toEqual({
      A: 'again',
      B: 'x # y',
      C: 'b',
      D: 'single $HOME \\n',
      E: 'two\nlines',
      F: '',
      G: 'spaced',
      H: 'a\nb "in" c',
      I: 'back',
      J: 'a#b',
      K: 'a=b=c',
      L: '${A}-$B',
      M: '"never closed',
    });
    expect(repeated).toEqual(['A']);
    expect(broken).toEqual([16]);
  });

  it('tell their permissions, names given twice and lines that are nothing', async () => {
    const file = join(temporaryFolder(), '.env');
    writeFileSync(file, 'A=1\nA=2\nwhat is this\n');
    chmodSync(file, 0o644);
    const open = await measured(file);
    expect(open).toMatchObject({
      status: 'measured',
      where: file,
      facts: { source: 'file', file: { mode: '0644', readableByOthers: true, writableByOthers: false, repeated: ['A'], brokenLines: [3] } },
    });
    chmodSync(file, 0o600);
    expect(await measured(file)).toMatchObject({ facts: { file: { mode: '0600', readableByOthers: false } } });
  });

  it('are unknown where there is none, with the reason', async () => {
    const folder = temporaryFolder();
    expect(await measured(join(folder, 'missing.env'))).toMatchObject({ status: 'unknown', reason: 'not-found' });
    mkdirSync(join(folder, 'sub'));
    expect(await measured(join(folder, 'sub'))).toMatchObject({ status: 'unknown', reason: 'not-understood' });
    writeFileSync(join(folder, 'huge'), 'A=1\n'.repeat(300_000));
    expect(await measured(join(folder, 'huge'))).toMatchObject({ status: 'unknown', reason: 'too-large' });
  });

  it('are those of the process with -', async () => {
    const answer = await measured('-');
    expect(answer).toMatchObject({ status: 'measured', where: 'environment of the process', facts: { source: 'process', file: null } });
    expect((answer as { facts: EnvFacts }).facts.names).toContain('PATH');
  });
});

describe('facts of variables', () => {
  it('hold no value of a secret, and of others only harmless words and numbers', async () => {
    const canary = ['k4narie', 'b1rdsong'].join('-');
    const file = join(temporaryFolder(), '.env');
    writeFileSync(
      file,
      [
        `API_KEY=${canary}1`,
        `DATABASE_URL=postgres://u${canary}2:${canary}3@db.example.net/x${canary}4`,
        `NOTE="${canary}5"`,
        `N=${canary}6`,
        `broken ${canary}7`,
      ].join('\n'),
    );
    const text = JSON.stringify(await measured(file));
    expect(text).toContain('DATABASE_URL');
    expect(text).not.toContain(canary);
  });

  it('say what a value looks like', () => {
    const facts = factsOf({
      EMPTY: '',
      URL: 'https://shop.acme.io/x',
      DEBUG: 'True',
      PORT: '8080',
      MAIL_FROM: 'Shop <shop@acme.io>',
      HEX: '0123456789abcdef0123456789abcdef',
      LIST: 'a.acme.io,b.acme.io',
      FOLDER: '/var/lib/app',
      MODE: 'Production',
      JSON: '{"a": 1}',
      ID: '123e4567-e89b-12d3-a456-426614174000',
    });
    expect(Object.fromEntries(facts.variables.map((v) => [v.name, v.format]))).toEqual({
      EMPTY: 'empty',
      URL: 'url',
      DEBUG: 'boolean',
      PORT: 'number',
      MAIL_FROM: 'email',
      HEX: 'hex',
      LIST: 'list',
      FOLDER: 'path',
      MODE: 'text',
      JSON: 'json',
      ID: 'uuid',
    });
    expect(variable(facts, 'DEBUG').word).toBe('true');
    expect(variable(facts, 'MODE')).toMatchObject({ word: 'production', looksProduction: true });
    expect(variable(facts, 'PORT').number).toBe(8080);
    expect(variable(facts, 'HEX').bytes).toBe(16);
    expect(variable(facts, 'EMPTY')).toMatchObject({ empty: true, placeholder: true, equalTo: [] });
  });

  it.each([
    ['changeme', true],
    ['<your key>', true],
    ['your-api-key-here', true],
    ['${DB_PASSWORD}', true],
    ['keyboard cat', true],
    ['django-insecure-' + 'x1y2z3'.repeat(6), true],
    ['Zm9vYmFyYmF6cXV4eHh4MTIzNDU2Nzg5MA4kQ', false],
    ['correct horse battery staple', false],
  ])('%s is a placeholder: %s', (value, expected) => {
    expect(variable(factsOf({ SECRET_KEY: value }), 'SECRET_KEY').placeholder).toBe(expected);
  });

  it.each([
    ['READ_ONLY', false],
    ['none', false],
    ['https://api.acme.io/v1/generate', false],
    ['Shop <shop@acme.io>', false],
    ['noreply@example.com', true],
    ['https://your-domain.com', true],
    ['<fill in>', true],
  ])('an ordinary setting of %s is a placeholder: %s', (value, expected) => {
    expect(variable(factsOf({ SOME_SETTING: value }), 'SOME_SETTING').placeholder).toBe(expected);
  });

  it('find equal values, but not those that nobody set', () => {
    const facts = factsOf({ A_KEY: 'x9'.repeat(20), B_KEY: 'x9'.repeat(20), C_KEY: 'y8'.repeat(20), D: '', E: '' });
    expect(variable(facts, 'A_KEY').equalTo).toEqual(['B_KEY']);
    expect(variable(facts, 'C_KEY').equalTo).toEqual([]);
    expect(variable(facts, 'D').equalTo).toEqual([]);
  });

  it('know where a URL leads, and whether it is encrypted', () => {
    const urls = {
      A: 'postgres://localhost/x',
      B: 'postgres://10.1.2.3/x?sslmode=require',
      C: 'redis://cache:6379/0',
      D: 'https://api.acme.io',
      E: 'https://api.example.com',
      F: 'postgres://db.acme.io/x?sslmode=disable',
    };
    const facts = factsOf(urls);
    const told = Object.keys(urls).map((name) => [variable(facts, name).url?.host, variable(facts, name).url?.encrypted]);
    expect(told).toEqual([
      ['loopback', null],
      ['private', true],
      ['name', false],
      ['public', true],
      ['sample', true],
      ['public', false],
    ]);
    expect(variable(facts, 'A').looksProduction).toBe(false);
    expect(variable(facts, 'D').looksProduction).toBe(true);
    expect(variable(facts, 'C').looksProduction).toBeNull();
  });

  it('collect passwords, alone and in URLs, with their users', () => {
    const good = ['Tq8', 'vL2', 'mZ9', 'xR4', 'pW7', 'nB5'].join('');
    const facts = factsOf({
      DB_USER: 'shop',
      DB_PASSWORD: 'shop',
      REDIS_URL: `redis://:${'post' + 'gres'}@cache/0`,
      DATABASE_URL: `postgres://shop:${good}@db/shop`,
      SMTP_PASS: '',
      PASSWORD_MIN_LENGTH: '12',
      POSTGRES_PASSWORD_FILE: '/run/secrets/pg',
      PWD: '/srv/app',
      HOME_URL: 'https://a:b@acme.io',
    });
    expect(facts.passwords.map((p) => p.name)).toEqual(['DATABASE_URL', 'DB_PASSWORD', 'REDIS_URL', 'SMTP_PASS']);
    expect(facts.passwords[0]).toMatchObject({ inUrl: true, length: 18, common: false, equalsUser: false, placeholder: false });
    expect(facts.passwords[1]).toMatchObject({ inUrl: false, equalsUser: true });
    expect(facts.passwords[2]).toMatchObject({ common: true });
    expect(facts.passwords[3]).toMatchObject({ empty: true });
  });

  it.each(['password', 'Password1!', 'admin123', 'postgres', 'root2026', 'aaaaaaaa', 'testtest', 'hunter2'])(
    '%s is a common password',
    (word) => {
      expect(isCommonPassword(word)).toBe(true);
    },
  );
  it.each(['tangerine-violin-9', 'Xk29vbQ', 'shopping'])('%s is none', (word) => {
    expect(isCommonPassword(word)).toBe(false);
  });

  it('are named by the connector', () => {
    expect(env.endpoints({})).toEqual([]);
    expect(env.endpoints({ envFile: '.env.production' })).toEqual(['.env.production']);
  });
});
