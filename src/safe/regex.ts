import { RegExpParser } from '@eslint-community/regexpp';
import type { AST } from '@eslint-community/regexpp';
import { whyUnsafe } from './regex-ambiguity.js';

/** A pattern that is refused, and why. `reason` completes the sentence "the pattern ...". */
export class UnsafeRegexError extends Error {
  constructor(
    readonly pattern: string,
    readonly reason: string,
  ) {
    super(`the pattern /${pattern.slice(0, 200)}/ ${reason}`);
    this.name = 'UnsafeRegexError';
  }
}

const longest = 5_000;
const compiled = new Map<string, RegExp | UnsafeRegexError>();

/**
 * A regular expression that cannot take exponential time. Throws UnsafeRegexError for one that is not valid, has a
 * backreference, or may backtrack too much on lines of `limits.lineChars` characters. `trusted` patterns (those that were
 * accepted before) are only compiled. A returned object is shared unless its flags hold state (g, y).
 */
export function compileRegex(pattern: string, flags = '', trusted = false): RegExp {
  const key = `${flags}/${pattern}`;
  let result = compiled.get(key);
  if (!result) {
    result = trusted ? new RegExp(pattern, flags) : check(pattern, flags);
    if (compiled.size > 20_000) compiled.clear();
    compiled.set(key, result);
  }
  if (result instanceof UnsafeRegexError) throw result;
  return /[gy]/.test(flags) ? new RegExp(result.source, flags) : result;
}

function check(pattern: string, flags: string): RegExp | UnsafeRegexError {
  if (pattern.length > longest) return new UnsafeRegexError(pattern, `is longer than ${longest} characters`);
  let regex: RegExp;
  let tree: AST.Pattern;
  try {
    regex = new RegExp(pattern, flags);
    tree = parse(pattern, flags);
  } catch (error) {
    return new UnsafeRegexError(
      pattern,
      `is no valid regular expression: ${error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : ''}`,
    );
  }
  const reason = whyUnsafe(tree, flags);
  return reason === null ? regex : new UnsafeRegexError(pattern, reason);
}

function parse(pattern: string, flags: string): AST.Pattern {
  return new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode: flags.includes('u'), unicodeSets: flags.includes('v') });
}

/** Strings of which each match contains one; `exact` where the node matches these and nothing else. */
interface Literals {
  readonly exact: readonly string[] | null;
  readonly best: readonly string[] | null;
}

const mostVariants = 16;
const mostLiterals = 64;
const shortest = 3;
const nothing: Literals = { exact: null, best: null };

/**
 * A small set of literals (lower case, ASCII, 3 or more characters, without line breaks) of which every match of `pattern`
 * contains at least one, whatever the case; null when there is none. Lookarounds are ignored. Throws UnsafeRegexError for an
 * invalid pattern. With `ignoreCase` false the literals are still compared without case, so that one automaton serves all.
 */
export function requiredLiterals(pattern: string, ignoreCase = false): string[] | null {
  let tree: AST.Pattern;
  try {
    tree = parse(pattern, '');
  } catch (error) {
    throw new UnsafeRegexError(pattern, `is no valid regular expression: ${error instanceof Error ? error.message : ''}`);
  }
  const { exact, best } = ofAlternatives(tree.alternatives, ignoreCase);
  const chosen = better(usable(exact), best);
  return chosen ? [...chosen] : null;
}

/** A set without strings that contain another one of it, or null when one is too short. */
function usable(literals: readonly string[] | null): readonly string[] | null {
  if (!literals || literals.length === 0) return null;
  const unique = [...new Set(literals)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const kept = unique.filter((literal, index) => !unique.slice(0, index).some((shorter) => literal.includes(shorter)));
  return kept.length > mostLiterals || kept.some((literal) => literal.length < shortest) ? null : kept;
}

/** Words of nearly every file of some language: as literals they are worth less than any other. */
const everywhere = new Set(
  'from import export const class return function async await public static string value values name type data this self true false null none with for and not else new def func string list'.split(
    ' ',
  ),
);

const weakest = (set: readonly string[]): number =>
  Math.min(...set.map((literal) => (everywhere.has(literal.trim()) ? shortest - 1 : literal.length)));

/** The set whose shortest literal is longest; of equal ones the smaller set. */
function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (!a || !b) return a ?? b;
  const difference = Math.min(weakest(a), 12) - Math.min(weakest(b), 12);
  return difference > 0 || (difference === 0 && a.length <= b.length) ? a : b;
}

function ofAlternatives(alternatives: readonly AST.Alternative[], ignoreCase: boolean): Literals {
  const parts = alternatives.map((alternative) => ofSequence(alternative.elements, ignoreCase));
  if (parts.length === 1 && parts[0]) return parts[0];
  const exact = parts.every((part) => part.exact) ? [...new Set(parts.flatMap((part) => part.exact ?? []))] : null;
  const branches = parts.map((part) => better(usable(part.exact), part.best));
  const best = branches.every((branch) => branch) ? usable(branches.flatMap((branch) => branch ?? [])) : null;
  return { exact: exact && exact.length <= mostVariants ? exact : null, best };
}

function ofSequence(elements: readonly AST.Element[], ignoreCase: boolean): Literals {
  let best: readonly string[] | null = null;
  let run: readonly string[] = [''];
  let whole = true;
  const append = (variants: readonly string[]): boolean => {
    if (run.length * variants.length > mostVariants) return false;
    run = [...new Set(run.flatMap((head) => variants.map((tail) => head + tail)))];
    return true;
  };
  const flush = (): void => {
    best = better(usable(run), best);
    run = [''];
    whole = false;
  };
  for (const element of elements) {
    if (element.type === 'Assertion') continue;
    const part = ofElement(element, ignoreCase);
    if (part.exact) {
      if (!append(part.exact)) {
        flush();
        append(part.exact);
      }
    } else if (element.type === 'Quantifier' && element.min > 0) {
      // x+ begins and ends with a copy of x, with more copies between the two.
      const copy = ofElement(element.element, ignoreCase);
      if (copy.exact) append(copy.exact);
      flush();
      best = better(best, part.best);
      if (copy.exact) append(copy.exact);
    } else {
      flush();
      best = better(best, part.best);
    }
  }
  if (whole) return { exact: run, best: null };
  return { exact: null, best: better(usable(run), best) };
}

function ofElement(element: AST.Element, ignoreCase: boolean): Literals {
  switch (element.type) {
    case 'Character':
      return ofCharacters([element.value]);
    case 'CharacterClass':
      return ofClass(element);
    case 'Group':
    case 'CapturingGroup':
      return ofAlternatives(element.alternatives, ignoreCase);
    case 'Quantifier': {
      if (element.max === 0) return { exact: [''], best: null };
      const inner = ofElement(element.element, ignoreCase);
      if (element.min === 0) {
        const optional = element.max === 1 && inner.exact && inner.exact.length < mostVariants;
        return optional ? { exact: [...new Set(['', ...(inner.exact ?? [])])], best: null } : nothing;
      }
      if (element.min === element.max && inner.exact?.length === 1 && element.min <= 20)
        return { exact: [(inner.exact[0] ?? '').repeat(element.min)], best: null };
      return element.min === 1 && element.max === 1 ? inner : { exact: null, best: better(usable(inner.exact), inner.best) };
    }
    default:
      return nothing;
  }
}

function ofClass(node: AST.CharacterClass): Literals {
  if (node.negate) return nothing;
  const members: number[] = [];
  for (const element of node.elements) {
    if (element.type === 'Character') members.push(element.value);
    else if (element.type === 'CharacterClassRange' && element.max.value - element.min.value < 4) {
      for (let value = element.min.value; value <= element.max.value; value++) members.push(value);
    } else return nothing;
  }
  return members.length > 0 && members.length <= 8 ? ofCharacters(members) : nothing;
}

/** Letters are folded; line breaks, other controls and what is not ASCII are never part of a literal. */
function ofCharacters(values: readonly number[]): Literals {
  if (values.some((value) => value > 0x7e || (value < 0x20 && value !== 9))) return nothing;
  const exact = [...new Set(values.map((value) => String.fromCharCode(value).toLowerCase()))];
  return exact.length <= 4 ? { exact, best: null } : nothing;
}
