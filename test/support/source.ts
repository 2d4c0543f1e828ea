import { createRequire } from 'node:module';
import type { FileInfo, Language } from '../../src/model/file.js';
import type { Source, SyntaxNode } from '../../src/model/source.js';

const languages: Record<string, Language> = {
  py: 'python', js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascript', ts: 'typescript', mts: 'typescript', tsx: 'tsx',
  go: 'go', java: 'java', kt: 'kotlin', kts: 'kotlin', rb: 'ruby', ru: 'ruby', php: 'php', cs: 'csharp', rs: 'rust', sh: 'shell', sql: 'sql',
  html: 'html', css: 'css', vue: 'vue', svelte: 'svelte',
}; // prettier-ignore

const hash = /(["'])(?:\\.|(?!\1)[^\\\n])*\1|(^|[ \t])#[^\n]*/gm;
const slashes = /(["'`])(?:\\.|(?!\1)[^\\])*?\1|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const markup = /<!--[\s\S]*?-->/g;
const docstring = /(^|\n)([ \t]*)("""|''')[\s\S]*?\3/g;

const blank = (text: string) => text.replace(/[^\n\r]/g, ' ');

/** Comments to spaces, simply: enough for readers' tests, not for hostile input. */
function blankComments(text: string, language: Language | null, path: string): string {
  if (language === 'html' || path.endsWith('.xml')) return text.replace(markup, blank);
  if (language === 'python') text = text.replace(docstring, (m) => blank(m));
  if (path.endsWith('.json')) return text;
  if (language === null || ['python', 'ruby', 'shell'].includes(language))
    return text.replace(hash, (m, quote: string) => (quote ? m : blank(m)));
  return text.replace(slashes, (m, quote: string) => (quote ? m : blank(m)));
}

let registered = false;
function parse(language: string, text: string): SyntaxNode {
  const require = createRequire(import.meta.url);
  const napi = require('@ast-grep/napi') as { registerDynamicLanguage(l: object): void; parse(l: string, t: string): { root(): unknown } };
  if (!registered) {
    const load = (name: string) => require(`@ast-grep/lang-${name}`) as object;
    napi.registerDynamicLanguage(
      Object.fromEntries(['python', 'go', 'java', 'kotlin', 'ruby', 'php', 'csharp', 'rust'].map((n) => [n, load(n)])),
    );
    registered = true;
  }
  const names: Record<string, string> = { javascript: 'JavaScript', typescript: 'TypeScript', tsx: 'Tsx', html: 'Html', css: 'Css' };
  return napi.parse(names[language] ?? language, text).root() as SyntaxNode;
}

/** A `Source` for readers' tests from a path and its text; `file` overrides what is guessed from the path. */
export function sourceOf(path: string, text: string, file: Partial<FileInfo> = {}): Source {
  const language = languages[path.slice(path.lastIndexOf('.') + 1)] ?? null;
  const test = /(^|\/)(tests?|spec|__tests__|e2e)\/|(^|\/)test_[^/]*$|[._](test|spec)\.[^.]+$|_test\.\w+$/.test(path);
  const info: FileInfo = {
    path,
    size: Buffer.byteLength(text),
    role: test
      ? 'test'
      : /^(examples?|samples?)\//.test(path)
        ? 'sample'
        : /\.(md|rst|txt)$/.test(path)
          ? 'docs'
          : language
            ? 'product'
            : 'config',
    language,
    variant: /\.(example|sample|template|dist)$/.test(path)
      ? 'template'
      : /(^|[./_-])(dev|development|local)([./_-]|$)/.test(path)
        ? 'development'
        : 'base',
    ...file,
  };
  const code = blankComments(text, info.language, path);
  let tree: SyntaxNode | null | undefined;
  return {
    path,
    file: info,
    text,
    code,
    lines: code.split('\n'),
    at(offset) {
      const before = text.slice(0, offset);
      return { path, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
    },
    syntax() {
      if (tree === undefined)
        tree = info.language && !['shell', 'sql', 'vue', 'svelte'].includes(info.language) ? parse(info.language, text) : null;
      return tree;
    },
  };
}
