import type { Language } from '../model/file.js';
import type { Probe } from '../model/probe.js';
import type { Query } from '../model/query.js';
import { found, keptPlaces, missing, oncePer, say, selectorOf, type Where } from './common.js';

export interface CodeParams extends Where {
  language: Language;
  rule: Record<string, unknown>;
  keywords: string[];
  atLeast?: number;
  message?: string;
}

/** Does the ast-grep rule match somewhere? Only files that hold one of the keywords are parsed. */
export const code: Probe<CodeParams> = {
  name: 'code',
  queries: (params) => [query(params)],
  judge(params, view) {
    const matches = view.matches(query(params));
    if (matches.length >= (params.atLeast ?? 1))
      return {
        answer: 'yes',
        evidence: matches
          .slice(0, keptPlaces)
          .map((m) => found('code', m, say(view, params.message, m.excerpt, { match: m, file: m.path }))),
      };
    return {
      answer: 'no',
      evidence: [missing('code', say(view, params.message, `no such ${params.language} code`, { match: null, file: '' }))],
    };
  },
};

const query = oncePer((params: CodeParams): Query => ({
  type: 'code',
  files: {
    ...selectorOf(params, ['product']),
    languages: params.language === 'javascript' ? ['javascript', 'typescript', 'tsx'] : [params.language],
  },
  language: params.language,
  rule: params.rule,
  keywords: params.keywords,
}));
