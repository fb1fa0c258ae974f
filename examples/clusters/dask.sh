#!/usr/bin/env bash
# A campaign on a Dask cluster of N processes on this machine. On many machines start dask-scheduler on one of them and
# dask-worker on each (or use dask-jobqueue, dask-kubernetes, ...), and give the scheduler's address to the last line.
# usage: dask.sh N STORE [claims and options of python3 -m lemmacheck_cluster campaign]
set -euo pipefail
n=${1:?usage: dask.sh N STORE [claims and options]} store=${2:?a store}
shift 2
port=${PORT:-8786}
dask-scheduler --host 127.0.0.1 --port "$port" --no-dashboard 2>/dev/null &
for _ in $(seq "$n"); do dask-worker "tcp://127.0.0.1:$port" --nthreads 1 --no-dashboard 2>/dev/null & done
trap 'kill $(jobs -p) 2>/dev/null' EXIT
python3 -m lemmacheck_cluster campaign --store "$store" --scheduler "tcp://127.0.0.1:$port" "$@"
