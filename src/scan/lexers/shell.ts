import { HereDocuments, lineEnd, skipQuoted, walk, type Lexer } from './ranges.js';

/** `#` opens a comment at the start of a word only: not in `$#`, `${#a}`, `a#b`. */
export const startsWord = (text: string, at: number): boolean => at === 0 || /[\s;&|()`]/.test(text.charAt(at - 1));

/** Shells: quotes over many lines, here-documents kept. */
export const shell: Lexer = (text) => {
  const ranges: number[] = [];
  const here = new HereDocuments();
  walk(text, /\\.|["'#]|<<<|<<-?[ \t]*\\?["']?[A-Za-z_]\w*/g, (at, token) => {
    if (token.startsWith('\\') || token === '<<<') return at + token.length;
    if (token === '#') {
      if (!startsWord(text, at)) return at + 1;
      const end = lineEnd(text, at);
      ranges.push(at, end);
      return end;
    }
    if (token.startsWith('<<')) return skipHere(text, at, token, here, ranges);
    return skipQuoted(text, at, true, token === '"' || text.charAt(at - 1) === '$');
  });
  return ranges;
};

/** The rest of the opening line is code still; what follows is kept as it is up to the closing word. */
function skipHere(text: string, at: number, token: string, here: HereDocuments, ranges: number[]): number {
  const end = here.end(text, at, /\w+$/.exec(token)![0]);
  if (end === null) return at + token.length;
  const rest = text.slice(at + token.length, lineEnd(text, at));
  const comment = /[\s;]#/.exec(rest);
  if (comment && !/["']/.test(rest)) ranges.push(at + token.length + comment.index + 1, lineEnd(text, at));
  return end;
}

/** Make: comments to the end of the line, unless escaped or within quotes; quotes don't span lines. */
export const makefile: Lexer = (text) => {
  const ranges: number[] = [];
  walk(text, /\\.|["'#]/g, (at, token) => {
    if (token.startsWith('\\')) return at + 2;
    if (token !== '#') return skipQuoted(text, at, false, token === '"');
    if (!startsWord(text, at)) return at + 1;
    const end = lineEnd(text, at);
    ranges.push(at, end);
    return end;
  });
  return ranges;
};
