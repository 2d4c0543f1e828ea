import { HereDocuments, lineEnd, skipQuoted, skipTo, walk, type Lexer } from './ranges.js';

const closers: Record<string, string> = {
  '<!--': '-->',
  '{#': '#}',
  '{{!--': '--}}',
  '{{--': '--}}',
  '<%#': '%>',
  '<%--': '--%>',
  '@*': '*@',
};

/** HTML and XML comments; with `templates` those of Jinja, Blade, Handlebars, ERB, and Razor too. One that nothing closes is text. */
export function markup(options: { templates?: boolean }): Lexer {
  const source = options.templates ? '<!--|\\{\\{!?--|\\{#|<%--|<%#|@\\*' : '<!--';
  return (text) => {
    const ranges: number[] = [];
    const unclosed = new Set<string>();
    walk(text, new RegExp(source, 'g'), (at, token) => {
      const closer = closers[token]!;
      const close = unclosed.has(closer) ? -1 : text.indexOf(closer, at + token.length);
      if (close < 0) {
        unclosed.add(closer);
        return at + token.length;
      }
      ranges.push(at, close + closer.length);
      return close + closer.length;
    });
    return ranges;
  };
}

/** Markup whose `<script>` and `<style>` parts have comments of their own. */
export function withScripts(outer: Lexer, script: Lexer, style: Lexer): Lexer {
  return (text) => {
    const parts = [...text.matchAll(/<(script|style)\b[^<>]{0,2000}>/gi)];
    if (parts.length === 0) return outer(text);
    const ranges: number[] = [];
    const add = (lexer: Lexer, from: number, to: number): void => {
      for (const offset of lexer(text.slice(from, to))) ranges.push(from + offset);
    };
    let at = 0;
    for (const part of parts) {
      const from = part.index + part[0].length;
      if (part.index < at) continue;
      const tag = part[1]!.toLowerCase();
      const close = new RegExp(`</${tag}`, 'gi');
      close.lastIndex = from;
      const to = close.exec(text)?.index ?? text.length;
      add(outer, at, from);
      add(tag === 'script' ? script : style, from, to);
      at = to;
    }
    add(outer, at, text.length);
    return ranges;
  };
}

const htmlComments = markup({ templates: true });

/** PHP: `//`, `#` (attributes `#[` aside), block comments within `<?php ... ?>`; HTML comments outside; here-documents kept. */
export const php: Lexer = (text) => {
  const ranges: number[] = [];
  const outside = (from: number, to: number): void => {
    for (const offset of htmlComments(text.slice(from, to))) ranges.push(from + offset);
  };
  let at = 0;
  while (at < text.length) {
    const open = /<\?(?:php\b|=)/gi;
    open.lastIndex = at;
    const found = open.exec(text);
    outside(at, found ? found.index : text.length);
    if (!found) break;
    at = phpSection(text, found.index + found[0].length, ranges);
  }
  return ranges;
};

/** One PHP section from behind its opening; returns the offset behind `?>`. */
function phpSection(text: string, from: number, ranges: number[]): number {
  const here = new HereDocuments();
  const marks = /\/\/|#|\/\*|["'`]|\?>|<<<[ \t]*["']?[A-Za-z_]\w*/g;
  marks.lastIndex = from;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const at = mark.index;
    const token = mark[0];
    if (token === '?>') return at + 2;
    if (token === '/*') marks.lastIndex = skipTo(text, '*/', at + 2);
    else if (token === '//' || (token === '#' && text.charAt(at + 1) !== '[')) {
      const end = lineEnd(text, at);
      const close = text.slice(at, end).indexOf('?>');
      marks.lastIndex = close < 0 ? end : at + close;
    } else {
      if (token.startsWith('<<<')) marks.lastIndex = here.end(text, at, /\w+$/.exec(token)![0]) ?? at + token.length;
      else if (token !== '#') marks.lastIndex = skipQuoted(text, at, true);
      continue;
    }
    ranges.push(at, marks.lastIndex);
  }
  return text.length;
}
