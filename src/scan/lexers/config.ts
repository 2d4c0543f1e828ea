import { before, HereDocuments, lineEnd, skipQuoted, skipTo, skipTriple, walk, type Lexer } from './ranges.js';

/** TOML: `#` outside of its four kinds of strings. */
export const toml: Lexer = (text) => {
  const ranges: number[] = [];
  walk(text, /"""|'''|["'#]/g, (at, token) => {
    if (token === '#') {
      const end = lineEnd(text, at);
      ranges.push(at, end);
      return end;
    }
    if (token === '"""') return skipTriple(text, at, token);
    if (token === "'''") return skipTo(text, token, at + 3);
    return skipQuoted(text, at, false, token === '"');
  });
  return ranges;
};

/** Comments that fill a line, opened by one of the characters of `marks`. */
const wholeLines = (marks: string, inline: boolean): Lexer => {
  const opener = new RegExp(`^[ \\t]*[${marks}]${inline ? `|["'#]` : ''}`, 'gm');
  return (text) => {
    const ranges: number[] = [];
    walk(text, opener, (at, token) => {
      if (token === '"' || token === "'") {
        const end = skipQuoted(text, at, false, token === '"');
        return opensValue(text, at) && text.charAt(end - 1) === token ? end : at + 1;
      }
      if (token === '#' && !/[ \t\n]/.test(text.charAt(at - 1) || '\n')) return at + 1;
      const end = lineEnd(text, at);
      ranges.push(at + token.length - 1, end);
      return end;
    });
    return ranges;
  };
};

const opensValue = (text: string, at: number): boolean => /[=:,([\s]/.test(text.charAt(at - 1) || '\n');

/** INI files and .env: whole lines with `#` or `;`, and ` #` behind a value. */
export const ini = wholeLines('#;', true);
/** Java properties: whole lines with `#` or `!` only. */
export const properties = wholeLines('#!', false);
/** Dockerfiles: whole lines, also between continued lines, and ` #` behind a command outside of quotes. */
export const dockerfile = wholeLines('#', true);

/** nginx, Caddy, ignore files: `#` at the start of a word outside of quotes. */
export const nginx: Lexer = (text) => {
  const ranges: number[] = [];
  walk(text, /\\.|["'#]/g, (at, token) => {
    if (token.startsWith('\\')) return at + 2;
    if (token !== '#') return opensWord(text, at) ? skipQuoted(text, at, true) : at + 1;
    if (!opensWord(text, at)) return at + 1;
    const end = lineEnd(text, at);
    ranges.push(at, end);
    return end;
  });
  return ranges;
};

const opensWord = (text: string, at: number): boolean => at === 0 || /[\s;{}]/.test(text.charAt(at - 1));

/** HCL: `#`, `//`, block comments; strings within their line, with nested quotes in `${...}`; here-documents kept. */
export const hcl: Lexer = (text) => {
  const ranges: number[] = [];
  const here = new HereDocuments();
  walk(text, /#|\/\/|\/\*|"|<<[-~]?[A-Za-z_]\w*/g, (at, token) => {
    if (token === '"') return skipInterpolated(text, at);
    if (token.startsWith('<<')) return here.end(text, at, /\w+$/.exec(token)![0]) ?? at + token.length;
    const end = token === '/*' ? skipTo(text, '*/', at + 2) : lineEnd(text, at);
    ranges.push(at, end);
    return end;
  });
  return ranges;
};

function skipInterpolated(text: string, at: number): number {
  let depth = 0;
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) return i;
    if (c === 92) i++;
    else if ((c === 36 || c === 37) && text.charCodeAt(i + 1) === 123) {
      depth++;
      i++;
    } else if (c === 125 && depth > 0) depth--;
    else if (c === 34 && depth === 0) return i + 1;
  }
  return text.length;
}

/**
 * YAML: `#` at the start of a line or behind a blank, outside of quoted scalars. In block scalars (scripts in workflows)
 * only lines that start with `#` are blanked.
 */
export const yaml: Lexer = (text) => {
  const ranges: number[] = [];
  /** Column that the lines of the open block scalar exceed; -1 when none is open. */
  let block = -1;
  let at = 0;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const first = firstInk(text, at, end);
    if (block >= 0 && (first === end || first - at > block)) {
      if (text.charCodeAt(first) === 35) ranges.push(first, end);
      at = nextLine(text, end);
      continue;
    }
    block = -1;
    const stop = yamlLine(text, at, end, ranges);
    if (stop.end === end) block = opensBlock(text.slice(at, stop.code));
    at = nextLine(text, lineEnd(text, stop.end));
  }
  return ranges;
};

const nextLine = (text: string, end: number): number => (text.indexOf('\n', end) < 0 ? text.length : text.indexOf('\n', end) + 1);

function firstInk(text: string, at: number, end: number): number {
  while (at < end && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
  return at;
}

/** Goes through one line, further where a quoted scalar does; `code` is where its comment starts, `end` where it stopped. */
function yamlLine(text: string, at: number, end: number, ranges: number[]): { code: number; end: number } {
  for (let i = at; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 35 && (i === 0 || /\s/.test(text.charAt(i - 1)))) {
      ranges.push(i, end);
      return { code: i, end };
    }
    if ((c !== 34 && c !== 39) || !opensScalar(text, i)) continue;
    i = skipQuoted(text, i, true, c === 34) - 1;
    if (i >= end) end = lineEnd(text, i + 1);
  }
  return { code: end, end };
}

/** A quote opens a scalar only where a value may start: not in `it's`. */
function opensScalar(text: string, at: number): boolean {
  const last = before(text, at);
  if (last.char === '' || '[{,'.includes(last.char)) return true;
  return last.at < at - 1 && (':-?|>'.includes(last.char) || /[!&][^\s]*$/.test(text.slice(Math.max(0, last.at - 40), last.at + 1)));
}

/** The column that the lines of a block scalar must exceed when this line opens one, else -1. */
function opensBlock(line: string): number {
  if (!/(?:^|[\s:-])[|>][-+\d]{0,2}\s*$/.test(line)) return -1;
  const lead = /^\s*(?:-\s+)*/.exec(line)![0];
  return /^[|>]/.test(line.slice(lead.length)) ? Math.max(0, lead.lastIndexOf('-')) : lead.length;
}
