/// Values of a policy and of the optimum by backward induction over steps H, ..., 1.
#pragma once

#include <variant>
#include <vector>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// V_h(s) for h = 1..H+1, with V_{H+1} = 0; (H + 1) x S, unit: reward.
template <class N>
class ValueTable {
 public:
  ValueTable(Step horizon, std::uint32_t states)
      : states_(states), values_((static_cast<std::size_t>(horizon) + 1) * states) {}
  N& operator()(Step h, State s) { return values_[index(h, s)]; }
  const N& operator()(Step h, State s) const { return values_[index(h, s)]; }
  /// V_h of all states.
  N* row(Step h) { return &values_[index(h, State{0})]; }

 private:
  std::size_t index(Step h, State s) const { return static_cast<std::size_t>(h - 1) * states_ + s.value; }
  std::uint32_t states_;
  std::vector<N> values_;
};

/// Bellman's equation for a policy (eq. (15.5)), written once over the number type:
///     V_h(s) = E_{a ~ pi_h(s)} [ r(s, a) + E_{s' ~ T_h(s, a)} V_{h+1}(s') ].
/// Cost: H times the number of transitions under the policy.
template <class N>
ValueTable<N> policy_values(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon) {
  ValueTable<N> values(horizon, model.state_count());
  const std::vector<N> rewards = model.rewards().as<N>();
  const StochasticMatrix& choice = policy.table();
  for (Step h = horizon; h >= 1; --h) {
    const StochasticMatrix& kernel = model.kernel(h);
    const N* const next = values.row(h + 1);
    N* const now = values.row(h);
    const bool last_step = h == horizon;
    for (const State s : model.states()) {
      now[s.value] = expectation<N>(choice, policy.row(h, s), [&](std::uint32_t a) {
        const std::size_t row = model.row(s, Action{a});
        if (last_step) return rewards[row];
        return rewards[row] + expectation<N>(kernel, row, next);
      });
    }
  }
  return values;
}

/// Optimal values max_pi V_h and a deterministic policy which attains them at every step and state.
template <class N>
struct OptimalPlan {
  ValueTable<N> values;
  MarkovPolicy policy;  ///< time-dependent; the lowest action where several are optimal
};

/// Bellman's optimality equation over exact numbers (an enclosure cannot order two actions).
OptimalPlan<Rational> optimal_plan(const FiniteMdp& model, Step horizon);

/// J = E_{s ~ rho_0} V_1(s).
template <class N, class Values>
N expected_value(const FiniteMdp& model, const Values& values) {
  return expectation<N>(model.initial(), 0, [&](std::uint32_t s) { return values(1, State{s}); });
}

}  // namespace lemmacheck
