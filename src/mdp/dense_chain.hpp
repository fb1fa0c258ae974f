/// A stationary policy's Markov chain in natural numbers.
#pragma once

#include <cstdint>
#include <optional>

#include "mdp/reward_table.hpp"
#include "mdp/stochastic_matrix.hpp"
#include "numeric/scratch.hpp"

namespace lemmacheck {

/// What a stationary policy's values in a stationary model come from.
struct StationaryProcess {
  const StochasticMatrix& kernel;  ///< S A rows
  const RewardTable& rewards;
  const StochasticMatrix& choice;  ///< pi: S rows
  std::uint32_t states, actions;
};

/// The rows of a process with its actions mixed, sum_a pi(a|s) T(.|s, a) = N(.|s) / D and
/// sum_a pi(a|s) r(s, a) = R(s) / D_r, above the rewards' offset, exactly: natural numbers below 2^53, kept
/// as doubles, which hold them in any rounding mode.
///
/// N stands by columns, so that one next state's numbers for all states lie together: a step of backward
/// induction is a sum of columns, several states in each instruction, whatever the numbers are that it is
/// made with (an enclosure's upper ends, the digits of exact values).
struct DenseChain {
  std::uint32_t states;
  std::size_t stride;       ///< rows of a column, a multiple of 4: what is left over is 0
  Scratch<double> columns;  ///< N(t|s) at [t stride + s], and R(s) at [S stride + s]
  std::uint64_t denominator, reward_denominator;

  double* rewards() { return &columns[states * stride]; }
  const double* rewards() const { return &columns[states * stride]; }
};

/// Nothing where not all numbers are below 2^53, or where it does not pay: for short horizons, and sparse
/// kernels of many states.
/// @param more  rows that are left free below those of the states.
std::optional<DenseChain> dense_chain(const StationaryProcess& process, Step horizon, std::uint32_t more = 0);

}  // namespace lemmacheck
