/// One step of policy iteration: which actions are better than what a policy does.
#pragma once

#include <span>
#include <vector>

#include "mdp/finite_mdp.hpp"
#include "numeric/interval.hpp"

namespace lemmacheck {

/// The sign of r(s, a) + factor E_{s' ~ T(s, a)} V(s') - V(s) - offset(s), by enclosures first, exactly where
/// they cannot tell. What it is made of must outlive it.
class Improvement {
 public:
  /// @param offset  S numbers, or none: 0.
  Improvement(const FiniteMdp& model, const std::vector<Rational>& values, Rational factor,
              std::span<const Rational> offset = {});
  int sign(State s, Action a) const;

 private:
  Interval enclosed_gain(State s, Action a) const;

  const FiniteMdp& model_;
  const std::vector<Rational>& values_;
  Rational factor_;
  std::span<const Rational> offset_;
  std::vector<Interval> enclosed_;
};

/// Takes in each state the first action of which `better(s, a)` says so. @returns whether there was one.
template <class Better>
bool improve_actions(const FiniteMdp& model, std::vector<std::uint32_t>& taken, Better&& better) {
  bool changed = false;
  for (const State s : model.states())
    for (const Action a : model.actions()) {
      if (a.value == taken[s.value] || !better(s, a)) continue;
      taken[s.value] = a.value;
      changed = true;
      break;
    }
  return changed;
}

/// The actions of a stationary deterministic policy; S of them.
std::vector<std::uint32_t> actions_of(const MarkovPolicy& policy);

/// The model with each reward r replaced by -r: what minimises its costs.
FiniteMdp with_negated_rewards(const FiniteMdp& model);

/// @throws InvalidInput for a model or a policy that changes from step to step: an endless sum needs both the
/// same for ever.
void require_stationary(const FiniteMdp& model, const MarkovPolicy& policy);

/// E_{a ~ pi(s)} r(s, a) of a stationary policy; S numbers.
std::vector<Rational> policy_rewards(const FiniteMdp& model, const MarkovPolicy& policy);

/// What `use(next state, probability)` is told of each state that s leads to under a stationary policy; a
/// state may be told more than once.
template <class Use>
void for_each_successor(const FiniteMdp& model, const MarkovPolicy& policy, State s, Use&& use) {
  const StochasticMatrix& kernel = model.kernel(1);
  const std::size_t p = policy.row(1, s);
  for (std::size_t i = policy.table().row_begin(p); i < policy.table().row_end(p); ++i) {
    const std::size_t row = model.row(s, Action{policy.table().column(i)});
    const Rational weight = policy.table().probability(i);
    for (std::size_t e = kernel.row_begin(row); e < kernel.row_end(row); ++e)
      use(kernel.column(e), weight * kernel.probability(e));
  }
}

}  // namespace lemmacheck
