import { evaluateCheck, observeCheck } from './evaluate/outcome.js';
import { buildReport } from './evaluate/build-report.js';
import { rollUp } from './evaluate/rollup.js';
import { evaluateTree } from './evaluate/tree.js';
import type { Definitions } from './definitions.js';
import { findDeployables, inside, partitionOwners, workloadOwnership, type Deployable } from './inventory/deployables.js';
import { environmentVariables } from './inventory/environment.js';
import { detectTechnologies, possibleTechnologies } from './inventory/technologies.js';
import { capabilitiesOf, deriveTraits, traitsFor } from './inventory/traits.js';
import { makeView, withParams, withTraits, type Partition, type ViewParts } from './inventory/view.js';
import type { Check, Trait } from './model/check.js';
import type { Checklist, SelectedCheck } from './model/checklist.js';
import type { Item } from './model/document.js';
import type { Environment } from './model/environment.js';
import type { Evidence, Judgement } from './model/evidence.js';
import type { Facts } from './model/facts.js';
import type { View } from './model/probe.js';
import type { FileInfo } from './model/file.js';
import type { Finding, Report, Suppression } from './model/report.js';
import type { Note, Target } from './model/target.js';
import { liveTraits, observe, type Observations, type Subject } from './observe.js';
import { probes } from './probes/index.js';
import { CelError } from './safe/cel.js';
import { scan } from './scan/scan.js';
import { withFrames } from './target/frames.js';

export interface AuditOptions {
  readonly target: Target;
  readonly checklist: Checklist;
  readonly definitions: Definitions;
  readonly version: string;
  /** Whether the checklist was taken from the target itself. */
  readonly fromTarget: boolean;
  readonly now: Date;
  /** The running system to look at beside the files; the caller closes it. */
  readonly environment?: Environment | undefined;
  /** Ids of all checks there are, which comments of acceptance may name; default: those that are judged. */
  readonly knownChecks?: readonly string[];
  /** Where the checklist comes from, if not from the files as they are; it says which comments of acceptance count. */
  readonly policy?: AuditPolicy | undefined;
  onProgress?(done: number, total: number): void;
}

/** A git ref that decides what is accepted, see commands/policy.ts. */
export interface AuditPolicy {
  readonly ref: string;
  readonly commit: string;
  readonly notes: readonly Note[];
  hold(found: readonly Item[], files: readonly FileInfo[]): { readonly kept: readonly Suppression[]; readonly notes: readonly Note[] };
}

/** An item of the concept `suppressions` as exceptions take it. */
export const suppressionOf = ({ path, line, check, covers, reason }: Item): Suppression => ({
  check: String(check),
  path,
  line,
  covers: covers as number[],
  reason: String(reason),
});

/** Target and checklist in, report out: scan once, take the inventory, judge, except, score. */
export async function audit(options: AuditOptions): Promise<Report> {
  const started = performance.now();
  const { target, checklist, definitions } = options;
  const facts = await scanTarget(target, definitions, options.onProgress);
  const today = options.now.toISOString().slice(0, 10);
  const { environment, policy } = options;
  const inventory = takeInventory(facts, target, definitions, today, liveTraits(environment));
  const observed = environment && (await observe(environment, subjectsOf(checklist.checks, inventory, today)));
  const all = [...checklist.checks, ...unselected(definitions.checks, checklist)];
  const findings = judgeAll(all, inventory, today, checklist.checks, observed);
  const comments = facts.items.get('suppressions') ?? [];
  const held = policy?.hold(comments, facts.files);
  const report = buildReport({
    version: options.version,
    target: {
      name: target.name,
      commit: target.git.commit,
      branch: target.git.branch,
      dirty: target.git.dirty,
      files: facts.counters.listed,
      readFiles: facts.counters.read,
    },
    checklist,
    fromTarget: options.fromTarget,
    date: options.now.toISOString(),
    durationMs: Math.round(performance.now() - started),
    inventory: inventoryOf(inventory, definitions, facts),
    findings,
    notes: [
      ...target.notes,
      ...facts.notes,
      ...(checklist.notes ?? []).map((message) => ({ kind: 'checklist' as const, message })),
      ...(policy?.notes ?? []),
      ...(held?.notes ?? []),
    ],
    suppressions: held?.kept ?? comments.map(suppressionOf),
    knownChecks: options.knownChecks ?? definitions.checks.map((c) => c.id),
    ...(policy ? { policy } : {}),
    ...(observed ? { environment: { name: environment.name, endpoints: [...observed.endpoints], ...observed.counts } } : {}),
    environmentVariables: environmentVariables(facts.items.get('env-variables') ?? [], inventory.repository.view.file),
  });
  return withFrames(report, target);
}

/** Checks that are only asked about by passes(), with their own defaults. */
function unselected(checks: readonly Check[], checklist: Checklist): SelectedCheck[] {
  const selected = new Set(checklist.checks.map((s) => s.check.id));
  return checks
    .filter((c) => !selected.has(c.id))
    .map((check) => ({ check, severity: check.severity, weight: 1, params: { ...check.params } }));
}

/** The one pass; readers of technologies that no manifest and no file shows are left out. */
export function scanTarget(target: Target, definitions: Definitions, onProgress?: (done: number, total: number) => void): Promise<Facts> {
  return scan(target, definitions.plan, {
    onProgress,
    possible: (dependencies, files) => possibleTechnologies(definitions.technologies, dependencies, files),
  });
}

/** One thing that checks are judged for: the repository, a deployable, or the folder of a manifest. */
interface Unit {
  readonly name: string | null;
  readonly deployable: Deployable | null;
  readonly view: View;
  readonly technologies: readonly { id: string; evidence: readonly Evidence[] }[];
  readonly traits: ReadonlyMap<string, readonly Evidence[]>;
  readonly auxiliary: boolean;
}

export interface Inventory {
  readonly repository: Unit;
  readonly deployables: readonly Unit[];
  readonly manifests: readonly Unit[];
}

/** What the repository and each of its deployables is and uses. */
export function takeInventory(
  facts: Facts,
  target: Target,
  definitions: Definitions,
  today: string,
  given: readonly string[] = [],
): Inventory {
  const deployables = findDeployables(facts, target.name);
  const unit = (
    deployable: Deployable | null,
    partition?: Partition,
    ownsItem?: ViewParts['ownsItem'],
    whole?: Unit,
    asked: readonly Trait[] = definitions.traits,
  ): Unit => {
    const name = deployable?.name ?? null;
    const share = partition && deployable ? { partition, owner: deployable.root } : undefined;
    const bare =
      share || !whole
        ? makeView({ facts, git: target.git, deployable: name, share, ownsItem, today })
        : { ...whole.view, deployable: name };
    const technologies = whole?.technologies ?? detectTechnologies(definitions.technologies, bare);
    const uses = new Map(technologies.map((t) => [t.id, t.evidence]));
    for (const id of given) if (id.startsWith('uses.')) uses.set(kebab(id.slice(5)), givenEvidence);
    const traits = whole?.traits ?? traitsOf(definitions, asked, bare, uses, technologies, given, today);
    const view = withTraits(bare, traits, uses, today);
    return {
      name,
      deployable,
      view,
      technologies,
      traits,
      auxiliary: deployable !== null && deployables.length > 1 && isAuxiliary(view, facts, deployable.root),
    };
  };
  const repository = unit(null);
  const folders = manifestFolders(facts);
  const several = (all: readonly Deployable[]): Partition => ({ ownersOf: partitionOwners(all), groups: new WeakMap() });
  const parts = several(deployables);
  const manifests = several(folders);
  // Manifests are many in a monorepo, and few checks are judged for each.
  const asked = traitsFor(
    definitions.checks.filter((c) => c.scope === 'manifest'),
    definitions.traits,
  );
  return {
    repository,
    deployables:
      deployables.length === 1
        ? deployables.map((d) => unit(d, undefined, undefined, repository))
        : deployables.map((d) => unit(d, parts, workloadOwnership(d, deployables))),
    manifests:
      folders.length === 1
        ? folders.map((d) => unit(d, undefined, undefined, repository))
        : folders.map((d) => unit(d, manifests, undefined, undefined, asked)),
  };
}

const kebab = (name: string): string => name.replaceAll('_', '-');
const givenEvidence: readonly Evidence[] = [{ probe: 'inventory', answer: 'yes', violation: false, message: 'given' }];

function traitsOf(
  definitions: Definitions,
  asked: readonly Trait[],
  view: View,
  uses: ReadonlyMap<string, readonly Evidence[]>,
  technologies: readonly { id: string; evidence: readonly Evidence[] }[],
  given: readonly string[],
  today: string,
) {
  const provides = new Map(definitions.technologies.map((t) => [t.id, t.provides]));
  const capabilities = capabilitiesOf([...technologies, ...[...uses].map(([id, evidence]) => ({ id, evidence }))], provides);
  const named = new Set(given.filter((id) => !id.startsWith('uses.')).map((id) => kebab(id.replace(/^has\./, ''))));
  for (const id of named) capabilities.set(id, givenEvidence);
  const judge = (trait: Trait, has: ReadonlyMap<string, readonly Evidence[]>): Judgement => {
    try {
      return evaluateTree(trait.probe, contextOf(withTraits(view, has, uses, today)));
    } catch (error) {
      if (error instanceof CelError) return { answer: 'unknown', evidence: [] };
      throw error;
    }
  };
  // What an example gives is taken for granted, not derived.
  const derived = asked.filter((trait) => !given.some((id) => kebab(id.replace(/^has\./, '')) === trait.id));
  return deriveTraits(
    derived,
    capabilities,
    judge,
    (expression, has) => withTraits(view, has, uses, today).cel(expression) === true,
    named,
  );
}

/** How a probe tree is judged against a view. */
function contextOf(view: View) {
  return {
    judge: (name: string, params: unknown): Judgement => {
      const probe = probes.get(name);
      if (!probe) throw new Error(`no probe is called ${name}`);
      return probe.judge(params as never, view);
    },
    holds: (expression: string): boolean => view.cel(expression) === true,
  };
}

/** Catalogue, several-deployables: no handler, job or model of its own; a few lines that start a ready-made thing. */
function isAuxiliary(view: View, facts: Facts, root: string): boolean {
  const lines = view
    .files({ roles: ['product'] })
    .filter((f) => inside(f.path, root))
    .reduce((sum, f) => sum + (facts.linesByFile.get(f.path) ?? 0), 0);
  const shownInside = (id: string) => view.because(id).some((e) => e.location !== undefined && inside(e.location.path, root));
  const own =
    view.items('routes').some((r) => inside(r.path, root)) ||
    ['schema-owner', 'worker'].some(shownInside) ||
    (lines >= 60 && shownInside('web-ui'));
  return !own && (lines < 120 || shownInside('load-testing'));
}

/** The folders that hold manifests of dependencies, each judged on its own by checks of scope `manifest`. */
function manifestFolders(facts: Facts): Deployable[] {
  const folders = new Map<string, Evidence[]>();
  const apart = new Set(facts.files.filter((f) => f.role === 'test' || f.role === 'sample').map((f) => f.path));
  for (const d of facts.items.get('dependencies') ?? []) {
    if (d.source !== 'manifest' || apart.has(d.path)) continue;
    const root = d.path.includes('/') ? d.path.slice(0, d.path.lastIndexOf('/')).replace(/(^|\/)requirements$/, '') : '';
    const known = folders.get(root);
    if (!known)
      folders.set(root, [
        { probe: 'deployable', answer: 'yes', violation: false, location: { path: d.path, line: 1 }, message: 'declares dependencies' },
      ]);
  }
  return [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([root, evidence]) => ({ name: root === '' ? '.' : root, root, evidence }));
}

const auxiliaryCategories = new Set(['secrets', 'containers', 'infrastructure']);

/** Every check for everything it is judged for: one finding a unit, `deployable: null` where there is one only. `passes()` is evaluated on demand, once per unit. */
export function judgeAll(
  selected: readonly SelectedCheck[],
  inventory: Inventory,
  today: string,
  wanted: readonly SelectedCheck[] = selected,
  observed?: Observations,
): Finding[] {
  const byId = new Map(selected.map((s) => [s.check.id, s]));
  const known = new Map<string, Finding>();
  const inProgress = new Set<string>();
  const judge = (one: SelectedCheck, unit: Unit): Finding => {
    const key = `${one.check.id}\n${one.check.scope === 'repository' ? '' : (unit.name ?? '')}`;
    const done = known.get(key);
    if (done) return done;
    inProgress.add(key);
    // One endpoint cannot speak for each of several deployables, so it is heard on their roll-up.
    const live = unitsOf(one.check, inventory).length <= 1 ? observed?.measured : undefined;
    const view = withParams(unit.view, { params: one.params, today, passes: (id) => passes(id, unit), measured: live });
    const finding = evaluateCheck(one, view, { probes });
    inProgress.delete(key);
    known.set(key, finding);
    return finding;
  };
  const passes = (id: string, unit: Unit): boolean => {
    const other = byId.get(id);
    if (!other) return false;
    const key = `${id}\n${other.check.scope === 'repository' ? '' : (unit.name ?? '')}`;
    if (inProgress.has(key)) return false;
    return judge(other, other.check.scope === 'repository' ? inventory.repository : unit).outcome === 'pass';
  };
  return wanted.flatMap((one) => {
    const units = unitsOf(one.check, inventory);
    if (units.length <= 1) return [{ ...judge(one, units[0] ?? inventory.repository), deployable: null }];
    return withLiveRollUp(
      units.map((unit) => ({ ...judge(one, unit), deployable: unit.name })),
      one,
    );
  });

  function withLiveRollUp(findings: Finding[], one: SelectedCheck): Finding[] {
    if (!observed || !one.check.observe) return findings;
    const view = withParams(inventory.repository.view, { params: one.params, today, measured: observed.measured });
    const rolled = rollUp(findings);
    const joined = observeCheck(rolled, one, view, { probes });
    if (joined === rolled) return findings;
    const decided = joined.evidence.some((e) => e.where !== undefined && e.answer !== 'unknown');
    if (decided) return [joined, ...findings];
    return findings.map((finding) => observeCheck(finding, one, view, { probes }));
  }
}

/** Every check that looks at a running system, with the view that its questions are put for. */
export function subjectsOf(selected: readonly SelectedCheck[], inventory: Inventory, today: string): Subject[] {
  return selected
    .filter((one) => one.check.observe)
    .map((one) => {
      const units = unitsOf(one.check, inventory);
      const seen = (unit: Unit) => withParams(unit.view, { params: one.params, today });
      return { selected: one, view: seen(units.length === 1 ? (units[0] as Unit) : inventory.repository), units: units.map(seen) };
    });
}

function unitsOf(check: Check, inventory: Inventory): readonly Unit[] {
  if (check.scope === 'repository') return [inventory.repository];
  if (check.scope === 'manifest') return inventory.manifests.length > 0 ? inventory.manifests : [inventory.repository];
  const judged = inventory.deployables.filter((u) => !u.auxiliary || auxiliaryCategories.has(check.category));
  return judged.length > 0 ? judged : [inventory.repository];
}

function inventoryOf(inventory: Inventory, definitions: Definitions, facts: Facts): Report['inventory'] {
  const titles = new Map<string, { title: string; kind: string }>(definitions.technologies.map((t) => [t.id, t]));
  const traitIds = new Set(definitions.traits.map((t) => t.id));
  const traitTitles = new Map(definitions.traits.map((t) => [t.id, t.title]));
  const { repository } = inventory;
  const kinds = ['http-service', 'web-ui', 'worker', 'published-package', 'iac'].filter((k) => repository.traits.has(k));
  return {
    kinds,
    languages: [...facts.productLines]
      .map(([language, lines]) => ({ language, lines }))
      .sort((a, b) => b.lines - a.lines || (a.language < b.language ? -1 : 1)),
    technologies: repository.technologies.map((t) => ({
      id: t.id,
      title: titles.get(t.id)?.title ?? t.id,
      kind: titles.get(t.id)?.kind ?? 'library',
      evidence: t.evidence.slice(0, 3),
    })),
    capabilities: [...repository.traits.keys()].filter((id) => !traitIds.has(id)).sort(),
    traits: [...repository.traits]
      .filter(([id]) => traitIds.has(id))
      .map(([id, evidence]) => ({ id, title: traitTitles.get(id) ?? id, evidence: evidence.slice(0, 3) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    deployables: inventory.deployables.map((u) => ({
      name: u.deployable?.name ?? '',
      root: u.deployable?.root ?? '',
      auxiliary: u.auxiliary,
      traits: [...u.traits.keys()].filter((id) => traitIds.has(id)).sort(),
      evidence: [...(u.deployable?.evidence ?? [])],
    })),
  };
}
