import type { Token, Tokens } from 'marked';
import type { Reader } from '../../../model/document.js';
import { part, sectionsOf, type Part } from './sections.js';
import { documentFiles, maxBytes } from './where.js';

const maxLinks = 200;
/** Block quotes and lists deeper than this are no prose; the parser recurses into them. */
const maxDepth = 40;

/** Entities that the lexer leaves in text. */
const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'", '&nbsp;': ' ' };
const decode = (text: string): string => text.replace(/&(?:lt|gt|amp|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity);

/** The words of inline tokens, without images and markup. */
function plain(tokens: readonly Token[] | undefined): string {
  return (tokens ?? [])
    .map((token) => {
      if (token.type === 'image' || token.type === 'html') return '';
      if ('tokens' in token && token.tokens) return plain(token.tokens);
      return 'text' in token ? decode(String(token.text)) : '';
    })
    .join('');
}

function visit(token: Token, into: Part): void {
  switch (token.type) {
    case 'code':
      into.codeBlocks++;
      return;
    case 'html':
      // `<your domain>` is parsed as a tag, and stands for content that somebody has yet to write.
      if (/^<(?:your|insert|placeholder|add|describe|fill)\b/i.test(token.raw)) into.text += token.raw;
      return;
    case 'def':
    case 'image':
    case 'space':
    case 'hr':
      return;
    case 'link': {
      const { href, tokens } = token as Tokens.Link;
      const text = plain(tokens).trim();
      // A link around an image alone is a badge.
      if (text !== '' && into.links.length < maxLinks) into.links.push({ text: text.slice(0, 200), url: href.slice(0, 500) });
      for (const child of tokens) visit(child, into);
      return;
    }
    case 'list':
      for (const item of (token as Tokens.List).items) {
        into.entries++;
        for (const child of item.tokens) visit(child, into);
        into.text += '\n';
      }
      return;
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      into.entries += rows.length;
      for (const row of [header, ...rows]) {
        for (const cell of row) {
          for (const child of cell.tokens) visit(child, into);
          into.text += ' ';
        }
        into.text += '\n';
      }
      return;
    }
    case 'br':
      into.text += ' ';
      return;
    case 'codespan':
      into.text += decode(String((token as Tokens.Codespan).text));
      return;
  }
  if ('tokens' in token && token.tokens) for (const child of token.tokens) visit(child, into);
  else if ('text' in token) into.text += decode(String(token.text));
  if (/^(?:paragraph|blockquote|text|heading)$/.test(token.type) && 'tokens' in token && token.tokens) into.text += '\n';
}

/** One part a heading at the top level; lines are counted along the tokens, which hold the document's text in order. */
function partsOf(tokens: readonly Token[]): Part[] {
  const parts: Part[] = [part(0, '', 1)];
  let line = 1;
  for (const token of tokens) {
    if (token.type === 'heading') {
      const { depth, tokens: words } = token as Tokens.Heading;
      parts.push(part(depth, plain(words).trim(), line));
    } else visit(token, parts.at(-1)!);
    for (let at = token.raw.indexOf('\n'); at >= 0; at = token.raw.indexOf('\n', at + 1)) line++;
  }
  return parts;
}

/** Headings written as HTML (`<h1 align="center">Name</h1>`), as READMEs have them, become Markdown headings on the same line. */
const htmlHeadings = (text: string): string =>
  text.replace(
    /^[ \t]*<h([1-6])[^>\n]*>([^\n]{0,300}?)<\/h\1>/gim,
    (_, level: string, inner: string) => `${'#'.repeat(Number(level))} ${inner.replace(/<[^>\n]*>/g, '').trim()}`,
  );

/** What would make the lexer recurse without end, or take square time, is cut: deep quotes, and runs of brackets. */
const tamed = (text: string): string =>
  text.replace(new RegExp(`^(?:[ \\t]*>){${maxDepth},}`, 'gm'), '>').replace(/([[\]!(<_*~])\1{60,}/g, (run) => run.slice(0, 60));

/** Sections of Markdown documents. */
export const markdown: Reader = {
  name: 'prose/markdown',
  kind: 'prose',
  files: documentFiles(['md', 'markdown', 'mdx']),
  async read(source) {
    if (source.text.length > maxBytes)
      return { problems: [{ path: source.path, line: 1, message: `larger than ${maxBytes} characters: not read as a document` }] };
    const { Lexer } = await import('marked');
    // Front matter is data about the page; its lines are kept empty so that lines stay right.
    const text = source.text.replace(/^---\r?\n[^]*?\r?\n---[ \t]*(?=\r?\n|$)/, (front) => front.replace(/[^\n]/g, ''));
    return { items: sectionsOf(source.path, partsOf(Lexer.lex(tamed(htmlHeadings(text).replace(/\r\n?/g, '\n')), { gfm: true }))) };
  },
};
