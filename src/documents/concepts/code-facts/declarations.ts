import type { Combiner, Item, Reader } from '../../../model/document.js';
import type { Language } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';

interface Counts {
  publics: number;
  documented: number;
  functions: number;
  annotated: number;
  /** Line of the first public thing without documentation. */
  line: number;
}

const none = (): Counts => ({ publics: 0, documented: 0, functions: 0, annotated: 0, line: 1 });

/** A comment that ends here and is not the head of its file speaks of what follows, a blank line in between or not. */
function belongs(raw: readonly string[], end: number): boolean {
  if (!jsDoc.test(raw[end] ?? '')) return false;
  let start = end;
  while (start > 0 && !(raw[start] ?? '').includes('/**')) start--;
  return start > 0;
}

/** A declaration's line found by a pattern, with a documentation comment above it, over annotations. */
function above(source: Source, declares: (line: string) => boolean, comment: RegExp, skip: RegExp): Counts {
  const counts = none();
  const raw = source.text.split('\n');
  source.lines.forEach((code, i) => {
    if (!declares(code)) return;
    counts.publics++;
    let at = i - 1;
    while (at >= 0 && skip.test(raw[at] ?? '')) at--;
    if (comment === jsDoc && (raw[at] ?? '') === '' && belongs(raw, at - 1)) at--;
    if (comment.test(raw[at] ?? '')) counts.documented++;
    else if (counts.line === 1) counts.line = i + 1;
  });
  return counts;
}

/** Public classes and functions at the top of modules; of all functions, those whose parameters or result are annotated. */
function python(source: Source): Counts {
  const counts = none();
  const raw = source.text.split('\n');
  const code = source.lines;
  for (let i = 0; i < code.length; i++) {
    const match = /^([ \t]*)(?:async )?(def|class)\s+(\w+)/.exec(code[i] ?? '');
    if (!match) continue;
    if (/@(?:\w+\.)?overload\b/.test(code[i - 1] ?? '')) continue;
    let end = i;
    let signature = code[i] ?? '';
    while (end < i + 40 && end < code.length - 1 && !/:\s*(?:\.\.\.|pass|return\b.*|raise\b.*)?\s*$/.test(code[end] ?? ''))
      signature += ' ' + (code[++end] ?? '').trim();
    if (match[2] === 'def') {
      counts.functions++;
      const parameters = /\((.*)\)/.exec(signature)?.[1] ?? '';
      const own = parameters
        .replace(/\[[^[\]]*\]/g, '')
        .replace(/\([^()]*\)/g, '')
        .split(',')
        .map((p) => p.trim())
        .filter((p) => p !== '' && !/^(?:self|cls|\*|\/|\*args|\*\*kwargs)$/.test(p));
      if (/\)\s*->/.test(signature) || (own.length > 0 && own.every((p) => p.includes(':')))) counts.annotated++;
    }
    if (match[1] !== '' || (match[3] as string).startsWith('_')) continue;
    counts.publics++;
    let next = end + 1;
    while (next < raw.length && (raw[next] ?? '').trim() === '') next++;
    if (/^\s*[rRuUbB]{0,2}(?:"""|'''|"|')/.test(raw[next] ?? '')) counts.documented++;
    else if (counts.line === 1) counts.line = i + 1;
  }
  return counts;
}

const jsDoc = /\*\/\s*$/;
const jsSkip = /^\s*(?:@\w|\/\/ ?(?:eslint|@ts|prettier|istanbul)|\/\*\s*eslint)|^[\w.]+ =$/;
const jsFunction = String.raw`(?:async )?(?:function\b|\([^()]*\)[^=]*=>|\w+ =>|\($`;
const jsExported = new RegExp(
  [
    String.raw`^export (?:(?:default )?(?:(?:async )?function|(?:abstract )?class)\b|const \w+(?::[^=]+)? = ${jsFunction}|<\w))`,
    String.raw`^(?:module\.)?exports\.\w+ = (?:async )?(?:function\b|\([^()]*\) =>|\w+ =>)`,
    String.raw`^module\.exports = (?:async )?(?:function\b|class\b|\([^()]*\) =>)`,
  ].join('|'),
);
/** A declaration that an export elsewhere in the file may name. */
const jsDeclared = new RegExp(
  String.raw`^(?:async )?(?:function\*? (\w+)\b|class (\w+)\b|(?:const|let|var) (\w+)(?::[^=]+)? = ${jsFunction}))`,
);
/** A function hung on an object, which is what the module may export. */
const jsMember = /^(\w+)\.\w+ = (?:async )?(?:function\b|\([^()]*\) =>|\w+ =>)/;

/** Exported functions and classes; with CommonJS, those that `module.exports` names. */
function javascript(source: Source): Counts {
  const named = new Set<string>();
  for (const block of source.code.matchAll(/module\.exports\s*=\s*\{([^{}]*)\}|^export \{([^{}]*)\}/gm))
    for (const part of (block[1] ?? block[2] ?? '').split(',')) {
      const name = /^\s*(\w+)/.exec(part)?.[1];
      if (name) named.add(name);
    }
  for (const single of source.code.matchAll(/^(?:(?:exports\s*=\s*)?module\.exports\s*=|export default)\s+(\w+)\s*;?\s*$/gm))
    named.add(single[1] as string);
  for (const same of source.code.matchAll(/^(?:var|let|const) (\w+) = (?:exports = )?module\.exports\b/gm)) named.add(same[1] as string);
  const declares = (code: string): boolean => {
    if (jsExported.test(code)) return true;
    const name = named.size > 0 ? (jsMember.exec(code) ?? jsDeclared.exec(code)) : null;
    return name !== null && named.has((name[1] ?? name[2] ?? name[3])!);
  };
  return above(source, declares, jsDoc, jsSkip);
}

const line =
  (pattern: RegExp, comment: RegExp, skip: RegExp) =>
  (source: Source): Counts =>
    above(source, (code) => pattern.test(code), comment, skip);

const counters: readonly (readonly [readonly Language[], (source: Source) => Counts])[] = [
  [['python'], python],
  [['javascript', 'typescript', 'tsx'], javascript],
  [['go'], line(/^(?:func [A-Z]\w*\s*[([]|type [A-Z]\w* )/, /^\/\/(?!go:|\s*nolint)|\*\/\s*$/, /^\/\/(?:go:|\s*nolint)/)],
  [
    ['java'],
    line(
      /^(?:public |@\w+ public )(?:(?:abstract|final|sealed|non-sealed|static) )*(?:class|interface|enum|record|@interface) /,
      jsDoc,
      /^\s*(?:@|\)|"|\}\))/,
    ),
  ],
  [
    ['kotlin'],
    line(
      /^(?!private|internal)(?:(?:public|open|abstract|data|sealed|enum|annotation|value|inline|suspend) )*(?:class|interface|object|fun) \w/,
      jsDoc,
      /^\s*(?:@|\))/,
    ),
  ],
  [['ruby'], line(/^\s{0,4}(?:class|module) [A-Z]|^def \w/, /^\s*#(?! frozen|!|\s*-\*-| rubocop)/, /^\s*# rubocop/)],
  [['php'], line(/^(?:(?:final|abstract|readonly) )*(?:class|interface|trait|enum) \w|^function \w/, jsDoc, /^\s*#\[/)],
  [
    ['csharp'],
    line(/^\s*public (?:(?:static|abstract|sealed|partial|readonly|ref) )*(?:class|interface|record|struct|enum) /, /^\s*\/\/\//, /^\s*\[/),
  ],
];

export const declarationReaders: readonly Reader[] = counters.map(([languages, count]) => ({
  name: `declarations/${languages[0] as string}`,
  kind: 'declarations',
  files: { languages, roles: ['product'] },
  read: (source) => {
    const counts = count(source);
    const language = languages[0] === 'javascript' ? 'javascript' : (source.file.language as string);
    return {
      items:
        counts.publics + counts.functions > 0 && !/(?:^|\/)(?:migrations?|migrate)\//.test(source.path)
          ? [{ path: source.path, language, ...counts }]
          : [],
    };
  },
}));

/** One item a language: the counts of all its files; the place is the first file with something undocumented. */
export const declarations: Combiner = {
  kind: 'declarations',
  combine(items) {
    const sums = new Map<string, Item & Record<string, number | string>>();
    for (const item of items) {
      const language = String(item['language']);
      const sum = sums.get(language);
      if (!sum) sums.set(language, { ...item } as Item & Record<string, number | string>);
      else for (const key of ['publics', 'documented', 'functions', 'annotated']) sum[key] = Number(sum[key]) + Number(item[key]);
    }
    return [...sums.values()];
  },
};
