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
  /** For shallow states: state * width + class to the next state. */
  readonly go: Int32Array;
  /** Children of state s: `childStarts[s] .. childStarts[s + 1] - 1`; `labels` has the class that leads to a state. */
  readonly childStarts: Int32Array;
  readonly labels: Uint8Array;
  readonly fail: Int32Array;
  /** 1 where a literal ends. */
  readonly ending: Uint8Array;
  /** For state s: literals `ends[endStarts[s]] .. ends[endStarts[s + 1] - 1]`. */
  readonly endStarts: Int32Array;
  readonly ends: Int32Array;
  /** Bytes of each literal. */
  readonly lengths: Int32Array;
}

/** States of fewer bytes than this have a row. */
const rowDepth = 3;

const fold = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

/** Builds the automaton; the id of a literal is its index. Literals must not be empty. */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const words = literals.map((literal) => Buffer.from(literal, 'utf8'));
  const classes = new Uint8Array(256);
  let width = 1;
  for (const word of words) for (const byte of word) if (classes[fold(byte)] === 0) classes[fold(byte)] = width++;
  for (let byte = 65; byte <= 90; byte++) classes[byte] = classes[byte + 32]!;

  const trie = new Trie(words.reduce((sum, word) => sum + word.length, 1));
  const endOf = Int32Array.from(words, (word) => trie.add(word, classes));
  const { order, childStarts, labels, depthStarts } = trie.breadthFirst();
  const states = order.length;
  const deep = depthStarts[rowDepth] ?? states;
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
  return {
    classes,
    width,
    deep,
    go,
    childStarts,
    labels,
    fail,
    ...collectEnds(endOf, order, fail),
    lengths: Int32Array.from(words, (w) => w.length),
  };
}

/** The literals that end in each state, those along the fall-back chain included. */
function collectEnds(endOf: Int32Array, order: Int32Array, fail: Int32Array): Pick<Automaton, 'ending' | 'endStarts' | 'ends'> {
  const own = new Map<number, number[]>();
  endOf.forEach((state, literal) => {
    const list = own.get(state);
    if (list) list.push(literal);
    else own.set(state, [literal]);
  });
  const states = order.length;
  const ending = new Uint8Array(states);
  const endStarts = new Int32Array(states + 1);
  const ends: number[] = [];
  for (let state = 0; state < states; state++) {
    for (const literal of own.get(order[state]!) ?? []) ends.push(literal);
    const back = fail[state]!;
    if (ending[back] === 1) for (let e = endStarts[back]!, last = endStarts[back + 1]!; e < last; e++) ends.push(ends[e]!);
    endStarts[state + 1] = ends.length;
    if (ends.length > endStarts[state]!) ending[state] = 1;
  }
  return { ending, endStarts, ends: Int32Array.from(ends) };
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
  let state = 0;
  for (let i = 0, n = bytes.length; i < n; i++) {
    const label = classes[bytes[i]!]!;
    // a deep state goes on to a child, or falls back until it can
    while (state >= deep) {
      let k = childStarts[state]!;
      const last = childStarts[state + 1]!;
      while (k < last && labels[k] !== label) k++;
      if (k < last) {
        state = -k;
        break;
      }
      state = fail[state]!;
    }
    state = state < 0 ? -state : go[state * width + label]!;
    if (ending[state] === 1) hit(automaton, state, i + 1, wanted, places, present);
  }
}

/** Notes the wanted ones of the literals that end in a state. */
function hit(automaton: Automaton, state: number, end: number, wanted: Uint8Array, places: Hits, present: Present): void {
  const { endStarts, ends, lengths } = automaton;
  for (let e = endStarts[state]!, last = endStarts[state + 1]!; e < last; e++) {
    const literal = ends[e]!;
    const want = wanted[literal]!;
    if (want === 0) continue;
    present.add(literal);
    if (want === 2) places.add(literal, end - lengths[literal]!);
  }
}
