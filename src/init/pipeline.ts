import type { Forge } from './found.js';

/** A file to be written, by its path from the root of the work tree. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The CI configuration that runs the audit on every change. `folder` is the audited folder from the root of the work tree
 * (`.` for the root itself), `version` that of readiness, pinned. On GitLab the job stands in a file of its own, which a new
 * `.gitlab-ci.yml` includes; where there is one already, its owner adds the include.
 */
export function pipelineFiles(forge: Forge, folder: string, version: string): readonly NewFile[] {
  if (forge === 'github') return [{ path: '.github/workflows/readiness.yml', text: githubWorkflow(folder, version) }];
  return [
    { path: '.gitlab/readiness.gitlab-ci.yml', text: gitlabJob(folder, version) },
    { path: '.gitlab-ci.yml', text: `include:\n  - local: /.gitlab/readiness.gitlab-ci.yml\n` },
  ];
}

/** In single quotes for YAML; the shell sees it only as the value of a variable. */
const scalar = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const githubWorkflow = (folder: string, version: string): string => `name: Production readiness
on:
  pull_request:
  push:
    branches: [main, master]
permissions:
  contents: read
concurrency:
  group: readiness-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  readiness:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0 # history is evidence, and the policy of a pull request is read from its base
          persist-credentials: false
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 22
      - name: Audit
        env:
          FOLDER: ${scalar(folder)}
          # A pull request is judged by the thresholds and waivers of its base: it can't waive itself.
          POLICY_FROM: \${{ github.event.pull_request.base.sha }}
        run: |
          # Installed away from the checkout, whose .npmrc and node_modules have no say.
          tools=$(mktemp -d)
          (cd "$tools" && npm install --silent --no-fund --no-audit readiness@${version})
          "$tools/node_modules/.bin/readiness" audit "$FOLDER" --format github \\
            \${POLICY_FROM:+--policy-from "$POLICY_FROM"} \\
            --report markdown-summary="$GITHUB_STEP_SUMMARY" \\
            --report html=readiness-report/index.html \\
            --report json=readiness-report/report.json
      - name: Keep the report
        if: always()
        uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          name: readiness
          path: readiness-report
          if-no-files-found: ignore
          retention-days: 30
`;

const gitlabJob = (folder: string, version: string): string => `readiness:
  stage: test
  image: node:22-bookworm
  interruptible: true
  timeout: 15 minutes
  variables:
    GIT_DEPTH: '0' # history is evidence, and the policy of a merge request is read from its target
    FOLDER: ${scalar(folder)}
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      variables:
        # A merge request is judged by the thresholds and waivers of its target: it can't waive itself.
        POLICY_FROM: $CI_MERGE_REQUEST_DIFF_BASE_SHA
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - |
      # Installed away from the checkout, whose .npmrc and node_modules have no say.
      tools=$(mktemp -d)
      (cd "$tools" && npm install --silent --no-fund --no-audit readiness@${version})
      "$tools/node_modules/.bin/readiness" audit "$FOLDER" \\
        \${POLICY_FROM:+--policy-from "$POLICY_FROM"} \\
        --report gitlab=readiness-report/codequality.json \\
        --report junit=readiness-report/junit.xml \\
        --report html=readiness-report/index.html \\
        --report json=readiness-report/report.json
  artifacts:
    when: always
    expire_in: 30 days
    paths: [readiness-report]
    reports:
      codequality: readiness-report/codequality.json
      junit: readiness-report/junit.xml
`;
