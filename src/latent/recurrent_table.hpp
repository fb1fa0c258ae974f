/// Which encoder of a recurrent model each objective prefers in a partially observed world.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "latent/observed_world.hpp"

namespace lemmacheck {

struct ObservedProblem {
  ObservedWorld world;
  MarkovPolicy behaviour;  ///< stationary, of states
  Step horizon;
  std::uint32_t codes;
  Memory memory;
  Rational free_bits;  ///< nats of KL a step that cost nothing, where an objective has them
  Rational kl_weight;  ///< of KL in the encoder's steps, where an objective balances it
};

/// A turn that is announced, as small as it gets: a sign says left (chance 1/3) or right and is not seen
/// again; from then on one sees leaves in the wind (even odds). Steering right takes the car to the right
/// lane, steering left leaves it there with chance 1/4. Steering as the sign said pays 1 at every step after
/// the first. 10 states, 4 observations; uniform behaviour, H = 3, two codes, h the last code and action, 1
/// nat of free bits, KL balanced at 1/10.
ObservedProblem announced_turn();

/// A deterministic encoder: the code of each (x, h) that episodes can show, in the order of `seen_pairs`.
struct SeenPair {
  std::uint32_t observation, recurrent;
};
/// Those that some encoder comes across, by observation, then recurrent state.
std::vector<SeenPair> seen_pairs(const ObservedProblem& problem);

struct RecurrentRow {
  std::string objective;
  LogForm loss;                      ///< the least over all deterministic encoders, summed over steps
  std::vector<std::uint32_t> codes;  ///< of the seen pairs, by the first encoder that attains it
  std::size_t ties = 0;              ///< how many attain it, codes by name
  std::vector<LogForm> kept;         ///< I((h, z); factor), nats
  std::vector<LogForm> losses;       ///< of this objective, at the encoder of each row
  /// The best that a stationary policy of (h, z) earns; none where there are more than 2^16 such policies.
  std::optional<Rational> value;
  Rational planned_value;  ///< what the plan made in the fitted model's imagination earns
};

/// Objectives, each with the best heads for the encoder: reconstruction; KL; KL + reward + continue (no
/// decoder); -ELBO (reconstruction + KL); Dreamer's (with reward and continue heads), the same with KL
/// balanced (the weight that the encoder's steps give it) and with free bits; inverse dynamics; value lost by
/// planning in imagination. Rewards in squared error, all else in nats.
/// @throws InvalidInput where there are more than 2^16 encoders.
std::vector<RecurrentRow> recurrent_table(const ObservedProblem& problem);

/// A stochastic encoder by expectation maximisation on all episodes under uniform actions: rounds of exact
/// EM, tables rounded to a grid in between, and rigorous bounds.
struct StochasticFit {
  std::size_t rounds = 0;
  LogForm entropy;   ///< of the data: no model's -log p is below
  LogForm surprise;  ///< E -log p(x | a) of the best model found
  LogForm bound;     ///< its -ELBO with the encoder fitted to the posterior, above `surprise`
};
/// @param grid  tables are multiples of 1/grid, at least 1/grid everywhere; at least the size of a row.
StochasticFit fitted_by_em(const ObservedProblem& problem, std::size_t rounds, std::uint64_t grid);

}  // namespace lemmacheck
