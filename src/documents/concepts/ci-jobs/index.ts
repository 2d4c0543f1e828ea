import type { Combiner, Document, Reader } from '../../../model/document.js';
import { at, joinPath, list, record, text } from '../../json.js';
import { commandsOf } from './commands.js';
import { asDraft, asItem, type CiStep, type Draft } from './draft.js';
import { githubSteps } from './github.js';
import { gitlabSteps } from './gitlab.js';
import { otherSystems } from './others.js';
import { actionPurposes, commandPurposes } from './purposes.js';
import { ScriptIndex, scripts } from './scripts.js';

const maxRun = 20_000;
/** What `npm init` writes where there are no tests, and what stands in for a target that a workspace asks of every package. */
const idle = /^\s*(?:echo\b[^\n]*\bno tests?\b|(?:exit 0|true|:)\s*$)/i;

interface LocalAction {
  readonly run: string;
  readonly purposes: readonly string[];
}

/** Actions of the repository itself: the shell and purposes of their steps, by the folder that `uses: ./x` names. */
function localActions(documents: readonly Document[]): Map<string, LocalAction> {
  return new Map(
    documents.map((d) => {
      const steps = list(at(d.root, 'steps')).map(record);
      return [
        d.path.slice(0, Math.max(0, d.path.lastIndexOf('/'))),
        {
          run: steps
            .map((s) => text(s['run']))
            .filter(Boolean)
            .join('\n'),
          purposes: steps.flatMap((s) => actionPurposes(text(s['uses']), record(s['with']))),
        },
      ];
    }),
  );
}

function finish(step: Draft, index: ScriptIndex, actions: ReadonlyMap<string, LocalAction>): CiStep {
  const { dir, ownHost, ...item } = step;
  const local = item.uses.startsWith('./') ? actions.get(joinPath(item.uses) ?? '') : undefined;
  const shell = local ? local.run : item.run;
  const bodies = index.resolve(shell, joinPath(dir) ?? '');
  const direct = commandsOf(shell).map((c) => ({ ...c, purposes: commandPurposes(c.text) }));
  const called = bodies.flatMap((b) => commandsOf(b.body)).map((c) => ({ ...c, purposes: commandPurposes(c.text) }));
  const empty = bodies.length > 0 && bodies.every((b) => idle.test(b.body));
  const purposes = new Set<string>([...item.purposes, ...actionPurposes(item.uses, item.with), ...(local?.purposes ?? [])]);
  for (const command of [...direct, ...called])
    for (const purpose of command.purposes) if (!(empty && (purpose === 'test' || purpose === 'lint'))) purposes.add(purpose);
  // On a machine of its own, or in a named environment, starting the containers is the deployment.
  if (
    (ownHost || item.environment !== '') &&
    [...direct, ...called].some((c) => /^docker[ -]compose (?:.* )?up (?:.* )?(?:-d|--detach|--wait)\b/.test(c.text))
  )
    purposes.add('deploy');
  const swallowed = (commands: readonly { purposes: string[]; swallowed: boolean; text: string }[]): boolean => {
    const relevant = commands.filter((c) => c.purposes.length > 0);
    return relevant.length > 0 && relevant.every((c) => c.swallowed || / --exit-zero\b/.test(c.text));
  };
  return {
    ...item,
    run: [shell, ...bodies.map((b) => b.body)].filter(Boolean).join('\n').slice(0, maxRun),
    canFail: item.canFail || swallowed(direct) || swallowed(called),
    purposes: [...purposes].sort(),
  };
}

export const ciJobReaders: readonly Reader[] = [scripts, ...otherSystems];

/** The concept `ci-jobs`: the steps of all CI systems with the scripts they call looked up, and what each is for. */
export const ciJobs: Combiner = {
  kind: 'ci-jobs',
  uses: ['workflow', 'action', 'gitlab-ci-file', 'scripts'],
  combine(items, all) {
    const index = new ScriptIndex(all.documents('scripts'));
    const actions = localActions(all.documents('action'));
    const drafts = [...items.map(asDraft), ...githubSteps(all.documents('workflow')), ...gitlabSteps(all.documents('gitlab-ci-file'))];
    return drafts.map((step) => asItem(finish(step, index, actions)));
  },
};
