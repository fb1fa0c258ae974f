/// Pairs (M, M') with a policy that a planner found in M'.
#pragma once

#include "generate/domains.hpp"

namespace lemmacheck {

struct PlannedOptions {
  /// Optimal in M' at every step and state, as backward induction makes it; else only J(pi, M') is maximal,
  /// as an argmax over policies makes it, which may do anything where the model never goes.
  bool everywhere = false;
  bool other_policy = false;  ///< a second policy, such as pi_E
  bool any_rewards = false;   ///< rewards beyond [0, 1]
};

/// A model, a perturbed copy and a deterministic, time-dependent policy that is optimal in the copy, by drawn
/// tie-breaks; among them the family that attains the largest regret.
Domain planned_pairs(const PlannedOptions& options = {});

}  // namespace lemmacheck
