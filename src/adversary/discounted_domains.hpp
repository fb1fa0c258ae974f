/// Pairs of models under a discount, and value functions that are wrong.
#pragma once

#include "generate/domains.hpp"

namespace lemmacheck {

struct DiscountedOptions {
  bool own_rewards = false;   ///< M' has rewards of its own
  bool other_policy = false;  ///< a second policy
  bool planned = false;       ///< the policy is optimal in M', by drawn tie-breaks
};

/// A stationary pair with numbers "discount" (one, in [0, 1)). The horizon of these instances is 1 and counts
/// for nothing.
Domain discounted_pairs(const DiscountedOptions& options = {});

/// One model with numbers "discount" and "value": a value function, one number a state.
Domain discounted_values_guessed();

/// One model, a first policy, and numbers "discount" and "errors": for each round of approximate policy
/// iteration by how much the value of each state is misjudged.
Domain approximate_policy_iterations();

}  // namespace lemmacheck
