#!/usr/bin/env bash
# Installs Java (for Spark) and Postgres where they are missing and this can be done; says what to do where it cannot.
set -euo pipefail

JAVA="${JAVA_HOME:+$JAVA_HOME/bin/}java"
POSTGRES="${POSTGRES_PROGRAMS:-/usr/lib/postgresql}"

has_java() { [[ "$("$JAVA" -version 2>&1)" =~ version\ \"(1[7-9]|[2-9][0-9]) ]]; }
has_postgres() { command -v initdb >/dev/null || compgen -G "$POSTGRES/*/bin/initdb" >/dev/null; }

# A system has one of these; Spark runs on each.
java_package() {
  local number
  for number in 17 21 25; do
    if apt-cache show "openjdk-$number-jre-headless" >/dev/null 2>&1; then
      echo "openjdk-$number-jre-headless" && return
    fi
  done
  echo default-jre-headless
}

install() {
  local packages=()
  apt-get update -qq || return 1
  has_java || packages+=("$(java_package)")
  has_postgres || packages+=(postgresql)
  echo "Installing ${packages[*]} for the tests of Spark and Postgres."
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null || return 1
  has_java && has_postgres
}

missing=()
has_java || missing+=("Java 17 or newer")
has_postgres || missing+=("Postgres")
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && install; then
  exit 0
fi
named=$(printf ', %s' "${missing[@]}")
echo "The tests of Spark and Postgres need: ${named:2}." >&2
echo "On Debian or Ubuntu: sudo apt-get install openjdk-17-jre-headless postgresql (else your system's packages)." >&2
[ "${CI:-}" = "true" ] && exit 1
echo "Going on without: the tests that need them are skipped." >&2
