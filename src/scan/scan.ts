import type { Document, Item, ReadResult, Collected } from '../model/document.js';
import type { Facts } from '../model/facts.js';
import type { FileInfo, Place } from '../model/file.js';
import type { Match } from '../model/query.js';
import type { Note, Target } from '../model/target.js';
import { limits } from '../safe/limits.js';
import { makeAutomata, type Demand } from './automata.js';
import { Hits, Present, search, type Automaton } from './automaton.js';
import { matchCode } from './code.js';
import { wantedImports } from './imports.js';
import { countLines, lineCounter } from './lines.js';
import type { Plan, Profile } from './plan.js';
import { FileSource } from './source.js';
import { grammarMissing } from './syntax.js';
import { excerptAt, matchText } from './text.js';

export interface ScanOptions {
  onProgress?(done: number, total: number): void;
  /** False: the file is as if it were not there. */
  filter?(file: FileInfo): boolean;
  /**
   * Technologies that may be in use; readers that name technologies, none of them possible, are not run. As a function it is
   * asked once, with the items of the concept `dependencies`, whose files are then visited first.
   */
  readonly possible?: ReadonlySet<string> | ((dependencies: readonly Item[], files: readonly FileInfo[]) => ReadonlySet<string>);
}

type Problem = Place & { message: string };

/**
 * Caps are counted by area (the first two folders of a path), not over the repository: a deployable late in the list must not
 * lose its evidence to those before it.
 */
function areaOf(path: string): string {
  const first = path.indexOf('/');
  if (first < 0) return '';
  const second = path.indexOf('/', first + 1);
  return path.slice(0, second < 0 ? first : second);
}
/** Imports of one module that are kept for each area and role. */
const importsPerArea = 50;
/** Matches of one query that are kept for each area; over all areas ten times `limits.matchesPerQuery`. */
const matchesPerArea = limits.matchesPerQuery;
const matchesInAll = 10 * limits.matchesPerQuery;
/** Bytes at the start of a file in which a NUL byte makes it binary. */
const sniffBytes = 8000;

/**
 * The single pass: reads each wanted file once, walks over its bytes once with all literals, and gives it to whoever's
 * literals occur. Never throws for what a file holds: a reader's fault becomes a problem of its kind.
 * `Facts.notes` has the pass's own notes; those of the target are `target.notes`.
 */
export async function scan(target: Target, plan: Plan, options: ScanOptions = {}): Promise<Facts> {
  const files = options.filter ? target.files.filter((file) => options.filter!(file)) : target.files;
  const pass = new Pass(target, plan, files);
  const { possible } = options;
  if (typeof possible === 'function') {
    const isManifest = (index: number): boolean => plan.readers[index]!.reader.kind === 'dependencies';
    pass.holdBack();
    const manifests = new Set(files.filter((file) => plan.profile(file).readers.some(isManifest)));
    await pass.visit([...manifests], options.onProgress);
    pass.allow(possible(pass.items.get('dependencies') ?? [], files));
    await pass.visit(files, options.onProgress, manifests);
  } else {
    if (possible) pass.allow(possible);
    await pass.visit(files, options.onProgress);
  }
  return pass.finish();
}

class Pass {
  readonly items = new Map<string, Item[]>();
  readonly #matches = new Map<string, Match[]>();
  readonly #documents = new Map<string, Document[]>();
  readonly #problems = new Map<string, Problem[]>();
  readonly #productLines = new Map<string, number>();
  readonly #linesByFile = new Map<string, number>();
  readonly #notes: Note[] = [];
  readonly #noted = new Set<string>();
  readonly #importsKept = new Map<string, number>();
  /** By area, matches kept of each query. */
  readonly #matchesKept = new Map<string, Map<string, number>>();
  readonly #hits = new Hits();
  readonly #present: Present;
  readonly #automatonFor: (wanted: Uint8Array) => Automaton;
  #allowed: readonly boolean[];
  /** Results of readers that name technologies, until it is known which are possible; null once it is. */
  #held: { index: number; result: ReadResult }[] | null = null;
  #done = 0;
  #read = 0;
  #parsed = 0;
  #bytes = 0;

  constructor(
    readonly target: Target,
    readonly plan: Plan,
    readonly files: readonly FileInfo[],
  ) {
    this.#present = new Present(plan.literals.length);
    this.#automatonFor = makeAutomata(plan.literals, demandsOf(plan, files));
    this.#allowed = plan.readers.map(() => true);
    for (const key of plan.files) this.#matches.set(key, []);
    for (const { key } of [...plan.texts, ...plan.codes]) this.#matches.set(key, []);
    for (const kind of plan.kinds) {
      this.items.set(kind, []);
      this.#documents.set(kind, []);
    }
    if (plan.modules) this.items.set('imports', []);
  }

  /** Until `allow` is called, keeps what readers find that name technologies to itself. */
  holdBack(): void {
    this.#held = [];
  }

  /** From now on only readers run that name no technology, or one of these. */
  allow(possible: ReadonlySet<string>): void {
    this.#allowed = this.plan.readers.map(({ reader }) => !reader.technologies || reader.technologies.some((name) => possible.has(name)));
    for (const { index, result } of this.#held ?? [])
      if (this.#allowed[index]) this.#addResult(this.plan.readers[index]!.reader.kind, result);
    this.#held = null;
  }

  async visit(files: readonly FileInfo[], onProgress: ScanOptions['onProgress'], except?: ReadonlySet<FileInfo>): Promise<void> {
    for (const file of files) {
      if (except?.has(file)) continue;
      const parsed = this.#visit(file);
      // a tree is freed only when the event loop turns
      if (parsed !== false && (await parsed)) await new Promise((resolve) => setImmediate(resolve));
      if ((++this.#done & 127) === 0 || this.#done === this.files.length) onProgress?.(this.#done, this.files.length);
    }
  }

  /** Everything about one file; false when it was done at once without a tree, else whether a tree was made. */
  #visit(file: FileInfo): false | Promise<boolean> {
    const profile = this.plan.profile(file);
    for (const index of profile.fileQueries)
      this.#matches.get(this.plan.files[index]!)!.push({ path: file.path, excerpt: '', captures: {} });
    const counted = file.role === 'product' && file.language !== null;
    const wantedReaders = profile.readers.filter((index) => this.#allowed[index]);
    if (
      file.role === 'vendored' ||
      !(counted || profile.hasTexts || profile.codes.length > 0 || wantedReaders.length > 0 || profile.imports)
    )
      return false;
    const bytes = this.target.read(file.path);
    if (!bytes) return false;
    this.#read++;
    this.#bytes += bytes.length;
    if (bytes.subarray(0, sniffBytes).includes(0)) return false;
    if (counted) this.#countLines(file, bytes);

    search(this.#automatonFor(profile.wanted), bytes, profile.wanted, this.#hits, this.#present);
    const source = new FileSource(file, bytes);
    const occurs = (literals: readonly number[] | null): boolean =>
      literals === null || literals.some((literal) => this.#present.has(literal));
    const readers = wantedReaders.filter((index) => {
      const { literals, selects } = this.plan.readers[index]!;
      return occurs(literals) && (selects === null || selects(file));
    });
    const codes = profile.codes.filter((index) => occurs(this.plan.codes[index]!.literals));
    if (this.#hits.count > 0) this.#texts(source, profile, bytes);
    if (profile.imports && this.#importsPossible()) this.#imports(source);
    if (codes.length > 0) this.#codes(source, codes);
    if (readers.length === 0) return source.parsed ? this.#finish(source) : false;
    return this.#readers(source, readers);
  }

  #countLines(file: FileInfo, bytes: Uint8Array): void {
    const lines = countLines(bytes);
    this.#linesByFile.set(file.path, lines);
    this.#productLines.set(file.language!, (this.#productLines.get(file.language!) ?? 0) + lines);
  }

  #texts(source: FileSource, profile: Profile, bytes: Uint8Array): void {
    const linesOf = new Map<number, number[]>();
    const line = lineCounter(bytes);
    for (let i = 0; i < this.#hits.count; i++) {
      const owners = this.plan.textsOf[this.#hits.literal(i)]!;
      const at = line(this.#hits.offset(i));
      for (const text of owners) {
        if (profile.texts[text] === 0) continue;
        const lines = linesOf.get(text);
        if (!lines) linesOf.set(text, [at]);
        else if (lines.at(-1)! < at) lines.push(at);
      }
    }
    for (const [index, lines] of linesOf) {
      const planned = this.plan.texts[index]!;
      const { matches, cut } = matchText(planned, source, lines, this.#room(planned.key, source.path) + 1);
      for (const match of matches) this.#addMatch(planned.key, match);
      if (cut)
        this.#note(`line ${source.path}`, {
          kind: 'limit',
          message: `lines longer than ${limits.lineChars} characters were looked at in part`,
          location: { path: source.path },
        });
    }
  }

  #importsPossible(): boolean {
    return this.#present.ids.some((literal) => this.plan.moduleLiterals.has(literal));
  }

  #imports(source: FileSource): void {
    const { path, role, language } = source.file;
    // the raw text first: comments need to be told apart only where something looks like an import
    if (wantedImports(source.text, language!, this.plan.modules!).length === 0) return;
    const area = areaOf(path);
    for (const one of wantedImports(source.code, language!, this.plan.modules!)) {
      const key = `${area}\n${role}\n${one.module}`;
      const kept = this.#importsKept.get(key) ?? 0;
      if (kept >= importsPerArea) continue;
      this.#importsKept.set(key, kept + 1);
      // the match may start with blank lines' ends: the statement's own line is that of its first visible character
      const lead = /^\s*/.exec(source.code.slice(one.offset, one.offset + 200))![0].length;
      this.items.get('imports')!.push({ path, line: source.at(one.offset + lead).line, language, module: one.module, role });
    }
  }

  #codes(source: FileSource, codes: readonly number[]): void {
    const tree = source.syntax();
    if (!tree) {
      this.#noteNoTree(source);
      return;
    }
    const { found, faults } = matchCode(
      tree,
      codes.map((index) => this.plan.codes[index]!.query),
    );
    found.forEach((nodes, i) => {
      const { key } = this.plan.codes[codes[i]!]!;
      for (const { offset, captures } of nodes) this.#addMatch(key, { ...source.at(offset), excerpt: excerptAt(source, offset), captures });
    });
    for (const message of faults) this.#note(message, { kind: 'exception', message });
  }

  #noteNoTree(source: FileSource): void {
    const { path, language, size } = source.file;
    if (size > limits.syntaxBytes)
      this.#note(`tree ${path}`, {
        kind: 'limit',
        message: `larger than ${limits.syntaxBytes} bytes: its syntax was not looked at`,
        location: { path },
      });
    else if (language && grammarMissing(language))
      this.#note(`grammar ${language}`, { kind: 'unreadable', message: `no grammar for ${language} on this platform` });
  }

  async #readers(source: FileSource, readers: readonly number[]): Promise<boolean> {
    for (const index of readers) {
      const { reader } = this.plan.readers[index]!;
      let result: ReadResult;
      try {
        const read = reader.read(source);
        result = read instanceof Promise ? await read : read;
      } catch (error) {
        const message = `${reader.name} could not read this file: ${error instanceof Error ? error.message : String(error)}`;
        result = { problems: [{ path: source.path, message }] };
      }
      if (this.#held && reader.technologies) this.#held.push({ index, result });
      else this.#addResult(reader.kind, result);
    }
    return this.#finish(source);
  }

  async #finish(source: FileSource): Promise<boolean> {
    if (source.parsed) this.#parsed++;
    return source.parsed;
  }

  #addResult(kind: string, { items = [], documents = [], problems = [] }: ReadResult): void {
    const keep = <T extends object>(map: Map<string, T[]>, values: readonly T[]): void => {
      const list = map.get(kind) ?? map.set(kind, []).get(kind)!;
      for (const value of values) {
        if (list.length >= limits.itemsPerKind)
          return this.#note(`items ${kind}`, {
            kind: 'limit',
            message: `more than ${limits.itemsPerKind} of ${kind}: the rest was left out`,
          });
        list.push(value);
      }
    };
    keep(this.items, items);
    keep(this.#documents, documents);
    keep(this.#problems, problems);
  }

  /** How many more matches of a query are kept in a file's area. */
  #room(key: string, path: string): number {
    return Math.min(matchesInAll - this.#matches.get(key)!.length, matchesPerArea - (this.#keptIn(areaOf(path)).get(key) ?? 0));
  }

  #keptIn(area: string): Map<string, number> {
    let kept = this.#matchesKept.get(area);
    if (!kept) this.#matchesKept.set(area, (kept = new Map()));
    return kept;
  }

  #addMatch(key: string, match: Match): void {
    if (this.#room(key, match.path) > 0) {
      const kept = this.#keptIn(areaOf(match.path));
      this.#matches.get(key)!.push(match);
      kept.set(key, (kept.get(key) ?? 0) + 1);
    } else
      this.#note(`matches ${key}`, {
        kind: 'limit',
        message: 'too many matches of one question: the rest was left out',
        location: { path: match.path },
      });
  }

  #note(key: string, note: Note): void {
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.#notes.push(note);
  }

  /** A combiner that breaks leaves a problem of its kind, never a crash. */
  #join(kind: string, join: () => void): void {
    try {
      join();
    } catch (error) {
      const message = `${kind} could not be joined: ${error instanceof Error ? error.message : String(error)}`;
      this.#problems.set(kind, [...(this.#problems.get(kind) ?? []), { path: '', message }]);
    }
  }

  finish(): Facts {
    for (const lists of [this.#matches, this.items, this.#documents, this.#problems])
      for (const list of lists.values()) (list as Place[]).sort(byPlace);
    const collected: Collected = {
      items: (kind) => this.items.get(kind) ?? [],
      documents: (kind) => this.#documents.get(kind) ?? [],
      files: this.files,
    };
    // Documents first: what is merged or rendered there is what every concept reads.
    for (const { kind, documents } of this.plan.combiners)
      if (documents) this.#join(kind, () => this.#documents.set(kind, [...documents(collected.documents(kind), collected)].sort(byPlace)));
    for (const combiner of this.plan.combiners)
      this.#join(combiner.kind, () =>
        this.items.set(combiner.kind, [...combiner.combine(collected.items(combiner.kind), collected)].sort(byPlace)),
      );
    return {
      files: this.files,
      matches: this.#matches,
      documents: this.#documents,
      items: this.items,
      problems: this.#problems,
      productLines: this.#productLines,
      linesByFile: this.#linesByFile,
      counters: { listed: this.files.length, read: this.#read, parsed: this.#parsed, bytes: this.#bytes },
      notes: this.#notes,
    };
  }
}

/** How many bytes the files of each profile have. */
function demandsOf(plan: Plan, files: readonly FileInfo[]): Demand[] {
  const bytes = new Map<Uint8Array, number>();
  for (const file of files)
    if (file.role !== 'vendored') {
      const { wanted } = plan.profile(file);
      bytes.set(wanted, (bytes.get(wanted) ?? 0) + file.size);
    }
  return [...bytes].map(([wanted, sum]) => ({ wanted, bytes: sum }));
}

/** By path in code unit order, line, column; stable, so that what one reader found in one place keeps its order. */
function byPlace(a: Place, b: Place): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
