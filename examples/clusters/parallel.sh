#!/usr/bin/env bash
# A campaign as N shards by GNU parallel, on this machine or (with parallel's --sshloginfile) on many, then merged.
# usage: parallel.sh N FOLDER [claims and options of lemmacheck campaign run]
set -euo pipefail
n=${1:?usage: parallel.sh N FOLDER [claims and options]} folder=${2:?a folder for the stores}
shift 2
mkdir -p "$folder"
# Exit code 1 (a claim is not as expected) is an answer and no failure of the shard. A shard that was killed is resumed.
shard() {
  store=$1/part$2.db && i=$2 n=$3
  shift 3
  if [ -e "$store" ]; then lemmacheck campaign resume --store "$store" --threads 1; else
    lemmacheck campaign run --store "$store" --shard "$i/$n" --threads 1 "$@"; fi || [ $? -eq 1 ]
}
export -f shard
parallel --halt soon,fail=1 shard "$folder" {} "$n" "$@" ::: $(seq "$n") >"$folder/shards.log"
lemmacheck campaign merge --store "$folder/whole.db" "$folder"/part*.db
