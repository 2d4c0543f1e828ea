import type { Token, Tokens } from 'marked';
import type { Reader } from '../../../model/document.js';
import { claims, isAssessment } from './assessment.js';
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

const maxCode = 6_000;

function picture(text: string, url: string, into: Part): void {
  if (url !== '' && into.images.length < maxLinks) into.images.push({ text: text.trim().slice(0, 200), url: url.slice(0, 500) });
}

/** Pictures, recordings, links and text of HTML within Markdown; a tag and what it encloses are separate tokens within a paragraph. */
function embedded(html: string, into: Part): void {
  for (const match of html.matchAll(/<(img|video|source|iframe|embed)\b([^>]{0,1000})>/gi)) {
    const of = (name: string): string => new RegExp(`\\b${name}\\s*=\\s*["']?([^"'\\s>]{1,500})`, 'i').exec(match[2]!)?.[1] ?? '';
    picture(/\balt\s*=\s*["']([^"']{1,200})/i.exec(match[2]!)?.[1] ?? '', of('src'), into);
  }
  for (const match of html.matchAll(/<a\b[^>]{0,500}?\bhref\s*=\s*["']([^"'\s>]{1,500})["'][^>]{0,500}>([^<]{0,300})/gi)) {
    const text = match[2]!.trim();
    if (text === '') picture('', match[1]!, into);
    else if (into.links.length < maxLinks) into.links.push({ text: text.slice(0, 200), url: match[1]! });
  }
  const text = html
    .replace(/<!--[^]*?(?:-->|$)/g, ' ')
    .replace(/<[^>\n]{0,2000}>/g, ' ')
    .trim();
  if (text !== '' && !/^[<>]/.test(text)) into.text += `${text}\n`;
}

function visit(token: Token, into: Part): void {
  switch (token.type) {
    case 'code':
      if (into.assesses && claims(into.heading, '')) return;
      into.codeBlocks++;
      if (into.code.length < maxCode) into.code += `${(token as Tokens.Code).text}\n`;
      return;
    case 'html':
      // `<your domain>` is parsed as a tag, and stands for content that somebody has yet to write.
      if (/^<(?:your|insert|placeholder|add|describe|fill)\b/i.test(token.raw)) into.text += token.raw;
      embedded(token.raw, into);
      return;
    case 'image':
      picture((token as Tokens.Image).text, (token as Tokens.Image).href, into);
      return;
    case 'def':
    case 'space':
    case 'hr':
      return;
    case 'link': {
      const { href, tokens } = token as Tokens.Link;
      const text = plain(tokens).trim();
      // A link around an image alone is a badge, or leads to a recording.
      if (text === '') picture(tokens.map((t) => (t.type === 'image' ? String((t as Tokens.Image).text) : '')).join(''), href, into);
      else if (into.links.length < maxLinks) into.links.push({ text: text.slice(0, 200), url: href.slice(0, 500) });
      for (const child of tokens) visit(child, into);
      return;
    }
    case 'list':
      for (const item of (token as Tokens.List).items) {
        if (item.task && into.tasks.length < 300)
          into.tasks.push({ text: plain(item.tokens).trim().slice(0, 200), done: item.checked === true, line: 0 });
        if (into.assesses && claims(into.heading, item.raw)) continue;
        into.entries++;
        for (const child of item.tokens) visit(child, into);
        into.text += '\n';
      }
      return;
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      if (into.assesses && claims(into.heading, token.raw)) return;
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
function partsOf(tokens: readonly Token[], assesses: boolean): Part[] {
  const parts: Part[] = [part(0, '', 1, assesses)];
  let line = 1;
  for (const token of tokens) {
    if (token.type === 'heading') {
      const { depth, tokens: words } = token as Tokens.Heading;
      parts.push(part(depth, plain(words).trim(), line, assesses));
    } else visit(token, parts.at(-1)!);
    for (let at = token.raw.indexOf('\n'); at >= 0; at = token.raw.indexOf('\n', at + 1)) line++;
  }
  return parts;
}

/** Tokens do not know their line: the boxes are looked up in order. */
function placeTasks(parts: readonly Part[], text: string): void {
  const boxes = [...text.split('\n').entries()].filter(([, line]) => /^[\s>]*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s/.test(line));
  let next = 0;
  for (const part of parts)
    for (const task of part.tasks) {
      const words = task.text
        .split(/[^\p{L}\p{N} ]/u)[0]!
        .trim()
        .slice(0, 30);
      const found = boxes.findIndex(([, line], i) => i >= next && line.includes(words));
      if (found >= 0) next = found + 1;
      task.line = (found >= 0 ? boxes[found]![0] + 1 : 0) || part.line;
    }
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
    const tokens = Lexer.lex(tamed(htmlHeadings(text).replace(/\r\n?/g, '\n')), { gfm: true });
    const parts = partsOf(tokens, isAssessment(source.path, text));
    placeTasks(parts, text);
    return { items: sectionsOf(source.path, parts) };
  },
};
