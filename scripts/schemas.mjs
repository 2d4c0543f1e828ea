#!/usr/bin/env node
// Writes schemas/<name>.schema.json from the zod schemas; a test notices when they are out of date.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importTypeScript, root } from './bundle.mjs';

const { jsonSchemas, probes, schemaText } = await importTypeScript(`
  import { probeParams } from './probes/params.js';
  export { jsonSchemas, schemaText } from './checklist/json-schema.js';
  export const probes = new Map(Object.entries(probeParams).map(([name, params]) => [name, { params }]));
`);
await mkdir(join(root, 'schemas'), { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas(probes)))
  await writeFile(join(root, 'schemas', `${name}.schema.json`), schemaText(schema));
