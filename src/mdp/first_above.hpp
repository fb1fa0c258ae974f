/// How many steps it takes to earn more than a given return.
#pragma once

#include <optional>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

struct FirstAbove {
  std::optional<Step> horizon;  ///< the least H with J > threshold; nothing where there is none up to `tried`
  Step tried;                   ///< every horizon up to this one is decided
};

/// The least H in 1..most at which a policy, or the best one, earns more than `threshold` in H steps.
/// Enclosures decide; where they cannot, the exact return of that horizon does.
/// @param policy  stationary; null: the best policy of each horizon.
/// @returns what is decided: `tried` is below `most` without a horizon where too many returns are so near to
/// the threshold that only exact ones tell.
/// @throws InvalidInput for a time-varying model or policy, or shapes that do not fit.
FirstAbove first_above(const FiniteMdp& model, const MarkovPolicy* policy, const Rational& threshold,
                       Step most);

}  // namespace lemmacheck
