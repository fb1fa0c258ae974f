/// Targeted search: climbs from a good instance to a better one by changing choices.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "campaign/run.hpp"

namespace lemmacheck {

struct Climbed {
  Rational tightness;  ///< the best reached
  bool violated = false;
  std::vector<Instance> instances;  ///< the instance that reached it; or every violation found, one a climb
};

/// Starts at the run's tightest instance, and at the tightest of the other niches, and changes their choice
/// sequences, keeping what is at least as tight. Several climbs with random streams of their own run side by
/// side; the result does not depend on threads.
/// @param summary  of the run; it has a tightest instance.
/// @returns what was found, if it beats the start; a climb stops at a violation.
std::optional<Climbed> climb(const Claim& claim, const Setting& setting, const Run& run,
                             const Summary& summary);

/// From the tightest instance, and from each other niche's; those of one niche evaluate together at most as
/// many instances as the run did.
inline constexpr std::uint64_t climbs = 8, climbs_elsewhere = 4, most_steps = 1500;

}  // namespace lemmacheck
