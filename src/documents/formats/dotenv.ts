import type { Reader } from '../../model/document.js';
import { documentOf } from './text-positions.js';

export type DotenvEntry = { name: string; value: string; line: number };

/** Environment files and their templates: `root` is `[{name, value, line}]`, values as written without their quotes. */
export const dotenv: Reader = {
  name: 'format/dotenv',
  kind: 'dotenv',
  files: {
    paths: [
      '.env',
      '.env.*',
      '*.env',
      'env.*',
      'dotenv',
      '.envrc',
      '.flaskenv',
      '*.env.*',
      '.dev.vars',
      '.env-*',
      '{env,dotenv}-{example,sample,template}*',
    ],
    except: [
      '*.ts',
      '*.js',
      '*.mjs',
      '*.cjs',
      '*.py',
      '*.json',
      '*.yml',
      '*.yaml',
      '*.md',
      '*.rb',
      '*.go',
      '*.vault',
      '*.enc',
      '*.sh',
      '*.tsx',
      '*.vue',
      '*.d.ts',
      '*.gpg',
      '*.php',
      '*.html',
    ],
    variants: ['base', 'production', 'staging', 'development', 'test', 'template'],
  },
  read(source) {
    const entries = parseDotenv(source.text);
    return {
      documents: [
        documentOf('dotenv', source.path, entries, (location) => ({
          line: typeof location[0] === 'number' ? (entries[location[0]]?.line ?? 1) : 1,
        })),
      ],
    };
  },
};

/**
 * NAME=value lines in the common dialect: `export`, single, double and back quotes over several lines, `#` comments after
 * a space. What is no assignment is passed over.
 */
export function parseDotenv(text: string): DotenvEntry[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const entries: DotenvEntry[] = [];
  for (let i = 0; i < lines.length; i++) {
    const pair = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*(?:=|:\s)\s*(.*)$/.exec(lines[i]!);
    if (!pair) continue;
    const line = i + 1;
    let value = pair[2]!;
    const quote = /^["'`]/.exec(value)?.[0];
    if (!quote) {
      entries.push({ name: pair[1]!, value: value.replace(/(?:^|\s)#.*$/, '').trim(), line });
      continue;
    }
    value = value.slice(1);
    let end = closing(value, quote);
    // An unclosed quote is the file's own mistake: the value then ends with its line.
    for (let next = i + 1; end < 0 && next < lines.length && next < i + 100; next++) {
      const joined = `${value}\n${lines.slice(i + 1, next + 1).join('\n')}`;
      end = lines[next]!.includes(quote) ? closing(joined, quote) : -1;
      if (end >= 0) {
        value = joined;
        i = next;
      }
    }
    entries.push({ name: pair[1]!, value: end < 0 ? value.trim() : value.slice(0, end), line });
  }
  return entries;
}

function closing(value: string, quote: string): number {
  for (let i = 0; i < value.length; i++) {
    if (value[i] === '\\' && quote === '"') i++;
    else if (value[i] === quote) return i;
  }
  return -1;
}
