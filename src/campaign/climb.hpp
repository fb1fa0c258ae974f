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
  std::vector<std::uint32_t> choices;  ///< of the instance that reached it
};

/// Starts at the run's tightest witness, and at the tightest of the other niches, and changes their choice
/// sequences, keeping what is at least as tight (and, of a witness, one). Several climbs with random streams
/// of their own run side by side; the result does not depend on threads.
/// @param attempt  from 0: of later attempts the climbs go other ways.
/// @param before  what earlier attempts reached: some climbs go on from there.
/// @returns what was found, if it beats the start; a climb stops at a violation.
std::optional<Climbed> climb(const Claim& claim, const Setting& setting, const Run& run,
                             const Summary& summary, std::uint64_t attempt = 0,
                             const std::optional<Climbed>& before = {});

/// From the tightest instance, and from each other niche's; those of one niche evaluate together at most as
/// many instances as the run did.
inline constexpr std::uint64_t climbs = 8, climbs_elsewhere = 4, most_steps = 1500;
/// How often one climbs where a claim is not what its author expects.
inline constexpr std::uint64_t most_attempts = 8;

}  // namespace lemmacheck
