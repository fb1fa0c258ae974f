// Claims as compiled code against the same claims as texts, on the same drawn instances, side by side in one
// run: `cmake --preset release -DLEMMACHECK_BENCHMARKS=ON`, then `build/release/bench/bench_lemma_text`.
#include <benchmark/benchmark.h>

#include "claims/evaluate.hpp"
#include "claims/ledger.hpp"
#include "generate/choice_source.hpp"
#include "support/compiled_twins.hpp"

namespace {

using namespace lemmacheck;
constexpr std::uint64_t instances = 200;

/// One pass over all instances, as a run makes it once the first ones have set a record.
void evaluate_all(benchmark::State& state, const Claim& claim, const std::vector<Instance>& list) {
  constexpr double no_record_wanted = std::numeric_limits<double>::infinity();
  std::size_t exact = 0, passes = 0;
  for (auto _ : state) {
    ++passes;
    for (const Instance& instance : list) {
      const FilteredResult result = evaluate(claim.formula, claim.relation, instance, no_record_wanted);
      exact += result.used_exact ? 1 : 0;
      benchmark::DoNotOptimize(result);
    }
  }
  state.counters["exact"] = static_cast<double>(exact) / static_cast<double>(passes * list.size());
}

std::vector<Instance> drawn(const Claim& claim) {
  std::vector<Instance> list;
  for (std::uint64_t number = 0; number < instances; ++number) {
    ChoiceSource choices(PhiloxStream(1, number));
    list.push_back(claim.domain.decode(choices, Setting{}));
  }
  return list;
}

void compiled(benchmark::State& state) {
  const Claim& claim = compiled_twins()[static_cast<std::size_t>(state.range(0))];
  state.SetLabel(claim.id);
  evaluate_all(state, claim, drawn(claim));
}

void text(benchmark::State& state) {
  const Claim& twin = compiled_twins()[static_cast<std::size_t>(state.range(0))];
  const Claim& claim = Ledger::global().at(twin.id);
  std::vector<Instance> list;
  for (const Instance& instance : drawn(twin)) list.push_back(as_instance_of(claim, instance));
  state.SetLabel(claim.id);
  evaluate_all(state, claim, list);
}

void each(benchmark::internal::Benchmark* b) {
  b->Unit(benchmark::kMicrosecond);
  for (std::size_t i = 0; i < compiled_twins().size(); ++i) b->Arg(static_cast<std::int64_t>(i));
}
BENCHMARK(compiled)->Apply(each);
BENCHMARK(text)->Apply(each);

}  // namespace

BENCHMARK_MAIN();
