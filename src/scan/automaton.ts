/**
 * Aho-Corasick over bytes, ASCII case folded: finds every literal in one walk over a file. States are numbered breadth first, so
 * that a state's children stand together. States near the root, where a walk nearly always is, have a row of moves for every byte;
 * deeper ones, which are many and have one child as a rule, only their children and the state to fall back to.
 */
export interface Automaton {
  /** Byte to class; upper and lower case letters share one, bytes of no literal are class 0. */
  readonly classes: Uint8Array;
  readonly width: number;
  /** States from this on have no row of moves. */
  readonly deep: number;
  /**
   * For states with a row, at state * width + class: where the next state's row starts, or the complement of the next state where it
   * has no row or a literal ends there.
   */
  readonly go: Int32Array;
  /** Children of state s: `childStarts[s] .. childStarts[s + 1] - 1`; `labels` has the class that leads to a state. */
  readonly childStarts: Int32Array;
  readonly labels: Uint8Array;
  readonly fail: Int32Array;
  /** 1 where a literal ends. */
  readonly ending: Uint8Array;
  /** For state s: literals `ends[endStarts[s]] .. ends[endStarts[s + 1] - 1]`, of as many bytes as `endLengths` says. */
  readonly endStarts: Int32Array;
  readonly ends: Int32Array;
  readonly endLengths: Int32Array;
}

/** Rows are given to all states of a depth, as long as they are of no more cells together: some two megabytes, which caches hold. */
const rowCells = 500_000;

const fold = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

/** Builds the automaton of these of the literals, by default of all; the id of a literal is its index. Literals must not be empty. */
export function buildAutomaton(literals: readonly string[], ids: readonly number[] = [...literals.keys()]): Automaton {
  const words = ids.map((id) => Buffer.from(literals[id]!, 'utf8'));
  const classes = new Uint8Array(256);
  let width = 1;
  for (const word of words) for (const byte of word) if (classes[fold(byte)] === 0) classes[fold(byte)] = width++;
  for (let byte = 65; byte <= 90; byte++) classes[byte] = classes[byte + 32]!;

  const trie = new Trie(words.reduce((sum, word) => sum + word.length, 1));
  const endOf = Int32Array.from(words, (word) => trie.add(word, classes));
  const { order, childStarts, labels, depthStarts } = trie.breadthFirst();
  const states = order.length;
  const deep = [...depthStarts, states].findLast((start) => start * width <= rowCells)!;
  const go = new Int32Array(deep * width);
  const fail = new Int32Array(states);
  const child = (state: number, label: number): number => {
    for (let k = childStarts[state]!, last = childStarts[state + 1]!; k < last; k++) if (labels[k] === label) return k;
    return 0;
  };
  for (let state = 0; state < states; state++) {
    const back = fail[state]!;
    if (state > 0 && state < deep) go.copyWithin(state * width, back * width, (back + 1) * width);
    for (let k = childStarts[state]!, last = childStarts[state + 1]!; k < last; k++) {
      const label = labels[k]!;
      if (state > 0) {
        let from = back;
        let to = 0;
        while ((to = from < deep ? go[from * width + label]! : child(from, label)) === 0 && from > 0) from = fail[from]!;
        fail[k] = to;
      }
      if (state < deep) go[state * width + label] = k;
    }
  }
  const ends = collectEnds(endOf, order, fail, ids, words);
  for (let cell = 0; cell < go.length; cell++) {
    const next = go[cell]!;
    go[cell] = next < deep && ends.ending[next] === 0 ? next * width : ~next;
  }
  return { classes, width, deep, go, childStarts, labels, fail, ...ends };
}

/** The literals that end in each state, those along the fall-back chain included. */
function collectEnds(
  endOf: Int32Array,
  order: Int32Array,
  fail: Int32Array,
  ids: readonly number[],
  words: readonly Uint8Array[],
): Pick<Automaton, 'ending' | 'endStarts' | 'ends' | 'endLengths'> {
  const own = new Map<number, number[]>();
  endOf.forEach((state, word) => {
    const list = own.get(state);
    if (list) list.push(word);
    else own.set(state, [word]);
  });
  const states = order.length;
  const ending = new Uint8Array(states);
  const endStarts = new Int32Array(states + 1);
  const ends: number[] = [];
  for (let state = 0; state < states; state++) {
    for (const word of own.get(order[state]!) ?? []) ends.push(word);
    const back = fail[state]!;
    if (ending[back] === 1) for (let e = endStarts[back]!, last = endStarts[back + 1]!; e < last; e++) ends.push(ends[e]!);
    endStarts[state + 1] = ends.length;
    if (ends.length > endStarts[state]!) ending[state] = 1;
  }
  return {
    ending,
    endStarts,
    ends: Int32Array.from(ends, (word) => ids[word]!),
    endLengths: Int32Array.from(ends, (word) => words[word]!.length),
  };
}

/** The literals as a tree of bytes, with the children of a node in a linked list. */
class Trie {
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #label: Uint8Array;
  #nodes = 1;

  constructor(most: number) {
    this.#first = new Int32Array(most);
    this.#next = new Int32Array(most);
    this.#label = new Uint8Array(most);
  }

  /** The node in which the word ends. */
  add(word: Uint8Array, classes: Uint8Array): number {
    let node = 0;
    for (const byte of word) {
      const label = classes[byte]!;
      let child = this.#first[node]!;
      while (child !== 0 && this.#label[child] !== label) child = this.#next[child]!;
      if (child === 0) {
        child = this.#nodes++;
        this.#label[child] = label;
        this.#next[child] = this.#first[node]!;
        this.#first[node] = child;
      }
      node = child;
    }
    return node;
  }

  /** `order` gives the node of each state; `depthStarts[d]` is the first state of d bytes. */
  breadthFirst(): { order: Int32Array; childStarts: Int32Array; labels: Uint8Array; depthStarts: number[] } {
    const states = this.#nodes;
    const order = new Int32Array(states);
    const childStarts = new Int32Array(states + 1);
    const labels = new Uint8Array(states);
    const depthStarts = [0];
    let tail = 1;
    let depthEnd = 1;
    for (let head = 0; head < states; head++) {
      if (head === depthEnd) {
        depthStarts.push(head);
        depthEnd = tail;
      }
      childStarts[head] = tail;
      for (let child = this.#first[order[head]!]!; child !== 0; child = this.#next[child]!) {
        labels[tail] = this.#label[child]!;
        order[tail++] = child;
      }
    }
    childStarts[states] = tail;
    return { order, childStarts, labels, depthStarts };
  }
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
  const { classes, go, width, deep, childStarts, labels, fail, ending } = automaton;
  places.count = 0;
  present.clear();
  let row = 0;
  for (let i = 0, n = bytes.length; i < n; i++) {
    let next = go[row + classes[bytes[i]!]!]!;
    while (next < 0) {
      let state = ~next;
      if (ending[state] === 1) hit(automaton, state, i + 1, wanted, places, present);
      if (state < deep) {
        next = state * width;
        break;
      }
      if (++i === n) return;
      // without a row: on to a child, or back until there is one or a row
      const label = classes[bytes[i]!]!;
      for (;;) {
        let k = childStarts[state]!;
        const last = childStarts[state + 1]!;
        while (k < last && labels[k] !== label) k++;
        if (k < last) {
          next = ~k;
          break;
        }
        state = fail[state]!;
        if (state < deep) {
          next = go[state * width + label]!;
          break;
        }
      }
    }
    row = next;
  }
}

/** Notes the wanted ones of the literals that end in a state. */
function hit(automaton: Automaton, state: number, end: number, wanted: Uint8Array, places: Hits, present: Present): void {
  const { endStarts, ends, endLengths } = automaton;
  for (let e = endStarts[state]!, last = endStarts[state + 1]!; e < last; e++) {
    const literal = ends[e]!;
    const want = wanted[literal]!;
    if (want === 0) continue;
    present.add(literal);
    if (want === 2) places.add(literal, end - endLengths[e]!);
  }
}
