#!/usr/bin/env bash
# Installs what tests need from the system where it is missing and this can be done: Java for Spark, Postgres, Chromium,
# and axe-core from npm for the browser tests. Says what to do where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."

JAVA="${JAVA_HOME:+$JAVA_HOME/bin/}java"
POSTGRES="${POSTGRES_PROGRAMS:-/usr/lib/postgresql}"
CHROMIUM="${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"
AXE=axe-core@4.14.1
AXE_FOLDER=.venv/axe

has_java() { [[ "$("$JAVA" -version 2>&1)" =~ version\ \"(1[7-9]|[2-9][0-9]) ]]; }
has_postgres() { command -v initdb >/dev/null || compgen -G "$POSTGRES/*/bin/initdb" >/dev/null; }
has_chromium() { [ -n "$CHROMIUM" ] || command -v chromium >/dev/null || [ -n "${PLAYWRIGHT_BROWSERS_PATH:-}" ]; }
has_axe() { [ -f "$AXE_FOLDER/node_modules/axe-core/axe.min.js" ]; }

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

install_packages() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
  local packages=()
  apt-get update -qq || return 1
  has_java || packages+=("$(java_package)")
  has_postgres || packages+=(postgresql)
  has_chromium || packages+=(chromium)
  has_axe || command -v npm >/dev/null || packages+=(npm)
  [ ${#packages[@]} -eq 0 ] && return
  echo "Installing ${packages[*]} for the tests."
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

install_axe() {
  command -v npm >/dev/null && npm install --silent --no-save --no-audit --no-fund --prefix "$AXE_FOLDER" "$AXE" >/dev/null 2>&1
}

list_missing() {
  missing=()
  has_java || missing+=("Java 17 or newer")
  has_postgres || missing+=("Postgres")
  has_chromium || missing+=("Chromium")
  has_axe || missing+=("$AXE")
}

mkdir -p "$AXE_FOLDER"
has_axe || install_axe || true
list_missing
[ ${#missing[@]} -eq 0 ] && exit 0

if install_packages; then
  has_axe || install_axe || true
fi
list_missing
[ ${#missing[@]} -eq 0 ] && exit 0
named=$(printf ', %s' "${missing[@]}")
echo "Some tests need: ${named:2}." >&2
echo "On Debian or Ubuntu: sudo apt-get install openjdk-17-jre-headless postgresql chromium npm (else your system's packages)." >&2
[ "${CI:-}" = "true" ] && exit 1
echo "Going on without: the tests that need them are skipped." >&2
