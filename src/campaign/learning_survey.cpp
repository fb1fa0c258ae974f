#include "campaign/learning_survey.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_reduce.h>

#include <algorithm>

#include "learning/learning_domains.hpp"

namespace lemmacheck {
namespace {

constexpr int most_rounds = 200;

LoopStatistics observed(const Trace& trace) {
  LoopStatistics result;
  result.problems = 1;
  if (!trace.cycle && !trace.converged_at) return result;
  const int start = trace.cycle ? trace.cycle->start : *trace.converged_at;
  std::optional<Rational> lowest;
  for (const Round& round : trace.rounds)
    if (round.number >= start) lowest = lowest ? min(*lowest, *round.true_value) : *round.true_value;
  result.stops = trace.converged_at ? 1 : 0;
  result.oscillates = trace.cycle ? 1 : 0;
  result.optimal = *lowest >= trace.optimal_value ? 1 : 0;
  result.expert = *lowest >= *trace.expert_value ? 1 : 0;
  result.improves = *lowest >= *trace.start_value ? 1 : 0;
  result.longest_cycle = trace.cycle ? trace.cycle->length : 1;
  result.latest_stop = trace.converged_at.value_or(0);
  result.widest_gap = trace.optimal_value - *lowest;
  return result;
}

LoopStatistics survey(const Domain& domain, const Run& run, const LoopOptions& options) {
  LoopStatistics total;
  run_on(run.threads, [&] {
    total = oneapi::tbb::parallel_reduce(
        oneapi::tbb::blocked_range<std::uint64_t>(run.first, run.first + run.instances, 16), LoopStatistics{},
        [&](const oneapi::tbb::blocked_range<std::uint64_t>& range, LoopStatistics sum) {
          for (std::uint64_t i = range.begin(); i != range.end(); ++i)
            sum.merge(
                observed(run_loop(learning_problem(draw_instance(domain, Setting{}, run.seed, i)), options)));
          return sum;
        },
        [](LoopStatistics a, const LoopStatistics& b) {
          a.merge(b);
          return a;
        });
  });
  return total;
}

}  // namespace

void LoopStatistics::merge(const LoopStatistics& other) {
  problems += other.problems;
  stops += other.stops;
  oscillates += other.oscillates;
  optimal += other.optimal;
  expert += other.expert;
  improves += other.improves;
  longest_cycle = std::max(longest_cycle, other.longest_cycle);
  latest_stop = std::max(latest_stop, other.latest_stop);
  widest_gap = max(widest_gap, other.widest_gap);
}

std::vector<SurveyRow> survey_loops(const Run& run, TieBreak ties) {
  const Domain domain = learning_problems();
  std::vector<SurveyRow> rows;
  for (const FitRule fit : {FitRule::latest, FitRule::aggregate, FitRule::hybrid, FitRule::hybrid_latest}) {
    for (const FillRule fill : {FillRule::pessimistic, FillRule::optimistic, FillRule::keep, FillRule::figure,
                                FillRule::adversarial}) {
      Run part = run;
      if (fill == FillRule::adversarial) part.instances = std::max<std::uint64_t>(run.instances / 10, 1);
      const LoopOptions options{.fit = fit, .fill = fill, .ties = ties, .rounds = most_rounds};
      rows.push_back({fit, fill, survey(domain, part, options)});
    }
  }
  return rows;
}

}  // namespace lemmacheck
