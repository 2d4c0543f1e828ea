import type { Probe } from '../model/probe.js';
import { say } from './common.js';

/** Answers unknown: no probe can tell, and this is what a person should look at. */
export const unknown: Probe<string> = {
  name: 'unknown',
  queries: () => [],
  judge: (message, view) => ({
    answer: 'unknown',
    evidence: [{ probe: 'unknown', answer: 'unknown', violation: false, message: say(view, message, message) }],
  }),
};
