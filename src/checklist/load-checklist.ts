import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { Check, Severity } from '../model/check.js';
import type { Attestation, Checklist, ChecklistSource, SelectedCheck, Waiver } from '../model/checklist.js';
import { ChecklistError, UsageError, type Problem } from '../model/error.js';
import { environmentsOf } from './environments.js';
import { inOrder, locate } from './files.js';
import { isInside } from './inside.js';
import { didYouMean, hintOf, show, unknownWord, type Fault } from './issues.js';
import type { Names } from './conditions.js';
import { salvage, unread } from './salvage.js';
import type { YamlSource } from './source.js';

/** Points of a check by severity. */
export const weights: Readonly<Record<Severity, number>> = { critical: 10, important: 5, recommended: 2 };

/** What a file builds on when it does not say `extends`; `extends: []` begins with nothing. */
export const defaultChecklist = 'production';

/** What the command line adds on top of the checklist. Ids and patterns as in the file. */
export interface CommandLineSelection {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly category?: readonly string[];
  readonly failUnder?: number;
  readonly minCoverage?: number;
  readonly failOn?: Checklist['thresholds']['failOn'];
  readonly phase?: readonly Check['phase'][];
  /** `category/name.parameter=value`. */
  readonly param?: readonly string[];
}

export interface ChecklistRequest {
  /** The name of a built-in checklist, or the path of a file. */
  readonly use: string;
  readonly builtins: Readonly<Record<string, ChecklistSource>>;
  /** All known checks, the built-in ones first of all. */
  readonly checks: readonly Check[];
  /** Given when the file is the target's own: nothing outside this folder may then be named. */
  readonly within?: string;
  /** The audited folder: what a file inside it says of environments is not used, whoever named the file. */
  readonly target?: string;
  /** Loads the checks of a `checksFolder`; without it such folders are refused. */
  readonly loadOwnChecks?: (folder: string) => readonly Check[] | Promise<readonly Check[]>;
  /** Reads a file as text, for other places than the disk; throws when there is none. */
  readonly read?: (path: string) => string;
  readonly cli?: CommandLineSelection;
  /** Technologies, traits and capabilities that conditions of attestations may name; without it any. */
  readonly names?: () => Names;
}

interface Layer {
  /** As shown to the user: `builtin:production`, `readiness.yaml`. */
  readonly name: string;
  readonly folder: string;
  readonly content: ChecklistSource;
  /** Null for built-in checklists, which were verified when they were built. */
  readonly source: YamlSource | null;
}

interface Setting {
  on: boolean;
  severity?: Severity;
  weight?: number;
  params: Record<string, unknown>;
}

const MAX_EXTENDS = 20;
const isPath = (name: string): boolean => /[/\\]|\.ya?ml$/.test(name);

/**
 * Reads a checklist and everything it extends, and resolves it to the checks that an audit runs. Later layers win; within a file,
 * patterns are applied before ids, so that the more specific one wins. Throws ChecklistError with all problems at their places, or
 * UsageError for a file that cannot be read and for wrong command line options.
 */
export async function loadChecklist(request: ChecklistRequest): Promise<Checklist> {
  const problems: Problem[] = [];
  const layers = await collectLayers(request, problems);
  const checks = new Map(request.checks.map((check) => [check.id, check]));
  const settings = new Map<string, Setting>(request.checks.map((check) => [check.id, { on: false, params: {} }]));

  for (const layer of layers) {
    const report = (faults: readonly Fault[]): void => {
      if (!layer.source) return;
      const located = faults.map((fault) => locate(layer.source as YamlSource, fault));
      // What has a wrong shape is not told once more as a wrong name.
      const told = (p: Problem): boolean => problems.some((q) => q.file === p.file && q.line === p.line && q.column === p.column);
      problems.push(...located.filter((p) => !told(p)));
    };
    await addOwnChecks(layer, request, checks, settings, report, problems);
    report(applyLayer(layer.content, checks, settings));
    if (layer.source && layer.content.attestations?.some((a) => a.while !== undefined)) {
      const { conditionFaults } = await import('./conditions.js');
      report(conditionFaults(layer.content, request.names?.()));
    }
  }
  if (problems.length > 0) throw new ChecklistError(inOrder(problems));
  applyCommandLine(request.cli ?? {}, checks, settings);

  const selected = [...settings]
    .filter(([, setting]) => setting.on)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, setting]) => select(checks.get(id)!, setting));
  if (selected.length === 0)
    throw new UsageError('no check is selected', undefined, 'see `readiness checks list` for the checks there are');
  return {
    ...merge(layers, selected, request.cli ?? {}),
    digest: digestOf(layers, [...checks.values()].slice(request.checks.length), request.cli ?? {}),
    ...environmentsOf(layers, request),
  };
}

/** Of what the files and the command line say about selection, weights and parameters; exceptions and thresholds are not part of it. */
function digestOf(layers: readonly Layer[], ownChecks: readonly Check[], cli: CommandLineSelection): string {
  const said = layers.map(({ name, source, content: { extends: bases, only, checks, categories, paths } }) =>
    source ? { bases, only, checks, categories, paths } : name,
  );
  const { only, skip, category, phase, param } = cli;
  const given = [only, skip, category, phase, param].map((list) => [...(list ?? [])].sort());
  return createHash('sha256')
    .update(JSON.stringify([said, ownChecks, given]))
    .digest('hex')
    .slice(0, 16);
}

function select(check: Check, setting: Setting): SelectedCheck {
  const severity = setting.severity ?? check.severity;
  return { check, severity, weight: setting.weight ?? weights[severity], params: { ...check.params, ...setting.params } };
}

function merge(layers: readonly Layer[], checks: SelectedCheck[], cli: CommandLineSelection): Checklist {
  const last = <T>(read: (content: ChecklistSource) => T | undefined): T | undefined =>
    layers.reduce<T | undefined>((found, layer) => read(layer.content) ?? found, undefined);
  const name = layers.at(-1)!.name.replace(/^builtin:/, '');
  return {
    name,
    title: last((content) => content.title) ?? name,
    sources: layers.map((layer) => layer.name),
    checks,
    categoryWeights: Object.assign({}, ...layers.map((layer) => mapValues(layer.content.categories ?? {}, (category) => category.weight))),
    thresholds: {
      score: cli.failUnder ?? last((content) => content.thresholds?.score) ?? null,
      coverage: cli.minCoverage ?? last((content) => content.thresholds?.coverage) ?? null,
      failOn: cli.failOn ?? last((content) => content.thresholds?.failOn) ?? 'critical',
    },
    sections: last((content) => content.sections) ?? [],
    exclude: [...new Set(layers.flatMap((layer) => layer.content.paths?.exclude ?? []))],
    waivers: layers.flatMap((layer) => layer.content.waivers ?? []) as Waiver[],
    attestations: layers.flatMap((layer) => layer.content.attestations ?? []) as Attestation[],
  };
}

const mapValues = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/** The file or built-in asked for, preceded by all it extends, each once and in order. */
async function collectLayers(request: ChecklistRequest, problems: Problem[]): Promise<Layer[]> {
  const layers: Layer[] = [];
  const done = new Set<string>();

  const visit = async (use: string, from: Layer | null, path: (string | number)[], trail: readonly string[]): Promise<void> => {
    const refuse = (message: string, hint?: string): void => {
      if (!from?.source) throw new UsageError(message, undefined, hint);
      problems.push(locate(from.source, { path, on: 'value', message, hint }));
    };
    let layer: Layer | null = null;
    let key: string;
    if (isPath(use)) {
      key = resolve(from?.folder ?? '.', use);
      if (!trail.includes(key) && !done.has(key)) layer = await openFile(use, key, request, problems, refuse);
    } else {
      key = `builtin:${use}`;
      const content = Object.hasOwn(request.builtins, use) ? request.builtins[use] : undefined;
      if (!content)
        return refuse(
          `unknown checklist \`${use}\``,
          hintOf(use, Object.keys(request.builtins)) + '; a file is named by its path: ./my.yaml',
        );
      layer = { name: key, folder: '.', content, source: null };
    }
    if (trail.includes(key))
      return refuse(`\`extends\` goes round in a circle: ${[...trail, key].map((name) => basename(name)).join(' → ')}`);
    if (done.has(key) || !layer) return;
    if (trail.length > MAX_EXTENDS) return refuse(`\`extends\` is nested more than ${MAX_EXTENDS} deep`);

    const { extends: bases = layer.source ? defaultChecklist : [] } = layer.content;
    const list = Array.isArray(bases) ? bases : [bases];
    for (const [index, base] of list.entries())
      await visit(base, layer, Array.isArray(bases) ? ['extends', index] : ['extends'], [...trail, key]);
    done.add(key);
    layers.push(layer);
  };
  await visit(request.use, null, [], []);
  if (problems.length > 0 && layers.length === 0) throw new ChecklistError(inOrder(problems));
  return layers;
}

async function openFile(
  use: string,
  path: string,
  request: ChecklistRequest,
  problems: Problem[],
  refuse: (message: string, hint?: string) => void,
): Promise<Layer | null> {
  if (/^[a-z]+:\/\//i.test(use)) return (refuse(`\`${use}\` is not fetched`, 'checklists are files; put a copy into the repository'), null);
  if (request.within !== undefined && !isInside(request.within, path, request.read === undefined)) {
    return (
      refuse(
        `\`${use}\` is outside the repository`,
        'a repository’s own checklist may only name files of that repository and built-in checklists',
      ),
      null
    );
  }
  let text: string;
  try {
    text = (request.read ?? readText)(path);
  } catch (error) {
    return (refuse(`cannot read the checklist ${use}: ${error instanceof Error ? error.message : String(error)}`), null);
  }
  const { parseChecklist } = await import('./parse-checklist.js');
  const parsed = parseChecklist(shownPath(path, request.within), text);
  problems.push(...parsed.problems);
  const content = parsed.content ?? (parsed.source.problems.length > 0 ? null : salvage(parsed.source.value));
  return content && { name: parsed.source.file, folder: dirname(path), content, source: parsed.source };
}

const shownPath = (path: string, within: string | undefined): string => {
  const shown = relative(within ?? '.', path);
  return shown.startsWith('..') ? path : shown;
};

function readText(path: string): string {
  const size = statSync(path);
  if (!size.isFile()) throw new Error('not a file');
  return readFileSync(path, 'utf8');
}

async function addOwnChecks(
  layer: Layer,
  request: ChecklistRequest,
  checks: Map<string, Check>,
  settings: Map<string, Setting>,
  report: (faults: readonly Fault[]) => void,
  problems: Problem[],
): Promise<void> {
  const folder = layer.content.checksFolder;
  if (folder === undefined) return;
  const path = resolve(layer.folder, folder);
  const refuse = (message: string, hint?: string) => report([{ path: ['checksFolder'], on: 'value', message, hint }]);
  if (!request.loadOwnChecks) return refuse('checks of one’s own cannot be loaded here');
  if (request.within !== undefined && !isInside(request.within, path, request.read === undefined))
    return refuse(`\`${folder}\` is outside the repository`);
  try {
    for (const check of await request.loadOwnChecks(path)) {
      if (checks.has(check.id)) refuse(`the check \`${check.id}\` exists already`, 'give the file another name or category');
      else {
        checks.set(check.id, check);
        settings.set(check.id, { on: true, params: {} });
      }
    }
  } catch (error) {
    if (error instanceof ChecklistError) problems.push(...error.problems);
    else if (error instanceof UsageError) refuse(error.message);
    else throw error;
  }
}

function applyLayer(content: ChecklistSource, checks: ReadonlyMap<string, Check>, settings: Map<string, Setting>): Fault[] {
  const faults: Fault[] = [];
  const resolveIds = (pattern: string, path: readonly (string | number)[], on: 'key' | 'value'): string[] => {
    const ids = pattern === unread ? [] : matching(pattern, checks);
    if (ids.length === 0 && pattern !== unread) faults.push(unknownCheck(pattern, checks, path, on));
    return ids;
  };

  if (content.only) {
    const kept = new Set(content.only.flatMap((pattern, index) => resolveIds(pattern, ['only', index], 'value')));
    for (const [id, setting] of settings) setting.on = kept.has(id);
  }
  const overrides = Object.entries(content.checks ?? {}).sort(([a], [b]) => Number(!isPattern(a)) - Number(!isPattern(b)));
  for (const [pattern, override] of overrides) {
    const exact = !isPattern(pattern);
    for (const id of resolveIds(pattern, ['checks', pattern], 'key')) {
      const setting = settings.get(id)!;
      if (typeof override === 'string') {
        setting.on = override === 'on';
        continue;
      }
      if (exact) setting.on = true;
      if (override.severity !== undefined) setting.severity = override.severity;
      if (override.weight !== undefined) setting.weight = override.weight;
      for (const [name, value] of Object.entries(override.params ?? {})) {
        const fault = paramFault(checks.get(id)!, name, value, ['checks', pattern, 'params', name]);
        if (fault) faults.push(fault);
        else setting.params[name] = value;
      }
    }
  }
  const categories = [...new Set([...checks.values()].map((check) => check.category))].sort();
  for (const category of Object.keys(content.categories ?? {})) {
    if (!categories.includes(category)) faults.push(unknownWord('category', category, categories, ['categories', category], 'key'));
  }
  content.sections?.forEach((section, s) => {
    section.checks.forEach((pattern, c) => resolveIds(pattern, ['sections', s, 'checks', c], 'value'));
    section.items?.forEach((item, i) => item.checks?.forEach((id, c) => resolveIds(id, ['sections', s, 'items', i, 'checks', c], 'value')));
  });
  for (const key of ['waivers', 'attestations'] as const) {
    content[key]?.forEach((exception, index) => {
      if (!checks.has(exception.check) && exception.check !== unread)
        faults.push(unknownCheck(exception.check, checks, [key, index, 'check'], 'value'));
    });
  }
  return faults;
}

/**
 * Ids that a pattern names: an id; `security/*`, where a star stands for anything but a slash; `*` for everything; or
 * `severity:critical` for all checks of that severity, as the checks themselves have it.
 */
function matching(pattern: string, checks: ReadonlyMap<string, Check>): string[] {
  const ids = [...checks.keys()];
  if (pattern === '*' || pattern === '**') return ids;
  if (pattern.startsWith(BY_SEVERITY)) return ids.filter((id) => checks.get(id)!.severity === pattern.slice(BY_SEVERITY.length));
  if (!isPattern(pattern)) return checks.has(pattern) ? [pattern] : [];
  const parts = pattern.split('*').map((part) => part.replace(/[^\w/-]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('[^/]*')}$`);
  return ids.filter((id) => expression.test(id));
}

const BY_SEVERITY = 'severity:';
const isPattern = (name: string): boolean => name.includes('*') || name.startsWith(BY_SEVERITY);

function unknownCheck(pattern: string, checks: ReadonlyMap<string, Check>, path: readonly (string | number)[], on: 'key' | 'value'): Fault {
  const ids = [...checks.keys()];
  if (pattern.startsWith(BY_SEVERITY)) {
    return {
      path,
      on,
      message: `no check matches \`${pattern}\``,
      hint: hintOf(
        pattern,
        Object.keys(weights).map((severity) => BY_SEVERITY + severity),
      ),
    };
  }
  if (isPattern(pattern)) {
    const categories = [...new Set(ids.map((id) => id.slice(0, id.indexOf('/'))))].map((category) => `${category}/*`);
    return { path, on, message: `no check matches \`${pattern}\``, hint: hintOf(pattern, categories) };
  }
  const sameName = ids.find((id) => id.endsWith(`/${pattern.slice(pattern.indexOf('/') + 1)}`));
  const near = didYouMean(pattern, ids) ?? (sameName && `did you mean \`${sameName}\`?`);
  return { path, on, message: `unknown check \`${pattern}\``, hint: near ?? '`readiness checks list` shows all checks' };
}

/** A parameter must exist and be of the type of its default. */
function paramFault(check: Check, name: string, value: unknown, path: readonly (string | number)[]): Fault | null {
  const defaults = check.params ?? {};
  if (!Object.hasOwn(defaults, name)) {
    const allowed = Object.keys(defaults);
    if (allowed.length === 0) return { path, on: 'key', message: `\`${check.id}\` has no parameters` };
    return { ...unknownWord('parameter', name, allowed, path, 'key'), message: `\`${check.id}\` has no parameter \`${name}\`` };
  }
  const usual = defaults[name]!;
  if (Array.isArray(usual) ? Array.isArray(value) && value.every((member) => typeof member === 'string') : typeof value === typeof usual)
    return null;
  const wanted = Array.isArray(usual)
    ? 'a list of texts'
    : { number: 'a number', string: 'a text', boolean: 'true or false' }[typeof usual as 'number'];
  return {
    path,
    on: 'value',
    message: `\`${name}\` of \`${check.id}\` must be ${wanted}, not ${show(value)}`,
    hint: `default: ${JSON.stringify(usual)}`,
  };
}

function applyCommandLine(cli: CommandLineSelection, checks: ReadonlyMap<string, Check>, settings: Map<string, Setting>): void {
  const fail = (where: string, fault: Fault): never => {
    throw new UsageError(fault.message, where, fault.hint);
  };
  const idsOf = (patterns: readonly string[], where: string): Set<string> =>
    new Set(
      patterns.flatMap((pattern) => {
        const ids = matching(pattern, checks);
        return ids.length > 0 ? ids : fail(where, unknownCheck(pattern, checks, [], 'value'));
      }),
    );

  if (cli.category?.length) {
    const categories = [...new Set([...checks.values()].map((check) => check.category))].sort();
    for (const category of cli.category) {
      if (!categories.includes(category)) fail('--category', unknownWord('category', category, categories, [], 'value'));
    }
    for (const [id, setting] of settings) if (!cli.category.includes(checks.get(id)!.category)) setting.on = false;
  }
  if (cli.phase?.length) for (const [id, setting] of settings) if (!cli.phase.includes(checks.get(id)!.phase)) setting.on = false;
  if (cli.only?.length) {
    const kept = idsOf(cli.only, '--only');
    // A check that is asked for by its id runs even where the checklist leaves it out.
    for (const [id, setting] of settings) setting.on = cli.only.includes(id) || (setting.on && kept.has(id));
  }
  for (const id of idsOf(cli.skip ?? [], '--skip')) settings.get(id)!.on = false;
  for (const given of cli.param ?? []) {
    const match = /^([a-z0-9-]+\/[a-z0-9-]+)\.([^=]+)=(.*)$/s.exec(given);
    if (!match) throw new UsageError(`\`${given}\` is not category/name.parameter=value`, '--param');
    const [, id, name, text] = match as unknown as [string, string, string, string];
    const check = checks.get(id) ?? fail('--param', unknownCheck(id, checks, [], 'value'));
    const value = typed(text, check.params?.[name]);
    const fault = paramFault(check, name, value, []);
    if (fault) fail('--param', fault);
    settings.get(id)!.params[name] = value;
  }
}

/** Text from the command line in the type of the default; text that does not fit stays text, which is then reported. */
function typed(text: string, usual: unknown): unknown {
  if (typeof usual === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (typeof usual === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return Array.isArray(usual) ? text.split(',').map((part) => part.trim()) : text;
}
