/// The exact adversary for whatever a policy is judged by.
#pragma once

#include "adversary/worst_case.hpp"
#include "mdp/criterion.hpp"

namespace lemmacheck {

/// The lowest (or highest) return over all models in the set, free each step under a horizon; endless runs
/// have an extreme kernel that stays the same. @throws InvalidInput as the criterion's own adversary does.
Extreme extreme_return(const FiniteMdp& model, const MarkovPolicy& policy, const Criterion& criterion,
                       const UncertaintySet& set, bool lowest, bool with_kernels = false);

/// The policy that is surest of a return (or, not `lowest`, hopes for most). Of endless runs without a
/// discount it may stay open whether it is.
RobustPlan robust_plan(const FiniteMdp& model, const Criterion& criterion, const UncertaintySet& set,
                       bool lowest = true);

}  // namespace lemmacheck
