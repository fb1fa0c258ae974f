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

/// Starts at instance `start` of the run's seed and changes its choice sequence, keeping what is at least as
/// tight. Several climbs with random streams of their own run side by side; the result does not depend on
/// threads.
/// @returns what was found, if it beats the start; a climb stops at a violation.
std::optional<Climbed> climb(const Claim& claim, const Setting& setting, const Run& run,
                             const Summary::Record& start);

/// Together the climbs evaluate at most as many instances as the run did.
inline constexpr std::uint64_t climbs = 8, most_steps = 1500;

}  // namespace lemmacheck
