import MiniSearch from 'minisearch';
import type { Check } from '../model/check.js';
import { termsOf, type Term } from './terms.js';

/** What the index knows of a check. */
export type Subject = Pick<Check, 'id' | 'title' | 'category' | 'claims'>;

export interface ClaimMatch {
  readonly check: string;
  readonly title: string;
  /** 0 to 1. */
  readonly confidence: number;
}

export interface Matcher {
  /** The checks that would prove or refute the text, the most likely first; empty where no check covers it. */
  match(claim: { readonly text: string; readonly headingPath: readonly string[] }): readonly ClaimMatch[];
}

/** A match under this is none: no check covers the claim. */
export const leastConfidence = 0.3;
/** Sentences and comments in code count as claims from here on. */
export const weakConfidence = 0.5;
const maxMatches = 8;

interface Phrase {
  readonly id: number;
  readonly check: number;
  readonly terms: string;
}

/** Indexes checks by their titles, claims and names. Equal input gives equal matches, offline. */
export function makeMatcher(checks: readonly Subject[]): Matcher {
  const phrases: Phrase[] = [];
  const vectors: ReadonlyMap<string, number>[] = [];
  const bags = checks.map((check, i) => {
    const bag = new Map<string, number>();
    const texts = [check.title, ...check.claims, check.id.slice(check.id.indexOf('/') + 1).replace(/-/g, ' ')];
    for (const text of texts) {
      const terms = termsOf(text);
      vectors.push(new Map(terms.map((t) => [t.term, t.weight])));
      phrases.push({ id: phrases.length, check: i, terms: terms.map((t) => t.term).join(' ') });
      for (const { term, weight } of terms) bag.set(term, Math.max(bag.get(term) ?? 0, weight));
    }
    for (const { term, weight } of termsOf(check.category.replace(/-/g, ' '))) bag.set(term, Math.max(bag.get(term) ?? 0, weight));
    return bag;
  });
  const index = new MiniSearch<Phrase>({
    fields: ['terms'],
    storeFields: ['check'],
    tokenize: (text) => text.split(' '),
    processTerm: (term) => term,
  });
  index.addAll(phrases);

  // How much a term tells: rare among checks, more; common, less.
  const frequency = new Map<string, number>();
  for (const bag of bags) for (const term of bag.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const idf = (term: string): number => Math.log(1 + checks.length / (frequency.get(term) ?? 0.5)) / Math.log(1 + checks.length);
  const norm = (vector: ReadonlyMap<string, number>): number => {
    let sum = 0;
    for (const [term, weight] of vector) sum += (weight * idf(term)) ** 2;
    return Math.sqrt(sum);
  };
  const norms = vectors.map(norm);
  const known = new Map<string, readonly ClaimMatch[]>();

  const find = (text: string, path: readonly string[]): readonly ClaimMatch[] => {
    const query = queryOf(text);
    if (query.size === 0) return [];
    const near = new Map(termsOf(path.at(-1) ?? '').map((t) => [t.term, t.weight]));
    const far = new Map(
      path
        .slice(-3, -1)
        .flatMap((h) => termsOf(h))
        .map((t) => [t.term, t.weight]),
    );
    const asked = [...new Set([...query.keys(), ...near.keys()])];
    const length = norm(query);
    const total = [...query].reduce((sum, [term, weight]) => sum + weight * idf(term) ** 2 * weight, 0);
    const best = new Map<number, number>();
    for (const hit of index.search(asked.join(' '), { combineWith: 'OR' }).slice(0, 400)) {
      const phrase = hit.id as number;
      const vector = vectors[phrase]!;
      const check = hit['check'] as number;
      let dot = 0;
      let around = 0;
      for (const [term, weight] of vector) {
        const said = query.get(term);
        const value = idf(term) ** 2 * weight;
        if (said !== undefined) dot += value * said;
        else if (near.has(term)) around += value * near.get(term)! * 0.45;
        else if (far.has(term)) around += value * far.get(term)! * 0.2;
      }
      if (dot === 0) continue;
      // Headings complete a phrase, and lengthen the claim by what they complete.
      const score = (dot + around) / (norms[phrase]! * Math.sqrt(length ** 2 + around));
      if (score > (best.get(check) ?? 0)) best.set(check, score);
    }
    const ranked = [...best].map(([check, score]) => {
      const bag = bags[check]!;
      let shared = 0;
      for (const [term, weight] of query) if (bag.has(term)) shared += weight * weight * idf(term) ** 2;
      let context = 0;
      let all = 0;
      for (const [term, weight] of near) {
        all += weight * idf(term);
        if (bag.has(term)) context += weight * idf(term);
      }
      const covered = total > 0 ? shared / total : 0;
      return { check, score: 0.72 * score + 0.2 * covered + 0.08 * (all > 0 ? context / all : 0) };
    });
    ranked.sort((a, b) => b.score - a.score || (checks[a.check]!.id < checks[b.check]!.id ? -1 : 1));
    return ranked
      .filter((r) => r.score >= leastConfidence)
      .slice(0, maxMatches)
      .map((r) => ({
        check: checks[r.check]!.id,
        title: checks[r.check]!.title,
        confidence: Math.round(Math.min(1, r.score) * 100) / 100,
      }));
  };

  return {
    match(claim) {
      const key = `${claim.text}\n${claim.headingPath.slice(-3).join('\n')}`;
      let found = known.get(key);
      if (!found) known.set(key, (found = find(claim.text, claim.headingPath)));
      return found;
    },
  };
}

/** Terms of a claim: what stands in brackets or behind a dash explains, and counts less. */
function queryOf(text: string): Map<string, number> {
  const inner: string[] = [];
  const outer = text
    .replace(/[([]([^()[\]]*)[)\]]/g, (_, inside: string) => (inner.push(inside), ' '))
    .replace(/\s+-\s+(.*)$/, (_, rest: string) => (inner.push(rest), ' '));
  const terms: Term[] = [...termsOf(outer), ...inner.flatMap((part) => termsOf(part, 0.5))];
  const query = new Map<string, number>();
  for (const { term, weight } of terms) query.set(term, Math.max(query.get(term) ?? 0, weight));
  return query;
}
