import type { Reader } from '../../../model/document.js';
import { part, sectionsOf, type Part } from './sections.js';
import { documentFiles, maxBytes } from './where.js';

const underline = /^([=\-~^"'`#*+:._])\1{2,}\s*$/;

/**
 * Headings of reStructuredText (a line underlined, the kind of underline giving the level in order of appearance), AsciiDoc (`== Title`)
 * and plain text (capitals alone on a line, or underlined); indented and fenced code counts as one block.
 */
export function partsOf(text: string, markup: 'rst' | 'adoc' | 'txt'): Part[] {
  const parts: Part[] = [part(0, '', 1)];
  const levels: string[] = [];
  const lines = text.split(/\r?\n/);
  let code: string | null = null;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const next = lines[i + 1] ?? '';
    const into = parts.at(-1)!;
    if (code !== null) {
      if (code === 'indent' ? line.trim() !== '' && !/^\s/.test(line) : line.trim() === code) {
        const fenced = code !== 'indent';
        code = null;
        if (fenced) continue;
      } else {
        if (into.code.length < 6_000) into.code += `${line.trim()}\n`;
        continue;
      }
    }
    if (markup === 'adoc') {
      const heading = /^(={1,6})\s+(\S.*)$/.exec(line);
      if (heading) {
        parts.push(part(heading[1]!.length, heading[2]!, i + 1));
        continue;
      }
      if (/^(?:----|\.\.\.\.|```)\s*$/.test(line)) {
        code = line.trim();
        into.codeBlocks++;
        continue;
      }
      picture(/^image::?([^[\s]{1,500})\[([^\]]{0,200})/.exec(line), into);
      if (/^(?::[\w-]+:|\/\/|\[.*\]$|image::?)/.test(line)) continue;
    } else {
      if (
        line.trim() !== '' &&
        !/^\s/.test(line) &&
        underline.test(next) &&
        next.trim().length >= Math.min(3, line.trim().length) &&
        !underline.test(line)
      ) {
        const style = (underline.test(lines[i - 1] ?? '') ? 'over' : '') + next[0];
        if (!levels.includes(style)) levels.push(style);
        parts.push(part(levels.indexOf(style) + 1, line.trim(), i + 1));
        i++;
        continue;
      }
      if (underline.test(line)) continue;
      if (markup === 'txt' && /^[A-Z][A-Z0-9 &/-]{3,60}:?$/.test(line)) {
        parts.push(part(1, line.replace(/:$/, ''), i + 1));
        continue;
      }
      if (markup === 'rst') {
        if (/^\.\. (?:code-block|code|sourcecode|parsed-literal|literalinclude)::/.test(line) || /::\s*$/.test(line)) {
          into.codeBlocks++;
          code = 'indent';
          if (!line.startsWith('..')) into.text += `${line.replace(/::\s*$/, '')}\n`;
          continue;
        }
        picture(/^\.\. (?:\|[^|\n]{1,100}\| )?(?:image|figure)::\s*(\S{1,500})/.exec(line), into);
        // Directives, targets, substitutions (badges among them) and comments.
        if (line.startsWith('.. ') || /^\s+:[\w-]+:/.test(line)) continue;
      }
    }
    if (/^\s*(?:[-*•]|\d+[.)]|#\.|\.{1,3}|\*{2,5})\s+\S/.test(line)) into.entries++;
    for (const match of line.matchAll(/`([^`<]{1,200})\s+<(https?:[^>\s]{1,500})>`_|(https?:[^\s[\])>]{1,500})(?:\[([^\]]{1,200})\])?/g))
      if (into.links.length < 200)
        into.links.push({ text: (match[1] ?? match[4] ?? match[3] ?? '').trim(), url: match[2] ?? match[3] ?? '' });
    into.text += `${line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').replace(/[`*_]{1,2}(?=\S)|(?<=\S)[`*_]{1,2}/g, '')}\n`;
  }
  return parts;
}

function picture(match: RegExpExecArray | null, into: Part): void {
  if (match && into.images.length < 100) into.images.push({ text: (match[2] ?? '').trim(), url: match[1] ?? '' });
}

function reader(name: string, extensions: readonly string[], markup: 'rst' | 'adoc' | 'txt'): Reader {
  return {
    name: `prose/${name}`,
    kind: 'prose',
    files: documentFiles(extensions),
    read(source) {
      if (source.text.length > maxBytes)
        return { problems: [{ path: source.path, line: 1, message: `larger than ${maxBytes} characters: not read as a document` }] };
      return { items: sectionsOf(source.path, partsOf(source.text, markup)) };
    },
  };
}

/** Sections of reStructuredText, AsciiDoc and plain text. */
export const textDocuments: readonly Reader[] = [
  reader('rst', ['rst'], 'rst'),
  reader('adoc', ['adoc', 'asciidoc'], 'adoc'),
  reader('txt', ['txt'], 'txt'),
];
