// One exact round of a learning loop (fit, plan, evaluate in the world) against one plan and evaluation in
// plain doubles, side by side in one run. Worlds: five successors a row, probabilities in twentieths.
#include <benchmark/benchmark.h>

#include "generate/choice_source.hpp"
#include "generate/model_families.hpp"
#include "learning/trace.hpp"

namespace {

using namespace lemmacheck;
constexpr std::uint32_t actions = 4;
constexpr std::uint64_t denominator = 20;

LearningProblem problem_of(const benchmark::State& state) {
  const auto states = static_cast<std::uint32_t>(state.range(0));
  ChoiceSource choices(PhiloxStream(1, states));
  KernelDraft draft{states, actions, denominator,
                    std::vector<std::uint64_t>(std::size_t{states} * actions * states)};
  for (std::size_t row = 0; row < draft.rows(); ++row)
    for (int successor = 0; successor < 5; ++successor)
      draft.row(row)[choices.below(states)] += denominator / 5;
  std::vector<std::uint64_t> rewards(draft.rows());
  for (auto& reward : rewards) reward = choices.below(11);
  const std::uint32_t start[] = {0};
  const FiniteMdp model(StochasticMatrix::deterministic(states, start), {draft.kernel()},
                        RewardTable(states, actions, rewards, 10), states, actions);
  const std::vector<std::uint32_t> first(states, 0);
  return LearningProblem(model, static_cast<Step>(state.range(1)),
                         MarkovPolicy::deterministic(first, states, actions));
}

/// A row as (next state, probability) pairs.
struct PlainModel {
  std::vector<std::vector<std::pair<std::uint32_t, double>>> rows;
  std::vector<double> rewards;
};

/// Backward induction for the optimum and then for the policy found.
double plain_round(const PlainModel& model, std::size_t states, Step horizon) {
  std::vector<double> next(states), value(states), next_policy(states), policy_value(states);
  for (Step h = horizon; h >= 1; --h) {
    for (std::size_t s = 0; s < states; ++s) {
      std::size_t best = s * actions;
      double highest = -1;
      for (std::size_t row = s * actions; row < (s + 1) * actions; ++row) {
        double q = model.rewards[row];
        for (const auto& [t, p] : model.rows[row]) q += p * next[t];
        if (q > highest) highest = q, best = row;
      }
      value[s] = highest;
      policy_value[s] = model.rewards[best];
      for (const auto& [t, p] : model.rows[best]) policy_value[s] += p * next_policy[t];
    }
    next = value;
    next_policy = policy_value;
  }
  return next_policy[0];
}

void plain_double(benchmark::State& state) {
  const LearningProblem problem = problem_of(state);
  const StochasticMatrix& kernel = problem.world.kernel(1);
  PlainModel model;
  for (std::size_t row = 0; row < kernel.rows(); ++row) {
    model.rows.emplace_back();
    for (std::size_t e = kernel.row_begin(row); e != kernel.row_end(row); ++e)
      model.rows.back().emplace_back(kernel.column(e), kernel.probability(e).approximate());
  }
  for (const Rational& reward : problem.world.rewards().as<Rational>())
    model.rewards.push_back(reward.approximate());
  for (auto _ : state)
    benchmark::DoNotOptimize(plain_round(model, problem.world.state_count(), problem.horizon));
}

/// The time of one round, whatever number of rounds the loop takes until it stops or repeats.
void exact_round(benchmark::State& state, std::uint32_t samples) {
  const LearningProblem problem = problem_of(state);
  const LoopOptions options{.fit = FitRule::aggregate,
                            .fill = FillRule::optimistic,
                            .rounds = static_cast<int>(state.range(2)),
                            .samples = samples};
  std::size_t rounds = 0;
  for (auto _ : state) rounds += run_loop(problem, options).rounds.size();
  state.counters["time_a_round"] = benchmark::Counter(
      static_cast<double>(rounds), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
void exact_population(benchmark::State& state) {
  exact_round(state, 0);
}
void exact_sampled(benchmark::State& state) {
  exact_round(state, 1);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"S", "H", "rounds"});
  for (const int states : {10, 100, 400}) b->Args({states, 10, 1000});
  b->Unit(benchmark::kMillisecond);
}

BENCHMARK(plain_double)->Apply(sizes);
BENCHMARK(exact_population)->Apply(sizes);
BENCHMARK(exact_sampled)->ArgNames({"S", "H", "rounds"})->Args({100, 10, 100})->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
