#!/usr/bin/env bash
# Installs what tests need from the system where it is missing and this can be done: Java for Spark, Postgres, Chromium,
# and axe-core from npm for the browser tests; where CI=true also Request Tracker, which brings a service and a mail
# program along. Says what to do where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."

JAVA="${JAVA_HOME:+$JAVA_HOME/bin/}java"
POSTGRES="${POSTGRES_PROGRAMS:-/usr/lib/postgresql}"
CHROMIUM="${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"
REQUEST_TRACKER=/usr/share/request-tracker5/libexec/rt-server
REQUEST_TRACKER_HINT="they need Debian's request-tracker5, rt5-standalone, rt5-clients, rt5-db-sqlite and libfaketime"
AXE=axe-core@4.14.1
AXE_FOLDER=.venv/axe

has_java() { [[ "$("$JAVA" -version 2>&1)" =~ version\ \"(1[7-9]|[2-9][0-9]) ]]; }
has_postgres() { command -v initdb >/dev/null || compgen -G "$POSTGRES/*/bin/initdb" >/dev/null; }
has_chromium() { [ -n "$CHROMIUM" ] || command -v chromium >/dev/null || [ -n "${PLAYWRIGHT_BROWSERS_PATH:-}" ]; }
has_request_tracker() { [ -x "$REQUEST_TRACKER" ] && compgen -G "/usr/lib/*/faketime/libfaketime.so.1" >/dev/null; }
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

# Its tests make their own database; a mail program it must have, and it is the smallest.
request_tracker_packages() {
  apt-cache show request-tracker5 >/dev/null 2>&1 || return 0
  echo request-tracker5 rt5-standalone rt5-clients rt5-db-sqlite libfaketime
  [ -d /etc/dbconfig-common ] || echo dbconfig-no-thanks
  [ -x /usr/sbin/sendmail ] || echo msmtp-mta
}

install_packages() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
  local packages=() options=(-y -qq --no-install-recommends)
  apt-get update -qq || return 1
  has_java || packages+=("$(java_package)")
  has_postgres || packages+=(postgresql)
  has_chromium || packages+=(chromium)
  has_axe || command -v npm >/dev/null || packages+=(npm)
  if [ "${CI:-}" = "true" ]; then
    has_request_tracker || packages+=($(request_tracker_packages))
    options+=(-o DPkg::Options::=--force-unsafe-io) # such a machine is thrown away: half the time is waiting for its disk
  fi
  [ ${#packages[@]} -eq 0 ] && return
  echo "Installing ${packages[*]} for the tests."
  DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "${packages[@]}" >/dev/null
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
  [ "${CI:-}" != "true" ] || has_request_tracker || missing+=("Request Tracker 5 with libfaketime")
}

[ "${CI:-}" = "true" ] || has_request_tracker || echo "Request Tracker's tests are skipped: $REQUEST_TRACKER_HINT." >&2
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
