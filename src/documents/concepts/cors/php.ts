import type { Reader } from '../../../model/document.js';
import type { Item } from '../../../model/document.js';
import { assigned, stringsIn } from '../syntax-value.js';
import { anyOrigin, codeFiles, corsItem, joinOrigins, noOrigin, originsOf, patternOrigins } from './shared.js';
import { expressionEnd } from '../syntax-value.js';
import { manualHeaders } from './node.js';

/** Laravel's config/cors.php; `header('Access-Control-Allow-Origin: ...')` and response headers elsewhere. */
export const php: Reader = {
  name: 'cors/php',
  kind: 'cors',
  files: codeFiles('php'),
  keywords: ['allowed_origins', 'allowedOrigins', 'Access-Control-Allow-Origin'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const listed = /["']allowed_?origins["']\s*=>\s*/i.exec(code);
    if (listed && /(?:^|\/)cors\.php$/.test(source.path)) {
      // Before Laravel 7 the package wrote the same keys in camel case.
      const value = (name: string) => {
        const match = new RegExp(`["']${name.replace(/_/g, '_?')}["']\\s*=>\\s*`, 'i').exec(code);
        return match ? code.slice(match.index + match[0].length, expressionEnd(code, match.index + match[0].length)) : '';
      };
      const patterns = stringsIn(value('allowed_origins_patterns')).map((p) => patternOrigins(p.replace(/^([/#~])(.*)\1[a-z]*$/, '$2')));
      const origins = patterns.reduce(joinOrigins, phpOrigins(value('allowed_origins'), code));
      items.push(corsItem(source, listed.index, 'laravel', origins, { credentials: /^\s*true/i.test(value('supports_credentials')) }));
    }
    const credentials = /Access-Control-Allow-Credentials\s*:\s*true/i.test(code);
    for (const match of code.matchAll(/\bheader\(\s*(["'])Access-Control-Allow-Origin:\s*([^"'\n]*)\1?([^\n]*)/gi)) {
      const rest = match[2]!.trim() || match[3]!;
      const name = /\$(\w+)/.exec(rest)?.[0];
      const from = name ? (assigned(code, name)?.text ?? rest) : rest;
      const echoed = /HTTP_ORIGIN/.test(from) || /HTTP_ORIGIN/.test(rest);
      const before = code.slice(Math.max(0, match.index - 300), match.index);
      const guarded = /in_array|===|preg_match/.test(before);
      const origins = rest.startsWith('*')
        ? anyOrigin
        : echoed
          ? guarded
            ? { ...noOrigin, anyOrigin: null }
            : { ...anyOrigin, reflects: true }
          : /^https?:/.test(rest)
            ? { ...noOrigin, origins: [rest] }
            : { ...noOrigin, anyOrigin: null };
      items.push(corsItem(source, match.index, 'php-headers', origins, { credentials }));
    }
    return { items: [...items, ...manualHeaders(source, 'php-headers')] };
  },
};

/** `['*']`, `[env('FRONTEND_URL', 'http://localhost:3000')]`, `explode(',', env('X', '*'))`, `env('X') ? explode(',', env('X')) : ['*']`. */
function phpOrigins(text: string, code: string): ReturnType<typeof originsOf> {
  // What holds while the variable is unset is the default.
  const choice = /^[^?]*\benv\([^?]*\?\s*([\s\S]+?)\s*:\s*(\[[^\]]*\])\s*$/.exec(text.trim());
  if (choice) {
    const unset = phpOrigins(choice[2]!, code);
    return unset.anyOrigin === false ? joinOrigins(phpOrigins(choice[1]!, code), unset) : unset;
  }
  const exploded = /explode\(\s*["'],["']\s*,\s*([\s\S]+)\)\s*$/.exec(text.trim());
  return originsOf(exploded ? exploded[1]! : text, code);
}
