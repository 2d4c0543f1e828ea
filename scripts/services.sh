#!/usr/bin/env bash
# Installs what the tests need beside npm packages: git and strace, as Debian packages, where they are missing.
set -euo pipefail
missing=()
for tool in git strace; do command -v "$tool" >/dev/null 2>&1 || missing+=("$tool"); done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "the tests need ${missing[*]}: install them with your package manager (sudo apt-get install ${missing[*]})" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
