#!/usr/bin/env bash
# One command from a fresh clone to the result of all tests.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: scripts/test.sh [further options of ctest]

Installs what is missing, builds everything (build/release) and runs all tests on all cores.
With CI=true in the environment a compiler warning is an error.

examples: scripts/test.sh
          scripts/test.sh -R certificate      only the tests with a name that matches
          scripts/test.sh --rerun-failed
USAGE
}

case ${1:-} in
  -h | --help) usage; exit 0 ;;
esac

die() {
  printf 'test: %s failed (exit status %d)\n' "$1" "$2" >&2
  exit "$2"
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."

options=()
if [[ ${CI:-} == true ]]; then options+=(-DLEMMACHECK_WERROR=ON); fi
cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)

bash scripts/setup.sh --tests || die "scripts/setup.sh" $?
cmake --preset release -DBUILD_TESTING=ON ${options[@]+"${options[@]}"} || die "configuring" $?
cmake --build --preset release || die "building" $?
ctest --preset release --output-on-failure --parallel "$cores" "$@" || die "ctest" $?
