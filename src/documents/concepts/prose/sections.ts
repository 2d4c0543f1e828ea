import type { ConceptItem } from '../../../model/concepts.js';
import type { Item } from '../../../model/document.js';

export type Prose = ConceptItem<'prose'>;

/** What stands between two headings, own text only; the reader of each markup makes these. */
export interface Part {
  /** 0 for what stands before the first heading. */
  readonly level: number;
  readonly heading: string;
  readonly line: number;
  /** The document says of itself how ready the project is: what its lists and tables tick off is no evidence. */
  readonly assesses: boolean;
  text: string;
  entries: number;
  codeBlocks: number;
  links: { text: string; url: string }[];
  images: { text: string; url: string }[];
  tasks: { text: string; done: boolean; line: number }[];
  code: string;
}

export const part = (level: number, heading: string, line: number, assesses = false): Part => ({
  level,
  heading,
  line,
  assesses,
  text: '',
  entries: 0,
  codeBlocks: 0,
  links: [],
  images: [],
  tasks: [],
  code: '',
});

const maxText = 8_000;
const maxLinks = 100;
const maxCode = 6_000;
const unfilled =
  /\b(?:TODO|TBD|TBA|FIXME)\b|lorem ipsum|\bcoming soon\b|\bto be (?:written|added|documented|determined|done|defined)\b|<(?:your|insert|placeholder|add|describe|fill)[^>\n]{0,60}>|\[(?:insert|your|add|describe|fill in)[^\]\n]{0,60}\](?!\()/i;

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();
const countWords = (text: string): number => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** Stands for content only where little else is said: a finished page may well mention a TODO list. */
function isUnfilled(text: string, words: number, entries: number): boolean {
  const hits = text.match(new RegExp(unfilled.source, 'gi'))?.length ?? 0;
  return hits > 0 && (words < 40 || hits * 25 > words) && entries < 3 * hits + 3;
}

function codeOf(parts: readonly Part[]): string {
  let code = '';
  for (const p of parts) if (p.code !== '' && code.length < maxCode) code += p.code;
  return code.slice(0, maxCode);
}

/** One item a heading (and one for text before the first), each with its subsections' text, entries and links. */
export function sectionsOf(path: string, parts: readonly Part[]): Item[] {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const document = file.replace(/\.[^.]*$/, '').toLowerCase();
  const trail: { level: number; heading: string }[] = [];
  return parts.flatMap((own, i) => {
    if (own.level === 0 && fold(own.text) === '' && own.links.length === 0 && own.images.length === 0 && own.codeBlocks === 0) return [];
    while (trail.length > 0 && trail.at(-1)!.level >= own.level) trail.pop();
    if (own.level > 0) trail.push({ level: own.level, heading: own.heading.toLowerCase() });
    const end = own.level === 0 ? i + 1 : parts.findIndex((p, n) => n > i && p.level <= own.level);
    const all = parts.slice(i, end < 0 ? parts.length : end);
    let text = '';
    let words = 0;
    for (const [n, p] of all.entries()) {
      words += countWords(p.text);
      if (text.length < maxText) text += `${n > 0 ? `${p.heading}\n` : ''}${p.text}\n`;
    }
    const entries = all.reduce((sum, p) => sum + p.entries, 0);
    const item: Prose = {
      path,
      line: own.line,
      document,
      heading: fold(own.heading),
      headings: trail.map((t) => fold(t.heading)).join(' > '),
      level: own.level,
      words,
      entries,
      codeBlocks: all.reduce((sum, p) => sum + p.codeBlocks, 0),
      links: all.flatMap((p) => p.links).slice(0, maxLinks),
      images: all.flatMap((p) => p.images).slice(0, maxLinks),
      tasks: all.flatMap((p) => p.tasks).slice(0, 300),
      code: codeOf(all),
      text: fold(text).toLowerCase().slice(0, maxText),
      unfilled: isUnfilled(text, words, entries),
    };
    return [item as unknown as Item];
  });
}
