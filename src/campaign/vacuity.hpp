/// Whether the instances that a claim is checked on could refute it.
#pragma once

#include <cstdint>

#include "campaign/run.hpp"

namespace lemmacheck {

/// Of some drawn instances of an inequality, each counted once: what its points let a check find. An instance
/// is informative where, at some point, the left side is above 0 and the right side below the largest left
/// side seen at its horizon: a right side that no instance of that horizon reaches cannot be refuted.
/// (Statistics in floating point; no verdict depends on them.)
struct Vacuity {
  std::uint64_t sampled = 0;   ///< drawn
  std::uint64_t met = 0;       ///< met the assumptions, and have a point
  std::uint64_t compared = 0;  ///< of those, compare by <= or <
  std::uint64_t informative = 0;
  std::uint64_t no_left = 0;       ///< no left side is above 0
  std::uint64_t infinite = 0;      ///< else: every right side is infinite
  std::uint64_t out_of_reach = 0;  ///< else: every right side is beyond all left sides

  /// Share of the compared instances. 0 where there are none.
  double share() const;
  /// Fewer than a fifth of them could refute it.
  bool is_weak() const { return compared > 0 && 5 * informative < compared; }
};

/// Looks at up to `most` of the run's instances.
Vacuity vacuity_of(const Claim& claim, const Run& run, std::uint64_t most = 400);

}  // namespace lemmacheck
