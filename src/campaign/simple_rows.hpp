/// The simplest numbers and distributions, which shrinking tries first.
#pragma once

#include <vector>

#include "numeric/rational.hpp"

namespace lemmacheck {

/// Fractions strictly between 0 and 1 with denominators up to 10: by denominator, then by size.
const std::vector<Rational>& simple_fractions();

/// A distribution over `size` outcomes that is sure of one.
std::vector<Rational> point_row(std::size_t size, std::size_t at);

}  // namespace lemmacheck
