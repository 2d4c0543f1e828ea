import {
  checkSchema,
  probeNode,
  technologySchema,
  traitSchema,
  type Check,
  type CheckSource,
  type Example,
  type ProbeNode,
  type Technology,
  type Trait,
} from '../model/check.js';
import { ChecklistError, type Problem } from '../model/error.js';
import { compileCel } from '../safe/cel.js';
import { inOrder, locate, readFolder, sortedEntries, type Files } from './files.js';
import { didYouMean, unknownWord, validate } from './issues.js';
import { parseSource, type YamlSource } from './source.js';
import { celFaults, checkTree, ecosystemOf, ecosystems, messageFaults, patternFaults, type Context, type StringFault } from './tree.js';
import { snake, type Vocabulary } from './vocabulary.js';

/** Folders below `checks/` that hold other things than checks. */
const OTHER_FOLDERS = new Set(['technologies', 'traits', 'checklists']);
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const OUTCOMES = ['pass', 'fail', 'unknown', 'not-applicable'] as const;
const MIN_EXAMPLES = 2;

/**
 * Loads checks from a folder (`<category>/<name>.yaml`, the id is the path) or from files in memory; `label` is put before paths in
 * messages. Throws ChecklistError with every problem of every file, each at its line and column.
 */
export function loadChecks(from: string | Files, vocabulary: Vocabulary, label = typeof from === 'string' ? `${from}/` : ''): Check[] {
  const files = sortedEntries(typeof from === 'string' ? readFolder(from) : from).filter(
    ([path]) => !OTHER_FOLDERS.has(path.split('/')[0]!),
  );
  const ids = new Set([...files.map(([path]) => idOf(path)), ...(vocabulary.checks ?? [])]);
  const problems: Problem[] = [];
  const checks: Check[] = [];
  const sources = new Map<string, YamlSource>();
  for (const [path, text] of files) {
    const source = parseSource(label + path, text);
    const loaded = loadCheck(path, source, ids, vocabulary);
    problems.push(...loaded.problems);
    if (loaded.check) {
      checks.push(loaded.check);
      sources.set(loaded.check.id, source);
    }
  }
  problems.push(...cycles(checks, sources));
  if (problems.length > 0) throw new ChecklistError(inOrder(problems));
  return checks;
}

const idOf = (path: string): string => path.replace(/\.ya?ml$/, '');

function loadCheck(
  path: string,
  source: YamlSource,
  ids: ReadonlySet<string>,
  vocabulary: Vocabulary,
): { check: Check | null; problems: Problem[] } {
  if (source.problems.length > 0) return { check: null, problems: [...source.problems] };
  const id = idOf(path);
  const [category = '', name, ...more] = id.split('/');
  const faults: StringFault[] = [];
  if (name === undefined || more.length > 0 || !KEBAB.test(category) || !KEBAB.test(name)) {
    faults.push({ path: [], on: 'value', message: `a check is a file <category>/<name>.yaml in kebab-case, this one is ${path}` });
  }
  const parsed = validate(checkSchema, source.value);
  if (parsed.value === null) {
    const all = [...faults, ...parsed.faults, ...partFaults(source.value, ids, vocabulary)];
    return { check: null, problems: all.map((fault) => locate(source, fault)) };
  }

  const check = parsed.value as CheckSource;
  const context: Context = { vocabulary, params: Object.keys(check.params ?? {}), checks: null };
  faults.push(...celFaults(check.applies, ['applies'], ['param'], { ...context, checks: ids }));
  const tree = checkTree(check.probe, ['probe'], context);
  faults.push(...tree.faults);
  const observe = check.observe && checkTree(check.observe, ['observe'], context);
  if (observe) faults.push(...observe.faults);
  if (check.looked !== undefined) faults.push(...messageFaults(check.looked, ['looked'], context));
  check.fix.snippets?.forEach((snippet, index) =>
    faults.push(...celFaults(snippet.if, ['fix', 'snippets', index, 'if'], ['param'], context)),
  );
  if (check.claims.length === 0)
    faults.push({
      path: [],
      on: 'key',
      message: '`claims` is missing',
      hint: 'list the phrases that people write for this, for `readiness verify`',
    });
  faults.push(...exampleFaults(check, vocabulary));
  const problems = faults.map((fault) => locate(source, fault));
  return {
    check:
      problems.length === 0
        ? { ...check, probe: tree.node, ...(observe ? { observe: observe.node } : {}), id, category, file: source.file }
        : null,
    problems,
  };
}

/** Where the shape is wrong somewhere, `applies` and `probe` are still verified, so that one run tells everything. */
function partFaults(value: unknown, ids: ReadonlySet<string>, vocabulary: Vocabulary): StringFault[] {
  const { applies, params, probe } = (value ?? {}) as Record<string, unknown>;
  const names = params && typeof params === 'object' ? Object.keys(params) : [];
  const context: Context = { vocabulary, params: names, checks: null };
  const tree = validate<ProbeNode>(probeNode, probe);
  return [
    ...(typeof applies === 'string' ? celFaults(applies, ['applies'], ['param'], { ...context, checks: ids }) : []),
    ...(tree.value === null ? [] : checkTree(tree.value, ['probe'], context).faults),
  ];
}

function exampleFaults(check: CheckSource, vocabulary: Vocabulary): StringFault[] {
  const faults: StringFault[] = [];
  const count = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };
  check.examples.forEach((example, index) => {
    const path = ['examples', index];
    const outcomes = OUTCOMES.filter((outcome) => example[outcome] !== undefined);
    if (outcomes.length !== 1) faults.push({ path, on: 'value', message: `an example has exactly one of ${OUTCOMES.join(', ')}` });
    for (const outcome of outcomes) count[outcome]++;
    faults.push(...exampleDetails(example, path, check, vocabulary));
  });
  const decidesByFiles = check.evidence === 'static' || check.evidence === 'both';
  for (const outcome of ['pass', 'fail'] as const) {
    if (decidesByFiles && count[outcome] < MIN_EXAMPLES) {
      faults.push({
        path: ['examples'],
        on: 'key',
        message: `${MIN_EXAMPLES} \`${outcome}\` examples are needed, there ${count[outcome] === 1 ? 'is 1' : 'are none'}`,
        hint: 'examples are the tests of a check',
      });
    }
  }
  if (check.applies.trim() !== 'true' && count['not-applicable'] === 0) {
    faults.push({
      path: ['examples'],
      on: 'key',
      message: 'a `not-applicable` example is needed',
      hint: 'show a repository that the check must leave alone',
    });
  }
  return faults;
}

function exampleDetails(example: Example, path: readonly (string | number)[], check: CheckSource, vocabulary: Vocabulary): StringFault[] {
  const faults: StringFault[] = [];
  const known = [...[...vocabulary.technologies].map((name) => `uses.${name}`), ...vocabulary.traits, ...vocabulary.capabilities];
  const names = new Set(known.flatMap((name) => (name.startsWith('uses.') ? [snake(name)] : [snake(name), snake(`has.${name}`)])));
  example.given?.forEach((name, index) => {
    if (!names.has(snake(name)))
      faults.push({
        ...unknownWord('trait, capability or technology', name, [], [...path, 'given', index], 'value'),
        hint: didYouMean(name, known),
      });
  });
  const places = example.at === undefined ? [] : Array.isArray(example.at) ? example.at : [example.at];
  if (places.length > 0 && !example.fail) faults.push({ path: [...path, 'at'], on: 'key', message: '`at` belongs to a `fail` example' });
  for (const place of places) {
    const file = place.replace(/:\d+$/, '');
    if (example.fail && !Object.hasOwn(example.fail, file)) {
      faults.push({
        path: [...path, 'at'],
        on: 'value',
        message: `\`${file}\` is not a file of this example`,
        hint: `files: ${Object.keys(example.fail).join(', ')}`,
      });
    }
  }
  for (const name of Object.keys(example.params ?? {})) {
    const allowed = Object.keys(check.params ?? {});
    if (!allowed.includes(name)) faults.push(unknownWord('parameter', name, allowed, [...path, 'params', name], 'key'));
  }
  return faults;
}

/** Checks that wait for each other through `passes()` would never apply. */
function cycles(checks: readonly Check[], sources: ReadonlyMap<string, YamlSource>): Problem[] {
  const next = new Map(checks.map((check) => [check.id, compileCel(check.applies).passes.map((reference) => reference.id)]));
  const state = new Map<string, 'open' | 'done'>();
  const problems: Problem[] = [];
  const visit = (id: string, trail: readonly string[]): void => {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      const cycle = [...trail.slice(trail.indexOf(id)), id];
      const source = sources.get(id)!;
      problems.push(
        locate(source, { path: ['applies'], on: 'value', message: `\`applies\` goes round in a circle: ${cycle.join(' → ')}` }),
      );
      return;
    }
    state.set(id, 'open');
    for (const other of next.get(id) ?? []) if (next.has(other)) visit(other, [...trail, id]);
    state.set(id, 'done');
  };
  for (const check of checks) visit(check.id, []);
  return problems;
}

/** Loads technologies from a folder of `<id>.yaml` files or from memory. Throws ChecklistError with all problems. */
export function loadTechnologies(from: string | Files, label = typeof from === 'string' ? `${from}/` : ''): Technology[] {
  return loadEach(from, label, (id, source) => {
    const parsed = validate(technologySchema, source.value);
    if (parsed.value === null) return { value: null, faults: parsed.faults };
    const faults: StringFault[] = [];
    parsed.value.provides.forEach((name, index) => {
      if (!KEBAB.test(name))
        faults.push({ path: ['provides', index], on: 'value', message: `a capability is written in kebab-case, not \`${name}\`` });
    });
    parsed.value.dependencies.forEach((dependency, index) => {
      if (ecosystemOf(dependency) !== null) return;
      const prefix = dependency.split(':')[0]!;
      faults.push({
        ...unknownWord('ecosystem', prefix, ecosystems, ['dependencies', index], 'value'),
        message: `a dependency is ecosystem:name, not \`${dependency}\``,
      });
    });
    parsed.value.text.forEach((entry, index) => faults.push(...patternFaults(entry.pattern, false, ['text', index, 'pattern'])));
    return { value: { ...parsed.value, id } as Technology, faults };
  });
}

/** Loads traits from a folder of `<id>.yaml` files or from memory; their own names need not be in the vocabulary. Throws ChecklistError. */
export function loadTraits(from: string | Files, vocabulary: Vocabulary, label = typeof from === 'string' ? `${from}/` : ''): Trait[] {
  const files = typeof from === 'string' ? readFolder(from, 1) : from;
  const traits = new Set([...vocabulary.traits, ...Object.keys(files).map(idOf)]);
  const context: Context = { vocabulary: { ...vocabulary, traits }, params: [], checks: null };
  return loadEach(files, label, (id, source) => {
    const parsed = validate(traitSchema, source.value);
    if (parsed.value === null) return { value: null, faults: parsed.faults };
    const trait = parsed.value as Omit<Trait, 'id'>;
    const faults: StringFault[] = trait.applies === undefined ? [] : celFaults(trait.applies, ['applies'], [], context);
    const tree = checkTree(trait.probe as ProbeNode, ['probe'], context);
    return { value: { ...trait, probe: tree.node, id }, faults: [...faults, ...tree.faults] };
  });
}

function loadEach<T>(
  from: string | Files,
  label: string,
  load: (id: string, source: YamlSource) => { value: T | null; faults: StringFault[] },
): T[] {
  const problems: Problem[] = [];
  const values: T[] = [];
  for (const [path, text] of sortedEntries(typeof from === 'string' ? readFolder(from, 1) : from)) {
    const source = parseSource(label + path, text);
    problems.push(...source.problems);
    if (source.problems.length > 0) continue;
    const id = idOf(path);
    if (!KEBAB.test(id))
      problems.push(
        locate(source, { path: [], on: 'value', message: `the file is named after what it describes, in kebab-case, not ${path}` }),
      );
    const { value, faults } = load(id, source);
    problems.push(...faults.map((fault) => locate(source, fault)));
    if (value !== null) values.push(value);
  }
  if (problems.length > 0) throw new ChecklistError(inOrder(problems));
  return values;
}
