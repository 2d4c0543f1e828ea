#!/usr/bin/env bash
# Installs what the tests need beside npm packages, as Debian packages, only what is missing: servers to look at (nginx, PostgreSQL,
# MariaDB, Redis, Prometheus), scanners to compare with (sslscan, testssl.sh), a browser, git, openssl, strace, and what makes backups.
# No service is left running by it: the tests start their own on loopback and stop them.
set -euo pipefail

# program to look for : package that brings it
needed=(
  nginx:nginx-light
  redis-server:redis-server
  mariadbd:mariadb-server
  postgres:postgresql
  prometheus:prometheus
  sslscan:sslscan
  testssl:testssl.sh
  openssl:openssl
  chromium:chromium
  git:git
  strace:strace
  gpg:gnupg
  sqlite3:sqlite3
  xz:xz-utils
  zip:zip
  zstd:zstd
)

present() {
  command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || ls /usr/lib/postgresql/*/bin/"$1" >/dev/null 2>&1
}

packages=()
for entry in "${needed[@]}"; do present "${entry%%:*}" || packages+=("${entry#*:}"); done
[ ${#packages[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "the tests need ${packages[*]} (names of Debian packages): install them with your package manager" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "the tests need ${packages[*]}: sudo apt-get install ${packages[*]}" >&2
  exit 1
fi

# Packages of servers start them; 101 tells them not to (invoke-rc.d). An existing policy is put back.
policy=/usr/sbin/policy-rc.d
saved=
if [ -e "$policy" ]; then saved=$(mktemp) && cp -p "$policy" "$saved"; fi
restore() { if [ -n "$saved" ]; then mv "$saved" "$policy"; else rm -f "$policy"; fi; }
trap restore EXIT
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null

for entry in "${needed[@]}"; do
  present "${entry%%:*}" || { echo "${entry%%:*} is still missing after installing ${entry#*:}" >&2; exit 1; }
done
