/// Small worlds with a behaviour policy: what the compiled claims of section 15.4 quantify over.
#pragma once

#include "generate/domains.hpp"
#include "latent/encoding.hpp"
#include "latent/observed_world.hpp"

namespace lemmacheck {

/// A world and a stationary behaviour policy. At most 4 states where the world is drawn, 8 where it is given.
Domain behaved_worlds();

/// A world and a behaviour policy, and numbers: "emission" (S rows over 1 to 3 observations), "codes" (a
/// code, 0 or 1, for each observation and memory of the last code, at x 3 + h), and an episode,
/// "observations" and "episode_actions".
Domain observed_worlds();

/// The parts of such an instance. @throws InvalidInput where the numbers do not make them.
ObservedWorld observed_world_of(const Instance& instance);
std::vector<std::uint32_t> memory_codes_of(const Instance& instance);
Episode observed_episode_of(const Instance& instance);

}  // namespace lemmacheck
