/// Outward-rounded interval arithmetic on doubles: the filter in front of exact arithmetic.
#pragma once

#include <cfenv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "numeric/count.hpp"
#include "numeric/error.hpp"
#include "numeric/rational.hpp"
#include "numeric/truth.hpp"

#if defined(__FAST_MATH__)
#error "lemmacheck's enclosures need IEEE arithmetic: build without -ffast-math"
#endif

namespace lemmacheck {

/// Rounds upward while it lives. Every operation on Interval happens inside such a scope; results are
/// enclosures only there. Open it outside the function that computes, so that no compiler moves an
/// operation across the change of mode (the build also sets -frounding-math).
class RoundUpward {
 public:
  RoundUpward() : previous_(std::fegetround()) { LEMMACHECK_INVARIANT(std::fesetround(FE_UPWARD) == 0); }
  ~RoundUpward() { std::fesetround(previous_); }
  RoundUpward(const RoundUpward&) = delete;
  RoundUpward& operator=(const RoundUpward&) = delete;

 private:
  int previous_;
};

/// A closed interval of reals that contains the exact result of the operations that made it.
///
/// Kept as the pair (-lower, upper): with one rounding mode, upward, both ends round outward, and an
/// addition, a subtraction or the product of non-negative intervals is one two-lane instruction. A NaN,
/// which only infinite ends can make, makes every comparison `unknown`, which is the safe answer.
class Interval {
 public:
  Interval() : ends_{0.0, 0.0} {}
  Interval(std::integral auto value) : Interval(exactly(value)) {}
  static Interval between(double lower, double upper) { return Interval(Ends{-lower, upper}); }
  static Interval from(const Rational& value) {
    const Rational::Enclosure e = value.enclose();
    return between(e.lower, e.upper);
  }
  /// Encloses numerator / denominator; both below 2^53 in size, the denominator positive.
  static Interval ratio(std::int64_t numerator, std::uint64_t denominator) {
    const double n = static_cast<double>(numerator);
    return divided(between(n, n), denominator);
  }

  double lower() const { return -ends_[0]; }
  double upper() const { return ends_[1]; }

  Interval& operator+=(const Interval& b) {
    ends_ += b.ends_;
    return *this;
  }
  Interval& operator-=(const Interval& b) { return *this += -b; }
  Interval& operator*=(const Interval& b) { return *this = *this * b; }
  Interval operator-() const { return Interval(Ends{ends_[1], ends_[0]}); }

  friend Interval operator+(Interval a, const Interval& b) { return a += b; }
  friend Interval operator-(Interval a, const Interval& b) { return a -= b; }
  friend Interval operator*(const Interval& a, const Interval& b) {
    if (a.ends_[0] <= 0 && b.ends_[0] <= 0) return Interval(a.ends_ * Ends{-b.ends_[0], b.ends_[1]});
    return general_product(a, b);
  }
  friend Interval operator/(const Interval& a, const Interval& b);

  friend Interval scaled(const Interval& value, Count n) {
    return Interval(value.ends_ * Ends{n.exact_double(), n.exact_double()});
  }
  /// `value * n`; n < 2^53, hence exact as a double.
  friend Interval scaled(const Interval& value, std::uint64_t n) {
    const double factor = static_cast<double>(n);
    return Interval(value.ends_ * Ends{factor, factor});
  }
  /// `value / n`; 0 < n < 2^53.
  friend Interval divided(const Interval& value, std::uint64_t n) {
    const double divisor = static_cast<double>(n);
    return Interval(value.ends_ / Ends{divisor, divisor});
  }

  /// term(first) + ... + term(last - 1). The sum stays in a register, where `operator+=` on an object does not (GCC 12
  /// keeps that on the stack, at three times the cost): this is the loop that the filter spends its time in.
  template <class Term>
  static Interval sum(std::size_t first, std::size_t last, Term&& term) {
    // Two running sums: an addition need not wait for the one before it.
    Ends even{0.0, 0.0}, odd{0.0, 0.0};
    std::size_t i = first;
    for (; i + 1 < last; i += 2) {
      even += term(i).ends_;
      odd += term(i + 1).ends_;
    }
    if (i < last) even += term(i).ends_;
    return Interval(even + odd);
  }

  friend Truth is_at_most(const Interval& a, const Interval& b) {
    if (a.upper() <= b.lower()) return Truth::yes;
    return a.lower() > b.upper() ? Truth::no : Truth::unknown;
  }
  friend Truth is_equal(const Interval& a, const Interval& b) {
    if (a.lower() > b.upper() || a.upper() < b.lower()) return Truth::no;
    const bool one_point = a.lower() == a.upper() && b.lower() == b.upper() && a.lower() == b.lower();
    return one_point ? Truth::yes : Truth::unknown;
  }
  friend Interval abs(const Interval& a) {
    if (a.lower() >= 0) return a;
    if (a.upper() <= 0) return -a;
    return between(0.0, larger(-a.lower(), a.upper()));
  }
  friend Interval max(const Interval& a, const Interval& b) {
    return between(larger(a.lower(), b.lower()), larger(a.upper(), b.upper()));
  }
  friend Interval min(const Interval& a, const Interval& b) { return -max(-a, -b); }

 private:
  using Ends = double __attribute__((vector_size(16)));
  explicit Interval(Ends ends) : ends_(ends) {}
  /// The larger of two, or NaN if either is.
  static double larger(double a, double b) { return a >= b || std::isnan(a) ? a : b; }
  static Interval exactly(std::integral auto value) {
    const double rounded = static_cast<double>(value);
    return std::fabs(rounded) < 0x1p53 ? between(rounded, rounded) : from(Rational(value));
  }
  static Interval general_product(const Interval& a, const Interval& b);

  Ends ends_;
};

Interval pow(const Interval& base, unsigned exponent);

inline Truth is_at_most(const Rational& a, const Rational& b) { return a <= b ? Truth::yes : Truth::no; }
inline Truth is_equal(const Rational& a, const Rational& b) { return a == b ? Truth::yes : Truth::no; }

}  // namespace lemmacheck
