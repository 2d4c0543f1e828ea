import type { Language } from '../model/file.js';
import type { Probe, View } from '../model/probe.js';
import type { Match, Query } from '../model/query.js';
import { found, keptPlaces, missing, oncePer, say, selectorOf, type Where } from './common.js';

export interface TextParams extends Where {
  pattern: string;
  languages?: Language[];
  ignoreCase?: boolean;
  over?: 'code' | 'all';
  lines?: number;
  where?: string;
  atLeast?: number;
  message?: string;
}

/** Does the pattern match? Product code with comments blanked unless the parameters say otherwise. */
export const text: Probe<TextParams> = {
  name: 'text',
  queries: (params) => [query(params)],
  judge(params, view) {
    const matches = view.matches(query(params)).filter((m) => counts(params, m, view));
    if (matches.length >= (params.atLeast ?? 1))
      return {
        answer: 'yes',
        evidence: matches
          .slice(0, keptPlaces)
          .map((m) => found('text', m, say(view, params.message, m.excerpt, { match: m, file: m.path }))),
      };
    return {
      answer: 'no',
      // What is said about a match says nothing about there being none.
      evidence: [
        missing(
          'text',
          say(view, /\{\{[^}]*\b(?:match|file)\b/.test(params.message ?? '') ? undefined : params.message, lookedFor(params)),
        ),
      ],
    };
  },
};

/** A pattern as the words in it: a reader wants to know what was looked for, not how it is matched. */
const lookedFor = oncePer(({ pattern }: TextParams): string => {
  const start = pattern.slice(0, 300);
  const plain = start.replace(/\(\?<?[=!:]|\\[a-zA-Z]|\[(?:[^\]\\]|\\.)*\]|\{[\d,]*\}/g, ' ').replaceAll('\\', '');
  const words = [...new Set(plain.match(/[A-Za-z_@][\w.@/-]{2,}/g))];
  if (words.length === 0) return `nothing matches /${pattern}/`;
  return `nothing like ${words.slice(0, 4).join(', ')}${words.length > 4 ? ' ...' : ''}`;
});

function counts(params: TextParams, match: Match, view: View): boolean {
  return params.where === undefined || view.cel(params.where, { match, file: match.path }) === true;
}

const query = oncePer((params: TextParams): Query => {
  const languages = params.languages && (Array.isArray(params.languages) ? params.languages : [params.languages]);
  return {
    type: 'text',
    files: { ...selectorOf(params, ['product']), languages },
    pattern: params.pattern,
    ignoreCase: params.ignoreCase ?? false,
    over: params.over ?? 'code',
    lines: params.lines ?? 1,
  };
});
