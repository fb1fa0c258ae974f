/// Exact planning in a learned model, with a stated rule for ties.
#pragma once

#include <array>
#include <string_view>

#include "mdp/exact_values.hpp"

namespace lemmacheck {

/// Which of the policies that are optimal in the model is taken, at each step and state:
enum class TieBreak {
  lowest,          ///< the lowest action
  highest,         ///< the highest action
  stay,            ///< the last policy's action where it is optimal, else the lowest
  for_learner,     ///< what earns most in the world
  against_learner  ///< what earns least in the world
};
inline constexpr std::array<std::string_view, 5> tie_break_names = {"lowest", "highest", "stay", "for",
                                                                    "against"};
inline constexpr std::array all_ties = {TieBreak::lowest, TieBreak::highest, TieBreak::stay,
                                        TieBreak::for_learner, TieBreak::against_learner};

struct Planned {
  MarkovPolicy policy;   ///< optimal in the model at every step and state; deterministic
  Rational model_value;  ///< J(pi, model) = max over policies
};

/// Backward induction in `model`. The world and the last policy only break ties.
Planned plan(const FiniteMdp& model, Step horizon, TieBreak ties, const FiniteMdp& world,
             const MarkovPolicy& last);

/// Among all policies that take allowed actions only, one with the highest (or lowest) return in the world:
/// the set of optimal policies of a model is such a product set, so that this breaks its ties exactly.
MarkovPolicy extreme_policy(const FiniteMdp& world, const OptimalActions& allowed, bool highest);

}  // namespace lemmacheck
