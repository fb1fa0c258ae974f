// Section 15.3: what the loops of Algorithms 1 and 2 do in any world.
//
// Population data: a roll-out shows the exact transitions of every pair that it visits at some h < H. K is
// the number of pairs not known at the start. A round discovers if rolling out its policy shows a pair that
// no data before had. T_0 serves as a fill only (the algorithms never use it otherwise), and T is the number
// of rounds in Algorithm 1's head, the dynamics elsewhere.
#include "common.hpp"
#include "learning/learning_domains.hpp"
#include "learning/trace.hpp"
#include "mdp/occupancy.hpp"

namespace lemmacheck {
namespace {

const std::vector<std::string> any_world = {"rewards known, in [0, 1]", "transitions stationary",
                                            "population data"};
const std::string keeping = "a planner that keeps the last policy where it is optimal";
const std::string against = "ties broken against the learner";
const std::string any_ties =
    "ties broken by any of five rules: the last policy, the lowest action, the highest, for the learner, "
    "against it";
const std::string any_fill =
    "any fill, which may change every round: hopeful, fearful, as drawn in the figures, or T_0";
const std::string unknown = "K pairs are not known at the start";

template <class V>
Trace trace(const V& x, FitRule fit, FillRule fill, TieBreak ties = TieBreak::stay) {
  return run_loop(learning_problem(x.instance()), {.fit = fit, .fill = fill, .ties = ties});
}

/// The instance's fill rule of each round.
template <class V>
LoopOptions with_changing_fills(const V& x, FitRule fit) {
  const std::vector<FillRule> fills = changing_fills(x.instance());
  return {.fit = fit, .ties = TieBreak::stay, .rounds = static_cast<int>(fills.size()), .fills = fills};
}

template <class V>
Trace trace_with_changing_fills(const V& x, FitRule fit) {
  return run_loop(learning_problem(x.instance()), with_changing_fills(x, fit));
}

/// f(trace) under every tie rule; the rules agree where the lowest and the highest action do.
template <class V, class F>
void under_all_ties(const V& x, LoopOptions options, F&& f) {
  const LearningProblem problem = learning_problem(x.instance());
  const Landmarks landmarks = landmarks_of(problem);
  const auto run = [&](TieBreak ties) {
    options.ties = ties;
    return run_loop(problem, options, landmarks);
  };
  const Trace lowest = run(TieBreak::lowest), highest = run(TieBreak::highest);
  f(lowest);
  bool ties = lowest.rounds.size() != highest.rounds.size();
  for (std::size_t i = 0; !ties && i < lowest.rounds.size(); ++i)
    ties = !(lowest.rounds[i].policy == highest.rounds[i].policy);
  if (!ties) return;
  f(highest);
  for (const TieBreak rule : {TieBreak::stay, TieBreak::for_learner, TieBreak::against_learner}) f(run(rule));
}

template <class V>
Rational unknown_count(const V& x) {
  return Rational(learning_problem(x.instance()).unknown_count());
}

/// K - K_E: the unknown pairs that the expert does not show.
template <class V>
std::size_t unknown_beside_expert(const V& x) {
  const LearningProblem problem = learning_problem(x.instance());
  const std::vector<bool> shown = visited_pairs(problem.world, *problem.expert, problem.horizon);
  std::size_t count = 0;
  for (std::size_t pair = 0; pair < shown.size(); ++pair)
    count += !problem.known[pair] && !shown[pair] ? 1 : 0;
  return count;
}

/// The round in which nothing changes any more; discards a loop that does not converge.
template <class At>
int convergence(const Trace& trace, At& at) {
  at.assume(trace.converged_at ? Truth::yes : Truth::no);
  return trace.converged_at.value_or(1);
}

auto rounds_to_converge(FitRule fit, FillRule fill, std::int64_t allowance) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Trace t = trace(x, fit, fill);
    // A loop that does not stop takes more rounds than any bound.
    const int rounds = t.converged_at.value_or(1'000'000);
    at(Rational(rounds), unknown_count(x) + Rational(allowance));
  });
}

auto period(FitRule fit, FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Trace t = trace(x, fit, fill);
    at(Rational(t.cycle ? t.cycle->length : 1), Rational(1));
  });
}

/// max_pi J - J(pi_t) <= bound in the last round of a loop that stops.
auto optimal_at_the_end(FitRule fit, FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Trace t = trace(x, fit, fill);
    convergence(t, at);
    at(t.optimal_value, *t.rounds.back().true_value);
  });
}

/// J(pi_E, M) <= J(pi_t, M) in the last round of a loop that stops.
auto expert_at_the_end(FitRule fit, FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Trace t = trace(x, fit, fill);
    convergence(t, at);
    at(*t.expert_value, *t.rounds.back().true_value);
  });
}

void compare_with_expert(const Trace& t, Points<Rational>& at) {
  for (const Round& round : t.rounds)
    at({.round = round.number}, [&] { return Sides{*t.expert_value, *round.true_value}; });
}

/// J(pi_E, M) <= J(pi_t, M) in every round.
auto expert_in_every_round(FitRule fit, FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    compare_with_expert(trace(x, fit, fill, TieBreak::against_learner), at);
  });
}
auto expert_under_all_ties(FitRule fit, FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    under_all_ties(x, {.fit = fit, .fill = fill}, [&](const Trace& t) { compare_with_expert(t, at); });
  });
}

/// Rounds whose roll-out shows nothing new: `target(trace)` <= J(pi_t, M).
template <class Target>
void compare_without_discovery(const Trace& t, auto& at, Target&& target) {
  for (const Round& round : t.rounds)
    if (!round.discovers)
      at({.round = round.number}, [&] { return Sides<Rational>{target(t), *round.true_value}; });
}

auto optimistic_rounds(FitRule fit, FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    compare_without_discovery(trace(x, fit, fill), at, [](const Trace& t) { return t.optimal_value; });
  });
}

/// All deterministic policies that act the same at every step; the fictitious states' actions are the first.
std::vector<MarkovPolicy> stationary_policies(const LearningProblem& problem) {
  const std::uint32_t states = problem.world.state_count(), actions = problem.world.action_count();
  std::vector<MarkovPolicy> policies;
  std::vector<std::uint32_t> taken(states, 0);
  while (true) {
    policies.push_back(MarkovPolicy::deterministic(taken, states, actions));
    std::uint32_t s = 0;
    while (s < problem.own_states && ++taken[s] == actions) taken[s++] = 0;
    if (s == problem.own_states) return policies;
  }
}

/// Planning among stationary policies alone (the first that is best in the model): the best of them, or the
/// expert, <= pi_t in the first round that discovers nothing. Worlds of more than 64 such policies are left
/// out.
constexpr std::uint64_t most_policies = 64;
enum class Target { best_of_class, expert };
auto in_a_class(FitRule fit, FillRule fill, Target target) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const LearningProblem problem = learning_problem(x.instance());
    std::uint64_t count = 1;
    for (std::uint32_t s = 0; s < problem.own_states && count <= most_policies; ++s)
      count *= problem.world.action_count();
    at.assume(count <= most_policies ? Truth::yes : Truth::no);
    if (count > most_policies) return;
    const std::vector<MarkovPolicy> policies = stationary_policies(problem);
    const auto best_in = [&](const FiniteMdp& model) {
      std::size_t best = 0;
      std::optional<Rational> most;
      for (std::size_t i = 0; i < policies.size(); ++i)
        if (Rational value = policy_return(model, policies[i], problem.horizon); !most || value > *most)
          most = std::move(value), best = i;
      return std::pair(best, *most);
    };
    PopulationData data(problem);
    if (fit == FitRule::hybrid) data.collect_expert();
    data.collect(problem.start);
    while (true) {
      const FiniteMdp model = fitted(problem, data.data(fit), fill, problem.start_kernel);
      const MarkovPolicy& policy = policies[best_in(model).first];
      if (data.collect(policy)) continue;
      return at(target == Target::expert ? policy_return(problem.world, *problem.expert, problem.horizon)
                                         : best_in(problem.world).second,
                policy_return(problem.world, policy, problem.horizon));
    }
  });
}

auto hybrid_rounds(FitRule fit) {
  return Formula::exactly([=](const auto& x, auto& at) {
    under_all_ties(x, with_changing_fills(x, fit), [&](const Trace& t) {
      compare_without_discovery(t, at, [](const Trace& own) { return *own.expert_value; });
    });
  });
}

auto evaluates_past(FitRule fit) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const LearningProblem problem = learning_problem(x.instance());
    const Trace t = trace_with_changing_fills(x, fit);
    for (std::size_t now = 0; now < t.rounds.size(); ++now) {
      const Round& round = t.rounds[now];
      at({.round = round.number}, [&] {
        return Sides{policy_return(round.model, problem.start, x.horizon()), *t.start_value};
      });
      for (std::size_t past = 0; past < now; ++past)
        at({.round = round.number}, [&] {
          return Sides{policy_return(round.model, t.rounds[past].policy, x.horizon()),
                       *t.rounds[past].true_value};
        });
    }
  });
}

auto underestimates(FitRule fit, FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    for (const Round& round : trace(x, fit, fill).rounds)
      at({.round = round.number}, [&] { return Sides{round.model_value, *round.true_value}; });
  });
}

auto never_worse(FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    for (const FitRule fit : {FitRule::aggregate, FitRule::latest}) {
      const Trace t = trace(x, fit, fill);
      Rational best = *t.start_value;
      for (const Round& round : t.rounds) {
        at({.round = round.number}, [&] { return Sides{best, *round.true_value}; });
        best = max(best, *round.true_value);
      }
    }
  });
}

auto pessimism_gap(std::int64_t hundredths, std::int64_t less) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Rational bound = Rational::ratio(hundredths, 100) * Rational(x.horizon() - less);
    under_all_ties(x, {.fit = FitRule::aggregate, .fill = FillRule::pessimistic}, [&](const Trace& t) {
      for (const Round& round : t.rounds)
        at({.round = round.number}, [&] { return Sides{t.optimal_value - *round.true_value, bound}; });
    });
  });
}

auto shortfall(std::int64_t hundredths, std::int64_t less) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Rational bound = Rational::ratio(hundredths, 100) * unknown_count(x) * Rational(x.horizon() - less);
    under_all_ties(x, with_changing_fills(x, FitRule::hybrid), [&](const Trace& t) {
      Rational sum;
      for (const Round& round : t.rounds) sum += max(*t.expert_value - *round.true_value, Rational(0));
      at(sum, bound);
    });
  });
}

/// Largest L1 distance of the models of two loops, round by round.
auto same_models(FitRule fit, FillRule fill) {
  return Formula::exactly([=](const auto& x, auto& at) {
    const Trace kept = trace(x, FitRule::latest, FillRule::keep), other = trace(x, fit, fill);
    for (std::size_t i = 0; i < std::min(kept.rounds.size(), other.rounds.size()); ++i)
      at({.round = kept.rounds[i].number}, [&] {
        return Sides{l1_distance<Rational>(kept.rounds[i].model, other.rounds[i].model, 2), Rational(0)};
      });
  });
}

void add_aggregation(Ledger& ledger) {
  ledger.add({
      .id = "learn.latest_pessimistic_converges",
      .source = "section 15.3",
      .statement = R"(\text{latest data, pessimistic fill: the period of } (\pi_t) \text{ is } \le 1)",
      .hypotheses = with(any_world, {keeping}),
      .domain = learning_problems(),
      .formula = period(FitRule::latest, FillRule::pessimistic),
      .note = "Oscillation is a child of optimism: the last policy is evaluated exactly and all else is "
              "undervalued, so that a new policy is a better one.",
      .mutants = {{"optimistic fill", period(FitRule::latest, FillRule::optimistic)},
                  {"fill as drawn", period(FitRule::latest, FillRule::figure)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.latest_optimistic_converges",
      .source = "section 15.3",
      .statement = R"(\text{latest data, optimistic fill: the period of } (\pi_t) \text{ is } \le 1)",
      .hypotheses = with(any_world, {keeping}),
      .domain = learning_problems(),
      .formula = period(FitRule::latest, FillRule::optimistic),
      .expected = Verdict::violated,
      .corrected = "learn.optimism_rounds",
      .note = "Optimism without memory goes back to what it has forgotten.",
      .kind = "reading",
  });

  ledger.add({
      .id = "learn.aggregate_discoveries",
      .source = "algorithm 1",
      .statement = R"(\#\{t : \text{rolling out } \pi_t \text{ shows a new pair}\} \le K)",
      .hypotheses = with(any_world, {unknown, "all data aggregated", any_fill, keeping}),
      .domain = learning_problems(true),
      .formula = Formula::exactly([](const auto& x, auto& at) {
        at(Rational(trace_with_changing_fills(x, FitRule::aggregate).discoveries()), unknown_count(x));
      }),
      .note = "The data's seen set changes at most K <= S A times.",
      .mutants = {{"K - 1", Formula::exactly([](const auto& x, auto& at) {
                     at(Rational(trace_with_changing_fills(x, FitRule::aggregate).discoveries()),
                        unknown_count(x) - Rational(1));
                   })}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.adversarial_stops",
      .source = "algorithm 1",
      .statement = R"(\text{the last round that changes } J(\pi_t,M) \text{ is } \le S A)",
      .hypotheses = with(any_world, {"all data aggregated", any_fill, keeping}),
      .domain = learning_problems(true),
      .formula = Formula::exactly([](const auto& x, auto& at) {
        const Trace t = trace_with_changing_fills(x, FitRule::aggregate);
        int last = 0;
        for (std::size_t i = 1; i < t.rounds.size(); ++i)
          if (*t.rounds[i].true_value != *t.rounds[i - 1].true_value) last = t.rounds[i].number;
        at(Rational(last), Rational(x.states().size() * x.actions().size()));
      }),
      .expected = Verdict::violated,
      .corrected = "learn.aggregate_discoveries",
      .note = "Only rounds that discover are bounded: a fill may be pessimistic for as long as it likes, and "
              "then be hopeful.",
      .kind = "reading",
  });

  ledger.add({
      .id = "learn.aggregate_evaluates_past",
      .source = "section 15.3",
      .statement = R"(J(\pi_\tau,M_t) = J(\pi_\tau,M) \text{ for all } \tau < t)",
      .hypotheses = with(any_world, {"all data aggregated", any_fill, keeping}),
      .domain = learning_problems(true),
      .relation = Relation::equal,
      .formula = evaluates_past(FitRule::aggregate),
      .note = "Correct policy evaluation, in stochastic worlds as well: population data has the exact rows "
              "of all that a past policy can meet.",
      .mutants = {{"the latest data alone", evaluates_past(FitRule::latest)}},
      .kind = "printed",
  });

  ledger.add({
      .id = "learn.aggregate_reaches_expert",
      .source = "section 15.3",
      .statement = R"(J(\pi_E,M) \le J(\pi_t,M) \text{ where aggregation stops})",
      .hypotheses = with(any_world, {"all data aggregated", "pessimistic fill", keeping}),
      .domain = learning_problems(),
      .formula = expert_at_the_end(FitRule::aggregate, FillRule::pessimistic),
      .expected = Verdict::violated,
      .corrected = "learn.hybrid_fixed_point",
      .note = "No regret in model fitting is correct evaluation of what was tried, not a good policy.",
      .kind = "reading",
  });
}

void add_fills(Ledger& ledger) {
  ledger.add({
      .id = "learn.optimism_reaches_optimum",
      .source = "algorithm 1",
      .statement = R"(\max_\pi J(\pi,M) \le J(\pi_t,M) \text{ in every round that discovers nothing})",
      .hypotheses = with(any_world, {"all data aggregated", "optimistic fill", keeping}),
      .domain = learning_problems(),
      .formula = optimistic_rounds(FitRule::aggregate, FillRule::optimistic),
      .note = "The R-max argument: the model's value is at least the optimum's, and without a discovery it "
              "is the policy's own.",
      .mutants = {{"pessimistic fill", optimistic_rounds(FitRule::aggregate, FillRule::pessimistic)},
                  {"the latest data alone", optimistic_rounds(FitRule::latest, FillRule::optimistic)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.optimism_in_a_class",
      .source = "algorithm 1",
      .statement =
          R"(\max_{\pi \in \Pi} J(\pi,M) \le J(\pi_t,M) \text{ in the first round that discovers nothing, } \pi_t \text{ planned in } \Pi, \text{ the stationary deterministic policies})",
      .hypotheses = with(any_world, {"all data aggregated", "optimistic fill",
                                     "a planner that takes the first of the best of at most 64 policies"}),
      .domain = learning_problems(),
      .formula = in_a_class(FitRule::aggregate, FillRule::optimistic, Target::best_of_class),
      .note = "Optimism needs no planning over all policies: the best of any class is reached.",
      .mutants = {{"pessimistic fill",
                   in_a_class(FitRule::aggregate, FillRule::pessimistic, Target::best_of_class)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.optimism_rounds",
      .source = "algorithm 1",
      .statement = R"(\text{the loop stands still from round } t \le K + 1)",
      .hypotheses = with(any_world, {unknown, "all data aggregated", "optimistic fill", keeping}),
      .domain = learning_problems(),
      .formula = rounds_to_converge(FitRule::aggregate, FillRule::optimistic, 1),
      .mutants = {{"K rounds", rounds_to_converge(FitRule::aggregate, FillRule::optimistic, 0)},
                  {"the latest data alone", rounds_to_converge(FitRule::latest, FillRule::optimistic, 1)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.pessimism_underestimates",
      .source = "algorithm 1",
      .statement = R"(J(\pi_t,M_t) \le J(\pi_t,M))",
      .hypotheses = with(any_world, {"all data aggregated", "pessimistic fill", keeping}),
      .domain = learning_problems(),
      .formula = underestimates(FitRule::aggregate, FillRule::pessimistic),
      .note = "Safe: what the model promises is kept.",
      .mutants = {{"optimistic fill", underestimates(FitRule::aggregate, FillRule::optimistic)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.pessimism_never_worse",
      .source = "algorithm 1",
      .statement = R"(\max_{\tau < t} J(\pi_\tau,M) \le J(\pi_t,M))",
      .hypotheses =
          with(any_world, {"all data aggregated, or the latest alone", "pessimistic fill", keeping}),
      .domain = learning_problems(),
      .formula = never_worse(FillRule::pessimistic),
      .note = "The last policy is evaluated exactly and all else undervalued: memory is not even needed.",
      .mutants = {{"optimistic fill", never_worse(FillRule::optimistic)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.pessimism_optimal",
      .source = "algorithm 1",
      .statement = R"(\max_\pi J(\pi,M) \le J(\pi_t,M) \text{ where the loop stops})",
      .hypotheses = with(any_world, {"all data aggregated", "pessimistic fill", keeping}),
      .domain = learning_problems(),
      .formula = optimal_at_the_end(FitRule::aggregate, FillRule::pessimistic),
      .expected = Verdict::violated,
      .corrected = "learn.pessimism_gap",
      .note = "What was never seen is never tried.",
      .kind = "slip",
  });

  ledger.add({
      .id = "learn.pessimism_gap",
      .source = "algorithm 1",
      .statement = R"(\max_\pi J(\pi,M) - J(\pi_t,M) \le H - 1 \text{ in every round})",
      .hypotheses = with(any_world, {"all data aggregated", "pessimistic fill", any_ties}),
      .domain = learning_problems(),
      .formula = pessimism_gap(100, 1),
      .note = "All but the first reward, which is known, may be lost.",
      .mutants = {{"H - 2", pessimism_gap(100, 2)}, {"lowered by one hundredth", pessimism_gap(99, 1)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.keep_is_aggregation",
      .source = "algorithm 1",
      .statement =
          R"(\text{latest data, unseen rows kept from } T_{t-1} = \text{all data aggregated, unseen rows from } T_0)",
      .hypotheses = with(any_world, {keeping}),
      .domain = learning_problems(),
      .relation = Relation::equal,
      .formula = same_models(FitRule::aggregate, FillRule::start),
      .note = "Keeping the old model is memory enough, as long as data is exact.",
      .mutants = {{"the latest data alone", same_models(FitRule::latest, FillRule::start)},
                  {"pessimistic fill", same_models(FitRule::aggregate, FillRule::pessimistic)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.keep_converges",
      .source = "algorithm 1",
      .statement = R"(\text{the loop stands still from round } t \le K + 1)",
      .hypotheses =
          with(any_world, {unknown, "latest data", "unseen rows kept from the last model", keeping}),
      .domain = learning_problems(),
      .formula = rounds_to_converge(FitRule::latest, FillRule::keep, 1),
      .mutants = {{"T_0 in place of the last model", rounds_to_converge(FitRule::latest, FillRule::start, 1)},
                  {"a fixed number of two rounds", Formula::exactly([](const auto& x, auto& at) {
                     const Trace t = trace(x, FitRule::latest, FillRule::keep);
                     at(Rational(convergence(t, at)), Rational(2));
                   })}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.keep_optimal",
      .source = "algorithm 1",
      .statement = R"(\max_\pi J(\pi,M) \le J(\pi_t,M) \text{ where the loop stops})",
      .hypotheses = with(any_world, {"latest data", "unseen rows kept from the last model", keeping}),
      .domain = learning_problems(),
      .formula = optimal_at_the_end(FitRule::latest, FillRule::keep),
      .expected = Verdict::violated,
      .corrected = "learn.optimism_reaches_optimum",
      .note = "The limit depends on T_0.",
      .kind = "slip",
  });
}

void add_hybrid(Ledger& ledger) {
  ledger.add({
      .id = "learn.expert_only",
      .source = "section 15.3",
      .statement = R"(J(\pi_E,M) \le J(\pi_1,M) \text{ for a fit of the expert's data alone})",
      .hypotheses = with(any_world, {"optimistic fill", against}),
      .domain = learning_problems(),
      .formula = expert_in_every_round(FitRule::expert, FillRule::optimistic),
      .expected = Verdict::violated,
      .corrected = "learn.expert_only_pessimistic",
      .note = "A perfect fit of the expert's data behaves poorly elsewhere. On the tree as drawn it is a "
              "matter of ties: no leaf can promise more than the expert's 1.",
      .kind = "reading",
  });

  ledger.add({
      .id = "learn.expert_only_pessimistic",
      .source = "section 15.3",
      .statement = R"(J(\pi_E,M) \le J(\pi_1,M) \text{ for a fit of the expert's data alone})",
      .hypotheses = with(any_world, {"pessimistic fill", against}),
      .domain = learning_problems(),
      .formula = expert_in_every_round(FitRule::expert, FillRule::pessimistic),
      .note = "Imitation by planning: safe, if everything else is feared.",
      .mutants = {{"T_0 as the fill", expert_in_every_round(FitRule::expert, FillRule::start)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.hybrid_fixed_point",
      .source = "algorithm 2",
      .statement = R"(J(\pi_E,M) \le J(\pi_t,M) \text{ in every round that discovers nothing})",
      .hypotheses = with(any_world, {"half the expert's data, half all data aggregated", any_fill, any_ties}),
      .domain = learning_problems(true),
      .formula = hybrid_rounds(FitRule::hybrid),
      .note = "The expert is evaluated exactly, so the plan promises at least as much, and without a "
              "discovery it keeps its promise. The halves' weights do not matter where a table is fitted.",
      .mutants = {{"without the expert's data", hybrid_rounds(FitRule::aggregate)},
                  {"without aggregation", hybrid_rounds(FitRule::hybrid_latest)}},
      .kind = "reading",
  });

  ledger.add({
      .id = "learn.hybrid_shortfall",
      .source = "algorithm 2",
      .statement = R"(\sum_t \max(J(\pi_E,M) - J(\pi_t,M), 0) \le K (H - 1))",
      .hypotheses =
          with(any_world, {unknown, "half the expert's data, half all data aggregated", any_fill, any_ties}),
      .domain = learning_problems(true),
      .formula = shortfall(100, 1),
      .note =
          "Each round that falls behind the expert discovers. K H is the looser form: the first reward is "
          "known, and cannot be lost.",
      .mutants = {{"H - 2 for H - 1", shortfall(100, 2)}, {"a third of it", shortfall(33, 1)}},
      .kind = "beyond",
  });

  const auto discoveries = [](FitRule fit, std::int64_t more) {
    return Formula::exactly([=](const auto& x, auto& at) {
      const Trace t = trace_with_changing_fills(x, fit);
      at(Rational(t.discoveries()), Rational(unknown_beside_expert(x)) + Rational(more));
    });
  };
  ledger.add({
      .id = "learn.hybrid_discoveries",
      .source = "algorithm 2",
      .statement = R"(\#\{t : \text{rolling out } \pi_t \text{ shows a new pair}\} \le K - K_E)",
      .hypotheses = with(any_world, {unknown, "K_E of them are met by the expert before the last step",
                                     "half the expert's data, half all data aggregated", any_fill, keeping}),
      .domain = learning_problems(true),
      .formula = discoveries(FitRule::hybrid, 0),
      .note = "The expert's data saves the learner the discovery of each pair that the expert shows.",
      .mutants = {{"without the expert's data", discoveries(FitRule::aggregate, 0)},
                  {"one fewer", discoveries(FitRule::hybrid, -1)}},
      .kind = "reading",
  });

  ledger.add({
      .id = "learn.hybrid_in_a_class",
      .source = "algorithm 2",
      .statement =
          R"(J(\pi_E,M) \le J(\pi_t,M) \text{ in the first round that discovers nothing, } \pi_t \text{ planned in } \Pi, \text{ the stationary deterministic policies})",
      .hypotheses = with(any_world, {"half the expert's data, half all data aggregated", "optimistic fill",
                                     "an expert who may act by the step",
                                     "a planner that takes the first of the best of at most 64 policies"}),
      .domain = learning_problems(),
      .formula = in_a_class(FitRule::hybrid, FillRule::optimistic, Target::expert),
      .expected = Verdict::violated,
      .corrected = "learn.optimism_in_a_class",
      .note = "An expert outside the class of policies is out of reach, however right the model is.",
      .kind = "ablation",
  });

  ledger.add({
      .id = "learn.hybrid_pessimistic",
      .source = "algorithm 2",
      .statement = R"(J(\pi_E,M) \le J(\pi_t,M) \text{ in every round})",
      .hypotheses =
          with(any_world, {"half the expert's data, half all data aggregated", "pessimistic fill", any_ties}),
      .domain = learning_problems(),
      .formula = expert_under_all_ties(FitRule::hybrid, FillRule::pessimistic),
      .mutants = {{"optimistic fill", expert_in_every_round(FitRule::hybrid, FillRule::optimistic)}},
      .kind = "beyond",
  });

  ledger.add({
      .id = "learn.hybrid_without_aggregation",
      .source = "algorithm 2",
      .statement =
          R"(J(\pi_E,M) \le J(\pi_t,M) \text{ in every round of the limit, with the latest and the expert's data})",
      .hypotheses = with(any_world, {"optimistic fill", keeping}),
      .domain = learning_problems(),
      .formula = Formula::exactly([](const auto& x, auto& at) {
        const Trace t = trace(x, FitRule::hybrid_latest, FillRule::optimistic);
        const int first = t.cycle ? t.cycle->start : convergence(t, at);
        for (const Round& round : t.rounds)
          if (round.number >= first)
            at({.round = round.number}, [&] { return Sides{*t.expert_value, *round.true_value}; });
      }),
      .expected = Verdict::violated,
      .corrected = "learn.hybrid_fixed_point",
      .note =
          "Under an optimistic fill the expert's data alone does not cure oscillation: what is seen must be "
          "kept. A pessimistic fill needs no aggregation.",
      .kind = "ablation",
  });
}

void add_loops(Ledger& ledger) {
  add_aggregation(ledger);
  add_fills(ledger);
  add_hybrid(ledger);
}

const Section section("15.3", add_loops, 3);

}  // namespace
}  // namespace lemmacheck
