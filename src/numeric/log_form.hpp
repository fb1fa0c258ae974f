/// Exact sums of rational multiples of logarithms.
#pragma once

#include <compare>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "numeric/rational.hpp"
#include "numeric/truth.hpp"

namespace lemmacheck {

namespace detail {
/// coefficient * log(argument); the coefficient is not 0 and the argument is above 1.
struct LogTerm {
  Rational argument, coefficient;
};
}  // namespace detail

/// A real number q0 + q1 log(n1) + ... + qk log(nk), natural logarithms of natural numbers above 1 with
/// rational coefficients, or +infinity: what divergences, entropies, log losses and evidence bounds are.
///
/// No operation rounds and no comparison is ever undecided. Logarithms of pairwise coprime numbers are
/// linearly independent over the rationals (unique factorisation), also together with 1 (Lindemann), so a
/// form over such numbers is 0 only where all its coefficients are. What is not 0 has its sign found by
/// enclosing it ever more tightly.
///
/// Infinity follows measure theory: infinity plus a number is infinity, and 0 * infinity is 0.
/// infinity - infinity and everything that would be -infinity are faults of the caller.
/// @throws InternalError then.
class LogForm {
 public:
  LogForm() = default;
  LogForm(Rational value) : rational_(std::move(value)) {}
  template <std::integral T>
  LogForm(T value) : rational_(value) {}
  template <std::floating_point T>
  LogForm(T) = delete;

  /// The natural logarithm. @throws InvalidInput unless the argument is positive.
  static LogForm log(const Rational& argument);
  static LogForm infinity();

  LogForm& operator+=(const LogForm& other);
  LogForm& operator-=(const LogForm& other) { return *this += -other; }
  LogForm& operator*=(const Rational& factor);
  LogForm operator-() const { return *this * Rational(-1); }

  friend LogForm operator+(LogForm a, const LogForm& b) { return std::move(a += b); }
  friend LogForm operator-(LogForm a, const LogForm& b) { return std::move(a -= b); }
  friend LogForm operator*(LogForm a, const Rational& b) { return std::move(a *= b); }
  friend LogForm operator*(const Rational& a, LogForm b) { return std::move(b *= a); }
  friend bool operator==(const LogForm& a, const LogForm& b) { return equal(a, b); }
  friend std::strong_ordering operator<=>(const LogForm& a, const LogForm& b) { return compare(a, b) <=> 0; }

  bool is_infinite() const { return infinite_; }
  /// The number where it is written without logarithms; or nullptr.
  const Rational* plain() const { return infinite_ || !terms_.empty() ? nullptr : &rational_; }
  /// Whether the number is rational, however it is written: log(4) - 2 log(2) is.
  bool is_rational() const;
  /// The number, which is rational.
  Rational rational() const;
  /// -1, 0 or 1. Exact: see above.
  int sign() const;

  /// The best rational bounds of `bits` significant bits: a number which is no such binary fraction itself
  /// lies strictly between two neighbouring ones. They depend on the value alone, not on how it came about.
  struct Enclosure {
    Rational lower, upper;
  };
  Enclosure enclose(unsigned bits) const;
  /// For people to read, never for a verdict.
  double approximate() const;

  /// Such as "1/2 + 3/4*log(3) - log(5)", "-log(2)", "7/3" or "infinity": the rational part, unless it is 0
  /// beside logarithms, then the logarithms by growing base. The bases are pairwise coprime, and prime where
  /// they are below 1024^2; a value with larger ones may have several such texts.
  std::string to_string() const;

  /// Reads sums and differences of such terms, in any order, with spaces between them or not; a base is any
  /// natural number from 2. A coefficient, "p" or "p/q" in digits, has no sign of its own.
  /// @throws InvalidInput that says what is wrong, for anything else, and for numbers of more than
  /// `Rational::max_digits` digits.
  static LogForm parse(std::string_view text);

  /// numerator / denominator where that is rational; otherwise the largest multiple of 2^-40 below it. For
  /// numerator >= 0 and denominator > 0; where the denominator is infinite, 0; the numerator is finite
  /// where the denominator is.
  friend Rational lower_bound_of_ratio(const LogForm& numerator, const LogForm& denominator);

 private:
  using Terms = std::vector<detail::LogTerm>;
  static bool equal(const LogForm& a, const LogForm& b);
  static int compare(const LogForm& a, const LogForm& b);
  bool is_zero() const;

  bool infinite_ = false;  ///< then the rest is 0
  Rational rational_;
  Terms terms_;  ///< by growing argument, each once; not yet independent of one another
};

Rational lower_bound_of_ratio(const LogForm& numerator, const LogForm& denominator);

inline LogForm abs(const LogForm& value) {
  return value.sign() < 0 ? -value : value;
}
inline LogForm max(const LogForm& a, const LogForm& b) {
  return a < b ? b : a;
}
inline LogForm min(const LogForm& a, const LogForm& b) {
  return b < a ? b : a;
}

inline Truth is_at_most(const LogForm& a, const LogForm& b) {
  return a <= b ? Truth::yes : Truth::no;
}
inline Truth is_equal(const LogForm& a, const LogForm& b) {
  return a == b ? Truth::yes : Truth::no;
}

}  // namespace lemmacheck
