import MiniSearch from 'minisearch';
import { fillerWeight, termsOf, type Term } from './terms.js';

/** What the index knows of a check. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly claims: readonly string[];
}

export interface ClaimMatch {
  readonly check: string;
  readonly title: string;
  /** 0 to 1. */
  readonly confidence: number;
}

export interface Matcher {
  /** The checks that would prove or refute the text, the most likely first; empty where no check covers it. */
  match(claim: Matchable): readonly ClaimMatch[];
  /** The checks that decide it: all of each group; a claim that lists several things has a group for each. */
  groups(claim: Matchable): readonly (readonly string[])[];
}

interface Matchable {
  readonly text: string;
  readonly headingPath: readonly string[];
}

/** A match under this is none: no check covers the claim. */
export const leastConfidence = 0.3;
/** Sentences and comments in code count as claims from here on. */
export const weakConfidence = 0.5;
const maxMatches = 8;

interface Phrase {
  readonly id: number;
  readonly terms: string;
}

/** What the headings of a claim add: terms of the nearest, and of all with what they count. */
interface Context {
  readonly near: readonly (readonly [term: string, weight: number])[];
  readonly around: readonly (readonly [term: number, weight: number])[];
  readonly all: number;
}

/** Indexes checks by their titles, claims and names. Equal input gives equal matches, offline. */
export function makeMatcher(checks: readonly Subject[]): Matcher {
  const phrases: Phrase[] = [];
  const spoken: (readonly Term[])[] = [];
  const checkOf: number[] = [];
  const bags = checks.map((check, i) => {
    const bag = new Map<string, number>();
    const texts = [check.title, ...check.claims, check.id.slice(check.id.indexOf('/') + 1).replace(/-/g, ' ')];
    for (const text of texts) {
      const terms = termsOf(text);
      spoken.push(terms);
      checkOf.push(i);
      phrases.push({ id: phrases.length, terms: terms.map((t) => t.term).join(' ') });
      for (const { term, weight } of terms) bag.set(term, Math.max(bag.get(term) ?? 0, weight));
    }
    for (const { term, weight } of termsOf(check.category.replace(/-/g, ' '))) bag.set(term, Math.max(bag.get(term) ?? 0, weight));
    return bag;
  });
  const index = new MiniSearch<Phrase>({
    fields: ['terms'],
    tokenize: (text) => text.split(' '),
    processTerm: (term) => term,
  });
  index.addAll(phrases);

  // How much a term tells: rare among checks, more; common, less.
  const frequency = new Map<string, number>();
  for (const bag of bags) for (const term of bag.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const tells = new Map([...frequency].map(([term, found]) => [term, Math.log(1 + checks.length / found) / Math.log(1 + checks.length)]));
  // A word that no check uses, a name for instance, says little about which check is meant.
  const idf = (term: string): number => tells.get(term) ?? 0.5;
  const square = (terms: Iterable<readonly [string, number]>): number => {
    let sum = 0;
    for (const [term, weight] of terms) sum += (weight * idf(term)) ** 2;
    return sum;
  };
  // Terms as numbers, and what is asked as dense arrays over them: a long document asks thousands of times.
  const numberOf = new Map([...frequency.keys()].map((term, i) => [term, i]));
  const vectors = spoken.map((terms) => ({
    terms: Int32Array.from(terms, (t) => numberOf.get(t.term)!),
    values: Float64Array.from(terms, (t) => idf(t.term) ** 2 * t.weight),
    norm: Math.sqrt(square(terms.map((t) => [t.term, t.weight] as const))),
  }));
  const asked = new Float64Array(numberOf.size);
  const nearby = new Float64Array(numberOf.size);
  const seen = new Int32Array(vectors.length);
  const best = new Float64Array(checks.length);
  let round = 0;

  // The index is asked for each term once; what it finds is kept.
  const postings = new Map<string, Int32Array>();
  const phrasesWith = (term: string): Int32Array => {
    let found = postings.get(term);
    if (!found) postings.set(term, (found = Int32Array.from(index.search(term), (hit) => hit.id as number)));
    return found;
  };
  const contexts = new Map<string, Context>();
  const contextOf = (path: readonly string[]): Context => {
    const key = path.slice(-3).join('\n');
    let context = contexts.get(key);
    if (!context) {
      const near = termsOf(path.at(-1) ?? '').map((t) => [t.term, t.weight] as const);
      const around = new Map(path.slice(-3, -1).flatMap((heading) => termsOf(heading).map((t) => [t.term, t.weight * 0.2] as const)));
      for (const [term, weight] of near) around.set(term, weight * 0.45);
      const known = [...around].filter(([term]) => numberOf.has(term)).map(([term, weight]) => [numberOf.get(term)!, weight] as const);
      contexts.set(key, (context = { near, around: known, all: near.reduce((sum, [term, weight]) => sum + weight * idf(term), 0) }));
    }
    return context;
  };

  /** Calls `told` with the likelihood, about 0 to 1, of each check that shares a term with the query. */
  const rank = (query: ReadonlyMap<string, number>, path: readonly string[], told: (check: number, score: number) => void): void => {
    const { near, around, all } = contextOf(path);
    const total = square(query);
    if (total === 0) return;
    const known = [...query].filter(([term]) => numberOf.has(term));
    // The less a claim says by itself, the more its heading decides.
    const said = known.filter(([, weight]) => weight >= 0.5).length;
    const contextWeight = said <= 1 ? 0.25 : said === 2 ? 0.15 : 0.08;
    for (const [term, weight] of around) nearby[term] = weight;
    for (const [term, weight] of known) asked[numberOf.get(term)!] = weight;
    round++;
    const touched: number[] = [];
    for (const [term, weight] of known) {
      // Words around what is meant lead nowhere by themselves.
      if (weight <= fillerWeight) continue;
      for (const phrase of phrasesWith(term)) {
        if (seen[phrase] === round) continue;
        seen[phrase] = round;
        const { terms, values, norm } = vectors[phrase]!;
        let dot = 0;
        let completed = 0;
        for (let i = 0; i < terms.length; i++) {
          const share = asked[terms[i]!]!;
          if (share > 0) dot += values[i]! * share;
          else completed += values[i]! * nearby[terms[i]!]!;
        }
        // Headings complete a phrase, and lengthen the claim by what they complete.
        const score = (dot + completed) / (norm * Math.sqrt(total + completed));
        const check = checkOf[phrase]!;
        if (best[check] === 0) touched.push(check);
        if (score > best[check]!) best[check] = score;
      }
    }
    for (const check of touched) {
      const bag = bags[check]!;
      let shared = 0;
      for (const [term, weight] of known) if (bag.has(term)) shared += (weight * idf(term)) ** 2;
      let context = 0;
      for (const [term, weight] of near) if (bag.has(term)) context += weight * idf(term);
      const score = best[check]!;
      best[check] = 0;
      told(check, (0.8 - contextWeight) * score + 0.2 * (shared / total) + contextWeight * (all > 0 ? context / all : score));
    }
    for (const [term] of around) nearby[term] = 0;
    for (const [term] of known) asked[numberOf.get(term)!] = 0;
  };

  const found = new Map<string, readonly ClaimMatch[]>();
  const find = (text: string, path: readonly string[]): readonly ClaimMatch[] => {
    const likely = new Map<number, number>();
    let highest = 0;
    for (const part of partsOf(text, path)) {
      // Where the whole is clear, its parts add nothing.
      if (highest >= clear) break;
      rank(queryOf(part.text), part.path, (check, score) => {
        const value = Math.min(1, score * part.share);
        if (value >= leastConfidence && value > (likely.get(check) ?? 0)) likely.set(check, value);
        if (value > highest) highest = value;
      });
    }
    const required = checks.findIndex((check) => check.id === everySetting);
    if (isSetting(text) && required >= 0) likely.set(required, Math.max(likely.get(required) ?? 0, 0.55));
    const ranked = [...likely].map(([check, score]) => ({ check, score }));
    ranked.sort((a, b) => b.score - a.score || (checks[a.check]!.id < checks[b.check]!.id ? -1 : 1));
    return ranked
      .slice(0, maxMatches)
      .map((r) => ({ check: checks[r.check]!.id, title: checks[r.check]!.title, confidence: Math.round(r.score * 100) / 100 }));
  };

  const match = (claim: Matchable): readonly ClaimMatch[] => {
    const key = `${claim.text}\n${claim.headingPath.slice(-3).join('\n')}`;
    let matches = found.get(key);
    if (!matches) found.set(key, (matches = find(claim.text, claim.headingPath)));
    return matches;
  };
  return {
    match,
    groups(claim) {
      const whole = match(claim);
      if ((whole[0]?.confidence ?? 0) < certain) {
        const { things, under } = listedIn(claim.text);
        if (things.length > 1) {
          const path = under === null ? claim.headingPath : [...claim.headingPath, under];
          const groups = things.map((text) =>
            tied(
              match({ text, headingPath: path }).filter((m) => m.confidence >= (text.includes(' ') ? listedConfidence : loneConfidence)),
            ),
          );
          const filled = groups.filter((group) => group.length > 0);
          // Each thing must be understood, else the claim as a whole is what was meant.
          if (filled.length > 1 && filled.length >= things.length - 1) return filled.length === things.length ? filled : [...filled, []];
        }
      }
      return [tied(whole)];
    },
  };
}

/** From here on a match of the whole claim is taken before its parts. */
const certain = 0.78;
const listedConfidence = 0.5;
/** A single word says little: it must match well. */
const loneConfidence = 0.65;
const clear = 0.9;

/** The first match and those that are exactly as likely. */
const tied = (matches: readonly ClaimMatch[]): string[] =>
  matches.filter((m) => m.confidence === matches[0]!.confidence).map((m) => m.check);

/** What a claim lists: `Monitoring: logs, metrics and alerts`; what stands in brackets explains and is no list. */
function listedIn(text: string): { things: string[]; under: string | null } {
  const split = /^([^:]{2,60}?)(?::\s+)(.+)$/s.exec(text);
  const body = (split?.[2] ?? text).replace(/\([^()]*\)/g, ' ');
  const things = body
    .split(/,\s+(?:and\s+)?|;\s*|\s+and\s+|\s+\+\s+|\s+&\s+/i)
    .map((thing) => thing.trim())
    .filter((thing) => /\p{L}{3}/u.test(thing));
  return { things: things.slice(0, 10), under: split?.[1] ?? null };
}

/** The check that every environment variable named in a document concerns. */
const everySetting = 'configuration/required-variables-set';
const isSetting = (text: string): boolean => /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?:=|$)/.test(text);

interface Part {
  readonly text: string;
  readonly path: readonly string[];
  readonly share: number;
}

/** Labels that say where in a plan or a list something stands, not what it is about. */
const structural =
  /^(?:(?:week|day|step|phase|sprint|month|option|stage|q|item|part)\s*\d+\w?|mitigations?|fix|solution|recommend(?:ed|ation)?s?|action|todo|note|goal|immediate|short[- ]term|long[- ]term|high|medium|low|critical|p\d)$/i;

/** What a claim can be matched by: its whole text, its label, what follows the label, each thing it lists, and at last its heading. */
function partsOf(text: string, path: readonly string[]): Part[] {
  const parts: Part[] = [];
  const add = (part: string, share: number, under: readonly string[] = path): void => {
    parts.push({ text: part, path: under, share });
  };
  if (isSetting(text)) {
    const [name = '', value = ''] = text.split(/=(.*)/s);
    add(`${name} (${/^([a-z]+)(?:\+\w+)?:\/\//.exec(value)?.[1] ?? (/^\w{1,20}$/.test(value) ? value : '')})`, 1, []);
    return parts;
  }
  const plain = text
    .replace(/\b\d{1,3}(?:\.\d+)?\s*\/\s*\d{1,3}\b/g, ' ')
    .replace(/https?:\/\/[^\s/`)]+/g, ' ')
    .replace(/\bcurl\b/g, ' ');
  const split = /^([^:]{2,60}?)(?::\s+|\s+[-–—]\s+)(.+)$/s.exec(plain);
  if (!split) add(plain, 1);
  else {
    const [, label, value] = split as unknown as [string, string, string];
    if (structural.test(label.trim())) add(value, 1);
    else {
      add(plain, 1);
      if (label.split(' ').length > 1 || value.length > 12) add(label, 0.8);
      add(value, 0.92, [...path, label]);
    }
  }
  const listed = (split?.[2] ?? plain).replace(/\([^()]*\)/g, ' ').split(/[,;]|\band\b|\+|\//i);
  if (listed.length > 1) for (const thing of listed.slice(0, 12)) if (thing.trim().length > 2) add(thing, 0.75);
  add(path.at(-1) ?? '', 0.5, path.slice(0, -1));
  return parts;
}

/** Terms of a claim: what stands in brackets or behind a dash explains, and counts less. */
function queryOf(text: string): Map<string, number> {
  const inner: string[] = [];
  const outer = text
    .replace(/[([]([^()[\]]*)[)\]]/g, (_, inside: string) => (inner.push(inside), ' '))
    .replace(/\s+[-–—]\s+(.*)$/s, (_, rest: string) => (inner.push(rest), ' '));
  const terms: Term[] = [...termsOf(outer), ...inner.flatMap((part) => termsOf(part, 0.5))];
  const query = new Map<string, number>();
  for (const { term, weight } of terms) query.set(term, Math.max(query.get(term) ?? 0, weight));
  return query;
}
