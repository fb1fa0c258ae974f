/// Recurrent models as instances: all their tables are named numbers.
#pragma once

#include "generate/instance.hpp"
#include "latent/recurrent_model.hpp"

namespace lemmacheck {

/// A recurrent model, an episode and a policy. Numbers: "sizes" (R, Z, X, A), "sequence", "encoder",
/// "dynamics", "decoder", "rewards", "continues" as in RecurrentModel, row by row; "observations" and
/// "episode_actions"; "policy", an action for each (h, z). The horizon is the number of imagined steps.
/// @param one_step  the episode is a single observation.
Domain recurrent_worlds(bool one_step = false);

/// The parts of such an instance. @throws InvalidInput where the numbers do not make them.
RecurrentModel recurrent_model_of(const Instance& instance);
Episode episode_of(const Instance& instance);
std::vector<std::uint32_t> imagined_policy_of(const Instance& instance);

}  // namespace lemmacheck
