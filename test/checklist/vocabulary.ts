import { z } from 'zod';
import type { Vocabulary } from '../../src/checklist/vocabulary.js';

const where = {
  paths: z.union([z.string().transform((path) => [path]), z.array(z.string())]).optional(),
  in: z.array(z.enum(['product', 'test', 'config'])).optional(),
};

/** A small vocabulary in the manner of the real one. */
export const vocabulary: Vocabulary = {
  probes: new Map<string, { params: z.ZodType }>([
    ['file', { params: z.strictObject({ ...where, atLeast: z.number().int().min(1).optional() }) }],
    [
      'text',
      { params: z.strictObject({ ...where, pattern: z.string(), ignoreCase: z.boolean().optional(), where: z.string().optional() }) },
    ],
    [
      'document',
      {
        params: z
          .strictObject({
            kind: z.string(),
            select: z.string().optional(),
            require: z.string().optional(),
            find: z.string().optional(),
            message: z.string().optional(),
          })
          .refine((p) => (p.require === undefined) !== (p.find === undefined), { message: 'give exactly one of `require` and `find`' }),
      },
    ],
    ['dependency', { params: z.strictObject({ any: z.array(z.string()), version: z.string().optional() }) }],
    ['inventory', { params: z.string() }],
    ['unknown', { params: z.string() }],
  ]),
  technologies: new Set(['docker', 'spring-boot', 'redis']),
  capabilities: new Set(['rate-limiting']),
  traits: new Set(['http-service', 'web-ui']),
  kinds: new Set(['dockerfile', 'cors', 'routes']),
  fields: new Map([['cors', ['path', 'line', 'origins', 'credentials']]]),
};

/** A check without faults. */
export const goodCheck = `title: Containers run as a non-root user
severity: critical
effort: minutes
phase: pre-deployment
why: A process that runs as root inside a container is root on the host.
applies: uses.docker && has.http_service
params: { max: 3, names: [a], strict: true, prefix: x }
probe:
  all:
    - if: param.max > 1
      document:
        kind: dockerfile
        select: $.final
        require: '!(item.user in ["", "root", "0"])'
        message: '{{file}} runs as {{item.user}}'
    - file: { paths: Dockerfile }
fix:
  text: Add a USER instruction.
claims: [non-root user in containers]
examples:
  - pass: { Dockerfile: "FROM node:22\\nUSER node\\n" }
  - pass: { Dockerfile: "FROM node:22\\nUSER 10001\\n" }
    given: [uses.docker, http-service]
    params: { max: 2 }
  - fail: { Dockerfile: "FROM node:22\\n" }
    at: Dockerfile:1
  - fail: { Dockerfile: "FROM node:22\\nUSER root\\n" }
  - not-applicable: { README.md: a library }
`;
