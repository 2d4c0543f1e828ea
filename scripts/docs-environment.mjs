// The reference of live connections, docs/environment.md: made from the schemas of their facts and questions, and from the checks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { importTypeScript, root } from './bundle.mjs';

const about = {
  env: [
    '`--env-file FILE`, or `envFile`; `-` for the process',
    'Properties of variables. A value never leaves the module that reads the file.',
  ],
  http: ['`--url URL`, or `url`', 'Requests to the application, over one kept-alive agent. Redirects are followed on the named host only.'],
  tls: ['`--url https://…`, `--tls HOST:PORT`, or `tls`', 'Certificates, protocols and ciphers, by handshakes.'],
  tcp: ['`ports` of an environment in your checklist', 'Ports that must answer, and ports that must not.'],
  dns: ['`--url`, or `dns`', 'Records of the domain.'],
  postgres: ['`--postgres URL`, or `postgres`', 'Settings, roles, indexes, replication and statistics, in a read-only session.'],
  mysql: ['`--mysql URL`, or `mysql`', 'The same of MySQL and MariaDB.'],
  redis: ['`--redis URL`, or `redis`', 'Authentication, memory, persistence and dangerous commands; none of them is run.'],
  host: ['`--host local`, or `host: local`', 'The machine that the audit runs on, by its files alone: no program is started. Linux only.'],
  prometheus: ['`--prometheus URL`, or `prometheus`', 'Rules, targets, alerts and metrics; with `query` any PromQL.'],
  backup: [
    '`--backup PATH` (several times), or `backups`',
    'The newest file of a folder or glob, beside the former ones; repositories of restic and borg by their layout.',
  ],
  load: [
    '`--url URL` with `--allow-load`',
    'A load test of at most 50 connections, 30 seconds and 20,000 requests, or a burst of at most 400. Tests run last, one at a time.',
  ],
  command: [
    '`commands` of an environment in your checklist, with `--allow-commands`',
    'A command by its name, without a shell, with a deadline of 30 s. Commands of the target’s own files are never run.',
  ],
};
const judging = new Set(['select', 'each', 'where', 'require', 'find', 'empty', 'unnamed', 'failing', 'message', 'seen', 'unclear']);

const cell = (text) => (text ?? '').replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

/** `number or null`, `list of text`, `up, down or unknown`. */
function typeOf(schema) {
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' or ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === 'array') return schema.items?.type === 'object' ? 'list' : `list of ${typeOf(schema.items ?? {})}`;
  return (
    { string: 'text', integer: 'number', object: 'object', boolean: 'true or false', number: 'number', null: 'null' }[schema.type] ?? 'any'
  );
}

/** Rows of every field, nested ones by their path: `targets[].health`. */
function rows(schema, path = '') {
  const inner = [schema, ...(schema.anyOf ?? [])].flatMap((s) => (s.type === 'array' ? [s.items ?? {}] : [s]));
  return inner.flatMap((one) =>
    Object.entries(one.properties ?? {}).flatMap(([name, field]) => {
      const at = path === '' ? name : `${path}.${name}`;
      const isList = [field, ...(field.anyOf ?? [])].some((f) => f.type === 'array');
      return [`| \`${at}\` | ${cell(typeOf(field))} | ${cell(field.description)} |`, ...rows(field, isList ? `${at}[]` : at)];
    }),
  );
}

const leaves = (node) =>
  ['all', 'any', 'none']
    .flatMap((key) => node?.[key] ?? [])
    .flatMap(leaves)
    .concat(node ? [node] : []);

/** Text of docs/environment.md; `checks` are those of the build. */
export async function environmentReference(checks) {
  const { connections, connectors, environmentSchema, probeParams, z } = await importTypeScript(`
    export { connections, environmentSchema } from './model/environment.js';
    export { connectors } from './connect/registry.js';
    export { probeParams } from './probes/params.js';
    export { z } from 'zod';
  `);
  const schemaOf = (schema, io) => z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const sources = checks.map(({ id }) => ({ id, source: parse(readFileSync(join(root, 'checks', `${id}.yaml`), 'utf8')) }));
  const section = async (kind) => {
    const [named, what] = about[kind];
    const connector = await connectors[kind]();
    const users = sources.filter(({ source }) => leaves(source.observe).some((leaf) => leaf[kind] !== undefined));
    const questions = Object.entries(schemaOf(probeParams[kind], 'input').properties ?? {}).filter(([name]) => !judging.has(name));
    return [
      `## ${kind}`,
      '',
      `${what} Named by ${named}.`,
      '',
      ...(questions.length > 0
        ? [
            '| question | type | meaning |',
            '|---|---|---|',
            ...questions.map(([name, field]) => `| \`${name}\` | ${cell(typeOf(field))} | ${cell(field.description)} |`),
            '',
          ]
        : ['It has one question, without fields.', '']),
      '| fact | type | meaning |',
      '|---|---|---|',
      ...rows(schemaOf(connector.facts, 'output')),
      '',
      ...example(kind, users),
    ];
  };
  const fields = Object.entries(schemaOf(environmentSchema, 'input').properties);
  const sections = [];
  for (const kind of connections) sections.push(...(await section(kind)));
  return [
    '# Running systems',
    '',
    "Made by `npm run docs`; don't edit. What checks can see of a running system, where an operator names one. Everything is read-only and has a deadline; what cannot be seen is `unknown` with the reason, never a pass and never a fail.",
    '',
    '```yaml',
    '# A checklist of your own, given by --checklist; the target’s own readiness.yaml can name no environment.',
    'extends: production',
    'environments:',
    '  production:',
    '    url: https://shop.example.org',
    '    envFile: /etc/shop/env',
    '    postgres: ${SHOP_POSTGRES}',
    '    prometheus: http://prometheus:9090',
    '    backups: /var/backups/shop',
    '    host: local',
    '```',
    '',
    '```sh',
    'readiness env check --checklist ops.yaml --env production   # what can be reached, and what that would show',
    'readiness audit --checklist ops.yaml --env production',
    'readiness audit --phase validation --url https://shop.example.org   # after a deployment',
    '```',
    '',
    '| field | meaning |',
    '|---|---|',
    ...fields.map(([name, field]) => `| \`${name}\` | ${cell(field.description)} |`),
    '',
    'A question of a check stands under `observe:`, as a tree like `probe:` (see [checks/README.md](../checks/README.md)). Beside the fields of the question it has:',
    '',
    '| key | meaning |',
    '|---|---|',
    ...Object.entries(schemaOf(probeParams.env, 'input').properties).map(([name, field]) => `| \`${name}\` | ${cell(field.description)} |`),
    '',
    '`{{param.name}}` in a question is a parameter of the check.',
    '',
    ...sections,
  ].join('\n');
}

/** The shortest question that a check asks, as it stands there, and all checks that ask. */
function example(kind, users) {
  const asked = users.flatMap(({ id, source }) =>
    leaves(source.observe).flatMap((leaf) =>
      leaf[kind] ? [{ id, text: stringify({ observe: { [kind]: leaf[kind] } }, { lineWidth: 140 }) }] : [],
    ),
  );
  const [shortest] = asked.sort((a, b) => a.text.length - b.text.length || (a.id < b.id ? -1 : 1));
  if (!shortest) return [];
  return [
    `For example, of [${shortest.id}](checks.md#${shortest.id.replace(/[^a-z0-9-]/g, '')}):`,
    '',
    '```yaml',
    shortest.text.trimEnd(),
    '```',
    '',
    `Asked by ${users.map(({ id }) => `\`${id}\``).join(', ')}.`,
    '',
  ];
}
