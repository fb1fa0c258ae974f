#!/usr/bin/env bash
# Builds and runs the benchmarks (needs Google Benchmark: Debian's libbenchmark-dev).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --preset release -DLEMMACHECK_BENCHMARKS=ON
cmake --build build/release --target bench_simulation_lemma bench_learning_trace bench_latent_model bench_lemma_text
for program in bench_simulation_lemma bench_learning_trace bench_latent_model bench_lemma_text; do
  "build/release/bench/$program" --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
    --benchmark_enable_random_interleaving=true "$@"
done
