/// How much of a bound drawn instances need, against one quantity of theirs. For charts: rounded numbers, no
/// verdict.
#pragma once

#include <string>
#include <vector>

#include "campaign/run.hpp"

namespace lemmacheck {

/// Quantiles of tightness over instances whose quantity lies in one part of its range.
struct CurvePoint {
  double at;  ///< H; the middle of a tenth of the discounts; the upper end of a range of distances: 2, 1,
              ///< 1/2, 1/5, ..., 1/1000
  std::uint64_t instances;
  double low, median, high, largest;  ///< 1/10, 1/2 and 9/10 quantiles
  std::optional<double> sharp;        ///< the most that the sharper lemma leaves to any of them
};

struct Curve {
  enum class By { horizon, discount, distance };
  By by;
  std::string of;  ///< what the distance is of: "T, T'"
  std::vector<CurvePoint> points;
};

/// Curves by H or the discount, and by the largest L1 distance of rows of the first two kernels, or policies,
/// over the same sets. @param sharper  a lemma about the same left side, or nullptr.
/// @param most  how many of the run's instances are looked at.
/// @returns none for a relation that is no bound, or a claim that is no text.
std::vector<Curve> tightness_curves(const Claim& claim, const Claim* sharper, const Run& run,
                                    std::uint64_t most = 400);

}  // namespace lemmacheck
