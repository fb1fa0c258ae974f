// Section 15.3: loops whose planner knows the stationary deterministic policies alone.
//
// (The lemma language's loops plan among all policies.)
// Population data: a roll-out shows the exact transitions of every pair that it visits at some h < H. What
// loops do that plan among all policies is stated in section_15_3_loops.lemma.
#include "common.hpp"
#include "learning/learning_domains.hpp"
#include "learning/model_fit.hpp"
#include "mdp/exact_values.hpp"

namespace lemmacheck {
namespace {

const std::vector<std::string> any_world = {"rewards known, in [0, 1]", "transitions stationary",
                                            "population data"};

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

void add_classes(Ledger& ledger) {
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
}

const Section section("15.3", add_classes, 4);

}  // namespace
}  // namespace lemmacheck
