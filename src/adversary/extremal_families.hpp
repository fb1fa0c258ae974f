/// Families of instances that attain a bound for every distance and horizon.
#pragma once

#include "generate/instance.hpp"

namespace lemmacheck {

/// Attains the simulation lemma's B(delta, H): a state that pays 1 and stays; in M' it leaks with probability
/// delta into a state that pays 0. @param delta total variation, in [0, 1].
Instance leak_chain(const Rational& delta, Step horizon);

/// Attains min(H, 2 B(delta, H)), the largest regret of planning in a model (certainty equivalence): a root
/// whose two actions lead to two arms that stay with probability 1 - delta. The first arm pays c' and leaks
/// to a state that pays 1 in the world, to one that pays 0 in the model; the second pays c and leaks the
/// other way round. In the model the arms are worth c' (H - B) and c (H - B) + B: equal for c' - c = B / (H -
/// B), which is possible where 2 B <= H; else c' = 1 and c = 0. In the world the first is worth 2 B more (or
/// H).
///
/// M is the world, M' the model, pi takes the second arm: optimal in M', by a tie where 2 B <= H.
/// @param margin  by how much the second arm leads in the model where there would be a tie.
Instance certainty_equivalence_fork(const Rational& delta, Step horizon, const Rational& margin = 0);

/// Attains min(1 / (1 - discount), 2 B), B = sharp_discounted_bound(delta, discount), the largest regret of
/// planning in a model under a discount: a root whose two actions stay with probability 1 - delta. The first
/// pays c' and leaks to a state that pays 1 in the world, to one that pays 0 in the model; the second pays c
/// and leaks the other way round, with c' and c as in the fork above. Numbers "discount".
Instance discounted_fork(const Rational& delta, const Rational& discount);

/// The same instance with rewards mapped from [0, 1] onto [lowest, highest].
Instance rescaled(const Instance& instance, const Rational& lowest, const Rational& highest);

/// The same instance among more states, which nothing leads to, and more actions, which do what the first
/// does; at least as many as it has.
Instance padded(const Instance& instance, std::uint32_t states, std::uint32_t actions);

}  // namespace lemmacheck
