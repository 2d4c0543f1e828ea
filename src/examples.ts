import { judgeAll, scanTarget, subjectsOf, takeInventory } from './audit.js';
import type { RecordedAnswers } from './connect/recorded.js';
import type { Definitions } from './definitions.js';
import { rollUp } from './evaluate/rollup.js';
import type { Check, Example } from './model/check.js';
import type { SelectedCheck } from './model/checklist.js';
import type { GitFacts } from './model/probe.js';
import type { Finding } from './model/report.js';
import { liveTraits, observe } from './observe.js';
import { memoryTarget } from './target/memory.js';

export interface ExampleFailure {
  readonly check: string;
  /** Number of the example in the file, from 1, and its name. */
  readonly example: string;
  readonly message: string;
}

const wantedOutcomes = ['pass', 'fail', 'unknown', 'not-applicable'] as const;

/**
 * Runs the examples of one check against the in-memory target, and mutates: for an example that passes, the lines (or
 * files) that the evidence names are deleted, and the outcome must no longer be a pass.
 */
export async function runExamples(check: Check, definitions: Definitions, today: string): Promise<ExampleFailure[]> {
  const failures: ExampleFailure[] = [];
  for (const [index, example] of check.examples.entries()) {
    const label = `${index + 1}${example.name ? ` (${example.name})` : ''}`;
    const fail = (message: string) => failures.push({ check: check.id, example: label, message });
    const wanted = wantedOutcomes.find((o) => example[o] !== undefined);
    if (!wanted) {
      fail('names no outcome: pass, fail, unknown or not-applicable');
      continue;
    }
    const files = contents(example[wanted] ?? {});
    const finding = await judgeFiles(check, files, example, definitions, today);
    if (finding.outcome !== wanted) {
      fail(`should be ${wanted}, is ${finding.outcome}: ${finding.summary}`);
      continue;
    }
    if (example.kind && finding.kind !== example.kind) fail(`should fail as ${example.kind}, fails as ${finding.kind}`);
    for (const at of [example.at ?? []].flat())
      if (!places(finding).includes(at)) fail(`no evidence at ${at}; evidence is at ${places(finding).join(', ') || 'no place'}`);
    if (wanted === 'pass' && example.mutate !== false) {
      const mutated = withoutEvidence(files, finding);
      // What the running system shows is not in the files: without it the pass must go, or be the files' own.
      if (finding.rung === 'observed') {
        const unseen = await judgeFiles(check, files, { ...example, environment: {} }, definitions, today);
        if (unseen.rung === 'observed') fail('still passes as observed when nothing is observed');
      } else if (!mutated) fail('its evidence names no place, so that nothing can be mutated; set mutate: false if it passes by absence');
      else if ((await judgeFiles(check, mutated, example, definitions, today)).outcome === 'pass')
        fail(`still passes when its evidence is deleted (${places(finding).join(', ')})`);
    }
  }
  return failures;
}

/** Whether a trait holds for the repository that these files are. */
export async function traitHolds(
  id: string,
  files: NonNullable<Example['pass']>,
  definitions: Definitions,
  today: string,
): Promise<boolean> {
  const target = memoryTarget(contents(files));
  const facts = await scanTarget(target, definitions);
  return takeInventory(facts, target, definitions, today).repository.traits.has(id);
}

/** Lists are joined, so that nothing which looks like a credential stands in a check's file. */
function contents(files: NonNullable<Example['pass']>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Array.isArray(text) ? text.join('') : text]));
}

async function judgeFiles(
  check: Check,
  files: Record<string, string>,
  example: Example,
  definitions: Definitions,
  today: string,
): Promise<Finding> {
  const target = memoryTarget(files, example.git as Partial<GitFacts> | undefined);
  const facts = await scanTarget(target, definitions);
  const environment = example.environment && (await recorded(example.environment));
  const inventory = takeInventory(facts, target, definitions, today, [...(example.given ?? []), ...liveTraits(environment)]);
  const selected = definitions.checks.map((c) => select(c, c.id === check.id ? example.params : undefined));
  const wanted = selected.filter((s) => s.check.id === check.id);
  const observed = environment && (await observe(environment, subjectsOf(wanted, inventory, today)));
  const findings = judgeAll(selected, inventory, today, wanted, observed);
  return findings.find((f) => f.deployable === null) ?? rollUp(findings);
}

/** The recorded twin, its facts completed by the defaults of each connection's schema. */
async function recorded(answers: NonNullable<Example['environment']>) {
  const { connectors, recordedEnvironment } = await import('./connect/index.js');
  const schemas = new Map<string, { parse(facts: unknown): unknown }>();
  for (const kind of Object.keys(answers) as (keyof typeof answers)[]) {
    const connector = await connectors[kind]?.();
    if (connector) schemas.set(kind, connector.facts);
  }
  return recordedEnvironment(answers as RecordedAnswers, (kind, facts) => schemas.get(kind)?.parse(facts) ?? facts);
}

const select = (check: Check, params: Record<string, unknown> = {}): SelectedCheck => ({
  check,
  severity: check.severity,
  weight: 1,
  params: { ...check.params, ...params },
});

const places = (finding: Finding): string[] =>
  finding.evidence.flatMap((e) => (e.location ? [e.location.line ? `${e.location.path}:${e.location.line}` : e.location.path] : []));

/** The files without the lines that the evidence for the pass names; null where it names none. */
function withoutEvidence(files: Record<string, string>, finding: Finding): Record<string, string> | null {
  const locations = finding.evidence.flatMap((e) => (e.answer === 'yes' && e.location ? [e.location] : []));
  if (locations.length === 0) return null;
  const mutated = { ...files };
  for (const path of new Set(locations.map((l) => l.path))) {
    const lines = new Set(locations.filter((l) => l.path === path).map((l) => l.line));
    const text = mutated[path];
    if (text === undefined) continue;
    if (lines.has(undefined)) delete mutated[path];
    else {
      const kept = text.split('\n').filter((_, i) => !lines.has(i + 1));
      if (kept.every((line) => line.trim() === '')) delete mutated[path];
      else mutated[path] = kept.join('\n');
    }
  }
  return mutated;
}
