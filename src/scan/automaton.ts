/**
 * Aho-Corasick over bytes, ASCII case folded: finds every literal in one walk over a file. States are numbered so that
 * those that end a literal come last: the hot loop needs one comparison to tell a hit.
 */
export interface Automaton {
  /** Byte to class; upper and lower case letters share one, bytes of no literal are class 0. */
  readonly classes: Uint8Array;
  /** State (a multiple of `width`) + class to the next state. */
  readonly go: Int32Array;
  readonly width: number;
  /** The smallest state that ends a literal. */
  readonly firstEnd: number;
  /** For the n-th ending state: literals `ends[endStarts[n]] .. ends[endStarts[n + 1] - 1]`. */
  readonly endStarts: Int32Array;
  readonly ends: Int32Array;
  /** Bytes of each literal. */
  readonly lengths: Int32Array;
}

const fold = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

/** Builds the automaton; the id of a literal is its index. Literals must not be empty. */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const words = literals.map((literal) => Buffer.from(literal, 'utf8').map(fold));
  const classes = new Uint8Array(256);
  let width = 1;
  for (const word of words) for (const byte of word) if (classes[byte] === 0) classes[byte] = width++;
  for (let byte = 65; byte <= 90; byte++) classes[byte] = classes[byte + 32]!;

  const most = words.reduce((sum, word) => sum + word.length, 1);
  const trie = new Int32Array(most * width);
  const own: number[][] = [[]];
  let states = 1;
  words.forEach((word, id) => {
    let state = 0;
    for (const byte of word) {
      const slot = state * width + classes[byte]!;
      if (trie[slot] === 0) {
        trie[slot] = states++;
        own.push([]);
      }
      state = trie[slot]!;
    }
    own[state]!.push(id);
  });

  // Breadth first: fill in the moves that fall back, and collect the literals that end along the fall-back chain.
  const order = new Int32Array(states);
  const fail = new Int32Array(states);
  let tail = 1;
  for (let head = 0; head < tail; head++) {
    const state = order[head]!;
    const back = fail[state]! * width;
    const at = state * width;
    if (state !== 0 && own[fail[state]!]!.length > 0) own[state] = [...own[state]!, ...own[fail[state]!]!];
    for (let c = 1; c < width; c++) {
      const next = trie[at + c]!;
      if (next !== 0) {
        fail[next] = state === 0 ? 0 : trie[back + c]!;
        order[tail++] = next;
      } else if (state !== 0) trie[at + c] = trie[back + c]!;
    }
  }

  const renamed = new Int32Array(states);
  const ending: number[] = [];
  let plain = 0;
  for (let i = 0; i < states; i++) {
    const state = order[i]!;
    if (own[state]!.length > 0) ending.push(state);
    else renamed[state] = plain++ * width;
  }
  ending.forEach((state, i) => (renamed[state] = (plain + i) * width));
  const go = new Int32Array(states * width);
  for (let state = 0; state < states; state++) {
    const from = state * width;
    const to = renamed[state]!;
    for (let c = 0; c < width; c++) go[to + c] = renamed[trie[from + c]!]!;
  }
  const endStarts = new Int32Array(ending.length + 1);
  ending.forEach((state, i) => (endStarts[i + 1] = endStarts[i]! + own[state]!.length));
  const ends = Int32Array.from(ending.flatMap((state) => own[state]!));
  return { classes, go, width, firstEnd: plain * width, endStarts, ends, lengths: Int32Array.from(words, (word) => word.length) };
}

/** Hits of one file in a growable buffer that is reused: pairs of literal id and byte offset of the literal's start, in order of its end. */
export class Hits {
  #pairs = new Int32Array(2048);
  count = 0;

  add(literal: number, offset: number): void {
    if (this.count * 2 === this.#pairs.length) {
      const grown = new Int32Array(this.#pairs.length * 2);
      grown.set(this.#pairs);
      this.#pairs = grown;
    }
    this.#pairs[this.count * 2] = literal;
    this.#pairs[this.count * 2 + 1] = offset;
    this.count++;
  }

  literal(index: number): number {
    return this.#pairs[index * 2]!;
  }

  offset(index: number): number {
    return this.#pairs[index * 2 + 1]!;
  }
}

/** What a file wants to know of a literal. */
export const wants = { nothing: 0, presence: 1, places: 2 } as const;

/** Which literals occur in the file at hand; reused from file to file. */
export class Present {
  readonly ids: number[] = [];
  readonly #stamps: Uint32Array;
  #stamp = 0;

  constructor(literals: number) {
    this.#stamps = new Uint32Array(literals);
  }

  clear(): void {
    this.ids.length = 0;
    this.#stamp++;
  }

  add(literal: number): void {
    if (this.#stamps[literal] === this.#stamp) return;
    this.#stamps[literal] = this.#stamp;
    this.ids.push(literal);
  }

  has(literal: number): boolean {
    return this.#stamps[literal] === this.#stamp;
  }
}

/**
 * Walks over the bytes. `wanted[id]` says what is kept of literal `id`: nothing, that it occurs (`present`), or every place
 * (`places`, and `present` too). Both are emptied first.
 */
export function search(automaton: Automaton, bytes: Uint8Array, wanted: Uint8Array, places: Hits, present: Present): void {
  const { classes, go, firstEnd } = automaton;
  places.count = 0;
  present.clear();
  let state = 0;
  for (let i = 0, n = bytes.length; i < n; i++) {
    state = go[state + classes[bytes[i]!]!]!;
    if (state >= firstEnd) hit(automaton, state, i + 1, wanted, places, present);
  }
}

/** Notes the wanted ones of the literals that end in a state. */
function hit(automaton: Automaton, state: number, end: number, wanted: Uint8Array, places: Hits, present: Present): void {
  const { firstEnd, width, endStarts, ends, lengths } = automaton;
  const index = (state - firstEnd) / width;
  for (let e = endStarts[index]!, last = endStarts[index + 1]!; e < last; e++) {
    const literal = ends[e]!;
    const want = wanted[literal]!;
    if (want === 0) continue;
    present.add(literal);
    if (want === 2) places.add(literal, end - lengths[literal]!);
  }
}
