import type { Found } from './found.js';

export interface Choices {
  /** 0 to 100; null for no score gate. */
  readonly threshold: number | null;
  readonly failOn: 'critical' | 'important' | 'any' | 'never';
}

/** `value` as a YAML scalar on one line: JSON strings are YAML strings. */
const quoted = (value: string): string => JSON.stringify(value);

/** Which built-in checklist fits: libraries and command-line programs are not asked what only a running service needs. */
export const builtinFor = (found: Pick<Found, 'kinds'>): string =>
  found.kinds.length > 0 && found.kinds.every((k) => k === 'published-package') ? 'library' : 'production';

/**
 * The text of a `readiness.yaml`: what was decided is set, everything else stands there as a comment to take the marks off.
 * Days are of `today` (YYYY-MM-DD); the examples expire half a year later.
 */
export function checklistFile(found: Found, choices: Choices, today: string, version: string): string {
  const later = sixMonthsAfter(today);
  return `# How \`readiness audit\` judges this repository. Written by \`readiness init\` (${version}) on ${today}; it is yours to edit.
# All checks: readiness checks list      One of them: readiness explain ${found.examples.waiver}
#
# Found: ${summaryOf(found)}
# That day: ${found.verdict}, ${found.score === null ? 'no score' : `${found.score} of 100`}

extends: ${builtinFor(found)} # or minimal, security, container, library, or a file of yours
title: ${quoted(`Production readiness of ${found.name}`)}

# The build fails when one of these does not hold.
thresholds:
  ${choices.threshold === null ? '# score: 60' : `score: ${choices.threshold}`} # passed share of what could be decided; raise it as you go
  # coverage: 60 # share of the applicable weight that must be decided
  failOn: ${choices.failOn} # a failing check of this severity or above fails the build: critical, important, any, never

# Checks that do not fit, or count otherwise. Patterns such as security/* work too.
# checks:
#   delivery/code-review-required: off
#   testing/coverage-threshold: { severity: important, params: { percent: 85 } }

# Files that are not yours to mend.
# paths:
#   exclude: [legacy/**]

# A failure that is accepted for now. It still counts in the score and stands in every report; it lapses on its date.
# waivers:
#   - check: ${found.examples.waiver}
#     reason: why this is acceptable until then, in a sentence
#     owner: who answers for it
#     expires: ${later}

# What no file can show, settled by a person who signs for it. It lapses too.
# attestations:
#   - check: ${found.examples.attestation}
#     statement: what is in place, in a sentence
#     by: who says so
#     on: ${today}
#     evidence: https://wiki.example.com/where-it-can-be-seen
#     expires: ${later}

# The running system is never contacted because of a file in the repository: who runs the audit names it. Either by options
#   readiness audit --url https://app.example.com
# or in a file that is theirs, named with --checklist. Values in \${} come from their environment:
#   extends: ./readiness.yaml
#   environments:
#     production:
#       url: \${PRODUCTION_URL}
#       postgres: \${PRODUCTION_POSTGRES_READONLY_URL}
#       redis: \${PRODUCTION_REDIS_URL}
`;
}

function summaryOf(found: Found): string {
  const parts = [
    found.kinds.join(', ') || 'nothing that is deployed',
    found.languages.join(', '),
    found.technologies.slice(0, 6).join(', '),
    found.deployables.length > 1 ? `deployables ${found.deployables.slice(0, 6).join(', ')}` : '',
  ];
  return parts.filter((p) => p !== '').join('; ');
}

/** The same day half a year later, or the last day of that month. */
function sixMonthsAfter(today: string): string {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + 6, 0)).getUTCDate();
  return new Date(Date.UTC(year, month + 5, Math.min(day, last))).toISOString().slice(0, 10);
}
