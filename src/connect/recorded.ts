import type { Connection, Environment, Measured, Measurement, UnknownReason } from '../model/environment.js';
import { canonical } from '../safe/canonical.js';

/** One canned answer: facts, or why there are none, for every question that has at least the fields of `ask`. */
export interface RecordedAnswer {
  readonly ask?: Readonly<Record<string, unknown>>;
  readonly where?: string;
  readonly facts?: unknown;
  readonly unknown?: UnknownReason;
  readonly message?: string;
}

/** By connection: a list of answers, of which the first that fits is given; or the facts for any question, or `{unknown: reason}`. */
export type RecordedAnswers = Readonly<Partial<Record<Connection, readonly RecordedAnswer[] | Readonly<Record<string, unknown>>>>>;

/** Completes the facts that somebody wrote down by the defaults of the connection's schema; throws where they don't fit it. */
export type Complete = (connection: Connection, facts: unknown) => unknown;

/** The recorded twin of an environment: the same answers as a live one would give, from plain data. */
export function recordedEnvironment(answers: RecordedAnswers, complete: Complete = (_, facts) => facts): Environment {
  return {
    name: 'recorded',
    has: (connection) => answers[connection] !== undefined,
    measure: async (measurement) => answerTo(measurement, answers, complete),
    close: async () => undefined,
  };
}

function answerTo({ connection, ask }: Measurement, answers: RecordedAnswers, complete: Complete): Measured {
  const given = answers[connection];
  const where = whereOf(connection, ask);
  if (given === undefined) return { status: 'unknown', where, reason: 'not-named', message: 'nothing is recorded for it' };
  const list: readonly RecordedAnswer[] = Array.isArray(given)
    ? given
    : 'unknown' in given
      ? [given as RecordedAnswer]
      : [{ facts: given }];
  const answer = list.find((one) => fits(ask, one.ask ?? {}));
  if (!answer) return { status: 'unknown', where, reason: 'not-found', message: `no answer to ${canonical(ask)} is recorded` };
  if (answer.unknown !== undefined)
    return { status: 'unknown', where: answer.where ?? where, reason: answer.unknown, message: answer.message ?? answer.unknown };
  return { status: 'measured', where: answer.where ?? where, facts: complete(connection, answer.facts) };
}

const fits = (ask: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(wanted).every(([key, value]) => canonical(ask[key] ?? null) === canonical(value));

function whereOf(connection: Connection, ask: Readonly<Record<string, unknown>>): string {
  if (connection === 'http') return `https://app.example.org${typeof ask['path'] === 'string' ? ask['path'] : '/'}`;
  return `${connection}://recorded`;
}
