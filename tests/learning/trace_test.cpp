#include "learning/trace.hpp"

#include "learning/learning_domains.hpp"
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
std::string name_of(FitRule fit, FillRule fill, TieBreak ties) {
  return std::string(fit_rule_names[static_cast<std::size_t>(fit)]) + ", " +
         std::string(fill_rule_names[static_cast<std::size_t>(fill)]) + ", " +
         std::string(tie_break_names[static_cast<std::size_t>(ties)]);
}

struct PlainRound {
  StochasticMatrix kernel;
  MarkovPolicy policy;
  std::vector<bool> seen;
  bool discovers;
};

/// The loop without a memory of its states: `fitted` and `plan` in turn, a fill rule for each round.
std::vector<PlainRound> plain_loop(const LearningProblem& problem, FitRule fit,
                                   const std::vector<FillRule>& fills, TieBreak ties) {
  const FiniteMdp& world = problem.world;
  const auto visited = [&](const MarkovPolicy& policy) {
    return visited_pairs(world, policy, problem.horizon);
  };
  const auto add = [](std::vector<bool>& to, const std::vector<bool>& from) {
    bool fresh = false;
    for (std::size_t i = 0; i < to.size(); ++i) {
      fresh = fresh || (from[i] && !to[i]);
      to[i] = to[i] || from[i];
    }
    return fresh;
  };
  const std::vector<bool> nothing(problem.known.size());
  const std::vector<bool> expert = uses_expert(fit) ? visited(*problem.expert) : nothing;
  std::vector<bool> all = nothing, shown = problem.known;
  add(shown, expert);
  MarkovPolicy policy = problem.start;
  StochasticMatrix kernel = problem.start_kernel;
  add(shown, visited(policy));
  std::vector<PlainRound> rounds;
  for (const FillRule fill : fills) {
    const std::vector<bool> latest = visited(policy);
    add(all, latest);
    Data data;
    data.seen = fit == FitRule::expert ? nothing : aggregates(fit) ? all : latest;
    add(data.seen, expert);
    data.rows = world.shared_kernel();
    data.states.resize(world.state_count());
    for (std::size_t pair = 0; pair < data.seen.size(); ++pair)
      if (data.seen[pair]) data.states[pair / world.action_count()] = true;
    const FiniteMdp model = fitted(problem, data, fill, kernel);
    policy = plan(model, problem.horizon, ties, world, policy).policy;
    kernel = model.kernel(1);
    const bool discovers = add(shown, visited(policy));
    rounds.push_back({kernel, policy, data.seen, discovers});
  }
  return rounds;
}

bool same_round(const Round& round, const PlainRound& plain) {
  return round.policy == plain.policy && round.model.kernel(1) == plain.kernel;
}
bool same_round(const PlainRound& a, const PlainRound& b) {
  return a.policy == b.policy && a.kernel == b.kernel;
}

struct Ends {
  int with_same_model = 0, with_other_model = 0, cycles = 0, fixed_points = 0, late_cycles = 0;
};

/// Where the trace says that models and policies repeat they do, and the rounds listed are all.
void check_periodic(const LearningProblem& problem, FitRule fit, FillRule fill, TieBreak ties, Ends& ends) {
  const Trace trace = run_loop(problem, {.fit = fit, .fill = fill, .ties = ties});
  const int listed = static_cast<int>(trace.rounds.size());
  if (trace.cycle.has_value() == trace.converged_at.has_value()) {
    FAIL("neither or both of cycle and fixed point");
    return;
  }
  const int start = trace.cycle ? trace.cycle->start : *trace.converged_at;
  const int length = trace.cycle ? trace.cycle->length : 1;
  CHECK((start >= 1 && length >= 1 && (!trace.cycle || length >= 2)));
  CHECK(listed == start + length - 1);
  const int rounds = listed + 3 * length + 4;
  const auto plain = plain_loop(problem, fit, std::vector(static_cast<std::size_t>(rounds), fill), ties);
  const auto round = [&](int t) -> const PlainRound& { return plain[static_cast<std::size_t>(t - 1)]; };
  for (int t = 1; t <= rounds; ++t) {
    const int listed_as = t < start ? t : start + (t - start) % length;
    CHECK(same_round(trace.rounds[static_cast<std::size_t>(listed_as - 1)], round(t)));
    if (t > listed) {
      CHECK_FALSE(round(t).discovers);  // what repeats shows nothing new
      continue;
    }
    const Round& here = trace.rounds[static_cast<std::size_t>(t - 1)];
    CHECK((here.number == t && here.seen == round(t).seen && here.discovers == round(t).discovers));
  }
  CHECK(trace.discoveries() <= problem.unknown_count());
  // Within a period no policy comes twice, and a fixed point is the first of its kind.
  for (int t = start; t < start + length; ++t)
    for (int u = start; u < t; ++u) CHECK_FALSE(round(t).policy == round(u).policy);
  if (length == 1 && start > 1) CHECK_FALSE(same_round(round(start - 1), round(start)));

  (trace.cycle ? ends.cycles : ends.fixed_points) += 1;
  ends.late_cycles += trace.cycle && start > 1 ? 1 : 0;
  // The policy came back one round earlier than the model: the other case of how a period is found.
  const bool policy_before = start > 1 && round(start - 1).policy == round(start - 1 + length).policy;
  (policy_before ? ends.with_other_model : ends.with_same_model) += 1;
}

/// Expected distance of the model's rows from the world's along the trajectories, weights H - h.
Rational enumerated_error(const LearningProblem& problem, const MarkovPolicy& policy,
                          const FiniteMdp& model) {
  const FiniteMdp& world = problem.world;
  Rational error;
  for_each_trajectory(world, policy, problem.horizon - 1, [&](const Rational& probability, const auto& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Rational distance;
      for (std::uint32_t next = 0; next < world.state_count(); ++next)
        distance +=
            abs(world.kernel(1).probability(rows[i], next) - model.kernel(1).probability(rows[i], next));
      error += probability * Rational(problem.horizon - 1 - static_cast<Step>(i)) * distance;
    }
  });
  return error / Rational::ratio(problem.horizon * (problem.horizon - 1), 2);
}

LearningProblem drawn_problem(std::uint64_t index) {
  return learning_problem(drawn(learning_problems(), index));
}

Instance with_rewards(Instance instance, const std::vector<Rational>& rewards) {
  const FiniteMdp& model = *instance.model;
  instance.model = FiniteMdp(model.initial(), model.kernels(),
                             RewardTable(model.state_count(), model.action_count(), rewards),
                             model.state_count(), model.action_count());
  return instance;
}

}  // namespace

TEST_CASE("trace: rounds repeat as said, for all fits, fills and ties", "[learning]") {
  Ends ends;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const LearningProblem problem = drawn_problem(i);
    for (std::size_t fit = 0; fit < all_fits.size(); ++fit) {
      for (std::size_t fill = 0; fill < plain_fills.size(); ++fill) {
        // Two of the five tie rules on each problem: over five problems all combinations.
        for (const std::size_t shift : {i, i + 2}) {
          const TieBreak ties = all_ties[(shift + fit + fill) % all_ties.size()];
          INFO("problem " << i << ": " << name_of(all_fits[fit], plain_fills[fill], ties));
          check_periodic(problem, all_fits[fit], plain_fills[fill], ties, ends);
        }
      }
    }
  }
  CHECK((ends.cycles > 50 && ends.fixed_points > 1000 && ends.late_cycles > 10));
  CHECK((ends.with_same_model > 1000 && ends.with_other_model > 100));
}

TEST_CASE("trace: with adversarial fills, too, rounds repeat as said", "[learning]") {
  int checked = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const LearningProblem problem = drawn_problem(i);
    if (problem.unknown_count() > 8) continue;
    const FitRule fit = all_fits[i % all_fits.size()];
    const TieBreak ties = all_ties[i / 2 % all_ties.size()];
    const Trace trace = run_loop(problem, {.fit = fit, .fill = FillRule::adversarial, .ties = ties});
    REQUIRE(trace.cycle.has_value() != trace.converged_at.has_value());
    const int start = trace.cycle ? trace.cycle->start : *trace.converged_at;
    const int length = trace.cycle ? trace.cycle->length : 1;
    // Given a rule for each round the loop looks for no period.
    const int rounds = start + 2 * length + 1;
    const Trace plain =
        run_loop(problem, {.fit = fit,
                           .ties = ties,
                           .rounds = rounds,
                           .fills = std::vector(static_cast<std::size_t>(rounds), FillRule::adversarial)});
    REQUIRE(plain.rounds.size() == static_cast<std::size_t>(rounds));
    CHECK_FALSE(plain.cycle);
    INFO("problem " << i << ": " << name_of(fit, FillRule::adversarial, ties));
    for (int t = 1; t <= rounds; ++t) {
      const Round& listed =
          trace.rounds[static_cast<std::size_t>((t < start ? t : start + (t - start) % length) - 1)];
      const Round& expected = plain.rounds[static_cast<std::size_t>(t - 1)];
      CHECK((listed.policy == expected.policy && listed.model.kernel(1) == expected.model.kernel(1)));
    }
    ++checked;
  }
  CHECK(checked > 25);
}

TEST_CASE("trace: a list of fills gives each round its own, and the rest the common one", "[learning]") {
  constexpr std::array rules = {FillRule::pessimistic, FillRule::optimistic, FillRule::start,
                                FillRule::figure};
  constexpr int rounds = 12;
  int settled = 0;
  for (std::uint64_t i = 0; i < 150; ++i) {
    const LearningProblem problem = drawn_problem(i);
    const FitRule fit = all_fits[i % all_fits.size()];
    const TieBreak ties = all_ties[i / 5 % all_ties.size()];
    PhiloxStream random(7, i);
    std::vector<FillRule> fills(1 + random.next() % 10);
    for (FillRule& rule : fills) rule = rules[random.next() % rules.size()];
    std::vector<FillRule> expected = fills;
    expected.resize(rounds, FillRule::optimistic);
    const auto plain = plain_loop(problem, fit, expected, ties);
    const Trace trace = run_loop(
        problem, {.fit = fit, .fill = FillRule::optimistic, .ties = ties, .rounds = rounds, .fills = fills});
    INFO("problem " << i << ": " << name_of(fit, FillRule::optimistic, ties));
    REQUIRE(trace.rounds.size() == rounds);  // no period is looked for
    CHECK_FALSE(trace.cycle);
    for (std::size_t t = 0; t < rounds; ++t) {
      CHECK(same_round(trace.rounds[t], plain[t]));
      CHECK(trace.rounds[t].seen == plain[t].seen);
      CHECK(trace.rounds[t].discovers == plain[t].discovers);
    }
    // The policy from the first round of a run of equal ones to the end, if the run has two at least.
    int first = rounds;
    while (first > 1 && plain[static_cast<std::size_t>(first - 2)].policy == plain.back().policy) --first;
    CHECK(trace.converged_at == (first < rounds ? std::optional(first) : std::nullopt));
    settled += first < rounds ? 1 : 0;
  }
  CHECK((settled > 20 && settled < 150));
}

TEST_CASE("trace: hopes that change are fills that change, and come again", "[learning]") {
  int cycles = 0, late = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const LearningProblem problem = drawn_problem(i);
    const FitRule fit = all_fits[i % all_fits.size()];
    const TieBreak ties = all_ties[i / 5 % all_ties.size()];
    PhiloxStream random(8, i);
    const std::size_t period = 1 + random.next() % 4;
    std::vector<FillRule> rules;
    LoopOptions options{.fit = fit, .ties = ties};
    for (std::size_t k = 0; k < period; ++k) {
      const bool hopeful = random.next() % 2 == 0;
      rules.push_back(hopeful ? FillRule::optimistic : FillRule::pessimistic);
      options.hopes.emplace_back(problem.known.size(), hopeful ? 1 : 0);
    }
    INFO("problem " << i << ": " << name_of(fit, FillRule::optimistic, ties));
    const Trace trace = run_loop(problem, options);
    REQUIRE(trace.cycle.has_value() != trace.converged_at.has_value());
    const int start = trace.cycle ? trace.cycle->start : *trace.converged_at;
    const int length = trace.cycle ? trace.cycle->length : 1;
    const int rounds = start + 2 * length + static_cast<int>(period);
    std::vector<FillRule> each;
    for (int t = 0; t < rounds; ++t) each.push_back(rules[static_cast<std::size_t>(t) % period]);
    const auto plain = plain_loop(problem, fit, each, ties);
    for (int t = 1; t <= rounds; ++t) {
      const int listed_as = t < start ? t : start + (t - start) % length;
      CHECK(same_round(trace.rounds[static_cast<std::size_t>(listed_as - 1)],
                       plain[static_cast<std::size_t>(t - 1)]));
    }
    cycles += trace.cycle ? 1 : 0;
    late += start > 2 ? 1 : 0;
  }
  CHECK(cycles > 20);
  CHECK(late > 8);
}

TEST_CASE("trace: a hope between 0 and 1 splits the row", "[learning]") {
  int unseen = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const LearningProblem problem = drawn_problem(i);
    LoopOptions options{.rounds = 1};
    options.hopes = {std::vector<Rational>(problem.known.size(), Rational::ratio(1, 3))};
    const Round round = run_loop(problem, options).rounds.at(0);
    const StochasticMatrix& kernel = round.model.kernel(1);
    for (std::size_t pair = 0; pair < problem.known.size(); ++pair) {
      if (problem.known[pair] || round.seen[pair]) continue;
      ++unseen;
      if (problem.paradise.value == problem.abyss.value) continue;
      CHECK(kernel.probability(pair, problem.paradise.value) == Rational::ratio(1, 3));
      CHECK(kernel.probability(pair, problem.abyss.value) == Rational::ratio(2, 3));
    }
  }
  CHECK(unseen > 40);
}

TEST_CASE("trace: ranks choose among the best actions alone", "[learning]") {
  int steered = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const LearningProblem problem = drawn_problem(i);
    const std::size_t actions = problem.world.action_count();
    std::vector<Rational> upwards, by_step;
    for (std::size_t pair = 0; pair < problem.known.size(); ++pair) upwards.emplace_back(pair % actions);
    for (Step h = 1; h <= problem.horizon; ++h)
      for (const Rational& rank : upwards) by_step.push_back(h % 2 == 0 ? rank : -rank);
    LoopOptions options{.fit = FitRule::aggregate, .ties = TieBreak::highest};
    const Trace highest = run_loop(problem, options);
    options.ties = TieBreak::lowest;
    const Trace lowest = run_loop(problem, options);
    options.ranks = {upwards};
    const Trace ranked = run_loop(problem, options);
    REQUIRE(ranked.rounds.size() == highest.rounds.size());
    for (std::size_t t = 0; t < ranked.rounds.size(); ++t)
      CHECK(ranked.rounds[t].policy == highest.rounds[t].policy);
    options.ranks = {by_step};
    const Round first = run_loop(problem, options).rounds.at(0);
    for (Step h = 1; h <= problem.horizon; ++h)
      for (const State s : problem.world.states()) {
        const Round& expected = (h % 2 == 0 ? highest : lowest).rounds[0];
        CHECK(first.policy.table().row_columns(first.policy.row(h, s))[0] ==
              expected.policy.table().row_columns(expected.policy.row(h, s))[0]);
      }
    steered += highest.rounds[0].policy == lowest.rounds[0].policy ? 0 : 1;
  }
  CHECK(steered > 20);
}

TEST_CASE("trace: every value is the mean over trajectories", "[learning]") {
  for (std::uint64_t i = 0; i < 60; ++i) {
    const LearningProblem problem = drawn_problem(i);
    const FitRule fit = all_fits[i % all_fits.size()];
    const FillRule fill = plain_fills[i / 5 % plain_fills.size()];
    const Trace trace = run_loop(problem, {.fit = fit, .fill = fill, .rounds = 4});
    INFO("problem " << i);
    CHECK(*trace.start_value == enumerated_return(problem.world, problem.start, problem.horizon));
    CHECK(trace.expert_value == enumerated_return(problem.world, *problem.expert, problem.horizon));
    for (const Round& round : trace.rounds) {
      CHECK(*round.true_value == enumerated_return(problem.world, round.policy, problem.horizon));
      CHECK(round.model_value == enumerated_return(round.model, round.policy, problem.horizon));
      CHECK(*round.true_value <= trace.optimal_value);
      CHECK_FALSE(round.learner_error);  // nobody asked
      CHECK_FALSE(round.expert_error);
    }
    CHECK(*trace.expert_value <= trace.optimal_value);
  }
}

TEST_CASE("trace: the optimal value is the best of all policies", "[learning]") {
  int checked = 0;
  for (std::uint64_t index = 0; index < 40; ++index) {
    ChoiceSource choices(PhiloxStream(41, index));
    const FiniteMdp world = draw_tiny(choices, 2, 2, choices.flag());
    const auto horizon = static_cast<Step>(choices.between(1, 3));
    const LearningProblem problem(world, horizon, MarkovPolicy::uniform(2, 2));
    Rational best = enumerated_return(world, MarkovPolicy::uniform(2, 2), horizon);
    for (const MarkovPolicy& policy : all_policies(2, 2, horizon))
      best = max(best, enumerated_return(world, policy, horizon));
    CHECK(run_loop(problem, {.rounds = 1}).optimal_value == best);
    ++checked;
  }
  CHECK(checked == 40);
}

TEST_CASE("trace: model errors are means over trajectories, and bound what the learner loses to the expert",
          "[learning]") {
  int positive = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    Instance instance = drawn(learning_problems(), i);
    if (i % 3 == 2) {  // rewards from -2 to 1
      std::vector<Rational> rewards = instance.model->rewards().as<Rational>();
      for (Rational& reward : rewards) reward = Rational(3) * reward - Rational(2);
      instance = with_rewards(std::move(instance), rewards);
    }
    const LearningProblem problem = learning_problem(instance);
    for (std::size_t k = 0; k < all_fits.size(); ++k) {
      const FitRule fit = all_fits[k];
      const FillRule fill = plain_fills[(i + k) % plain_fills.size()];
      const TieBreak ties = all_ties[(i / 5 + k) % all_ties.size()];
      const Trace trace =
          run_loop(problem, {.fit = fit, .fill = fill, .ties = ties, .rounds = 6, .errors = true});
      INFO("problem " << i << ": " << name_of(fit, fill, ties));
      for (const Round& round : trace.rounds) {
        REQUIRE(round.learner_error.has_value() == (problem.horizon >= 2));
        REQUIRE(round.expert_error.has_value() == (problem.horizon >= 2));
        if (problem.horizon < 2) continue;
        CHECK(*round.learner_error == enumerated_error(problem, round.policy, round.model));
        CHECK(*round.expert_error == enumerated_error(problem, *problem.expert, round.model));
        if (uses_expert(fit)) CHECK(*round.expert_error == Rational(0));
        // J(pi_E) - J(pi_t) <= J(pi_E, M_t) - J(pi_t, M_t) + range H (H - 1) / 4 (both errors).
        const Rational planning =
            enumerated_return(round.model, *problem.expert, problem.horizon) - round.model_value;
        CHECK(planning <= Rational(0));
        const Rational bound = problem.world.rewards().span() *
                               Rational::ratio(problem.horizon * (problem.horizon - 1), 4) *
                               (*round.learner_error + *round.expert_error);
        CHECK(*trace.expert_value - *round.true_value <= planning + bound);
        positive += round.learner_error->sign() > 0 && round.expert_error->sign() > 0 ? 1 : 0;
      }
    }
  }
  CHECK(positive > 10);
}

TEST_CASE("trace: in Figure 15.2 the errors bound the loss to the expert exactly", "[learning]") {
  const LearningProblem tree = learning_problem(figure_15_1());
  const Trace trace = run_loop(tree, {.fit = FitRule::latest, .fill = FillRule::figure, .errors = true});
  REQUIRE(trace.rounds.size() == 2);
  for (const Round& round : trace.rounds) {
    // The last move before a leaf, of weight 1 among 2 + 1, leads to the wrong one: distance 2.
    CHECK(round.learner_error == q("2/3"));
    CHECK(round.expert_error == q("2/3"));
    const Rational planning = enumerated_return(round.model, *tree.expert, 3) - round.model_value;
    CHECK(planning == Rational(-1));
    // H (H - 1) / 4 = 3/2: 1 - 0 = -1 + 3/2 (2/3 + 2/3).
    CHECK(*trace.expert_value - *round.true_value ==
          planning + q("3/2") * (*round.learner_error + *round.expert_error));
  }
}

TEST_CASE("trace: the adversary's fill earns least of all, in every round and for every rule", "[learning]") {
  int enumerated = 0, climbed = 0;
  for (std::uint64_t i = 0; i < 120; ++i) {
    // Problems with up to 8 unknown pairs, and with up to 15.
    const Domain larger = model_pairs({.time_dependent_policy = true, .other_policy = true});
    const LearningProblem problem = i < 90 ? drawn_problem(i) : learning_problem(drawn(larger, i));
    const FitRule fit = all_fits[i % all_fits.size()];
    const TieBreak ties = all_ties[i / 5 % all_ties.size()];
    const Trace trace =
        run_loop(problem, {.fit = fit, .fill = FillRule::adversarial, .ties = ties, .rounds = 3});
    MarkovPolicy last = problem.start;
    for (const Round& round : trace.rounds) {
      std::vector<std::size_t> unseen;
      for (std::size_t pair = 0; pair < round.seen.size(); ++pair)
        if (!round.seen[pair] && !problem.known[pair]) unseen.push_back(pair);
      // What each unseen pair is said to do: one of the two ends.
      std::vector<std::uint32_t> ends;
      for (const std::size_t pair : unseen) {
        const auto next = round.model.kernel(1).row_columns(pair);
        REQUIRE(next.size() == 1);
        REQUIRE((next[0] == problem.paradise.value || next[0] == problem.abyss.value));
        ends.push_back(next[0]);
      }
      const auto earned = [&](const std::vector<std::uint32_t>& leads_to) {
        StochasticMatrix::Rows rows = problem.world.kernel(1).to_rows();
        for (std::size_t k = 0; k < unseen.size(); ++k) rows[unseen[k]] = {{leads_to[k], 1}};
        const FiniteMdp& world = problem.world;
        const FiniteMdp model(
            world.initial(),
            {StochasticMatrix(world.state_count(), rows, [](std::size_t) { return std::string("row"); })},
            world.rewards(), world.state_count(), world.action_count());
        return policy_return(world, plan(model, problem.horizon, ties, world, last).policy, problem.horizon);
      };
      INFO("problem " << i << ", round " << round.number << ", " << unseen.size() << " unseen");
      CHECK(earned(ends) == *round.true_value);
      if (unseen.size() <= 6) {
        for (std::size_t subset = 0; subset < std::size_t{1} << unseen.size(); ++subset) {
          std::vector<std::uint32_t> other;
          for (std::size_t k = 0; k < unseen.size(); ++k)
            other.push_back((subset >> k & 1U) != 0 ? problem.paradise.value : problem.abyss.value);
          CHECK(*round.true_value <= earned(other));
        }
      } else {  // no one pair changed earns less
        for (std::size_t k = 0; k < unseen.size(); ++k) {
          std::vector<std::uint32_t> other = ends;
          other[k] = other[k] == problem.abyss.value ? problem.paradise.value : problem.abyss.value;
          CHECK(*round.true_value <= earned(other));
        }
      }
      if (!unseen.empty()) ++(unseen.size() <= 6 ? enumerated : climbed);
      last = round.policy;
    }
  }
  CHECK((enumerated > 60 && climbed > 10));
}

TEST_CASE("trace: with one step nothing is ever seen, and the first round is a fixed point", "[learning]") {
  for (std::uint64_t i = 0; i < 30; ++i) {
    Instance instance = drawn(learning_problems(), i);
    instance.horizon = 1;
    const LearningProblem problem = learning_problem(instance);
    for (const FitRule fit : all_fits) {
      for (const FillRule fill : plain_fills) {
        const Trace trace = run_loop(problem, {.fit = fit, .fill = fill, .errors = true});
        CHECK(trace.converged_at == 1);
        REQUIRE(trace.rounds.size() == 1);
        CHECK((!trace.start_discovers && trace.discoveries() == 0));
        CHECK(std::count(trace.rounds[0].seen.begin(), trace.rounds[0].seen.end(), true) == 0);
        CHECK_FALSE(trace.rounds[0].learner_error);
        CHECK_FALSE(trace.rounds[0].expert_error);
        CHECK(*trace.rounds[0].true_value == trace.optimal_value);
      }
    }
  }
}

TEST_CASE("trace: one state, or one action, leaves little to learn", "[learning]") {
  // One state: where an action leads is no question, but the model may fear that it leads to the abyss.
  const FiniteMdp one_state = model_of({{{1}, {1}}}, {1, 2});
  const std::uint32_t second[] = {1}, first[] = {0};
  const LearningProblem alone(one_state, 3, MarkovPolicy::deterministic(first, 1, 2),
                              MarkovPolicy::deterministic(second, 1, 2));
  REQUIRE(alone.world.state_count() == 3);
  // Action 1 pays 2 and then, as is feared, 1 a step for ever: 2 + 1 + 1, no better than 1 + 1 + 2. The
  // lowest action first never tries it in time to learn from it.
  const auto fearing = [&](TieBreak ties) {
    return run_loop(alone, {.fit = FitRule::aggregate, .fill = FillRule::pessimistic, .ties = ties});
  };
  const Trace low = fearing(TieBreak::lowest), high = fearing(TieBreak::highest);
  CHECK(low.rounds[0].model_value == Rational(4));
  CHECK((low.converged_at == 1 && *low.rounds[0].true_value == Rational(4)));
  CHECK(high.rounds[0].model_value == Rational(4));
  CHECK(*high.rounds[0].true_value == Rational(6));
  CHECK((high.rounds.back().model_value == Rational(6) && *high.rounds.back().true_value == Rational(6)));
  for (const FitRule fit : all_fits) {
    for (const FillRule fill : {FillRule::optimistic, FillRule::keep}) {
      const Trace trace = run_loop(alone, {.fit = fit, .fill = fill});
      CHECK(*trace.rounds.back().true_value == Rational(6));
      CHECK(trace.converged_at.has_value());
    }
  }
  // One action: there is one policy, and every round has its value.
  const FiniteMdp one_action = model_of({{{q("1/2"), q("1/2")}, {0, 1}}}, {1, 0});
  const MarkovPolicy only = MarkovPolicy::uniform(2, 1);
  const LearningProblem forced(one_action, 4, only, only);
  for (const FitRule fit : all_fits) {
    for (const FillRule fill : plain_fills) {
      const Trace trace = run_loop(forced, {.fit = fit, .fill = fill, .errors = true});
      CHECK(trace.converged_at == 1);
      for (const Round& round : trace.rounds) {
        CHECK(*round.true_value == q("15/8"));  // 1 + 1/2 + 1/4 + 1/8
        CHECK(round.model_value == q("15/8"));
        CHECK(round.learner_error == Rational(0));
      }
    }
  }
}

TEST_CASE("trace: where all rewards are equal every plan ties, and the tie rule alone decides",
          "[learning]") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Instance instance = drawn(learning_problems(), i);
    const FiniteMdp& model = *instance.model;
    const std::vector<Rational> level(std::size_t{model.state_count()} * model.action_count(), q("-2/3"));
    const LearningProblem problem = learning_problem(with_rewards(instance, level));
    const Rational worth = Rational(instance.horizon) * q("-2/3");
    for (const FitRule fit : all_fits) {
      for (const FillRule fill : plain_fills) {
        const Trace low = run_loop(problem, {.fit = fit, .fill = fill, .ties = TieBreak::lowest});
        const Trace high = run_loop(problem, {.fit = fit, .fill = fill, .ties = TieBreak::highest});
        for (const Trace* trace : {&low, &high}) {
          CHECK(trace->converged_at.has_value());
          for (const Round& round : trace->rounds)
            CHECK((*round.true_value == worth && round.model_value == worth));
        }
        for (Step h = 1; h <= instance.horizon; ++h)
          for (const State s : problem.world.states()) {
            CHECK(taken_action(low.rounds[0].policy, h, s).value == 0);
            CHECK(taken_action(high.rounds[0].policy, h, s).value == model.action_count() - 1);
          }
      }
    }
  }
}

TEST_CASE("trace: a fit that needs an expert is refused without one, the others run", "[learning]") {
  Instance tree = figure_15_1();
  tree.other_policy.reset();
  const LearningProblem problem = learning_problem(tree);
  for (const std::uint32_t samples : {0U, 3U}) {
    for (const FitRule fit : {FitRule::hybrid, FitRule::expert, FitRule::hybrid_latest}) {
      const std::string message =
          message_of([&] { run_loop(problem, {.fit = fit, .rounds = 2, .samples = samples}); });
      CHECK(contains(message, "needs an expert"));
    }
    for (const FitRule fit : {FitRule::latest, FitRule::aggregate}) {
      const Trace trace = run_loop(problem, {.fit = fit, .rounds = 2, .samples = samples, .errors = true});
      CHECK_FALSE(trace.expert_value);
      for (const Round& round : trace.rounds)
        CHECK((round.learner_error.has_value() && !round.expert_error.has_value()));
    }
  }
}

TEST_CASE("trace: an expert worse than the learner does not hold it back", "[learning]") {
  Instance tree = figure_15_1();
  std::swap(tree.policy,
            tree.other_policy);  // the learner starts with left-left, the expert goes right-right
  const LearningProblem problem = learning_problem(tree);
  for (const FillRule fill : {FillRule::pessimistic, FillRule::optimistic, FillRule::figure}) {
    const Trace trace = run_loop(problem, {.fit = FitRule::hybrid, .fill = fill, .errors = true});
    CHECK((*trace.start_value == Rational(1) && trace.expert_value == Rational(0)));
    CHECK(*trace.rounds.back().true_value == Rational(1));
    CHECK(trace.rounds.back().expert_error == Rational(0));
  }
  // The expert's data alone shows that right-right loses; pessimism then finds everything equal.
  const Trace imitation = run_loop(problem, {.fit = FitRule::expert, .fill = FillRule::pessimistic});
  CHECK(imitation.rounds.back().model_value == Rational(0));
}

TEST_CASE("trace: rounds end the loop before a period is found", "[learning]") {
  const LearningProblem tree = learning_problem(figure_15_1());
  for (const FitRule fit : all_fits) {
    const Trace whole = run_loop(tree, {.fit = fit, .fill = FillRule::figure});
    const Trace one = run_loop(tree, {.fit = fit, .fill = FillRule::figure, .rounds = 1});
    REQUIRE(one.rounds.size() == 1);
    CHECK_FALSE(one.cycle);
    CHECK_FALSE(one.converged_at);
    CHECK(one.rounds[0].policy == whole.rounds[0].policy);
    CHECK(*one.rounds[0].true_value == *whole.rounds[0].true_value);
  }
  // Latest data: the third round is the first again, which the loop has to see to know.
  const Trace two = run_loop(tree, {.fit = FitRule::latest, .fill = FillRule::figure, .rounds = 2});
  CHECK_FALSE(two.cycle);
  CHECK(two.rounds.size() == 2);
  const Trace three = run_loop(tree, {.fit = FitRule::latest, .fill = FillRule::figure, .rounds = 3});
  REQUIRE(three.cycle);
  CHECK(three.rounds.size() == 2);
  CHECK(run_loop(tree, {.rounds = 0}).rounds.empty());
}

TEST_CASE("trace: a start model is kept until the data says otherwise", "[learning]") {
  // Two states, the second pays; T_0 says that action 1 of state 0 leads there, which is true of action 0.
  const FiniteMdp world = model_of({{{0, 1}, {1, 0}, {0, 1}, {0, 1}}}, {0, 0, 1, 1});
  const StochasticMatrix hopes = matrix({{1, 0}, {0, 1}, {0, 1}, {0, 1}});
  const std::uint32_t second[] = {1, 0}, first[] = {0, 0};
  const LearningProblem given(world, 3, MarkovPolicy::deterministic(second, 2, 2), {}, {}, hopes),
      none(world, 3, MarkovPolicy::deterministic(second, 2, 2));
  for (const FillRule fill : {FillRule::keep, FillRule::start}) {
    // The first roll-out of action 1 refutes the hope; what is left of T_0, action 0 staying, earns nothing.
    for (const LearningProblem* problem : {&given, &none}) {
      const Trace trace = run_loop(*problem, {.fit = FitRule::aggregate, .fill = fill});
      const StochasticMatrix& kernel = trace.rounds[0].model.kernel(1);
      CHECK(kernel.probability(0, 0) == Rational(1));  // T_0, which is wrong
      CHECK(kernel.probability(1, 0) == Rational(1));  // seen
      CHECK(kernel.probability(2, 1) == Rational(1));  // T_0, given or staying
      CHECK(trace.rounds[0].model_value == Rational(0));
    }
    // A learner that starts with action 0 keeps hoping of action 1 only where nothing better is known.
    const LearningProblem other(world, 3, MarkovPolicy::deterministic(first, 2, 2), {}, {}, hopes);
    const Trace trace = run_loop(other, {.fit = FitRule::aggregate, .fill = fill});
    CHECK(trace.rounds[0].model.kernel(1).probability(0, 1) == Rational(1));  // seen
    CHECK(trace.rounds[0].model.kernel(1).probability(1, 1) == Rational(1));  // T_0
    CHECK(trace.rounds[0].model_value == Rational(2));
  }
}

TEST_CASE("trace: with the latest data alone \"keep\" remembers what \"start\" forgets", "[learning]") {
  // Both actions of state 0 stay; T_0 hopes that they lead to state 1, which pays.
  const FiniteMdp world = model_of({{{1, 0}, {1, 0}, {0, 1}, {0, 1}}}, {0, 0, 1, 1});
  const StochasticMatrix hopes = matrix({{0, 1}, {0, 1}, {0, 1}, {0, 1}});
  const std::uint32_t second[] = {1, 0};
  const LearningProblem problem(world, 3, MarkovPolicy::deterministic(second, 2, 2), {}, {}, hopes);
  const auto hoped = [](const Round& round) {
    const StochasticMatrix& kernel = round.model.kernel(1);
    return std::pair(kernel.probability(0, 1).sign() != 0, kernel.probability(1, 1).sign() != 0);
  };
  const Trace forgets = run_loop(problem, {.fit = FitRule::latest, .fill = FillRule::start});
  REQUIRE(forgets.cycle);
  CHECK((forgets.cycle->start == 1 && forgets.cycle->length == 2));
  CHECK(hoped(forgets.rounds[0]) == std::pair(true, false));
  CHECK(hoped(forgets.rounds[1]) == std::pair(false, true));
  const Trace keeps = run_loop(problem, {.fit = FitRule::latest, .fill = FillRule::keep});
  CHECK(keeps.converged_at == 2);
  REQUIRE(keeps.rounds.size() == 2);
  CHECK(hoped(keeps.rounds[0]) == std::pair(true, false));
  CHECK(hoped(keeps.rounds[1]) == std::pair(false, false));
}

TEST_CASE("trace: a policy that comes back with more in memory is no period", "[learning]") {
  // From state 0 the three actions lead to what pays 1/2, 0 and 0; T_0 hopes for 1, 3/4 and 0.
  enum : std::uint32_t { root, half, nothing, most, three_quarters, count };
  const auto leading_to = [](std::initializer_list<std::uint32_t> next) {
    Dense kernel;
    for (std::uint32_t s = root; s < count; ++s) {
      for (const std::uint32_t t : next) {
        kernel.emplace_back(count);
        kernel.back()[s == root ? t : s] = 1;
      }
    }
    return matrix(kernel);
  };
  std::vector<Rational> rewards;
  for (const char* pays : {"0", "1/2", "0", "1", "3/4"}) rewards.insert(rewards.end(), 3, q(pays));
  const std::uint32_t start[] = {root}, third[] = {2, 0, 0, 0, 0};
  const FiniteMdp world(StochasticMatrix::deterministic(count, start), {leading_to({half, nothing, nothing})},
                        RewardTable(count, 3, rewards), count, 3);
  const LearningProblem problem(world, 2, MarkovPolicy::deterministic(third, count, 3), {}, {},
                                leading_to({most, three_quarters, nothing}));
  const auto first_actions = [](const Trace& trace) {
    std::vector<std::uint32_t> actions;
    for (const Round& round : trace.rounds)
      actions.push_back(taken_action(round.policy, 1, State{root}).value);
    return actions;
  };
  using Actions = std::vector<std::uint32_t>;
  for (const FitRule fit : {FitRule::latest, FitRule::aggregate}) {
    const Trace keeps = run_loop(problem, {.fit = fit, .fill = FillRule::keep});
    CHECK(first_actions(keeps) == Actions{0, 1, 0});
    CHECK(keeps.converged_at == 3);
    CHECK_FALSE(keeps.cycle);
    CHECK(*keeps.rounds[2].true_value == q("1/2"));
  }
  // Data that is forgotten makes it one, from the second round on: the first model still hoped of action 1,
  // which the third has just seen.
  const Trace forgets = run_loop(problem, {.fit = FitRule::latest, .fill = FillRule::start});
  CHECK(first_actions(forgets) == Actions{0, 1, 0});
  REQUIRE(forgets.cycle);
  CHECK((forgets.cycle->start == 2 && forgets.cycle->length == 2));
}
