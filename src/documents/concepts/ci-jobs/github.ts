import type { Document } from '../../../model/document.js';
import { at, isRecord, joinPath, list, record, text, texts, type JsonMap } from '../../json.js';
import { coversMainLine, draft, isTrue, type Draft } from './draft.js';

interface Started {
  triggers: string[];
  onChange: boolean;
  cron: string[];
}

/** What starts a workflow, from its normalised `on` map. */
export function startedBy(on: JsonMap): Started {
  const triggers: string[] = [];
  const cron: string[] = [];
  let onChange = false;
  for (const [event, raw] of Object.entries(on)) {
    const details = record(raw);
    if (event === 'push') {
      const tags = 'tags' in details || 'tags-ignore' in details;
      const branches = 'branches' in details || 'branches-ignore' in details;
      if (tags) triggers.push('tag');
      if (branches || !tags) {
        triggers.push('push');
        const ignored = texts(details['branches-ignore']);
        if (coversMainLine(texts(details['branches'])) && !ignored.some((b) => /^(?:main|master|\*\*)$/.test(b))) onChange = true;
      }
    } else if (event === 'schedule') {
      triggers.push('schedule');
      cron.push(
        ...list(raw)
          .map((entry) => text(at(entry, 'cron')))
          .filter(Boolean),
      );
    } else {
      triggers.push(event);
      if (event === 'pull_request' || event === 'pull_request_target') {
        const types = texts(details['types']);
        const changes = types.length === 0 || types.some((t) => ['opened', 'synchronize', 'reopened', 'ready_for_review'].includes(t));
        if (changes && coversMainLine(texts(details['branches']))) onChange = true;
      } else if (event === 'merge_group') onChange = true;
    }
  }
  return { triggers, onChange, cron };
}

const disabled = (condition: string): boolean => /^(?:\$\{\{\s*)?false(?:\s*\}\})?$/.test(condition.trim());

/** The command line that an action for Gradle is given to run; '' for other actions. */
function handedOver(uses: string, inputs: JsonMap): string {
  const given = text(inputs['arguments']);
  const runsGradle =
    /^(?:gradle\/gradle-build-action|gradle\/actions\/setup-gradle|burrunan\/gradle-cache-action|eskatos\/gradle-command-action)@/.test(
      uses,
    );
  return runsGradle && given !== '' ? `./gradlew ${given}` : '';
}

/** Own triggers of each workflow, and for reusable ones those of the local workflows that call them. */
function startedByPath(workflows: readonly Document[]): Map<string, Started> {
  const started = new Map(workflows.map((w) => [w.path, startedBy(record(at(w.root, 'on')))]));
  const calls = workflows.flatMap((w) =>
    Object.values(record(at(w.root, 'jobs')))
      .filter((job) => text(at(job, 'uses')).startsWith('./') && !disabled(text(at(job, 'if'))))
      .map((job) => ({ from: w.path, to: joinPath(text(at(job, 'uses'))) ?? '' })),
  );
  // As many rounds as workflows may call each other in a row (GitHub allows ten levels).
  for (let round = 0; round < 10; round++) {
    let changed = false;
    for (const { from, to } of calls) {
      const caller = started.get(from);
      const callee = started.get(to);
      if (!caller || !callee) continue;
      const before = `${callee.triggers.length} ${callee.onChange} ${callee.cron.length}`;
      callee.triggers = [...new Set([...callee.triggers, ...caller.triggers])];
      callee.cron = [...new Set([...callee.cron, ...caller.cron])];
      callee.onChange ||= caller.onChange;
      if (`${callee.triggers.length} ${callee.onChange} ${callee.cron.length}` !== before) changed = true;
    }
    if (!changed) break;
  }
  return started;
}

/** One draft a step of every workflow; a job that calls a reusable workflow is one draft. */
export function githubSteps(workflows: readonly Document[]): Draft[] {
  const started = startedByPath(workflows);
  return workflows.flatMap((workflow) => {
    const root = record(workflow.root);
    const start = started.get(workflow.path)!;
    return Object.entries(record(root['jobs'])).flatMap(([id, raw]) => {
      const job = record(raw);
      const jobFails = isTrue(job['continueOnError']);
      const off = disabled(text(job['if']));
      const steps = list(job['steps']).filter(isRecord);
      // A later step that fails the job on the outcome of this one takes its continue-on-error back.
      const rechecked = (id: string): boolean =>
        id !== '' &&
        steps.some(
          (s) =>
            new RegExp(`steps\\.${id.replace(/[^\w-]/g, '')}\\.outcome\\s*(?:==\\s*'failure'|!=\\s*'success')`).test(text(s['if'])) &&
            /\bexit [1-9]|core\.setFailed/.test(text(s['run']) + text(at(s['with'], 'script'))),
        );
      const base = {
        path: workflow.path,
        system: 'github-actions',
        workflow: text(root['name']),
        job: id,
        image: text(at(job['container'], 'image')),
        triggers: off ? [] : start.triggers,
        onChange: start.onChange && !off,
        cron: start.cron,
        environment: text(job['environment']),
        permissions: job['permissions'] ?? root['permissions'] ?? null,
        needs: texts(job['needs']),
        ownHost: texts(job['runsOn']).some((label) => label.toLowerCase() === 'self-hosted'),
      };
      const folder = text(at(job['defaults'], 'run', 'working-directory')) || text(at(root['defaults'], 'run', 'working-directory'));
      const line = (value: unknown): number => (typeof value === 'number' ? value : 1);
      if (text(job['uses']) !== '')
        return [
          draft({
            ...base,
            line: line(job['line']),
            uses: text(job['uses']),
            with: record(job['with']),
            canFail: jobFails,
            condition: text(job['if']),
          }),
        ];
      return steps.map((step) =>
        draft({
          ...base,
          line: line(step['line']),
          step: text(step['name']) || text(step['id']),
          run: text(step['run']) || handedOver(text(step['uses']), record(step['with'])),
          uses: text(step['uses']),
          with: record(step['with']),
          canFail: jobFails || (isTrue(step['continueOnError']) && !rechecked(text(step['id']))),
          condition: [text(job['if']), text(step['if'])].filter(Boolean).join(' && '),
          dir: (text(step['workingDirectory']) || folder).replace(/^\$\{\{\s*github\.workspace\s*\}\}\/?/, ''),
        }),
      );
    });
  });
}
