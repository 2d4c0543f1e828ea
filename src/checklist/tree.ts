import validRange from 'semver/ranges/valid.js';
import type { ProbeNode } from '../model/check.js';
import { CelSyntaxError, compileCel } from '../safe/cel.js';
import { JsonPathError, compileJsonPath } from '../safe/jsonpath.js';
import { parseMessage } from '../safe/message.js';
import { compileRegex, requiredLiterals } from '../safe/regex.js';
import { didYouMean, hintOf, unknownWord, validate, type Fault } from './issues.js';
import { snake, type Vocabulary } from './vocabulary.js';

type Path = readonly (string | number)[];

/** A fault at a character of a string. */
export interface StringFault extends Fault {
  readonly offset?: number;
}

export interface Context {
  readonly vocabulary: Vocabulary;
  /** Names of the check's parameters. */
  readonly params: readonly string[];
  /** Ids that `passes()` may name; null where it cannot be used. */
  readonly checks: ReadonlySet<string> | null;
}

/** Variables that probes give to their expressions beside `uses`, `has` and `param`. */
const PROBE_VARIABLES = ['item', 'doc', 'facts', 'endpoint', 'route', 'file', 'line', 'match', 'git', 'param', 'today'];
/** Parameters of probes that hold CEL, whatever the probe is; new probes follow the same names. */
const CEL_PARAMS = ['where', 'require', 'find', 'routes'];
const GROUPS = ['all', 'any', 'none'] as const;
const NODE_KEYS = ['if', 'message', 'rung', ...GROUPS];
/** A literal of this length must be in every pattern, so that one pass over the bytes finds its candidates. */
const MIN_LITERAL = 3;

/**
 * Verifies a probe tree: node keys, probe names, parameters against the probes' schemas, expressions, paths, patterns and messages.
 * Gives the tree with parameters as the schemas parse them, and the faults with paths that begin with `path`.
 */
export function checkTree(node: ProbeNode, path: Path, context: Context): { node: ProbeNode; faults: StringFault[] } {
  const faults: StringFault[] = [];
  const { if: condition, message, rung, ...rest } = node;
  if (condition !== undefined) faults.push(...celFaults(condition, [...path, 'if'], ['param'], context));
  if (message !== undefined) faults.push(...messageFaults(message, [...path, 'message'], context));
  const kept: ProbeNode = {};
  if (condition !== undefined) kept.if = condition;
  if (message !== undefined) kept.message = message;
  if (rung !== undefined) kept.rung = rung;

  const keys = Object.keys(rest).filter((key) => rest[key] !== undefined);
  const allowed = [...GROUPS, ...context.vocabulary.probes.keys()];
  const known = keys.filter((key) => allowed.includes(key));
  for (const key of keys) {
    if (allowed.includes(key)) continue;
    const near = didYouMean(key, [...allowed, ...NODE_KEYS]);
    faults.push({ path: [...path, key], on: 'key', message: `unknown probe \`${key}\``, hint: near ?? hintOf(key, allowed) });
  }
  if (known.length > 1) {
    faults.push({
      path: [...path, known[1]!],
      on: 'key',
      message: `a node has one probe or group, this one has ${known.map((k) => `\`${k}\``).join(' and ')}`,
      hint: 'put them under `all`, `any` or `none`',
    });
  }
  if (keys.length === 0)
    faults.push({
      path,
      on: 'value',
      message: 'a node needs a probe or one of all, any, none',
      hint: `probes: ${[...context.vocabulary.probes.keys()].join(', ')}`,
    });

  for (const key of known) {
    if ((GROUPS as readonly string[]).includes(key)) {
      const members = (rest[key] as ProbeNode[]).map((member, index) => checkTree(member, [...path, key, index], context));
      kept[key] = members.map((member) => member.node);
      faults.push(...members.flatMap((member) => member.faults));
    } else {
      const probe = checkProbe(key, rest[key], [...path, key], context);
      kept[key] = probe.params;
      faults.push(...probe.faults);
    }
  }
  return { node: kept, faults };
}

function checkProbe(name: string, given: unknown, path: Path, context: Context): { params: unknown; faults: StringFault[] } {
  const parsed = validate(context.vocabulary.probes.get(name)!.params, given, `\`${name}\``);
  if (parsed.value === null) return { params: given, faults: parsed.faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] })) };
  const faults: StringFault[] = [];
  if (typeof parsed.value === 'string') {
    faults.push(...(name === 'inventory' ? celFaults(parsed.value, path, ['param'], context) : messageFaults(parsed.value, path, context)));
  }
  if (parsed.value && typeof parsed.value === 'object') {
    const params = parsed.value as Record<string, unknown>;
    const fields =
      typeof params['kind'] === 'string' && params['select'] === undefined ? context.vocabulary.fields?.get(params['kind']) : undefined;
    for (const key of CEL_PARAMS) {
      const expression = params[key];
      if (typeof expression === 'string') faults.push(...celFaults(expression, [...path, key], PROBE_VARIABLES, context, fields));
    }
    const kind = params['kind'];
    if (typeof kind === 'string' && !context.vocabulary.kinds.has(kind)) {
      faults.push(unknownWord('kind', kind, [...context.vocabulary.kinds].sort(), [...path, 'kind'], 'value'));
    }
    if (name === 'dependency') faults.push(...dependencyFaults(params, path));
    if (typeof params['select'] === 'string') faults.push(...pathFaults(params['select'], [...path, 'select']));
    if (typeof params['message'] === 'string') faults.push(...messageFaults(params['message'], [...path, 'message'], context, fields));
    if (typeof params['seen'] === 'string') faults.push(...messageFaults(params['seen'], [...path, 'seen'], context, fields));
    if (typeof params['pattern'] === 'string')
      faults.push(...patternFaults(params['pattern'], params['ignoreCase'] === true, [...path, 'pattern']));
  }
  return { params: parsed.value, faults };
}

/** Ecosystems of the concept `dependencies`; `plugin` is a build plugin. */
export const ecosystems = ['npm', 'pypi', 'go', 'maven', 'gem', 'composer', 'nuget', 'cargo', 'plugin'];

/** The ecosystem of `npm:express`, and null where there is none that we know. */
export const ecosystemOf = (dependency: string): string | null => ecosystems.find((name) => dependency.startsWith(`${name}:`)) ?? null;

/** A name without its ecosystem, or a range that is none, would silently match nothing. */
function dependencyFaults(params: Record<string, unknown>, path: Path): StringFault[] {
  const faults: StringFault[] = [];
  const { any, version } = params;
  if (Array.isArray(any)) {
    any.forEach((dependency: unknown) => {
      if (typeof dependency === 'string' && ecosystemOf(dependency) === null)
        faults.push({
          path: [...path, 'any'],
          on: 'value',
          message: `a dependency is ecosystem:name, not \`${dependency}\``,
          hint: `ecosystems: ${ecosystems.join(', ')}`,
        });
    });
  }
  if (typeof version === 'string' && validRange(version) === null) {
    faults.push({
      path: [...path, 'version'],
      on: 'value',
      message: `\`${version}\` is no range of versions`,
      hint: 'for example: >=1.2 <3',
    });
  }
  return faults;
}

/** Faults of one CEL expression: syntax, unknown variables, and unknown names in `uses`, `has`, `param`, `item` and `passes()`. */
export function celFaults(
  expression: string,
  path: Path,
  variables: readonly string[],
  context: Context,
  fields?: readonly string[],
  shift = 0,
): StringFault[] {
  let program;
  try {
    program = compileCel(expression);
    program.verify();
  } catch (error) {
    if (!(error instanceof CelSyntaxError)) throw error;
    return [{ path, on: 'value', offset: shift + error.offset, message: `CEL: ${error.message}`, hint: error.hint }];
  }
  const { vocabulary } = context;
  const known = {
    uses: () => [...vocabulary.technologies].map(snake),
    has: () => [...vocabulary.traits, ...vocabulary.capabilities].map(snake),
    param: () => context.params,
    item: () => fields ?? null,
  };
  const kinds = { uses: 'technology', has: 'trait or capability', param: 'parameter', item: 'field' };
  const faults: StringFault[] = [];
  for (const { root, name, offset } of program.references) {
    if ((root === 'param' || root === 'item') && !variables.includes(root)) continue;
    const names = known[root]();
    if (names === null || names.includes(name)) continue;
    const hint = hintOf(
      `${root}.${name}`,
      names.map((known) => `${root}.${known}`),
    );
    const elsewhere = root === 'has' && known.uses().includes(name) ? 'uses' : root === 'uses' && known.has().includes(name) ? 'has' : null;
    faults.push({
      path,
      on: 'value',
      offset: shift + offset,
      message: `unknown ${kinds[root]} \`${root}.${name}\``,
      hint: elsewhere ? `did you mean \`${elsewhere}.${name}\`?` : hint,
    });
  }
  for (const name of program.identifiers) {
    if (name.includes('.') || variables.includes(name)) continue;
    const allowed = ['uses', 'has', ...variables];
    faults.push({
      ...unknownWord('variable', name, allowed, path, 'value'),
      offset: shift + Math.max(0, expression.search(new RegExp(`\\b${name}\\b`))),
    });
  }
  for (const { id, offset } of program.passes) {
    if (context.checks === null)
      faults.push({ path, on: 'value', offset: shift + offset, message: 'passes() can only be used in `applies`' });
    else if (!context.checks.has(id))
      faults.push({
        ...unknownWord('check', id, [...context.checks], path, 'value'),
        hint: didYouMean(id, [...context.checks]),
        offset: shift + offset,
      });
  }
  return faults;
}

/** Faults of the `{{CEL}}` placeholders of a message. */
export function messageFaults(template: string, path: Path, context: Context, fields?: readonly string[]): StringFault[] {
  return parseMessage(template).flatMap((part) =>
    'text' in part ? [] : celFaults(part.expression, path, PROBE_VARIABLES, { ...context, checks: null }, fields, part.offset),
  );
}

function pathFaults(path_: string, path: Path): StringFault[] {
  try {
    compileJsonPath(path_);
    return [];
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    return [{ path, on: 'value', offset: error.offset, message: `JSONPath: ${error.message}` }];
  }
}

/** Faults of a text pattern: syntax, unsafe in time, or without a literal that the scanner could look for. */
export function patternFaults(pattern: string, ignoreCase: boolean, path: Path): StringFault[] {
  try {
    compileRegex(pattern, ignoreCase ? 'i' : '');
  } catch (error) {
    return [{ path, on: 'value', message: error instanceof Error ? error.message : String(error) }];
  }
  const literals = requiredLiterals(pattern, ignoreCase);
  if (literals !== null && literals.every((literal) => literal.length >= MIN_LITERAL)) return [];
  return [
    {
      path,
      on: 'value',
      message: `pattern has no literal of ${MIN_LITERAL} characters that every match contains`,
      hint: 'name the word that is looked for; alternatives each need one',
    },
  ];
}
