/// The simulation lemma's bound as printed, and the sharp one.
#pragma once

#include "mdp/indices.hpp"
#include "numeric/interval.hpp"
#include "numeric/rational.hpp"

namespace lemmacheck {

/// H (H - 1) / 2 * epsilon, eq. (15.1); epsilon = max over (s, a) of the L1 distance, rewards in [0, 1].
template <class N>
N simulation_bound(const N& l1, Step horizon) {
  const auto h = static_cast<std::uint64_t>(horizon);
  return scaled(l1, h * (h - 1) / 2);
}

/// B(d, H) = sum_{k=0}^{H-1} (1 - (1 - d)^k) = H - (1 - (1 - d)^H) / d: the largest |J - J'| of one policy
/// in two models whose rows differ by at most d in total variation, rewards in [0, 1].
///
/// Why: run both models coupled; a step keeps them together with probability >= 1 - d, so at step k + 1 they
/// differ with probability <= 1 - (1 - d)^k, and then a reward differs by at most 1.
/// Attained for every d and H by two states: one pays 1 and leaks with probability d to one that pays 0.
template <class N>
N sharp_simulation_bound(const N& total_variation, Step horizon) {
  if constexpr (std::same_as<N, Rational>) {  // the closed form: a power, not H of them
    if (total_variation.sign() == 0) return N(0);
    return N(horizon) -
           (N(1) - pow(N(1) - total_variation, static_cast<unsigned>(horizon))) / total_variation;
  }
  const N keep = N(1) - total_variation;
  N together(1), sum{};
  for (Step k = 0; k < horizon; ++k) {
    sum += N(1) - together;
    together *= keep;
  }
  return sum;
}

}  // namespace lemmacheck
