/// Deterministic encoders of a small world, and what each objective of section 15.4 says of them, exactly.
///
/// Observations are states. Population data is what a behaviour policy gives in H steps from rho_0; every
/// loss is that of the best tables for the encoder (best decoder, best dynamics, best inverse model), in
/// nats.
#pragma once

#include <vector>

#include "mdp/finite_mdp.hpp"
#include "numeric/log_form.hpp"

namespace lemmacheck {

/// A code for each state. Codes count from 0 in the order in which they first occur.
using Encoder = std::vector<std::uint32_t>;

/// All encoders with at most `codes` codes, up to the names of codes: set partitions, the constant one first,
/// and the injective one last where it is among them.
/// @throws InvalidInput for more than 8 states.
std::vector<Encoder> every_encoder(std::uint32_t states, std::uint32_t codes);
Encoder constant_encoder(std::uint32_t states);
Encoder injective_encoder(std::uint32_t states);
std::uint32_t code_count(const Encoder& encoder);

/// The distributions that a behaviour policy gives.
class BehaviourData {
 public:
  /// @param windows  the longest window k of `inverse_loss`; at most H - 1 are used.
  /// @throws InvalidInput for shapes or a horizon that do not fit, and for time-varying models.
  BehaviourData(const FiniteMdp& world, const MarkovPolicy& behaviour, Step horizon, Step windows = 1);

  /// H(X | Z), X a state at a uniform step: the loss of the best decoder.
  LogForm reconstruction_loss(const Encoder& encoder) const;
  /// H(Z' | Z, A) over transitions: the latent consistency of the best dynamics, as KL of the (deterministic)
  /// encoding of the next state and its prediction. 0 at H = 1.
  LogForm latent_consistency(const Encoder& encoder) const;
  /// H(A_t | Z_t, Z_{t+k}): the loss of the best inverse dynamics model over k steps. 0 where H <= k.
  LogForm inverse_loss(const Encoder& encoder, Step k = 1) const;
  /// E (r - E[r | Z, A])^2 over states at a uniform step: the loss of the best reward head.
  Rational reward_loss(const Encoder& encoder) const;
  /// I(Z; F), F another code of the state.
  LogForm information(const Encoder& encoder, const Encoder& factor) const;

 private:
  struct Visit {
    std::uint32_t state, action;
    Rational chance;
  };
  struct Window {
    std::uint32_t state, action, later;
    Rational chance;
  };
  void add_windows(const MarkovPolicy& behaviour, Step k);
  /// sum over states at a uniform step.
  std::vector<Rational> state_distribution() const;

  const FiniteMdp& world_;
  Step horizon_;
  std::vector<std::vector<Rational>> occupancy_;  ///< d_h(s), h = 1..H
  std::vector<Visit> visits_;                     ///< (x, a) at a uniform step
  std::vector<std::vector<Window>> windows_;      ///< [k - 1]: (x_t, a_t, x_{t+k}), t uniform in 1..H-k
};

/// max J over the deterministic, stationary policies that see the code alone.
Rational best_return(const FiniteMdp& world, const Encoder& encoder, Step horizon);

/// The model on codes that takes the members of a code to be equally likely: rows and rewards are means.
struct LatentAverage {
  FiniteMdp model;
  Rational reward_error;  ///< max over (s, a) of |r(s, a) - r(e(s), a)|
  Rational l1_error;      ///< max over (s, a) of || e_* T(.|s, a) - T(.|e(s), a) ||_1
};
LatentAverage latent_average(const FiniteMdp& world, const Encoder& encoder);

}  // namespace lemmacheck
