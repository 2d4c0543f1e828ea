import { lineEnd, skipQuoted, skipTriple, walk, type Lexer } from './ranges.js';

/**
 * Python: `#` comments and strings that are statements of their own (docstrings). A string is a statement when it starts a
 * logical line (no bracket open, nothing but a prefix before it) and nothing but a comment follows it on its last line.
 */
export const python: Lexer = (text) => {
  const ranges: number[] = [];
  let depth = 0;
  walk(text, /"""|'''|["'#()[\]{}]/g, (at, token) => {
    if (token === '#') {
      const end = lineEnd(text, at);
      ranges.push(at, end);
      return end;
    }
    if (token.length === 1 && '([{'.includes(token)) {
      depth++;
      return at + 1;
    }
    if (token.length === 1 && ')]}'.includes(token)) {
      depth = Math.max(0, depth - 1);
      return at + 1;
    }
    const end = token.length === 3 ? skipTriple(text, at, token) : skipQuoted(text, at, false);
    if (depth === 0) {
      const start = statementStart(text, at);
      if (start !== null && endsStatement(text, end)) ranges.push(start, end);
    }
    return end;
  });
  return ranges;
};

/** Where the string that opens at `at` begins with its prefix, if it begins a logical line; else null. */
function statementStart(text: string, at: number): number | null {
  let start = at;
  while (start > 0 && at - start < 2 && /[rRuUbBfF]/.test(text.charAt(start - 1))) start--;
  let i = start - 1;
  while (i >= 0 && (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9)) i--;
  if (i < 0) return start;
  if (text.charCodeAt(i) !== 10) return text.charCodeAt(i) === 0xfeff ? start : null;
  const last = text.charCodeAt(i - 1) === 13 ? i - 2 : i - 1;
  return text.charAt(last) === '\\' ? null : start;
}

function endsStatement(text: string, at: number): boolean {
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13 || c === 35 || c === 59) return true;
    if (c !== 32 && c !== 9) return false;
  }
  return true;
}
