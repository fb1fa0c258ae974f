/// Small worlds with a behaviour policy and encoders of their states: what the claims of section 15.4
/// quantify over.
#pragma once

#include "generate/domains.hpp"
#include "latent/encoding.hpp"
#include "latent/observed_world.hpp"

namespace lemmacheck {

/// A world, a stationary behaviour policy and numbers "encoder": a code for each state, counted from 0 in the
/// order in which they first occur. At most 4 states where the world is drawn, 8 where it is given.
/// @param action_rewards  rewards depend on the action alone.
Domain encoded_worlds(bool action_rewards = false);

/// The same with an encoder that is a bisimulation: members of a code have equal rewards, and lead to each
/// code with equal probability.
Domain bisimulations();

/// A world and a behaviour policy alone.
Domain behaved_worlds();

/// A world that is a product: numbers "controllable" and "exogenous" give each state's factors, the first of
/// which is moved by the actions, the second by itself.
/// @param ignores  the behaviour policy depends on the controllable factor alone.
Domain factored_worlds(bool ignores);

/// A world in which every state's actions lead to states of their own, one each: one action is told from
/// another by where it leads.
/// @param most_states  at most 5.
Domain told_actions(std::uint32_t most_states);

/// A world and a behaviour policy, and numbers: "emission" (S rows over 1 to 3 observations), "codes" (a
/// code, 0 or 1, for each observation and memory of the last code, at x 3 + h), and an episode,
/// "observations" and "episode_actions".
Domain observed_worlds();

/// The parts of such an instance. @throws InvalidInput where the numbers do not make them.
ObservedWorld observed_world_of(const Instance& instance);
std::vector<std::uint32_t> memory_codes_of(const Instance& instance);
Episode observed_episode_of(const Instance& instance);

/// The instance's encoder, or one of its factors.
Encoder encoder_of(const Instance& instance, const std::string& name = "encoder");

}  // namespace lemmacheck
