#!/usr/bin/env bash
# Builds and runs the benchmarks (needs Google Benchmark: Debian's libbenchmark-dev).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --preset release -DLEMMACHECK_BENCHMARKS=ON
cmake --build build/release --target bench_simulation_lemma
build/release/bench/bench_simulation_lemma --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
  --benchmark_enable_random_interleaving=true "$@"
