#!/usr/bin/env bash
# What action.yml runs. Inputs come as READINESS_* variables; the exit code is that of the audit.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/readiness.XXXXXX")
if [[ -f "$here/dist/cli.js" ]]; then
  cli="$here/dist/cli.js"
elif [[ "${READINESS_VERSION:-}" =~ ^[0-9A-Za-z.-]+$ ]]; then
  # Installed away from the checkout, whose .npmrc and node_modules have no say.
  (cd "$work" && npm install --silent --no-fund --no-audit "readiness@$READINESS_VERSION") || exit 3
  cli="$work/node_modules/readiness/dist/cli.js"
else
  echo "::error title=readiness::version must be a version of the package, such as 0.1.0"
  exit 2
fi

json="$work/report.json"
summary="$work/summary.md"
arguments=(audit "${READINESS_PATH:-.}" --report "json=$json" --report "markdown-summary=$summary")

option() { # option FLAG VALUE: adds both where the input was given
  if [[ -n "$2" ]]; then arguments+=("$1" "$2"); fi
}
option --checklist "${READINESS_CHECKLIST:-}"
option --fail-under "${READINESS_THRESHOLD:-}"
option --min-coverage "${READINESS_MIN_COVERAGE:-}"
option --fail-on "${READINESS_FAIL_ON:-}"
option --baseline "${READINESS_BASELINE:-}"
option --policy-from "${READINESS_POLICY_FROM:-}"

# One FORMAT=FILE a line, or several separated by commas.
while IFS= read -r format; do
  format="${format#"${format%%[![:space:]]*}"}"
  format="${format%"${format##*[![:space:]]}"}"
  option --report "$format"
done < <(printf '%s\n' "${READINESS_FORMATS:-}" | tr ',' '\n')

if [[ "${READINESS_ANNOTATIONS:-true}" == true ]]; then arguments+=(--format github); else arguments+=(--no-color); fi

node "$cli" "${arguments[@]}"
code=$?

if [[ "${READINESS_SUMMARY:-true}" == true && -f "$summary" && -n "${GITHUB_STEP_SUMMARY:-}" ]]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
if [[ -f "$json" && -n "${GITHUB_OUTPUT:-}" ]]; then
  node -e '
    const [file] = process.argv.slice(1);
    const { verdict, score } = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
    process.stdout.write(`verdict=${verdict}\nscore=${score.value ?? ""}\nreport=${file}\n`);
  ' "$json" >>"$GITHUB_OUTPUT"
fi
exit "$code"
