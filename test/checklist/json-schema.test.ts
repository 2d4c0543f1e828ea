import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemas, schemaText } from '../../src/checklist/json-schema.js';
import { probeParams } from '../../src/probes/params.js';

const schemas = jsonSchemas(new Map(Object.entries(probeParams).map(([name, params]) => [name, { params }])));

describe('JSON Schemas', () => {
  it.each(Object.keys(schemas))('schemas/%s.schema.json is what the code says (node scripts/schemas.mjs writes it)', (name) => {
    expect(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8')).toBe(schemaText(schemas[name]!));
  });

  it('know every probe in the nodes of a tree, and no other key', () => {
    const definitions = Object.values(
      schemas['check']!['$defs'] as Record<string, { properties?: Record<string, unknown>; additionalProperties?: boolean }>,
    );
    const node = definitions.find((definition) => definition.properties && 'none' in definition.properties)!;
    expect(Object.keys(node.properties!)).toEqual(expect.arrayContaining(['all', 'any', 'none', 'if', ...Object.keys(probeParams)]));
    expect(node.additionalProperties).toBe(false);
  });

  it('ask authors for what has no default only', () => {
    expect(schemas['check']!['required']).not.toContain('scope');
    expect(schemas['check']!['required']).toContain('severity');
  });
});
