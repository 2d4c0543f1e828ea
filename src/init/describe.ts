import { oneLine } from '../safe/escape.js';
import type { Found } from './found.js';

/** What was found, for the terminal: one line a thing, without colours. */
export function describe(found: Found): string {
  const { critical, important, recommended } = found.failures;
  const rows: [string, string][] = [
    ['kind', found.kinds.join(', ') || 'nothing that is deployed was recognised'],
    ['languages', found.languages.join(', ') || 'no product code'],
    ['uses', listed(found.technologies) || 'no framework, server or service that is known'],
    ...(found.deployables.length > 1 ? [['deployables', listed(found.deployables)] as [string, string]] : []),
    ['forge', `${forgeTitle(found.forge.name)} (${found.forge.because})`],
    [
      'today',
      `${found.verdict}, ${found.score === null ? 'no score' : `${found.score} of 100`}; failing: ${critical} critical, ${important} important, ${recommended} recommended`,
    ],
  ];
  return `${found.name}\n${rows.map(([name, value]) => `  ${name.padEnd(12)} ${oneLine(value)}`).join('\n')}\n`;
}

export const forgeTitle = (forge: string | null): string => (forge === 'github' ? 'GitHub' : forge === 'gitlab' ? 'GitLab' : 'none');

const listed = (names: readonly string[]): string =>
  names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');
