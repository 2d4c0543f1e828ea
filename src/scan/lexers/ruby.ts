import { before, HereDocuments, lineEnd, skipQuoted, skipTo, walk, type Lexer } from './ranges.js';

const closing: Record<string, string> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const beforeRegex = /(?:^|[^\w.])(?:if|unless|elsif|when|and|or|not|return|while|until|in)$/;

/** Ruby (and Elixir): `#`, `=begin`/`=end`, `__END__`; here-documents, percent literals, and regular expressions are kept. */
export const ruby: Lexer = (text) => {
  const ranges: number[] = [];
  const here = new HereDocuments();
  walk(text, /"""|["'`#/]|^=begin\b|^__END__[ \t]*\r?$|<<[~-]?["'`]?[A-Z_]\w*|%[qQwWiIrx][([{<|!]/gm, (at, token) => {
    if (token === '#') {
      if (text.charAt(at + 1) === '{' || (text.charAt(at - 1) === '?' && !/\w/.test(text.charAt(at - 2)))) return at + 1;
      const end = lineEnd(text, at);
      ranges.push(at, end);
      return end;
    }
    if (token === '=begin') {
      const close = text.indexOf('\n=end', at);
      const end = close < 0 ? text.length : lineEnd(text, close + 1);
      ranges.push(at, end);
      return end;
    }
    if (token.startsWith('__END__')) return text.length;
    if (token === '"""') return skipTo(text, '"""', at + 3);
    if (token.startsWith('<<')) return skipHere(text, at, token, here);
    if (token.startsWith('%')) return skipTo(text, closing[token.charAt(2)] ?? token.charAt(2), at + 3);
    if (token === '/') return opensRegex(text, at) ? skipLine(text, at) : at + 1;
    return skipQuoted(text, at, true);
  });
  return ranges;
};

function skipHere(text: string, at: number, token: string, here: HereDocuments): number {
  const tag = /\w+$/.exec(token)![0];
  return here.end(text, at, tag) ?? at + token.length;
}

function opensRegex(text: string, at: number): boolean {
  const last = before(text, at);
  if (last.char === '' || '(,=:[!&|?{;~'.includes(last.char)) return true;
  return /\w/.test(last.char) && beforeRegex.test(text.slice(Math.max(0, last.at - 8), last.at + 1));
}

/** Behind a regular expression that ends on its line, else behind the slash. */
function skipLine(text: string, at: number): number {
  const end = skipQuoted(text, at, false);
  return text.charAt(end - 1) === '/' && end > at + 1 ? end : at + 1;
}
