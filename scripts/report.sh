#!/usr/bin/env bash
# One command from a fresh clone to the report page.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: scripts/report.sh [DIRECTORY] [further options of `lemmacheck report`]

Installs what is missing, builds lemmacheck (build/release), checks the claims and writes the
report page. DIRECTORY is build/report inside the project unless given.
USAGE
}

case ${1:-} in
  -h | --help) usage; exit 0 ;;
esac

die() {
  printf 'report: %s failed (exit status %d)\n' "$1" "$2" >&2
  exit "$2"
}

called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=$PWD/build/report
if [[ $# -gt 0 && $1 != -* ]]; then
  case $1 in
    "") ;;
    /*) out=$1 ;;
    *) out=$called_from/$1 ;; # as the caller means it
  esac
  shift
fi

bash scripts/setup.sh || die "scripts/setup.sh" $?
cmake --preset release -DBUILD_TESTING=OFF || die "configuring" $?
cmake --build --preset release --target lemmacheck || die "building" $?
build/release/src/cli/lemmacheck report --out "$out" "$@" || die "lemmacheck report" $?

if [[ ! -f $out/index.html ]]; then
  echo "report: no index.html in $out" >&2
  exit 1
fi
printf '\nThe report is here: %s\n' "$(cd "$out" && pwd)/index.html"
