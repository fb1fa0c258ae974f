#!/bin/sh
# Checks the whole ledger with several seeds and few instances: does each run find every verdict?
#
# usage: scripts/check_seeds.sh [FIRST [LAST [INSTANCES]]]     1, 100 and 5000 if left out
# Prints a line for each seed, and which claims were decided by an instance of the corpus alone (properties/corpus): the
# exit status is 1 if a verdict of some run was not the expected one.
set -eu
cd "$(dirname "$0")/.."
program=build/release/src/cli/lemmacheck
[ -x "$program" ] || { echo "$program is missing; run ./scripts/setup.sh first" >&2; exit 2; }
first=${1:-1} last=${2:-100} instances=${3:-5000}
failed=0
seed=$first
while [ "$seed" -le "$last" ]; do
  if answer=$("$program" check --seed "$seed" --instances "$instances"); then
    echo "seed $seed: all as expected"
    printf '%s\n' "$answer" | grep 'by the known instance' || true
  else
    failed=1
    echo "seed $seed:"
    printf '%s\n' "$answer" | grep 'NOT AS EXPECTED\|FALSE\|undecided' || true
  fi
  seed=$((seed + 1))
done
exit $failed
