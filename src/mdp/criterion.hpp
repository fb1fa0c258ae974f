/// What a policy is judged by: the return of H steps, of an infinite discounted sum, of H discounted steps,
/// the total until nothing is earned any more, or the average of a step for ever.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mdp/exact_values.hpp"

namespace lemmacheck {

/// E[ sum_{h=1}^{H} discount^{h-1} r_h ]; without a horizon H is infinite, without a discount it is 1. Or,
/// with neither, `endless`: the total of an infinite horizon (total.hpp), or the gain (average.hpp).
struct Criterion {
  enum class Endless { none, total, average };
  std::optional<Step> horizon;
  std::optional<Rational> discount;
  Endless endless = Endless::none;

  /// @throws InvalidInput unless there is a horizon in 1..max_horizon or a discount in [0, 1), or both, or an
  /// endless criterion alone; with a horizon a discount of 1 is allowed.
  void require_valid() const;
};

/// "H = 10", "discount 9/10", "H = 10, discount 9/10", "total" or "average".
std::string criterion_text(const Criterion& criterion);

/// V_h of a policy from V_{h+1}: E_{a ~ pi_h(s)} [ r(s, a) + discount E_{s' ~ T_h(s, a)} next(s') ].
std::vector<Rational> one_step_earlier(const FiniteMdp& model, const MarkovPolicy& policy,
                                       const Rational& discount, Step h, const std::vector<Rational>& next);

/// V(s): what the policy earns from each state at the first step; S numbers. Without a horizon model and
/// policy are stationary. @throws InvalidInput for shapes or numbers that do not fit, and for totals.
std::vector<Rational> values_of(const FiniteMdp& model, const MarkovPolicy& policy,
                                const Criterion& criterion);
/// The same, of totals as well: nothing stands at a state from which the total is not finite.
/// @throws InvalidInput likewise, and where such a state is one that rho_0 starts in.
std::vector<std::optional<Rational>> finite_values_of(const FiniteMdp& model, const MarkovPolicy& policy,
                                                      const Criterion& criterion);

/// A best policy: time-dependent under a horizon, else stationary. The lowest action where several are
/// optimal, for horizons and discounts.
/// @param minimise  rewards are costs: the policy that earns least.
MarkovPolicy best_policy(const FiniteMdp& model, const Criterion& criterion, bool minimise = false);

/// All actions that are optimal over H steps under a discount of at most 1, and the optimal return.
Optimum optimum(const FiniteMdp& model, Step horizon, const Rational& discount);

/// E_{s ~ rho_0} values(s).
Rational mean_over_start(const FiniteMdp& model, const std::vector<Rational>& values);
/// J of the policy.
Rational return_of(const FiniteMdp& model, const MarkovPolicy& policy, const Criterion& criterion);

/// The simulation lemma as it is printed, for rewards in [0, 1]: H (H - 1)/2 l1, eq. (15.1), or
/// discount l1/(1 - discount)^2 (Kearns and Singh, 2002); with both sum_{k<H} k discount^k l1, which is each
/// of them in the limit. @throws InvalidInput for endless criteria, of which no bound is known here.
Rational simulation_bound(const Rational& l1, const Criterion& criterion);
bool has_simulation_bound(const Criterion& criterion);
/// The same, sharp: the supremum for rows that differ by so much in total variation, d:
/// sum_{k<H} discount^k (1 - (1 - d)^k).
Rational sharp_simulation_bound(const Rational& total_variation, const Criterion& criterion);

}  // namespace lemmacheck
