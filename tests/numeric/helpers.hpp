/// What the tests of numbers and models share: doubles read exactly, and the messages of errors.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include "numeric/error.hpp"
#include "numeric/interval.hpp"
#include "numeric/rational.hpp"
#include "support/catch.hpp"

/// So that a failed comparison shows the numbers.
template <>
struct Catch::StringMaker<lemmacheck::Rational> {
  static std::string convert(const lemmacheck::Rational& x) {
    const std::string text = x.to_string();
    return text.size() > 200 ? text.substr(0, 200) + "..." : text;
  }
};

namespace lemmacheck::testing {

/// The rational number which a finite double is: its 53-bit mantissa times a power of 2.
inline Rational exactly(double x) {
  int exponent = 0;
  const double mantissa = std::ldexp(std::frexp(x, &exponent), 53);
  const Rational whole(static_cast<std::int64_t>(mantissa));
  const Rational power = pow(Rational(2), static_cast<unsigned>(std::abs(exponent - 53)));
  return exponent < 53 ? whole / power : whole * power;
}

/// Whether lower <= x <= upper, decided in rationals. An end that is NaN says nothing, hence bounds
/// everything.
inline bool encloses(double lower, double upper, const Rational& x) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const bool above = std::isnan(lower) || lower == -infinity || (lower != infinity && exactly(lower) <= x);
  const bool below = std::isnan(upper) || upper == infinity || (upper != -infinity && x <= exactly(upper));
  return above && below;
}
inline bool encloses(const Interval& interval, const Rational& x) {
  return encloses(interval.lower(), interval.upper(), x);
}

/// The message of the InvalidInput that the action throws.
template <class F>
std::string message_of(F&& action) {
  try {
    action();
  } catch (const InvalidInput& e) {
    return e.what();
  }
  return "(nothing was thrown)";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Whether a message fits a terminal: short, and without control characters or raw bytes of the input.
inline bool is_readable(std::string_view message) {
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  return message.size() < 400 && std::all_of(message.begin(), message.end(), printable);
}

}  // namespace lemmacheck::testing
