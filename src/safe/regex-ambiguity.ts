import type { AST } from '@eslint-community/regexpp';
import { limits } from './limits.js';

/*
 * Backtracking takes exponential time when a loop can read one text in two ways ("exponentially ambiguous" automata, Weber and
 * Seidl 1991), and polynomial time of degree k when k loops in a row can share out one text between them. Both are decided
 * here on the position automaton (Glushkov) of the pattern. Assertions are taken as always true, which only errs towards
 * refusing.
 */

/** Sorted, disjoint ranges of code points. */
type CharSet = readonly (readonly [number, number])[];

const top = 0x10ffff;
const any: CharSet = [[0, top]];
const lineEnds: CharSet = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const digits: CharSet = [[48, 57]];
const wordCharacters: CharSet = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const spaces: CharSet = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const mostPositions = 600;
const mostWork = 3_000_000;
/** a?a?a?...aaa takes 2^n steps without any loop. */
const mostOptional = 16;
/** Steps that one match on one line may take, roughly: three nested scans of a longest line. */
const mostSteps = 2_000_000_000;

class TooComplex extends Error {}

interface Position {
  readonly chars: CharSet;
  /** How often it may be repeated by itself: 1, the bound of x{m,n}, or Infinity. */
  readonly repeat: number;
}

interface Fragment {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

interface Automaton {
  readonly positions: Position[];
  /** Successors, with how many ways there are to get to each. */
  readonly follow: Map<number, number>[];
}

/** Why a pattern is refused, as the end of a sentence that begins with "the pattern", or null when it is safe. */
export function whyUnsafe(pattern: AST.Pattern, flags: string): string | null {
  if (isPlain(pattern.alternatives, { loops: 0, optional: 0 })) return null;
  try {
    const { reason, steps } = judge(pattern.alternatives, flags, true);
    if (reason) return reason;
    return steps > mostSteps
      ? 'has several unbounded repetitions in a row that can read the same text, which takes too long on long lines; bound them ({0,80}) or exclude what follows ([^"]*")'
      : null;
  } catch (error) {
    if (error instanceof TooComplex) return `is too complex: ${error.message}`;
    throw error;
  }
}

type Seen = { loops: number; optional: number };

/** At most two loops, each over one character, and no repeated groups: always within bounds, which most patterns are. */
const isPlain = (alternatives: readonly AST.Alternative[], seen: Seen): boolean =>
  alternatives.every((a) => a.elements.every((element) => isPlainElement(element, seen)));

function isPlainElement(element: AST.Element, seen: Seen): boolean {
  switch (element.type) {
    case 'Assertion':
      return element.kind !== 'lookahead' && element.kind !== 'lookbehind';
    case 'Backreference':
      return false;
    case 'Group':
    case 'CapturingGroup':
      return isPlain(element.alternatives, seen);
    case 'Quantifier':
      if (element.min === 0 && ++seen.optional > mostOptional) return false;
      if (element.max > 1 && element.max !== element.min && ++seen.loops > 2) return false;
      return isOne(element.element) || (element.max <= 1 && isPlainElement(element.element, seen));
    default:
      return true;
  }
}

/** `steps` estimates the cost of a failing match on a line of the longest permitted length. */
function judge(alternatives: readonly AST.Alternative[], flags: string, outermost: boolean): { reason: string | null; steps: number } {
  const automaton: Automaton = { positions: [], follow: [] };
  const looks: (readonly AST.Alternative[])[] = [];
  const kept =
    outermost && alternatives.length === 1 ? [withoutFreeEnd(alternatives[0]?.elements ?? [])] : alternatives.map((a) => a.elements);
  const builder = new Builder(automaton, flags, looks);
  const whole = builder.choice(kept.map((elements) => () => builder.sequence(elements)));
  // The cut-off end is not needed for counting steps, but a loop in it may still be ambiguous.
  if (outermost) {
    const rest: Automaton = { positions: [], follow: [] };
    const all = new Builder(rest, flags, looks);
    all.choice(alternatives.map((a) => () => all.sequence(a.elements)));
    if (isExponential(rest)) return { reason: exponential, steps: 0 };
  } else if (isExponential(automaton)) return { reason: exponential, steps: 0 };
  let inner = 1;
  for (const look of looks) {
    const { reason, steps } = judge(look, flags, false);
    if (reason) return { reason, steps };
    inner = Math.max(inner, steps);
  }
  if (builder.backreference) return { reason: 'has a backreference', steps: 0 };
  const anchored =
    outermost && !flags.includes('m') && alternatives.every((a) => a.elements[0]?.type === 'Assertion' && a.elements[0].kind === 'start');
  return { reason: null, steps: chainSteps(automaton, whole, outermost && !anchored) * inner };
}

const exponential =
  'may take exponential time: a repetition holds something that can read the same text in two ways, such as (a+)+ or (a|a)*';

/** Without trailing parts that may be empty: once they are reached, the match has succeeded. */
function withoutFreeEnd(elements: readonly AST.Element[]): readonly AST.Element[] {
  let end = elements.length;
  while (end > 0) {
    const element = elements[end - 1];
    if (element?.type === 'Quantifier' && element.min === 0) end--;
    else if (element?.type === 'Quantifier' && isOne(element.element) && end > 0) return [...elements.slice(0, end - 1), element.element];
    else break;
  }
  return elements.slice(0, end);
}

const isOne = (element: AST.Element): boolean =>
  element.type === 'Character' || element.type === 'CharacterClass' || element.type === 'CharacterSet';

class Builder {
  backreference = false;
  constructor(
    readonly automaton: Automaton,
    readonly flags: string,
    readonly looks: (readonly AST.Alternative[])[],
  ) {}

  choice(branches: readonly (() => Fragment)[]): Fragment {
    const parts = branches.map((branch) => branch());
    return { first: parts.flatMap((p) => p.first), last: parts.flatMap((p) => p.last), nullable: parts.some((p) => p.nullable) };
  }

  sequence(elements: readonly AST.Element[]): Fragment {
    let whole: Fragment = empty;
    let optional = 0;
    for (const element of elements) {
      const part = this.element(element);
      optional = part.nullable && part.first.length > 0 ? optional + 1 : 0;
      if (optional > mostOptional) throw new TooComplex(`more than ${mostOptional} optional parts in a row`);
      whole = this.join(whole, part);
    }
    return whole;
  }

  element(node: AST.Element): Fragment {
    switch (node.type) {
      case 'Assertion':
        if (node.kind === 'lookahead' || node.kind === 'lookbehind') this.looks.push(node.alternatives);
        return empty;
      case 'Backreference':
        this.backreference = true;
        return empty;
      case 'Group':
      case 'CapturingGroup':
        return this.choice(node.alternatives.map((a) => () => this.sequence(a.elements)));
      case 'Quantifier':
        return this.quantifier(node);
      default:
        return this.position(charsOf(node, this.flags), 1);
    }
  }

  quantifier(node: AST.Quantifier): Fragment {
    const { min, max, element } = node;
    if (max === 0) return empty;
    if (max === 1) {
      const once = this.element(element);
      return min === 0 ? { ...once, nullable: true } : once;
    }
    if (isOne(element) && (max === Infinity || (max > min && max > 10))) {
      const repeated = this.position(charsOf(element as AST.Character, this.flags), max);
      for (const position of repeated.first) this.link(position, position);
      return { ...repeated, nullable: min === 0 };
    }
    const size = sizeOf(element);
    const copies = max === Infinity ? Math.max(1, Math.min(min, 2)) : max;
    if (max !== Infinity && size * copies <= mostPositions / 4) {
      let whole: Fragment = empty;
      for (let i = 0; i < min; i++) {
        const copy = this.element(element);
        if (copy.nullable && max > mostOptional) throw new TooComplex('a repetition of something that may be empty');
        whole = this.join(whole, copy);
      }
      return this.join(whole, this.optional(element, max - min));
    }
    const body = this.element(element);
    for (const from of body.last) for (const to of body.first) this.link(from, to);
    return { ...body, nullable: body.nullable || min === 0 };
  }

  /** x(x(x)?)?: optional copies that can be taken in one way only. */
  optional(element: AST.Element, copies: number): Fragment {
    if (copies <= 0) return empty;
    const one = this.element(element);
    return { ...this.join(one, this.optional(element, copies - 1)), nullable: true };
  }

  join(left: Fragment, right: Fragment): Fragment {
    for (const from of left.last) for (const to of right.first) this.link(from, to);
    return {
      first: left.nullable ? [...left.first, ...right.first] : left.first,
      last: right.nullable ? [...left.last, ...right.last] : right.last,
      nullable: left.nullable && right.nullable,
    };
  }

  position(chars: CharSet, repeat: number): Fragment {
    const { positions, follow } = this.automaton;
    if (positions.length >= mostPositions) throw new TooComplex(`more than ${mostPositions} positions`);
    positions.push({ chars, repeat });
    follow.push(new Map());
    const at = [positions.length - 1];
    return { first: at, last: at, nullable: false };
  }

  link(from: number, to: number): void {
    const successors = this.automaton.follow[from];
    successors?.set(to, (successors.get(to) ?? 0) + 1);
  }
}

const empty: Fragment = { first: [], last: [], nullable: true };

function sizeOf(element: AST.Element): number {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives.reduce((sum, a) => sum + a.elements.reduce((s, e) => s + sizeOf(e), 0), 0);
    case 'Quantifier': {
      const inner = sizeOf(element.element);
      return element.max === Infinity || (isOne(element.element) && element.max > 10 && element.max > element.min)
        ? inner
        : inner * Math.max(1, element.max);
    }
    case 'Assertion':
      return 0;
    default:
      return 1;
  }
}

/** Whether some loop can read one text in two ways. */
function isExponential({ positions, follow }: Automaton): boolean {
  const budget = { left: mostWork };
  const overlap = overlaps(positions);
  for (const loop of components(positions.length, (p) => follow[p]?.keys() ?? [])) {
    const inLoop = new Set(loop);
    const edges = new Map(loop.map((p) => [p, [...(follow[p] ?? [])].filter(([q]) => inLoop.has(q))]));
    if ([...edges.values()].some((list) => list.some(([, ways]) => ways > 1))) return true;
    if (loop.length < 2) continue;
    // Two readings side by side: exponential when both can start at one place, part, and meet there again.
    const index = new Map(loop.map((p, i) => [p, i]));
    const n = loop.length;
    const next = (pair: number): number[] => {
      const a = edges.get(loop[Math.floor(pair / n)] ?? -1) ?? [];
      const b = edges.get(loop[pair % n] ?? -1) ?? [];
      if ((budget.left -= a.length * b.length + 1) < 0) throw new TooComplex('a repetition with too many parts');
      const out: number[] = [];
      for (const [p] of a) for (const [q] of b) if (overlap(p, q)) out.push((index.get(p) ?? 0) * n + (index.get(q) ?? 0));
      return out;
    };
    const starts = loop.map((_, i) => i * n + i);
    for (const pairs of reachableComponents(starts, n * n, next)) {
      const diagonal = pairs.some((pair) => Math.floor(pair / n) === pair % n);
      if (diagonal && pairs.some((pair) => Math.floor(pair / n) !== pair % n)) return true;
    }
  }
  return false;
}

/** Steps of the longest chain of loops that can share out one text; `search` adds the choice of where a match begins. */
function chainSteps({ positions, follow }: Automaton, whole: Fragment, search: boolean): number {
  const overlap = overlaps(positions);
  const loops = components(positions.length, (p) => follow[p]?.keys() ?? []);
  const loopOf = new Map<number, number>();
  loops.forEach((loop, i) => loop.forEach((p) => loopOf.set(p, i)));
  const weight = (loop: readonly number[]): number =>
    Math.max(...loop.map((p) => Math.min(positions[p]?.repeat === 1 ? Infinity : (positions[p]?.repeat ?? 1), limits.lineChars)));
  const meets = (p: number, loop: readonly number[]): boolean => loop.some((q) => overlap(p, q));
  const memo = new Map<number, { product: number; count: number }>();
  let work = mostWork;

  /** Loops that the text of `from` (null: any text) can reach without a character that `from` or the loop could not read. */
  const nextLoops = (starts: Iterable<number>, from: readonly number[] | null): Set<number> => {
    const found = new Set<number>();
    loops.forEach((loop, i) => {
      if (loop === from || (from && !loop.some((p) => meets(p, from)))) return;
      const seen = new Set<number>();
      const pending = [...starts];
      while (pending.length > 0) {
        const p = pending.pop() ?? 0;
        if (seen.has(p)) continue;
        seen.add(p);
        if ((work -= loop.length + (from?.length ?? 0)) < 0) throw new TooComplex('too many repetitions');
        if (loopOf.get(p) === i) {
          found.add(i);
          return;
        }
        if (!meets(p, loop) || (from && !meets(p, from))) continue;
        pending.push(...(follow[p]?.keys() ?? []));
      }
    });
    return found;
  };

  const from = (i: number): { product: number; count: number } => {
    const known = memo.get(i);
    if (known) return known;
    const loop = loops[i] ?? [];
    const inLoop = new Set(loop);
    const exits = new Set(loop.flatMap((p) => [...(follow[p]?.keys() ?? [])].filter((q) => !inLoop.has(q))));
    const result = extend(weight(loop), nextLoops(exits, loop));
    memo.set(i, result);
    return result;
  };
  const extend = (own: number, next: Iterable<number>): { product: number; count: number } => {
    let best = { product: own, count: 1 };
    for (const i of next) {
      const tail = from(i);
      if (own * tail.product > best.product) best = { product: own * tail.product, count: tail.count + 1 };
    }
    return best;
  };
  const starts = search ? extend(limits.lineChars, nextLoops(whole.first, null)) : { product: 1, count: 0 };
  let most = steps(starts);
  for (let i = 0; i < loops.length; i++) most = Math.max(most, steps(from(i)));
  return most;
}

/** Loops that share one text divide it in order: n * n / 2 ways for two of them, n * n * n / 6 for three. */
function steps({ product, count }: { product: number; count: number }): number {
  let divisor = 1;
  for (let i = 2; i <= count; i++) divisor *= i;
  return product / divisor;
}

/** Whether two positions have a character in common, remembered by pair. */
function overlaps(positions: readonly Position[]): (p: number, q: number) => boolean {
  const memo = new Map<number, boolean>();
  return (p, q) => {
    const key = p < q ? p * mostPositions + q : q * mostPositions + p;
    let known = memo.get(key);
    if (known === undefined) {
      known = intersects(positions[p]?.chars ?? [], positions[q]?.chars ?? []);
      memo.set(key, known);
    }
    return known;
  };
}

/** Strongly connected components that are loops (several nodes, or one with an edge to itself). */
function components(count: number, next: (node: number) => Iterable<number>): number[][] {
  const nodes = Array.from({ length: count }, (_, i) => i);
  return reachableComponents(nodes, count, (node) => [...next(node)]).filter(
    (c) => c.length > 1 || [...next(c[0] ?? 0)].includes(c[0] ?? 0),
  );
}

/** Tarjan's algorithm without recursion. */
function reachableComponents(starts: readonly number[], count: number, next: (node: number) => readonly number[]): number[][] {
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const stack: number[] = [];
  const found: number[][] = [];
  let counter = 0;
  for (const start of starts) {
    if (order[start] !== -1) continue;
    const frames: { node: number; edges: readonly number[]; at: number }[] = [];
    const open = (node: number): void => {
      order[node] = low[node] = counter++;
      stack.push(node);
      onStack[node] = 1;
      frames.push({ node, edges: next(node), at: 0 });
    };
    open(start);
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const { node, edges } = frame;
      const to = edges[frame.at++];
      if (to !== undefined) {
        if (order[to] === -1) open(to);
        else if (onStack[to]) low[node] = Math.min(low[node] ?? 0, order[to] ?? 0);
        continue;
      }
      frames.pop();
      const parent = frames.at(-1)?.node;
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
      if (low[node] !== order[node]) continue;
      const component: number[] = [];
      for (let last = stack.pop(); last !== undefined; last = stack.pop()) {
        onStack[last] = 0;
        component.push(last);
        if (last === node) break;
      }
      found.push(component);
    }
  }
  return found;
}

function intersects(a: CharSet, b: CharSet): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [from, to] = a[i] ?? [0, 0];
    const [start, end] = b[j] ?? [0, 0];
    if (to < start) i++;
    else if (end < from) j++;
    else return true;
  }
  return false;
}

function union(sets: readonly CharSet[]): CharSet {
  const ranges = sets.flat().sort((a, b) => a[0] - b[0]);
  const out: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = out.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

function complement(set: CharSet): CharSet {
  const out: [number, number][] = [];
  let from = 0;
  for (const [start, end] of union([set])) {
    if (start > from) out.push([from, start - 1]);
    from = end + 1;
  }
  if (from <= top) out.push([from, top]);
  return out;
}

/** The characters that a node reads; everything where the node is of an unusual kind. */
function charsOf(node: { readonly type: string }, flags: string): CharSet {
  const element = node as AST.Character | AST.CharacterClassRange | AST.CharacterSet | AST.CharacterClass | { type: 'other' };
  const folded = (set: CharSet): CharSet => (flags.includes('i') ? foldCase(set) : set);
  switch (element.type) {
    case 'Character':
      return folded([[element.value, element.value]]);
    case 'CharacterClassRange':
      return folded([[element.min.value, element.max.value]]);
    case 'CharacterSet': {
      if (element.kind === 'any') return flags.includes('s') ? any : complement(lineEnds);
      const set = element.kind === 'digit' ? digits : element.kind === 'word' ? wordCharacters : element.kind === 'space' ? spaces : null;
      return set === null ? any : element.negate ? complement(set) : set;
    }
    case 'CharacterClass': {
      const set = union((element.elements as readonly { type: string }[]).map((member) => charsOf(member, flags)));
      return element.negate ? complement(set) : set;
    }
    default:
      return any;
  }
}

/** Both cases of ASCII letters; beyond ASCII everything, which errs towards overlap. */
function foldCase(set: CharSet): CharSet {
  const extra: CharSet[] = [set];
  for (const [from, to] of set) {
    for (const [low, high, shift] of [
      [65, 90, 32],
      [97, 122, -32],
    ] as const) {
      const start = Math.max(from, low);
      const end = Math.min(to, high);
      if (start <= end) extra.push([[start + shift, end + shift]]);
    }
    if (to > 0x7f) extra.push([[0x80, top]]);
  }
  return union(extra);
}
