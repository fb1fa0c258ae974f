/// A claim checked on every tiny instance: what holds on all of them is a theorem about them.
#pragma once

#include <vector>

#include "campaign/check.hpp"
#include "generate/tiny_pairs.hpp"

namespace lemmacheck {

struct Exhausted {
  TinySizes sizes;
  std::uint64_t instances = 0;  ///< all of that size, up to relabelling, that meet the claim's hypotheses
  std::uint64_t violated = 0;
};

struct Exhaustion {
  const Claim* claim;
  std::vector<Exhausted> sizes;
  std::optional<Certificate> counterexample;  ///< the smallest
  std::uint64_t instances() const;
};

/// The sizes that are listed: S, A, the grid of the probabilities, and H up to 3.
const std::vector<TinySizes>& tiny_sizes();

/// Whether a claim is about pairs of models with a policy, and with what an enumeration has.
bool can_exhaust(const Claim& claim);

Exhaustion exhaust(const Claim& claim, const Run& run);

}  // namespace lemmacheck
