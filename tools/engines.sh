#!/usr/bin/env bash
# Installs Java 17 (for Spark) and Postgres where they are missing and this can be done; says what to do where it cannot.
set -euo pipefail

has_java() { java -version 2>&1 | grep -qE 'version "(1[7-9]|[2-9][0-9])'; }
has_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

missing=()
has_java || missing+=(openjdk-17-jre-headless)
has_postgres || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]} for the tests of Spark and Postgres."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi
echo "The tests of Spark and Postgres need ${missing[*]}: sudo apt-get install ${missing[*]} (or your system's packages)." >&2
[ "${CI:-}" = "true" ] && exit 1
echo "Going on without: the tests that need them are skipped." >&2
