/// All small pairs of models on a coarse grid: no sample, every one.
#pragma once

#include "generate/instance.hpp"

namespace lemmacheck {

/// Sizes of the pairs to list: probabilities are multiples of 1 / grid, rewards 0 or 1, H = 1..horizon.
struct TinySizes {
  std::uint32_t states, actions, grid;
  Step horizon;
  bool other_policy = false;  ///< a second deterministic, stationary policy
};

/// Every pair (M, M') of that size with shared rewards and a deterministic, stationary policy, up to
/// relabelling: the start is state 0, the policy takes action 0 everywhere, and of the pairs that differ by
/// names of the other states and actions one is kept.
/// @param belongs  which of these belong to the domain.
/// @throws InvalidInput if there are more than 50 million before relabelling.
Domain every_tiny_pair(const TinySizes& sizes, const std::function<bool(const Instance&)>& belongs);

}  // namespace lemmacheck
