#include "learning/learning_domains.hpp"
#include "learning/trace.hpp"
#include "mdp/enumeration.hpp"
#include "mdp/occupancy.hpp"
#include "support/catch.hpp"

using namespace lemmacheck;
using namespace lemmacheck::testing;

namespace {

constexpr std::array all_fits = {FitRule::latest, FitRule::aggregate, FitRule::hybrid, FitRule::expert,
                                 FitRule::hybrid_latest};
constexpr std::array plain_fills = {FillRule::pessimistic, FillRule::optimistic, FillRule::keep,
                                    FillRule::start, FillRule::figure};

/// The same with every row, the start and the policies sure of their first entry.
Instance made_deterministic(const Instance& instance) {
  const auto firsts = [](const StochasticMatrix& m) {
    std::vector<std::uint32_t> columns;
    for (std::size_t row = 0; row < m.rows(); ++row) columns.push_back(m.row_columns(row)[0]);
    return StochasticMatrix::deterministic(m.columns(), columns);
  };
  const auto policy = [&](const MarkovPolicy& p) { return MarkovPolicy(firsts(p.table()), p.state_count()); };
  Instance result = instance;
  const FiniteMdp& model = *instance.model;
  result.model = FiniteMdp(firsts(model.initial()), {firsts(model.kernel(1))}, model.rewards(),
                           model.state_count(), model.action_count());
  result.policy = policy(*instance.policy);
  result.other_policy = policy(*instance.other_policy);
  return result;
}

/// H = 3. In state 0 action 0 leads to 1 and pays 3, action 1 to 1 or 2; in state 1 action 0 leads to 0 or 2
/// and pays 1, action 1 to 2; 2 absorbs. Under pessimism the learner takes action 0 for ever, so that each
/// of its roll-outs has exactly one transition of (0, 0) and one of (1, 0). The expert starts with action 1.
LearningProblem coin_world() {
  const Dense kernel = {{0, 1, 0}, {0, q("1/2"), q("1/2")}, {q("1/3"), 0, q("2/3")}, {0, 0, 1}, {0, 0, 1},
                        {0, 0, 1}};
  const std::uint32_t zeros[] = {0, 0, 0}, one_first[] = {1, 0, 0};
  return LearningProblem(model_of({kernel}, {3, 0, 1, 0, 0, 0}), 3, MarkovPolicy::deterministic(zeros, 3, 2),
                         MarkovPolicy::deterministic(one_first, 3, 2));
}

using Row = std::vector<Rational>;

Row row_of(const StochasticMatrix& m, std::size_t row) {
  Row result;
  for (std::uint32_t column = 0; column < 3; ++column) result.push_back(m.probability(row, column));
  return result;
}

Row mixed(const Rational& p, const Row& a, const Rational& r, const Row& b) {
  Row result;
  for (std::size_t i = 0; i < a.size(); ++i) result.push_back((p * a[i] + r * b[i]) / (p + r));
  return result;
}

constexpr std::size_t pair_01 = 1, pair_10 = 2;

}  // namespace

TEST_CASE("sampled data: in a deterministic world one trajectory is the whole distribution", "[learning]") {
  constexpr int rounds = 5;
  int discoveries = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const LearningProblem problem = learning_problem(made_deterministic(drawn(learning_problems(), i)));
    for (const FitRule fit : all_fits) {
      const FillRule fill = plain_fills[(i + static_cast<std::size_t>(fit)) % plain_fills.size()];
      // A rule for each round: neither run looks for a period.
      LoopOptions options{.fit = fit,
                          .ties = TieBreak::stay,
                          .rounds = rounds,
                          .fills = std::vector<FillRule>(rounds, fill),
                          .errors = true};
      const Trace exact = run_loop(problem, options);
      options.samples = 1;
      options.seed = i;
      const Trace sampled = run_loop(problem, options);
      REQUIRE((exact.rounds.size() == rounds && sampled.rounds.size() == rounds));
      CHECK(sampled.start_discovers == exact.start_discovers);
      CHECK(sampled.converged_at == exact.converged_at);
      for (std::size_t t = 0; t < rounds; ++t) {
        INFO("problem " << i << ", round " << t + 1);
        CHECK(sampled.rounds[t].policy == exact.rounds[t].policy);
        CHECK(sampled.rounds[t].model.kernel(1) == exact.rounds[t].model.kernel(1));
        CHECK(sampled.rounds[t].seen == exact.rounds[t].seen);
        CHECK(sampled.rounds[t].discovers == exact.rounds[t].discovers);
        CHECK(sampled.rounds[t].learner_error == exact.rounds[t].learner_error);
      }
      discoveries += static_cast<int>(sampled.discoveries());
    }
  }
  CHECK(discoveries > 100);
}

TEST_CASE("sampled data: rows are frequencies of what can happen", "[learning]") {
  int partly_seen = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const LearningProblem problem = learning_problem(drawn(learning_problems(), i));
    const FiniteMdp& world = problem.world;
    const auto visited = [&](const MarkovPolicy& policy) {
      return visited_pairs(world, policy, problem.horizon);
    };
    constexpr std::uint32_t samples = 3;
    for (const FitRule fit : all_fits) {
      const Trace trace = run_loop(problem, {.fit = fit, .rounds = 4, .samples = samples, .seed = i});
      CHECK(trace.rounds.size() == 4);  // no period is looked for
      CHECK_FALSE(trace.cycle);
      std::vector<bool> possible(problem.known.size());
      const auto allow = [&](const std::vector<bool>& pairs) {
        for (std::size_t pair = 0; pair < pairs.size(); ++pair)
          possible[pair] = possible[pair] || pairs[pair];
      };
      MarkovPolicy last = problem.start;
      for (const Round& round : trace.rounds) {
        if (!aggregates(fit)) possible.assign(possible.size(), false);
        if (fit != FitRule::expert) allow(visited(last));
        if (uses_expert(fit)) allow(visited(*problem.expert));
        const StochasticMatrix& kernel = round.model.kernel(1);
        INFO("problem " << i << ", fit " << fit_rule_names[static_cast<std::size_t>(fit)]);
        for (std::size_t pair = 0; pair < possible.size(); ++pair) {
          if (round.seen[pair]) CHECK(possible[pair]);
          for (std::uint32_t next = 0; next < world.state_count(); ++next) {
            const Rational learned = kernel.probability(pair, next),
                           truth = world.kernel(1).probability(pair, next);
            if (problem.known[pair])
              CHECK(learned == truth);
            else if (round.seen[pair])
              CHECK((learned.sign() == 0 || truth.sign() != 0));
            else
              CHECK(learned == Rational(next == problem.abyss.value ? 1 : 0));
            // A round's data has samples (H - 1) transitions in all.
            if (fit == FitRule::latest && round.seen[pair] && !problem.known[pair])
              CHECK(*learned.denominator_word() <= samples * static_cast<std::uint64_t>(problem.horizon - 1));
          }
        }
        partly_seen += round.seen != possible ? 1 : 0;
        last = round.policy;
      }
    }
  }
  CHECK(partly_seen > 50);
}

TEST_CASE("sampled data: a seed fixes every round, another one changes them", "[learning]") {
  int different = 0;
  for (std::uint64_t i = 0; i < 120; ++i) {
    const LearningProblem problem = learning_problem(drawn(learning_problems(), i));
    const auto trace_of = [&](std::uint64_t seed) {
      return run_loop(problem, {.fit = FitRule::hybrid, .rounds = 3, .samples = 4, .seed = seed});
    };
    const Trace one = trace_of(i), again = trace_of(i), other = trace_of(i + 1000);
    bool same = true;
    for (std::size_t t = 0; t < 3; ++t) {
      CHECK(one.rounds[t].policy == again.rounds[t].policy);
      CHECK(one.rounds[t].model.kernel(1) == again.rounds[t].model.kernel(1));
      CHECK(one.rounds[t].seen == again.rounds[t].seen);
      CHECK(one.rounds[t].discovers == again.rounds[t].discovers);
      same = same && one.rounds[t].model.kernel(1) == other.rounds[t].model.kernel(1);
    }
    different += same ? 0 : 1;
  }
  CHECK(different > 10);  // many worlds are deterministic, or have one step
}

TEST_CASE("sampled data: each round has a stream of its own, and aggregated counts add up", "[learning]") {
  const LearningProblem problem = coin_world();
  constexpr std::uint32_t samples = 30;
  SampledData data(problem, samples, 5), other(problem, samples, 5);
  CHECK(data.collect(problem.start, 1));
  const Row first = row_of(*data.data(FitRule::latest).rows, pair_10);
  CHECK_FALSE(data.collect(problem.start, 2));
  const Row second = row_of(*data.data(FitRule::latest).rows, pair_10);
  REQUIRE_FALSE(first == second);
  // (1, 0) is taken once in each roll-out: `samples` transitions a round.
  CHECK(row_of(*data.data(FitRule::aggregate).rows, pair_10) == mixed(1, first, 1, second));
  CHECK_FALSE(data.collect(problem.start, 3));
  const Row third = row_of(*data.data(FitRule::latest).rows, pair_10);
  CHECK(row_of(*data.data(FitRule::aggregate).rows, pair_10) ==
        mixed(2, mixed(1, first, 1, second), 1, third));
  // A round's draws depend on its number alone.
  other.collect(problem.start, 3);
  CHECK(row_of(*other.data(FitRule::latest).rows, pair_10) == third);
  // The loop's round t uses the stream of t.
  const Trace trace = run_loop(problem, {.fit = FitRule::latest, .rounds = 3, .samples = samples, .seed = 5});
  const Row learned[] = {first, second, third};
  for (std::size_t t = 0; t < 3; ++t) CHECK(row_of(trace.rounds[t].model.kernel(1), pair_10) == learned[t]);
  for (const Row& row : {first, second, third}) {
    CHECK((row[0] * Rational(samples)).is_integer());
    CHECK(row[1] == Rational(0));
  }
  using Flags = std::vector<bool>;
  const Flags seen = data.data(FitRule::aggregate).seen, states = data.data(FitRule::aggregate).states;
  CHECK(Flags(seen.begin(), seen.begin() + 6) == Flags{true, false, true, false, false, false});
  CHECK(Flags(states.begin(), states.begin() + 3) == Flags{true, true, false});
}

TEST_CASE("sampled data: learner's and expert's data weigh one half each, however much there is of either",
          "[learning]") {
  const LearningProblem problem = coin_world();
  constexpr std::uint32_t samples = 12;
  int unlike_pooled = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto trace_of = [&](FitRule fit) {
      return run_loop(problem, {.fit = fit, .rounds = 3, .samples = samples, .seed = seed});
    };
    const Trace latest = trace_of(FitRule::latest), aggregate = trace_of(FitRule::aggregate),
                expert = trace_of(FitRule::expert), hybrid = trace_of(FitRule::hybrid),
                hybrid_latest = trace_of(FitRule::hybrid_latest);
    // All learners do the same in the first two steps.
    for (const Trace* trace : {&latest, &aggregate, &hybrid, &hybrid_latest})
      for (const Round& round : trace->rounds)
        REQUIRE((taken_action(round.policy, 1, State{0}).value == 0 &&
                 taken_action(round.policy, 2, State{1}).value == 0));
    const auto row = [](const Trace& trace, std::size_t t, std::size_t pair) {
      return row_of(trace.rounds[t].model.kernel(1), pair);
    };
    // The expert's transitions of (1, 0): as many as (0, 1) led to 1.
    const Rational experts = Rational(samples) * row(expert, 0, pair_01)[1];
    if (!expert.rounds[0].seen[pair_10]) continue;
    for (std::size_t t = 0; t < 3; ++t) {
      INFO("seed " << seed << ", round " << t + 1);
      const Rational collected = Rational(t + 1) * Rational(samples);  // the learner's transitions of (1, 0)
      const Rational own_total = Rational(2) * collected, expert_total = Rational(2) * Rational(samples);
      const Row from_expert = row(expert, t, pair_10);
      CHECK(row(hybrid, t, pair_10) ==
            mixed(collected / own_total, row(aggregate, t, pair_10), experts / expert_total, from_expert));
      CHECK(row(hybrid_latest, t, pair_10) == mixed(Rational(samples) / expert_total, row(latest, t, pair_10),
                                                    experts / expert_total, from_expert));
      const Row pooled = mixed(collected, row(aggregate, t, pair_10), experts, from_expert);
      unlike_pooled += t > 0 && row(hybrid, t, pair_10) != pooled ? 1 : 0;
      // What only one half has seen is that half's.
      CHECK(row(hybrid, t, pair_01) == row(expert, t, pair_01));
      CHECK(row(hybrid, t, 0) == Row{0, 1, 0});
    }
  }
  CHECK(unlike_pooled > 20);
}

TEST_CASE("sampled data: without a common denominator the same numbers draw the same", "[learning]") {
  // State 2 is never reached; its rows decide whether the kernel is kept as counts.
  const auto world_with = [](const Row& first, const Row& second) {
    const Dense kernel = {{q("1/7"), q("6/7"), 0},
                          {q("2/5"), q("3/5"), 0},
                          {q("3/4"), q("1/4"), 0},
                          {q("1/2"), q("1/2"), 0},
                          first,
                          second};
    return model_of({kernel}, {0, 1, 1, 0, 0, 0});
  };
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  const FiniteMdp words = world_with({1, 0, 0}, {0, 0, 1}),
                  none = world_with({p, Rational(1) - p, 0}, {r, 0, Rational(1) - r});
  REQUIRE((words.kernel(1).has_words() && !none.kernel(1).has_words()));
  const MarkovPolicy policy(matrix({{q("1/3"), q("2/3")}, {q("1/4"), q("3/4")}, {1, 0}}), 3);
  const LearningProblem a(words, 6, policy), b(none, 6, policy);
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SampledData first(a, 20, seed), second(b, 20, seed);
    first.collect(a.start, 1);
    second.collect(b.start, 1);
    const Data one = first.data(FitRule::latest), other = second.data(FitRule::latest);
    CHECK(one.seen == other.seen);
    for (std::size_t pair = 0; pair < 4; ++pair)
      if (one.seen[pair]) CHECK(row_of(*one.rows, pair) == row_of(*other.rows, pair));
  }
}

TEST_CASE("sampled data: every outcome of a row turns up in time", "[learning]") {
  const Rational p = Rational::ratio(1, prime_p), r = Rational::ratio(1, prime_q);
  for (const bool words : {true, false}) {
    // Two states away an unreached row decides whether the kernel is kept as counts.
    Dense kernel = {{q("1/2"), q("1/4"), q("1/4"), 0}, {1, 0, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 1}};
    if (!words) kernel[3] = {p, r, 0, Rational(1) - p - r};
    const FiniteMdp world = model_of({kernel}, {0, 1, 2, 3});
    REQUIRE(world.kernel(1).has_words() == words);
    const LearningProblem problem(world, 2, MarkovPolicy::uniform(4, 1));
    SampledData data(problem, 60, 1);
    data.collect(problem.start, 1);
    const StochasticMatrix rows = *data.data(FitRule::latest).rows;
    for (std::uint32_t next = 0; next < 3; ++next) CHECK(rows.probability(0, next).sign() > 0);
    CHECK(rows.probability(0, 3) == Rational(0));
  }
}

TEST_CASE("sampled data: the expert's draws are not those of the first round", "[learning]") {
  const FiniteMdp world = coin_world().world;
  const MarkovPolicy policy = coin_world().start;
  const LearningProblem problem(world, 3, policy, policy);  // the expert does what the learner does
  SampledData data(problem, 30, 1);
  data.collect_expert();
  data.collect(problem.start, 1);
  CHECK_FALSE(row_of(*data.data(FitRule::expert).rows, pair_10) ==
              row_of(*data.data(FitRule::latest).rows, pair_10));
}

TEST_CASE("sampled data: a roll-out discovers what no data before had shown", "[learning]") {
  const LearningProblem problem = coin_world();
  const std::uint32_t ones[] = {1, 1, 1, 1, 1};
  const MarkovPolicy second = MarkovPolicy::deterministic(ones, 5, 2);
  SampledData data(problem, 8, 1);
  CHECK(data.collect(problem.start, 1));
  CHECK(data.collect(second, 2));  // (0, 1)
  CHECK_FALSE(data.collect(problem.start, 3));
  SampledData with_expert(problem, 8, 1);
  with_expert.collect_expert();                  // (0, 1), and (1, 0) where it came to 1
  CHECK(with_expert.collect(problem.start, 1));  // (0, 0)
  CHECK_FALSE(with_expert.collect(problem.start, 2));
  std::vector<bool> known(6, true);
  const LearningProblem nothing_new(
      model_of(
          {{{0, 1, 0}, {0, q("1/2"), q("1/2")}, {q("1/3"), 0, q("2/3")}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1}}},
          {3, 0, 1, 0, 0, 0}),
      3, MarkovPolicy::uniform(3, 2), {}, known);
  SampledData informed(nothing_new, 8, 1);
  CHECK_FALSE(informed.collect(nothing_new.start, 1));
}

TEST_CASE("sampled data: with one step there is none", "[learning]") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    Instance instance = drawn(learning_problems(), i);
    instance.horizon = 1;
    const LearningProblem problem = learning_problem(instance);
    for (const FitRule fit : all_fits) {
      const Trace trace = run_loop(problem, {.fit = fit, .rounds = 2, .samples = 5});
      REQUIRE(trace.rounds.size() == 2);
      CHECK(trace.converged_at == 1);
      CHECK(trace.discoveries() == 0);
      for (const Round& round : trace.rounds) {
        CHECK(std::count(round.seen.begin(), round.seen.end(), true) == 0);
        CHECK(*round.true_value == trace.optimal_value);
      }
    }
  }
}
