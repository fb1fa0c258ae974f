/// The recurrent state-space model of Figure 15.4 with finite sets and rational tables: a readable reference.
#pragma once

#include <string>
#include <vector>

#include "mdp/finite_mdp.hpp"
#include "numeric/log_form.hpp"

namespace lemmacheck {

/// h_t = f(h_{t-1}, z_{t-1}, a_{t-1}) comes first, then z_t ~ q(. | x_t, h_t) or, imagined, z_t ~ p(. | h_t):
/// f runs before the encoder, though a table may list it after. h_1 is recurrent state 0.
struct RecurrentModel {
  std::uint32_t recurrent, codes, observations, actions;
  std::vector<std::uint32_t> next;  ///< f(h, z, a) at (h Z + z) A + a
  StochasticMatrix encoder;         ///< q(z | x, h), rows x R + h
  StochasticMatrix dynamics;        ///< p(z | h), rows h
  StochasticMatrix decoder;         ///< p(x | h, z), rows h Z + z
  std::vector<Rational> rewards;    ///< r(h, z) at h Z + z
  std::vector<Rational> continues;  ///< the chance to go on after (h, z), at h Z + z; in [0, 1]

  /// @throws InvalidInput that names the table, the fault and what would be right.
  void validate() const;
  std::uint32_t step(std::uint32_t h, std::uint32_t z, std::uint32_t a) const {
    return next[(std::size_t{h} * codes + z) * actions + a];
  }
  std::size_t pair(std::uint32_t h, std::uint32_t z) const { return std::size_t{h} * codes + z; }
};

/// x_1, ..., x_n and a_1, ..., a_{n-1}.
struct Episode {
  std::vector<std::uint32_t> observations, actions;
};

/// p(h_t, z_t | x_1, ..., x_t, a_1, ..., a_{t-1}) at the episode's end, R Z numbers that sum to 1, by exact
/// filtering. Empty where the observations have probability 0: then there is no belief.
std::vector<Rational> filtered_belief(const RecurrentModel& model, const Episode& episode);

/// p(x_1, ..., x_n | a_1, ..., a_{n-1}) by the forward recursion.
Rational likelihood(const RecurrentModel& model, const Episode& episode);

/// -ELBO = sum_t E_q[-log p(x_t | h_t, z_t)] + E_q KL(q(. | x_t, h_t) || p(. | h_t)), by a recursion over (h,
/// z); in nats. Infinite where the encoder gives mass to what the model excludes (log 0).
/// @param with_dynamics  false leaves -log p(z | h) out, which makes it no bound.
LogForm negative_elbo(const RecurrentModel& model, const Episode& episode, bool with_dynamics = true);

/// KL(q(z_1..n | x, a) || p(z_1..n | x, a)) over all code sequences, one by one. The likelihood must not be
/// 0.
LogForm posterior_gap(const RecurrentModel& model, const Episode& episode);

/// The MDP that imagination walks in: states (h, z) at h Z + z and an end that pays nothing, reached with
/// probability 1 - c(h, z); the start is (0, z), z ~ p(. | 0).
FiniteMdp imagined_mdp(const RecurrentModel& model);

/// The value of imagined roll-outs over a horizon, all of them one by one, for a deterministic policy: an
/// action for each (h, z).
Rational imagined_return(const RecurrentModel& model, const std::vector<std::uint32_t>& policy, Step horizon);

}  // namespace lemmacheck
