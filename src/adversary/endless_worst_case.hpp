/// The exact adversary of endless runs: against the average of a step for ever, and against the total.
#pragma once

#include "adversary/worst_case.hpp"

namespace lemmacheck {

/// The lowest (or highest) gain of a stationary policy over all models whose kernels lie in the set at every
/// step, and a kernel that attains it, the same at all steps. Nature's policy iteration for several recurrent
/// classes (Puterman, 1994, section 9.2): her choices in a row are the corners of the set, and the corner
/// that is extreme for (gain, bias), compared in this order, is the extreme one for states ranked so.
/// @throws InvalidInput for what is not stationary, or shapes that do not fit.
Extreme extreme_average_return(const FiniteMdp& model, const MarkovPolicy& policy, const UncertaintySet& set,
                               bool lowest);

/// The same of the total until nothing is earned any more.
/// @throws InvalidInput likewise, and where nature can keep the process for ever among states that are not at
/// rest, naming one: then a total need not be finite.
Extreme extreme_total_return(const FiniteMdp& model, const MarkovPolicy& policy, const UncertaintySet& set,
                             bool lowest);

/// A stationary policy with the highest sure return that was found, and what no policy is surer of: the best
/// return against one fixed kernel of nature. Where the two meet, the policy is proven the best; policy
/// iteration of both players stops where nothing improves, or where a policy comes back, and may stay open.
/// @throws InvalidInput likewise.
RobustPlan robust_average_plan(const FiniteMdp& model, const UncertaintySet& set, bool lowest = true);
RobustPlan robust_total_plan(const FiniteMdp& model, const UncertaintySet& set, bool lowest = true);

}  // namespace lemmacheck
