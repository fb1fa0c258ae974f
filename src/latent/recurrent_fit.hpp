/// Fitting a recurrent model's tables to episodes, one part at a time, exactly.
#pragma once

#include "latent/recurrent_model.hpp"

namespace lemmacheck {

/// An episode and its weight in the data, above 0.
struct WeightedEpisode {
  Episode episode;
  Rational weight;
};

/// Expected counts over the steps of the data, when codes are drawn in one way or another: all that the parts
/// of a model are fitted to.
struct ExpectedCounts {
  std::vector<Rational> codes;                    ///< (x, h, z) at (x R + h) Z + z
  std::vector<Rational> rewards, reward_squares;  ///< sums of r and r^2 at h Z + z
  std::vector<Rational> continued;                ///< how many of the steps were not the last, at h Z + z
  explicit ExpectedCounts(const RecurrentModel& model);
};

/// Codes drawn by the encoder, z_t ~ q(. | x_t, h_t). Rewards are 0 and every step goes on.
ExpectedCounts counts_by_encoder(const RecurrentModel& model, const std::vector<WeightedEpisode>& data);
/// Codes drawn by the model's posterior given the whole episode, as the E-step of expectation maximisation
/// draws them. Episodes that are impossible under the model count for nothing.
ExpectedCounts counts_by_posterior(const RecurrentModel& model, const std::vector<WeightedEpisode>& data);
/// Codes drawn by the posterior given the observations up to their step: a slip for the above.
ExpectedCounts counts_by_filtering(const RecurrentModel& model, const std::vector<WeightedEpisode>& data);

/// The best dynamics, decoder, reward and continue heads for the counts: relative frequencies and means. What
/// was never counted is uniform, pays 0 and goes on.
RecurrentModel with_fitted_heads(RecurrentModel model, const ExpectedCounts& counts);
/// Relative frequencies z given (x, h) as the encoder; uniform where nothing was counted.
RecurrentModel with_fitted_encoder(RecurrentModel model, const ExpectedCounts& counts);
/// q(z | x, h) proportional to p(z | h) p(x | h, z): what the model believes of a step from the past and the
/// present alone; uniform where the model excludes x.
RecurrentModel with_filtering_encoder(RecurrentModel model);
/// A round of coordinate-wise descent: heads fitted to the encoder's codes, then each row of the encoder in
/// turn made the one code of least reconstruction + weight * KL, unless the row is as good as it is.
RecurrentModel descended(const RecurrentModel& model, const std::vector<WeightedEpisode>& data,
                         const Rational& weight);

/// Sums over the steps of the data, in nats.
struct PartLosses {
  LogForm reconstruction;  ///< E -log p(x | h, z)
  LogForm divergence;      ///< E KL(q(. | x, h) || p(. | h))
  LogForm clipped;         ///< E max(free bits, KL), step by step
  LogForm continuing;      ///< E -log of the chance given to what happened
  Rational reward;         ///< E (r - r(h, z))^2
};
/// @param counts  those by the model's own encoder.
PartLosses losses_of(const RecurrentModel& model, const ExpectedCounts& counts,
                     const Rational& free_bits = 0);

/// KL(q(. | x_t, h_t) || p(. | h_t)) of each step of an episode, in expectation over h_t under the encoder.
std::vector<LogForm> divergences_of_steps(const RecurrentModel& model, const Episode& episode);

/// sum over the data of weight * -log p(x | a).
LogForm surprise_of(const RecurrentModel& model, const std::vector<WeightedEpisode>& data);

}  // namespace lemmacheck
