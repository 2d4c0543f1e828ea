import type { Reader } from '../../../model/document.js';
import { settingsFields } from '../settings/python-apps.js';
import { argument, findCalls } from '../syntax-text.js';
import { addHelpers, after, alternative, Reads, refused, textOf } from './shared.js';

// Bare or of the module; the environ of a request or of a WSGI callable holds headers.
const subscript = /(?<![\w.])(?:_?os\.)?environ\s*\[\s*(["'])(\w+)\1\s*\](?!\s*(?:\|\|)?=(?!=))/g;
const calls = /(?<![\w.])(?:_?os\.)?(?:environ\.(?:get|setdefault|pop)|getenv)(?=\s*\()/g;

/** Python: os.environ, os.getenv, decouple and Starlette's config(), django-environ and environs, pydantic settings, st.secrets, click's envvar. */
export const python: Reader = {
  name: 'env-variables/python',
  kind: 'env-variables',
  files: { languages: ['python'], roles: ['product'] },
  keywords: [
    'environ',
    'getenv',
    'decouple',
    'BaseSettings',
    'Settings)',
    'Settings,',
    'starlette.config',
    'st.secrets',
    'envvar=',
    '_env',
    'env_',
    'env(',
  ],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    const guarded = refused(code);
    const foreign = !/\bfrom\s+os\s+import\b[^\n]*\benviron\b|\bfrom\s+os\s+import\s*\([^)]*\benviron\b/.test(code);
    const wsgi = (offset: number) => foreign && code.startsWith('environ', offset);
    for (const match of code.matchAll(subscript))
      if (!wsgi(match.index) && !/\bdel\s+$/.test(code.slice(Math.max(0, match.index - 10), match.index)))
        reads.add(match[2], match.index, null, true);
    for (const call of findCalls(code, calls)) {
      if (wsgi(call.offset)) continue;
      const name = textOf(call.arguments[0]?.text) ?? undefined;
      const fallback = textOf(argument(call.arguments, 'default', 1)?.text) ?? alternative(after(code, call.end));
      const variable = /(\w+)\s*(?::\s*[\w.[\]| ]+)?=\s*$/.exec(code.slice(Math.max(0, call.offset - 80), call.offset))?.[1];
      reads.add(name, call.offset, fallback, guarded.has(name ?? '') || guarded.has(variable ?? ''));
    }
    for (const match of code.matchAll(/(["'])([A-Z][A-Z0-9_]+)\1\s+(?:not\s+)?in\s+os\.environ\b/g)) reads.add(match[2], match.index);
    const wrappers = wrapperNames(code);
    if (wrappers)
      for (const call of findCalls(code, new RegExp(`(?<![\\w.])(?:${wrappers})(?:\\.\\w+)?(?=\\s*\\()`, 'g'))) {
        const first = call.arguments.find((a) => a.name === '' || a.name === 'var');
        const name = textOf(first?.text);
        if (!name || !/^[A-Z][A-Z0-9_]*$/.test(name)) continue;
        const given =
          argument(call.arguments, 'default') ?? (/\bcast\b/.test(call.inner) ? undefined : call.arguments.filter((a) => a.name === '')[1]);
        reads.add(name, call.offset, textOf(given?.text) ?? alternative(after(code, call.end)), given === undefined);
      }
    for (const field of settingsFields(source)) {
      const value =
        field.value.known && field.value.value !== null
          ? Array.isArray(field.value.value)
            ? field.value.value.join(',')
            : typeof field.value.value === 'object'
              ? null
              : String(field.value.value)
          : null;
      reads.add(field.env, field.offset, value, field.required);
    }
    for (const match of code.matchAll(/\bst\.secrets(?:\[\s*(["'])([A-Z]\w*)\1\s*\]|\.([A-Z][A-Z0-9_]+)\b)/g))
      reads.add(match[2] ?? match[3], match.index);
    for (const match of code.matchAll(/\benvvar\s*=\s*(["'])([A-Z][A-Z0-9_]*)\1/g)) reads.add(match[2], match.index);
    addHelpers(code, reads);
    return reads.result();
  },
};

/** Names under which a library that reads the environment is called in this file: decouple's config, environ's env ... */
function wrapperNames(code: string): string | null {
  const names = [
    ...(/\bfrom\s+decouple\s+import\b|\bimport\s+decouple\b|\bstarlette\.config\b/.test(code) ? ['config', 'decouple\\.config'] : []),
    ...[...code.matchAll(/^[ \t]*(\w+)\s*(?::\s*[\w.]+\s*)?=\s*(?:environ\.)?(?:Env|FileAwareEnv|Config|AutoConfig)\s*\(/gm)].map(
      (match) => match[1]!,
    ),
    ...(/\bimport\s+(?:[\w, ]*,\s*)?env\b/.test(code) ? ['env'] : []),
  ];
  return names.length > 0 ? [...new Set(names)].join('|') : null;
}
