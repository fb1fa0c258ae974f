/// The exact adversary: the lowest and the highest expected return over a set of models.
#pragma once

#include <optional>

#include "adversary/l1_ball.hpp"
#include "mdp/exact_values.hpp"

namespace lemmacheck {

/// An extreme over all time-varying models with every T'_h in the set, and the model that attains it.
struct Extreme {
  Rational value;
  /// T'_1, ..., T'_{H-1}; empty unless asked for. With H = 1 no transition counts: the ball's centre.
  std::vector<StochasticMatrix> kernels;
};

/// Robust backward induction for a policy (Iyengar, 2005; Nilim & El Ghaoui, 2005):
///     V_h(s) = sum_a pi_h(a|s) [ r(s, a) + discount min_{T' in ball} sum_{s'} T'(s'|s, a) V_{h+1}(s') ],
/// max in place of min for the highest. Exact; the inner step is greedy. Cost: that of an exact evaluation,
/// plus sorting the states once and each row's successors once a step.
/// @throws InvalidInput for shapes or horizons that do not fit, or a time-varying model.
Extreme extreme_return(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                       const UncertaintySet& set, bool lowest, bool with_kernels = false,
                       const Rational& discount = 1);

/// The policy which is best against the worst models (or, not `lowest`, with the best ones, where nature
/// helps), and the return that it is sure of:
///     V_h(s) = max_a [ r(s, a) + discount min_{T' in ball} sum_{s'} T'(s'|s, a) V_{h+1}(s') ].
struct RobustPlan {
  Rational value;
  MarkovPolicy policy;
  bool closed = true;  ///< no policy is surer of more; else nothing goes beyond `bound`, where there is one
  std::optional<Rational> bound = std::nullopt;
};
RobustPlan robust_plan(const FiniteMdp& model, Step horizon, const UncertaintySet& set,
                       const Rational& discount = 1, bool lowest = true);

/// A bracket of the extreme over stationary models in the set. Inside: a stationary model found by ascent
/// along the gradient, which for this set is a kernel again; outside: the time-varying extreme.
struct StationaryBracket {
  Rational found;  ///< attained by `kernel`
  StochasticMatrix kernel;
  Rational bound;  ///< no stationary model goes beyond
  bool closed() const { return found == bound; }
};
StationaryBracket stationary_bracket(const FiniteMdp& model, const MarkovPolicy& policy, Step horizon,
                                     const UncertaintySet& set, bool lowest);

/// The model with other kernels.
FiniteMdp with_kernels(const FiniteMdp& model, std::vector<StochasticMatrix> kernels);

}  // namespace lemmacheck
