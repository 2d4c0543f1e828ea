import { expect } from 'vitest';
import { ConnectFailure, type Connector, type EnvironmentSource } from '../../src/model/environment.js';

/** The day of every test: PostgreSQL 14 has ended eight days ago, 15 has a year left. */
export const testDay = new Date('2026-11-20T12:00:00Z');

export interface Asking<T> {
  facts(environment: EnvironmentSource, question?: Record<string, unknown>, deadlineMs?: number): Promise<T>;
  failure(environment: EnvironmentSource, question?: Record<string, unknown>, deadlineMs?: number): Promise<ConnectFailure>;
}

/** A connector asked one question by a connection of its own; what it gives must be what its schema says. */
export function asking<T>(connector: Connector): Asking<T> {
  const facts = async (environment: EnvironmentSource, question: Record<string, unknown> = {}, deadlineMs = 8_000): Promise<T> => {
    const { signal } = new AbortController();
    const open = await connector.open({ environment, permissions: { load: false, commands: false }, signal, deadlineMs, now: testDay });
    try {
      const { facts: found } = await open.measure(question, signal);
      expect(connector.facts.parse(found)).toEqual(found);
      return found as T;
    } finally {
      await open.close();
    }
  };
  const failure = async (environment: EnvironmentSource, question: Record<string, unknown> = {}, deadlineMs = 8_000) => {
    const error: unknown = await facts(environment, question, deadlineMs).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConnectFailure);
    return error as ConnectFailure;
  };
  return { facts, failure };
}
