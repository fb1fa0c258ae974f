#!/usr/bin/env bash
# Drawn and decided instances a second of some claims, on one thread and on two: bench/claims.sh [INSTANCES]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${LEMMACHECK:-build/release/src/cli/lemmacheck}
instances=${1:-200000}
store=$(mktemp -d)
trap 'rm -rf "$store"' EXIT
# Seconds of a run less those of a run of one block, which reads the ledger and climbs from what it found.
seconds() {
  local start end
  start=$(date +%s.%N)
  "$program" campaign run "$1" --instances "$2" --threads "$3" --store "$store/$1.$2.$3" >/dev/null
  end=$(date +%s.%N)
  echo "$end - $start" | bc
}
printf '%-32s %12s %12s\n' "claim, instances a second" "1 thread" "2 threads"
for claim in sim.lemma sim.sharp sim.eq_15_9 sim.footnote_identity double.decomposition_corrected \
  double.certainty_equivalence discounted.sharp loss.l1_by_kl sysid.no_regret learn.hybrid_fixed_point; do
  count=$instances
  [[ $claim == learn.* || $claim == sysid.* ]] && count=$((instances / 10))
  rates=()
  for threads in 1 2; do
    few=$(seconds "$claim" 4096 "$threads")
    many=$(seconds "$claim" $((count + 4096)) "$threads")
    rates+=("$(echo "$count / ($many - $few)" | bc)")
  done
  printf '%-32s %12s %12s\n' "$claim" "${rates[@]}"
done
