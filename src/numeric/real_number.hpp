/// Real numbers that are exact as long as they are sums of logarithms, and enclosed beyond.
#pragma once

#include <optional>
#include <string>

#include "numeric/log_form.hpp"
#include "numeric/real_interval.hpp"

namespace lemmacheck {

/// The precision of enclosures while it lives, on this thread.
class RealPrecision {
 public:
  explicit RealPrecision(unsigned bits);
  ~RealPrecision();
  RealPrecision(const RealPrecision&) = delete;
  RealPrecision& operator=(const RealPrecision&) = delete;
  static unsigned bits();

 private:
  unsigned previous_;
};

/// A real number, or an infinity of either sign.
///
/// Sums of rational multiples of logarithms are kept as such and compared exactly (LogForm). What leaves them
/// (roots, exponentials, products of logarithms) is enclosed with the precision that is set; a comparison of
/// enclosures may be unknown. Infinities follow measure theory: 0 * infinity is 0, x / infinity is 0.
/// @throws UndefinedValue for infinity - infinity, x / 0, infinity / infinity, and roots and logarithms of
/// negative numbers; @throws UndecidedValue where an enclosure cannot tell whether it is one of these.
class RealNumber {
 public:
  RealNumber() = default;
  RealNumber(Rational value) : form_(std::move(value)) {}
  RealNumber(LogForm form);
  template <std::integral T>
  RealNumber(T value) : form_(Rational(value)) {}
  template <std::floating_point T>
  RealNumber(T) = delete;
  static RealNumber infinity(int sign);
  static RealNumber from(const Rational& value) { return RealNumber(value); }
  static RealNumber ratio(std::int64_t numerator, std::uint64_t denominator) {
    return Rational::ratio(numerator, denominator);
  }
  /// A number of which no more is known, as certificates hold it.
  static RealNumber between(const Rational& lower, const Rational& upper);

  /// term(first) + ... + term(last - 1).
  template <class Term>
  static RealNumber sum(std::size_t first, std::size_t last, Term&& term) {
    RealNumber total;
    for (std::size_t i = first; i != last; ++i) total += term(i);
    return total;
  }
  /// counts[0] values[0] + ... + counts[n - 1] values[n - 1].
  static RealNumber dot(const Count* counts, const RealNumber* values, std::size_t n) {
    return sum(0, n, [&](std::size_t i) { return values[i] * RealNumber(Rational(counts[i].word())); });
  }

  RealNumber& operator+=(const RealNumber& other);
  RealNumber& operator-=(const RealNumber& other) { return *this += -other; }
  RealNumber& operator*=(const RealNumber& other);
  RealNumber& operator/=(const RealNumber& other);
  RealNumber operator-() const;
  friend RealNumber operator+(RealNumber a, const RealNumber& b) { return std::move(a += b); }
  friend RealNumber operator-(RealNumber a, const RealNumber& b) { return std::move(a -= b); }
  friend RealNumber operator*(RealNumber a, const RealNumber& b) { return std::move(a *= b); }
  friend RealNumber operator/(RealNumber a, const RealNumber& b) { return std::move(a /= b); }

  bool is_infinite() const { return infinite_ != 0; }
  bool is_enclosed() const { return interval_.has_value(); }
  /// The exact number, where it is finite and not enclosed.
  const LogForm& form() const { return form_; }
  std::optional<Rational> rational() const;
  /// The sign; nothing where an enclosure does not tell.
  std::optional<int> sign() const;

  struct Enclosure {
    Rational lower, upper;
  };
  /// Of a finite number: its enclosure, or one of 128 bits of an exact one.
  Enclosure enclosure() const;
  double approximate() const;
  /// A fraction, a sum of logarithms, "infinity", "-infinity", or "[lower, upper]".
  std::string to_string() const;

  friend RealNumber sqrt(const RealNumber& value);
  friend RealNumber log(const RealNumber& value);
  friend RealNumber exp(const RealNumber& value);
  friend RealNumber abs(const RealNumber& value);
  friend RealNumber max(const RealNumber& a, const RealNumber& b);
  friend RealNumber min(const RealNumber& a, const RealNumber& b);
  friend Truth is_at_most(const RealNumber& a, const RealNumber& b);
  friend Truth is_equal(const RealNumber& a, const RealNumber& b);

 private:
  explicit RealNumber(RealInterval interval) : interval_(std::move(interval)) {}
  RealInterval interval() const;
  /// The number where it is written as a fraction; nullptr for all others, of which some are rational.
  const Rational* plain() const;
  int infinite_ = 0;  ///< the sign of an infinity, or 0
  LogForm form_;
  std::optional<RealInterval> interval_;
};

RealNumber sqrt(const RealNumber& value);
RealNumber log(const RealNumber& value);
RealNumber exp(const RealNumber& value);

/// Whether two numbers, as far as they are known, may be the same: equal if both are exact, overlapping
/// otherwise.
bool may_be_same(const RealNumber& a, const RealNumber& b);

inline RealNumber scaled(const RealNumber& value, Count n) {
  return value * RealNumber(Rational(n.word()));
}
inline RealNumber divided(const RealNumber& value, Count n) {
  return value / RealNumber(Rational(n.word()));
}

}  // namespace lemmacheck
