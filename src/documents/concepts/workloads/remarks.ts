import type { Document, Reader, ReadResult } from '../../../model/document.js';
import { baseName, linedDocument, list, text, at } from '../../json.js';

/** "only for local development", "for testing purposes only", "not for production". A mere "to develop locally, run ..." says nothing. */
const purpose = String.raw`(?:local(?:ly)?|dev|development|testing|tests?)`;
const only = [
  new RegExp(String.raw`\b(?:only|solely|exclusively)\b[^.\n]{0,20}\b(?:for|in|during)\b[^.\n]{0,25}\b${purpose}\b`, 'i'),
  new RegExp(String.raw`\bfor\b[^.\n]{0,20}\b${purpose}\b(?:[^.\n]{0,30})\bonly\b`, 'i'),
  new RegExp(String.raw`\b(?:intended|meant|designed)\b[^.\n]{0,15}\bfor\b[^.\n]{0,15}\b${purpose}\b`, 'i'),
  new RegExp(
    String.raw`^\W*(?:docker[ -])?compose (?:file|setup|configuration|stack)?\s*(?:for|used (?:for|in))\s+(?:the )?${purpose}\b`,
    'i',
  ),
  new RegExp(String.raw`^\W*(?:this (?:file|stack|setup)|used) (?:is )?(?:for )${purpose}\b`, 'i'),
  new RegExp(String.raw`^\W*(?:local )?(?:dev(?:elopment)?|testing)[ -](?:only|environment|stack|setup|compose)\b`, 'i'),
  /\bnot\b[^.\n]{0,25}\b(?:for|in|suitable|intended|meant|ready|recommended)\b[^.\n]{0,20}\bproduction\b|\b(?:don't|do not|never) use\b[^.\n]{0,40}\bproduction\b/i,
];

const shown = /\b(?:demo(?:nstration)?|samples?|examples?|playground|sandbox|local (?:development|testing|setup))\b/i;
const says = (line: string): boolean => only.some((pattern) => pattern.test(line.slice(0, 400)));

/** Comments above the first service of a Compose file, and lines of documents that name a Compose file, that restrict it to development. */
export const composeRemarks: Reader = {
  name: 'workloads/compose-remarks',
  kind: 'compose-remarks',
  files: { paths: ['*compose*.yml', '*compose*.yaml'], roles: ['config', 'product', 'script'] },
  keywords: ['#'],
  read(source): ReadResult {
    const lines = source.text.split('\n', 400);
    const first = lines.findIndex((line) => /^services\s*:/.test(line));
    const end = first < 0 ? Math.min(lines.length, 20) : first;
    const head = lines.slice(0, end).filter((line) => line.trim().startsWith('#'));
    const hit = head.some((line) => says(line.replace(/^\s*#+\s*/, '')));
    return hit ? { documents: [linedDocument('compose-remarks', source.path, { files: [source.path] })] } : {};
  },
};

export const documentRemarks: Reader = {
  name: 'workloads/document-remarks',
  kind: 'compose-remarks',
  files: { paths: ['*.md', '*.rst', '*.adoc'], roles: ['docs'] },
  keywords: ['compose'],
  read(source): ReadResult {
    const files = new Set<string>();
    // The README of a folder beside the software: "Tracing demo".
    const title = /(?:^|\/)readme\.\w+$/i.test(source.path) ? (/^\s*(?:#|=)\s*(.*)$/m.exec(source.text.slice(0, 4_000))?.[1] ?? '') : '';
    if (source.path.includes('/') && shown.test(title)) files.add('./*');
    for (const line of source.text.slice(0, 300_000).split('\n')) {
      if (!/compose/i.test(line) || !says(line)) continue;
      for (const match of line.matchAll(/[\w.-]*compose[\w.-]*\.ya?ml/gi)) files.add(match[0]);
      if (!/compose[\w.-]*\.ya?ml/i.test(line) && /docker[ -]compose|compose (?:file|setup|stack|environment|configuration)/i.test(line))
        files.add('*');
    }
    return files.size > 0 ? { documents: [linedDocument('compose-remarks', source.path, { files: [...files] })] } : {};
  },
};

/** The Compose files among `paths` that remarks restrict to development. */
export function restricted(remarks: readonly Document[], paths: readonly string[]): ReadonlySet<string> {
  const out = new Set<string>();
  for (const remark of remarks)
    for (const name of list(at(remark.root, 'files')).map(text))
      for (const path of paths) {
        const folder = remark.path.includes('/') ? remark.path.slice(0, remark.path.lastIndexOf('/') + 1) : '';
        if (
          path === name ||
          (baseName(path) === baseName(name) && (folder === '' || path.startsWith(folder) || folder.startsWith('docs'))) ||
          (name === './*' && folder !== '' && path.slice(0, path.lastIndexOf('/') + 1) === folder) ||
          (name === '*' && /^(?:docker-)?compose\.ya?ml$/.test(baseName(path)))
        )
          out.add(path);
      }
  return out;
}
