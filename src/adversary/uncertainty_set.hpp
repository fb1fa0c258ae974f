/// Sets of kernels whose rows move independently of each other: (s, a)-rectangular uncertainty.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

class UncertaintySet {
 public:
  using Ranks = std::vector<std::uint32_t>;
  virtual ~UncertaintySet() = default;

  /// The kernel of the set which minimises (or maximises) every row's expectation of values given by their
  /// ranks.
  /// @param ranks  place of each state's value, from 0 for the lowest; equal values share a place.
  /// @param wanted  flags of the rows that matter; the others stay as they are. Null: all matter.
  virtual StochasticMatrix extreme(const Ranks& ranks, bool lowest,
                                   const std::vector<bool>* wanted = nullptr) const = 0;
  /// The same with values of its own for each row.
  virtual StochasticMatrix extreme_by_row(const std::vector<Ranks>& ranks, bool lowest) const = 0;
  /// The common denominator of all extreme kernels, where there is one below 2^53.
  virtual std::optional<std::uint64_t> denominator() const = 0;
};

/// Place of each value, from 0 for the lowest; equal values share a place.
UncertaintySet::Ranks ranks_of(const std::vector<Rational>& values);

}  // namespace lemmacheck
