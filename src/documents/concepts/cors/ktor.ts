import type { Reader } from '../../../model/document.js';
import { closing, findCalls } from '../syntax-text.js';
import { anyOrigin, codeFiles, corsItem, joinOrigins, noOrigin, originsOf } from './shared.js';

/** Ktor: the block of `install(CORS) { ... }`; without a host it lets no other origin in. */
export const ktor: Reader = {
  name: 'cors/ktor',
  kind: 'cors',
  files: codeFiles('kotlin'),
  keywords: ['install(CORS)', 'install( CORS )'],
  read(source) {
    const { code } = source;
    const items = [...code.matchAll(/\binstall\s*\(\s*CORS\s*\)\s*\{/g)].map((match) => {
      const open = match.index + match[0].length - 1;
      const end = closing(code, open);
      const block = code.slice(open, end < 0 ? open + 2_000 : end);
      const named = findCalls(block, /\ballow(?:Host|Origins)(?=\s*\()/g)
        .map((call) => originsOf(call.arguments.find((a) => !a.name || a.name === 'host')?.text ?? '', code))
        .reduce(joinOrigins, noOrigin);
      return corsItem(source, match.index, 'ktor', /\banyHost\s*\(\s*\)/.test(block) ? anyOrigin : named, {
        credentials: /\ballowCredentials\s*=\s*true\b/.test(block),
      });
    });
    return { items };
  },
};
