/// Numbers as other tools print them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "numeric/rational.hpp"

namespace lemmacheck {

/// A number, and half a unit of its last printed digit: what rounding can have hidden.
struct PrintedNumber {
  Rational value;
  Rational half_unit;  ///< 0 of a fraction or a whole number
};

/// Reads "1/3", "2", "0.25" (exactly 1/4) and "1.5e-07". @throws InvalidInput for anything else.
PrintedNumber read_printed(std::string_view text);

/// The fraction with a denominator of at most `largest` that is nearest to a number; the one with the smaller
/// denominator of two as near.
Rational nearest_fraction(const Rational& value, std::uint64_t largest);

}  // namespace lemmacheck
