import type { Reader } from '../../../model/document.js';
import { argument, findCalls } from '../syntax-text.js';
import { helperOrigins } from './helpers.js';
import { anyOrigin, codeFiles, corsItem, flagOf, joinOrigins, methodsOf, noOrigin, originsOf, patternOrigins } from './shared.js';
import { entriesOf } from '../syntax-text.js';
import { valueOf } from '../syntax-value.js';

/** Starlette, FastAPI and Litestar: `add_middleware(CORSMiddleware, ...)`, `Middleware(CORSMiddleware, ...)`, `CORSMiddleware(app, ...)`, `CORSConfig(...)`. */
export const starlette: Reader = {
  name: 'cors/starlette',
  kind: 'cors',
  files: codeFiles('python'),
  keywords: ['CORSMiddleware', 'CORSConfig'],
  read(source) {
    const { code } = source;
    const calls = findCalls(code, /\b(?:add_middleware|Middleware|CORSMiddleware|CORSConfig)(?=\s*\()/g).filter(
      (call) => call.name.startsWith('CORS') || /(?:^|\.)CORSMiddleware$/.test(argument(call.arguments, 'middleware_class', 0)?.text ?? ''),
    );
    return {
      items: calls.map((call) => {
        // Keyword arguments may come as **options, a dict assigned in the file.
        const spread = call.arguments.find((a) => a.text.startsWith('**'));
        const given = spread ? valueEntries(spread.text.slice(2), code) : null;
        const get = (name: string) => argument(call.arguments, name)?.text ?? given?.get(name)?.text;
        const origins = get('allow_origins');
        const regex = get('allow_origin_regex');
        const pattern = regex === undefined ? null : valueOf(regex, code);
        const unset = call.name === 'CORSConfig' ? anyOrigin : noOrigin;
        const listed =
          origins === undefined
            ? regex || spread
              ? { ...noOrigin, anyOrigin: spread && !given ? null : false }
              : unset
            : (helperOrigins(origins, source) ?? originsOf(origins, code));
        const both = typeof pattern?.value === 'string' ? joinOrigins(listed, patternOrigins(pattern.value)) : listed;
        return corsItem(source, call.offset, 'starlette', both, {
          credentials: flagOf(get('allow_credentials'), code),
          methods: methodsOf(get('allow_methods'), code),
        });
      }),
    };
  },
};

function valueEntries(text: string, code: string) {
  const found = entriesOf(text);
  if (found) return found;
  const assignment = new RegExp(`\\b${text.replace(/\W/g, '')}\\s*=\\s*`).exec(code);
  return assignment
    ? entriesOf(
        code
          .slice(assignment.index + assignment[0].length)
          .slice(0, 4000)
          .replace(/^(\{[\s\S]*?\n\})[\s\S]*$/, '$1'),
      )
    : null;
}
