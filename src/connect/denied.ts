import { z } from 'zod';
import { ConnectFailure, unknownReasons, type UnknownReason } from '../model/environment.js';

/** One group of facts that could not be read while the others could. */
export const deniedSchema = z.object({
  facts: z.string().describe('Name of the group, which is null'),
  reason: z.enum(unknownReasons),
  message: z.string().describe('What the server said'),
});
export type Denied = z.infer<typeof deniedSchema>;

/** `denied` of every database: what could not be read, and why. */
export const deniedList = z.array(deniedSchema).default([]).describe('Groups of facts that could not be read, and why');

/** Whether the server could be reached at all; the one group that is never null. */
export const reachSchema = z.object({
  ok: z.boolean().default(true).describe('Connected, authenticated, and a query was answered'),
  reason: z.enum(unknownReasons).nullable().default(null).describe('Why not, where not'),
  message: z.string().default('').describe('What the server or the network said, where not ok'),
  ms: z.number().default(0).describe('Milliseconds from dialling to the first answer'),
});

/** Of the password in the address; never the password. */
export const passwordSchema = z
  .object({
    length: z.number().default(0).describe('Characters; 0 where the address has none'),
    common: z.boolean().default(false).describe('Among the passwords that are tried first'),
    sameAsUser: z.boolean().default(false).describe('The name of the user or the database'),
  })
  .prefault({})
  .describe('Properties of the password in the address');

/** What is told of a TLS connection, alike for every database. */
export const encryptionFields = {
  connection: z.boolean().default(false).describe('This connection is encrypted'),
  version: z.string().default('').describe('TLSv1.3 ..., empty where not encrypted'),
  cipher: z.string().default(''),
  verified: z.boolean().default(false).describe('The certificate is trusted and for this host'),
  problem: z.string().default('').describe('Why the certificate is not trusted, where it is not'),
};

/** Collects groups of facts; one that cannot be read becomes null with its reason. */
export class Groups {
  readonly denied: Denied[] = [];

  constructor(private readonly failureOf: (error: unknown) => ConnectFailure) {}

  async read<T>(facts: string, run: () => Promise<T>): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      const failure = this.failureOf(error);
      this.deny(facts, failure.reason, failure.message);
      return null;
    }
  }

  deny(facts: string, reason: UnknownReason, message: string): void {
    this.denied.push({ facts, reason, message });
  }
}
