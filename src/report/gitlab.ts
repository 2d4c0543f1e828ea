import type { Severity } from '../model/check.js';
import { oneLine } from '../safe/escape.js';
import { annotationsOf } from './annotations.js';
import type { Format } from './format.js';
import { jsonText } from './json.js';

const severities: Readonly<Record<Severity, string>> = { critical: 'critical', important: 'major', recommended: 'minor' };

/** GitLab's code quality report: a list of issues (Code Climate's form). Waived failures are left out; what is missing stands at the root. */
export const gitlab: Format = {
  name: 'gitlab',
  extension: 'json',
  render(report) {
    const issues = annotationsOf(report)
      .filter((a) => !a.waived)
      .map(({ finding, path, line, message, fingerprint }) => ({
        description: `${oneLine(finding.title)}: ${message}`,
        check_name: finding.check,
        fingerprint,
        severity: severities[finding.severity],
        location: { path: path ?? '.', lines: { begin: Math.max(1, line) } },
      }));
    return jsonText(issues);
  },
};
