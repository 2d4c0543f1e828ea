import { stemmer } from 'stemmer';
import { filler, pointsTo, sameMeaning, together } from './synonyms.js';

/** A term of a text: a stem, or the word of the trade that stands for several ways of writing it. */
export interface Term {
  readonly term: string;
  /** 1 for what the text says, less for what it only points at or says in brackets. */
  readonly weight: number;
}

interface Node {
  readonly next: Map<string, Node>;
  term?: string;
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .match(/[\p{L}\p{N}][\p{L}\p{N}+]*/gu) ?? [];

const lines = (table: string): [string, string][] =>
  table
    .trim()
    .split('\n')
    .map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim(), line.slice(at + 1)];
    });

/** Variants as a trie over words. */
const trie: Node = { next: new Map() };
for (const [term, variants] of lines(sameMeaning)) {
  for (const variant of variants.split('|')) {
    let node = trie;
    for (const word of wordsOf(variant)) {
      let next = node.next.get(word);
      if (!next) node.next.set(word, (next = { next: new Map() }));
      node = next;
    }
    node.term ??= term;
  }
}
const canonical = new Set(lines(sameMeaning).map(([term]) => term));
const stemOf = (word: string): string => (canonical.has(word) ? word : stemmer(word));
/** Whether a word is one of the trade's, rather than a name that somebody gave. */
export const isCommonTerm = (word: string): boolean => trie.next.has(word);

/** The term that a single word stands for. */
function termOfWord(word: string): string {
  return trie.next.get(word)?.term ?? stemOf(word);
}
const related = new Map(lines(pointsTo).map(([word, terms]) => [stemOf(word), terms.trim().split(/\s+/)]));
const pairs = together.map(([a, b, term]) => [termOfWord(a), termOfWord(b), term] as const);
const fillerStems = new Set([...filler].map(stemOf));

/** Weight of a word that documents put around what they mean. */
export const fillerWeight = 0.2;
export const isFiller = (term: string): boolean => fillerStems.has(term);

/** Terms of a text in its order, the longest variants recognised first; each once, with its greatest weight. */
export function termsOf(text: string, weight = 1): Term[] {
  const words = wordsOf(splitNames(text.slice(0, 600)));
  const terms = new Map<string, number>();
  const add = (term: string, share: number): void => {
    terms.set(term, Math.max(terms.get(term) ?? 0, share));
  };
  for (let i = 0; i < words.length;) {
    let node: Node | undefined = trie;
    let found: string | undefined;
    let length = 1;
    for (let k = i; k < words.length; k++) {
      node = node.next.get(words[k]!);
      if (!node) break;
      if (node.term !== undefined) {
        found = node.term;
        length = k - i + 1;
      }
    }
    const term = found ?? stemOf(words[i]!);
    add(term, weight);
    // What a compound consists of still counts a little: "load testing" is about testing.
    if (found !== undefined && length > 1)
      for (const word of words.slice(i, i + length)) add(trie.next.get(word)?.term ?? stemOf(word), weight * 0.3);
    for (const other of related.get(term) ?? related.get(stemOf(words[i]!)) ?? []) add(other, weight * 0.7);
    i += length;
  }
  for (const [a, b, term] of pairs) if (terms.has(a) && terms.has(b)) add(term, weight * 0.8);
  return [...terms]
    .filter(([term]) => !/^\d+$/.test(term))
    .map(([term, share]) => ({ term, weight: isFiller(term) ? share * fillerWeight : share }));
}

/** `JWT_SECRET_KEY`, `maxConnections` and `.env.production` as words. */
const splitNames = (text: string): string => text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/_/g, ' ');
