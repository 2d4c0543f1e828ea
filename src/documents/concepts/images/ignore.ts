import picomatch from 'picomatch';
import type { Reader } from '../../../model/document.js';
import { linedDocument } from '../../json.js';

/** Files of patterns: `root` is `{patterns: string[]}`, comments and blank lines dropped. */
const patternsIn = (kind: string, paths: readonly string[]): Reader => ({
  name: `images/${kind}`,
  kind,
  files: { paths, variants: ['base', 'production', 'development', 'test', 'staging', 'template'] },
  read: (source) => ({
    documents: [
      linedDocument(kind, source.path, {
        patterns: source.text
          .slice(0, 50_000)
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '' && !line.startsWith('#')),
      }),
    ],
  }),
});

export const dockerignore: Reader = patternsIn('dockerignore', ['.dockerignore', '*.dockerignore']);
export const gitignore: Reader = patternsIn('gitignore', ['.gitignore']);

/** Does the list keep this path (relative to the build context) out? The last pattern that matches decides, as Docker does it. */
export function ignores(patterns: readonly string[], path: string): boolean {
  let ignored = false;
  for (const written of patterns) {
    const negated = written.startsWith('!');
    const pattern = written
      .replace(/^!/, '')
      .trim()
      .replace(/^\.?\//, '')
      .replace(/\/+$/, '');
    if (pattern === '' || pattern.length > 300) continue;
    const folders = path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));
    const within = pattern.replace(/\/\*{1,2}$/, '');
    if (
      folders.some((p) => picomatch.isMatch(p, pattern, { dot: true })) ||
      (within !== pattern && folders.some((p) => picomatch.isMatch(p, within, { dot: true })))
    )
      ignored = !negated;
  }
  return ignored;
}
