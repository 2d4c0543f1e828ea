import type { Reader } from '../../../model/document.js';
import { part, sectionsOf, type Part } from './sections.js';
import { documentFiles, maxBytes } from './where.js';

/** The parts of mdast nodes that are read. */
interface Node {
  readonly type: string;
  readonly value?: string;
  readonly alt?: string | null;
  readonly url?: string;
  readonly identifier?: string;
  readonly depth?: number;
  readonly children?: readonly Node[];
  readonly position?: { start: { line: number } };
}

const maxLinks = 200;

function read(root: Node): Part[] {
  const parts: Part[] = [part(0, '', 1)];
  const definitions = new Map<string, string>();
  for (const node of root.children ?? []) if (node.type === 'definition') definitions.set(node.identifier ?? '', node.url ?? '');
  const plain = (node: Node): string =>
    node.type === 'text' || node.type === 'inlineCode'
      ? (node.value ?? '')
      : (node.children ?? []).map(plain).join(node.type === 'tableRow' ? ' ' : '');
  const visit = (node: Node, into: Part): void => {
    switch (node.type) {
      case 'heading':
        parts.push(part(node.depth ?? 1, plain(node), node.position?.start.line ?? 1));
        return;
      case 'code':
        into.codeBlocks++;
        return;
      case 'html':
        // `<your domain>` is parsed as a tag, and stands for content that somebody has yet to write.
        if (/^<(?:your|insert|placeholder|add|describe|fill)\b/i.test(node.value ?? '')) into.text += node.value;
        return;
      case 'definition':
      case 'yaml':
      case 'image':
      case 'imageReference':
        return;
      case 'link':
      case 'linkReference': {
        const text = plain(node);
        const url = node.url ?? definitions.get(node.identifier ?? '') ?? '';
        // A link around an image alone is a badge.
        if (text.trim() !== '' && into.links.length < maxLinks)
          into.links.push({ text: text.trim().slice(0, 200), url: url.slice(0, 500) });
        break;
      }
      case 'text':
      case 'inlineCode':
        into.text += node.value ?? '';
        return;
      case 'listItem':
        into.entries++;
        break;
      case 'table':
        into.entries += Math.max(0, (node.children?.length ?? 1) - 1);
        break;
      case 'break':
        into.text += ' ';
    }
    for (const child of node.children ?? []) visit(child, into);
    if (/^(?:paragraph|listItem|tableCell|tableRow|blockquote|footnoteDefinition)$/.test(node.type)) into.text += '\n';
  };
  for (const node of root.children ?? []) visit(node, parts.at(-1)!);
  return parts;
}

/** Headings written as HTML (`<h1 align="center">Name</h1>`), as READMEs have them, become Markdown headings on the same line. */
const htmlHeadings = (text: string): string =>
  text.replace(
    /^[ \t]*<h([1-6])[^>\n]*>([^\n]{0,300}?)<\/h\1>/gim,
    (_, level: string, inner: string) => `${'#'.repeat(Number(level))} ${inner.replace(/<[^>\n]*>/g, '').trim()}`,
  );

/** Sections of Markdown documents. */
export const markdown: Reader = {
  name: 'prose/markdown',
  kind: 'prose',
  files: documentFiles(['md', 'markdown', 'mdx']),
  async read(source) {
    if (source.text.length > maxBytes)
      return { problems: [{ path: source.path, line: 1, message: `larger than ${maxBytes} characters: not read as a document` }] };
    const [{ fromMarkdown }, { gfm }, { gfmFromMarkdown }] = await Promise.all([
      import('mdast-util-from-markdown'),
      import('micromark-extension-gfm'),
      import('mdast-util-gfm'),
    ]);
    // Front matter is data about the page; its lines are kept empty so that lines stay right.
    const text = source.text.replace(/^---\r?\n[^]*?\r?\n---[ \t]*(?=\r?\n|$)/, (front) => front.replace(/[^\n]/g, ''));
    const root = fromMarkdown(htmlHeadings(text), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as unknown as Node;
    return { items: sectionsOf(source.path, read(root)) };
  },
};
