import type { Probe } from '../model/probe.js';
import { liveRoles, oncePer, say, selectorOf, type Where } from './common.js';

export interface SecretParams extends Where {
  rules?: string[];
  message?: string;
}

/** Are there credentials in files? Yes names each place, the value masked; placeholders don't count. */
export const secret: Probe<SecretParams> = {
  name: 'secret',
  queries: () => [{ type: 'kind', kind: 'secrets' }],
  judge(params, view) {
    const selects = view.selects(selector(params));
    const rules = params.rules && (Array.isArray(params.rules) ? params.rules : [params.rules]);
    const hits = view
      .items('secrets')
      .filter((s) => s.placeholder !== true && selects(s.path) && (!rules || rules.includes(String(s.rule))));
    if (hits.length === 0)
      return {
        answer: 'no',
        evidence: [{ probe: 'secret', answer: 'no', violation: false, message: 'no credential found in the files looked at' }],
      };
    return {
      answer: 'yes',
      evidence: hits.map((s) => ({
        probe: 'secret',
        answer: 'yes',
        violation: false,
        location: { path: s.path, line: s.line },
        excerpt: String(s.excerpt),
        message: say(view, params.message, `${String(s.rule)}: ${String(s.name) || 'credential'} has a literal value`, {
          item: s,
          file: s.path,
        }),
      })),
    };
  },
};

const selector = oncePer((params: SecretParams) => selectorOf(params, liveRoles));
