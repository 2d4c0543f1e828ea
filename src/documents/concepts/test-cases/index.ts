import type { ConceptItem } from '../../../model/concepts.js';
import type { Combiner, Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { closing, parseArguments } from '../syntax-text.js';
import { acts, browserLibraries, scaffold, testLanguages, type TestLanguage } from './languages.js';

type TestCase = ConceptItem<'test-cases'>;

const maxBody = 1_500;
/** Tables of cases stand in the body of the one function that runs them. */
const maxTableBody = 8_000;
const maxCases = 2_000;
/** What a reason says: an issue, or why. A sentence that only describes the test is none. */
const cause =
  /#\d+|https?:|\b[A-Z]{2,}-\d+\b|\b(?:not|no|never|cannot|can't|doesn't|won't|isn't|fail\w*|broken|breaks|flak\w*|bug|issue|because|until|since|todo|fixme|slow|requires?|needs?|unsupported|wait\w*|missing|due|only|unstable|deprecated|removed|disabled|pending|hangs?|leak\w*|race|timeouts?|environment|manual\w*|wip)\b/i;

const named = (match: RegExpMatchArray): string => {
  const g = match.groups ?? {};
  return (g['name'] ?? g['method'] ?? g['attributed'] ?? g['sentence'] ?? '').replace(/`/g, '');
};

const indentOf = (line: string): number => /^[ \t]*/.exec(line)![0].replace(/\t/g, '    ').length;

/** The text of a skip's arguments: a quoted reason of some words, or a condition. */
function argumentsSay(text: string | undefined): boolean {
  if (!text) return false;
  const quoted = [...text.matchAll(/(["'`])((?:(?!\1)[^\\]|\\.)*)\1/g)].map((m) => m[2] ?? '').join(' ');
  if (quoted.trim().split(/\s+/).filter(Boolean).length >= 2) return true;
  return (
    /reason\s*=\s*[^"'\s)]|condition|[!=<>]=|\bif\b|&&|\|\|/.test(text) ||
    cause.test(quoted) ||
    /^\(?\s*[A-Za-z_][\w.]*\s*\)?$/.test(text.trim())
  );
}

/** Whether a comment names a cause: right above the line (over decorators), on the lines themselves, or a docstring among them. */
function commentSays(source: Source, rawLines: readonly string[], from: number, to: number): boolean {
  const commentOf = (i: number): string => {
    const raw = rawLines[i] ?? '';
    const code = (source.lines[i] ?? '').trim();
    return code === '' ? raw.trim() : raw.slice(raw.indexOf(code) + code.length);
  };
  const says = (i: number): boolean => {
    const comment = commentOf(i);
    return comment.trim().length > 3 && !/\w\(['"`]/.test(comment) && cause.test(comment);
  };
  for (let i = from; i < Math.min(rawLines.length, to); i++) if (says(i)) return true;
  for (let i = from - 1; i >= Math.max(0, from - 8); i--) {
    const code = (source.lines[i] ?? '').trim();
    if ((code === '' && (rawLines[i] ?? '').trim() === '') || (code !== '' && !/^[@[#)]/.test(code))) return false;
    if (says(i)) return true;
  }
  return false;
}

function read(source: Source, language: TestLanguage): Item[] {
  const code = language.languages[0] === 'php' ? withTestTags(source) : source.code;
  const rawLines = source.text.split('\n');
  const starts = [...code.matchAll(language.start)].filter((m) => !isRemark(code, m)).slice(0, maxCases);
  const library = browserLibraries.find(([, pattern]) => pattern.test(source.text))?.[0] ?? '';
  const actsSomewhere = library !== '' && (acts.test(code) || /\bpages?\/|page-?objects?/i.test(source.text));
  const items: Item[] = [];
  const base = { path: source.path, language: source.file.language ?? '', browser: library, acts: actsSomewhere, nth: 0 };
  starts.forEach((match, i) => {
    // A case begins at its name, not at the white space or the lines before it.
    const at = match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0);
    const next = starts[i + 1]?.index ?? code.length;
    const end = endOf(code, at, Math.min(next, at + 20_000), language, source);
    const body = code.slice(at, end);
    const name = named(match).slice(0, 200);
    const line = source.at(at).line;
    const head =
      language.languages[0] === 'python' || language.languages[0] === 'csharp' || language.languages[0] === 'java'
        ? decorators(source, rawLines, line) + firstLines(body)
        : firstLines(body);
    const skip = skipOf(source, rawLines, language, head, body, line);
    items.push({
      ...base,
      line,
      name,
      body: body.slice(0, source.file.language === 'go' ? maxTableBody : maxBody),
      asserts: language.asserts.test(body) || language.asserts.test(head),
      scaffold: scaffold.test(body) || scaffold.test(name),
      disabled: skip ? (skip.reason ? 'reason' : 'skip') : '',
    } satisfies TestCase as unknown as Item);
  });
  for (const [pattern, disabled] of [
    [language.group, 'skip'],
    [language.focus, 'focus'],
  ] as const)
    if (pattern)
      for (const match of code.matchAll(pattern)) {
        const at = match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0);
        const line = source.at(at).line;
        if (disabled === 'skip' && underCondition(source, line)) continue;
        const says = disabled === 'skip' && commentSays(source, rawLines, line - 1, line);
        items.push({
          ...base,
          line,
          name: (source.lines[line - 1] ?? '').trim().slice(0, 120),
          body: '',
          asserts: false,
          scaffold: false,
          disabled: says ? 'reason' : disabled,
        } satisfies TestCase as unknown as Item);
      }
  return items;
}

/** Playwright's `test.skip(condition, 'why')` is no case: it speaks of the case, group or file around it, and says why. */
function isRemark(code: string, match: RegExpMatchArray): boolean {
  const chain = match.groups?.['chain'];
  if (!chain || match.groups?.['name'] !== undefined || !/\.(?:skip|fixme|fail|slow)$/.test(chain)) return false;
  const open = code.indexOf('(', match.index! + match.groups!['how']!.length + chain.length);
  const end = open < 0 ? -1 : closing(code, open);
  return end > 0 && /^["'`]/.test(parseArguments(code.slice(open + 1, end))[1]?.text ?? '');
}

/** PHPUnit marks cases in doc comments as well: their `@test` is kept. */
function withTestTags(source: Source): string {
  let code = source.code;
  for (const match of source.text.matchAll(/@test\b/g)) code = code.slice(0, match.index) + '@test' + code.slice(match.index + 5);
  return code;
}

/** Up to the end of the first two lines: where a call's own options stand. */
const firstLines = (body: string): string => body.split('\n', 2).join('\n').slice(0, 400);

/** Decorators or annotations right before a case, up to a blank line or the end of another statement. */
function decorators(source: Source, rawLines: readonly string[], line: number): string {
  const found: string[] = [];
  for (let i = line - 2; i >= Math.max(0, line - 14); i--) {
    const text = source.lines[i] ?? '';
    if (text.trim() === '' ? (rawLines[i] ?? '').trim() === '' : /[;{}]\s*$|^\s*(?:def|return|class)\b/.test(text)) break;
    found.unshift(text);
  }
  return found.join('\n') + '\n';
}

function endOf(code: string, at: number, limit: number, language: TestLanguage, source: Source): number {
  const text = code.slice(at, limit);
  const python = language.languages[0] === 'python';
  const start = source.at(at);
  const own = python ? indentOf(source.lines[start.line - 1] ?? '') : 0;
  let offset = 0;
  let open = false;
  for (const line of text.split('\n')) {
    if (offset > 0 && line.trim() !== '') {
      if (python && open && indentOf(line) <= own) return at + offset;
      if (language.end.test(line)) return at + offset;
    }
    if (/:\s*$/.test(line)) open = true;
    offset += line.length + 1;
  }
  return limit;
}

/** Whether a line stands in the block of an `if` or an `else`, by the indentation of the line that opens its block. */
function underCondition(source: Source, line: number): boolean {
  const own = indentOf(source.lines[line - 1] ?? '');
  for (let i = line - 2; i >= 0; i--) {
    const text = source.lines[i]!;
    if (text.trim() !== '' && indentOf(text) < own) return /^\s*(?:\}\s*)?(?:else\b|(?:else\s+)?if\b|elif\b|unless\b)/.test(text);
  }
  return false;
}

function skipOf(
  source: Source,
  rawLines: readonly string[],
  language: TestLanguage,
  head: string,
  body: string,
  line: number,
): { reason: boolean } | null {
  const outer = language.skip.exec(head);
  if (outer) {
    const args = outer.groups?.['args'] ?? outer.groups?.['args2'];
    if (/\bcondition\s*=|^\(\s*(?!["'])[^,)=]*(?:sys\.|os\.|platform|[!=<>]=)/.test(args ?? '')) return null;
    if (underCondition(source, line)) return null;
    return { reason: argumentsSay(args) || commentSays(source, rawLines, line - 1, line + (language.languages[0] === 'python' ? 4 : 1)) };
  }
  const inner = language.inner?.exec(body);
  if (inner) {
    const indent = (inner.groups?.['indent'] ?? inner.groups?.['indent2'] ?? '').replace(/\t/g, '    ').length;
    const own = indentOf(source.lines[line - 1] ?? '');
    const first = body
      .split('\n')
      .slice(1)
      .find((l) => !/^\s*\{?\s*$/.test(l));
    // Deeper than the body's own level: below an `if`, a `try` or in a subtest.
    if (first !== undefined && indent > indentOf(first)) return null;
    if (indent > own + 8) return null;
    const args = inner.groups?.['args'] ?? inner.groups?.['args2'] ?? '';
    const within = source.at(0).line + line - 1 + body.slice(0, inner.index).split('\n').length - 1;
    return { reason: argumentsSay(`(${args})`) && args.trim() !== '' ? true : commentSays(source, rawLines, within - 1, within + 1) };
  }
  return null;
}

/** Test cases of every language in files of tests; Rust keeps them beside the code. */
export const testCaseReaders: readonly Reader[] = testLanguages.map((language) => ({
  name: `test-cases/${language.languages[0] as string}`,
  kind: 'test-cases',
  files: {
    languages: language.languages,
    roles: language.languages[0] === 'rust' ? ['test', 'product'] : ['test'],
    variants: ['base', 'production', 'staging', 'development', 'test', 'template'],
  },
  read: (source) => ({ items: read(source, language) }),
}));

/** Counts the cases that assert something, so that a check can ask for a number of them. */
export const testCases: Combiner = {
  kind: 'test-cases',
  combine(items) {
    let nth = 0;
    return items.map((item) =>
      item['asserts'] === true && item['scaffold'] !== true && item['disabled'] === '' ? { ...item, nth: ++nth } : item,
    );
  },
};
