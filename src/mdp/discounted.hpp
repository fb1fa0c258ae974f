/// The discounted return of an infinite horizon, E sum_t discount^t r_t, exactly. Discounts are in [0, 1).
#pragma once

#include <vector>

#include "mdp/finite_mdp.hpp"
#include "mdp/optimal_actions.hpp"

namespace lemmacheck {

/// V^pi(s): the solution of V = r_pi + discount T_pi V, exactly; S numbers. Model and policy are stationary.
/// @throws InvalidInput for a discount outside [0, 1).
std::vector<Rational> discounted_values(const FiniteMdp& model, const MarkovPolicy& policy,
                                        const Rational& discount);

/// Q(s, a) = r(s, a) + discount E_{s' ~ T(s, a)} V(s').
Rational discounted_action_value(const FiniteMdp& model, const std::vector<Rational>& values,
                                 const Rational& discount, State s, Action a);

/// The lowest action of argmax_a Q(s, a), for each state.
MarkovPolicy greedy_policy(const FiniteMdp& model, const std::vector<Rational>& values,
                           const Rational& discount);

/// Optimal values, and the lowest optimal action of each state.
struct DiscountedPlan {
  std::vector<Rational> values;  ///< V*(s) = max_pi V^pi(s)
  MarkovPolicy policy;
};

/// By policy iteration (Howard, 1960), which ends because every round is better in some state. Rounded value
/// iteration proposes where to begin; enclosures and exact solutions decide.
/// @throws InvalidInput for a discount outside [0, 1), a time-varying model, or more than 3000 states that
/// all lead to each other.
DiscountedPlan optimal_discounted_plan(const FiniteMdp& model, const Rational& discount);
std::vector<Rational> optimal_discounted_values(const FiniteMdp& model, const Rational& discount);
/// Every action with Q(s, a) = V*(s), as those of one step. @param values  V*.
OptimalActions optimal_discounted_actions(const FiniteMdp& model, const std::vector<Rational>& values,
                                          const Rational& discount);

/// d(s) = (1 - discount) sum_t discount^t P(s_t = s), started at rho_0; sums to 1.
std::vector<Rational> discounted_occupancy(const FiniteMdp& model, const MarkovPolicy& policy,
                                           const Rational& discount);

/// sum_t discount^t (1 - (1 - d)^t) = discount d / ((1 - discount) (1 - discount (1 - d))): the largest
/// |V^pi(s) - V'^pi(s)| where rows differ by at most d in total variation, rewards in [0, 1]; as for
/// sharp_simulation_bound(), by a maximal coupling, and attained by the same two states.
Rational sharp_discounted_bound(const Rational& total_variation, const Rational& discount);

}  // namespace lemmacheck
