import type { Token, Tokens } from 'marked';
import { repairMojibake } from './repair.js';

/** Characters of a document, and of one of its lines, that are read. */
const maxChars = 4_000_000;
const maxLine = 4_000;
/** Lines that are parsed in one go; a piece ends where a line without indentation follows an empty one. */
const pieceLines = 400;
const maxDepth = 40;
/** Milliseconds for parsing a whole document. */
const budgetMs = 8_000;

interface Placed {
  /** Line of the document, from 1. */
  readonly line: number;
  readonly endLine: number;
  /** Depth in lists, 0 outside of any. */
  readonly level: number;
}

/** What a document consists of, in its order: headings, list items, table rows, paragraphs, code. */
export type Block = Placed &
  (
    | { readonly type: 'heading'; readonly depth: number; readonly text: string }
    | {
        readonly type: 'item';
        readonly text: string;
        readonly ordered: boolean;
        readonly checked: boolean | null;
        /** Items of one list share it. */
        readonly list: number;
        readonly children: boolean;
        readonly linkOnly: boolean;
      }
    | { readonly type: 'row'; readonly header: readonly string[]; readonly cells: readonly string[] }
    | { readonly type: 'paragraph'; readonly text: string }
    | { readonly type: 'rule' }
    | { readonly type: 'code'; readonly language: string; readonly lines: readonly string[] }
  );

export interface DocumentBlocks {
  readonly blocks: readonly Block[];
  readonly lines: number;
  /** Encoding whose misreading was put right. */
  readonly repaired: string | null;
  readonly notes: readonly string[];
}

/** Reads a document of any kind as Markdown: never throws, and in time that grows with its length only. */
export async function blocksOf(source: string): Promise<DocumentBlocks> {
  const { Lexer } = await import('marked');
  const notes: string[] = [];
  const cut = source.length > maxChars ? source.slice(0, maxChars) : source;
  if (cut !== source) notes.push(`only the first ${maxChars} characters were read`);
  const repaired = repairMojibake(cut.replace(/^\ufeff/, '').replace(/\r\n?|[\u2028\u2029]/g, '\n'));
  if (repaired.encoding) notes.push(`garbled characters were put right: UTF-8 that had been read as ${repaired.encoding}`);
  const raw = unwrap(repaired.text.split('\n'));
  const long = raw.filter((line) => line.length > maxLine).length;
  if (long > 0) notes.push(`${long} lines were cut after ${maxLine} characters`);
  const lines = raw.map(tame);
  const blocks: Block[] = [];
  const reader = new BlockReader(blocks);
  const started = performance.now();
  for (const [from, to] of pieces(lines)) {
    const text = lines.slice(from, to).join('\n');
    if (performance.now() - started > budgetMs) {
      notes.push(`reading stopped at line ${from + 1}: the document takes too long to parse`);
      break;
    }
    try {
      reader.read(Lexer.lex(text, { gfm: true }), from + 1, 0);
    } catch {
      notes.push(`lines ${from + 1} to ${to} are no Markdown that can be parsed; they were read line by line`);
      lines.slice(from, to).forEach((line, i) => reader.plain(line, from + i + 1));
    }
  }
  return { blocks, lines: raw.length, repaired: repaired.encoding, notes };
}

/** Takes away what would make the lexer recurse without end or take square time, and what it would not understand. */
function tame(line: string): string {
  let text = line.length > maxLine ? line.slice(0, maxLine) : line;
  text = text
    .replace(new RegExp(`^(?:[ \\t]*>){${maxDepth},}`), '>')
    .replace(/^[ \t]{80,}/, ' '.repeat(80))
    .replace(/^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+){12})[^]*$/, '$1');
  if (/[[\]!(<_*~`]/.test(text)) text = text.replace(/([[\]!(<_*~])\1{30,}/g, (run) => run.slice(0, 30));
  // Emphasis and links that open again and again take square time.
  if (text.length > 400) text = capRuns(text, /[[*_<`~]/g, 200);
  return text;
}

/** Drops the occurrences of a pattern after the first `most`. */
function capRuns(text: string, pattern: RegExp, most: number): string {
  let seen = 0;
  return text.replace(pattern, (found) => (++seen > most ? ' ' : found));
}

/** The text without a docstring, a comment or front matter around it; lines stay where they are. */
function unwrap(lines: readonly string[]): string[] {
  const result = [...lines];
  const first = result.findIndex((line) => line.trim() !== '');
  if (first >= 0 && result[first]!.trim() === '---') {
    const end = result.findIndex((line, i) => i > first && line.trim() === '---');
    if (end > first && end < 200) for (let i = first; i <= end; i++) result[i] = '';
  }
  for (const [i, line] of result.entries()) {
    if (/^\s*[rubf]?("""|''')/i.test(line) || /("""|''')\s*$/.test(line)) result[i] = line.replace(/[rubf]?("""|''')/gi, '');
  }
  const filled = result.filter((line) => line.trim() !== '');
  for (const prefix of [/^\s*\/\/[/!]? ?/, /^\s*\*(?!\*)(?: |$)/, /^\s*-- ?(?!-)/, /^\s*;+ ?/, /^#(?: |$)(?=\s*(?:[-*\d#[]|\w|$))/]) {
    const inside = filled.filter((line) => prefix.test(line)).length;
    const body = filled.filter((line) => !/^\s*(?:\/\*+|\*+\/)\s*$/.test(line)).length;
    if (body < 3 || inside < body * 0.95) continue;
    // A document of headings only, or a list that uses stars, is no comment.
    if (prefix.source.startsWith('^#') && !filled.some((line) => /^# +(?:[-*] |#)/.test(line))) continue;
    if (prefix.source.includes('\\*(?!') && !filled.some((line) => /^\s*\/\*/.test(line))) continue;
    return result.map((line) => (/^\s*(?:\/\*+|\*+\/)\s*$/.test(line) ? '' : line.replace(prefix, '')));
  }
  return result;
}

/** Ranges of lines that can be parsed by themselves: they end before a line without indentation, outside of fences. */
function* pieces(lines: readonly string[]): Generator<[number, number]> {
  let start = 0;
  let fence: string | null = null;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === null) fence = mark[0]!.repeat(3);
    else if (mark && fence !== null && mark.startsWith(fence) && line.trim() === mark) fence = null;
    const heading = fence === null && /^#{1,6}\s/.test(line);
    const settled = fence === null && lines[i - 1]?.trim() === '' && /^\S/.test(line) && !/^(?:[-*+>|]|\d+[.)])/.test(line);
    if (i > start && (heading || (i - start >= pieceLines && settled) || i - start >= pieceLines * 5)) {
      yield [start, i];
      start = i;
    }
  }
  if (start < lines.length) yield [start, lines.length];
}

const newlines = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

/** Turns tokens into blocks; tokens do not know their lines, but their raw texts follow each other without a gap. */
class BlockReader {
  private lists = 0;
  constructor(private readonly blocks: Block[]) {}

  read(tokens: readonly Token[], first: number, level: number): void {
    let line = first;
    for (const token of tokens) {
      const raw = token.raw ?? '';
      const lead = newlines(/^\n*/.exec(raw)![0]);
      const at = line + lead;
      const endLine = at + newlines(raw.slice(lead).replace(/\n+$/, ''));
      this.block(token, at, endLine, level);
      line += newlines(raw);
    }
  }

  plain(line: string, at: number): void {
    const text = line.trim();
    const box = /^(?:[-*+>\s]*)\[([ xX])\]\s+(.*)$/.exec(text);
    const place = { line: at, endLine: at, level: 0 };
    if (box)
      this.blocks.push({
        ...place,
        type: 'item',
        text: box[2]!,
        ordered: false,
        checked: box[1] !== ' ',
        list: ++this.lists,
        children: false,
        linkOnly: false,
      });
    else if (text !== '') this.blocks.push({ ...place, type: 'paragraph', text: text.slice(0, 500) });
  }

  private block(token: Token, line: number, endLine: number, level: number): void {
    const place = { line, endLine, level };
    switch (token.type) {
      case 'heading':
        this.blocks.push({ ...place, type: 'heading', depth: (token as Tokens.Heading).depth, text: plainOf(token) });
        return;
      case 'list':
        this.list(token as Tokens.List, line, level);
        return;
      case 'table':
        this.table(token as Tokens.Table, line, level);
        return;
      case 'blockquote':
        this.read((token as Tokens.Blockquote).tokens ?? [], line, level);
        return;
      case 'code': {
        const code = token as Tokens.Code;
        const fenced = /^\s*(?:`{3,}|~{3,})/.test(code.raw);
        const lines = code.text.split('\n');
        this.blocks.push({
          line: fenced ? line + 1 : line,
          endLine,
          level,
          type: 'code',
          language: (code.lang ?? '').trim().toLowerCase(),
          lines,
        });
        return;
      }
      case 'html':
        this.html(token.raw, line, level);
        return;
      case 'hr':
        this.blocks.push({ ...place, type: 'rule' });
        return;
      case 'space':
      case 'def':
      case 'checkbox':
        return;
      default: {
        const text = plainOf(token);
        if (text.trim() !== '') this.blocks.push({ ...place, type: 'paragraph', text });
      }
    }
  }

  private list(list: Tokens.List, first: number, level: number): void {
    const id = ++this.lists;
    // Items lose white space at their ends, so that each is looked up where the one before it ended.
    let line = first;
    let cursor = 0;
    for (const item of list.items) {
      const found = list.raw.indexOf(item.raw, cursor);
      if (found >= 0) {
        line += newlines(list.raw.slice(cursor, found));
        cursor = found;
      }
      const at = line + newlines(/^\n*/.exec(item.raw)![0]);
      const own: Token[] = [];
      const rest: Token[] = [];
      for (const token of item.tokens) {
        const inline = token.type === 'text' || token.type === 'paragraph' || token.type === 'checkbox';
        (inline && rest.length === 0 && (own.length < 2 || token.type === 'checkbox') ? own : rest).push(token);
      }
      const raw = own.map((t) => t.raw).join('');
      const visible = own.filter((t) => t.type !== 'checkbox');
      const text = visible.map(plainOf).join(' ').trim();
      if (text !== '') {
        const inline = visible.flatMap((t) => ('tokens' in t && t.tokens) || []).filter((t) => t.raw.trim() !== '');
        this.blocks.push({
          line: at,
          endLine: at + newlines(raw.replace(/\n+$/, '')),
          level: level + 1,
          type: 'item',
          text,
          ordered: list.ordered,
          checked: item.task ? item.checked === true : null,
          list: id,
          children: rest.some((t) => t.type === 'list'),
          linkOnly: inline.length === 1 && inline[0]!.type === 'link',
        });
      }
      if (rest.length > 0 && level < maxDepth) this.read(rest, at + newlines(raw), level + 1);
    }
  }

  private table(table: Tokens.Table, line: number, level: number): void {
    const header = table.header.map((cell) => plainOf(cell).trim());
    table.rows.forEach((row, i) => {
      const at = line + 2 + i;
      this.blocks.push({ line: at, endLine: at, level, type: 'row', header, cells: row.map((cell) => plainOf(cell).trim()) });
    });
  }

  /** HTML as text: list items, table rows, headings, and boxes keep their meaning; comments, scripts and styles have none. */
  private html(raw: string, line: number, level: number): void {
    const blank = (text: string): string => text.replace(/[^\n]/g, '');
    const text = raw
      .slice(0, 20_000)
      .replace(/<!--[^]*?(?:-->|$)/g, blank)
      .replace(/<(script|style)\b[^]*?(?:<\/\1>|$)/gi, blank)
      .replace(/<input\b[^>]{0,200}\bchecked\b[^>]{0,200}>/gi, '[x] ')
      .replace(/<input\b[^>]{0,200}checkbox[^>]{0,200}>/gi, '[ ] ')
      .replace(/\ue000/g, ' ')
      // A character of the private use area marks where an element begins.
      .replace(/<(li|tr|h[1-6])\b[^>]{0,200}>/gi, '\ue000$1\ue000');
    const id = ++this.lists;
    let at = line;
    for (const part of text.split('\n')) {
      const pieces = part.split(/\ue000(\w+)\ue000/);
      for (let i = 0; i < pieces.length; i += 2) {
        const tag = i === 0 ? '' : pieces[i - 1]!.toLowerCase();
        const content = entities(pieces[i]!.replace(/<\/t[dh]>/gi, ' | ').replace(/<[^>]{0,500}>/g, ' '))
          .replace(/\s+/g, ' ')
          .replace(/(?: \|)+ *$/, '')
          .trim();
        if (content === '') continue;
        const place = { line: at, endLine: at, level };
        const box = /^\[([ xX])\] (.*)$/.exec(content);
        if (/^h\d$/.test(tag)) this.blocks.push({ ...place, type: 'heading', depth: Number(tag[1]), text: content });
        else if (tag === 'tr') this.blocks.push({ ...place, type: 'row', header: [], cells: content.split(' | ') });
        else if (tag === 'li' || box)
          this.blocks.push({
            ...place,
            level: level + 1,
            type: 'item',
            text: box ? box[2]! : content,
            ordered: false,
            checked: box ? box[1] !== ' ' : null,
            list: id,
            children: false,
            linkOnly: false,
          });
        else this.blocks.push({ ...place, type: 'paragraph', text: content });
      }
      at++;
    }
  }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const entities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return code > 0x1f && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : whole;
  });

/** The text of inline tokens without markup; line breaks of the source stay. */
function plainOf(token: { type?: string; raw?: string; text?: string; tokens?: Token[] }, depth = 0): string {
  // What an earlier run appended stays recognisable.
  if (token.type === 'html') return /^<!--\s*readiness\b/.test(token.raw ?? '') ? '<!-- readiness -->' : '';
  if (token.type === 'br') return '\n';
  if (token.type === 'codespan' || token.type === 'escape') return token.text ?? '';
  if (token.tokens && token.tokens.length > 0 && depth < maxDepth) return token.tokens.map((t) => plainOf(t as Token, depth + 1)).join('');
  return entities(token.text ?? '');
}
