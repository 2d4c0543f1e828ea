import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

async function sections(files: Record<string, string>) {
  const { items } = await collect('prose', files);
  return items.map((item) => concepts.prose.strict().parse(item));
}

test('Markdown: sections with their subsections, badges and comments stripped, code counted', async () => {
  const found = await sections({
    'docs/runbook.md': `---
title: x
---
# Runbook

[![build](https://ci.example.org/badge.svg)](https://ci.example.org)
<!-- hidden words here -->

## Rollback

1. Stop the \`web\` service.
2. Deploy the former tag, see [the guide](https://docs.example.org/rollback).

\`\`\`sh
helm rollback shop
\`\`\`

### Database

Restore the snapshot.

## Empty
`,
  });
  expect(found.map((s) => [s.line, s.level, s.headings])).toEqual([
    [4, 1, 'runbook'],
    [9, 2, 'runbook > rollback'],
    [18, 3, 'runbook > rollback > database'],
    [22, 2, 'runbook > empty'],
  ]);
  const rollback = found[1]!;
  expect(rollback).toMatchObject({
    document: 'runbook',
    heading: 'Rollback',
    entries: 2,
    codeBlocks: 1,
    words: 14,
    unfilled: false,
    links: [{ text: 'the guide', url: 'https://docs.example.org/rollback' }],
  });
  expect(rollback.text).toBe('stop the web service. deploy the former tag, see the guide. database restore the snapshot.');
  expect(found[0]!.text).not.toContain('hidden');
  expect(found[0]!.links).toHaveLength(1);
  expect(found[3]).toMatchObject({ words: 0, entries: 0 });
});

test('tables count by row, HTML headings are headings, text before the first heading is a section', async () => {
  const found = await sections({
    'README.md': 'Intro text.\n\n<h1 align="center">Shop</h1>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n',
  });
  expect(found).toMatchObject([
    { level: 0, words: 2 },
    { level: 1, heading: 'Shop', entries: 2, line: 3 },
  ]);
});

test('unfilled templates are told from pages that mention a TODO', async () => {
  const long = 'The service writes its orders to the database and sends a message for each of them. '.repeat(6);
  const found = await sections({
    'docs/a.md': '# Plan\n\nTODO: describe the plan\n',
    'docs/b.md': `# Plan\n\n${long} TODO later.\n`,
    'docs/c.md': '# Contact\n\nCall <your phone number> at night.\n',
  });
  expect(found.map((s) => s.unfilled)).toEqual([true, false, true]);
});

test('reStructuredText and AsciiDoc', async () => {
  const found = await sections({
    'docs/ops.rst':
      'Operations\n==========\n\nIntro.\n\nBackups\n-------\n\n* nightly\n* weekly\n\n.. code-block:: sh\n\n   pg_dump\n\nSee `the wiki <https://wiki.example.org>`_.\n',
    'docs/arch.adoc': '= Architecture\n\n== Context\n\nTwo services.\n\n----\ncode words\n----\n',
  });
  expect(found.map((s) => [s.path, s.headings, s.entries, s.codeBlocks])).toEqual([
    ['docs/ops.rst', 'operations', 2, 1],
    ['docs/ops.rst', 'operations > backups', 2, 1],
    ['docs/arch.adoc', 'architecture', 0, 1],
    ['docs/arch.adoc', 'architecture > context', 0, 1],
  ]);
  expect(found[1]!.links).toEqual([{ text: 'the wiki', url: 'https://wiki.example.org' }]);
  expect(found[3]!.text).toBe('two services.');
});

test('sources and fixtures are no documents; huge files are a problem', async () => {
  expect(await sections({ 'src/notes.md': '# x\n\ntext\n', 'tests/fixtures/README.md': '# y\n\ntext\n' })).toEqual([]);
  const { items, problems } = await collect('prose', { 'docs/big.md': 'a '.repeat(200_000) });
  expect(items).toEqual([]);
  expect(problems).toHaveLength(1);
});

test('Markdown: boxes, code, pictures and HTML', async () => {
  const [all] = await sections({
    'README.md': `# Orders

<p align="center">Takes orders of the shop. <img src="docs/shot.png" alt="screen"></p>

[![Watch](https://img.example.org/1.jpg)](https://youtu.be/abc)

- [x] Backups tested
- [ ] Alerts set up

\`\`\`sh
make run
\`\`\`
`,
  });
  expect(all!.tasks).toEqual([
    { text: 'Backups tested', done: true, line: 7 },
    { text: 'Alerts set up', done: false, line: 8 },
  ]);
  expect(all!.code).toBe('make run\n');
  expect(all!.images).toEqual([
    { text: 'screen', url: 'docs/shot.png' },
    { text: 'Watch', url: 'https://youtu.be/abc' },
    { text: 'Watch', url: 'https://img.example.org/1.jpg' },
  ]);
  expect(all!.text).toContain('takes orders of the shop.');
});

test('a readiness document is no evidence of what it ticks off; its steps, targets and boxes are kept', async () => {
  const ticks = ['Backups run daily', 'Rollback plan', 'Runbook written', 'Restore tested', 'Alerts', 'Logs', 'On-call', 'Metrics'];
  const found = await sections({
    'PRODUCTION_READINESS.md': [
      '# Production Readiness Checklist',
      '## Operations',
      ...ticks.map((tick) => `- [x] ${tick}`),
      '| Area | Status |',
      '|---|---|',
      '| Recovery | RTO 4 hours |',
      '## Targets',
      '- Response time below 2 seconds',
      '## Rollback',
      '1. Set the former tag.',
      '2. Run `docker compose up -d`.',
      '',
    ].join('\n'),
    'docs/runbook.md': '# Runbook\n\n- Backups run daily\n',
  });
  const [all, operations, targets, rollback, runbook] = found;
  expect(all).toMatchObject({ heading: 'Production Readiness Checklist', entries: 3 });
  expect(operations).toMatchObject({ heading: 'Operations', entries: 0, words: 0, text: '' });
  expect(operations!.tasks).toHaveLength(8);
  expect(targets).toMatchObject({ entries: 1, text: 'response time below 2 seconds' });
  expect(rollback).toMatchObject({ entries: 2 });
  expect(runbook).toMatchObject({ entries: 1, text: 'backups run daily' });
});

test('documents whose ending is written in capitals', async () => {
  const found = await sections({ 'README.MD': '# Shop\n\nSells things.\n', 'notes/other.MDX2': '# Other\n' });
  expect(found.map((s) => [s.path, s.heading])).toEqual([['README.MD', 'Shop']]);
});
