import { Environment } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { compileClosure, leftToEngine } from './cel-closures.js';
import { celRegex, functions, literalPatterns, operators, renamed } from './cel-functions.js';
import { nearest } from './nearest.js';

/** The expression cannot be used at all: syntax, an unknown function, a type that can never fit. `offset` counts UTF-16 units from 0. */
export class CelSyntaxError extends Error {
  constructor(
    message: string,
    readonly expression: string,
    readonly offset: number,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'CelSyntaxError';
  }
}

/** The expression met a value it cannot work with (a method on null, a missing key). Probes answer `unknown` with this message. */
export class CelError extends Error {
  constructor(
    message: string,
    readonly expression: string,
    readonly offset: number | null = null,
  ) {
    super(message);
    this.name = 'CelError';
  }
}

/** A read of a member of `uses`, `has`, `param` or `item`: `uses.docker` at offset 4. */
export interface CelReference {
  readonly root: 'uses' | 'has' | 'param' | 'item';
  readonly name: string;
  readonly offset: number;
}

export interface CelProgram {
  readonly expression: string;
  /** Free variables, sorted: `item`, and members as `uses.docker`, `has.http_service`, `param.max`. */
  readonly identifiers: readonly string[];
  readonly references: readonly CelReference[];
  /** Ids given to `passes("category/name")`. */
  readonly passes: readonly { readonly id: string; readonly offset: number }[];
  /** Throws CelSyntaxError for unknown functions and for types that can never fit; for loaders, since it costs as much as compiling. */
  verify(): void;
  /**
   * The value as plain data (integers as numbers, lists as arrays, empty optionals as null). `uses` and `has` may be sets or records of
   * names with `_` or `-`; a name they do not hold is false. `passes` is a function from id to boolean; `today` defaults to the current
   * date. `shared` has what `variables` does not name. Throws CelError.
   */
  evaluate(variables: Readonly<Record<string, unknown>>, shared?: Readonly<Record<string, unknown>>): unknown;
  /** `evaluate` without the closures, which are held against it in tests. */
  evaluateByEngine(variables: Readonly<Record<string, unknown>>): unknown;
  /** `evaluate` for conditions: anything but true or false is a CelError. */
  holds(variables: Readonly<Record<string, unknown>>): boolean;
  /**
   * Three-valued: what the expression is when only some of `uses.x` and `has.x` are known. Follows `&&`, `||`, `!` and literals; every
   * other part counts as not known.
   */
  decide(known: (path: string) => boolean | undefined): boolean | undefined;
}

const FLAGS = new Set(['uses', 'has']);
const MEMBERS = new Set(['uses', 'has', 'param', 'item']);
/** Macros whose first argument names a variable that the rest of the arguments may use. */
const BINDING_MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Functions cannot be passed as variables to the engine; evaluation is synchronous, so one slot is enough (saved when nested). */
let passesNow: ((id: string) => boolean) | undefined;

let environment: Environment | undefined;
/** Functions that expressions may call, for the nearest name in messages. */
let functionNames: string[] = [];

function environmentOf(): Environment {
  if (environment) return environment;
  const made = new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 2000, maxDepth: 60 },
  });
  for (const [signature, handler] of operators) made.registerOperator(signature, handler);
  for (const [signature, handler] of functions) made.registerFunction(signature, handler);
  made.registerFunction('passes(string): bool', (id: string) => {
    if (!passesNow) throw new Error('passes() can only be used in `applies`');
    return passesNow(id);
  });
  const hidden = new Set(renamed.values());
  functionNames = [...new Set(made.getDefinitions().functions.map((f) => f.name))].filter((name) => !hidden.has(name));
  return (environment = made);
}

const programs = new Map<string, CelProgram>();

/**
 * Compiles a CEL expression (cel.dev) with the functions of `cel-functions.ts`; the same text gives the same program.
 * Numbers are CEL doubles or ints and mix freely. Throws CelSyntaxError for faults of syntax; `verify()` finds the others.
 */
export function compileCel(expression: string): CelProgram {
  const known = programs.get(expression);
  if (known) return known;
  if (programs.size > 20_000) programs.clear();
  const program = compile(expression);
  programs.set(expression, program);
  return program;
}

function compile(expression: string): CelProgram {
  const env = environmentOf();
  let run: ReturnType<Environment['parse']>;
  try {
    run = env.parse(expression);
  } catch (error) {
    throw syntaxError(error, expression);
  }
  const found = inspect(run.ast, expression);
  const usesToday = found.roots.has('today');
  const flagNames = new Map<string, string[]>();
  for (const reference of found.references) {
    if (FLAGS.has(reference.root)) flagNames.set(reference.root, [...(flagNames.get(reference.root) ?? []), reference.name]);
  }

  const closure = compileClosure(run.ast);
  const evaluate = (own: Readonly<Record<string, unknown>>, shared: Readonly<Record<string, unknown>> = {}): unknown => {
    if (closure) {
      const value = closure(own, shared);
      if (value !== leftToEngine) return value;
    }
    return byEngine({ ...shared, ...own });
  };
  const byEngine = (variables: Readonly<Record<string, unknown>>): unknown => {
    let context: Record<string, unknown> = variables;
    if (flagNames.size > 0 || (usesToday && variables['today'] === undefined)) {
      context = { ...variables };
      for (const [root, names] of flagNames) {
        context[root] = flagsOf(variables[root], names);
      }
      if (usesToday) context['today'] ??= new Date().toISOString().slice(0, 10);
    }
    const saved = passesNow;
    passesNow = variables['passes'] as typeof passesNow;
    try {
      return plain(run(context));
    } catch (error) {
      throw new CelError(messageOf(error), expression, offsetOf(error));
    } finally {
      passesNow = saved;
    }
  };

  return {
    expression,
    verify() {
      for (const { pattern, offset } of found.patterns) {
        try {
          celRegex(pattern);
        } catch (error) {
          throw new CelSyntaxError(messageOf(error), expression, offset);
        }
      }
      const checked = run.check();
      if (!checked.valid) throw syntaxError(checked.error, expression);
    },
    identifiers: [...new Set([...found.roots, ...found.references.map((r) => `${r.root}.${r.name}`)])].sort(),
    references: found.references,
    passes: found.passes,
    evaluate,
    evaluateByEngine: (variables) => byEngine(variables),
    holds(variables) {
      const value = evaluate(variables);
      if (typeof value === 'boolean') return value;
      throw new CelError(`a condition must be true or false, this is ${value === null ? 'null' : typeof value}`, expression);
    },
    decide: (known) => decide(run.ast, known),
  };
}

/** What an expression sees of `uses` and `has`, remembered for each set, since one set meets thousands of expressions. */
const flagMaps = new WeakMap<object, Map<string, boolean>>();

function flagsOf(flags: unknown, names: readonly string[]): Map<string, boolean> {
  const known = flags && typeof flags === 'object' ? flagMaps.get(flags) : undefined;
  const map = known ?? new Map<string, boolean>();
  if (!known && flags && typeof flags === 'object') flagMaps.set(flags, map);
  for (const name of names) if (!map.has(name)) map.set(name, holdsFlag(flags, name));
  return map;
}

function holdsFlag(flags: unknown, name: string): boolean {
  const kebab = name.replaceAll('_', '-');
  if (flags instanceof Set) return flags.has(name) || flags.has(kebab);
  if (flags && typeof flags === 'object') {
    const record = flags as Record<string, unknown>;
    return (Object.hasOwn(record, name) && record[name] === true) || (Object.hasOwn(record, kebab) && record[kebab] === true);
  }
  return false;
}

interface Found {
  readonly roots: Set<string>;
  readonly references: CelReference[];
  readonly passes: { id: string; offset: number }[];
  /** Literal arguments of `matches`; `verify()` holds them against the guard, evaluation takes them as verified. */
  readonly patterns: { pattern: string; offset: number }[];
}

/** Collects the free names and literal patterns, and points the calls we guard at our own functions. */
function inspect(ast: ASTNode, expression: string): Found {
  const found: Found = { roots: new Set(), references: [], passes: [], patterns: [] };
  const visit = (node: ASTNode, bound: ReadonlySet<string>): void => {
    switch (node.op) {
      case 'value':
        return;
      case 'id': {
        if (bound.has(node.args)) return;
        if (FLAGS.has(node.args)) {
          throw new CelSyntaxError(`\`${node.args}\` is read by member: ${node.args}.<name>`, expression, node.start);
        }
        found.roots.add(node.args);
        return;
      }
      case '.':
      case '.?': {
        const [left, name] = node.args;
        if (left.op === 'id' && MEMBERS.has(left.args) && !bound.has(left.args)) {
          found.references.push({ root: left.args as CelReference['root'], name, offset: left.start });
          if (!FLAGS.has(left.args)) found.roots.add(left.args);
          return;
        }
        return visit(left, bound);
      }
      case 'call': {
        const [name, args] = node.args;
        if (name === 'passes') {
          const id = args[0];
          if (id?.op !== 'value' || typeof id.args !== 'string') {
            throw new CelSyntaxError('passes() takes the id of a check as a literal: passes("category/name")', expression, node.start);
          }
          found.passes.push({ id: id.args, offset: id.start });
        }
        rename(node.args, 'call');
        for (const arg of args) visit(arg, bound);
        return;
      }
      case 'rcall': {
        const [name, receiver, args] = node.args;
        const isBind = name === 'bind' && receiver.op === 'id' && receiver.args === 'cel';
        const variable = args[0];
        const binds = (isBind || BINDING_MACROS.has(name)) && args.length >= 2 && variable?.op === 'id' ? variable.args : null;
        if (name === 'matches' && variable?.op === 'value' && typeof variable.args === 'string') {
          found.patterns.push({ pattern: variable.args, offset: variable.start });
          literalPatterns.add(variable.args);
        }
        if (!isBind && !(receiver.op === 'id' && receiver.args === 'optional')) visit(receiver, bound);
        rename(node.args, 'rcall');
        if (binds === null) for (const arg of args) visit(arg, bound);
        else {
          const inner = new Set([...bound, binds]);
          args.slice(1).forEach((arg, index) => visit(arg, isBind && index === 0 ? bound : inner));
        }
        return;
      }
      case 'map':
        for (const [key, value] of node.args) {
          visit(key, bound);
          visit(value, bound);
        }
        return;
      case '!_':
      case '-_':
        return visit(node.args, bound);
      default:
        for (const child of node.args as readonly ASTNode[]) visit(child, bound);
    }
  };
  visit(ast, new Set());
  return found;
}

/** The engine does not let its own `matches` and `bytes` be replaced, so calls to them are led to ours before they are checked. */
function rename(args: [string, ...unknown[]], kind: 'call' | 'rcall'): void {
  const ours = renamed.get(`${kind}:${args[0]}`);
  if (ours) args[0] = ours;
}

function decide(node: ASTNode, known: (path: string) => boolean | undefined): boolean | undefined {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'boolean' ? node.args : undefined;
    case '.':
      return node.args[0].op === 'id' && FLAGS.has(node.args[0].args) ? known(`${node.args[0].args}.${node.args[1]}`) : undefined;
    case '!_': {
      const value = decide(node.args, known);
      return value === undefined ? undefined : !value;
    }
    case '&&':
    case '||': {
      const absorbing = node.op === '||';
      const left = decide(node.args[0], known);
      if (left === absorbing) return left;
      const right = decide(node.args[1], known);
      if (right === absorbing) return right;
      return left === undefined || right === undefined ? undefined : !absorbing;
    }
    default:
      return undefined;
  }
}

/** Integers come out of CEL as BigInt; reports, templates and JSON want numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return [...value].map(plain);
  if (value && typeof value === 'object') {
    if ('orValue' in value && 'hasValue' in value) return plain((value as { orValue(other: null): unknown }).orValue(null));
    if (value.constructor === Object) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
  }
  return value;
}

const summaryOf = (error: unknown): string | undefined => (error as { summary?: string }).summary;

function messageOf(error: unknown): string {
  let message = summaryOf(error) ?? (error instanceof Error ? error.message : String(error));
  for (const [theirs, ours] of renamed) message = message.replaceAll(ours, theirs.slice(theirs.indexOf(':') + 1));
  return message;
}

const offsetOf = (error: unknown): number | null => (error as { range?: { start: number } }).range?.start ?? null;

function syntaxError(error: unknown, expression: string): CelSyntaxError {
  const message = messageOf(error);
  const offset = offsetOf(error) ?? 0;
  const called = /^found no matching overload for '(?:[^']*\.)?([A-Za-z_]\w*)\(/.exec(message)?.[1];
  if (called && !functionNames.includes(called)) {
    const near = nearest(called, functionNames);
    return new CelSyntaxError(`unknown function ${called}()`, expression, offset, near ? `did you mean ${near}()?` : undefined);
  }
  return new CelSyntaxError(message, expression, offset);
}
