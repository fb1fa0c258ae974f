#include "campaign/sharp_constants.hpp"

#include "adversary/extremal_families.hpp"
#include "learning/planner.hpp"
#include "mdp/simulation_bound.hpp"

namespace lemmacheck {
namespace {

/// max_pi J(pi, M) - J(pi', M) for pi' planned in M'.
Rational regret_of_planning(const Instance& instance, TieBreak ties) {
  const FiniteMdp& world = *instance.model;
  const Planned planned = plan(*instance.perturbed, instance.horizon, ties, world, *instance.policy);
  const OptimalPlan best = optimal_plan(world, instance.horizon);
  return expected_value<Rational>(world, best.values) -
         policy_return(world, planned.policy, instance.horizon);
}

FiniteMdp two_state_model(std::uint32_t first_leads_to, std::uint32_t second_leads_to) {
  const std::uint32_t next[] = {first_leads_to, second_leads_to, 1, 1}, start[] = {0};
  return FiniteMdp(StochasticMatrix::deterministic(2, start), {StochasticMatrix::deterministic(2, next)},
                   RewardTable(2, 2, {0, 0, 1, 1}), 2, 2);
}

}  // namespace

std::vector<CertaintyEquivalence> certainty_equivalence_table() {
  std::vector<CertaintyEquivalence> rows;
  for (Step horizon = 2; horizon <= 8; ++horizon) {
    for (const std::uint64_t divisor : {100, 10, 4, 2, 1}) {
      CertaintyEquivalence row;
      row.horizon = horizon;
      row.delta = Rational::ratio(1, divisor);
      row.bound = min(Rational(horizon), Rational(2) * sharp_simulation_bound(row.delta, horizon));
      const Instance fork = certainty_equivalence_fork(row.delta, horizon);
      row.ties_against = regret_of_planning(fork, TieBreak::against_learner);
      row.ties_for = regret_of_planning(fork, TieBreak::for_learner);
      row.strict = regret_of_planning(
          certainty_equivalence_fork(row.delta, horizon, Rational::ratio(1, 1000)), TieBreak::for_learner);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Instance rival_models() {
  Instance instance;
  instance.horizon = 2;
  instance.model = two_state_model(0, 0);
  instance.model_class = {two_state_model(1, 0), two_state_model(0, 1)};
  const std::uint32_t first[] = {0, 0}, elsewhere[] = {2};
  instance.policy = MarkovPolicy::deterministic(first, 2, 2);
  instance.sampling = StochasticMatrix::deterministic(4, elsewhere);
  return instance;
}

std::vector<RegretGrowth> regret_growth_table() {
  const Instance rivals = rival_models();
  std::vector<RegretGrowth> rows;
  for (const int root : {1, 2, 4, 8, 16}) {
    const int rounds = root * root;
    const Rational step_size = Rational::ratio(1, static_cast<std::uint64_t>(root));
    const auto regret = [&](Selection selection) {
      return select_models(rivals, rounds, {selection, Loss::l1, step_size}).regret().rational();
    };
    rows.push_back({rounds, step_size, regret(Selection::latest), regret(Selection::leader),
                    regret(Selection::regularized)});
  }
  return rows;
}

}  // namespace lemmacheck
