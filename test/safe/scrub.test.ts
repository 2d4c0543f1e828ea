import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/safe/canonical.js';
import { scrubber } from '../../src/safe/scrub.js';

const secret = (...parts: string[]) => parts.join('');

describe('what an environment’s definition keeps to itself', () => {
  const password = secret('p%40ss', '-not-real');
  const token = secret('tok', 'en-not-real');
  const query = secret('query', '-not-real');
  const { text, value } = scrubber({
    url: `https://user:${password}@app.example.org`,
    postgres: `postgres://u:${secret('pg', '-not-real')}@db/x?sslpassword=${query}`,
    redis: `redis://:${secret('r', '1')}@cache`,
    headers: { Authorization: `Bearer ${token}`, Accept: 'text/html', 'X-Gate': secret('gate', '-not-real') },
  });

  it('passwords as written and decoded, query secrets, headers with and without their scheme, basic credentials', () => {
    for (const hidden of [
      password,
      'p@ss-not-real',
      secret('pg', '-not-real'),
      query,
      token,
      `Bearer ${token}`,
      secret('gate', '-not-real'),
      btoa('user:p@ss-not-real'),
    ])
      expect(text(`before ${hidden} after`)).toBe('before **** after');
  });

  it('leaves ordinary words, and secrets too short to tell', () => {
    expect(text('text/html r1 user app.example.org')).toBe('text/html r1 user app.example.org');
  });

  it('reaches into values and keys', () => {
    expect(value({ a: [token, { [token]: 1 }], n: 1, no: null })).toEqual({ a: ['****', { '****': 1 }], n: 1, no: null });
  });
});

describe('canonical', () => {
  it('gives one text for equal data', () => {
    expect(canonical({ b: 1, a: { d: [1, { f: 1, e: 2 }], c: undefined } })).toBe('{"a":{"d":[1,{"e":2,"f":1}]},"b":1}');
    expect(canonical({ a: null })).not.toBe(canonical({}));
  });

  it('leaves a password that the address says in the open anyway, since hiding it would tell it', () => {
    const { text, value } = scrubber({ postgres: 'postgres://postgres:postgres@db/shop', redis: 'redis://:shop-cache@cache' });
    expect(text('postgres://db:5432/shop as postgres')).toBe('postgres://db:5432/shop as postgres');
    expect(value({ vendor: 'postgresql', said: 'shop-cache' })).toEqual({ vendor: 'postgresql', said: '****' });
  });
});
