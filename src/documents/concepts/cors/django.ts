import type { Item, Reader } from '../../../model/document.js';
import { assigned, expressionEnd, stringsIn } from '../syntax-value.js';
import { anyOrigin, codeFiles, corsItem, flagOf, joinOrigins, methodsOf, noOrigin, originsOf, patternOrigins } from './shared.js';

const settings =
  /^([ \t]*)(CORS_(?:ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL|ALLOWED_ORIGINS|ORIGIN_WHITELIST|ALLOWED_ORIGIN_REGEXES|ORIGIN_REGEX_WHITELIST))\s*(?::[^=\n]+)?=\s*/gm;

/** django-cors-headers: one item a settings module, at the setting that decides. */
export const django: Reader = {
  name: 'cors/django',
  kind: 'cors',
  files: codeFiles('python'),
  keywords: [
    'CORS_ALLOW_ALL_ORIGINS',
    'CORS_ORIGIN_ALLOW_ALL',
    'CORS_ALLOWED_ORIGIN',
    'CORS_ORIGIN_WHITELIST',
    'CORS_ORIGIN_REGEX_WHITELIST',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    let origins = noOrigin;
    let place = -1;
    const credentials = flagOf(assigned(code, 'CORS_ALLOW_CREDENTIALS')?.text, code);
    const methods = methodsOf(assigned(code, 'CORS_ALLOW_METHODS')?.text, code);
    for (const match of code.matchAll(settings)) {
      const start = match.index + match[0].length;
      const text = code.slice(start, expressionEnd(code, start)).trim();
      const name = match[2]!;
      const offset = match.index + match[1]!.length;
      if (/ALL_ORIGINS|ALLOW_ALL/.test(name)) {
        const all = flagOf(text, code);
        const value = all === true ? anyOrigin : { ...noOrigin, anyOrigin: all, env: originsOf(text, code).env };
        // An assignment within an `if` belongs to a variant of its own.
        if (match[1]) items.push(corsItem(source, offset, 'django-cors-headers', value, { credentials, methods }));
        else if (all !== false) [origins, place] = [joinOrigins(origins, value), offset];
        else if (place < 0) place = offset;
        continue;
      }
      const found =
        /REGEX/.test(name) && /^[[(]/.test(text)
          ? stringsIn(text).map(patternOrigins).reduce(joinOrigins, noOrigin)
          : originsOf(text, code);
      if (match[1]) items.push(corsItem(source, offset, 'django-cors-headers', found, { credentials, methods }));
      else {
        if (place < 0 || origins.anyOrigin === false) place = offset;
        origins = joinOrigins(origins, found);
      }
    }
    if (place >= 0) items.unshift(corsItem(source, place, 'django-cors-headers', origins, { credentials, methods }));
    return { items };
  },
};
