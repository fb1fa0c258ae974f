/// What the number types have in common, where undefined and undecided values are kept apart. Private to the
/// language layer.
#pragma once

#include <cmath>
#include <limits>
#include <span>

#include "numeric/interval.hpp"
#include "numeric/real_number.hpp"
#include "numeric/residue_interval.hpp"

namespace lemmacheck::detail {

/// An interval of which nothing is known: exact arithmetic has to look.
inline Interval unknown_interval() {
  return Interval::between(std::nan(""), std::nan(""));
}
/// Certainly infinite: both ends are.
inline Interval infinite_interval() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return Interval::between(infinity, infinity);
}
inline bool is_unknown(Interval value) {
  return std::isnan(value.lower()) || std::isnan(value.upper());
}
inline bool is_unknown(const ResidueInterval& value) {
  return is_unknown(value.enclosure());
}
/// Types whose values may be unknown; where they are, another type has to look.
template <class N>
inline constexpr bool may_be_unknown = std::is_same_v<N, Interval> || std::is_same_v<N, ResidueInterval>;

/// Whether it is finite, or infinite, for certain: what is neither may be undefined.
inline bool is_defined(Interval value) {
  return std::isfinite(value.lower()) ? std::isfinite(value.upper()) : value.lower() == value.upper();
}
inline bool is_defined(const ResidueInterval& value) {
  return is_defined(value.enclosure());
}
/// Nothing must be concluded from what may be undefined: exact arithmetic has to look.
/// @throws UndefinedValue
template <class N>
const N& require_defined(const N& value) {
  if constexpr (may_be_unknown<N>)
    if (!is_defined(value)) throw UndefinedValue("a number that is not known");
  return value;
}
template <class N>
void require_all_defined([[maybe_unused]] std::span<const N> values) {
  if constexpr (may_be_unknown<N>)
    for (const N& value : values) require_defined(value);
}

/// Operations on N that may be undefined (UndefinedValue), undecided (UndecidedValue) or, for Interval,
/// unknown.
template <class N>
struct Arithmetic;

template <>
struct Arithmetic<Rational> {
  static Rational divide(Rational a, const Rational& b) {
    if (b.sign() == 0) throw UndefinedValue("a division by 0");
    return a /= b;
  }
  static Rational root(const Rational& a) {
    if (a.sign() < 0) throw UndefinedValue("the root of a negative number");
    const auto root = rational_sqrt(a);
    if (!root) throw InternalError("an irrational root among rationals");
    return *root;
  }
  static Rational logarithm(const Rational&) { throw InternalError("a logarithm among rationals"); }
  static Rational exponential(const Rational&) { throw InternalError("an exponential among rationals"); }
  static Rational absolute(const Rational& a) { return abs(a); }
  static Rational larger(const Rational& a, const Rational& b) { return max(a, b); }
  static Rational smaller(const Rational& a, const Rational& b) { return min(a, b); }
  static bool is_zero(const Rational& a) { return a.sign() == 0; }
  static bool is_finite(const Rational&) { return true; }
  static Rational of_truth(Truth truth) { return Rational(truth == Truth::yes ? 1 : 0); }
  static Rational not_known() { throw InternalError("an undecided choice among rationals"); }
  static Truth is_less(const Rational& a, const Rational& b) { return a < b ? Truth::yes : Truth::no; }
};

template <>
struct Arithmetic<Interval> {
  static Interval divide(Interval a, Interval b) {
    if (!(b.lower() > 0) && !(b.upper() < 0)) return unknown_interval();
    return a / b;
  }
  static Interval root(Interval a) {
    if (!(a.lower() >= 0)) return unknown_interval();
    // Rounded upward by the mode; the lower end gives way by one step.
    const double lower = std::sqrt(a.lower()), upper = std::sqrt(a.upper());
    const bool rounded = lower > 0 && std::isfinite(lower);
    return Interval::between(rounded ? std::nextafter(lower, 0.0) : lower, upper);
  }
  static Interval logarithm(Interval a) { return log(a); }
  static Interval exponential(Interval a) { return exp(a); }
  static Interval absolute(Interval a) { return is_unknown(a) ? a : abs(a); }
  static Interval larger(Interval a, Interval b) { return is_unknown(a) ? a : is_unknown(b) ? b : max(a, b); }
  static Interval smaller(Interval a, Interval b) {
    return is_unknown(a) ? a : is_unknown(b) ? b : min(a, b);
  }
  static bool is_zero(Interval a) { return a.lower() == 0 && a.upper() == 0; }
  /// For certain; what is not known is not.
  static bool is_finite(Interval a) { return std::isfinite(a.lower()) && std::isfinite(a.upper()); }
  static Interval of_truth(Truth truth) {
    return truth == Truth::yes ? Interval(1) : truth == Truth::no ? Interval(0) : Interval::between(0, 1);
  }
  static Interval not_known() { return unknown_interval(); }
  static Truth is_less(Interval a, Interval b) { return negated(is_at_most(b, a)); }
};

template <>
struct Arithmetic<ResidueInterval> {
  using Enclosed = Arithmetic<Interval>;
  static ResidueInterval divide(const ResidueInterval& a, const ResidueInterval& b) {
    return is_unknown(Enclosed::divide(Interval(1), b.enclosure())) ? not_known() : a / b;
  }
  static ResidueInterval root(const ResidueInterval& a) {
    return ResidueInterval(Enclosed::root(a.enclosure()));
  }
  static ResidueInterval logarithm(const ResidueInterval&) { return not_known(); }
  static ResidueInterval exponential(const ResidueInterval&) { return not_known(); }
  static ResidueInterval absolute(const ResidueInterval& a) { return is_unknown(a) ? a : abs(a); }
  static ResidueInterval larger(const ResidueInterval& a, const ResidueInterval& b) {
    return is_unknown(a) ? a : is_unknown(b) ? b : max(a, b);
  }
  static ResidueInterval smaller(const ResidueInterval& a, const ResidueInterval& b) {
    return is_unknown(a) ? a : is_unknown(b) ? b : min(a, b);
  }
  static bool is_zero(const ResidueInterval& a) { return a.sign() == 0; }
  static bool is_finite(const ResidueInterval& a) { return Enclosed::is_finite(a.enclosure()); }
  static ResidueInterval of_truth(Truth truth) {
    return truth == Truth::unknown ? ResidueInterval(Interval::between(0, 1))
                                   : ResidueInterval(truth == Truth::yes ? 1 : 0);
  }
  static ResidueInterval not_known() { return ResidueInterval(unknown_interval()); }
  static Truth is_less(const ResidueInterval& a, const ResidueInterval& b) {
    return negated(is_at_most(b, a));
  }
};

template <>
struct Arithmetic<RealNumber> {
  static RealNumber divide(RealNumber a, const RealNumber& b) { return std::move(a /= b); }
  static RealNumber root(const RealNumber& a) { return sqrt(a); }
  static RealNumber logarithm(const RealNumber& a) { return log(a); }
  static RealNumber exponential(const RealNumber& a) { return exp(a); }
  static RealNumber absolute(const RealNumber& a) { return abs(a); }
  static RealNumber larger(const RealNumber& a, const RealNumber& b) { return max(a, b); }
  static RealNumber smaller(const RealNumber& a, const RealNumber& b) { return min(a, b); }
  static bool is_finite(const RealNumber& a) { return !a.is_infinite(); }
  static bool is_zero(const RealNumber& a) { return is_equal(a, RealNumber(0)) == Truth::yes; }
  static RealNumber of_truth(Truth truth) {
    if (truth == Truth::unknown) throw UndecidedValue("a condition");
    return RealNumber(truth == Truth::yes ? 1 : 0);
  }
  static RealNumber not_known() { throw UndecidedValue("a choice"); }
  static Truth is_less(const RealNumber& a, const RealNumber& b) { return negated(is_at_most(b, a)); }
};

/// x^n for an integer n; 0^0 = 1.
template <class N>
N integer_power(const N& base, std::int64_t exponent) {
  using A = Arithmetic<N>;
  constexpr std::int64_t most = 1'000'000;
  if (exponent < -most || exponent > most)
    throw InvalidInput("the exponent " + std::to_string(exponent) + " is too large; give smaller ranges");
  if (exponent < 0) return A::divide(N(1), integer_power(base, -exponent));
  N result(1), square = base;
  for (auto n = static_cast<std::uint64_t>(exponent); n > 0; n >>= 1U) {
    if ((n & 1U) != 0) result *= square;
    if (n > 1) square *= square;
  }
  return result;
}

}  // namespace lemmacheck::detail
