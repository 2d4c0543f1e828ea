/** Lines of one env file; what is no assignment is counted, since a value that spans lines without quotes shows as such. */
export interface EnvFile {
  readonly variables: ReadonlyMap<string, string>;
  /** Names given more than once; the last one counts. */
  readonly repeated: readonly string[];
  /** Line numbers that are neither an assignment, nor a comment, nor empty. */
  readonly broken: readonly number[];
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_][\w.-]{0,200})\s*=[^\S\n]*/;

/**
 * NAME=value lines by the rules that the dotenv libraries share: `export`, comments, values in single, double or back quotes that may
 * span lines, `\n` and the like in double quotes. `$NAME` stays as it is written: nothing is looked up and nothing is run.
 */
export function parseEnvFile(text: string): EnvFile {
  const variables = new Map<string, string>();
  const repeated = new Set<string>();
  const broken: number[] = [];
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n');
  for (let n = 0; n < lines.length; n++) {
    const line = lines[n] as string;
    if (/^\s*(?:#|$)/.test(line)) continue;
    const head = assignment.exec(line);
    if (!head) {
      broken.push(n + 1);
      continue;
    }
    const name = head[1] as string;
    const rest = line.slice(head[0].length);
    const quoted = /^["'`]/.test(rest) ? closed(lines, n, rest) : null;
    if (variables.has(name)) repeated.add(name);
    variables.set(name, quoted ? quoted.value : rest.replace(/(?:^|\s+)#.*$/, '').trim());
    if (quoted) n = quoted.last;
  }
  return { variables, repeated: [...repeated], broken };
}

/** The value up to the closing quote, on this line or a later one; null where none closes it, and the quote is part of the value. */
function closed(lines: readonly string[], first: number, rest: string): { value: string; last: number } | null {
  const quote = rest[0] as string;
  const parts: string[] = [];
  for (let n = first; n < lines.length && n - first < 500; n++) {
    const text = n === first ? rest.slice(1) : (lines[n] as string);
    const end = endOf(text, quote);
    if (end >= 0) {
      parts.push(text.slice(0, end));
      const value = parts.join('\n');
      return { value: quote === '"' ? unescaped(value) : value, last: n };
    }
    parts.push(text);
  }
  return null;
}

function endOf(text: string, quote: string): number {
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };
const unescaped = (value: string): string => value.replace(/\\(.)/g, (all, c: string) => escapes[c] ?? all);
