import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mysql } from '../../src/connect/mysql.js';
import { postgres } from '../../src/connect/postgres.js';
import { redis } from '../../src/connect/redis.js';
import type { Connector, EnvironmentSource } from '../../src/model/environment.js';
import { asking } from '../support/measure.js';
import { hostilePeer } from '../support/servers.js';

/** Peers that speak the protocol's frames and fill them with nonsense. An exception outside of a promise fails the whole file. */
const body = fc.uint8Array({ maxLength: 80 });

/** PostgreSQL: a type and a length, which may lie. */
const postgresMessage = fc
  .record({
    type: fc.constantFrom(...'RSKZETDCNGWVAHI123tns'),
    body: fc.oneof(
      body,
      // Authentication: SASL, SASL continued and final, MD5, a kind that there is not.
      fc.constantFrom(10, 11, 12, 5, 3, 0, 99).chain((kind) => body.map((rest) => Uint8Array.from([0, 0, 0, kind, ...rest]))),
      fc.constantFrom('SFATAL\0C28P01\0Mno\0\0', 'T', '\0\u0003a\0', 'SCRAM-SHA-256\0\0').map((text) => Buffer.from(text)),
    ),
    lie: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -8, max: 0x7fff_0000 })),
  })
  .map(({ type, body: bytes, lie }) => {
    const head = Buffer.alloc(5);
    head.write(type, 0, 'latin1');
    head.writeInt32BE((bytes.length + 4 + lie) | 0, 1);
    return Buffer.concat([head, bytes]);
  });

/** MySQL: a length of three bytes and a number; the first message is a greeting, mutilated. */
const greeting = Buffer.from(
  '0a31302e31312e362d4d61726961444200080000003f5e2b4a6c6f3e4500fef7080200ff8115000000000000070000002a2b3c4d5e6f7a7b7c7d7e00' +
    Buffer.from('mysql_native_password\0').toString('hex'),
  'hex',
);
const mysqlMessage = (first: boolean) =>
  fc
    .oneof(
      body,
      fc
        .constantFrom(
          '00',
          'ff',
          'ff1504',
          'fe',
          'fe6d7973716c5f636c6561725f70617373776f726400',
          'fb2f6574632f706173737764',
          '01',
          '0104',
          'fcffff',
        )
        .map((hex) => Buffer.from(hex, 'hex')),
      fc.record({ at: fc.nat(greeting.length - 1), byte: fc.nat(255), cut: fc.nat(greeting.length) }).map(({ at, byte, cut }) => {
        const mutilated = Buffer.from(greeting);
        mutilated[at] = byte;
        return cut % 3 === 0 ? mutilated.subarray(0, cut) : mutilated;
      }),
    )
    .map((bytes) => (first && bytes[0] !== 0x0a ? greeting : Buffer.from(bytes)));

/** Redis: values of every kind, with counts that nobody keeps. */
const redisMessage = fc.oneof(
  fc.constantFrom(
    '+OK\r\n',
    '+PONG\r\n',
    '-NOAUTH x\r\n',
    '-\r\n',
    ':abc\r\n',
    ':9999999999999999999999\r\n',
    '$-5\r\nabc\r\n',
    '$536870911\r\nabc',
    '*1000000000\r\n',
    '*-7\r\n',
    '%3\r\n+a\r\n',
    '*2\r\n*2\r\n$1\r\na\r\n',
    '_\r\n',
    '(123x\r\n',
    '=3\r\ntxt\r\n',
    '>2\r\n+invalidate\r\n*0\r\n',
  ),
  fc.constant('*1\r\n'.repeat(20_000)),
  fc.string({ maxLength: 40 }),
);

async function survives(connector: Connector, answers: readonly (readonly Uint8Array[])[], address: (port: number) => EnvironmentSource) {
  const { failure } = asking(connector);
  for (const messages of answers) {
    const port = await hostilePeer((socket: Socket) => {
      let turn = 0;
      const say = () => {
        const next = messages[turn++];
        if (next) socket.write(next);
      };
      if (connector === mysql) say();
      socket.on('data', say);
    });
    const { reason, message } = await failure(address(port), {}, 150);
    expect(['timed-out', 'not-understood', 'too-large', 'no-permission', 'refused', 'untrusted', 'not-found']).toContain(reason);
    expect(message.length).toBeGreaterThan(0);
  }
}

const numRuns = { numRuns: 40, seed: 20_261_120 };

describe('malformed conversations', () => {
  it('of PostgreSQL end in a reason', async () => {
    const answers = fc.sample(fc.array(postgresMessage, { minLength: 1, maxLength: 5 }), numRuns);
    await survives(postgres, answers, (port) => ({ postgres: `postgres://app:x@127.0.0.1:${port}/shop?sslmode=disable` }));
  });

  it('of PostgreSQL end in a reason where TLS was asked for', async () => {
    const answers = fc.sample(
      fc.tuple(
        fc.constantFrom('S', 'N', 'E', 'X').map((c) => Buffer.from(c)),
        postgresMessage,
        postgresMessage,
      ),
      numRuns,
    );
    await survives(postgres, answers, (port) => ({ postgres: `postgres://app:x@127.0.0.1:${port}/shop` }));
  });

  it('of MySQL end in a reason', async () => {
    const conversation = fc.tuple(mysqlMessage(true), fc.array(mysqlMessage(false), { maxLength: 4 })).map(([first, rest]) =>
      [first, ...rest].map((bytes, i) => {
        const head = Buffer.alloc(4);
        head.writeUIntLE(bytes.length, 0, 3);
        head[3] = i === 0 ? 0 : 2 * i;
        return Buffer.concat([head, bytes]);
      }),
    );
    await survives(mysql, fc.sample(conversation, numRuns), (port) => ({ mysql: `mysql://app:x@127.0.0.1:${port}/shop` }));
  });

  it('of Redis end in a reason', async () => {
    const answers = fc.sample(
      fc.array(
        redisMessage.map((text) => Buffer.from(text)),
        { minLength: 1, maxLength: 6 },
      ),
      numRuns,
    );
    await survives(redis, answers, (port) => ({ redis: `redis://:x@127.0.0.1:${port}` }));
  });
});
