import type { Check, Example } from '../model/check.js';

/** Everything that a check says about itself, as plain text of at most 100 columns. */
export function explainCheck(check: Check, extras?: { examples: readonly Example[]; claims: readonly string[] }): string {
  const lines = [
    check.id,
    `${check.title}.`,
    '',
    `${check.severity} · ${check.effort} · ${check.phase} · judged for ${check.scope === 'repository' ? 'the repository' : `each ${check.scope}`}`,
    '',
    'Why it matters',
    ...indent(check.why),
    '',
    'Applies when',
    ...indent(check.applies),
    ...(check.looked ? ['', 'What is looked for', ...indent(check.looked)] : []),
    ...(check.params && Object.keys(check.params).length > 0
      ? [
          '',
          'Parameters (set them in readiness.yaml, or with --param)',
          ...Object.entries(check.params).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
        ]
      : []),
    '',
    'How to fix it',
    ...indent(check.fix.text),
    ...(check.fix.snippet ? ['', ...code(check.fix.snippet)] : []),
    ...(check.fix.snippets ?? []).flatMap((s) => ['', `  where ${s.if}:`, ...code(s.code)]),
    ...(check.references.length > 0 ? ['', 'References', ...check.references.flatMap((r) => indent(r))] : []),
    ...(extras && extras.claims.length > 0 ? ['', 'Documents claim it as', ...indent(extras.claims.join('; '))] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const code = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);

function indent(text: string): string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const word of text.trim().split(/\s+/)) {
    if (line.length + word.length + 1 > 98 && line.trim()) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
