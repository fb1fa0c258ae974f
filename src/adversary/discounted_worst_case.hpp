/// The exact adversary under a discount, over infinitely many steps.
#pragma once

#include "adversary/worst_case.hpp"

namespace lemmacheck {

/// The lowest (or highest) discounted return over all models whose kernels lie in the ball at every step: one
/// kernel attains it, the same at all steps. Policy iteration of nature (Iyengar, 2005): the kernel that is
/// extreme for the values so far, until no value changes. Model and policy are stationary.
/// @throws InvalidInput for a discount outside [0, 1), shapes that do not fit, or what is not stationary.
Extreme extreme_discounted_return(const FiniteMdp& model, const MarkovPolicy& policy,
                                  const Rational& discount, const UncertaintySet& set, bool lowest);

/// The stationary policy that is best against the worst model (or with the best one, not `lowest_model`), and
/// the return that it is sure of: robust policy iteration, each round against nature's exact answer.
RobustPlan robust_discounted_plan(const FiniteMdp& model, const Rational& discount, const UncertaintySet& set,
                                  bool lowest_model = true);

}  // namespace lemmacheck
