import type { Reader } from '../../model/document.js';

/** Rules of a CODEOWNERS file that name an owner: `{path, line, pattern, owners}` (GitHub: three places; GitLab: also .gitlab/). */
export const codeowners: Reader = {
  name: 'format/codeowners',
  kind: 'codeowners',
  files: { paths: ['CODEOWNERS', '.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'docs/CODEOWNERS'] },
  read: (source) => ({
    items: source.text.split('\n').flatMap((raw, i) => {
      const [pattern = '', ...owners] = raw
        .replace(/(?:^|\s)#.*$/, '')
        .trim()
        .split(/\s+/);
      const named = owners.filter((o) => /^@[\w-]|^[^@\s]+@[^@\s]+$/.test(o));
      return pattern !== '' && !pattern.startsWith('[') && named.length > 0
        ? [{ path: source.path, line: i + 1, pattern, owners: named }]
        : [];
    }),
  }),
};
