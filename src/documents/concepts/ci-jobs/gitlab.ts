import type { Document, Json } from '../../../model/document.js';
import { gitlabPipeline } from '../../formats/gitlab-ci.js';
import { isRecord, list, record, text, texts, type JsonMap } from '../../json.js';
import { coversMainLine, draft, type Draft } from './draft.js';

interface Started {
  triggers: Set<string>;
  onChange: boolean;
}

/** Pipeline sources that a rule's `if` lets through; without one it holds always. */
function ruleStarts(condition: string, started: Started): void {
  const add = (trigger: string, change = false): void => {
    started.triggers.add(trigger);
    if (change) started.onChange = true;
  };
  if (condition === '') {
    add('push', true);
    add('pull_request', true);
    return;
  }
  const positive = (pattern: RegExp): boolean => pattern.test(condition);
  const source = /CI_PIPELINE_SOURCE\s*==\s*["'](\w+)["']/g;
  const sources = [...condition.matchAll(source)].map((m) => m[1]!);
  for (const name of sources) {
    if (name === 'merge_request_event') add('pull_request', true);
    else if (name === 'push') add('push', !positive(/\$CI_COMMIT_TAG(?!\s*[!=]=)/));
    else if (name === 'schedule') add('schedule');
    else if (name === 'web' || name === 'api' || name === 'trigger') add('workflow_dispatch');
    else add(name);
  }
  if (positive(/\$CI_MERGE_REQUEST_(?:IID|ID)(?!\s*==\s*null)/)) add('pull_request', true);
  if (positive(/\$CI_COMMIT_TAG(?!\s*==\s*null)/)) add('tag');
  const branch = /\$CI_COMMIT_(?:BRANCH|REF_NAME)\s*(?:==|=~)\s*(\$CI_DEFAULT_BRANCH|["'][^"']+["']|\/[^\s]+)/.exec(condition)?.[1];
  if (branch) add('push', branch === '$CI_DEFAULT_BRANCH' || coversMainLine([branch.replace(/^["']|["']$/g, '')]));
  else if (positive(/\$CI_COMMIT_BRANCH(?!\s*[=!])/)) add('push', true);
  if (started.triggers.size === 0) add('push', true);
}

const refs = (value: Json | undefined): string[] => (isRecord(value) ? texts(value['refs']) : texts(value));

/** What starts a job: its rules, else only/except, else every push. */
function startsOf(job: JsonMap, workflow: JsonMap): Started & { manual: boolean } {
  const started: Started = { triggers: new Set(), onChange: false };
  const rules = list(job['rules']).filter(isRecord);
  if (rules.length > 0) {
    const live = rules.filter((r) => text(r['when']) !== 'never');
    const automatic = live.filter((r) => (text(r['when']) || text(job['when'])) !== 'manual');
    for (const rule of automatic) ruleStarts(text(rule['if']), started);
    if (automatic.length < live.length) started.triggers.add('workflow_dispatch');
    return { ...started, manual: live.length > 0 && automatic.length === 0 };
  }
  if (text(job['when']) === 'manual') return { triggers: new Set(['workflow_dispatch']), onChange: false, manual: true };
  const only = refs(job['only']);
  for (const ref of only) {
    if (ref === 'merge_requests') ruleStarts('$CI_PIPELINE_SOURCE == "merge_request_event"', started);
    else if (ref === 'tags') started.triggers.add('tag');
    else if (ref === 'schedules') started.triggers.add('schedule');
    else if (ref === 'web' || ref === 'api' || ref === 'triggers') started.triggers.add('workflow_dispatch');
    else {
      started.triggers.add('push');
      if (ref === 'branches' || ref === 'pushes' || coversMainLine([ref])) started.onChange = true;
    }
  }
  if (only.length > 0) return { ...started, manual: false };
  const gate = list(workflow['rules'])
    .filter(isRecord)
    .filter((r) => text(r['when']) !== 'never');
  if (gate.length > 0) for (const rule of gate) ruleStarts(text(rule['if']), started);
  else {
    started.triggers.add('push');
    started.onChange = !refs(job['except']).some((r) => r === 'branches' || r === 'main' || r === 'master');
  }
  return { ...started, manual: false };
}

/** One draft a job of the GitLab pipeline, and one for each template or component it includes. */
export function gitlabSteps(files: readonly Document[]): Draft[] {
  const pipeline = gitlabPipeline(files);
  if (!pipeline) return [];
  const { root } = pipeline;
  const workflow = record(root['workflow']);
  const jobs = Object.entries(record(root['jobs'])).map(([name, raw]) => {
    const job = record(raw);
    const started = startsOf(job, workflow);
    const conditions = list(job['rules'])
      .map((r) => text(record(r)['if']))
      .filter(Boolean);
    const allowed = list(job['rules'])
      .filter(isRecord)
      .filter((r) => text(r['when']) !== 'never');
    const trigger = job['trigger'];
    return draft({
      ...pipeline.placeOf(name),
      system: 'gitlab-ci',
      workflow: pipeline.path,
      job: name,
      step: text(job['stage']),
      run: [...texts(job['beforeScript']), ...texts(job['script']), ...texts(job['afterScript'])].join('\n'),
      uses: trigger ? `trigger:${isRecord(trigger) ? text(trigger['project']) || text(trigger['include']) : text(trigger)}` : '',
      image: text(job['image']),
      triggers: [...started.triggers],
      onChange: started.onChange,
      canFail:
        job['allowFailure'] === true ||
        isRecord(job['allowFailure']) ||
        (allowed.length > 0 && allowed.every((r) => r['allow_failure'] === true)),
      condition: [...conditions, ...(started.manual ? ['when: manual'] : [])].join(' || '),
      environment: text(job['environment']),
      needs: texts(job['needs']),
    });
  });
  const includes = list(root['include']).flatMap((entry) =>
    ['template', 'component', 'project', 'remote'].flatMap((key) =>
      texts(record(entry)[key]).map((name) =>
        draft({
          path: pipeline.path,
          line: pipeline.placeOf('include').line,
          system: 'gitlab-ci',
          workflow: pipeline.path,
          job: name,
          uses: `${key}:${name}`,
          with: record(entry),
          triggers: ['push', 'pull_request'],
          onChange: true,
        }),
      ),
    ),
  );
  return [...includes, ...jobs];
}
