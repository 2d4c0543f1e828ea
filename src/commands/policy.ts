import { join } from 'node:path';
import { suppressionOf } from '../audit.js';
import { suppressionsIn } from '../documents/concepts/suppressions/index.js';
import type { Checklist } from '../model/checklist.js';
import type { Item } from '../model/document.js';
import { UsageError } from '../model/error.js';
import type { FileInfo } from '../model/file.js';
import type { Suppression } from '../model/report.js';
import type { Note } from '../model/target.js';
import { sourceOf } from '../scan/source.js';
import { openTree, type Tree } from '../target/ref.js';
import { loadFiles } from './builtins.js';

/**
 * Where checklist, thresholds, waivers, attestations and comments of acceptance are taken from with `--policy-from`: a commit of
 * the target's repository, so that a change cannot accept its own failures.
 */
export interface Policy {
  readonly ref: string;
  readonly commit: string;
  has(path: string): boolean;
  /** For `loadChecklist`: the text of a file by its path in the work tree; throws where the commit has none. */
  read(path: string): string;
  ownChecks(folder: string): ReturnType<typeof loadFiles>;
  /** What the work tree's checklist says otherwise, each of it without effect; a checklist that cannot be read says nothing. */
  notes(policy: Checklist, here: () => Promise<Checklist | null>): Promise<Note[]>;
  /** Of the comments found, those that stand in that commit too, with the reason that it gives; and a note on each of the others. */
  hold(found: readonly Item[], files: readonly FileInfo[]): { kept: Suppression[]; notes: Note[] };
}

/** The policy at a ref of the repository that `path` is in. Throws UsageError. */
export async function openPolicy(path: string, ref: string): Promise<Policy> {
  return policyAt(await openTree(path, ref, '--policy-from'));
}

export function policyAt(tree: Tree): Policy {
  const { ref } = tree;
  return {
    ref,
    commit: tree.commit,
    has: (file) => tree.text(file) !== null,
    read(file) {
      const text = tree.text(file);
      if (text === null) throw new UsageError(`it is not part of ${ref}`);
      return text;
    },
    ownChecks(folder) {
      const wanted = tree.below(folder).filter((name) => /^(?!\.)[^/]+(?:\/[^/]+)?\.ya?ml$/.test(name));
      if (wanted.length === 0) throw new UsageError(`${ref} has no checks there`);
      return loadFiles(Object.fromEntries(wanted.map((name) => [name, tree.text(join(folder, name)) ?? ''])), `${folder}/`);
    },
    async notes(policy, here) {
      const said: Note = {
        kind: 'checklist',
        message: `Checklist, thresholds, waivers and attestations are those of ${ref} (${tree.commit.slice(0, 7)}).`,
      };
      try {
        return [said, ...differences(ref, policy, await here())];
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        return [
          said,
          { kind: 'checklist', message: `The checklist here has faults, which do not matter as long as that of ${ref} is used.` },
        ];
      }
    },
    hold: (found, files) => hold(tree, found, files),
  };
}

function hold(tree: Tree, found: readonly Item[], files: readonly FileInfo[]): { kept: Suppression[]; notes: Note[] } {
  const kept: Suppression[] = [];
  const notes: Note[] = [];
  const there = new Map<string, Item[]>();
  for (const item of found) {
    const file = files.find((f) => f.path === item.path);
    if (!there.has(item.path)) {
      const text = file ? tree.text(join(tree.root, item.path)) : null;
      there.set(item.path, file && text !== null ? suppressionsIn(sourceOf(file, text)) : []);
    }
    const rest = there.get(item.path) ?? [];
    const index = rest.findIndex((other) => other['check'] === item['check'] && other['anchor'] === item['anchor']);
    const [known] = index < 0 ? [] : rest.splice(index, 1);
    if (known) kept.push({ ...suppressionOf(item), reason: String(known['reason']) });
    else
      notes.push({
        kind: 'exception',
        message: `\`readiness: ignore ${String(item['check'])}\` has no effect: it does not stand in ${tree.ref}, where the policy is read from.`,
        location: { path: item.path, line: item.line },
      });
  }
  return { kept, notes };
}

/** What a work tree's own checklist says otherwise than the policy, which has no effect; `here` is null where it has none. */
function differences(ref: string, policy: Checklist, here: Checklist | null): Note[] {
  if (!here) return [];
  const added = <T>(ours: readonly T[], theirs: readonly T[]): T[] => {
    const known = new Set(theirs.map((one) => JSON.stringify(one)));
    return ours.filter((one) => !known.has(JSON.stringify(one)));
  };
  const exception = (message: string): Note => ({ kind: 'exception', message });
  const other =
    policy.digest !== here.digest || JSON.stringify(policy.thresholds) !== JSON.stringify(here.thresholds)
      ? [
          {
            kind: 'checklist',
            message: `${here.name} here selects, weighs or gates otherwise than in ${ref}; that has no effect until it is part of ${ref}.`,
          } as const,
        ]
      : [];
  return [
    ...other,
    ...added(here.waivers, policy.waivers).map((w) =>
      exception(`Waiver of ${w.check} by ${w.owner} has no effect: it is not part of ${ref}.`),
    ),
    ...added(here.attestations, policy.attestations).map((a) =>
      exception(`Attestation of ${a.check} by ${a.by} has no effect: it is not part of ${ref}.`),
    ),
  ];
}
