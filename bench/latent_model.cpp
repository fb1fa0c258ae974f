// A recurrent model's likelihood of an episode, exact against plain doubles; a divergence of a training log,
// enclosed (with the tolerance decided) against plain doubles; the table of the announced turn.
#include <benchmark/benchmark.h>

#include <cmath>

#include "generate/choice_source.hpp"
#include "latent/recurrent_table.hpp"
#include "logs/table_checks.hpp"

namespace {

using namespace lemmacheck;
constexpr std::uint64_t grid = std::uint64_t{1} << 24;  // as float32 rows have it

/// Rows of natural numbers that sum to the grid.
std::vector<std::uint64_t> counts(ChoiceSource& choices, std::size_t rows, std::uint32_t columns) {
  std::vector<std::uint64_t> all;
  for (std::size_t row = 0; row < rows; ++row) {
    std::uint64_t left = grid;
    for (std::uint32_t i = 0; i + 1 < columns; ++i) {
      all.push_back(1 + choices.below(static_cast<std::uint32_t>(grid / columns)));
      left -= all.back();
    }
    all.push_back(left);
  }
  return all;
}

struct Task {
  RecurrentModel model;
  Episode episode;
};

Task task_of(const benchmark::State& state) {
  const auto n = static_cast<std::uint32_t>(state.range(0));
  ChoiceSource choices(PhiloxStream(1, n));
  RecurrentModel model = blank_model(Memory::last_code, n, 2 * n, 2);
  model.dynamics = StochasticMatrix(n, counts(choices, model.recurrent, n), grid);
  model.decoder = StochasticMatrix(2 * n, counts(choices, std::size_t{model.recurrent} * n, 2 * n), grid);
  Episode episode;
  for (std::int64_t t = 0; t < state.range(1); ++t) {
    episode.observations.push_back(choices.below(2 * n));
    if (t > 0) episode.actions.push_back(choices.below(2));
  }
  return {std::move(model), std::move(episode)};
}

void exact_likelihood(benchmark::State& state) {
  const Task task = task_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(likelihood(task.model, task.episode));
}

void plain_likelihood(benchmark::State& state) {
  const auto [model, episode] = task_of(state);
  std::vector<double> dynamics, decoder;
  for (std::uint32_t h = 0; h < model.recurrent; ++h)
    for (std::uint32_t z = 0; z < model.codes; ++z) {
      dynamics.push_back(model.dynamics.probability(h, z).approximate());
      for (std::uint32_t x = 0; x < model.observations; ++x)
        decoder.push_back(model.decoder.probability(model.pair(h, z), x).approximate());
    }
  for (auto _ : state) {
    std::vector<double> here(model.recurrent), next;
    here[0] = 1;
    double total = 0;
    for (std::size_t t = 0; t < episode.observations.size(); ++t) {
      next.assign(model.recurrent, 0);
      total = 0;
      for (std::uint32_t h = 0; h < model.recurrent; ++h)
        for (std::uint32_t z = 0; z < model.codes; ++z) {
          const std::size_t pair = model.pair(h, z);
          const double mass =
              here[h] * dynamics[pair] * decoder[pair * model.observations + episode.observations[t]];
          total += mass;
          if (t < episode.actions.size()) next[model.step(h, z, episode.actions[t])] += mass;
        }
      here.swap(next);
    }
    benchmark::DoNotOptimize(total);
  }
}

/// One step of a log: 32 groups of 32 codes.
LoggedTables log_of() {
  constexpr std::uint32_t groups = 32, codes = 32;
  ChoiceSource choices(PhiloxStream(2, 0));
  LoggedTables tables;
  for (const char* name : {"posterior", "prior"}) {
    NumberArray& table = tables.tables[name];
    table.shape = {1, groups, codes};
    table.exact = false;
    for (const std::uint64_t count : counts(choices, groups, codes))
      table.values.push_back(Rational::ratio(static_cast<std::int64_t>(count), grid));
  }
  double kl = 0;
  for (std::size_t i = 0; i < std::size_t{groups} * codes; ++i) {
    const double q = tables.at("posterior").values[i].approximate(),
                 p = tables.at("prior").values[i].approximate();
    kl += q * std::log(q / p);
  }
  NumberArray& table = tables.tables["kl"];
  table.shape = {1};
  table.exact = false;
  table.values = {Rational::ratio(std::llround(kl * 1e9), 1'000'000'000)};
  return tables;
}

void checked_step(benchmark::State& state) {
  const LoggedTables tables = log_of();
  const Rational tolerance = Rational::ratio(1, 100'000);
  if (check_tables(tables, tolerance).checks.back().verdict() != Truth::yes) state.SkipWithError("refused");
  for (auto _ : state) benchmark::DoNotOptimize(check_tables(tables, tolerance));
}

void plain_step(benchmark::State& state) {
  const LoggedTables tables = log_of();
  std::vector<double> q, p;
  for (const Rational& value : tables.at("posterior").values) q.push_back(value.approximate());
  for (const Rational& value : tables.at("prior").values) p.push_back(value.approximate());
  for (auto _ : state) {
    double kl = 0;
    for (std::size_t i = 0; i < q.size(); ++i) kl += q[i] * std::log(q[i] / p[i]);
    benchmark::DoNotOptimize(kl);
  }
}

void announced_turn_table(benchmark::State& state) {
  const ObservedProblem problem = announced_turn();
  for (auto _ : state) benchmark::DoNotOptimize(recurrent_table(problem));
}

BENCHMARK(plain_likelihood)->Args({2, 4})->Args({8, 20});
BENCHMARK(exact_likelihood)->Args({2, 4})->Args({8, 20});
BENCHMARK(plain_step);
BENCHMARK(checked_step);
BENCHMARK(announced_turn_table)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
