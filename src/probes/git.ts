import type { Probe } from '../model/probe.js';
import { missing, say } from './common.js';

export interface GitParams {
  require: string;
  message?: string;
}

/** CEL over `git` (model/probe.ts GitFacts); unknown where there is no git repository. */
export const git: Probe<GitParams> = {
  name: 'git',
  queries: () => [],
  judge(params, view) {
    if (!view.git.available)
      return {
        answer: 'unknown',
        evidence: [{ probe: 'git', answer: 'unknown', violation: false, message: 'the target is no git repository' }],
      };
    const holds = view.cel(params.require, { git: view.git }) === true;
    if (holds)
      return {
        answer: 'yes',
        evidence: [
          {
            probe: 'git',
            answer: 'yes',
            violation: false,
            message: say(view, params.message, 'the git history shows what was looked for', { git: view.git }),
          },
        ],
      };
    return {
      answer: 'no',
      evidence: [missing('git', say(view, params.message, 'the git history does not show what was looked for', { git: view.git }))],
    };
  },
};
