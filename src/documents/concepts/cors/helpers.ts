import type { Source } from '../../../model/source.js';
import { closing } from '../syntax-text.js';
import { variantAt } from '../syntax-variant.js';
import { joinOrigins, noOrigin, originsOf, type Origins } from './shared.js';

/** What a function of this file without parameters gives back outside of development: `origin: allowed()`. Null where that is no such call. */
export function helperOrigins(expression: string, source: Source): Origins | null {
  const name = /^(\w{1,60})\(\s*\)$/.exec(expression.trim())?.[1];
  const found = name === undefined ? null : source.file.language === 'python' ? indented(name, source.code) : braced(name, source.code);
  if (!found) return null;
  const { start, body } = found;
  const given = [...body.matchAll(/\breturn\s+([^;\n]{1,200})/g)].filter((m) => variantAt(source, start + m.index) !== 'development');
  if (given.length === 0) return null;
  // What is added to a list comes from a variable that speaks of origins, where there is one.
  const added = /\.(?:push|concat|append|extend)\s*\(/.test(body)
    ? (/(?:\bprocess\.env\.|\bgetenv\(\s*["']|\benviron(?:\.get\(|\[)\s*["'])(\w*ORIGIN\w*)/.exec(source.code)?.[1] ?? '')
    : '';
  const all = given.map((m) => originsOf(m[1]!, body)).reduce(joinOrigins, noOrigin);
  return { ...all, env: all.env || added };
}

interface Body {
  readonly start: number;
  readonly body: string;
}

/** `function allowed() {...}`, `const allowed = () => {...}`. */
function braced(name: string, code: string): Body | null {
  const declared = new RegExp(`\\bfunction\\s+${name}\\s*\\(|\\b(?:const|let|var)\\s+${name}\\s*=\\s*(?:function\\s*)?\\(`).exec(code);
  if (!declared) return null;
  const close = closing(code, declared.index + declared[0].length - 1);
  const brace = close < 0 ? null : /^\)\s*(?::[^{}()=\n]{1,80})?(?:=>)?\s*\{/.exec(code.slice(close, close + 120));
  const end = brace ? closing(code, close + brace[0].length - 1) : -1;
  return end < 0 ? null : { start: close + brace![0].length, body: code.slice(close + brace![0].length, end) };
}

/** `def allowed():` and the lines that stand below it. */
function indented(name: string, code: string): Body | null {
  const declared = new RegExp(`^def ${name}\\(\\s*\\)[^:\\n]{0,80}:[ \\t]*\\n`, 'm').exec(code);
  if (!declared) return null;
  const start = declared.index + declared[0].length;
  const next = code.slice(start).search(/^\S/m);
  return { start, body: next < 0 ? code.slice(start) : code.slice(start, start + next) };
}
