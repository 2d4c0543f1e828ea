import type { Check } from '../../src/model/check.js';
import type { SelectedCheck } from '../../src/model/checklist.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { View } from '../../src/model/probe.js';
import type { Finding } from '../../src/model/report.js';
import { renderMessage } from '../../src/safe/message.js';

/** A finding with defaults; `fail` is missing evidence unless `kind` says otherwise. */
export function finding(over: Partial<Finding> = {}): Finding {
  const outcome = over.outcome ?? 'pass';
  return {
    check: 'security/example',
    title: 'An example holds',
    category: (over.check ?? 'security/example').split('/')[0] ?? '',
    severity: 'important',
    effort: 'hours',
    phase: 'pre-deployment',
    deployable: null,
    outcome,
    kind: outcome === 'fail' ? 'missing' : null,
    summary: 'a summary',
    evidence: [],
    held: null,
    total: null,
    weight: 5,
    rung: null,
    why: 'Because something breaks otherwise.',
    fix: { text: 'Do the right thing.', snippet: null },
    references: [],
    waiver: null,
    attestation: null,
    ...over,
  };
}

export const violation = (path: string, line = 1, message = 'wrong here'): Evidence => ({
  probe: 'text',
  answer: 'no',
  violation: true,
  location: { path, line },
  message,
});

export function selected(over: Partial<Check> = {}, rest: Partial<SelectedCheck> = {}): SelectedCheck {
  const check: Check = {
    id: 'containers/example',
    category: 'containers',
    file: 'checks/containers/example.yaml',
    title: 'An example holds',
    severity: 'critical',
    effort: 'minutes',
    phase: 'pre-deployment',
    scope: 'deployable',
    evidence: 'static',
    why: 'Because something breaks otherwise.',
    applies: 'yes',
    probe: { leaf: 'x' },
    fix: { text: 'Do the right thing.' },
    references: [],
    claims: [],
    examples: [],
    ...over,
  };
  return { check, severity: check.severity, weight: 10, params: {}, ...rest };
}

/** A view without files whose `cel` looks expressions up in a table; others throw. */
export function view(answers: Record<string, unknown> = { yes: true, no: false }, deployable: string | null = null): View {
  return {
    deployable,
    matches: () => [],
    documents: () => [],
    items: () => [],
    problems: () => [],
    files: () => [],
    selects: () => () => false,
    git: {
      available: false,
      commit: null,
      branch: null,
      dirty: null,
      shallow: false,
      remoteHost: null,
      remoteName: null,
      commits: [],
      tags: [],
      atDefaultTip: null,
      headTags: [],
    },
    cel: (expression) => {
      if (!Object.hasOwn(answers, expression)) throw new Error(`unknown name ${expression}`);
      return answers[expression];
    },
    render: (template, variables = {}) => renderMessage(template, variables),
    select: () => [],
    uses: new Set(),
    has: new Set(),
    because: () => [],
    file: () => undefined,
  };
}
