/// Observation files, version 1 (JSON), as documented in docs/formats.md: what is seen of a model's states.
#pragma once

#include <filesystem>

#include "latent/observed_world.hpp"

namespace lemmacheck {

/// Reads `{"observations": n, "emissions": [[s, x, "p/q"], ...]}` and perhaps "continues" ([[s, "p/q"], ...],
/// 1 if left out) and "factors" ({"name": [a value for each state]}). @throws InvalidInput naming the place,
/// the fault and the remedy.
ObservedWorld read_observed_world(const FiniteMdp& states, const std::filesystem::path& file);

}  // namespace lemmacheck
