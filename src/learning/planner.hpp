/// Exact planning in a learned model, with a stated rule for ties.
#pragma once

#include "learning/rules.hpp"
#include "mdp/criterion.hpp"
#include "mdp/exact_values.hpp"

namespace lemmacheck {

struct Planned {
  MarkovPolicy policy;   ///< optimal in the model at every step and state; deterministic
  Rational model_value;  ///< J(pi, model) = max over policies
};

/// @throws InvalidInput for endless criteria if ties are not `lowest`, which is then what policy iteration
/// finds from the lowest actions, or `stay`, which is the last policy as long as it is optimal from every
/// state: their optimal policies are no product of sets of actions.
void require_ties(const Criterion& criterion, TieBreak ties);

/// Backward induction in `model`, or policy iteration without a horizon. The world and the last policy only
/// break ties.
/// @throws InvalidInput for totals without a finite optimum; and for endless criteria if ties are not
/// `lowest`, which is what policy iteration finds from the lowest actions, or `stay`, which is the last
/// policy as long as it is optimal from every state: their optimal policies are no product of sets of
/// actions.
Planned plan(const FiniteMdp& model, const Criterion& criterion, TieBreak ties, const FiniteMdp& world,
             const MarkovPolicy& last);

inline Planned plan(const FiniteMdp& model, Step horizon, TieBreak ties, const FiniteMdp& world,
                    const MarkovPolicy& last) {
  return plan(model, Criterion{.horizon = horizon}, ties, world, last);
}

/// Planning in two parts: all actions that are optimal in a model (of one step under a discount) with the
/// optimal return, and one policy of those actions. Not for endless criteria.
Optimum optimum(const FiniteMdp& model, const Criterion& criterion);
MarkovPolicy chosen(const OptimalActions& optimal, TieBreak ties, const Criterion& criterion,
                    const FiniteMdp& world, const MarkovPolicy& last);
/// The action of the highest rank at each (h, s), the lowest among equals.
/// @param ranks  for each step, or once for all, a number for each pair of the model's.
MarkovPolicy chosen_by_rank(const OptimalActions& optimal, const std::vector<Rational>& ranks);

/// Among all policies that take allowed actions only, one with the highest (or lowest) return in the world:
/// the set of optimal policies of a model is such a product set, so that this breaks its ties exactly. Under
/// a discount the allowed actions are those of one step, and so is the policy.
MarkovPolicy extreme_policy(const FiniteMdp& world, const OptimalActions& allowed, const Criterion& criterion,
                            bool highest);
inline MarkovPolicy extreme_policy(const FiniteMdp& world, const OptimalActions& allowed, bool highest) {
  return extreme_policy(world, allowed, Criterion{.horizon = allowed.horizon()}, highest);
}

}  // namespace lemmacheck
