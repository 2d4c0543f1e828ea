#!/usr/bin/env node
// Writes docs/checks.md, the reference of all checks, from what the build compiled, and docs/environment.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.mjs';
import { environmentReference } from './docs-environment.mjs';

const { checks } = JSON.parse(readFileSync(join(root, 'dist/checks.json'), 'utf8'));
const extras = JSON.parse(readFileSync(join(root, 'dist/examples.json'), 'utf8'));

const cell = (text) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
const scopes = { repository: 'once for the repository', deployable: 'for each deployable', manifest: 'for each dependency manifest' };
const settled = {
  static: 'files',
  environment: 'a live environment',
  both: 'files, and a live environment',
  attestation: "a person's attestation",
};
const categories = [...new Set(checks.map((check) => check.category))].sort();
const title = (category) => category[0].toUpperCase() + category.slice(1).replaceAll('-', ' ');

const section = (check) => {
  const parameters = Object.entries(check.params ?? {}).map(([name, value]) => `\`${name}\` = ${JSON.stringify(value)}`);
  return [
    `### ${check.id}`,
    '',
    `**${check.title}.** ${check.why.replace(/\s+/g, ' ').trim()}`,
    '',
    `${check.severity} · ${check.effort} · ${check.phase} · judged ${scopes[check.scope]} · settled by ${settled[check.evidence]}`,
    '',
    `- Applies when \`${check.applies.replace(/\s+/g, ' ').trim()}\``,
    ...(check.looked ? [`- Looked for: ${check.looked.replace(/\s+/g, ' ').trim()}`] : []),
    `- Fix: ${check.fix.text.replace(/\s+/g, ' ').trim()}`,
    ...(parameters.length > 0 ? [`- Parameters: ${parameters.join(', ')}`] : []),
    ...(check.references.length > 0 ? [`- References: ${check.references.join('; ')}`] : []),
    `- Examples that are run: ${extras[check.id]?.examples.length ?? 0}`,
    '',
  ].join('\n');
};

const text = [
  '# The checks',
  '',
  `Made by \`npm run docs\`; don't edit. ${checks.length} checks in ${categories.length} categories. \`readiness explain <id>\` shows one with its snippets.`,
  '',
  ...categories.map((category) => `- [${title(category)}](#${category}) (${checks.filter((check) => check.category === category).length})`),
  '',
  ...categories.flatMap((category) => {
    const own = checks.filter((check) => check.category === category);
    return [
      `## ${title(category)}`,
      '',
      '| check | severity | what is good |',
      '|---|---|---|',
      ...own.map((check) => `| [${check.id}](#${check.id.replace(/[^a-z0-9-]/g, '')}) | ${check.severity} | ${cell(check.title)} |`),
      '',
      ...own.map(section),
    ];
  }),
].join('\n');
mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs/checks.md'), text);
writeFileSync(join(root, 'docs/environment.md'), await environmentReference(checks));
