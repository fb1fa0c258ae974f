/// What a policy is judged by: the return of H steps, of an infinite discounted sum, or of H discounted
/// steps.
#pragma once

#include <optional>
#include <vector>

#include "mdp/finite_mdp.hpp"

namespace lemmacheck {

/// E[ sum_{h=1}^{H} discount^{h-1} r_h ]; without a horizon H is infinite, without a discount it is 1.
struct Criterion {
  std::optional<Step> horizon;
  std::optional<Rational> discount;

  /// @throws InvalidInput unless there is a horizon in 1..max_horizon or a discount in [0, 1), or both; with
  /// a horizon a discount of 1 is allowed.
  void require_valid() const;
};

/// V(s): what the policy earns from each state at the first step; S numbers. Without a horizon model and
/// policy are stationary. @throws InvalidInput for shapes or numbers that do not fit.
std::vector<Rational> values_of(const FiniteMdp& model, const MarkovPolicy& policy,
                                const Criterion& criterion);

/// A best policy, the lowest action where several are optimal: time-dependent under a horizon, else
/// stationary.
/// @param minimise  rewards are costs: the policy that earns least.
MarkovPolicy best_policy(const FiniteMdp& model, const Criterion& criterion, bool minimise = false);

/// E_{s ~ rho_0} values(s).
Rational mean_over_start(const FiniteMdp& model, const std::vector<Rational>& values);

/// The simulation lemma as it is printed, for rewards in [0, 1]: H (H - 1)/2 l1, eq. (15.1), or
/// discount l1/(1 - discount)^2 (Kearns and Singh, 2002). @throws InvalidInput for a horizon with a discount,
/// of which no bound is known here.
Rational simulation_bound(const Rational& l1, const Criterion& criterion);
/// The same, sharp: the supremum for rows that differ by so much in total variation.
Rational sharp_simulation_bound(const Rational& total_variation, const Criterion& criterion);

}  // namespace lemmacheck
