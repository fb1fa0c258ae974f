/// All kernels within L1 distances of a given one, and the extreme one for given values.
#pragma once

#include <optional>
#include <vector>

#include "adversary/uncertainty_set.hpp"

namespace lemmacheck {

/// The set of kernels T' with ||T'(.|s, a) - T(.|s, a)||_1 <= radius(s, a) for each (s, a), independently: an
/// (s, a)-rectangular uncertainty set.
class L1Ball : public UncertaintySet {
 public:
  /// @param radii  S A radii; beyond 2 they mean 2. @param keep_support  no mass to states that a row of the
  /// kernel does not reach.
  /// @throws InvalidInput for a negative radius or a wrong number of them.
  L1Ball(StochasticMatrix kernel, std::vector<Rational> radii, bool keep_support);

  /// Half the radius in mass moves to the lowest-valued state, from the highest-valued successors first. That
  /// is optimal for a linear objective in an L1 ball; what gains nothing does not move.
  StochasticMatrix extreme(const Ranks& ranks, bool lowest,
                           const std::vector<bool>* wanted = nullptr) const override;
  StochasticMatrix extreme_by_row(const std::vector<Ranks>& ranks, bool lowest) const override;

  const StochasticMatrix& kernel() const { return kernel_; }
  const Rational& radius(std::size_t row) const { return radii_[row]; }
  std::optional<std::uint64_t> denominator() const override { return denominator_; }

 private:
  /// Values by rank, and a state with the lowest.
  struct Order {
    Ranks ranks;
    std::uint32_t lowest;
  };
  static Order order_of(const Ranks& ranks, bool lowest);
  template <class OrderOf>
  StochasticMatrix moved(OrderOf&& order_of_row) const;
  template <class Mass, class Add>
  void move(std::size_t row, const Order& order, Mass budget, std::vector<Mass>& masses, Add&& add) const;
  std::uint32_t receiver_of(std::size_t row, const Order& order) const;

  StochasticMatrix kernel_;
  std::vector<Rational> radii_;
  bool keep_support_;
  std::optional<std::uint64_t> denominator_;
  std::uint64_t factor_ = 1;            ///< denominator_ / the kernel's
  std::vector<std::uint64_t> budgets_;  ///< half the radii times denominator_
};

}  // namespace lemmacheck
