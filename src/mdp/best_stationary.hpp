/// The best policy that does the same at every step, where a horizon asks for different ones.
#pragma once

#include <cstdint>

#include "mdp/criterion.hpp"

namespace lemmacheck {

/// The best deterministic stationary policy that was found, and what no stationary deterministic one exceeds.
struct StationaryPlan {
  MarkovPolicy policy;
  Rational value;           ///< J of the policy
  Rational bound;           ///< at least J of each deterministic stationary policy
  std::uint64_t parts = 0;  ///< how many sets of policies were looked at
  bool closed() const { return value == bound; }
};

/// By branch and bound: states are tied to actions one by one, and the best time-dependent policy that keeps
/// to them bounds all stationary ones that do. Enclosures prune; exact values decide what they cannot. (The
/// question is NP-hard, like that of the best memoryless policy of a partially observed model.)
/// @param most_parts  after so many sets the bracket is left open.
/// @throws InvalidInput for a criterion without a horizon: there some stationary policy is a best one.
StationaryPlan best_stationary_plan(const FiniteMdp& model, const Criterion& criterion, bool minimise = false,
                                    std::uint64_t most_parts = 20'000);

}  // namespace lemmacheck
