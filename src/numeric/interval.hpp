/// Outward-rounded interval arithmetic on doubles: the filter in front of exact arithmetic.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "numeric/count.hpp"
#include "numeric/error.hpp"
#include "numeric/rational.hpp"
#include "numeric/rounding.hpp"
#include "numeric/truth.hpp"

#if defined(__FAST_MATH__)
#error "lemmacheck's enclosures need IEEE arithmetic: build without -ffast-math"
#endif

namespace lemmacheck {

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

  Interval& operator+=(Interval b) {
    ends_ += b.ends_;
    return *this;
  }
  Interval& operator-=(Interval b) { return *this += -b; }
  Interval& operator*=(Interval b) { return *this = *this * b; }
  Interval operator-() const { return Interval(Ends{ends_[1], ends_[0]}); }

  friend Interval operator+(Interval a, Interval b) { return a += b; }
  friend Interval operator-(Interval a, Interval b) { return a -= b; }
  friend Interval operator*(Interval a, Interval b) {
    if (a.ends_[0] <= 0 && b.ends_[0] <= 0) return Interval(a.ends_ * Ends{-b.ends_[0], b.ends_[1]});
    return general_product(a, b);
  }
  friend Interval operator/(Interval a, Interval b);

  friend Interval scaled(Interval value, Count n) { return Interval(value.ends_ * both(n)); }
  /// `value * n`; n < 2^53, hence exact as a double.
  friend Interval scaled(Interval value, std::uint64_t n) {
    const double factor = static_cast<double>(n);
    return Interval(value.ends_ * Ends{factor, factor});
  }
  friend Interval divided(Interval value, Count n) { return Interval(value.ends_ / both(n)); }
  /// `value / n`; 0 < n < 2^53.
  friend Interval divided(Interval value, std::uint64_t n) {
    const double divisor = static_cast<double>(n);
    return Interval(value.ends_ / Ends{divisor, divisor});
  }

  /// term(first) + ... + term(last - 1). The sum stays in a register, where `operator+=` on an object does
  /// not (GCC 12 keeps that on the stack, at three times the cost).
  template <class Term>
  static Interval sum(std::size_t first, std::size_t last, Term&& term) {
    Ends total{0.0, 0.0};
    for (std::size_t i = first; i != last; ++i) total += term(i).ends_;
    return Interval(total);
  }
  /// counts[0] values[0] + ... + counts[n - 1] values[n - 1]: the loop that the filter spends its time in.
  static Interval dot(const Count* counts, const Interval* values, std::size_t n) {
    // Two running sums: an addition need not wait for the one before it.
    Ends even{0.0, 0.0}, odd{0.0, 0.0};
    std::size_t i = 0;
    for (; i + 1 < n; i += 2) {
      even += values[i].ends_ * both(counts[i]);
      odd += values[i + 1].ends_ * both(counts[i + 1]);
    }
    if (i < n) even += values[i].ends_ * both(counts[i]);
    return Interval(even + odd);
  }

  friend Truth is_at_most(Interval a, Interval b) {
    if (a.upper() <= b.lower()) return Truth::yes;
    return a.lower() > b.upper() ? Truth::no : Truth::unknown;
  }
  friend Truth is_equal(Interval a, Interval b) {
    if (a.lower() > b.upper() || a.upper() < b.lower()) return Truth::no;
    const bool one_point = a.lower() == a.upper() && b.lower() == b.upper() && a.lower() == b.lower();
    return one_point ? Truth::yes : Truth::unknown;
  }
  friend Interval abs(Interval a) {
    if (a.lower() >= 0) return a;
    if (a.upper() <= 0) return -a;
    return between(0.0, larger(-a.lower(), a.upper()));
  }
  friend Interval max(Interval a, Interval b) {
    return between(larger(a.lower(), b.lower()), larger(a.upper(), b.upper()));
  }
  friend Interval min(Interval a, Interval b) { return -max(-a, -b); }

 private:
  using Ends = double __attribute__((vector_size(16)));
  explicit Interval(Ends ends) : ends_(ends) {}
  static Ends both(Count n) { return Ends{n.exact_double(), n.exact_double()}; }
  /// The larger of two, or NaN if either is.
  static double larger(double a, double b) { return a >= b || std::isnan(a) ? a : b; }
  static Interval exactly(std::integral auto value) {
    const double rounded = static_cast<double>(value);
    return std::fabs(rounded) < 0x1p53 ? between(rounded, rounded) : from(Rational(value));
  }
  static Interval general_product(Interval a, Interval b);

  Ends ends_;
};

Interval pow(Interval base, unsigned exponent);
/// The natural logarithm of an interval above 0, and e^x: series in Interval arithmetic with a bound of what
/// they leave out, so that nothing depends on what a mathematics library promises. An end that is out of
/// reach (infinite, below the normal numbers, an exponent beyond 700) gives NaN: nothing is known.
Interval log(Interval x);
Interval exp(Interval x);

inline Truth is_at_most(const Rational& a, const Rational& b) {
  return a <= b ? Truth::yes : Truth::no;
}
inline Truth is_equal(const Rational& a, const Rational& b) {
  return a == b ? Truth::yes : Truth::no;
}

}  // namespace lemmacheck
