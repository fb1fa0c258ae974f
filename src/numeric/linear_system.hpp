/// Exact solutions of square linear systems.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "numeric/rational.hpp"

namespace lemmacheck {

/// A x = b, row by row; what a row does not list is 0, and what it lists twice is added.
struct LinearSystem {
  struct Row {
    std::vector<std::pair<std::uint32_t, Rational>> entries;  ///< column and coefficient
    Rational right;
  };
  std::vector<Row> rows;
};

/// The one solution; nothing where there is none or many. Unknowns that depend on each other are solved
/// together, part after part, by FLINT: elimination without fractions for few, p-adic lifting (Dixon, 1982)
/// for many. A part of n unknowns takes n^2 numbers of memory.
/// @throws InvalidInput for a part of more than 3000 unknowns.
std::optional<std::vector<Rational>> solution(const LinearSystem& system);

}  // namespace lemmacheck
