/// The smallest edits that make a false bound true.
#pragma once

#include <string>
#include <vector>

#include "campaign/try_bound.hpp"

namespace lemmacheck {

struct Edit {
  std::string expression;  ///< the whole, after the edit
  std::string words;       ///< what was changed
};

/// Every expression that differs from a given one in one place: a sign, an index (H for H-1 or H+1), a factor
/// of two or of H, a power, epsilon read as total variation or the other way round. None twice, nor the given
/// one.
/// @throws InvalidInput that shows the place of a mistake.
std::vector<Edit> single_edits(const std::string& expression, Quantity quantity);

struct Repaired {
  std::string words;  ///< the edits
  TriedBound bound;
};

struct Repair {
  TriedBound original;
  std::size_t tried = 0;            ///< how many edited bounds were tried
  int edits = 0;                    ///< how many edits each took: 1, or 2 where no single one helps
  std::vector<Repaired> survivors;  ///< true on everything tried, the tightest first
};

/// Tries the edits on everything that try_bound() tries.
Repair repair_bound(const std::string& expression, Quantity quantity, const Run& run);

}  // namespace lemmacheck
