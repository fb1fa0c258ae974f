// The exact check of the simulation lemma against plain doubles and against naive rational arithmetic, side
// by side in one run: `cmake --preset release -DLEMMACHECK_BENCHMARKS=ON`, then
// `build/release/bench/bench_simulation_lemma`.
//
// One check: J and J' of a deterministic policy, the largest L1 distance, H (H - 1) / 2 of it, and the
// comparison. The pairs are dense with D = 1000; none is a tie, as with almost all drawn instances.
#include <benchmark/benchmark.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>

#include "claims/evaluate.hpp"
#include "support/compiled_twins.hpp"
#include "generate/choice_source.hpp"
#include "generate/model_families.hpp"

namespace {

using namespace lemmacheck;
using CppRational =
    boost::multiprecision::number<boost::multiprecision::cpp_rational_backend, boost::multiprecision::et_off>;
constexpr std::uint64_t denominator = 1000;

/// Dense rows drawn evenly; M' is drawn again.
Instance dense_pair(std::uint32_t states, std::uint32_t actions, Step horizon) {
  ChoiceSource choices(PhiloxStream(1, states + 100 * static_cast<std::uint64_t>(horizon)));
  const auto kernel = [&] {
    KernelDraft draft{states, actions, denominator,
                      std::vector<std::uint64_t>(std::size_t{states} * actions * states)};
    for (std::size_t row = 0; row < draft.rows(); ++row)
      draw_row(choices, draft.row(row), denominator, static_cast<std::uint32_t>(row) / actions);
    return draft.kernel();
  };
  std::vector<std::uint64_t> rewards(std::size_t{states} * actions), initial(states);
  for (auto& reward : rewards) reward = choices.below(11);
  draw_row(choices, initial, denominator, 0);
  std::vector<std::uint32_t> taken(states);
  for (auto& action : taken) action = choices.below(actions);
  const StochasticMatrix start(states, initial, denominator);
  const RewardTable table(states, actions, rewards, 10);
  Instance instance;
  instance.horizon = horizon;
  instance.model.emplace(start, std::vector{kernel()}, table, states, actions);
  instance.perturbed.emplace(start, std::vector{kernel()}, table, states, actions);
  instance.policy = MarkovPolicy::deterministic(taken, states, actions);
  return instance;
}

/// The dense tables and the check that somebody would write in a few lines, over any number type.
template <class N>
class PlainCheck {
 public:
  explicit PlainCheck(const Instance& instance)
      : states_(instance.model->state_count()),
        actions_(instance.model->action_count()),
        horizon_(instance.horizon),
        kernels_{dense(*instance.model), dense(*instance.perturbed)},
        rewards_(states_ * actions_),
        start_(states_),
        taken_(states_),
        value_(states_),
        next_(states_) {
    for (std::uint32_t s = 0; s < states_; ++s) {
      start_[s] = number(instance.model->initial().probability(0, s));
      taken_[s] = instance.policy->table().column(s);
      for (std::uint32_t a = 0; a < actions_; ++a)
        rewards_[s * actions_ + a] = number(instance.model->rewards()(State{s}, Action{a}));
    }
  }

  bool holds() {
    const N gap = value(kernels_[0]) - value(kernels_[1]);
    N largest = 0;
    for (std::size_t row = 0; row < states_ * actions_; ++row) {
      N sum = 0;
      for (std::size_t next = 0; next < states_; ++next)
        sum += size(kernels_[0][row * states_ + next] - kernels_[1][row * states_ + next]);
      if (largest < sum) largest = sum;
    }
    return !(N(horizon_ * (horizon_ - 1) / 2) * largest < size(gap));
  }

 private:
  static N number(const Rational& r) {
    if constexpr (std::is_same_v<N, double>)
      return r.approximate();
    else
      return N(r.to_string());
  }
  static N size(const N& x) { return x < 0 ? N(-x) : x; }

  std::vector<N> dense(const FiniteMdp& model) const {
    std::vector<N> table;
    for (std::size_t row = 0; row < model.kernel(1).rows(); ++row)
      for (std::uint32_t next = 0; next < model.state_count(); ++next)
        table.push_back(number(model.kernel(1).probability(row, next)));
    return table;
  }

  N value(const std::vector<N>& kernel) {
    for (N& v : next_) v = 0;
    for (int h = horizon_; h >= 1; --h) {
      for (std::size_t s = 0; s < states_; ++s) {
        const std::size_t row = s * actions_ + taken_[s];
        N sum = 0;
        for (std::size_t t = 0; t < states_; ++t) sum += kernel[row * states_ + t] * next_[t];
        value_[s] = rewards_[row] + sum;
      }
      std::swap(value_, next_);
    }
    N sum = 0;
    for (std::size_t s = 0; s < states_; ++s) sum += start_[s] * next_[s];
    return sum;
  }

  std::size_t states_, actions_;
  int horizon_;
  std::vector<N> kernels_[2], rewards_, start_;
  std::vector<std::uint32_t> taken_;
  std::vector<N> value_, next_;
};

Instance instance_of(const benchmark::State& state) {
  return dense_pair(static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1)),
                    static_cast<Step>(state.range(2)));
}

void plain_double(benchmark::State& state) {
  PlainCheck<double> check(instance_of(state));
  for (auto _ : state) benchmark::DoNotOptimize(check.holds());
}

void exact_filtered(benchmark::State& state) {
  const Instance instance = instance_of(state);
  const Claim& claim = compiled_twins().front();
  constexpr double no_record_wanted = std::numeric_limits<double>::infinity();
  std::size_t exact = 0;
  for (auto _ : state) {
    const FilteredResult result = evaluate(claim.formula, claim.relation, instance, no_record_wanted);
    exact += result.used_exact ? 1 : 0;
    benchmark::DoNotOptimize(result);
  }
  state.counters["fell_back"] = static_cast<double>(exact);
}

void exact_fraction_free(benchmark::State& state) {
  const Instance instance = instance_of(state);
  const Claim& claim = compiled_twins().front();
  for (auto _ : state) benchmark::DoNotOptimize(evaluate_exactly(claim.formula, claim.relation, instance));
  state.counters["denominator_bits"] = static_cast<double>(
      policy_return(*instance.model, *instance.policy, instance.horizon).denominator_bits());
}

void naive_cpp_rational(benchmark::State& state) {
  PlainCheck<CppRational> check(instance_of(state));
  for (auto _ : state) benchmark::DoNotOptimize(check.holds());
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"S", "A", "H"});
  b->Args({8, 3, 10});
  for (const int horizon : {5, 20, 50}) b->Args({8, 3, horizon});
  for (const int states : {4, 16, 32}) b->Args({states, 3, 10});
  for (const int actions : {2, 12}) b->Args({8, actions, 10});
}

BENCHMARK(plain_double)->Apply(sizes);
BENCHMARK(exact_filtered)->Apply(sizes);
BENCHMARK(exact_fraction_free)->Apply(sizes);
BENCHMARK(naive_cpp_rational)->Apply(sizes)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
