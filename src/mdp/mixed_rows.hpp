/// A stationary policy's Markov chain in natural numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mdp/reward_table.hpp"
#include "mdp/stochastic_matrix.hpp"

namespace lemmacheck {

/// What a stationary policy's values in a stationary model come from.
struct StationaryProcess {
  const StochasticMatrix& kernel;  ///< S A rows
  const RewardTable& rewards;
  const StochasticMatrix& choice;  ///< pi: S rows
  std::uint32_t states, actions;
};

/// The rows of a process with its actions mixed, sum_a pi(a|s) T(.|s, a) and sum_a pi(a|s) r(s, a), exactly:
/// S x S natural numbers, dense, over D_pi D_T, and S over D_pi D_r, above the rewards' offset.
struct MixedRows {
  std::vector<Count> transitions;
  std::vector<std::uint64_t> rewards;
  std::uint64_t denominator, reward_denominator;
};

/// Nothing where not all numbers are below 2^53, or mixing at every step costs no more: for policies that are
/// deterministic, short horizons, and sparse kernels of many states.
std::optional<MixedRows> mixed_rows(const StationaryProcess& process, Step horizon);

}  // namespace lemmacheck
