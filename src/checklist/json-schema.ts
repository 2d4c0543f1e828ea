import { z } from 'zod';
import { checkSchema, technologySchema, traitSchema } from '../model/check.js';
import { checklistSchema } from '../model/checklist.js';
import { claimsReportSchema } from '../model/claims.js';
import { reportSchema } from '../model/report.js';
import type { Vocabulary } from './vocabulary.js';

type JsonSchema = Record<string, unknown>;

/** JSON Schemas by name: of the files that people write (`check`, `checklist`, `technology`, `trait`), for editors, and of the JSON of reports. */
export function jsonSchemas(probes: Vocabulary['probes']): Record<string, JsonSchema> {
  return {
    check: withProbes(schemaOf(checkSchema, 'check'), probes),
    checklist: schemaOf(checklistSchema, 'checklist'),
    technology: schemaOf(technologySchema, 'technology'),
    trait: withProbes(schemaOf(traitSchema, 'trait'), probes),
    report: schemaOf(reportSchema, 'report'),
    claims: schemaOf(claimsReportSchema, 'claims'),
  };
}

function schemaOf(schema: z.ZodType, name: string): JsonSchema {
  return { title: `readiness ${name}`, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) };
}

/** Adds every probe to the node of the probe tree, which the model leaves open. */
function withProbes(schema: JsonSchema, probes: Vocabulary['probes']): JsonSchema {
  const definitions = (schema['$defs'] ?? {}) as Record<string, JsonSchema>;
  const nodes = Object.values(definitions).filter((definition) => {
    const properties = definition['properties'] as JsonSchema | undefined;
    return properties && 'all' in properties && 'none' in properties;
  });
  for (const node of nodes) {
    const properties = node['properties'] as JsonSchema;
    for (const [name, probe] of probes) {
      const { $schema: _, ...params } = z.toJSONSchema(probe.params, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
      properties[name] = params;
    }
    node['additionalProperties'] = false;
  }
  return schema;
}

/** The text of a schema file. */
export const schemaText = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;
