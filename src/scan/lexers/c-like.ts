import { before, lineEnd, skipQuoted, skipTo, skipTriple, walk, type Lexer } from './ranges.js';

export interface CLikeSyntax {
  readonly line?: '//' | '--' | '#' | 'none';
  /** Has block comments; default yes. */
  readonly block?: boolean;
  readonly nested?: boolean;
  /** What `'` opens: a literal within its line (default), one over many lines, or nothing. */
  readonly single?: 'line' | 'multi' | 'none';
  /** Backslashes escape in strings; default yes. */
  readonly escape?: boolean;
  /** Backticks open raw strings. */
  readonly backtick?: boolean;
  readonly triple?: readonly string[];
  /** C# `@"..."` with doubled quotes. */
  readonly verbatim?: boolean;
  /** `://` opens no comment (SCSS addresses). */
  readonly url?: boolean;
}

/** A lexer for languages with C's kinds of comments and strings. */
export function cLike(syntax: CLikeSyntax): Lexer {
  const { line = '//', block = true, nested = false, single = 'line', escape = true, triple = [] } = syntax;
  const tokens = [
    ...triple,
    ...(line === 'none' ? [] : [line]),
    ...(block ? ['/*'] : []),
    '"',
    ...(single === 'none' ? [] : ["'"]),
    ...(syntax.backtick ? ['`'] : []),
  ];
  const source = tokens.map((token) => token.replace(/[*/]/g, '\\$&')).join('|');
  return (text) => {
    const ranges: number[] = [];
    walk(text, new RegExp(source, 'g'), (at, token) => {
      if (token === line) {
        if (syntax.url && text.charAt(at - 1) === ':') return at + 2;
        const end = lineEnd(text, at);
        ranges.push(at, end);
        return end;
      }
      if (token === '/*') {
        const end = nested ? skipNested(text, at) : skipTo(text, '*/', at + 2);
        ranges.push(at, end);
        return end;
      }
      if (token.length === 3) return skipTriple(text, at, token);
      if (token === '`') return skipQuoted(text, at, true, false);
      if (token === "'") return skipQuoted(text, at, single === 'multi', escape);
      if (syntax.verbatim && /@\$?$/.test(text.slice(Math.max(0, at - 2), at))) return skipQuoted(text, at, true, false);
      return skipQuoted(text, at, !escape, escape);
    });
    return ranges;
  };
}

/** Offset behind a block comment in which further ones may nest. */
function skipNested(text: string, at: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

/** Rust: nested comments, raw strings, lifetimes beside character literals. */
export const rust: Lexer = (text) => {
  const ranges: number[] = [];
  walk(text, /\/\/|\/\*|"|'/g, (at, token) => {
    if (token === '//' || token === '/*') {
      const end = token === '//' ? lineEnd(text, at) : skipNested(text, at);
      ranges.push(at, end);
      return end;
    }
    if (token === "'") return at + (/^'(?:\\[^\n]{1,10}?|[^\\'\n]{1,2})'/.exec(text.slice(at, at + 14))?.[0].length ?? 1);
    const raw = /r(#*)$/.exec(text.slice(Math.max(0, at - 12), at));
    return raw ? skipTo(text, `"${raw[1]}`, at + 1) : skipQuoted(text, at, true);
  });
  return ranges;
};

/** Words after which a slash opens a regular expression in JavaScript. */
const beforeRegex = /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|do|else|yield|await|instanceof)$/;

/** JavaScript, TypeScript, and JSX: templates with nested code, regular expressions, strings. */
export const javaScript: Lexer = (text) => {
  const ranges: number[] = [];
  const plain = /["'`/]/g;
  const inTemplate = /["'`/{}]/g;
  /** Open braces within each `${` that is still open. */
  const depths: number[] = [];
  let at = 0;
  while (at < text.length) {
    const opener = depths.length > 0 ? inTemplate : plain;
    opener.lastIndex = at;
    const found = opener.exec(text);
    if (!found) break;
    at = found.index;
    const token = found[0];
    if (token === '"' || token === "'") at = skipQuoted(text, at, false);
    else if (token === '`') at = skipTemplate(text, at + 1, depths);
    else if (token === '{') {
      depths[depths.length - 1]!++;
      at++;
    } else if (token === '}') {
      if (depths[depths.length - 1]! > 0) {
        depths[depths.length - 1]!--;
        at++;
      } else {
        depths.pop();
        at = skipTemplate(text, at + 1, depths);
      }
    } else at = slash(text, at, ranges);
  }
  return ranges;
};

/** From within a template literal to behind its end, or to behind the next `${`, which is noted in `depths`. */
function skipTemplate(text: string, from: number, depths: number[]): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 96) return i + 1;
    else if (c === 36 && text.charCodeAt(i + 1) === 123) {
      depths.push(0);
      return i + 2;
    }
  }
  return text.length;
}

function slash(text: string, at: number, ranges: number[]): number {
  const next = text.charAt(at + 1);
  if (next === '/' && text.charAt(at - 1) !== ':') {
    const end = lineEnd(text, at);
    ranges.push(at, end);
    return end;
  }
  if (next === '*') {
    const end = skipTo(text, '*/', at + 2);
    ranges.push(at, end);
    return end;
  }
  if (next === '/' || next === '>') return at + 2;
  return opensRegex(text, at) ? skipRegex(text, at) : at + 1;
}

function opensRegex(text: string, at: number): boolean {
  const last = before(text, at);
  if (last.char === '' || '(,=:[!&|?{;+-*%~^>'.includes(last.char)) return true;
  return /\w/.test(last.char) && beforeRegex.test(text.slice(Math.max(0, last.at - 10), last.at + 1));
}

/** Offset behind a regular expression literal; where none closes on the line, only the slash is passed. */
function skipRegex(text: string, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) return at + 1;
    if (c === 92) i++;
    else if (c === 91) inClass = true;
    else if (c === 93) inClass = false;
    else if (c === 47 && !inClass) return i + 1;
  }
  return at + 1;
}
