/// Dense arrays of exact numbers, whatever file they come from.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "numeric/rational.hpp"

namespace lemmacheck {

/// A dense array, its last axis fastest. A number without axes has the shape {}.
struct NumberArray {
  std::vector<std::size_t> shape;
  std::vector<Rational> values;         ///< 0 where infinite or no number
  std::map<std::size_t, int> infinite;  ///< positions of infinities, and their signs
  std::set<std::size_t> nan;            ///< positions of what is no number
  bool exact = true;                    ///< only whole numbers and fractions "p/q", none written as a float
  unsigned float_bits = 0;              ///< of binary floats: 16, 32 or 64

  std::size_t axes() const { return shape.size(); }
  /// Product of the first `axes` sizes.
  std::size_t outer(std::size_t axes) const;
};

/// "[2][0]": a position of an array with these axes.
std::string index_text(const std::vector<std::size_t>& shape, std::size_t position);

}  // namespace lemmacheck
