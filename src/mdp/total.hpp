/// The total reward of an infinite horizon without a discount: E sum_t r_t, until nothing is earned any more.
#pragma once

#include <optional>
#include <vector>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// V(s) = E[sum_t r_t | s_1 = s] under a stationary policy; S numbers. A policy is proper from s if it ends,
/// with probability 1, among states in which its rewards are 0 for ever; nothing stands where it is not.
/// @throws InvalidInput for what is not stationary, or more than 3000 states that all
/// lead to each other.
std::vector<std::optional<Rational>> total_values(const FiniteMdp& model, const MarkovPolicy& policy);

/// @throws InvalidInput if the policy is not proper from some state that rho_0 starts in, naming a state that
/// it returns to for ever, and what is infinite.
void require_proper(const FiniteMdp& model, const MarkovPolicy& policy);

/// A stationary policy with the highest total among the proper ones, from each state that has one and from
/// which no policy earns for ever more than it pays; it is not proper from the others. By policy iteration;
/// end components without rewards, in which one may rest, are what is special.
/// @param minimise  rewards are costs: the lowest total.
/// @throws InvalidInput where rho_0 starts in a state without a finite optimum, saying which and why.
MarkovPolicy optimal_total_policy(const FiniteMdp& model, bool minimise = false);

/// The highest (or lowest) totals among proper policies; nothing where optimal_total_policy would refuse to
/// start.
std::vector<std::optional<Rational>> optimal_total_values(const FiniteMdp& model, bool minimise = false);

}  // namespace lemmacheck
