/// All sequences of codes of an episode, the slow way.
#pragma once

#include <vector>

#include "latent/recurrent_model.hpp"

namespace lemmacheck::testing {

/// A sequence of codes, its recurrent states, and its probability with the observations under the model.
struct Path {
  std::vector<std::uint32_t> codes, recurrent;
  Rational joint, encoded;
};

/// All sequences of codes, counted in base Z: no recursion, unlike the code under test.
inline std::vector<Path> all_paths(const RecurrentModel& model, const Episode& episode) {
  const std::size_t n = episode.observations.size();
  std::size_t count = 1;
  for (std::size_t t = 0; t < n; ++t) count *= model.codes;
  std::vector<Path> paths;
  for (std::size_t number = 0; number < count; ++number) {
    Path path{{}, {0}, 1, 1};
    std::size_t rest = number;
    for (std::size_t t = 0; t < n; ++t, rest /= model.codes) {
      const auto z = static_cast<std::uint32_t>(rest % model.codes);
      const std::uint32_t h = path.recurrent.back(), x = episode.observations[t];
      path.codes.push_back(z);
      path.joint *= model.dynamics.probability(h, z) * model.decoder.probability(h * model.codes + z, x);
      path.encoded *= model.encoder.probability(x * model.recurrent + h, z);
      if (t + 1 < n)
        path.recurrent.push_back(model.next[(h * model.codes + z) * model.actions + episode.actions[t]]);
    }
    paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace lemmacheck::testing
