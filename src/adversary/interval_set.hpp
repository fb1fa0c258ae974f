/// All kernels whose probabilities lie in given intervals.
#pragma once

#include "adversary/uncertainty_set.hpp"

namespace lemmacheck {

/// The set of kernels T' with lower <= T'(s'|s, a) <= upper for each transition that is listed, 0 elsewhere,
/// independently for each (s, a): an interval MDP.
class IntervalSet : public UncertaintySet {
 public:
  struct Entry {
    std::uint32_t column;
    Rational lower, upper;
  };
  /// @param rows  S A of them. @param name  of a row, for messages.
  /// @throws InvalidInput for an interval that is empty or not within [0, 1], a column out of range or twice,
  /// or a row in which no distribution lies.
  IntervalSet(std::uint32_t columns, std::vector<std::vector<Entry>> rows,
              const StochasticMatrix::RowName& name);

  /// Every transition has its lower probability, and what is left goes to the lowest-valued successors first.
  StochasticMatrix extreme(const Ranks& ranks, bool lowest,
                           const std::vector<bool>* wanted = nullptr) const override;
  StochasticMatrix extreme_by_row(const std::vector<Ranks>& ranks, bool lowest) const override;
  std::optional<std::uint64_t> denominator() const override { return std::nullopt; }

  /// Some kernel of the set.
  StochasticMatrix member() const;

 private:
  template <class RanksOf>
  StochasticMatrix filled(bool lowest, RanksOf&& ranks_of_row) const;

  std::uint32_t columns_;
  std::vector<std::vector<Entry>> rows_;
};

}  // namespace lemmacheck
