import { UsageError } from '../model/error.js';
import type { Combiner, Reader } from '../model/document.js';
import { queryKey } from '../model/facts.js';
import type { FileInfo, FileSelector, Language, Role, Variant } from '../model/file.js';
import type { Query } from '../model/query.js';
import { compileRegex, requiredLiterals } from '../safe/regex.js';
import { wants } from './automaton.js';
import { extractors, moduleLiterals, moduleMatcher, type ModuleMatcher } from './imports.js';
import { compileSelector, indexSelectors, type Holding } from './selector.js';

export type TextQuery = Extract<Query, { type: 'text' }>;
export type CodeQuery = Extract<Query, { type: 'code' }>;

export interface PlannedText {
  readonly key: string;
  readonly query: TextQuery;
  /** Compiled at the first call; shared, so its `lastIndex` is to be set before use. */
  regex(): RegExp;
}

/** What is to be done with a file, by the selectors that hold for it. Indexes point into the plan's lists. */
export interface Profile {
  readonly fileQueries: readonly number[];
  /** Per text query of the plan: 1 where it applies. */
  readonly texts: Uint8Array;
  readonly hasTexts: boolean;
  readonly codes: readonly number[];
  readonly readers: readonly number[];
  readonly imports: boolean;
  /** Per literal: see `wants`. */
  readonly wanted: Uint8Array;
}

/** A compiled set of questions; it may be used for any number of scans. */
export interface Plan {
  readonly files: readonly string[];
  readonly texts: readonly PlannedText[];
  readonly codes: readonly { readonly key: string; readonly query: CodeQuery; readonly literals: readonly number[] }[];
  readonly readers: readonly {
    readonly reader: Reader;
    readonly literals: readonly number[] | null;
    /** The reader's own selector, to be asked too where the plan narrowed it to the paths that queries name. */
    readonly selects: ((file: FileInfo) => boolean) | null;
  }[];
  /** In an order in which each runs after those that it uses. */
  readonly combiners: readonly Combiner[];
  readonly kinds: ReadonlySet<string>;
  readonly modules: ModuleMatcher | null;
  readonly moduleLiterals: ReadonlySet<number>;
  readonly literals: readonly string[];
  /** By literal, the text queries that it may start. */
  readonly textsOf: readonly (readonly number[])[];
  profile(file: FileInfo): Profile;
}

export interface PlanInput {
  readonly queries: readonly Query[];
  /** Only those whose kind a query (or a combiner of an asked kind) wants are run. */
  readonly readers?: readonly Reader[];
  readonly combiners?: readonly Combiner[];
  /** Patterns found safe earlier, as `vetPatterns` gives them: their analysis, which costs most of making a plan, is left out. */
  readonly vetted?: Vetted;
}

/** By `patternKey`: the literals of a pattern that was found safe. Plain data, to be stored with the checks. */
export type Vetted = Readonly<Record<string, readonly string[]>>;

const patternKey = (query: TextQuery): string => `${query.ignoreCase ? 'i' : ''}/${query.pattern}`;

/** The analysis of all patterns, done once when checks are compiled. Throws as `makePlan` does. */
export function vetPatterns(queries: readonly Query[]): Vetted {
  const vetted: Record<string, readonly string[]> = {};
  for (const query of queries) {
    if (query.type !== 'text') continue;
    compileRegex(query.pattern, flagsOf(query));
    vetted[patternKey(query)] = textLiterals(query);
  }
  return vetted;
}

const flagsOf = (query: TextQuery): string => (query.ignoreCase ? 'gim' : 'gm');

const everywhere: readonly Variant[] = ['base', 'production', 'staging', 'development', 'test', 'template'];
const importRoles: readonly Role[] = ['product', 'test', 'sample', 'script', 'config', 'template'];
const importFiles: FileSelector = { languages: Object.keys(extractors) as Language[], roles: importRoles, variants: everywhere };

/**
 * Merges equal queries and compiles all of them into one list of literals and one index of selectors.
 * @throws UsageError where a text query has no literal of three characters, or no keyword is given for a code query.
 */
export function makePlan({ queries, readers = [], combiners = [], vetted = {} }: PlanInput): Plan {
  const distinct = new Map(queries.map((query) => [queryKey(query), query]));
  const literals = new Table<string>();
  const selectors = new Table<string>();
  const selectorList: FileSelector[] = [];
  const selectorId = (selector: FileSelector): number => {
    const id = selectors.id(queryKey({ type: 'files', files: selector }));
    if (id === selectorList.length) selectorList.push(selector);
    return id;
  };

  const files: string[] = [];
  const texts: PlannedText[] = [];
  const codes: Plan['codes'][number][] = [];
  const kinds = new Set<string>();
  /** Paths that all queries of a kind name; null where one names none. */
  const kindPaths = new Map<string, Set<string> | null>();
  const modules = new Set<string>();
  const textsOf: number[][] = [];
  const owners: Owner[] = [];

  for (const [key, query] of distinct) {
    if (query.type === 'files') {
      owners.push({ selector: selectorId(query.files), type: 'files', index: files.push(key) - 1, literals: [] });
    } else if (query.type === 'text') {
      const safe = Object.hasOwn(vetted, patternKey(query)) ? vetted[patternKey(query)] : undefined;
      let compiled = safe ? null : compileRegex(query.pattern, flagsOf(query));
      const regex = (): RegExp => (compiled ??= new RegExp(query.pattern, flagsOf(query)));
      const ids = (safe ?? textLiterals(query)).map((literal) => literals.id(literal));
      const index = texts.push({ key, query, regex }) - 1;
      for (const id of ids) (textsOf[id] ??= []).push(index);
      owners.push({ selector: selectorId(query.files), type: 'texts', index, literals: ids });
    } else if (query.type === 'code') {
      const ids = keywords(query.keywords, `code query ${JSON.stringify(query.rule)}`).map((word) => literals.id(word));
      owners.push({
        selector: selectorId(query.files),
        type: 'codes',
        index: codes.push({ key, query, literals: ids }) - 1,
        literals: ids,
      });
    } else if (query.type === 'kind') {
      kinds.add(query.kind);
      const known = kindPaths.get(query.kind);
      if (!query.paths || known === null) kindPaths.set(query.kind, null);
      else kindPaths.set(query.kind, new Set([...(known ?? []), ...query.paths]));
    } else for (const module of query.modules) modules.add(module);
  }

  const ordered = orderCombiners(combiners, kinds, kindPaths);
  const planned: Plan['readers'][number][] = [];
  for (const reader of readers) {
    if (!kinds.has(reader.kind)) continue;
    const ids = reader.keywords ? keywords(reader.keywords, `reader ${reader.name}`).map((word) => literals.id(word)) : null;
    const paths = kindPaths.get(reader.kind);
    owners.push({
      selector: selectorId(paths ? { ...reader.files, paths: [...paths] } : reader.files),
      type: 'readers',
      index: planned.push({ reader, literals: ids, selects: paths ? compileSelector(reader.files) : null }) - 1,
      literals: ids ?? [],
    });
  }
  const ofModules = [...modules].flatMap(moduleLiterals).map((literal) => literals.id(literal));
  if (modules.size > 0) owners.push({ selector: selectorId(importFiles), type: 'imports', index: 0, literals: ofModules });

  const list = literals.list();
  const holding = indexSelectors(selectorList);
  const bySelector: Owner[][] = selectorList.map(() => []);
  for (const owner of owners) bySelector[owner.selector]!.push(owner);
  const ownersOf = (ids: readonly number[]): Owner[] => ids.flatMap((selector) => bySelector[selector]!);
  const bases = new Map<readonly number[], Profile>();
  const profiles = new Map<Holding, Profile>();
  /** A file is asked about twice: when manifests are looked for, and when it is visited. */
  const ofFile = new WeakMap<FileInfo, Profile>();
  return {
    files,
    texts,
    codes,
    readers: planned,
    combiners: ordered,
    kinds,
    modules: modules.size > 0 ? moduleMatcher(modules) : null,
    moduleLiterals: new Set(ofModules),
    literals: list,
    textsOf: list.map((_, id) => textsOf[id] ?? []),
    profile(file) {
      const known = ofFile.get(file);
      if (known) return known;
      const holds = holding(file);
      let profile = profiles.get(holds);
      if (!profile) {
        let base = bases.get(holds.always);
        if (!base) bases.set(holds.always, (base = addTo(emptyProfile(texts.length, list.length), ownersOf(holds.always))));
        profile = holds.more.length === 0 ? base : addTo(base, ownersOf(holds.more));
        profiles.set(holds, profile);
      }
      ofFile.set(file, profile);
      return profile;
    },
  };
}

interface Owner {
  readonly selector: number;
  readonly type: 'files' | 'texts' | 'codes' | 'readers' | 'imports';
  readonly index: number;
  readonly literals: readonly number[];
}

const emptyProfile = (texts: number, literals: number): Profile => ({
  fileQueries: [],
  texts: new Uint8Array(texts),
  hasTexts: false,
  codes: [],
  readers: [],
  imports: false,
  wanted: new Uint8Array(literals),
});

/** The profile with these owners too. */
function addTo(base: Profile, owners: readonly Owner[]): Profile {
  const wanted = base.wanted.slice();
  const texts = base.texts.slice();
  for (const owner of owners) {
    const want = owner.type === 'texts' ? wants.places : wants.presence;
    for (const literal of owner.literals) if (wanted[literal]! < want) wanted[literal] = want;
    if (owner.type === 'texts') texts[owner.index] = 1;
  }
  const and = (before: readonly number[], type: Owner['type']): readonly number[] => {
    const added = owners.filter((owner) => owner.type === type).map((owner) => owner.index);
    return added.length === 0 ? before : [...before, ...added].sort((a, b) => a - b);
  };
  return {
    fileQueries: and(base.fileQueries, 'files'),
    texts,
    hasTexts: base.hasTexts || owners.some((owner) => owner.type === 'texts'),
    codes: and(base.codes, 'codes'),
    readers: and(base.readers, 'readers'),
    imports: base.imports || owners.some((owner) => owner.type === 'imports'),
    wanted,
  };
}

/** The literals of a text query as the automaton takes them. */
function textLiterals(query: TextQuery): string[] {
  const found = requiredLiterals(query.pattern, query.ignoreCase);
  if (!found || found.length === 0)
    throw new UsageError(
      `the pattern /${query.pattern}/ holds no text of at least 3 characters that every match contains`,
      undefined,
      'name a fixed word in each alternative',
    );
  return found.map((literal) => literal.toLowerCase());
}

function keywords(words: readonly string[], owner: string): string[] {
  if (words.length === 0 || words.some((word) => word === '')) throw new UsageError(`${owner} has no keywords, or an empty one`);
  return words.map((word) => word.toLowerCase());
}

/** Those of asked kinds, users after used ones; the kinds that they use are added to `kinds`. A circle is cut where it is met. */
function orderCombiners(combiners: readonly Combiner[], kinds: Set<string>, kindPaths: Map<string, Set<string> | null>): Combiner[] {
  const byKind = new Map<string, Combiner[]>();
  for (const combiner of combiners) byKind.set(combiner.kind, [...(byKind.get(combiner.kind) ?? []), combiner]);
  const ordered: Combiner[] = [];
  const visited = new Set<string>();
  const visit = (kind: string): void => {
    if (visited.has(kind)) return;
    visited.add(kind);
    kinds.add(kind);
    const own = byKind.get(kind) ?? [];
    for (const combiner of own)
      for (const used of combiner.uses ?? []) {
        kindPaths.set(used, null);
        visit(used);
      }
    ordered.push(...own);
  };
  for (const kind of kinds) visit(kind);
  return ordered;
}

/** Values to small numbers in order of first use. */
class Table<T> {
  readonly #ids = new Map<T, number>();

  id(value: T): number {
    const known = this.#ids.get(value);
    if (known !== undefined) return known;
    this.#ids.set(value, this.#ids.size);
    return this.#ids.size - 1;
  }

  list(): T[] {
    return [...this.#ids.keys()];
  }
}
