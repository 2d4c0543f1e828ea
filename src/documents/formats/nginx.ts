import type { Json, Reader } from '../../model/document.js';
import { linedDocument } from '../json.js';

/** One directive of a proxy's configuration; `block` is null where it has none. */
export type Directive = { directive: string; args: string[]; line: number; block: Directive[] | null };

const maxDepth = 40;
const maxDirectives = 20_000;

interface Token {
  readonly text: string;
  readonly line: number;
  /** Written in quotes, so that `;` and braces in it mean nothing. */
  readonly quoted: boolean;
}

/** Words, `{`, `}` and `;`; comments dropped; `${NAME}`, `{{ name }}` and `{% ... %}` of templates understood. */
function tokens(text: string): Token[] {
  const out: Token[] = [];
  let line = 1;
  let word = '';
  let start = 1;
  const flush = (): void => {
    if (word !== '') out.push({ text: word, line: start, quoted: false });
    word = '';
  };
  const skipTo = (from: number, end: string): number => {
    const found = text.indexOf(end, from);
    const stop = found < 0 ? text.length : found + end.length;
    for (let k = from; k < stop; k++) if (text[k] === '\n') line++;
    return stop;
  };
  for (let i = 0; i < text.length && out.length < maxDirectives * 4;) {
    const c = text[i]!;
    const two = c + (text[i + 1] ?? '');
    if (c === '\n') {
      flush();
      line++;
      i++;
    } else if (/\s/.test(c)) {
      flush();
      i++;
    } else if (c === '#' && word === '') i = text.indexOf('\n', i) < 0 ? text.length : text.indexOf('\n', i);
    else if (two === '{%' || two === '{#') i = skipTo(i + 2, two === '{%' ? '%}' : '#}');
    else if (two === '{{' || two === '${') {
      if (word === '') start = line;
      const from = i;
      i = skipTo(i + 2, two === '{{' ? '}}' : '}');
      word += text.slice(from, i).replace(/\s+/g, ' ');
    } else if ((c === '"' || c === "'") && word === '') {
      let value = '';
      start = line;
      for (i++; i < text.length && text[i] !== c; i++) {
        if (text[i] === '\\' && i + 1 < text.length) i++;
        if (text[i] === '\n') line++;
        value += text[i];
      }
      i++;
      out.push({ text: value, line: start, quoted: true });
    } else if (c === ';' || c === '{' || c === '}') {
      // A brace inside a word belongs to a regular expression: ~ ^/a{2,3}$
      if (word !== '' && c === '{' && /[\d,]/.test(text[i + 1] ?? '') && /^\d*,?\d*\}/.test(text.slice(i + 1, i + 12))) {
        const end = text.indexOf('}', i) + 1;
        word += text.slice(i, end);
        i = end;
        continue;
      }
      flush();
      out.push({ text: c, line, quoted: false });
      i++;
    } else {
      if (word === '') start = line;
      if (c === '\\' && i + 1 < text.length) word += text[i++]!;
      word += text[i++]!;
    }
  }
  flush();
  return out;
}

/** The directive tree of an nginx configuration. Unclosed blocks end with the file; problems name what did not fit. */
export function parseNginx(text: string): { directives: Directive[]; problems: { line: number; message: string }[] } {
  const problems: { line: number; message: string }[] = [];
  const root: Directive[] = [];
  const stack: Directive[][] = [root];
  let words: Token[] = [];
  let count = 0;
  let lua = 0;
  const finish = (block: Directive[] | null): void => {
    const [first, ...rest] = words;
    words = [];
    if (!first) return;
    if (++count > maxDirectives) return;
    stack.at(-1)!.push({ directive: first.text, args: rest.map((w) => w.text), line: first.line, block });
  };
  for (const token of tokens(text)) {
    const mark = token.quoted ? '' : token.text;
    if (lua > 0) {
      if (mark === '{') lua++;
      if (mark === '}') lua--;
    } else if (mark === ';') finish(null);
    else if (mark === '{') {
      if (words[0]?.text.endsWith('_by_lua_block')) {
        finish([]);
        lua = 1;
        continue;
      }
      const block: Directive[] = [];
      if (words.length === 0) words = [{ ...token, text: '' }];
      finish(block);
      if (stack.length < maxDepth) stack.push(block);
    } else if (mark === '}') {
      if (words.length > 0) finish(null);
      if (stack.length > 1) stack.pop();
      else problems.push({ line: token.line, message: 'a } without its {' });
    } else words.push(token);
  }
  if (words.length > 0) finish(null);
  if (stack.length > 1) problems.push({ line: root.at(-1)?.line ?? 1, message: 'a block is not closed' });
  return { directives: root, problems };
}

const known =
  /^(?:server|http|upstream|location|events|stream|map|geo|listen|server_name|add_header|proxy_\w+|ssl_\w+|gzip\w*|limit_req\w*|limit_conn\w*|client_\w+|worker_\w+|include|root|try_files|error_page|rewrite|log_format|access_log|more_set_headers|set_real_ip_from|real_ip_header|upstream_conf|fastcgi_\w+|uwsgi_\w+|return)$/;

/** nginx configurations and snippets; `root` is the tree of directives: `[{directive, args, line, block}]`. */
export const nginx: Reader = {
  name: 'format/nginx',
  kind: 'nginx',
  files: {
    paths: [
      '*.conf',
      '*.nginx',
      '*.vhost',
      '*.conf.{template,tmpl,tpl,j2,erb,in,dist}',
      'nginx*.{template,tmpl,j2,erb}',
      '**/nginx/**/*.{template,j2,inc}',
      '**/sites-available/*',
      '**/sites-enabled/*',
      '**/nginx/conf.d/*',
      // A site kept as it is called on the server: deploy/nginx/shop.
      '**/nginx/!(*.*)',
    ],
    except: ['**/httpd*.conf', '**/apache*/**', '**/*.{md,yml,yaml,json,py,sh}'],
    roles: ['config', 'script', 'product', 'template', 'other'],
    variants: ['base', 'production', 'staging', 'template'],
  },
  keywords: ['server', 'location', 'upstream', 'proxy_', 'add_header', 'ssl_', 'listen', 'limit_req'],
  read(source) {
    if (/^\s*<(?:VirtualHost|Directory|IfModule|Location)\b|^\s*\[[\w:.-]+\]\s*$/im.test(source.text)) return {};
    const { directives, problems } = parseNginx(source.text);
    if (!directives.some((d) => known.test(d.directive) && (d.block !== null || d.args.length > 0))) return {};
    // Other tools' .conf files have words like these too, but neither blocks nor semicolons.
    if (!/;\s*(?:#.*)?$/m.test(source.text)) return {};
    return {
      documents: [linedDocument('nginx', source.path, directives as unknown as Json)],
      problems: problems.map((p) => ({ path: source.path, ...p })),
    };
  },
};
