/// Intervals of any precision, for functions whose values are irrational.
#pragma once

#include <memory>
#include <optional>

#include "numeric/rational.hpp"

namespace lemmacheck {

/// A closed interval of reals with ends of a chosen number of bits, rounded outward (MPFI): every operation
/// gives an interval that contains all exact results. An operation that is not defined on all of its operand
/// (a division by an interval with 0, a root of a negative number) gives an interval that is not `defined()`.
class RealInterval {
 public:
  RealInterval(const Rational& value, unsigned bits);
  RealInterval(const RealInterval& other);
  RealInterval(RealInterval&&) noexcept;
  RealInterval& operator=(const RealInterval& other);
  RealInterval& operator=(RealInterval&&) noexcept;
  ~RealInterval();

  friend RealInterval operator+(RealInterval a, const RealInterval& b);
  friend RealInterval operator-(RealInterval a, const RealInterval& b);
  friend RealInterval operator*(RealInterval a, const RealInterval& b);
  friend RealInterval operator/(RealInterval a, const RealInterval& b);
  RealInterval operator-() const;

  friend RealInterval sqrt(RealInterval a);
  friend RealInterval exp(RealInterval a);
  /// Natural logarithm.
  friend RealInterval log(RealInterval a);
  friend RealInterval abs(RealInterval a);
  friend RealInterval min(RealInterval a, const RealInterval& b);
  friend RealInterval max(RealInterval a, const RealInterval& b);

  /// Whether the operations so far were defined and the ends are finite.
  bool defined() const;
  /// The ends, exactly. Only where `defined()`.
  Rational lower() const;
  Rational upper() const;

 private:
  struct Ends;
  std::unique_ptr<Ends> ends_;
};

}  // namespace lemmacheck
