import type { z } from 'zod';
import { ConnectFailure, type ConnectContext, type OpenConnection } from '../model/environment.js';
import { Guard, type Address } from './dial.js';
import { passwordOf } from './passwords.js';

/** Failures that speak of the server or the credentials; the others (silence, garbage) may be the network's or the peer's. */
const reachReasons: ReadonlySet<string> = new Set(['refused', 'no-permission', 'not-found']);

interface Served<Schema extends z.ZodType> {
  readonly address: Address;
  readonly facts: Schema;
  readonly context: ConnectContext;
  /** Everything that one connection tells; asked for at the first question and kept. The guard is closed behind it. */
  look(guard: Guard): Promise<z.infer<Schema>>;
  failureOf(error: unknown): ConnectFailure;
}

/** A database server, looked at once for all questions. */
export function lookedAtOnce<Schema extends z.ZodType>({ address, facts, context, look, failureOf }: Served<Schema>): OpenConnection {
  let known: Promise<z.infer<Schema>> | undefined;
  const guarded = async (signal: AbortSignal): Promise<z.infer<Schema>> => {
    // a part of the time is kept for saying goodbye
    const guard = new Guard(context.deadlineMs * 0.9, signal);
    try {
      return await look(guard);
    } finally {
      guard.close();
    }
  };
  return {
    async measure(ask, signal) {
      known ??= guarded(signal);
      try {
        const found = await known;
        const { reach } = found as { reach: { ok: boolean; reason: ConnectFailure['reason'] | null; message: string } };
        if (!reach.ok && ask['reach'] !== true) throw new ConnectFailure(reach.reason ?? 'not-understood', reach.message);
        return { where: address.where, facts: found };
      } catch (error) {
        const failure = failureOf(error);
        if (ask['reach'] === true && reachReasons.has(failure.reason))
          return { where: address.where, facts: unreached(facts, failure, address) };
        throw failure;
      }
    },
    close: async () => undefined,
  };
}

/** The facts of a server that turned the connection down, for questions about just that: `ask: {reach: true}`. */
export const unreached = <Schema extends z.ZodType>(
  facts: Schema,
  failure: ConnectFailure,
  address: Address,
  known: object = {},
): z.infer<Schema> =>
  facts.parse({ reach: { ok: false, reason: failure.reason, message: failure.message }, password: passwordOf(address), ...known });
