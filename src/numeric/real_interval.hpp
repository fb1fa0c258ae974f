/// Intervals of any precision, for functions whose values are irrational.
#pragma once

#include <memory>
#include <optional>

#include "numeric/rational.hpp"

namespace lemmacheck {

/// A closed interval of reals with ends of a chosen number of bits, rounded outward (MPFI): every operation
/// gives an interval that contains all exact results, whose ends may be infinite. An operation that is not
/// defined on all of its operand (a division by an interval with 0, the root of a negative number) gives an
/// interval that is not `defined()` or that says nothing: ask for the operand's signs before.
class RealInterval {
 public:
  RealInterval(const Rational& value, unsigned bits);
  /// From the one to the other, which is not less.
  static RealInterval between(const Rational& lower, const Rational& upper, unsigned bits);
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

  bool defined() const;
  /// Signs of the ends. Only where `defined()`.
  int lower_sign() const;
  int upper_sign() const;
  /// Numbers that no number of the interval is below or above: the ends, exactly, or where they are larger
  /// than 2^(2^20) or nearer to 0 than its inverse, the next such number outward; nothing if there is none.
  std::optional<Rational> lower() const;
  std::optional<Rational> upper() const;

 private:
  struct Ends;
  std::unique_ptr<Ends> ends_;
};

}  // namespace lemmacheck
