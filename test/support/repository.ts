import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding, Report } from '../../src/model/report.js';
import { git, readiness, temporaryFolder, type Run } from './cli.js';

/** A small service with faults that stand at known lines: a Dockerfile that ends as root, and Flask in debug mode. */
export const service: Readonly<Record<string, string>> = {
  'requirements.txt': 'flask==3.0.3\n',
  'app.py': [
    'from flask import Flask',
    '',
    'app = Flask(__name__)',
    '',
    '@app.get("/orders")',
    'def orders():',
    '    return []',
    '',
    'if __name__ == "__main__":',
    '    app.run(debug=True)',
    '',
  ].join('\n'),
  Dockerfile: 'FROM python:3.12-slim\nCOPY . /app\nUSER root\nCMD ["python", "/app/app.py"]\n',
};

export function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

export function commit(root: string, message = 'a commit'): string {
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(root, 'rev-parse', 'HEAD');
}

/** A repository with these files in one commit on the branch `main`. */
export function repository(files: Readonly<Record<string, string>> = service): string {
  const root = temporaryFolder();
  git(root, 'init', '--quiet', '--initial-branch=main');
  put(root, files);
  commit(root);
  return root;
}

export interface Audited extends Run {
  readonly report: Report;
  finding(check: string): Finding;
  /** All notes in one text. */
  readonly notes: string;
}

/** The report of the built command line, as JSON. */
export function audit(root: string, ...args: string[]): Audited {
  const run = readiness(['audit', root, '--format', 'json', ...args]);
  if (run.status !== 0 && run.status !== 1) throw new Error(`exit code ${run.status}: ${run.stderr}`);
  const report = JSON.parse(run.stdout) as Report;
  return {
    ...run,
    report,
    notes: report.notes.map((n) => n.message).join('\n'),
    finding: (check) => {
      const found = report.findings.find((f) => f.check === check && f.deployable === null);
      if (!found) throw new Error(`no finding of ${check}`);
      return found;
    },
  };
}
